"""Long short-term memory."""

from __future__ import annotations

import collections
from typing import Any

from defrun.base import dtypes, logging
from defrun.graph.operation import Tensor
from defrun.keras import activation as activations
from defrun.keras import initializer as initializers
from defrun.layers.base import InputSpec
from defrun.ops.constant import constant
from defrun.ops.elementary import sigmoid
from defrun.ops.join import concat, split
from defrun.ops.limits import clip_by_value
from defrun.ops.math import add, multiply
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.ops.slicing import slice_
from defrun.rnn.cell import LayerRNNCell, activation_or_tanh, check_type, check_types, depth_of
from defrun.variables.initializers import zeros_initializer
from defrun.variables.partitioners import fixed_size_partitioner


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: what it remembers, `c`, and its last output, `h`."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The type of both; `TypeError` if they differ."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


def warn_of_concatenated_state(cell: Any) -> None:
    """Warn that a state in one tensor is the slower way."""
    logging.warn("%s: Using a concatenated state is slower and deprecated. Use state_is_tuple=True.", cell)


class BasicLSTMCell(LayerRNNCell):
    """LSTM without peepholes, clipping or projection.

    Parameters
    ----------
    num_units : int
    forget_bias : float
        Added to the forget gate.
    state_is_tuple : bool
        The state is an `LSTMStateTuple`; else one tensor [batch, 2 * units].
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
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        if not state_is_tuple:
            warn_of_concatenated_state(self)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_or_tanh(activation)
        self._kernel: Any = None
        self._bias: Any = None

    @property
    def state_size(self) -> Any:
        """The number of units, for memory and output."""
        return LSTMStateTuple(self._num_units, self._num_units) if self._state_is_tuple else 2 * self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel [depth + units, 4 * units] and the bias."""
        depth, units = depth_of(inputs_shape), self._num_units
        check_type(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + units, 4 * units])
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=zeros_initializer(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Any]:  # type: ignore[override]
        """Return the output [batch, units] and the new state."""
        check_types([inputs, state])
        one = constant(1, dtype=dtypes.int32)
        if self._state_is_tuple:
            c, h = state
        else:
            c, h = split(value=state, num_or_size_splits=2, axis=one)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=one)
        forget = constant(self._forget_bias, dtype=f.dtype)
        kept = multiply(c, sigmoid(add(f, forget)))
        new_c = add(kept, multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make such a cell again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "num_units": self._num_units,
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }


class LSTMCell(LayerRNNCell):
    """LSTM with, if asked for, peepholes, clipping and a projection of the output.

    Parameters
    ----------
    num_units : int
    use_peepholes : bool
        The gates see the memory, through diagonal weights.
    cell_clip : float, optional
        The memory is kept within ± this.
    initializer : Initializer, optional
        Of all weights but the bias.
    num_proj : int, optional
        Size of the output, by a matrix; else the number of units.
    proj_clip : float, optional
        With `num_proj`: the output is kept within ± this.
    num_unit_shards, num_proj_shards : int, optional
        In how many parts the kernels are made. A partitioner on the variable scope is the newer way.
    forget_bias : float
        Added to the forget gate.
    state_is_tuple : bool
        The state is an `LSTMStateTuple`; else one tensor.
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
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_type(self.dtype)
        if not state_is_tuple:
            warn_of_concatenated_state(self)
        if num_unit_shards is not None or num_proj_shards is not None:
            logging.warn("%s: num_unit_shards and num_proj_shards are deprecated. Use a scope's partitioner.", self)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializers.get(initializer)
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_or_tanh(activation)
        self._output_size = num_proj or num_units
        sizes = LSTMStateTuple(num_units, self._output_size)
        self._state_size: Any = sizes if state_is_tuple else sum(sizes)
        self._kernel: Any = None
        self._bias: Any = None
        self._proj_kernel: Any = None
        self._diagonals: dict[str, Any] = {}

    @property
    def state_size(self) -> Any:
        """The sizes of memory and output."""
        return self._state_size

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._output_size

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel, the bias, and what peepholes and the projection need."""
        depth, units = depth_of(inputs_shape), self._num_units
        check_type(self.dtype)
        recurrent = units if self._num_proj is None else self._num_proj
        self._kernel = self.add_variable(
            "kernel",
            shape=[depth + recurrent, 4 * units],
            initializer=self._initializer,
            partitioner=_in_parts(self._num_unit_shards),
        )
        zeros = zeros_initializer if self.dtype is None else zeros_initializer(dtype=self.dtype)
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=zeros)
        for gate in "fio" if self._use_peepholes else "":
            self._diagonals[gate] = self.add_variable(f"w_{gate}_diag", shape=[units], initializer=self._initializer)
        if self._num_proj is not None:
            self._proj_kernel = self.add_variable(
                "projection/kernel",
                shape=[units, self._num_proj],
                initializer=self._initializer,
                partitioner=_in_parts(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Any]:  # type: ignore[override]
        """Return the output [batch, output_size] and the new state."""
        check_types([inputs, state])
        if self._state_is_tuple:
            c_before, m_before = state
        else:
            c_before = slice_(state, [0, 0], [-1, self._num_units])
            m_before = slice_(state, [0, self._num_units], [-1, self._output_size])
        if inputs.shape.with_rank(2).as_list()[1] is None:
            raise ValueError(f"The depth of the inputs must be known, not {inputs.shape}")
        gates = bias_add(matmul(concat([inputs, m_before], 1), self._kernel), self._bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=1)
        if self._use_peepholes:
            diagonals = self._diagonals
            kept = sigmoid(f + self._forget_bias + diagonals["f"] * c_before) * c_before
            c = kept + sigmoid(i + diagonals["i"] * c_before) * self._activation(j)
        else:
            c = sigmoid(f + self._forget_bias) * c_before + sigmoid(i) * self._activation(j)
        c = _clipped(c, self._cell_clip)
        if self._use_peepholes:
            m = sigmoid(o + self._diagonals["o"] * c) * self._activation(c)
        else:
            m = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            m = _clipped(matmul(m, self._proj_kernel), self._proj_clip)
        return m, LSTMStateTuple(c, m) if self._state_is_tuple else concat([c, m], 1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make such a cell again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "num_units": self._num_units,
            "use_peepholes": self._use_peepholes,
            "cell_clip": self._cell_clip,
            "initializer": initializers.serialize(self._initializer),
            "num_proj": self._num_proj,
            "proj_clip": self._proj_clip,
            "num_unit_shards": self._num_unit_shards,
            "num_proj_shards": self._num_proj_shards,
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }


def _in_parts(count: int | None) -> Any:
    return None if count is None else fixed_size_partitioner(count)


def _clipped(value: Tensor, limit: float | None) -> Tensor:
    return value if limit is None else clip_by_value(value, -limit, limit)
