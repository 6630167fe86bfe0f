"""Choosing inside the graph: `cond`, and mapping a function over rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from defrun.base import dtypes, nest
from defrun.base.dtypes import DType
from defrun.graph.attrs import Func
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
    if isinstance(cond, jax.Array):
        return run.choose(cond, functions, arguments)
    chosen = int(bool(cond))
    return run(functions[chosen], arguments[chosen])


def _outputs(then_branch: Func, else_branch: Func) -> list[Any]:
    pairs = zip(then_branch.graph.outputs, else_branch.graph.outputs, strict=True)
    return [_common([t._dims for t in pair if t is not None]) for pair in pairs]


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
        Make the nodes of each branch; they return the same structure of tensors of the same types, or both nothing.
    strict : bool
        Keep a list of one element as a list.
    name : str, optional

    Raises
    ------
    TypeError
        If a branch is not callable, or their results differ in type, or `pred` is a Python bool.
    ValueError
        If the branches return different structures.
    """
    true_fn, false_fn = true_fn or fn1, false_fn or fn2
    if not callable(true_fn):
        raise TypeError("true_fn must be callable.")
    if not callable(false_fn):
        raise TypeError("false_fn must be callable.")
    if isinstance(pred, bool):
        raise TypeError("pred must not be a Python bool")
    with name_scope(name, "cond", [pred]) as scope:
        predicate = convert_to_tensor(pred, dtype=dtypes.bool, name="pred")
        graph = get_default_graph()
        label = scope[:-1].replace("/", "_")
        graph._phantoms += 4  # TensorFlow makes a Switch and three Identity nodes first
        then, then_result = _build(f"{label}_true", true_fn)
        otherwise, else_result = _build(f"{label}_false", false_fn)
        _check_same(then_result, else_result, then, otherwise)
        captured = list(dict.fromkeys([*then.captured, *otherwise.captured]))
        # Without outputs, each branch returns an Identity, and one Merge follows; else a Merge for each output.
        with counted_as(graph, 3 if then_result is None else len(then.outputs)):
            node = add_if(predicate, captured, then, otherwise, scope)
    if then_result is None:
        return node
    with name_scope(scope), counted_as(graph, 0):
        outputs = [identity(t, name="Identity") for t in node.outputs]
    return _unpack(nest.pack_sequence_as(then_result, outputs), strict)


def _unpack(result: Any, strict: bool) -> Any:
    if not strict and isinstance(result, (list, tuple)) and len(result) == 1 and not hasattr(result, "_fields"):
        return result[0]
    return result


def _build(name: str, function: Callable[[], Any]) -> tuple[FuncGraph, Any]:
    graph = FuncGraph(name, get_default_graph())
    with graph.as_default():
        result = function()
        if result is None or (isinstance(result, Operation) and not result.outputs):
            graph.control_outputs = [] if result is None else [result]
            return graph, None
        flat = [t.outputs[0] if isinstance(t, Operation) else convert_to_tensor(t) for t in nest.flatten(result)]
        graph.outputs = [t if t.graph is graph else graph.capture(t) for t in flat]
        graph.order_arguments()
    return graph, result


def _check_same(a: Any, b: Any, then: FuncGraph, otherwise: FuncGraph) -> None:
    if (a is None) != (b is None) or len(then.outputs) != len(otherwise.outputs):
        raise ValueError("true_fn and false_fn must return the same number of outputs")
    if a is not None:
        nest.assert_same_structure(a, b)
    for x, y in zip(then.outputs, otherwise.outputs, strict=True):
        if x is not None and y is not None and x.dtype.base_dtype != y.dtype.base_dtype:
            raise TypeError(f"Outputs of true_fn and false_fn must have the same type: {x.dtype.name}, {y.dtype.name}")


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
