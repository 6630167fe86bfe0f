"""Images turned, moved and otherwise transformed."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape, shape
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import ones, zeros
from defrun.ops.elementary import cos, sin
from defrun.ops.image.projective import IMAGES, image_projective_transform_v2
from defrun.ops.join import concat
from defrun.ops.matrix import matmul

_NEW = np.newaxis


def _as_batch(images: Any, name: str | None = None) -> tuple[Tensor, int]:
    """Return images [batch, height, width, channels], and the rank that was given.

    Raises
    ------
    TypeError
        If that is none of 2 to 4, or the pixels are of a type that can't be.
    """
    images = convert_to_tensor(images, name=name)
    if images.dtype.base_dtype not in IMAGES:
        raise TypeError(f"images can't be of type {images.dtype.name}")
    if images.dims is None:
        raise TypeError("the rank of images must be statically known")
    rank = len(images.dims)
    if rank == 2:
        return images[_NEW, :, :, _NEW], rank
    if rank == 3:
        return images[_NEW, :, :, :], rank
    if rank != 4:
        raise TypeError(f"images should have rank between 2 and 4, got the shape {images.shape}")
    return images, rank


def _as_given(images: Tensor, rank: int) -> Tensor:
    if rank == 2:
        return images[0, :, :, 0]
    return images[0, :, :, :] if rank == 3 else images


def rotate(images: Any, angles: Any, interpolation: str = "NEAREST", name: str | None = None) -> Tensor:
    """Turn images to the left about their centres.

    Parameters
    ----------
    images : Tensor [height, width], [height, width, channels] or [batch, height, width, channels]
    angles : float Tensor [] or [batch]
        In radians.
    interpolation : {"NEAREST", "BILINEAR"}
    name : str, optional

    Returns
    -------
    Tensor
        Of the type and shape of `images`; 0 where they don't reach.

    Raises
    ------
    TypeError
        If `images` are of another rank or of a type that can't be.
    """
    with name_scope(name, "rotate"):
        batch, rank = _as_batch(images)
        height = cast(shape(batch)[1], dtypes.float32)[_NEW]
        width = cast(shape(batch)[2], dtypes.float32)[_NEW]
        turned = transform(batch, angles_to_projective_transforms(angles, height, width), interpolation=interpolation)
        return _as_given(turned, rank)


def translate(images: Any, translations: Any, interpolation: str = "NEAREST", name: str | None = None) -> Tensor:
    """Move images.

    Parameters
    ----------
    images : Tensor [height, width], [height, width, channels] or [batch, height, width, channels]
    translations : float Tensor [2] or [batch, 2]
        How far to the right and down.
    interpolation : {"NEAREST", "BILINEAR"}
    name : str, optional

    Raises
    ------
    TypeError
        If `images` are of another rank or of a type that can't be.
    """
    with name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations), interpolation=interpolation)


def angles_to_projective_transforms(
    angles: Any, image_height: Any, image_width: Any, name: str | None = None
) -> Tensor:
    """Return what turns images of a size about their centres.

    Parameters
    ----------
    angles : float Tensor [] or [n]
        To the left, in radians.
    image_height, image_width : float Tensor
    name : str, optional

    Returns
    -------
    float32 Tensor [n, 8]
        For `transform`.

    Raises
    ------
    TypeError
        If `angles` are of another rank.
    """
    with name_scope(name, "angles_to_projective_transforms"):
        given = convert_to_tensor(angles, name="angles", dtype=dtypes.float32)
        if len(given.shape) > 1:
            raise TypeError(f"angles should have rank 0 or 1, got the shape {given.shape}")
        angles = given if len(given.shape) else given[_NEW]
        # The same numbers again and again, as TensorFlow has the nodes.
        x = ((image_width - 1) - (cos(angles) * (image_width - 1) - sin(angles) * (image_height - 1))) / 2.0
        y = ((image_height - 1) - (sin(angles) * (image_width - 1) + cos(angles) * (image_height - 1))) / 2.0
        count = shape(angles)[0]
        columns = [
            cos(angles)[:, _NEW],
            -sin(angles)[:, _NEW],
            x[:, _NEW],
            sin(angles)[:, _NEW],
            cos(angles)[:, _NEW],
            y[:, _NEW],
        ]
        return concat([*columns, zeros((count, 2), dtypes.float32)], axis=1)


def translations_to_projective_transforms(translations: Any, name: str | None = None) -> Tensor:
    """Return what moves images.

    Parameters
    ----------
    translations : float Tensor [2] or [n, 2]
        How far to the right and down.
    name : str, optional

    Returns
    -------
    float32 Tensor [n, 8]
        For `transform`.

    Raises
    ------
    TypeError
        If `translations` are of another rank.
    """
    with name_scope(name, "translations_to_projective_transforms"):
        given = convert_to_tensor(translations, name="translations", dtype=dtypes.float32)
        if given.dims is None:
            raise TypeError("the rank of translations must be statically known")
        if len(given.dims) not in (1, 2):
            raise TypeError(f"translations should have rank 1 or 2, got the shape {given.shape}")
        rows = given if len(given.dims) == 2 else given[_NEW]
        count = shape(rows)[0]

        one = (count, 1)
        columns = [
            ones(one, dtypes.float32),
            zeros(one, dtypes.float32),
            -rows[:, 0, _NEW],
            zeros(one, dtypes.float32),
            ones(one, dtypes.float32),
            -rows[:, 1, _NEW],
            zeros((count, 2), dtypes.float32),
        ]
        return concat(columns, axis=1)


def transform(
    images: Any,
    transforms: Any,
    interpolation: str = "NEAREST",
    output_shape: Any = None,
    name: str | None = None,
) -> Tensor:
    """Show at (x, y) what is at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), where k = c0 x + c1 y + 1.

    Parameters
    ----------
    images : Tensor [height, width], [height, width, channels] or [batch, height, width, channels]
    transforms : float32 Tensor [8] or [batch, 8]
        a0, a1, a2, b0, b1, b2, c0, c1.
    interpolation : {"NEAREST", "BILINEAR"}
    output_shape : int32 Tensor [2], optional
        New height and width.
    name : str, optional

    Returns
    -------
    Tensor
        Of the type and rank of `images`; 0 where they don't reach. Its gradient is TensorFlow's: transformed back,
        which is the true one only where pixels keep their size.

    Raises
    ------
    TypeError
        If `images` or `transforms` are of another rank, or of a type that can't be.
    ValueError
        If `output_shape` is no pair.
    """
    with name_scope(name, "transform"):
        batch, rank = _as_batch(images, "images")
        given = convert_to_tensor(transforms, name="transforms", dtype=dtypes.float32)
        if output_shape is None:
            output_shape = shape(batch)[1:3]
        output_shape = convert_to_tensor(output_shape, dtypes.int32, name="output_shape")
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError(f"output_shape must be new_height and new_width, got {output_shape.shape}")
        if given.dims is None:
            raise TypeError("the rank of transforms must be statically known")
        if len(given.dims) not in (1, 2):
            raise TypeError(f"transforms should have rank 1 or 2, got the shape {given.shape}")
        rows = given[_NEW] if len(given.dims) == 1 else given
        result = image_projective_transform_v2(batch, rows, output_shape, interpolation=interpolation.upper())
        return _as_given(result, rank)


# -- transforms as matrices ------------------------------------------------------------------------------------------


def compose_transforms(*transforms: Any) -> Tensor:
    """Return the transforms that do what several do, one after the other.

    Parameters
    ----------
    transforms : float Tensor [8] or [n, 8], each

    Returns
    -------
    float Tensor [n, 8]
    """
    assert transforms, "transforms cannot be empty"
    with name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for other in transforms[1:]:
            composed = matmul(composed, flat_transforms_to_matrices(other))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms: Any) -> Tensor:
    """Write transforms [8] or [n, 8] as matrices [n, 3, 3].

    Raises
    ------
    ValueError
        If they are of another rank.
    """
    with name_scope("flat_transforms_to_matrices"):
        transforms = convert_to_tensor(transforms, name="transforms")
        if transforms.shape.ndims not in (1, 2):
            raise ValueError(f"transforms should be 1D or 2D, got: {transforms}")
        rows = reshape(transforms, constant([-1, 8]))
        count = shape(rows)[0]
        return reshape(concat([rows, ones([count, 1])], axis=1), constant([-1, 3, 3]))


def matrices_to_flat_transforms(transform_matrices: Any) -> Tensor:
    """Write matrices [3, 3] or [n, 3, 3] as transforms [n, 8].

    Raises
    ------
    ValueError
        If they are of another rank.
    """
    with name_scope("matrices_to_flat_transforms"):
        matrices = convert_to_tensor(transform_matrices, name="transform_matrices")
        if matrices.shape.ndims not in (2, 3):
            raise ValueError(f"matrices should be 2D or 3D, got: {matrices}")
        rows = reshape(matrices, constant([-1, 9]))
        rows /= rows[:, 8:9]
        return rows[:, :8]
