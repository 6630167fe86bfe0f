"""Networks unrolled in the graph: a copy of the cell for each step."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import dimension_value, unknown_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies
from defrun.ops.arrange import reverse_sequence
from defrun.ops.array import identity, shape
from defrun.ops.cast import cast
from defrun.ops.creation import zeros
from defrun.ops.join import concat, stack, unstack
from defrun.ops.reduce import reduce_max, reduce_min
from defrun.rnn.cell import assert_like_rnncell
from defrun.rnn.shapes import joined_dims, joined_shape, state_dtype
from defrun.rnn.step import cache_reads, is_keras_cell, start_state, step_with_lengths
from defrun.variables.scope import variable_scope


def static_rnn(
    cell: Any, inputs: Any, initial_state: Any = None, dtype: Any = None, sequence_length: Any = None, scope: Any = None
) -> tuple[list[Any], Any]:
    """Run `cell` over a list of inputs, one node by node for each step.

    Parameters
    ----------
    cell : RNNCell
    inputs : list of Tensor [batch, depth], or of structures of such
        One for each step.
    initial_state : optional
        By default zeros of `dtype`.
    dtype : DType, optional
        Of the initial state; needed if that is not given.
    sequence_length : int vector [batch], optional
        Number of steps of each example: after these its outputs are zero and its state stays.
    scope : str or VariableScope, optional
        By default ``rnn``.

    Returns
    -------
    tuple
        The list of outputs, and the last state.

    Raises
    ------
    TypeError
        If `cell` is not like a cell, or `inputs` not a list.
    ValueError
        If there are no inputs, their depth is not known, or neither `initial_state` nor `dtype` is given.
    """
    assert_like_rnncell("cell", cell)
    _check_inputs(inputs)
    with variable_scope(scope or "rnn") as opened:
        cache_reads(opened)
        first = nest.flatten(inputs)[0]
        rows = _rows_of(inputs, first)
        batch_size = rows or shape(first)[0]
        state = start_state(cell, initial_state, batch_size, dtype)
        lengths = None
        if sequence_length is not None:
            lengths = _Lengths(cell, sequence_length, rows, batch_size, state_dtype_of(dtype, state))
        of_keras = is_keras_cell(cell)
        if of_keras and not nest.is_sequence(state):
            state = [state]
        outputs = []
        for time, step_inputs in enumerate(inputs):
            if time > 0:
                opened.reuse_variables()
            if lengths is None:
                output, state = cell(step_inputs, state)
            else:
                output, state = lengths.step(time, step_inputs, state)
            outputs.append(output)
        if of_keras and len(state) == 1:
            state = state[0]
    return outputs, state


def state_dtype_of(dtype: Any, state: Any) -> Any:
    """Return the type of zero outputs, found when they are made."""
    return lambda: state_dtype(dtype, state)


class _Lengths:
    """Steps of a cell for examples of different lengths."""

    def __init__(self, cell: Any, sequence_length: Any, rows: int | None, batch_size: Any, kind: Any) -> None:
        lengths = convert_to_tensor(sequence_length, name="sequence_length")
        if lengths.shape.ndims not in (None, 1):
            raise ValueError("sequence_length must be a vector of length batch_size")

        def zero_output(size: Any) -> Tensor:
            made = zeros(stack(joined_shape(batch_size, size)), kind())
            made.set_shape(joined_dims(rows, size))
            return made

        self.cell = cell
        self.zero_output = nest.map_structure(zero_output, cell.output_size)
        self.lengths = cast(lengths, dtypes.int32)
        self.least = reduce_min(self.lengths)
        self.most = reduce_max(self.lengths)

    def step(self, time: int, inputs: Any, state: Any) -> tuple[Any, Any]:
        return step_with_lengths(
            time, self.lengths, self.least, self.most, self.zero_output, state, lambda: self.cell(inputs, state)
        )


def _check_inputs(inputs: Any) -> None:
    if not nest.is_sequence(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")


def _rows_of(inputs: Any, first: Tensor) -> int | None:
    """Return the batch size as far as the inputs tell."""
    if first.shape.ndims == 1:
        return dimension_value(first.shape.with_rank_at_least(1)[0])
    rows = first.shape.with_rank_at_least(2)[0]
    for value in nest.flatten(inputs):
        dims = value.shape.with_rank_at_least(2)
        rows = rows.merge_with(dims[0])
        if None in dims.as_list()[1:]:
            raise ValueError(f"Input size (all dimensions but the first) must be known, not {dims}")
    return dimension_value(first.shape[0])


def static_state_saving_rnn(
    cell: Any, inputs: Any, state_saver: Any, state_name: Any, sequence_length: Any = None, scope: Any = None
) -> tuple[list[Any], Any]:
    """`static_rnn` that starts from a saved state and saves its last one.

    Parameters
    ----------
    cell : RNNCell
    inputs : list of Tensor [batch, depth]
    state_saver : object
        With methods `state(name)` and `save_state(name, value)`.
    state_name : str, or a tuple of them
        As `cell.state_size` is one.
    sequence_length, scope : optional
        See `static_rnn`.

    Returns
    -------
    tuple
        The list of outputs, and the last state. Who uses these saves the state.

    Raises
    ------
    ValueError
        If `state_name` is not of the structure of `cell.state_size`; else see `static_rnn`.
    """
    sizes, names = cell.state_size, state_name
    if nest.is_sequence(sizes) != nest.is_sequence(names):
        raise ValueError(f"state_name should be the same type as cell.state_size: {names}, {sizes}")
    flat_names = nest.flatten(names)
    if len(flat_names) != len(nest.flatten(sizes)):
        raise ValueError(f"There are {len(flat_names)} state names for {len(nest.flatten(sizes))} states")
    initial = nest.pack_sequence_as(sizes, [state_saver.state(name) for name in flat_names])
    outputs, state = static_rnn(cell, inputs, initial_state=initial, sequence_length=sequence_length, scope=scope)
    flat_state = nest.flatten(state)
    saved = [state_saver.save_state(name, part) for name, part in zip(flat_names, flat_state, strict=True)]
    with control_dependencies(saved):
        outputs[-1] = nest.map_structure(identity, outputs[-1])
        state = nest.pack_sequence_as(state, [identity(part) for part in flat_state])
    return outputs, state


def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any, Any]:
    """Run one cell over a list of inputs forwards and another one backwards.

    Parameters
    ----------
    cell_fw, cell_bw : RNNCell
    inputs : list of Tensor [batch, depth]
    initial_state_fw, initial_state_bw : optional
    dtype, sequence_length : optional
        See `static_rnn`.
    scope : str or VariableScope, optional
        By default ``bidirectional_rnn``.

    Returns
    -------
    tuple
        The list of outputs [batch, forward size + backward size], and both last states.

    Raises
    ------
    TypeError, ValueError
        See `static_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    _check_inputs(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as forwards:
            output_fw, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=forwards)
        with variable_scope("bw") as backwards:
            turned = _reversed(inputs, sequence_length)
            output, state_bw = static_rnn(cell_bw, turned, initial_state_bw, dtype, sequence_length, scope=backwards)
    output_bw = _reversed(output, sequence_length)
    pairs = zip(nest.flatten(output_fw), nest.flatten(output_bw), strict=True)
    outputs = nest.pack_sequence_as(output_fw, [concat([fw, bw], 1) for fw, bw in pairs])
    return outputs, state_fw, state_bw


def _reversed(inputs: Any, lengths: Any) -> list[Any]:
    """Turn a list of steps around, each example's own steps only."""
    if lengths is None:
        return list(reversed(inputs))
    results: list[list[Any]] = [[] for _ in inputs]
    for steps in zip(*map(nest.flatten, inputs), strict=True):
        known = unknown_shape(rank=steps[0].shape.ndims)
        for value in steps:
            known.merge_with(value.shape)
            value.set_shape(known)
        for result, value in zip(results, unstack(reverse_sequence(stack(steps), lengths, 0, 1)), strict=True):
            value.set_shape(known)
            result.append(value)
    return [nest.pack_sequence_as(like, flat) for like, flat in zip(inputs, results, strict=True)]
