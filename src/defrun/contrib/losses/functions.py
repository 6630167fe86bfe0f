"""The losses of `tf.contrib.losses`, which `tf.losses` came from: predictions first, weights of each row."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.contrib.arg_scope import add_arg_scope
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, get_collection, name_scope
from defrun.ops.activation import relu
from defrun.ops.array import either, reshape, size, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import equal, not_equal
from defrun.ops.creation import ones, ones_like, zeros_like
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import log
from defrun.ops.math import add_n, div, div_no_nan, multiply, square, squared_difference, subtract
from defrun.ops.reduce import reduce_prod, reduce_sum
from defrun.ops.select import where
from defrun.ops.slicing import slice_
from defrun.ops.xent import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)


def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: str | None = None) -> Tensor:
    """Weigh `losses` and return their mean over what has a weight that is not 0; note it in a collection.

    Parameters
    ----------
    losses : Tensor [batch, ...]
    weights : Tensor
        A scalar, or a weight for each of the first dimensions of `losses`.
    scope : str, optional

    Returns
    -------
    Tensor []

    Raises
    ------
    ValueError
        If the rank of either is not known.
    """
    with name_scope(scope, "weighted_loss", [losses, weights]):
        losses = convert_to_tensor(losses)
        kind = losses.dtype
        losses = cast(losses, dtypes.float32)
        weights = cast(convert_to_tensor(weights), dtypes.float32)
        _known_rank(losses=losses, weights=weights)
        if weights.shape.ndims > 1 and weights.shape.as_list()[-1] in (1, None):
            weights = squeeze(weights, [-1])
        total = _scaled_sum(losses, weights)
        present = _num_present(losses, weights)
        loss = cast(div_no_nan(reduce_sum(total), present, name="value"), kind)
        add_loss(loss)
        return loss


def _known_rank(**tensors: Tensor) -> None:
    for name, tensor in tensors.items():
        if tensor.shape.ndims is None:
            raise ValueError(f"the rank of {name} must be known: {tensor}")


def _scaled_sum(losses: Tensor, weights: Tensor) -> Tensor:
    inner = list(range(weights.shape.ndims or 0, losses.shape.ndims or 0))
    return reduce_sum(multiply(reduce_sum(losses, axis=inner), weights))


def _num_present(losses: Tensor, weights: Tensor, per_batch: bool = False) -> Tensor:
    """How many losses have a weight that is not 0."""
    rank = weights.shape.ndims or 0
    if rank == 0:
        batch = reshape(slice_(shape_node(losses), [0], [1]), [])
        each: Any = div(cast(size(losses), dtypes.float32), cast(batch, dtypes.float32))
        each = where(equal(weights, 0), 0.0, each)
        each = multiply(ones(reshape(batch, [1])), each)
    else:
        weighed = reduce_sum(cast(not_equal(weights, 0), dtypes.float32), axis=list(range(1, rank)))
        others = slice_(shape_node(losses), [rank], [-1])
        each = multiply(weighed, cast(reduce_prod(others), dtypes.float32))
    return each if per_batch else reduce_sum(each)


@add_arg_scope
def add_loss(loss: Tensor, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Note a loss in a collection, unless that is None."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES) -> list[Any]:
    """Return the losses noted so far, those of a scope if it is given."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """Return the penalties on weights noted so far, those of a scope if it is given."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_total_loss(add_regularization_losses: bool = True, name: str = "total_loss") -> Tensor:
    """Return the sum of all losses, and of the penalties on weights unless they are not wanted.

    Raises
    ------
    ValueError
        If there are none.
    """
    losses = get_losses()
    if add_regularization_losses:
        losses += get_regularization_losses()
    return add_n(losses, name=name)


def _as_floats(predictions: Any, labels: Any) -> tuple[Tensor, Tensor]:
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    return cast(predictions, dtypes.float32), cast(labels, dtypes.float32)


def absolute_difference(predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None) -> Tensor:
    """Return the weighted mean of ``abs(predictions - labels)``; see `compute_weighted_loss`."""
    with name_scope(scope, "absolute_difference", [predictions, labels, weights]) as scope:
        predictions, labels = _as_floats(predictions, labels)
        return compute_weighted_loss(absolute(subtract(predictions, labels)), weights, scope=scope)


def mean_squared_error(predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None) -> Tensor:
    """Return the weighted mean of ``(predictions - labels) ** 2``; see `compute_weighted_loss`."""
    with name_scope(scope, "mean_squared_error", [predictions, labels, weights]) as scope:
        predictions, labels = _as_floats(predictions, labels)
        return compute_weighted_loss(squared_difference(predictions, labels), weights, scope=scope)


def log_loss(
    predictions: Any, labels: Any = None, weights: Any = 1.0, epsilon: float = 1e-7, scope: str | None = None
) -> Tensor:
    """Return the weighted mean of the cross entropy of probabilities; `epsilon` keeps the logarithms finite."""
    with name_scope(scope, "log_loss", [predictions, labels, weights]) as scope:
        predictions, labels = _as_floats(predictions, labels)
        ones_lost = -multiply(labels, log(predictions + epsilon))
        losses = ones_lost - multiply(1 - labels, log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope=scope)


def hinge_loss(logits: Any, labels: Any = None, scope: str | None = None) -> Tensor:
    """Return ``max(0, 1 - sign * logits)`` element by element, where labels of 0 mean the sign -1 and 1 means 1."""
    with name_scope(scope, "hinge_loss", [logits, labels]) as scope:
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        labels = cast(labels, dtypes.float32)
        one = ones_like(labels)
        signs = subtract(2 * labels, one)
        return relu(subtract(one, multiply(signs, logits)))


def cosine_distance(
    predictions: Any,
    labels: Any = None,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """Return the weighted mean of 1 minus the inner products along `axis`, of vectors of length 1.

    Raises
    ------
    ValueError
        If `axis` is not given.
    """
    axis = either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as scope:
        predictions, labels = _as_floats(predictions, labels)
        products = multiply(predictions, labels)
        return compute_weighted_loss(1 - reduce_sum(products, axis=[axis]), weights, scope=scope)


def mean_pairwise_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: str | None = None
) -> Tensor:
    """Return the mean of squared differences between the errors of all pairs of elements, row by row."""
    with name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]) as scope:
        predictions, labels = _as_floats(predictions, labels)
        weights = cast(convert_to_tensor(weights), dtypes.float32)
        errors = subtract(predictions, labels)
        _known_rank(errors=errors, weights=weights)
        inner = list(range(1, errors.shape.ndims or 0))
        squares = reduce_sum(square(errors), axis=inner)
        present = _num_present(errors, weights, per_batch=True)
        first = 2.0 * div_no_nan(squares, present, name="value")
        sums = reduce_sum(errors, axis=inner)
        second = 2.0 * div_no_nan(square(sums), square(present), name="value")
        loss = _scaled_sum(first - second, weights)
        loss = where(reduce_sum(present) > 0, loss, zeros_like(loss), name="value")
        add_loss(loss)
        return loss


def sigmoid_cross_entropy(
    logits: Any, multi_class_labels: Any, weights: Any = 1.0, label_smoothing: Any = 0, scope: str | None = None
) -> Tensor:
    """Return the weighted mean of the cross entropy of each class for itself; see `compute_weighted_loss`."""
    with name_scope(scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]) as scope:
        logits.get_shape().assert_is_compatible_with(multi_class_labels.get_shape())
        labels = cast(multi_class_labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def softmax_cross_entropy(
    logits: Any, onehot_labels: Any, weights: Any = 1.0, label_smoothing: Any = 0, scope: str | None = None
) -> Tensor:
    """Return the weighted mean of the cross entropy of one class of several; see `compute_weighted_loss`."""
    with name_scope(scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]) as scope:
        logits.get_shape().assert_is_compatible_with(onehot_labels.get_shape())
        labels = cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = cast(shape_node(labels)[1], logits.dtype)
            spread = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + spread
        losses = softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def sparse_softmax_cross_entropy(logits: Any, labels: Any, weights: Any = 1.0, scope: str | None = None) -> Tensor:
    """Return the weighted mean of the cross entropy of class numbers; see `compute_weighted_loss`."""
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]) as scope:
        labels = reshape(labels, shape=[shape_node(labels)[0]])
        losses = sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)
