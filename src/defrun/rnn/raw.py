"""`raw_rnn`: a loop over a cell; a function of the user's says what goes in, what comes out, and when to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, as_shape, dimension_at_index, dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.array import shape
from defrun.ops.compare import logical_not, logical_or
from defrun.ops.constant import constant
from defrun.ops.creation import zeros
from defrun.ops.loop import while_loop
from defrun.ops.reduce import reduce_all
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.cell import assert_like_rnncell
from defrun.rnn.shapes import joined_shape
from defrun.rnn.step import cache_reads, keep_where
from defrun.variables.scope import variable_scope


def raw_rnn(
    cell: Any,
    loop_fn: Callable[..., Any],
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Run `cell` in a loop that `loop_fn` governs.

    Parameters
    ----------
    cell : RNNCell
    loop_fn : callable
        Takes (time, output, state, loop state) after each step, and (time, None, None, None) before the first. Returns
        (which examples are finished [batch], next input, next state, what to emit, loop state). Before the first step,
        what to emit is an example of it, without the batch, or None for what the cell puts out; the loop state may be
        anything, or None.
    parallel_iterations : int, optional
    swap_memory : bool
        Both taken; a compiled loop has its own order and memory.
    scope : str or VariableScope, optional
        By default ``rnn``.

    Returns
    -------
    tuple
        What was emitted, as TensorArrays; the last state; the last loop state. For examples that are finished, zeros
        are emitted and the state stays.

    Raises
    ------
    TypeError
        If `cell` is not like a cell or `loop_fn` can't be called.
    ValueError, TypeError
        If structures change from one step to the next.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn") as opened:
        cache_reads(opened)
        loop = _Loop(cell, loop_fn)
        returned = while_loop(
            lambda time, finished, *_: logical_not(reduce_all(finished)),
            loop.step,
            loop_vars=loop.variables,
            parallel_iterations=parallel_iterations or 32,
            swap_memory=swap_memory,
        )
    emitted, state, loop_state = returned[-3:]
    return emitted, state, loop_state if loop.has_state else None


class _Loop:
    def __init__(self, cell: Any, loop_fn: Callable[..., Any]) -> None:
        self.cell, self.loop_fn = cell, loop_fn
        time = constant(0, dtype=dtypes.int32)
        finished, inputs, state, emit, loop_state = loop_fn(time, None, None, None)
        self.has_state = loop_state is not None
        if not self.has_state:
            loop_state = constant(0, dtype=dtypes.int32)
        rows, batch_size = _rows_of(nest.flatten(inputs))
        nest.assert_same_structure(state, cell.state_size)
        state = nest.map_structure(convert_to_tensor, state)
        if emit is None:
            emit = cell.output_size
            sizes = nest.flatten(emit)
            kinds = [nest.flatten(state)[0].dtype] * len(sizes)
        else:
            parts = nest.flatten(emit)
            sizes = [part.shape if part.shape.is_fully_defined() else shape(part) for part in parts]
            kinds = [part.dtype for part in parts]
        arrays = [
            TensorArray(
                dtype=kind,
                dynamic_size=True,
                element_shape=TensorShape([rows]).concatenate(_known_shape(size)),
                size=0,
                name=f"rnn_output_{i}",
            )
            for i, (kind, size) in enumerate(zip(kinds, sizes, strict=True))
        ]
        zero = [zeros(joined_shape(batch_size, size), kind) for kind, size in zip(kinds, sizes, strict=True)]
        self.zero_emit = nest.pack_sequence_as(emit, zero)
        self.variables = [time, finished, inputs, nest.pack_sequence_as(emit, arrays), state, loop_state]

    def step(self, time: Any, finished: Any, inputs: Any, arrays: Any, state: Any, loop_state: Any) -> Any:
        """Add one step of the loop."""
        output, cell_state = self.cell(inputs, state)
        nest.assert_same_structure(state, cell_state)
        nest.assert_same_structure(self.cell.output_size, output)
        next_time = time + 1
        over, next_inputs, next_state, emit, next_loop_state = self.loop_fn(next_time, output, cell_state, loop_state)
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(inputs, next_inputs)
        nest.assert_same_structure(arrays, emit)
        loop_state = loop_state if next_loop_state is None else next_loop_state

        def kept(old: Any, new: Any) -> Any:
            return nest.map_structure(lambda a, b: keep_where(finished, a, b), old, new)

        emit = kept(self.zero_emit, emit)
        next_state = kept(state, next_state)
        arrays = nest.map_structure(lambda array, value: array.write(time, value), arrays, emit)
        return next_time, logical_or(finished, over), next_inputs, arrays, next_state, loop_state


def _rows_of(inputs: list[Tensor]) -> tuple[int | None, Any]:
    """Return the batch size of the inputs as far as known, and as it is to be used."""
    rows = dimension_at_index(inputs[0].shape, 0)
    for value in inputs:
        rows = rows.merge_with(dimension_at_index(value.shape, 0))
    known = dimension_value(dimension_at_index(inputs[0].shape, 0))
    return known, shape(inputs[0])[0] if known is None else known


def _known_shape(size: Any) -> TensorShape:
    return as_shape(constant_value(size) if isinstance(size, Tensor) else size)
