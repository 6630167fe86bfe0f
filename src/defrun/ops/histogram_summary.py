"""Histograms in summaries: values counted by size, in buckets of which each is a tenth wider than its neighbour.

Of what is on the device only the counts come to the host, with sums and extremes: a few kilobytes, however many values.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from tensorboard.compat.proto import histogram_pb2, summary_pb2

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.summaries import serialized_summary, tag_text
from defrun.ops.types import REAL

Array = np.ndarray[Any, Any]


# -- which bucket ------------------------------------------------------------------------------------------------------


def _limits_above_zero() -> Array:
    """Return the upper ends of the buckets of what is not negative. Those below zero are their mirror image."""
    limits = [1e-12]
    while (following := limits[-1] * 1.1) < 1e20:
        limits.append(following)
    return np.array([*limits, np.finfo(np.float64).max])


_ABOVE = _limits_above_zero()
LIMITS = np.concatenate([-_ABOVE[::-1], [0.0], _ABOVE])

# The exponent and the first bits of the mantissa, read as a number, say how large a value is to a sixteenth: no more
# than one limit lies among the values that share them. Outside of these two the buckets are the same for all.
_MANTISSA_BITS = 4
_SMALLEST, _LARGEST = 2.0**-40, 2.0**67


def _cells(magnitudes: Any, xp: Any) -> Any:
    """Return the exponent and the first bits of the mantissa of positive floats, counted from `_SMALLEST`."""
    bits, mantissa, whole = (64, 52, np.uint64) if magnitudes.dtype == np.float64 else (32, 23, np.uint32)
    shift = mantissa - _MANTISSA_BITS
    low, high = (int(np.array(v, magnitudes.dtype).view(f"u{bits // 8}")) >> shift for v in (_SMALLEST, _LARGEST))
    raw = magnitudes.view(whole) if xp is np else lax.bitcast_convert_type(magnitudes, whole)
    return xp.clip((raw >> whole(shift)).astype(np.int32), low, high) - np.int32(low)


def _limits_below_cells() -> Array:
    count = int(_cells(np.array([_LARGEST]), np)[0]) + 1
    first = int(np.float64(_SMALLEST).view(np.uint64)) >> (52 - _MANTISSA_BITS)
    least = ((np.arange(count, dtype=np.uint64) + np.uint64(first)) << np.uint64(52 - _MANTISSA_BITS)).view(np.float64)
    return np.searchsorted(_ABOVE, least, side="right").astype(np.int32)


_BELOW_CELL = _limits_below_cells()


def _buckets(values: Any) -> Any:
    """Return the number of the bucket that each float is in. Those that are not finite are anywhere."""
    xp = namespace(values)
    magnitudes = xp.abs(values)
    limits = xp.asarray(_ABOVE)
    below = xp.take(xp.asarray(_BELOW_CELL), _cells(magnitudes, xp))
    next_limit = xp.take(limits, below)
    exact = magnitudes.astype(np.float64)
    negative = values < 0
    middle = len(_ABOVE)
    up = xp.minimum(middle + 1 + below + (exact >= next_limit), len(LIMITS) - 1)
    return xp.where(negative, middle - below - (exact > next_limit), up)


def _as_floats(values: Any) -> Any:
    """Turn numbers into floats of 32 or 64 bits that hold them exactly, or as C++ rounds them."""
    small = values.dtype.itemsize <= 2 or values.dtype == np.float32
    return values.astype(np.float32 if small else np.float64).ravel()


# -- counting ----------------------------------------------------------------------------------------------------------

_FINITE, _INFINITE, _NAN = 0.0, 1.0, 2.0
_AT_ONCE = 32_768  # what fits a processor's cache


def _counted(values: Array) -> Array:
    """Return, as one array: how many values are in each bucket, least, largest, sum, sum of squares, and whether the
    first that is not finite is NaN."""
    flat = _as_floats(values)
    bad = flat[~np.isfinite(flat)][:1]
    if bad.size:
        return np.append(np.zeros(len(LIMITS) + 4), _NAN if np.isnan(bad[0]) else _INFINITE)
    if not flat.size:
        return np.append(np.zeros(len(LIMITS)), [LIMITS[-1], LIMITS[0], 0.0, 0.0, _FINITE])
    counts = np.zeros(len(LIMITS))
    sums = np.zeros(2)
    for start in range(0, flat.size, _AT_ONCE):
        part = flat[start : start + _AT_ONCE]
        counts += np.bincount(_buckets(part), minlength=len(LIMITS))
        wide = part.astype(np.float64)
        with np.errstate(over="ignore"):
            # Added one by one, as rounding has it in TensorFlow.
            for i, terms in enumerate((wide, wide * wide)):
                sums[i] = np.add.accumulate(np.append(sums[i], terms))[-1]
    return np.append(counts, [flat.min(), flat.max(), *sums, _FINITE])


def _histogram_value(tag: Array, counted: Array) -> Array:
    """Write the summary. Neighbouring buckets that are empty are told as one."""
    name = tag_text(tag)
    counts, (low, high, total, squares, bad) = counted[: len(LIMITS)].astype(np.int64), counted[len(LIMITS) :]
    if bad != _FINITE:
        kind = "NaN" if bad == _NAN else "Infinity"
        raise InvalidArgumentError(None, None, f"{kind} in summary histogram for: {name}")
    number = counts.sum()
    if number:
        empty = counts == 0
        shown = ~empty | ~np.append(empty[1:], False)  # of a stretch of empty buckets, the last
        limits, buckets = LIMITS[shown].tolist(), counts[shown].tolist()
    else:
        limits, buckets = [LIMITS[-1]], [0]
    histogram = histogram_pb2.HistogramProto(
        min=low, max=high, num=number, sum=total, sum_squares=squares, bucket_limit=limits, bucket=buckets
    )
    return serialized_summary([summary_pb2.Summary.Value(tag=name, histo=histogram)])


@op("HistogramSummary", "tag: string, values: T -> summary: string[]", T=(REAL, dtypes.float32), host=True,
    differentiable=False)  # fmt: skip
def summarize_histogram(tag, values):
    """Write a summary of how `values` are distributed.

    Raises
    ------
    InvalidArgumentError
        When run, if a value is not finite.
    """
    return _histogram_value(tag, _counted(values))


@summarize_histogram.digest("values: T -> counts: float64[1556]", rest=_histogram_value)
def _(values):
    if not values.size:
        return jnp.asarray(_counted(np.empty(0)))
    flat = _as_floats(values)
    counts = jnp.zeros(len(LIMITS), np.int32).at[_buckets(flat)].add(1, mode="drop")
    wide = flat.astype(np.float64)
    places = jnp.arange(flat.size, dtype=np.int64)
    finite = np.int64(2 * flat.size)
    bad = jnp.where(jnp.isfinite(flat), finite, 2 * places + jnp.isnan(flat))
    # One reduction of all: XLA adds it up one by one on a CPU, and so rounds as TensorFlow does.
    low, high, total, squares, bad = lax.reduce(
        (wide, wide, wide, wide * wide, bad),
        (np.float64(np.inf), np.float64(-np.inf), np.float64(0), np.float64(0), finite),
        lambda a, b: (lax.min(a[0], b[0]), lax.max(a[1], b[1]), a[2] + b[2], a[3] + b[3], lax.min(a[4], b[4])),
        (0,),
    )
    kind = jnp.where(bad == finite, _FINITE, jnp.where(bad % 2 == 1, _NAN, _INFINITE))
    return jnp.concatenate([counts.astype(np.float64), jnp.stack([low, high, total, squares, kind])])
