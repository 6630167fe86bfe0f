"""Images mirrored, turned and transposed."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.image.checks import checked_image, rank_of_image
from defrun.ops.arrange import reverse
from defrun.ops.arrange import transpose as transpose_array
from defrun.ops.array import reshape, shape
from defrun.ops.cast import cast
from defrun.ops.compare import equal, greater_equal, less, logical_or
from defrun.ops.control import cond
from defrun.ops.creation import zeros_like
from defrun.ops.join import stack
from defrun.ops.limits import round as round_
from defrun.ops.math import floormod
from defrun.ops.random import random_uniform
from defrun.ops.slicing import strided_slice


def _like(image: Tensor, result: Tensor) -> Tensor:
    """Tell `result` the shape of `image`."""
    result.set_shape(image.shape if image.dims is not None else [None, None, None])
    return result


def flip_left_right(image: Any) -> Tensor:
    """Mirror an image, or each of a batch, such that left is right.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]

    Raises
    ------
    ValueError
        If it is of another rank.
    """
    return _flip(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """Mirror an image, or each of a batch, such that up is down; see `flip_left_right`."""
    return _flip(image, 0, "flip_up_down")


def _flip(image: Any, axis: int, scope_name: str) -> Tensor:
    with name_scope(None, scope_name, [image]):
        image = checked_image(convert_to_tensor(image, name="image"))
        if rank_of_image(image) == 3:
            return _like(image, reverse(image, [axis]))
        return reverse(image, [axis + 1])


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """Mirror an image, or each of a batch by itself, with a chance of one half, such that left is right.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    seed : int, optional
        See `get_seed`.

    Raises
    ------
    ValueError
        If it is of another rank.
    """
    return _random_flip(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """Mirror an image, or each of a batch by itself, such that up is down; see `random_flip_left_right`."""
    return _random_flip(image, 0, seed, "random_flip_up_down")


def _random_flip(image: Any, axis: int, seed: int | None, scope_name: str) -> Tensor:
    with name_scope(None, scope_name, [image]) as scope:
        image = checked_image(convert_to_tensor(image, name="image"))
        if rank_of_image(image) == 3:
            mirrored = less(random_uniform([], 0, 1.0, seed=seed), 0.5)
            return _like(image, cond(mirrored, lambda: reverse(image, [axis]), lambda: image, name=scope))
        batch = shape(image)[0]
        drawn = random_uniform([batch], 0, 1.0, seed=seed)
        flips = cast(round_(reshape(drawn, [batch, 1, 1, 1])), image.dtype)
        flipped = reverse(image, [axis + 1])
        return flips * flipped + (1 - flips) * image


def transpose(image: Any, name: str | None = None) -> Tensor:
    """Exchange height and width of an image, or of each of a batch.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    name : str, optional

    Raises
    ------
    ValueError
        If it is of another rank.
    """
    with name_scope(name, "transpose", [image]):
        image = checked_image(convert_to_tensor(image, name="image"))
        order = [1, 0, 2] if rank_of_image(image) == 3 else [0, 2, 1, 3]
        return transpose_array(image, order, name=name or "transpose")


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """Turn an image, or each of a batch, by 90 degrees to the left, `k` times.

    Parameters
    ----------
    image : Tensor [height, width, channels] or [batch, height, width, channels]
    k : int or int32 Tensor []
    name : str, optional

    Raises
    ------
    ValueError
        If `image` is of another rank, or `k` no scalar.
    """
    with name_scope(name, "rot90", [image, k]):
        image = checked_image(convert_to_tensor(image, name="image"))
        k = convert_to_tensor(k, dtype=dtypes.int32, name="k")
        k.shape.assert_has_rank(0)
        turns = floormod(k, 4)
        row = rank_of_image(image) - 3
        up, left = _step(greater_equal(turns, 2)), _step(logical_or(equal(turns, 1), equal(turns, 2)))
        steps = stack([1] * row + [up, left, 1])
        everything = (1 << (row + 3)) - 1
        mirrored = strided_slice(
            image, zeros_like(steps), zeros_like(steps), steps, begin_mask=everything, end_mask=everything
        )
        odd = cast(floormod(turns, 2), dtypes.int32)
        order = stack([*range(row), row + odd, row + 1 - odd, row + 2])
        result = transpose_array(mirrored, order)
        dims = image.shape.with_rank(row + 3).as_list()
        result.set_shape([*dims[:row], None, None, dims[-1]])
        return result


def _step(backwards: Tensor) -> Tensor:
    """-1 where `backwards` holds, else 1."""
    return 1 - 2 * cast(backwards, dtypes.int32)
