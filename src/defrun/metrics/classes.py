"""Measures of which of several classes was named: by class, and how much the named and the true region overlap."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.metrics.state import Metric, documented, metric_variable, noted, share
from defrun.ops import array, compare, creation, diagonal, math, reduce, scatter_variable, select, state
from defrun.ops.cast import cast
from defrun.ops.confusion import confusion_matrix
from defrun.variables.scope import variable_scope

_CLASSES = "labels, predictions : Tensor [...]\n        Classes from 0.\n    num_classes : int"


def _flat(x: Any) -> Any:
    """Return a tensor as a vector, if it is of higher rank."""
    return array.reshape(x, [-1]) if x is not None and _rank(x) > 1 else x


def _rank(x: Any) -> int:
    dims = x.get_shape()
    if dims.ndims is None:
        raise ValueError(f"The rank of {getattr(x, 'name', x)} must be known.")
    return int(dims.ndims)


@documented(_CLASSES)
def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how often each class is found, and take the mean of that over the classes.

    The update gives the accuracy of each class.
    """
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = _flat(cast(labels, dtypes.int64))
        predictions = _flat(predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        total = metric_variable([num_classes], dtypes.float32, name="total")
        count = metric_variable([num_classes], dtypes.float32, name="count")
        number = creation.ones([array.size(labels)], dtypes.float32)
        if labels.dtype != predictions.dtype:
            predictions = cast(predictions, labels.dtype)
        right = cast(compare.equal(predictions, labels), dtypes.float32)
        if weights is not None:
            weights = cast(_flat(weights), dtypes.float32)
            right = right * weights
            number = number * weights
        new_total = scatter_variable.scatter_add(total, labels, number)
        new_count = scatter_variable.scatter_add(count, labels, right)
        value = reduce.reduce_mean(share(count, total, None), name="mean_accuracy")
        value = noted(value, metrics_collections)
        return value, noted(share(new_count, new_total, "update_op"), updates_collections)


def streaming_confusion_matrix(
    labels: Any, predictions: Any, num_classes: Any, weights: Any = None
) -> tuple[Any, Tensor]:
    """Count which class was taken for which, in a variable that is returned with its update."""
    total = metric_variable([num_classes, num_classes], dtypes.float64, name="total_confusion_matrix")
    predictions = cast(predictions, dtypes.int64)
    labels = cast(labels, dtypes.int64)
    number = cast(num_classes, dtypes.int64)
    predictions, labels, weights = _flat(predictions), _flat(labels), _flat(weights)
    now = confusion_matrix(labels, predictions, number, weights=weights, dtype=dtypes.float64)
    return total, state.assign_add(total, now)


@documented(_CLASSES)
def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure, for each class, the intersection over the union of where it is and where it is named; take the mean.

    Classes that were neither don't count. The update is the confusion matrix.
    """
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        matrix, update = streaming_confusion_matrix(labels, predictions, num_classes, weights)
        value = noted(_overlap(matrix), metrics_collections)
        return value, noted(update, updates_collections)


def _overlap(matrix: Any) -> Tensor:
    named = cast(reduce.reduce_sum(matrix, 0), dtypes.float32)
    true = cast(reduce.reduce_sum(matrix, 1), dtypes.float32)
    both = cast(diagonal.diag_part(matrix), dtypes.float32)
    either = named + true - both
    number = reduce.reduce_sum(cast(compare.not_equal(either, 0), dtype=dtypes.float32))
    either = select.where(compare.greater(either, 0), either, creation.ones_like(either))
    overlap = math.div(both, either)
    return select.where(compare.greater(number, 0), reduce.reduce_sum(overlap, name="mean_iou") / number, 0)
