"""Broadcasting: the shape of an elementwise result, `broadcast_to`, and the way back for gradients."""

from __future__ import annotations

import functools
from typing import Any

import jax.numpy as jnp

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.ops.array import shape_of
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX, NUMERIC


def broadcast(*dims: Dims) -> Dims:
    """Shape rule of an op that works element by element on all of its inputs."""
    return functools.reduce(shapes.broadcast, dims)


broadcast.elementwise = True  # type: ignore[attr-defined]


@op("BroadcastTo", "input: T, shape: static Tidx[r] -> output: T", Tidx=(INDEX, dtypes.int32), folds=True)
def broadcast_to(input, shape):
    """Repeat `input` along axes of size 1, or new ones in front, until it has `shape`.

    Parameters
    ----------
    input : Tensor
    shape : int32 or int64 Tensor [r]

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If it is known that `input` doesn't fit.
    InvalidArgumentError
        If it turns out so when run.
    """
    dims = sizes(shape)
    lead = len(dims) - input.ndim
    fits = lead >= 0 and all(a in (1, b) for a, b in zip(input.shape, dims[lead:]))
    check(fits, InvalidArgumentError, "Incompatible shapes: {} vs. {}", shapes.text(input.shape), shapes.text(dims))
    return namespace(input).broadcast_to(input, dims)


@broadcast_to.shape
def _(input, shape):
    dims = dims_of(shape)
    if dims is not None and input is not None:
        if len(input) > len(dims):
            raise ValueError(f"Rank of input ({len(input)}) must be no greater than rank of output shape ({len(dims)})")
        shapes.broadcast(input, dims)
    return dims


@broadcast_to.gradient
def _(op, grad):
    return sum_like(grad, op.inputs[0]), None


@op("SumTo", "input: T, shape: static Tidx[r] -> output: T", T=NUMERIC, Tidx=INDEX)
def sum_to(input, shape):
    """Sum `input` over the axes along which `shape` would be broadcast to it: the gradient of broadcasting."""
    return _sum_down(input, sizes(shape))


@sum_to.shape
def _(shape):
    return dims_of(shape)


@sum_to.gradient
def _(op, grad):
    return spread_like(grad, op.inputs[0]), None


# The same two for shapes that are known already: one node less, and nothing held but the value.


@op("BroadcastToKnown", "input: T -> output: T")
def _broadcast_to_known(input, shape: Dims):
    """Broadcast `input` to `shape`."""
    return jnp.broadcast_to(input, shape)


@_broadcast_to_known.shape
def _(shape):
    return shape


@_broadcast_to_known.gradient
def _(op, grad):
    return sum_like(grad, op.inputs[0])


@op("SumToKnown", "input: T -> output: T", T=NUMERIC)
def _sum_to_known(input, shape: Dims):
    """Sum `input` over the axes along which `shape` would be broadcast to it."""
    return _sum_down(input, shape)


@_sum_to_known.shape
def _(shape):
    return shape


@_sum_to_known.gradient
def _(op, grad):
    return spread_like(grad, op.inputs[0])


def _sum_down(input: Any, dims: Any) -> Any:
    if input.shape == dims:
        return input
    lead = input.ndim - len(dims)
    single = [i for i, (size, wanted) in enumerate(zip(input.shape[lead:], dims), lead) if size != wanted]
    return jnp.sum(input, (*range(lead), *single), dtype=input.dtype).reshape(dims)


def sum_like(value: Tensor, like: Tensor) -> Tensor:
    """Sum `value` down to the shape of `like`, which is one that broadcasts to it. No node if the shapes are equal."""
    if shapes.is_known(like.dims):
        return value if value.dims == like.dims else _sum_to_known(value, like.dims)
    return sum_to(value, shape_of(like))


def spread_like(value: Tensor, like: Tensor) -> Tensor:
    """Broadcast `value` to the shape of `like`. No node if the shapes are equal."""
    if shapes.is_known(like.dims):
        return value if value.dims == like.dims else _broadcast_to_known(value, like.dims)
    return broadcast_to(value, shape_of(like))


def unbroadcast(op: Any, dx: Any, dy: Any) -> tuple[Any, Any]:
    """Sum the gradients of a broadcasting op with two inputs down to the shapes of these."""
    x, y = op.inputs
    if x is y:
        return dx, dy
    if dx is not None and not fills(x.dims, y.dims):
        dx = sum_like(dx, x)
    if dy is not None and not fills(y.dims, x.dims):
        dy = sum_like(dy, y)
    return dx, dy


def fills(a: Dims, b: Dims) -> bool:
    """Whether what `a` and `b` broadcast to is surely `a`."""
    if a is None or b is None or len(b) > len(a):
        return False
    return all(y == 1 or x not in (None, 1) for x, y in zip(a[len(a) - len(b) :], b))
