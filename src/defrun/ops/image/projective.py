"""Projective transforms of images."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.ops.array import reshape, shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.creation import ones
from defrun.ops.declare import op
from defrun.ops.join import concat
from defrun.ops.linalg.solve import matrix_inverse

IMAGES = frozenset((dtypes.uint8, dtypes.int32, dtypes.int64, dtypes.float16, dtypes.float32, dtypes.float64))
_METHODS = ("NEAREST", "BILINEAR")


def _transformed(images: Any, transforms: Any, height: int, width: int, interpolation: str) -> Any:
    ok = images.ndim == 4
    check(ok, InvalidArgumentError, "images must be of rank 4, got {}", images.shape)
    ok = transforms.ndim == 2 and transforms.shape[1] == 8 and transforms.shape[0] in (1, images.shape[0])
    check(ok, InvalidArgumentError, "transforms must be of shape [1 or {},8], got {}", images.shape[0],
          transforms.shape)  # fmt: skip
    check(min(height, width) > 0, InvalidArgumentError, "output_shape must be positive, got {} x {}", height, width)
    check(interpolation in _METHODS, InvalidArgumentError, "interpolation must be one of {}, not {!r}", _METHODS,
          interpolation)  # fmt: skip
    images = jnp.asarray(images)
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    a = [transforms[:, i, None, None] for i in range(8)]
    scale = a[6] * x + a[7] * y + 1
    finite = scale != 0
    scale = jnp.where(finite, scale, 1)
    column, row = (a[0] * x + a[1] * y + a[2]) / scale, (a[3] * x + a[4] * y + a[5]) / scale

    def pixels(row: Any, column: Any) -> Any:
        inside = (row >= 0) & (row < images.shape[1]) & (column >= 0) & (column < images.shape[2])
        row, column = (jnp.clip(p, 0, n - 1).astype(np.int32) for p, n in zip((row, column), images.shape[1:3]))
        batch = np.arange(images.shape[0])[:, None, None]
        zero = jnp.zeros((), images.dtype)
        return jnp.where(inside[..., None], images[batch, row, column], zero)

    if interpolation == "NEAREST":
        result = pixels(_rounded(row), _rounded(column))
    else:
        result = _interpolated(pixels, row, column)
    return jnp.where(finite[..., None], result, 0).astype(images.dtype)


def _rounded(place: Any) -> Any:
    """The nearest whole number, halves away from 0."""
    return jnp.trunc(place + jnp.copysign(np.float32(0.5), place))


def _interpolated(pixels: Any, row: Any, column: Any) -> Any:
    top, left = jnp.floor(row), jnp.floor(column)
    right = (column - left)[..., None]
    down = (row - top)[..., None]

    def along(row: Any) -> Any:
        here, there = (pixels(row, c).astype(np.float32) for c in (left, left + 1))
        return (1 - right) * here + right * there

    return (1 - down) * along(top) + down * along(top + 1)


def _check_dims(images: Dims, transforms: Dims) -> None:
    if images is not None and len(images) != 4:
        raise ValueError(f"images must be of rank 4, not {len(images)}")
    if transforms is not None and len(transforms) != 2:
        raise ValueError(f"transforms must be of rank 2, not {len(transforms)}")


@op("ImageProjectiveTransform", "images: dtype, transforms: float32 -> transformed_images: dtype", dtype=IMAGES,
    differentiable=False)  # fmt: skip
def image_projective_transform(images, transforms, interpolation: str):
    """`image_projective_transform_v2` to images of the same size."""
    return _transformed(images, transforms, images.shape[1], images.shape[2], interpolation)


@image_projective_transform.shape
def _(images, transforms):
    _check_dims(images, transforms)
    return images


@op("ImageProjectiveTransformV2", "images: dtype, transforms: float32, output_shape: static int32[2] -> "
    "transformed_images: dtype", dtype=IMAGES)  # fmt: skip
def image_projective_transform_v2(images, transforms, output_shape, interpolation: str):
    """Show at (x, y) what is at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), where k = c0 x + c1 y + 1.

    Parameters
    ----------
    images : Tensor [batch, height, width, channels]
    transforms : float32 Tensor [batch, 8]
        a0, a1, a2, b0, b1, b2, c0, c1 for each image; or [1, 8] for all.
    output_shape : int32 Tensor [2]
        New height and width.
    interpolation : {"NEAREST", "BILINEAR"}

    Returns
    -------
    Tensor [batch, new height, new width, channels]
        Of the type of `images`; 0 beyond them.

    Raises
    ------
    InvalidArgumentError
        When run, if the shapes don't go together.
    """
    height, width = sizes(output_shape)
    return _transformed(images, transforms, height, width, interpolation)


@image_projective_transform_v2.shape
def _(images, transforms, output_shape):
    _check_dims(images, transforms)
    height, width = dims_of(output_shape) or (None, None)
    batch, channels = (None, None) if images is None else (images[0], images[3])
    return batch, height, width, channels


@image_projective_transform_v2.gradient
def _(op, grad):
    """The gradient, transformed back, is what TensorFlow takes: the true one only where pixels keep their size."""
    images, transforms, _ = op.inputs
    rows = reshape(transforms, [-1, 8])
    matrices = reshape(concat([rows, ones([shape(rows)[0], 1])], axis=1), [-1, 3, 3])
    inverse = reshape(matrix_inverse(matrices), [-1, 9])
    back = (inverse / inverse[:, 8:9])[:, :8]
    method = op.get_attr("interpolation").decode()
    return image_projective_transform_v2(grad, back, shape(images)[1:3], method), None, None
