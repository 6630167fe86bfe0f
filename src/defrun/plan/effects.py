"""Pass 4: which node reads and writes which variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.functions import function_order, subgraphs


@dataclass(frozen=True)
class Slot:
    """What a session keeps between runs: a variable's value, a random generator's state, a queue."""

    container: str
    name: str
    owned: bool = False  # belongs to one op, which gives its first value
    resource: bool = False  # an object of the host, not an array
    transient: bool = False  # its value lives for one run
    maker: Operation | None = field(default=None, compare=False)

    def made_inside(self, graph: Any) -> bool:
        """Whether the value is made anew in each run of the function `graph`."""
        inner = self.maker.graph if self.transient and self.maker is not None else None
        while isinstance(inner, FuncGraph):
            if inner is graph:
                return True
            inner = inner.outer_graph
        return False


@dataclass
class Effects:
    """What the ops of a run do to variables."""

    refers: dict[Tensor, Slot] = field(default_factory=dict)  # tensors that stand for a variable
    reads: dict[Operation, tuple[Slot, ...]] = field(default_factory=dict)
    writes: dict[Operation, tuple[Slot, ...]] = field(default_factory=dict)


def slot_of(op: Operation) -> Slot:
    """Return where a session keeps the value of the variable `op` (or the state, or the resource, that `op` owns)."""
    definition = op.definition
    owned, resource = not (definition.variable or definition.transient), definition.resource
    if definition.transient:
        container = op.graph.name if isinstance(op.graph, FuncGraph) else ""
        return Slot(container, op.name, transient=True, maker=op)
    if isinstance(op.graph, FuncGraph):
        return Slot(op.graph.name, op.name, owned, resource, maker=op)
    if definition.variable or resource:
        name = _text(op.attrs.get("shared_name", "")) or op.name
        return Slot(_text(op.attrs.get("container", "")), name, owned, resource, maker=op)
    return Slot("", op.name, owned, resource, maker=op)


def made_slot(op: Operation, first: Slot | None) -> Slot:
    """Return the slot that a node makes whose first input stands for the value in slot `first`, if it has any."""
    if first is None or not first.transient:
        return slot_of(op)
    name = f"{first.name}@{_text(op.attrs['source'])}"
    return Slot(first.container, name, transient=True, maker=first.maker)


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
    if definition.transient:
        made = made_slot(op, slots[0] if slots else None)
        effects.refers[op.outputs[0]] = made
        written.append(made)
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
        given = {a: slots[place] for a, place in zip(graph.arguments, graph.argument_places, strict=True)}
        inside = effects_inside(graph, {a: slot for a, slot in given.items() if slot is not None})
        for inner in function_order(graph):
            slots.extend(s for s in inside.reads.get(inner, ()) if not s.made_inside(graph))
            written.extend(s for s in inside.writes.get(inner, ()) if not s.made_inside(graph))
    effects.reads[op] = tuple(dict.fromkeys(s for s in slots if s is not None))
    effects.writes[op] = tuple(dict.fromkeys(written))


def effects_inside(graph: FuncGraph, refers: dict[Tensor, Slot]) -> Effects:
    """Return the effects of a function's nodes, some of whose arguments stand for variables."""
    effects = Effects(dict(refers))
    for inner in function_order(graph):
        if inner.definition.variable:
            effects.refers[inner.outputs[0]] = slot_of(inner)
        else:
            _trace(inner, effects, effects.refers.get)
    return effects
