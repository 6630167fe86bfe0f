"""Decompositions of matrices: Cholesky, QR, eigenvalues, singular values."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims, shape
from defrun.ops.complex import real
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.diagonal import matrix_band_part, matrix_diag, matrix_diag_part, matrix_set_diag
from defrun.ops.elementary import log, reciprocal, square
from defrun.ops.linalg.solve import MATRIX, as_columns, matrix_triangular_solve, substituted
from defrun.ops.matrix import adjoint, eye, matmul
from defrun.ops.reduce import reduce_sum

_REAL = MATRIX & frozenset((dtypes.float32, dtypes.float64))


def _of_lower(x: Any) -> Any:
    """Return the Hermitian matrices that have the lower triangles of `x`."""
    return jnp.tril(x) + as_columns(jnp.tril(x, -1))


# -- Cholesky --------------------------------------------------------------------------------------------------------


@op("Cholesky", "input: T[...,m,m] -> output: T[...,m,m]", T=MATRIX)
def cholesky(input):
    """Write each symmetric (complex: Hermitian) positive definite matrix as a lower triangle times its adjoint.

    Parameters
    ----------
    input : Tensor [..., m, m]
        Only the lower triangles are looked at.

    Returns
    -------
    Tensor [..., m, m]

    Raises
    ------
    InvalidArgumentError
        If a matrix is not positive definite.
    """
    if not input.size:
        return input
    whole = _of_lower(input)
    factor = lax.linalg.cholesky(whole, symmetrize_input=False)
    failed = jnp.isnan(jnp.diagonal(factor, axis1=-2, axis2=-1)).any(-1)
    excused = lax.cond(failed.any(), lambda: ~jnp.isfinite(whole).all((-1, -2)), lambda: jnp.zeros_like(failed))
    check((~failed | excused).all(), InvalidArgumentError,
          f"A matrix of shape {list(input.shape)} is not positive definite")  # fmt: skip
    return factor


@cholesky.gradient
def _(op, grad):
    # With lower(x), the lower triangle of x with its diagonal halved, d input is the symmetric part of
    # inv(L)^H lower(L^H grad) inv(L).
    factor = op.outputs[0]
    inner = matmul(factor, grad, adjoint_a=True)
    inner = matrix_band_part(matrix_set_diag(inner, 0.5 * matrix_diag_part(inner)), -1, 0)
    half = matrix_triangular_solve(factor, adjoint(inner), lower=True, adjoint=True)
    whole = matrix_triangular_solve(factor, adjoint(half), lower=True, adjoint=True)
    return 0.5 * (whole + adjoint(whole))


@op("CholeskyGrad", "l: T[...,m,m], grad: T[...,m,m] -> output: T[...,m,m]", T=_REAL, differentiable=False)
def cholesky_grad(l, grad):
    """The gradient of `cholesky` for the gradient `grad` of its result `l`."""
    inner = jnp.tril(as_columns(l) @ jnp.tril(grad))
    inner = inner - 0.5 * inner * jnp.eye(l.shape[-1], dtype=l.dtype)
    half = substituted(l, as_columns(inner), True, True)
    whole = substituted(l, as_columns(half), True, True)
    return 0.5 * (whole + as_columns(whole))


def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of the determinant of symmetric (complex: Hermitian) positive definite matrices.

    Parameters
    ----------
    matrix : Tensor [..., m, m]
    name : str, optional

    Returns
    -------
    Tensor [...]
    """
    with name_scope(name, "logdet", [matrix]):
        return 2.0 * reduce_sum(log(real(matrix_diag_part(cholesky(matrix)))), axis=[-1])


# -- QR --------------------------------------------------------------------------------------------------------------


def _factors(rows: Any, columns: Any, full_matrices: bool) -> Any:
    inner = None if None in (rows, columns) else min(rows, columns)
    return ((rows, rows), (rows, columns)) if full_matrices else ((rows, inner), (inner, columns))


@op("Qr", "input: T[...,m,n] -> q: T, r: T", T=MATRIX)
def qr(input, full_matrices: bool = False):
    """Decompose each matrix into one with orthonormal columns and an upper triangular one, whose product it is.

    Parameters
    ----------
    input : Tensor [..., m, n]
    full_matrices : bool
        Make q of shape [m, m] even where there are fewer columns.

    Returns
    -------
    q : Tensor [..., m, p]
    r : Tensor [..., p, n]
        p is the smaller of m and n, or m.
    """
    return tuple(jnp.linalg.qr(input, mode="complete" if full_matrices else "reduced"))


@qr.shape
def _(input, full_matrices):
    if input is None:
        return [None, None]
    q, r = _factors(input[-2], input[-1], full_matrices)
    return [(*input[:-2], *q), (*input[:-2], *r)]


@qr.gradient
def _(op, grad_q, grad_r):
    q, r = op.outputs
    zeros = [zeros_like(t) if g is None else g for t, g in ((q, grad_q), (r, grad_r))]
    return qr_grad(op.inputs[0], *zeros, full_matrices=op.get_attr("full_matrices"))


@op("QrGrad", "input: T[...,m,n], q: T, r: T -> output: T[...,m,n]", T=MATRIX, differentiable=False)
def qr_grad(input, q, r, full_matrices: bool = False):
    """The gradient of `qr` for the gradients `q` and `r` of its results."""
    return jax.vjp(lambda x: qr.lower(x, full_matrices), jnp.asarray(input))[1]((jnp.asarray(q), jnp.asarray(r)))[0]


# -- eigenvalues -----------------------------------------------------------------------------------------------------


@op("SelfAdjointEigV2", "input: T[...,m,m] -> e: T[...,m], v: T", T=MATRIX)
def self_adjoint_eig_v2(input, compute_v: bool = True):
    """The eigenvalues of symmetric matrices, smallest first, and (else an empty tensor) their eigenvectors."""
    whole = _of_lower(input)
    check(~jnp.isnan(whole).any(), InvalidArgumentError,
          f"The eigenvalues of a matrix of shape {list(input.shape)} were not found: there is NaN in it")  # fmt: skip
    values, vectors = jnp.linalg.eigh(whole, symmetrize_input=False)
    return values.astype(input.dtype), vectors if compute_v else jnp.zeros(0, input.dtype)


@self_adjoint_eig_v2.shape
def _(input, compute_v):
    values = None if input is None else input[:-1]
    return [values, input if compute_v else (0,)]


@self_adjoint_eig_v2.gradient
def _(op, grad_e, grad_v):
    e, v = op.outputs
    if not op.get_attr("compute_v"):
        if grad_e is None:
            return None
        e, v = self_adjoint_eig_v2(op.inputs[0])
        grad_v = None
    inner = None if grad_e is None else matrix_diag(grad_e)
    if grad_v is not None:
        turned = _inverse_gaps(e) * matmul(v, grad_v, adjoint_a=True)
        inner = turned if inner is None else inner + turned
    whole = matmul(v, matmul(inner, v, adjoint_b=True))
    folded = matrix_band_part(whole + adjoint(whole), -1, 0)  # the upper triangle was not looked at
    return matrix_set_diag(folded, 0.5 * matrix_diag_part(folded))


def _inverse_gaps(x: Tensor) -> Tensor:
    """Return 1 / (x[j] - x[i]), and 0 on the diagonal: inf where values repeat, as there is no derivative."""
    gaps = expand_dims(x, -2) - expand_dims(x, -1)
    gaps = matrix_set_diag(gaps, 1 + zeros_like(x))  # so that second derivatives stay finite
    return matrix_set_diag(reciprocal(gaps), zeros_like(x))


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Return the eigenvalues and eigenvectors of symmetric (complex: Hermitian) matrices.

    Parameters
    ----------
    tensor : Tensor [..., m, m]
        Only the lower triangles are looked at.
    name : str, optional

    Returns
    -------
    e : Tensor [..., m]
        From the smallest to the largest.
    v : Tensor [..., m, m]
        The eigenvectors as columns; their signs are free.

    Raises
    ------
    InvalidArgumentError
        If there is NaN in a matrix.
    """
    e, v = self_adjoint_eig_v2(tensor, compute_v=True, name=name)
    return e, v


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """Return the eigenvalues of symmetric (complex: Hermitian) matrices, see `self_adjoint_eig`.

    Parameters
    ----------
    tensor : Tensor [..., m, m]
    name : str, optional

    Returns
    -------
    Tensor [..., m]
    """
    return self_adjoint_eig_v2(tensor, compute_v=False, name=name)[0]


# -- singular values -------------------------------------------------------------------------------------------------


@op("Svd", "input: T[...,m,n] -> s: T, u: T, v: T", T=MATRIX)
def _svd(input, compute_uv: bool = True, full_matrices: bool = False):
    """The singular values, largest first, and (else two empty tensors) the singular vectors."""
    m, n = input.shape[-2:]
    if not input.size:
        return _svd_of_nothing(input, compute_uv, m if full_matrices else min(m, n), n if full_matrices else min(m, n))
    if not compute_uv:
        values = jnp.linalg.svd(input, compute_uv=False)
        return values.astype(input.dtype), jnp.zeros(0, input.dtype), jnp.zeros(0, input.dtype)
    u, values, v = jnp.linalg.svd(input, full_matrices=full_matrices)
    return values.astype(input.dtype), u, as_columns(v)


def _svd_of_nothing(input: Any, compute_uv: bool, left: int, right: int) -> Any:
    *front, m, n = input.shape
    s = jnp.zeros((*front, min(m, n)), input.dtype)
    if not compute_uv:
        return s, jnp.zeros(0, input.dtype), jnp.zeros(0, input.dtype)
    u, v = (jnp.broadcast_to(jnp.eye(*dims, dtype=input.dtype), (*front, *dims)) for dims in ((m, left), (n, right)))
    return s, u, v


@_svd.shape
def _(input, compute_uv, full_matrices):
    if input is None:
        return [None, *([None, None] if compute_uv else [(0,), (0,)])]
    *front, m, n = input
    inner = 0 if 0 in (m, n) else None if None in (m, n) else min(m, n)
    left, right = (m, n) if full_matrices else (inner, inner)
    return [(*front, inner), *([(*front, m, left), (*front, n, right)] if compute_uv else [(0,), (0,)])]


@_svd.gradient
def _(op, grad_s, grad_u, grad_v):
    a = op.inputs[0]
    if not op.get_attr("compute_uv"):
        if grad_s is None:
            return None
        _, u, v = _svd(a)
        return matmul(u, matmul(matrix_diag(grad_s), v, adjoint_b=True))
    if a.dtype.is_complex:
        raise NotImplementedError("the gradient of tf.svd of complex matrices with compute_uv=True")
    sizes: Any = (None, None) if a.dims is None else a.dims[-2:]
    m, n = sizes
    full = op.get_attr("full_matrices")
    if full and (None in (m, n) or abs(m - n) > 1):
        raise NotImplementedError(f"the gradient of tf.svd with full_matrices=True of matrices of shape {a.shape}")
    s, u, v = op.outputs
    grads = (zeros_like(t) if g is None else g for t, g in zip((s, u, v), (grad_s, grad_u, grad_v), strict=True))
    grad_s, grad_u, grad_v = grads
    few = min(m, n) if full and m != n else None
    u1, v1, grad_u1, grad_v1 = (t[..., :few] if few else t for t in (u, v, grad_u, grad_v))
    row, column = expand_dims(s, -2), expand_dims(s, -1)  # x * row is x diag(s), x * column is diag(s) x
    gaps = _inverse_gaps(square(s))
    turned_u = gaps * matmul(u1, grad_u1, adjoint_a=True)
    turned_v = gaps * matmul(v1, grad_v1, adjoint_a=True)
    inner = matrix_diag(grad_s) + (turned_u + adjoint(turned_u)) * row + (turned_v + adjoint(turned_v)) * column
    result = matmul(u1, matmul(inner, v1, adjoint_b=True))
    if None in (m, n) or m > n:
        result += matmul(_outside(u, grad_u, few) * reciprocal(row), v1, adjoint_b=True)
    if None in (m, n) or m < n:
        result += matmul(u1 * reciprocal(row), _outside(v, grad_v, few), adjoint_b=True)
    return result


def _outside(v: Tensor, grad: Tensor, few: int | None) -> Tensor:
    """Return the gradient of the first `few` singular vectors less its part in the space that they span."""
    if few is None:
        return grad - matmul(v, matmul(v, grad, adjoint_a=True))
    first, rest = v[..., :few], v[..., few:]
    outside = grad[..., :few] - matmul(first, matmul(first, grad[..., :few], adjoint_a=True))
    return outside - matmul(rest, matmul(grad[..., few:], first, adjoint_a=True))


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None) -> Any:
    """Return the singular values of matrices, and their singular vectors: ``tensor = u @ diag(s) @ adjoint(v)``.

    Parameters
    ----------
    tensor : Tensor [..., m, n]
    full_matrices : bool
        Make `u` and `v` square.
    compute_uv : bool
        Return `u` and `v`, too.
    name : str, optional

    Returns
    -------
    s : Tensor [..., p]
        From the largest to the smallest; p is the smaller of m and n.
    u : Tensor [..., m, p]
    v : Tensor [..., n, p]
        The singular vectors as columns; the signs of the pairs are free. Only if `compute_uv`.
    """
    s, u, v = _svd(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (real(s), u, v) if compute_uv else real(s)


def regularized_gramian_cholesky(matrix: Tensor, l2_regularizer: Any, first_kind: bool) -> Tensor:
    """Return the Cholesky factor of ``A^H A + l2_regularizer * I``, or of ``A A^H + ...`` if not `first_kind`."""
    gramian = matmul(matrix, matrix, adjoint_a=first_kind, adjoint_b=not first_kind)
    if isinstance(l2_regularizer, Tensor) or l2_regularizer != 0:
        dims = shape(matrix)
        batch_shape = dims[:-2]
        axis = -1 if first_kind else -2
        identity = eye(dims[axis], batch_shape=batch_shape, dtype=matrix.dtype)
        small = None if matrix.dims is None else matrix.dims[axis]
        identity.set_shape(None if matrix.dims is None else (*matrix.dims[:-2], small, small))
        gramian += l2_regularizer * identity
    return cholesky(convert_to_tensor(gramian))
