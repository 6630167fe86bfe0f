"""Transposed convolutions: from the shape of a convolution's result back to that of its input."""

from __future__ import annotations

from typing import Any

from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor
from defrun.layers.base import InputSpec
from defrun.layers.convolutional import Convolution
from defrun.layers.lookup import letters
from defrun.ops import array, nn
from defrun.ops.arrange import transpose
from defrun.ops.convolution import conv2d_transpose as transpose_2d
from defrun.ops.convolution import conv3d_transpose as transpose_3d
from defrun.ops.join import stack
from defrun.variables.initializers import zeros_initializer


def deconv_output_length(length: Any, kernel: int, padding: str, stride: int) -> Any:
    """Return how long an axis becomes; a number, a scalar tensor, or None for what is not known."""
    if length is None:
        return None
    return length * stride + max(kernel - stride, 0) if padding == "valid" else length * stride


class _Transposed(Convolution):
    """The transpose of a convolution over `rank` spatial axes; see the subclasses."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
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
        super().__init__(
            filters, kernel_size, strides, padding, data_format, 1, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, trainable, name, **kwargs,
        )  # fmt: skip

    def build(self, input_shape: Any) -> None:
        """Add the kernel [*kernel_size, filters, channels] and the bias [filters]."""
        shape = TensorShape(input_shape)
        if shape.ndims != self.rank + 2:
            raise ValueError(f"Inputs should have rank {self.rank + 2}. Received input shape: {shape}")
        depth = self._depth(shape)
        self._add_kernel((*self.kernel_size, self.filters, depth))
        self._add_bias_weight()
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: depth})
        self.built = True

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Convolve `inputs` with the kernel, transposed."""
        sizes = array.shape(inputs)
        batch = sizes[0]
        first = self.data_format == "channels_first"
        start = 2 if first else 1
        lengths = [sizes[start + i] for i in range(self.rank)]
        out = self._lengths(lengths)
        outputs = self._transposed(inputs, stack([batch, self.filters, *out] if first else [batch, *out, self.filters]))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        if self.use_bias:
            outputs = nn.bias_add(outputs, self.bias, data_format="NCHW" if first else "NHWC")
        return outputs if self.activation is None else self.activation(outputs)

    def _transposed(self, inputs: Tensor, sizes: Tensor) -> Tensor:
        raise NotImplementedError

    def _lengths(self, lengths: list[Any]) -> list[Any]:
        steps = zip(lengths, self.kernel_size, self.strides, strict=True)
        return [deconv_output_length(n, kernel, self.padding, stride) for n, kernel, stride in steps]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of the output for inputs of `input_shape`."""
        shape = TensorShape(input_shape).as_list()
        if self.data_format == "channels_first":
            return TensorShape([shape[0], self.filters, *self._lengths(shape[2:])])
        return TensorShape([shape[0], *self._lengths(shape[1:-1]), self.filters])


class Conv2DTranspose(_Transposed):
    """Transposed convolution over two spatial axes ("deconvolution"), of inputs [batch, height, width, channels].

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size, strides : int, or a tuple with one per axis
    padding : {"valid", "same"}
    data_format : {"channels_last", "channels_first"}
    activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, \
activity_regularizer, kernel_constraint, bias_constraint, trainable, name
        See `Dense`.
    """

    rank = 2

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), *args: Any, **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, strides, *args, **kwargs)

    def _transposed(self, inputs: Tensor, sizes: Tensor) -> Tensor:
        first = self.data_format == "channels_first"
        if first:  # as TensorFlow does it where there is no GPU
            inputs = transpose(inputs, (0, 2, 3, 1))
            sizes = stack([sizes[0], sizes[2], sizes[3], sizes[1]])
        else:
            sizes[0]  # TensorFlow looks whether the batch's size is known and leaves this node, which names count
        outputs = transpose_2d(
            inputs, self.kernel, sizes, (1, *self.strides, 1), padding=self.padding.upper(), data_format="NHWC"
        )
        return transpose(outputs, (0, 3, 1, 2)) if first else outputs


class Conv3DTranspose(_Transposed):
    """Transposed convolution over three spatial axes, of inputs [batch, depth, height, width, channels].

    Parameters as for `Conv2DTranspose`.
    """

    rank = 3

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1, 1), *args: Any, **kwargs: Any) -> None:
        super().__init__(filters, kernel_size, strides, *args, **kwargs)

    def _transposed(self, inputs: Tensor, sizes: Tensor) -> Tensor:
        first = self.data_format == "channels_first"
        strides = (1, 1, *self.strides) if first else (1, *self.strides, 1)
        return transpose_3d(
            inputs, self.kernel, sizes, strides, padding=self.padding.upper(), data_format=letters(self.data_format, 3)
        )


def _function(kind: type[_Transposed], name: str, one: Any) -> Any:
    def apply(
        inputs: Any,
        filters: int,
        kernel_size: Any,
        strides: Any = one,
        padding: str = "valid",
        data_format: str = "channels_last",
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
            filters, kernel_size, strides, padding, data_format, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint,
            bias_constraint, trainable, name, _reuse=reuse, _scope=name,
        )  # fmt: skip
        return layer.apply(inputs)

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = f"Apply a new `{kind.__name__}` layer, or with `reuse` the one whose variables are under `name`."
    return apply


conv2d_transpose = _function(Conv2DTranspose, "conv2d_transpose", (1, 1))
conv3d_transpose = _function(Conv3DTranspose, "conv3d_transpose", (1, 1, 1))
