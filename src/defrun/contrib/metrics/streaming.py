"""`tf.contrib.metrics.streaming_...`: the metrics as they were called first, predictions before labels."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.metrics import area, at_k, classes, counts, means, thresholds
from defrun.metrics.ranks import remove_squeezable_dimensions
from defrun.metrics.state import Metric, documented, metric_variable, noted
from defrun.ops import array, compare, elementary, math, nn, reduce, select, state
from defrun.ops.cast import cast
from defrun.ops.weights import broadcast_weights
from defrun.variables.scope import variable_scope


def _predictions_first(metric: Callable[..., Metric]) -> Callable[..., Metric]:
    """Return a metric that takes the predictions before the labels."""

    @functools.wraps(metric)
    def streaming(predictions: Any, labels: Any, *args: Any, **kwargs: Any) -> Metric:
        return metric(labels, predictions, *args, **kwargs)

    labels, predictions, *rest = inspect.signature(metric).parameters.values()
    streaming.__name__ = streaming.__qualname__ = f"streaming_{metric.__name__}"
    streaming.__signature__ = inspect.Signature([predictions, labels, *rest])  # type: ignore[attr-defined]
    return streaming


streaming_mean = means.mean
streaming_mean_tensor = means.mean_tensor
streaming_percentage_less = means.percentage_below
streaming_accuracy = _predictions_first(means.accuracy)
streaming_mean_absolute_error = _predictions_first(means.mean_absolute_error)
streaming_mean_squared_error = _predictions_first(means.mean_squared_error)
streaming_root_mean_squared_error = _predictions_first(means.root_mean_squared_error)
streaming_mean_relative_error = _predictions_first(means.mean_relative_error)
streaming_mean_cosine_distance = _predictions_first(means.mean_cosine_distance)
streaming_true_positives = _predictions_first(counts.true_positives)
streaming_true_negatives = _predictions_first(counts.true_negatives)
streaming_false_positives = _predictions_first(counts.false_positives)
streaming_false_negatives = _predictions_first(counts.false_negatives)
streaming_precision = _predictions_first(counts.precision)
streaming_recall = _predictions_first(counts.recall)
streaming_auc = _predictions_first(area.auc)
streaming_precision_at_thresholds = _predictions_first(thresholds.precision_at_thresholds)
streaming_recall_at_thresholds = _predictions_first(thresholds.recall_at_thresholds)
streaming_sensitivity_at_specificity = _predictions_first(thresholds.sensitivity_at_specificity)
streaming_specificity_at_sensitivity = _predictions_first(thresholds.specificity_at_sensitivity)
streaming_mean_iou = _predictions_first(classes.mean_iou)
streaming_sparse_recall_at_k = _predictions_first(at_k.recall_at_k)
streaming_sparse_precision_at_k = _predictions_first(at_k.precision_at_k)
streaming_sparse_average_precision_at_k = _predictions_first(at_k.average_precision_at_k)

_PLAIN = documented("predictions, labels : Tensor [...]")


@_PLAIN
def streaming_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how often the one label of an example is among the `k` likeliest classes."""
    found = cast(nn.in_top_k(predictions, labels, k), dtypes.float32)
    return means.mean(found, weights, metrics_collections, updates_collections, name or f"recall_at_{k:d}")


@_PLAIN
def streaming_sparse_precision_at_top_k(
    top_k_predictions: Any,
    labels: Any,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.precision_at_top_k` as it was called first."""
    default = "precision_at_k" if class_id is None else f"precision_at_k_class{class_id:d}"
    with name_scope(name, default, (top_k_predictions, labels, weights)) as scope:
        return at_k.precision_at_top_k(
            labels, top_k_predictions, None, class_id, weights, metrics_collections, updates_collections, scope
        )


@_PLAIN
def streaming_sparse_average_precision_at_top_k(
    top_k_predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean over examples of the mean precision at those of the named classes that are labels."""
    return at_k.streaming_sparse_average_precision_at_top_k(
        labels, top_k_predictions, weights, metrics_collections, updates_collections, name
    )


def _rate(
    kind: str, first: Any, second: Any, predictions: Any, labels: Any, weights: Any, metrics: Any, updates: Any,
    name: str | None,
) -> Metric:  # fmt: skip
    """Measure how many of both the first are."""
    with variable_scope(name, kind, (predictions, labels, weights)):
        predictions = cast(predictions, dtype=dtypes.bool)
        predictions, labels, weights = remove_squeezable_dimensions(
            predictions, cast(labels, dtype=dtypes.bool), weights
        )
        wrong, more_wrong = first(labels, predictions, weights)
        right, more_right = second(labels, predictions, weights)
        value = noted(counts.part(wrong, right, "value"), metrics)
        return value, noted(counts.part(more_wrong, more_right, "update_op"), updates)


@_PLAIN
def streaming_false_positive_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the false labels are taken for true."""
    return _rate("false_positive_rate", counts.false_positives, counts.true_negatives, predictions, labels, weights,
                 metrics_collections, updates_collections, name)  # fmt: skip


@_PLAIN
def streaming_false_negative_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the true labels are taken for false."""
    return _rate("false_negative_rate", counts.false_negatives, counts.true_positives, predictions, labels, weights,
                 metrics_collections, updates_collections, name)  # fmt: skip


def _counted(predictions: Any, labels: Any, at: Any, weights: Any, *kinds: str) -> tuple[Any, Any]:
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    return thresholds.counts_at_thresholds(predictions, labels, at, weights, kinds)


def _count_at(kind: str, what: str) -> Callable[..., Metric]:
    def count(predictions: Any, labels: Any, thresholds: Any, weights: Any = None) -> Metric:
        values, updates = _counted(predictions, labels, thresholds, weights, kind)
        return values[kind], updates[kind]

    count.__doc__ = f"Count, for each threshold, the {what}: (variable, update)."
    return count


streaming_true_positives_at_thresholds = _count_at("tp", "predictions above it with true labels")
streaming_false_negatives_at_thresholds = _count_at("fn", "predictions not above it with true labels")
streaming_false_positives_at_thresholds = _count_at("fp", "predictions above it with false labels")
streaming_true_negatives_at_thresholds = _count_at("tn", "predictions not above it with false labels")


def _rate_at(
    kind: str, short: str, wrong: str, right: str, predictions: Any, labels: Any, at: Any, weights: Any, metrics: Any,
    updates: Any, name: str | None,
) -> Metric:  # fmt: skip
    with variable_scope(name, f"{kind}_at_thresholds", (predictions, labels, weights)):
        values, changes = _counted(predictions, labels, at, weights, wrong, right)
        value = thresholds.part(values[wrong], values[right], f"{short}_value")
        update = thresholds.part(changes[wrong], changes[right], f"{short}_update_op")
        return noted(value, metrics), noted(update, updates)


@_PLAIN
def streaming_false_positive_rate_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure, for each threshold, how many of the false labels have predictions above it."""
    return _rate_at("false_positive_rate", "fpr", "fp", "tn", predictions, labels, thresholds, weights,
                    metrics_collections, updates_collections, name)  # fmt: skip


@_PLAIN
def streaming_false_negative_rate_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure, for each threshold, how many of the true labels have predictions not above it."""
    return _rate_at("false_negative_rate", "fnr", "fn", "tp", predictions, labels, thresholds, weights,
                    metrics_collections, updates_collections, name)  # fmt: skip


@_PLAIN
def streaming_covariance(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the covariance, by the number counted less one; NaN for a single one.

    Means and the sum of products of deviations are carried on from batch to batch (Chan, Golub and LeVeque, 1983).
    """
    with variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
        count = metric_variable([], dtypes.float32, name="count")
        mean_x = metric_variable([], dtypes.float32, name="mean_prediction")
        mean_y = metric_variable([], dtypes.float32, name="mean_label")
        products = metric_variable([], dtypes.float32, name="comoment")
        if weights is None:
            number = cast(array.size(labels), dtypes.float32)
            x, y = predictions, labels
        else:
            weights = broadcast_weights(weights, labels)
            number = reduce.reduce_sum(weights)
            x, y = math.multiply(predictions, weights), math.multiply(labels, weights)
        new_count = state.assign_add(count, number)
        old_count = new_count - number
        batch_x, old_x = _carried(mean_x, x, number, new_count)
        batch_y, old_y = _carried(mean_y, y, number, new_count)
        deviations = (predictions - batch_x) * (labels - batch_y)
        inside = reduce.reduce_sum(deviations if weights is None else deviations * weights)
        between = (old_x - batch_x) * (old_y - batch_y) * (old_count * number / new_count)
        update = state.assign_add(products, inside + between)
        value = _covariance(products, count, "covariance")
        with control_dependencies([update]):
            after = _covariance(products, count, "update_op")
    return noted(value, metrics_collections), noted(after, updates_collections)


def _carried(mean: Any, values: Any, number: Any, new_count: Any) -> tuple[Any, Any]:
    """Update a mean by a batch; return the batch's mean, and the mean before."""
    batch = math.div_no_nan(reduce.reduce_sum(values), number)
    change = math.div_no_nan((batch - mean) * number, new_count)
    return batch, state.assign_add(mean, change) - change


def _covariance(products: Any, count: Any, name: str) -> Any:
    alone = compare.less_equal(count, 1.0)
    return select.where(alone, float("nan"), math.truediv(products, count - 1), name=name)


@_PLAIN
def streaming_pearson_correlation(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure Pearson's correlation: the covariance by the product of the standard deviations."""
    with variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
        if weights is not None:
            weights = broadcast_weights(weights, labels)
        both = streaming_covariance(predictions, labels, weights, name="covariance")
        of_x = streaming_covariance(predictions, predictions, weights, name="variance_predictions")
        of_y = streaming_covariance(labels, labels, weights, name="variance_labels")
        value, update = (
            math.truediv(both[i], math.multiply(elementary.sqrt(of_x[i]), elementary.sqrt(of_y[i])), name=name)
            for i, name in enumerate(("pearson_r", "update_op"))
        )
    return noted(value, metrics_collections), noted(update, updates_collections)
