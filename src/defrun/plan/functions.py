"""The graphs of functions: which of their nodes run, and in which order."""

from __future__ import annotations

from defrun.graph.attrs import Func
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.order import order_effects
from defrun.plan.prune import prune


def subgraphs(op: Operation) -> list[FuncGraph]:
    """Return the graphs of the functions that `op` runs."""
    if not op.definition.control:
        return []
    return [v.graph for v in op.attrs.values() if isinstance(v, Func) and isinstance(v.graph, FuncGraph)]


def function_order(graph: FuncGraph) -> tuple[Operation, ...]:
    """Return the operations of a function that its results need, in the order in which they run."""
    wanted: tuple[Tensor | Operation, ...] = (
        *(t for t in graph.outputs if t is not None),
        *graph.stacked,
        *graph.control_outputs,
    )
    key = (len(graph._ops), graph._edits, wanted)
    if graph.order is None or graph.order[0] != key:
        graph.order = key, tuple(op for op in order_effects(prune(wanted, ()), ()) if not op.definition.placeholder)
    return graph.order[1]
