"""Losses that move embeddings of like things together and of others apart (`tf.contrib.losses.metric_learning`)."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.arrange import tile, transpose
from defrun.ops.array import reshape, size
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import equal, greater, less_equal, logical_and, logical_not
from defrun.ops.creation import ones, ones_like
from defrun.ops.diagonal import diag
from defrun.ops.elementary import exp, log, sqrt
from defrun.ops.limits import maximum
from defrun.ops.math import add, multiply, square, squared_difference, truediv
from defrun.ops.matrix import matmul
from defrun.ops.printing import Print
from defrun.ops.reduce import reduce_max, reduce_mean, reduce_min, reduce_sum
from defrun.ops.select import where
from defrun.ops.xent import softmax_cross_entropy_with_logits


def contrastive_loss(labels: Any, embeddings_anchor: Any, embeddings_positive: Any, margin: float = 1.0) -> Tensor:
    """Return the mean of squared distances of like pairs, and of what others lack to `margin`.

    Parameters
    ----------
    labels : int Tensor [batch]
        1 for pairs that are alike, else 0.
    embeddings_anchor, embeddings_positive : float Tensor [batch, size]
    margin : float

    Returns
    -------
    float Tensor []
    """
    distances = sqrt(reduce_sum(squared_difference(embeddings_anchor, embeddings_positive), 1))
    alike = cast(labels, distances.dtype) * square(distances)
    others = (1.0 - cast(labels, distances.dtype)) * square(maximum(margin - distances, 0.0))
    return reduce_mean(alike + others, name="contrastive_loss")


def npairs_loss(
    labels: Any, embeddings_anchor: Any, embeddings_positive: Any, reg_lambda: float = 0.002, print_losses: bool = False
) -> Tensor:
    """Return the cross entropy of which anchor belongs to which positive, and a penalty on their squares.

    Parameters
    ----------
    labels : int Tensor [batch]
        The class of each pair.
    embeddings_anchor, embeddings_positive : float Tensor [batch, size]
    reg_lambda : float
        The weight of the penalty.
    print_losses : bool
        Print both parts at each run.

    Returns
    -------
    float Tensor []
    """
    anchors = reduce_mean(reduce_sum(square(embeddings_anchor), 1))
    positives = reduce_mean(reduce_sum(square(embeddings_positive), 1))
    penalty = multiply(0.25 * reg_lambda, anchors + positives, name="l2loss")
    similarity = matmul(embeddings_anchor, embeddings_positive, transpose_a=False, transpose_b=True)
    labels = _column(labels)
    alike = cast(equal(labels, transpose(labels)), dtypes.float32)
    alike /= reduce_sum(alike, 1, keepdims=True)
    entropy = softmax_cross_entropy_with_logits(logits=similarity, labels=alike)
    entropy = reduce_mean(entropy, name="xentropy")
    if print_losses:
        entropy = Print(entropy, ["cross entropy:", entropy, "l2loss:", penalty])
    return penalty + entropy


def triplet_semihard_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> Tensor:
    """Return how much nearer than the like ones an unlike one is, at most by `margin`; the mean over like pairs.

    Of those unlike that are farther than the like one the nearest counts, or else the farthest of all.

    Parameters
    ----------
    labels : int Tensor [batch]
    embeddings : float Tensor [batch, size]
        Of length 1 each.
    margin : float

    Returns
    -------
    float Tensor []
    """
    labels = _column(labels)
    distances = _pairwise_distances(embeddings, squared=True)
    alike = equal(labels, transpose(labels))
    unlike = logical_not(alike)
    count = size(labels)
    # Row i * count + j of these: the distances from j, for the pair of j and i.
    tiled = tile(distances, [count, 1])
    farther = logical_and(tile(unlike, [count, 1]), greater(tiled, reshape(transpose(distances), [-1, 1])))
    any_farther = greater(reduce_sum(cast(farther, dtypes.float32), 1, keepdims=True), 0.0)
    any_farther = transpose(reshape(any_farther, [count, count]))
    weights = cast(unlike, dtypes.float32)
    farther = cast(farther, dtypes.float32)
    nearest = transpose(reshape(_masked(reduce_min, reduce_max, tiled, farther), [count, count]))
    farthest = tile(_masked(reduce_max, reduce_min, distances, weights), [1, count])
    losses = add(margin, distances - where(any_farther, nearest, farthest))
    pairs = cast(alike, dtypes.float32) - diag(ones([count]))
    number = reduce_sum(pairs)
    total = reduce_sum(maximum(multiply(losses, pairs), 0.0))
    return truediv(total, number, name="triplet_semihard_loss")


def lifted_struct_loss(labels: Any, embeddings: Any, margin: float = 1.0) -> Tensor:
    """Return a smooth bound of how much nearer than a like pair any unlike one is, `margin` added.

    Parameters
    ----------
    labels : int Tensor [batch]
    embeddings : float Tensor [batch, size]
    margin : float

    Returns
    -------
    float Tensor []
    """
    labels = _column(labels)
    distances = _pairwise_distances(embeddings)
    alike = equal(labels, transpose(labels))
    unlike = logical_not(alike)
    count = size(labels)
    lacking = margin - distances
    mask = cast(unlike, dtypes.float32)
    lowest = reduce_min(lacking, 1, keepdims=True)
    highest = reduce_max(multiply(lacking - lowest, mask), 1, keepdims=True) + lowest
    largest = maximum(highest, transpose(highest))  # taken off before `exp`, so that it stays finite
    tiled = tile(lacking, [count, 1])
    tiled_mask = tile(mask, [count, 1])
    column = reshape(transpose(largest), [-1, 1])
    sums = reduce_sum(multiply(exp(tiled - column), tiled_mask), 1, keepdims=True)
    sums = reshape(sums, [count, count])
    losses = largest + log(sums + transpose(sums))
    losses += distances
    pairs = cast(alike, dtypes.float32) - diag(ones([count]))
    number = reduce_sum(pairs) / 2.0
    total = 0.25 * reduce_sum(square(maximum(multiply(losses, pairs), 0.0)))
    return truediv(total, number, name="liftedstruct_loss")


def _column(labels: Any) -> Tensor:
    labels = convert_to_tensor(labels)
    dims = shape_node(labels)
    if labels.shape.ndims not in (1, None):
        raise ValueError(f"labels must be a vector, their shape is {labels.shape}")
    return reshape(labels, [dims[0], 1])


def _pairwise_distances(feature: Any, squared: bool = False) -> Tensor:
    """Distances of all rows from each other; exactly 0 on the diagonal, and no root (or its gradient) of 0."""
    rows = reduce_sum(square(feature), axis=[1], keepdims=True)
    columns = reduce_sum(square(transpose(feature)), axis=[0], keepdims=True)
    found = add(rows, columns) - 2.0 * matmul(feature, transpose(feature))
    found = maximum(found, 0.0)
    zero = less_equal(found, 0.0)
    if not squared:
        found = sqrt(found + cast(zero, dtypes.float32) * 1e-16)
    found = multiply(found, cast(logical_not(zero), dtypes.float32))
    count = shape_node(feature)[0]
    return multiply(found, ones_like(found) - diag(ones([count])))


def _masked(take: Any, opposite: Any, data: Tensor, mask: Tensor) -> Tensor:
    """The largest (smallest) of each row where the mask is 1."""
    base = opposite(data, 1, keepdims=True)
    return take(multiply(data - base, mask), 1, keepdims=True) + base
