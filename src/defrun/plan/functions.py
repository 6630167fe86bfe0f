"""The graphs of functions: which of their nodes run, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from defrun.graph.attrs import Func
from defrun.graph.function import FuncGraph
from defrun.graph.infer import static_flags
from defrun.graph.operation import Operation, Tensor
from defrun.plan.order import order_effects
from defrun.plan.prune import prune


def subgraphs(op: Operation) -> list[FuncGraph]:
    """Return the graphs of the functions that `op` runs."""
    if not op.definition.control:
        return []
    values = (v for value in op.attrs.values() for v in (value if isinstance(value, list) else (value,)))
    return [v.graph for v in values if isinstance(v, Func) and isinstance(v.graph, FuncGraph)]


@dataclass(frozen=True)
class Function:
    """What is planned for the graph of a function."""

    order: tuple[Operation, ...]
    """The operations that its results need, in the order in which they run."""
    static_places: frozenset[int]
    """Which inputs of the node that runs it must be known when that is compiled."""
    folded: frozenset[Operation]
    """Run on NumPy while tracing, if what they depend on is known then."""


def planned(graph: FuncGraph) -> Function:
    """Plan a function; once for the graph as it is."""
    wanted: tuple[Tensor | Operation, ...] = (
        *(t for t in graph.outputs if t is not None),
        *graph.stacked,
        *graph.control_outputs,
    )
    key = (len(graph._ops), graph._edits, wanted)
    if graph.plan is None or graph.plan[0] != key:
        order = tuple(op for op in order_effects(prune(wanted, ()), ()) if not op.definition.placeholder)
        graph.plan = key, Function(order, *_statics(graph, order))
    return graph.plan[1]


def function_order(graph: FuncGraph) -> tuple[Operation, ...]:
    """Return the operations of a function that its results need, in the order in which they run."""
    return planned(graph).order


def static_inputs(op: Operation) -> list[bool]:
    """Return, for each input, whether its value must be known when the node is compiled: an empty list if none must."""
    definition = op.definition
    if definition.has_static:
        return static_flags(op)
    places = {place for graph in subgraphs(op) for place in planned(graph).static_places}
    return [i in places for i in range(len(op._inputs))] if places else []


def _statics(graph: FuncGraph, order: tuple[Operation, ...]) -> tuple[frozenset[int], frozenset[Operation]]:
    """Walk back from the static inputs of a function's operations."""
    place_of = dict(zip(graph.arguments, graph.argument_places, strict=True))
    stack = [t for op in order for static, t in zip(static_inputs(op), op._inputs, strict=False) if static]
    places: set[int] = set()
    folded: set[Operation] = set()
    while stack:
        tensor = stack.pop()
        if tensor in place_of:
            places.add(place_of[tensor])
        elif tensor._op not in folded:
            if tensor._op.definition.of_shape:
                folded.add(tensor._op)
            elif can_fold(tensor._op):
                folded.add(tensor._op)
                stack.extend(tensor._op._inputs)
    return frozenset(places), frozenset(folded)


def can_fold(op: Operation) -> bool:
    """Whether the op gives the same values for the same inputs, with no effect."""
    definition = op.definition
    return not (definition.stateful or definition.host or definition.placeholder or definition.variable)
