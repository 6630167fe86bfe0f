"""The classic trap: updates of variables are in the graph, but no run ever fetches them, and the loss stands still."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, user_frame
from defrun.plan.effects import Slot, slot_of

if TYPE_CHECKING:
    from defrun.session.runner import Runner

MANY_RUNS = 20


class ForgottenUpdateWarning(UserWarning):
    """A graph holds updates of variables that no run has ever fetched."""


class Watch:
    """Counts, for one session, runs that read variables whose updates never ran; warns once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.active = True
        self._ran: set[Operation] = set()

    def planned(self, runner: Runner) -> None:
        """Note the updates that are part of a plan."""
        self._ran.update(op for op in runner.plan.order if op.definition.writes)

    def ran(self, runner: Runner) -> None:
        """Look at the graph when a plan that gives a loss and only reads variables has run many times."""
        if runner.runs != MANY_RUNS or not self.graph._by_name:
            return
        plan = runner.plan
        if self.graph.losses.isdisjoint(plan.fetches):
            return
        read = {s for s in plan.reads if not s.owned}
        if not read or any(not s.owned for s in plan.writes):
            return
        forgotten = _updates_of(self.graph, read)
        if not forgotten or any(op in self._ran for op in forgotten):
            return
        self.active = False
        code, line = user_frame() or (None, 1)
        filename = "<unknown>" if code is None else code.co_filename
        warnings.warn_explicit(_text(forgotten), ForgottenUpdateWarning, filename, line)


def _updates_of(graph: Graph, slots: set[Slot]) -> list[Operation]:
    """Return the ops that give one of `slots` a new value from what the variables hold (initializers don't)."""
    found = []
    for op in graph._ops:
        if not op.definition.writes:
            continue
        target = _variable_of(op)
        if target is not None and slot_of(target) in slots and _depends_on_variable(op, target):
            found.append(op)
    return found


def _variable_of(op: Operation) -> Operation | None:
    source = op._inputs[0]._op if op._inputs else None
    while source is not None and not source.definition.variable:
        source = source._inputs[0]._op if source._inputs else None
    return source


def _depends_on_variable(op: Operation, target: Operation) -> bool:
    """Whether the new value is made from the old: an initializer's is not."""
    if op.definition.reads:
        return True
    seen: set[Operation] = set()
    stack = [t._op for t in op._inputs[1:]]
    while stack:
        current = stack.pop()
        if current is target:
            return True
        if current not in seen:
            seen.add(current)
            stack.extend(t._op for t in current._inputs)
    return False


def _text(forgotten: list[Operation]) -> str:
    lines = []
    for op in forgotten[:5]:
        frame = op.user_frame
        where = "" if frame is None else f", made at {frame.filename}:{frame.lineno}: {frame.line}"
        lines.append(f"  {op.name} ({op.type}{where})")
    more = f"\n  and {len(forgotten) - 5} more" if len(forgotten) > 5 else ""
    return (
        f"The loss has been run {MANY_RUNS} times, but its variables never change: the graph holds updates that no run "
        "has fetched. Building an update does not run it; pass it to Session.run (several in one tf.group):\n"
        + "\n".join(lines)
        + more
    )
