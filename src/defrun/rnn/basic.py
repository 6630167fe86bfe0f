"""The plain recurrent cell, and the gated one."""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Tensor
from defrun.keras import activation as activations
from defrun.keras import initializer as initializers
from defrun.layers.base import InputSpec
from defrun.ops.elementary import sigmoid
from defrun.ops.join import concat, split
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.rnn.cell import LayerRNNCell, activation_or_tanh, check_type, check_types, depth_of
from defrun.variables.initializers import constant_initializer, zeros_initializer


class BasicRNNCell(LayerRNNCell):
    """``output = state = activation([inputs, state] @ kernel + bias)``.

    Parameters
    ----------
    num_units : int
    activation : callable or name, optional
        By default tanh.
    reuse : bool, optional
        Share variables that are there already.
    name, dtype : optional
        See `RNNCell`.

    Raises
    ------
    ValueError
        If the type is not of floating point, or the inputs' depth is not known.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_or_tanh(activation)
        self._kernel: Any = None
        self._bias: Any = None

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel [depth + units, units] and the bias [units]."""
        depth = depth_of(inputs_shape)
        check_type(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + self._num_units, self._num_units])
        self._bias = self.add_variable("bias", shape=[self._num_units], initializer=zeros_initializer(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        check_types([inputs, state])
        gate = bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(gate)
        return output, output

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make such a cell again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "num_units": self._num_units,
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }


class GRUCell(LayerRNNCell):
    """Gated recurrent unit: gates say how much of the state goes into the candidate, and how much of it stays.

    Parameters
    ----------
    num_units : int
    activation : callable or name, optional
        By default tanh.
    reuse : bool, optional
        Share variables that are there already.
    kernel_initializer, bias_initializer : Initializer, optional
        By default the scope's, and ones for the gates' bias, zeros for the candidate's.
    name, dtype : optional
        See `RNNCell`.

    Raises
    ------
    ValueError
        If the type is not of floating point, or the inputs' depth is not known.
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
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_or_tanh(activation)
        self._kernel_initializer = initializers.get(kernel_initializer)
        self._bias_initializer = initializers.get(bias_initializer)
        self._gate_kernel: Any = None
        self._gate_bias: Any = None
        self._candidate_kernel: Any = None
        self._candidate_bias: Any = None

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Make kernels and biases of the gates and of the candidate."""
        depth, units = depth_of(inputs_shape), self._num_units
        check_type(self.dtype)
        own = self._bias_initializer
        self._gate_kernel = self.add_variable(
            "gates/kernel", shape=[depth + units, 2 * units], initializer=self._kernel_initializer
        )
        ones = own if own is not None else constant_initializer(1.0, dtype=self.dtype)
        self._gate_bias = self.add_variable("gates/bias", shape=[2 * units], initializer=ones)
        self._candidate_kernel = self.add_variable(
            "candidate/kernel", shape=[depth + units, units], initializer=self._kernel_initializer
        )
        zeros = own if own is not None else zeros_initializer(dtype=self.dtype)
        self._candidate_bias = self.add_variable("candidate/bias", shape=[units], initializer=zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        check_types([inputs, state])
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(value=sigmoid(gates), num_or_size_splits=2, axis=1)
        candidate = matmul(concat([inputs, r * state], 1), self._candidate_kernel)
        candidate = self._activation(bias_add(candidate, self._candidate_bias))
        output = u * state + (1 - u) * candidate
        return output, output

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make such a cell again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "num_units": self._num_units,
            "kernel_initializer": initializers.serialize(self._kernel_initializer),
            "bias_initializer": initializers.serialize(self._bias_initializer),
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }
