"""Pass 7: cut the order into stages, host and device in turn, as few as possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from defrun.base import dtypes
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.effects import Effects, Slot
from defrun.plan.functions import function_order, static_inputs, subgraphs
from defrun.plan.padding import Padding
from defrun.plan.sink import sink
from defrun.plan.statics import Statics

_HOST_TYPES = frozenset((dtypes.string, dtypes.variant))


@dataclass(frozen=True)
class Stage:
    """Nodes that run together: on the device as one compiled program, or on the host one by one."""

    device: bool
    ops: tuple[Operation, ...]
    inputs: tuple[Tensor, ...]
    """Fed tensors and results of earlier stages that it takes as arrays."""
    known: tuple[Tensor, ...]
    """Those of which it needs the values when it is compiled."""
    outputs: tuple[Tensor, ...]
    """Results that later stages or fetches need."""
    refers: tuple[tuple[Tensor, Slot], ...]
    """Inputs that stand for a variable, by an op of an earlier stage."""
    reads: tuple[Slot, ...]
    """Variables that it reads only."""
    writes: tuple[Slot, ...]
    folded: frozenset[Operation]
    early: frozenset[Operation]
    """Ops on the host that see variables as they were before the run."""
    padded: frozenset[Tensor]
    """Tensors with more rows than they should have."""
    last: bool
    """No stage follows, so variables may be updated in place."""


@dataclass(frozen=True)
class Plan:
    """How a run of `fetches` with `feeds` goes. Frozen; made once for each such pair."""

    graph: Graph
    fetches: tuple[Tensor | Operation, ...]
    feeds: tuple[Tensor, ...]
    order: tuple[Operation, ...]
    stages: tuple[Stage, ...]
    effects: Effects = field(repr=False)
    statics: Statics = field(repr=False)

    @property
    def reads(self) -> set[Slot]:
        """All variables that a run reads."""
        return {slot for slots in self.effects.reads.values() for slot in slots}

    @property
    def writes(self) -> set[Slot]:
        """All variables that a run writes."""
        return {slot for slots in self.effects.writes.values() for slot in slots}


def runs_on_host(op: Operation) -> bool:
    """Whether `op` handles values that no device holds."""
    if op.definition.host or op.host_reason or (op.definition.host_where is not None and op.definition.host_where(op)):
        return True
    if any(runs_on_host(inner) for graph in subgraphs(op) for inner in function_order(graph)):
        return True
    if is_given(op):
        return False
    handled = (*(t for t in op._inputs if not is_given(t._op)), *op.outputs)
    return any(_kept_type(t) in _HOST_TYPES for t in handled)


def why_on_host(op: Operation) -> str:
    """Say why an operation that `runs_on_host` does."""
    if op.host_reason:
        return op.host_reason
    inner = next((i for graph in subgraphs(op) for i in function_order(graph) if runs_on_host(i)), None)
    if inner is None:
        return f"{op.name} ({op.type}) runs there"
    return why_on_host(inner) if not subgraphs(inner) else f"{inner.name} in it does: {why_on_host(inner)}"


def is_given(op: Operation) -> bool:
    """Whether the value stands in the graph, and so is there wherever it is needed: the texts of an `Assert`, say."""
    return op.definition.folds and not op._inputs and not op.definition.stateful


def _kept_type(tensor: Tensor) -> dtypes.DType:
    return tensor.dtype.base_dtype if tensor._handle is None else tensor._handle.dtype


def cut_stages(
    graph: Graph,
    fetches: tuple[Tensor | Operation, ...],
    feeds: tuple[Tensor, ...],
    order: list[Operation],
    effects: Effects,
    statics: Statics,
    padding: Padding,
    crosses: Callable[[Slot], bool] = lambda slot: False,
) -> Plan:
    """Give each op the number of its stage (even: device, odd: host) and gather what crosses between stages.

    `crosses` tells of what lives for one run whether it is there before these stages, or after.
    """
    on_host = {op for op in order if runs_on_host(op)} - padding.ops
    early = _early_readers(order, effects, on_host)
    levels = _levels(order, set(feeds), effects, statics, early, on_host)
    levels = sink(order, levels, set(feeds), effects, statics, early)
    padded = frozenset(padding.tensors)
    anywhere = {op for op in order if levels[op] == _ANYWHERE or is_given(op)}
    grouped: dict[int, list[Operation]] = {}
    for op in order:
        if op not in anywhere:
            grouped.setdefault(levels[op], []).append(op)
    numbers = sorted(grouped)
    wanted = {t for t in fetches if isinstance(t, Tensor)} - set(feeds) - effects.refers.keys()
    loose = _places_of_constants([t for t in wanted if t._op in anywhere], numbers)
    numbers = sorted({*numbers, *loose})
    spans = _spans_of_transients(grouped, effects, crosses)
    stages: list[Stage] = []
    needs: dict[int, dict[Tensor, None]] = {}
    bodies: dict[int, tuple[Operation, ...]] = {}
    for number in numbers:
        extra = loose.get(number, [])
        bodies[number] = _with_constants(grouped.get(number, []), extra, anywhere, set(feeds), order)
        inside = set(bodies[number])
        found = dict.fromkeys(
            t
            for op in bodies[number]
            for t in op._inputs
            if (t in feeds or t._op not in inside) and t not in effects.refers
        )
        needs[number] = found
    for i, number in enumerate(numbers):
        ops = bodies[number]
        later = {t for n in numbers[i + 1 :] for t in needs[n]} | wanted
        written = dict.fromkeys(s for op in ops for s in effects.writes.get(op, ()))
        read = dict.fromkeys(s for op in ops for s in effects.reads.get(op, ()))
        written, read = _crossing(number, spans, written, read)
        device = number % 2 == 0
        known = _known(ops, needs[number], statics) if device else {}
        outputs = {t: None for op in ops for t in op.outputs if t in later and t not in feeds}
        outputs = {t: None for t in outputs if t._op not in anywhere or t in loose.get(number, ())}
        stages.append(
            Stage(
                device=device,
                ops=ops,
                inputs=tuple(t for t in needs[number] if t not in known),
                known=tuple(known),
                outputs=tuple(outputs),
                refers=_references(ops, effects),
                reads=tuple(s for s in read if s not in written),
                writes=tuple(written),
                folded=frozenset(op for op in ops if op in statics.folded),
                early=early.intersection(ops),
                padded=padded,
                last=i == len(numbers) - 1,
            )
        )
    return Plan(graph, fetches, feeds, tuple(order), tuple(stages), effects, statics)


_ANYWHERE = -1
_BEFORE, _AFTER = -1, 1 << 30


def _spans_of_transients(
    grouped: dict[int, list[Operation]], effects: Effects, crosses: Callable[[Slot], bool]
) -> dict[Slot, tuple[int, int]]:
    """Return the first and the last stage that uses each value that lives for one run."""
    spans: dict[Slot, tuple[int, int]] = {}
    for number in sorted(grouped):
        for op in grouped[number]:
            for slot in (*effects.reads.get(op, ()), *effects.writes.get(op, ())):
                if slot.transient and crosses(slot):
                    spans[slot] = (_BEFORE, _AFTER)
                elif slot.transient:
                    spans[slot] = (spans.get(slot, (number, number))[0], number)
    return spans


def _crossing(
    number: int, spans: dict[Slot, tuple[int, int]], written: dict[Slot, None], read: dict[Slot, None]
) -> tuple[dict[Slot, None], dict[Slot, None]]:
    """Leave out what lives within the stage; what no later stage uses is not given on."""

    def has(slot: Slot, place: int, other: int) -> bool:
        return not slot.transient or spans[slot][place] != other

    given = {s: None for s in written if has(s, 1, number)}
    taken = {s: None for s in (*read, *written) if s not in given and has(s, 0, number)}
    return given, taken


def _references(ops: tuple[Operation, ...], effects: Effects) -> tuple[tuple[Tensor, Slot], ...]:
    inside = set(ops)
    taken = dict.fromkeys(t for op in ops for t in op._inputs if t in effects.refers and t._op not in inside)
    return tuple((t, effects.refers[t]) for t in taken)


def _places_of_constants(fetched: list[Tensor], numbers: list[int]) -> dict[int, list[Tensor]]:
    """Return which stage gives which fetched constants: the first one, strings the first on the host."""
    places: dict[int, list[Tensor]] = {}
    for tensor in fetched:
        if _kept_type(tensor) not in _HOST_TYPES:
            number = numbers[0] if numbers else 0
        else:
            number = next((n for n in numbers if n % 2), max(numbers, default=0) + 1)
        places.setdefault(number, []).append(tensor)
    return places


def _known(ops: tuple[Operation, ...], needed: dict[Tensor, None], statics: Statics) -> dict[Tensor, None]:
    """Return which of the tensors that a stage takes must be known by value."""
    known: dict[Tensor, None] = {}
    for op in ops:
        definition = op.definition
        folds = op in statics.folded and not definition.of_shape
        flags = static_inputs(op)
        for i, tensor in enumerate(op._inputs):
            if (folds or (flags and flags[i])) and tensor in needed:
                known[tensor] = None
    return known


def _early_readers(order: list[Operation], effects: Effects, on_host: set[Operation]) -> frozenset[Operation]:
    """Return the ops on the host that read variables before any op writes these: summaries in a training step, say.

    They need not run before the update. What the variables held is there until the run ends, so the step stays one
    program.
    """
    written: set[Slot] = set()
    found = []
    for op in order:
        reads, writes = effects.reads.get(op, ()), effects.writes.get(op, ())
        if reads and not writes and written.isdisjoint(reads) and op in on_host:
            found.append(op)
        written.update(writes)
    return frozenset(found)


def _levels(
    order: list[Operation],
    fed: set[Tensor],
    effects: Effects,
    statics: Statics,
    early: frozenset[Operation],
    on_host: set[Operation],
) -> dict[Operation, int]:
    levels: dict[Operation, int] = {}
    last_read: dict[Slot, int] = {}
    last_write: dict[Slot, int] = {}
    for op in order:
        definition = op.definition
        if definition.variable or _only_forwards(op, effects):
            levels[op] = _ANYWHERE
            continue
        if is_given(op) or _only_waits(op):  # who waits for it waits for what it waits for
            levels[op] = max((levels.get(control, _ANYWHERE) for control in op._control_inputs), default=_ANYWHERE)
            continue
        level = 1 if op in on_host else 0
        static = static_inputs(op)
        for i, tensor in enumerate(op._inputs):
            if tensor in fed or levels[tensor._op] == _ANYWHERE:
                continue
            at_least = levels[tensor._op]
            if static and static[i] and tensor in statics.fetched:
                at_least += 1
            level = _raise(level, at_least)
        for control in op._control_inputs:
            level = _raise(level, levels.get(control, 0))
        for slot in effects.reads.get(op, ()):
            level = _raise(level, last_write.get(slot, 0))
        for slot in effects.writes.get(op, ()):
            level = _raise(level, max(last_write.get(slot, 0), last_read.get(slot, 0)))
            last_write[slot] = level
        for slot in effects.reads.get(op, ()) if op not in early else ():
            last_read[slot] = max(last_read.get(slot, 0), level)
        levels[op] = level
    return levels


def _raise(level: int, at_least: int) -> int:
    """Return the first level of the same kind (host, device) that is not below `at_least`."""
    return level if level >= at_least else at_least + (at_least - level) % 2


def _only_waits(op: Operation) -> bool:
    """Whether the op is a mere meeting point of control edges."""
    return not op._inputs and not op.outputs and not op.definition.host


def _only_forwards(op: Operation, effects: Effects) -> bool:
    return bool(op.outputs) and op.definition.forwards and op.outputs[0] in effects.refers and not op._control_inputs


def _with_constants(
    ops: list[Operation],
    extra: list[Tensor],
    anywhere: set[Operation],
    fed: set[Tensor],
    order: list[Operation],
) -> tuple[Operation, ...]:
    """Add to a stage's ops the constants and references that they use, in the order of the whole."""
    members = set(ops)
    stack = [t for op in ops for t in op._inputs] + extra
    while stack:
        tensor = stack.pop()
        if tensor not in fed and tensor._op in anywhere and tensor._op not in members:
            members.add(tensor._op)
            stack.extend(tensor._op._inputs)
    if len(members) == len(ops):
        return tuple(ops)
    return tuple(op for op in order if op in members)
