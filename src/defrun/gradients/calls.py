"""The gradient of a call: a call of the gradient of the function.

What that needs from inside the function becomes a further output of the forward call: nothing is computed twice, and
random numbers are not drawn again.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from defrun.gradients.registry import RegisterGradient
from defrun.gradients.walk import gradients, is_trainable
from defrun.graph.attrs import Func
from defrun.graph.cloning import clone
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.library import CALLED
from defrun.graph.opdef import Arg
from defrun.graph.operation import Operation, Tensor
from defrun.graph.static import constant_value
from defrun.ops.call import add_call, partitioned_call, stateful_partitioned_call
from defrun.ops.constant import constant

_FORWARD = "__forward_"
_numbers = itertools.count(1)

Found = Tensor | IndexedSlices | None


class _GradientOfCall(FuncGraph):
    """The graph of a function's gradient. Tensors of the function come in through the forward call."""

    def __init__(self, outer: Graph, node: Operation, forward: FuncGraph) -> None:
        super().__init__(f"{forward.name}_grad", outer, counted=False)
        self.node = node
        self.forward = forward

    def reach(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the function, or from outside, into the directly outer graph."""
        if tensor.graph is not self.forward:
            return super().reach(tensor)
        if tensor in self.forward.arguments:
            return super().reach(self.node._inputs[self.forward.arguments.index(tensor)])
        value = constant_value(tensor)
        if value is not None:  # an axis, a shape: it must stay known while compiling
            with self.as_default():
                return constant(value, tensor.dtype, name=tensor.op.name)
        return super().reach(as_output_of_call(self.node, self.forward, tensor))


def as_output_of_call(node: Operation, forward: FuncGraph, tensor: Tensor) -> Tensor:
    """Return the output of a call that gives `tensor` of its function, adding it if there is none."""
    for place, known in enumerate(forward.outputs):
        if known is tensor:
            return node.outputs[place]
    _rename(node, forward)
    forward.outputs.append(tensor)
    if "Tout" in node.attrs:
        node.attrs["Tout"] = [*node.attrs["Tout"], tensor.dtype.base_dtype]
    else:  # its type is the function's own
        more = Arg(f"kept_{len(node.outputs)}", tensor.dtype.base_dtype)
        node.definition = replace(node.definition, outputs=(*node.definition.outputs, more))
    output = Tensor(node, len(node.outputs), tensor.dtype.base_dtype, tensor.dims)
    node.outputs.append(output)
    node.graph._edits += 1
    return output


def _rename(node: Operation, forward: FuncGraph) -> None:
    """Give the function of a call that gets its first further output a name of its own in the library."""
    key = next(k for k, v in node.attrs.items() if isinstance(v, Func) and v.graph is forward)
    name = node.attrs[key].name
    if name.startswith(_FORWARD):
        return
    name = f"{_FORWARD}{name}_{next(_numbers)}"
    node.attrs[key] = Func(name, forward)
    if key == CALLED:
        node.definition = replace(node.definition, type=name)


def gradient_of_call(op: Operation, forward: FuncGraph, grads: tuple[Any, ...]) -> list[Found]:
    """Build the gradient of a node that calls the function of the graph `forward`."""
    wanted = [i for i, t in enumerate(op._inputs) if is_trainable(t)]
    forward = _own(op, forward)
    graph = _GradientOfCall(get_default_graph(), op, forward)
    given = [
        (y, convert_to_tensor(g))
        for y, g in zip(forward.outputs, grads, strict=False)
        if y is not None and g is not None and is_trainable(y)
    ]
    with graph.as_default():
        starts = [graph.capture(g) for _, g in given]
        sources = [forward.arguments[i] for i in wanted]
        found: list[Found] = gradients([y for y, _ in given], sources, grad_ys=starts) if given and sources else []
        parts = [[_inside(graph, part) for part in _parts(grad)] for grad in found]
        graph.outputs = [part for each in parts for part in each]
    if not graph.outputs:
        return [None] * len(op._inputs)
    outputs = iter(add_call(graph, list(graph.captured)).outputs)
    result: list[Found] = [None] * len(op._inputs)
    for place, grad, each in zip(wanted, found, parts, strict=False):
        values = [next(outputs) for _ in each]
        if isinstance(grad, IndexedSlices):
            result[place] = IndexedSlices(*values)
        elif grad is not None:
            result[place] = values[0]
    return result


def _own(op: Operation, forward: FuncGraph) -> FuncGraph:
    """Return the function of a call; a copy if it has got further outputs for another call of it."""
    if len(forward.outputs) == len(op.outputs):
        return forward
    key = next(k for k, v in op.attrs.items() if isinstance(v, Func) and v.graph is forward)
    more, forward.outputs = forward.outputs, forward.outputs[: len(op.outputs)]
    copy, forward.outputs = clone(forward, op.graph), more
    op.attrs[key] = Func(op.attrs[key].name, copy)
    op.graph._edits += 1
    return copy


def _parts(grad: Found) -> list[Tensor]:
    if grad is None:
        return []
    if isinstance(grad, IndexedSlices):
        shape = [] if grad.dense_shape is None else [grad.dense_shape]
        return [grad.values, grad.indices, *shape]
    return [grad]


def _inside(graph: FuncGraph, tensor: Tensor) -> Tensor:
    return tensor if tensor.graph is graph else graph.capture(tensor)


def _gradient(op: Operation, *grads: Any) -> list[Found]:
    return gradient_of_call(op, op.attrs["f"].graph, grads)


def _of_function(op: Operation, *grads: Any) -> list[Found]:
    return gradient_of_call(op, op.attrs[CALLED].graph, grads)


RegisterGradient(CALLED)(_of_function)
partitioned_call.gradient(_gradient)
stateful_partitioned_call.gradient(_gradient)
