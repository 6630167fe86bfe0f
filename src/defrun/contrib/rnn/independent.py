"""Cells whose units see each other little or not at all: `SRUCell`, `IndRNNCell`, `IndyGRUCell`, `IndyLSTMCell`."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.layers.base import InputSpec
from defrun.ops.arrange import tile
from defrun.ops.constant import constant
from defrun.ops.elementary import sigmoid, tanh
from defrun.ops.join import concat, split
from defrun.ops.math import add, multiply
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.rnn.cell import LayerRNNCell, depth_of
from defrun.rnn.lstm import LSTMStateTuple
from defrun.variables.initializers import constant_initializer, random_uniform_initializer, zeros_initializer


class _Units(LayerRNNCell):
    """A cell with as many numbers in its state and output as it has units."""

    def __init__(self, num_units: int, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation or tanh

    @property
    def state_size(self) -> Any:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def _diagonal(self, name: str, copies: int) -> Any:
        start = random_uniform_initializer(minval=-1, maxval=1, dtype=self.dtype or dtypes.float32)
        return self.add_variable(name, shape=[1, copies * self._num_units], initializer=start)


class SRUCell(_Units):
    """Simple recurrent unit: all products are of the inputs, the state only goes through gates.

    Parameters
    ----------
    num_units : int
    activation : callable, optional
        By default tanh.
    reuse, name : optional
        See `RNNCell`.
    """

    def __init__(
        self, num_units: int, activation: Any = None, reuse: Any = None, name: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(num_units, activation, _reuse=reuse, name=name, **kwargs)
        self._kernel: Any = None
        self._bias: Any = None

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel and the gates' bias."""
        depth = depth_of(inputs_shape)
        self._kernel = self.add_variable("kernel", shape=[depth, 4 * self._num_units])
        self._bias = self.add_variable("bias", shape=[2 * self._num_units], initializer=zeros_initializer)
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output and the new state, both [batch, units]."""
        new, f, r, direct = split(value=matmul(inputs, self._kernel), num_or_size_splits=4, axis=1)
        gates = sigmoid(bias_add(concat([f, r], 1), self._bias))
        f, r = split(value=gates, num_or_size_splits=2, axis=1)
        c = f * state + (1.0 - f) * new
        return r * self._activation(c) + (1.0 - r) * direct, c


class IndRNNCell(_Units):
    """Independently recurrent: each unit sees the inputs and its own state only.

    Parameters
    ----------
    num_units : int
    activation : callable, optional
        By default tanh.
    reuse, name, dtype : optional
        See `RNNCell`.
    """

    def __init__(
        self, num_units: int, activation: Any = None, reuse: Any = None, name: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(num_units, activation, _reuse=reuse, name=name, dtype=dtype)
        self._weights: tuple[Any, ...] = ()

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel of the inputs, the weights of the state, and the bias."""
        depth, units = depth_of(inputs_shape), self._num_units
        kernel = self.add_variable("kernel_w", shape=[depth, units])
        own = self._diagonal("kernel_u", 1)
        bias = self.add_variable("bias", shape=[units], initializer=zeros_initializer(dtype=self.dtype))
        self._weights = (kernel, own, bias)
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        kernel, own, bias = self._weights
        output = self._activation(bias_add(matmul(inputs, kernel) + state * own, bias))
        return output, output


class IndyGRUCell(_Units):
    """A GRU in which each unit sees the inputs and its own state only.

    Parameters
    ----------
    num_units : int
    activation : callable, optional
        By default tanh.
    reuse : bool, optional
    kernel_initializer, bias_initializer : Initializer, optional
    name, dtype : optional
        See `RNNCell`.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, _reuse=reuse, name=name, dtype=dtype)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer
        self._gates: tuple[Any, ...] = ()
        self._candidate: tuple[Any, ...] = ()

    def build(self, inputs_shape: Any) -> None:
        """Make kernels, weights of the state and biases, of gates and candidate."""
        depth = depth_of(inputs_shape)
        ones = constant_initializer(1.0, dtype=self.dtype or dtypes.float32)
        self._gates = self._part("gates", "gates/kernel_w", depth, 2, ones)
        zeros = zeros_initializer(dtype=self.dtype or dtypes.float32)
        self._candidate = self._part("candidate", "candidate/kernel", depth, 1, zeros)
        self.built = True

    def _part(self, part: str, kernel_name: str, depth: int, copies: int, bias: Any) -> tuple[Any, ...]:
        size = copies * self._num_units
        kernel = self.add_variable(kernel_name, shape=[depth, size], initializer=self._kernel_initializer)
        own = self._diagonal(f"{part}/kernel_u", copies)
        start = bias if self._bias_initializer is None else self._bias_initializer
        return kernel, own, self.add_variable(f"{part}/bias", shape=[size], initializer=start)

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        kernel, own, bias = self._gates
        gates = sigmoid(bias_add(matmul(inputs, kernel) + tile(state, [1, 2]) * own, bias))
        r, u = split(value=gates, num_or_size_splits=2, axis=1)
        kernel, own, bias = self._candidate
        candidate = self._activation(bias_add(matmul(inputs, kernel) + (r * state) * own, bias))
        output = u * state + (1 - u) * candidate
        return output, output


class IndyLSTMCell(_Units):
    """An LSTM in which each unit sees the inputs and its own state only.

    Parameters
    ----------
    num_units : int
    forget_bias : float
    activation : callable, optional
        By default tanh.
    reuse : bool, optional
    kernel_initializer, bias_initializer : Initializer, optional
    name, dtype : optional
        See `RNNCell`.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, _reuse=reuse, name=name, dtype=dtype)
        self._forget_bias = forget_bias
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer
        self._weights: tuple[Any, ...] = ()

    @property
    def state_size(self) -> LSTMStateTuple:
        """The number of units, for memory and output."""
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel of the inputs, the weights of the state, and the bias."""
        depth, units = depth_of(inputs_shape), self._num_units
        kernel = self.add_variable("kernel_w", shape=[depth, 4 * units], initializer=self._kernel_initializer)
        own = self._diagonal("kernel_u", 4)
        zeros = zeros_initializer(dtype=self.dtype or dtypes.float32)
        start = zeros if self._bias_initializer is None else self._bias_initializer
        self._weights = (kernel, own, self.add_variable("bias", shape=[4 * units], initializer=start))
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, units] and the new state."""
        kernel, own, bias = self._weights
        one = constant(1, dtype=dtypes.int32)
        c, h = state
        gates = matmul(inputs, kernel)
        gates = bias_add(gates + tile(h, [1, 4]) * own, bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=one)
        forget = constant(self._forget_bias, dtype=f.dtype)
        kept = multiply(c, sigmoid(add(f, forget)))
        new_c = add(kept, multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h)
