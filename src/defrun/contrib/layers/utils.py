"""Aliases of outputs, collections by variable, and sizes: what layers share."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from defrun.base.shapes import TensorShape
from defrun.graph.graph import get_default_graph
from defrun.graph.scopes import add_to_collection, add_to_collections, get_collection
from defrun.ops.control import smart_cond as smart_cond


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """Add `outputs` to collections under an alias; return them."""
    if collections:
        append_tensor_alias(outputs, alias)
        add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor: Any, alias: str) -> Any:
    """Give a tensor one more alias; return it."""
    tensor.aliases = [*getattr(tensor, "aliases", []), alias.removesuffix("/")]
    return tensor


def gather_tensors_aliases(tensors: Any) -> list[str]:
    """Return the aliases of several tensors."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def get_tensor_aliases(tensor: Any) -> list[str]:
    """Return the aliases of a tensor: those it was given, or its own name."""
    given: list[str] | None = getattr(tensor, "aliases", None)
    if given is not None:
        return given
    return [tensor.op.name if tensor.name.endswith(":0") else tensor.name]


def convert_collection_to_dict(collection: Any, clear_collection: bool = False) -> OrderedDict[str, Any]:
    """Return {alias: tensor} of a collection; `clear_collection` empties it."""
    tensors = get_collection(collection)
    found = OrderedDict((alias, tensor) for tensor in tensors for alias in get_tensor_aliases(tensor))
    if clear_collection:
        get_default_graph().clear_collection(collection)
    return found


def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """Return the collections for the variable `name`: a dict has them by name."""
    return variables_collections.get(name) if isinstance(variables_collections, dict) else variables_collections


def add_variable(variable: Any, collections: Any, name: str) -> None:
    """Add `variable` to the collections for `name`."""
    for collection in get_variable_collections(collections, name) or []:
        for part in list(variable) if hasattr(variable, "_variable_list") else [variable]:
            if not any(part is known for known in get_collection(collection)):
                add_to_collection(collection, part)


def channel_dimension(shape: TensorShape, data_format: str, min_rank: int = 1) -> int:
    """Return the number of channels: the size of axis 1 if `data_format` is channels_first, else of the last one.

    Raises
    ------
    ValueError
        If it is not known, or the rank is below `min_rank`.
    """
    return _size(shape, 1 if data_format == "channels_first" else -1, min_rank)


def last_dimension(shape: TensorShape, min_rank: int = 1) -> int:
    """Return the size of the last axis; `ValueError` if it is not known, or the rank is below `min_rank`."""
    return _size(shape, -1, min_rank)


def _size(shape: TensorShape, axis: int, min_rank: int) -> int:
    if shape.ndims is None:
        raise ValueError("dims of shape must be known but is None")
    if shape.ndims < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {shape.ndims}")
    size: int | None = shape.as_list()[axis]
    if size is None:
        raise ValueError(f"dimension {axis} of shape must be known but is None: {shape}")
    return size


def two_element_tuple(int_or_tuple: Any) -> tuple[Any, Any]:
    """Return one int twice, or the two of a list; `ValueError` for anything else."""
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, (list, tuple, TensorShape)) and len(int_or_tuple) == 2:
        first, second = int_or_tuple
        return int(first), int(second)
    raise ValueError(f"Must be an int, or a list of 2 of them: {int_or_tuple}")


def n_positive_integers(n: int, value: Any) -> tuple[int, ...]:
    """Return one int n times, or the n of a sequence; `ValueError` if they are not n, or not positive."""
    if int(n) != n or n < 1:
        raise ValueError(f"n must be a positive integer, not {n}")
    try:
        values = tuple(int(v) for v in value) if hasattr(value, "__len__") else (int(value),) * int(n)
    except (TypeError, ValueError):
        values = ()
    if len(values) != n or min(values) < 1:
        raise ValueError(f"Expected {n} positive integers, but received {value!r}")
    return values
