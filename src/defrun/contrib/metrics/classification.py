"""Metrics that only `tf.contrib.metrics` has, and lists of metrics."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.metrics.ranks import remove_squeezable_dimensions
from defrun.metrics.state import Metric, aggregate_variable, documented, metric_variable, noted
from defrun.metrics.thresholds import Counts, confusion_matrix_at_thresholds, even_thresholds, part
from defrun.ops import array, compare, creation, math, reduce, sets, state
from defrun.ops import confusion as _confusion
from defrun.ops.cast import cast
from defrun.ops.weights import broadcast_weights
from defrun.variables.scope import variable_scope

confusion_matrix = _confusion.confusion_matrix
set_difference = sets.set_difference
set_intersection = sets.set_intersection
set_size = sets.set_size
set_union = sets.set_union


def accuracy(predictions: Tensor, labels: Tensor, weights: Any = None, name: str | None = None) -> Tensor:
    """Return how often `predictions` equal `labels`, of what is there now.

    Parameters
    ----------
    predictions, labels : integer, bool or string Tensor [...]
    weights : Tensor, optional
    name : str, optional

    Raises
    ------
    ValueError
        If the labels are of another type, or the predictions of another than the labels.
    """
    if not (labels.dtype.is_integer or labels.dtype in (dtypes.bool, dtypes.string)):
        raise ValueError(f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}")
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(f"Dtypes of predictions and labels should match: {predictions.dtype!r}, {labels.dtype!r}")
    with name_scope(name, "accuracy", values=[predictions, labels]):
        right = cast(compare.equal(predictions, labels), dtypes.float32)
        if weights is None:
            return reduce.reduce_mean(right)
        right = math.multiply(right, weights)
        number = math.multiply(weights, creation.ones_like(right))
        return math.div(reduce.reduce_sum(right), reduce.reduce_sum(number))


@documented("values : Tensor [...]")
def count(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Count the `values`, each by its weight."""
    with variable_scope(name, "count", (values, weights)):
        variable = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            number = cast(array.size(values), dtypes.float32)
        else:
            values = cast(values, dtypes.float32)
            values, _, weights = remove_squeezable_dimensions(values, None, weights)
            number = reduce.reduce_sum(broadcast_weights(cast(weights, dtypes.float32), values))
        with control_dependencies([values]):
            update = state.assign_add(variable, number)
        return aggregate_variable(variable, metrics_collections), noted(update, updates_collections)


@documented("labels : Tensor [...]\n        Is cast to bool.\n    predictions : Tensor [...]\n        Of 0 to 1.")
def f1_score(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the best harmonic mean of precision and recall over thresholds at equal distances."""

    def best(counts: Counts, name: str) -> Tensor:
        precision = part(counts["tp"], counts["fp"], f"precision_{name}")
        recall = part(counts["tp"], counts["fn"], f"recall_{name}")
        return reduce.reduce_max(2.0 * precision * recall / (precision + recall + 1e-7))

    with variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = remove_squeezable_dimensions(predictions, labels, weights)
        places = even_thresholds(num_thresholds)
        values, updates = confusion_matrix_at_thresholds(labels, predictions, places, weights, ("tp", "fp", "fn"))
        return noted(best(values, "value"), metrics_collections), noted(best(updates, "update"), updates_collections)


def aggregate_metrics(*value_update_tuples: Metric) -> tuple[list[Tensor], list[Tensor]]:
    """Return the values of some metrics, and their updates. ValueError if there are none."""
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    return [value for value, _ in value_update_tuples], [update for _, update in value_update_tuples]


def aggregate_metric_map(names_to_tuples: dict[str, Metric]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return the values of some metrics by their names, and their updates."""
    values = {name: value for name, (value, _) in names_to_tuples.items()}
    return values, {name: update for name, (_, update) in names_to_tuples.items()}
