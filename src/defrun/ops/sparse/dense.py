"""From sparse to dense and back, and placeholders for sparse tensors."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import Dimension
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims, shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.bounds import padding
from defrun.ops.compare import not_equal
from defrun.ops.constant import constant, placeholder
from defrun.ops.creation import fill, zeros
from defrun.ops.declare import op
from defrun.ops.gather import gather_nd
from defrun.ops.namespace import namespace
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where_v2
from defrun.ops.sparse.arrange import merged
from defrun.ops.sparse.parts import as_sparse, check_in_order, check_inside
from defrun.ops.types import INDEX

# -- to dense --------------------------------------------------------------------------------------------------------


@op("SparseToDense", "sparse_indices: Tindices, output_shape: static Tindices[r], sparse_values: T, default_value: T "
    "-> dense: T", Tindices=INDEX, if_padded={"sparse_indices": "ends", "sparse_values": "ends"})  # fmt: skip
def _sparse_to_dense(
    sparse_indices, output_shape, sparse_values, default_value, validate_indices: bool = True, *, padded=False
):
    """Put values where `sparse_indices` say, and `default_value` everywhere else."""
    dims = sizes(output_shape)
    count = sparse_indices.shape[0] if sparse_indices.ndim else 1
    check(sparse_indices.ndim <= 2, InvalidArgumentError,
          "sparse_indices must be a scalar, a vector or a matrix, not of shape {}",
          shapes.text(sparse_indices.shape))  # fmt: skip
    axes = sparse_indices.shape[1] if sparse_indices.ndim == 2 else 1
    check(axes == len(dims), InvalidArgumentError, "output_shape has {} sizes, sparse_indices have {}", len(dims), axes)
    check(sparse_values.shape in ((), (count,)), InvalidArgumentError,
          "sparse_values must be a scalar or of shape [{}], not {}",
          count, shapes.text(sparse_values.shape))  # fmt: skip
    check(default_value.ndim == 0, InvalidArgumentError, "default_value must be a scalar, not of shape {}",
          shapes.text(default_value.shape))  # fmt: skip
    places = sparse_indices.reshape(count, axes)
    if padded:
        return _filled_by_some(dims, places, sparse_values, default_value, validate_indices)
    check_inside(places, np.array(dims, places.dtype), "sparse_indices")
    if validate_indices:
        check_in_order(places, "sparse_indices")
    return _filled(dims, places, sparse_values, default_value, validate_indices)


def _filled(dims: tuple[int, ...], places: Any, values: Any, default: Any, in_order: bool) -> Any:
    if namespace(places, values, default) is np:
        whole = np.full(dims, default, values.dtype)
        whole[tuple(places.T)] = values
        return whole
    dense = jnp.full(dims, default)
    if not math.prod(dims):
        return dense
    where = dense.at[tuple(places[:, axis] for axis in range(places.shape[1]))]
    return where.set(values, mode="drop", indices_are_sorted=in_order, unique_indices=in_order)


def _filled_by_some(dims: tuple[int, ...], places: Any, values: Any, default: Any, validate: bool) -> Any:
    """The same where the last of the places are padding."""
    real = (places != padding(places.dtype)).all(axis=1)
    outside = np.array(dims, places.dtype)
    check_inside(jnp.where(real[:, None], places, 0), outside, "sparse_indices")
    if validate:
        check_in_order(jnp.where(real[:, None], places, jnp.arange(len(places))[:, None] + outside), "sparse_indices")
    return _filled(dims, jnp.where(real[:, None], places, outside), values, default, False)


@_sparse_to_dense.shape
def _(output_shape):
    return dims_of(output_shape)


@_sparse_to_dense.gradient
def _(op, grad):
    indices, _, values, _ = op.inputs
    if indices.dims is not None and len(indices.dims) < 2:  # single numbers, not places
        indices = expand_dims(indices, -1)
    taken = gather_nd(grad, indices)
    total = reduce_sum(taken)
    return None, None, total if values.dims == () else taken, reduce_sum(grad) - total


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """Put values into a tensor that holds `default_value` everywhere else.

    Parameters
    ----------
    sparse_indices : int32 or int64 Tensor [n, rank], [n] or []
        Where they go.
    output_shape : Tensor [rank]
        Of the same type.
    sparse_values : Tensor [n] or []
    default_value : Tensor []
    validate_indices : bool
        Refuse indices that are out of order or repeated.
    name : str, optional

    Returns
    -------
    Tensor
        Of shape `output_shape`.

    Raises
    ------
    InvalidArgumentError
        When run, if a place is outside of the shape, out of order, or repeated.
    """
    return _sparse_to_dense(
        sparse_indices, output_shape, sparse_values, default_value, validate_indices=validate_indices, name=name
    )


def sparse_tensor_to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """Make a sparse tensor dense.

    Parameters
    ----------
    sp_input : SparseTensor
    default_value : Tensor [], optional
        What stands where `sp_input` has no value; by default 0 or the empty string.
    validate_indices : bool
        Refuse indices that are out of order or repeated.
    name : str, optional

    Returns
    -------
    Tensor
        Of shape `sp_input.dense_shape`.

    Raises
    ------
    TypeError
        If `sp_input` is not sparse.
    InvalidArgumentError
        When run, if a place is outside of the shape, out of order, or repeated.
    """
    sp_input = as_sparse(sp_input)
    if default_value is None:
        default_value = zeros([], sp_input.dtype)
    return _sparse_to_dense(
        sp_input.indices,
        sp_input.dense_shape,
        sp_input.values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )


def sparse_to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Tensor:
    """Turn the ids in each row of a sparse tensor into a row that is True at these places.

    Parameters
    ----------
    sp_input : SparseTensor of int32 or int64 ids [..., m]
    vocab_size : int or int64 Tensor []
        How long the rows become; ids are below.
    name : str, optional

    Returns
    -------
    bool Tensor [..., vocab_size]
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseToIndicator", [sp_input]) as scope:
        count = shape(sp_input.indices)[0]
        marks = SparseTensor(sp_input.indices, fill(expand_dims(count, 0), True), sp_input.dense_shape)
        places = merged(sp_input, marks, vocab_size, scope, False)
        return sparse_tensor_to_dense(places, default_value=False, validate_indices=False, name=scope)


# -- from dense ------------------------------------------------------------------------------------------------------


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """Make a sparse tensor of the elements that are not 0.

    Parameters
    ----------
    tensor : Tensor
        Of numbers.
    name : str, optional
    """
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        indices = where_v2(not_equal(tensor, constant(0, tensor.dtype)))
        values = gather_nd(tensor, indices)
        return SparseTensor(indices, values, shape(tensor, out_type=dtypes.int64))


# -- placeholders ----------------------------------------------------------------------------------------------------


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """Make a sparse tensor that must be fed: a `SparseTensorValue`, or a tuple of indices, values and shape.

    Parameters
    ----------
    dtype : DType
    shape : list of int or int64 Tensor [rank], optional
        The dense shape, if it is always the same; it may be fed otherwise all the same.
    name : str, optional
        Put before the names of the three parts.
    """

    def called(part: str) -> str | None:
        return None if name is None else f"{name}/{part}"

    dense_shape, rank = _known_shape(shape, called("shape"))
    if dense_shape is None:
        dense_shape = placeholder(dtypes.int64, [rank], called("shape"))
    values = placeholder(dtype, [None], called("values"))
    indices = placeholder(dtypes.int64, [None, rank], called("indices"))
    return SparseTensor(indices, values, dense_shape)


def _known_shape(given: Any, name: str | None) -> tuple[Tensor | None, Any]:
    """Return the shape as a tensor, if it is known, and the rank."""
    if given is None:
        return None, None
    if isinstance(given, Tensor):
        return convert_to_tensor(given, dtype=dtypes.int64, name=name), given.shape[0]
    sizes_ = [size.value if isinstance(size, Dimension) else size for size in given]
    if None in sizes_:
        return None, len(sizes_)
    return convert_to_tensor(sizes_, dtype=dtypes.int64, name=name), len(sizes_)
