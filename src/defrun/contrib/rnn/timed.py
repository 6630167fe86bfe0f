"""`PhasedLSTMCell` opens and closes in time; `CoupledInputForgetGateLSTMCell` forgets what it learns anew."""

from __future__ import annotations

import math
from typing import Any

from defrun.base import dtypes
from defrun.contrib.layers.normalization import layer_norm
from defrun.contrib.rnn.core import Linear
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, get_collection
from defrun.ops.array import stop_gradient
from defrun.ops.cast import cast
from defrun.ops.elementary import exp, log, sigmoid, tanh
from defrun.ops.join import concat, split
from defrun.ops.limits import clip_by_value
from defrun.ops.math import mod
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.ops.random import random_uniform
from defrun.ops.select import where
from defrun.ops.slicing import slice_
from defrun.rnn.cell import RNNCell, depth_of
from defrun.rnn.lstm import LSTMStateTuple, warn_of_concatenated_state
from defrun.variables.initializers import constant_initializer, random_uniform_initializer, zeros_initializer
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope

_JOINED = "concatenated_variables"


class PhasedLSTMCell(RNNCell):
    """An LSTM for events at uneven times: each unit has a period, and is open for a part of it.

    Its inputs are a tuple (time [batch, 1], inputs [batch, depth]).

    Parameters
    ----------
    num_units : int
    use_peepholes : bool
    leak : float
        How much gets through a closed unit.
    ratio_on : float
        For which part of the period a unit is open.
    trainable_ratio_on : bool
    period_init_min, period_init_max : float
        Between these the periods start, evenly in their logarithm.
    reuse : bool, optional
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        leak: float = 0.001,
        ratio_on: float = 0.1,
        trainable_ratio_on: bool = True,
        period_init_min: float = 1.0,
        period_init_max: float = 1000.0,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse, autocast=False)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._leak = leak
        self._ratio_on = ratio_on
        self._trainable_ratio_on = trainable_ratio_on
        self._periods = (period_init_min, period_init_max)
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> LSTMStateTuple:
        """The number of units, for memory and output."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def _linear(self, scope: str, args: list[Any], copies: int) -> Tensor:
        if scope not in self._linears:
            self._linears[scope] = Linear(args, copies * self._num_units, True)
        return self._linears[scope](args)

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, units] and the new state."""
        c, h = state
        time, x = inputs
        with variable_scope("mask_gates"):
            gates = sigmoid(self._linear("mask_gates", [x, h, *([c] if self._use_peepholes else [])], 2))
            i, f = split(axis=1, num_or_size_splits=2, value=gates)
        with variable_scope("new_input"):
            new = tanh(self._linear("new_input", [x, h], 1))
        new_c = c * f + i * new
        with variable_scope("output_gate"):
            o = sigmoid(self._linear("output_gate", [x, h, *([new_c] if self._use_peepholes else [])], 1))
        new_h = tanh(new_c) * o
        k = self._openness(time)
        new_c = k * new_c + (1 - k) * c
        new_h = k * new_h + (1 - k) * h
        return new_h, LSTMStateTuple(new_c, new_h)

    def _openness(self, time: Tensor) -> Tensor:
        """Return how open each unit is [batch, units]."""
        size = [self._num_units]
        period = get_variable("period", size, initializer=_even_in_logarithm(*self._periods))
        phase = get_variable("phase", size, initializer=random_uniform_initializer(0.0, period.initial_value))
        ratio_on = get_variable(
            "ratio_on", size, initializer=constant_initializer(self._ratio_on), trainable=self._trainable_ratio_on
        )
        shifted = time - cast(phase, dtype=time.dtype)
        length = cast(period, dtype=time.dtype)
        within = stop_gradient(mod(shifted, length) - shifted) + shifted
        cycle = cast(within / length, dtype=dtypes.float32)
        rising = 2 * cycle / ratio_on
        falling = 2 - rising
        k = where(cycle < ratio_on, falling, self._leak * cycle)
        return where(cycle < 0.5 * ratio_on, rising, k)


def _even_in_logarithm(least: float, most: float) -> Any:
    def initializer(shape: Any, dtype: Any = dtypes.float32, partition_info: Any = None) -> Tensor:
        return exp(random_uniform(shape, log(least), log(most), dtype))

    return initializer


class CoupledInputForgetGateLSTMCell(RNNCell):
    """LSTM in which what is new takes the place of what is forgotten: one gate for both.

    Parameters
    ----------
    num_units : int
    use_peepholes : bool
    initializer : optional
        Taken, as TensorFlow does.
    num_proj : int, optional
        Size of the output, by a matrix.
    proj_clip : float, optional
    num_unit_shards, num_proj_shards : int
        In how many parts the kernels are made.
    forget_bias : float
    state_is_tuple : bool
    activation : callable
    reuse : bool, optional
    layer_norm : bool
    norm_gain, norm_shift : float
        Where the normalization's scale and offset start.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int = 1,
        num_proj_shards: int = 1,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = tanh,
        reuse: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
    ) -> None:
        super().__init__(_reuse=reuse)
        if not state_is_tuple:
            warn_of_concatenated_state(self)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._shards = (num_unit_shards, num_proj_shards)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation
        self._layer_norm = layer_norm
        self._norms = (norm_gain, norm_shift)
        self._output_size = num_proj or num_units

    @property
    def state_size(self) -> Any:
        """The sizes of memory and output."""
        sizes = LSTMStateTuple(self._num_units, self._output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._output_size

    def _norm(self, value: Tensor, scope: str) -> Any:
        if not self._layer_norm:
            return value
        gain, shift = map(constant_initializer, self._norms)
        with variable_scope(scope):
            get_variable("gamma", shape=value.shape[-1:], initializer=gain)
            get_variable("beta", shape=value.shape[-1:], initializer=shift)
        return layer_norm(value, reuse=True, scope=scope)

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Any]:  # type: ignore[override]
        """Return the output [batch, output_size] and the new state."""
        units, width, dtype = self._num_units, self._output_size, inputs.dtype
        if self._state_is_tuple:
            c_before, m_before = state
        else:
            c_before = slice_(state, [0, 0], [-1, units])
            m_before = slice_(state, [0, units], [-1, width])
        depth = depth_of(inputs.shape.with_rank(2))
        kernel = _in_shards("W", [depth + width, 3 * units], dtype, self._shards[0])
        bias = get_variable("B", shape=[3 * units], initializer=zeros_initializer(), dtype=dtype)
        gates = matmul(concat([inputs, m_before], 1), kernel)
        if not self._layer_norm:
            gates = bias_add(gates, bias)
        parts = split(value=gates, num_or_size_splits=3, axis=1)
        j, f, o = (self._norm(part, name) for part, name in zip(parts, ("transform", "forget", "output"), strict=True))
        if self._use_peepholes:
            of_forgetting = get_variable("W_F_diag", shape=[units], dtype=dtype)
            of_output = get_variable("W_O_diag", shape=[units], dtype=dtype)
            f = sigmoid(f + self._forget_bias + of_forgetting * c_before)
        else:
            f = sigmoid(f + self._forget_bias)
        c = self._norm(f * c_before + (1 - f) * self._activation(j), "state")
        o = o + of_output * c if self._use_peepholes else o
        m = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            m = matmul(m, _in_shards("W_P", [units, self._num_proj], dtype, self._shards[1]))
            if self._proj_clip is not None:
                m = clip_by_value(m, -self._proj_clip, self._proj_clip)
        return m, LSTMStateTuple(c, m) if self._state_is_tuple else concat([c, m], 1)


def _in_shards(name: str, shape: list[int], dtype: Any, count: int) -> Any:
    """Return a variable made of `count` others, each with some of its rows."""
    rows = shape[0]
    if count > rows:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={count}")
    sizes = [math.floor(rows / count) + (i < rows % count) for i in range(count)]
    shards = [get_variable(f"{name}_{i}", [size, *shape[1:]], dtype=dtype) for i, size in enumerate(sizes)]
    if count == 1:
        return shards[0]
    whole = f"{get_variable_scope().name}/{name}/concat:0"
    for value in get_collection(_JOINED):
        if value.name == whole:
            return value
    joined = concat(shards, 0, name=f"{name}/concat")
    add_to_collection(_JOINED, joined)
    return joined
