"""Several labels for each example, dense or sparse, beside the k likeliest classes: what is right of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.composite import SparseTensor, SparseTensorValue, convert_to_tensor_or_sparse_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops import (
    arrange,
    array,
    compare,
    control,
    creation,
    cumulate,
    join,
    limits,
    math,
    reduce,
    select,
    sets,
    slicing,
)
from defrun.ops.cast import cast
from defrun.ops.sparse.arrange import sparse_concat, sparse_reshape, sparse_retain
from defrun.ops.weights import assert_broadcastable

Labels = Any  # Tensor or SparseTensor


def _cond(condition: Tensor, change: Callable[[], Labels], labels: Labels) -> Labels:
    """Return changed labels where `condition` holds when run, else the labels."""
    if not isinstance(labels, SparseTensor):
        return control.cond(condition, change, lambda: labels)
    return SparseTensor(*control.cond(condition, lambda: _parts(change()), lambda: _parts(labels)))


def _parts(labels: Labels) -> tuple[Any, Any, Any]:
    return labels.indices, labels.values, labels.dense_shape


def expand_labels(labels: Labels, predictions: Tensor) -> Labels:
    """Return labels of the rank of the predictions: one for each example gets an axis of size 1.

    Raises
    ------
    ValueError
        If the ranks are known and don't fit.
    """
    with name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):

            def longer() -> SparseTensor:
                return sparse_reshape(labels, join.concat((labels.dense_shape, (1,)), 0), name=scope)

            one_less = compare.equal(array.rank(predictions), array.size(labels.dense_shape) + 1)
            return _cond(one_less, longer, labels)
        if labels.dims is not None and predictions.dims is not None:
            if len(predictions.dims) == len(labels.dims):
                return labels
            if len(predictions.dims) == len(labels.dims) + 1:
                return array.expand_dims(labels, -1, name=scope)
            raise ValueError(f"Unexpected labels shape {labels.shape} for predictions shape {predictions.shape}.")
        one_less = compare.equal(array.rank(predictions), array.rank(labels) + 1)
        return _cond(one_less, lambda: array.expand_dims(labels, -1, name=scope), labels)


def clean_out_of_range(labels: Labels, num_classes: Tensor) -> Labels:
    """Return labels with -1 for those that are no class."""
    sparse = isinstance(labels, (SparseTensor, SparseTensorValue))
    values = labels.values if sparse else labels

    def cleaned() -> Labels:
        known = select.where_v2(compare.greater_equal(values, num_classes), -1 * creation.ones_like(values), values)
        return SparseTensor(labels.indices, known, labels.dense_shape) if sparse else known

    any_unknown = compare.greater_equal(reduce.reduce_max(values), num_classes)
    return _cond(any_unknown, cleaned, labels)


def _one_class(ids: Labels, wanted: int) -> SparseTensor:
    """Return the ids that are `wanted`."""
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, compare.equal(ids.values, wanted))
    shape = array.shape(ids, out_type=dtypes.int64)
    last = array.size(shape) - 1
    filled = creation.fill(_reduced_shape(shape, array.reshape(last, [1])), cast(wanted, dtypes.int64))
    found = sets.set_intersection(filled, ids)
    return SparseTensor(found.indices, found.values, shape)


def _both_of(class_id: int, named: Labels, labels: Labels) -> tuple[SparseTensor, SparseTensor]:
    labels = _one_class(labels, class_id)
    return _one_class(named, class_id), labels


def _reduced_shape(shape: Tensor, axes: Tensor) -> Tensor:
    """Return a shape with 1 for `axes`."""
    shape = cast(shape, dtypes.int32)
    axes = cast(axes, dtypes.int32)
    rank = array.size(shape)
    axes = (axes + rank) % rank
    ones = array.shape(axes)
    return select.dynamic_stitch([creation.range_(rank), axes], [shape, creation.fill(ones, 1)])


def _number(found: SparseTensor, weights: Any) -> Tensor:
    """Return how many each example has, times its weight."""
    number = cast(sets.set_size(found), dtypes.float64)
    if weights is None:
        return number
    with control_dependencies((assert_broadcastable(weights, number),)):
        return math.multiply(number, cast(weights, dtypes.float64))


_COMBINE: dict[str, Callable[[Labels, Labels], SparseTensor]] = {
    "true_positives": lambda named, labels: sets.set_intersection(named, labels),
    "false_positives": lambda named, labels: sets.set_difference(named, labels, aminusb=True),
    "false_negatives": lambda named, labels: sets.set_difference(named, labels, aminusb=False),
}


def count(
    kind: str, labels: Labels, named: Tensor, class_id: int | None = None, weights: Any = None, name: str | None = None
) -> Tensor:
    """Count for each example, as float64, its "true_positives", "false_positives" or "false_negatives".

    Parameters
    ----------
    kind : str
    labels : int64 Tensor or SparseTensor [..., m]
    named : int64 Tensor [..., k]
    class_id : int, optional
        The only class that counts.
    weights : Tensor [...], optional
    name : str, optional
    """
    with name_scope(name, kind, (named, labels, weights)):
        if class_id is not None:
            return _number(_COMBINE[kind](*_both_of(class_id, named, labels)), weights)
        return _number(_COMBINE[kind](named, labels), weights)


def _repeated(labels: Labels, times: int, name: str) -> Labels:
    """Return labels with an axis of size `times` before the last one, along which they repeat."""
    with name_scope(name, "expand_and_tile", (labels, times, -1)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            place = array.reshape(array.size(labels.dense_shape) + -1, [1])
            front = slicing.slice_(labels.dense_shape, [0], place)
            shape = join.concat((front, [1], slicing.slice_(labels.dense_shape, place, [-1])), 0, name="expanded_shape")
            longer = sparse_reshape(labels, shape, name="expand")
            return longer if times == 1 else sparse_concat(-2, [longer] * times, name=scope)
        expanded = array.expand_dims(labels, -2, name="expand")
        if times == 1:
            return expanded
        ones = creation.ones_like(array.shape(labels))
        return arrange.tile(expanded, join.concat((ones[:-1], (times,), ones[-1:]), 0, name="multiples"), name=scope)


def _number_relevant(labels: Labels, k: int) -> Tensor:
    with name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return limits.minimum(sets.set_size(labels), k, name=scope)
        known = select.where_v2(
            compare.greater_equal(labels, 0), creation.ones_like(labels), creation.zeros_like(labels)
        )
        return limits.minimum(reduce.reduce_sum(known, axis=-1), k, name=scope)


def average_precision(labels: Labels, named: Tensor) -> Tensor:
    """Return each example's mean of the precisions at those of its k named classes that are labels.

    Raises
    ------
    ValueError
        If k, the last axis of `named`, is not known.
    """
    with name_scope(None, "average_precision", (named, labels)) as scope:
        named = cast(named, dtypes.int64, name="predictions_idx")
        if named.dims == ():
            raise ValueError("The rank of predictions_idx must be at least 1.")
        k = named.get_shape().as_list()[-1]
        if k is None:
            raise ValueError("The last dimension of predictions_idx must be set.")
        labels = expand_labels(labels, named)
        each = array.expand_dims(named, -1, name="predictions_idx_per_k")
        right = count("true_positives", _repeated(labels, k, "labels_per_k"), each, name="relevant_per_k")
        found = cumulate.cumsum(right, axis=-1, name="tp_per_k")
        said = cumulate.cumsum(creation.ones_like(right), axis=-1, name="retrieved_per_k")
        precision = math.div(found, said, name="precision_per_k")
        precision = math.multiply(precision, right, name="relevant_precision_per_k")
        total = reduce.reduce_sum(precision, axis=(-1,), name="precision_sum")
        return math.div(total, cast(_number_relevant(labels, k), dtypes.float64), name=scope)
