"""Labels, predictions and weights brought to one rank."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops import array, confusion
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.control import cond
from defrun.ops.math import multiply
from defrun.ops.weights import broadcast_weights


def remove_squeezable_dimensions(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
    """Squeeze or add a last axis of size 1 so that the ranks of labels and weights are that of the predictions.

    Parameters
    ----------
    predictions : Tensor
    labels, weights : Tensor, optional

    Returns
    -------
    predictions, labels, weights : Tensor
        Labels and weights None if they came so.

    Raises
    ------
    ValueError
        If the shapes of labels and predictions don't go together.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = confusion.remove_squeezable_dimensions(labels, predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    if weights is None:
        return predictions, labels, None
    weights = convert_to_tensor(weights)
    if weights.dims == ():
        return predictions, labels, weights
    if predictions.dims is None or weights.dims is None:
        return predictions, labels, _fitted_when_run(weights, predictions)
    surplus = len(weights.dims) - len(predictions.dims)
    if surplus == 1:
        weights = array.squeeze(weights, [-1])
    elif surplus == -1:
        weights = array.expand_dims(weights, [-1])
    return predictions, labels, weights


def _fitted_when_run(weights: Tensor, values: Tensor) -> Tensor:
    """Bring weights to the rank of the values where the two are only known when run; scalars stay."""
    rank = array.rank(weights)
    surplus = rank - array.rank(values)

    def fewer() -> Any:
        return cond(equal(surplus, -1), lambda: array.expand_dims(weights, [-1]), lambda: weights)

    def more() -> Tensor:
        return array.squeeze(weights, [-1]) if confusion.last_axis_may_be_1(weights) else weights

    fitted: Tensor = cond(equal(rank, 0), lambda: weights, lambda: cond(equal(surplus, 1), more, fewer))
    return fitted


def weighed(values: Tensor, weights: Any, kind: Any = dtypes.float32) -> tuple[Tensor, Tensor]:
    """Return `values` times `weights`, and the weights in the shape of the values."""
    values, _, weights = remove_squeezable_dimensions(values, None, weights)
    weights = broadcast_weights(cast(weights, kind), values)
    return multiply(values, weights), weights
