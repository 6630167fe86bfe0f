"""The gradient of `While`: another `While` that counts the iterations down, with the gradient of the body as its body.

What the gradient needs from inside an iteration is kept by the forward loop, in a stack for each such value, and no
value is kept that needn't be: what is the same in all iterations comes from outside, or is made again there. The
gradient loop is a loop like any other, so its own gradient is made in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from defrun.base import dtypes
from defrun.gradients.walk import Gradient, add_up, gradients, is_trainable
from defrun.gradients.zeros import zeros_for
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.static import constant_value
from defrun.ops import array, creation, math, state
from defrun.ops.compare import greater
from defrun.ops.constant import constant
from defrun.ops.join import concat
from defrun.ops.loop import add_to_row, add_while, only_row, stack_row, stateless_while, while_

_PASSES_ON = frozenset(("Identity", "StopGradient"))


class _GradientBody(FuncGraph):
    """The graph of the gradient of one iteration. Tensors of the forward body come from its stacks, or from outside."""

    def __init__(self, outer: Graph, node: Operation, forward: FuncGraph) -> None:
        super().__init__(f"{forward.name}_grad", outer, counted=False)
        self.node = node
        self.forward = forward
        self.passed_on = _passed_on(node, forward)
        self.written = _written(forward)
        self.found: dict[Tensor, Tensor] = {}
        self.steps_left = self.add_argument(dtypes.int32, (), "steps_left")
        with self.as_default():
            self.step = math.subtract(self.steps_left, constant(1), name="step")

    def reach(self, tensor: Tensor) -> Tensor:
        """Bring a tensor of the forward body, or from outside, into the directly outer graph or this one."""
        if tensor.graph is not self.forward:
            return super().reach(tensor)
        if tensor not in self.found:
            self.found[tensor] = self.bring(tensor)
        return self.found[tensor]

    def bring(self, tensor: Tensor) -> Tensor:
        """Find a tensor of the forward body without keeping it in a stack if possible."""
        value = constant_value(tensor)
        if value is not None:  # an axis, a shape: it must stay known while compiling
            with self.alone():
                return constant(value, tensor.dtype, name=tensor.op.name)
        if self.is_invariant(tensor):
            return self.made_outside(tensor)
        op = tensor.op
        if op.type in _PASSES_ON:
            return self.capture(op.inputs[0])
        if op.definition.transient:
            with self.alone():
                return _copied(self, op, [self.capture(t) for t in op.inputs]).outputs[tensor.value_index]
        with self.alone():
            return stack_row(self.capture(stack_of(self.node, self.forward, tensor)), self.step, name="row")

    def alone(self) -> Any:
        """Make nodes in this graph, not in one of a branch in it, that wait for nothing."""
        return _Alone(self)

    def is_invariant(self, tensor: Tensor) -> bool:
        """Whether a tensor of the forward body is the same in all iterations, and can be had from outside."""
        stack, seen = [tensor], set()
        while stack:
            current = stack.pop()
            if current in self.passed_on or current in seen:
                continue
            seen.add(current)
            op = current.op
            if not _is_pure(op) and not (op.type == "ReadVariableOp" and op.inputs[0] not in self.written):
                return False
            stack.extend(op.inputs)
        return True

    def made_outside(self, tensor: Tensor) -> Tensor:
        """Return the tensor of the directly outer graph that has the value of one that is invariant."""
        if tensor in self.passed_on:
            return super().reach(self.passed_on[tensor])
        inputs = [self.bring_outside(t) for t in tensor.op.inputs]
        with _Alone(self.outer_graph):
            return _copied(self.outer_graph, tensor.op, inputs).outputs[tensor.value_index]

    def bring_outside(self, tensor: Tensor) -> Tensor:
        if tensor not in self.found or self.found[tensor].graph is self:
            value = constant_value(tensor)
            if value is not None:
                with _Alone(self.outer_graph):
                    return constant(value, tensor.dtype, name=tensor.op.name)
            self.found[tensor] = self.made_outside(tensor)
        return self.found[tensor]


class _Alone:
    """Hold a graph as the default, without control dependencies."""

    def __init__(self, graph: Graph) -> None:
        self.blocks: list[Any] = [graph.as_default(), graph.control_dependencies(None)]

    def __enter__(self) -> None:
        for block in self.blocks:
            block.__enter__()

    def __exit__(self, *exc: Any) -> None:
        for block in reversed(self.blocks):
            block.__exit__(*exc)


def _copied(graph: Graph, op: Operation, inputs: list[Tensor]) -> Operation:
    types, dims = [t.dtype for t in op.outputs], [t.dims for t in op.outputs]
    made = graph.add(op.definition, inputs, dict(op.attrs), op.name.split("/")[-1].lstrip("_"), types, dims)
    for output, like in zip(made.outputs, op.outputs, strict=True):
        output._handle = like._handle
    return made


def _is_pure(op: Operation) -> bool:
    definition = op.definition
    return not (
        definition.stateful or definition.placeholder or definition.control or definition.host or definition.has_refs
    )


def _passed_on(node: Operation, body: FuncGraph) -> dict[Tensor, Tensor]:
    """Return the arguments that are the same in all iterations, with the loop's inputs that they are."""
    found = {}
    for argument, place in zip(body.arguments, body.argument_places, strict=True):
        if place >= len(body.outputs) or body.outputs[place] is argument:
            found[argument] = node._inputs[place]
    return found


def _written(body: FuncGraph) -> set[Tensor]:
    """Return the arguments of a body that stand for variables which it may write."""
    found: set[Tensor] = set()
    for op in body._ops:
        if op.definition.writes or op.definition.control:
            found.update(op.inputs)
    return found


def stack_of(node: Operation, body: FuncGraph, tensor: Tensor) -> Tensor:
    """Return the output of a loop that is the stack of what `tensor` of its body is in each iteration."""
    _keep_count(node, body)
    first = len(node._inputs) + 1
    if tensor not in body.stacked:
        body.stacked.append(tensor)
        node.attrs["_kept"] = len(body.stacked)  # for who reads the graph from a file
        dims = None if tensor.dims is None else (None, *tensor.dims)
        node.outputs.append(Tensor(node, len(node.outputs), tensor.dtype.base_dtype, dims))
        _note_edit(node)
    return node.outputs[first + body.stacked.index(tensor)]


def count_of(node: Operation, body: FuncGraph) -> Tensor:
    """Return the output of a loop that is the number of its iterations."""
    _keep_count(node, body)
    return node.outputs[len(node._inputs)]


def _keep_count(node: Operation, body: FuncGraph) -> None:
    if not body.kept:
        body.kept = True
        node.outputs.append(Tensor(node, len(node.outputs), dtypes.int32, ()))
        node.attrs["_kept"] = 0
        _note_edit(node)


def _note_edit(node: Operation) -> None:
    graph: Any = node.graph
    while graph is not None:
        graph._edits += 1
        graph = getattr(graph, "outer_graph", None)


def _while_gradient(op: Operation, *grads: Any) -> list[Gradient | None]:
    """Build the loop of the gradient of a loop."""
    if not op.attrs["body"].graph.back_prop:
        return [None] * len(op._inputs)
    return _Rule(op, list(grads)).build()


while_.gradient(_while_gradient)
stateless_while.gradient(_while_gradient)


class _Rule:
    """The making of one loop's gradient."""

    def __init__(self, op: Operation, grads: list[Any]) -> None:
        self.op = op
        self.body: FuncGraph = op.attrs["body"].graph
        self.grads = [None if g is None else convert_to_tensor(g) for g in grads]
        self.argument_at = dict(zip(self.body.argument_places, self.body.arguments, strict=True))
        self.place_of = {argument: place for place, argument in self.argument_at.items()}
        self.passed_on = {self.place_of[a] for a in _passed_on(op, self.body)}
        kept = [] if not self.body.kept else self.grads[len(op._inputs) + 1 :]
        self.of_stacks = [(t, g) for t, g in zip(self.body.stacked, kept, strict=False) if g is not None]

    def build(self) -> list[Gradient | None]:
        """Return the gradient of each input."""
        carried, collected = self.connected()
        if not carried and not collected:
            return [self.grads[i] if i in self.passed_on else None for i in range(len(self.op._inputs))]
        trips = count_of(self.op, self.body)
        graph = _GradientBody(get_default_graph(), self.op, self.body)
        arguments = [self.gradient_argument(graph, i) for i in carried]
        found = self.differentiate(graph, carried, arguments, collected)
        with graph.as_default():
            following = [
                creation.zeros_like(a) if g is None else _inside(graph, convert_to_tensor(g))
                for a, g in zip(arguments, found, strict=False)
            ]
        sums = _Sums(self, graph)
        for place, grad in zip(collected, found[len(carried) :], strict=True):
            if grad is not None:
                sums.add(place, grad)
        starts = [self.start(i) for i in carried]
        loop = _Backward(graph, trips, [*starts, *sums.starts], [*arguments, *sums.arguments])
        node = loop.build([*following, *sums.following], self.op.attrs["parallel_iterations"])
        result: list[Gradient | None] = [self.grads[i] if i in self.passed_on else None for i in self.places()]
        outputs = iter(node.outputs[1:])
        result_of = {i: next(outputs) for i in carried} | {i: next(outputs) for i in sums.places}
        for place, output in result_of.items():
            result[place] = output
        for place, slices in sums.slices(node):
            result[place] = slices if result[place] is None else add_up([result[place], slices])  # type: ignore[list-item]
        return result

    def places(self) -> range:
        return range(len(self.op._inputs))

    def connected(self) -> tuple[list[int], list[int]]:
        """Return which variables have a gradient in some iteration, and of which other inputs one adds up."""
        carried: set[int] = set()
        collected: set[int] = set()
        outputs: list[Any] = self.body.outputs
        queue: list[Any] = [t for t, _ in self.of_stacks]
        queue += [outputs[i] for i in self.varying() if self.grads[i] is not None and is_trainable(outputs[i])]
        carried.update(i for i in self.varying() if self.grads[i] is not None and is_trainable(outputs[i]))
        seen: set[Tensor] = set()
        while queue:
            tensor = queue.pop()
            if tensor in seen:
                continue
            seen.add(tensor)
            for argument in _sources(tensor):
                place = self.place_of[argument]
                if place in self.passed_on:
                    collected.add(place)
                elif place not in carried:
                    carried.add(place)
                    queue.append(outputs[place])
        return sorted(carried), sorted(collected)

    def varying(self) -> list[int]:
        return [i for i in range(len(self.body.outputs)) if i not in self.passed_on]

    def gradient_argument(self, graph: _GradientBody, place: int) -> Tensor:
        like: Any = self.body.outputs[place]
        return graph.add_argument(like.dtype.base_dtype, self.op.outputs[place].dims, "grad")

    def differentiate(
        self, graph: _GradientBody, carried: list[int], arguments: list[Tensor], collected: list[int]
    ) -> list[Any]:
        """Return the gradients of one iteration."""
        ys: list[Any] = [self.body.outputs[i] for i in carried]
        with graph.as_default():
            rows = [stack_row(graph.capture(g), graph.step, name="row") for _, g in self.of_stacks]
            ys += [t for t, _ in self.of_stacks]
            xs = [self.argument_at[i] for i in (*carried, *collected)]
            return gradients(ys, xs, grad_ys=[*arguments, *rows])

    def start(self, place: int) -> Tensor:
        """Return what the gradient of a variable is before the backward loop."""
        grad = self.grads[place]
        return creation.zeros_like(self.op.outputs[place]) if grad is None else grad


class _Sums:
    """Gradients of what is the same in all iterations: they add up."""

    def __init__(self, rule: _Rule, graph: _GradientBody) -> None:
        self.rule, self.graph = rule, graph
        self.places: list[int] = []
        self.starts: list[Tensor] = []
        self.arguments: list[Tensor] = []
        self.following: list[Tensor] = []
        self.lookups: list[tuple[int, Tensor, Tensor]] = []  # values and indices, which are kept row by row

    def add(self, place: int, grad: Gradient) -> None:
        """Take the gradient of one iteration of the loop's input `place`."""
        source = self.rule.op._inputs[place]
        if isinstance(grad, IndexedSlices):
            self.lookups.append((place, _inside(self.graph, grad.values), _inside(self.graph, grad.indices)))
            return
        direct = self.rule.grads[place]
        start = zeros_for(source) if direct is None else direct
        argument = self.graph.add_argument(start.dtype.base_dtype, start.dims, "sum")
        with self.graph.as_default():
            self.following.append(_added(argument, grad))
        self.places.append(place)
        self.starts.append(start)
        self.arguments.append(argument)

    def slices(self, node: Operation) -> Iterable[tuple[int, IndexedSlices]]:
        """Return the gradients of lookups of all iterations, behind each other."""
        for place, each, where in self.lookups:
            values, indices = stack_of(node, self.graph, each), stack_of(node, self.graph, where)
            flat = array.reshape(values, concat([[-1], array.shape(values)[2:]], 0))
            if values.dims is not None:
                flat.set_shape([None, *values.dims[2:]])
            yield place, IndexedSlices(flat, array.reshape(indices, [-1]), _shape(self.rule.op._inputs[place]))


class _Backward:
    """The backward loop that is being built."""

    def __init__(self, graph: _GradientBody, trips: Tensor, starts: list[Tensor], arguments: list[Tensor]) -> None:
        self.graph = graph
        self.inputs = [trips, *starts]
        self.arguments = [graph.steps_left, *arguments]

    def build(self, following: list[Tensor], parallel_iterations: int) -> Operation:
        """Add the node."""
        graph = self.graph
        graph.outputs = [graph.step, *following]
        captured = list(graph.captured)
        inputs = [*self.inputs, *captured]
        place_of = {a: i for i, a in enumerate([*self.arguments, *graph.captured.values()])}
        graph.argument_places = [place_of[a] for a in graph.arguments]
        test = FuncGraph(f"{graph.name}_cond", get_default_graph(), counted=False)
        left = test.add_argument(dtypes.int32, (), "steps_left")
        with test.as_default():
            test.outputs = [greater(left, constant(0))]
        test.argument_places = [0]
        test.bounded = True
        return add_while(inputs, test, graph, [t.dims for t in inputs], parallel_iterations, "while")


def _sources(tensor: Tensor) -> list[Tensor]:
    """Return the arguments of a function on which one of its tensors depends in a differentiable way."""
    found: dict[Tensor, None] = {}
    stack, seen = [tensor], set()
    while stack:
        current = stack.pop()
        if current in seen or not is_trainable(current):
            continue
        seen.add(current)
        if current.op.definition.placeholder:
            found[current] = None
        elif current.op.definition.differentiable:
            stack.extend(current.op.inputs)
    return list(found)


def _shape(source: Tensor) -> Tensor:
    return array.shape(source) if source._handle is None else state.variable_shape(source)


def _added(total: Tensor, grad: Tensor) -> Tensor:
    if grad.op.definition is only_row.definition:
        _, index, row = grad.op.inputs
        return add_to_row(total, index, row, name="sum")
    return math.add_n([total, grad])


def _inside(graph: FuncGraph, tensor: Tensor) -> Tensor:
    return tensor if tensor.graph is graph else graph.capture(tensor)
