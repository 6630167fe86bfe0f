"""`tf.contrib.deprecated`: summaries under the names, and with the tags, that they had before `tf.summary`."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, get_collection, name_scope
from defrun.ops.histogram_summary import summarize_histogram
from defrun.ops.summaries import join_summaries, summarize_images, summarize_scalars, summarize_sounds


def scalar_summary(tags: Any, values: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Make a node that summarizes numbers, each under its tag; `tf.summary.scalar` takes its place.

    Parameters
    ----------
    tags : string Tensor
        As they will be shown: name scopes add nothing.
    values : Tensor
        Of the shape of `tags`.
    collections : list, optional
        By default `GraphKeys.SUMMARIES`.
    name : str, optional
    """
    with name_scope(name, "ScalarSummary", [tags, values]) as scope:
        return _collected(summarize_scalars(tags, values, name=scope), collections)


def histogram_summary(tag: Any, values: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Make a node that summarizes how values are distributed; see `scalar_summary`, and `tf.summary.histogram`."""
    with name_scope(name, "HistogramSummary", [tag, values]) as scope:
        return _collected(summarize_histogram(tag, values, name=scope), collections)


def image_summary(
    tag: Any, tensor: Any, max_images: int = 3, collections: Any = None, name: str | None = None
) -> Tensor:
    """Make a node that summarizes pictures; see `scalar_summary`, and `tf.summary.image`."""
    with name_scope(name, "ImageSummary", [tag, tensor]) as scope:
        return _collected(summarize_images(tag, tensor, max_images=max_images, name=scope), collections)


def audio_summary(
    tag: Any,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    name: str | None = None,
) -> Tensor:
    """Make a node that summarizes sounds; see `scalar_summary`, and `tf.summary.audio`."""
    with name_scope(name, "AudioSummary", [tag, tensor]) as scope:
        rate = convert_to_tensor(sample_rate, dtypes.float32, name="sample_rate")
        return _collected(summarize_sounds(tag, tensor, rate, max_outputs=max_outputs, name=scope), collections)


def merge_summary(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Make a node that joins summaries into one; see `tf.summary.merge`."""
    with name_scope(name, "MergeSummary", inputs):
        return _collected(join_summaries(inputs, name=name), collections, ())


def merge_all_summaries(key: str = GraphKeys.SUMMARIES) -> Tensor | None:
    """Make a node that joins all summaries in the collection `key`; None if it is empty."""
    found = get_collection(key)
    return merge_summary(found) if found else None


def _collected(made: Tensor, collections: Any, default: tuple[str, ...] = (GraphKeys.SUMMARIES,)) -> Tensor:
    for key in default if collections is None else collections:
        add_to_collection(key, made)
    return made
