"""Parts of images, and images as parts of larger ones."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.image.checks import (
    as_batch,
    as_given,
    check_image,
    checked_image,
    image_sizes,
    is_tensor,
    known_sizes,
    larger,
    require,
    smaller,
)
from defrun.ops.arrange import pad
from defrun.ops.array import reshape, shape
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.flow import with_dependencies
from defrun.ops.join import stack
from defrun.ops.slicing import slice_


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Cut a box out of an image, or out of each of a batch.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    offset_height, offset_width : int or int32 Tensor []
        Where the box begins.
    target_height, target_width : int or int32 Tensor []
        Its size.

    Raises
    ------
    ValueError
        If `image` is of another rank or the box is not in it.
    InvalidArgumentError
        When run, if that is known only then.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image, was_batch = as_batch(image)
        checks = check_image(image)
        batch, height, width, channels = image_sizes(image)
        checks += require(offset_width >= 0, "offset_width must be >= 0.")
        checks += require(offset_height >= 0, "offset_height must be >= 0.")
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        checks += require(width >= target_width + offset_width, "width must be >= target + offset.")
        checks += require(height >= target_height + offset_height, "height must be >= target + offset.")
        image = with_dependencies(checks, image)
        begin = stack([0, offset_height, offset_width, 0])
        cropped = slice_(image, begin, stack([-1, target_height, target_width, -1]))
        cropped.set_shape(known_sizes([batch, target_height, target_width, channels]))
        return as_given(cropped, was_batch)


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Put zeros around an image, or around each of a batch.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    offset_height, offset_width : int or int32 Tensor []
        How many rows of zeros above it and columns to the left.
    target_height, target_width : int or int32 Tensor []
        The size of the whole.

    Raises
    ------
    ValueError
        If `image` is of another rank or the whole too small for it.
    InvalidArgumentError
        When run, if that is known only then.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image, was_batch = as_batch(image)
        checks = check_image(image)
        batch, height, width, channels = image_sizes(image)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks += require(offset_height >= 0, "offset_height must be >= 0")
        checks += require(offset_width >= 0, "offset_width must be >= 0")
        checks += require(right >= 0, "width must be <= target - offset")
        checks += require(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        padded = pad(image, reshape(stack([0, 0, offset_height, below, offset_width, right, 0, 0]), [4, 2]))
        padded.set_shape(known_sizes([batch, target_height, target_width, channels]))
        return as_given(padded, was_batch)


def resize_image_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """Bring an image, or each of a batch, to a size by cutting off its sides or putting zeros there, evenly.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    target_height, target_width : int or int32 Tensor []

    Raises
    ------
    ValueError
        If `image` is of another rank or empty, or the size not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, was_batch = as_batch(image)
        checks = check_image(image)
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        if is_tensor(target_height):
            target_height = with_dependencies(checks, target_height)
        if is_tensor(target_width):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = image_sizes(image)
        wider = target_width - width
        crop_width, pad_width = larger(-wider // 2, 0), larger(wider // 2, 0)
        higher = target_height - height
        crop_height, pad_height = larger(-higher // 2, 0), larger(higher // 2, 0)
        cropped = crop_to_bounding_box(
            image, crop_height, crop_width, smaller(target_height, height), smaller(target_width, width)
        )
        resized = pad_to_bounding_box(cropped, pad_height, pad_width, target_height, target_width)
        _, new_height, new_width, _ = image_sizes(resized)
        checks = require(_equal(new_height, target_height), "resized height is not correct.")
        checks += require(_equal(new_width, target_width), "resized width is not correct.")
        return as_given(with_dependencies(checks, resized), was_batch)


def _equal(x: Any, y: Any) -> Any:
    return equal(x, y) if is_tensor(x) or is_tensor(y) else x == y


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """Cut off the sides of an image, or of each of a batch, such that a fraction of its height and width is left.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    central_fraction : float
        In (0, 1].

    Raises
    ------
    ValueError
        If it is not, or `image` is of another rank.
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        if central_fraction <= 0.0 or central_fraction > 1.0:
            raise ValueError(f"central_fraction must be within (0, 1], got {central_fraction}")
        if central_fraction == 1.0:
            return image
        checked_image(image)
        if image.dims is None or len(image.dims) not in (3, 4):
            raise ValueError(f"`image` should be of rank 3 or 4, got the shape {image.shape}")
        row = len(image.dims) - 3
        sizes = [_size(image, row), _size(image, row + 1)]
        starts = [_start(size, central_fraction) for size in sizes]
        left = [size - 2 * start if not is_tensor(size) else size - start * 2 for size, start in zip(sizes, starts)]
        begin = stack([0] * row + [*starts, 0])
        result = slice_(image, begin, stack([-1] * row + [*left, -1]))
        result.set_shape([*image.dims[:row], *known_sizes(left), image.dims[-1]])
        return result


def _size(image: Tensor, axis: int) -> Any:
    assert image.dims is not None
    return shape(image)[axis] if image.dims[axis] is None else image.dims[axis]


def _start(size: Any, fraction: float) -> Any:
    """How much to cut off each end of an axis."""
    if not is_tensor(size):
        return int((size - size * fraction) / 2)
    exact = cast(size, dtypes.float64)
    return cast((exact - exact * fraction) / 2, dtypes.int32)
