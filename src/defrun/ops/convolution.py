"""Convolutions as users call them, beyond `conv2d` and `conv3d`: other ranks, dilated ones, transposed ones."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np

from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either, expand_dims, shape, squeeze
from defrun.ops.blocks import batch_to_space, space_to_batch
from defrun.ops.conv import conv2d, convolve_2d, convolve_2d_to_input, convolve_3d, convolve_3d_to_input
from defrun.ops.dilate import spaced
from defrun.ops.join import concat
from defrun.ops.window import sequence


def _flat_format(data_format: str | None, formats: dict[Any, str]) -> tuple[str, int, int]:
    """The image format for a signal, the axis to put in, and the signal's axis of channels."""
    if data_format not in formats:
        raise ValueError(f'data_format must be "NWC" or "NCW", got {data_format!r}')
    found = formats[data_format]
    return (found, 1, 2) if found == "NHWC" else (found, 2, 1)


_SIGNALS = {None: "NHWC", "NHWC": "NHWC", "NWC": "NHWC", "NCHW": "NCHW", "NCW": "NCHW"}
_SIGNALS_ONLY = {None: "NHWC", "NWC": "NHWC", "NCW": "NCHW"}


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Slide `filters` over a signal.

    Parameters
    ----------
    value : Tensor [batch, width, in_channels], or [batch, in_channels, width] for NCW
    filters : Tensor [filter_width, in_channels, channels]
    stride : int, or list of 1 or 3
    padding : {"SAME", "VALID"}
    use_cudnn_on_gpu : bool
        Has no effect.
    data_format : {"NWC", "NCW"}
    name : str, optional
    input : Tensor, optional
        The new name of `value`.
    dilations : int, or list of 1 or 3, optional

    Returns
    -------
    Tensor [batch, out_width, channels]
    """
    value = either("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        image_format, new_axis, channel = _flat_format(data_format, _SIGNALS)
        strides = [1, *sequence(stride, 1, channel, "stride")]
        dilations = [1, *sequence(dilations, 1, channel, "dilations")]
        image = expand_dims(value, new_axis)
        filters = expand_dims(filters, 0)
        result = convolve_2d(image, filters, strides, padding, use_cudnn_on_gpu, data_format=image_format,
                             dilations=dilations, name=scope)  # fmt: skip
        return squeeze(result, [new_axis])


def convolution(
    input: Any,
    filter: Any = None,
    padding: Any = None,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Slide `filter` over `input` of one, two or three spatial axes.

    Parameters
    ----------
    input : Tensor [batch, ..., in_channels], or [batch, in_channels, ...] if `data_format` begins with NC
    filter : Tensor [..., in_channels, channels]
    padding : {"SAME", "VALID"}
    strides : list of n ints, optional
    dilation_rate : list of n ints, optional
        Distance between the filter's elements; other than 1 only with strides of 1.
    name : str, optional
    data_format : str, optional
    filters, dilations : optional
        New names of `filter` and `dilation_rate`.

    Returns
    -------
    Tensor [batch, ..., channels]

    Raises
    ------
    ValueError
        If the shapes don't go together, or both a stride and a dilation are larger than 1.
    """
    filter = either("filters", filters, "filter", filter)
    dilation_rate = either("dilations", dilations, "dilation_rate", dilation_rate)
    rank = _rank(input, filter)
    n = rank - 2
    channel = 1 if data_format is not None and data_format.startswith("NC") else n + 1
    strides = sequence(strides, n, channel, "strides")
    rates = sequence(dilation_rate, n, channel, "dilations")
    with name_scope(name, "convolution", [input, filter]) as scope:
        if all(rate == 1 for rate in rates):
            if n == 1:
                return conv1d(input, filter, strides, padding, data_format=data_format, dilations=rates, name=scope)
            convolve = convolve_2d if n == 2 else convolve_3d
            return convolve(input, filter, strides, padding, data_format=data_format, dilations=rates, name=scope)
        spatial = slice(2, None) if channel == 1 else slice(1, -1)
        return dilated_convolution(input, filter, padding, strides[spatial], rates[spatial], scope, data_format)


def _rank(input: Any, filter: Any) -> int:
    for value in (input, filter):
        rank = TensorShape(value.shape).rank
        if rank is not None:
            if not 3 <= rank <= 5:
                raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
            return rank
    raise ValueError("rank of input or filter must be known")


def check_steps(n: int, strides: Any, rates: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return strides and dilations as int32 vectors of `n` numbers; `ValueError` if they can't be used together."""
    steps = []
    for what, values in (("dilation_rate", rates), ("strides", strides)):
        values = [1] * n if values is None else values
        if len(values) != n:
            raise ValueError(f"{what} must have {n} numbers, got {len(values)}")
        steps.append(np.array(values, np.int32))
        if (steps[-1] < 1).any():
            raise ValueError(f"all numbers of {what} must be positive, got {list(values)}")
    if (steps[0] > 1).any() and (steps[1] > 1).any():
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    return steps[1], steps[0]


def dilated_convolution(
    input: Any, filter: Any, padding: str, strides: Any, rates: Any, scope: str | None, data_format: str | None
) -> Tensor:
    """Convolve with dilations, by way of `space_to_batch` where one is larger than 1."""
    image_shape, filter_shape = TensorShape(input.shape), TensorShape(filter.shape)
    n = _rank(input, filter) - 2
    for shape_ in (image_shape, filter_shape):
        shape_.assert_has_rank(n + 2)
    channels_first = data_format is not None and data_format.startswith("NC")
    depth = None if image_shape.rank is None else image_shape.as_list()[1 if channels_first else n + 1]
    wanted = None if filter_shape.rank is None else filter_shape.as_list()[n]
    if None not in (depth, wanted) and depth != wanted:
        raise ValueError(f"input has {depth} channels, but filter is for {wanted}")
    strides, rates = check_steps(n, strides, rates)

    def build(_: int, pads: str) -> Any:
        return lambda image: plain_convolution(n, image, filter, strides.tolist(), pads, data_format, scope)

    channels = None if filter_shape.rank is None else filter_shape.as_list()[-1]
    axes = range(2, n + 2) if channels_first else range(1, n + 1)
    return spaced(input, rates, padding, build, filter_shape, axes, data_format, channels)


def plain_convolution(
    n: int, image: Any, filter: Any, strides: list[int], padding: str, data_format: Any, scope: str | None
) -> Tensor:
    """Convolve without dilation."""
    if n == 1:
        return conv1d(image, filter, strides[0], padding, data_format=data_format or "NWC", name=scope)
    channels_first = data_format is not None and data_format.startswith("NC")
    if data_format not in ((None, "NHWC", "NCHW") if n == 2 else (None, "NDHWC", "NCDHW")):
        raise ValueError(f"data_format {data_format!r} doesn't go with {n} spatial axes")
    steps = [1, 1, *strides] if channels_first else [1, *strides, 1]
    if n == 2:
        return conv2d(image, filter, steps, padding, data_format=data_format, name=scope)
    return convolve_3d(image, filter, steps, padding, data_format=data_format, name=scope)


def atrous_conv2d(value: Any, filters: Any, rate: int, padding: str, name: str | None = None) -> Tensor:
    """Convolve with a filter whose elements are `rate` pixels apart.

    Parameters
    ----------
    value : Tensor [batch, height, width, in_channels]
    filters : Tensor [filter_height, filter_width, in_channels, channels]
    rate : int
    padding : {"SAME", "VALID"}
    name : str, optional

    Returns
    -------
    Tensor [batch, out_height, out_width, channels]
    """
    return convolution(value, filters, padding, dilation_rate=np.broadcast_to(rate, (2,)), name=name)


# -- transposed ------------------------------------------------------------------------------------------------------


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of `conv2d`: what leads from its result's shape back to its input's ("deconvolution").

    Parameters
    ----------
    value : Tensor [batch, height, width, in_channels], or [batch, in_channels, height, width] for NCHW
    filter : Tensor [filter_height, filter_width, channels, in_channels]
    output_shape : int32 Tensor [4]
    strides : int, or list of 1, 2 or 4
    padding : {"SAME", "VALID"}
    data_format : {"NHWC", "NCHW"}
    name : str, optional
    input, filters : Tensor, optional
        New names of `value` and `filter`.
    dilations : int, or list of 1, 2 or 4, optional

    Returns
    -------
    Tensor of shape `output_shape`

    Raises
    ------
    InvalidArgumentError
        When run, if `conv2d` wouldn't make the shape of `value` of `output_shape`.
    """
    value = either("input", input, "value", value)
    filter = either("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        data_format = data_format or "NHWC"
        channel = 1 if data_format.startswith("NC") else 3
        strides = sequence(strides, 2, channel, "strides")
        dilations = sequence(dilations, 2, channel, "dilations")
        return convolve_2d_to_input(output_shape, filter, value, strides, padding, data_format=data_format,
                                    dilations=dilations, name=scope)  # fmt: skip


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transpose of `conv1d`.

    Parameters
    ----------
    input : Tensor [batch, width, in_channels], or [batch, in_channels, width] for NCW
    filters : Tensor [filter_width, channels, in_channels]
    output_shape : int32 Tensor [3]
    strides : int, or list of 1 or 3
    padding : {"SAME", "VALID"}
    data_format : {"NWC", "NCW"}
    dilations : int, or list of 1 or 3, optional
    name : str, optional
    """
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        image_format, new_axis, channel = _flat_format(data_format, _SIGNALS_ONLY)
        strides = [1, *sequence(strides, 1, channel, "stride")]
        dilations = [1, *sequence(dilations, 1, channel, "dilations")]
        image = expand_dims(input, new_axis)
        filters = expand_dims(filters, 0)
        sizes = output_shape if isinstance(output_shape, Tensor) else list(output_shape)
        sizes = concat([sizes[:new_axis], [1], sizes[new_axis:]], 0)
        result = convolve_2d_to_input(sizes, filters, image, strides, padding, data_format=image_format,
                                      dilations=dilations, name=scope)  # fmt: skip
        return squeeze(result, new_axis)


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of `conv3d`.

    Parameters
    ----------
    value : Tensor [batch, depth, height, width, in_channels], or [batch, in_channels, ...] for NCDHW
    filter : Tensor [filter_depth, filter_height, filter_width, channels, in_channels]
    output_shape : int32 Tensor [5]
    strides : int, or list of 1, 3 or 5
    padding : {"SAME", "VALID"}
    data_format : {"NDHWC", "NCDHW"}
    name : str, optional
    input, filters : Tensor, optional
        New names of `value` and `filter`.
    dilations : int, or list of 1, 3 or 5, optional
    """
    filter = either("filters", filters, "filter", filter)
    value = either("input", input, "value", value)
    with name_scope(name, "conv3d_transpose", [value, output_shape]) as scope:
        data_format = data_format or "NDHWC"
        channel = 1 if data_format.startswith("NC") else 4
        strides = sequence(strides, 3, channel, "strides")
        dilations = sequence(dilations, 3, channel, "dilations")
        return convolve_3d_to_input(output_shape, filter, value, strides, padding, data_format, dilations, name=scope)


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transpose of `convolution`, for one, two or three spatial axes as `output_shape` has them."""
    with name_scope(name, "conv_transpose", [input, output_shape]) as scope:
        if isinstance(output_shape, Tensor):
            n = int(output_shape.shape[0]) - 2
        elif isinstance(output_shape, Sized):
            n = len(output_shape) - 2
        else:
            raise ValueError(f"output_shape must be a tensor or a list, got {output_shape!r}")
        if not 1 <= n <= 3:
            raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {n + 2}.")
        if n == 1:
            return conv1d_transpose(input, filters, output_shape, strides, padding, data_format, dilations, scope)
        transpose = conv2d_transpose if n == 2 else conv3d_transpose
        return transpose(input, filters, output_shape, strides, padding, data_format, scope, dilations=dilations)


def atrous_conv2d_transpose(
    value: Any, filters: Any, output_shape: Any, rate: int, padding: str, name: str | None = None
) -> Tensor:
    """The transpose of `atrous_conv2d`.

    Parameters
    ----------
    value : Tensor [batch, height, width, in_channels]
    filters : Tensor [filter_height, filter_width, channels, in_channels]
    output_shape : int32 Tensor [4], or list
    rate : int
        Distance between the filter's elements.
    padding : {"SAME", "VALID"}
    name : str, optional
    """
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value = convert_to_tensor(value, name="value")
        filters = convert_to_tensor(filters, name="filters")
        if not value.shape[3].is_compatible_with(filters.shape[3]):
            raise ValueError(f"value has {value.shape[3]} channels, but filters are for {filters.shape[3]}")
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if rate == 1:
            return conv2d_transpose(value, filters, output_shape, [1, 1, 1, 1], padding, "NHWC")
        sizes = convert_to_tensor(output_shape, name="output_shape")
        sizes.shape.assert_is_compatible_with([4])
        if isinstance(output_shape, tuple):
            output_shape = list(output_shape)
        if isinstance(output_shape, (list, np.ndarray)) and not filters.shape[2].is_compatible_with(output_shape[3]):
            raise ValueError(f"output_shape has {output_shape[3]} channels, but filters give {filters.shape[2]}")
        before, after = _atrous_padding(filters, rate, padding)
        height = output_shape[1] + before[0] + after[0]
        width = output_shape[2] + before[1] + after[1]
        extra = [(rate - height % rate) % rate, (rate - width % rate) % rate]
        blocks = space_to_batch(value, [[0, extra[0]], [0, extra[1]]], rate)
        batch = rate * rate * output_shape[0]
        within = [(height + extra[0]) // rate, (width + extra[1]) // rate]
        blocks = convolve_2d_to_input(
            [batch, *within, output_shape[3]], filters, blocks, [1, 1, 1, 1], "VALID", data_format="NHWC"
        )
        crops = [[before[0], after[0] + extra[0]], [before[1], after[1] + extra[1]]]
        return batch_to_space(blocks, crops, rate)


def _atrous_padding(filters: Tensor, rate: int, padding: str) -> tuple[Sequence[Any], Sequence[Any]]:
    if padding == "VALID":
        return (0, 0), (0, 0)
    if padding != "SAME":
        raise ValueError(f"padding must be either VALID or SAME: {padding}")
    sizes: Any = filters.shape.as_list() if filters.shape.is_fully_defined() else shape(filters)
    height, width = sizes[0], sizes[1]
    reach = [height + (height - 1) * (rate - 1), width + (width - 1) * (rate - 1)]
    surplus = [reach[0] - 1, reach[1] - 1]
    top = surplus[0] // 2
    bottom = surplus[0] - top
    left = surplus[1] // 2
    return (top, left), (bottom, surplus[1] - left)
