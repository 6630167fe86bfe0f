"""Networks as loops of the graph: any number of steps, the same nodes."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import reverse, reverse_sequence
from defrun.ops.array import identity, shape
from defrun.ops.cast import cast
from defrun.ops.checks import Assert
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.creation import zeros
from defrun.ops.join import stack
from defrun.ops.limits import maximum, minimum
from defrun.ops.loop import while_loop
from defrun.ops.reduce import reduce_all, reduce_max, reduce_min
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.cell import assert_like_rnncell
from defrun.rnn.shapes import (
    best_effort_input_batch_size,
    joined_dims,
    joined_shape,
    state_dtype,
    transpose_batch_time,
)
from defrun.rnn.step import cache_reads, is_keras_cell, start_state, step_with_lengths
from defrun.variables.scope import variable_scope


def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Run `cell` over sequences, in a loop.

    Parameters
    ----------
    cell : RNNCell
    inputs : Tensor [batch, time, ...], or a structure of such
        With `time_major`: [time, batch, ...].
    sequence_length : int vector [batch], optional
        Number of steps of each example: after these its outputs are zero and its state stays.
    initial_state : optional
        By default zeros of `dtype`.
    dtype : DType, optional
        Of the initial state and the outputs; needed if there is no initial state.
    parallel_iterations : int, optional
    swap_memory : bool
        Both taken; a compiled loop has its own order and memory.
    time_major : bool
        Time is the first axis of inputs and outputs; spares transposing both.
    scope : str or VariableScope, optional
        By default ``rnn``.

    Returns
    -------
    tuple
        Outputs [batch, time, ...] (or time first), in the structure of the cell's outputs, and the last state.

    Raises
    ------
    TypeError
        If `cell` is not like a cell.
    ValueError
        If the inputs' depths are not known, their sizes differ, or there is neither `initial_state` nor `dtype`.
    InvalidArgumentError
        In the run, if there are not as many lengths as examples.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn") as opened:
        cache_reads(opened)
        flat_inputs = nest.flatten(inputs)
        if not time_major:
            flat_inputs = [convert_to_tensor(value) for value in flat_inputs]
            flat_inputs = [transpose_batch_time(value) for value in flat_inputs]
        lengths = None
        if sequence_length is not None:
            lengths = cast(sequence_length, dtypes.int32)
            if lengths.shape.ndims not in (None, 1):
                raise ValueError(
                    f"sequence_length must be a vector of length batch_size, but saw shape: {lengths.shape}"
                )
            lengths = identity(lengths, name="sequence_length")
        batch_size = best_effort_input_batch_size(flat_inputs)
        state = start_state(cell, initial_state, batch_size, dtype)
        if lengths is not None:
            with control_dependencies([_assert_shape(lengths, [batch_size])]):
                lengths = identity(lengths, name="CheckSeqLen")
        inputs = nest.pack_sequence_as(inputs, flat_inputs)
        loop = _Loop(cell, inputs, state, lengths, dtype)
        outputs, state = loop.run(parallel_iterations or 32, swap_memory)
        if not time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
    return outputs, state


def _assert_shape(x: Tensor, wanted: Any) -> Any:
    found, expected = shape(x), stack(wanted)
    holds = reduce_all(equal(found, expected))
    return Assert(holds, [f"Expected shape for Tensor {x.name} is ", expected, " but saw shape: ", found])


class _Loop:
    """The loop of `dynamic_rnn`, over inputs with time first."""

    def __init__(self, cell: Any, inputs: Any, state: Any, lengths: Tensor | None, dtype: Any) -> None:
        self.cell, self.inputs, self.state, self.lengths = cell, inputs, state, lengths
        flat = nest.flatten(inputs)
        sizes = nest.flatten(cell.output_size)
        self.steps = shape(flat[0])[0]
        batch_size = best_effort_input_batch_size(flat)
        self.known_steps, self.known_rows = _known_sizes(flat)
        kind = state_dtype(dtype, state)
        zero = [zeros(stack(joined_shape(batch_size, size)), kind) for size in sizes]
        self.zero_output = nest.pack_sequence_as(cell.output_size, zero)
        self.least: Any = None
        self.most: Any = self.steps
        if lengths is not None:
            self.least, self.most = reduce_min(lengths), reduce_max(lengths)
        self.time = constant(0, dtype=dtypes.int32, name="time")
        with name_scope("dynamic_rnn") as scope:
            base = scope
        self.outputs = [
            self.array(f"{base}output_{i}", TensorShape([self.known_rows]).concatenate(_known_shape(size)), kind)
            for i, size in enumerate(sizes)
        ]
        arrays = [self.array(f"{base}input_{i}", value.shape[1:], value.dtype) for i, value in enumerate(flat)]
        self.arrays = [array.unstack(value) for array, value in zip(arrays, flat, strict=True)]

    def array(self, name: str, element_shape: Any, dtype: Any) -> TensorArray:
        array = TensorArray(dtype=dtype, size=self.steps, element_shape=element_shape, tensor_array_name=name)
        return array._trust()  # the loop itself counts the places

    def run(self, parallel_iterations: int, swap_memory: bool) -> tuple[Any, Any]:
        """Add the loop; return the outputs [time, batch, ...] and the last state."""
        bound = minimum(self.steps, maximum(1, self.most))
        _, arrays, state = while_loop(
            cond=lambda time, *_: time < bound,
            body=self.step,
            loop_vars=(self.time, tuple(self.outputs), self.state),
            parallel_iterations=parallel_iterations,
            maximum_iterations=self.steps,
            swap_memory=swap_memory,
        )
        outputs = [array.stack() for array in arrays]
        for output, size in zip(outputs, nest.flatten(self.cell.output_size), strict=True):
            output.set_shape(joined_dims([self.known_steps, self.known_rows], size))
        return nest.pack_sequence_as(self.cell.output_size, outputs), state

    def step(self, time: Tensor, outputs: Any, state: Any) -> Any:
        """Add one step of the loop."""
        values = [array.read(time) for array in self.arrays]
        for value, whole in zip(values, nest.flatten(self.inputs), strict=True):
            value.set_shape(whole.shape[1:])
        inputs = nest.pack_sequence_as(self.inputs, values)
        of_keras = is_keras_cell(self.cell)
        if of_keras and not nest.is_sequence(state):
            state = [state]
        if self.lengths is None:
            output, new_state = self.cell(inputs, state)
        else:
            output, new_state = step_with_lengths(
                time,
                self.lengths,
                self.least,
                self.most,
                self.zero_output,
                state,
                lambda: self.cell(inputs, state),
                skip_conditionals=True,
            )
        if of_keras and len(new_state) == 1:
            new_state = new_state[0]
        written = tuple(a.write(time, o) for a, o in zip(outputs, nest.flatten(output), strict=True))
        return time + 1, written, new_state


def _known_sizes(flat: list[Tensor]) -> tuple[int | None, int | None]:
    """Return the number of steps and of examples as far as known; they must be the same in all inputs."""
    shapes = [value.shape.with_rank_at_least(3).as_list() for value in flat]
    steps, rows = shapes[0][:2]
    for dims in shapes:
        if None in dims[2:]:
            raise ValueError(f"The depth of the inputs (all but the first two dimensions) must be known, not {dims}")
        if dims[0] != steps:
            raise ValueError(f"The inputs differ in the number of steps: {[d[0] for d in shapes]}")
        if dims[1] != rows:
            raise ValueError(f"The inputs differ in batch size: {[d[1] for d in shapes]}")
    return steps, rows


def _known_shape(size: Any) -> TensorShape:
    return as_shape(constant_value(size) if isinstance(size, Tensor) else size)


def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Run one cell over sequences forwards and another one backwards, in loops.

    Parameters
    ----------
    cell_fw, cell_bw : RNNCell
    inputs : Tensor [batch, time, ...], or a structure of such
        With `time_major`: [time, batch, ...].
    sequence_length : int vector [batch], optional
        Each example is turned around within its own length.
    initial_state_fw, initial_state_bw : optional
    dtype, parallel_iterations, swap_memory, time_major : optional
        See `dynamic_rnn`.
    scope : str or VariableScope, optional
        By default ``bidirectional_rnn``.

    Returns
    -------
    tuple
        The outputs (forwards, backwards), both in the order of the inputs, and the last states (forwards, backwards).

    Raises
    ------
    TypeError, ValueError
        See `dynamic_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    time_axis, batch_axis = (0, 1) if time_major else (1, 0)

    def turned(value: Any) -> Tensor:
        if sequence_length is None:
            return reverse(value, axis=[time_axis])
        return reverse_sequence(input=value, seq_lengths=sequence_length, seq_axis=time_axis, batch_axis=batch_axis)

    same: Any = {
        "sequence_length": sequence_length,
        "dtype": dtype,
        "parallel_iterations": parallel_iterations,
        "swap_memory": swap_memory,
        "time_major": time_major,
    }
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as forwards:
            output_fw, state_fw = dynamic_rnn(cell_fw, inputs, initial_state=initial_state_fw, scope=forwards, **same)
        with variable_scope("bw") as backwards:
            inputs = nest.map_structure(turned, inputs)
            output, state_bw = dynamic_rnn(cell_bw, inputs, initial_state=initial_state_bw, scope=backwards, **same)
    return (output_fw, turned(output)), (state_fw, state_bw)
