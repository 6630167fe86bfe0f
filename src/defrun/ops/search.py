"""Where values belong in sorted rows, and repeating elements."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import tile
from defrun.ops.array import cast_node, expand_dims, rank, reshape, shape
from defrun.ops.broadcast import broadcast_to
from defrun.ops.creation import ones
from defrun.ops.declare import op
from defrun.ops.join import concat, stack
from defrun.ops.limits import maximum
from defrun.ops.masks import all_axes, boolean_mask, sequence_mask
from defrun.ops.namespace import namespace
from defrun.ops.reduce import reduce_max
from defrun.ops.types import INDEX

_BUCKETED = frozenset((dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64))


def _rows(sorted_inputs: Any, values: Any, side: str, out_type: DType) -> Any:
    search = jax.vmap(lambda row, wanted: jnp.searchsorted(row, wanted, side=side))
    return search(jnp.asarray(sorted_inputs), jnp.asarray(values)).astype(out_type.as_numpy_dtype)


@op("LowerBound", "sorted_inputs: T[b,n], values: T[b,m] -> output: out_type[b,m]", out_type=INDEX,
    differentiable=False)  # fmt: skip
def lower_bound(sorted_inputs, values, out_type: DType = dtypes.int32):
    """The first place in each sorted row where the values may be put."""
    return _rows(sorted_inputs, values, "left", out_type)


@op("UpperBound", "sorted_inputs: T[b,n], values: T[b,m] -> output: out_type[b,m]", out_type=INDEX,
    differentiable=False)  # fmt: skip
def upper_bound(sorted_inputs, values, out_type: DType = dtypes.int32):
    """The last place in each sorted row where the values may be put."""
    return _rows(sorted_inputs, values, "right", out_type)


@op("Bucketize", "input: T[...] -> output: int32[...]", T=_BUCKETED, differentiable=False)
def bucketize(input, boundaries: list[float]):
    """The number of the bucket between rising boundaries that each element falls into.

    Parameters
    ----------
    input : int32, int64, float32 or float64 Tensor [...]
    boundaries : list of float
        An element equal to one belongs to the bucket above it.

    Raises
    ------
    InvalidArgumentError
        When run, if the boundaries don't rise.
    """
    edges = np.asarray(boundaries, np.float32)
    check(bool((edges[1:] >= edges[:-1]).all()), InvalidArgumentError, "Expected sorted boundaries, not {}", boundaries)
    kind = np.float64 if input.dtype == np.float64 else np.float32
    return jnp.searchsorted(edges.astype(kind), jnp.asarray(input, kind), side="right").astype(np.int32)


def searchsorted(
    sorted_sequence: Any, values: Any, side: str = "left", out_type: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """Find where `values` belong in sorted rows.

    Parameters
    ----------
    sorted_sequence : Tensor [..., n]
    values : Tensor [..., m]
    side : {"left", "right"}
        The first or the last place that is possible.
    out_type : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    Tensor [..., m]

    Raises
    ------
    ValueError
        If `side` is another word.
    """
    length, count = shape(sorted_sequence)[-1], shape(values)[-1]
    rows, wanted = reshape(sorted_sequence, [-1, length]), reshape(values, [-1, count])
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    find = upper_bound if side == "right" else lower_bound
    return reshape(find(rows, wanted, out_type, name=name), shape(values))


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    """Repeat each element of `input`.

    Parameters
    ----------
    input : Tensor
    repeats : integer Tensor [] or [n]
        How often, for each slice along `axis` or for all.
    axis : int, optional
        By default `input` is taken as one row.
    name : str, optional
    """
    if axis is None:
        input, axis = reshape(input, [-1]), 0
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert_to_tensor(input, name="data")
        times = convert_to_tensor(repeats, name="repeats", preferred_dtype=dtypes.int32)
        if not times.dtype.is_integer:
            raise TypeError(f"repeats must be an integer tensor; dtype={times.dtype!r}")
        times = cast_node(times, dtypes.int32)
        data = _with_an_axis(data)
        data_shape = shape(data)
        place = _positive(axis, data.dims)
        if times.dims == ():
            tiled = _tiled(expand_dims(data, place + 1), place + 1, times)
            return reshape(tiled, concat([data_shape[:place], [-1], data_shape[place + 1 :]], axis=0))
        return _repeat_each(data, data_shape, times, place)


def _repeat_each(data: Tensor, data_shape: Tensor, times: Tensor, axis: int) -> Tensor:
    if data.dims is not None and times.dims is not None:
        shapes.merge(data.dims[axis : axis + 1], times.dims)
    if times.dims is None or len(times.dims) != axis + 1:
        times_shape, count = shape(times), rank(times)
        whole = concat([data_shape[: axis + 1 - count], times_shape], axis=0)
        times = broadcast_to(times, whole)
        times.set_shape([None] * (axis + 1))
    most = maximum(0, reduce_max(times, all_axes(times)))
    mask = sequence_mask(times, most)
    tiled = _tiled(expand_dims(data, axis + 1), axis + 1, most)
    result = boolean_mask(tiled, mask)
    if axis:
        result = reshape(result, concat([data_shape[:axis], [-1], data_shape[axis + 1 :]], axis=0))
    if data.dims is not None:
        result.set_shape((*data.dims[:axis], None, *data.dims[axis + 1 :]))
    return result


def _positive(axis: int, dims: Any) -> int:
    if dims is None:
        if axis < 0:
            raise ValueError("axis may only be negative if ndims is statically known.")
        return axis
    if not -len(dims) <= axis < len(dims):
        raise ValueError(f"axis={axis} out of bounds: expected {-len(dims)}<=axis<{len(dims)}")
    return axis % len(dims)


def _tiled(data: Tensor, axis: int, times: Any) -> Tensor:
    if data.dims is not None:
        multiples: Any = [1] * len(data.dims)
        multiples[axis] = times
    else:
        single = ones(rank(data), dtypes.int32)
        multiples = concat([single[:axis], [times], single[axis + 1 :]], axis=0)
    return tile(data, multiples)


def _with_an_axis(data: Tensor) -> Tensor:
    if data.dims is None:
        data_shape, count = shape(data), rank(data)
        return reshape(data, concat([[1], data_shape], axis=0)[-count:])
    return data if data.dims else stack([data])


# -- places ----------------------------------------------------------------------------------------------------------


@op("UnravelIndex", "indices: Tidx, dims: Tidx[n] -> output: Tidx", Tidx=(INDEX, dtypes.int32), folds=True,
    differentiable=False)  # fmt: skip
def unravel_index(indices, dims):
    """Return the coordinates of elements that are given by their numbers, row by row.

    Parameters
    ----------
    indices : int32 or int64 Tensor [] or [k]
    dims : Tensor [n]
        The sizes of the axes.

    Returns
    -------
    Tensor [n] or [n, k]

    Raises
    ------
    InvalidArgumentError
        If an element doesn't exist, or `indices` has two axes or more.
    """
    check(indices.ndim < 2, InvalidArgumentError,
          f"The indices can only be scalar or vector, not of shape {list(indices.shape)}")  # fmt: skip
    xp = namespace(indices, dims)
    inside = (indices >= 0) & (indices < xp.prod(dims))
    check(inside.all(), InvalidArgumentError, "index is out of range for dims {}", dims)
    strides = xp.cumprod(dims[::-1])[::-1]  # of each axis and all after it
    divisor = strides if indices.ndim == 0 else strides[:, None]
    sizes = dims if indices.ndim == 0 else dims[:, None]
    return (indices % divisor // (divisor // sizes)).astype(indices.dtype)


@unravel_index.shape
def _(indices, dims):
    if indices is None or dims is None:
        return None
    return (dims[0], *indices) if len(indices) < 2 else (dims[0], None)
