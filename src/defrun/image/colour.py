"""Colours of images: their types, models of colour, brightness, contrast, hue and saturation."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.image.checks import checked_grayscale, require
from defrun.ops.arrange import tile
from defrun.ops.array import expand_dims, identity, rank
from defrun.ops.cast import cast
from defrun.ops.creation import ones
from defrun.ops.einsum import tensordot
from defrun.ops.flow import with_dependencies
from defrun.ops.image import colour
from defrun.ops.join import concat
from defrun.ops.limits import saturate_cast
from defrun.ops.math import add, div, multiply

_FLOATS = (dtypes.float16, dtypes.float32)

# -- types -----------------------------------------------------------------------------------------------------------


def convert_image_dtype(image: Any, dtype: Any, saturate: bool = False, name: str | None = None) -> Tensor:
    """Convert pixels to another type, scaled such that 1 in a float is the largest value of an integer type.

    Parameters
    ----------
    image : Tensor
    dtype : DType
    saturate : bool
        Whether values that don't fit become the smallest or largest one that does.
    name : str, optional

    Raises
    ------
    AttributeError
        If `dtype` is neither of floats nor of integers.
    """
    image = convert_to_tensor(image, name="image")
    wanted = dtypes.as_dtype(dtype)
    given = image.dtype
    if not wanted.is_floating and not wanted.is_integer:
        raise AttributeError(f"dtype must be either floating point or integer, not {wanted.name}")
    if wanted == given:
        return identity(image, name=name)
    convert = saturate_cast if saturate else cast
    with name_scope(name, "convert_image", [image]) as scope:
        if given.is_integer and wanted.is_integer:
            if given.max > wanted.max:
                scaled = div(image, (given.max + 1) // (wanted.max + 1))
                return convert(scaled, wanted, name=scope)
            return multiply(convert(image, wanted), (wanted.max + 1) // (given.max + 1), name=scope)
        if given.is_floating and wanted.is_floating:
            return cast(image, wanted, name=scope)
        if given.is_integer:
            return multiply(cast(image, wanted), 1.0 / given.max, name=scope)
        return convert(multiply(image, wanted.max + 0.5), wanted, name=scope)


def _as_float(image: Tensor) -> Tensor:
    """Return `image` as float32, or as it is if of a smaller float type."""
    return image if image.dtype.base_dtype in _FLOATS else convert_image_dtype(image, dtypes.float32)


# -- brightness and contrast -----------------------------------------------------------------------------------------


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Add `delta` to all pixels.

    Parameters
    ----------
    image : Tensor
        Integers are scaled to [0, 1] for it.
    delta : float Tensor []
    """
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        pixels = _as_float(image)
        brighter = add(pixels, cast(delta, pixels.dtype), name=scope)
        return convert_image_dtype(brighter, image.dtype, saturate=True)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Multiply by `contrast_factor` how far each pixel is from its channel's mean, image by image.

    Parameters
    ----------
    images : Tensor [..., height, width, channels]
    contrast_factor : float Tensor []

    Raises
    ------
    ValueError
        If the rank is less than 3.
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        adjusted = colour.adjust_contrastv2(_as_float(images), contrast_factor=contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """Return ``gain * image ** gamma``.

    Parameters
    ----------
    image : Tensor
        Integers are scaled to [0, 1] for it.
    gamma, gain : float Tensor []

    Raises
    ------
    ValueError
        If `gamma` is negative.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        pixels = _as_float(image)
        checks = require(gamma >= 0, "Gamma should be a non-negative real number.")
        if checks:
            gamma = with_dependencies(checks, gamma)
        return convert_image_dtype(gain * pixels**gamma, image.dtype, saturate=True)


# -- hue and saturation ----------------------------------------------------------------------------------------------


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Turn the hue of all pixels.

    Parameters
    ----------
    image : Tensor [..., height, width, 3]
        RGB.
    delta : float Tensor []
        In [-1, 1], a whole turn being 1.
    name : str, optional

    Raises
    ------
    ValueError
        If there are not 3 channels.
    """
    with name_scope(name, "adjust_hue", [image]):
        image = convert_to_tensor(image, name="image")
        return convert_image_dtype(colour.adjust_hue(_as_float(image), delta), image.dtype)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Multiply the saturation of all pixels.

    Parameters
    ----------
    image : Tensor [..., height, width, 3]
        RGB.
    saturation_factor : float Tensor []
    name : str, optional

    Raises
    ------
    ValueError
        If there are not 3 channels.
    """
    with name_scope(name, "adjust_saturation", [image]):
        image = convert_to_tensor(image, name="image")
        adjusted = colour.adjust_saturation(_as_float(image), saturation_factor)
        return convert_image_dtype(adjusted, image.dtype)


# -- grey ------------------------------------------------------------------------------------------------------------


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Turn RGB into one channel of luma.

    Parameters
    ----------
    images : Tensor [..., 3]
    name : str, optional

    Returns
    -------
    Tensor [..., 1]
    """
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        pixels = convert_image_dtype(images, dtypes.float32)
        grey = expand_dims(tensordot(pixels, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(grey, images.dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Repeat the one channel of images three times.

    Parameters
    ----------
    images : Tensor [..., 1]
    name : str, optional

    Returns
    -------
    Tensor [..., 3]

    Raises
    ------
    ValueError
        If there is another number of channels.
    InvalidArgumentError
        When run, if that is known only then.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = convert_to_tensor(checked_grayscale(images), name="images")
        others = ones(expand_dims(rank(images) - 1, 0), dtype=dtypes.int32)
        rgb = tile(images, concat([others, expand_dims(3, 0)], 0), name=scope)
        rgb.set_shape(images.shape[:-1].concatenate([3]))
        return rgb


# -- other models of colour ------------------------------------------------------------------------------------------

_TO_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
_FROM_YIQ = [[1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]]
_TO_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
_FROM_YUV = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]


def _mixed(images: Any, kernel: list[Any]) -> Tensor:
    images = convert_to_tensor(images, name="images")
    weights = convert_to_tensor(kernel, dtype=images.dtype, name="kernel")
    if images.dims is None:
        raise TypeError("the rank of images must be known")
    return tensordot(images, weights, axes=[[len(images.dims) - 1], [0]])


def rgb_to_yiq(images: Any) -> Tensor:
    """Turn RGB, float Tensor [..., 3], into luma and two chroma channels as in NTSC."""
    return _mixed(images, _TO_YIQ)


def yiq_to_rgb(images: Any) -> Tensor:
    """Undo `rgb_to_yiq`."""
    return _mixed(images, _FROM_YIQ)


def rgb_to_yuv(images: Any) -> Tensor:
    """Turn RGB, float Tensor [..., 3], into luma and two chroma channels as in PAL."""
    return _mixed(images, _TO_YUV)


def yuv_to_rgb(images: Any) -> Tensor:
    """Undo `rgb_to_yuv`."""
    return _mixed(images, _FROM_YUV)
