"""Sums and largest elements of sparse tensors along axes; dense results on the device, sparse ones on the host."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.operation import Tensor
from defrun.ops.array import either, rank, reshape
from defrun.ops.array import shape as shape_of
from defrun.ops.constant import constant
from defrun.ops.creation import range_
from defrun.ops.declare import OpFunction, op
from defrun.ops.sparse.parts import check_inside, check_parts, flat_places, places_of, refuse_gradient
from defrun.ops.types import NUMERIC, REAL

_INPUTS = "input_indices: int64, input_values: T, input_shape: {}int64, reduction_axes: {}int32"
_DENSE = f"{_INPUTS.format('static ', 'static ')} -> output: T"
_SPARSE = f"{_INPUTS.format('', '')} -> output_indices: int64, output_values: T, output_shape: int64"


def _reduced_dims(input_shape, reduction_axes, keep_dims):
    if not (isinstance(input_shape, np.ndarray) and isinstance(reduction_axes, np.ndarray)):  # not known in full
        return None
    rank = len(input_shape)
    named = [int(axis) for axis in np.ravel(reduction_axes)]
    if any(not -rank <= axis < rank for axis in named):
        return None
    reduced = {axis % rank for axis in named}
    return tuple(
        1 if axis in reduced else int(input_shape[axis]) for axis in range(rank) if keep_dims or axis not in reduced
    )


def _sparse_shapes():
    return [None, None, None]


def _grouped(indices: Any, values: Any, shape: Any, axes: Any, keep: bool) -> tuple[Any, list[int], list[int]]:
    """The number of each element's place in the result, the axes that remain, and the result's sizes."""
    check_parts(indices, values, shape)
    check_inside(indices, shape)
    count = shape.shape[0]
    named = [int(axis) for axis in np.ravel(axes)]
    for axis in named:
        check(-count <= axis < count, InvalidArgumentError, "Invalid reduction dimension {}, for {} axes", axis, count)
    reduced = {axis % count for axis in named}
    left = [axis for axis in range(count) if axis not in reduced]
    dims = [1 if axis in reduced else int(shape[axis]) for axis in range(count) if keep or axis not in reduced]
    return flat_places(indices[:, left], np.asarray(shape)[left]), left, dims


def _lowest(dtype: Any) -> Any:
    return -np.inf if jnp.issubdtype(dtype, jnp.floating) else np.iinfo(dtype).min


def _host_groups(indices: Any, values: Any, shape: Any, axes: Any, keep: bool) -> tuple[Any, Any, Any, Any]:
    """Where elements go among the places that have any, these places, and the result's shape."""
    number, left, dims = _grouped(indices, values, shape, axes, keep)
    found, which = np.unique(number, return_inverse=True)
    places = places_of(found, shape[left], len(left))
    if keep:
        whole = np.zeros((len(found), len(shape)), np.int64)
        whole[:, left] = places
        places = whole
    return which.reshape(-1), places, np.array(dims, np.int64), np.zeros(len(found), values.dtype)


# -- sums ------------------------------------------------------------------------------------------------------------


@op("SparseReduceSum", _DENSE, T=NUMERIC, shape=_reduced_dims)
def _reduce_sum(input_indices, input_values, input_shape, reduction_axes, keep_dims: bool = False):
    """Add up the elements along axes."""
    number, _, dims = _grouped(input_indices, input_values, input_shape, reduction_axes, keep_dims)
    total = jnp.zeros(int(np.prod(dims, dtype=np.int64)), input_values.dtype)
    return total.at[number].add(input_values, mode="drop").reshape(dims)


@_reduce_sum.gradient
def _(op, grad):
    indices, values, dense_shape, axes = op.inputs
    return None, _spread(grad, indices, values, dense_shape, axes), None, None


@op("SpreadSparseSum", "grad: T, indices: int64, values: T[n], shape: static int64, axes: static int32 -> output: T[n]",
    T=NUMERIC)  # fmt: skip
def _spread(grad, indices, values, shape, axes):
    """Give each element of a sparse tensor what stands in `grad` at its place in the sum."""
    number, _, _ = _grouped(indices, values, shape, axes, False)
    return jnp.ravel(grad).at[number].get(mode="clip")


@_spread.gradient
def _(op, grad):
    summed, indices, _, dense_shape, axes = op.inputs
    return reshape(_reduce_sum(indices, grad, dense_shape, axes), shape_of(summed)), None, None, None, None


@op("SparseReduceSumSparse", _SPARSE, T=NUMERIC, shape=_sparse_shapes, host=True)
def _reduce_sum_sparse(input_indices, input_values, input_shape, reduction_axes, keep_dims: bool = False):
    """Add up the elements along axes, to a sparse tensor."""
    which, places, dims, total = _host_groups(input_indices, input_values, input_shape, reduction_axes, keep_dims)
    np.add.at(total, which, input_values)
    return [places, total, dims]


# -- largest elements ------------------------------------------------------------------------------------------------


@op("SparseReduceMax", _DENSE, T=REAL, shape=_reduced_dims)
def _reduce_max(input_indices, input_values, input_shape, reduction_axes, keep_dims: bool = False):
    """The largest of the elements along axes; 0 where there is none."""
    number, _, dims = _grouped(input_indices, input_values, input_shape, reduction_axes, keep_dims)
    size = int(np.prod(dims, dtype=np.int64))
    largest = jnp.full(size, _lowest(input_values.dtype), input_values.dtype).at[number].max(input_values, mode="drop")
    there = jnp.zeros(size, bool).at[number].set(True, mode="drop")
    return jnp.where(there, largest, 0).reshape(dims)


@op("SparseReduceMaxSparse", _SPARSE, T=REAL, shape=_sparse_shapes, host=True)
def _reduce_max_sparse(input_indices, input_values, input_shape, reduction_axes, keep_dims: bool = False):
    """The largest of the elements along axes, as a sparse tensor."""
    which, places, dims, largest = _host_groups(input_indices, input_values, input_shape, reduction_axes, keep_dims)
    largest[...] = _lowest(largest.dtype)
    np.maximum.at(largest, which, input_values)
    return [places, largest, dims]


for _function in (_reduce_sum_sparse, _reduce_max, _reduce_max_sparse):
    _function.gradient(refuse_gradient)


# -- their faces -----------------------------------------------------------------------------------------------------


def _reduced(
    reduction: OpFunction, sp_input: SparseTensor, axis: Any, keepdims: Any, reduction_axes: Any, keep_dims: Any
) -> Any:
    keepdims = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    axis = either("axis", axis, "reduction_axes", reduction_axes)
    if axis is None:
        axis = _all_axes(sp_input)
    return reduction(sp_input.indices, sp_input.values, sp_input.dense_shape, axis, keepdims)


def _all_axes(sp_input: SparseTensor) -> Tensor:
    dims = sp_input.dense_shape.dims
    if dims is not None and dims[0] is not None:
        return constant(np.arange(dims[0]), dtypes.int32)
    return range_(0, rank(sp_input))


def sparse_reduce_sum(
    sp_input: SparseTensor,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Add up the elements along axes.

    Parameters
    ----------
    sp_input : SparseTensor
    axis : int or list of int, optional
        By default all axes.
    keepdims : bool
        Keep the axes with size 1.
    reduction_axes, keep_dims
        Old names of `axis` and `keepdims`.

    Returns
    -------
    Tensor

    Raises
    ------
    InvalidArgumentError
        When run, if there is no such axis.
    """
    return _reduced(_reduce_sum, sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_sum_sparse(
    sp_input: SparseTensor,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """As `sparse_reduce_sum`, with a sparse result."""
    return SparseTensor(*_reduced(_reduce_sum_sparse, sp_input, axis, keepdims, reduction_axes, keep_dims))


def sparse_reduce_max(
    sp_input: SparseTensor,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Find the largest of the elements that are there, along axes; 0 where there is none.

    Parameters as of `sparse_reduce_sum`.
    """
    return _reduced(_reduce_max, sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_max_sparse(
    sp_input: SparseTensor,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """As `sparse_reduce_max`, with a sparse result."""
    return SparseTensor(*_reduced(_reduce_max_sparse, sp_input, axis, keepdims, reduction_axes, keep_dims))
