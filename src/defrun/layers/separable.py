"""Separable convolutions: each channel by itself first, then a mixture of the channels at each place."""

from __future__ import annotations

from typing import Any

from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor
from defrun.keras import constraint as constraints
from defrun.keras import initializer as initializers
from defrun.keras import regularizer as regularizers
from defrun.layers.base import InputSpec
from defrun.layers.convolutional import Convolution
from defrun.ops import array, nn
from defrun.ops.depthwise import separable_conv2d as separable_2d
from defrun.variables.initializers import zeros_initializer


class _Separable(Convolution):
    """A separable convolution over `rank` spatial axes; see the subclasses."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = zeros_initializer(),  # noqa: B008
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)
        self.pointwise_constraint = constraints.get(pointwise_constraint)
        self.depthwise_kernel: Any = None
        self.pointwise_kernel: Any = None

    def build(self, input_shape: Any) -> None:
        """Add the kernels [*kernel_size, depth, multiplier] and [1, ..., depth * multiplier, filters], and the bias."""
        depth = self._depth(TensorShape(input_shape))
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            shape=(*self.kernel_size, depth, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
            trainable=True,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            shape=(*(1,) * self.rank, self.depth_multiplier * depth, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
            trainable=True,
        )
        self._add_bias_weight()
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: depth})
        self.built = True

    def _separable(self, images: Tensor, depthwise: Any, pointwise: Any, strides: Any, rates: Any) -> Tensor:
        """Convolve images, and add the bias."""
        first = self.data_format == "channels_first"
        form = "NCHW" if first else "NHWC"
        padding = "VALID" if self.padding == "causal" else self.padding.upper()
        steps = (1, 1, *strides) if first else (1, *strides, 1)
        outputs = separable_2d(images, depthwise, pointwise, steps, padding, rates, data_format=form)
        return nn.bias_add(outputs, self.bias, data_format=form) if self.use_bias else outputs


class SeparableConv1D(_Separable):
    """Separable convolution over one spatial axis, of inputs [batch, width, channels].

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size, strides, dilation_rate : int, or a tuple with one per axis
    padding : {"valid", "same", "causal"}
    data_format : {"channels_last", "channels_first"}
    depth_multiplier : int
        How many channels the first step makes of each.
    depthwise_initializer, pointwise_initializer, depthwise_regularizer, pointwise_regularizer, \
depthwise_constraint, pointwise_constraint
        As those of a kernel, for the two steps.
    activation, use_bias, bias_initializer, bias_regularizer, activity_regularizer, bias_constraint, trainable, name
        See `Dense`.
    """

    rank = 1

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Convolve `inputs` as images of height 1."""
        inputs = self._padded(inputs)
        axis = 2 if self.data_format == "channels_first" else 1
        images = array.expand_dims(inputs, axis)
        depthwise = array.expand_dims(self.depthwise_kernel, 0)
        pointwise = array.expand_dims(self.pointwise_kernel, 0)
        rates = (1, *self.dilation_rate)
        outputs = array.squeeze(self._separable(images, depthwise, pointwise, self.strides * 2, rates), [axis])
        return outputs if self.activation is None else self.activation(outputs)


class SeparableConv2D(_Separable):
    """Separable convolution over two spatial axes, of inputs [batch, height, width, channels].

    Parameters as for `SeparableConv1D`.
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(filters, kernel_size, strides, padding, data_format, dilation_rate, *args, **kwargs)

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Convolve `inputs`."""
        outputs = self._separable(
            inputs, self.depthwise_kernel, self.pointwise_kernel, self.strides, self.dilation_rate
        )
        return outputs if self.activation is None else self.activation(outputs)


def _function(kind: type[_Separable], name: str, one: Any) -> Any:
    def apply(
        inputs: Any,
        filters: int,
        kernel_size: Any,
        strides: Any = one,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = one,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = zeros_initializer(),  # noqa: B008
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        reuse: bool | None = None,
    ) -> Tensor:
        layer = kind(
            filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer,
            pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint,
            pointwise_constraint, bias_constraint, trainable, name, _reuse=reuse, _scope=name,
        )  # fmt: skip
        return layer.apply(inputs)

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = f"Apply a new `{kind.__name__}` layer, or with `reuse` the one whose variables are under `name`."
    return apply


separable_conv1d = _function(SeparableConv1D, "separable_conv1d", 1)
separable_conv2d = _function(SeparableConv2D, "separable_conv2d", (1, 1))
