"""Answers to yes-or-no questions by how probable they are held: counts, precision and recall at thresholds, AUC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies
from defrun.metrics.ranks import remove_squeezable_dimensions
from defrun.metrics.state import Metric, aggregate_variable, documented, metric_variable, noted
from defrun.ops import arrange, array, asserts, compare, cumulate, elementary, join, math, reduce, state
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.weights import broadcast_weights
from defrun.variables.scope import variable_scope

Counts = dict[str, Any]

# What is counted: its variable's name, and of which label and prediction.
_KINDS = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}
_SMALL = 1e-7


def confusion_matrix_at_thresholds(
    labels: Any,
    predictions: Tensor,
    thresholds: Sequence[float],
    weights: Any = None,
    includes: Iterable[str] | None = None,
) -> tuple[Counts, Counts]:
    """Count right and wrong answers, where a prediction is true if it is greater than a threshold.

    Parameters
    ----------
    labels : Tensor [...]
    predictions : Tensor [...]
        Of 0 to 1.
    thresholds : list of float
    weights : Tensor, optional
    includes : list of str, optional
        Which to count of "tp", "fn", "tn", "fp"; by default all.

    Returns
    -------
    values, updates : dict of Tensor [len(thresholds)]

    Raises
    ------
    ValueError
        If `includes` has something else, or shapes don't fit.
    InvalidArgumentError
        When run with a prediction that is not in 0 to 1.
    """
    wanted = _wanted(includes)
    outside = "predictions must be in [0, 1]"
    lowest = asserts.assert_greater_equal(predictions, cast(0.0, dtype=predictions.dtype), message=outside)
    highest = asserts.assert_less_equal(predictions, cast(1.0, dtype=predictions.dtype), message=outside)
    with control_dependencies([lowest, highest]):
        predictions = cast(predictions, dtypes.float32)
        predictions, labels, weights = remove_squeezable_dimensions(
            predictions, cast(labels, dtype=dtypes.bool), weights
        )
    return counts_at_thresholds(predictions, labels, thresholds, weights, wanted)


def _wanted(includes: Iterable[str] | None) -> tuple[str, ...]:
    wanted = tuple(_KINDS) if includes is None else tuple(includes)
    for kind in wanted:
        if kind not in _KINDS:
            raise ValueError(f"Invalid key: {kind}.")
    return wanted


def counts_at_thresholds(
    predictions: Tensor, labels: Any, thresholds: Sequence[float], weights: Any, wanted: Sequence[str]
) -> tuple[Counts, Counts]:
    """`confusion_matrix_at_thresholds` of tensors of one rank, whose range nobody checks."""
    rows = len(thresholds)
    column = array.reshape(predictions, [-1, 1])
    row_of_labels = array.reshape(cast(labels, dtype=dtypes.bool), [1, -1])
    number = column.dims[0]
    if number is None:
        number = array.shape(column)[0]
    limits = arrange.tile(array.expand_dims(constant(thresholds), [1]), join.stack([1, number]))
    yes = compare.greater(arrange.tile(arrange.transpose(column), [rows, 1]), limits)
    said = {True: yes}
    if {"fn", "tn"}.intersection(wanted):
        said[False] = compare.logical_not(yes)
    meant = {True: arrange.tile(row_of_labels, [rows, 1])}
    if {"fp", "tn"}.intersection(wanted):
        meant[False] = compare.logical_not(meant[True])
    if weights is not None:
        weights = broadcast_weights(cast(weights, dtypes.float32), predictions)
        weights = arrange.tile(array.reshape(weights, [1, -1]), [rows, 1])
        limits.get_shape().assert_is_compatible_with(weights.get_shape())
    values, updates = {}, {}
    for kind, (name, label, prediction) in _KINDS.items():
        if kind in wanted:
            values[kind] = metric_variable([rows], dtypes.float32, name=name)
            hits = cast(compare.logical_and(meant[label], said[prediction]), dtypes.float32)
            if weights is not None:
                hits = hits * weights
            updates[kind] = state.assign_add(values[kind], reduce.reduce_sum(hits, 1))
    return values, updates


def even_thresholds(number: int, inner: Sequence[float] | None = None, last: float = 1.0 + _SMALL) -> list[float]:
    """Return `number` thresholds from just below 0 to `last`, at equal distances if it isn't said where."""
    if inner is None:
        inner = [(i + 1) * 1.0 / (number - 1) for i in range(number - 2)]
    return [0.0 - _SMALL, *sorted(inner), last]


_PROBABILITIES = "labels : Tensor [...]\n        Is cast to bool.\n    predictions : Tensor [...]\n        Of 0 to 1."
_AT = documented(f"{_PROBABILITIES}\n    thresholds : list of float")


def _at_thresholds(
    kind: str, labels: Any, predictions: Any, thresholds: Any, weights: Any, metrics: Any, updates: Any,
    name: str | None,
) -> Metric:  # fmt: skip
    with variable_scope(name, _KINDS[kind][0], (predictions, labels, weights)):
        values, changes = confusion_matrix_at_thresholds(labels, predictions, thresholds, weights, (kind,))
        return aggregate_variable(values[kind], metrics), noted(changes[kind], updates)


@_AT
def true_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count, for each threshold, the predictions above it with true labels."""
    return _at_thresholds("tp", labels, predictions, thresholds, weights, metrics_collections, updates_collections,
                          name)  # fmt: skip


@_AT
def false_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count, for each threshold, the predictions not above it with true labels."""
    return _at_thresholds("fn", labels, predictions, thresholds, weights, metrics_collections, updates_collections,
                          name)  # fmt: skip


@_AT
def true_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count, for each threshold, the predictions not above it with false labels."""
    return _at_thresholds("tn", labels, predictions, thresholds, weights, metrics_collections, updates_collections,
                          name)  # fmt: skip


@_AT
def false_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count, for each threshold, the predictions above it with false labels."""
    return _at_thresholds("fp", labels, predictions, thresholds, weights, metrics_collections, updates_collections,
                          name)  # fmt: skip


def part(right: Any, others: Any, name: str) -> Tensor:
    """Return what part of both the first are; 0 of nothing."""
    return math.div(right, _SMALL + right + others, name=name)


@_AT
def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure, for each threshold, how many of the predictions above it have true labels."""
    with variable_scope(name, "precision_at_thresholds", (predictions, labels, weights)):
        values, changes = confusion_matrix_at_thresholds(labels, predictions, thresholds, weights, ("tp", "fp"))
        value = noted(part(values["tp"], values["fp"], "precision_value"), metrics_collections)
        return value, noted(part(changes["tp"], changes["fp"], "precision_update_op"), updates_collections)


@_AT
def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure, for each threshold, how many of the true labels have predictions above it."""
    with variable_scope(name, "recall_at_thresholds", (predictions, labels, weights)):
        values, changes = confusion_matrix_at_thresholds(labels, predictions, thresholds, weights, ("tp", "fn"))
        value = noted(part(values["tp"], values["fn"], "recall_value"), metrics_collections)
        return value, noted(part(changes["tp"], changes["fn"], "recall_update_op"), updates_collections)


def _check_share(name: str, value: float) -> None:
    if value < 0 or value > 1:
        raise ValueError(f"`{name}` must be in the range [0, 1], not {value}.")


@documented(
    f"{_PROBABILITIES}\n    specificity : float\n        Of 0 to 1.", ", or the specificity is not in 0 to 1"
)  # fmt: skip
def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many true labels are found at the threshold that rejects the share `specificity` of false ones."""
    _check_share("specificity", specificity)

    def sensitivity(counts: Counts, name: str) -> Tensor:
        specificities = math.div(counts["tn"], counts["tn"] + counts["fp"] + _SMALL)
        place = reduce.argmin(elementary.abs(specificities - specificity), 0)
        place = cast(place, dtypes.int32)
        return math.div(counts["tp"][place], counts["tp"][place] + counts["fn"][place] + _SMALL, name)

    with variable_scope(name, "sensitivity_at_specificity", (predictions, labels, weights)):
        counts = confusion_matrix_at_thresholds(labels, predictions, even_thresholds(num_thresholds), weights)
        value = noted(sensitivity(counts[0], "value"), metrics_collections)
        return value, noted(sensitivity(counts[1], "update_op"), updates_collections)


@documented(
    f"{_PROBABILITIES}\n    sensitivity : float\n        Of 0 to 1.", ", or the sensitivity is not in 0 to 1"
)  # fmt: skip
def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many false labels are rejected at the threshold that finds the share `sensitivity` of true ones."""
    _check_share("sensitivity", sensitivity)

    def specificity(counts: Counts, name: str) -> Tensor:
        sensitivities = math.div(counts["tp"], counts["tp"] + counts["fn"] + _SMALL)
        least = reduce.reduce_min(elementary.abs(sensitivities - sensitivity))
        nearest = compare.equal(elementary.abs(sensitivities - sensitivity), least)
        last = reduce.argmax(cumulate.cumsum(cast(nearest, dtypes.int64)), 0)
        last = cast(last, dtypes.int32)
        return math.div(counts["tn"][last], counts["tn"][last] + counts["fp"][last] + _SMALL, name)

    with variable_scope(name, "specificity_at_sensitivity", (predictions, labels, weights)):
        thresholds = even_thresholds(num_thresholds, last=1.0 - _SMALL)
        counts = confusion_matrix_at_thresholds(labels, predictions, thresholds, weights)
        value = noted(specificity(counts[0], "value"), metrics_collections)
        return value, noted(specificity(counts[1], "update_op"), updates_collections)
