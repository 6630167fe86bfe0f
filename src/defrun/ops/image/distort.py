"""Boxes chosen at random, to cut out of images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import philox
from defrun.ops.declare import op
from defrun.ops.random import generator
from defrun.ops.types import SIGNED

_T = (SIGNED | frozenset((dtypes.uint8,))) - {dtypes.float32}
_EACH = 4  # words of the stream set aside for each attempt
_F = np.float32


class _Area(NamedTuple):
    """A rectangle of whole pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def size(self) -> int:
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)

    def shared(self, other: _Area) -> int:
        low, high = (np.maximum(self[:2], other[:2]), np.minimum(self[2:], other[2:]))
        return _Area(*low.tolist(), *high.tolist()).size()


def _words(state: Any, count: int) -> Iterator[int]:
    """The numbers of a generator, 32 bits each."""
    blocks = philox.block_words(state, jnp.arange(-(-count // 4), dtype=jnp.uint64))
    return iter(np.stack([np.asarray(word) for word in blocks], 1).astype(np.uint32).ravel().tolist())


def _unit(word: int) -> np.float32:
    """A number of [0, 1) of 23 bits."""
    return _F(word & 0x7FFFFF) * _F(2.0**-23)


def _rounded(value: Any) -> int:
    return int(np.rint(_F(value)))


def _candidate(words: Iterator[int], height: int, width: int, areas: Any, ratio: np.float32) -> _Area | None:
    """A box of this width to height, somewhere in the image, of an area within limits; None if there is none."""
    low, high = (_F(area) * _F(width) * _F(height) for area in areas)
    if high <= 0 or ratio <= 0 or low > high:
        return None
    least, most = _rounded(np.sqrt(low / ratio)), _rounded(np.sqrt(high / ratio))
    if _rounded(most * ratio) > width:
        most = int((width + 0.5 - 1e-7) / ratio)
        most -= _rounded(most * ratio) > width
    most = min(most, height)
    tall = min(least, most)
    if tall < most:
        tall += next(words) % (most - tall + 1)
    wide = _rounded(tall * ratio)
    for wrong, step in ((lambda area: area < low, 1), (lambda area: area > high, -1)):
        if wrong(_F(wide * tall)):
            tall += step
            wide = _rounded(tall * ratio)
    if not low <= _F(wide * tall) <= high or not 0 < wide <= width or not 0 < tall <= height:
        return None
    top = next(words) % (height - tall) if tall < height else 0
    left = next(words) % (width - wide) if wide < width else 0
    return _Area(left, top, left + wide, top + tall)


def _covers(box: _Area, objects: list[_Area], least: float) -> bool:
    """Whether a box shows enough of one of the objects."""
    if box.size() < 1:
        return False
    return any(_F(box.shared(one)) / _F(one.size()) >= _F(least) for one in objects if one.size() >= 1)


def _sample(
    state: Any, image_size: Any, bounding_boxes: Any, least: Any, ratios: Any, areas: Any, attempts: int, whole: bool
) -> Any:
    check(image_size.shape == (3,), InvalidArgumentError, "image_size must be [height,width,channels], not of shape {}",
          image_size.shape)  # fmt: skip
    height, width = int(image_size[0]), int(image_size[1])
    check(height > 0 and width > 0, InvalidArgumentError, "image_size must be positive, got {} x {}", height, width)
    ok = bounding_boxes.ndim == 3 and bounding_boxes.shape[2] == 4
    check(ok, InvalidArgumentError, "bounding_boxes must be of shape [batch,n,4], not {}", bounding_boxes.shape)
    check(least >= 0, InvalidArgumentError, "min_object_covered must be non-negative, got {}", least)
    ok = bool(((bounding_boxes >= 0) & (bounding_boxes <= 1)).all())
    check(ok, InvalidArgumentError, "bounding_boxes must be in [0, 1]")
    check(bool(bounding_boxes.size) or whole, InvalidArgumentError,
          "there are no bounding_boxes; use_image_if_no_bounding_boxes would take the whole image")  # fmt: skip
    image = _Area(0, 0, width, height)
    objects = (
        [image] if not bounding_boxes.size else [_area(box, height, width) for box in bounding_boxes.reshape(-1, 4)]
    )
    with jax.enable_x64(True):
        words = _words(jnp.asarray(state), _EACH * attempts)
        state = np.asarray(philox.skip(jnp.asarray(state), -(-_EACH * attempts // 4)))
    for box in _tries(words, height, width, ratios, areas, attempts):
        if box is not None and _covers(box, objects, float(least)):
            break
    else:
        box = image
    begin = np.array([box.top, box.left, 0], image_size.dtype)
    size = np.array([box.bottom - box.top, box.right - box.left, -1]).astype(image_size.dtype)
    ends = np.array([[[box.top, box.left, box.bottom, box.right]]], np.float32)
    return begin, size, ends / np.array([height, width, height, width], np.float32), state


def _tries(words: Iterator[int], height: int, width: int, ratios: Any, areas: Any, attempts: int) -> Any:
    low, high = (_F(ratio) for ratio in ratios)
    for _ in range(attempts):
        yield _candidate(words, height, width, areas, _unit(next(words)) * (high - low) + low)


def _area(box: Any, height: int, width: int) -> _Area:
    top, left, bottom, right = (int(v) for v in box * np.array([height, width, height, width], np.float32))
    return _Area(left, top, right, bottom)


def _sampled(image_size, bounding_boxes):
    if image_size is not None and (len(image_size) != 1 or image_size[0] not in (3, None)):
        raise ValueError(f"image_size must be of 3 numbers, not of shape {image_size}")
    if bounding_boxes is not None and (len(bounding_boxes) != 3 or bounding_boxes[2] not in (4, None)):
        raise ValueError(f"bounding_boxes must be of shape [batch,n,4], not {bounding_boxes}")
    return [(3,), (3,), (1, 1, 4)]


def _check_attrs(ratios: Any, areas: Any, attempts: int) -> None:
    ok = len(ratios) == 2 and 0 < ratios[0] <= ratios[1]
    check(ok, InvalidArgumentError, "aspect_ratio_range must be two positive numbers in order, got {}", ratios)
    ok = len(areas) == 2 and 0 < areas[0] <= areas[1] <= 1
    check(ok, InvalidArgumentError, "area_range must be two numbers of (0, 1] in order, got {}", areas)
    check(attempts > 0, InvalidArgumentError, "max_attempts must be positive, got {}", attempts)


@op("SampleDistortedBoundingBox", "image_size: T, bounding_boxes: float32 -> begin: T, size: T, bboxes: float32", T=_T,
    shape=_sampled, state=generator, host=True, differentiable=False)  # fmt: skip
def sample_box(
    image_size, bounding_boxes, seed: int = 0, seed2: int = 0, min_object_covered: float = 0.1,
    aspect_ratio_range: list[float] = [0.75, 1.33], area_range: list[float] = [0.05, 1.0],  # noqa: B006
    max_attempts: int = 100, use_image_if_no_bounding_boxes: bool = False, *, state
):  # fmt: skip
    """Choose a box at random; see `sample_distorted_bounding_box`."""
    _check_attrs(aspect_ratio_range, area_range, max_attempts)
    return _sample(state, image_size, bounding_boxes, min_object_covered, aspect_ratio_range, area_range, max_attempts,
                   use_image_if_no_bounding_boxes)  # fmt: skip


@op("SampleDistortedBoundingBoxV2", "image_size: T, bounding_boxes: float32, min_object_covered: float32 -> begin: T, "
    "size: T, bboxes: float32", T=_T, state=generator, host=True, differentiable=False)  # fmt: skip
def sample_box_v2(
    image_size, bounding_boxes, min_object_covered, seed: int = 0, seed2: int = 0,
    aspect_ratio_range: list[float] = [0.75, 1.33], area_range: list[float] = [0.05, 1.0],  # noqa: B006
    max_attempts: int = 100, use_image_if_no_bounding_boxes: bool = False, *, state
):  # fmt: skip
    """Choose a box at random; see `sample_distorted_bounding_box`."""
    _check_attrs(aspect_ratio_range, area_range, max_attempts)
    return _sample(state, image_size, bounding_boxes, min_object_covered, aspect_ratio_range, area_range, max_attempts,
                   use_image_if_no_bounding_boxes)  # fmt: skip


@sample_box_v2.shape
def _(image_size, bounding_boxes, min_object_covered):
    if min_object_covered not in (None, ()):
        raise ValueError(f"min_object_covered must be a scalar, not of shape {min_object_covered}")
    return _sampled(image_size, bounding_boxes)


class SampleDistortedBoundingBoxV2(NamedTuple):
    """Where to cut, and how much; and the same as a box."""

    begin: Tensor
    size: Tensor
    bboxes: Tensor


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int | None = None,
    seed2: int | None = None,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> SampleDistortedBoundingBoxV2:
    """Choose at random a box of an image that shows enough of one of its objects.

    Parameters
    ----------
    image_size : integer Tensor [3]
        Height, width and channels.
    bounding_boxes : float32 Tensor [batch, n, 4]
        The objects: y1, x1, y2 and x2 of each, in [0, 1].
    seed, seed2 : int, optional
        If both are 0, nobody knows the numbers.
    min_object_covered : float Tensor []
        Which part of an object is enough.
    aspect_ratio_range : list of float, optional
        Limits of width by height, 0.75 and 1.33 by default.
    area_range : list of float, optional
        Limits of the part of the image, 0.05 and 1 by default.
    max_attempts : int, optional
        How often to try before the whole image is taken, 100 by default.
    use_image_if_no_bounding_boxes : bool, optional
        Whether the image counts as an object if there are none, which else is an error.
    name : str, optional

    Returns
    -------
    begin, size : integer Tensor [3]
        For `tf.slice`.
    bboxes : float32 Tensor [1, 1, 4]
        For `draw_bounding_boxes`.

    Raises
    ------
    InvalidArgumentError
        When run, if something is not as said above.
    """
    with name_scope(name, "sample_distorted_bounding_box"):
        found = sample_box_v2(
            image_size,
            bounding_boxes,
            min_object_covered,
            seed=seed,
            seed2=seed2,
            aspect_ratio_range=aspect_ratio_range,
            area_range=area_range,
            max_attempts=max_attempts,
            use_image_if_no_bounding_boxes=use_image_if_no_bounding_boxes,
            name=name,
        )
        return SampleDistortedBoundingBoxV2(*found)
