"""The scopes of the default graph as functions of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from defrun.graph.convert import graph_of
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Operation, Tensor


class name_scope:
    """Put a name before the names of the nodes made in a ``with`` block.

    Parameters
    ----------
    name : str or None
        The name; None takes `default_name`.
    default_name : str, optional
        Used if `name` is None.
    values : list, optional
        Tensors that the block works on: their graph becomes the default graph.

    Raises
    ------
    ValueError
        If neither name is given but `values` are, or the tensors are from different graphs.
    """

    def __init__(self, name: str | None, default_name: str | None = None, values: Any = None) -> None:
        if not (default_name is None or isinstance(default_name, str)):
            raise TypeError(f"`default_name` type ({type(default_name)}) is not a string type.")
        if name is None and default_name is None and values is not None:
            raise ValueError(f"At least one of name ({name}) and default_name ({default_name}) must be provided.")
        self._name = default_name if name is None else name
        self._values = [] if values is None else values
        self._stack: list[contextlib.ExitStack] = []

    @property
    def name(self) -> str | None:
        """The name asked for."""
        return self._name

    def __enter__(self) -> str:
        stack = contextlib.ExitStack()
        graph = graph_of(self._values)
        stack.enter_context(graph.as_default())
        try:
            scope = stack.enter_context(graph.name_scope(self._name))
        except BaseException:
            stack.close()
            raise
        self._stack.append(stack)
        return scope

    def __exit__(self, *exc: Any) -> None:
        self._stack.pop().__exit__(*exc)

    def __call__(self, function: Any) -> Any:
        """Decorate `function`: each call runs in the scope."""

        def scoped(*args: Any, **kwargs: Any) -> Any:
            with name_scope(self._name, values=None):
                return function(*args, **kwargs)

        return scoped


def device(device_name_or_function: Any) -> contextlib.AbstractContextManager[None]:
    """`Graph.device` of the default graph."""
    return get_default_graph().device(device_name_or_function)


def control_dependencies(control_inputs: Any) -> Any:
    """`Graph.control_dependencies` of the default graph."""
    return get_default_graph().control_dependencies(control_inputs)


def container(container_name: str) -> contextlib.AbstractContextManager[str]:
    """`Graph.container` of the default graph."""
    return get_default_graph().container(container_name)


def colocate_with(op: Any, ignore_existing: bool = False) -> contextlib.AbstractContextManager[None]:
    """`Graph.colocate_with` of the default graph."""
    return get_default_graph().colocate_with(op, ignore_existing)


@contextlib.contextmanager
def init_scope() -> Iterator[None]:
    """Leave all control dependencies, and the graph of any function that is being built."""
    graph = get_default_graph()
    outer: Graph = graph
    scope = graph.get_name_scope()
    while outer.building_function:
        outer = outer.outer_graph  # type: ignore[attr-defined]
        scope = "/".join(filter(None, (outer.get_name_scope(), scope)))
    with outer.as_default(), outer.control_dependencies(None), outer.name_scope(f"{scope}/" if scope else None):
        yield


def add_to_collection(name: Any, value: Any) -> None:
    """`Graph.add_to_collection` of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """`Graph.add_to_collections` of the default graph."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """`Graph.get_collection` of the default graph."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """`Graph.get_collection_ref` of the default graph."""
    return get_default_graph().get_collection_ref(key)


def get_all_collection_keys() -> list[Any]:
    """`Graph.get_all_collection_keys` of the default graph."""
    return get_default_graph().get_all_collection_keys()


def strip_name_scope(name: str, export_scope: str | None) -> str:
    """Remove the leading scope `export_scope` from a node name."""
    if not export_scope:
        return name
    prefix = export_scope if export_scope.endswith("/") else f"{export_scope}/"
    mark = "^" if name.startswith("^") else ""
    body = name[len(mark) :]
    return mark + body[len(prefix) :] if body.startswith(prefix) else name


def prepend_name_scope(name: str, import_scope: str | None) -> str:
    """Put the scope `import_scope` before a node name."""
    if not import_scope:
        return name
    mark = "^" if name.startswith("^") else ""
    return f"{mark}{import_scope.rstrip('/')}/{name[len(mark) :]}"


def op_of(value: Tensor | Operation | Any) -> Operation:
    """Return the operation behind a tensor, an operation or a variable."""
    return value if isinstance(value, Operation) else value.op
