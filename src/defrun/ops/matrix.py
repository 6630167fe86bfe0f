"""Products of matrices and vectors, and matrices made from nothing."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import matrix_transpose
from defrun.ops.array import expand_dims, reshape, shape, squeeze
from defrun.ops.broadcast import fills, sum_like
from defrun.ops.cast import cast
from defrun.ops.complex import conj
from defrun.ops.creation import ones, zeros
from defrun.ops.declare import op
from defrun.ops.diagonal import matrix_diag, matrix_diag_part, matrix_set_diag
from defrun.ops.join import concat, stack
from defrun.ops.limits import minimum
from defrun.ops.reduce import reduce_sum
from defrun.ops.types import COMPLEX, FLOAT, INDEX, REAL

_T = FLOAT | COMPLEX | INDEX
_SPARSE_T = (frozenset((dtypes.float32, dtypes.bfloat16)), dtypes.float32)

# -- products --------------------------------------------------------------------------------------------------------


def _product_dims(a: Any, b: Any, transpose_a: bool, transpose_b: bool) -> Dims:
    """The last two axes of a product of (stacks of) matrices."""
    rows, inner = reversed(a[-2:]) if transpose_a else a[-2:]
    other, columns = reversed(b[-2:]) if transpose_b else b[-2:]
    if None not in (inner, other) and inner != other:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {other}")
    return rows, columns


@op("MatMul", "a: T[m,k], b: T[j,n] -> product: T", T=_T, shape=_product_dims)
def mat_mul(a, b, transpose_a: bool = False, transpose_b: bool = False):
    """The product of two matrices."""
    return lax.dot(a.T if transpose_a else a, b.T if transpose_b else b)


@mat_mul.gradient
def _(op, grad):
    a, b = (conj(x) for x in op.inputs)
    ta, tb = op.get_attr("transpose_a"), op.get_attr("transpose_b")
    da = mat_mul(b, grad, tb, True) if ta else mat_mul(grad, b, False, not tb)
    db = mat_mul(grad, a, True, ta) if tb else mat_mul(a, grad, not ta, False)
    return da, db


@op("SparseMatMul", "a: Ta[m,k], b: Tb[j,n] -> product: float32", Ta=_SPARSE_T, Tb=_SPARSE_T)
def sparse_matmul(
    a, b, transpose_a: bool = False, transpose_b: bool = False, a_is_sparse: bool = False, b_is_sparse: bool = False
):
    """The product of two matrices; that one is mostly zeros is taken note of, no more.

    Parameters
    ----------
    a, b : float32 or bfloat16 Tensor [m, k] and [k, n]
    transpose_a, transpose_b : bool
    a_is_sparse, b_is_sparse : bool

    Returns
    -------
    float32 Tensor [m, n]
    """
    return mat_mul.lower(a.astype(np.float32), b.astype(np.float32), transpose_a, transpose_b)


@sparse_matmul.shape
def _(a, b, transpose_a, transpose_b):
    return _product_dims(a, b, transpose_a, transpose_b)


@sparse_matmul.gradient
def _(op, grad):
    a, b = (cast(x, dtypes.float32) for x in op.inputs)
    ta, tb = op.get_attr("transpose_a"), op.get_attr("transpose_b")
    da = mat_mul(b, grad, tb, True) if ta else mat_mul(grad, b, False, not tb)
    db = mat_mul(grad, a, True, ta) if tb else mat_mul(a, grad, not ta, False)
    return cast(da, op.inputs[0].dtype), cast(db, op.inputs[1].dtype)


def _adjoint(x: Any, wanted: bool) -> Any:
    return jnp.conj(jnp.swapaxes(x, -1, -2)) if wanted else x


@op("BatchMatMul", "x: T[...,m,k], y: T[...,j,n] -> output: T", T=_T)
def batch_mat_mul(x, y, adj_x: bool = False, adj_y: bool = False):
    """The products of matrices in two stacks of one shape."""
    return jnp.matmul(_adjoint(x, adj_x), _adjoint(y, adj_y))


@op("BatchMatMulV2", "x: T, y: T -> output: T", T=_T)
def batch_mat_mul_v2(x, y, adj_x: bool = False, adj_y: bool = False):
    """The products of matrices in two stacks, which broadcast."""
    for which, factor in enumerate((x, y)):
        check(factor.ndim >= 2, InvalidArgumentError, "In[{}] ndims must be >= 2: {}", which, factor.ndim)
    return jnp.matmul(_adjoint(x, adj_x), _adjoint(y, adj_y))


@batch_mat_mul.shape
@batch_mat_mul_v2.shape
def _(x, y, adj_x, adj_y):
    for dims in (x, y):
        if dims is not None and len(dims) < 2:
            raise ValueError(f"Shape must be at least rank 2 but is rank {len(dims)}")
    if x is None or y is None:
        return None
    return (shapes.broadcast(x[:-2], y[:-2]) or ()) + (_product_dims(x, y, adj_x, adj_y) or ())


@batch_mat_mul.gradient
@batch_mat_mul_v2.gradient
def _(op, grad):
    x, y = op.inputs
    ax, ay = op.get_attr("adj_x"), op.get_attr("adj_y")
    dx = batch_mat_mul_v2(y, grad, ay, True) if ax else batch_mat_mul_v2(grad, y, False, not ay)
    dy = batch_mat_mul_v2(grad, x, True, ax) if ay else batch_mat_mul_v2(x, grad, not ax, False)
    if op.type == "BatchMatMul":
        return dx, dy
    batches = [None if t.dims is None else t.dims[:-2] for t in (x, y)]
    return (dx if fills(*batches) else sum_like(dx, x)), (dy if fills(*batches[::-1]) else sum_like(dy, y))


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply matrix `a` by matrix `b`, or the matrices of two stacks, which broadcast.

    Parameters
    ----------
    a : Tensor [..., m, k]
        With `transpose_a` or `adjoint_a` [..., k, m].
    b : Tensor [..., k, n]
        With `transpose_b` or `adjoint_b` [..., n, k].
    transpose_a, transpose_b, adjoint_a, adjoint_b : bool
        Swap the last two axes, and take the complex conjugate (adjoint).
    a_is_sparse, b_is_sparse : bool
        Taken note of.
    name : str, optional

    Returns
    -------
    Tensor [..., m, n]

    Raises
    ------
    ValueError
        If a factor is to be both transposed and adjoint, or the shapes don't go together.
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of transpose_b and adjoint_b can be True.")
    with name_scope(name, "MatMul", [a, b]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        sparse = a_is_sparse or b_is_sparse
        if not sparse and any(t.dims is None or len(t.dims) > 2 for t in (a, b)):
            a = conj(a) if transpose_a else a
            b = conj(b) if transpose_b else b
            return batch_mat_mul_v2(a, b, adjoint_a or transpose_a, adjoint_b or transpose_b, name=scope)
        a = conj(a) if adjoint_a else a
        b = conj(b) if adjoint_b else b
        transpose_a, transpose_b = transpose_a or adjoint_a, transpose_b or adjoint_b
        kinds = {t.dtype.base_dtype for t in (a, b)}
        if (sparse and kinds <= _SPARSE_T[0]) or (dtypes.bfloat16 in kinds and len(kinds) > 1):
            product = sparse_matmul(a, b, transpose_a, transpose_b, a_is_sparse, b_is_sparse, name=scope)
            return cast(product, dtypes.bfloat16) if kinds == {dtypes.bfloat16} else product
        return mat_mul(a, b, transpose_a, transpose_b, name=scope)


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply matrix `a` by vector `b`, or the matrices of a stack by the vectors of another; they broadcast.

    Parameters
    ----------
    a : Tensor [..., m, k]
    b : Tensor [..., k]
    transpose_a, adjoint_a, a_is_sparse, b_is_sparse, name
        As of `matmul`.

    Returns
    -------
    Tensor [..., m]
    """
    with name_scope(name, "MatVec", [a, b]):
        column = expand_dims(b, axis=-1)
        product = matmul(
            a, column, transpose_a=transpose_a, adjoint_a=adjoint_a, a_is_sparse=a_is_sparse, b_is_sparse=b_is_sparse
        )
        return squeeze(product, axis=-1)


@op("Cross", "a: T[...,c], b: T[...,c] -> product: T[...,c]", T=REAL)
def cross(a, b):
    """The cross products of the vectors along the last axis, which is of size 3.

    Parameters
    ----------
    a, b : Tensor [..., 3]

    Returns
    -------
    Tensor [..., 3]
    """
    return jnp.cross(a, b)


@cross.shape
def _(a, b):
    for dims in (a, b):
        if dims is not None and dims[-1] not in (3, None):
            raise ValueError(f"Cross-products are only defined for 3-element vectors, not for {dims[-1]} elements")
    return shapes.merge(a, b)


@cross.gradient
def _(op, grad):
    a, b = op.inputs
    return cross(b, grad), cross(grad, a)


# -- single matrices -------------------------------------------------------------------------------------------------


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Make an identity matrix, or a stack of them.

    Parameters
    ----------
    num_rows : int or Tensor []
    num_columns : int or Tensor [], optional
        As many as rows if not given; the columns too many are 0.
    batch_shape : list of int or Tensor [r], optional
    dtype : DType
    name : str, optional

    Returns
    -------
    Tensor [..., num_rows, num_columns]

    Raises
    ------
    TypeError
        If the sizes are no integers.
    """
    with name_scope(name, "eye", [num_rows, num_columns, batch_shape]):
        square = num_columns is None
        batch_shape = [] if batch_shape is None else batch_shape
        num_columns = num_rows if num_columns is None else num_columns
        size: Any
        diagonal: Any
        whole: Any
        if isinstance(num_rows, Tensor) or isinstance(num_columns, Tensor):
            size = minimum(num_rows, num_columns)
        elif isinstance(num_rows, (int, np.integer)) and isinstance(num_columns, (int, np.integer)):
            square, size = num_rows == num_columns, min(num_rows, num_columns)
        else:
            raise TypeError("num_rows and num_columns must be positive integer values.")
        if isinstance(batch_shape, Tensor) or isinstance(size, Tensor):
            batch_shape = convert_to_tensor(batch_shape, name="shape", dtype=dtypes.int32)
            diagonal = concat((batch_shape, [size]), axis=0)
            whole = None if square else concat((batch_shape, [num_rows, num_columns]), axis=0)
        else:
            diagonal = [*batch_shape, size]
            whole = [*batch_shape, num_rows, num_columns]
        filled = ones(diagonal, dtype)
        return matrix_diag(filled) if square else matrix_set_diag(zeros(whole, dtype), filled)


def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """Swap the last two axes of `matrix` and take the complex conjugate.

    Parameters
    ----------
    matrix : Tensor [..., m, n]
    name : str, optional

    Returns
    -------
    Tensor [..., n, m]
    """
    with name_scope(name, "adjoint", [matrix]):
        return matrix_transpose(convert_to_tensor(matrix, name="matrix"), conjugate=True)


def sum_rows(x: Tensor) -> Tensor:
    """Return the sum of each row of a matrix, as a product with ones; of rows that are made for it, that is faster."""
    return reshape(matmul(x, ones(stack([shape(x)[1], 1]), x.dtype)), [-1])


def trace(x: Any, name: str | None = None) -> Tensor:
    """Return the sum along the main diagonal of each matrix.

    Parameters
    ----------
    x : Tensor [..., m, n]
    name : str, optional

    Returns
    -------
    Tensor [...]
    """
    with name_scope(name, "Trace", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return reduce_sum(matrix_diag_part(x), [-1], name=scope)
