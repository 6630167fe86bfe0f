"""`AttentionCellWrapper`: a cell that looks back at its own last outputs."""

from __future__ import annotations

from typing import Any

from defrun.base import logging, nest
from defrun.contrib.rnn.core import Linear
from defrun.graph.operation import Tensor
from defrun.ops.array import expand_dims, reshape
from defrun.ops.conv import conv2d
from defrun.ops.elementary import tanh
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_sum
from defrun.ops.slicing import slice_
from defrun.ops.softmax import softmax
from defrun.rnn.cell import RNNCell, assert_like_rnncell
from defrun.variables.scope import get_variable, variable_scope


class AttentionCellWrapper(RNNCell):
    """Adds attention over the last outputs to a cell.

    Parameters
    ----------
    cell : RNNCell
    attn_length : int
        How many outputs it looks back at.
    attn_size, attn_vec_size : int, optional
        Sizes of what is attended to and of the space where it is compared; by default the cell's output size.
    input_size : int, optional
        Size of the cell's inputs, mixed from input and attention; by default that of the inputs.
    state_is_tuple : bool
        The state is (the cell's, attention, last outputs); else one tensor.
    reuse : bool, optional

    Raises
    ------
    TypeError, ValueError
        If `cell` is not like a cell, its state is a tuple without `state_is_tuple`, or the length is not positive.
    """

    def __init__(
        self,
        cell: Any,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if nest.is_sequence(cell.state_size) and not state_is_tuple:
            raise ValueError(f"The cell returns a tuple of states, but state_is_tuple is not set: {cell.state_size}")
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        if not state_is_tuple:
            logging.warn("%s: Using a concatenated state is slower and deprecated. Use state_is_tuple=True.", self)
        self._state_is_tuple = state_is_tuple
        self._cell = cell
        self._attn_size: int = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = self._attn_size if attn_vec_size is None else attn_vec_size
        self._input_size = input_size
        self._attn_length = attn_length
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        """The sizes of the cell's state, of the attention and of the last outputs."""
        size = (self._cell.state_size, self._attn_size, self._attn_size * self._attn_length)
        return size if self._state_is_tuple else sum(size)

    @property
    def output_size(self) -> int:
        """The size of the attention."""
        return self._attn_size

    def _linear(self, name: str, args: Any, size: Any) -> Tensor:
        if name not in self._linears:
            self._linears[name] = Linear(args, size, True)
        return self._linears[name](args)

    def call(self, inputs: Any, state: Any) -> tuple[Tensor, Any]:  # type: ignore[override]
        """Return the output [batch, attn_size] and the new state."""
        size, length = self._attn_size, self._attn_length
        if self._state_is_tuple:
            own, attention, last = state
        else:
            width = self._cell.state_size
            own = slice_(state, [0, 0], [-1, width])
            attention = slice_(state, [0, width], [-1, size])
            last = slice_(state, [0, width + size], [-1, size * length])
        last = reshape(last, [-1, length, size])
        input_size = self._input_size
        if input_size is None:
            input_size = inputs.shape.as_list()[1]
        inputs = self._linear("inputs", [inputs, attention], input_size)
        cell_output, new_own = self._cell(inputs, own)
        query = concat(nest.flatten(new_own), 1) if self._state_is_tuple else new_own
        attention, last = self._attend(query, last)
        with variable_scope("attn_output_projection"):
            output = self._linear("output", [cell_output, attention], size)
        last = reshape(concat([last, expand_dims(output, 1)], 1), [-1, length * size])
        new_state = (new_own, attention, last)
        return output, new_state if self._state_is_tuple else concat(list(new_state), 1)

    def _attend(self, query: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """Return a mean of the last outputs, weighted by how they fit `query`, and all of them but the oldest."""
        size, length, width = self._attn_size, self._attn_length, self._attn_vec_size
        with variable_scope("attention"):
            k = get_variable("attn_w", [1, 1, size, width])
            v = get_variable("attn_v", [width])
            hidden = reshape(last, [-1, length, 1, size])
            features = conv2d(hidden, k, [1, 1, 1, 1], "SAME")
            y = reshape(self._linear("query", query, width), [-1, 1, 1, width])
            weights = softmax(reduce_sum(v * tanh(features + y), [2, 3]))
            mean = reduce_sum(reshape(weights, [-1, length, 1, 1]) * hidden, [1, 2])
            return reshape(mean, [-1, size]), slice_(last, [0, 1, 0], [-1, -1, -1])
