"""Losses: element by element, weighted, reduced to one number and noted in a collection (`tf.losses`)."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, get_collection, name_scope
from defrun.ops import activation, array, compare, confusion, creation, elementary, limits, math, reduce, select, xent
from defrun.ops.cast import cast
from defrun.ops.weights import assert_broadcastable, broadcast_weights


class Reduction:
    """How the weighted losses of the elements become one."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Return all kinds."""
        return cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE, cls.SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def validate(cls, key: Any) -> None:
        """Raise `ValueError` if `key` is none of the kinds."""
        if key not in cls.all():
            raise ValueError(f"Invalid ReductionKey {key}.")


_BY_WEIGHTS = Reduction.SUM_BY_NONZERO_WEIGHTS


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Weigh and reduce `losses`, and add the result to a collection.

    Parameters
    ----------
    losses : Tensor
    weights : Tensor, optional
        A scalar, or of the rank of `losses`, each axis 1 or the size of that of `losses`.
    scope : str, optional
    loss_collection : str, optional
    reduction : str
        See `Reduction`; by default the sum divided by the number of weights that are not 0.

    Returns
    -------
    Tensor
        Of the dtype of `losses`; a scalar unless the reduction is NONE.

    Raises
    ------
    ValueError
        If the weights don't fit, or the reduction is unknown.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", (losses, weights)):
        fits = assert_broadcastable(weights, losses)
        with control_dependencies((fits,)):
            losses = convert_to_tensor(losses)
            kind = losses.dtype
            losses = cast(losses, dtypes.float32)
            weights = cast(weights, dtypes.float32)
            loss = math.multiply(losses, weights)
            if reduction != Reduction.NONE:
                loss = reduce.reduce_sum(loss)
            if reduction == Reduction.MEAN:
                loss = _safe_mean(loss, reduce.reduce_sum(creation.ones_like(losses) * weights))
            elif reduction == _BY_WEIGHTS:
                loss = _safe_mean(loss, _num_present(losses, weights))
            elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
                loss = _safe_mean(loss, _num_elements(losses))
            loss = cast(loss, kind)
            add_loss(loss, loss_collection)
            return loss


def _safe_mean(losses: Tensor, count: Tensor) -> Tensor:
    return math.div_no_nan(reduce.reduce_sum(losses), count, name="value")


def _num_present(losses: Tensor, weights: Tensor, per_batch: bool = False) -> Tensor:
    """Count the elements whose weight is not 0."""
    with name_scope(None, "num_present", (losses, weights)) as scope:
        weights = cast(weights, dtypes.float32)
        present = select.where(
            compare.equal(weights, 0.0), creation.zeros_like(weights), creation.ones_like(weights)
        )
        present = broadcast_weights(present, losses)
        if per_batch:
            axes = creation.range_(1, array.rank(present))
            return reduce.reduce_sum(present, axis=axes, keepdims=True, name=scope)
        return reduce.reduce_sum(present, name=scope)


def _num_elements(losses: Tensor) -> Tensor:
    with name_scope(None, "num_elements", [losses]) as scope:
        return cast(array.size(losses, name=scope), losses.dtype)


def _both(labels: Any, predictions: Any, name: str = "predictions") -> tuple[Tensor, Tensor]:
    """Return labels and predictions as floats of compatible shapes."""
    predictions = cast(predictions, dtypes.float32)
    labels = cast(labels, dtypes.float32)
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    return labels, predictions


def _require(**values: Any) -> None:
    for name, value in values.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """``|predictions - labels|``; for the other parameters see `compute_weighted_loss`."""
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "absolute_difference", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = elementary.abs(math.subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
    dim: int | None = None,
) -> Tensor:
    """``1 - sum(predictions * labels)`` along `axis`, for vectors of length 1; see `compute_weighted_loss`."""
    axis = array.either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "cosine_distance_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = 1 - reduce.reduce_sum(math.multiply(predictions, labels), axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """``max(0, 1 - y * logits)`` with y = -1 or 1 for labels 0 or 1; see `compute_weighted_loss`."""
    _require(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss", (logits, labels, weights)) as scope:
        labels, logits = _both(labels, logits)
        ones = creation.ones_like(labels)
        labels = math.subtract(2 * labels, ones)
        losses = activation.relu(math.subtract(ones, math.multiply(labels, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Half the squared error up to an error of `delta`, growing linearly beyond it (Huber, 1964).

    For the other parameters see `compute_weighted_loss`.
    """
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "huber_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        error = elementary.abs(math.subtract(predictions, labels))
        near = limits.minimum(error, delta)
        far = math.subtract(error, near)  # unlike max(error - delta, 0) without a gradient at delta itself
        half = convert_to_tensor(0.5, dtype=near.dtype)
        losses = math.add(math.multiply(half, math.multiply(near, near)), math.multiply(delta, far))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """``-labels * log(p + epsilon) - (1 - labels) * log(1 - p + epsilon)``; see `compute_weighted_loss`."""
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "log_loss", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = -math.multiply(labels, elementary.log(predictions + epsilon)) - math.multiply(
            (1 - labels), elementary.log(1 - predictions + epsilon)
        )
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """``(predictions - labels)**2``; for the other parameters see `compute_weighted_loss`."""
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_squared_error", (predictions, labels, weights)) as scope:
        labels, predictions = _both(labels, predictions)
        losses = math.squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
) -> Tensor:
    """The mean squared difference between the errors of any two elements of a sample; see `compute_weighted_loss`."""
    _require(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_pairwise_squared_error", (predictions, labels, weights)) as scope:
        weights = cast(weights, dtypes.float32)
        labels = cast(labels, dtypes.float32)
        with control_dependencies((assert_broadcastable(weights, labels),)):
            predictions = cast(predictions, dtypes.float32)
            predictions.get_shape().assert_is_compatible_with(labels.get_shape())
            errors = math.subtract(predictions, labels)
            axes = creation.range_(1, array.rank(errors))
            squares = reduce.reduce_sum(math.square(errors), axis=axes, keepdims=True)
            n = _num_present(errors, weights, per_batch=True)
            first = 2.0 * math.div_no_nan(squares, limits.maximum(n - 1, 0), name="value")
            total = reduce.reduce_sum(errors, axis=axes, keepdims=True)
            square = math.square(total)
            pairs = limits.maximum(math.multiply(n, n - 1), 0)
            second = 2.0 * math.div_no_nan(square, pairs, name="value")
            loss = reduce.reduce_sum(math.multiply(first - second, weights))
            some = reduce.reduce_sum(n) > 0
            loss = select.where(some, loss, creation.zeros_like(loss), name="value")
            add_loss(loss, loss_collection)
            return loss


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Cross entropy of independent yes-or-no labels; smoothing moves them towards 1/2; see `compute_weighted_loss`."""
    _require(multi_class_labels=multi_class_labels, logits=logits)
    with name_scope(scope, "sigmoid_cross_entropy_loss", (logits, multi_class_labels, weights)) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(multi_class_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = xent.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Cross entropy of one label of several; smoothing moves labels towards 1/classes; see `compute_weighted_loss`."""
    _require(onehot_labels=onehot_labels, logits=logits)
    with name_scope(scope, "softmax_cross_entropy_loss", (logits, onehot_labels, weights)) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(onehot_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            classes = cast(array.shape(labels)[-1], logits.dtype)
            share = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + share
        labels = array.stop_gradient(labels, name="labels_stop_gradient")
        losses = xent.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Cross entropy of labels given by their number; see `compute_weighted_loss`."""
    _require(labels=labels, logits=logits)
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", (logits, labels, weights)) as scope:
        labels, logits, weights = _without_last_axis(labels, logits, weights)
        losses = xent.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _without_last_axis(labels: Any, logits: Any, weights: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Squeeze a last axis of size 1 off labels and weights that have one axis too many."""
    labels, logits = confusion.remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
    weights = convert_to_tensor(weights)
    if labels.dims is not None and weights.dims is not None:
        if len(weights.dims) - len(labels.dims) == 1:
            weights = array.squeeze(weights, [-1])
        return labels, logits, weights
    surplus = array.rank(weights) - array.rank(labels)
    if weights.dims != () and confusion.last_axis_may_be_1(weights):
        weights = confusion.without_last_axis_if(compare.equal(1, surplus), weights)
    return labels, logits, weights


def add_loss(loss: Tensor, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Add `loss` to a collection; None adds it to none."""
    if loss_collection:
        get_default_graph().add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: Any = GraphKeys.LOSSES) -> list[Tensor]:
    """Return the losses of a collection whose name begins with `scope`."""
    return get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Tensor]:
    """Return the regularization losses whose name begins with `scope`."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope: str | None = None, name: str = "total_regularization_loss") -> Tensor:
    """Return the sum of the regularization losses, 0 if there are none."""
    losses = get_regularization_losses(scope)
    return math.add_n(losses, name=name) if losses else convert_to_tensor(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """Return the sum of all losses that were made.

    Raises
    ------
    ValueError
        If there are none.
    """
    losses = get_losses(scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope)
    return math.add_n(losses, name=name)
