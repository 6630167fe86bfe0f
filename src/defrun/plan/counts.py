"""Pass 4: a sum of segments whose number only their ids tell runs on the device, once the host has counted them.

Such an op runs on the host, since no compiled program makes arrays of a size that it doesn't know. But the size follows
from an input that the host often has: then the host finds the size alone, and the op runs on the device between its
neighbours there, which are compiled for that size anyway (`OpDef.counted`). The user's graph knows nothing of that.
"""

from __future__ import annotations

from defrun.graph.operation import Operation, Tensor
from defrun.plan.digest import Part, Stand
from defrun.plan.stages import is_given, runs_on_host


def count_on_host(order: list[Operation], feeds: tuple[Tensor, ...]) -> list[Operation]:
    """Return `order` with nodes split in two, one that counts and one that computes, where they are between others of
    the device.
    """
    if not any(op.definition.counted for op in order):
        return order
    given = set(feeds) | {t for op in order for t in op.outputs if is_given(op) or runs_on_host(op)}
    taken = {t for op in order for t in op._inputs if not runs_on_host(op)}
    return [part for op in order for part in _split(op, given, taken)]


def _split(op: Operation, given: set[Tensor], taken: set[Tensor]) -> list[Operation]:
    counted = op.definition.counted
    if counted is None or op._inputs[0] in given or op.outputs[0] not in taken:
        return [op]
    place = [arg.name for arg in op.definition.inputs].index(counted.input)
    part = Part(op, counted.part, op._inputs[place])
    return [part, Stand(op, counted.rest, [*op._inputs, part.outputs[0]])]
