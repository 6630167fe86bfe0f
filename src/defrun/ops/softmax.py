"""Softmax and its logarithm."""

from __future__ import annotations

from typing import Any

import jax

from defrun.base.errors import InvalidArgumentError
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.arrange import transpose
from defrun.ops.array import either, rank
from defrun.ops.compare import less
from defrun.ops.creation import range_
from defrun.ops.declare import op
from defrun.ops.elementary import exp
from defrun.ops.join import concat
from defrun.ops.math import multiply, subtract
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where
from defrun.ops.types import FLOAT


def _at_least_vector(logits):
    if logits == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return logits


@op("Softmax", "logits: T[...] -> softmax: T[...]", T=FLOAT, shape=_at_least_vector)
def softmax_op(logits):
    """Exponentials that add up to 1 along the last axis; `softmax` is the function for users."""
    return jax.nn.softmax(logits, -1)


@softmax_op.gradient
def _(op, grad):
    y = op.outputs[0]
    return multiply(subtract(grad, reduce_sum(multiply(grad, y), -1, keepdims=True)), y)


@op("LogSoftmax", "logits: T[...] -> logsoftmax: T[...]", T=FLOAT, shape=_at_least_vector)
def log_softmax_op(logits):
    """The logarithm of `softmax_op`; `log_softmax` is the function for users."""
    return jax.nn.log_softmax(logits, -1)


@log_softmax_op.gradient
def _(op, grad):
    return subtract(grad, multiply(reduce_sum(grad, -1, keepdims=True), exp(op.outputs[0])))


def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Return ``exp(logits)``, divided by its sum along an axis.

    Parameters
    ----------
    logits : Tensor
    axis : int
        -1 by default.
    name : str, optional
    dim : int, optional
        The old name of `axis`.

    Returns
    -------
    Tensor of the shape of `logits`

    Raises
    ------
    InvalidArgumentError
        If there is no such axis.
    """
    return _along(softmax_op, logits, either("axis", axis, "dim", dim), name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Return the logarithm of `softmax`, computed as ``logits - log(sum(exp(logits)))``.

    Parameters
    ----------
    logits : Tensor
    axis : int
        -1 by default.
    name : str, optional
    dim : int, optional
        The old name of `axis`.

    Returns
    -------
    Tensor of the shape of `logits`

    Raises
    ------
    InvalidArgumentError
        If there is no such axis.
    """
    return _along(log_softmax_op, logits, either("axis", axis, "dim", dim), name)


def _along(op: Any, logits: Any, axis: Any, name: str | None) -> Tensor:
    axis = -1 if axis is None else axis
    logits = convert_to_tensor(logits)
    axes = logits.shape.ndims
    if not isinstance(axis, Tensor) and (axis == -1 or (axes is not None and axis == axes - 1)):
        return op(logits, name=name)
    known = constant_value(axis) if isinstance(axis, Tensor) else axis
    if axes is None:
        raise TypeError("softmax along an axis other than the last needs logits of known rank")
    if known is not None and not -axes <= known < axes:
        raise InvalidArgumentError(None, None, f"Dimension ({known}) must be in the range [{-axes}, {axes})")
    count = rank(logits)
    if isinstance(axis, Tensor):
        axis = where(less(axis, 0), axis + count, axis)
    elif axis < 0:
        axis = axis + count
    last = rank(logits)
    place = axis % axes
    swapped = _swapped(logits, place, subtract(last, 1))
    result = _swapped(op(swapped), place, subtract(last, 1), name)
    result.set_shape(logits.shape)
    return result


def _swapped(logits: Tensor, axis: Any, last: Tensor, name: str | None = None) -> Tensor:
    """Let `axis` and the last axis swap places."""
    order = concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)
    return transpose(logits, order, name=name or "transpose")
