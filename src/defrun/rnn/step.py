"""What unrolled networks and those in loops share: one step for sequences of different lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import nest
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with
from defrun.layers.base import Layer
from defrun.ops.control import cond
from defrun.ops.select import where
from defrun.rnn.cell import RNNCell


def cache_reads(scope: Any) -> None:
    """Let variables of `scope` be read once for all steps, where they are used."""
    if scope.caching_device is None and not get_default_graph().building_function:
        scope.set_caching_device(lambda op: op.device)


def is_keras_cell(cell: Any) -> bool:
    """Whether `cell` is one of Keras's, whose states are lists."""
    return isinstance(cell, Layer) and not isinstance(cell, RNNCell) and getattr(cell, "zero_state", None) is None


def start_state(cell: Any, initial_state: Any, batch_size: Any, dtype: Any) -> Any:
    """Return `initial_state`, or what the cell starts from."""
    if initial_state is not None:
        return initial_state
    if not dtype:
        raise ValueError("If there is no initial_state, you must give a dtype.")
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def step_with_lengths(
    time: Any,
    sequence_length: Tensor,
    min_sequence_length: Any,
    max_sequence_length: Any,
    zero_output: Any,
    state: Any,
    call_cell: Callable[[], tuple[Any, Any]],
    skip_conditionals: bool = False,
) -> tuple[Any, Any]:
    """Run a step; examples that are over give zeros and keep their state.

    Unless `skip_conditionals`, the cell is not run at all when all examples are over.

    Raises
    ------
    TypeError, ValueError
        If the cell returns an output or a state of another structure than `zero_output` and `state`.
    """
    old = [*nest.flatten(zero_output), *nest.flatten(state)]
    over = time >= sequence_length

    def called() -> list[Any]:
        output, new_state = call_cell()
        nest.assert_same_structure(zero_output, output)
        nest.assert_same_structure(state, new_state)
        return [*nest.flatten(output), *nest.flatten(new_state)]

    def kept(new: list[Any]) -> list[Any]:
        return [keep_where(over, before, after) for before, after in zip(old, new, strict=True)]

    def called_and_kept() -> Any:
        new = called()
        return cond(time < min_sequence_length, lambda: new, lambda: kept(new))

    if skip_conditionals:
        final = kept(called())
    else:
        final = cond(time >= max_sequence_length, lambda: old, called_and_kept, strict=True)
    for before, after in zip(old, final, strict=True):
        if isinstance(after, Tensor):
            after.set_shape(before.shape)
    count = len(nest.flatten(zero_output))
    return nest.pack_sequence_as(zero_output, final[:count]), nest.pack_sequence_as(state, final[count:])


def keep_where(over: Tensor, old: Any, new: Any) -> Any:
    """Return `old` for the examples that are over, and `new` for the others; `new` where there are no examples."""
    if not isinstance(old, Tensor) or old.shape.ndims == 0:
        return new
    with colocate_with(new):
        return where(over, old, new)
