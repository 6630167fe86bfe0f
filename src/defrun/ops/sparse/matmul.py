"""Products of a sparse matrix with a dense one, and softmax of the rows of a sparse tensor."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import transpose
from defrun.ops.declare import op
from defrun.ops.gather import gather
from defrun.ops.matrix import sum_rows
from defrun.ops.sparse.arithmetic import sparse_dense_plus
from defrun.ops.sparse.parts import as_sparse, check_inside, check_parts
from defrun.ops.sparse.reduce import sparse_reduce_sum
from defrun.ops.types import INDEX

# -- products --------------------------------------------------------------------------------------------------------


@op("SparseTensorDenseMatMul", "a_indices: Tindices[n,two], a_values: T[n], a_shape: static int64[two], b: T[j,k] -> "
    "product: T", Tindices=(INDEX, dtypes.int64))  # fmt: skip
def _sparse_matmul(a_indices, a_values, a_shape, b, adjoint_a: bool = False, adjoint_b: bool = False):
    """The product of a sparse and a dense matrix; as in TensorFlow, only `b` is conjugated."""
    check_parts(a_indices, a_values, a_shape, "a")
    check(len(a_shape) == 2, InvalidArgumentError, "a must be a matrix, not of {} axes", len(a_shape))
    check_inside(a_indices, a_shape, "a_indices")
    rows, columns = a_indices[:, 0], a_indices[:, 1]
    height, width = int(a_shape[0]), int(a_shape[1])
    if adjoint_a:
        rows, columns, height, width = columns, rows, width, height
    if adjoint_b:
        b = jnp.conj(b).T
    check(width == b.shape[0], InvalidArgumentError,
          "inner sizes don't match: a has {} columns, b has {} rows", width, b.shape[0])  # fmt: skip
    if not (height and width):
        return jnp.zeros((height, b.shape[1]), b.dtype)
    # A processor adds row to row without storing the terms; elsewhere that would be one step after the other.
    return lax.platform_dependent(
        jnp.asarray(a_values), rows, columns, jnp.asarray(b),
        cpu=partial(_row_by_row, height), default=partial(_at_once, height),
    )  # fmt: skip


def _at_once(height: int, values: Any, rows: Any, columns: Any, b: Any) -> Any:
    terms = values[:, None] * b.at[columns].get(mode="clip")
    return jnp.zeros((height, b.shape[1]), b.dtype).at[rows].add(terms, mode="drop")


def _row_by_row(height: int, values: Any, rows: Any, columns: Any, b: Any) -> Any:
    if not len(values):
        return jnp.zeros((height, b.shape[1]), b.dtype)
    rows, columns = (  # checked, but the run stops only at its end
        jnp.clip(places, 0, size - 1).astype(np.int32) for places, size in ((rows, height), (columns, len(b)))
    )

    def add(i: Any, total: Any) -> Any:
        term = values[i] * b.at[columns[i]].get(mode="promise_in_bounds")
        return total.at[rows[i]].add(term, mode="promise_in_bounds")

    return lax.fori_loop(0, len(values), add, jnp.zeros((height, b.shape[1]), b.dtype))


@_sparse_matmul.shape
def _(a_shape, b, adjoint_a, adjoint_b):
    if a_shape is None:
        height = width = None
    elif len(a_shape) != 2:
        raise ValueError(f"a must be a matrix, not of {len(a_shape)} axes")
    else:
        height, width = (None if size is None else int(size) for size in a_shape)
    if adjoint_a:
        height, width = width, height
    inner, outer = b if b is not None else (None, None)
    if adjoint_b:
        inner, outer = outer, inner
    if None not in (width, inner) and width != inner:
        raise ValueError(f"Dimensions must be equal, but are {width} and {inner}")
    return (height, outer)


@_sparse_matmul.gradient
def _(op, grad):
    indices, values, dense_shape, b = op.inputs
    adjoint_a, adjoint_b = op.get_attr("adjoint_a"), op.get_attr("adjoint_b")
    if values.dtype.is_complex:
        raise NotImplementedError("SparseTensorDenseMatMul has no gradient for complex numbers")
    to_b = _sparse_matmul(indices, values, dense_shape, grad, adjoint_a=not adjoint_a)
    rows, columns = indices[:, 0], indices[:, 1]
    if adjoint_a:
        rows, columns = columns, rows
    factors = gather(transpose(b) if adjoint_b else b, columns)
    return None, sum_rows(gather(grad, rows) * factors), None, transpose(to_b) if adjoint_b else to_b


def sparse_tensor_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """Multiply a sparse matrix by a dense one.

    Parameters
    ----------
    sp_a : SparseTensor [m, k]
    b : Tensor [k, n]
        Of the same type.
    adjoint_a : bool
        Transpose `sp_a` first. Complex elements stay as they are, as in TensorFlow.
    adjoint_b : bool
        Transpose and conjugate `b` first.
    name : str, optional

    Returns
    -------
    Tensor [m, n]

    Raises
    ------
    TypeError
        If `sp_a` is not sparse.
    ValueError
        If the sizes are known and don't go together.
    InvalidArgumentError
        If they turn out not to when run, or an index is outside of the matrix.
    """
    sp_a = as_sparse(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a.indices, sp_a.values, b]):
        b = convert_to_tensor(b, name="b")
        return _sparse_matmul(sp_a.indices, sp_a.values, sp_a.dense_shape, b, adjoint_a=adjoint_a, adjoint_b=adjoint_b)


# -- softmax ---------------------------------------------------------------------------------------------------------


@op("SparseSoftmax", "sp_indices: int64[n,r], sp_values: T[n], sp_shape: int64[r] -> output: T[n]",
    T=frozenset((dtypes.float32, dtypes.float64)))  # fmt: skip
def _sparse_softmax(sp_indices, sp_values, sp_shape):
    """Softmax of the elements of each row."""
    check_parts(sp_indices, sp_values, sp_shape)
    check(sp_shape.shape[0] >= 2, InvalidArgumentError, "Input should have rank >= 2, not {}", sp_shape.shape[0])
    count = sp_values.shape[0]
    if not count:
        return sp_values
    sp_values = jnp.asarray(sp_values)
    begins = (sp_indices[1:, :-1] != sp_indices[:-1, :-1]).any(axis=1)
    row = jnp.concatenate([jnp.zeros(1, jnp.int32), jnp.cumsum(begins, dtype=jnp.int32)])
    largest = jax.ops.segment_max(sp_values, row, count, indices_are_sorted=True)
    powers = jnp.exp(sp_values - largest[row])
    return powers / jax.ops.segment_sum(powers, row, count, indices_are_sorted=True)[row]


@_sparse_softmax.shape
def _(sp_values):
    return sp_values


@_sparse_softmax.gradient
def _(op, grad):
    indices, _, dense_shape = op.inputs
    result = op.outputs[0]
    products = SparseTensor(indices, result * grad, dense_shape)
    sums = sparse_reduce_sum(products, [-1], keepdims=True)
    return None, sparse_dense_plus(indices, grad, dense_shape, -sums) * result, None


def sparse_softmax(sp_input: SparseTensor, name: str | None = None) -> SparseTensor:
    """Apply softmax to the elements of each row; what isn't there counts as minus infinity.

    Parameters
    ----------
    sp_input : SparseTensor of float32 or float64 [..., m]
        In order.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run, if it has less than 2 axes.
    """
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = _sparse_softmax(sp_input.indices, sp_input.values, sp_input.dense_shape)
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)
