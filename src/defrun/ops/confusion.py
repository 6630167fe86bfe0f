"""Which class was taken for which: `confusion_matrix`, and labels and predictions of ranks that differ by one."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import array
from defrun.ops.asserts import assert_less, assert_non_negative
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.control import cond
from defrun.ops.creation import ones_like, zeros
from defrun.ops.flow import with_dependencies
from defrun.ops.join import stack
from defrun.ops.limits import maximum
from defrun.ops.reduce import reduce_max
from defrun.ops.sparse.arithmetic import sparse_add


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


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """Count which class was taken for which.

    Parameters
    ----------
    labels, predictions : Tensor [n]
        Classes from 0.
    num_classes : int, optional
        By default one more than the largest class that occurs.
    dtype : DType
    name : str, optional
    weights : Tensor [n], optional
        How much each pair counts.

    Returns
    -------
    Tensor [num_classes, num_classes] of type `dtype`
        A row for each label, a column for each prediction.

    Raises
    ------
    ValueError
        If the shapes don't go together.
    InvalidArgumentError
        When run with a class that is negative or not less than `num_classes`.
    """
    with name_scope(name, "confusion_matrix", (predictions, labels, num_classes, weights)):
        labels = convert_to_tensor(labels, name="labels")
        labels, predictions = remove_squeezable_dimensions(labels, convert_to_tensor(predictions, name="predictions"))
        predictions = cast(predictions, dtypes.int64)
        labels = cast(labels, dtypes.int64)
        labels = with_dependencies([assert_non_negative(labels, message="`labels` contains negative values")], labels)
        predictions = with_dependencies(
            [assert_non_negative(predictions, message="`predictions` contains negative values")], predictions
        )
        if num_classes is None:
            num_classes = maximum(reduce_max(predictions), reduce_max(labels)) + 1
        else:
            limit = cast(num_classes, dtypes.int64)
            labels = with_dependencies([assert_less(labels, limit, message="`labels` out of bound")], labels)
            predictions = with_dependencies(
                [assert_less(predictions, limit, message="`predictions` out of bound")], predictions
            )
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            predictions.get_shape().assert_is_compatible_with(weights.get_shape())
            weights = cast(weights, dtype)
        shape = stack([num_classes, num_classes])
        places = stack([labels, predictions], axis=1)
        counts = ones_like(predictions, dtype) if weights is None else weights
        pairs = SparseTensor(places, counts, cast(shape, dtypes.int64))
        return sparse_add(zeros(cast(shape, dtypes.int32), dtype), pairs)
