"""Arithmetic with sparse tensors: sums, and products with dense tensors that broadcast to them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor, is_sparse
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either, shape, size
from defrun.ops.broadcast_shapes import broadcast_static_shape
from defrun.ops.cast import cast
from defrun.ops.creation import ones, zeros_like
from defrun.ops.declare import op
from defrun.ops.gather import gather_nd
from defrun.ops.join import concat
from defrun.ops.math import square
from defrun.ops.slicing import slice_
from defrun.ops.sparse.parts import (
    as_sparse,
    bounds_of,
    check_inside,
    check_parts,
    flat_places,
    places_of,
    refuse_gradient,
)  # fmt: skip
from defrun.ops.types import INDEX, NUMERIC, REAL

_PAIR = (
    "a_indices: int64[an,r], a_values: T[an], a_shape: int64[r], "
    "b_indices: int64[bn,r], b_values: T[bn], b_shape: int64[r]"
)


def _check_pair(a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any) -> None:
    for name, parts in {"a": (a_indices, a_values, a_shape), "b": (b_indices, b_values, b_shape)}.items():
        check_parts(*parts, name)
        check_inside(parts[0], parts[2], f"{name}_indices")
    check(a_shape.shape == b_shape.shape, InvalidArgumentError,
          "Ranks of a and b must be the same, not {} and {}", *a_shape.shape, *b_shape.shape)  # fmt: skip
    check((a_shape == b_shape).all(), InvalidArgumentError, "Shapes of a and b must be the same, not {} and {}",
          a_shape, b_shape)  # fmt: skip


# -- sparse and sparse, on the host ----------------------------------------------------------------------------------


@op("SparseAdd", f"{_PAIR}, thresh: Treal[] -> sum_indices: int64, sum_values: T, sum_shape: int64[r]",
    T=NUMERIC, Treal=REAL, host=True)  # fmt: skip
def _sparse_add(a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
    """The sum of two sparse tensors, without the sums of two elements that are smaller than `thresh`."""
    _check_pair(a_indices, a_values, a_shape, b_indices, b_values, b_shape)
    places = np.concatenate([flat_places(a_indices, a_shape), flat_places(b_indices, b_shape)])
    order = np.argsort(places, kind="stable")  # which merges what is in order already
    places, values = places[order], np.concatenate([a_values, b_values])[order]
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    total = np.add.reduceat(values, starts, dtype=values.dtype) if len(starts) else values
    kept = np.abs(total) >= thresh
    kept |= np.diff(starts, append=len(places)) == 1
    return [places_of(places[starts[kept]], a_shape, len(a_shape)), total[kept], a_shape]


@_sparse_add.shape
def _(a_shape):
    return [(None, a_shape[0]), (None,), a_shape]


@_sparse_add.gradient
def _(op, _, grad, __):
    to_a, to_b = _sparse_add_grad(grad, op.inputs[0], op.inputs[3], op.outputs[0])
    to_a.set_shape(op.inputs[1].shape)
    to_b.set_shape(op.inputs[4].shape)
    return None, to_a, None, None, to_b, None, None


@op("SparseAddGrad", "backprop_val_grad: T[s], a_indices: int64[an,r], b_indices: int64[bn,r], "
    "sum_indices: int64[s,r] -> a_val_grad: T[an], b_val_grad: T[bn]", T=NUMERIC, differentiable=False)  # fmt: skip
def _sparse_add_grad(backprop_val_grad, a_indices, b_indices, sum_indices):
    """What of the sum's gradient belongs to each element of the two; 0 if it fell under the threshold."""
    whole = bounds_of(a_indices, b_indices, sum_indices)
    places = flat_places(sum_indices, whole)
    return [_found(flat_places(part, whole), places, backprop_val_grad) for part in (a_indices, b_indices)]


def _found(wanted: Any, places: Any, values: Any) -> Any:
    """The values at the `wanted` of the rising `places`; 0 for those that aren't there."""
    wanted, places, values = (jnp.asarray(part) for part in (wanted, places, values))
    if not places.shape[0]:
        return jnp.zeros(wanted.shape, values.dtype)
    at = jnp.minimum(jnp.searchsorted(places, wanted), places.shape[0] - 1)
    return jnp.where(places[at] == wanted, values[at], 0)


def _extreme_shapes():
    return [(None, None), (None,)]


@op("SparseSparseMaximum", f"{_PAIR} -> output_indices: int64, output_values: T", T=REAL, shape=_extreme_shapes,
    host=True)  # fmt: skip
def _sparse_maximum(a_indices, a_values, a_shape, b_indices, b_values, b_shape):
    """The larger of two elements, wherever one of the two is there; the other is 0 then."""
    return _chosen(np.maximum, a_indices, a_values, a_shape, b_indices, b_values, b_shape)


@op("SparseSparseMinimum", f"{_PAIR} -> output_indices: int64, output_values: T", T=NUMERIC, shape=_extreme_shapes,
    host=True)  # fmt: skip
def _sparse_minimum(a_indices, a_values, a_shape, b_indices, b_values, b_shape):
    """The smaller of two elements, wherever one of the two is there; the other is 0 then."""
    return _chosen(np.minimum, a_indices, a_values, a_shape, b_indices, b_values, b_shape)


def _chosen(
    choose: Any, a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any
) -> Any:
    _check_pair(a_indices, a_values, a_shape, b_indices, b_values, b_shape)
    a, b = flat_places(a_indices, a_shape), flat_places(b_indices, b_shape)
    found = np.union1d(a, b)
    spread = np.zeros((2, len(found)), a_values.dtype)
    spread[0, np.searchsorted(found, a)] = a_values
    spread[1, np.searchsorted(found, b)] = b_values
    return [places_of(found, a_shape, len(a_shape)), choose(*spread)]


_sparse_maximum.gradient(refuse_gradient)
_sparse_minimum.gradient(refuse_gradient)


def sparse_maximum(sp_a: SparseTensor, sp_b: SparseTensor, name: str | None = None) -> SparseTensor:
    """Take the larger of two elements, wherever one of the two is there; the other is 0 then.

    Parameters
    ----------
    sp_a, sp_b : SparseTensor
        Of one type and shape.
    name : str, optional
    """
    with name_scope(name, "SparseSparseMaximum", [sp_a.indices, sp_a.values, sp_b.indices, sp_b.values]) as scope:
        indices, values = _sparse_maximum(
            sp_a.indices, sp_a.values, sp_a.dense_shape, sp_b.indices, sp_b.values, sp_b.dense_shape, name=scope
        )
    return SparseTensor(indices, values, sp_a.dense_shape)


def sparse_minimum(sp_a: SparseTensor, sp_b: SparseTensor, name: str | None = None) -> SparseTensor:
    """Take the smaller of two elements, wherever one of the two is there; the other is 0 then.

    Parameters
    ----------
    sp_a, sp_b : SparseTensor
        Of one type and shape.
    name : str, optional
    """
    with name_scope(name, "SparseSparseMinimum", [sp_a.indices, sp_a.values, sp_b.indices, sp_b.values]) as scope:
        indices, values = _sparse_minimum(
            sp_a.indices, sp_a.values, sp_a.dense_shape, sp_b.indices, sp_b.values, sp_b.dense_shape, name=scope
        )
    return SparseTensor(indices, values, sp_a.dense_shape)


# -- sparse and dense, to dense --------------------------------------------------------------------------------------


@op("SparseTensorDenseAdd", "a_indices: Tindices[n,r], a_values: T[n], a_shape: Tindices[r], b: T -> output: T",
    T=NUMERIC, Tindices=INDEX)  # fmt: skip
def _sparse_dense_add(a_indices, a_values, a_shape, b):
    """The dense sum of a sparse and a dense tensor of one shape."""
    check_parts(a_indices, a_values, a_shape, "a")
    check(b.ndim == a_shape.shape[0], InvalidArgumentError, "a has {} axes, b has {}", a_shape.shape[0], b.ndim)
    check((a_shape == np.array(b.shape)).all(), InvalidArgumentError,
          "Shapes of a and b must be the same, not {} and {}", a_shape, shapes.text(b.shape))  # fmt: skip
    check_inside(a_indices, a_shape, "a_indices")
    return jnp.asarray(b).at[tuple(a_indices[:, axis] for axis in range(b.ndim))].add(a_values, mode="drop")


@_sparse_dense_add.shape
def _(b):
    return b


@_sparse_dense_add.gradient
def _(op, grad):
    return None, gather_nd(grad, op.inputs[0]), None, grad


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """Add two tensors of one shape, of which at least one is sparse.

    Parameters
    ----------
    a, b : SparseTensor or Tensor
    threshold : Tensor []
        If both are sparse: sums of an element of each that are smaller are left out.
    thresh
        Old name of `threshold`.

    Returns
    -------
    SparseTensor or Tensor
        Sparse if both are.

    Raises
    ------
    TypeError
        If neither is sparse.
    InvalidArgumentError
        When run, if the shapes differ.
    """
    threshold = either("threshold", threshold, "thresh", thresh)
    if not (is_sparse(a) or is_sparse(b)):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if not (is_sparse(a) and is_sparse(b)):
        sparse, dense = (a, b) if is_sparse(a) else (b, a)
        return _sparse_dense_add(sparse.indices, sparse.values, sparse.dense_shape, dense)
    a, b = as_sparse(a), as_sparse(b)
    limit = convert_to_tensor(
        0 if threshold is None else threshold, dtype=a.values.dtype.real_dtype.base_dtype, name="threshold"
    )
    indices, values, dense_shape = _sparse_add(
        a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape, limit
    )
    a.shape.assert_is_compatible_with(b.shape)
    known = broadcast_static_shape(a.shape, b.shape)
    return SparseTensor(indices, values, known.as_list() if known.is_fully_defined() else dense_shape)


# -- sparse and dense, to sparse -------------------------------------------------------------------------------------

_CWISE = "sp_indices: int64[n,r], sp_values: T[n], sp_shape: int64[r], dense: T -> output: T[n]"


def _opposite(indices: Any, values: Any, shape: Any, dense: Any) -> Any:
    """The elements of `dense`, broadcast to `shape`, at the places of the sparse tensor."""
    check_parts(indices, values, shape)
    check_inside(indices, shape, "sp_indices")
    front = shape.shape[0] - dense.ndim
    check(front >= 0, InvalidArgumentError,
          "broadcasts dense to sparse only: dense has {} axes, the sparse tensor {}",
          dense.ndim, shape.shape[0])  # fmt: skip
    dims = np.array(dense.shape, np.int64)
    check(((dims == 1) | (shape[front:] == dims)).all(), InvalidArgumentError,
          "broadcasts dense to sparse only: dense {} doesn't broadcast to {}",
          shapes.text(dense.shape), shape)  # fmt: skip
    where = tuple(
        indices[:, front + axis] if width != 1 else jnp.zeros(indices.shape[0], np.int64)
        for axis, width in enumerate(dense.shape)
    )
    return jnp.asarray(dense).at[where].get(mode="clip") if where else jnp.broadcast_to(dense, values.shape)


@op("SparseDenseCwiseAdd", _CWISE, T=NUMERIC)
def sparse_dense_plus(sp_indices, sp_values, sp_shape, dense):
    """Add the elements of a dense tensor to those of a sparse one; the dense tensor broadcasts.

    Parameters and result as of `sparse_dense_multiply`.
    """
    return sp_values + _opposite(sp_indices, sp_values, sp_shape, dense)


@op("SparseDenseCwiseMul", _CWISE, T=NUMERIC)
def sparse_dense_multiply(sp_indices, sp_values, sp_shape, dense):
    """Multiply the elements of a sparse tensor by those of a dense one that broadcasts to it.

    Parameters
    ----------
    sp_indices : int64 Tensor [n, r]
    sp_values : Tensor [n]
    sp_shape : int64 Tensor [r]
    dense : Tensor

    Returns
    -------
    Tensor [n]
    """
    return sp_values * _opposite(sp_indices, sp_values, sp_shape, dense)


@op("SparseDenseCwiseDiv", _CWISE, T=NUMERIC)
def sparse_dense_divide(sp_indices, sp_values, sp_shape, dense):
    """Divide the elements of a sparse tensor by those of a dense one that broadcasts to it.

    Parameters and result as of `sparse_dense_multiply`.
    """
    divisor = _opposite(sp_indices, sp_values, sp_shape, dense)
    if jnp.issubdtype(sp_values.dtype, jnp.integer):
        check((divisor != 0).all(), InvalidArgumentError, "Integer division by zero")
        return lax.div(sp_values, divisor)
    return sp_values / divisor


def _gradients(op: Any, to_sparse: Any, to_dense: Any) -> list[Any]:
    """What the elements of the two have to do with the result, spread back to their shapes."""
    indices, _, dense_shape, dense = op.inputs
    places, sizes = _places_in(dense, indices, dense_shape)
    back = sparse_add(zeros_like(dense), SparseTensor(places, to_dense, sizes))
    return [None, to_sparse, None, back]


def _places_in(dense: Tensor, indices: Tensor, dense_shape: Tensor) -> tuple[Tensor, Tensor]:
    """Where the elements of the sparse tensor stand in `dense`, and the shape of `dense`."""
    sizes = shape(dense, out_type=dtypes.int64)
    more = size(dense_shape) - size(sizes)
    whole = concat([ones([more], dtypes.int64), sizes], 0)
    places = indices // (dense_shape // whole)
    return slice_(places, concat([[0], [more]], 0), [-1, -1]), sizes


@sparse_dense_plus.gradient
def _(op, grad):
    return _gradients(op, grad, grad)


@sparse_dense_multiply.gradient
def _(op, grad):
    indices, values, dense_shape, dense = op.inputs
    factor = gather_nd(dense, _places_in(dense, indices, dense_shape)[0])
    return _gradients(op, grad * factor, grad * values)


@sparse_dense_divide.gradient
def _(op, grad):
    indices, values, dense_shape, dense = op.inputs
    divisor = gather_nd(dense, _places_in(dense, indices, dense_shape)[0])
    return _gradients(op, grad / divisor, grad * (-values / square(divisor)))


# -- operators -------------------------------------------------------------------------------------------------------

_WITHOUT_FRACTION = {
    **dict.fromkeys((dtypes.int8, dtypes.uint8, dtypes.int16, dtypes.uint16), dtypes.float32),
    **dict.fromkeys((dtypes.int32, dtypes.int64), dtypes.float64),
}


def _divide_truly(indices: Tensor, values: Tensor, dense_shape: Tensor, y: Any, name: str) -> Tensor:
    """Divide as Python does: whole numbers become floats."""
    y = convert_to_tensor(y, name="y")
    if values.dtype.base_dtype is not y.dtype.base_dtype:
        raise TypeError(f"x and y must have the same dtype, got {values.dtype} != {y.dtype}")
    kind = _WITHOUT_FRACTION.get(values.dtype.base_dtype)
    if kind is not None:
        values, y = cast(values, kind), cast(y, kind)
    return sparse_dense_divide(indices, values, dense_shape, y, name=name)


def _operator(function: Any, name: str) -> Any:
    def operator(sp_x: SparseTensor, y: Any) -> SparseTensor:
        with name_scope(None, name, [sp_x, y]) as scope:
            y = convert_to_tensor(y, dtype=sp_x.dtype.base_dtype, name="y")
            return SparseTensor(
                sp_x.indices, function(sp_x.indices, sp_x.values, sp_x.dense_shape, y, name=scope), sp_x.dense_shape
            )

    operator.__name__ = operator.__qualname__ = f"__{name}__"
    return operator


for _name, _function in {"mul": sparse_dense_multiply, "div": sparse_dense_divide, "truediv": _divide_truly}.items():
    setattr(SparseTensor, f"__{_name}__", _operator(_function, _name))
