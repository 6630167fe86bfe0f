"""Which class was taken for which: `confusion_matrix`, and labels and predictions of ranks that differ by one."""

from __future__ import annotations

from typing import Any

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import array
from defrun.ops.compare import equal
from defrun.ops.control import cond


def last_axis_may_be_1(x: Tensor) -> bool:
    """Whether nothing known of its shape keeps the last axis of `x` from being squeezed."""
    return x.dims is None or x.dims[-1] in (1, None)


def without_last_axis_if(condition: Tensor, x: Tensor) -> Tensor:
    """Squeeze the last axis of `x` off where `condition` holds when run."""
    squeezed: Tensor = cond(condition, lambda: array.squeeze(x, [-1]), lambda: x)
    return squeezed


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Squeeze a last axis of size 1 off the one whose rank is too large by one.

    Parameters
    ----------
    labels, predictions : Tensor
    expected_rank_diff : int
        The rank of the predictions less that of the labels, as it should be: 1 for probabilities of several classes.
    name : str, optional

    Returns
    -------
    labels, predictions : Tensor
        As they came if the ranks differ by anything else.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions = convert_to_tensor(predictions)
        labels = convert_to_tensor(labels)
        if labels.dims is not None and predictions.dims is not None:
            surplus = len(predictions.dims) - len(labels.dims) - expected_rank_diff
            if surplus == 1:
                predictions = array.squeeze(predictions, [-1])
            elif surplus == -1:
                labels = array.squeeze(labels, [-1])
            return labels, predictions
        difference = array.rank(predictions) - array.rank(labels)
        if last_axis_may_be_1(predictions):
            predictions = without_last_axis_if(equal(expected_rank_diff + 1, difference), predictions)
        if last_axis_may_be_1(labels):
            labels = without_last_axis_if(equal(expected_rank_diff - 1, difference), labels)
        return labels, predictions
