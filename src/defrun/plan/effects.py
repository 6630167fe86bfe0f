"""Pass 3: which node reads and writes which variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from defrun.graph.attrs import Func
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor


@dataclass(frozen=True)
class Slot:
    """What a session keeps between runs: a variable's value, a random generator's state, a queue."""

    container: str
    name: str
    owned: bool = False  # belongs to one op, which gives its first value
    resource: bool = False  # an object of the host, not an array
    maker: Operation | None = field(default=None, compare=False)


@dataclass
class Effects:
    """What the ops of a run do to variables."""

    refers: dict[Tensor, Slot] = field(default_factory=dict)  # tensors that stand for a variable
    reads: dict[Operation, tuple[Slot, ...]] = field(default_factory=dict)
    writes: dict[Operation, tuple[Slot, ...]] = field(default_factory=dict)


def slot_of(op: Operation) -> Slot:
    """Return where a session keeps the value of the variable `op` (or the state, or the resource, that `op` owns)."""
    definition = op.definition
    owned, resource = not definition.variable, definition.resource
    if isinstance(op.graph, FuncGraph):
        return Slot(op.graph.name, op.name, owned, resource, op)
    if definition.variable or resource:
        name = _text(op.attrs.get("shared_name", "")) or op.name
        return Slot(_text(op.attrs.get("container", "")), name, owned, resource, op)
    return Slot("", op.name, owned, resource, op)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def trace_effects(order: list[Operation], feeds: tuple[Tensor, ...]) -> Effects:
    """Follow the references from the variables to the nodes that read or write through them."""
    fed = set(feeds)
    effects = Effects()
    for op in order:
        definition = op.definition
        if definition.variable:
            if op.outputs[0] not in fed:
                effects.refers[op.outputs[0]] = slot_of(op)
            continue
        _trace(op, effects, lambda t: None if t in fed else effects.refers.get(t))
    return effects


def _trace(op: Operation, effects: Effects, refers: Callable[[Tensor], Slot | None]) -> None:
    definition = op.definition
    slots = [refers(t) for t in op._inputs]
    if definition.forwards and slots and slots[0] is not None:
        effects.refers[op.outputs[0]] = slots[0]
        return
    written: list[Slot] = []
    if definition.writes:
        for arg, slot in zip(definition.flat_args(op.attrs), slots, strict=True):
            if arg.name in definition.writes and slot is not None:
                written.append(slot)
        for arg, output in zip(definition.outputs, op.outputs, strict=False):
            if arg.ref and written:
                effects.refers[output] = written[0]
    if definition.resource:
        slots.append(slot_of(op))
    if definition.initial_state is not None:
        own = slot_of(op)
        written.append(own)
        slots.append(own)
    for graph in subgraphs(op):
        inside = _inside(graph, op, dict(zip(op._inputs, slots, strict=False)))
        for inner in graph._ops:
            slots.extend(inside.reads.get(inner, ()))
            written.extend(inside.writes.get(inner, ()))
    effects.reads[op] = tuple(dict.fromkeys(s for s in slots if s is not None))
    effects.writes[op] = tuple(dict.fromkeys(written))


def subgraphs(op: Operation) -> list[FuncGraph]:
    """Return the graphs of the functions that `op` runs."""
    if not op.definition.control:
        return []
    return [v.graph for v in op.attrs.values() if isinstance(v, Func) and isinstance(v.graph, FuncGraph)]


def _inside(graph: FuncGraph, op: Operation, outside: dict[Tensor, Slot | None]) -> Effects:
    """Return the effects of a function's nodes; captured references stand for the same variables as outside."""
    effects = Effects()
    for outer, argument in graph.captured.items():
        slot = outside.get(outer)
        if slot is not None:
            effects.refers[argument] = slot
    for inner in graph._ops:
        if inner.definition.variable:
            effects.refers[inner.outputs[0]] = slot_of(inner)
        else:
            _trace(inner, effects, effects.refers.get)
    return effects
