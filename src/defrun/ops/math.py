"""Arithmetic, element by element: sums, products, quotients, remainders, squares."""

from __future__ import annotations

import functools
import operator
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, nest, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import identity
from defrun.ops.broadcast import broadcast, unbroadcast
from defrun.ops.cast import cast
from defrun.ops.complex import conj
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import COMPLEX, FLOAT, INDEX, NUMERIC, SIGNED, STRING

_UINT = frozenset((dtypes.uint8, dtypes.uint16))
_ARITHMETIC = FLOAT | COMPLEX | SIGNED | _UINT
_SIGNED_NUMBERS = FLOAT | COMPLEX | INDEX
_ORDERED = FLOAT | INDEX
_NO_NAN = (FLOAT | COMPLEX) - {dtypes.bfloat16}

# -- sums and products -----------------------------------------------------------------------------------------------


@op("Add", "x: T, y: T -> z: T", T=(_ARITHMETIC - {dtypes.uint16}) | STRING, shape=broadcast, folds=True)
def add(x, y):
    """Return `x + y`, element by element; the two broadcast. Strings are joined."""
    return x + y


@op("AddV2", "x: T, y: T -> z: T", T=_ARITHMETIC - {dtypes.uint16}, shape=broadcast, folds=True)
def add_v2(x, y):
    """Return `x + y`, element by element; the two broadcast."""
    return x + y


@add.gradient
@add_v2.gradient
def _(op, grad):
    return unbroadcast(op, grad, grad)


@op("Sub", "x: T, y: T -> z: T", T=_ARITHMETIC, shape=broadcast, folds=True)
def subtract(x, y):
    """Return `x - y`, element by element; the two broadcast."""
    return x - y


@subtract.gradient
def _(op, grad):
    dx, dy = unbroadcast(op, grad, grad)
    return dx, -dy


@op("Mul", "x: T, y: T -> z: T", T=_ARITHMETIC, shape=broadcast, folds=True)
def multiply(x, y):
    """Return `x * y`, element by element; the two broadcast."""
    return x * y


@multiply.gradient
def _(op, grad):
    x, y = op.inputs
    return unbroadcast(op, grad * conj(y), conj(x) * grad)


@op("MulNoNan", "x: T, y: T -> z: T", T=_NO_NAN, shape=broadcast)
def _multiply_no_nan(x, y):
    """Return `x * y`, and 0 where `y` is 0 whatever `x` is, element by element; the two broadcast."""
    return jnp.where(y == 0, 0, x * y)


@_multiply_no_nan.gradient
def _(op, grad):
    x, y = op.inputs
    return unbroadcast(op, _multiply_no_nan(grad, y), _multiply_no_nan(x, grad))


@op("AddN", "inputs: N * T[...] -> sum: T[...]", T=NUMERIC, folds=True)
def _add_n(inputs):
    """The sum of tensors of one shape."""
    return functools.reduce(operator.add, inputs)


@op("AccumulateNV2", "inputs: N * T[...] -> sum: T[...]", T=NUMERIC)
def _accumulate_n(inputs, shape: Dims):
    """The sum of tensors of one shape."""
    return functools.reduce(operator.add, inputs)


@_add_n.gradient
@_accumulate_n.gradient
def _(op, grad):
    return [grad] * len(op.inputs)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """Add tensors of one shape and type.

    Parameters
    ----------
    inputs : list of Tensor or IndexedSlices
    name : str, optional

    Raises
    ------
    ValueError
        If the list is empty, holds something else, or the shapes differ.
    """
    values = _tensors(inputs)
    if len(values) > 1:
        return _add_n(values, name=name)
    value = convert_to_tensor(values[0])
    return identity(value, name=name) if name else value


def accumulate_n(inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None) -> Tensor:
    """Add tensors of one shape and type, which need not be there all at once.

    Parameters
    ----------
    inputs : list of Tensor
    shape : TensorShape, optional
        Their shape, if it is not known otherwise.
    tensor_dtype : DType, optional
        Their type.
    name : str, optional

    Raises
    ------
    ValueError
        If the list is empty, holds something else, or shapes or types differ.
    TypeError
        If the type is not `tensor_dtype`.
    """
    values = _tensors(inputs)
    if any(isinstance(v, IndexedSlices) or v.dtype != values[0].dtype for v in values):
        raise ValueError("inputs must be a list of at least one Tensor with the same dtype and shape")
    dims = functools.reduce(shapes.merge, (v.dims for v in values), shapes.as_dims(shape))
    if tensor_dtype is not None and tensor_dtype != values[0].dtype:
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {values[0].dtype}")
    if len(values) > 1:
        return _accumulate_n(values, TensorShape(dims), name=name)
    return values[0] if name is None else identity(values[0], name=name)


def _tensors(inputs: Any) -> list[Any]:
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError("inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape")
    return [value if isinstance(value, IndexedSlices) else convert_to_tensor(value) for value in inputs]


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """Multiply `x` by a scalar.

    Parameters
    ----------
    scalar : number or Tensor []
    x : Tensor or IndexedSlices
    name : str, optional

    Raises
    ------
    ValueError
        If `scalar` has axes.
    """
    scalar = convert_to_tensor(scalar, dtype=x.dtype.base_dtype, name="scalar")
    if scalar.dims != ():
        raise ValueError(f"Only scalar multiply works, got shape {scalar.shape}")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(multiply(scalar, x.values, name=name), x.indices, x.dense_shape)
    return multiply(scalar, x, name=name)


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Tensor:
    """Evaluate a polynomial at each element of `x`.

    Parameters
    ----------
    coeffs : list of Tensor
        The coefficient of the highest power first.
    x : Tensor
    name : str, optional
    """
    with name_scope(name, "polyval", [*nest.flatten(coeffs), x]) as scope:
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros_like(x, name=scope)
        values = [convert_to_tensor(c, name=f"coeff_{i}") for i, c in enumerate(coeffs)]
        return functools.reduce(lambda p, c: c + p * x, values)


# -- quotients and remainders ----------------------------------------------------------------------------------------


def _divisor(x: Any, y: Any) -> Any:
    """Return `y` fit to divide by: of integers, one that is 0 fails the run."""
    if x.dtype.kind not in "iu":
        return y
    xp = namespace(y)
    check(xp.all(y != 0), InvalidArgumentError, "Integer division by zero")
    return y if xp is np else jnp.where(y == 0, np.ones((), y.dtype), y)


def _truncated(x: Any, y: Any) -> Any:
    """The quotient of integers, rounded towards 0."""
    y = _divisor(x, y)
    if isinstance(y, np.ndarray | np.generic) and isinstance(x, np.ndarray | np.generic):
        down: Any = np.floor_divide(x, y)
        return down + ((down < 0) & (down * y != x))
    return lax.div(*jnp.broadcast_arrays(x, y))


@op("RealDiv", "x: T, y: T -> z: T", T=FLOAT | COMPLEX, shape=broadcast, folds=True)
def realdiv(x, y):
    """Return `x / y`, element by element; the two broadcast."""
    if isinstance(y, np.ndarray) and not isinstance(x, np.ndarray) and x.ndim == y.ndim == 0:
        # XLA would multiply by 1 / y, so that `1 - steps / steps` could become negative.
        return x / lax.optimization_barrier(y)
    return x / y


@op("Div", "x: T, y: T -> z: T", T=_ARITHMETIC, shape=broadcast, folds=True)
def _div(x, y):
    """Return `x / y`, of integers rounded towards 0, element by element; the two broadcast."""
    return _truncated(x, y) if x.dtype.kind in "iu" else x / y


@realdiv.gradient
@_div.gradient
def _(op, grad):
    quotient = grad / conj(op.inputs[1])
    return unbroadcast(op, quotient, -quotient * conj(op.outputs[0]))


@op("DivNoNan", "x: T, y: T -> z: T", T=_NO_NAN, shape=broadcast)
def _div_no_nan(x, y):
    """Return `x / y`, and 0 where `y` is 0, element by element; the two broadcast."""
    zero = y == 0
    return jnp.where(zero, 0, x / jnp.where(zero, 1, y))


@_div_no_nan.gradient
def _(op, grad):
    quotient = _div_no_nan(grad, conj(op.inputs[1]))
    return unbroadcast(op, quotient, -quotient * conj(op.outputs[0]))


@op("FloorDiv", "x: T, y: T -> z: T", T=_ARITHMETIC, shape=broadcast, folds=True, differentiable=False)
def floor_div(x, y):
    """Return `x / y` rounded down, element by element; the two broadcast."""
    if x.dtype.kind in "iu":
        return x // _divisor(x, y)
    return namespace(x, y).floor(x / y)


@op("TruncateDiv", "x: T, y: T -> z: T", T=SIGNED | _UINT, shape=broadcast, folds=True, differentiable=False)
def truncatediv(x, y):
    """Return the quotient of integers rounded towards 0, element by element; the two broadcast."""
    return _truncated(x, y)


@op("FloorMod", "x: T, y: T -> z: T", T=_ORDERED, shape=broadcast, folds=True)
def floormod(x, y):
    """Return the remainder of `x / y` rounded down, element by element; it has the sign of `y`. The two broadcast."""
    return namespace(x, y).mod(x, _divisor(x, y))


@floormod.gradient
def _(op, grad):
    return unbroadcast(op, grad, -grad * floor_div(*op.inputs))


@op("Mod", "x: T, y: T -> z: T", T=_ORDERED, shape=broadcast, folds=True)
def _mod(x, y):
    """Return the remainder of `x / y` rounded towards 0, element by element; it has the sign of `x`."""
    return namespace(x, y).fmod(x, _divisor(x, y))


@op("TruncateMod", "x: T, y: T -> z: T", T=_ORDERED, shape=broadcast, folds=True)
def truncatemod(x, y):
    """Return the remainder of `x / y` rounded towards 0, element by element; it has the sign of `x`."""
    return namespace(x, y).fmod(x, _divisor(x, y))


@_mod.gradient
@truncatemod.gradient
def _(op, grad):
    x, y = op.inputs
    return unbroadcast(op, grad, grad * ((op.outputs[0] - x) / y))


mod = floormod

_TRUE_QUOTIENT = {
    **dict.fromkeys((dtypes.uint8, dtypes.int8, dtypes.uint16, dtypes.int16), dtypes.float32),
    **dict.fromkeys((dtypes.int32, dtypes.int64), dtypes.float64),
    **{t: t for t in FLOAT | COMPLEX},
}
"""The type of `x / y` by that of `x`."""


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x / y`, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one type. Integers are converted: of 8 or 16 bits to float32, wider ones to float64.
    name : str, optional

    Raises
    ------
    TypeError
        If the types differ or can't be divided.
    """
    with name_scope(name, "truediv", [x, y]) as scope:
        x, y = _of_one_type(x, y)
        kind = _TRUE_QUOTIENT.get(x.dtype.base_dtype)
        if kind is None:
            raise TypeError(f"Invalid dtype {x.dtype.base_dtype!r} in __truediv__")
        if kind != x.dtype.base_dtype:
            x, y = cast(x, kind), cast(y, kind)
        return realdiv(x, y, name=scope)


def _of_one_type(x: Any, y: Any, y_as_x: bool = False) -> tuple[Tensor, Tensor]:
    x = convert_to_tensor(x, name="x")
    y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype if y_as_x else None)
    if x.dtype.base_dtype != y.dtype.base_dtype:
        raise TypeError(f"x and y must have the same dtype, got {x.dtype.base_dtype!r} != {y.dtype.base_dtype!r}")
    return x, y


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """Return `x / y` as Python does; see `truediv`.

    Parameters
    ----------
    x, y : Tensor
    name : str, optional
    """
    return x / y if name is None else truediv(x, y, name)


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x / y` as Python 2 does: of integers rounded down. Element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one type.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When integers are divided by 0.
    """
    with name_scope(name, "div", [x, y]) as scope:
        x, y = _of_one_type(x, y, y_as_x=True)
        whole = not (x.dtype.is_floating or x.dtype.is_complex)
        return (floor_div if whole else realdiv)(x, y, name=scope)


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x / y` rounded down, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one type.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When integers are divided by 0.
    """
    return floor_div(x, y, name=name or "floordiv")


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x / y`, and 0 where `y` is 0, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one floating or complex type.
    name : str, optional
    """
    with name_scope(name, "div_no_nan", [x, y]) as scope:
        return _div_no_nan(*_of_one_type(x, y, y_as_x=True), name=scope)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return `x * y`, and 0 where `y` is 0 even if `x` is infinite or NaN, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of one floating or complex type.
    name : str, optional
    """
    with name_scope(name, "multiply_no_nan", [x, y]) as scope:
        return _multiply_no_nan(*_of_one_type(x, y, y_as_x=True), name=scope)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Tensor:
    """Return `1 / x`, and 0 where `x` is 0, element by element.

    Parameters
    ----------
    x : Tensor
    name : str, optional
    """
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return _div_no_nan(constant(1, x.dtype.base_dtype, name="one"), x, name=scope)


# -- one number ------------------------------------------------------------------------------------------------------


@op("Neg", "x: T[...] -> y: T[...]", T=_SIGNED_NUMBERS, folds=True, if_padded="keeps")
def negative(x):
    """Return `-x`, element by element."""
    return -x


@negative.gradient
def _(op, grad):
    return -grad


@op("Square", "x: T[...] -> y: T[...]", T=_SIGNED_NUMBERS, folds=True, if_padded="keeps")
def square(x):
    """Return `x * x`, element by element."""
    return x * x


@square.gradient
def _(op, grad):
    x = conj(op.inputs[0])
    return grad * (x + x)


@op("SquaredDifference", "x: T, y: T -> z: T", T=_SIGNED_NUMBERS, shape=broadcast, folds=True)
def squared_difference(x, y):
    """Return `(x - y)` times its complex conjugate, element by element; the two broadcast."""
    difference = x - y
    return difference * (difference.conj() if x.dtype.kind == "c" else difference)


@squared_difference.gradient
def _(op, grad):
    x, y = op.inputs
    dx, dy = unbroadcast(op, *[(grad + grad) * (x - y)] * 2)
    return dx, -dy
