"""Pooling as users call it: `max_pool`, `avg_pool` and their kin for signals, images and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either, expand_dims, squeeze
from defrun.ops.convolution import check_steps
from defrun.ops.dilate import with_space_to_batch
from defrun.ops.pool import avg_pool_2d, avg_pool_3d, max_pool_2d, max_pool_3d, max_pool_argmax
from defrun.ops.window import sequence


def _format(data_format: str | None, channels_last: str, axes: int) -> tuple[str, int]:
    """The data format with its default, and its axis of channels."""
    data_format = data_format or channels_last
    return data_format, 1 if data_format.startswith("NC") else axes + 1


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Return the largest element of each window.

    Parameters
    ----------
    value : Tensor [batch, height, width, channels], or [batch, channels, height, width] for NCHW
    ksize, strides : int, or list of 1, 2 or 4
        Size of the window, and its steps.
    padding : {"SAME", "VALID"}
    data_format : {"NHWC", "NCHW"}
    name : str, optional
    input : Tensor, optional
        The new name of `value`.

    Returns
    -------
    Tensor [batch, out_height, out_width, channels]

    Raises
    ------
    ValueError
        If a window doesn't fit, or its size is 0.
    """
    value = either("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as scope:
        data_format, channel = _format(data_format, "NHWC", 2)
        ksize = sequence(ksize, 2, channel, "ksize")
        strides = sequence(strides, 2, channel, "strides")
        if 0 in ksize:
            raise ValueError("ksize cannot be zero.")
        return max_pool_2d(value, ksize, strides, padding, data_format, name=scope)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Return the mean of each window; padding doesn't count. The parameters are those of `max_pool`."""
    with name_scope(name, "AvgPool", [value]) as scope:
        value = either("input", input, "value", value)
        data_format, channel = _format(data_format, "NHWC", 2)
        ksize = sequence(ksize, 2, channel, "ksize")
        strides = sequence(strides, 2, channel, "strides")
        return avg_pool_2d(value, ksize, strides, padding, data_format, name=scope)


def max_pool2d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NHWC", name: str | None = None
) -> Tensor:
    """Return the largest element of each window; see `max_pool`."""
    return _pool(max_pool_2d, "MaxPool2d", 2, input, ksize, strides, padding, data_format, name)


def max_pool3d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC", name: str | None = None
) -> Tensor:
    """Return the largest element of each window of [batch, depth, height, width, channels]; see `max_pool`."""
    return _pool(max_pool_3d, "MaxPool3D", 3, input, ksize, strides, padding, data_format, name)


def avg_pool3d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NDHWC", name: str | None = None
) -> Tensor:
    """Return the mean of each window of [batch, depth, height, width, channels]; see `max_pool`."""
    return _pool(avg_pool_3d, "AvgPool3D", 3, input, ksize, strides, padding, data_format, name)


def _pool(
    op: Any, scope: str, n: int, input: Any, ksize: Any, strides: Any, padding: str, data_format: Any, name: Any
) -> Tensor:
    with name_scope(name, scope, [input]) as inside:
        data_format, channel = _format(data_format, "NHWC" if n == 2 else "NDHWC", n)
        ksize = sequence(ksize, n, channel, "ksize")
        strides = sequence(strides, n, channel, "strides")
        return op(input, ksize, strides, padding, data_format, name=inside)


def max_pool1d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NWC", name: str | None = None
) -> Tensor:
    """Return the largest element of each window of [batch, width, channels]; see `max_pool`."""
    return _pool1d(max_pool_2d, "MaxPool1d", input, ksize, strides, padding, data_format, name)


def avg_pool1d(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = "NWC", name: str | None = None
) -> Tensor:
    """Return the mean of each window of [batch, width, channels]; see `max_pool`."""
    return _pool1d(avg_pool_2d, "AvgPool1D", input, ksize, strides, padding, data_format, name)


def _pool1d(
    op: Any, scope: str, input: Any, ksize: Any, strides: Any, padding: str, data_format: Any, name: Any
) -> Tensor:
    with name_scope(name, scope, [input]) as inside:
        data_format, channel = _format(data_format, "NWC", 1)
        ksize = [1, *sequence(ksize, 1, channel, "ksize")]
        strides = [1, *sequence(strides, 1, channel, "strides")]
        new_axis, image = (1, "NHWC") if data_format == "NWC" else (2, "NCHW")
        result = op(expand_dims(input, new_axis), ksize, strides, padding, image, name=inside)
        return squeeze(result, new_axis)


def max_pool_v2(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """Return the largest element of each window, in as many dimensions as `input` has; see `max_pool`."""
    return _pool_by_rank((max_pool1d, max_pool_2d, max_pool_3d), input, ksize, strides, padding, data_format, name)


def avg_pool_v2(
    input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """Return the mean of each window, in as many dimensions as `input` has; see `max_pool`."""
    return _pool_by_rank((avg_pool1d, avg_pool_2d, avg_pool_3d), input, ksize, strides, padding, data_format, name)


def _pool_by_rank(
    ops: Any, input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None, name: str | None
) -> Tensor:
    n = len(input.shape) - 2
    if not 1 <= n <= 3:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {n + 2}.")
    channel = 1 if data_format is not None and data_format.startswith("NC") else n + 1
    ksize = sequence(ksize, n, channel, "ksize")
    strides = sequence(strides, n, channel, "strides")
    return ops[n - 1](input, ksize, strides, padding, data_format, name=name)


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return the largest element of each window, and where it stands.

    Parameters
    ----------
    input : Tensor [batch, height, width, channels]
    ksize, strides : int, or list of 1, 2 or 4
    padding : {"SAME", "VALID"}
    data_format : {"NHWC"}
    Targmax : {int64, int32}
    name : str, optional
    output_dtype : DType, optional
        The new name of `Targmax`.
    include_batch_in_index : bool
        Count the places through the whole input, not each image.

    Returns
    -------
    output, argmax : Tensor [batch, out_height, out_width, channels]
        ``argmax`` is ``(row * width + column) * channels + channel``.
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    kind = either("output_dtype", output_dtype, "Targmax", Targmax)
    return max_pool_argmax(input, ksize, strides, padding, kind, include_batch_in_index, name=name)


_POOLS: dict[tuple[str, int], Any] = {
    ("MAX", 1): max_pool,
    ("MAX", 2): max_pool,
    ("MAX", 3): max_pool3d,
    ("AVG", 1): avg_pool,
    ("AVG", 2): avg_pool,
    ("AVG", 3): avg_pool3d,
}


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: str,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Pool in one, two or three dimensions.

    Parameters
    ----------
    input : Tensor [batch, ..., channels], or [batch, channels, ...] if `data_format` begins with NC
    window_shape : list of n ints
    pooling_type : {"MAX", "AVG"}
    padding : {"SAME", "VALID"}
    dilation_rate : list of n ints, optional
        Distance between the window's elements; only with VALID and strides of 1.
    strides : list of n ints, optional
        At most `window_shape`.
    name : str, optional
    data_format : str, optional
    dilations : list of n ints, optional
        The new name of `dilation_rate`.
    """
    dilation_rate = either("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        n = len(window_shape)
        if not 1 <= n <= 3:
            raise ValueError(f"window_shape must have 1 to 3 numbers, got {n}")
        input.shape.assert_has_rank(n + 2)
        steps, rates = check_steps(n, strides, dilation_rate)
        if padding == "SAME" and (rates > 1).any():
            raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
        if (steps > np.asarray(window_shape)).any():
            raise ValueError(f"strides {steps.tolist()} > window_shape {list(window_shape)} are not supported")
        if (pooling_type, n) not in _POOLS:
            raise ValueError(f"{n}-D {pooling_type} pooling is not supported.")
        first = data_format is not None and data_format.startswith("NC")
        if n == 1 and data_format not in (None, "NWC", "NCW"):
            raise ValueError('data_format must be either "NWC" or "NCW".')
        image_format = data_format if n > 1 else "NCHW" if first else "NHWC"

        def full(values: Any) -> list[int]:
            spatial = [int(v) for v in values]
            found = [1, 1, *spatial] if first else [1, *spatial, 1]
            return [1, *found] if n == 1 else found

        axis = 2 if first else 1

        def apply(image: Tensor, _: int, pads: str) -> Tensor:
            image = expand_dims(image, axis) if n == 1 else image
            result = _POOLS[pooling_type, n](
                image, full(window_shape), full(steps), pads, data_format=image_format, name=scope
            )
            return squeeze(result, [axis]) if n == 1 else result

        return with_space_to_batch(input, rates, padding, apply, window_shape, range(axis, axis + n))
