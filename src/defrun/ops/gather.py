"""Taking rows and elements by number, and putting them back: gather, gather_nd, scatter_nd and their kind."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import tile, transpose
from defrun.ops.array import cast_node, rank, reshape, shape
from defrun.ops.axes import axis_in, axis_of, dims_of, known, sizes
from defrun.ops.bounds import check_coordinates, check_indices, without_padding
from defrun.ops.creation import count_up, meshgrid, ones, zeros, zeros_like
from defrun.ops.declare import op
from defrun.ops.join import concat, stack, unstack
from defrun.ops.math import negative
from defrun.ops.namespace import namespace
from defrun.ops.reduce import reduce_prod
from defrun.ops.types import BOOL, INDEX, NUMERIC

# -- along one axis --------------------------------------------------------------------------------------------------


@op("Gather", "params: Tparams, indices: Tindices -> output: Tparams", Tindices=INDEX)
def _gather_v1(params, indices, validate_indices: bool = True):
    """The rows `indices` of `params`."""
    return _taken(params, indices, 0)


@_gather_v1.shape
def _(params, indices):
    return _gathered(params, indices, 0, 0)


@_gather_v1.gradient
def _(op, grad):
    return _rows_gradient(op, grad), None


def _of_rows(node):
    """What comes of padded indices of rows: padded rows."""
    first = constant_value(node.inputs[2])
    return {"indices": "keeps"} if first is not None and first == 0 and not node.attrs["batch_dims"] else {}


@op("GatherV2", "params: Tparams, indices: Tindices, axis: static Taxis[] -> output: Tparams", Tindices=INDEX,
    Taxis=INDEX, folds=True, if_padded=_of_rows)  # fmt: skip
def gather_v2(params, indices, axis, batch_dims: int = 0, *, padded=False):
    """The slices `indices` of `params` along `axis`."""
    indices = without_padding(indices) if padded else indices
    batch = axis_of(batch_dims, indices.ndim) if batch_dims else 0
    place = axis_of(axis, params.ndim)
    check(batch <= place, InvalidArgumentError, "batch_dims ({}) must be less than or equal to axis ({})", batch, place)
    check(params.shape[:batch] == indices.shape[:batch], InvalidArgumentError,
          "params.shape[:batch_dims] {} should be equal to indices.shape[:batch_dims] {}",
          list(params.shape[:batch]), list(indices.shape[:batch]))  # fmt: skip
    check_indices(indices, params.shape[place])
    if not batch:
        return _take(params, indices, place)
    if namespace(params, indices) is np:
        result = np.empty(_gathered(params.shape, indices.shape, axis, batch), params.dtype)
        for at in np.ndindex(params.shape[:batch]):
            result[at] = _take(params[at], indices[at], place - batch)
        return result
    take = _take
    for _ in range(batch):
        take = jax.vmap(take, (0, 0, None))
    return take(jnp.asarray(params), jnp.asarray(indices), place - batch)


def _taken(params: Any, indices: Any, axis: int) -> Any:
    check_indices(indices, params.shape[axis])
    return _take(params, indices, axis)


def _take(params: Any, indices: Any, axis: int) -> Any:
    if namespace(params, indices) is np:
        # An object array would give the object itself for a single index.
        rest = params.shape[:axis] + indices.shape + params.shape[axis + 1 :]
        return np.take(params, indices.reshape(-1), axis, mode="clip").reshape(rest)
    where = (slice(None),) * axis + (indices,)
    return jnp.asarray(params).at[where].get(mode="clip", wrap_negative_indices=False)


def _gathered(params, indices, axis, batch):
    if params is None or indices is None:
        return None
    if not params:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if axis is None:
        return (None,) * (len(params) + len(indices) - 1 - batch)
    batch = axis_in(batch, len(indices)) if batch else 0
    place = axis_in(axis, len(params))
    if batch > place:
        raise ValueError(f"batch_dims = {batch} must be less than or equal to axis = {place}")
    front = shapes.merge(params[:batch], indices[:batch])
    return front + params[batch:place] + indices[batch:] + params[place + 1 :]


@gather_v2.shape
def _(params, indices, axis, batch_dims):
    place = known(axis)
    if place is None and (params is None or indices is None):
        return None
    return _gathered(params, indices, place, batch_dims)


@gather_v2.gradient
def _(op, grad):
    params, indices, axis = op.inputs
    batch = op.get_attr("batch_dims")
    place = constant_value(axis)
    if place == 0 and not batch and indices.dims is not None:
        return _rows_gradient(op, grad), None, None
    return _gather_grad(shape(params), indices, axis, grad, batch_dims=batch), None, None


def _rows_gradient(op: Any, grad: Tensor) -> IndexedSlices:
    """The gradient of a lookup: only the rows that were taken, as they are."""
    params, indices = op.inputs[:2]
    count = len(indices.dims)
    if count != 1:
        grad, indices = _flatten_first(grad, axes=count), reshape(indices, [-1])
    return IndexedSlices(grad, indices, shape(params))


@op("FlattenFirst", "input: T -> output: T")
def _flatten_first(input, axes: int):
    """Make the first `axes` axes one."""
    rows = int(np.prod(input.shape[:axes]))
    return input.reshape((rows, *input.shape[axes:]))


@_flatten_first.shape
def _(input, axes):
    return None if input is None else (shapes.count(input[:axes]), *input[axes:])


@_flatten_first.gradient
def _(op, grad):
    return reshape(grad, shape(op.inputs[0]))


@op("GatherGrad", "shape: static Tshape[r], indices: Tindices, axis: static Taxis[], grad: T -> output: T",
    T=NUMERIC, Tshape=INDEX, Tindices=INDEX, Taxis=INDEX)  # fmt: skip
def _gather_grad(shape, indices, axis, grad, batch_dims: int = 0):
    """Add the slices `grad` up where a gather took them from a tensor of `shape`."""
    dims = sizes(shape)
    batch = axis_of(batch_dims, indices.ndim) if batch_dims else 0
    place = axis_of(axis, len(dims)) - batch

    def add(indices: Any, grad: Any) -> Any:
        where = (slice(None),) * place + (indices,)
        return jnp.zeros(dims[batch:], grad.dtype).at[where].add(grad, mode="drop", wrap_negative_indices=False)

    for _ in range(batch):
        add = jax.vmap(add)
    return add(jnp.asarray(indices), jnp.asarray(grad))


@_gather_grad.shape
def _(shape):
    return shape


@_gather_grad.gradient
def _(op, grad):
    _, indices, axis, _ = op.inputs
    return None, None, None, gather_v2(grad, indices, axis, batch_dims=op.get_attr("batch_dims"))


def gather(
    params: Any,
    indices: Any,
    validate_indices: bool | None = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """Take the slices `indices` of `params` along an axis.

    Parameters
    ----------
    params : Tensor or Variable
    indices : int32 or int64 Tensor
    validate_indices
        Not used.
    name : str, optional
    axis : int or Tensor []
        By default `batch_dims`.
    batch_dims : int
        How many first axes `params` and `indices` have in common.

    Returns
    -------
    Tensor
        Of shape ``params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]``.

    Raises
    ------
    InvalidArgumentError
        If an index is out of range when run, on the CPU and on any other device.
    """
    axis = batch_dims if axis is None else axis
    place = constant_value(axis) if isinstance(axis, Tensor) else axis
    if place is None or int(place) != 0:
        return gather_v2(params, indices, axis, batch_dims=batch_dims, name=name)
    read = getattr(params, "sparse_read", None)
    return gather_v2(params, indices, axis, name=name) if read is None else read(indices, name=name)


# -- along several axes ----------------------------------------------------------------------------------------------


def _places(indices: Any) -> tuple[Any, ...]:
    return tuple(indices[..., i] for i in range(indices.shape[-1]))


@op("GatherNd", "params: Tparams, indices: Tindices -> output: Tparams", Tindices=INDEX)
def _gather_nd(params, indices):
    """The elements or slices of `params` at the places that the rows of `indices` say."""
    depth = indices.shape[-1]
    check_coordinates(indices, params.shape[:depth], params.shape, "param shape")
    if not depth:
        return jnp.broadcast_to(params, indices.shape[:-1] + params.shape)
    if isinstance(params, np.ndarray) and isinstance(indices, np.ndarray):
        return params[_places(indices)].reshape(indices.shape[:-1] + params.shape[depth:])
    return jnp.asarray(params).at[_places(indices)].get(mode="clip", wrap_negative_indices=False)


@_gather_nd.shape
def _(params, indices):
    if params is None or indices is None or not indices:
        if indices == ():
            raise ValueError("Shape must be at least rank 1 but is rank 0")
        return None
    depth = indices[-1]
    if depth is None:
        return None
    if depth > len(params):
        raise ValueError(
            f"indices.shape[-1] must be <= params.rank, but saw indices shape: {shapes.text(indices)} and "
            f"params shape: {shapes.text(params)}"
        )
    return indices[:-1] + params[depth:]


@_gather_nd.gradient
def _(op, grad):
    params, indices = op.inputs
    if indices.dims is not None and len(indices.dims) == 2 and indices.dims[1] == 1:
        return IndexedSlices(grad, reshape(indices, [-1]), shape(params)), None
    return scatter_nd(indices, grad, shape(params, out_type=indices.dtype.base_dtype)), None


def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: int = 0) -> Tensor:
    """Take elements or slices of `params` at the places that the rows of `indices` say.

    Parameters
    ----------
    params : Tensor
    indices : int32 or int64 Tensor [..., k]
        Each row is a place in the first k axes of `params`.
    name : str, optional
    batch_dims : int
        How many first axes `params` and `indices` have in common.

    Returns
    -------
    Tensor
        Of shape ``indices.shape[:-1] + params.shape[k:]``.

    Raises
    ------
    InvalidArgumentError
        If a place is out of range when run.
    """
    found = constant_value(batch_dims) if isinstance(batch_dims, Tensor) else batch_dims
    if found != 0:
        return batch_gather_nd(params, indices, batch_dims if found is None else int(found), name=name)
    read = getattr(params, "gather_nd", None)
    return _gather_nd(params, indices, name=name) if read is None else read(indices, name=name)


@op("ScatterNd", "indices: Tindices, updates: T, shape: static Tindices[r] -> output: T", Tindices=INDEX, folds=True)
def scatter_nd(indices, updates, shape):
    """Put `updates` into zeros of `shape`, at the places that the rows of `indices` say; what meets is added up.

    Parameters
    ----------
    indices : int32 or int64 Tensor [..., k]
    updates : Tensor
        Of shape ``indices.shape[:-1] + shape[k:]``.
    shape : Tensor [r]
        Of the type of `indices`.

    Raises
    ------
    ValueError
        If it is known that the shapes don't fit.
    InvalidArgumentError
        If a place is out of range when run.
    """
    dims = sizes(shape)
    if updates.dtype == object:
        return put_elements(np.full(dims, b"", object), indices, updates, "add")
    return put_elements(namespace(indices, updates).zeros(dims, updates.dtype), indices, updates, "add")


def put_elements(tensor: Any, indices: Any, updates: Any, how: str, ok: Any = None) -> Any:
    """Set, add or subtract elements or slices that the vectors `indices` select; none where `ok` doesn't hold."""
    depth = indices.shape[-1]
    wanted = indices.shape[:-1] + tensor.shape[depth:]
    check(depth <= tensor.ndim and updates.shape == wanted, InvalidArgumentError,
          "Must have updates.shape = indices.shape[:-1] + shape[k:], got updates.shape: {}, indices.shape: {}, "
          "shape: {}", list(updates.shape), list(indices.shape), list(tensor.shape))  # fmt: skip
    check_coordinates(indices, tensor.shape[:depth], tensor.shape)
    if how == "add" and updates.dtype == bool:
        how = "max"  # True and True is True
    if not depth:
        updates = updates.reshape(-1, *tensor.shape)
        if how == "max":
            return tensor | updates.any(0)
        new = updates[-1] if how == "set" else tensor + updates.sum(0) if how == "add" else tensor - updates.sum(0)
        return new if ok is None else jnp.where(ok, new, tensor)
    if namespace(tensor, indices, updates) is np:
        return _put(tensor, indices, updates, how)
    if ok is not None:
        indices = jnp.where(ok, indices, np.array(tensor.shape[:depth])).astype(indices.dtype)
    put = getattr(jnp.asarray(tensor).at[_places(indices)], how)
    return put(updates, mode="drop", wrap_negative_indices=False)


def _put(tensor: Any, indices: Any, updates: Any, how: str) -> Any:
    """Do with NumPy what `put_elements` does; texts that meet are joined."""
    result = np.array(tensor)
    places = tuple(np.moveaxis(indices, -1, 0))
    if how == "set":
        result[places] = updates
    else:
        {"add": np.add, "subtract": np.subtract, "max": np.maximum}[how].at(result, places, updates)
    return result


def _fits(indices, updates, whole):
    if indices is None or updates is None or whole is None or not indices or indices[-1] is None:
        return whole
    depth = indices[-1]
    if depth > len(whole):
        raise ValueError(f"indices.shape[-1] = {depth} is larger than the rank of shape {shapes.text(whole)}")
    shapes.merge(indices[:-1] + tuple(whole[depth:]), updates)
    return whole


@scatter_nd.shape
def _(indices, updates, shape):
    return _fits(indices, updates, dims_of(shape))


@scatter_nd.gradient
def _(op, grad):
    return None, _gather_nd(grad, op.inputs[0]), None


def _unchanged(tensor, indices, updates):
    return _fits(indices, updates, tensor)


@op("TensorScatterUpdate", "tensor: T, indices: Tindices, updates: T -> output: T", shape=_unchanged, Tindices=INDEX,
    folds=True)  # fmt: skip
def tensor_scatter_update(tensor, indices, updates):
    """Return `tensor` with `updates` at the places that the rows of `indices` say."""
    return put_elements(tensor, indices, updates, "set")


@tensor_scatter_update.gradient
def _(op, grad):
    _, indices, updates = op.inputs
    return tensor_scatter_update(grad, indices, zeros_like(updates)), None, _gather_nd(grad, indices)


@op("TensorScatterAdd", "tensor: T, indices: Tindices, updates: T -> output: T", shape=_unchanged, Tindices=INDEX,
    folds=True)  # fmt: skip
def tensor_scatter_add(tensor, indices, updates):
    """Return `tensor` with `updates` added at the places that the rows of `indices` say."""
    return put_elements(tensor, indices, updates, "add")


@tensor_scatter_add.gradient
def _(op, grad):
    return grad, None, _gather_nd(grad, op.inputs[1])


@op("TensorScatterSub", "tensor: T, indices: Tindices, updates: T -> output: T", shape=_unchanged, Tindices=INDEX,
    folds=True)  # fmt: skip
def tensor_scatter_sub(tensor, indices, updates):
    """Return `tensor` with `updates` subtracted at the places that the rows of `indices` say."""
    return put_elements(tensor, indices, updates, "subtract")


@tensor_scatter_sub.gradient
def _(op, grad):
    return grad, None, negative(_gather_nd(grad, op.inputs[1]))


@op("ScatterNdNonAliasingAdd", "input: T, indices: Tindices, updates: T -> output: T", T=NUMERIC | BOOL,
    Tindices=INDEX)  # fmt: skip
def scatter_nd_non_aliasing_add(input, indices, updates):
    """Return `input` with `updates` added at the places that the rows of `indices` say."""
    return put_elements(input, indices, updates, "add")


@scatter_nd_non_aliasing_add.shape
def _(input, indices, updates):
    return _fits(indices, updates, input)


@scatter_nd_non_aliasing_add.gradient
def _(op, grad):
    return grad, None, _gather_nd(grad, op.inputs[1])


# -- rows of several lookups at once ---------------------------------------------------------------------------------


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """Take elements along the last axis of `indices`, which has all its other axes in common with `params`.

    Parameters
    ----------
    params : Tensor [a1, ..., an, b1, ...]
    indices : int32 or int64 Tensor [a1, ..., m]
    name : str, optional

    Returns
    -------
    Tensor [a1, ..., m, b1, ...]

    Raises
    ------
    ValueError
        If the rank of `indices` is unknown, or there are no common axes.
    """
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if indices.dims is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return _batch_gather(params, indices, len(indices.dims) - 1)


def _batch_gather(params: Tensor, indices: Tensor, batch_dims: int) -> Tensor:
    """Gather from `params` with its first axes made one, by numbers that count through them (TensorFlow's nodes)."""
    count = len(indices.dims or ())
    if not 0 <= batch_dims < count:
        raise ValueError(f"batch_dims = {batch_dims} must be less than rank(indices) = {count}")
    if params.dims is not None and batch_dims >= len(params.dims):
        raise ValueError(f"batch_dims = {batch_dims} must be less than rank(params) = {len(params.dims)}")
    kind = indices.dtype.base_dtype
    indices_shape, params_shape = shape(indices), shape(params)
    numbers: Any = indices
    step: Any = ones((), kind)
    lengths = cast_node(params_shape, kind)
    for axis in range(batch_dims, 0, -1):
        length = lengths[axis - 1]
        step *= lengths[axis]
        first, one = zeros((), kind), ones((), kind)
        starts = count_up(first, length, one) * step
        numbers += reshape(starts, stack([1] * (axis - 1) + [length] + [1] * (count - axis), axis=0))
    flat = reshape(numbers, [-1])
    rest = params_shape[batch_dims + 1 :]
    rows = reduce_prod(params_shape[: batch_dims + 1], [0])
    taken = gather(reshape(params, concat([[rows], rest], axis=0)), flat)
    result = reshape(taken, concat([indices_shape, rest], axis=0))
    if params.dims is not None:
        common = shapes.merge(indices.dims[:batch_dims], params.dims[:batch_dims])  # type: ignore[index]
        result.set_shape((*common, *indices.dims[batch_dims:], *params.dims[batch_dims + 1 :]))  # type: ignore[index, misc]
    return result


def batch_gather_nd(params: Any, indices: Any, batch_dims: int, name: str | None = None) -> Tensor:
    """`gather_nd` for `params` and `indices` that have their first `batch_dims` axes in common."""
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if not isinstance(batch_dims, int):
            raise TypeError(f"batch_dims must be an int; got {batch_dims!r}")
        if batch_dims < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        for role, tensor in (("indices", indices), ("params", params)):
            if tensor.dims is not None and batch_dims >= len(tensor.dims):
                raise ValueError(f"batch_dims = {batch_dims} must be less than rank({role}) = {len(tensor.dims)}")
        params_shape, indices_shape = shape(params), shape(indices)
        batch_shape = params_shape[:batch_dims]
        batch_size = reduce_prod(batch_shape, [0])
        inner = rank(indices) - batch_dims - 1
        inner_shape = indices_shape[batch_dims:-1]
        lengths = unstack(batch_shape, axis=0)
        counted = [cast_node(count_up(0, length, 1), indices.dtype.base_dtype) for length in lengths]
        grid = transpose(stack([reshape(x, (-1,)) for x in meshgrid(*counted, indexing="ij")], axis=0))
        grid_shape = shape(grid)
        grid = reshape(grid, concat([grid_shape[:1], ones(inner, dtypes.int32), grid_shape[1:]], axis=0))
        grid = tile(grid, concat(((1,), inner_shape, (1,)), axis=0))
        flat = reshape(indices, concat(([batch_size], indices_shape[batch_dims:]), axis=0))
        found = _gather_nd(params, concat((grid, flat), axis=-1))
        return reshape(found, concat((batch_shape, shape(found)[1:]), axis=0))
