"""Cross entropies between labels and logits."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import relu
from defrun.ops.arrange import transpose
from defrun.ops.array import either, expand_dims, rank, reshape, shape, stop_gradient
from defrun.ops.asserts import assert_equal
from defrun.ops.bounds import check_indices
from defrun.ops.cast import cast
from defrun.ops.compare import greater_equal
from defrun.ops.creation import range_, zeros_like
from defrun.ops.declare import op
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, log1p
from defrun.ops.join import concat
from defrun.ops.math import add, multiply, negative, subtract
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where
from defrun.ops.slicing import slice_
from defrun.ops.softmax import log_softmax_op, softmax_op
from defrun.ops.types import FLOAT, INDEX

# -- the ops ---------------------------------------------------------------------------------------------------------


def _centered(features: Any) -> tuple[Any, Any, Any]:
    """Logits less their largest, their exponentials, and the sum of those."""
    logits = features - lax.stop_gradient(jnp.max(features, -1, keepdims=True, initial=-jnp.inf))
    powers = jnp.exp(logits)
    return logits, powers, jnp.sum(powers, -1, keepdims=True)


@op("SoftmaxCrossEntropyWithLogits", "features: T, labels: T -> loss: T, backprop: T", T=FLOAT)
def _softmax_cross_entropy(features, labels):
    """The cross entropy of each row, and its gradient for the logits `features` (for labels that add up to 1)."""
    dims = jnp.broadcast_shapes(features.shape, labels.shape)
    logits, powers, total = _centered(jnp.broadcast_to(features, dims))
    loss = jnp.sum(labels * (jnp.log(total) - logits), -1)
    return loss, powers / total - labels


@_softmax_cross_entropy.shape
def _(features, labels):
    dims = shapes.broadcast(features, labels)
    if dims is not None and len(dims) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {len(dims)}")
    dims = dims or (None, None)
    return [dims[:1], dims]


@_softmax_cross_entropy.gradient
def _(op, grad, second):
    logits = op.inputs[0]
    to_logits = to_labels = None
    if grad is not None:
        column = expand_dims(grad, -1)
        to_logits = multiply(column, op.outputs[1])
        to_labels = multiply(column, negative(log_softmax_op(logits)))
    if second is not None:
        to_logits = _sum(to_logits, _through_softmax(second, softmax_op(logits)))
        to_labels = _sum(to_labels, negative(second))
    return to_logits, to_labels


def _through_softmax(grad: Tensor, softmax: Tensor) -> Tensor:
    """The gradient for the logits of `softmax`, from `grad` for `softmax` itself."""
    return multiply(subtract(grad, reduce_sum(multiply(grad, softmax), -1, keepdims=True)), softmax)


def _sum(a: Tensor | None, b: Tensor) -> Tensor:
    return b if a is None else add(a, b)


@op("SparseSoftmaxCrossEntropyWithLogits", "features: T[b,c], labels: Tlabels[b] -> loss: T[b], backprop: T[b,c]",
    T=FLOAT, Tlabels=(INDEX, dtypes.int64))  # fmt: skip
def _sparse_softmax_cross_entropy(features, labels):
    """The cross entropy of each row with the class `labels` gives it, and its gradient for the logits `features`.

    Raises
    ------
    InvalidArgumentError
        When run, if a label is no class.
    """
    classes = features.shape[1]
    check_indices(labels, classes, "labels")
    logits, powers, total = _centered(features)
    at = labels[:, None]
    loss = jnp.log(total) - jnp.take_along_axis(logits, jnp.clip(at, 0, max(classes - 1, 0)), 1)
    hit = lax.broadcasted_iota(labels.dtype, features.shape, 1) == at
    backprop = powers / total - hit.astype(features.dtype)
    return loss[:, 0], backprop


@_sparse_softmax_cross_entropy.gradient
def _(op, grad, second):
    to_logits = None if grad is None else multiply(expand_dims(grad, -1), op.outputs[1])
    if second is not None:
        to_logits = _sum(to_logits, _through_softmax(second, softmax_op(op.inputs[0])))
    return to_logits, None


# -- softmax, labels given as probabilities --------------------------------------------------------------------------


def _named_only(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(f"Only call `{function}` with named arguments (labels=..., logits=..., ...)")
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: int | None = None, name: str | None = None, dim: int | None = None
) -> Tensor:
    """Return the cross entropy of labels and softmax of logits.

    Gradients flow into both.

    Parameters
    ----------
    labels : Tensor [..., classes]
        Probabilities.
    logits : Tensor [..., classes]
    axis : int
        Where the classes are; -1 by default.
    name : str, optional
    dim : int, optional
        The old name of `axis`.

    Returns
    -------
    Tensor [...]
        Of the dtype of `logits`.
    """
    axis = either("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        kind = logits.dtype.base_dtype
        narrow = kind in (dtypes.float16, dtypes.bfloat16)
        precise = cast(logits, dtypes.float32) if narrow else logits
        labels = cast(labels, precise.dtype)
        axes = rank(precise)
        if axis != -1:
            precise = _to_end(precise, axis, axes)
            labels = _to_end(labels, axis, axes)
        dims = shape(precise)
        cost, _ = _softmax_cross_entropy(_rows(precise), _rows(labels), name=scope)
        cost = reshape(cost, slice_(dims, [0], [subtract(axes, 1)]))
        if logits.dims is not None:
            rest = list(logits.dims)
            del rest[axis]
            cost.set_shape(rest)
        return cast(cost, kind) if narrow else cost


def _to_end(tensor: Tensor, axis: int, axes: Tensor) -> Tensor:
    return transpose(tensor, concat([range_(axis), range_(axis + 1, axes), [axis]], 0))


def _rows(logits: Tensor) -> Tensor:
    """`logits` as a matrix with the classes in its rows."""
    axes = rank(logits)
    last = slice_(shape(logits), [subtract(axes, 1)], [1])
    rows = reshape(logits, concat([[-1], last], 0))
    dims = logits.dims
    if dims is not None and None not in dims[:-1]:
        count = 1
        for size in dims[:-1]:
            count *= size  # type: ignore[operator]
        rows.set_shape([count, dims[-1]])
    return rows


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """Return the cross entropy of labels and softmax of logits; the labels count as constants.

    Parameters
    ----------
    _sentinel : None
        The arguments are to be named.
    labels : Tensor [..., classes]
        Probabilities. No gradient flows into them, unlike with `softmax_cross_entropy_with_logits_v2`.
    logits : Tensor [..., classes]
    dim : int
        Where the classes are.
    name : str, optional
    axis : int, optional
        The new name of `dim`.

    Returns
    -------
    Tensor [...]
    """
    dim = dim if axis is None else axis
    _named_only("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        labels = stop_gradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels, logits, axis=dim, name=scope)


# -- softmax, labels given as classes --------------------------------------------------------------------------------


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """Return the cross entropy of softmax of logits with the one right class.

    Parameters
    ----------
    _sentinel : None
        The arguments are to be named.
    labels : int32 or int64 Tensor [...]
        The right class of each row, from 0 up.
    logits : Tensor [..., classes]
    name : str, optional

    Returns
    -------
    Tensor [...]
        Of the dtype of `logits`.

    Raises
    ------
    ValueError
        If the shapes are known and don't go together.
    InvalidArgumentError
        When run, if a label is no class.
    """
    _named_only("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels = convert_to_tensor(labels)
        logits = convert_to_tensor(logits)
        half = logits.dtype.base_dtype is dtypes.float16
        precise = cast(logits, dtypes.float32) if half else logits
        label_dims = labels.shape
        sizes = shape(labels)
        known = _check_shapes(label_dims, logits.shape)
        if logits.shape.ndims == 2:
            cost, _ = _sparse_softmax_cross_entropy(precise, labels, name=name)
            return cast(cost, dtypes.float16) if half else cost
        checks = [] if known else [assert_equal(shape(labels), shape(logits)[:-1])]
        with get_default_graph().control_dependencies(checks):
            classes = shape(logits)[rank(logits) - 1]
            precise = reshape(precise, [-1, classes])
            labels = reshape(labels, [-1])
            cost, _ = _sparse_softmax_cross_entropy(precise, labels, name=name)
            cost = reshape(cost, sizes)
            cost.set_shape(label_dims)
            return cast(cost, dtypes.float16) if half else cost


def _check_shapes(labels: TensorShape, logits: TensorShape) -> bool:
    """Whether the shapes are known well enough to be held against each other; `ValueError` if they don't fit."""
    if logits.ndims == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits}.")
    if None not in (labels.ndims, logits.ndims) and labels.ndims != logits.ndims - 1:  # type: ignore[operator]
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {labels.ndims}) should equal rank of logits minus 1 (received "
            f"{logits.ndims})."
        )
    known = labels.is_fully_defined() and logits.ndims is not None and logits[:-1].is_fully_defined()
    if known and labels.as_list() != logits.as_list()[:-1]:
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels}) should equal the shape of logits except for the "
            f"last dimension (received {logits})."
        )
    return known


# -- one class at a time ---------------------------------------------------------------------------------------------


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """Return the cross entropy of labels and sigmoid of logits, element by element.

    Parameters
    ----------
    _sentinel : None
        The arguments are to be named.
    labels : Tensor
        Probabilities, of the type and shape of `logits`.
    logits : Tensor
    name : str, optional

    Returns
    -------
    Tensor of the shape of `logits`

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    _named_only("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_equal_shapes(logits, labels)
        zeros = zeros_like(logits, dtype=logits.dtype)
        positive = greater_equal(logits, zeros)
        part = where(positive, logits, zeros)
        below = where(positive, -logits, logits)
        return add(part - logits * labels, log1p(exp(below)), name=scope)


def _check_equal_shapes(logits: Tensor, labels: Tensor) -> None:
    try:
        labels.shape.merge_with(logits.shape)
    except ValueError:
        raise ValueError(f"logits and labels must have the same shape ({logits.shape} vs {labels.shape})") from None


def weighted_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, pos_weight: Any = None, name: str | None = None, targets: Any = None
) -> Tensor:
    """Return the cross entropy of labels and sigmoid of logits, positive labels counting `pos_weight` times.

    Parameters
    ----------
    labels : Tensor
        Probabilities, of the type and shape of `logits`.
    logits : Tensor
    pos_weight : float or Tensor
    name : str, optional
    targets : Tensor, optional
        The old name of `labels`.

    Returns
    -------
    Tensor of the shape of `logits`
    """
    labels = either("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        _check_equal_shapes(logits, labels)
        weight = 1 + (pos_weight - 1) * labels
        missed = (1 - labels) * logits
        return add(missed, weight * (log1p(exp(-absolute(logits))) + relu(-logits)), name=scope)
