"""Turning Python values into tensors, and the registry of who can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Tensor

Converter = Callable[..., Any]

_converters: list[tuple[int, int, tuple[type, ...], Converter]] = []
_chosen: dict[type, list[Converter]] = {}


def register_tensor_conversion_function(base_type: Any, conversion_func: Converter, priority: int = 100) -> None:
    """Let `conversion_func(value, dtype=None, name=None, as_ref=False)` convert instances of `base_type`.

    Functions of lower `priority` are asked first; one may return `NotImplemented` to pass.

    Raises
    ------
    TypeError
        If `base_type` is not a type or a tuple of types, or `conversion_func` is not callable.
    """
    types = base_type if isinstance(base_type, tuple) else (base_type,)
    if not all(isinstance(t, type) for t in types):
        raise TypeError("base_type must be a type or a tuple of types.")
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _converters.append((priority, len(_converters), types, conversion_func))
    _converters.sort(key=lambda entry: entry[:2])
    _chosen.clear()


def _converters_for(kind: type) -> list[Converter]:
    if kind not in _chosen:
        _chosen[kind] = [function for _, _, types, function in _converters if issubclass(kind, types)]
    return _chosen[kind]


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
    as_ref: bool = False,
) -> Tensor:
    """Convert `value` (a number, list, array, variable, ...) to a Tensor.

    Parameters
    ----------
    value : any
        A type with a registered conversion function; tensors are returned as they are.
    dtype : DType, optional
        Type of the elements; by default the value's own.
    name : str, optional
        Name of the node, if one is made.
    preferred_dtype, dtype_hint : DType, optional
        Used if `dtype` is not given and the value converts to it.

    Raises
    ------
    ValueError
        If `value` is a tensor of another dtype.
    TypeError
        If nothing converts `value` to `dtype`.
    """
    kind = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(value, Tensor):
        if kind is not None and not kind.is_compatible_with(value.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {kind.name} for Tensor with dtype {value.dtype.name}: {value!s}"
            )
        return value
    hint = preferred_dtype if preferred_dtype is not None else dtype_hint
    hint = None if hint is None else dtypes.as_dtype(hint)
    for convert in _converters_for(type(value)):
        result = NotImplemented
        if kind is None and hint is not None:
            try:
                result = convert(value, dtype=hint, name=name, as_ref=as_ref)
            except (TypeError, ValueError):
                result = NotImplemented
            if result is not NotImplemented and result.dtype.base_dtype != hint.base_dtype:
                raise TypeError(f"convert_to_tensor did not convert to the preferred dtype: {result.dtype.name} vs "
                                f"{hint.name}")  # fmt: skip
        if result is NotImplemented:
            result = convert(value, dtype=kind, name=name, as_ref=as_ref)
        if result is NotImplemented:
            continue
        if not isinstance(result, Tensor):
            raise RuntimeError(f"Conversion function {convert!r} returned {result!r}, which is no Tensor")
        if kind is not None and not kind.is_compatible_with(result.dtype):
            raise RuntimeError(f"Conversion function {convert!r} returned {result.dtype.name}, not {kind.name}")
        return result
    wanted = "" if kind is None else f" to dtype {kind.name}"
    raise TypeError(f"Cannot convert {value!r} of type {type(value).__name__}{wanted} to Tensor.")


def convert_n_to_tensor(values: Iterable[Any], dtype: Any = None, name: str | None = None) -> list[Tensor]:
    """Convert each of `values`; the i-th node is named ``name_i``."""
    return [
        convert_to_tensor(value, dtype=dtype, name=None if name is None else f"{name}_{i}")
        for i, value in enumerate(values)
    ]


def graph_of(values: Iterable[Any]) -> Graph:
    """Return the graph that the tensors among `values` belong to, else the default graph.

    Raises
    ------
    ValueError
        If two of them belong to different graphs, neither inside the other.
    """
    default = get_default_graph()
    if default.building_function:
        return default
    found: Graph | None = None
    first: Any = None
    for value in values:
        if isinstance(value, Tensor):
            graph = value._op.graph
        elif (graph := getattr(value, "graph", None)) is None or not isinstance(graph, Graph):  # type: ignore[assignment]
            continue
        if found is None:
            found, first = graph, value
        elif graph is not found:
            raise ValueError(f"{value!r} must be from the same graph as {first!r}.")
    return default if found is None else found


def base_type(value: Any) -> DType | None:
    """Return the dtype of a tensor-like value, without the mark of a reference; None for plain Python values."""
    kind = getattr(value, "dtype", None)
    return kind.base_dtype if isinstance(kind, DType) else None
