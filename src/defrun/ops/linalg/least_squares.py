"""Systems that have no solution or many: least squares, pseudoinverse, rank."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import expand_dims, identity, shape
from defrun.ops.asserts import assert_rank_at_least
from defrun.ops.cast import cast
from defrun.ops.control import cond
from defrun.ops.declare import op
from defrun.ops.limits import maximum
from defrun.ops.linalg.decompositions import regularized_gramian_cholesky, svd
from defrun.ops.linalg.solve import MATRIX, as_columns, check_system, cholesky_solve, substituted
from defrun.ops.matrix import adjoint, matmul
from defrun.ops.reduce import reduce_max, reduce_sum
from defrun.ops.select import where_v2

# -- least squares ---------------------------------------------------------------------------------------------------


@op("MatrixSolveLs", "matrix: T[...,m,n], rhs: T[...,m,k], l2_regularizer: float64[] -> output: T[...,n,k]", T=MATRIX)
def _matrix_solve_ls(matrix, rhs, l2_regularizer, fast: bool = True):
    """The least-squares solution, by the normal equations (`fast`) or by singular values."""
    check_system(matrix, rhs)
    if not (matrix.size and rhs.size):
        return jnp.zeros((*matrix.shape[:-2], matrix.shape[-1], rhs.shape[-1]), matrix.dtype)
    if not fast:
        return _by_singular_values(matrix, rhs)
    m, n = matrix.shape[-2:]
    turned = as_columns(matrix)
    gramian = turned @ matrix if m >= n else matrix @ turned
    gramian += jnp.asarray(l2_regularizer).astype(matrix.dtype) * jnp.eye(min(m, n), dtype=matrix.dtype)
    factor = jnp.linalg.cholesky(gramian, symmetrize_input=False)
    check(~jnp.isnan(factor).any(), InvalidArgumentError,
          f"A matrix of shape {list(matrix.shape)} is rank deficient or ill-conditioned; fast=False or a larger "
          "l2_regularizer may help")  # fmt: skip
    solved = substituted(factor, substituted(factor, turned @ rhs if m >= n else rhs, True), True, True)
    return solved if m >= n else turned @ solved


def _by_singular_values(matrix: Any, rhs: Any) -> Any:
    """Return the smallest of the least-squares solutions; singular values near 0 count as 0."""
    u, s, v = jnp.linalg.svd(matrix, full_matrices=False)
    least = jnp.finfo(matrix.dtype).eps * max(matrix.shape[-2:]) * s[..., :1]
    inverse = jnp.where(s > least, 1 / s, 0)[..., None]
    return as_columns(v) @ (inverse.astype(matrix.dtype) * (as_columns(u) @ rhs))


@_matrix_solve_ls.gradient
def _(op, grad):
    if not op.get_attr("fast"):
        raise ValueError("Gradient of tf.linalg.lstsq is not defined for fast=False")
    matrix = op.inputs[0]
    regularizer = cast(op.inputs[2], matrix.dtype.base_dtype)
    grads = _by_shape(
        matrix,
        lambda: _tall_gradient(matrix, op.inputs[1], op.outputs[0], regularizer, grad),
        lambda: _wide_gradient(matrix, op.inputs[1], regularizer, grad),
    )
    return (*grads, None)


def _tall_gradient(a: Tensor, b: Tensor, x: Tensor, regularizer: Tensor, grad: Tensor) -> tuple[Tensor, Tensor]:
    z = cholesky_solve(regularized_gramian_cholesky(a, regularizer, first_kind=True), grad)
    both = matmul(x, z, adjoint_b=True)
    return matmul(b, z, adjoint_b=True) - matmul(a, both + adjoint(both)), matmul(a, z)


def _wide_gradient(a: Tensor, b: Tensor, regularizer: Tensor, grad: Tensor) -> tuple[Tensor, Tensor]:
    factor = regularized_gramian_cholesky(a, regularizer, first_kind=False)
    grad_b = cholesky_solve(factor, matmul(a, grad))
    solved = cholesky_solve(factor, b)
    rest = grad - matmul(a, grad_b, adjoint_a=True)
    return matmul(solved, rest, adjoint_b=True) - matmul(grad_b, matmul(solved, a, adjoint_a=True)), grad_b


def _by_shape(matrix: Tensor, tall: Any, wide: Any) -> Any:
    """Return `tall()` or `wide()`, by the shape of the matrices; if that is unknown, a node that chooses."""
    known: Any = matrix.dims
    if known is not None and None not in known[-2:]:
        return tall() if known[-2] >= known[-1] else wide()
    dims = shape(matrix)[-2:]
    return cond(dims[-2] >= dims[-1], tall, wide)


def matrix_solve_ls(
    matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None
) -> Tensor:
    """Solve ``matrix @ x = rhs`` in the sense of least squares.

    Parameters
    ----------
    matrix : Tensor [..., m, n]
    rhs : Tensor [..., m, k]
    l2_regularizer : float
        What to multiply the sum of squares of x with; only if `fast`.
    fast : bool
        Go by the normal equations: good for matrices of full rank. False: by an orthogonal decomposition, which gives
        the smallest solution where there are several; it has no gradient.
    name : str, optional

    Returns
    -------
    Tensor [..., n, k]

    Raises
    ------
    InvalidArgumentError
        If `fast`, and a matrix is not of full rank.
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    if matrix.dtype == dtypes.complex128 and l2_regularizer != 0:
        raise NotImplementedError("tf.linalg.lstsq of complex128 with l2_regularizer, as in TensorFlow 1.15")
    if not fast or _better_as_one_op(matrix):
        return _matrix_solve_ls(matrix, rhs, l2_regularizer, fast=fast, name=name)

    def tall() -> Tensor:
        factor = regularized_gramian_cholesky(matrix, l2_regularizer, first_kind=True)
        return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))

    def wide() -> Tensor:
        factor = regularized_gramian_cholesky(matrix, l2_regularizer, first_kind=False)
        return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)

    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        return _by_shape(matrix, tall, wide)


def _better_as_one_op(matrix: Tensor) -> bool:
    """Whether TensorFlow makes one node of it: of many small matrices."""
    dims: Any = matrix.dims
    if dims is None or None in dims:
        return False
    return math.prod(dims) * matrix.dtype.size > 256000 and math.prod(dims[:-2]) > min(dims[-2:])


# -- rank and pseudoinverse ------------------------------------------------------------------------------------------


def _as_matrix(a: Tensor, validate_args: bool) -> Tensor:
    """Check that `a` holds float matrices."""
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must be of a float type, not {a.dtype.name}.")
    assertions: list[Operation] = []
    if a.dims is not None:
        if len(a.dims) < 2:
            raise ValueError(f"Input `a` must have at least 2 dimensions, not {len(a.dims)}.")
    elif validate_args:
        assertions.append(assert_rank_at_least(a, rank=2, message="Input `a` must have at least 2 dimensions."))
    if not assertions:
        return a
    with control_dependencies(assertions):
        return identity(a)


def matrix_rank(a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """Return the rank of matrices: how many of their singular values are larger than `tol`.

    Parameters
    ----------
    a : float Tensor [..., m, n]
    tol : Tensor, optional
        By default the larger of m and n times the largest singular value times the precision of the type.
    validate_args : bool
        Check the rank of `a` when run, if it is unknown before.
    name : str, optional

    Returns
    -------
    int32 Tensor [...]
    """
    with name_scope(name or "matrix_rank"):
        a = _as_matrix(convert_to_tensor(a, preferred_dtype=dtypes.float32, name="a"), validate_args)
        s = svd(a, compute_uv=False)
        if tol is None:
            known = a.dims is not None and None not in a.dims[-2:]
            size = np.max(a.dims[-2:]) if known else reduce_max(shape(a)[-2:])
            eps = np.finfo(a.dtype.as_numpy_dtype).eps
            tol = eps * cast(size, a.dtype) * reduce_max(s, axis=-1, keepdims=True)
        return reduce_sum(cast(s > tol, dtypes.int32), axis=-1)


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """Return the pseudoinverses (of Moore and Penrose) of matrices.

    Parameters
    ----------
    a : float Tensor [..., m, n]
    rcond : Tensor, optional
        Singular values up to `rcond` times the largest count as 0; by default 10 times the larger of m and n times
        the precision of the type.
    validate_args : bool
        Check the rank of `a` when run, if it is unknown before.
    name : str, optional

    Returns
    -------
    Tensor [..., n, m]
    """
    with name_scope(name or "pinv"):
        a = _as_matrix(convert_to_tensor(a, name="a"), validate_args)
        kind = a.dtype.as_numpy_dtype
        if rcond is None:
            rcond = 10.0 * _larger_size(a) * np.finfo(kind).eps
        rcond = convert_to_tensor(rcond, dtype=kind, name="rcond")
        s, u, v = svd(a, full_matrices=False, compute_uv=True)
        cutoff = rcond * reduce_max(s, axis=-1)
        s = where_v2(s > expand_dims(cutoff, -1), s, np.array(np.inf, kind))
        inverse = matmul(v / expand_dims(s, -2), u, adjoint_b=True)
        if a.dims is not None:
            inverse.set_shape((*a.dims[:-2], a.dims[-1], a.dims[-2]))
        return inverse


def _larger_size(a: Tensor) -> Any:
    rows, columns = (None, None) if a.dims is None else a.dims[-2:]
    rows, columns = (shape(a)[i] if size is None else size for i, size in ((-2, rows), (-1, columns)))
    if isinstance(rows, int) and isinstance(columns, int):
        return float(max(rows, columns))
    return cast(maximum(rows, columns), a.dtype)
