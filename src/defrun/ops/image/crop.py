"""Boxes cut out of images, each brought to the same size."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError, OutOfRangeError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.array import either, shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op
from defrun.ops.types import FLOAT, INDEX

_HALF = FLOAT - {dtypes.bfloat16}
_REAL = _HALF | INDEX | frozenset((dtypes.uint8, dtypes.int8, dtypes.uint16, dtypes.int16))
_METHODS = ("bilinear", "nearest")


class _Axis(NamedTuple):
    """Where the new pixels of each box are along one axis: arrays [boxes, size]."""

    place: Any
    inside: Any


def _axis(first: Any, last: Any, old: int, new: int) -> _Axis:
    whole = np.float32(old - 1)
    if new > 1:
        step = (last - first) * whole / np.float32(new - 1)
        place = (first * whole)[:, None] + jnp.arange(new, dtype=np.float32) * step[:, None]
    else:
        place = (np.float32(0.5) * (first + last) * whole)[:, None]
    return _Axis(place, (place >= 0) & (place <= whole))


def _axes(boxes: Any, old: Any, new: Any) -> tuple[_Axis, _Axis]:
    top, left, bottom, right = (boxes[:, i] for i in range(4))
    return _axis(top, bottom, old[0], new[0]), _axis(left, right, old[1], new[1])


def _bounds(axis: _Axis, old: int) -> tuple[Any, Any, Any]:
    """The old pixels on either side of each new one, and how far it is from the first to the second."""
    below = jnp.floor(axis.place)
    first = jnp.clip(below, 0, old - 1).astype(np.int32)
    second = jnp.clip(jnp.ceil(axis.place), 0, old - 1).astype(np.int32)
    return first, second, axis.place - below


def _nearest(axis: _Axis, old: int) -> Any:
    away = jnp.trunc(axis.place + jnp.copysign(np.float32(0.5), axis.place))  # halves are rounded away from 0
    return jnp.clip(away, 0, old - 1).astype(np.int32)


def _check_boxes(image_dims: Any, boxes: Any, box_ind: Any) -> Any:
    ok = len(image_dims) == 4 and boxes.ndim == 2 and boxes.shape[1] == 4 and box_ind.shape == boxes.shape[:1]
    check(ok, InvalidArgumentError, "image must be of rank 4, boxes [n,4] and box_ind [n]; got {}, {} and {}",
          image_dims, boxes.shape, box_ind.shape)  # fmt: skip
    inside = jnp.all((box_ind >= 0) & (box_ind < image_dims[0]))
    check(inside, OutOfRangeError, f"box_ind has values outside [0, {image_dims[0]})")
    return jnp.asarray(box_ind)[:, None, None]


@op("CropAndResize", "image: T, boxes: float32, box_ind: int32, crop_size: static int32[2] -> crops: float32", T=_REAL,
    method=_METHODS)  # fmt: skip
def crop_and_resize_by(image, boxes, box_ind, crop_size, method: str = "bilinear", extrapolation_value: float = 0.0):
    """Cut boxes out of images and bring them to the same size; see `crop_and_resize`."""
    which = _check_boxes(image.shape, boxes, box_ind)
    height, width = sizes(crop_size)
    check(min(height, width) > 0, InvalidArgumentError, "crop_size must be positive, got {} x {}", height, width)
    image, old = jnp.asarray(image), image.shape[1:3]
    check(min(old) > 0, InvalidArgumentError, "image must not be empty, got the shape {}", image.shape)
    rows, columns = _axes(boxes, old, (height, width))

    def pixels(row: Any, column: Any) -> Any:
        return image[which, row[:, :, None], column[:, None, :]].astype(jnp.float32)

    if method == "nearest":
        crops = pixels(_nearest(rows, old[0]), _nearest(columns, old[1]))
    else:
        top, bottom, down = _bounds(rows, old[0])
        left, right, along = _bounds(columns, old[1])
        along, down = along[:, None, :, None], down[:, :, None, None]
        above, below = pixels(top, left), pixels(bottom, left)
        above = above + (pixels(top, right) - above) * along
        below = below + (pixels(bottom, right) - below) * along
        crops = above + (below - above) * down
    return jnp.where(_inside(rows, columns), crops, np.float32(extrapolation_value))


def _inside(rows: _Axis, columns: _Axis) -> Any:
    return (rows.inside[:, :, None] & columns.inside[:, None, :])[..., None]


@crop_and_resize_by.shape
def _(image, boxes, box_ind, crop_size):
    _check_dims(image, boxes, box_ind)
    wanted = None if crop_size is None else [None if n is None or n < 0 else n for n in crop_size]
    height, width = dims_of(wanted) or (None, None)
    return _count(boxes, box_ind), height, width, None if image is None else image[3]


def _check_dims(image: Any, boxes: Any, box_ind: Any) -> None:
    if image is not None and len(image) != 4:
        raise ValueError(f"image must be of rank 4, not {len(image)}")
    if boxes is not None and (len(boxes) != 2 or boxes[1] not in (4, None)):
        raise ValueError(f"boxes must be of shape [n,4], not {boxes}")
    if box_ind is not None and len(box_ind) != 1:
        raise ValueError(f"box_ind must be a vector, not of shape {box_ind}")


def _count(boxes: Any, box_ind: Any) -> int | None:
    counts = {dims[0] for dims in (boxes, box_ind) if dims is not None and dims[0] is not None}
    if len(counts) > 1:
        raise ValueError(f"boxes and box_ind are of different lengths: {boxes[0]} and {box_ind[0]}")
    return counts.pop() if counts else None


@crop_and_resize_by.gradient
def _(op, grad):
    image, boxes, box_ind, _ = op.inputs
    method = op.get_attr("method").decode()
    to_image = None
    if image.dtype.base_dtype in _HALF:
        dims = list(image.dims) if image.dims is not None and None not in image.dims else shape(image)
        to_image = crop_and_resize_grad_image(grad, boxes, box_ind, dims, T=image.dtype.base_dtype, method=method)
    return to_image, crop_and_resize_grad_boxes(grad, image, boxes, box_ind), None, None


@op("CropAndResizeGradImage", "grads: float32, boxes: float32, box_ind: int32, image_size: static int32[4] -> "
    "output: T", T=_HALF, method=_METHODS, differentiable=False)  # fmt: skip
def crop_and_resize_grad_image(grads, boxes, box_ind, image_size, T: DType, method: str = "bilinear"):
    """Gradient of `crop_and_resize` by images of `image_size`."""
    dims = sizes(image_size)
    which = _check_boxes(dims, boxes, box_ind)
    old = dims[1:3]
    rows, columns = _axes(boxes, old, grads.shape[1:3])
    dtype = T.as_numpy_dtype
    exact = np.float64 if dtype == np.float64 else np.float32
    given = jnp.where(_inside(rows, columns), grads, 0).astype(exact)
    image = jnp.zeros(dims, exact)
    if method == "nearest":
        row, column = _nearest(rows, old[0]), _nearest(columns, old[1])
        return image.at[which, row[:, :, None], column[:, None, :]].add(given).astype(dtype)
    top, bottom, down = _bounds(rows, old[0])
    left, right, along = _bounds(columns, old[1])
    down, along = down[:, :, None, None], along[:, None, :, None]
    for row, part in ((top, (1 - down) * given), (bottom, down * given)):
        for column, share in ((left, (1 - along) * part), (right, along * part)):
            image = image.at[which, row[:, :, None], column[:, None, :]].add(share)
    return image.astype(dtype)


@crop_and_resize_grad_image.shape
def _(image_size):
    return (None,) * 4 if image_size is None else dims_of(image_size)


@op("CropAndResizeGradBoxes", "grads: float32, image: T, boxes: float32, box_ind: int32 -> output: float32", T=_REAL,
    method=_METHODS[:1], differentiable=False)  # fmt: skip
def crop_and_resize_grad_boxes(grads, image, boxes, box_ind, method: str = "bilinear"):
    """Gradient of `crop_and_resize` by the boxes; it takes the method for bilinear, whatever it was."""
    which = _check_boxes(image.shape, boxes, box_ind)
    image, old, new = jnp.asarray(image), image.shape[1:3], grads.shape[1:3]
    rows, columns = _axes(boxes, old, new)
    top, bottom, down = _bounds(rows, old[0])
    left, right, along = _bounds(columns, old[1])

    def pixels(row: Any, column: Any) -> Any:
        return image[which, row[:, :, None], column[:, None, :]].astype(jnp.float32)

    down, along = down[:, :, None, None], along[:, None, :, None]
    corners = pixels(top, left), pixels(top, right), pixels(bottom, left), pixels(bottom, right)
    by_row = (1 - along) * (corners[2] - corners[0]) + along * (corners[3] - corners[1])
    by_column = (1 - down) * (corners[1] - corners[0]) + down * (corners[3] - corners[2])
    given = jnp.where(_inside(rows, columns), grads, 0)
    to_row, to_column = (given * by_row).sum((2, 3)), (given * by_column).sum((1, 3))
    parts = [*_to_ends(to_row, old[0], new[0]), *_to_ends(to_column, old[1], new[1])]
    return jnp.stack([parts[0], parts[2], parts[1], parts[3]], axis=1)


def _to_ends(grad: Any, old: int, new: int) -> tuple[Any, Any]:
    """The gradients of a box's two ends, of those of the places along an axis."""
    whole = np.float32(old - 1)
    if new == 1:
        half = grad[:, 0] * np.float32(0.5) * whole
        return half, half
    share = np.arange(new, dtype=np.float32) / np.float32(new - 1)
    return (grad * (1 - share)).sum(1) * whole, (grad * share).sum(1) * whole


@crop_and_resize_grad_boxes.shape
def _(boxes):
    return boxes


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_ind: Any = None,
    crop_size: Any = None,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
    box_indices: Any = None,
) -> Tensor:
    """Cut boxes out of images and bring them to the same size.

    Parameters
    ----------
    image : Tensor [batch, height, width, channels]
    boxes : float32 Tensor [n, 4]
        y1, x1, y2 and x2 of each, where 1 is the last row or column. They may reach beyond the image, and end before
        they begin, which mirrors.
    box_ind, box_indices : int32 Tensor [n]
        Which image each is cut out of.
    crop_size : int32 Tensor [2]
        New height and width.
    method : {"bilinear", "nearest"}
    extrapolation_value : float
        What is beyond the image.
    name : str, optional

    Returns
    -------
    float32 Tensor [n, new height, new width, channels]

    Raises
    ------
    OutOfRangeError
        When run, if there is no image of a number.
    InvalidArgumentError
        When run, if a size is not positive.
    """
    box_ind = either("box_indices", box_indices, "box_ind", box_ind)
    return crop_and_resize_by(image, boxes, box_ind, crop_size, method, extrapolation_value, name=name)
