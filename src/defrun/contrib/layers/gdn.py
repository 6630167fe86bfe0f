"""Generalized divisive normalization (Balle et al., 2016)."""

from __future__ import annotations

from typing import Any

from defrun.base.shapes import TensorShape
from defrun.gradients.registry import RegisterGradient
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.keras.input_spec import InputSpec
from defrun.layers.base import Layer
from defrun.ops import array, nn
from defrun.ops.cast import cast
from defrun.ops.compare import logical_or
from defrun.ops.constant import constant
from defrun.ops.convolution import convolution
from defrun.ops.creation import ones
from defrun.ops.elementary import sqrt, square
from defrun.ops.join import concat
from defrun.ops.limits import maximum
from defrun.ops.matrix import eye


class GDN(Layer):
    """Divide each channel by the root of a weighted sum of all channels' squares at the same place, plus a constant.

    Parameters
    ----------
    inverse : bool
        Multiply instead.
    beta_min : float
        The least that the constants may become.
    gamma_init : float
        The weight of a channel's own square at first; others begin at 0.
    reparam_offset : float
        Keeps the gradients of small weights alive.
    data_format : {"channels_last", "channels_first"}
    activity_regularizer : callable, optional
    trainable : bool
    name : str, optional

    Raises
    ------
    ValueError
        If the data format is none of these.
    """

    def __init__(
        self,
        inverse: bool = False,
        beta_min: float = 1e-6,
        gamma_init: float = 0.1,
        reparam_offset: float = 2**-18,
        data_format: str = "channels_last",
        activity_regularizer: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        if data_format not in ("channels_first", "channels_last"):
            raise ValueError(f"Unsupported `data_format` for GDN layer: {data_format}.")
        self.inverse, self.data_format = inverse, data_format
        self._beta_min, self._gamma_init, self._reparam_offset = beta_min, gamma_init, reparam_offset
        self.input_spec = InputSpec(min_ndim=3, max_ndim=5)

    def build(self, input_shape: Any) -> None:
        """Add the weights, as roots of what is used."""
        shape = TensorShape(input_shape)
        axis = 1 if self.data_format == "channels_first" else -1
        channels: int | None = shape.as_list()[axis]
        if channels is None:
            raise ValueError("The channel dimension of the inputs to `GDN` must be defined.")
        self._rank: int = shape.ndims  # type: ignore[assignment]
        self.input_spec = InputSpec(ndim=self._rank, axes={axis: channels})
        offset, kind = self._reparam_offset**2, self.dtype

        def beta_start(shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
            added = constant(offset, dtype=kind)
            return sqrt(ones(shape, dtype=dtype) + added)

        def gamma_start(shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
            diagonal = eye(shape[0], dtype=dtype)
            added = constant(offset, dtype=kind)
            return sqrt(self._gamma_init * diagonal + added)

        pedestal = constant(offset, dtype=kind)
        least_beta = constant((self._beta_min + offset) ** 0.5, dtype=kind)
        least_gamma = constant(self._reparam_offset, dtype=kind)
        root = self.add_weight("reparam_beta", [channels], kind, beta_start, trainable=True)
        self.beta = square(_at_least(root, least_beta)) - pedestal
        root = self.add_weight("reparam_gamma", [channels, channels], kind, gamma_start, trainable=True)
        self.gamma = square(_at_least(root, least_gamma)) - pedestal
        self.built = True

    def call(self, inputs: Any) -> Tensor:  # type: ignore[override]
        """Normalize `inputs`."""
        inputs = convert_to_tensor(inputs, dtype=self.dtype)
        gamma = array.reshape(self.gamma, [1] * (self._rank - 2) + self.gamma.shape.as_list())
        if self.data_format == "channels_last":
            total = nn.bias_add(convolution(square(inputs), gamma, "VALID"), self.beta, data_format="NHWC")
        else:
            form = "NC" + "DHW"[2 - self._rank :]
            total = self._with_beta(convolution(square(inputs), gamma, "VALID", data_format=form))
        outputs = inputs * sqrt(total) if self.inverse else inputs / sqrt(total)
        outputs.set_shape(inputs.shape)
        return outputs

    def _with_beta(self, total: Tensor) -> Tensor:
        """Add beta to channels that come first, of signals and volumes by way of images."""
        if self._rank == 3:
            return array.squeeze(nn.bias_add(array.expand_dims(total, 2), self.beta, data_format="NCHW"), [2])
        if self._rank == 4:
            return nn.bias_add(total, self.beta, data_format="NCHW")
        sizes = array.shape(total)
        images = array.reshape(total, concat([sizes[:3], [-1]], 0))
        return array.reshape(nn.bias_add(images, self.beta, data_format="NCHW"), sizes)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return `input_shape`."""
        return TensorShape(input_shape)


def _at_least(inputs: Any, bound: Tensor) -> Tensor:
    """The larger of the two; the gradient also reaches what lies below, if it would lift it."""
    with name_scope(None, "GDNLowerBound", [inputs, bound]) as scope:
        inputs = convert_to_tensor(inputs, name="inputs")
        with get_default_graph().gradient_override_map({"Maximum": "GDNLowerBound"}):
            return maximum(inputs, bound, name=scope)


@RegisterGradient("GDNLowerBound")
def _lift(op: Any, grad: Tensor) -> list[Any]:
    inputs, bound = op.inputs
    passes = logical_or(inputs >= bound, grad < 0)
    return [cast(passes, grad.dtype) * grad, None]


def gdn(
    inputs: Any,
    inverse: bool = False,
    beta_min: float = 1e-6,
    gamma_init: float = 0.1,
    reparam_offset: float = 2**-18,
    data_format: str = "channels_last",
    activity_regularizer: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: bool | None = None,
) -> Tensor:
    """Apply a new `GDN` layer, or with `reuse` the one whose variables are there under `name`."""
    layer = GDN(
        inverse,
        beta_min,
        gamma_init,
        reparam_offset,
        data_format,
        activity_regularizer,
        trainable,
        name,
        dtype=inputs.dtype.base_dtype,
        _scope=name,
        _reuse=reuse,
    )
    return layer.apply(inputs)
