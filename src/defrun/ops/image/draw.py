"""Boxes drawn onto images. On the host: a few lines, not whole images, are written."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.declare import op

_T = (frozenset((dtypes.float16, dtypes.float32)), dtypes.float32)

# The colours that take turns unless others are asked for: RGBA.
_COLOURS = np.array(
    [
        [1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1],
        [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1],
    ],
    np.float32,
)  # fmt: skip


def _drawn(images: Any, boxes: Any, colours: Any) -> Any:
    ok = images.ndim == 4 and images.shape[3] in (1, 3, 4)
    check(ok, InvalidArgumentError, "images must be of rank 4 with 1, 3 or 4 channels, got {}", images.shape)
    ok = boxes.ndim == 3 and boxes.shape[2] == 4 and len(boxes) == len(images)
    check(ok, InvalidArgumentError, "boxes must be of shape [{},n,4], not {}", len(images), boxes.shape)
    colours = colours.astype(images.dtype)
    if images.shape[3] == 1:
        colours = np.ones_like(colours)
    check(colours.shape[1] >= images.shape[3], InvalidArgumentError, "colors must have {} channels at least, got {}",
          images.shape[3], colours.shape[1])  # fmt: skip
    colours = colours[:, : images.shape[3]]
    result = images.copy()
    for image, own in zip(result, boxes):
        ends = _pixels(own, *image.shape[:2])
        for number, box in enumerate(ends):
            _draw(image, box, colours[number % len(colours)])
    return result


def _pixels(boxes: Any, height: int, width: int) -> Any:
    """The first and last rows and columns of boxes: y1, x1, y2, x2."""
    whole = np.array([height - 1, width - 1] * 2, np.float32)
    return np.trunc(boxes * whole).astype(np.int64).tolist()


def _draw(image: Any, box: Any, colour: Any) -> None:
    height, width = image.shape[:2]
    top, left, bottom, right = box
    if top > bottom or left > right or top >= height or left >= width or bottom < 0 or right < 0:
        return
    rows = slice(max(top, 0), min(bottom, height - 1) + 1)
    columns = slice(max(left, 0), min(right, width - 1) + 1)
    for row in {top, bottom}:
        if 0 <= row < height:
            image[row, columns] = colour
    for column in {left, right}:
        if 0 <= column < width:
            image[rows, column] = colour


def _as_images(images):
    if images is not None and len(images) < 3:
        raise ValueError(f"images must be of rank 3 at least, not {len(images)}")
    if images is not None and images[-1] not in (1, 3, 4, None):
        raise ValueError(f"images must have 1, 3 or 4 channels, not {images[-1]}")
    return images


@op("DrawBoundingBoxes", "images: T, boxes: float32 -> output: T", T=_T, shape=_as_images, host=True,
    differentiable=False)  # fmt: skip
def draw_bounding_boxes_of_any_color(images, boxes):
    """Draw boxes in colours that take turns; see `draw_bounding_boxes`."""
    return _drawn(images, boxes, _COLOURS)


@op("DrawBoundingBoxesV2", "images: T, boxes: float32, colors: float32 -> output: T", T=_T, shape=_as_images,
    host=True, differentiable=False)  # fmt: skip
def draw_bounding_boxes_of_colors(images, boxes, colors):
    """Draw boxes in the given colours; see `draw_bounding_boxes`."""
    check(colors.ndim == 2, InvalidArgumentError, "colors must be of rank 2, got {}", colors.shape)
    return _drawn(images, boxes, colors if colors.size else _COLOURS)


def draw_bounding_boxes(images: object, boxes: object, name: str | None = None, colors: object = None) -> Tensor:
    """Draw boxes onto images, one pixel wide.

    Parameters
    ----------
    images : float Tensor [batch, height, width, channels]
        With 1, 3 or 4 channels.
    boxes : float32 Tensor [batch, n, 4]
        y1, x1, y2 and x2 of each, where 1 is the last row or column.
    name : str, optional
    colors : float32 Tensor [m, channels], optional
        They take turns.

    Returns
    -------
    Tensor
        Of the type and shape of `images`.

    Raises
    ------
    InvalidArgumentError
        When run, if there are other numbers of channels or images.
    """
    if colors is None:
        return draw_bounding_boxes_of_any_color(images, boxes, name)
    return draw_bounding_boxes_of_colors(images, boxes, colors, name)
