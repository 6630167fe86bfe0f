"""Gradients: walk the graph backwards from the losses, asking each op's own rule. Adds nodes and runs nothing."""

from __future__ import annotations

import contextlib
import enum
import heapq
from collections.abc import Iterator
from typing import Any

from defrun.base import dtypes
from defrun.gradients.node_counts import tensorflow_nodes
from defrun.gradients.registry import rule_of
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import array, cast, creation, flow, join, math
from defrun.ops.constant import constant

Gradient = Tensor | IndexedSlices


class UnconnectedGradients(enum.Enum):
    """What `gradients` gives where there is no path from an x to the ys."""

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """Ways to add up gradients. XLA chooses for itself; these names are taken for TensorFlow's sake."""

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: UnconnectedGradients = UnconnectedGradients.NONE,
) -> list[Any]:
    """Add nodes that compute the derivatives of the sum of `ys` with respect to each of `xs`.

    Parameters
    ----------
    ys, xs : Tensor, Variable or list of them
    grad_ys : list, optional
        What each y's gradient starts from; ones by default.
    name : str
        Name scope of the new nodes.
    colocate_gradients_with_ops : bool
        Place each new node with the one it differentiates.
    gate_gradients : bool
        Wait for all gradients of an op before any is used.
    aggregation_method : int, optional
        Taken; XLA decides.
    stop_gradients : list, optional
        Tensors to take as constants.
    unconnected_gradients : UnconnectedGradients
        None or zeros for an x that no y depends on.

    Returns
    -------
    list
        For each x a Tensor of its shape, `IndexedSlices` (lookups), or None.

    Raises
    ------
    LookupError
        If an op on the way has no gradient rule.
    ValueError
        If a gradient's shape or number doesn't fit.
    TypeError
        If a y is an integer, or a grad_y of another type than its y.
    """
    unconnected = UnconnectedGradients(unconnected_gradients)
    y_list, x_list = as_list(ys), as_list(xs)
    start_list = [None] * len(y_list) if grad_ys is None else as_list(grad_ys)
    if len(start_list) != len(y_list):
        raise ValueError(f"Passed {len(start_list)} grad_ys for {len(y_list)} ys")
    sources = [*y_list, *x_list, *as_list(stop_gradients), *start_list]
    with name_scope(name, "gradients", [v for v in sources if v is not None]) as scope:
        graph = get_default_graph()
        targets = [convert_to_tensor(y, name="y") for y in y_list]
        wanted = [differentiation_target(x) for x in x_list]
        graph.losses.update(y for y, start in zip(targets, start_list, strict=True) if start is None and _is_number(y))
        stops = {convert_to_tensor(s).op for s in as_list(stop_gradients)}
        backward = _Backward(graph, scope, colocate_gradients_with_ops, gate_gradients)
        for tensor, start in zip(targets, _start(targets, start_list, unconnected), strict=True):
            backward.add(tensor, start)
        with _named_source(graph, scope):
            backward.walk(targets, wanted, stops)
        return [_result(backward.gradient(x), x, unconnected) for x in wanted]


@contextlib.contextmanager
def _named_source(graph: Graph, scope: str) -> Iterator[None]:
    """Give what is gathered by name on the way (arrays of gradients) this call's name; a call for a loop's body or a
    branch belongs to the call that it is made from.
    """
    outer: Any = graph
    while isinstance(outer, FuncGraph) and outer.gradient_source is None:
        outer = outer.outer_graph
    if outer.gradient_source is not None:
        yield
        return
    graph.gradient_source = f"{graph.name}/{scope}" if isinstance(graph, FuncGraph) else scope
    try:
        yield
    finally:
        graph.gradient_source = None


def _is_number(y: Tensor) -> bool:
    """Whether `y` is, or may be, one number, as a loss is; a policy or the values of actions are not."""
    return y.shape.ndims in (None, 0)


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def differentiation_target(x: Any) -> Tensor:
    """Return the tensor that stands for x in the graph: a variable's reference or handle, not one of its reads."""
    if isinstance(x, (Tensor, IndexedSlices)):
        return x if isinstance(x, Tensor) else x.values
    handle = getattr(x, "handle", None)
    if isinstance(handle, Tensor):
        return handle
    return convert_to_tensor(x, name="x", as_ref=True)


def is_trainable(tensor: Tensor) -> bool:
    """Whether gradients flow through the dtype of `tensor`."""
    kind = tensor.dtype.base_dtype
    return kind.is_floating or kind.is_complex or kind in (dtypes.resource, dtypes.variant)


def _start(ys: list[Tensor], given: list[Any], unconnected: UnconnectedGradients) -> Iterator[Gradient]:
    for i, (y, grad) in enumerate(zip(ys, given, strict=True)):
        kind = y.dtype.base_dtype
        if grad is None:
            if kind.is_complex:
                raise TypeError(f"Gradients of complex tensors must set grad_ys (y.dtype = {kind.name})")
            if not kind.is_floating and not kind.is_integer:
                raise TypeError(f"Gradients of {kind.name} tensors are not defined: {y}")
            yield creation.fill(array.shape(y), constant(1, kind, name=f"grad_ys_{i}"))
            continue
        if isinstance(grad, IndexedSlices):
            yield grad
            continue
        tensor = convert_to_tensor(grad, dtype=kind if not isinstance(grad, Tensor) else None, name=f"grad_ys_{i}")
        if tensor.dtype.base_dtype != kind:
            raise TypeError(
                f"Gradient type {tensor.dtype.name} generated for tensor {y} of type {kind.name} must match"
            )
        get_default_graph()._phantoms += 1  # TensorFlow copies it
        if not tensor.shape.is_compatible_with(y.shape):
            raise ValueError(f"Shape {tensor.shape} of grad_ys_{i} doesn't fit the shape {y.shape} of {y.name}")
        yield tensor


class _Backward:
    """The gradients gathered so far, and the walk that gathers them."""

    def __init__(self, graph: Graph, scope: str, colocate: bool, gate: bool) -> None:
        self.graph = graph
        self.scope = scope
        self.colocate = colocate
        self.gate = gate
        self.parts: dict[Tensor, list[Gradient]] = {}

    def add(self, tensor: Tensor, grad: Gradient) -> None:
        """Add one part of the gradient of `tensor`."""
        self.parts.setdefault(tensor, []).append(grad)

    def gradient(self, tensor: Tensor) -> Gradient | None:
        """Return the sum of the parts."""
        parts = self.parts.get(tensor)
        if not parts:
            return None
        if len(parts) > 1:
            with self.near(tensor._op):
                parts[:] = [add_up(parts)]
        return parts[0]

    def walk(self, ys: list[Tensor], xs: list[Tensor], stops: set[Operation]) -> None:
        """Visit the ops between `ys` and `xs`, each after all that use its outputs; pass gradients to their inputs."""
        between = _between(ys, xs) - stops
        heap = [(-y._op._id, y._op) for y in dict.fromkeys(ys) if y._op in between]
        queued = {op for _, op in heap}
        heap = list({op: (-op._id, op) for _, op in heap}.values())
        heapq.heapify(heap)
        ends = {x._op for x in xs if all(t._op not in between for t in x._op._inputs)}
        while heap:
            _, op = heapq.heappop(heap)
            grads = [self.gradient(t) for t in op.outputs]
            if op in ends or all(g is None for g in grads):
                continue
            for tensor, grad in zip(op._inputs, self.backpropagate(op, grads), strict=True):
                if grad is None or not (is_trainable(tensor)):
                    continue
                self.add(tensor, grad)
                if tensor._op in between and tensor._op not in queued:
                    queued.add(tensor._op)
                    heapq.heappush(heap, (-tensor._op._id, tensor._op))

    def backpropagate(self, op: Operation, grads: list[Gradient | None]) -> list[Gradient | None]:
        """Ask the rule of `op` for the gradients of its inputs."""
        rule, users = rule_of(op)
        if rule is None:
            return [None] * len(op._inputs)
        with self.near(op), name_scope(f"{op.name}_grad"):
            given: list[Any] = list(grads)
            for i, output in enumerate(op.outputs):
                if not is_trainable(output):
                    given[i] = None
                elif given[i] is None and users:
                    given[i] = creation.zeros_like(output)
                elif isinstance(given[i], IndexedSlices) and not users and not op.definition.forwards:
                    given[i] = convert_to_tensor(given[i])
            before = self.graph._last_id
            result = rule(op, *given)
            if not users:
                self.count_as_tensorflow(op, grads, self.graph._last_id - before)
            found = list(result) if isinstance(result, (list, tuple)) else [result]
            if len(found) != len(op._inputs):
                raise ValueError(
                    f"Num gradients {len(found)} generated for op {op.name} ({op.type}) do not match num inputs "
                    f"{len(op._inputs)}"
                )
            found = [self.checked(op, t, g) for t, g in zip(op._inputs, found, strict=True)]
            if self.gate and sum(g is not None for g in found) > 1:
                found = flow.tuple_(found)
        return found

    def count_as_tensorflow(self, op: Operation, grads: list[Gradient | None], made: int) -> None:
        """Count the nodes that TensorFlow would have made where a rule has just `made` so many."""
        nodes = tensorflow_nodes(op, grads)
        if nodes is not None:
            # It has zeros for every output that has no gradient.
            zeros = sum(grad is None and is_trainable(output) for output, grad in zip(op.outputs, grads, strict=True))
            self.graph._phantoms += nodes + zeros - made

    def checked(self, op: Operation, source: Tensor, grad: Any) -> Gradient | None:
        """Make sure that a rule's gradient fits the input that it is for."""
        if grad is None or isinstance(grad, IndexedSlices):
            return grad
        tensor = convert_to_tensor(grad, dtype=None if isinstance(grad, Tensor) else source.dtype.base_dtype)
        if source.dtype.base_dtype == dtypes.resource:
            return tensor
        try:
            tensor.set_shape(source.shape)
        except ValueError:
            raise ValueError(
                f"Incompatible shapes between op input and calculated input gradient. Forward operation: {op.name}. "
                f"Original input shape: {source.shape}. Calculated input gradient shape: {tensor.shape}"
            ) from None
        return tensor

    @contextlib.contextmanager
    def near(self, op: Operation) -> Iterator[None]:
        """Place new nodes with `op` if that was asked for."""
        if self.colocate and op.graph is self.graph:
            with self.graph.colocate_with(op, ignore_existing=True):
                yield
        else:
            yield


def _between(ys: list[Tensor], xs: list[Tensor]) -> set[Operation]:
    """Return the ops on paths from `xs` to `ys`."""
    reached: set[Operation] = set()
    stack = [x._op for x in xs]
    while stack:
        op = stack.pop()
        if op not in reached:
            reached.add(op)
            stack.extend(c for t in op.outputs if is_trainable(t) for c in t._consumers)
    between: set[Operation] = set()
    stack = [y._op for y in ys]
    while stack:
        op = stack.pop()
        if op in reached and op not in between:
            between.add(op)
            stack.extend(t._op for t in op._inputs)
    return between


def add_up(parts: list[Gradient]) -> Gradient:
    """Add gradients: tensors by one AddN; rows of a larger tensor by putting them behind each other."""
    if all(isinstance(p, Tensor) for p in parts):
        return math.add_n(parts)
    if any(isinstance(p, Tensor) for p in parts):
        return math.add_n([convert_to_tensor(p) for p in parts])
    slices: list[Any] = list(parts)
    values = join.concat([s.values for s in slices], 0)
    indices = [s.indices for s in slices]
    if len({i.dtype for i in indices}) > 1:
        indices = [cast.cast(i, dtypes.int64) for i in indices]
    return IndexedSlices(values, join.concat(indices, 0), slices[0].dense_shape)


def _result(grad: Gradient | None, x: Tensor, unconnected: UnconnectedGradients) -> Any:
    if grad is not None or unconnected is UnconnectedGradients.NONE:
        return grad
    return creation.zeros_like(x)
