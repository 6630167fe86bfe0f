"""`switch_case`: choose among functions by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import nest
from defrun.base.dtypes import DType
from defrun.graph.attrs import Func
from defrun.graph.components import components, with_components
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import get_default_graph
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.control import common_shapes
from defrun.ops.declare import op


def _outputs(branches: list[Func]) -> list[Any]:
    return common_shapes([f.graph for f in branches])


@op("Case", "branch_index: int32[], input: list(Tin) -> output: list(Tout)", control=True, stateful=True,
    shape=_outputs)  # fmt: skip
def case_op(
    run,
    branch_index,
    input,
    Tout: list[DType],
    branches: list[Func],
    output_shapes: list[Dims] = [],  # noqa: B006
):
    """Run branch `branch_index`; the last one for a number that no branch has."""
    values = (branch_index, *input)
    arguments = [[values[i] for i in f.graph.argument_places] for f in branches]
    return run.choose(branch_index, branches, arguments)


def add_case(index: Tensor, captured: list[Tensor], graphs: list[FuncGraph], name: str) -> Operation:
    """Add the node that chooses among functions, whose arguments are among `captured`."""
    for graph in graphs:
        graph.argument_places = [1 + captured.index(outer) for outer in graph.captured]
    firsts = [next(t for t in outputs if t is not None) for outputs in zip(*(g.outputs for g in graphs), strict=True)]
    types = [t.dtype.base_dtype for t in firsts]
    functions = [Func(g.name, g) for g in graphs]
    waits = dict.fromkeys(c for g in graphs for c in g.outer_controls)
    with control_dependencies(list(waits)):
        node = case_op.node(index, captured, types, functions, _outputs(functions), name=name)
    node.attrs["_lower_using_switch_merge"] = True
    return node


def switch_case(
    branch_index: Tensor,
    branch_fns: Any,
    default: Callable[[], Any] | None = None,
    name: str = "switch_case",
) -> Any:
    """Run the function of number `branch_index`.

    Parameters
    ----------
    branch_index : int32 Tensor []
    branch_fns : list of callable, list of (int, callable), or dict
        Functions for 0, 1, ...; they return the same structure of tensors of the same types.
    default : callable, optional
        For numbers without a function; by default the last function.
    name : str

    Raises
    ------
    TypeError
        If `branch_index` is no integer tensor, or the functions are not what they should be, or return what differs.
    ValueError
        If there are no functions, or their numbers leave some out.
    """
    if not isinstance(branch_index, Tensor):
        raise TypeError(f"branch_index must a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"branch_index must an integer Tensor, got {branch_index.dtype}")
    functions = _in_order(branch_fns)
    if default is not None:
        functions.append(default)
    with name_scope(name, "case", [branch_index]), name_scope("indexed_case") as scope:
        label = scope[:-1].replace("/", "_")
        branches = [_Branch(f"{label}_branch{i}", f, branch_index) for i, f in enumerate(functions)]
        for i, other in enumerate(branches[1:], 1):
            branches[0].check_same(other, i)
        graphs = [branch.graph for branch in branches]
        captured = list(dict.fromkeys(t for graph in graphs for t in graph.captured))
        node = add_case(branch_index, captured, graphs, scope)
        return branches[0].packed([identity(t) for t in node.outputs])


def _in_order(given: Any) -> list[Callable[[], Any]]:
    if not given:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(given, (list, tuple, dict)):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs: list[Any] = list(given.items() if isinstance(given, dict) else given)
    if all(callable(f) for f in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        key, function = pair
        if not isinstance(key, int):
            raise TypeError(f"key must be a Python `int`, got {type(key)}")
        if not callable(function):
            raise TypeError(f"fn for key {key} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError(f"branch indices (keys) must form contiguous range of [0 to {len(keys)}) but found {keys}")
    return [function for _, function in sorted(pairs, key=lambda pair: pair[0])]


class _Branch:
    """One function's graph, and what it returned."""

    def __init__(self, name: str, function: Callable[[], Any], index: Tensor) -> None:
        self.graph = FuncGraph(name, get_default_graph(), counted=False)
        with self.graph.as_default():
            self.result = function()
            self.leaves = [self.value(leaf, index) for leaf in nest.flatten(self.result)]
            self.graph.outputs = [self.graph.capture(t) for leaf in self.leaves for t in components(leaf)]
            self.graph.order_arguments()

    def value(self, leaf: Any, index: Tensor) -> Any:
        if isinstance(leaf, Operation):
            with self.graph.control_dependencies([leaf]):
                return identity(self.graph.capture(index))
        return leaf if hasattr(leaf, "_components") else convert_to_tensor(leaf)

    def check_same(self, other: _Branch, number: int) -> None:
        text = f"branches[0] and branches[{number}] of tf.switch_case must return the same structure and types: {{}}"
        try:
            nest.assert_same_structure(self.result, other.result)
        except (TypeError, ValueError) as error:
            raise TypeError(text.format(error)) from None
        mine, theirs = (
            [t.dtype.base_dtype.name if t is not None else None for t in b.graph.outputs] for b in (self, other)
        )
        if mine != theirs:
            raise TypeError(text.format(f"{mine} and {theirs}"))

    def packed(self, tensors: list[Tensor]) -> Any:
        """Return other tensors in the structure of the result."""
        rest = iter(tensors)
        leaves = [with_components(leaf, [next(rest) for _ in components(leaf)]) for leaf in self.leaves]
        return nest.pack_sequence_as(self.result, leaves)
