"""The gradient of `If` (and `Case`): another one over the same predicate; its branches are the branches' gradients.

What a gradient branch needs from inside its forward branch becomes a further output of the forward `If` (nothing is
computed twice, and random ops are not drawn again); where the other branch ran, that output is zeros nobody looks at.
"""

from __future__ import annotations

from typing import Any

from defrun.gradients.walk import Gradient, gradients, is_trainable
from defrun.gradients.zeros import zeros_for
from defrun.graph.attrs import shape_attr
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.static import constant_value
from defrun.ops.constant import constant
from defrun.ops.control import add_if, if_, stateless_if
from defrun.ops.switch import add_case, case_op

_BRANCHES = ("then_branch", "else_branch")


class _GradientBranch(FuncGraph):
    """The graph of a branch's gradient. Tensors of the forward branch come in through the forward node."""

    def __init__(self, name: str, outer: Graph, node: Operation, forward: FuncGraph) -> None:
        super().__init__(name, outer, counted=False)
        self.node = node
        self.forward = forward
        self.twins: dict[Operation, Operation] = {}

    def reach(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the forward branch, or from outside, into the directly outer graph."""
        if tensor.graph is not self.forward:
            return super().reach(tensor)
        for outer, argument in self.forward.captured.items():
            if argument is tensor:
                return super().reach(outer)
        value = constant_value(tensor)
        if value is not None:  # an axis, a shape: it must stay known while compiling
            with self.as_default():
                return constant(value, tensor.dtype, name=tensor.op.name)
        if tensor.op.definition.transient:
            return self.twin(tensor.op).outputs[tensor.value_index]
        return super().reach(_as_output(self.node, self.forward, tensor))

    def twin(self, op: Operation) -> Operation:
        """Make what lives for one run of the branch, an array say, again: its gradients hang on to that."""
        if op not in self.twins:
            with self.as_default(), self.control_dependencies(None):
                inputs = [self.capture(t) for t in op._inputs]
                kinds, dims = [t.dtype for t in op.outputs], [t.dims for t in op.outputs]
                made = self.add(op.definition, inputs, dict(op.attrs), op.name.split("/")[-1], kinds, dims)
            self.twins[op] = made
        return self.twins[op]


def _as_output(node: Operation, forward: FuncGraph, tensor: Tensor) -> Tensor:
    """Return the output of the forward node that gives `tensor`, adding it if there is none."""
    for place, known in enumerate(forward.outputs):
        if known is tensor:
            return node.outputs[place]
    for graph in _branches(node):
        graph.outputs.append(tensor if graph is forward else None)
    node.attrs["Tout"] = [*node.attrs["Tout"], tensor.dtype.base_dtype]
    node.attrs["output_shapes"] = [*node.attrs["output_shapes"], shape_attr(tensor.dims)]
    output = Tensor(node, len(node.outputs), tensor.dtype.base_dtype, tensor.dims)
    node.outputs.append(output)
    node.graph._edits += 1
    return output


def _if_gradient(op: Operation, *grads: Any) -> list[Gradient | None]:
    """Build the gradient branches and choose between them as the forward node did."""
    predicate, *captured = op.inputs
    wanted = [t for t in captured if is_trainable(t)]
    given = [None if g is None else convert_to_tensor(g) for g in grads]
    branches = [_differentiate(op, graph, given, wanted) for graph in _branches(op)]
    connected = [i for i in range(len(wanted)) if any(found[i] is not None for _, found in branches)]
    if not connected:
        return [None] * len(op.inputs)
    for graph, found in branches:
        with graph.as_default():
            graph.outputs = [
                _inside(graph, zeros_for(wanted[i]) if found[i] is None else found[i]) for i in connected
            ]
    inputs = list(dict.fromkeys(t for graph, _ in branches for t in graph.captured))
    graphs: list[FuncGraph] = [graph for graph, _ in branches]
    if "branches" in op.attrs:
        outputs = add_case(predicate, inputs, graphs, "Case").outputs
    else:
        outputs = add_if(predicate, inputs, graphs[0], graphs[1], "If").outputs
    by_tensor = {wanted[i]: output for i, output in zip(connected, outputs, strict=True)}
    return [None, *[by_tensor.get(t) for t in captured]]


if_.gradient(_if_gradient)
stateless_if.gradient(_if_gradient)
case_op.gradient(_if_gradient)


def _branches(node: Operation) -> list[FuncGraph]:
    if "branches" in node.attrs:
        return [f.graph for f in node.attrs["branches"]]
    return [node.attrs[name].graph for name in _BRANCHES]


def _differentiate(
    op: Operation, forward: FuncGraph, grads: list[Tensor | None], wanted: list[Tensor]
) -> tuple[_GradientBranch, list[Any]]:
    graph = _GradientBranch(f"{forward.name}_grad", get_default_graph(), op, forward)
    ys = [
        (y, g)
        for y, g in zip(forward.outputs, grads, strict=False)
        if y is not None and g is not None and is_trainable(y)
    ]
    inner = {t: forward.captured[t] for t in wanted if t in forward.captured}
    with graph.as_default():
        found = iter(
            gradients([y for y, _ in ys], list(inner.values()), grad_ys=[graph.capture(g) for _, g in ys]) if ys else []
        )
        result = [next(found, None) if t in inner else None for t in wanted]
    return graph, result


def _inside(graph: FuncGraph, value: Tensor | IndexedSlices) -> Tensor:
    tensor = convert_to_tensor(value)
    return tensor if tensor.graph is graph else graph.capture(tensor)
