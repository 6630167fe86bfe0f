"""Extremes, limits and rounding, element by element."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.broadcast import broadcast, sum_like, unbroadcast
from defrun.ops.cast import cast
from defrun.ops.compare import greater, greater_equal, less, less_equal, logical_or, select_v2
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import FLOAT, INDEX, REAL

_ORDERED = FLOAT | INDEX
_NEXT = frozenset((dtypes.float32, dtypes.float64))

# -- extremes --------------------------------------------------------------------------------------------------------


@op("Maximum", "x: T, y: T -> z: T", T=_ORDERED, shape=broadcast, folds=True)
def maximum(x, y):
    """The larger of `x` and `y`, element by element; the two broadcast."""
    return namespace(x, y).maximum(x, y)


@op("Minimum", "x: T, y: T -> z: T", T=_ORDERED, shape=broadcast, folds=True)
def minimum(x, y):
    """The smaller of `x` and `y`, element by element; the two broadcast."""
    return namespace(x, y).minimum(x, y)


@maximum.gradient
def _(op, grad):
    return _to_chosen(op, grad, greater_equal(*op.inputs))


@minimum.gradient
def _(op, grad):
    return _to_chosen(op, grad, less_equal(*op.inputs))


def _to_chosen(op: Any, grad: Tensor, first: Tensor) -> Any:
    """Pass the gradient to the input that was chosen, of equal ones to the first."""
    zero = constant(0, grad.dtype.base_dtype)
    return unbroadcast(op, select_v2(first, grad, zero), select_v2(first, zero, grad))


@op("ClipByValue", "t: T, clip_value_min: T, clip_value_max: T -> output: T", T=REAL)
def _clip_by_value(t, clip_value_min, clip_value_max):
    """`t`, element by element brought into the range from `clip_value_min` to `clip_value_max`."""
    return jnp.minimum(jnp.maximum(t, clip_value_min), clip_value_max)


@_clip_by_value.shape
def _(t, clip_value_min, clip_value_max):
    for limit in (clip_value_min, clip_value_max):
        if limit != ():
            shapes.merge(t, limit)
    return t


@_clip_by_value.gradient
def _(op, grad):
    t, low, high = op.inputs
    zero = constant(0, grad.dtype.base_dtype)
    below, above = less(t, low), greater(t, high)
    inside = select_v2(logical_or(below, above), zero, grad)
    return inside, sum_like(select_v2(below, grad, zero), low), sum_like(select_v2(above, grad, zero), high)


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Bring each element of `t` into the range from `clip_value_min` to `clip_value_max`.

    Parameters
    ----------
    t : Tensor or IndexedSlices
    clip_value_min, clip_value_max : Tensor
        What broadcasts to the shape of `t`.
    name : str, optional

    Returns
    -------
    Tensor or IndexedSlices

    Raises
    ------
    ValueError
        If the limits are larger than `t`.
    """
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as scope:
        values = convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name="t")
        below = minimum(values, clip_value_max)
        shapes.merge(values.dims, below.dims)
        clipped = maximum(below, clip_value_min, name=scope)
        shapes.merge(values.dims, clipped.dims)
        return IndexedSlices(clipped, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else clipped


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Any:
    """Convert `value` to `dtype`; what lies outside its range becomes its smallest or largest value.

    Parameters
    ----------
    value : Tensor
    dtype : DType
    name : str, optional
    """
    with name_scope(name, "saturate_cast", [value]) as scope:
        value = convert_to_tensor(value, name="value")
        source, wanted = value.dtype.base_dtype, dtypes.as_dtype(dtype).base_dtype
        if source.min < wanted.min:
            value = maximum(value, constant(wanted.min, source, name="min"))
        if source.max > wanted.max:
            value = minimum(value, constant(wanted.max, source, name="max"))
        return cast(value, wanted, name=scope)


@op("NextAfter", "x1: T, x2: T -> output: T", T=(_NEXT, dtypes.float32), shape=broadcast)
def nextafter(x1, x2):
    """The next number after `x1` in the direction of `x2`, element by element; the two broadcast."""
    return jnp.nextafter(x1, x2)


@nextafter.gradient
def _(op, grad):
    return unbroadcast(op, grad, zeros_like(grad, optimize=False))


# -- rounding --------------------------------------------------------------------------------------------------------


@op("Floor", "x: T[...] -> y: T[...]", T=FLOAT, folds=True, differentiable=False)
def floor(x):
    """The largest whole number not above each element."""
    return namespace(x).floor(x)


@op("Ceil", "x: T[...] -> y: T[...]", T=FLOAT, folds=True, differentiable=False)
def ceil(x):
    """The smallest whole number not below each element."""
    return namespace(x).ceil(x)


@op("Rint", "x: T[...] -> y: T[...]", T=FLOAT, folds=True, differentiable=False)
def rint(x):
    """The whole number nearest to each element; of two equally near ones the even one."""
    return namespace(x).rint(x)


@op("Round", "x: T[...] -> y: T[...]", T=_ORDERED, folds=True, differentiable=False)
def _round(x):
    """The whole number nearest to each element; of two equally near ones the even one."""
    return x if np.issubdtype(x.dtype, np.integer) else namespace(x).rint(x)


def round(x: Any, name: str | None = None) -> Tensor:
    """Return the whole number nearest to each element; of two equally near ones the even one.

    Parameters
    ----------
    x : Tensor
        Integers are returned as they are.
    name : str, optional
    """
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else _round(x, name=name)
