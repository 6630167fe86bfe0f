"""`while_loop`: repeat a part of the graph as long as a condition holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, as_dims
from defrun.graph.attrs import Func
from defrun.graph.components import components, with_components
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph, counted_as
from defrun.graph.graph import get_default_graph
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.rows import Rows
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import identity
from defrun.ops.compare import less, logical_and
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.math import add_v2


def _given_shapes(input: list[Dims], output_shapes: list[Dims]) -> list[Dims]:
    return output_shapes or [None] * len(input)


@op("While", "input: list(T) -> output: list(T)", control=True, stateful=True, shape=_given_shapes)
def while_(
    run,
    input,
    cond: Func,
    body: Func,
    output_shapes: list[Dims] = [],  # noqa: B006
    parallel_iterations: int = 10,
):
    """Give `input` to `body` and what it returns to `body` again, as long as `cond` of it holds."""
    return run.repeat(cond, body, input)


@op("StatelessWhile", "input: list(T) -> output: list(T)", control=True, shape=_given_shapes)
def stateless_while(
    run,
    input,
    cond: Func,
    body: Func,
    output_shapes: list[Dims] = [],  # noqa: B006
    parallel_iterations: int = 10,
):
    """`while_` without effects."""
    return run.repeat(cond, body, input)


@op("_StackRow", "stack: T, index: int32[] -> row: T")
def stack_row(stack, index):
    """Return what a loop has kept of iteration `index`."""
    return stack[index] if isinstance(stack, Rows) else jax.lax.dynamic_index_in_dim(stack, index, 0, keepdims=False)


@stack_row.shape
def _(stack):
    return None if stack is None else stack[1:]


@stack_row.gradient
def _(op, grad):
    stack, index = op.inputs
    return only_row(stack, index, grad, name="only_row"), None


@op("_OnlyRow", "stack: T, index: int32[], row: T -> alone: T")
def only_row(stack, index, row):
    """Return zeros of the shape of `stack` with `row` at `index`."""
    return jax.lax.dynamic_update_index_in_dim(jnp.zeros_like(stack), row, index, 0)


only_row.shape(lambda stack: stack)


@only_row.gradient
def _(op, grad):
    return None, None, stack_row(grad, op.inputs[1], name="row")


@op("_AddToRow", "stack: T, index: int32[], row: T -> sum: T")
def add_to_row(stack, index, row):
    """Return `stack` with `row` added at `index`."""
    return stack.at[index].add(row)


add_to_row.shape(lambda stack: stack)


@add_to_row.gradient
def _(op, grad):
    return grad, None, stack_row(grad, op.inputs[1], name="row")


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """Repeat `body` as long as `cond` holds.

    Parameters
    ----------
    cond : callable
        Takes the loop variables and returns a bool scalar.
    body : callable
        Takes the loop variables and returns their next values, in the same structure.
    loop_vars : list or tuple
        First values: tensors or what converts to them, TensorArrays, `IndexedSlices`, sparse tensors, nested at will.
    shape_invariants : structure of TensorShape, optional
        The shapes that variables have in every iteration, where these change; for a sparse tensor, of `dense_shape`.
    parallel_iterations : int
        Taken; a compiled loop has its own order.
    back_prop : bool
        Whether gradients go through the loop.
    swap_memory : bool
        Taken; what gradients need stays on the device.
    name : str, optional
    maximum_iterations : int or integer Tensor [], optional
    return_same_structure : bool
        Return a list of one variable as such, not as its element.

    Returns
    -------
    structure
        The last values, in the structure of `loop_vars`.

    Raises
    ------
    TypeError
        If `cond` or `body` is not callable, or a variable changes its type.
    ValueError
        If there are no variables, their structure changes, or a shape does without an invariant that allows for it.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    if not loop_vars:
        raise ValueError("No loop variables provided")
    return _Loop(loop_vars, shape_invariants, parallel_iterations, back_prop).build(
        cond, body, maximum_iterations, name or "while", return_same_structure
    )


class _Loop:
    """A loop that is being built."""

    def __init__(self, loop_vars: Any, invariants: Any, parallel_iterations: int, back_prop: bool) -> None:
        self.structure = loop_vars
        self.parallel_iterations = parallel_iterations
        self.back_prop = back_prop
        self.leaves = [_converted(v) for v in nest.flatten(loop_vars)]
        self.count_type = dtypes.int32
        self.first = [t for leaf in self.leaves for t in components(leaf)]
        self.shapes = self.declared_shapes(invariants)

    def declared_shapes(self, invariants: Any) -> list[Dims]:
        """Return the shape of each variable that holds in every iteration."""
        if invariants is None:
            shapes = ([v.dims] if isinstance(v, Tensor) else v._component_shapes(None) for v in self.leaves)
            return [dims for each in shapes for dims in each]
        nest.assert_same_structure(list(self.structure), list(invariants))
        found: list[Dims] = []
        for leaf, shape in zip(self.leaves, _flat_shapes(invariants), strict=True):
            found.extend(_component_shapes(leaf, shape))
        for tensor, dims in zip(self.first, found, strict=True):
            if not _fits(tensor.dims, dims):
                raise ValueError(
                    f"The shape invariant specified for {tensor.name} is not compatible with the initial shape of the "
                    f"loop variable: it enters the loop with shape {tensor.shape}, the invariant is {TensorShape(dims)}"
                )
        return found

    def build(self, cond: Any, body: Any, limit: Any, name: str, same_structure: bool) -> Any:
        """Add the nodes."""
        graph = get_default_graph()
        limited = limit is not None
        count = len(self.first) + limited
        if isinstance(graph, FuncGraph):
            self.first = [graph.capture(t) for t in self.first]
        with name_scope(name) as scope:
            label = scope[:-1].replace("/", "_")
            with counted_as(graph, 2 - isinstance(limit, Tensor) if limited else 0):
                most = _limit(limit)
                self.count_type = most.dtype.base_dtype
                counter = constant(0, self.count_type, name="loop_counter")
            graph._phantoms += 2 * count  # TensorFlow makes an Enter and a Merge for each
            test = self.condition(f"{label}_cond", cond, limited)
            graph._phantoms += 1 + 2 * count  # LoopCond, a Switch and an Identity for each
            step, result = self.body(f"{label}_body", body, limited, test)
            graph._phantoms += 2 * count  # NextIteration and Exit
            with counted_as(graph, 0):
                node = self.add_node(test, step, [counter, most, *self.first], scope)
                outputs = [identity(t, name="Identity") for t in node.outputs]
        last = self.packed(result, outputs[2 : 2 + len(self.first)])
        return last if same_structure or len(self.first) != 1 else nest.flatten(last)[0]

    def condition(self, name: str, cond: Any, limited: bool) -> FuncGraph:
        """Build the function that says whether there is another iteration."""
        graph, (counter, most), arguments = self.function(name)
        with graph.as_default():
            if limited:
                graph._phantoms += 1  # TensorFlow enters the limit
                below = less(counter, most)
            holds = convert_to_tensor(cond(*self.unpacked(arguments)))
            if holds.dtype.base_dtype is not dtypes.bool:
                raise TypeError(f"The condition of a loop must be a bool, not {holds.dtype.name}: {holds}")
            if holds.shape.ndims not in (None, 0):
                raise ValueError(f"The condition of a loop must be a scalar, not of shape {holds.shape}: {holds}")
            if limited:
                holds = logical_and(below, holds)
            graph.outputs = [graph.capture(holds)]
        return graph

    def body(self, name: str, body: Any, limited: bool, test: FuncGraph) -> tuple[FuncGraph, Any]:
        """Build the function that does one iteration; return what `body` returned, too."""
        graph, (counter, most), arguments = self.function(name)
        graph.entered |= test.entered
        graph.back_prop = self.back_prop
        with counted_as(graph, 0):
            for outer in test.captured:
                graph.capture(outer)
        with graph.as_default():
            with counted_as(graph, 2 if limited else 0):
                following = add_v2(counter, constant(1, self.count_type, name="add/y"), name="add")
            result = body(*self.unpacked(arguments))
            if not nest.is_sequence(result):
                result = [result]
            nest.assert_same_structure(list(self.structure), list(result))
            leaves = [_converted(v) for v in nest.flatten(result)]
            self.check_kinds(leaves)
            found = [graph.capture(t) for leaf in leaves for t in components(leaf)]
            self.check_results(found)
            graph.outputs = [following, most, *found]
        return graph, result

    def function(self, name: str) -> tuple[FuncGraph, list[Tensor], list[Tensor]]:
        """Start a function of the counter, the limit and the variables."""
        graph = FuncGraph(name, get_default_graph())
        graph.loops = True
        with counted_as(graph, 0):
            ends = [graph.add_argument(self.count_type, (), n) for n in ("loop_counter", "maximum_iterations")]
            arguments = [
                graph.add_argument(t.dtype.base_dtype, dims, handle=t._handle)
                for t, dims in zip(self.first, self.shapes, strict=True)
            ]
        return graph, ends, arguments

    def unpacked(self, tensors: list[Tensor]) -> Any:
        """Return tensors for the variables in the structure in which the user gave these."""
        return self.packed(self.structure, tensors)

    def packed(self, structure: Any, tensors: list[Tensor]) -> Any:
        rest = iter(tensors)
        leaves = []
        for like, own in zip(nest.flatten(structure), self.leaves, strict=True):
            part = [next(rest) for _ in components(own)]
            leaves.append(with_components(own if isinstance(own, Tensor) else like, part))
        return nest.pack_sequence_as(structure, leaves)

    def check_kinds(self, leaves: list[Any]) -> None:
        for before, after in zip(self.leaves, leaves, strict=True):
            if len(components(before)) != len(components(after)):
                raise TypeError(f"A loop variable enters as {before!r} and is {after!r} after one iteration")

    def check_results(self, found: list[Tensor]) -> None:
        """Hold types and shapes after an iteration against those before it."""
        for before, dims, after in zip(self.first, self.shapes, found, strict=True):
            if before.dtype.base_dtype is not after.dtype.base_dtype:
                raise TypeError(
                    f"Loop variable {before.name} enters the loop with type {before.dtype.base_dtype.name}, but has "
                    f"type {after.dtype.base_dtype.name} after one iteration ({after.name})"
                )
            if not _fits(after.dims, dims):
                raise ValueError(
                    f"Input tensor '{before.name}' enters the loop with shape {TensorShape(dims)}, but has shape "
                    f"{after.shape} after one iteration. Give `shape_invariants` if it may change."
                )

    def add_node(self, test: FuncGraph, step: FuncGraph, values: list[Tensor], name: str) -> Operation:
        """Add the node that loops, whose inputs are the variables and what the functions capture."""
        captured = list(step.captured)
        for graph in (test, step):
            own = list(range(len(values)))
            graph.argument_places = own + [len(values) + captured.index(outer) for outer in graph.captured]
        test.bounded = _is_bounded(test, step)
        inputs = [*values, *captured]
        shapes = [(), (), *self.shapes, *(t.dims for t in captured)]
        with control_dependencies(list(dict.fromkeys([*test.outer_controls, *step.outer_controls]))):
            return add_while(inputs, test, step, shapes, self.parallel_iterations, name)


def add_while(
    inputs: list[Tensor], test: FuncGraph, step: FuncGraph, shapes: list[Dims], parallel_iterations: int, name: str
) -> Operation:
    """Add a `While` node."""
    functions = (Func(test.name, test), Func(step.name, step))
    node = while_.node(inputs, *functions, shapes, parallel_iterations, name=name)
    node.attrs["_lower_using_switch_merge"] = True
    node.attrs["_num_original_outputs"] = len(inputs)
    for given, output in zip(inputs, node.outputs, strict=True):
        output._handle = given._handle
    return node


_RISING = {"Less": 0, "LessEqual": 0, "Greater": 1, "GreaterEqual": 1}  # the input that has to rise for it to fail


def _is_bounded(test: FuncGraph, step: FuncGraph) -> bool:
    """Whether a loop is sure to end: a counter must stay below, or above, something that stays the same."""
    place_of = dict(zip(test.arguments, test.argument_places, strict=True))
    argument_at = dict(zip(step.argument_places, step.arguments, strict=True))

    def same(tensor: Tensor) -> bool:
        place = place_of.get(tensor)
        if place is not None:
            return place >= len(step.outputs) or step.outputs[place] is argument_at[place]
        return not tensor.op.definition.stateful and all(same(t) for t in tensor.op.inputs)

    def counts(tensor: Tensor, up: bool) -> bool:
        place = place_of.get(tensor)
        following = None if place is None or place >= len(step.outputs) else step.outputs[place]
        return following is not None and _steps(following, argument_at[place], up)  # type: ignore[index]

    stack: list[Any] = list(test.outputs)
    while stack:
        op = stack.pop().op
        if op.type == "LogicalAnd":
            stack.extend(op.inputs)
        elif op.type in _RISING:
            rising, falling = op.inputs[_RISING[op.type]], op.inputs[1 - _RISING[op.type]]
            if (counts(rising, True) and same(falling)) or (counts(falling, False) and same(rising)):
                return True
    return False


def _steps(following: Tensor, before: Tensor, up: bool) -> bool:
    """Whether `following` is the integer `before` plus (or minus, if not `up`) a constant."""
    op = following.op
    if op.type not in ("Add", "AddV2", "Sub") or not following.dtype.is_integer:
        return False
    first, second = op.inputs
    if second is before and op.type != "Sub":
        first, second = second, first
    by = constant_value(second)
    if first is not before or by is None or by.size != 1:
        return False
    return bool((by > 0) == (up == (op.type != "Sub")) and by != 0)


def _limit(limit: Any) -> Tensor:
    kind = None if isinstance(limit, Tensor) else dtypes.int32
    most = convert_to_tensor(-1 if limit is None else limit, dtype=kind, name="maximum_iterations")
    if most.shape.ndims != 0:
        raise ValueError(f"maximum_iterations must be a scalar, not of shape {most.shape}")
    return most


def _converted(value: Any) -> Any:
    if hasattr(value, "_components"):
        return value
    return convert_to_tensor(value)


def _flat_shapes(invariants: Any) -> list[Any]:
    found = nest.flatten(invariants)
    if not all(isinstance(shape, TensorShape) for shape in found):
        raise ValueError("`shape_invariants` must be a (possibly nested) list of TensorShapes")
    return found


def _component_shapes(leaf: Any, shape: TensorShape) -> list[Dims]:
    if isinstance(leaf, Tensor):
        return [as_dims(shape)]
    return leaf._component_shapes(shape)


def _fits(dims: Dims, allowed: Dims) -> bool:
    """Whether every tensor of shape `dims` is of shape `allowed`."""
    if allowed is None:
        return True
    if dims is None or len(dims) != len(allowed):
        return False
    return all(limit is None or size == limit for size, limit in zip(dims, allowed, strict=True))
