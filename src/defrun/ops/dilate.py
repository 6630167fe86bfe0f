"""Dilated windows by way of `space_to_batch`: pixels that a dilated window sees together become neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.array import shape
from defrun.ops.blocks import batch_to_space_nd, required_space_to_batch_paddings, space_to_batch_nd
from defrun.ops.join import concat, stack

BuildOp = Callable[[int, str], Callable[[Tensor], Tensor]]


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: str,
    op: Callable[[Tensor, int, str], Tensor],
    filter_shape: Any = None,
    spatial_dims: Sequence[int] | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Apply `op` as if its window were dilated.

    Parameters
    ----------
    input : Tensor
    dilation_rate : int32 Tensor [n]
        Distance between the elements of the window, for each spatial axis.
    padding : {"SAME", "VALID"}
    op : function
        Gets the image, n and the padding that is left to do.
    filter_shape : int32 Tensor, optional
        Needed for SAME; its first n numbers are the window's sizes.
    spatial_dims : list of int, optional
        The axes that the window moves along: 1 to n, or 2 to n + 1 if `data_format` begins with NC.
    data_format : str, optional

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If the rates are not positive, or the spatial axes not in order.
    """
    image = convert_to_tensor(input, name="input")
    return spaced(image, dilation_rate, padding, lambda n, pads: lambda x: op(x, n, pads), filter_shape, spatial_dims,
                  data_format)  # fmt: skip


def spaced(
    image: Tensor,
    dilation_rate: Any,
    padding: str,
    build: BuildOp,
    filter_shape: Any,
    spatial_dims: Sequence[int] | None,
    data_format: str | None,
    channels: Any = None,
) -> Tensor:
    """The same for an op that is made before it is applied; `channels` is what NC images have afterwards, if known."""
    rate = convert_to_tensor(dilation_rate, dtypes.int32, name="dilation_rate")
    if rate.dims is None or len(rate.dims) != 1 or rate.dims[0] is None:
        raise ValueError(f"dilation_rate must be a vector of known length, got shape {rate.shape}")
    n = rate.dims[0]
    channels_first = data_format is not None and data_format.startswith("NC")
    axes = _spatial(spatial_dims, n, 2 if channels_first else 1)
    wanted = axes[-1] if channels_first else axes[-1] + 1
    if image.dims is not None and len(image.dims) < wanted:
        raise ValueError(f"input tensor must have rank {wanted} at least, not {len(image.dims)}")
    known = constant_value(rate)
    if known is not None and (known < 1).any():
        raise ValueError(f"dilation_rate must be positive, got {known.tolist()}")
    if known is not None and (known == 1).all():
        return build(n, padding)(image)
    base = _base_paddings(filter_shape, n, rate if known is None else known, padding)
    apply = build(n, "VALID")
    return _between(image, rate, axes, base, apply, channels if channels_first else None)


def _spatial(given: Sequence[int] | None, n: int, start: int) -> list[int]:
    if given is None:
        return list(range(start, n + start))
    axes = [int(axis) for axis in given]
    if axes != sorted(set(axes)) or any(axis < 1 for axis in axes):
        raise ValueError(f"spatial_dims must be increasing positive integers, got {axes}")
    return axes


def _base_paddings(filter_shape: Any, n: int, rate: Any, padding: str) -> Any:
    """What SAME would pad for the dilated window, whose stride is 1."""
    if padding == "VALID":
        return np.zeros([n, 2], np.int32)
    if padding != "SAME":
        raise ValueError(f"padding must be SAME or VALID, got {padding!r}")
    if filter_shape is None:
        raise ValueError("filter_shape must be specified for SAME padding")
    sizes = convert_to_tensor(filter_shape, name="filter_shape")
    known = constant_value(sizes)
    window = (sizes if known is None else known)[:n]
    surplus = window + (window - 1) * (rate - 1) - 1
    before = surplus // 2
    after = surplus - before
    return stack([[before[i], after[i]] for i in range(n)])


def _between(
    image: Tensor, rate: Tensor, axes: list[int], base: Any, apply: Callable[[Tensor], Tensor], channels: Any
) -> Tensor:
    sizes: Any = None if image.dims is None else [image.dims[axis] for axis in axes]
    if sizes is None or None in sizes:
        whole = shape(image)
        sizes = stack([whole[axis] for axis in axes])
    paddings, crops = required_space_to_batch_paddings(sizes, rate, base)
    blocks = _for_axes(rate, 1, axes)
    paddings = _for_axes(paddings, 0, axes)
    crops = _for_axes(crops, 0, axes)
    result = apply(space_to_batch_nd(image, blocks, paddings))
    result = batch_to_space_nd(result, blocks, crops)
    if channels is not None and result.dims is not None and result.dims[1] is None:
        result.set_shape([*result.dims[:1], channels, *result.dims[2:]])
    return result


def _for_axes(values: Tensor, fill: int, axes: list[int]) -> Any:
    """Rows for the axes 1 up to the last of `axes`: those of `values`, and `fill` for the axes between."""
    known = constant_value(values)
    rows = values if known is None else known
    parts: list[Any] = []
    before = 0
    at = 0
    while at < len(axes):
        first = at
        if axes[at] > 1:
            shape_of_fill = [axes[at] - 1 - before, *values.dims[1:]]  # type: ignore[index]
            parts.append(np.full(shape_of_fill, fill, values.dtype.as_numpy_dtype))
        while at + 1 < len(axes) and axes[at + 1] == axes[at] + 1:
            at += 1
        parts.append(rows[first : at + 1])
        before = axes[at]
        at += 1
    return concat(parts, 0) if known is None else np.concatenate(parts)
