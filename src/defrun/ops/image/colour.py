"""Colours of pixels: hue, saturation, contrast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import FailedPreconditionError, InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.ops.cast import cast
from defrun.ops.declare import op
from defrun.ops.math import multiply, subtract
from defrun.ops.reduce import reduce_mean, reduce_sum
from defrun.ops.types import FLOAT, SIGNED

_SMALL = frozenset((dtypes.float16, dtypes.float32))
_OLD = (SIGNED | frozenset((dtypes.uint8, dtypes.float32, dtypes.float64))) - {dtypes.float16}


def _rank_3(dims: Dims) -> Dims:
    if dims is not None and len(dims) < 3:
        raise ValueError(f"images must be of rank 3 at least, not {len(dims)}")
    return dims


def _check_coloured(images: Any) -> None:
    ok = images.ndim >= 3 and images.shape[-1] == 3
    check(ok, InvalidArgumentError, "images must be of rank 3 at least and have 3 channels, got {}", images.shape)


def _check_hsv(images: Any) -> None:
    check(images.ndim >= 1, InvalidArgumentError, "images must be of rank 1 at least")
    check(images.shape[-1] == 3, FailedPreconditionError, "images must have 3 channels, got {}", images.shape)


# -- RGB and HSV -----------------------------------------------------------------------------------------------------


class _Hue(NamedTuple):
    """A pixel by its hue, in [0, 1), and its smallest and largest channel.

    Of several largest (or smallest) channels the first (or last) one counts, which matters to the gradient.
    """

    hue: Any
    least: Any
    most: Any


def _hue(images: Any) -> _Hue:
    r, g, b = (images[..., i] for i in range(3))
    red, green = (r >= g) & (r >= b), (g > r) & (g >= b)
    most = jnp.where(red, r, jnp.where(green, g, b))
    least = jnp.where((b <= r) & (b <= g), b, jnp.where((g <= r) & (g < b), g, r))
    spread = most - least
    grey = spread <= 0
    unit = 1 / (6 * jnp.where(grey, 1, spread))
    hue = jnp.where(red, (g - b) * unit, jnp.where(green, (b - r) * unit + 2 / 6, (r - g) * unit + 4 / 6))
    return _Hue(jnp.where(grey, 0, jnp.where(hue < 0, hue + 1, hue)), least, most)


def _saturation(pixel: _Hue) -> Any:
    dark = pixel.most <= 0
    return jnp.where(dark, 0, (pixel.most - pixel.least) / jnp.where(dark, 1, pixel.most))


def _to_hsv(images: Any) -> Any:
    pixel = _hue(images)
    return jnp.stack([pixel.hue, _saturation(pixel), pixel.most], axis=-1).astype(images.dtype)


def _to_rgb(pixel: _Hue) -> Any:
    turn = pixel.hue * 6
    parts = (jnp.abs(turn - 3) - 1, 2 - jnp.abs(turn - 2), 2 - jnp.abs(turn - 4))
    spread = pixel.most - pixel.least
    return jnp.stack([pixel.least + spread * jnp.clip(part, 0, 1) for part in parts], axis=-1)


def _hsv_dims(images):
    if images == ():
        raise ValueError("images must be of rank 1 at least")
    if images is not None and images[-1] not in (3, None):
        raise ValueError(f"images must have 3 channels, not {images[-1]}")
    return None if images is None else (*images[:-1], 3)


@op("RGBToHSV", "images: T -> output: T", T=(FLOAT, dtypes.float32), shape=_hsv_dims)
def rgb_to_hsv(images):
    """Turn red, green and blue into hue, saturation and value.

    Parameters
    ----------
    images : Tensor [..., 3]
        In [0, 1].

    Returns
    -------
    Tensor [..., 3]
        In [0, 1], the hue with red at 0 and green at a third.

    Raises
    ------
    ValueError
        If there are not 3 channels.
    """
    _check_hsv(images)
    return _to_hsv(images)


@rgb_to_hsv.gradient
def _(op, grad):
    return _rgb_to_hsv_grad(op.inputs[0], grad)


@op("RGBToHSVGrad", "images: T[...], grad: T[...] -> output: T[...]", T=FLOAT)
def _rgb_to_hsv_grad(images, grad):
    """Gradient of `rgb_to_hsv`."""
    _, pull = jax.vjp(lambda x: _to_hsv(x), images)
    # As in TensorFlow a channel that is 0 doesn't move the saturation.
    by_saturation = pull(grad * np.array([0, 1, 0], grad.dtype))[0]
    return pull(grad * np.array([1, 0, 1], grad.dtype))[0] + jnp.where(images > 0, by_saturation, 0)


@_rgb_to_hsv_grad.gradient
def _(op, grad):
    raise LookupError("rgb_to_hsv has no second derivative")


@op("HSVToRGB", "images: T -> output: T", T=(FLOAT, dtypes.float32), shape=_hsv_dims, differentiable=False)
def hsv_to_rgb(images):
    """Turn hue, saturation and value into red, green and blue.

    Parameters
    ----------
    images : Tensor [..., 3]
        In [0, 1].

    Returns
    -------
    Tensor [..., 3]

    Raises
    ------
    ValueError
        If there are not 3 channels.
    """
    _check_hsv(images)
    hue, saturation, value = (images[..., i] for i in range(3))
    return _to_rgb(_Hue(hue, (1 - saturation) * value, value)).astype(images.dtype)


# -- adjustments -----------------------------------------------------------------------------------------------------


def _saturated(images: Any, scale: Any) -> Any:
    pixel = _hue(images)
    saturation = jnp.clip(_saturation(pixel) * scale, 0, 1)
    return _to_rgb(pixel._replace(least=(1 - saturation) * pixel.most))


def _turned(images: Any, delta: Any) -> Any:
    pixel = _hue(images)
    return _to_rgb(pixel._replace(hue=jnp.mod(pixel.hue + delta, 1)))


def _wide(function: Callable[[Any, Any], Any], images: Any, amount: Any) -> Any:
    return function(images.astype(jnp.float32), amount).astype(images.dtype)


def _adjusted_dims(images):
    return _rank_3(images)


@op("AdjustSaturation", "images: T, scale: float32[] -> output: T", T=(_SMALL, dtypes.float32), shape=_adjusted_dims)
def adjust_saturation(images, scale):
    """Multiply the saturation of images [..., height, width, 3] by `scale`, up to 1."""
    _check_coloured(images)
    return _wide(_saturated, images, scale)


@adjust_saturation.gradient
def _(op, grad):
    return _adjusted_grad(*op.inputs, grad, "saturation")


@op("AdjustHue", "images: T, delta: float32[] -> output: T", T=(_SMALL, dtypes.float32), shape=_adjusted_dims)
def adjust_hue(images, delta):
    """Add `delta` to the hue of images [..., height, width, 3], a whole turn being 1."""
    _check_coloured(images)
    return _wide(_turned, images, delta)


@adjust_hue.gradient
def _(op, grad):
    return _adjusted_grad(*op.inputs, grad, "hue")


@op("AdjustColourGrad", "images: T[...], amount: float32[], grad: T[...] -> to_images: T[...], to_amount: float32[]",
    T=_SMALL, kind=("hue", "saturation"))  # fmt: skip
def _adjusted_grad(images, amount, grad, kind: str):
    """Gradient of `adjust_hue` and `adjust_saturation`, which TensorFlow lacks."""
    function = _turned if kind == "hue" else _saturated
    return jax.vjp(lambda x, a: _wide(function, x, a), images, jnp.asarray(amount))[1](grad)


@_adjusted_grad.gradient
def _(op, *grads):
    raise LookupError(f"adjust_{op.get_attr('kind').decode()} has no second derivative")


def _contrasted(images: Any, factor: Any) -> Any:
    check(images.ndim >= 3, InvalidArgumentError, "images must be of rank 3 at least, got {}", images.shape)
    image = images if images.dtype == jnp.float64 else images.astype(jnp.float32)
    mean = jnp.mean(image, axis=(-3, -2), keepdims=True)
    return (image - mean) * factor.astype(image.dtype) + mean


@op("AdjustContrastv2", "images: T, contrast_factor: float32[] -> output: T", T=(_SMALL, dtypes.float32),
    shape=_adjusted_dims)  # fmt: skip
def adjust_contrastv2(images, contrast_factor):
    """Multiply by `contrast_factor` how far each pixel is from its channel's mean; images [..., height, width, n]."""
    return _contrasted(images, contrast_factor).astype(images.dtype)


@adjust_contrastv2.gradient
def _(op, grad):
    images, factor = op.inputs
    mean_grad = reduce_mean(grad, axis=[-3, -2], keepdims=True)
    to_images = multiply(subtract(grad, mean_grad), cast(factor, grad.dtype)) + mean_grad
    far = subtract(images, reduce_mean(images, axis=[-3, -2], keepdims=True))
    return to_images, reduce_sum(cast(multiply(grad, far), dtypes.float32))


@op("AdjustContrast", "images: T, contrast_factor: float32[], min_value: float32[], max_value: float32[] -> "
    "output: float32", T=_OLD, shape=_adjusted_dims, differentiable=False)  # fmt: skip
def adjust_contrast_within(images, contrast_factor, min_value, max_value):
    """`adjust_contrastv2` of any numbers, cut off at `min_value` and `max_value`."""
    return jnp.clip(_contrasted(images.astype(jnp.float32), contrast_factor), min_value, max_value)
