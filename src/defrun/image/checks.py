"""What the functions on images make sure of, and sizes that are Python numbers where they are known."""

from __future__ import annotations

from typing import Any

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.ops.array import expand_dims, rank, shape, squeeze
from defrun.ops.asserts import assert_equal, assert_greater_equal, assert_positive
from defrun.ops.checks import Assert
from defrun.ops.flow import with_dependencies
from defrun.ops.join import unstack
from defrun.ops.limits import maximum, minimum


def is_tensor(value: Any) -> bool:
    """Whether `value` is a tensor or a variable, not a number."""
    return isinstance(value, Tensor) or hasattr(value, "_as_graph_element")


def check_image(image: Tensor) -> list[Operation]:
    """Return assertions that `image` has three axes at least and is not empty; none, if that is known to hold.

    Raises
    ------
    ValueError
        If it is known not to hold.
    """
    dims = image.dims
    if dims is not None and len(dims) < 3:
        raise ValueError(f"'image' must be at least three-dimensional, got the shape {image.shape}")
    if dims is not None and 0 in dims:
        raise ValueError(f"all dims of 'image.shape' must be > 0: {image.shape}")
    if dims is not None and None not in dims:
        return []
    positive = assert_positive(shape(image), ["all dims of 'image.shape' must be > 0."])
    return [positive, assert_greater_equal(rank(image), 3, message="'image' must be at least three-dimensional.")]


def checked_image(image: Tensor) -> Tensor:
    """Return `image` as a tensor that is there only if `check_image` holds."""
    return with_dependencies(check_image(image), image)


def checked_grayscale(image: Any) -> Any:
    """Return `image` as a tensor that is there only if its last axis has one channel."""
    return with_dependencies(_check_grayscale(image), image)


def _check_grayscale(image: Any) -> list[Operation]:
    dims = image.get_shape()
    if dims.ndims is None:
        dims = dims.with_rank(2)
    elif dims.ndims < 2:
        raise ValueError(f"A grayscale image must be at least two-dimensional, got the shape {dims}")
    if dims.is_fully_defined():
        if dims.as_list()[-1] != 1:
            raise ValueError(f"Last dimension of a grayscale image should be size 1, got the shape {dims}")
        return []
    one = assert_equal(shape(image)[-1], 1, message="Last dimension of a grayscale image should be size 1.")
    return [one, assert_greater_equal(rank(image), 3, message="A grayscale image must be at least two-dimensional.")]


def require(condition: Any, text: str) -> list[Operation]:
    """Return an assertion of `condition`, if that is a tensor.

    Raises
    ------
    ValueError
        If it is not, and doesn't hold.
    """
    if is_tensor(condition):
        return [Assert(condition, [text])]
    if not condition:
        raise ValueError(text)
    return []


def rank_of_image(image: Tensor) -> int:
    """Return 3 or 4, the rank; 3 if it is not known.

    Raises
    ------
    ValueError
        If it is another.
    """
    if image.dims is None:
        return 3
    if len(image.dims) not in (3, 4):
        raise ValueError(f"'image' must have either 3 or 4 dimensions, got the shape {image.shape}")
    return len(image.dims)


def as_batch(image: Any) -> tuple[Tensor, bool]:
    """Return `image` as a batch of images, and whether it was one. What is of unknown rank is taken for one image."""
    image = convert_to_tensor(image, name="image")
    if rank_of_image(image) == 4:
        return image, True
    unknown = image.dims is None
    batch = expand_dims(image, 0)
    if unknown:
        batch.set_shape([None] * 4)
    return batch, False


def as_given(batch: Tensor, was_batch: bool) -> Tensor:
    """Undo `as_batch`."""
    return batch if was_batch else squeeze(batch, axis=[0])


def image_sizes(image: Tensor, ndims: int = 4) -> list[Any]:
    """Return the size of each axis: numbers where known, else tensors."""
    if image.shape.is_fully_defined():
        return image.shape.as_list()
    static = image.shape.with_rank(ndims).as_list()
    return [s if s is not None else d for s, d in zip(static, unstack(shape(image), ndims))]


def known_sizes(sizes: list[Any]) -> list[int | None]:
    """Return which of `sizes` are numbers."""
    return [None if is_tensor(size) else size for size in sizes]


def larger(x: Any, y: Any) -> Any:
    """The larger of two numbers or tensors."""
    return maximum(x, y) if is_tensor(x) or is_tensor(y) else max(x, y)


def smaller(x: Any, y: Any) -> Any:
    """The smaller of two numbers or tensors."""
    return minimum(x, y) if is_tensor(x) or is_tensor(y) else min(x, y)
