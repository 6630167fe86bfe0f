"""Special functions: gamma, beta, zeta, error and Bessel functions, element by element."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.broadcast import broadcast, unbroadcast
from defrun.ops.compare import greater, select_v2
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.elementary import abs, exp, log, log1p, reciprocal, sign
from defrun.ops.math import square
from defrun.ops.reduce import reduce_sum
from defrun.ops.types import FLOAT

_T = frozenset((dtypes.float32, dtypes.float64))

# -- the error function ----------------------------------------------------------------------------------------------


@op("Erf", "x: T[...] -> y: T[...]", T=FLOAT)
def erf(x):
    """The error function of each element."""
    return lax.erf(x)


@erf.gradient
def _(op, grad):
    return grad * (exp(-square(op.inputs[0])) * (2 / math.sqrt(math.pi)))


@op("Erfc", "x: T[...] -> y: T[...]", T=FLOAT)
def erfc(x):
    """One minus the error function of each element."""
    return lax.erfc(x)


@erfc.gradient
def _(op, grad):
    return grad * (exp(-square(op.inputs[0])) * (-2 / math.sqrt(math.pi)))


# -- the gamma function and its relatives ----------------------------------------------------------------------------


@op("Lgamma", "x: T[...] -> y: T[...]", T=FLOAT)
def lgamma(x):
    """The logarithm of the absolute value of the gamma function of each element."""
    return lax.lgamma(x)


@lgamma.gradient
def _(op, grad):
    return grad * digamma(op.inputs[0])


@op("Digamma", "x: T[...] -> y: T[...]", T=FLOAT)
def digamma(x):
    """The derivative of `lgamma` at each element."""
    is_pole = (x <= 0) & (jnp.floor(x) == x)
    return jnp.where(is_pole, jnp.inf, lax.digamma(x))


@digamma.gradient
def _(op, grad):
    x = op.inputs[0]
    return grad * polygamma(constant(1, x.dtype.base_dtype), x)


@op("Polygamma", "a: T, x: T -> z: T", T=_T, shape=broadcast)
def polygamma(a, x):
    """The `a`-th derivative of `digamma` at `x`, element by element; the two broadcast."""
    return lax.polygamma(*jnp.broadcast_arrays(a, x))


@polygamma.gradient
def _(op, grad):
    a, x = op.inputs
    return unbroadcast(op, None, grad * polygamma(a + 1.0, x))


@op("Zeta", "x: T, q: T -> z: T", T=_T, shape=broadcast)
def zeta(x, q):
    """The Hurwitz zeta function of `x` and `q`, element by element; the two broadcast."""
    return lax.zeta(*jnp.broadcast_arrays(x, q))


@zeta.gradient
def _(op, grad):
    x, q = op.inputs
    return unbroadcast(op, None, -grad * x * zeta(x + 1.0, q))


@op("Igamma", "a: T, x: T -> z: T", T=_T, shape=broadcast)
def igamma(a, x):
    """The lower regularized incomplete gamma function of `a` and `x`, element by element; the two broadcast."""
    return lax.igamma(*jnp.broadcast_arrays(a, x))


@op("Igammac", "a: T, x: T -> z: T", T=_T, shape=broadcast)
def igammac(a, x):
    """The upper regularized incomplete gamma function of `a` and `x`, element by element; the two broadcast."""
    return lax.igammac(*jnp.broadcast_arrays(a, x))


@op("IgammaGradA", "a: T, x: T -> z: T", T=_T, shape=broadcast)
def igamma_grad_a(a, x):
    """The derivative of `igamma` with respect to `a`, element by element; the two broadcast."""
    return lax.igamma_grad_a(*jnp.broadcast_arrays(a, x))


@igamma.gradient
def _(op, grad):
    return _igamma_gradient(op, grad)


@igammac.gradient
def _(op, grad):
    return _igamma_gradient(op, -grad)


def _igamma_gradient(op: Any, grad: Tensor) -> Any:
    a, x = op.inputs
    return unbroadcast(op, grad * igamma_grad_a(a, x), grad * exp((a - 1.0) * log(x) - x - lgamma(a)))


@igamma_grad_a.gradient
def _(op, grad):
    raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {op.type})")


@op("Betainc", "a: T, b: T, x: T -> z: T", T=_T)
def betainc(a, b, x):
    """The regularized incomplete beta function, element by element.

    Parameters
    ----------
    a, b, x : Tensor [...]
        All of one shape, apart from scalars.

    Returns
    -------
    Tensor [...]

    Raises
    ------
    InvalidArgumentError
        If two of them have different shapes and neither is a scalar.
    """
    several = len({value.shape for value in (a, b, x)} - {()}) > 1
    check(not several, InvalidArgumentError, "a, b, x must be of one shape, got {}, {}, {}", a.shape, b.shape, x.shape)
    return lax.betainc(*jnp.broadcast_arrays(a, b, x))


@betainc.shape
def _(a, b, x):
    merged: Any = None
    for dims in (a, b, x):
        if dims is None:
            return None
        if dims != ():
            merged = shapes.merge(merged, dims)
    return merged or ()


@betainc.gradient
def _(op, grad):
    a, b, x = op.inputs
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    slope = exp((b - 1.0) * log1p(-x) + (a - 1.0) * log(x) - log_beta)
    return None, None, _sum_scalar(grad * slope, x)


def _sum_scalar(value: Tensor, like: Tensor) -> Tensor:
    return reduce_sum(value) if like.dims == () and value.dims != () else value


def lbeta(x: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of the absolute value of the beta function along the last axis.

    Parameters
    ----------
    x : Tensor [..., n]
    name : str, optional

    Returns
    -------
    Tensor [...]
    """
    with name_scope(name, "lbeta", [x]):
        x = convert_to_tensor(x, name="x")
        log_product = reduce_sum(lgamma(x), axis=[-1])
        return log_product - lgamma(reduce_sum(x, axis=[-1]))


# -- Bessel functions ------------------------------------------------------------------------------------------------


@op("BesselI0e", "x: T[...] -> y: T[...]", T=FLOAT)
def bessel_i0e(x):
    """The modified Bessel function of order 0 of each element, times `exp(-|x|)`."""
    return lax.bessel_i0e(x)


@bessel_i0e.gradient
def _(op, grad):
    x = op.inputs[0]
    return grad * (bessel_i1e(x) - sign(x) * op.outputs[0])


@op("BesselI1e", "x: T[...] -> y: T[...]", T=FLOAT)
def bessel_i1e(x):
    """The modified Bessel function of order 1 of each element, times `exp(-|x|)`."""
    return lax.bessel_i1e(x)


@bessel_i1e.gradient
def _(op, grad):
    x, y = op.inputs[0], op.outputs[0]
    kind = x.dtype.base_dtype
    tiny = constant(jnp.finfo(kind.as_numpy_dtype).eps, kind)
    apart = greater(abs(x), tiny)
    safe = select_v2(apart, x, tiny)
    slope = bessel_i0e(safe) - y * (sign(safe) + reciprocal(safe))
    return grad * select_v2(apart, slope, constant(0.5, kind))


def bessel_i0(x: Any, name: str | None = None) -> Tensor:
    """Return the modified Bessel function of order 0 of each element.

    Parameters
    ----------
    x : Tensor
    name : str, optional
    """
    with name_scope(name, "bessel_i0", [x]):
        return exp(abs(x)) * bessel_i0e(x)


def bessel_i1(x: Any, name: str | None = None) -> Tensor:
    """Return the modified Bessel function of order 1 of each element.

    Parameters
    ----------
    x : Tensor
    name : str, optional
    """
    with name_scope(name, "bessel_i1", [x]):
        return exp(abs(x)) * bessel_i1e(x)
