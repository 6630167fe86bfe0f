"""Convolutions."""

from __future__ import annotations

from typing import Any

from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor
from defrun.keras import activation as activations
from defrun.keras import constraint as constraints
from defrun.keras import initializer as initializers
from defrun.keras import regularizer as regularizers
from defrun.layers.base import InputSpec, Layer
from defrun.layers.lookup import letters, normalize_data_format, normalize_padding, normalize_tuple
from defrun.ops import array, nn
from defrun.ops.arrange import pad
from defrun.ops.convolution import dilated_convolution, plain_convolution
from defrun.variables.initializers import zeros_initializer


class Convolution(Layer):
    """Slide a kernel over `rank` spatial axes; see the subclasses."""

    rank = 0

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = zeros_initializer(),  # noqa: B008
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding == "causal" and self.rank != 1:
            raise ValueError("Causal padding is only supported for `Conv1D` and `SeparableConv1D`.")
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, self.rank, "dilation_rate")
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.kernel: Any = None
        self.bias: Any = None
        self._called = False
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def _channel_axis(self) -> int:
        return 1 if self.data_format == "channels_first" else -1

    def build(self, input_shape: Any) -> None:
        """Add the kernel [*kernel_size, channels, filters] and the bias [filters]."""
        depth = self._depth(TensorShape(input_shape))
        self._add_kernel((*self.kernel_size, depth, self.filters))
        self._add_bias_weight()
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: depth})
        self.built = True

    def _depth(self, shape: TensorShape) -> int:
        depth: int | None = shape.as_list()[self._channel_axis]
        if depth is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        return depth

    def _add_kernel(self, shape: Any) -> None:
        self.kernel = self.add_weight(
            "kernel",
            shape=shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            trainable=True,
        )

    def _add_bias_weight(self) -> None:
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=(self.filters,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                trainable=True,
            )

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Convolve `inputs` with the kernel."""
        outputs = self._convolve(self._padded(inputs))
        if self.use_bias:
            outputs = self._add_bias(outputs)
        return outputs if self.activation is None else self.activation(outputs)

    def _padded(self, inputs: Any) -> Any:
        """Put zeros before the signal, so that nothing depends on what comes later."""
        if self.padding != "causal":
            return inputs
        left = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        spatial = 1 if self.data_format == "channels_last" else 2
        return pad(inputs, [[left if axis == spatial else 0, 0] for axis in range(3)])

    def _convolve(self, inputs: Tensor) -> Tensor:
        padding = "VALID" if self.padding == "causal" else self.padding.upper()
        form = letters(self.data_format, self.rank)
        if self._called and all(rate == 1 for rate in self.dilation_rate):
            return plain_convolution(self.rank, inputs, self.kernel, list(self.strides), padding, form, None)
        self._called = True  # the first call also adds the node that holds the dilation
        return dilated_convolution(inputs, self.kernel, padding, self.strides, self.dilation_rate, None, form)

    def _add_bias(self, outputs: Tensor) -> Tensor:
        if self.data_format == "channels_first" and self.rank == 1:
            return outputs + array.reshape(self.bias, (1, self.filters, 1))
        return nn.bias_add(
            outputs, self.bias, data_format="NCHW" if self.data_format == "channels_first" else "NHWC"
        )

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of the output for inputs of `input_shape`."""
        shape = TensorShape(input_shape).as_list()
        first = self.data_format == "channels_first"
        spatial = shape[2:] if first else shape[1:-1]
        steps = zip(spatial, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        out = [conv_output_length(n, k, self.padding, s, d) for n, k, s, d in steps]
        return TensorShape([shape[0], self.filters, *out] if first else [shape[0], *out, self.filters])


def conv_output_length(length: int | None, kernel: int, padding: str, stride: int, dilation: int = 1) -> int | None:
    """Return how many windows of `kernel` fit along an axis."""
    if length is None:
        return None
    reach = kernel + (kernel - 1) * (dilation - 1)
    room = length - reach + 1 if padding == "valid" else length
    return (room + stride - 1) // stride


class Conv1D(Convolution):
    """Convolution over one spatial axis, of inputs [batch, width, channels].

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size, strides, dilation_rate : int, or a tuple with one per axis
    padding : {"valid", "same", "causal"}
    data_format : {"channels_last", "channels_first"}
    activation : callable or name, optional
    use_bias, trainable : bool
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer,
    kernel_constraint, \
bias_constraint
        See `Dense`.
    name : str, optional
    """

    rank = 1


class Conv2D(Convolution):
    """Convolution over two spatial axes, of inputs [batch, height, width, channels]. Parameters as for `Conv1D`."""

    rank = 2

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), *args: Any, **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, strides, *args, **kwargs)


class Conv3D(Convolution):
    """Convolution over three spatial axes, of inputs [batch, depth, height, width, channels].

    Parameters as for `Conv1D`.
    """

    rank = 3

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), *args: Any, **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, strides, *args, **kwargs)


def _function(kind: type[Convolution], one: Any) -> Any:
    def apply(
        inputs: Any,
        filters: int,
        kernel_size: Any,
        strides: Any = one,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = one,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = zeros_initializer(),  # noqa: B008
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        reuse: bool | None = None,
    ) -> Tensor:
        layer = kind(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            trainable,
            name,
            _reuse=reuse,
            _scope=name,
        )
        return layer.apply(inputs)

    apply.__name__ = apply.__qualname__ = kind.__name__.lower()
    apply.__doc__ = f"Apply a new `{kind.__name__}` layer, or with `reuse` the one whose variables are under `name`."
    return apply


conv1d = _function(Conv1D, 1)
conv2d = _function(Conv2D, (1, 1))
conv3d = _function(Conv3D, (1, 1, 1))

