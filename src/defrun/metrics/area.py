"""The area under a curve of two rates over all thresholds (AUC)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from defrun.base import logging
from defrun.graph.operation import Tensor
from defrun.metrics.state import Metric, noted, share
from defrun.metrics.thresholds import Counts, confusion_matrix_at_thresholds, even_thresholds
from defrun.ops import compare, creation, elementary, limits, math, reduce, select
from defrun.variables.scope import variable_scope

_SMALL = 1e-6  # keeps quotients finite


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Sequence[float] | None = None,
) -> Metric:
    """Measure the area under a curve through points at many thresholds.

    Parameters
    ----------
    labels : Tensor [...]
        Is cast to bool.
    predictions : Tensor [...]
        Of 0 to 1.
    weights : Tensor, optional
        A scalar, or of the rank of the labels, each axis 1 or their size.
    num_thresholds : int
        At equal distances, unless `thresholds` says where.
    metrics_collections, updates_collections : list of str, optional
        Where the value and the update are noted.
    curve : {"ROC", "PR"}
        Found over false alarms, or precision over recall.
    name : str, optional
        Of the variable scope.
    summation_method : {"trapezoidal", "careful_interpolation", "minoring", "majoring"}
        Between two points: the line; for PR the curve of constant odds (Davis and Goadrich, 2006); the lower; the
        higher of the two.
    thresholds : list of float, optional
        To which 0 and 1 are added.

    Returns
    -------
    value : Tensor
        The area for all that was counted so far.
    update : Tensor
        Counts what is there now; the area after that.

    Raises
    ------
    ValueError
        If shapes don't fit, or there is no such curve or method.
    """
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        places = even_thresholds(num_thresholds, thresholds)
        counts = confusion_matrix_at_thresholds(labels, predictions, places, weights)
        value = noted(_area(counts[0], len(places), curve, summation_method, "value"), metrics_collections)
        return value, noted(_area(counts[1], len(places), curve, summation_method, "update_op"), updates_collections)


def _area(counts: Counts, number: int, curve: str, method: str, name: str) -> Tensor:
    if curve == "PR" and method == "careful_interpolation":
        return _interpolated(counts["tp"], counts["fp"], counts["fn"], number)
    if curve == "PR" and method == "trapezoidal":
        logging.warning("The trapezoidal rule makes the area under PR curves too large; careful_interpolation doesn't.")
    x, y = _points(counts, curve)
    left, right = slice(number - 1), slice(1, None)
    if method in ("trapezoidal", "careful_interpolation"):
        return reduce.reduce_sum(math.multiply(x[left] - x[right], (y[left] + y[right]) / 2.0), name=name)
    if method in ("minoring", "majoring"):
        choose = limits.minimum if method == "minoring" else limits.maximum
        return reduce.reduce_sum(math.multiply(x[left] - x[right], choose(y[left], y[right])), name=name)
    raise ValueError(f"Invalid summation_method: {method}")


def _points(counts: Counts, curve: str) -> tuple[Tensor, Tensor]:
    tp, fp = counts["tp"], counts["fp"]
    recall = math.div(tp + _SMALL, tp + counts["fn"] + _SMALL)
    if curve == "ROC":
        return math.div(fp, fp + counts["tn"] + _SMALL), recall
    return recall, math.div(tp + _SMALL, tp + fp + _SMALL)


def _interpolated(tp: Any, fp: Any, fn: Any, number: int) -> Tensor:
    """The area under a PR curve whose counts, not whose rates, lie on lines between two points."""
    left, right = slice(number - 1), slice(1, None)
    found = tp[left] - tp[right]
    said = tp + fp
    slope = share(found, said[left] - said[right], "prec_slope")
    intercept = tp[right] - math.multiply(slope, said[right])
    ratio = select.where(
        compare.logical_and(said[left] > 0, said[right] > 0),
        share(said[left], said[right], "recall_relative_ratio"),
        creation.ones_like(said[right]),
    )
    parts = share(slope * (found + intercept * elementary.log(ratio)), tp[right] + fn[right], "pr_auc_increment")
    return reduce.reduce_sum(parts, name="interpolate_pr_auc")
