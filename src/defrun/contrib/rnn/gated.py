"""Cells with gates of other forms: layer normalization, update gates, found by search, highways, over images."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, logging, nest
from defrun.base.shapes import TensorShape
from defrun.contrib.layers.normalization import layer_norm
from defrun.contrib.rnn.core import Linear
from defrun.graph.operation import Tensor
from defrun.ops.activation import relu
from defrun.ops.conv import conv2d, conv3d
from defrun.ops.convolution import conv1d
from defrun.ops.elementary import sigmoid, tanh
from defrun.ops.join import concat, split
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add, dropout, xw_plus_b
from defrun.rnn.cell import LayerRNNCell, RNNCell, depth_of
from defrun.rnn.lstm import LSTMStateTuple
from defrun.rnn.wrappers import AroundCell, assert_alike
from defrun.variables.initializers import constant_initializer, zeros_initializer
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope


def _depth(inputs: Tensor) -> int:
    return depth_of(inputs.shape.with_rank(2))


class LayerNormBasicLSTMCell(RNNCell):
    """LSTM with layer normalization of gates and memory, and dropout of what is new to the memory.

    Parameters
    ----------
    num_units : int
    forget_bias : float
    input_size : optional
        Not used any more.
    activation : callable
    layer_norm : bool
    norm_gain, norm_shift : float
        Where the normalization's scale and offset start.
    dropout_keep_prob : float or Tensor []
    dropout_prob_seed : int, optional
    reuse : bool, optional
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        input_size: Any = None,
        activation: Any = tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: Any = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        if input_size is not None:
            logging.warn("%s: The input_size parameter is deprecated.", self)
        self._num_units = num_units
        self._activation = activation
        self._forget_bias = forget_bias
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    @property
    def state_size(self) -> LSTMStateTuple:
        """The number of units, for memory and output."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def _norm(self, value: Tensor, scope: str, dtype: Any = dtypes.float32) -> Any:
        if not self._layer_norm:
            return value
        gain, shift = constant_initializer(self._norm_gain), constant_initializer(self._norm_shift)
        with variable_scope(scope):
            get_variable("gamma", shape=value.shape[-1:], initializer=gain, dtype=dtype)
            get_variable("beta", shape=value.shape[-1:], initializer=shift, dtype=dtype)
        return layer_norm(value, reuse=True, scope=scope)

    def _gates(self, args: Tensor) -> Tensor:
        kernel = get_variable("kernel", [_depth(args), 4 * self._num_units], dtype=args.dtype)
        product = matmul(args, kernel)
        if self._layer_norm:
            return product
        return bias_add(product, get_variable("bias", [4 * self._num_units], dtype=args.dtype))

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, units] and the new state."""
        c, h = state
        args = concat([inputs, h], 1)
        parts = split(value=self._gates(args), num_or_size_splits=4, axis=1)
        names = ("input", "transform", "forget", "output")
        i, j, f, o = (self._norm(part, name, args.dtype) for part, name in zip(parts, names, strict=True))
        new = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            new = dropout(new, self._keep_prob, seed=self._seed)
        new_c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * new
        new_c = self._norm(new_c, "state", args.dtype)
        new_h = self._activation(new_c) * sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)


class UGRNNCell(RNNCell):
    """Update gate network: one gate says how much of the state stays.

    Parameters
    ----------
    num_units : int
    initializer : Initializer, optional
    forget_bias : float
    activation : callable
    reuse : bool, optional
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        forget_bias: float = 1.0,
        activation: Any = tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation
        self._linear: Linear | None = None

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        _depth(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            args = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(args, 2 * self._num_units, True)
            gate, new = split(axis=1, num_or_size_splits=2, value=self._linear(args))
            new = self._activation(new)
            gate = sigmoid(gate + self._forget_bias)
            output = gate * state + (1.0 - gate) * new
        return output, output


class IntersectionRNNCell(RNNCell):
    """Two outputs through gates: one goes on in time, the other one, which needs inputs as wide, in depth.

    Parameters
    ----------
    num_units : int
    num_in_proj : int, optional
        Project inputs that are not `num_units` wide.
    initializer : Initializer, optional
    forget_bias : float
    y_activation : callable
    reuse : bool, optional

    Raises
    ------
    ValueError
        When called: if the inputs are not as wide and not projected.
    """

    def __init__(
        self,
        num_units: int,
        num_in_proj: int | None = None,
        initializer: Any = None,
        forget_bias: float = 1.0,
        y_activation: Any = relu,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._num_input_proj = num_in_proj
        self._y_activation = y_activation
        self._linear1: Linear | None = None
        self._linear2: Linear | None = None

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output and the new state, both [batch, units]."""
        units = self._num_units
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            if _depth(inputs) != units:
                if not self._num_input_proj:
                    raise ValueError("The inputs must be as wide as the outputs. To project them, set num_in_proj.")
                with variable_scope("in_projection"):
                    if self._linear1 is None:
                        self._linear1 = Linear(inputs, units, True)
                    inputs = self._linear1(inputs)
            args = concat([inputs, state], 1)
            if self._linear2 is None:
                self._linear2 = Linear(args, 4 * units, True)
            whole = self._linear2(args)
            gate_h, h, gate_y, y = (whole[:, k * units : (k + 1) * units] for k in range(4))
            h, y = tanh(h), self._y_activation(y)
            gate_h = sigmoid(gate_h + self._forget_bias)
            gate_y = sigmoid(gate_y + self._forget_bias)
            new_state = gate_h * state + (1.0 - gate_h) * h
            output = gate_y * inputs + (1.0 - gate_y) * y
        return output, new_state


class NASCell(LayerRNNCell):
    """The cell that neural architecture search found.

    Parameters
    ----------
    num_units : int
    num_proj : int, optional
        Size of the output, by a matrix.
    use_bias : bool
    reuse : bool, optional
    """

    def __init__(
        self, num_units: int, num_proj: int | None = None, use_bias: bool = False, reuse: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj
        self._use_bias = use_bias
        self._width = num_units if num_proj is None else num_proj
        self.recurrent_kernel: Any = None
        self.kernel: Any = None
        self.bias: Any = None
        self.projection_weights: Any = None

    @property
    def state_size(self) -> LSTMStateTuple:
        """The sizes of memory and output."""
        return LSTMStateTuple(self._num_units, self._width)

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._width

    def build(self, inputs_shape: Any) -> None:
        """Make the kernels, and what else is asked for."""
        size = 8 * self._num_units
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self._width, size])
        self.kernel = self.add_variable("kernel", [depth_of(inputs_shape), size])
        if self._use_bias:
            self.bias = self.add_variable("bias", shape=[size], initializer=zeros_initializer)
        if self._num_proj is not None:
            self.projection_weights = self.add_variable("projection_weights", [self._num_units, self._num_proj])
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, output_size] and the new state."""
        c, m = state
        recurrent, direct = matmul(m, self.recurrent_kernel), matmul(inputs, self.kernel)
        if self._use_bias:
            recurrent = bias_add(recurrent, self.bias)
        a = split(axis=1, num_or_size_splits=8, value=recurrent)
        b = split(axis=1, num_or_size_splits=8, value=direct)
        kinds = (sigmoid, relu, sigmoid, relu, tanh, sigmoid, tanh, sigmoid)
        first = [kind(y * x if k == 3 else y + x) for k, (kind, x, y) in enumerate(zip(kinds, a, b, strict=True))]
        top = tanh(first[0] * first[1])
        second = tanh(first[2] + first[3])
        third = tanh(first[4] * first[5])
        fourth = sigmoid(first[6] + first[7])
        new_c = tanh(top + c) * second
        new_m = tanh(new_c * tanh(third + fourth))
        if self._num_proj is not None:
            new_m = matmul(new_m, self.projection_weights)
        return new_m, LSTMStateTuple(new_c, new_m)


class HighwayWrapper(AroundCell):
    """Carries inputs past a cell, by as much as a gate says.

    Parameters
    ----------
    cell : RNNCell
    couple_carry_transform_gates : bool
        What is not carried is what the cell gives; else that has a gate of its own.
    carry_bias_init : float
        Where the gate's bias starts.
    """

    def __init__(self, cell: Any, couple_carry_transform_gates: bool = True, carry_bias_init: float = 1.0) -> None:
        self._cell = cell
        self._couple_carry_transform_gates = couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> tuple[Any, Any]:
        """Run one step; see `RNNCell`."""
        outputs, new_state = self._cell(inputs, state, scope=scope)
        assert_alike(inputs, outputs)
        return nest.map_structure(self._highway, inputs, outputs), new_state

    def _gate(self, name: str, inputs: Tensor, bias: float) -> Tensor:
        size = _depth(inputs)
        weights = get_variable(f"{name}_w", [size, size])
        start = get_variable(f"{name}_b", [size], initializer=constant_initializer(bias))
        return sigmoid(xw_plus_b(inputs, weights, start))

    def _highway(self, inputs: Tensor, outputs: Tensor) -> Tensor:
        carry = self._gate("carry", inputs, self._carry_bias_init)
        if self._couple_carry_transform_gates:
            transform = 1 - carry
        else:
            transform = self._gate("transform", inputs, -self._carry_bias_init)
        return inputs * carry + outputs * transform


class ConvLSTMCell(RNNCell):
    """An LSTM over signals, images or volumes, with convolutions for products.

    Parameters
    ----------
    conv_ndims : int
        1, 2 or 3.
    input_shape : list of int
        Of an input without the batch, channels last.
    output_channels : int
    kernel_shape : list of int
    use_bias : bool
    skip_connection : bool
        Append the inputs to the outputs.
    forget_bias : float
    initializers : optional
        Taken, as TensorFlow does.
    name : str

    Raises
    ------
    ValueError
        If `input_shape` doesn't fit `conv_ndims`.
    """

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Any,
        output_channels: int,
        kernel_shape: Any,
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: float = 1.0,
        initializers: Any = None,
        name: str = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._conv_ndims = conv_ndims
        self._output_channels = output_channels
        self._kernel_shape = list(kernel_shape)
        self._use_bias = use_bias
        self._forget_bias = forget_bias
        self._skip_connection = skip_connection
        self._place = list(input_shape[:-1])
        self._all_channels = output_channels + (input_shape[-1] if skip_connection else 0)

    @property
    def state_size(self) -> LSTMStateTuple:
        """The shape of an output without a skip connection, twice."""
        size = TensorShape([*self._place, self._output_channels])
        return LSTMStateTuple(size, size)

    @property
    def output_size(self) -> TensorShape:
        """The shape of an output, without the batch."""
        return TensorShape([*self._place, self._all_channels])

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, ...output_size] and the new state."""
        cell, hidden = state
        gates = self._convolve(inputs, hidden)
        i, new, f, o = split(value=gates, num_or_size_splits=4, axis=self._conv_ndims + 1)
        new_cell = sigmoid(f + self._forget_bias) * cell
        new_cell = new_cell + sigmoid(i) * tanh(new)
        output = tanh(new_cell) * sigmoid(o)
        if self._skip_connection:
            output = concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(new_cell, output)

    def _convolve(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        depth = depth_of(inputs.shape) + depth_of(hidden.shape)
        features = 4 * self._output_channels
        kernel = get_variable("kernel", [*self._kernel_shape, depth, features], dtype=inputs.dtype)
        joined = concat([inputs, hidden], axis=self._conv_ndims + 1)
        if self._conv_ndims == 1:
            found = conv1d(joined, kernel, 1, padding="SAME")
        else:
            convolve = conv2d if self._conv_ndims == 2 else conv3d
            found = convolve(joined, kernel, [1] * (self._conv_ndims + 2), padding="SAME")
        if not self._use_bias:
            return found
        zeros = constant_initializer(0.0, dtype=inputs.dtype)
        return found + get_variable("biases", [features], dtype=inputs.dtype, initializer=zeros)


class Conv1DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` over signals."""

    def __init__(self, name: str = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` over images."""

    def __init__(self, name: str = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` over volumes."""

    def __init__(self, name: str = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=3, name=name, **kwargs)
