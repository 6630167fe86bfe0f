"""Moving blocks of pixels between axes: into the depth, or into the batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import either
from defrun.ops.axes import sizes
from defrun.ops.creation import zeros
from defrun.ops.declare import op
from defrun.ops.join import stack
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX

# -- depth -----------------------------------------------------------------------------------------------------------

_FORMATS = ("NHWC", "NCHW", "NCHW_VECT_C")


def _places(data_format: str) -> tuple[int, int, int]:
    """The axes of height, width and depth."""
    if data_format == "NCHW_VECT_C":
        raise NotImplementedError("data_format NCHW_VECT_C")
    return (1, 2, 3) if data_format == "NHWC" else (2, 3, 1)


def _resized(input, block_size, data_format, deeper):
    if input is None:
        return (None,) * 4
    if len(input) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(input)}")
    height, width, depth = _places(data_format)
    dims = list(input)
    for axis, factor in ((height, block_size), (width, block_size), (depth, block_size**2)):
        size = dims[axis]
        grows = (axis == depth) == deeper
        if size is not None and not grows and size % factor:
            raise ValueError(f"Dimension size must be evenly divisible by {factor} but is {size}")
        dims[axis] = None if size is None else size * factor if grows else size // factor
    return tuple(dims)


def _ran(input, block_size, data_format, deeper):
    """The same at run time, where the sizes are known."""
    try:
        return _resized(input.shape, block_size, data_format, deeper)
    except ValueError as error:
        check(False, InvalidArgumentError, "{}", error)
        raise


@op("SpaceToDepth", "input: T -> output: T", data_format=_FORMATS)
def _space_to_depth(input, block_size: int, data_format: str = "NHWC"):
    """Put each block of pixels into the depth of one."""
    wanted = _ran(input, block_size, data_format, deeper=True)
    s = block_size
    if data_format == "NHWC":
        b, h, w, c = input.shape
        return input.reshape(b, h // s, s, w // s, s, c).transpose(0, 1, 3, 2, 4, 5).reshape(wanted)
    b, c, h, w = input.shape
    return input.reshape(b, c, h // s, s, w // s, s).transpose(0, 3, 5, 1, 2, 4).reshape(wanted)


@_space_to_depth.shape
def _(input, block_size, data_format):
    return _resized(input, block_size, data_format, deeper=True)


@_space_to_depth.gradient
def _(op, grad):
    return _depth_to_space(grad, block_size=op.get_attr("block_size"), data_format=op.get_attr("data_format"))


@op("DepthToSpace", "input: T -> output: T", data_format=_FORMATS)
def _depth_to_space(input, block_size: int, data_format: str = "NHWC"):
    """Spread the depth of each pixel over a block of pixels."""
    wanted = _ran(input, block_size, data_format, deeper=False)
    s = block_size
    if data_format == "NHWC":
        b, h, w, c = input.shape
        return input.reshape(b, h, w, s, s, c // s**2).transpose(0, 1, 3, 2, 4, 5).reshape(wanted)
    b, c, h, w = input.shape
    return input.reshape(b, s, s, c // s**2, h, w).transpose(0, 3, 4, 1, 5, 2).reshape(wanted)


@_depth_to_space.shape
def _(input, block_size, data_format):
    return _resized(input, block_size, data_format, deeper=False)


@_depth_to_space.gradient
def _(op, grad):
    return _space_to_depth(grad, block_size=op.get_attr("block_size"), data_format=op.get_attr("data_format"))


def space_to_depth(input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC") -> Tensor:
    """Put each block of pixels into the depth of one.

    Parameters
    ----------
    input : Tensor [batch, height, width, depth]
    block_size : int
        At least 2; height and width are multiples of it.
    name : str, optional
    data_format : {"NHWC", "NCHW"}

    Returns
    -------
    Tensor [batch, height / block_size, width / block_size, depth * block_size ** 2]
    """
    return _space_to_depth(input, block_size, data_format, name=name)


def depth_to_space(input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC") -> Tensor:
    """Spread the depth of each pixel over a block of pixels.

    Parameters
    ----------
    input : Tensor [batch, height, width, depth]
    block_size : int
        At least 2; depth is a multiple of its square.
    name : str, optional
    data_format : {"NHWC", "NCHW"}

    Returns
    -------
    Tensor [batch, height * block_size, width * block_size, depth / block_size ** 2]
    """
    return _depth_to_space(input, block_size, data_format, name=name)


# -- batch -----------------------------------------------------------------------------------------------------------


def _blocked(input, block_shape, paddings):
    if input is None or block_shape is None:
        return None if input is None else (None,) * len(input)
    axes = len(block_shape)
    if len(input) <= axes:
        raise ValueError(f"Shape must be at least rank {axes + 1} but is rank {len(input)}")
    rows = [(None, None)] * axes if paddings is None else paddings
    dims = list(input)
    for i, (block, (a, b)) in enumerate(zip(block_shape, rows, strict=True), start=1):
        dims[0] = None if None in (dims[0], block) else dims[0] * int(block)
        if None in (dims[i], block, a, b):
            dims[i] = None
        else:
            dims[i] += int(a) + int(b)
            if dims[i] % int(block):
                raise ValueError(f"Dimension size must be evenly divisible by {block} but is {dims[i]}")
            dims[i] //= int(block)
    return tuple(dims)


@op("SpaceToBatchND", "input: T, block_shape: static Tblock_shape[m], paddings: static Tpaddings[m,2] -> output: T",
    shape=_blocked, Tblock_shape=(INDEX, dtypes.int32), Tpaddings=(INDEX, dtypes.int32))  # fmt: skip
def space_to_batch_nd(input, block_shape, paddings):
    """Pad the axes after the first and spread their blocks over the batch, which is the first axis.

    Parameters
    ----------
    input : Tensor [batch, ...]
    block_shape : int32 or int64 Tensor [m]
        The blocks' sizes along axes 1 to m.
    paddings : int32 or int64 Tensor [m, 2]

    Returns
    -------
    Tensor [batch * product of block_shape, ...]

    Raises
    ------
    InvalidArgumentError
        If a padded axis is no multiple of its block.
    """
    blocks, m = sizes(block_shape), len(block_shape)
    widths = [(0, 0), *map(tuple, paddings.tolist()), *[(0, 0)] * (input.ndim - 1 - m)]
    x = namespace(input).pad(input, widths)
    for size, block in zip(x.shape[1:], blocks, strict=False):
        check(size % block == 0, InvalidArgumentError,
              "padded_shape[i]={} is not divisible by block_shape[i]={}", size, block)  # fmt: skip
    batch, rest = x.shape[0], x.shape[m + 1 :]
    small = [d // b for d, b in zip(x.shape[1:], blocks, strict=False)]
    x = x.reshape(batch, *(n for pair in zip(small, blocks, strict=True) for n in pair), *rest)
    inner, outer = range(2, 2 * m + 1, 2), range(1, 2 * m + 1, 2)
    x = x.transpose(*inner, 0, *outer, *range(2 * m + 1, x.ndim))
    return x.reshape(batch * math.prod(blocks), *small, *rest)


@space_to_batch_nd.gradient
def _(op, grad):
    return batch_to_space_nd(grad, op.inputs[1], op.inputs[2]), None, None


@op("BatchToSpaceND", "input: T, block_shape: static Tblock_shape[m], crops: static Tcrops[m,2] -> output: T",
    Tblock_shape=(INDEX, dtypes.int32), Tcrops=(INDEX, dtypes.int32))  # fmt: skip
def batch_to_space_nd(input, block_shape, crops):
    """Undo `space_to_batch_nd`: gather blocks from the batch and crop.

    Parameters
    ----------
    input : Tensor [batch, ...]
    block_shape : int32 or int64 Tensor [m]
    crops : int32 or int64 Tensor [m, 2]

    Returns
    -------
    Tensor [batch / product of block_shape, ...]

    Raises
    ------
    InvalidArgumentError
        If the batch is no multiple of the blocks' product.
    """
    blocks, m = sizes(block_shape), len(block_shape)
    parts = math.prod(blocks)
    check(input.shape[0] % parts == 0, InvalidArgumentError,
          "Input batch dimension ({}) is not divisible by product of block sizes ({})",
          input.shape[0], parts)  # fmt: skip
    batch, small, rest = input.shape[0] // parts, input.shape[1 : m + 1], input.shape[m + 1 :]
    x = input.reshape(*blocks, batch, *small, *rest)
    order = [m, *(axis for i in range(m) for axis in (m + 1 + i, i)), *range(2 * m + 1, x.ndim)]
    x = x.transpose(order).reshape(batch, *(d * b for d, b in zip(small, blocks, strict=True)), *rest)
    cut = [slice(a, d - b) for d, (a, b) in zip(x.shape[1:], crops.tolist(), strict=False)]
    return x[(slice(None), *cut)]


@batch_to_space_nd.shape
def _(input, block_shape, crops):
    if input is None or block_shape is None:
        return None if input is None else (None,) * len(input)
    rows = [(None, None)] * len(block_shape) if crops is None else crops
    dims = list(input)
    for i, (block, (a, b)) in enumerate(zip(block_shape, rows, strict=True), start=1):
        if None in (dims[0], block):
            dims[0] = None
        elif dims[0] % int(block):
            raise ValueError(f"Dimension size must be evenly divisible by {block} but is {dims[0]}")
        else:
            dims[0] //= int(block)
        dims[i] = None if None in (dims[i], block, a, b) else dims[i] * int(block) - int(a) - int(b)
        if dims[i] is not None and dims[i] < 0:
            raise ValueError(f"Negative dimension size {dims[i]} after cropping")
    return tuple(dims)


@batch_to_space_nd.gradient
def _(op, grad):
    return space_to_batch_nd(grad, op.inputs[1], op.inputs[2]), None, None


def space_to_batch(
    input: Any, paddings: Any, block_size: int | None = None, name: str | None = None, block_shape: int | None = None
) -> Tensor:
    """Spread square blocks of pixels over the batch.

    Parameters
    ----------
    input : Tensor [batch, height, width, depth]
    paddings : int32 Tensor [2, 2]
    block_size : int
    name : str, optional
    block_shape : int, optional
        The new name of `block_size`.
    """
    size = either("block_shape", block_shape, "block_size", block_size)
    result = space_to_batch_nd(input, np.array([size, size], np.int64), paddings, name=name)
    result.set_shape([None] * 4)
    return result


def batch_to_space(
    input: Any, crops: Any, block_size: int | None = None, name: str | None = None, block_shape: int | None = None
) -> Tensor:
    """Undo `space_to_batch`.

    Parameters
    ----------
    input : Tensor [batch, height, width, depth]
    crops : int32 Tensor [2, 2]
    block_size : int
    name : str, optional
    block_shape : int, optional
        The new name of `block_size`.
    """
    size = either("block_shape", block_shape, "block_size", block_size)
    result = batch_to_space_nd(input, np.array([size, size], np.int64), crops, name=name)
    result.set_shape([None] * 4)
    return result


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return the paddings that make `input_shape` a multiple of `block_shape`, and the crops that undo the surplus.

    Parameters
    ----------
    input_shape : int32 Tensor [n]
    block_shape : int32 Tensor [n]
    base_paddings : int32 Tensor [n, 2], optional
        Padding that is wanted anyway.
    name : str, optional

    Returns
    -------
    paddings, crops : int32 Tensor [n, 2]

    Raises
    ------
    ValueError
        If n is unknown or the shapes differ.
    """
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        input_shape = convert_to_tensor(input_shape, dtype=dtypes.int32, name="input_shape")
        block_shape = convert_to_tensor(block_shape, dtype=dtypes.int32, name="block_shape")
        block_shape.shape.assert_is_fully_defined()
        block_shape.shape.assert_has_rank(1)
        axes = block_shape.dims[0]
        if axes == 0:
            return zeros([0, 2], dtypes.int32), zeros([0, 2], dtypes.int32)
        input_shape.shape.assert_is_compatible_with([axes])
        if base_paddings is None:
            base_paddings = zeros([axes, 2], dtypes.int32)
        else:
            base_paddings = convert_to_tensor(base_paddings, dtype=dtypes.int32, name="base_paddings")
            base_paddings.shape.assert_is_compatible_with([axes, 2])
        known = [constant_value(t) for t in (block_shape, input_shape, base_paddings)]
        if all(value is not None for value in known):
            block_shape, input_shape, base_paddings = known
        before, after = base_paddings[:, 0], base_paddings[:, 1]
        whole = input_shape + before + after
        surplus = (block_shape - whole % block_shape) % block_shape
        after = after + surplus
        paddings = stack([[before[i], after[i]] for i in range(axes)], name="paddings")
        crops = stack([[0, surplus[i]] for i in range(axes)], name="crops")
        return paddings, crops
