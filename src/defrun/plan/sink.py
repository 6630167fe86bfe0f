"""Move what no earlier stage needs to the stage that needs it.

An op is given the first stage that it can run in. Where a step waits for the host (for a batch, say), that leaves a
program before it that only multiplies some averages or reads some variables, whose results then cross to the program
that trains; and only the last program updates variables in place. So ops go later, as far as their consumers, the
order of effects, and their own inputs let them: an input that is computed for others in an earlier program would have
to cross in their place.
"""

from __future__ import annotations

from collections.abc import Iterable

from defrun.graph.operation import Operation, Tensor
from defrun.plan.effects import Effects, Slot
from defrun.plan.statics import Statics

Levels = dict[Operation, int]


def sink(
    order: list[Operation],
    levels: Levels,
    fed: set[Tensor],
    effects: Effects,
    statics: Statics,
    early: Iterable[Operation],
) -> Levels:
    """Return `levels`, the numbers of stages (even: on the device), with ops of the device moved to later ones."""
    if len({level for level in levels.values() if level >= 0 and level % 2 == 0}) < 2:
        return levels
    stay = {op for op in order if levels[op] < 0 or levels[op] % 2 or op.definition.initial_state is not None}
    stay.update(t._op for t in statics.fetched)
    followers = _followers(order, fed, effects, set(early))
    while True:
        later = dict(levels)
        for op in reversed(order):
            if op not in stay and followers[op]:
                later[op] = max(levels[op], _even(min(later[f] for f in followers[op])))
        held = _held_back(order, levels, later, fed)
        if not held:
            return later
        stay |= held


def _even(level: int) -> int:
    return level - level % 2


def _followers(
    order: list[Operation], fed: set[Tensor], effects: Effects, early: set[Operation]
) -> dict[Operation, list[Operation]]:
    """Return, for each op, those that must not run before it."""
    found: dict[Operation, list[Operation]] = {op: [] for op in order}
    readers: dict[Slot, list[Operation]] = {}
    writer: dict[Slot, Operation] = {}
    for op in order:
        before = {t._op for t in op._inputs if t not in fed} | set(op._control_inputs)
        reads = effects.reads.get(op, ()) if op not in early else ()
        before.update(writer[slot] for slot in reads if slot in writer)
        for slot in effects.writes.get(op, ()):
            before.update(readers.pop(slot, ()))
            before.update([writer[slot]] if slot in writer else [])
            writer[slot] = op
        for slot in reads:
            readers.setdefault(slot, []).append(op)
        for other in before:
            if other in found and other is not op:
                found[other].append(op)
    return found


def _held_back(order: list[Operation], levels: Levels, later: Levels, fed: set[Tensor]) -> set[Operation]:
    """Return the moved ops with an input that an earlier program computes, and those that take theirs."""
    held: set[Operation] = set()
    for op in order:
        if later[op] == levels[op]:
            continue
        makers = (t._op for t in op._inputs if t not in fed)
        if any(levels[m] >= 0 and levels[m] % 2 == 0 and (m in held or later[m] < later[op]) for m in makers):
            held.add(op)
    return held
