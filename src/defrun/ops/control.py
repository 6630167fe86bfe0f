"""Choosing inside the graph: `cond`, and mapping a function over rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes, nest
from defrun.base.dtypes import DType
from defrun.graph.attrs import Func
from defrun.graph.components import components, with_components
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph, counted_as
from defrun.graph.graph import get_default_graph
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import identity
from defrun.ops.declare import op


def _choose(run: Any, cond: Any, input: list[Any], then_branch: Func, else_branch: Func) -> list[Any]:
    functions = [else_branch, then_branch]
    arguments = [[(cond, *input)[i] for i in f.graph.argument_places] for f in functions]
    return run.choose(cond, functions, arguments)


def _outputs(then_branch: Func, else_branch: Func) -> list[Any]:
    return common_shapes([then_branch.graph, else_branch.graph])


def common_shapes(graphs: list[FuncGraph]) -> list[Any]:
    """Return what is known of the outputs' shapes whichever of the functions runs."""
    outputs = zip(*(graph.outputs for graph in graphs), strict=True)
    return [_common([t._dims for t in each if t is not None]) for each in outputs]


@op("If", "cond: Tcond, input: list(Tin) -> output: list(Tout)", control=True, stateful=True, shape=_outputs)
def if_(
    run,
    cond,
    input,
    Tout: list[DType],
    then_branch: Func,
    else_branch: Func,
    output_shapes: list[Dims] = [],  # noqa: B006
):
    """Run `then_branch` where `cond` holds, else `else_branch`."""
    return _choose(run, cond, input, then_branch, else_branch)


@op("StatelessIf", "cond: Tcond, input: list(Tin) -> output: list(Tout)", control=True, shape=_outputs)
def stateless_if(
    run,
    cond,
    input,
    Tout: list[DType],
    then_branch: Func,
    else_branch: Func,
    output_shapes: list[Dims] = [],  # noqa: B006
):
    """`if_` of branches without effects."""
    return _choose(run, cond, input, then_branch, else_branch)


@op("_Nothing", "-> output: dtype", shape=lambda: None, differentiable=False)
def nothing(dtype: DType):
    """Stand for an output that a branch does not have, where a node must stand: it is not to be run."""
    return np.zeros((), dtype.value_dtype)


def add_if(predicate: Tensor, captured: list[Tensor], then: FuncGraph, otherwise: FuncGraph, name: str) -> Operation:
    """Add the node that chooses between two functions, whose arguments are among `captured`."""
    for graph in (then, otherwise):
        graph.argument_places = [1 + captured.index(outer) for outer in graph.captured]
    functions = (Func(then.name, then), Func(otherwise.name, otherwise))
    stateful = any(inner.definition.stateful for graph in (then, otherwise) for inner in graph._ops)
    types = [(a if a is not None else b).dtype.base_dtype for a, b in zip(then.outputs, otherwise.outputs, strict=True)]  # type: ignore[union-attr]
    build = if_ if stateful else stateless_if
    node = build.node(predicate, captured, types, *functions, _outputs(*functions), name=name)
    node.attrs["_lower_using_switch_merge"] = True
    outer = dict.fromkeys([*then.outer_controls, *otherwise.outer_controls])
    if outer:
        with node.graph.control_dependencies(list(outer)):
            node._add_control_inputs(node.graph._control_inputs_for([]))
    return node


def _common(shapes: list[Any]) -> Any:
    """Return what the shapes have in common."""
    first = shapes[0]
    for other in shapes[1:]:
        if first is None or other is None or len(first) != len(other):
            return None
        first = tuple(a if a == b else None for a, b in zip(first, other, strict=True))
    return first


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Callable[[], Any] | None = None,
    fn2: Callable[[], Any] | None = None,
) -> Any:
    """Run `true_fn` where `pred` holds, else `false_fn`.

    Parameters
    ----------
    pred : bool Tensor []
    true_fn, false_fn : callable
        Make the nodes of each branch; they return the same structure of tensors of the same types. In the place of an
        operation, `pred` comes back.
    strict : bool
        Keep a list of one element as a list.
    name : str, optional

    Raises
    ------
    TypeError
        If a branch is not callable, or their structures differ in type, or `pred` is a Python bool.
    ValueError
        If the branches return nothing, or different structures, or tensors of different types.
    """
    true_fn, false_fn = _one_of("true_fn", true_fn, "fn1", fn1), _one_of("false_fn", false_fn, "fn2", fn2)
    if not callable(true_fn):
        raise TypeError("true_fn must be callable.")
    if not callable(false_fn):
        raise TypeError("false_fn must be callable.")
    if isinstance(pred, bool):
        raise TypeError("pred must not be a Python bool")
    with name_scope(name, "cond", [pred]) as scope:
        predicate = convert_to_tensor(pred, dtype=dtypes.bool, name="pred")
        if predicate.shape.ndims not in (None, 0):
            raise ValueError(f"pred must be a scalar, not of shape {predicate.shape}: {predicate}")
        graph = get_default_graph()
        label = scope[:-1].replace("/", "_")
        graph._phantoms += 4  # TensorFlow makes a Switch and three Identity nodes first
        then = _Branch(f"{label}_true", predicate, true_fn, "true_fn", strict)
        otherwise = _Branch(f"{label}_false", predicate, false_fn, "false_fn", strict)
        _check_same(then, otherwise)
        captured = list(dict.fromkeys([*then.graph.captured, *otherwise.graph.captured]))
        with counted_as(graph, len(then.graph.outputs)):  # a Merge for each
            node = add_if(predicate, captured, then.graph, otherwise.graph, scope)
            outputs = [identity(t, name="Identity") for t in node.outputs]
    return then.packed(outputs)


def _one_of(name: str, given: Any, old_name: str, old: Any) -> Any:
    if old is None:
        return given
    if given is not None:
        raise TypeError(f"cond(): {name} and {old_name} may not be set simultaneously.")
    return old


class _Branch:
    """One branch: its graph, and what its function returned."""

    def __init__(self, name: str, predicate: Tensor, function: Callable[[], Any], title: str, strict: bool) -> None:
        self.graph = FuncGraph(name, get_default_graph())
        with self.graph.as_default():
            self.result = function()
            if self.result is None:
                raise ValueError(f"{title} must have a return value.")
            if not strict:
                self.result = _unpacked(self.result)
            self.leaves = [self.value(v, predicate) for v in nest.flatten(self.result)]
            self.graph.outputs = [self.inside(t) for leaf in self.leaves for t in components(leaf)]
            self.graph.order_arguments()

    def value(self, leaf: Any, predicate: Tensor) -> Any:
        if isinstance(leaf, Operation):
            with self.graph.control_dependencies([leaf]), counted_as(self.graph, 1):
                return identity(self.graph.capture(predicate))
        return leaf if hasattr(leaf, "_components") else convert_to_tensor(leaf)

    def inside(self, tensor: Tensor) -> Tensor:
        return tensor if tensor.graph is self.graph else self.graph.capture(tensor)

    def packed(self, tensors: list[Tensor]) -> Any:
        """Return other tensors in the structure of the result."""
        rest = iter(tensors)
        leaves = [with_components(leaf, [next(rest) for _ in components(leaf)]) for leaf in self.leaves]
        return nest.pack_sequence_as(self.result, leaves)


def _unpacked(result: Any) -> Any:
    if isinstance(result, (list, tuple)) and len(result) == 1 and not hasattr(result, "_fields"):
        return result[0]
    return result


def _check_same(then: _Branch, otherwise: _Branch) -> None:
    kinds = "Incompatible return {} of true_fn and false_fn: {}"
    try:
        nest.assert_same_structure(then.result, otherwise.result)
    except TypeError as error:
        raise TypeError(kinds.format("types", error)) from None
    except ValueError as error:
        raise ValueError(kinds.format("values", error)) from None
    for a, b in zip(then.leaves, otherwise.leaves, strict=True):
        if type(a) is not type(b) or len(components(a)) != len(components(b)):
            raise TypeError(kinds.format("types", f"{a!r} and {b!r}"))
    if not then.graph.outputs:
        raise ValueError("true_fn and false_fn must return at least one result.")
    for x, y in zip(then.graph.outputs, otherwise.graph.outputs, strict=True):
        if x is not None and y is not None and x.dtype.base_dtype != y.dtype.base_dtype:
            raise ValueError(f"Outputs of true_fn and false_fn must have the same type: {x.dtype.name}, {y.dtype.name}")


def smart_cond(pred: Any, true_fn: Any = None, false_fn: Any = None, name: str | None = None) -> Any:
    """Call one of the functions if `pred` is known while building the graph; else `cond`."""
    value = pred if isinstance(pred, bool) else smart_constant_value(pred)
    if value is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if value else false_fn()


def smart_constant_value(pred: Any) -> bool | None:
    """Return the value of `pred` (a tensor, Python bool, 0 or 1) if it is known while building the graph.

    Raises
    ------
    TypeError
        If it is nothing of the kind.
    """
    if isinstance(pred, bool) or (isinstance(pred, int) and pred in (0, 1)):
        return bool(pred)
    if isinstance(pred, Tensor):
        value = constant_value(pred)
        return None if value is None else bool(value)
    raise TypeError(f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {pred!r}")


@op("_Map", "rows: T, others: list(Tin) -> output: Tout", control=True, differentiable=False)
def map_rows(run, rows, others, function: Func, Tout: DType):
    """Run `function` on each row of `rows`."""
    return run.map_rows(function, rows, others)[0]


@map_rows.shape
def _(rows, function):
    inner = function.graph.outputs[0]._dims
    return None if rows is None or inner is None else (rows[0], *inner)


def vectorized_map(function: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
    """Run `function` on each row of `rows`, all at once, and stack the results."""
    graph = FuncGraph("map", get_default_graph(), counted=False)
    row = Tensor(rows.op, rows.value_index, rows.dtype, None if rows.dims is None else rows.dims[1:])
    argument = graph.argument(row, "row")
    with graph.as_default():
        result = convert_to_tensor(function(argument))
        graph.outputs = [result if result.graph is graph else graph.capture(result)]
    graph.argument_places = list(range(len(graph.arguments)))
    return map_rows(rows, list(graph.captured), Func(graph.name, graph), result.dtype.base_dtype)
