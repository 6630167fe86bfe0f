"""`tf.contrib.layers`: transposed and separable convolutions, those within a channel, and biases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable, model_variable_getter
from defrun.contrib.layers.initializers import xavier_initializer
from defrun.contrib.layers.layers import applied, finish
from defrun.contrib.layers.utils import (
    channel_dimension,
    get_variable_collections,
    last_dimension,
    two_element_tuple,
)
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.layers.separable import SeparableConv2D
from defrun.layers.transposed import Conv2DTranspose, Conv3DTranspose
from defrun.ops import nn
from defrun.ops.activation import relu as relu_op
from defrun.ops.arrange import tile
from defrun.ops.depthwise import depthwise_conv2d
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import variable_scope


def _transposed(kind: type[Any], name: str, default: str, formats: tuple[str, str]) -> Callable[..., Any]:
    def convolve(
        inputs: Any,
        num_outputs: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: str = "SAME",
        data_format: str = formats[0],
        activation_fn: Callable[[Any], Any] | None = relu_op,
        normalizer_fn: Callable[..., Any] | None = None,
        normalizer_params: dict[str, Any] | None = None,
        weights_initializer: Any = xavier_initializer(),  # noqa: B008
        weights_regularizer: Any = None,
        biases_initializer: Any = zeros_initializer(),  # noqa: B008
        biases_regularizer: Any = None,
        reuse: bool | None = None,
        variables_collections: Any = None,
        outputs_collections: Any = None,
        trainable: bool = True,
        scope: Any = None,
    ) -> Tensor:
        getter = model_variable_getter({"bias": "biases", "kernel": "weights"})
        with variable_scope(scope, default, [inputs], reuse=reuse, custom_getter=getter) as sc:
            if data_format not in formats:
                raise ValueError(f"data_format has to be either {formats[1]} or {formats[0]}.")
            inputs = convert_to_tensor(inputs)
            layer = kind(
                num_outputs,
                kernel_size,
                strides=stride,
                padding=padding,
                data_format="channels_first" if data_format.startswith("NC") else "channels_last",
                use_bias=bool(not normalizer_fn and biases_initializer),
                kernel_initializer=weights_initializer,
                bias_initializer=biases_initializer,
                kernel_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                name=sc.name,
                dtype=inputs.dtype.base_dtype,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = applied(layer, inputs, variables_collections)
            return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)

    convolve.__name__ = convolve.__qualname__ = name
    convolve.__doc__ = f"""Apply a `{kind.__name__}` layer, then a normalizer, then an activation.

    Parameters as for `tf.contrib.layers.convolution`; `data_format` is {formats[0]} or {formats[1]}.
    """
    return add_arg_scope(convolve)


conv2d_transpose = convolution2d_transpose = _transposed(
    Conv2DTranspose, "convolution2d_transpose", "Conv2d_transpose", ("NHWC", "NCHW")
)
conv3d_transpose = convolution3d_transpose = _transposed(
    Conv3DTranspose, "convolution3d_transpose", "Conv3d_transpose", ("NDHWC", "NCDHW")
)


@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: int | None,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Callable[[Any], Any] | None = relu_op,
    normalizer_fn: Callable[..., Any] | None = None,
    normalizer_params: dict[str, Any] | None = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Convolve each channel by itself, then mix the channels at each place.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels], or [batch, channels, height, width] for NCHW
    num_outputs : int or None
        Channels of the mixture; None leaves the second step out.
    kernel_size, stride, rate : int, or a list of 2
    depth_multiplier : int
        How many channels the first step makes of each.
    padding : {"SAME", "VALID"}
    data_format : {"NHWC", "NCHW"}
    pointwise_initializer : Initializer, optional
        Of the second step's kernel, if it is not `weights_initializer`.
    activation_fn, normalizer_fn, normalizer_params, weights_initializer, weights_regularizer, biases_initializer, \
biases_regularizer, reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the data format is none of these.
    """
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    getter = model_variable_getter({
        "bias": "biases", "depthwise_kernel": "depthwise_weights", "pointwise_kernel": "pointwise_weights",
    })  # fmt: skip
    with variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse, custom_getter=getter) as sc:
        inputs = convert_to_tensor(inputs)
        use_bias = bool(not normalizer_fn and biases_initializer)
        if num_outputs is None:
            outputs = _depthwise(
                inputs, kernel_size, depth_multiplier, stride, padding, data_format, rate,
                {"initializer": weights_initializer, "regularizer": weights_regularizer, "trainable": trainable},
                variables_collections,
            )  # fmt: skip
            if normalizer_fn is None and biases_initializer is not None:
                channels = channel_dimension(outputs.shape, "channels_first" if data_format == "NCHW" else "")
                biases = model_variable(
                    "biases",
                    shape=[channels],
                    dtype=inputs.dtype.base_dtype,
                    initializer=biases_initializer,
                    regularizer=biases_regularizer,
                    trainable=trainable,
                    collections=get_variable_collections(variables_collections, "biases"),
                )
                outputs = nn.bias_add(outputs, biases, data_format=data_format)
            return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)
        layer = SeparableConv2D(
            num_outputs,
            kernel_size,
            strides=stride,
            padding=padding,
            data_format="channels_first" if data_format == "NCHW" else "channels_last",
            dilation_rate=two_element_tuple(rate),
            depth_multiplier=depth_multiplier,
            use_bias=use_bias,
            depthwise_initializer=weights_initializer,
            pointwise_initializer=weights_initializer if pointwise_initializer is None else pointwise_initializer,
            bias_initializer=biases_initializer,
            depthwise_regularizer=weights_regularizer,
            pointwise_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = applied(layer, inputs, variables_collections, "depthwise_kernel", "pointwise_kernel")
        return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


separable_conv2d = separable_convolution2d


def _depthwise(
    inputs: Tensor, kernel_size: Any, multiplier: int, stride: Any, padding: str, data_format: str, rate: Any,
    settings: dict[str, Any], variables_collections: Any,
) -> Tensor:  # fmt: skip
    """Convolve each channel by itself."""
    first = data_format == "NCHW"
    channels = channel_dimension(inputs.shape, "channels_first" if first else "", min_rank=4)
    weights = model_variable(
        "depthwise_weights",
        shape=[*two_element_tuple(kernel_size), channels, multiplier],
        dtype=inputs.dtype.base_dtype,
        collections=get_variable_collections(variables_collections, "weights"),
        **settings,
    )
    steps = two_element_tuple(stride)
    strides = [1, 1, *steps] if first else [1, *steps, 1]
    return depthwise_conv2d(
        inputs, weights, strides, padding, rate=two_element_tuple(rate), data_format=data_format
    )


@add_arg_scope
def convolution2d_in_plane(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    activation_fn: Callable[[Any], Any] | None = relu_op,
    normalizer_fn: Callable[..., Any] | None = None,
    normalizer_params: dict[str, Any] | None = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Convolve every channel by itself with the same kernel, of images [batch, height, width, channels].

    Parameters as for `tf.contrib.layers.convolution`.
    """
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as sc:
        kind = inputs.dtype.base_dtype
        steps = two_element_tuple(stride)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = model_variable(
            "weights",
            shape=[*two_element_tuple(kernel_size), 1, 1],
            dtype=kind,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            collections=get_variable_collections(variables_collections, "weights"),
            trainable=trainable,
        )
        outputs = depthwise_conv2d(inputs, tile(weights, [1, 1, channels, 1]), [1, *steps, 1], padding)
        if normalizer_fn is None and biases_initializer is not None:
            biases = model_variable(
                "biases",
                shape=[channels],
                dtype=kind,
                initializer=biases_initializer,
                regularizer=biases_regularizer,
                collections=get_variable_collections(variables_collections, "biases"),
                trainable=trainable,
            )
            outputs = nn.bias_add(outputs, biases)
        return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


conv2d_in_plane = convolution2d_in_plane


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Callable[[Any], Any] | None = None,
    initializer: Any = zeros_initializer(),  # noqa: B008
    regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """Add a bias, which is a variable, to each channel.

    Raises
    ------
    ValueError
        If the rank or the number of channels is not known, or NCHW is asked for other than images.
    """
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is not None and rank != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        biases = model_variable(
            "biases",
            shape=[channel_dimension(inputs.shape, "channels_first" if data_format == "NCHW" else "")],
            dtype=inputs.dtype.base_dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        outputs = nn.bias_add(inputs, biases, data_format=data_format)
        return finish(outputs, None, None, activation_fn, outputs_collections, sc.name)
