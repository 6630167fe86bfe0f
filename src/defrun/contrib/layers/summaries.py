"""`tf.contrib.layers`: summaries of activations and of whole collections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Tensor
from defrun.graph.scopes import get_collection
from defrun.ops.cast import cast
from defrun.ops.compare import greater, less
from defrun.ops.reduce import reduce_mean
from defrun.summary.nodes import histogram, scalar

Summarizer = Callable[[Any], Any]


def _scalar(tensor: Tensor, tag: str | None = None) -> Tensor:
    tensor.shape.assert_has_rank(0)
    return scalar(tag or f"{tensor.op.name}_summary", tensor)


def _histogram(tensor: Any, tag: str | None = None) -> Tensor:
    return histogram(tag or f"{tensor.op.name}_summary", tensor)


def summarize_activation(op: Any) -> Tensor:
    """Return a histogram of an activation; of relus also, as scalars, how many are 0 (or 6)."""
    if op.op.type in ("Relu", "Softplus", "Relu6"):
        _share(op, less, 0.0, "zeros")
    if op.op.type == "Relu6":
        _share(op, greater, 6.0, "sixes")
    return _histogram(op, f"{op.op.name}/activation")


def _share(op: Any, compare: Any, limit: float, what: str) -> None:
    before = op.op.inputs[0]
    beyond = compare(before, cast(limit, before.dtype))
    _scalar(reduce_mean(cast(beyond, dtypes.float32, name="ToFloat")), f"{op.op.name}/{what}")


def summarize_tensor(tensor: Any, tag: str | None = None) -> Tensor | None:
    """Return a scalar summary of a scalar, a histogram of anything else; None of text and truth values."""
    if tensor.dtype.base_dtype in (dtypes.string, dtypes.bool):
        return None
    return _scalar(tensor, tag) if tensor.shape.ndims == 0 else _histogram(tensor, tag)


def summarize_tensors(tensors: Iterable[Any], summarizer: Summarizer = summarize_tensor) -> list[Any]:
    """Return what `summarizer` makes of each of `tensors`."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(
    collection: Any, name_filter: str | None = None, summarizer: Summarizer = summarize_tensor
) -> list[Any]:
    """Return what `summarizer` makes of the tensors in a collection whose names match `name_filter`."""
    found = [t for t in get_collection(collection) if name_filter is None or re.match(name_filter, t.op.name)]
    return summarize_tensors(found, summarizer)


def summarize_activations(name_filter: str | None = None, summarizer: Summarizer = summarize_activation) -> list[Any]:
    """Return summaries of the activations whose names match `name_filter`."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)


def summarize_variables(name_filter: str | None = None, summarizer: Summarizer = summarize_tensor) -> list[Any]:
    """Return summaries of the variables whose names match `name_filter`."""
    return summarize_collection(GraphKeys.GLOBAL_VARIABLES, name_filter, summarizer)


def summarize_weights(name_filter: str | None = None, summarizer: Summarizer = summarize_tensor) -> list[Any]:
    """Return summaries of the weights whose names match `name_filter`."""
    return summarize_collection(GraphKeys.WEIGHTS, name_filter, summarizer)


def summarize_biases(name_filter: str | None = None, summarizer: Summarizer = summarize_tensor) -> list[Any]:
    """Return summaries of the biases whose names match `name_filter`."""
    return summarize_collection(GraphKeys.BIASES, name_filter, summarizer)
