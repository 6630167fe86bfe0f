"""Sets as the last axis of tensors: differences, intersections, unions and sizes. On the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor, convert_to_tensor_or_sparse_tensor
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.sparse.parts import check_parts, check_valid, flat_places, places_of
from defrun.ops.types import STRING

_TYPES = STRING | frozenset((dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.uint16))
_RESULT = "result_indices: int64, result_values: T, result_shape: int64"
_SPARSE = "set{0}_indices: int64, set{0}_values: T, set{0}_shape: int64"

Members = tuple[Any, Any, tuple[int, ...]]
"""The number of the set that each element belongs to, the elements, and the shape of all sets."""


def _shapes_of(rank: int | None) -> list[Any]:
    return [(None, rank), (None,), (rank,)]


def _dense_members(values: Any) -> Members:
    check(values.ndim >= 2, InvalidArgumentError, "a set must have 2 axes at least, not shape {}",
          shapes.text(values.shape))  # fmt: skip
    front = values.shape[:-1]
    return np.repeat(np.arange(int(np.prod(front))), values.shape[-1]), values.reshape(-1), front


def _sparse_members(indices: Any, values: Any, shape: Any, name: str) -> Members:
    check_parts(indices, values, shape, name)
    check(len(shape) >= 2, InvalidArgumentError, "{} must have 2 axes at least, not {}", name, len(shape))
    check_valid(indices, shape, f"{name}_indices")
    return flat_places(indices[:, :-1], shape[:-1]), values, tuple(int(size) for size in shape[:-1])


def _combined(a: Members, b: Members, operation: str) -> list[Any]:
    """Apply an operation to sets with the same number."""
    check(a[2] == b[2], InvalidArgumentError, "the sets' shapes {} and {} must be the same",
          shapes.text(a[2]), shapes.text(b[2]))  # fmt: skip
    check(operation in _OPERATIONS, InvalidArgumentError, "there is no set_operation {}: it must be one of {}",
          operation, sorted(_OPERATIONS))  # fmt: skip
    elements, code = np.unique(np.concatenate([a[1], b[1]]), return_inverse=True)
    keys = np.concatenate([a[0], b[0]]) * max(len(elements), 1) + code.reshape(-1)
    found = _OPERATIONS[operation](np.unique(keys[: len(a[0])]), np.unique(keys[len(a[0]) :]))
    number, which = np.divmod(found, max(len(elements), 1))
    count = int(np.prod(a[2]))
    sizes = np.bincount(number, minlength=count)
    within = np.arange(len(found)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = places_of(number, np.array(a[2], np.int64), len(a[2]))
    return [np.column_stack([places, within]), elements[which], np.array([*a[2], sizes.max(initial=0)])]


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "a-b": np.setdiff1d,
    "b-a": lambda a, b: np.setdiff1d(b, a),
    "intersection": np.intersect1d,
    "union": np.union1d,
}


@op("DenseToDenseSetOperation", f"set1: T, set2: T -> {_RESULT}", T=_TYPES, host=True, differentiable=False)
def _dense_to_dense(set1, set2, set_operation: str, validate_indices: bool = True):
    """An operation on the sets of two dense tensors."""
    return _combined(_dense_members(set1), _dense_members(set2), set_operation)


@_dense_to_dense.shape
def _(set1, set2):
    for dims in (set1, set2):
        if dims is not None and len(dims) < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {len(dims)}")
    if set1 is not None and set2 is not None:
        shapes.merge(set1[:-1], set2[:-1])
    known = set1 if set1 is not None else set2
    return _shapes_of(None if known is None else len(known))


@op("DenseToSparseSetOperation", f"set1: T, {_SPARSE.format(2)} -> {_RESULT}", T=_TYPES, host=True,
    differentiable=False)  # fmt: skip
def _dense_to_sparse(set1, set2_indices, set2_values, set2_shape, set_operation: str, validate_indices: bool = True):
    """An operation on the sets of a dense and a sparse tensor."""
    b = _sparse_members(set2_indices, set2_values, set2_shape, "set2")
    return _combined(_dense_members(set1), b, set_operation)


@_dense_to_sparse.shape
def _(set1, set2_shape):
    if set1 is None:
        return _shapes_of(set2_shape[0] if set2_shape else None)
    if len(set1) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {len(set1)}")
    shapes.merge((len(set1),), set2_shape)
    return _shapes_of(len(set1))


@op("SparseToSparseSetOperation", f"{_SPARSE.format(1)}, {_SPARSE.format(2)} -> {_RESULT}", T=_TYPES, host=True,
    differentiable=False)  # fmt: skip
def _sparse_to_sparse(
    set1_indices,
    set1_values,
    set1_shape,
    set2_indices,
    set2_values,
    set2_shape,
    set_operation: str,
    validate_indices: bool = True,
):
    """An operation on the sets of two sparse tensors."""
    a = _sparse_members(set1_indices, set1_values, set1_shape, "set1")
    return _combined(a, _sparse_members(set2_indices, set2_values, set2_shape, "set2"), set_operation)


@_sparse_to_sparse.shape
def _(set1_shape, set2_shape):
    rank = shapes.merge(set1_shape, set2_shape)
    return _shapes_of(rank[0] if rank else None)


@op("SetSize", "set_indices: int64, set_values: T, set_shape: int64 -> size: int32", T=_TYPES, host=True,
    differentiable=False)  # fmt: skip
def _set_size(set_indices, set_values, set_shape, validate_indices: bool = True):
    """How many different elements each set has."""
    number, values, front = _sparse_members(set_indices, set_values, set_shape, "set")
    elements, code = np.unique(values, return_inverse=True)
    found = np.unique(number * max(len(elements), 1) + code.reshape(-1)) // max(len(elements), 1)
    return np.bincount(found, minlength=int(np.prod(front))).reshape(front)


@_set_size.shape
def _():
    return None


# -- their faces -----------------------------------------------------------------------------------------------------


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """Count the different elements of each set.

    Parameters
    ----------
    a : SparseTensor [..., m] of integers or strings
        Each row along the last axis is a set.
    validate_indices : bool
        Taken; indices must be in order in any case.

    Returns
    -------
    int32 Tensor [...]

    Raises
    ------
    TypeError
        If `a` is not sparse, or of another type.
    InvalidArgumentError
        When run, if indices are out of order or out of bounds.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    _check_type("a", a)
    return _set_size(a.indices, a.values, a.dense_shape, validate_indices)


def _check_type(name: str, x: Any) -> None:
    if x.dtype.base_dtype not in _TYPES:
        raise TypeError(f"'{name}' has the type {x.dtype.name}; sets are of integers or strings.")


def _operation(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    _check_type("a", a)
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype.name} vs {b.dtype.name}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        a, b, operation = b, a, {"a-b": "b-a", "b-a": "a-b"}.get(operation, operation)
    second = (b.indices, b.values, b.dense_shape) if isinstance(b, SparseTensor) else (b,)
    if isinstance(a, SparseTensor):
        made = _sparse_to_sparse(a.indices, a.values, a.dense_shape, *second, operation, validate_indices)
    else:
        made = (_dense_to_sparse if len(second) == 3 else _dense_to_dense)(a, *second, operation, validate_indices)
    return SparseTensor(*made)


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """Find the elements that are in both of two sets, for each pair of sets.

    Parameters
    ----------
    a, b : Tensor or SparseTensor [..., m] of integers or strings
        Of one type, and of one shape but for the last axis; each row along it is a set.
    validate_indices : bool
        Taken; indices must be in order in any case.

    Returns
    -------
    SparseTensor [..., k]
        The elements of each result, rising.

    Raises
    ------
    TypeError
        If the types differ, or are others.
    ValueError
        If the shapes are known and don't go together.
    InvalidArgumentError
        If they turn out not to when run, or indices are out of order or out of bounds.
    """
    return _operation(a, b, "intersection", validate_indices)


def set_difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """Find the elements of `a` that are not in `b` (of `b` not in `a`, if not `aminusb`), for each pair of sets.

    Parameters and result as of `set_intersection`.
    """
    return _operation(a, b, "a-b" if aminusb else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """Find the elements that are in either of two sets, for each pair of sets.

    Parameters and result as of `set_intersection`.
    """
    return _operation(a, b, "union", validate_indices)
