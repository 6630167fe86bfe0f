"""Means over all that was counted: of values, of errors, of how often a prediction is right."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies
from defrun.metrics.ranks import remove_squeezable_dimensions, weighed
from defrun.metrics.state import Metric, documented, metric_variable, noted, share
from defrun.ops import array, compare, confusion, creation, elementary, math, reduce, select, state
from defrun.ops.cast import cast
from defrun.variables.scope import variable_scope


def _mean_of(total: Any, count: Any, values: Tensor, number: Tensor, sums: Any, metrics: Any, updates: Any) -> Metric:
    """Add `sums` to `total` and `number` to `count`; their quotient is the metric."""
    new_total = state.assign_add(total, sums)
    with control_dependencies([values]):
        new_count = state.assign_add(count, number)
    value = noted(share(total, count, "value"), metrics)
    return value, noted(share(new_total, new_count, "update_op"), updates)


@documented("values : Tensor [...]")
def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of `values`."""
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, dtypes.float32)
        total = metric_variable([], dtypes.float32, name="total")
        count = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            number = cast(array.size(values), dtypes.float32)
        else:
            values, weights = weighed(values, weights)
            number = reduce.reduce_sum(weights)
        sums = reduce.reduce_sum(values)
        return _mean_of(total, count, values, number, sums, metrics_collections, updates_collections)


@documented("values : Tensor [...]\n        Of a shape that is known.")
def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of each element of `values` over the steps."""
    with variable_scope(name, "mean", (values, weights)):
        values = cast(values, dtypes.float32)
        total = metric_variable(values.get_shape(), dtypes.float32, name="total_tensor")
        count = metric_variable(values.get_shape(), dtypes.float32, name="count_tensor")
        number = creation.ones_like(values)
        if weights is not None:
            values, weights = weighed(values, weights)
            number = math.multiply(number, weights)
        return _mean_of(total, count, values, number, values, metrics_collections, updates_collections)


@documented()
def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how often `predictions` equal `labels`."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    if labels.dtype != predictions.dtype:
        predictions = cast(predictions, labels.dtype)
    right = cast(compare.equal(predictions, labels), dtypes.float32)
    return mean(right, weights, metrics_collections, updates_collections, name or "accuracy")


@documented()
def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of ``|predictions - labels|``."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    errors = elementary.abs(predictions - labels)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_absolute_error")


@documented()
def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of ``(labels - predictions)**2``."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    errors = math.squared_difference(labels, predictions)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_squared_error")


@documented()
def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the square root of the mean of ``(labels - predictions)**2``."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    square, update = mean_squared_error(labels, predictions, weights, name=name or "root_mean_squared_error")
    value = noted(elementary.sqrt(square), metrics_collections)
    return value, noted(elementary.sqrt(update), updates_collections)


@documented("labels, predictions, normalizer : Tensor [...]")
def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of ``|labels - predictions| / normalizer``, 0 where the normalizer is."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    predictions, normalizer = confusion.remove_squeezable_dimensions(predictions, normalizer)
    predictions.get_shape().assert_is_compatible_with(normalizer.get_shape())
    errors = select.where(
        compare.equal(normalizer, 0.0),
        creation.zeros_like(labels),
        math.div(elementary.abs(labels - predictions), normalizer),
    )
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_relative_error")


@documented("labels, predictions : Tensor [...]\n    dim : int\n        The axis of the vectors.")
def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean of ``1 - sum(predictions * labels)`` along `dim`, for vectors of length 1."""
    predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
    cosines = reduce.reduce_sum(math.multiply(predictions, labels), axis=[dim], keepdims=True)
    cosine, update = mean(cosines, weights, name=name or "mean_cosine_distance")
    distance = math.subtract(1.0, cosine)
    update = math.subtract(1.0, update)
    return noted(distance, metrics_collections), noted(update, updates_collections)


@documented("values : Tensor [...]\n    threshold : float")
def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the share of `values` that are less than `threshold`."""
    below = cast(compare.less(values, threshold), dtypes.float32)
    return mean(below, weights, metrics_collections, updates_collections, name or "percentage_below_threshold")
