"""`tf.summary`: nodes that turn tensors into summaries, and lists of them to run all at once."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf import json_format
from tensorboard.compat.proto import summary_pb2

from defrun.base import dtypes, logging
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, get_collection, name_scope
from defrun.ops.histogram_summary import summarize_histogram
from defrun.ops.summaries import (
    join_summaries,
    summarize_images,
    summarize_scalars,
    summarize_sounds,
    summarize_tensor,
)

_NOT_IN_TAGS = re.compile(r"[^-/\w.]")


def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """Make a node that summarizes a number, for a curve.

    Parameters
    ----------
    name : str
        Names the node and, with the name scopes it is made in, the curve. What can't be in a name becomes ``_``.
    tensor : Tensor []
        Any real type.
    collections : list, optional
        Collections to add the node to; by default `GraphKeys.SUMMARIES`, which `merge_all` reads.
    family : str, optional
        Begins the tag: summaries of one family are shown together.

    Returns
    -------
    string Tensor []
        A serialized `Summary`, for `FileWriter.add_summary`.

    Raises
    ------
    TypeError
        If `tensor` is not of a real type.
    InvalidArgumentError
        When run, if it is no scalar.
    """
    with _scope(name, family, [tensor]) as (tag, scope):
        return _collected(summarize_scalars(tag, tensor, name=scope), collections)


def image(name: str, tensor: Any, max_outputs: int = 3, collections: Any = None, family: str | None = None) -> Tensor:
    """Make a node that summarizes pictures; see `scalar` for what is not said here.

    Parameters
    ----------
    tensor : Tensor [batch, height, width, channels]
        uint8 or float, with 1, 3 or 4 channels. Floats are scaled, each picture by itself: the largest becomes 255 and
        0 becomes 0, or 128 if there are negative ones.
    max_outputs : int
        How many of the batch to write.
    """
    with _scope(name, family, [tensor]) as (tag, scope):
        return _collected(summarize_images(tag, tensor, max_images=max_outputs, name=scope), collections)


def histogram(name: str, values: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """Make a node that summarizes how `values` (any shape and real type) are distributed; see `scalar` for the rest.

    Raises
    ------
    InvalidArgumentError
        When run, if a value is not finite.
    """
    with _scope(name, family, [values], "HistogramSummary") as (tag, scope):
        return _collected(summarize_histogram(tag, values, name=scope), collections)


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """Make a node that summarizes sounds; see `scalar` for what is not said here.

    Parameters
    ----------
    tensor : float32 Tensor [batch, frames] or [batch, frames, channels]
        Samples in [-1, 1].
    sample_rate : float32 Tensor []
        Frames a second.
    max_outputs : int
        How many of the batch to write.
    """
    with _scope(name, family, [tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtypes.float32, name="sample_rate")
        return _collected(summarize_sounds(tag, tensor, rate, max_outputs=max_outputs, name=scope), collections)


def text(name: str, tensor: Any, collections: Any = None) -> Tensor:
    """Make a node that summarizes texts, a string tensor of any shape; see `scalar` for the rest.

    Raises
    ------
    ValueError
        If `tensor` is not of strings.
    """
    if tensor.dtype != dtypes.string:
        raise ValueError(f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}")
    metadata = summary_pb2.SummaryMetadata()
    metadata.plugin_data.plugin_name = "text"
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Any = None,
    summary_metadata: Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """Make a node that keeps a tensor of any type and shape as it is; see `scalar` for what is not said here.

    Parameters
    ----------
    summary_description, display_name : str, optional
        What TensorBoard says of it, and calls it.
    summary_metadata : SummaryMetadata, optional
        Says which plugins can show it.
    """
    metadata = summary_pb2.SummaryMetadata() if summary_metadata is None else summary_metadata
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with _scope(name, family, [tensor]) as (tag, scope):
        made = summarize_tensor(tag, tensor, metadata.SerializeToString(), name=scope)
        return _collected(made, collections)


def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Make a node that joins summaries into one.

    Parameters
    ----------
    inputs : list of string Tensor
        One at least.
    collections : list, optional
        Collections to add the node to; by default none.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run, if two values have the same tag.
    """
    name = _clean(name)
    with name_scope(name, "Merge", inputs):
        return _collected(join_summaries(inputs, name=name), collections, default=())


def merge_all(key: Any = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None) -> Tensor | None:
    """Make a node that joins all summaries in the collection `key`; None if it is empty.

    Parameters
    ----------
    key : str
    scope : str, optional
        A regular expression for the beginning of their names (`re.match`).
    name : str, optional
    """
    found = get_collection(key, scope)
    return merge(found, name=name) if found else None


def get_summary_description(node_def: Any) -> summary_pb2.SummaryDescription:
    """Return the description that a `TensorSummary` node (a NodeDef) carries.

    Raises
    ------
    ValueError
        For a node of another type.
    """
    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    return json_format.Parse(node_def.attr["description"].s.decode(), summary_pb2.SummaryDescription())


# -- names and collections ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _scope(
    name: str | None, family: str | None, values: list[Any], default_name: str | None = None
) -> Iterator[tuple[str, str]]:
    """Open the name scope of a summary; yields its tag, which is as unique as the scope, and the scope."""
    name, family = _clean(name), _clean(family)
    with name_scope(name if family is None else f"{family}/{name}", default_name, values) as scope:
        tag = scope.rstrip("/")
        yield tag if family is None else f"{family}/{tag}", scope


def _clean(name: str | None) -> str | None:
    """Put ``_`` for what can't be in the name of a node."""
    if name is None:
        return None
    cleaned = _NOT_IN_TAGS.sub("_", name).lstrip("/")
    if cleaned != name:
        logging.info("Summary name %s is illegal; using %s instead.", name, cleaned)
    return cleaned


def _collected(summary: Tensor, collections: Any, default: tuple[str, ...] = (GraphKeys.SUMMARIES,)) -> Tensor:
    for key in default if collections is None else collections:
        add_to_collection(key, summary)
    return summary
