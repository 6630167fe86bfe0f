"""Pass 2: one order for everything, so that effects happen the same way in every run."""

from __future__ import annotations

import heapq

from defrun.base import errors
from defrun.graph.operation import Operation, Tensor


def order_effects(needed: set[Operation], feeds: tuple[Tensor, ...]) -> list[Operation]:
    """Order `needed` such that inputs and control inputs come first; of those that are free to run, reads come before
    writes, and older nodes before younger ones.

    Where the graph leaves open whether a value is read before or after a variable's update, it is read before, as
    TensorFlow mostly (but not always) does. Initializers are no updates: what depends on a variable comes after.

    Raises
    ------
    InvalidArgumentError
        If the nodes form a cycle.
    """
    fed = set(feeds)
    waits: dict[Operation, int] = {}
    followers: dict[Operation, list[Operation]] = {}
    for op in needed:
        before = {t._op for t in op._inputs if t not in fed}
        before.update(c for c in op._control_inputs if c in needed)
        before.discard(op)
        waits[op] = len(before)
        for other in before:
            followers.setdefault(other, []).append(op)
    ready = [(_updates(op), op._id, op) for op, n in waits.items() if n == 0]
    heapq.heapify(ready)
    order: list[Operation] = []
    while ready:
        _, _, op = heapq.heappop(ready)
        order.append(op)
        for other in followers.get(op, ()):
            waits[other] -= 1
            if waits[other] == 0:
                heapq.heappush(ready, (_updates(other), other._id, other))
    if len(order) < len(needed):
        stuck = sorted(needed.difference(order), key=lambda op: op._id)
        names = ", ".join(op.name for op in stuck[:5])
        raise errors.InvalidArgumentError(None, stuck[0], f"The graph has a cycle: {names} wait for each other")
    return order


def _updates(op: Operation) -> bool:
    return bool(op.definition.writes) and not op.initializes
