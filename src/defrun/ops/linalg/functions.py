"""Functions of square matrices: exponential, logarithm, square root."""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import shape
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.join import concat
from defrun.ops.linalg.solve import MATRIX, check_pivots, eliminated, factored
from defrun.ops.matrix import adjoint
from defrun.ops.types import COMPLEX

_times = partial(jnp.matmul, precision=lax.Precision.HIGHEST)
# Order of the rational approximation of exp, and the largest norm that it is good for (Higham 2005).
_SINGLE, _DOUBLE = (7, 3.925724783138660), (13, 5.371920351148152)


def _derivative(function: Callable[[Tensor], Tensor], a: Tensor, grad: Tensor) -> Tensor:
    """Return the gradient by `a` of a function of matrices.

    For any such function, f([[A, E], [0, A]]) has in its upper right the derivative of f at A in the direction E; and
    the adjoint of the derivative at A is the derivative at the adjoint of A.
    """
    turned = adjoint(a)
    upper, lower = concat([turned, grad], -1), concat([zeros_like(turned), turned], -1)
    n = shape(a)[-1] if a.dims is None or a.dims[-1] is None else a.dims[-1]
    result = function(concat([upper, lower], -2))[..., :n, n:]
    result.set_shape(a.shape)
    return result


# -- exponential -----------------------------------------------------------------------------------------------------


@op("MatrixExponential", "input: T[...,m,m] -> output: T[...,m,m]", T=MATRIX)
def _matrix_exponential(input):
    """The exponential, by a rational approximation of the matrix halved several times, then squared as often."""
    if not input.size:
        return input
    order, largest = _DOUBLE if input.dtype.name in ("float64", "complex128") else _SINGLE
    norm = jnp.abs(input).sum(-2).max(-1)
    halvings = jnp.maximum(jnp.ceil(jnp.log2(norm / largest)), 0)
    halvings = jnp.where(jnp.isfinite(halvings), halvings, 0)[..., None, None]
    odd, even = _rational(input / (2.0**halvings).astype(input.dtype), order)
    factors, rows = factored(even - odd)
    check_pivots(factors)

    def squared(state: Any) -> Any:
        i, x = state
        return i + 1, jnp.where(i < halvings, _times(x, x), x)

    most = halvings.max()
    return lax.while_loop(lambda state: state[0] < most, squared, (0, eliminated(factors, rows, even + odd)))[1]


def _rational(a: Any, order: int) -> tuple[Any, Any]:
    """Return the odd and the even terms of the numerator of the approximation of exp(a)."""
    terms = [math.comb(order, k) * math.factorial(2 * order - k) / math.factorial(order) for k in range(order + 1)]
    square = _times(a, a)
    fourth = _times(square, square)
    powers = [jnp.eye(a.shape[-1], dtype=a.dtype), square, fourth, _times(fourth, square)]

    def polynomial(factors: list[float]) -> Any:
        low = sum(f * p for f, p in zip(factors, powers, strict=False))
        if len(factors) <= len(powers):
            return low
        return low + _times(powers[3], sum(f * p for f, p in zip(factors[4:], powers[1:], strict=False)))

    return _times(a, polynomial(terms[1::2])), polynomial(terms[::2])


@_matrix_exponential.gradient
def _(op, grad):
    return _derivative(_matrix_exponential, op.inputs[0], grad)


def matrix_exponential(input: Any, name: str | None = None) -> Tensor:
    """Return the exponentials of square matrices: the sums of their powers n over n!.

    Parameters
    ----------
    input : Tensor [..., m, m]
    name : str, optional

    Returns
    -------
    Tensor [..., m, m]

    Raises
    ------
    ValueError
        If `input` is of no float or complex type.
    """
    with name_scope(name, "matrix_exponential", [input]):
        matrix = convert_to_tensor(input, name="input")
        if matrix.dtype.base_dtype not in MATRIX:
            raise ValueError(f"tf.linalg.expm does not support matrices of type {matrix.dtype.name}")
        return _matrix_exponential(matrix)


# -- on the host: accelerators have no Schur decomposition -----------------------------------------------------------


def _each(function: str, matrices: Any) -> Any:
    """Apply a function of SciPy's to each matrix; NaN where the result is complex and the type is not."""
    scipy = importlib.import_module("scipy.linalg")  # jax brings it along; it takes long to load
    results = np.full_like(matrices, np.nan)
    for at in np.ndindex(matrices.shape[:-2]):
        matrix = matrices[at]
        if matrix.size and np.isfinite(matrix).all():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of singular matrices: inf and NaN say it
                found = getattr(scipy, function)(matrix)
            if matrix.dtype.kind == "c" or found.dtype.kind != "c":
                results[at] = found
    return results


@op("MatrixSquareRoot", "input: T[...,m,m] -> output: T[...,m,m]", T=MATRIX, host=True)
def matrix_square_root(input):
    """Return the matrices whose squares are the given ones, with eigenvalues of positive real part.

    Parameters
    ----------
    input : Tensor [..., m, m]

    Returns
    -------
    Tensor [..., m, m]
        NaN where a real matrix has no real root.
    """
    return _each("sqrtm", input)


@matrix_square_root.gradient
def _(op, grad):
    return _derivative(matrix_square_root, op.inputs[0], grad)


@op("MatrixLogarithm", "input: T[...,m,m] -> output: T[...,m,m]", T=COMPLEX, host=True)
def matrix_logarithm(input):
    """Return the matrices whose exponentials are the given ones, with eigenvalues of imaginary parts up to pi.

    Parameters
    ----------
    input : complex Tensor [..., m, m]

    Returns
    -------
    Tensor [..., m, m]
        NaN where a matrix is singular.
    """
    singular = np.linalg.slogdet(input)[0] == 0
    return np.where(singular[..., None, None], np.nan, _each("logm", input)).astype(input.dtype)


@matrix_logarithm.gradient
def _(op, grad):
    return _derivative(matrix_logarithm, op.inputs[0], grad)
