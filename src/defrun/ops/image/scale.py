"""Scaling and moving images by any amount, with a kernel of the caller's choice."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.array import shape
from defrun.ops.cast import cast
from defrun.ops.declare import op
from defrun.ops.image.resize import image_size, resized_dims
from defrun.ops.types import FLOAT, INDEX

_REAL = FLOAT | INDEX | frozenset((dtypes.uint8, dtypes.int8, dtypes.uint16, dtypes.int16))
_TINY = 1000 * float(np.finfo(np.float32).tiny)

# -- kernels: what a pixel at some distance, which is not negative, counts -------------------------------------------


def _lanczos(radius: float) -> Any:
    def weight(x: Any) -> Any:
        safe = jnp.where(x > 1e-3, x, 1)
        wave = jnp.sin(math.pi * safe) * jnp.sin(math.pi * safe / radius)
        return jnp.where(x <= 1e-3, 1, jnp.where(x > radius, 0, radius * wave / (math.pi**2 * safe * safe)))

    return radius, weight


def _gaussian(x: Any) -> Any:
    return jnp.where(x >= 1.5, 0, jnp.exp(x * x / (-2.0 * 0.5**2)))


def _box(x: Any) -> Any:
    return jnp.where(x < 0.5, 1.0, jnp.where(x == 0.5, 0.5, 0.0))


def _triangle(x: Any) -> Any:
    return jnp.maximum(1 - x, 0)


def _keys_cubic(x: Any) -> Any:
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return jnp.where(x >= 2, 0, jnp.where(x >= 1, far, ((1.5 * x - 2.5) * x) * x + 1))


def _mitchell_cubic(x: Any) -> Any:
    far = (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9
    return jnp.where(x >= 2, 0, jnp.where(x >= 1, far, (((7 / 6) * x - 2) * x) * x + 8 / 9))


_KERNELS: dict[str, Any] = {
    "lanczos1": _lanczos(1.0),
    "lanczos3": _lanczos(3.0),
    "lanczos5": _lanczos(5.0),
    "gaussian": (1.5, _gaussian),
    "box": (1.0, _box),
    "triangle": (1.0, _triangle),
    "keyscubic": (2.0, _keys_cubic),
    "mitchellcubic": (2.0, _mitchell_cubic),
}


def _weights(old: int, new: int, scale: Any, translation: Any, kernel: str, antialias: bool) -> Any:
    """How much of each old pixel each new one takes along an axis: float32 [new, old]."""
    radius, weigh = _KERNELS[kernel]
    inverse = 1 / scale
    wide = jnp.maximum(inverse, 1) if antialias else jnp.ones_like(inverse)
    place = (jnp.arange(new, dtype=np.float32) + np.float32(0.5)) * inverse - inverse * translation
    distance = jnp.arange(old, dtype=np.float32) + np.float32(0.5) - place[:, None]
    # What is just within reach of the kernel by its radius may still be just beyond by its span.
    within = jnp.abs(distance) <= np.float32(radius) * wide
    weight = jnp.where(within, weigh(jnp.abs(distance) / wide), 0).astype(np.float32)
    total = weight.sum(1, keepdims=True)
    usable = jnp.abs(total) >= np.float32(_TINY)
    weight = jnp.where(usable, weight / jnp.where(usable, total, 1), weight)
    inside = (place >= 0) & (place <= old)
    return jnp.where(inside[:, None], weight, 0).astype(np.float32)


def _both_weights(old: Any, new: Any, scale: Any, translation: Any, kernel_type: str, antialias: bool) -> Any:
    check(kernel_type in _KERNELS, InvalidArgumentError, "kernel_type must be one of {}, not {!r}",
          sorted(_KERNELS), kernel_type)  # fmt: skip
    scale, translation = jnp.asarray(scale), jnp.asarray(translation)
    check(jnp.all(scale > 0), InvalidArgumentError, "scale must be positive, got {} and {}", scale[0], scale[1])
    return [_weights(old[i], new[i], scale[i], translation[i], kernel_type, antialias) for i in range(2)]


def _two(*vectors: Any) -> None:
    for vector in vectors:
        if vector is not None and vector not in ((2,), (None,)):
            raise ValueError(f"scale and translation must be vectors of 2 numbers, got the shape {vector}")


@op("ScaleAndTranslate", "images: T, size: static int32[2], scale: float32, translation: float32 -> "
    "resized_images: float32", T=_REAL)  # fmt: skip
def scale_and_translate(images, size, scale, translation, kernel_type: str = "lanczos3", antialias: bool = True):
    """Scale images and move them.

    Parameters
    ----------
    images : Tensor [batch, height, width, channels]
    size : int32 Tensor [2]
        Height and width of the result.
    scale : float32 Tensor [2]
        How many times as high and as wide.
    translation : float32 Tensor [2]
        By how many of the result's pixels to move it down and to the right.
    kernel_type : str
        lanczos1, lanczos3, lanczos5, gaussian, box, triangle, keyscubic or mitchellcubic.
    antialias : bool
        Whether the kernel gets wider where the image gets smaller.

    Returns
    -------
    float32 Tensor [batch, height, width, channels]
        0 where the image doesn't reach.

    Raises
    ------
    InvalidArgumentError
        When run, if there is no such kernel, or a size or scale is not positive.
    """
    new = image_size(images, size)
    rows, columns = _both_weights(images.shape[1:3], new, scale, translation, kernel_type, antialias)
    image = images.astype(jnp.float32)
    image = jnp.einsum("bhwc,vw->bhvc", image, columns, precision="highest")
    return jnp.einsum("bhwc,uh->buwc", image, rows, precision="highest")


@scale_and_translate.shape
def _(images, size, scale, translation):
    _two(scale, translation)
    return resized_dims(images, size)


@scale_and_translate.gradient
def _(op, grad):
    images, _, scale, translation = op.inputs
    image = cast(images, dtypes.float32)
    to_image = scale_and_translate_grad(grad, image, scale, translation, **_attrs(op))
    return cast(to_image, images.dtype.base_dtype), None, None, None


def _attrs(op: Any) -> dict[str, Any]:
    return {name: op.attrs[name] for name in ("kernel_type", "antialias")}


@op("ScaleAndTranslateGrad", "grads: T, original_image: T, scale: float32, translation: float32 -> output: T",
    T=frozenset((dtypes.float32,)))  # fmt: skip
def scale_and_translate_grad(
    grads, original_image, scale, translation, kernel_type: str = "lanczos3", antialias: bool = True
):
    """Gradient of `scale_and_translate` by the images; only the shape of `original_image` matters."""
    old, new = original_image.shape[1:3], grads.shape[1:3]
    rows, columns = _both_weights(old, new, scale, translation, kernel_type, antialias)
    image = jnp.einsum("bhvc,vw->bhwc", grads, columns, precision="highest")
    return jnp.einsum("buwc,uh->bhwc", image, rows, precision="highest")


@scale_and_translate_grad.shape
def _(original_image, scale, translation):
    _two(scale, translation)
    return original_image


@scale_and_translate_grad.gradient
def _(op, grad):
    grads, _, scale, translation = op.inputs
    return scale_and_translate(grad, shape(grads)[1:3], scale, translation, **_attrs(op)), None, None, None
