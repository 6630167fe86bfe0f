"""Fractional pooling (Graham, 2015): windows of two sizes in a random order, so that a ratio need not be whole."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops import philox
from defrun.ops.array import shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op
from defrun.ops.random import generator
from defrun.ops.types import INDEX

_TYPES = INDEX | {dtypes.float32, dtypes.float64}


def _pooled_dims(value, pooling_ratio):
    if len(pooling_ratio) != 4:
        raise ValueError(f"pooling_ratio must have 4 numbers, got {list(pooling_ratio)}")
    if value is not None and len(value) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(value)}")
    if min(pooling_ratio) < 1:
        raise ValueError(f"pooling_ratio must be at least 1, got {list(pooling_ratio)}")
    known = value or (None,) * 4
    out = tuple(None if n is None else math.floor(n / ratio) for n, ratio in zip(known, pooling_ratio))
    return [out, *((None if n is None else n + 1,) for n in out[1:3])]


def _sequences(
    value: Any, ratio: list[float], pseudo_random: bool, fixed: bool, seeds: tuple[int, int], state: Any
) -> tuple[Any, Any, Any]:
    """Where the windows begin, along the height and the width, each with the end; and the next run's generator."""
    check(ratio[0] == ratio[3] == 1, InvalidArgumentError, "pooling across the batch or the channels is not possible: "
          "pooling_ratio is {}", list(ratio))  # fmt: skip
    check(fixed or seeds == (0, 0), InvalidArgumentError, "seeds {} go with deterministic only", seeds)
    found, after = [], state
    for axis in (1, 2):
        size = value.shape[axis]
        count = math.floor(size / ratio[axis])
        check(count > 0, InvalidArgumentError, "a side of {} is too short for a ratio of {}", size, ratio[axis])
        made, after = _sequence(size, count, pseudo_random, after)
        found.append(made)
    return found[0], found[1], state if fixed else after


def _sequence(size: int, count: int, pseudo_random: bool, state: Any) -> tuple[Any, Any]:
    """Return where `count` windows of an axis of `size` begin, and the end: int64 [count + 1]."""
    least = size // count
    if size % count == 0:
        return jnp.asarray(np.arange(count + 1) * least), state
    if not pseudo_random:
        widths = jnp.asarray(least + (np.arange(count) < size % count))
        order, _ = philox.random_shuffle(state, [count])
        ends = jnp.cumsum(widths[order])
        return jnp.concatenate([jnp.zeros(1, jnp.int64), ends]), philox.skip(state, -(-count // 4))
    ratio = size / count
    limit = min((least + 2) / ratio - 1, (size + 1 - least) / ratio - (count - 1))
    first, second, *_ = philox.block_words(state, jnp.zeros((), jnp.uint64))
    shift = philox.unit64(first, second) * limit
    inner = jnp.ceil(ratio * (jnp.arange(1, count) + shift)).astype(jnp.int64) - 1
    return jnp.concatenate([jnp.zeros(1, jnp.int64), inner, jnp.full(1, size)]), philox.skip(state, 1)


def _places(sequence: Any, size: int, overlapping: bool) -> tuple[Any, Any]:
    """The places of the axis that each window holds, and which of them count: [windows, longest window]."""
    count = sequence.shape[0] - 1
    longest = -(-size // count) + overlapping
    start, end = sequence[:-1], sequence[1:]
    if overlapping:
        end = jnp.minimum(end + 1, size)
    places = start[:, None] + jnp.arange(longest)
    return jnp.minimum(places, size - 1), places < end[:, None]


def _along(held: Any, axis: int, rank: int) -> Any:
    """`held` [windows, longest] such that it broadcasts with the axes `axis` and ``axis + 1`` of `rank`."""
    return held.reshape([*[1] * axis, *held.shape, *[1] * (rank - axis - 2)])


def _lowest(dtype: Any) -> Any:
    return -np.inf if jnp.issubdtype(dtype, jnp.floating) else jnp.iinfo(dtype).min


@op("FractionalMaxPool", "value: T -> output: T, row_pooling_sequence: int64, col_pooling_sequence: int64", T=_TYPES,
    shape=_pooled_dims, state=generator)  # fmt: skip
def fractional_max_pool(value, pooling_ratio: list[float], pseudo_random: bool = False, overlapping: bool = False,
                        deterministic: bool = False, seed: int = 0, seed2: int = 0, *, state):  # fmt: skip
    """The largest element of each window; the windows' sizes differ by one.

    Parameters
    ----------
    value : Tensor [batch, height, width, channels]
        float32, float64, int32 or int64.
    pooling_ratio : list of 4 float
        How many times smaller each axis becomes; the first and the last must be 1.
    pseudo_random : bool
        Draw one number, by which all windows begin somewhat later, instead of the windows' order.
    overlapping : bool
        Neighbouring windows share a row and a column.
    deterministic : bool
        Take the same windows in every run.
    seed, seed2 : int
        Of the windows, if these are deterministic.

    Returns
    -------
    output : Tensor [batch, height', width', channels]
    row_pooling_sequence, col_pooling_sequence : int64 Tensor
        Where the windows begin, and the end.
    """
    rows, columns, after = _sequences(value, pooling_ratio, pseudo_random, deterministic, (seed, seed2), state)
    return _maxima(value, rows, columns, overlapping), rows, columns, after


def _maxima(value: Any, rows: Any, columns: Any, overlapping: bool) -> Any:
    low = np.asarray(_lowest(value.dtype), value.dtype)
    for axis, sequence in ((1, rows), (2, columns)):
        places, held = _places(sequence, value.shape[axis], overlapping)
        seen = jnp.take(value, places, axis=axis)
        value = jnp.max(jnp.where(_along(held, axis, seen.ndim), seen, low), axis=axis + 1)
    return value


@fractional_max_pool.gradient
def _(op, grad, *_):
    x, (y, rows, columns) = op.inputs[0], op.outputs
    return fractional_max_pool_grad(x, y, grad, rows, columns, op.attrs["overlapping"])


@op("FractionalMaxPoolGrad", "orig_input: T[...], orig_output: T, out_backprop: T, row_pooling_sequence: int64, "
    "col_pooling_sequence: int64 -> output: T[...]", T=_TYPES, differentiable=False)  # fmt: skip
def fractional_max_pool_grad(
    orig_input, orig_output, out_backprop, row_pooling_sequence, col_pooling_sequence, overlapping: bool = False
):
    """Gradient of `fractional_max_pool`: all of it goes to the first element of the window that is the largest."""
    x = orig_input
    _check_windows(x.shape, out_backprop, row_pooling_sequence, col_pooling_sequence)
    (rows, has_row), (columns, has_column) = (
        _places(sequence, size, overlapping)
        for sequence, size in ((row_pooling_sequence, x.shape[1]), (col_pooling_sequence, x.shape[2]))
    )
    seen = jnp.take(jnp.take(x, rows, axis=1), columns, axis=3)  # [b, rows, in a window, columns, in a window, c]
    held = _along(has_row, 1, 6) & _along(has_column, 3, 6)
    seen = jnp.where(held, seen, np.asarray(_lowest(x.dtype), x.dtype)).transpose(0, 1, 3, 5, 2, 4)
    first = jnp.argmax(seen.reshape(*seen.shape[:4], -1), axis=-1)
    height, width = first // columns.shape[1], first % columns.shape[1]
    b, r, c, k = jnp.ogrid[tuple(slice(0, n) for n in first.shape)]
    zeros = jnp.zeros(x.shape, x.dtype)
    return zeros.at[b, rows[r, height], columns[c, width], k].add(out_backprop)


def _check_windows(dims: Any, grad: Any, rows: Any, columns: Any) -> None:
    wanted = (dims[0], rows.shape[0] - 1, columns.shape[0] - 1, dims[3])
    check(grad.shape == wanted, InvalidArgumentError, "out_backprop of shape {} doesn't belong to an input of shape {} "
          "and windows {}", grad.shape, tuple(dims), wanted[1:3])  # fmt: skip


@op("FractionalAvgPool", "value: T -> output: T, row_pooling_sequence: int64, col_pooling_sequence: int64", T=_TYPES,
    shape=_pooled_dims, state=generator)  # fmt: skip
def fractional_avg_pool(value, pooling_ratio: list[float], pseudo_random: bool = False, overlapping: bool = False,
                        deterministic: bool = False, seed: int = 0, seed2: int = 0, *, state):  # fmt: skip
    """The mean of each window; see `fractional_max_pool`."""
    rows, columns, after = _sequences(value, pooling_ratio, pseudo_random, deterministic, (seed, seed2), state)
    total: Any = value
    count: Any = 1
    for axis, sequence in ((1, rows), (2, columns)):
        places, held = _places(sequence, value.shape[axis], overlapping)
        seen = jnp.take(total, places, axis=axis)
        total = jnp.sum(jnp.where(_along(held, axis, seen.ndim), seen, 0), axis=axis + 1, dtype=value.dtype)
        count = count * held.sum(1).reshape([-1 if i == axis else 1 for i in range(4)])
    if not jnp.issubdtype(value.dtype, jnp.floating):
        return jax.lax.div(total, jnp.broadcast_to(count, total.shape).astype(value.dtype)), rows, columns, after
    return total / count.astype(value.dtype), rows, columns, after


@fractional_avg_pool.gradient
def _(op, grad, *_):
    _, rows, columns = op.outputs
    sizes_ = shape(op.inputs[0], out_type=dtypes.int64)
    return fractional_avg_pool_grad(sizes_, grad, rows, columns, op.attrs["overlapping"])


@op("FractionalAvgPoolGrad", "orig_input_tensor_shape: static int64, out_backprop: T, row_pooling_sequence: int64, "
    "col_pooling_sequence: int64 -> output: T", T=_TYPES, differentiable=False)  # fmt: skip
def fractional_avg_pool_grad(
    orig_input_tensor_shape, out_backprop, row_pooling_sequence, col_pooling_sequence, overlapping: bool = False
):
    """Gradient of `fractional_avg_pool`: each element of a window gets the same share."""
    dims = sizes(orig_input_tensor_shape)
    check(len(dims) == 4, InvalidArgumentError, "orig_input_tensor_shape must have 4 sizes, got {}", list(dims))
    _check_windows(dims, out_backprop, row_pooling_sequence, col_pooling_sequence)
    spread = out_backprop
    for axis, sequence in ((1, row_pooling_sequence), (2, col_pooling_sequence)):
        places, held = _places(sequence, dims[axis], overlapping)
        share = held / held.sum(1, keepdims=True)
        parts = jnp.expand_dims(spread, axis + 1) * _along(share, axis, 5).astype(spread.dtype)
        out = jnp.zeros([*spread.shape[:axis], dims[axis], *spread.shape[axis + 1 :]], spread.dtype)
        spread = out.at[(slice(None),) * axis + (places,)].add(parts)
    return spread


@fractional_avg_pool_grad.shape
def _(orig_input_tensor_shape):
    return dims_of(orig_input_tensor_shape) or (None,) * 4
