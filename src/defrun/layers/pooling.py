"""Pooling."""

from __future__ import annotations

from typing import Any

from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor
from defrun.layers.base import InputSpec, Layer
from defrun.layers.convolutional import conv_output_length
from defrun.layers.lookup import letters, normalize_data_format, normalize_padding, normalize_tuple
from defrun.ops import array, pooling
from defrun.ops.arrange import transpose


class _Pooling(Layer):
    """Take one number of each window; see the subclasses."""

    rank = 0
    function: Any = None

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = normalize_tuple(pool_size, self.rank, "pool_size")
        self.strides = normalize_tuple(pool_size if strides is None else strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Pool `inputs`."""
        form, padding = letters(self.data_format, 2), self.padding.upper()
        if self.data_format == "channels_last":
            window, strides = [1, *self.pool_size, 1], [1, *self.strides, 1]
        else:
            window, strides = [1, 1, *self.pool_size], [1, 1, *self.strides]
        return type(self).function(inputs, ksize=window, strides=strides, padding=padding, data_format=form)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of the output for inputs of `input_shape`."""
        shape = TensorShape(input_shape).as_list()
        first = self.data_format == "channels_first"
        spatial = shape[2:] if first else shape[1:-1]
        steps = zip(spatial, self.pool_size, self.strides, strict=True)
        out = [conv_output_length(n, k, self.padding, s) for n, k, s in steps]
        return TensorShape([*shape[:2], *out] if first else [shape[0], *out, shape[-1]])


class _Pooling1D(_Pooling):
    rank = 1

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Pool `inputs` as images of height or width 1."""
        last = self.data_format == "channels_last"
        axis = 2 if last else 3
        images = array.expand_dims(inputs, axis)
        images = images if last else transpose(images, (0, 2, 3, 1))
        window, strides = [1, self.pool_size[0], 1, 1], [1, self.strides[0], 1, 1]
        outputs = type(self).function(images, ksize=window, strides=strides, padding=self.padding.upper())
        return array.squeeze(outputs if last else transpose(outputs, (0, 3, 1, 2)), axis)


class _Pooling3D(_Pooling):
    rank = 3

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Pool `inputs`, with the channels last."""
        last = self.data_format == "channels_last"
        volumes = inputs if last else transpose(inputs, (0, 2, 3, 4, 1))
        window, strides = [1, *self.pool_size, 1], [1, *self.strides, 1]
        outputs = type(self).function(volumes, ksize=window, strides=strides, padding=self.padding.upper())
        return outputs if last else transpose(outputs, (0, 4, 1, 2, 3))


class AveragePooling1D(_Pooling1D):
    """The mean of each window of [batch, width, channels].

    Parameters
    ----------
    pool_size, strides : int, or a tuple with one per axis
    padding : {"valid", "same"}
    data_format : {"channels_last", "channels_first"}
    name : str, optional
    """

    function = staticmethod(pooling.avg_pool)


class MaxPooling1D(_Pooling1D):
    """The largest element of each window of [batch, width, channels]. Parameters as for `AveragePooling1D`."""

    function = staticmethod(pooling.max_pool)


class AveragePooling2D(_Pooling):
    """The mean of each window of [batch, height, width, channels]. Parameters as for `AveragePooling1D`."""

    rank = 2
    function = staticmethod(pooling.avg_pool)


class MaxPooling2D(_Pooling):
    """The largest element of each window of [batch, height, width, channels]. Parameters as for `AveragePooling1D`."""

    rank = 2
    function = staticmethod(pooling.max_pool)


class AveragePooling3D(_Pooling3D):
    """The mean of each window of [batch, depth, height, width, channels]. Parameters as for `AveragePooling1D`."""

    function = staticmethod(pooling.avg_pool3d)


class MaxPooling3D(_Pooling3D):
    """The largest element of each window of [batch, depth, height, width, channels].

    Parameters as for `AveragePooling1D`.
    """

    function = staticmethod(pooling.max_pool3d)


def _function(kind: type[_Pooling]) -> Any:
    def apply(
        inputs: Any,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: Any = None,
    ) -> Tensor:
        return kind(pool_size, strides, padding, data_format, name).apply(inputs)

    name = {"A": "average_pooling", "M": "max_pooling"}[kind.__name__[0]] + kind.__name__[-2:].lower()
    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = f"Apply a new `{kind.__name__}` layer."
    return apply


average_pooling1d = _function(AveragePooling1D)
average_pooling2d = _function(AveragePooling2D)
average_pooling3d = _function(AveragePooling3D)
max_pooling1d = _function(MaxPooling1D)
max_pooling2d = _function(MaxPooling2D)
max_pooling3d = _function(MaxPooling3D)

