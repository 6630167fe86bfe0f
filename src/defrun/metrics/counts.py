"""Right and wrong answers to yes-or-no questions: how many of each kind, precision and recall."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies
from defrun.metrics.ranks import remove_squeezable_dimensions
from defrun.metrics.state import Metric, aggregate_variable, documented, metric_variable, noted
from defrun.ops import array, asserts, compare, math, reduce, select, state
from defrun.ops.cast import cast
from defrun.variables.scope import variable_scope


def _as_bools(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
    predictions = cast(predictions, dtype=dtypes.bool)
    return remove_squeezable_dimensions(predictions, cast(labels, dtype=dtypes.bool), weights)


def count_condition(
    values: Tensor, weights: Any = None, metrics_collections: Any = None, updates_collections: Any = None
) -> Metric:
    """Measure how often `values` are true, each counting its weight."""
    asserts.assert_type(values, dtypes.bool)
    count = metric_variable([], dtypes.float32, name="count")
    values = cast(values, dtypes.float32)
    if weights is not None:
        with control_dependencies((asserts.assert_rank_in(weights, (0, array.rank(values))),)):
            values = math.multiply(values, cast(weights, dtypes.float32))
    value = aggregate_variable(count, metrics_collections)
    return value, noted(state.assign_add(count, reduce.reduce_sum(values)), updates_collections)


def _count(
    kind: str, wanted: tuple[bool, bool], labels: Any, predictions: Any, weights: Any, metrics: Any, updates: Any,
    name: str | None,
) -> Metric:  # fmt: skip
    """Count how often (label, prediction) is `wanted`."""
    with variable_scope(name, kind, (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        found = compare.logical_and(compare.equal(labels, wanted[0]), compare.equal(predictions, wanted[1]))
        return count_condition(found, weights, metrics, updates)


_BOOLS = documented("labels, predictions : Tensor [...]\n        Are cast to bool.")


@_BOOLS
def true_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count how often a prediction is true and right."""
    return _count("true_positives", (True, True), labels, predictions, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


@_BOOLS
def true_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count how often a prediction is false and right."""
    return _count("true_negatives", (False, False), labels, predictions, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


@_BOOLS
def false_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count how often a prediction is true and wrong."""
    return _count("false_positives", (False, True), labels, predictions, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


@_BOOLS
def false_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count how often a prediction is false and wrong."""
    return _count("false_negatives", (True, False), labels, predictions, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


def part(right: Any, wrong: Any, name: str) -> Tensor:
    """Return ``right / (right + wrong)``, 0 where that is 0 / 0."""
    return select.where(compare.greater(right + wrong, 0), math.div(right, right + wrong), 0, name)


@_BOOLS
def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the true predictions are right."""
    with variable_scope(name, "precision", (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        right, more_right = true_positives(labels, predictions, weights)
        wrong, more_wrong = false_positives(labels, predictions, weights)
        value = noted(part(right, wrong, "value"), metrics_collections)
        return value, noted(part(more_right, more_wrong, "update_op"), updates_collections)


@_BOOLS
def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the true labels are found."""
    with variable_scope(name, "recall", (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        found, more_found = true_positives(labels, predictions, weights)
        lost, more_lost = false_negatives(labels, predictions, weights)
        value = noted(part(found, lost, "value"), metrics_collections)
        return value, noted(part(more_found, more_lost, "update_op"), updates_collections)
