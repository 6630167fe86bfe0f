"""What two shapes broadcast to."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX


@op("BroadcastArgs", "s0: T[n], s1: T[m] -> r0: T", T=(INDEX, dtypes.int32), folds=True, differentiable=False)
def _broadcast_args(s0, s1):
    """The shape that the shapes `s0` and `s1` broadcast to."""
    xp = namespace(s0, s1)
    rank = max(s0.size, s1.size)
    a, b = (xp.concatenate([xp.ones(rank - s.size, s.dtype), s]) for s in (s0, s1))
    fits = ((a == b) | (a == 1) | (b == 1)).all()
    check(fits, InvalidArgumentError, "Incompatible shapes: {} vs. {}", s0, s1)
    return xp.where(a == 1, b, a)


@_broadcast_args.shape
def _(s0, s1):
    return (None,) if None in (s0[0], s1[0]) else (max(s0[0], s1[0]),)


@op("BroadcastGradientArgs", "s0: static T[n], s1: static T[m] -> r0: T, r1: T", T=(INDEX, dtypes.int32), folds=True,
    differentiable=False)  # fmt: skip
def broadcast_gradient_args(s0, s1):
    """Return, for each of the shapes `s0` and `s1`, the axes to sum a gradient over to undo their broadcast."""
    rank = max(s0.size, s1.size)
    a, b = (np.concatenate([np.zeros(rank - s.size, s.dtype), s]) for s in (s0, s1))
    return [np.flatnonzero((x != y) & (x <= 1)).astype(s0.dtype) for x, y in ((a, b), (b, a))]


@broadcast_gradient_args.shape
def _(s0):
    return [(None,), (None,)]


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """Return the shape that two shapes, given as tensors, broadcast to.

    Parameters
    ----------
    shape_x, shape_y : int32 or int64 Tensor [r]
    """
    return _broadcast_args(shape_x, shape_y)


def broadcast_static_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """Return the shape that two shapes broadcast to.

    Parameters
    ----------
    shape_x, shape_y : TensorShape

    Raises
    ------
    ValueError
        If they don't.
    """
    return shapes.broadcast_shape(shape_x, shape_y)
