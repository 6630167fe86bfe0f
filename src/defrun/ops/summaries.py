"""Summaries: values of a run as serialized `Summary` protobufs, which event files hold and TensorBoard shows."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import summary_pb2

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.base.text import as_str_any
from defrun.graph.attrs import TensorValue, tensor_proto
from defrun.ops.declare import op
from defrun.ops.media import png_bytes, wav_bytes
from defrun.ops.types import ANY, REAL

_PICTURE = frozenset((dtypes.uint8, dtypes.float16, dtypes.float32, dtypes.float64))
_RED = TensorValue(np.array([255, 0, 0, 255], np.uint8), dtypes.uint8)


def serialized_summary(values: list[summary_pb2.Summary.Value]) -> np.ndarray[Any, Any]:
    """Return a string scalar."""
    return np.array(summary_pb2.Summary(value=values).SerializeToString(), object)


def tag_text(tag: Any) -> str:
    """Return a tag as text. `InvalidArgumentError` if there are several."""
    if tag.ndim:
        raise InvalidArgumentError(None, None, f"the tag must be a scalar, not of shape {list(tag.shape)}")
    return as_str_any(tag[()])


def _tags(tag: Any, kind: str, count: int, limit: int) -> list[str]:
    """Name each of several pictures or sounds; the only one there may be needs no number."""
    whole = f"{tag_text(tag)}/{kind}"
    return [whole] if limit == 1 and count else [f"{whole}/{i}" for i in range(count)]


# -- numbers -----------------------------------------------------------------------------------------------------------


@op("ScalarSummary", "tags: string, values: T -> summary: string[]", T=REAL, host=True, differentiable=False)
def summarize_scalars(tags, values):
    """Write a summary of numbers, one for each of `tags`; both have the same shape."""
    if tags.shape != values.shape:
        shapes = f"{list(tags.shape)} and {list(values.shape)}"
        raise InvalidArgumentError(None, None, f"tags and values must have the same shape, not {shapes}")
    pairs = zip(tags.ravel(), values.ravel(), strict=True)
    return serialized_summary([summary_pb2.Summary.Value(tag=as_str_any(t), simple_value=float(v)) for t, v in pairs])


# -- pictures and sounds -----------------------------------------------------------------------------------------------


@op("ImageSummary", "tag: string, tensor: T -> summary: string[]", T=(_PICTURE, dtypes.float32), host=True,
    differentiable=False)  # fmt: skip
def summarize_images(tag, tensor, max_images: int = 3, bad_color: TensorValue = _RED):
    """Write a summary of pictures.

    Parameters
    ----------
    tag : string Tensor []
    tensor : Tensor [batch, height, width, channels]
        With 1, 3 or 4 channels. Floats are scaled, each picture by itself, such that the largest is 255 and 0 is 0; if
        there are negative ones, that 0 is 128 and what is furthest from it 1 or 255.
    max_images : int
        How many of the batch to write.
    bad_color : TensorProto
        uint8, for pixels that are not finite.
    """
    name = tag_text(tag)
    if tensor.ndim != 4 or tensor.shape[3] not in (1, 3, 4):
        shown = list(tensor.shape)
        raise InvalidArgumentError(None, None, f"{name}: must be 4-D with last dim 1, 3, or 4, not {shown}")
    color = bad_color.array
    if color.dtype != np.uint8 or color.ndim != 1 or color.size < tensor.shape[3]:
        raise InvalidArgumentError(None, None, f"{name}: bad_color must be uint8 with one value for each channel")
    pictures = tensor[:max_images]
    values = []
    for tag_of, picture in zip(_tags(tag, "image", len(pictures), max_images), pictures, strict=True):
        height, width, channels = picture.shape
        pixels = picture if picture.dtype == np.uint8 else _scaled(picture, color)
        image = summary_pb2.Summary.Image(
            height=height, width=width, colorspace=channels, encoded_image_string=png_bytes(pixels)
        )
        values.append(summary_pb2.Summary.Value(tag=tag_of, image=image))
    return serialized_summary(values)


@summarize_images.digest("tensor: T -> first: T")
def _(tensor, max_images):
    return tensor[:max_images] if tensor.ndim else tensor


@summarize_images.shape
def _(max_images):
    return _at_least_one(max_images)


def _at_least_one(number: int) -> tuple[()]:
    if number < 1:
        raise ValueError(f"the number of outputs must be 1 at least, not {number}")
    return ()


_FAINT = 1e-6  # a picture no brighter is black


def _scaled(picture: np.ndarray[Any, Any], bad_color: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Turn a picture of floats into one of bytes."""
    kind = picture.dtype.type
    finite = np.isfinite(picture).all(axis=2)
    seen = picture[finite]
    low, high = (seen.min(), seen.max()) if seen.size else (kind(0), kind(0))
    full, offset = (kind(127), kind(128)) if low < 0 else (kind(255), kind(0))
    brightest = max(abs(low), abs(high)) if low < 0 else high
    scale = full / brightest if brightest >= _FAINT else kind(0)
    pixels = np.empty(picture.shape, np.uint8)
    pixels[finite] = (seen * scale + offset).astype(np.uint8)
    pixels[~finite] = bad_color[: picture.shape[2]]
    return pixels


@op("AudioSummaryV2", "tag: string, tensor: float32, sample_rate: float32 -> summary: string[]", host=True,
    differentiable=False)  # fmt: skip
def summarize_sounds(tag, tensor, sample_rate, max_outputs: int = 3):
    """Write a summary of sounds: `tensor` is [batch, frames] or [batch, frames, channels], with samples in [-1, 1]."""
    name = tag_text(tag)
    if tensor.ndim not in (2, 3):
        raise InvalidArgumentError(None, None, f"{name}: must be 3-D or 2-D, not of shape {list(tensor.shape)}")
    if sample_rate.ndim or not sample_rate > 0:
        raise InvalidArgumentError(None, None, f"{name}: sample_rate must be a number above 0, not {sample_rate}")
    sounds = tensor[:max_outputs]
    values = []
    for tag_of, sound in zip(_tags(tag, "audio", len(sounds), max_outputs), sounds, strict=True):
        frames = sound.reshape(len(sound), -1)
        audio = summary_pb2.Summary.Audio(
            sample_rate=float(sample_rate),
            num_channels=frames.shape[1],
            length_frames=len(frames),
            encoded_audio_string=wav_bytes(frames, int(sample_rate)),
            content_type="audio/wav",
        )
        values.append(summary_pb2.Summary.Value(tag=tag_of, audio=audio))
    return serialized_summary(values)


@summarize_sounds.digest("tensor: float32 -> first: float32")
def _(tensor, max_outputs):
    return tensor[:max_outputs] if tensor.ndim else tensor


@summarize_sounds.shape
def _(max_outputs):
    return _at_least_one(max_outputs)


# -- anything ----------------------------------------------------------------------------------------------------------


@op("TensorSummaryV2", "tag: string, tensor: T, serialized_summary_metadata: string -> summary: string[]", T=ANY,
    host=True, differentiable=False)  # fmt: skip
def summarize_tensor(tag, tensor, serialized_summary_metadata):
    """Write a summary of a whole tensor, with a serialized `SummaryMetadata` that says who can show it."""
    value = summary_pb2.Summary.Value(tag=tag_text(tag), tensor=_whole(tensor))
    value.metadata.SetInParent()
    with contextlib.suppress(DecodeError):  # what is no metadata says nothing
        value.metadata.ParseFromString(serialized_summary_metadata[()])
    return serialized_summary([value])


def _whole(array: np.ndarray[Any, Any]) -> Any:
    """Write an array as a TensorProto: strings one by one, all else as raw bytes, however few."""
    if array.dtype == object:
        return tensor_proto(array, dtypes.string)
    proto = tensor_proto(np.empty(0, array.dtype), shape=array.shape)
    proto.tensor_content = array.tobytes()
    return proto


@op("MergeSummary", "inputs: N * string -> summary: string[]", host=True, differentiable=False)
def join_summaries(inputs):
    """Join serialized summaries.

    Raises
    ------
    InvalidArgumentError
        When run, if an input is no summary, or two values have the same tag.
    """
    merged = summary_pb2.Summary()
    for text in (text for value in inputs for text in value.ravel()):
        try:
            merged.MergeFromString(text)
        except DecodeError:
            raise InvalidArgumentError(None, None, "an input is no serialized Summary") from None
    for tag, count in Counter(value.tag for value in merged.value).items():
        if count > 1:
            raise InvalidArgumentError(None, None, f"Duplicate tag {tag} found in summary inputs")
    return np.array(merged.SerializeToString(), object)
