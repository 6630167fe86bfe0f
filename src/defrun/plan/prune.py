"""Pass 1: keep what the fetches need."""

from __future__ import annotations

from defrun.graph.operation import Operation, Tensor


def prune(
    fetches: tuple[Tensor | Operation, ...], feeds: tuple[Tensor, ...], done: frozenset[Operation] = frozenset()
) -> set[Operation]:
    """Return the operations to run: all that the fetches depend on, by data or control, up to the fed tensors.

    Nothing waits for the operations `done`, which have run in an earlier part of a run in parts.
    """
    fed = set(feeds)
    stack = [f if isinstance(f, Operation) else f._op for f in fetches if f not in fed]
    needed: set[Operation] = set()
    while stack:
        op = stack.pop()
        if op in needed:
            continue
        needed.add(op)
        stack.extend(t._op for t in op._inputs if t not in fed)
        # As in TensorFlow a fed placeholder is there, also for those that only wait for it.
        stack.extend(
            c for c in op._control_inputs if c not in done and not (c.definition.placeholder and c.outputs[0] in fed)
        )
    return needed
