"""Batch normalization in one op, local response normalization, and their gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.window import Window, fold

_FORMATS = ("NHWC", "NCHW")
_X = frozenset((dtypes.float16, dtypes.bfloat16, dtypes.float32))
_U = frozenset((dtypes.float32,))

# -- batch normalization ---------------------------------------------------------------------------------------------


def _around(data_format: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes that are summed over, and the shape in which a value per channel goes with images."""
    return ((0, 1, 2), (-1,)) if data_format == "NHWC" else ((0, 2, 3), (-1, 1, 1))


def _statistics(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """Mean and variance. A second pass for the variance costs little; E[x^2] - E[x]^2 would cancel."""
    mean = jnp.mean(x, axes, keepdims=True)
    return mean.ravel(), jnp.mean(jnp.square(x - mean), axes)


def _normalize(x: Any, scale: Any, offset: Any, mean: Any, variance: Any, epsilon: float, data_format: str,
               is_training: bool) -> tuple[Any, ...]:  # fmt: skip
    axes, channels = _around(data_format)
    wide = x.astype(jnp.float32)
    given = mean, variance
    if is_training:
        check(mean.size == variance.size == 0, InvalidArgumentError,
              "mean and variance must be empty for training, got {} and {} numbers",
              mean.size, variance.size)  # fmt: skip
        given = _statistics(wide, axes)
    mean, variance = given
    factor = scale * lax.rsqrt(variance + jnp.float32(epsilon))
    y = wide * factor.reshape(channels) + (offset - mean * factor).reshape(channels)
    count = x.size // max(scale.size, 1)
    # What is handed out counts one sample less, as an unbiased estimate does; the gradient needs it as it is.
    unbiased = variance * (count / max(count - 1, 1)) if is_training else variance
    return y.astype(x.dtype), mean, unbiased, mean, variance


def _normalize_grad(grad: Any, x: Any, scale: Any, mean: Any, variance: Any, epsilon: float, data_format: str,
                    is_training: bool) -> tuple[Any, Any, Any]:  # fmt: skip
    """The gradient in two sums and one pass over the images, where differentiating step by step takes a dozen."""
    axes, channels = _around(data_format)
    dy, wide = grad.astype(jnp.float32), x.astype(jnp.float32)
    inverse = lax.rsqrt(variance + jnp.float32(epsilon))
    centered = wide - mean.reshape(channels)
    to_offset = jnp.sum(dy, axes)
    to_scale = jnp.sum(dy * centered, axes) * inverse
    dx = dy
    if is_training:
        count = x.size // max(scale.size, 1)
        dx = dy - (to_offset / count).reshape(channels) - centered * (to_scale * inverse / count).reshape(channels)
    return (dx * (scale * inverse).reshape(channels)).astype(x.dtype), to_scale, to_offset


def _channels(x: Any, data_format: str, *vectors: Any) -> tuple[Any, Any]:
    """The shape of the images and the number of channels, each with what the other knows."""
    if x is not None and len(x) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(x)}")
    dims = list(x or (None,) * 4)
    at = data_format.index("C")
    found: Any = (dims[at],)
    for vector in vectors:
        found = shapes.merge(found, vector) or found
    dims[at] = found[0]
    return tuple(dims), found[0]


def _normalized(x, scale, offset, data_format):
    dims, c = _channels(x, data_format, scale, offset)
    return [dims, (c,), (c,), (c,), (c,)]


def _normalized_grad(y_backprop, x, scale, data_format, is_training):
    dims, c = _channels(shapes.merge(x, y_backprop), data_format, scale)
    unused = (0,) if is_training else (c,)
    return [dims, (c,), (c,), unused, unused]


def _backward(op: Any, function: Any, grad: Any, *reserved: Any) -> tuple[Any, ...]:
    """What the three versions' gradients have in common; the statistics handed out count as constants."""
    x, scale, _, mean, variance = op.inputs
    if grad is None:
        return (None,) * 5
    if op.attrs["is_training"]:
        mean, variance = op.outputs[3:5]
    names = ("epsilon", "data_format", "is_training")
    grads = function(grad, x, scale, mean, variance, *reserved, **{name: op.attrs[name] for name in names})
    return (*grads[:3], None, None)


def _second(op: Any, *grads: Any) -> tuple[Any, ...]:
    dy, x, scale, mean, variance, *rest = op.inputs
    filled = [zeros_like(out) if grad is None else grad for grad, out in zip(grads[:3], op.outputs)]
    names = ("epsilon", "data_format", "is_training")
    attrs = {name: op.attrs[name] for name in names}
    return (*_batch_norm_grad_grad(*filled, dy, x, scale, mean, variance, **attrs), None, None, *([None] * len(rest)))


def _nothing() -> Any:
    return jnp.zeros(0, jnp.float32)


def _unused(is_training: bool, scale: Any) -> list[Any]:
    """Return what nothing reads, in the shapes that TensorFlow says."""
    return [_nothing() if is_training else jnp.zeros_like(scale)] * 2


@op("FusedBatchNorm", "x: T, scale: T[c], offset: T[c], mean: T[n], variance: T[n] -> y: T, batch_mean: T, "
    "batch_variance: T, reserve_space_1: T, reserve_space_2: T", T=_U, shape=_normalized,
    data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_v1(
    x, scale, offset, mean, variance, epsilon: float = 0.0001, data_format: str = "NHWC", is_training: bool = True
):
    """Normalize each channel, scale it and add an offset; `fused_batch_norm` is the function for users."""
    return _normalize(x, scale, offset, mean, variance, epsilon, data_format, is_training)


@fused_batch_norm_v1.gradient
def _(op, grad, *_):
    return _backward(op, fused_batch_norm_grad, grad)


@op("FusedBatchNormGrad", "y_backprop: T, x: T, scale: T[c], reserve_space_1: T[c], reserve_space_2: T[c] -> "
    "x_backprop: T, scale_backprop: T, offset_backprop: T, reserve_space_3: T, reserve_space_4: T", T=_U,
    shape=_normalized_grad, data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_grad(
    y_backprop,
    x,
    scale,
    reserve_space_1,
    reserve_space_2,
    epsilon: float = 0.0001,
    data_format: str = "NHWC",
    is_training: bool = True,
):
    """Gradient of `fused_batch_norm_v1`, given the mean and the variance that it used."""
    statistics = reserve_space_1, reserve_space_2
    grads = _normalize_grad(y_backprop, x, scale, *statistics, epsilon, data_format, is_training)
    return *grads, *_unused(is_training, scale)


@op("FusedBatchNormV2", "x: T, scale: U[c], offset: U[c], mean: U[n], variance: U[n] -> y: T, batch_mean: U, "
    "batch_variance: U, reserve_space_1: U, reserve_space_2: U", T=_X, U=_U, shape=_normalized,
    data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_v2(
    x, scale, offset, mean, variance, epsilon: float = 0.0001, data_format: str = "NHWC", is_training: bool = True
):
    """Normalize each channel, which may be of half precision, scale it and add an offset."""
    return _normalize(x, scale, offset, mean, variance, epsilon, data_format, is_training)


@fused_batch_norm_v2.gradient
def _(op, grad, *_):
    return _backward(op, fused_batch_norm_grad_v2, grad)


@op("FusedBatchNormGradV2", "y_backprop: T, x: T, scale: float32[c], reserve_space_1: U[c], reserve_space_2: U[c] -> "
    "x_backprop: T, scale_backprop: U, offset_backprop: U, reserve_space_3: U, reserve_space_4: U", T=_X, U=_U,
    shape=_normalized_grad, data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_grad_v2(
    y_backprop,
    x,
    scale,
    reserve_space_1,
    reserve_space_2,
    epsilon: float = 0.0001,
    data_format: str = "NHWC",
    is_training: bool = True,
):
    """Gradient of `fused_batch_norm_v2`, given the mean and the variance that it used."""
    statistics = reserve_space_1, reserve_space_2
    grads = _normalize_grad(y_backprop, x, scale, *statistics, epsilon, data_format, is_training)
    return *grads, *_unused(is_training, scale)


@op("FusedBatchNormV3", "x: T, scale: U[c], offset: U[c], mean: U[n], variance: U[n] -> y: T, batch_mean: U, "
    "batch_variance: U, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U", T=_X, U=_U,
    data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_v3(
    x, scale, offset, mean, variance, epsilon: float = 0.0001, data_format: str = "NHWC", is_training: bool = True
):
    """The same as `fused_batch_norm_v2`, with one more output, which is empty."""
    return *_normalize(x, scale, offset, mean, variance, epsilon, data_format, is_training), _nothing()


@fused_batch_norm_v3.shape
def _(x, scale, offset, data_format):
    return [*_normalized(x, scale, offset, data_format), None]


@fused_batch_norm_v3.gradient
def _(op, grad, *_):
    return _backward(op, fused_batch_norm_grad_v3, grad, op.outputs[5])


@op("FusedBatchNormGradV3", "y_backprop: T, x: T, scale: float32[c], reserve_space_1: U[c], reserve_space_2: U[c], "
    "reserve_space_3: U -> x_backprop: T, scale_backprop: U, offset_backprop: U, reserve_space_4: U, "
    "reserve_space_5: U", T=_X, U=_U, shape=_normalized_grad, data_format=_FORMATS)  # fmt: skip
def fused_batch_norm_grad_v3(
    y_backprop,
    x,
    scale,
    reserve_space_1,
    reserve_space_2,
    reserve_space_3,
    epsilon: float = 0.0001,
    data_format: str = "NHWC",
    is_training: bool = True,
):
    """Gradient of `fused_batch_norm_v3`, given the mean and the variance that it used."""
    statistics = reserve_space_1, reserve_space_2
    grads = _normalize_grad(y_backprop, x, scale, *statistics, epsilon, data_format, is_training)
    return *grads, *_unused(is_training, scale)


fused_batch_norm_grad.gradient(_second)
fused_batch_norm_grad_v2.gradient(_second)
fused_batch_norm_grad_v3.gradient(_second)


@op("FusedBatchNormGradGrad", "to_x: T[...], to_scale: float32[c], to_offset: float32[c], y_backprop: T[...], "
    "x: T[...], scale: float32[c], mean: float32[c], variance: float32[c] -> y_backprop_grad: T[...], x_grad: T[...], "
    "scale_grad: float32[c]", T=_X, differentiable=False, data_format=_FORMATS)  # fmt: skip
def _batch_norm_grad_grad(
    to_x,
    to_scale,
    to_offset,
    y_backprop,
    x,
    scale,
    mean,
    variance,
    epsilon: float = 0.0001,
    data_format: str = "NHWC",
    is_training: bool = True,
):
    """Gradient of batch normalization's gradient, for which the statistics are functions of `x` while training."""

    def gradient(dy: Any, x: Any, scale: Any) -> Any:
        used = _statistics(x.astype(jnp.float32), _around(data_format)[0]) if is_training else (mean, variance)
        return _normalize_grad(dy, x, scale, *used, epsilon, data_format, is_training)

    return jax.vjp(gradient, y_backprop, x, scale)[1]((to_x, to_scale, to_offset))


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalize each channel of images to mean 0 and variance 1, scale it and add an offset.

    Parameters
    ----------
    x : Tensor [batch, height, width, channels], or [batch, channels, height, width] for NCHW
    scale, offset : float32 Tensor [channels]
    mean, variance : float32 Tensor [channels], optional
        What to normalize by when not training. When training, the batch's own are used.
    epsilon : float
        Added to the variance; at least 1.001e-5.
    data_format : {"NHWC", "NCHW"}
    is_training : bool
    name : str, optional

    Returns
    -------
    y : Tensor of the shape of `x`
    mean, variance : float32 Tensor [channels]
        When training, the batch's, the variance with Bessel's correction.

    Raises
    ------
    ValueError
        If `mean` or `variance` are given for training.
    """
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    if is_training and not (mean is None and variance is None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    mean = constant([]) if mean is None else mean
    variance = constant([]) if variance is None else variance
    y, *statistics = fused_batch_norm_v3(
        x, scale, offset, mean, variance, max(epsilon, 1.001e-5), data_format, is_training, name=name
    )
    return y, statistics[0], statistics[1]


# -- local response normalization ------------------------------------------------------------------------------------

_LRN_T = (_X, dtypes.float32)


def _neighbours(x: Any, radius: int) -> Any:
    """Sum over the channels up to `radius` away."""
    still = [Window(1, 1, 0, n) for n in x.shape[:-1]]
    return fold(x, [*still, Window(2 * radius + 1, 1, radius, x.shape[-1])], 0, jnp.add, jnp.sum)


def _respond(x: Any, radius: int, bias: float, alpha: float, beta: float) -> tuple[Any, Any]:
    norm = jnp.asarray(bias, x.dtype) + jnp.asarray(alpha, x.dtype) * _neighbours(jnp.square(x), radius)
    return norm, jnp.exp(jnp.log(norm) * jnp.asarray(-beta, x.dtype))  # a power takes four times as long on a CPU


@op("LRN", "input: T[b,h,w,c] -> output: T[b,h,w,c]", T=_LRN_T)
def local_response_normalization(
    input, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5
):
    """Divide each value by what its neighbours in depth amount to.

    Parameters
    ----------
    input : Tensor [batch, height, width, depth]
    depth_radius : int
        How many neighbours to either side count.
    bias, alpha, beta : float
        The divisor is ``(bias + alpha * sum of squares) ** beta``.

    Returns
    -------
    Tensor of the shape of `input`
    """
    return input * _respond(input, depth_radius, bias, alpha, beta)[1]


@local_response_normalization.gradient
def _(op, grad):
    return _lrn_grad(grad, op.inputs[0], op.outputs[0], **_lrn_attrs(op))


def _lrn_attrs(op: Any) -> dict[str, Any]:
    return {name: op.attrs[name] for name in ("depth_radius", "bias", "alpha", "beta")}


@op("LRNGrad", "input_grads: T[b,h,w,c], input_image: T[b,h,w,c], output_image: T[b,h,w,c] -> output: T[b,h,w,c]",
    T=_LRN_T)  # fmt: skip
def _lrn_grad(
    input_grads,
    input_image,
    output_image,
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
):
    """Gradient of `local_response_normalization`."""
    norm, factor = _respond(input_image, depth_radius, bias, alpha, beta)
    shared = _neighbours(input_grads * output_image / norm, depth_radius)
    return input_grads * factor - jnp.asarray(2 * alpha * beta, norm.dtype) * input_image * shared


@_lrn_grad.gradient
def _(op, grad):
    dy, x, _ = op.inputs
    return (*_lrn_grad_grad(grad, dy, x, **_lrn_attrs(op)), None)


@op("LRNGradGrad", "to_input: T[...], input_grads: T[...], input_image: T[...] -> grads_grad: T[...], "
    "image_grad: T[...]", T=_LRN_T, differentiable=False)  # fmt: skip
def _lrn_grad_grad(
    to_input,
    input_grads,
    input_image,
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
):
    """Gradient of `local_response_normalization`'s gradient, for which the output is a function of the image."""

    def gradient(dy: Any, x: Any) -> Any:
        y = x * _respond(x, depth_radius, bias, alpha, beta)[1]
        return _lrn_grad.lower(dy, x, y, depth_radius, bias, alpha, beta)

    return jax.vjp(gradient, input_grads, input_image)[1](to_input)
