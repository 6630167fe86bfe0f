"""Running sums and products."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.axes import axis_in, axis_of, known
from defrun.ops.compare import greater, select_v2
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.elementary import exp, log
from defrun.ops.types import FLOAT, INDEX, NUMERIC

_TIDX = (INDEX, dtypes.int32)


def _running(scan: Any, x: Any, axis: Any, exclusive: bool, reverse: bool, neutral: Any) -> Any:
    axis = axis_of(axis, x.ndim)
    if exclusive and x.shape[axis]:
        # Everything moves one place on; the neutral element comes in.
        moved = lax.slice_in_dim(x, 1 if reverse else 0, None if reverse else -1, axis=axis)
        edge = jnp.full_like(lax.slice_in_dim(x, 0, 1, axis=axis), neutral)
        x = lax.concatenate([moved, edge] if reverse else [edge, moved], axis)
    return scan(x, axis=axis, reverse=reverse)


def _same(x, axis):
    if x is not None and (place := known(axis)) is not None:
        axis_in(place, len(x))
    return x


@op("Cumsum", "x: T, axis: static Tidx[] -> out: T", T=NUMERIC, Tidx=_TIDX, shape=_same)
def _cumsum(x, axis, exclusive: bool = False, reverse: bool = False):
    """The sum of the elements up to each one along `axis`."""
    return _running(lax.cumsum, jnp.asarray(x), axis, exclusive, reverse, 0)


@_cumsum.gradient
def _(op, grad):
    exclusive, reverse = op.get_attr("exclusive"), op.get_attr("reverse")
    return _cumsum(grad, op.inputs[1], exclusive, not reverse), None


@op("Cumprod", "x: T, axis: static Tidx[] -> out: T", T=NUMERIC, Tidx=_TIDX, shape=_same)
def _cumprod(x, axis, exclusive: bool = False, reverse: bool = False):
    """The product of the elements up to each one along `axis`."""
    return _running(lax.cumprod, jnp.asarray(x), axis, exclusive, reverse, 1)


@_cumprod.gradient
def _(op, grad):
    x, axis = op.inputs
    exclusive, reverse = op.get_attr("exclusive"), op.get_attr("reverse")
    return _cumsum(op.outputs[0] * grad, axis, exclusive, not reverse) / x, None


@op("CumulativeLogsumexp", "x: T, axis: static Tidx[] -> out: T", T=FLOAT - {dtypes.bfloat16}, Tidx=_TIDX, shape=_same)
def _cumulative_logsumexp(x, axis, exclusive: bool = False, reverse: bool = False):
    """The logarithm of the sum of `exp` of the elements up to each one along `axis`."""
    lowest = jnp.finfo(x.dtype).min if exclusive else 0
    return _running(lax.cumlogsumexp, jnp.asarray(x), axis, exclusive, reverse, lowest)


@_cumulative_logsumexp.gradient
def _(op, grad):
    # In logarithms, the positive and the negative part of the gradient each by itself.
    (x, axis), y = op.inputs, op.outputs[0]
    exclusive, reverse = op.get_attr("exclusive"), op.get_attr("reverse")
    zero, lowest = constant(0, grad.dtype.base_dtype), constant(grad.dtype.base_dtype.min, grad.dtype.base_dtype)

    def part(g: Tensor) -> Tensor:
        logarithm = select_v2(greater(g, zero), log(g), lowest)
        return exp(_cumulative_logsumexp(logarithm - y, axis, exclusive, not reverse) + x)

    return part(grad) - part(-grad), None


def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """Return the running sum along an axis.

    Parameters
    ----------
    x : Tensor
    axis : int
    exclusive : bool
        Leave each element out of its own sum.
    reverse : bool
        Start at the end.
    name : str, optional
    """
    with name_scope(name, "Cumsum", [x]) as scope:
        return _cumsum(convert_to_tensor(x, name="x"), axis, exclusive, reverse, name=scope)


def cumprod(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """Return the running product along an axis.

    Parameters
    ----------
    x : Tensor
    axis : int
    exclusive : bool
        Leave each element out of its own product.
    reverse : bool
        Start at the end.
    name : str, optional
    """
    with name_scope(name, "Cumprod", [x]) as scope:
        return _cumprod(convert_to_tensor(x, name="x"), axis, exclusive, reverse, name=scope)


def cumulative_logsumexp(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Return the logarithm of the running sum of `exp(x)` along an axis; parameters as of `cumsum`."""
    with name_scope(name, "CumulativeLogsumexp", [x]) as scope:
        return _cumulative_logsumexp(convert_to_tensor(x, name="x"), axis, exclusive, reverse, name=scope)
