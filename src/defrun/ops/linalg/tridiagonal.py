"""Matrices with three diagonals."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.arrange import matrix_transpose, pad, transpose
from defrun.ops.array import expand_dims, rank, squeeze
from defrun.ops.complex import conj
from defrun.ops.creation import zeros
from defrun.ops.declare import op
from defrun.ops.diagonal import matrix_diag_part
from defrun.ops.gather import gather_nd
from defrun.ops.join import concat, stack
from defrun.ops.linalg.solve import MATRIX
from defrun.ops.reduce import reduce_sum

# -- shifting rows ---------------------------------------------------------------------------------------------------


def _padded(x: Tensor, widths: list[list[int]]) -> Tensor:
    """Pad the last axes of a tensor whose rank may be unknown."""
    if x.dims is not None:
        return pad(x, [[0, 0]] * (len(x.dims) - len(widths)) + widths)
    return pad(x, concat([zeros([rank(x) - len(widths), 2], "int32"), widths], axis=0))


def _from_below(x: Tensor) -> Tensor:
    """Put into each row of matrices the one below, 0 into the last."""
    return _padded(x[..., 1:, :], [[0, 1], [0, 0]])


def _from_above(x: Tensor) -> Tensor:
    """Put into each row of matrices the one above, 0 into the first."""
    return _padded(x[..., :-1, :], [[1, 0], [0, 0]])


# -- products --------------------------------------------------------------------------------------------------------


@op("TridiagonalMatMul",
    "superdiag: T[...,1,m], maindiag: T[...,1,m], subdiag: T[...,1,m], rhs: T[...,m,n] -> output: T[...,m,n]",
    T=MATRIX)  # fmt: skip
def _tridiagonal_mat_mul(superdiag, maindiag, subdiag, rhs):
    """The product of matrices with three diagonals and others."""
    above, main, below = (jnp.swapaxes(d, -1, -2) for d in (superdiag, maindiag, subdiag))
    if rhs.shape[-2] < 2:
        return main * rhs
    edge = jnp.zeros_like(rhs[..., :1, :])
    from_below = jnp.concatenate([rhs[..., 1:, :], edge], axis=-2)
    from_above = jnp.concatenate([edge, rhs[..., :-1, :]], axis=-2)
    return above * from_below + main * rhs + below * from_above


@_tridiagonal_mat_mul.shape
def _(superdiag, rhs):
    return rhs


@_tridiagonal_mat_mul.gradient
def _(op, grad):
    above, main, below = (matrix_transpose(d, conjugate=True) for d in op.inputs[:3])
    rhs = conj(op.inputs[3])
    factors = (_from_below(rhs), rhs, _from_above(rhs))
    diagonals = [expand_dims(reduce_sum(f * grad, axis=-1), -2) for f in factors]
    return (*diagonals, _from_above(above * grad) + main * grad + _from_below(below * grad))


def tridiagonal_matmul(diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None) -> Tensor:
    """Multiply matrices that have three diagonals with others.

    Parameters
    ----------
    diagonals : Tensor, or three
        "compact": [..., 3, m], the diagonal above the main one, the main one, the one below; the last element of the
        first and the first of the last are ignored. "sequence": the same as three tensors [..., m].
        "matrix": [..., m, m], whose other elements are ignored.
    rhs : Tensor [..., m, n]
    diagonals_format : {"compact", "sequence", "matrix"}
    name : str, optional

    Returns
    -------
    Tensor [..., m, n]
    """
    if diagonals_format == "compact":
        three = [diagonals[..., i, :] for i in range(3)]
    elif diagonals_format == "sequence":
        three = list(diagonals)
    elif diagonals_format == "matrix":
        size = _matrix_size(diagonals, both=True)
        main = matrix_diag_part(diagonals)
        turned = transpose(diagonals)
        unused = [0, 0]
        above = transpose(gather_nd(turned, [[i + 1, i] for i in range(size - 1)] + [unused]))
        below = transpose(gather_nd(turned, [unused] + [[i - 1, i] for i in range(1, size)]))
        three = [above, main, below]
    else:
        raise ValueError(f"diagonals_format is {diagonals_format!r}, not one of compact, sequence, matrix")
    return _tridiagonal_mat_mul(*(expand_dims(d, -2) for d in three), rhs, name=name)


def _matrix_size(matrices: Tensor, both: bool) -> int:
    """Return how many rows square matrices have; `ValueError` if that is unknown or they are not square."""
    dims = matrices.dims
    columns, rows = (None, None) if dims is None else (dims[-1], dims[-2])
    if rows and columns and rows != columns:
        raise ValueError(f"The last two dimensions of diagonals must be the same, not {columns} and {rows}")
    size = (rows and columns) if both else (columns or rows)
    if not size:
        raise ValueError('The size of the matrix must be known for diagonals_format="matrix"')
    return size


# -- systems ---------------------------------------------------------------------------------------------------------


@op("TridiagonalSolve", "diagonals: T[...,3,m], rhs: T[...,m,k] -> output: T[...,m,k]", T=MATRIX)
def _tridiagonal_solve(diagonals, rhs, partial_pivoting: bool = True):
    """The solution of systems of equations with three diagonals."""
    check(diagonals.ndim > 1 and diagonals.shape[-2:] == (3, *rhs.shape[-2:-1]), InvalidArgumentError,
          f"diagonals of {list(diagonals.shape)} and rhs of {list(rhs.shape)} don't go together")  # fmt: skip
    if not rhs.size:
        return rhs
    above, main, below = (diagonals[..., i, :] for i in range(3))
    if main.shape[-1] == 1:
        solved = rhs / main[..., None]
    else:
        solved = lax.linalg.tridiagonal_solve(below.at[..., 0].set(0), main, above.at[..., -1].set(0), rhs)
    finite = jnp.isfinite(rhs).all() & jnp.isfinite(main).all() & jnp.isfinite(above[..., :-1]).all()
    finite &= jnp.isfinite(below[..., 1:]).all()
    check(jnp.isfinite(solved).all() | ~finite, InvalidArgumentError,
          f"A matrix with the diagonals of shape {list(diagonals.shape)} is not invertible")  # fmt: skip
    return solved


@_tridiagonal_solve.shape
def _(diagonals, rhs):
    return rhs


@_tridiagonal_solve.gradient
def _(op, grad):
    diagonals, solved = op.inputs[0], op.outputs[0]
    above, main, below = (diagonals[..., i, :] for i in range(3))
    turned = stack([_padded(below[..., 1:], [[0, 1]]), main, _padded(above[..., :-1], [[1, 0]])], axis=-2)
    if diagonals.dtype.is_complex:
        turned = conj(turned)
    grad_rhs = _tridiagonal_solve(turned, grad, partial_pivoting=op.get_attr("partial_pivoting"))
    x = conj(solved)
    factors = (_from_below(x), x, _from_above(x))
    return -stack([reduce_sum(grad_rhs * f, axis=-1) for f in factors], axis=-2), grad_rhs


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
) -> Tensor:
    """Solve systems of equations whose matrices have three diagonals.

    Parameters
    ----------
    diagonals : Tensor, or three
        "compact": [..., 3, m], the diagonal above the main one, the main one, the one below; the last element of the
        first and the first of the last are ignored. "sequence": the same as three tensors [..., m], of which the
        first and the last may lack the element that is ignored. "matrix": [..., m, m], whose other elements are
        ignored.
    rhs : Tensor [..., m] or [..., m, k]
    diagonals_format : {"compact", "sequence", "matrix"}
    transpose_rhs : bool
        `rhs` is [..., k, m] and the result, too.
    conjugate_rhs : bool
        Conjugate `rhs` first.
    name : str, optional
    partial_pivoting : bool
        Rows are exchanged where that is more exact, whatever this says.

    Returns
    -------
    Tensor
        Of the shape of `rhs`.

    Raises
    ------
    ValueError
        If the shapes don't go together.
    InvalidArgumentError
        If a matrix is not invertible.
    """
    if diagonals_format == "sequence":
        diagonals = _stacked(diagonals)
    elif diagonals_format == "matrix":
        size, unused = _matrix_size(diagonals, both=False), [0, 0]
        places = [
            [[i + 1, i] if i + 1 < size else unused, [i, i], [i - 1, i] if i else unused] for i in range(size)
        ]  # fmt: skip
        diagonals = transpose(gather_nd(transpose(diagonals), places))
    elif diagonals_format != "compact":
        raise ValueError(f"diagonals_format is {diagonals_format!r}, not one of compact, sequence, matrix")
    _check_system(diagonals, rhs)
    if len(rhs.dims) == len(diagonals.dims) - 1:
        rhs = expand_dims(conj(rhs) if conjugate_rhs else rhs, -1)
        _check_sizes(diagonals, rhs)
        return squeeze(_tridiagonal_solve(diagonals, rhs, partial_pivoting, name=name), -1)
    if transpose_rhs:
        rhs = matrix_transpose(rhs, conjugate=conjugate_rhs)
    elif conjugate_rhs:
        rhs = conj(rhs)
    _check_sizes(diagonals, rhs)
    result = _tridiagonal_solve(diagonals, rhs, partial_pivoting, name=name)
    return matrix_transpose(result) if transpose_rhs else result


def _stacked(diagonals: Any) -> Tensor:
    if not isinstance(diagonals, (tuple, list)) or len(diagonals) != 3:
        raise ValueError("diagonals must be a sequence of length 3")
    above, main, below = diagonals
    if None in (above.dims, main.dims, below.dims):
        raise ValueError("The ranks of the diagonals must be known")
    for other in (above, below):
        if not TensorShape(other.dims[:-1]).is_compatible_with(TensorShape(main.dims[:-1])):
            raise ValueError(f"The diagonals differ in shape: {above.shape}, {main.shape}, {below.shape}")
    below = _lengthened(below, "subdiagonal", [1, 0], main.dims[-1])
    above = _lengthened(above, "superdiagonal", [0, 1], main.dims[-1])
    return stack((above, main, below), axis=-2)


def _lengthened(diagonal: Any, what: str, widths: list[int], size: int) -> Tensor:
    found = diagonal.dims[-1]
    if not found or found == size:
        return diagonal
    if found != size - 1:
        raise ValueError(f"The {what} must be of length {size} or {size - 1}, not {found}")
    return pad(diagonal, [[0, 0]] * (len(diagonal.dims) - 1) + [widths])


def _check_system(diagonals: Any, rhs: Any) -> None:
    if diagonals.dims is None or rhs.dims is None:
        raise ValueError("The ranks of diagonals and rhs must be known")
    ranks = len(diagonals.dims), len(rhs.dims)
    if ranks[0] < 2:
        raise ValueError(f"diagonals must have rank at least 2, not {ranks[0]}")
    if ranks[1] not in (ranks[0], ranks[0] - 1):
        raise ValueError(f"rhs must have rank {ranks[0] - 1} or {ranks[0]}, not {ranks[1]}")
    if diagonals.dims[-2] and diagonals.dims[-2] != 3:
        raise ValueError(f"There must be 3 diagonals, not {diagonals.dims[-2]}")
    if not diagonals.shape[:-2].is_compatible_with(rhs.shape[: ranks[0] - 2]):
        raise ValueError(f"The batch shapes of {diagonals.shape} and {rhs.shape} don't go together")


def _check_sizes(diagonals: Any, rhs: Any) -> None:
    if diagonals.dims[-1] and rhs.dims[-2] and diagonals.dims[-1] != rhs.dims[-2]:
        raise ValueError(f"diagonals has {diagonals.dims[-1]} rows, rhs {rhs.dims[-2]}")
