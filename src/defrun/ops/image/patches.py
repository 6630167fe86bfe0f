"""Patches of images and volumes: what a sliding window sees, as the channels of a smaller image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base.errors import InvalidArgumentError, OutOfRangeError, UnimplementedError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.image.taps import Array, Taps
from defrun.ops.types import REAL
from defrun.ops.window import Window, out_size, window

_PADDINGS = ("SAME", "VALID")

# -- windows along the axes between the first and the last -----------------------------------------------------------


def _steps(sizes: Sequence[int], rank: int, name: str) -> list[int]:
    """The numbers for the spatial axes; 1 for batch and channels."""
    ok = len(sizes) == rank and sizes[0] == sizes[-1] == 1
    check(ok, UnimplementedError, f"{name} must be 1 along batch and channels, got {{}}", list(sizes))
    check(min(sizes) > 0, OutOfRangeError, f"{name} must be positive, got {{}}", list(sizes))
    return list(sizes[1:-1])


def _windows(dims: Sequence[int], ksizes: Any, strides: Any, rates: Any, padding: str) -> list[Window]:
    rank = len(ksizes)
    check(len(dims) == rank, InvalidArgumentError, "images must be of rank {}, got the shape {}", rank, dims)
    parts = [_steps(s, rank, n) for s, n in ((ksizes, "ksizes"), (strides, "strides"), (rates, "rates"))]
    return [window(n, k, s, padding, r) for n, k, s, r in zip(dims[1:-1], *parts)]


def _places(w: Window, before: int) -> Array:
    """Where each window's elements are: [windows, size], counted from `before` elements ahead of the axis."""
    return np.arange(w.out)[:, None] * w.stride + np.arange(w.size) * w.dilation + before - w.before


def _unfold(x: Any, windows: list[Window]) -> Any:
    """What all windows see: [batch, windows..., sizes... * channels]."""
    dims = x.shape
    for i, w in enumerate(windows):
        axis = 1 + 2 * i
        behind = max(w.after(x.shape[axis]), 0)
        pads = [(w.before, behind, 0) if a == axis else (0, 0, 0) for a in range(x.ndim)]
        padded = lax.pad(x, jnp.zeros((), x.dtype), pads)
        x = jnp.take(padded, _places(w, w.before), axis=axis, mode="clip")
    n = len(windows)
    order = [0, *range(1, 2 * n, 2), *range(2, 2 * n + 1, 2), 2 * n + 1]
    depth = math.prod(w.size for w in windows) * dims[-1]
    return x.transpose(order).reshape(dims[0], *(w.out for w in windows), depth)


def _fold(patches: Any, windows: list[Window], dims: Sequence[int]) -> Any:
    """Add up, for each element of an array of `dims`, what all windows say of it."""
    n = len(windows)
    if not patches.size:
        return jnp.zeros(dims, patches.dtype)
    x = patches.reshape(dims[0], *(w.out for w in windows), *(w.size for w in windows), dims[-1])
    x = x.transpose([0, *(a for i in range(1, n + 1) for a in (i, n + i)), 2 * n + 1])
    for i, w in enumerate(windows):
        size = dims[1 + i]
        place = _places(w, 0).reshape(-1, 1)
        inside = (place >= 0) & (place < size)
        taps = Taps(np.where(inside, place, 0).astype(np.int32), inside.astype(np.float32)).reversed(size)
        x = taps.apply(x.reshape(*x.shape[: i + 1], w.out * w.size, *x.shape[i + 3 :]), i + 1)
    return x


def _patched(dims: Dims, ksizes: Any, strides: Any, rates: Any, padding: str) -> Dims:
    rank = len(ksizes)
    lengths = {len(strides), len(rates), rank, *([] if dims is None else [len(dims)])}
    if len(lengths) > 1:
        raise ValueError(f"images, ksizes, strides and rates don't go together: {dims}, {ksizes}, {strides}, {rates}")
    if dims is None:
        return (None,) * rank
    spatial = zip(dims[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1])
    out = [out_size(n, k, s, padding, r, least=0) for n, k, s, r in spatial]
    depth = None if dims[-1] is None else dims[-1] * math.prod(ksizes[1:-1])
    return dims[0], *out, depth


# -- images ----------------------------------------------------------------------------------------------------------


@op("ExtractImagePatches", "images: T -> patches: T", T=REAL, padding=_PADDINGS)
def _extract_image_patches(images, ksizes: list[int], strides: list[int], rates: list[int], padding: str):
    """What a sliding window sees; see `extract_image_patches`."""
    return _unfold(images, _windows(images.shape, ksizes, strides, rates, padding))


@_extract_image_patches.shape
def _(images, ksizes, strides, rates, padding):
    if len(ksizes) != 4:
        raise ValueError(f"ksizes must be 4 numbers, got {ksizes}")
    return _patched(images, ksizes, strides, rates, padding)


def _attrs(op: Any, *names: str) -> dict[str, Any]:
    return {name: op.attrs[name] for name in names}


@_extract_image_patches.gradient
def _(op, grad):
    return _image_patches_grad(op.inputs[0], grad, **_attrs(op, "ksizes", "strides", "rates", "padding"))


@op("ImagePatchesGrad", "images: T, grad: T -> output: T", T=REAL, padding=_PADDINGS)
def _image_patches_grad(images, grad, ksizes: list[int], strides: list[int], rates: list[int], padding: str):
    """Gradient of `extract_image_patches`; only the shape of `images` matters."""
    return _fold(grad, _windows(images.shape, ksizes, strides, rates, padding), images.shape)


@_image_patches_grad.shape
def _(images):
    return images


@_image_patches_grad.gradient
def _(op, grad):
    return None, _extract_image_patches(grad, **_attrs(op, "ksizes", "strides", "rates", "padding"))


def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: str | None = None,
    name: str | None = None,
    sizes: Any = None,
) -> Tensor:
    """Put what a sliding window sees into the channels of a smaller image.

    Parameters
    ----------
    images : Tensor [batch, height, width, channels]
    ksizes, sizes : list of 4 int
        The window: ``[1, height, width, 1]``.
    strides : list of 4 int
        How far it moves: ``[1, down, right, 1]``.
    rates : list of 4 int
        How far apart the elements are that it sees: ``[1, down, right, 1]``.
    padding : {"SAME", "VALID"}
    name : str, optional

    Returns
    -------
    Tensor [batch, rows, columns, window height * window width * channels]

    Raises
    ------
    ValueError
        If a window doesn't fit or there are other than 4 numbers.
    """
    ksizes = either("sizes", sizes, "ksizes", ksizes)
    return _extract_image_patches(images, ksizes, strides, rates, padding, name=name)


def extract_image_patches_v2(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Tensor:
    """`extract_image_patches` by its later names."""
    return _extract_image_patches(images, sizes, strides, rates, padding, name=name)


# -- volumes ---------------------------------------------------------------------------------------------------------


@op("ExtractVolumePatches", "input: T -> patches: T", T=REAL, padding=_PADDINGS)
def extract_volume_patches(input, ksizes: list[int], strides: list[int], padding: str):
    """Put what a sliding block sees into the channels of a smaller volume.

    Parameters
    ----------
    input : Tensor [batch, depth, height, width, channels]
    ksizes : list of 5 int
        The block: ``[1, depth, height, width, 1]``.
    strides : list of 5 int
        How far it moves.
    padding : {"SAME", "VALID"}

    Returns
    -------
    Tensor [batch, planes, rows, columns, size of the block * channels]

    Raises
    ------
    ValueError
        If a block doesn't fit or there are other than 5 numbers.
    """
    return _unfold(input, _windows(input.shape, ksizes, strides, [1] * 5, padding))


@extract_volume_patches.shape
def _(input, ksizes, strides, padding):
    if len(ksizes) != 5:
        raise ValueError(f"ksizes must be 5 numbers, got {ksizes}")
    return _patched(input, ksizes, strides, [1] * 5, padding)


@extract_volume_patches.gradient
def _(op, grad):
    return _volume_patches_grad(op.inputs[0], grad, **_attrs(op, "ksizes", "strides", "padding"))


@op("VolumePatchesGrad", "input: T, grad: T -> output: T", T=REAL, padding=_PADDINGS)
def _volume_patches_grad(input, grad, ksizes: list[int], strides: list[int], padding: str):
    """Gradient of `extract_volume_patches`; only the shape of `input` matters."""
    return _fold(grad, _windows(input.shape, ksizes, strides, [1] * 5, padding), input.shape)


@_volume_patches_grad.shape
def _(input):
    return input


@_volume_patches_grad.gradient
def _(op, grad):
    return None, extract_volume_patches(grad, **_attrs(op, "ksizes", "strides", "padding"))
