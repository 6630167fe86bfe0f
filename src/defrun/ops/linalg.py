"""Decompositions of matrices."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.types import COMPLEX, FLOAT, HALF_FLOAT

_DECOMPOSED = (FLOAT - HALF_FLOAT) | COMPLEX


def _factors(rows: Any, columns: Any, full_matrices: bool) -> Any:
    inner = None if None in (rows, columns) else min(rows, columns)
    return ((rows, rows), (rows, columns)) if full_matrices else ((rows, inner), (inner, columns))


@op("Qr", "input: T[...,m,n] -> q: T, r: T", T=_DECOMPOSED)
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


@op("QrGrad", "input: T[...,m,n], q: T, r: T -> output: T[...,m,n]", T=_DECOMPOSED, differentiable=False)
def qr_grad(input, q, r, full_matrices: bool = False):
    """The gradient of `qr` for the gradients `q` and `r` of its results."""
    return jax.vjp(lambda x: qr.lower(x, full_matrices), jnp.asarray(input))[1]((jnp.asarray(q), jnp.asarray(r)))[0]
