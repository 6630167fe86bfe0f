"""Elementary functions, element by element: absolute values, roots, powers, exponentials, angles."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.broadcast import broadcast, unbroadcast
from defrun.ops.cast import cast
from defrun.ops.compare import greater, not_equal, select_v2
from defrun.ops.complex import conj
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.math import square
from defrun.ops.namespace import namespace
from defrun.ops.types import COMPLEX, FLOAT, INDEX, SIGNED

_T = FLOAT | COMPLEX
_PARTS = frozenset((dtypes.float32, dtypes.float64))

# -- absolute values and signs ---------------------------------------------------------------------------------------


@op("Abs", "x: T[...] -> y: T[...]", T=FLOAT | SIGNED, folds=True, if_padded="keeps")
def _abs(x):
    """The absolute value of each element."""
    return namespace(x).abs(x)


@_abs.gradient
def _(op, grad):
    return grad * sign(op.inputs[0])


@op("ComplexAbs", "x: T[...] -> y: Tout[...]", T=(COMPLEX, dtypes.complex64), Tout=_PARTS)
def _complex_abs(x, Tout: DType = dtypes.float32):
    """The absolute value of each element."""
    return jnp.abs(x)


@_complex_abs.gradient
def _(op, grad):
    x = op.inputs[0]
    return cast(grad, x.dtype) * sign(x)


def abs(x: Any, name: str | None = None) -> Any:
    """Return the absolute value of each element.

    Parameters
    ----------
    x : Tensor or SparseTensor
    name : str, optional

    Returns
    -------
    Tensor
        Like `x`; of complex numbers the type of their parts.
    """
    with name_scope(name, "Abs", [x]) as scope:
        if not isinstance(x, SparseTensor):
            x = convert_to_tensor(x, name="x")
            if x.dtype.is_complex:
                return _complex_abs(x, x.dtype.real_dtype, name=scope)
            return _abs(x, name=scope)
    return SparseTensor(x.indices, abs(x.values, name), x.dense_shape)


@op("Sign", "x: T[...] -> y: T[...]", T=_T | INDEX, folds=True, if_padded="keeps")
def sign(x):
    """Return -1, 0 or 1 for each element; `x / |x|` (or 0) if it is complex."""
    if x.dtype.kind == "c":
        return namespace(x).sign(x)
    return (x > 0).astype(x.dtype) - (x < 0).astype(x.dtype)


@sign.gradient
def _(op, grad):
    return zeros_like(grad, optimize=False)


# -- roots and powers ------------------------------------------------------------------------------------------------


@op("Sqrt", "x: T[...] -> y: T[...]", T=_T, if_padded="keeps", folds=True)
def sqrt(x):
    """The square root of each element."""
    return namespace(x).sqrt(x)


def _unless_zero(dy: Any, product: Any) -> Any:
    """What is not asked for is 0, even where the derivative is infinite."""
    return jnp.where(dy == 0, jnp.zeros((), product.dtype), product)


@op("SqrtGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def sqrt_grad(y, dy):
    """Gradient of `sqrt`: `dy / 2y`."""
    return _unless_zero(dy, dy * 0.5 / jnp.conj(y))


@sqrt.gradient
def _(op, grad):
    return sqrt_grad(op.outputs[0], grad)


@sqrt_grad.gradient
def _(op, grad):
    quotient = grad / op.inputs[0]
    return -conj(quotient) * op.outputs[0], quotient * 0.5


@op("Rsqrt", "x: T[...] -> y: T[...]", T=_T, if_padded="keeps")
def rsqrt(x):
    """One divided by the square root of each element."""
    if x.dtype not in (np.float32, np.float64):
        return lax.rsqrt(x)
    # On a CPU, XLA's own rsqrt takes ten times as long.
    return jnp.where(x < 0, np.nan, jnp.sqrt(1 / jnp.abs(x)))


@op("RsqrtGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def rsqrt_grad(y, dy):
    """Gradient of `rsqrt`: `-dy y**3 / 2`."""
    y = jnp.conj(y)
    return _unless_zero(dy, dy * -0.5 * (y * y * y))


@rsqrt.gradient
def _(op, grad):
    return rsqrt_grad(op.outputs[0], grad)


@rsqrt_grad.gradient
def _(op, grad):
    y, dy = op.inputs
    y = conj(y)
    return conj(grad) * -1.5 * dy * square(y), rsqrt_grad(y, grad)


@op("Reciprocal", "x: T[...] -> y: T[...]", T=_T)
def reciprocal(x):
    """One divided by each element."""
    return 1 / x


@op("Inv", "x: T[...] -> y: T[...]", T=_T)
def inv(x):
    """One divided by each element."""
    return 1 / x


@op("ReciprocalGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def reciprocal_grad(y, dy):
    """Gradient of `reciprocal`: `-dy y**2`."""
    y = jnp.conj(y)
    return _unless_zero(dy, -dy * y * y)


@op("InvGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def inv_grad(y, dy):
    """Gradient of `inv`: `-dy y**2`."""
    y = jnp.conj(y)
    return _unless_zero(dy, -dy * y * y)


@reciprocal.gradient
@inv.gradient
def _(op, grad):
    return reciprocal_grad(op.outputs[0], grad)


@reciprocal_grad.gradient
@inv_grad.gradient
def _(op, grad):
    y, dy = op.inputs
    y = conj(y)
    return conj(grad) * -2.0 * dy * y, reciprocal_grad(y, grad)


@op("Pow", "x: T, y: T -> z: T", T=_T | INDEX, shape=broadcast, folds=True)
def _pow(x, y):
    """Return `x` to the power of `y`, element by element; the two broadcast."""
    xp = namespace(x, y)
    if y.dtype.kind in "iu":
        negative = namespace(y).any(y < 0)
        check(~negative, InvalidArgumentError, "Integers to negative integer powers are not allowed")
    if xp is jnp and isinstance(y, np.ndarray) and y.ndim == 0 and x.dtype.kind != "c" and y in _SMALL_POWERS:
        return lax.integer_pow(x, int(y))
    return xp.power(x, y)


_SMALL_POWERS = range(-3, 9)
"""Products are much faster than `power`, and no less exact up to here."""


@_pow.gradient
def _(op, grad):
    x, y = (conj(t) for t in op.inputs)
    z = conj(op.outputs[0])
    one = constant(1, x.dtype.base_dtype)
    zero = constant(0, x.dtype.base_dtype)
    fits = not_equal(x, zero) if x.dtype.is_complex else greater(x, zero)
    logarithm = log(select_v2(fits, x, one))  # 0 where there is none
    return unbroadcast(op, grad * (y * _pow(x, y - one)), grad * (z * logarithm))


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x` to the power of `y`, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one type.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        If integers are to be raised to negative ones.
    """
    return _pow(x, y, name=name)


# -- exponentials and logarithms -------------------------------------------------------------------------------------


@op("Exp", "x: T[...] -> y: T[...]", T=_T, folds=True)
def exp(x):
    """`e` to the power of each element."""
    return namespace(x).exp(x)


@exp.gradient
def _(op, grad):
    return grad * conj(op.outputs[0])


@op("Expm1", "x: T[...] -> y: T[...]", T=_T)
def expm1(x):
    """`exp(x) - 1` of each element, exact near 0."""
    return jnp.expm1(x)


@expm1.gradient
def _(op, grad):
    return grad * exp(conj(op.inputs[0]))


@op("Log", "x: T[...] -> y: T[...]", T=_T, folds=True)
def log(x):
    """The natural logarithm of each element."""
    return namespace(x).log(x)


@log.gradient
def _(op, grad):
    return grad / conj(op.inputs[0])


@op("Log1p", "x: T[...] -> y: T[...]", T=_T)
def log1p(x):
    """The natural logarithm of one plus each element, exact near 0."""
    return jnp.log1p(x)


@log1p.gradient
def _(op, grad):
    return grad / (conj(op.inputs[0]) + 1.0)


@op("Xlogy", "x: T, y: T -> z: T", T=_T - {dtypes.bfloat16}, shape=broadcast)
def xlogy(x, y):
    """Return `x * log(y)`, and 0 where `x` is 0, element by element; the two broadcast."""
    zero = x == 0
    return jnp.where(zero, 0, x * jnp.log(jnp.where(zero, 1, y)))


@xlogy.gradient
def _(op, grad):
    x, y = op.inputs
    return unbroadcast(op, grad * xlogy(_nonzero(x), y), grad * xdivy(x, y))


@op("Xdivy", "x: T, y: T -> z: T", T=_T - {dtypes.bfloat16}, shape=broadcast)
def xdivy(x, y):
    """Return `x / y`, and 0 where `x` is 0, element by element; the two broadcast."""
    zero = x == 0
    return jnp.where(zero, 0, x / jnp.where(zero, 1, y))


@xdivy.gradient
def _(op, grad):
    x, y = op.inputs
    return unbroadcast(op, grad * xdivy(_nonzero(x), y), grad * xdivy(-x, square(y)))


def _nonzero(x: Tensor) -> Tensor:
    """1 where `x` is not 0, else 0."""
    return cast(not_equal(x, constant(0, x.dtype.base_dtype)), x.dtype)


# -- squashing -------------------------------------------------------------------------------------------------------


@op("Sigmoid", "x: T[...] -> y: T[...]", T=_T)
def sigmoid(x):
    """`1 / (1 + exp(-x))` of each element."""
    return lax.logistic(x)


@op("SigmoidGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def sigmoid_grad(y, dy):
    """Gradient of `sigmoid`: `dy y (1 - y)`."""
    return dy * y * (1 - y)


@sigmoid.gradient
def _(op, grad):
    return sigmoid_grad(conj(op.outputs[0]), grad)


@sigmoid_grad.gradient
def _(op, grad):
    y, dy = (conj(t) for t in op.inputs)
    product = grad * dy
    return product - product * (y + y), sigmoid_grad(y, grad)


@op("Tanh", "x: T[...] -> y: T[...]", T=_T)
def tanh(x):
    """The hyperbolic tangent of each element."""
    return jnp.tanh(x)


@op("TanhGrad", "y: T[...], dy: T[...] -> z: T[...]", T=_T)
def tanh_grad(y, dy):
    """Gradient of `tanh`: `dy (1 - y**2)`."""
    return dy * (1 - y * y)


@tanh.gradient
def _(op, grad):
    return tanh_grad(conj(op.outputs[0]), grad)


@tanh_grad.gradient
def _(op, grad):
    y, dy = (conj(t) for t in op.inputs)
    return grad * -2.0 * dy * y, tanh_grad(y, grad)


# -- angles ----------------------------------------------------------------------------------------------------------


@op("Sin", "x: T[...] -> y: T[...]", T=_T)
def sin(x):
    """The sine of each element."""
    return jnp.sin(x)


@sin.gradient
def _(op, grad):
    return grad * cos(conj(op.inputs[0]))


@op("Cos", "x: T[...] -> y: T[...]", T=_T)
def cos(x):
    """The cosine of each element."""
    return jnp.cos(x)


@cos.gradient
def _(op, grad):
    return -grad * sin(conj(op.inputs[0]))


@op("Tan", "x: T[...] -> y: T[...]", T=_T)
def tan(x):
    """The tangent of each element."""
    return jnp.tan(x)


@tan.gradient
def _(op, grad):
    return grad / square(cos(conj(op.inputs[0])))


@op("Asin", "x: T[...] -> y: T[...]", T=_T)
def asin(x):
    """The angle whose sine each element is."""
    return jnp.arcsin(x)


@asin.gradient
def _(op, grad):
    return grad * rsqrt(_one_minus_square(op))


@op("Acos", "x: T[...] -> y: T[...]", T=_T)
def acos(x):
    """The angle whose cosine each element is."""
    return jnp.arccos(x)


@acos.gradient
def _(op, grad):
    return -grad * rsqrt(_one_minus_square(op))


def _one_minus_square(op: Any) -> Tensor:
    return 1.0 - square(conj(op.inputs[0]))


@op("Atan", "x: T[...] -> y: T[...]", T=_T)
def atan(x):
    """The angle whose tangent each element is."""
    return jnp.arctan(x)


@atan.gradient
def _(op, grad):
    return grad / (square(conj(op.inputs[0])) + 1.0)


@op("Atan2", "y: T, x: T -> z: T", T=FLOAT, shape=broadcast)
def atan2(y, x):
    """The angle of the point (`x`, `y`), from -pi to pi; the two broadcast."""
    return jnp.arctan2(y, x)


@atan2.gradient
def _(op, grad):
    y, x = op.inputs
    quotient = grad / (square(x) + square(y))
    return unbroadcast(op, x * quotient, -y * quotient)


@op("Sinh", "x: T[...] -> y: T[...]", T=_T)
def sinh(x):
    """The hyperbolic sine of each element."""
    return jnp.sinh(x)


@sinh.gradient
def _(op, grad):
    return grad * cosh(conj(op.inputs[0]))


@op("Cosh", "x: T[...] -> y: T[...]", T=_T)
def cosh(x):
    """The hyperbolic cosine of each element."""
    return jnp.cosh(x)


@cosh.gradient
def _(op, grad):
    return grad * sinh(conj(op.inputs[0]))


@op("Asinh", "x: T[...] -> y: T[...]", T=_T)
def asinh(x):
    """The number whose hyperbolic sine each element is."""
    return jnp.arcsinh(x)


@asinh.gradient
def _(op, grad):
    return grad / cosh(conj(op.outputs[0]))


@op("Acosh", "x: T[...] -> y: T[...]", T=_T)
def acosh(x):
    """The number whose hyperbolic cosine each element is."""
    return jnp.arccosh(x)


@acosh.gradient
def _(op, grad):
    return grad / sinh(conj(op.outputs[0]))


@op("Atanh", "x: T[...] -> y: T[...]", T=_T)
def atanh(x):
    """The number whose hyperbolic tangent each element is."""
    return jnp.arctanh(x)


@atanh.gradient
def _(op, grad):
    return grad / _one_minus_square(op)
