"""Which of some centers lie nearest to points."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.axes import known
from defrun.ops.declare import op


@op("NearestNeighbors", "points: float32[n,d], centers: float32[m,d], k: static int64[] -> "
    "nearest_center_indices: int64, nearest_center_distances: float32", differentiable=False)  # fmt: skip
def nearest_neighbors(points, centers, k):
    """Find, for each point, the `k` nearest of the centers and the squares of their distances, the nearest first.

    Parameters
    ----------
    points : float32 Tensor [n, d]
    centers : float32 Tensor [m, d]
    k : int64 Tensor []

    Returns
    -------
    nearest_center_indices : int64 Tensor [n, min(k, m)]
    nearest_center_distances : float32 Tensor [n, min(k, m)]

    Raises
    ------
    InvalidArgumentError
        If the shapes don't go together, or `k` is negative.
    """
    check(points.ndim == centers.ndim == 2 and points.shape[1] == centers.shape[1], InvalidArgumentError,
          "points {} and centers {} must be matrices with rows of the same size",
          list(points.shape), list(centers.shape))  # fmt: skip
    check(k >= 0, InvalidArgumentError, "k = {} must not be negative", k)
    points, centers = jnp.asarray(points), jnp.asarray(centers)
    count = min(int(k), len(centers))
    if not count or not len(points):
        return jnp.zeros((len(points), count), jnp.int64), jnp.zeros((len(points), count), jnp.float32)
    squares = jnp.sum(points * points, axis=1, keepdims=True) + jnp.sum(centers * centers, axis=1)
    distances = jnp.maximum(squares - 2 * (points @ centers.T), 0)
    if count == 1:
        nearest = jnp.argmin(distances, axis=1, keepdims=True)
        return nearest, jnp.min(distances, axis=1, keepdims=True)
    negative, nearest = lax.top_k(-distances, count)
    return nearest.astype(jnp.int64), -negative


@nearest_neighbors.shape
def _(points, centers, k):
    n, m = (None if dims is None else dims[0] for dims in (points, centers))
    wanted = known(k)
    return [(n, None if m is None or wanted is None else min(m, wanted))] * 2
