"""Reductions of groups of rows: segments of rows that follow each other, or rows picked by number."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape, shape
from defrun.ops.axes import known
from defrun.ops.cast import cast
from defrun.ops.compare import equal, greater, select_v2
from defrun.ops.constant import constant
from defrun.ops.creation import ones
from defrun.ops.declare import op
from defrun.ops.elementary import sqrt
from defrun.ops.limits import maximum, minimum
from defrun.ops.reduce import reduce_max, reduce_prod
from defrun.ops.types import INDEX, NUMERIC, REAL

# -- rows that follow each other: how many segments there are is known only when run -----------------------------------


def _segments(data, segment_ids):
    """Shape rule of reductions of segments."""
    if data is None:
        return None
    shapes.merge(data[:1], segment_ids)
    return (None, *data[1:])


def _reduce_rows(function: Any, data: Any, segment_ids: Any, empty: Any) -> Any:
    """Reduce with the ufunc `function` on NumPy."""
    check(len(segment_ids) == len(data), InvalidArgumentError,
          "segment_ids should be the same size as dimension 0 of input.")  # fmt: skip
    check(np.all(segment_ids[1:] >= segment_ids[:-1]), InvalidArgumentError, "segment ids are not increasing")
    check(not len(segment_ids) or segment_ids[0] >= 0, InvalidArgumentError, "segment ids must be >= 0")
    return reduce_sorted(function, data, segment_ids, int(rows_of(segment_ids)), empty)


def reduce_sorted(function: Any, data: Any, segment_ids: Any, count: int, empty: Any) -> Any:
    """Reduce the rows of each of `count` segments with the ufunc `function`, on NumPy."""
    out = np.full((count, *data.shape[1:]), empty, data.dtype)
    starts = np.flatnonzero(np.diff(segment_ids, prepend=-1))
    if data.size:
        out[segment_ids[starts]] = function.reduceat(data, starts, axis=0, dtype=data.dtype)
    return out


def rows_of(segment_ids):
    """How many segments there are, as far as their ids are right."""
    return np.int32(max(segment_ids[-1] + 1, 0) if segment_ids.size else 0)


_UPDATES = {np.add: "add", np.multiply: "multiply", np.maximum: "max", np.minimum: "min"}


def _reduce_counted(function: Any, data: Any, segment_ids: Any, rows: Any, empty: Any) -> Any:
    """The same on a device, where the number of segments is known."""
    check(len(segment_ids) == len(data), InvalidArgumentError,
          "segment_ids should be the same size as dimension 0 of input.")  # fmt: skip
    check(jnp.all(segment_ids[1:] >= segment_ids[:-1]), InvalidArgumentError, "segment ids are not increasing")
    check(jnp.all(segment_ids[:1] >= 0), InvalidArgumentError, "segment ids must be >= 0")
    out = getattr(jnp.full((int(rows), *data.shape[1:]), _NEUTRAL[function](data.dtype), data.dtype)
                  .at[segment_ids], _UPDATES[function])(data, mode="drop", indices_are_sorted=True)  # fmt: skip
    if function is np.add:
        return out
    filled = jnp.zeros(int(rows), bool).at[segment_ids].set(True, mode="drop")
    return jnp.where(filled.reshape(-1, *(1,) * (data.ndim - 1)), out, jnp.asarray(empty, data.dtype))


_SEGMENTED: Any = {"host": True, "shape": _segments, "Tindices": INDEX}


@op("SegmentSum", "data: T, segment_ids: Tindices[n] -> output: T", T=NUMERIC, **_SEGMENTED)
def segment_sum(data, segment_ids):
    """Sum the rows of each segment; 0 for a segment without rows.

    Parameters
    ----------
    data : Tensor [n, ...]
    segment_ids : int32 or int64 Tensor [n]
        Never falling.

    Returns
    -------
    Tensor [last of segment_ids + 1, ...]

    Raises
    ------
    InvalidArgumentError
        If `segment_ids` fall, are negative or not as many as there are rows.
    """
    return _reduce_rows(np.add, data, segment_ids, 0)


@op("SegmentMean", "data: T, segment_ids: Tindices[n] -> output: T", T=NUMERIC, **_SEGMENTED)
def segment_mean(data, segment_ids):
    """Return the mean of the rows of each segment; 0 for a segment without rows. See `segment_sum`."""
    total = _reduce_rows(np.add, data, segment_ids, 0)
    counts = np.maximum(np.bincount(segment_ids, minlength=len(total)), 1)
    counts = counts.astype(data.dtype).reshape(-1, *(1,) * (data.ndim - 1))
    return total // counts if data.dtype.kind in "iu" else total / counts


@op("SegmentProd", "data: T, segment_ids: Tindices[n] -> output: T", T=NUMERIC, **_SEGMENTED)
def segment_prod(data, segment_ids):
    """Multiply the rows of each segment; 1 for a segment without rows. See `segment_sum`."""
    return _reduce_rows(np.multiply, data, segment_ids, 1)


@op("SegmentMax", "data: T, segment_ids: Tindices[n] -> output: T", T=REAL, **_SEGMENTED)
def segment_max(data, segment_ids):
    """Return the largest row, element by element, of each segment; 0 for a segment without rows. See `segment_sum`."""
    return _reduce_rows(np.maximum, data, segment_ids, 0)


@op("SegmentMin", "data: T, segment_ids: Tindices[n] -> output: T", T=REAL, **_SEGMENTED)
def segment_min(data, segment_ids):
    """Return the smallest row, element by element, of each segment; 0 for a segment without rows. See `segment_sum`."""
    return _reduce_rows(np.minimum, data, segment_ids, 0)


def _lowest(dtype: Any) -> Any:
    return np.array((jnp.finfo if jnp.issubdtype(dtype, jnp.floating) else np.iinfo)(dtype).min, dtype)


def _highest(dtype: Any) -> Any:
    return np.array((jnp.finfo if jnp.issubdtype(dtype, jnp.floating) else np.iinfo)(dtype).max, dtype)


_NEUTRAL: Any = {np.add: lambda dtype: 0, np.multiply: lambda dtype: 1, np.maximum: _lowest, np.minimum: _highest}


@segment_sum.counted("segment_ids", rows_of)
def _(data, segment_ids, rows):
    return _reduce_counted(np.add, data, segment_ids, rows, 0)


@segment_mean.counted("segment_ids", rows_of)
def _(data, segment_ids, rows):
    total = _reduce_counted(np.add, data, segment_ids, rows, 0)
    ones = jnp.ones((len(segment_ids), *(1,) * (data.ndim - 1)), data.dtype)
    counts = jnp.maximum(_reduce_counted(np.add, ones, segment_ids, rows, 0), 1)
    return total // counts if jnp.issubdtype(data.dtype, jnp.integer) else total / counts


@segment_prod.counted("segment_ids", rows_of)
def _(data, segment_ids, rows):
    return _reduce_counted(np.multiply, data, segment_ids, rows, 1)


@segment_max.counted("segment_ids", rows_of)
def _(data, segment_ids, rows):
    return _reduce_counted(np.maximum, data, segment_ids, rows, 0)


@segment_min.counted("segment_ids", rows_of)
def _(data, segment_ids, rows):
    return _reduce_counted(np.minimum, data, segment_ids, rows, 0)


# -- rows picked by number ---------------------------------------------------------------------------------------------


def _numbered(data, segment_ids, num_segments):
    """Shape rule of reductions of numbered rows."""
    if data is None or segment_ids is None:
        return None
    rank = len(segment_ids)
    shapes.merge(data[:rank], segment_ids)
    return (known(num_segments), *data[rank:])


def _collect(data: Any, segment_ids: Any, num_segments: Any, start: Any) -> Any:
    """The rows to write into, how to, the numbers and the rows; negative numbers fall out."""
    count = int(num_segments)
    rank = segment_ids.ndim
    check(data.shape[:rank] == segment_ids.shape, InvalidArgumentError,
          "data.shape = {} does not start with segment_ids.shape = {}",
          shapes.text(data.shape), shapes.text(segment_ids.shape))  # fmt: skip
    check(count >= 0, InvalidArgumentError, "num_segments = {} must not be negative", count)
    ids = jnp.ravel(segment_ids)
    check(jnp.all(ids < count), InvalidArgumentError, "segment_ids = {} is out of range [0, {})",
          jnp.max(ids, initial=-1), count)  # fmt: skip
    rest = data.shape[rank:]
    out = jnp.full((count, *rest), start, data.dtype)
    return out.at[jnp.where(ids < 0, count, ids)], jnp.reshape(data, (ids.size, *rest))


_NUMBERED_SCHEMA = "data: T, segment_ids: Tindices, num_segments: static Tnumsegments[] -> output: T"
_NUMBERED: Any = {"shape": _numbered, "if_padded": {"num_segments": "makes"}, "Tindices": INDEX,
                  "Tnumsegments": (INDEX, dtypes.int32)}  # fmt: skip


@op("UnsortedSegmentSum", _NUMBERED_SCHEMA, T=NUMERIC, **_NUMBERED)
def unsorted_segment_sum(data, segment_ids, num_segments):
    """Sum the rows of each number; 0 for a number without rows.

    Parameters
    ----------
    data : Tensor [n..., ...]
    segment_ids : int32 or int64 Tensor [n...]
        The number of each row; one with a negative number is left out.
    num_segments : int32 or int64 Tensor []

    Returns
    -------
    Tensor [num_segments, ...]

    Raises
    ------
    InvalidArgumentError
        If a number is not below `num_segments`.
    """
    out, rows = _collect(data, segment_ids, num_segments, 0)
    return out.add(rows, mode="drop")


@op("UnsortedSegmentProd", _NUMBERED_SCHEMA, T=NUMERIC, **_NUMBERED)
def unsorted_segment_prod(data, segment_ids, num_segments):
    """Multiply the rows of each number; 1 for a number without rows. See `unsorted_segment_sum`."""
    out, rows = _collect(data, segment_ids, num_segments, 1)
    return out.multiply(rows, mode="drop")


@op("UnsortedSegmentMax", _NUMBERED_SCHEMA, T=REAL, **_NUMBERED)
def unsorted_segment_max(data, segment_ids, num_segments):
    """Return the largest row, element by element, of each number; without rows the type's smallest number.

    See `unsorted_segment_sum`.
    """
    out, rows = _collect(data, segment_ids, num_segments, _lowest(data.dtype))
    return out.max(rows, mode="drop")


@op("UnsortedSegmentMin", _NUMBERED_SCHEMA, T=REAL, **_NUMBERED)
def unsorted_segment_min(data, segment_ids, num_segments):
    """Return the smallest row, element by element, of each number; without rows the type's largest number.

    See `unsorted_segment_sum`.
    """
    out, rows = _collect(data, segment_ids, num_segments, _highest(data.dtype))
    return out.min(rows, mode="drop")


# -- their gradients ---------------------------------------------------------------------------------------------------


@op("SpreadSegments", "segments: T, segment_ids: Tindices -> output: T", T=NUMERIC, Tindices=INDEX)
def _spread(segments, segment_ids):
    """Give each row what stands in `segments` at its number; 0 if that is negative."""
    rows = jnp.take(segments, jnp.maximum(segment_ids, 0), axis=0, mode="clip")
    outside = jnp.reshape(segment_ids < 0, (*segment_ids.shape, *(1,) * (segments.ndim - 1)))
    return jnp.where(outside, 0, rows)


@_spread.shape
def _(segments, segment_ids):
    return None if segments is None or segment_ids is None else (*segment_ids, *segments[1:])


@_spread.gradient
def _(op, grad):
    segments, ids = op.inputs
    return unsorted_segment_sum(grad, ids, _count(segments)), None


@op("CountSegments", "segments: T, segment_ids: Tindices -> output: T", T=NUMERIC, Tindices=INDEX,
    differentiable=False)  # fmt: skip
def _counts(segments, segment_ids):
    """How many rows each of `segments` has, in a shape that broadcasts to that of `segments`."""
    ones = jnp.ones(segment_ids.shape, segments.dtype)
    out, rows = _collect(ones, segment_ids, len(segments), 0)
    return out.add(rows, mode="drop").reshape(-1, *(1,) * (segments.ndim - 1))


@_counts.shape
def _(segments):
    return None if segments is None else (segments[0], *(1,) * (len(segments) - 1))


def _count(segments: Tensor) -> Tensor:
    """The number of segments."""
    if segments.dims is not None and segments.dims[0] is not None:
        return constant(segments.dims[0], dtypes.int32)
    return shape(segments)[0]


def _rest(op: Any) -> list[None]:
    return [None] * (len(op.inputs) - 1)


@segment_sum.gradient
@unsorted_segment_sum.gradient
def _(op, grad):
    return _spread(grad, op.inputs[1]), *_rest(op)


@segment_mean.gradient
def _(op, grad):
    ids = op.inputs[1]
    return _spread(grad / _counts(grad, ids), ids), None


@segment_max.gradient
@segment_min.gradient
@unsorted_segment_max.gradient
@unsorted_segment_min.gradient
def _(op, grad):
    # Equal extremes share the gradient.
    data, ids = op.inputs[:2]
    chosen = cast(equal(data, _spread(op.outputs[0], ids)), data.dtype)
    share = grad / maximum(unsorted_segment_sum(chosen, ids, _count(grad)), 1.0)
    return chosen * _spread(share, ids), *_rest(op)


@segment_prod.gradient
@unsorted_segment_prod.gradient
def _(op, grad):
    # The product of the others: of a zero, the product of what isn't zero, if it is the only zero.
    data, ids = op.inputs[:2]
    count = _count(grad)
    kind = data.dtype.base_dtype
    zero, one = constant(0, kind), constant(1, kind)
    is_zero = equal(data, zero)
    safe = select_v2(is_zero, one, data)
    zeros = unsorted_segment_sum(cast(is_zero, dtypes.float32), ids, count)
    grad = select_v2(greater(zeros, 1.0), zero, grad)
    others = _spread(unsorted_segment_prod(safe, ids, count), ids)
    partial = select_v2(is_zero, others, _spread(op.outputs[0], ids) / safe)
    return _spread(grad, ids) * partial, *_rest(op)


# -- means of numbered rows, and counts --------------------------------------------------------------------------------


_COUNTED = frozenset((dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64))


def _row_counts(data: Tensor, segment_ids: Tensor, num_segments: Any) -> Tensor:
    counts = unsorted_segment_sum(ones(shape(segment_ids), data.dtype), segment_ids, num_segments)
    rest = len(data.dims) - len(segment_ids.dims)  # type: ignore[arg-type]
    return maximum(reshape(counts, [num_segments] + [1] * rest), 1)


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """Return the mean of the rows of each number; 0 for a number without rows.

    Parameters
    ----------
    data : Tensor [n..., ...]
    segment_ids : int32 or int64 Tensor [n...]
    num_segments : int32 or int64 Tensor []
    name : str, optional

    Returns
    -------
    Tensor [num_segments, ...]
    """
    with name_scope(name, "UnsortedSegmentMean"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return unsorted_segment_sum(data, segment_ids, num_segments) / counts


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """Return the sum of the rows of each number, divided by the square root of how many they are.

    Parameters as of `unsorted_segment_mean`.
    """
    with name_scope(name, "UnsortedSegmentSqrtN"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return unsorted_segment_sum(data, segment_ids, num_segments) / sqrt(counts)


@op("Bincount", "arr: int32, size: int32[], weights: T -> bins: T", T=_COUNTED, host=True, differentiable=False)
def _bincount(arr, size, weights):
    """How often each number below `size` stands in `arr`, or the sum of its `weights` if there are any."""
    arr = arr.ravel()
    count = int(size)
    check(np.all(arr >= 0), InvalidArgumentError, "Input arr must be non-negative!")
    check(weights.size in (0, arr.size), InvalidArgumentError,
          "Size of weights ({}) must be 0 or that of arr ({})", weights.size, arr.size)  # fmt: skip
    inside = arr < count
    bins = np.zeros(count, weights.dtype)
    np.add.at(bins, arr[inside], weights.ravel()[inside] if weights.size else weights.dtype.type(1))
    return bins


@_bincount.shape
def _():
    return (None,)


def bincount(
    arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None, dtype: Any = dtypes.int32
) -> Tensor:
    """Count how often each number stands in `arr`.

    Parameters
    ----------
    arr : int32 Tensor
        Not negative.
    weights : Tensor, optional
        Like `arr`; added up in the place of counting.
    minlength, maxlength : int32 Tensor [], optional
        Length of the result: at least that; at most that, larger numbers are left out.
    dtype : DType
        Of the result, without `weights`.

    Returns
    -------
    Tensor [largest of arr + 1]
    """
    with name_scope("bincount"):
        arr = convert_to_tensor(arr, name="arr", dtype=dtypes.int32)
        not_empty = reduce_prod(shape(arr)) > 0
        size = cast(not_empty, dtypes.int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            size = maximum(convert_to_tensor(minlength, name="minlength", dtype=dtypes.int32), size)
        if maxlength is not None:
            size = minimum(convert_to_tensor(maxlength, name="maxlength", dtype=dtypes.int32), size)
        if weights is not None:
            return unsorted_segment_sum(convert_to_tensor(weights, name="weights"), arr, size)
        return _bincount(arr, size, constant([], dtype))
