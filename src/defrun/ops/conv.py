"""Convolutions: the ops, and `conv2d`, `conv3d` and their gradients as users call them."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.ops.array import either, shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op
from defrun.ops.types import FLOAT, INDEX
from defrun.ops.window import SPATIAL, Window, out_size, sequence, window

_PADDINGS = ("SAME", "VALID", "EXPLICIT")
_FORMATS = ("NHWC", "NCHW")
_FORMATS_3D = ("NDHWC", "NCDHW")
_OLD = FLOAT - {dtypes.bfloat16}
_ONES = [1, 1, 1, 1]
_ONES_3D = [1, 1, 1, 1, 1]
_NO_PADDINGS: list[int] = []
_ATTRS = ("strides", "padding", "use_cudnn_on_gpu", "explicit_paddings", "data_format", "dilations")
_ATTRS_3D = ("strides", "padding", "data_format", "dilations")


# -- one meaning for all of them -------------------------------------------------------------------------------------


class _Form:
    """Where the axes are, and how the filter moves along the spatial ones."""

    def __init__(self, strides: Any, padding: str, explicit: Any, data_format: str, dilations: Any) -> None:
        rank = len(data_format)
        self.letters = data_format
        self.axes = [data_format.index(letter) for letter in SPATIAL[data_format]]
        self.channel = data_format.index("C")
        for what, values in (("strides", strides), ("dilations", dilations)):
            if len(values) != rank:
                raise ValueError(f"{what} must have {rank} numbers, got {list(values)}")
            if values[0] != 1 or values[self.channel] != 1:
                raise ValueError(f"{what} along the batch and the channels must be 1, got {list(values)}")
        self.strides = [strides[i] for i in self.axes]
        self.dilations = [dilations[i] for i in self.axes]
        self.padding = [self._pads(padding, explicit, i) for i in self.axes]

    def _pads(self, padding: str, explicit: Any, axis: int) -> Any:
        if padding != "EXPLICIT":
            if explicit:
                raise ValueError("explicit_paddings go with padding EXPLICIT only")
            return padding
        if len(explicit) != 2 * len(self.letters):
            raise ValueError(f"explicit_paddings must have {2 * len(self.letters)} numbers, got {list(explicit)}")
        if min(explicit) < 0 or any(explicit[2 * i] or explicit[2 * i + 1] for i in (0, self.channel)):
            raise ValueError(f"explicit_paddings must be 0 for the batch and the channels, got {list(explicit)}")
        return explicit[2 * axis], explicit[2 * axis + 1]

    def out(self, input: Dims, filter: Dims, least: int = 1) -> Dims:
        """The shape of the result; for `least` see `out_size`."""
        rank = len(self.letters)
        for dims in (input, filter):
            if dims is not None and len(dims) != rank:
                raise ValueError(f"Shape must be rank {rank} but is rank {len(dims)}")
        input, filter = input or (None,) * rank, filter or (None,) * rank
        depth, wanted = input[self.channel], filter[-2]
        if None not in (depth, wanted) and (wanted == 0 or depth % wanted):  # type: ignore[operator]
            raise ValueError(f"Dimensions must be equal, but are {depth} (input's channels) and {wanted} (filter's)")
        found = list(input)
        found[self.channel] = filter[-1]
        for axis, width, stride, pads, dilation in zip(self.axes, filter, self.strides, self.padding, self.dilations):
            found[axis] = out_size(input[axis], width, stride, pads, dilation, least)
        return tuple(found)

    def apply(self, input: Any, filter: Any) -> Any:
        """Convolve."""
        self.out(input.shape, filter.shape, least=0)
        sizes = [input.shape[axis] for axis in self.axes]
        windows = [window(*axis) for axis in zip(sizes, filter.shape, self.strides, self.padding, self.dilations)]
        letters, kernel = self.letters, SPATIAL[self.letters] + "IO"
        groups = input.shape[self.channel] // filter.shape[-2]
        alone = [i for i, w in enumerate(windows) if w.out == 1] if groups == 1 else []
        if alone:
            input, filter = self._as_channels(input, filter, windows, alone)
        kept = [i for i in range(len(windows)) if i not in alone]
        names = "".join(SPATIAL[letters][i] for i in kept)
        result = lax.conv_general_dilated(
            input,
            filter,
            [self.strides[i] for i in kept],
            [(windows[i].before, max(windows[i].after(sizes[i]), 0)) for i in kept],
            rhs_dilation=[self.dilations[i] for i in kept],
            dimension_numbers=(
                f"N{names}C" if alone else letters,
                f"{names}IO" if alone else kernel,
                "".join(letter for letter in letters if letter in names or letter in "NC"),
            ),
            feature_group_count=groups,
        )
        return lax.expand_dims(result, [self.axes[i] for i in alone])

    def _as_channels(self, input: Any, filter: Any, windows: list[Window], alone: list[int]) -> tuple[Any, Any]:
        """Make channels of the axes along which the filter has one place only: the places within it.

        A text as wide as its filter is the usual case. XLA's gradient for the input was 30 to 1000 times slower without
        this on x86, since it slides the filter over padding on both sides.
        """
        config = [(0, 0, 0)] * input.ndim
        for i in alone:
            axis, w = self.axes[i], windows[i]
            config[axis] = (w.before, w.after(input.shape[axis]), 0)
        input = lax.pad(input, jnp.zeros((), input.dtype), config)
        for i in alone:
            input = lax.slice_in_dim(input, 0, None, self.dilations[i], self.axes[i])
        kept = [i for i in range(len(windows)) if i not in alone]
        input = input.transpose(0, *(self.axes[i] for i in (*kept, *alone)), self.channel)
        filter = filter.transpose(*kept, *alone, -2 % filter.ndim, -1 % filter.ndim)
        outer = filter.shape[: len(kept)]
        return (
            input.reshape(*input.shape[: len(kept) + 1], math.prod(input.shape[len(kept) + 1 :])),
            filter.reshape(*outer, math.prod(filter.shape[len(kept) : -1]), filter.shape[-1]),
        )

    # The gradients are the transposes of the convolution, which is linear: JAX writes them as convolutions with other
    # dimension numbers. Matmuls over patches, sums over the filter's places and a split by the stride's phases were 1
    # to 4 times slower on x86 (3x3 and 5x5 filters, 3 to 128 channels).

    def to_input(self, dims: tuple[int, ...], filter: Any, grad: Any) -> Any:
        """The gradient for an input of shape `dims`."""
        self._belongs(dims, filter.shape, grad)
        return jax.linear_transpose(lambda x: self.apply(x, filter), jax.ShapeDtypeStruct(dims, grad.dtype))(grad)[0]

    def to_filter(self, input: Any, dims: tuple[int, ...], grad: Any) -> Any:
        """The gradient for a filter of shape `dims`."""
        self._belongs(input.shape, dims, grad)
        return jax.linear_transpose(lambda w: self.apply(input, w), jax.ShapeDtypeStruct(dims, grad.dtype))(grad)[0]

    def _belongs(self, input: Any, filter: Any, grad: Any) -> None:
        try:
            fits, text = self.out(tuple(input), tuple(filter), least=0) == grad.shape, ""
        except ValueError as error:
            fits, text = False, str(error)
        given = (shapes.text(grad.shape), shapes.text(input), shapes.text(filter))
        check(fits, InvalidArgumentError, "out_backprop of shape {} doesn't belong to an input of shape {} and a "
              "filter of shape {}. {}", *given, text)  # fmt: skip


def _dims(value: Any, rank: int) -> Dims:
    dims = dims_of(value)
    return (None,) * rank if dims is None else dims


def _convolved(input, filter, strides, padding, explicit_paddings, data_format, dilations):
    return _Form(strides, padding, explicit_paddings, data_format, dilations).out(input, filter)


def _input_dims(input_sizes, data_format):
    return _dims(input_sizes, len(data_format))


def _filter_dims(filter_sizes, data_format):
    return _dims(filter_sizes, len(data_format))


def _attrs(op: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: op.attrs[name] for name in names}


# -- two dimensions --------------------------------------------------------------------------------------------------


@op("Conv2D", "input: T, filter: T -> output: T", T=FLOAT, shape=_convolved, padding=_PADDINGS, data_format=_FORMATS)
def convolve_2d(
    input,
    filter,
    strides: list[int],
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: list[int] = _NO_PADDINGS,
    data_format: str = "NHWC",
    dilations: list[int] = _ONES,
):
    """Slide `filter` over `input`; `conv2d` is the function for users."""
    return _Form(strides, padding, explicit_paddings, data_format, dilations).apply(input, filter)


@convolve_2d.gradient
def _(op, grad):
    x, w = op.inputs
    attrs = _attrs(op, _ATTRS)
    return convolve_2d_to_input(shape(x), w, grad, **attrs), convolve_2d_to_filter(x, shape(w), grad, **attrs)


@op("Conv2DBackpropInput", "input_sizes: static int32[n], filter: T[h,w,c,d], out_backprop: T -> output: T", T=FLOAT,
    shape=_input_dims, padding=_PADDINGS, data_format=_FORMATS)  # fmt: skip
def convolve_2d_to_input(
    input_sizes,
    filter,
    out_backprop,
    strides: list[int],
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: list[int] = _NO_PADDINGS,
    data_format: str = "NHWC",
    dilations: list[int] = _ONES,
):
    """Gradient of `convolve_2d` with respect to its input, whose shape is `input_sizes`."""
    form = _Form(strides, padding, explicit_paddings, data_format, dilations)
    return form.to_input(sizes(input_sizes), filter, out_backprop)


@convolve_2d_to_input.gradient
def _(op, grad):
    _, w, out_backprop = op.inputs
    attrs = _attrs(op, _ATTRS)
    return None, convolve_2d_to_filter(grad, shape(w), out_backprop, **attrs), convolve_2d(grad, w, **attrs)


@op("Conv2DBackpropFilter", "input: T, filter_sizes: static int32[n], out_backprop: T -> output: T", T=FLOAT,
    shape=_filter_dims, padding=_PADDINGS, data_format=_FORMATS)  # fmt: skip
def convolve_2d_to_filter(
    input,
    filter_sizes,
    out_backprop,
    strides: list[int],
    padding: str,
    use_cudnn_on_gpu: bool = True,
    explicit_paddings: list[int] = _NO_PADDINGS,
    data_format: str = "NHWC",
    dilations: list[int] = _ONES,
):
    """Gradient of `convolve_2d` with respect to its filter, whose shape is `filter_sizes`."""
    form = _Form(strides, padding, explicit_paddings, data_format, dilations)
    return form.to_filter(input, sizes(filter_sizes), out_backprop)


@convolve_2d_to_filter.gradient
def _(op, grad):
    x, _, out_backprop = op.inputs
    attrs = _attrs(op, _ATTRS)
    return convolve_2d_to_input(shape(x), grad, out_backprop, **attrs), None, convolve_2d(x, grad, **attrs)


def explicit(padding: Any) -> tuple[Any, list[int]]:
    """Split the argument `padding` into the attrs ``padding`` and ``explicit_paddings``.

    Raises
    ------
    ValueError
        If it is a list, but not one of four pairs, or is the string ``"EXPLICIT"``.
    """
    if padding == "EXPLICIT":
        raise ValueError("To pad explicitly, give `padding` as a list of pairs, not as 'EXPLICIT'")
    if not isinstance(padding, (list, tuple)):
        return padding, []
    if len(padding) != 4 or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in padding):
        raise ValueError(f"A list given as `padding` must hold four pairs, got {padding}")
    return "EXPLICIT", [size for pair in padding for size in pair]


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Slide `filter` over `input` and sum the products at each place.

    Parameters
    ----------
    input : Tensor [batch, height, width, in_channels], or [batch, in_channels, height, width] for NCHW
    filter : Tensor [filter_height, filter_width, in_channels, channels]
    strides : int, or list of 1, 2 or 4
        Steps between places.
    padding : {"SAME", "VALID"} or list of four pairs
        Zeros put around `input`; a list gives them for each axis.
    use_cudnn_on_gpu : bool
        Has no effect.
    data_format : {"NHWC", "NCHW"}
    dilations : int, or list of 1, 2 or 4
        Distance between the filter's elements.
    name : str, optional
    filters : Tensor, optional
        The new name of `filter`.

    Returns
    -------
    Tensor [batch, out_height, out_width, channels]

    Raises
    ------
    ValueError
        If the shapes don't go together, or the filter doesn't fit.
    """
    padding, paddings = explicit(padding)
    data_format, strides, dilations = _expanded(data_format, strides, dilations)
    filter = either("filters", filters, "filter", filter)
    return convolve_2d(input, filter, strides, padding, use_cudnn_on_gpu, paddings, data_format, dilations, name=name)


def _expanded(data_format: str | None, strides: Any, dilations: Any) -> tuple[str, list[int], list[int]]:
    data_format = data_format or "NHWC"
    channel = 1 if data_format.startswith("NC") else 3
    return data_format, sequence(strides, 2, channel, "strides"), sequence(dilations, 2, channel, "dilations")


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Return the gradient of `conv2d` with respect to its input, of shape `input_sizes` (int32 [4])."""
    filter = either("filters", filters, "filter", filter)
    padding, paddings = explicit(padding)
    return convolve_2d_to_input(input_sizes, filter, out_backprop, strides, padding, use_cudnn_on_gpu, paddings,
                                data_format, dilations, name=name)  # fmt: skip


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Return the gradient of `conv2d` with respect to its filter, of shape `filter_sizes` (int32 [4])."""
    padding, paddings = explicit(padding)
    return convolve_2d_to_filter(input, filter_sizes, out_backprop, strides, padding, use_cudnn_on_gpu, paddings,
                                 data_format, dilations, name=name)  # fmt: skip


# -- three dimensions ------------------------------------------------------------------------------------------------


def _convolved_3d(input, filter, strides, padding, data_format, dilations):
    return _Form(strides, padding, (), data_format, dilations).out(input, filter)


@op("Conv3D", "input: T, filter: T -> output: T", T=FLOAT, shape=_convolved_3d, padding=_PADDINGS[:2],
    data_format=_FORMATS_3D)  # fmt: skip
def convolve_3d(
    input, filter, strides: list[int], padding: str, data_format: str = "NDHWC", dilations: list[int] = _ONES_3D
):
    """Slide `filter` over `input` in three dimensions; `conv3d` is the function for users."""
    return _Form(strides, padding, (), data_format, dilations).apply(input, filter)


@convolve_3d.gradient
def _(op, grad):
    x, w = op.inputs
    attrs = _attrs(op, _ATTRS_3D)
    return convolve_3d_to_input(shape(x), w, grad, **attrs), convolve_3d_to_filter(x, shape(w), grad, **attrs)


@op("Conv3DBackpropInputV2", "input_sizes: static Tshape[n], filter: T, out_backprop: T -> output: T", T=FLOAT,
    Tshape=(INDEX, dtypes.int32), shape=_input_dims, padding=_PADDINGS[:2], data_format=_FORMATS_3D)  # fmt: skip
def convolve_3d_to_input(
    input_sizes,
    filter,
    out_backprop,
    strides: list[int],
    padding: str,
    data_format: str = "NDHWC",
    dilations: list[int] = _ONES_3D,
):
    """Gradient of `convolve_3d` with respect to its input, whose shape is `input_sizes`."""
    return _Form(strides, padding, (), data_format, dilations).to_input(sizes(input_sizes), filter, out_backprop)


@convolve_3d_to_input.gradient
def _(op, grad):
    _, w, out_backprop = op.inputs
    attrs = _attrs(op, _ATTRS_3D)
    return None, convolve_3d_to_filter(grad, shape(w), out_backprop, **attrs), convolve_3d(grad, w, **attrs)


@op("Conv3DBackpropFilterV2", "input: T, filter_sizes: static int32[n], out_backprop: T -> output: T", T=FLOAT,
    shape=_filter_dims, padding=_PADDINGS[:2], data_format=_FORMATS_3D)  # fmt: skip
def convolve_3d_to_filter(
    input,
    filter_sizes,
    out_backprop,
    strides: list[int],
    padding: str,
    data_format: str = "NDHWC",
    dilations: list[int] = _ONES_3D,
):
    """Gradient of `convolve_3d` with respect to its filter, whose shape is `filter_sizes`."""
    return _Form(strides, padding, (), data_format, dilations).to_filter(input, sizes(filter_sizes), out_backprop)


@convolve_3d_to_filter.gradient
def _(op, grad):
    x, _, out_backprop = op.inputs
    attrs = _attrs(op, _ATTRS_3D)
    return convolve_3d_to_input(shape(x), grad, out_backprop, **attrs), None, convolve_3d(x, grad, **attrs)


@op("Conv3DBackpropInput", "input: T, filter: T, out_backprop: T -> output: T", T=_OLD,
    padding=_PADDINGS[:2])  # fmt: skip
def convolve_3d_to_input_like(
    input, filter, out_backprop, strides: list[int], padding: str, dilations: list[int] = _ONES_3D
):
    """`convolve_3d_to_input` with an input in place of its shape."""
    return _Form(strides, padding, (), "NDHWC", dilations).to_input(input.shape, filter, out_backprop)


@convolve_3d_to_input_like.shape
def _(input):
    return input


@convolve_3d_to_input_like.gradient
def _(op, grad):
    _, w, out_backprop = op.inputs
    attrs = _attrs(op, ("strides", "padding", "dilations"))
    return None, convolve_3d_to_filter(grad, shape(w), out_backprop, **attrs), convolve_3d(grad, w, **attrs)


@op("Conv3DBackpropFilter", "input: T, filter: T, out_backprop: T -> output: T", T=_OLD,
    padding=_PADDINGS[:2])  # fmt: skip
def convolve_3d_to_filter_like(
    input, filter, out_backprop, strides: list[int], padding: str, dilations: list[int] = _ONES_3D
):
    """`convolve_3d_to_filter` with a filter in place of its shape."""
    return _Form(strides, padding, (), "NDHWC", dilations).to_filter(input, filter.shape, out_backprop)


@convolve_3d_to_filter_like.shape
def _(filter):
    return filter


@convolve_3d_to_filter_like.gradient
def _(op, grad):
    x, _, out_backprop = op.inputs
    attrs = _attrs(op, ("strides", "padding", "dilations"))
    return convolve_3d_to_input(shape(x), grad, out_backprop, **attrs), None, convolve_3d(x, grad, **attrs)


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = _ONES_3D,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Slide `filter` over `input` in three dimensions and sum the products at each place.

    Parameters
    ----------
    input : Tensor [batch, depth, height, width, in_channels], or [batch, in_channels, ...] for NCDHW
    filter : Tensor [filter_depth, filter_height, filter_width, in_channels, channels]
    strides : list of 5 ints
    padding : {"SAME", "VALID"}
    data_format : {"NDHWC", "NCDHW"}
    dilations : list of 5 ints
    name : str, optional
    filters : Tensor, optional
        The new name of `filter`.

    Returns
    -------
    Tensor [batch, out_depth, out_height, out_width, channels]
    """
    filter = either("filters", filters, "filter", filter)
    return convolve_3d(input, filter, strides, padding, data_format, dilations, name=name)
