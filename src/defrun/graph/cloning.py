"""Copies of the graphs of functions: each call of a function has one of its own, and with it its own random numbers."""

from __future__ import annotations

from typing import Any

from defrun.graph.attrs import Func
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor


def clone(graph: FuncGraph, outer_graph: Graph, name: str | None = None) -> FuncGraph:
    """Return a copy of a function's graph, and of the functions in it, for use in `outer_graph`."""
    return _clone(graph, outer_graph, {}, {}, name or graph.name)


def _clone(
    graph: FuncGraph, outer_graph: Graph, tensors: dict[Tensor, Tensor], ops: dict[Operation, Operation], name: str
) -> FuncGraph:
    """Copy `graph`; `tensors` and `ops` say what stands for those of the graphs around it, and grow by its own."""
    copy = FuncGraph(name, outer_graph, counted=False)
    copy.seed = graph.seed
    copy.loops, copy.bounded, copy.kept = graph.loops, graph.bounded, graph.kept
    for op in graph._ops:
        made = copy._new(
            op.definition,
            [tensors[t] for t in op._inputs],
            [ops[c] for c in op._control_inputs],
            {},
            op.name,
            [t.dtype for t in op.outputs],
            [t.dims for t in op.outputs],
        )
        made._device, made._place = op._device, op._place
        ops[op] = made
        for old, new in zip(op.outputs, made.outputs, strict=True):
            tensors[old] = new
            new._handle = old._handle
        made.attrs = {key: _attr(value, copy, tensors, ops) for key, value in op.attrs.items()}
    copy._names_in_use = dict(graph._names_in_use)
    copy.arguments = [tensors[t] for t in graph.arguments]
    copy.argument_places = list(graph.argument_places)
    copy.captured = {tensors.get(t, t): tensors[a] for t, a in graph.captured.items()}
    copy.outputs = [None if t is None else tensors[t] for t in graph.outputs]
    copy.control_outputs = [ops[op] for op in graph.control_outputs]
    copy.loops, copy.bounded = graph.loops, graph.bounded
    copy.back_prop, copy.kept = graph.back_prop, graph.kept
    copy.stacked = [tensors[t] for t in graph.stacked]
    copy.entered = {tensors.get(t, t) for t in graph.entered}
    copy.outer_controls = [ops.get(op, op) for op in graph.outer_controls]
    return copy


def _attr(value: Any, outer: FuncGraph, tensors: dict[Tensor, Tensor], ops: dict[Operation, Operation]) -> Any:
    if isinstance(value, Func) and isinstance(value.graph, FuncGraph):
        graph = _clone(value.graph, outer, tensors, ops, value.graph.name)
        return Func(value.name, graph)
    if isinstance(value, list):
        return [_attr(item, outer, tensors, ops) for item in value]
    return value
