"""Images in other sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import partial_value
from defrun.image.checks import as_batch, as_given, check_image, image_sizes, larger, require
from defrun.image.cropping import pad_to_bounding_box
from defrun.ops.array import expand_dims, shape, squeeze
from defrun.ops.cast import cast
from defrun.ops.creation import zeros
from defrun.ops.flow import with_dependencies
from defrun.ops.image.resize import resize_area, resize_bicubic, resize_bilinear, resize_nearest_neighbor
from defrun.ops.image.scale import scale_and_translate
from defrun.ops.limits import floor, minimum
from defrun.ops.limits import round as round_

Resizer = Callable[[Tensor, Any], Tensor]


class ResizeMethod:
    """How `resize_images` finds the new pixels."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_NAMES = {0: "bilinear", 1: "nearest", 2: "bicubic", 3: "area"}
_RESIZE: dict[str, Callable[..., Tensor]] = {
    "bilinear": resize_bilinear,
    "nearest": resize_nearest_neighbor,
    "bicubic": resize_bicubic,
    "area": resize_area,
}
_KERNELS = ("lanczos3", "lanczos5", "gaussian", "mitchellcubic")


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """Resize an image, or each of a batch.

    Parameters
    ----------
    images : Tensor [height, width, channels] or [batch, height, width, channels]
    size : int32 Tensor [2]
        New height and width.
    method : ResizeMethod
        Or its name: "bilinear", "nearest", "bicubic" or "area".
    align_corners : bool
        Whether the centres of the corner pixels stay where they are.
    preserve_aspect_ratio : bool
        Whether to take the largest size within `size` that has the proportions of the image.
    name : str, optional

    Returns
    -------
    Tensor
        float32, or of the type of `images` if the method is the nearest neighbour or the size doesn't change.

    Raises
    ------
    ValueError
        If `images` are of another rank, `size` is no pair of whole numbers, or there is no such method.
    """

    def resize(image: Tensor, new_size: Any) -> Tensor:
        resizer = _RESIZE.get(_NAMES.get(method, method))
        if resizer is None:
            raise ValueError(f"Resize method {method!r} is not implemented.")
        return resizer(image, new_size, align_corners=align_corners)

    return _resized(images, resize, size, preserve_aspect_ratio, name, keep_same=True)


def resize_images_v2(
    images: Any,
    size: Any,
    method: str = "bilinear",
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
    name: str | None = None,
) -> Tensor:
    """Resize an image, or each of a batch, with pixels whose centre is half a pixel from their edge.

    Parameters
    ----------
    images : Tensor [height, width, channels] or [batch, height, width, channels]
    size : int32 Tensor [2]
        New height and width.
    method : str
        bilinear, nearest, bicubic, area, lanczos3, lanczos5, gaussian or mitchellcubic.
    preserve_aspect_ratio : bool
        Whether to take the largest size within `size` that has the proportions of the image.
    antialias : bool
        Whether the kernel gets wider where the image gets smaller.
    name : str, optional

    Raises
    ------
    ValueError
        If `images` are of another rank, `size` is no pair of whole numbers, or there is no such method.
    """

    def resize(image: Tensor, new_size: Any) -> Tensor:
        kernel = {"bilinear": "triangle", "bicubic": "keyscubic"}.get(method, method) if antialias else method
        if kernel in ("triangle", "keyscubic", *_KERNELS):
            scale = cast(new_size, dtypes.float32) / cast(shape(image)[1:3], dtypes.float32)
            return scale_and_translate(image, new_size, scale, zeros([2]), kernel_type=kernel, antialias=antialias)
        if method not in _RESIZE:
            raise ValueError(f"Resize method {method!r} is not implemented.")
        centred = {} if method == "area" else {"half_pixel_centers": True}
        return _RESIZE[method](image, new_size, **centred)

    return _resized(images, resize, size, preserve_aspect_ratio, name, keep_same=False)


def _resized(
    images: Any, resize: Resizer, size: Any, preserve_aspect_ratio: bool, name: str | None, keep_same: bool
) -> Tensor:
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        if images.dims is None:
            raise ValueError("'images' contains no shape.")
        was_batch = len(images.dims) == 4
        if len(images.dims) == 3:
            images = expand_dims(images, 0)
        elif not was_batch:
            raise ValueError(f"'images' must have either 3 or 4 dimensions, got the shape {images.shape}")
        _, height, width, _ = images.dims
        try:
            size = convert_to_tensor(size, dtypes.int32, name="size")
        except (TypeError, ValueError) as error:
            raise ValueError(f"'size' must be a 1-D int32 Tensor: {error}") from None
        if not size.shape.is_compatible_with([2]):
            raise ValueError(f"'size' must be a 1-D Tensor of 2 elements: new_height, new_width; got {size.shape}")
        new = _known(size)
        if preserve_aspect_ratio:
            size = _within(images, new)
            new = _known(size)
        if not (keep_same and None not in new and new == [height, width]):
            images = resize(images, size)
            images.set_shape([None, *new, None])
        return images if was_batch else squeeze(images, axis=[0])


def _known(size: Tensor) -> list[int | None]:
    """Height and width as far as they are known."""
    value = partial_value(size)
    return [None, None] if value is None else [None if v is None or v == -1 else int(v) for v in value]


def _within(images: Tensor, new: list[int | None]) -> Tensor:
    """The largest size within `new` with the proportions of `images`."""
    _, height, width, _ = image_sizes(images)
    by_height = cast(new[0], dtypes.float32) / cast(height, dtypes.float32)
    by_width = cast(new[1], dtypes.float32) / cast(width, dtypes.float32)
    scale = minimum(by_height, by_width)
    scaled = [cast(round_(scale * cast(n, dtypes.float32)), dtypes.int32) for n in (height, width)]
    return convert_to_tensor(scaled, dtypes.int32, name="size")


def resize_image_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Tensor:
    """Resize an image, or each of a batch, to fit into a size with its proportions kept, and put zeros around it.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    target_height, target_width : int or int32 Tensor []
    method : ResizeMethod
    align_corners : bool
        See `resize_images`.

    Raises
    ------
    ValueError
        If `image` is of another rank, or the size not positive.
    """
    return _fitted(image, target_height, target_width, lambda x, n: resize_images(x, n, method, align_corners))


def resize_image_with_pad_v2(
    image: Any, target_height: Any, target_width: Any, method: str = "bilinear", antialias: bool = False
) -> Tensor:
    """The same with the methods of `resize_images_v2`."""
    return _fitted(image, target_height, target_width, lambda x, n: resize_images_v2(x, n, method, antialias=antialias))


def _fitted(image: Any, target_height: Any, target_width: Any, resize: Resizer) -> Tensor:
    with name_scope(None, "resize_image_with_pad", [image]):
        image, was_batch = as_batch(image)
        checks = check_image(image)
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        _, height, width, _ = image_sizes(image)
        exact = [cast(n, dtypes.float64) for n in (height, width, target_height, target_width)]
        ratio = larger(exact[1] / exact[3], exact[0] / exact[2])
        new_height, new_width = exact[0] / ratio, exact[1] / ratio
        new_size = [cast(floor(n), dtypes.int32) for n in (new_height, new_width)]
        spare = [(exact[2] - new_height) / 2, (exact[3] - new_width) / 2]
        offsets = [floor(n) for n in spare]
        above, left = (larger(0, cast(n, dtypes.int32)) for n in offsets)
        resized = resize(image, new_size)
        padded = pad_to_bounding_box(resized, above, left, target_height, target_width)
        image_sizes(padded)
        return as_given(padded, was_batch)
