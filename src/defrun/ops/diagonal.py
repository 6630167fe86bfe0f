"""Diagonals of matrices, and matrices from diagonals."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.types import COMPLEX, FLOAT, INDEX


def _only_main(**given: Any) -> None:
    """Refuse what TensorFlow 1.15.5 takes and silently ignores."""
    for name, (value, default) in given.items():
        if value is not default and value != default:
            raise NotImplementedError(f"{name}={value!r}: only the main diagonal is supported, as in TensorFlow 1.15")


@op("MatrixDiag", "diagonal: T[...,n] -> output: T[...,n,n]")
def _matrix_diag(diagonal):
    """A matrix that is `diagonal` on its diagonal, else 0."""
    n = diagonal.shape[-1]
    return jnp.where(np.eye(n, dtype=bool), diagonal[..., None], jnp.zeros((), diagonal.dtype))


@_matrix_diag.gradient
def _(op, grad):
    return _matrix_diag_part(grad)


@op("MatrixDiagPart", "input: T[...,m,n] -> diagonal: T")
def _matrix_diag_part(input):
    """The diagonal of a matrix."""
    return jnp.diagonal(input, axis1=-2, axis2=-1)


@_matrix_diag_part.shape
def _(input):
    if input is None:
        return None
    *front, m, n = input
    return (*front, 0 if 0 in (m, n) else None if None in (m, n) else min(m, n))


@_matrix_diag_part.gradient
def _(op, grad):
    dims = op.inputs[0].dims
    if dims is not None and dims[-1] is not None and dims[-1] == dims[-2]:
        return _matrix_diag(grad)
    return _matrix_set_diag(zeros_like(op.inputs[0]), grad)


@op("MatrixSetDiag", "input: T[...,m,n], diagonal: T -> output: T[...,m,n]")
def _matrix_set_diag(input, diagonal):
    """A matrix with its diagonal replaced."""
    m, n = input.shape[-2:]
    k = min(m, n)
    check(diagonal.shape == (*input.shape[:-2], k), InvalidArgumentError,
          "must have diagonal.shape == input.shape[:-2] + min(input.shape[-2:]), but received input shape: {} and "
          "diagonal shape: {}", list(input.shape), list(diagonal.shape))  # fmt: skip
    return jnp.asarray(input).at[..., np.arange(k), np.arange(k)].set(diagonal)


@_matrix_set_diag.shape
def _(input, diagonal):
    if input is None:
        return None
    *front, m, n = input
    shapes.merge((*front, None if None in (m, n) else min(m, n)), diagonal)
    return input


@_matrix_set_diag.gradient
def _(op, grad):
    return _matrix_set_diag(grad, zeros_like(op.inputs[1])), _matrix_diag_part(grad)


@op("MatrixBandPart", "input: T[...,m,n], num_lower: Tindex[], num_upper: Tindex[] -> band: T[...,m,n]",
    Tindex=(INDEX, dtypes.int64))  # fmt: skip
def matrix_band_part(input, num_lower, num_upper):
    """Keep the diagonals near the main one; put 0 elsewhere.

    Parameters
    ----------
    input : Tensor [..., m, n]
    num_lower, num_upper : int32 or int64 Tensor []
        How many diagonals below and above to keep; -1 keeps all.
    """
    m, n = input.shape[-2:]
    below = lax.broadcasted_iota(np.int32, (m, n), 0) - lax.broadcasted_iota(np.int32, (m, n), 1)
    lower, upper = (jnp.clip(number, -1, m + n).astype(np.int32) for number in (num_lower, num_upper))
    keep = ((lower < 0) | (below <= lower)) & ((upper < 0) | (-below <= upper))
    return jnp.where(keep, input, jnp.zeros((), input.dtype))


@matrix_band_part.gradient
def _(op, grad):
    return matrix_band_part(grad, op.inputs[1], op.inputs[2]), None, None


def matrix_diag(
    diagonal: Any, name: str = "diag", k: int = 0, num_rows: int = -1, num_cols: int = -1, padding_value: Any = 0
) -> Tensor:
    """Make matrices that have `diagonal` on their diagonal, and 0 elsewhere.

    Parameters
    ----------
    diagonal : Tensor [..., n]
    name : str
    k, num_rows, num_cols, padding_value
        Only their defaults.

    Returns
    -------
    Tensor [..., n, n]
    """
    _only_main(k=(k, 0), num_rows=(num_rows, -1), num_cols=(num_cols, -1), padding_value=(padding_value, 0))
    return _matrix_diag(diagonal, name=name)


def matrix_diag_part(input: Any, name: str = "diag_part", k: int = 0, padding_value: Any = 0) -> Tensor:
    """Return the diagonals of matrices.

    Parameters
    ----------
    input : Tensor [..., m, n]
    name : str
    k, padding_value
        Only their defaults.

    Returns
    -------
    Tensor [..., min(m, n)]
    """
    _only_main(k=(k, 0), padding_value=(padding_value, 0))
    return _matrix_diag_part(input, name=name)


def matrix_set_diag(input: Any, diagonal: Any, name: str = "set_diag", k: int = 0) -> Tensor:
    """Replace the diagonals of matrices.

    Parameters
    ----------
    input : Tensor [..., m, n]
    diagonal : Tensor [..., min(m, n)]
    name : str
    k
        Only its default.
    """
    _only_main(k=(k, 0))
    return _matrix_set_diag(input, diagonal, name=name)


_DIAGONAL = FLOAT | COMPLEX | INDEX


@op("Diag", "diagonal: T -> output: T", T=_DIAGONAL)
def diag(diagonal):
    """Make a tensor of twice the rank that is `diagonal` where the first and the second half of an index agree, else 0.

    Parameters
    ----------
    diagonal : Tensor [d...]

    Returns
    -------
    Tensor [d..., d...]
    """
    return jnp.diag(diagonal.ravel()).reshape(diagonal.shape * 2)


@diag.shape
def _(diagonal):
    return None if diagonal is None else diagonal * 2


@diag.gradient
def _(op, grad):
    return diag_part(grad)


@op("DiagPart", "input: T -> diagonal: T", T=_DIAGONAL)
def diag_part(input):
    """Undo `diag`: return the elements where the first and the second half of an index agree.

    Parameters
    ----------
    input : Tensor [d..., d...]

    Returns
    -------
    Tensor [d...]
    """
    half = input.shape[: input.ndim // 2]
    check(half * 2 == input.shape, InvalidArgumentError, "Input shape {} is not two equal halves", list(input.shape))
    n = int(np.prod(half))
    return jnp.diagonal(input.reshape(n, n)).reshape(half)


@diag_part.shape
def _(input):
    if input is None:
        return None
    if len(input) % 2 or not input:
        raise ValueError(f"Input must have even and non-zero rank, input rank is {len(input)}")
    half = len(input) // 2
    return shapes.merge(input[:half], input[half:])


@diag_part.gradient
def _(op, grad):
    return diag(grad)
