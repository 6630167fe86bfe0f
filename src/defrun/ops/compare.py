"""Comparison, logic, and choosing between two tensors element by element."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.graph.operation import Tensor
from defrun.ops.broadcast import broadcast, sum_like
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import BOOL, COMPLEX, FLOAT, NUMERIC, REAL, SIGNED, STRING

_EQUATABLE = FLOAT | COMPLEX | SIGNED | {dtypes.uint8} | BOOL | STRING | {dtypes.qint8, dtypes.quint8, dtypes.qint32}

# -- comparison ------------------------------------------------------------------------------------------------------


@op("Less", "x: T, y: T -> z: bool", T=REAL, shape=broadcast, folds=True, differentiable=False)
def less(x, y):
    """Whether `x < y`, element by element; the two broadcast."""
    return x < y


@op("LessEqual", "x: T, y: T -> z: bool", T=REAL, shape=broadcast, folds=True, differentiable=False)
def less_equal(x, y):
    """Whether `x <= y`, element by element; the two broadcast."""
    return x <= y


@op("Greater", "x: T, y: T -> z: bool", T=REAL, shape=broadcast, folds=True, differentiable=False)
def greater(x, y):
    """Whether `x > y`, element by element; the two broadcast."""
    return x > y


@op("GreaterEqual", "x: T, y: T -> z: bool", T=REAL, shape=broadcast, folds=True, differentiable=False)
def greater_equal(x, y):
    """Whether `x >= y`, element by element; the two broadcast."""
    return x >= y


@op("Equal", "x: T, y: T -> z: bool", T=_EQUATABLE, folds=True, differentiable=False)
def _equal(x, y, incompatible_shape_error: bool = True):
    """Whether `x == y`, element by element; one False if the shapes don't go together and that is no error."""
    return x == y if incompatible_shape_error or _go_together(x, y) else np.False_


@op("NotEqual", "x: T, y: T -> z: bool", T=_EQUATABLE, folds=True, differentiable=False)
def _not_equal(x, y, incompatible_shape_error: bool = True):
    """Whether `x != y`, element by element; one True if the shapes don't go together and that is no error."""
    return x != y if incompatible_shape_error or _go_together(x, y) else np.True_


def _go_together(x: Any, y: Any) -> bool:
    try:
        shapes.broadcast(x.shape, y.shape)
    except ValueError:
        return False
    return True


@_equal.shape
@_not_equal.shape
def _(x, y, incompatible_shape_error):
    if incompatible_shape_error:
        return shapes.broadcast(x, y)
    return x if x == y and shapes.is_known(x) else None


def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x == y`, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of the same type: numbers, bools or strings.
    name : str, optional
    """
    return _equal(x, y, name=name)


def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x != y`, element by element; the two broadcast.

    Parameters
    ----------
    x, y : Tensor
        Of the same type: numbers, bools or strings.
    name : str, optional
    """
    return _not_equal(x, y, name=name)


@op("ApproximateEqual", "x: T[...], y: T[...] -> z: bool[...]", T=NUMERIC, differentiable=False)
def approximate_equal(x, y, tolerance: float = 1e-05):
    """Whether `x` and `y` differ by less than `tolerance`, element by element."""
    return jnp.abs(x - y) < tolerance


@op("IsNan", "x: T[...] -> y: bool[...]", T=FLOAT, folds=True, differentiable=False)
def is_nan(x):
    """Whether each element is NaN."""
    return x != x


@op("IsInf", "x: T[...] -> y: bool[...]", T=FLOAT, folds=True, differentiable=False)
def is_inf(x):
    """Whether each element is infinite."""
    return abs(x) == np.inf


@op("IsFinite", "x: T[...] -> y: bool[...]", T=FLOAT, folds=True, differentiable=False)
def is_finite(x):
    """Whether each element is neither infinite nor NaN."""
    return abs(x) < np.inf


# -- logic -----------------------------------------------------------------------------------------------------------


@op("LogicalAnd", "x: bool, y: bool -> z: bool", shape=broadcast, folds=True, differentiable=False)
def logical_and(x, y):
    """Whether both `x` and `y` hold, element by element; the two broadcast."""
    return x & y


@op("LogicalOr", "x: bool, y: bool -> z: bool", shape=broadcast, folds=True, differentiable=False)
def logical_or(x, y):
    """Whether `x` or `y` or both hold, element by element; the two broadcast."""
    return x | y


@op("LogicalNot", "x: bool[...] -> y: bool[...]", folds=True, differentiable=False)
def logical_not(x):
    """Whether `x` doesn't hold, element by element."""
    return ~x


def logical_xor(x: Any, y: Any, name: str | None = "LogicalXor") -> Tensor:
    """Whether `x` or `y` holds but not both, element by element; the two broadcast.

    Parameters
    ----------
    x, y : bool Tensor
    name : str
    """
    either = logical_or(x, y)
    return logical_and(either, logical_not(logical_and(x, y)), name=name)


# -- choosing --------------------------------------------------------------------------------------------------------


@op("Select", "condition: bool, t: T, e: T -> output: T", folds=True)
def select(condition, t, e):
    """Take the elements of `t` where `condition` holds, else those of `e`.

    Parameters
    ----------
    condition : bool Tensor
        Like `t`, or a scalar, or a vector that chooses along the first axis.
    t, e : Tensor [...]

    Returns
    -------
    Tensor [...]
    """
    if condition.ndim == 1 and t.ndim > 1:
        condition = condition.reshape(-1, *(1,) * (t.ndim - 1))
    return namespace(condition, t, e).where(condition, t, e)


@select.shape
def _(condition, t, e):
    dims = shapes.merge(t, e)
    if not condition or dims is None:
        return dims
    if len(condition) == 1 and len(dims) > 1:
        shapes.merge(condition, dims[:1])
        return dims
    return shapes.merge(dims, condition)


@select.gradient
def _(op, grad):
    condition = op.inputs[0]
    zeros = zeros_like(grad, optimize=False)
    return None, select(condition, grad, zeros), select(condition, zeros, grad)


@op("SelectV2", "condition: bool, t: T, e: T -> output: T", shape=broadcast, folds=True)
def select_v2(condition, t, e):
    """Take the elements of `t` where `condition` holds, else those of `e`; the three broadcast."""
    return namespace(condition, t, e).where(condition, t, e)


@select_v2.gradient
def _(op, grad):
    condition, t, e = op.inputs
    zero = constant(0, grad.dtype.base_dtype)
    return None, sum_like(select_v2(condition, grad, zero), t), sum_like(select_v2(condition, zero, grad), e)
