"""How good the k likeliest classes are, where each example may have several labels."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.metrics import labels_at_k
from defrun.metrics.state import Metric, documented, metric_variable, noted, safe_scalar_div
from defrun.ops import array, math, nn, reduce, state
from defrun.ops.cast import cast
from defrun.ops.weights import broadcast_weights

_LABELS = "labels : int64 Tensor or SparseTensor [..., m], or Tensor [...]\n        Each example's true classes."
_CLASS = "class_id : int, optional\n        The only class that counts."
_SCORES = documented(
    f"{_LABELS}\n    predictions : Tensor [..., classes]\n        How likely each class is.\n    k : int\n    {_CLASS}"
)
_NAMED = documented(
    f"{_LABELS}\n    predictions_idx : int Tensor [..., k]\n        The classes named.\n    k : int, optional\n"
    f"        Only for the name.\n    {_CLASS}"
)
_AVERAGE = documented(
    f"{_LABELS}\n    predictions : Tensor [..., classes]\n        How likely each class is.\n    k : int",
    ", or k is less than 1",
)


def _name(what: str, k: int | None, class_id: int | None = None) -> str:
    name = f"{what}_at_k" if k is None else f"{what}_at_{k:d}"
    return name if class_id is None else f"{name}_class{class_id:d}"


def _streamed(
    kind: str, labels: Any, named: Tensor, k: int | None, class_id: int | None, weights: Any
) -> tuple[Any, Tensor]:
    """Count one kind of answers in a variable that is returned with its update."""
    with name_scope(None, _name(kind.removesuffix("s"), k, class_id), (named, labels, weights)) as scope:
        number = labels_at_k.count(kind, labels, named, class_id, weights)
        total = cast(reduce.reduce_sum(number), dtypes.float64)
        variable = metric_variable([], dtypes.float64, name=scope)
        return variable, state.assign_add(variable, total, name="update")


def _share(
    what: str, wrong: str, labels: Any, named: Any, k: int | None, class_id: int | None, weights: Any, metrics: Any,
    updates: Any, name: str | None,
) -> Metric:  # fmt: skip
    """Measure ``right / (right + wrong)``."""
    with name_scope(name, _name(what, k, class_id), (named, labels, weights)) as scope:
        labels = labels_at_k.expand_labels(labels, named)
        named = cast(named, dtypes.int64)
        right, more_right = _streamed("true_positives", labels, named, k, class_id, weights)
        bad, more_bad = _streamed(wrong, labels, named, k, class_id, weights)
        value = noted(math.div(right, math.add(right, bad), name=scope), metrics)
        return value, noted(math.div(more_right, math.add(more_right, more_bad), name="update"), updates)


@_NAMED
def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the named classes are labels."""
    return _share("precision", "false_positives", labels, predictions_idx, k, class_id, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


@_NAMED
def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the labels are among the named classes."""
    return _share("recall", "false_negatives", labels, predictions_idx, k, class_id, weights, metrics_collections,
                  updates_collections, name)  # fmt: skip


@_SCORES
def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the `k` likeliest classes are labels."""
    with name_scope(name, _name("precision", k, class_id), (predictions, labels, weights)) as scope:
        top = nn.top_k(predictions, k)[1]
        return precision_at_top_k(
            labels, top, k, class_id, weights, metrics_collections, updates_collections, name=scope
        )


@_SCORES
def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure how many of the labels are among the `k` likeliest classes."""
    with name_scope(name, _name("recall", k, class_id), (predictions, labels, weights)) as scope:
        top = nn.top_k(predictions, k)[1]
        return recall_at_top_k(labels, top, k, class_id, weights, metrics_collections, updates_collections, name=scope)


@_SCORES
def sparse_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`precision_at_k` under its old name."""
    return precision_at_k(
        labels, predictions, k, class_id, weights, metrics_collections, updates_collections, name
    )  # fmt: skip


@_AVERAGE
def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean over examples of the mean precision at those of the `k` likeliest classes that are labels."""
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    with name_scope(name, _name("average_precision", k), (predictions, labels, weights)) as scope:
        top = nn.top_k(predictions, k)[1]
        labels = labels_at_k.clean_out_of_range(labels, cast(array.shape(predictions)[-1], dtypes.int64))
        return streaming_sparse_average_precision_at_top_k(
            labels, top, weights, metrics_collections, updates_collections, name=scope
        )


@_AVERAGE
def sparse_average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`average_precision_at_k` under its old name."""
    return average_precision_at_k(labels, predictions, k, weights, metrics_collections, updates_collections, name)


@documented(f"{_LABELS}\n    predictions_idx : int Tensor [..., k]\n        The classes named, the likeliest first.")
def streaming_sparse_average_precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Measure the mean over examples of the mean precision at those of the named classes that are labels."""
    with name_scope(name, "average_precision_at_top_k", (predictions_idx, labels, weights)) as scope:
        precision = labels_at_k.average_precision(labels, predictions_idx)
        if weights is not None:
            weights = broadcast_weights(cast(weights, dtypes.float64), precision)
            precision = math.multiply(precision, weights)
        with name_scope(None, "max", (precision,)) as inner:
            most = metric_variable([], dtypes.float64, name=inner)
            if weights is None:
                number = cast(array.size(precision, name="batch_max"), dtypes.float64)
            else:
                number = reduce.reduce_sum(weights, name="batch_max")
            more = state.assign_add(most, number, name="update")
        with name_scope(None, "total", (precision,)) as inner:
            total = metric_variable([], dtypes.float64, name=inner)
            sums = reduce.reduce_sum(precision, name="batch_total")
            new_total = state.assign_add(total, sums, name="update")
        value = noted(safe_scalar_div(total, most, name="mean"), metrics_collections)
        return value, noted(safe_scalar_div(new_total, more, name=scope), updates_collections)
