"""Running a Python function once, to make its nodes in the graph of a function."""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from defrun.base import dtypes, nest
from defrun.gradients import calls as calls
from defrun.graph.cloning import clone
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.specs import TensorSpec
from defrun.ops.array import identity
from defrun.ops.call import add_call
from defrun.variables.scope import get_variable_scope


def is_variable(value: Any) -> bool:
    """Whether `value` is a resource variable, which functions take as it is."""
    return isinstance(getattr(value, "handle", None), Tensor)


def argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """Return a name for each of `count` positional arguments."""
    names: list[str] = []
    with contextlib.suppress(TypeError, ValueError):
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names.append(parameter.name)
            elif parameter.kind is parameter.VAR_POSITIONAL:
                names.extend(f"{parameter.name}_{i}" for i in range(count - len(names)))
    return (names + [f"arg_{i}" for i in range(count)])[:count]


def title_of(function: Callable[..., Any]) -> str:
    """Return the function's name, less what names of nodes don't allow: that of a lambda is ``lambda``."""
    return re.sub(r"[^A-Za-z0-9_.]", "", getattr(function, "__name__", "")) or "function"


class ConcreteFunction:
    """A function of the graph: nodes made by one run of a Python function, for arguments of known types.

    Parameters
    ----------
    graph : FuncGraph
    structure
        What the Python function returned; places of tensors are taken from `graph.outputs`.
    """

    def __init__(self, graph: FuncGraph, structure: Any) -> None:
        self.graph = graph
        self.structured_outputs = structure
        self._outputs = list(graph.outputs)
        self._used = False

    @property
    def name(self) -> str:
        """The name in the library."""
        return self.graph.name

    @property
    def inputs(self) -> list[Tensor]:
        """The arguments inside the function; those for tensors from outside come last."""
        return list(self.graph.arguments)

    @property
    def outputs(self) -> list[Tensor]:
        """The results inside the function."""
        return [t for t in self._outputs if t is not None]

    @property
    def captured_inputs(self) -> list[Tensor]:
        """The tensors from outside that it takes."""
        return list(self.graph.captured)

    @property
    def output_shapes(self) -> Any:
        """The shapes of the results, in their structure."""
        return _map(lambda t: t.shape, self.structured_outputs)

    @property
    def output_dtypes(self) -> Any:
        """The types of the results, in their structure."""
        return _map(lambda t: t.dtype, self.structured_outputs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call with the tensors among the arguments."""
        given = [a for a in [*args, *kwargs.values()] if not is_variable(a)]
        count = len(self.graph.arguments) - len(self.graph.captured)
        flat = [leaf for leaf in nest.flatten(given) if isinstance(leaf, (Tensor, np.ndarray)) or count]
        if len(flat) != count:
            raise TypeError(f"{self.name} takes {count} tensors, not {len(flat)}")
        around = set(self.graph.captured.values())
        wanted = [a for a in self.graph.arguments if a not in around]
        return self.call_flat([convert_to_tensor(v, a.dtype) for v, a in zip(flat, wanted, strict=True)])

    def call_flat(self, inputs: list[Tensor]) -> Any:
        """Add a call with `inputs` for the arguments; return its results in the structure of the Python function's."""
        graph = self.graph
        if self._used:  # each call has random numbers and gradients of its own
            added, graph.outputs = graph.outputs, list(self._outputs)
            graph, self.graph.outputs = clone(graph, get_default_graph()), added
        self._used = True
        outer = get_default_graph()
        around = {argument: tensor for tensor, argument in self.graph.captured.items()}
        given = iter(inputs)
        taken = [around[a] if a in around else next(given) for a in self.graph.arguments]
        node = add_call(graph, [outer.capture(t) if t.graph is not outer else t for t in taken], self.name)
        for op in node.outputs:
            op._handle = self._outputs[op.value_index]._handle  # type: ignore[union-attr]
        outputs = iter(node.outputs)
        return _map(lambda _: next(outputs), self.structured_outputs, node)


def _map(function: Callable[[Tensor], Any], structure: Any, node: Any = None) -> Any:
    """Apply `function` to the tensors of a structure, those in composites too; operations become `node`."""

    def each(leaf: Any) -> Any:
        if isinstance(leaf, Tensor):
            return function(leaf)
        if isinstance(leaf, SparseTensor):
            return SparseTensor(function(leaf.indices), function(leaf.values), function(leaf.dense_shape))
        if isinstance(leaf, IndexedSlices):
            shape = None if leaf.dense_shape is None else function(leaf.dense_shape)
            return IndexedSlices(function(leaf.values), function(leaf.indices), shape)
        return node if isinstance(leaf, Operation) else leaf

    return nest.map_structure(each, structure)


@contextlib.contextmanager
def _resource_variables() -> Iterator[None]:
    scope = get_variable_scope()
    before = scope.use_resource
    scope.set_use_resource(True)
    try:
        yield
    finally:
        scope.set_use_resource(before)


def trace(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    name: str,
    signature: Any = None,
) -> ConcreteFunction:
    """Run `function` in a graph of its own, with placeholders for the tensors among its arguments.

    All that has effects runs, in the order in which it was made.
    """
    graph = FuncGraph(f"__inference_{name}", get_default_graph(), counted=False)
    specs = iter(nest.flatten(signature)) if signature is not None else None

    def argument(leaf: Any, label: str) -> Any:
        spec = next(specs, None) if specs is not None else None
        if is_variable(leaf):
            graph.captured[leaf.handle] = graph.argument(leaf.handle, label)
            return leaf
        if isinstance(spec, TensorSpec):
            dims = None if spec.shape.ndims is None else tuple(spec.shape.as_list())
            return graph.add_argument(spec.dtype, dims, spec.name or label)
        if isinstance(leaf, TensorSpec):
            dims = None if leaf.shape.ndims is None else tuple(leaf.shape.as_list())
            return graph.add_argument(leaf.dtype, dims, leaf.name or label)
        if isinstance(leaf, Tensor):
            return graph.argument(leaf, label)
        if isinstance(leaf, np.ndarray):
            return graph.add_argument(dtypes.as_dtype(leaf.dtype), leaf.shape, label)
        return leaf

    with graph.as_default(), _resource_variables():
        labels = argument_names(function, len(args))
        inner = [nest.map_structure(lambda v, n=n: argument(v, n), a) for a, n in zip(args, labels, strict=True)]
        named = {k: nest.map_structure(lambda v, n=k: argument(v, n), kwargs[k]) for k in sorted(kwargs)}
        result = function(*inner, **named)
        result = nest.map_structure(_as_result, result)
        order_effects_of(graph)
        result = _map(lambda t: identity(t if t.graph is graph else graph.capture(t)), result)
        _map(graph.outputs.append, result)
    return ConcreteFunction(graph, result)


def _as_result(value: Any) -> Any:
    if value is None or isinstance(value, (Operation, SparseTensor, IndexedSlices)):
        return value
    return convert_to_tensor(value)


def order_effects_of(graph: FuncGraph) -> None:
    """Let what has effects run in the order of its making: all that uses one resource, and all that uses none."""
    last: dict[Tensor | None, Operation] = {}
    for op in graph.get_operations():
        definition = op.definition
        if definition.placeholder or definition.initial_state is not None or not definition.stateful:
            continue
        used: list[Tensor | None] = [t for t in dict.fromkeys(op._inputs) if t.dtype == dtypes.resource]
        for resource in used or [None]:
            before = last.get(resource)
            if before is not None and before is not op:
                op._add_control_inputs([before])
            last[resource] = op
        graph.control_outputs.append(op)
