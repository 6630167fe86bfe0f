"""Cells of one operation each: `LSTMBlockCell`, `LSTMBlockFusedCell`, `GRUBlockCell`."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape, dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.layers.base import InputSpec, Layer
from defrun.ops.arrange import tile, transpose
from defrun.ops.array import expand_dims, shape
from defrun.ops.cast import cast
from defrun.ops.cell_blocks import block_lstm, gru_block_cell, lstm_block_cell
from defrun.ops.creation import range_, zeros
from defrun.ops.gather import gather_nd
from defrun.ops.join import concat, stack, unstack
from defrun.ops.masks import sequence_mask
from defrun.ops.reduce import reduce_max
from defrun.rnn.cell import LayerRNNCell, depth_of
from defrun.rnn.lstm import LSTMStateTuple
from defrun.variables.initializers import constant_initializer


class LSTMBlockCell(LayerRNNCell):
    """An LSTM whose step is one operation. Its gates stand in another order than `BasicLSTMCell`'s: i, f, ... as ICFO.

    Parameters
    ----------
    num_units : int
    forget_bias : float
    cell_clip : float, optional
        The memory is kept within ± this.
    use_peephole : bool
    dtype, reuse, name : optional
        See `RNNCell`.

    Raises
    ------
    ValueError
        If the inputs' depth is not known, or the state has not two parts.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: Any = None,
        reuse: Any = None,
        name: Any = "lstm_cell",
    ) -> None:
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._use_peephole = use_peephole
        self._cell_clip = cell_clip if cell_clip is not None else -1
        self._weights: _Weights | None = None
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> LSTMStateTuple:
        """The number of units, for memory and output."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Make kernel, bias and peepholes."""
        self._weights = _Weights(self, depth_of(inputs_shape), self._num_units, self._use_peephole)
        self.built = True

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, LSTMStateTuple]:  # type: ignore[override]
        """Return the output [batch, units] and the new state."""
        assert self._weights is not None
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        _, c, _, _, _, _, h = lstm_block_cell(
            inputs,
            *state,
            *self._weights.of(self.dtype),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return h, LSTMStateTuple(c, h)


class _Weights:
    """The variables of an LSTM as an operation takes them."""

    def __init__(self, layer: Layer, depth: int, units: int, peephole: bool) -> None:
        self.units = units
        self.kernel = layer.add_variable("kernel", [depth + units, units * 4])
        self.bias = layer.add_variable("bias", [units * 4], initializer=constant_initializer(0.0))
        names = ("w_i_diag", "w_f_diag", "w_o_diag") if peephole else ()
        self.peepholes = [layer.add_variable(name, [units]) for name in names]

    def of(self, dtype: Any) -> list[Any]:
        peepholes = self.peepholes or [zeros([self.units], dtype=dtype)] * 3
        return [self.kernel, *peepholes, self.bias]


class LSTMBlockWrapper(Layer):
    """Base class of LSTMs that run over whole sequences, time first. A subclass gives `num_units` and `_call_cell`."""

    @property
    def num_units(self) -> int:
        """The number of units."""
        raise NotImplementedError(f"{type(self).__name__}.num_units")

    def _call_cell(
        self, inputs: Any, initial_cell_state: Any, initial_output: Any, dtype: Any, sequence_length: Any
    ) -> tuple[Tensor, Tensor]:
        raise NotImplementedError(f"{type(self).__name__}._call_cell")

    def call(  # type: ignore[override]
        self, inputs: Any, initial_state: Any = None, dtype: Any = None, sequence_length: Any = None
    ) -> tuple[Any, LSTMStateTuple]:
        """Run over a sequence.

        Parameters
        ----------
        inputs : Tensor [time, batch, depth], or list of Tensor [batch, depth]
        initial_state : tuple (memory, output), optional
            By default zeros of `dtype`.
        dtype : DType, optional
        sequence_length : int vector [batch], optional

        Returns
        -------
        tuple
            The outputs, as the inputs are given, and the last state.

        Raises
        ------
        ValueError
            If there is neither state nor dtype, or the state has not two parts, or the depth is not known.
        """
        is_list = isinstance(inputs, list)
        if is_list:
            inputs = stack(inputs)
        steps, rows, depth = inputs.shape.with_rank(3).as_list()
        if not depth:
            raise ValueError(f"The depth of the inputs must be known, not {inputs.shape}")
        rows = shape(inputs)[1] if rows is None else rows
        steps = shape(inputs)[0] if steps is None else steps
        if initial_state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            initial_state = (zeros(stack([rows, self.num_units]), dtype=dtype),) * 2
        elif len(initial_state) != 2:
            raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
        dtype = initial_state[0].dtype if dtype is None else dtype
        if sequence_length is not None:
            sequence_length = convert_to_tensor(sequence_length)
        memory, outputs = self._call_cell(inputs, initial_state[0], initial_state[1], dtype, sequence_length)
        if sequence_length is None:
            last = LSTMStateTuple(memory[-1], outputs[-1])
        else:
            mask = transpose(sequence_mask(sequence_length, steps, dtype=dtype), [1, 0])
            outputs = outputs * tile(expand_dims(mask, [-1]), [1, 1, self.num_units])
            states = [
                concat([expand_dims(first, [0]), rest], 0)
                for first, rest in zip(initial_state, (memory, outputs), strict=True)
            ]
            last = LSTMStateTuple(*(_at_ends(values, sequence_length, rows) for values in states))
        return unstack(outputs) if is_list else outputs, last


def _at_ends(values: Tensor, lengths: Tensor, rows: Any) -> Tensor:
    return gather_nd(values, stack([lengths, range_(rows)], axis=1))


class LSTMBlockFusedCell(LSTMBlockWrapper):
    """An LSTM whose run over a whole sequence is one operation.

    Parameters
    ----------
    num_units : int
    forget_bias : float
    cell_clip : float, optional
        The memory is kept within ± this.
    use_peephole : bool
    reuse, dtype, name : optional
        See `Layer`.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: Any = None,
        dtype: Any = None,
        name: Any = "lstm_fused_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = cell_clip if cell_clip is not None else -1
        self._use_peephole = use_peephole
        self._weights: _Weights | None = None
        self.input_spec = InputSpec(ndim=3)

    @property
    def num_units(self) -> int:
        """The number of units."""
        return self._num_units

    def build(self, input_shape: Any) -> None:
        """Make kernel, bias and peepholes."""
        depth = dimension_value(TensorShape(input_shape)[2])
        self._weights = _Weights(self, depth, self._num_units, self._use_peephole)
        self.built = True

    def _call_cell(
        self, inputs: Any, initial_cell_state: Any, initial_output: Any, dtype: Any, sequence_length: Any
    ) -> tuple[Tensor, Tensor]:
        assert self._weights is not None
        steps = inputs.shape.as_list()[0]
        steps = shape(inputs)[0] if steps is None else steps
        weights = self._weights.of(dtype)
        most = steps if sequence_length is None else reduce_max(sequence_length)
        _, memory, _, _, _, _, outputs = block_lstm(
            cast(most, dtypes.int64),
            inputs,
            initial_cell_state,
            initial_output,
            *weights,
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return memory, outputs


class GRUBlockCell(LayerRNNCell):
    """A GRU whose step is one operation.

    Parameters
    ----------
    num_units : int
    cell_size : int, optional
        The old name of `num_units`.
    reuse, name : optional
        See `RNNCell`.

    Raises
    ------
    ValueError
        If neither or both of `num_units` and `cell_size` are given, or the depth is not known.
    """

    _NAMES = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(
        self, num_units: int | None = None, cell_size: int | None = None, reuse: Any = None, name: Any = "gru_cell"
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._cell_size: Any = cell_size if num_units is None else num_units
        self._weights: list[Any] = []
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._cell_size

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._cell_size

    def build(self, input_shape: Any) -> None:
        """Make the kernels and biases of the gates and of the candidate."""
        depth, units = depth_of(input_shape), self._cell_size
        gates, gates_bias, candidate, candidate_bias = self._NAMES
        w_ru = self.add_variable(gates, [depth + units, units * 2])
        b_ru = self.add_variable(gates_bias, [units * 2], initializer=constant_initializer(1.0))
        w_c = self.add_variable(candidate, [depth + units, units])
        b_c = self.add_variable(candidate_bias, [units], initializer=constant_initializer(0.0))
        self._weights = [w_ru, w_c, b_ru, b_c]
        self.built = True

    def call(self, inputs: Any, h_prev: Any) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Return the output [batch, units] twice: it is the state, too."""
        if h_prev.shape.with_rank(2).as_list()[1] != self._cell_size:
            raise ValueError(f"The state must be [batch, {self._cell_size}], not {h_prev.shape}")
        _, _, _, output = gru_block_cell(inputs, h_prev, *self._weights)
        return output, output


class GRUBlockCellV2(GRUBlockCell):
    """`GRUBlockCell` whose variables are called as `GRUCell`'s are."""

    _NAMES = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")
