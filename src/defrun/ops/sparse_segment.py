"""Sums and means over groups of rows that are picked by number first."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.array import shape
from defrun.ops.axes import known
from defrun.ops.bounds import check_indices
from defrun.ops.declare import op
from defrun.ops.gather import gather
from defrun.ops.segment import reduce_sorted, rows_of, unsorted_segment_sum
from defrun.ops.types import INDEX, REAL

_FULL = frozenset((dtypes.float32, dtypes.float64))
_INPUTS = "data: T, indices: Tidx[n], segment_ids: int32[n]"
_COUNTED = f"{_INPUTS}, num_segments: static Tnumsegments[] -> output: T"
_TYPES: Any = {"Tidx": (INDEX, dtypes.int32)}
_COUNTED_TYPES: Any = {**_TYPES, "Tnumsegments": (INDEX, dtypes.int32), "if_padded": {"data": "picks"}}
_BACK_TYPES: Any = {**_TYPES, "if_padded": {"output_dim0": "makes"}}
_BACK = "grad: T, indices: Tidx[n], segment_ids: int32[n], output_dim0: static int32[] -> output: T"
_POWERS = {"sum": 0.0, "mean": 1.0, "sqrtn": 0.5}


def _check_ids(segment_ids: Any, limit: int | None) -> None:
    rising = (segment_ids[1:] >= segment_ids[:-1]).all()
    check(rising & (segment_ids[:1] >= 0).all(), InvalidArgumentError, "segment ids must not fall, or be negative")
    if limit is not None:
        check(
            (segment_ids < limit).all(), InvalidArgumentError, "segment ids must be < {}, the number of segments", limit
        )


def _weights(segment_ids: Any, segments: int, kind: str, dtype: Any) -> Any:
    """What each row counts: one by the number of rows in its segment, or by the root of that."""
    sizes = jnp.zeros(segments, dtype).at[segment_ids].add(1)
    return (sizes[segment_ids] ** -_POWERS[kind])[:, None]


def _combined(data: Any, indices: Any, segment_ids: Any, segments: int, kind: str) -> Any:
    check_indices(indices, data.shape[0])
    _check_ids(segment_ids, segments)
    rows = jnp.asarray(data)[indices].reshape(len(indices), -1)
    if kind != "sum":
        rows = rows * _weights(segment_ids, segments, kind, rows.dtype)
    return jnp.zeros((segments, rows.shape[1]), rows.dtype).at[segment_ids].add(rows).reshape(segments, *data.shape[1:])


def _combined_on_host(data: Any, indices: Any, segment_ids: Any, kind: str) -> Any:
    """The same where the number of segments follows from the last of them."""
    check_indices(indices, data.shape[0])
    _check_ids(segment_ids, None)
    segments = int(segment_ids[-1]) + 1 if len(segment_ids) else 0
    out = reduce_sorted(np.add, data[indices], segment_ids, segments, 0)
    if kind != "sum":
        sizes = np.maximum(np.bincount(segment_ids, minlength=segments), 1) ** _POWERS[kind]
        out /= sizes.astype(out.dtype).reshape([-1] + [1] * (out.ndim - 1))
    return out


def _some_rows(data):
    return None if data is None else (None, *data[1:])


def _counted_rows(data, num_segments):
    return None if data is None else (known(num_segments), *data[1:])


def _spread_rows(grad, output_dim0):
    return None if grad is None else (known(output_dim0), *grad[1:])


def _to_rows(op: Any, grad: Tensor) -> Tensor:
    """The gradient of a sum for its data."""
    data, indices, segment_ids = op.inputs[:3]
    return unsorted_segment_sum(gather(grad, segment_ids), indices, shape(data)[0])


def _rest(op: Any) -> list[None]:
    return [None] * (len(op.inputs) - 1)


# -- sums ------------------------------------------------------------------------------------------------------------


@op("SparseSegmentSum", f"{_INPUTS} -> output: T", T=REAL, shape=_some_rows, host=True, **_TYPES)
def _sum(data, indices, segment_ids):
    """Sum rows by segment."""
    return _combined_on_host(data, indices, segment_ids, "sum")


@_sum.counted("segment_ids", rows_of, if_padded={"data": "picks"})
def _(data, indices, segment_ids, rows):
    return _combined(data, indices, segment_ids, int(rows), "sum")


@_sum.gradient
def _(op, grad):
    return [_to_rows(op, grad), *_rest(op)]


@op("SparseSegmentSumWithNumSegments", _COUNTED, T=REAL, shape=_counted_rows, **_COUNTED_TYPES)
def _sum_counted(data, indices, segment_ids, num_segments):
    """Sum rows by segment."""
    return _combined(data, indices, segment_ids, int(num_segments), "sum")


@_sum_counted.gradient
def _(op, grad):
    return [_to_rows(op, grad), *_rest(op)]


# -- means -----------------------------------------------------------------------------------------------------------


@op("SparseSegmentMean", f"{_INPUTS} -> output: T", T=_FULL, shape=_some_rows, host=True, **_TYPES)
def _mean(data, indices, segment_ids):
    """The mean of rows by segment."""
    return _combined_on_host(data, indices, segment_ids, "mean")


@_mean.counted("segment_ids", rows_of, if_padded={"data": "picks"})
def _(data, indices, segment_ids, rows):
    return _combined(data, indices, segment_ids, int(rows), "mean")


@_mean.gradient
def _(op, grad):
    return [_mean_grad(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


@op("SparseSegmentMeanWithNumSegments", _COUNTED, T=_FULL, shape=_counted_rows, **_COUNTED_TYPES)
def _mean_counted(data, indices, segment_ids, num_segments):
    """The mean of rows by segment."""
    return _combined(data, indices, segment_ids, int(num_segments), "mean")


@_mean_counted.gradient
def _(op, grad):
    return [_mean_grad(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


def _back(grad: Any, indices: Any, segment_ids: Any, output_dim0: Any, kind: str) -> Any:
    check_indices(indices, int(output_dim0))
    _check_ids(segment_ids, grad.shape[0])
    rows = jnp.asarray(grad)[segment_ids].reshape(len(indices), -1)
    rows = rows * _weights(segment_ids, grad.shape[0], kind, rows.dtype)
    out = jnp.zeros((int(output_dim0), rows.shape[1]), rows.dtype).at[indices].add(rows)
    return out.reshape(int(output_dim0), *grad.shape[1:])


@op("SparseSegmentMeanGrad", _BACK, T=_FULL, shape=_spread_rows, **_BACK_TYPES)
def _mean_grad(grad, indices, segment_ids, output_dim0):
    """Gradient of the mean: each row's share of its segment's."""
    return _back(grad, indices, segment_ids, output_dim0, "mean")


@_mean_grad.gradient
def _(op, grad):
    return [_mean_counted(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


# -- sums by the root of the number of rows --------------------------------------------------------------------------


@op("SparseSegmentSqrtN", f"{_INPUTS} -> output: T", T=_FULL, shape=_some_rows, host=True, **_TYPES)
def _sqrt_n(data, indices, segment_ids):
    """Sum rows by segment and divide by the root of their number."""
    return _combined_on_host(data, indices, segment_ids, "sqrtn")


@_sqrt_n.counted("segment_ids", rows_of, if_padded={"data": "picks"})
def _(data, indices, segment_ids, rows):
    return _combined(data, indices, segment_ids, int(rows), "sqrtn")


@_sqrt_n.gradient
def _(op, grad):
    return [_sqrt_n_grad(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


@op("SparseSegmentSqrtNWithNumSegments", _COUNTED, T=_FULL, shape=_counted_rows, **_COUNTED_TYPES)
def _sqrt_n_counted(data, indices, segment_ids, num_segments):
    """Sum rows by segment and divide by the root of their number."""
    return _combined(data, indices, segment_ids, int(num_segments), "sqrtn")


@_sqrt_n_counted.gradient
def _(op, grad):
    return [_sqrt_n_grad(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


@op("SparseSegmentSqrtNGrad", _BACK, T=_FULL, shape=_spread_rows, **_BACK_TYPES)
def _sqrt_n_grad(grad, indices, segment_ids, output_dim0):
    """Gradient of the sum that is divided by the root of the number of rows."""
    return _back(grad, indices, segment_ids, output_dim0, "sqrtn")


@_sqrt_n_grad.gradient
def _(op, grad):
    return [_sqrt_n_counted(grad, *op.inputs[1:3], shape(op.inputs[0])[0]), *_rest(op)]


# -- as users call them ----------------------------------------------------------------------------------------------


def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Sum the rows `indices` of `data` by segment; 0 for a segment without rows.

    Parameters
    ----------
    data : Tensor [rows, ...]
    indices : int32 or int64 Tensor [n]
    segment_ids : int32 Tensor [n]
        Never falling.
    name : str, optional
    num_segments : int32 Tensor [], optional
        By default the last of `segment_ids` + 1.

    Returns
    -------
    Tensor [segments, ...]

    Raises
    ------
    InvalidArgumentError
        When run, if there is no such row or segment, or `segment_ids` fall.
    """
    if num_segments is None:
        return _sum(data, indices, segment_ids, name=name)
    return _sum_counted(data, indices, segment_ids, num_segments, name=name)


def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Return the mean of the rows `indices` of `data` by segment; see `sparse_segment_sum`."""
    if num_segments is None:
        return _mean(data, indices, segment_ids, name=name)
    return _mean_counted(data, indices, segment_ids, num_segments, name=name)


def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Sum the rows `indices` of `data` by segment, and divide by the root of their number; see `sparse_segment_sum`."""
    if num_segments is None:
        return _sqrt_n(data, indices, segment_ids, name=name)
    return _sqrt_n_counted(data, indices, segment_ids, num_segments, name=name)
