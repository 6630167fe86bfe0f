"""Systems of linear equations, inverses and determinants, by elimination."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims
from defrun.ops.declare import op
from defrun.ops.diagonal import matrix_band_part
from defrun.ops.matrix import adjoint, matmul
from defrun.ops.types import COMPLEX, FLOAT, HALF_FLOAT, INDEX

MATRIX = (FLOAT - HALF_FLOAT) | COMPLEX


def over_matrices(x: Tensor) -> Tensor:
    """Give one number for each matrix the two axes of a matrix, to multiply with."""
    return expand_dims(expand_dims(x, -1), -1)


def as_columns(x: Any) -> Any:
    """Return the adjoint of an array of matrices."""
    return jnp.conj(jnp.swapaxes(x, -1, -2))


# -- elimination -----------------------------------------------------------------------------------------------------


def factored(a: Any) -> tuple[Any, Any]:
    """Return the triangular factors of square matrices in one array, and the order of rows that they are for."""
    if not a.size:
        return a, jnp.broadcast_to(jnp.arange(a.shape[-1], dtype=jnp.int32), a.shape[:-1])
    factors, _, order = lax.linalg.lu(a)
    return factors, order


def check_pivots(triangle: Any, what: str = "Input matrix") -> None:
    """Let the run fail if a diagonal has a 0 or NaN on it."""
    if triangle.size:
        check((jnp.abs(jnp.diagonal(triangle, axis1=-2, axis2=-1)) > 0).all(), InvalidArgumentError,
              f"{what} of shape {list(triangle.shape)} is not invertible")  # fmt: skip


def check_system(matrix: Any, rhs: Any) -> None:
    """Let the run fail if the shapes of matrices and right-hand sides don't go together."""
    dims, others = matrix.shape, rhs.shape
    check(len(dims) > 1 and len(others) > 1 and dims[:-1] == others[:-1], InvalidArgumentError,
          f"matrix of shape {list(dims)} and rhs of shape {list(others)} must agree up to the last axis")  # fmt: skip


def substituted(triangle: Any, rhs: Any, lower: bool, adjoint: bool = False, unit: bool = False) -> Any:
    """Solve triangular systems."""
    if not rhs.size:
        return rhs
    return lax.linalg.triangular_solve(
        triangle, rhs, left_side=True, lower=lower, transpose_a=adjoint, conjugate_a=adjoint, unit_diagonal=unit
    )


def eliminated(factors: Any, order: Any, rhs: Any, adjoint: bool = False) -> Any:
    """Solve systems whose matrices, or their adjoints, `factored` has factored."""
    if adjoint:
        solved = substituted(factors, substituted(factors, rhs, False, True), True, True, unit=True)
        return jnp.take_along_axis(solved, jnp.argsort(order, axis=-1)[..., None], axis=-2)
    rows = jnp.take_along_axis(rhs, order[..., None], axis=-2)
    return substituted(factors, substituted(factors, rows, True, unit=True), False)


@op("Lu", "input: T[...,m,m] -> lu: T[...,m,m], p: output_idx_type[...,m]", T=MATRIX, output_idx_type=INDEX,
    differentiable=False)  # fmt: skip
def lu(input, output_idx_type: DType = dtypes.int32):
    """Factor each square matrix into a lower and an upper triangle, its rows reordered.

    Parameters
    ----------
    input : Tensor [..., m, m]
    output_idx_type : DType
        int32 or int64.

    Returns
    -------
    lu : Tensor [..., m, m]
        The upper triangle with its diagonal, the lower one (whose diagonal is 1) below it.
    p : Tensor [..., m]
        Row i of the product is row ``p[i]`` of the input.

    Raises
    ------
    InvalidArgumentError
        If a matrix is not invertible.
    """
    factors, order = factored(input)
    check_pivots(factors, "Input")
    return factors, order.astype(output_idx_type.as_numpy_dtype)


# -- systems ---------------------------------------------------------------------------------------------------------


@op("MatrixSolve", "matrix: T[...,m,m], rhs: T[...,m,k] -> output: T[...,m,k]", T=MATRIX)
def matrix_solve(matrix, rhs, adjoint: bool = False):
    """Solve ``matrix @ x = rhs``.

    Parameters
    ----------
    matrix : Tensor [..., m, m]
    rhs : Tensor [..., m, k]
    adjoint : bool
        Take the adjoint of `matrix` instead.

    Returns
    -------
    Tensor [..., m, k]

    Raises
    ------
    InvalidArgumentError
        If a matrix is not invertible.
    """
    check_system(matrix, rhs)
    factors, order = factored(matrix)
    check_pivots(factors)
    return eliminated(factors, order, rhs, adjoint)


def _product_of(solved: Tensor, grad_rhs: Tensor, adjoint: bool) -> Tensor:
    """Return the gradient of a system's solution by its matrix."""
    return -(matmul(solved, grad_rhs, adjoint_b=True) if adjoint else matmul(grad_rhs, solved, adjoint_b=True))


@matrix_solve.gradient
def _(op, grad):
    turned = op.get_attr("adjoint")
    grad_rhs = matrix_solve(op.inputs[0], grad, adjoint=not turned)
    return _product_of(op.outputs[0], grad_rhs, turned), grad_rhs


@op("MatrixTriangularSolve", "matrix: T[...,m,m], rhs: T[...,m,k] -> output: T[...,m,k]", T=MATRIX)
def matrix_triangular_solve(matrix, rhs, lower: bool = True, adjoint: bool = False):
    """Solve ``matrix @ x = rhs`` for a triangular matrix; its other triangle is not looked at.

    Parameters
    ----------
    matrix : Tensor [..., m, m]
    rhs : Tensor [..., m, k]
    lower : bool
        Which triangle it is.
    adjoint : bool
        Take the adjoint of the triangle instead.

    Returns
    -------
    Tensor [..., m, k]

    Raises
    ------
    InvalidArgumentError
        If there is a 0 on a diagonal.
    """
    check_system(matrix, rhs)
    check_pivots(matrix)
    return substituted(matrix, rhs, lower, adjoint)


@matrix_triangular_solve.gradient
def _(op, grad):
    lower, turned = op.get_attr("lower"), op.get_attr("adjoint")
    grad_rhs = matrix_triangular_solve(op.inputs[0], grad, lower=lower, adjoint=not turned)
    whole = _product_of(op.outputs[0], grad_rhs, turned)
    return matrix_band_part(whole, *((-1, 0) if lower else (0, -1))), grad_rhs


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """Solve ``A @ x = rhs`` for a matrix of which the Cholesky factor is known.

    Parameters
    ----------
    chol : Tensor [..., m, m]
        What `tf.cholesky` made of A.
    rhs : Tensor [..., m, k]
    name : str, optional

    Returns
    -------
    Tensor [..., m, k]
    """
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        half = matrix_triangular_solve(chol, rhs, lower=True, adjoint=False)
        return matrix_triangular_solve(chol, half, lower=True, adjoint=True)


@op("MatrixInverse", "input: T[...,m,m] -> output: T[...,m,m]", T=MATRIX)
def matrix_inverse(input, adjoint: bool = False):
    """Invert each square matrix.

    Parameters
    ----------
    input : Tensor [..., m, m]
    adjoint : bool
        Invert the adjoints instead.

    Returns
    -------
    Tensor [..., m, m]

    Raises
    ------
    InvalidArgumentError
        If a matrix is not invertible.
    """
    factors, order = factored(input)
    check_pivots(factors, "Input")
    identity = jnp.broadcast_to(jnp.eye(input.shape[-1], dtype=input.dtype), input.shape)
    return eliminated(factors, order, identity, adjoint)


@matrix_inverse.gradient
def _(op, grad):
    inverse = op.outputs[0]
    if op.get_attr("adjoint"):
        inverse, grad = adjoint(inverse), adjoint(grad)
    return -matmul(inverse, matmul(grad, inverse, adjoint_b=True), adjoint_a=True)


# -- determinants ----------------------------------------------------------------------------------------------------


@op("MatrixDeterminant", "input: T[...,m,m] -> output: T[...]", T=MATRIX)
def matrix_determinant(input):
    """Return the determinant of each square matrix.

    Parameters
    ----------
    input : Tensor [..., m, m]

    Returns
    -------
    Tensor [...]
    """
    sign, logarithm = slogdet.lower(input)
    return sign * jnp.exp(logarithm)


@matrix_determinant.gradient
def _(op, grad):
    return over_matrices(grad * op.outputs[0]) * matrix_inverse(op.inputs[0], adjoint=True)


@op("LogMatrixDeterminant", "input: T[...,m,m] -> sign: T[...], log_abs_determinant: T[...]", T=MATRIX)
def slogdet(input):
    """Return the determinant of each square matrix as a sign and a logarithm.

    Parameters
    ----------
    input : Tensor [..., m, m]

    Returns
    -------
    sign : Tensor [...]
        1, -1 or 0; of a complex matrix a number of absolute value 1, or 0.
    log_abs_determinant : Tensor [...]
        -inf where the determinant is 0.
    """
    sign, logarithm = jnp.linalg.slogdet(input)
    return sign, logarithm.astype(input.dtype)


@slogdet.gradient
def _(op, grad_sign, grad):
    return None if grad is None else over_matrices(grad) * matrix_inverse(op.inputs[0], adjoint=True)
