"""Pictures out of bytes, whatever they are."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.image.colour import convert_image_dtype
from defrun.ops.checks import Assert
from defrun.ops.compare import equal, logical_and, not_equal
from defrun.ops.control import cond
from defrun.ops.gather import gather
from defrun.ops.image.codecs import (
    decode_bmp,
    decode_gif,
    decode_jpeg,
    decode_png,
    encode_jpeg_variable_quality,
)
from defrun.ops.random import random_uniform
from defrun.ops.strings.parts import substr


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether bytes look like a JPEG.

    Parameters
    ----------
    contents : string Tensor
    name : str, optional

    Returns
    -------
    bool Tensor
        Of the shape of `contents`.
    """
    with name_scope(name, "is_jpeg"):
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def _is_png(contents: Any) -> Tensor:
    with name_scope(None, "is_png"):
        return equal(substr(contents, 0, 3), b"\x89PN")


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """Decode a picture in PNG, JPEG, GIF or BMP format.

    Parameters
    ----------
    contents : string Tensor []
    channels : int, optional
        1 grey, 3 RGB, 4 RGB and alpha, 0 what it has.
    dtype : DType
        Pixels are scaled to it, see `convert_image_dtype`.
    name : str, optional
    expand_animations : bool
        Whether a GIF gives all of its frames, even if it is one.

    Returns
    -------
    Tensor [height, width, channels] or [frames, height, width, 3]

    Raises
    ------
    ValueError
        If `channels` is something else.
    InvalidArgumentError
        When run, if it is no such picture, or has no such channels.
    """
    with name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError(f"channels must be in (None, 0, 1, 3, 4), not {channels!r}")
        start = substr(contents, 0, 3)
        wanted = 0 if channels is None else channels

        def bmp() -> Tensor:
            signature = substr(contents, 0, 2)
            checks = [
                Assert(equal(signature, "BM", name="is_bmp"), ["Unable to decode bytes as JPEG, PNG, GIF, or BMP"]),
                _only(not_equal(wanted, 1, name="check_channels"), "(None, 0, 3)", "BMP"),
            ]
            with control_dependencies(checks):
                return convert_image_dtype(decode_bmp(contents), dtype)

        def gif() -> Tensor:
            known = [not_equal(wanted, n, name="check_gif_channels") for n in (1, 4)]
            with control_dependencies([_only(logical_and(*known), "(None, 0, 3)", "GIF")]):
                frames = convert_image_dtype(decode_gif(contents), dtype)
                return frames if expand_animations else gather(frames, 0)

        def gif_or_bmp() -> Tensor:
            return cond(equal(start, b"GIF", name="is_gif"), gif, bmp, name="cond_gif")

        def png() -> Tensor:
            depth = dtypes.uint8 if dtype == dtypes.uint8 else dtypes.uint16
            return convert_image_dtype(decode_png(contents, channels, dtype=depth), dtype)

        def others() -> Tensor:
            return cond(_is_png(contents), png, gif_or_bmp, name="cond_png")

        def jpeg() -> Tensor:
            good = not_equal(wanted, 4, name="check_jpeg_channels")
            with control_dependencies([_only(good, "(None, 0, 1, 3)", "JPEG")]):
                return convert_image_dtype(decode_jpeg(contents, channels), dtype)

        return cond(is_jpeg(contents), jpeg, others, name="cond_jpeg")


def _only(condition: Tensor, channels: str, kind: str) -> Any:
    return Assert(condition, [f"Channels must be in {channels} when decoding {kind} images"])


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Tensor:
    """Return what is left of an image that was written as JPEG.

    Parameters
    ----------
    image : Tensor [height, width, channels]
        With 1 or 3 channels.
    jpeg_quality : int32 Tensor []
        0 to 100.
    name : str, optional
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        pixels = convert_image_dtype(image, dtypes.uint8)
        quality = convert_to_tensor(jpeg_quality, dtype=dtypes.int32)
        return convert_image_dtype(decode_jpeg(encode_jpeg_variable_quality(pixels, quality)), image.dtype)


def random_jpeg_quality(image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None) -> Tensor:
    """`adjust_jpeg_quality` by a whole number of [min_jpeg_quality, max_jpeg_quality).

    Parameters
    ----------
    image : Tensor [height, width, channels]
    min_jpeg_quality, max_jpeg_quality : int
    seed : int, optional
        See `get_seed`.

    Raises
    ------
    ValueError
        If they are not in [0, 100] or not in order.
    """
    if not (0 <= min_jpeg_quality <= 100 and 0 <= max_jpeg_quality <= 100):
        raise ValueError(f"jpeg encoding range must be between 0 and 100: {min_jpeg_quality}, {max_jpeg_quality}")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = random_uniform([], min_jpeg_quality, max_jpeg_quality, seed=seed, dtype=dtypes.int32)
    return adjust_jpeg_quality(image, quality)
