"""Ops whose result's size depends on the values: where, unique, partitions. They run on the host."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import shape
from defrun.ops.axes import axis_of, sizes
from defrun.ops.bounds import check_indices, padding
from defrun.ops.compare import select, select_v2
from defrun.ops.declare import op
from defrun.ops.gather import gather_v2
from defrun.ops.join import without_none
from defrun.ops.types import BOOL, INDEX, NUMERIC

# -- where -----------------------------------------------------------------------------------------------------------


@op("Where", "input: T -> index: int64", T=(NUMERIC | BOOL, dtypes.bool), host=True, folds=True, differentiable=False)
def _where(input):
    """The places of the elements that are True (not zero), row by row."""
    check(input.ndim > 0, InvalidArgumentError, "WhereOp : Unhandled input dimensions: 0")
    return np.argwhere(input)


@_where.shape
def _(input):
    return (None, None if input is None else len(input))


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose between `x` and `y`; without them, return the places where `condition` holds.

    Parameters
    ----------
    condition : bool Tensor
        Of the shape of `x`, or a vector that chooses rows, or a scalar.
    x, y : Tensor, optional
        Of one shape and type.
    name : str, optional

    Returns
    -------
    Tensor
        Like `x`; or int64 [count, rank].

    Raises
    ------
    ValueError
        If only one of `x` and `y` is given.
    """
    if x is None and y is None:
        return _places(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return select(condition, x, y, name=name)


def where_v2(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """`where` with broadcasting between `condition`, `x` and `y`."""
    if x is None and y is None:
        return _places(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return select_v2(condition, x, y, name=name)


def _places(condition: Any, name: str | None) -> Tensor:
    with name_scope(name, "Where", [condition]) as scope:
        condition = convert_to_tensor(condition, preferred_dtype=dtypes.bool, name="condition")
        return _where(condition, name=scope)


# -- unique ----------------------------------------------------------------------------------------------------------


class Unique(NamedTuple):
    """What `unique` returns."""

    y: Tensor
    idx: Tensor


class UniqueWithCounts(NamedTuple):
    """What `unique_with_counts` returns."""

    y: Tensor
    idx: Tensor
    count: Tensor  # type: ignore[assignment]


class ListDiff(NamedTuple):
    """What `setdiff1d` returns."""

    out: Tensor
    idx: Tensor


def _first_seen(x: Any, axis: int) -> tuple[Any, Any, Any]:
    """Unique slices along `axis` in the order of their first appearance, the number of each slice, and the counts."""
    if not x.shape[axis]:
        return x, np.zeros(0, np.int64), np.zeros(0, np.int64)
    plain = x if x.ndim == 1 else np.moveaxis(x, axis, 0).reshape(x.shape[axis], -1)
    if x.ndim == 1:
        _, first, inverse, counts = np.unique(plain, return_index=True, return_inverse=True, return_counts=True)
    else:
        _, first, inverse, counts = np.unique(
            plain, return_index=True, return_inverse=True, return_counts=True, axis=0
        )
    order = np.argsort(first)
    number = np.empty_like(order)
    number[order] = np.arange(order.size)
    return np.take(x, first[order], axis), number[inverse.reshape(-1)], counts[order]


def _check_vectors(*values: Any) -> None:
    for value in values:
        check(value.ndim == 1, InvalidArgumentError, "expects a vector, not shape {}", shapes.text(value.shape))


def _unique_dims(x):
    if x is not None and len(x) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(x)}")
    return [(None,), x]


@op("Unique", "x: T -> y: T, idx: out_idx", shape=_unique_dims, out_idx=INDEX, host=True, folds=True,
    differentiable=False)  # fmt: skip
def _unique(x, out_idx: DType = dtypes.int32):
    """The different elements in the order of their first appearance, and which of them each element is."""
    _check_vectors(x)
    y, number, _ = _first_seen(x, 0)
    return [y, number]


@_unique.padded(dtypes.int32, dtypes.int64)
def _(x, out_idx: DType = dtypes.int32):
    x, count, filler = jnp.asarray(x), x.size, padding(x.dtype)
    if not count:
        return [x, jnp.zeros(0, out_idx.as_numpy_dtype)]
    check(jnp.all(x != filler), InvalidArgumentError, "{} is no index", filler)
    order = jnp.argsort(x, stable=True)
    ordered = x[order]
    begins = jnp.concatenate([jnp.ones(1, bool), ordered[1:] != ordered[:-1]])
    first = order[lax.cummax(jnp.where(begins, jnp.arange(count), 0))]  # where each one's first like it stands
    is_first = jnp.zeros(count, bool).at[order].set(begins, unique_indices=True)
    number = jnp.cumsum(is_first) - 1
    idx = jnp.zeros(count, out_idx.as_numpy_dtype).at[order].set(
        number[first].astype(out_idx.as_numpy_dtype), unique_indices=True
    )
    y = jnp.full(count, filler, x.dtype).at[jnp.where(is_first, number, count)].set(x, mode="drop")
    return [y, idx]


@op("UniqueV2", "x: T, axis: Taxis -> y: T, idx: out_idx[n]", Taxis=(INDEX, dtypes.int64), out_idx=INDEX, host=True,
    folds=True, differentiable=False)  # fmt: skip
def unique_v2(x, axis, out_idx: DType = dtypes.int32):
    """The different slices along `axis` in the order of their first appearance, and which of them each slice is."""
    y, number, _ = _first_seen(x, axis_of(axis, x.ndim) if axis.size else 0)
    return [y, number]


@unique_v2.shape
def _(x):
    return [None if x is None else (None,) * len(x), (None,)]


@op("UniqueWithCounts", "x: T -> y: T, idx: out_idx, count: out_idx", out_idx=INDEX, host=True, folds=True,
    differentiable=False)  # fmt: skip
def _unique_with_counts(x, out_idx: DType = dtypes.int32):
    """As `unique`, and how often each element appears."""
    _check_vectors(x)
    return list(_first_seen(x, 0))


@_unique_with_counts.shape
def _(x):
    return [*_unique_dims(x), (None,)]


@op("UniqueWithCountsV2", "x: T, axis: Taxis -> y: T, idx: out_idx[n], count: out_idx[u]",
    Taxis=(INDEX, dtypes.int64), out_idx=INDEX, host=True, folds=True, differentiable=False)  # fmt: skip
def unique_with_counts_v2(x, axis, out_idx: DType = dtypes.int32):
    """As `unique_v2`, and how often each slice appears."""
    return list(_first_seen(x, axis_of(axis, x.ndim) if axis.size else 0))


@unique_with_counts_v2.shape
def _(x):
    return [None if x is None else (None,) * len(x), (None,), (None,)]


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Unique:
    """Return the different elements of `x` in the order of their first appearance.

    Parameters
    ----------
    x : Tensor [n]
    out_idx : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    y : Tensor [u]
    idx : Tensor [n]
        Which of `y` each element is.
    """
    return Unique(*_unique(x, out_idx, name=name))


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> UniqueWithCounts:
    """Return the different elements of `x` in the order of their first appearance, and how often each appears.

    Parameters
    ----------
    x : Tensor [n]
    out_idx : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    y : Tensor [u]
    idx : Tensor [n]
        Which of `y` each element is.
    count : Tensor [u]
    """
    return UniqueWithCounts(*_unique_with_counts(x, out_idx, name=name))


@op("ListDiff", "x: T[n], y: T[m] -> out: T[k], idx: out_idx[k]", out_idx=INDEX, host=True, folds=True,
    differentiable=False)  # fmt: skip
def _list_diff(x, y, out_idx: DType = dtypes.int32):
    """The elements of `x` that `y` doesn't have, and where they are."""
    _check_vectors(x, y)
    place = np.flatnonzero(~np.isin(x, y))
    return [x[place], place]


def setdiff1d(x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None) -> ListDiff:
    """Return the elements of `x` that `y` doesn't have, in their order.

    Parameters
    ----------
    x : Tensor [n]
    y : Tensor [m]
    index_dtype : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    out : Tensor [k]
    idx : Tensor [k]
        Where in `x` they are.
    """
    return ListDiff(*_list_diff(x, y, index_dtype, name=name))


# -- partitions ------------------------------------------------------------------------------------------------------


@op("DynamicPartition", "data: T, partitions: int32 -> outputs: num_partitions * T", host=True, folds=True)
def dynamic_partition(data, partitions, num_partitions: int):
    """Sort the slices of `data` into parts, keeping their order.

    Parameters
    ----------
    data : Tensor
    partitions : int32 Tensor
        Of the shape that `data` begins with: which part each slice goes to.
    num_partitions : int

    Returns
    -------
    list of Tensor

    Raises
    ------
    InvalidArgumentError
        If a number is not in [0, num_partitions) when run.
    """
    axes = partitions.ndim
    check(data.shape[:axes] == partitions.shape, InvalidArgumentError,
          "data.shape must start with partitions.shape, got data.shape = {}, partitions.shape = {}",
          list(data.shape), list(partitions.shape))  # fmt: skip
    check_indices(partitions, num_partitions, "partitions")
    return [data[partitions == i] for i in range(num_partitions)]


@dynamic_partition.shape
def _(data, partitions, num_partitions):
    if num_partitions < 1:
        raise ValueError(f"num_partitions must be at least 1, not {num_partitions}")
    if data is None or partitions is None:
        return [None] * num_partitions
    shapes.merge(data[: len(partitions)], partitions)
    return [(None, *data[len(partitions) :])] * num_partitions


@dynamic_partition.gradient
def _(op, *grads):
    partitions = op.inputs[1]
    return _undo_partition(partitions, shape(op.inputs[0]), without_none(op, grads)), None


@op("UndoPartition", "partitions: int32, shape: static int32[r], parts: N * T -> output: T")
def _undo_partition(partitions, shape, parts):
    """Put the parts that `dynamic_partition` made together again."""
    order = jnp.argsort(jnp.asarray(partitions).reshape(-1), stable=True)
    rows = jnp.concatenate(parts)
    return jnp.zeros(rows.shape, rows.dtype).at[order].set(rows, unique_indices=True).reshape(sizes(shape))


@_undo_partition.shape
def _(shape):
    return shape


@_undo_partition.gradient
def _(op, grad):
    partitions = op.inputs[0]
    return None, None, *dynamic_partition(grad, partitions, num_partitions=op.get_attr("N"))


def _stitched(indices, data):
    rest: Any = None
    for at, rows in zip(indices, data, strict=True):
        if at is not None and rows is not None:
            shapes.merge(at, rows[: len(at)])
            rest = shapes.merge(rest, rows[len(at) :])
    return None if rest is None else (None, *rest)


def _stitch(indices: Any, data: Any) -> Any:
    length = max((int(at.max()) + 1 for at in indices if at.size), default=0)
    rest = data[0].shape[indices[0].ndim :]
    merged = np.zeros((length, *rest), data[0].dtype)
    for i, (at, rows) in enumerate(zip(indices, data, strict=True)):
        check(rows.shape == at.shape + rest, InvalidArgumentError,
              "data[{}].shape = {} does not go with indices[{}].shape = {} and the shape {} of a slice",
              i, list(rows.shape), i, list(at.shape), list(rest))  # fmt: skip
        check((at >= 0).all(), InvalidArgumentError, "indices[{}] is out of range", i)
        merged[at.reshape(-1)] = rows.reshape(at.size, *rest)
    return merged


@op("DynamicStitch", "indices: N * int32, data: N * T -> merged: T", shape=_stitched, host=True, folds=True)
def _dynamic_stitch(indices, data):
    """Put the slices of `data` together in the order that `indices` say."""
    return _stitch(indices, data)


@op("ParallelDynamicStitch", "indices: N * int32, data: N * T -> merged: T", shape=_stitched, host=True, folds=True)
def _parallel_dynamic_stitch(indices, data):
    """As DynamicStitch, for indices of which none appears twice."""
    return _stitch(indices, data)


def _stitch_gradient(op, grad):
    n = op.get_attr("N")
    return [None] * n + [gather_v2(grad, at, 0) for at in op.inputs[:n]]


_dynamic_stitch.gradient(_stitch_gradient)
_parallel_dynamic_stitch.gradient(_stitch_gradient)


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """Put the slices of `data` together in the order that `indices` say; of several for one place the last counts.

    Parameters
    ----------
    indices : list of int32 Tensor
    data : list of Tensor
        Each of a shape that begins with that of its indices.
    name : str, optional

    Returns
    -------
    Tensor [largest index + 1, ...]

    Raises
    ------
    InvalidArgumentError
        If an index is negative when run.
    """
    return _sized(_dynamic_stitch(indices, data, name=name))


def parallel_dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """`dynamic_stitch` for indices of which none appears twice."""
    return _sized(_parallel_dynamic_stitch(indices, data, name=name))


def _sized(merged: Tensor) -> Tensor:
    """Add to the shape of `merged` what is known of its indices."""
    op = merged.op
    known = [constant_value(t) for t in op.inputs[: op.get_attr("N")]]
    if merged.dims is not None and all(at is not None for at in known):
        length = max((int(at.max()) + 1 for at in known if at.size), default=0)  # type: ignore[union-attr]
        merged.set_shape((length, *merged.dims[1:]))
    return merged
