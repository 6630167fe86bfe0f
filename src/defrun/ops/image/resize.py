"""Making images larger or smaller: bilinear, bicubic, nearest neighbour and area, as TensorFlow places the samples."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.ops.array import shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op
from defrun.ops.image.taps import Array, Taps, take
from defrun.ops.types import FLOAT, INDEX

_REAL = FLOAT | INDEX | frozenset((dtypes.uint8, dtypes.int8, dtypes.uint16, dtypes.int16))
_NO_BFLOAT = _REAL - {dtypes.bfloat16}
_WIDE = frozenset((dtypes.float32, dtypes.float64))
_NEAREST_GRAD = (FLOAT - {dtypes.bfloat16}) | frozenset((dtypes.uint8, dtypes.int8, dtypes.int32))

# -- where the samples are -------------------------------------------------------------------------------------------


def _scale(old: int, new: int, align_corners: bool) -> np.float32:
    """How many old pixels a new one is wide."""
    return np.float32((old - 1) / (new - 1) if align_corners and new > 1 else old / new)


def _places(old: int, new: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """Where each new pixel is among the old ones."""
    scale = _scale(old, new, align_corners)
    if half_pixel_centers:
        return (np.arange(new, dtype=np.float32) + np.float32(0.5)) * scale - np.float32(0.5)
    return np.arange(new, dtype=np.float32) * scale


def _linear(old: int, new: int, align_corners: bool, half_pixel_centers: bool) -> tuple[Array, Array, Array]:
    """The two old pixels on either side of each new one, and how far it is from the first to the second."""
    place = _places(old, new, align_corners, half_pixel_centers)
    below = np.floor(place)
    pixel = below.astype(np.int32)
    return np.maximum(pixel, 0), np.minimum(pixel + 1, old - 1), place - below


def linear_taps(old: int, new: int, align_corners: bool, half_pixel_centers: bool) -> Taps:
    """The weights of bilinear interpolation along one axis."""
    first, second, far = _linear(old, new, align_corners, half_pixel_centers)
    return Taps(np.stack([first, second], 1), np.stack([1 - far, far], 1))


_STEPS = 1024  # TensorFlow takes the weights from a table with as many entries a pixel


def _cubic(distance: Array, sharpness: np.float32) -> Array:
    """Cubic convolution's weight of a pixel so far away, up to 2."""
    a, d = sharpness, distance.astype(np.float32)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, far).astype(np.float32)


def cubic_taps(old: int, new: int, align_corners: bool, half_pixel_centers: bool) -> Taps:
    """The weights of bicubic interpolation along one axis.

    With half-pixel centres pixels outside the image don't count, and the others make up for it; without, the pixels at
    the border are repeated.
    """
    place = _places(old, new, align_corners, half_pixel_centers)
    below = np.floor(place)
    step = np.rint((place - below) * np.float32(_STEPS)) / np.float32(_STEPS)
    sharpness = np.float32(-0.5 if half_pixel_centers else -0.75)
    weight = np.stack([_cubic(d, sharpness) for d in (1 + step, step, 1 - step, 2 - step)], 1)
    wanted = below.astype(np.int32)[:, None] + np.arange(-1, 3, dtype=np.int32)
    index = np.clip(wanted, 0, old - 1)
    if half_pixel_centers:
        weight = np.where(index == wanted, weight, np.float32(0))
        total = weight.sum(1, keepdims=True)
        weight = np.where(np.abs(total) >= 1000 * np.finfo(np.float32).tiny, weight / total, weight)
    return Taps(index, weight.astype(np.float32))


def area_taps(old: int, new: int, align_corners: bool) -> Taps:
    """How much of each old pixel a new one covers along one axis."""
    scale = _scale(old, new, align_corners)
    start = np.arange(new, dtype=np.float32) * scale
    end = np.arange(1, new + 1, dtype=np.float32) * scale
    first = np.floor(start).astype(np.int64)
    count = int((np.ceil(end) - first).max())
    pixel = first[:, None] + np.arange(count)
    covered = np.minimum(pixel + 1, end[:, None]) - np.maximum(pixel, start[:, None])
    weight = np.maximum(covered, 0).astype(np.float32) / scale
    return Taps(np.clip(pixel, 0, old - 1).astype(np.int32), weight.astype(np.float32))


def _nearest(old: int, new: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """The old pixel that each new one shows."""
    scale = _scale(old, new, align_corners)
    place = np.arange(new, dtype=np.float32)
    place = (place + np.float32(0.5)) * scale if half_pixel_centers else place * scale
    index = np.floor(place + np.float32(0.5)) if align_corners else np.floor(place)
    return np.clip(index, 0, old - 1).astype(np.int32)


# -- what all have in common -----------------------------------------------------------------------------------------


def resized_dims(images: Dims, size: Any) -> Dims:
    """The shape of images [batch, height, width, channels] once they are of `size`."""
    if images is not None and len(images) != 4:
        raise ValueError(f"images must be of rank 4, not {len(images)}")
    wanted = None if size is None else [None if n is None or n < 0 else n for n in size]  # the run refuses these
    height, width = dims_of(wanted) or (None, None)
    batch, _, _, channels = images or (None,) * 4
    return batch, height, width, channels


def image_size(images: Any, size: Any, *modes: bool) -> tuple[int, int]:
    """What `size` says; the run fails if the images can't be resized so."""
    height, width = sizes(size)
    check(images.ndim == 4, InvalidArgumentError, "images must be of rank 4, not {}", images.ndim)
    check(min(height, width) > 0, InvalidArgumentError, "size must be positive, got {} x {}", height, width)
    some = min(images.shape[1:3]) > 0 and images.shape[3] > 0
    check(some, InvalidArgumentError, "images must not be empty, got the shape {}", images.shape)
    _one_mode(*modes)
    return height, width


def _one_mode(align_corners: bool = False, half_pixel_centers: bool = False) -> None:
    ok = not (align_corners and half_pixel_centers)
    check(ok, InvalidArgumentError, "align_corners and half_pixel_centers exclude each other")


def _handed_back(grads: Any, image: Any, taps: Any, *modes: bool) -> Any:
    """Hand the gradient of resized images back to `image`, along one axis after the other."""
    _one_mode(*modes)
    wide = grads.astype(jnp.float64) if image.dtype == jnp.float64 else grads
    for axis in (2, 1):
        old = image.shape[axis]
        wide = taps(old, grads.shape[axis], *modes).reversed(old).apply(wide, axis)
    return wide.astype(image.dtype)


def _modes(op: Any) -> dict[str, Any]:
    return {name: op.attrs[name] for name in ("align_corners", "half_pixel_centers")}


def _as_original(grads, original_image):
    if grads is not None and len(grads) != 4:
        raise ValueError(f"grads must be of rank 4, not {len(grads)}")
    return original_image


def _size(tensor: Tensor) -> Any:
    """Height and width of images."""
    dims = tensor.dims
    return list(dims[1:3]) if dims is not None and None not in dims[1:3] else shape(tensor)[1:3]


# -- bilinear --------------------------------------------------------------------------------------------------------


@op("ResizeBilinear", "images: T, size: static int32[2] -> resized_images: float32", T=_REAL, shape=resized_dims)
def _resize_bilinear(images, size, align_corners: bool = False, half_pixel_centers: bool = False):
    """Resize images by interpolating between the four nearest pixels; see `resize_bilinear`."""
    new = image_size(images, size, align_corners, half_pixel_centers)
    image = images.astype(jnp.float32)
    for axis, length in ((2, new[1]), (1, new[0])):
        first, second, far = _linear(image.shape[axis], length, align_corners, half_pixel_centers)
        here = take(image, first, axis)
        image = here + (take(image, second, axis) - here) * far.reshape((-1,) + (1,) * (3 - axis))
    return image


@_resize_bilinear.gradient
def _(op, grad):
    return resize_bilinear_grad(grad, op.inputs[0], **_modes(op)), None


@op("ResizeBilinearGrad", "grads: float32, original_image: T -> output: T", T=FLOAT, shape=_as_original)
def resize_bilinear_grad(grads, original_image, align_corners: bool = False, half_pixel_centers: bool = False):
    """Gradient of `resize_bilinear` by the images; only the shape of `original_image` matters."""
    return _handed_back(grads, original_image, linear_taps, align_corners, half_pixel_centers)


@resize_bilinear_grad.gradient
def _(op, grad):
    return _resize_bilinear(grad, _size(op.inputs[0]), **_modes(op)), None


def resize_bilinear(
    images: object, size: object, align_corners: bool = False, name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:  # fmt: skip
    """Resize images by interpolating between the four nearest pixels.

    Parameters
    ----------
    images : Tensor [batch, height, width, channels]
    size : int32 Tensor [2]
        New height and width.
    align_corners : bool
        Whether the centres of the corner pixels stay where they are.
    name : str, optional
    half_pixel_centers : bool
        Whether a pixel's centre is half a pixel from its edge, rather than at it.

    Returns
    -------
    float32 Tensor [batch, new height, new width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if a size is not positive, an image is empty, or both modes are asked for.
    """
    return _resize_bilinear(images, size, align_corners, half_pixel_centers, name=name)


# -- bicubic ---------------------------------------------------------------------------------------------------------


@op("ResizeBicubic", "images: T, size: static int32[2] -> resized_images: float32", T=_NO_BFLOAT, shape=resized_dims)
def _resize_bicubic(images, size, align_corners: bool = False, half_pixel_centers: bool = False):
    """Resize images by cubic convolution of the 16 nearest pixels; see `resize_bicubic`."""
    new = image_size(images, size, align_corners, half_pixel_centers)
    image = images.astype(jnp.float32)
    for axis in (1, 2):
        image = cubic_taps(image.shape[axis], new[axis - 1], align_corners, half_pixel_centers).apply(image, axis)
    return image


@_resize_bicubic.gradient
def _(op, grad):
    image = op.inputs[0]
    return (resize_bicubic_grad(grad, image, **_modes(op)) if image.dtype.base_dtype in _WIDE else None), None


@op("ResizeBicubicGrad", "grads: float32, original_image: T -> output: T", T=_WIDE, shape=_as_original)
def resize_bicubic_grad(grads, original_image, align_corners: bool = False, half_pixel_centers: bool = False):
    """Gradient of `resize_bicubic` by the images; only the shape of `original_image` matters."""
    return _handed_back(grads, original_image, cubic_taps, align_corners, half_pixel_centers)


@resize_bicubic_grad.gradient
def _(op, grad):
    return _resize_bicubic(grad, _size(op.inputs[0]), **_modes(op)), None


def resize_bicubic(
    images: object, size: object, align_corners: bool = False, name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:  # fmt: skip
    """Resize images by cubic convolution of the 16 nearest pixels; the parameters are those of `resize_bilinear`."""
    return _resize_bicubic(images, size, align_corners, half_pixel_centers, name=name)


# -- nearest neighbour -----------------------------------------------------------------------------------------------


@op("ResizeNearestNeighbor", "images: T, size: static int32[2] -> resized_images: T", T=_NO_BFLOAT,
    shape=resized_dims)  # fmt: skip
def _resize_nearest_neighbor(images, size, align_corners: bool = False, half_pixel_centers: bool = False):
    """Resize images by showing the nearest pixel; see `resize_nearest_neighbor`."""
    new = image_size(images, size, align_corners, half_pixel_centers)
    for axis in (1, 2):
        index = _nearest(images.shape[axis], new[axis - 1], align_corners, half_pixel_centers)
        images = take(images, index, axis)
    return images


@_resize_nearest_neighbor.gradient
def _(op, grad):
    return resize_nearest_neighbor_grad(grad, _size(op.inputs[0]), **_modes(op)), None


@op("ResizeNearestNeighborGrad", "grads: T, size: static int32[2] -> output: T", T=_NEAREST_GRAD)
def resize_nearest_neighbor_grad(grads, size, align_corners: bool = False, half_pixel_centers: bool = False):
    """Gradient of `resize_nearest_neighbor` by images of `size`: each pixel gets that of all that show it."""
    old = image_size(grads, size, align_corners, half_pixel_centers)
    wide = grads.astype(jnp.float32) if grads.dtype == jnp.float16 else grads
    for axis in (1, 2):
        index = _nearest(old[axis - 1], grads.shape[axis], align_corners, half_pixel_centers)[:, None]
        wide = Taps(index, np.ones(index.shape, np.float32)).reversed(old[axis - 1]).apply(wide, axis)
    return wide.astype(grads.dtype)


@resize_nearest_neighbor_grad.shape
def _(grads, size):
    return resized_dims(grads, size)


@resize_nearest_neighbor_grad.gradient
def _(op, grad):
    return _resize_nearest_neighbor(grad, _size(op.inputs[0]), **_modes(op)), None


def resize_nearest_neighbor(
    images: object, size: object, align_corners: bool = False, name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:  # fmt: skip
    """Resize images by showing the nearest pixel; the parameters are those of `resize_bilinear`.

    Returns
    -------
    Tensor [batch, new height, new width, channels]
        Of the type of `images`.
    """
    return _resize_nearest_neighbor(images, size, align_corners, half_pixel_centers, name=name)


# -- area ------------------------------------------------------------------------------------------------------------


@op("ResizeArea", "images: T, size: static int32[2] -> resized_images: float32", T=_NO_BFLOAT, shape=resized_dims)
def resize_area(images, size, align_corners: bool = False):
    """Resize images by the mean of the pixels that a new one covers.

    Parameters
    ----------
    images : Tensor [batch, height, width, channels]
    size : int32 Tensor [2]
        New height and width.
    align_corners : bool
        Whether to measure pixels as if the centres of the corner pixels stayed where they are.

    Returns
    -------
    float32 Tensor [batch, new height, new width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if a size is not positive or an image is empty.
    """
    new = image_size(images, size, align_corners)
    image = images.astype(jnp.float32)
    for axis in (1, 2):
        image = area_taps(image.shape[axis], new[axis - 1], align_corners).apply(image, axis)
    return image


@resize_area.gradient
def _(op, grad):
    return _resize_area_grad(grad, op.inputs[0], op.attrs["align_corners"]), None


@op("ResizeAreaGrad", "grads: float32, original_image: T -> output: T", T=FLOAT - {dtypes.bfloat16},
    shape=_as_original)  # fmt: skip
def _resize_area_grad(grads, original_image, align_corners: bool = False):
    """Gradient of `resize_area` by the images, which TensorFlow lacks."""
    return _handed_back(grads, original_image, area_taps, align_corners)


@_resize_area_grad.gradient
def _(op, grad):
    return resize_area(grad, _size(op.inputs[0]), op.attrs["align_corners"]), None
