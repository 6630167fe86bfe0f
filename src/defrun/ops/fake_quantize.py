"""Floats rounded as if they had been quantized: to train what will run on small integers."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.types import FLOAT

_ROUNDING = ("HALF_TO_EVEN", "HALF_UP")


def _half_up(x: Any) -> Any:
    # Not floor(x + 0.5): where x is a product, XLA makes one operation of it that rounds once only.
    near = jnp.round(x)
    return jnp.where(x == near + 0.5, near + 1, near)


# -- there and back --------------------------------------------------------------------------------------------------


def _there_and_back(x, low, high, bits, signed, range_given, half_up, narrow):
    """Round to the integers of so many bits that stand for a symmetric range."""
    check(jnp.asarray((bits > 0) & (bits < 63 - signed)), InvalidArgumentError,
          "num_bits is out of range: {} with signed_input={}", bits, signed)  # fmt: skip
    if not range_given:
        if not x.size:
            return x
        low, high = x.min(), x.max()
    check(jnp.asarray(low <= high), InvalidArgumentError,
          "Invalid range: input_min {} > input_max {}", low, high)  # fmt: skip
    most = 2.0 ** (jnp.asarray(bits).astype(np.float64) - signed)
    highest = (most - 1).astype(x.dtype)
    lowest = (narrow - most).astype(x.dtype) if signed else jnp.zeros((), x.dtype)
    largest = np.asarray(jnp.finfo(x.dtype).max, x.dtype)
    from_low = jnp.where(lowest * low > 0, lowest / low, largest)
    from_high = jnp.where(highest * high > 0, highest / high, largest)
    by_low = from_low < from_high
    scale = jnp.where(by_low, from_low, from_high)
    step = jnp.where(by_low, low / jnp.where(by_low, lowest, 1), high / highest)
    if range_given:
        x = jnp.clip(x, jnp.where(by_low, low, lowest * step), jnp.where(by_low, highest * step, high))
    return (_half_up(x * scale) if half_up else jnp.round(x * scale)) * step


@op("QuantizeAndDequantizeV2", "input: T[...], input_min: T, input_max: T -> output: T[...]", T=FLOAT,
    round_mode=_ROUNDING)  # fmt: skip
def _quantize_and_dequantize(
    input,
    input_min,
    input_max,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    narrow_range: bool = False,
):
    """The input rounded to what integers of so many bits can say."""
    half_up = round_mode == "HALF_UP"
    return _there_and_back(input, input_min, input_max, num_bits, signed_input, range_given, half_up, narrow_range)


@_quantize_and_dequantize.gradient
def _(op, grad):
    return grad, None, None


@op("QuantizeAndDequantizeV3", "input: T[...], input_min: T, input_max: T, num_bits: int32 -> output: T[...]", T=FLOAT)
def quantize_and_dequantize_v3(
    input,
    input_min,
    input_max,
    num_bits,
    signed_input: bool = True,
    range_given: bool = True,
    narrow_range: bool = False,
):
    """Round to what integers can say: `tf.quantization.quantize_and_dequantize` with `num_bits` a tensor."""
    return _there_and_back(input, input_min, input_max, num_bits, signed_input, range_given, False, narrow_range)


@quantize_and_dequantize_v3.gradient
def _(op, grad):
    return grad, None, None, None


def quantize_and_dequantize(
    input: Any,
    input_min: Any,
    input_max: Any,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    name: str | None = None,
    narrow_range: bool = False,
) -> Tensor:
    """Round floats to what integers of so many bits can say; 0 stays 0. The gradient goes through unchanged.

    Parameters
    ----------
    input : float Tensor
    input_min, input_max : Tensor []
        The range, if `range_given`.
    signed_input : bool
        Use negative integers, too.
    num_bits : int
    range_given : bool
        False: the range is that of `input`.
    round_mode : {"HALF_TO_EVEN", "HALF_UP"}
    name : str, optional
    narrow_range : bool
        Leave the smallest integer out, so that there are as many negative ones as positive ones.

    Returns
    -------
    Tensor

    Raises
    ------
    InvalidArgumentError
        If the range is the wrong way round, or there are no such integers.
    """
    return _quantize_and_dequantize(
        input, input_min, input_max, signed_input, num_bits, range_given, round_mode, narrow_range, name=name
    )


# -- with a range that has 0 in it -----------------------------------------------------------------------------------


def _quotient(a: Any, b: Any) -> Any:
    # XLA divides by constants and by quotients as if it multiplied; seen in doubles that is no difference.
    return (jnp.asarray(a, np.float64) / jnp.asarray(b, np.float64)).astype(np.float32)


def _nudged(low, high, bits, narrow):
    """Move a range a little, such that 0 is one of the integers; return it and the width of a step."""
    check(2 <= bits <= 16, InvalidArgumentError, f"num_bits must be between 2 and 16, not {bits}")
    first, last = np.float32(narrow), np.float32(2**bits - 1)
    low, high = jnp.asarray(low, np.float32), jnp.asarray(high, np.float32)
    step = _quotient(high - low, last - first)
    zero = jnp.clip(first - _quotient(low, step), first, last)
    zero = _half_up(zero)
    return (first - zero) * step, (last - zero) * step, step


def _rounded(x, low, high, bits, narrow):
    low, high, step = _nudged(low, high, bits, narrow)
    inside = jnp.maximum(jnp.minimum(x, high), low)
    return _half_up((inside - low) * _quotient(np.float32(1), step)) * step + low


def _check_order(low: float, high: float) -> None:
    check(low < high, InvalidArgumentError, f"min must be smaller than max, was: {low} >= {high}")


def _check_same(gradients: Any, inputs: Any) -> None:
    check(gradients.shape == inputs.shape, InvalidArgumentError,
          f"gradients of shape {list(gradients.shape)} and inputs of {list(inputs.shape)} must agree")  # fmt: skip


@op("FakeQuantWithMinMaxArgs", "inputs: float32[...] -> outputs: float32[...]")
def fake_quant_with_min_max_args(
    inputs, min: float = -6.0, max: float = 6.0, num_bits: int = 8, narrow_range: bool = False
):
    """Round floats to what integers of so many bits can say, of a range that is moved to have 0 among them.

    Parameters
    ----------
    inputs : float32 Tensor
    min, max : float
    num_bits : int
        From 2 to 16.
    narrow_range : bool
        Leave the smallest integer out.

    Returns
    -------
    float32 Tensor
    """
    _check_order(min, max)
    return _rounded(inputs, min, max, num_bits, narrow_range)


@fake_quant_with_min_max_args.gradient
def _(op, grad):
    return fake_quant_with_min_max_args_gradient(grad, op.inputs[0], **_attrs(op, "min", "max"))


def _attrs(op: Any, *names: str) -> dict[str, Any]:
    return {name: op.get_attr(name) for name in (*names, "num_bits", "narrow_range")}


@op("FakeQuantWithMinMaxArgsGradient", "gradients: float32[...], inputs: float32 -> backprops: float32[...]",
    differentiable=False)  # fmt: skip
def fake_quant_with_min_max_args_gradient(
    gradients, inputs, min: float = -6.0, max: float = 6.0, num_bits: int = 8, narrow_range: bool = False
):
    """Keep `gradients` where `inputs` are in the range of `fake_quant_with_min_max_args`, else 0.

    Parameters
    ----------
    gradients, inputs : float32 Tensor
    min, max : float
    num_bits : int
    narrow_range : bool

    Returns
    -------
    float32 Tensor
    """
    _check_order(min, max)
    _check_same(gradients, inputs)
    low, high, _ = _nudged(min, max, num_bits, narrow_range)
    return jnp.where((inputs >= low) & (inputs <= high), gradients, 0)


def _variable(x, low, high, bits, narrow):
    """The same where both limits may be 0: then so is all else."""
    return jnp.where((low == 0) & (high == 0), 0, _rounded(x, low, high, bits, narrow))


def _variable_gradients(grad, x, low, high, bits, narrow):
    """Return the gradients by the input and by the limits, the latter element by element."""
    nothing = (low == 0) & (high == 0)
    low, high, _ = _nudged(low, high, bits, narrow)
    inside = (x >= low) & (x <= high) | nothing
    below, above = (jnp.where(outside & ~nothing, grad, 0) for outside in (x < low, x > high))
    return jnp.where(inside, grad, 0), below, above


@op("FakeQuantWithMinMaxVars", "inputs: float32[...], min: float32[], max: float32[] -> outputs: float32[...]")
def fake_quant_with_min_max_vars(inputs, min, max, num_bits: int = 8, narrow_range: bool = False):
    """Round floats to what integers of so many bits can say, of a range that is moved to have 0 among them.

    Parameters
    ----------
    inputs : float32 Tensor
    min, max : float32 Tensor []
        They are trained, too: their gradients are those of what lies outside.
    num_bits : int
        From 2 to 16.
    narrow_range : bool
        Leave the smallest integer out.

    Returns
    -------
    float32 Tensor
    """
    return _variable(inputs, min, max, num_bits, narrow_range)


@fake_quant_with_min_max_vars.gradient
def _(op, grad):
    return fake_quant_with_min_max_vars_gradient(grad, *op.inputs, **_attrs(op))


@op("FakeQuantWithMinMaxVarsGradient",
    "gradients: float32[...], inputs: float32[...], min: float32[], max: float32[] -> "
    "backprops_wrt_input: float32[...], backprop_wrt_min: float32[], backprop_wrt_max: float32[]",
    differentiable=False)  # fmt: skip
def fake_quant_with_min_max_vars_gradient(gradients, inputs, min, max, num_bits: int = 8, narrow_range: bool = False):
    """Return the gradients by the inputs of `fake_quant_with_min_max_vars`.

    Parameters
    ----------
    gradients, inputs : float32 Tensor
    min, max : float32 Tensor []
    num_bits : int
    narrow_range : bool

    Returns
    -------
    backprops_wrt_input : float32 Tensor
    backprop_wrt_min, backprop_wrt_max : float32 Tensor []
    """
    inside, below, above = _variable_gradients(gradients, inputs, min, max, num_bits, narrow_range)
    return inside, below.sum(), above.sum()


@op("FakeQuantWithMinMaxVarsPerChannel",
    "inputs: float32[...,d], min: float32[d], max: float32[d] -> outputs: float32[...,d]")  # fmt: skip
def fake_quant_with_min_max_vars_per_channel(inputs, min, max, num_bits: int = 8, narrow_range: bool = False):
    """Do as `fake_quant_with_min_max_vars` with a range for each place of the last axis.

    Parameters
    ----------
    inputs : float32 Tensor [..., d]
    min, max : float32 Tensor [d]
    num_bits : int
        From 2 to 16.
    narrow_range : bool
        Leave the smallest integer out.

    Returns
    -------
    float32 Tensor [..., d]
    """
    _check_channels(inputs, min, max)
    return _variable(inputs, min, max, num_bits, narrow_range)


def _check_channels(inputs: Any, low: Any, high: Any) -> None:
    check(inputs.ndim > 0 and low.shape == high.shape == inputs.shape[-1:], InvalidArgumentError,
          f"min of shape {list(low.shape)} and max of shape {list(high.shape)} must have one number for each place of "
          f"the last axis of {list(inputs.shape)}")  # fmt: skip


@fake_quant_with_min_max_vars_per_channel.gradient
def _(op, grad):
    return fake_quant_with_min_max_vars_per_channel_gradient(grad, *op.inputs, **_attrs(op))


@op("FakeQuantWithMinMaxVarsPerChannelGradient",
    "gradients: float32[...,d], inputs: float32[...,d], min: float32[d], max: float32[d] -> "
    "backprops_wrt_input: float32[...,d], backprop_wrt_min: float32[d], backprop_wrt_max: float32[d]",
    differentiable=False)  # fmt: skip
def fake_quant_with_min_max_vars_per_channel_gradient(
    gradients, inputs, min, max, num_bits: int = 8, narrow_range: bool = False
):
    """Return the gradients by the inputs of `fake_quant_with_min_max_vars_per_channel`.

    Parameters
    ----------
    gradients, inputs : float32 Tensor [..., d]
    min, max : float32 Tensor [d]
    num_bits : int
    narrow_range : bool

    Returns
    -------
    backprops_wrt_input : float32 Tensor [..., d]
    backprop_wrt_min, backprop_wrt_max : float32 Tensor [d]
    """
    _check_channels(inputs, min, max)
    inside, below, above = _variable_gradients(gradients, inputs, min, max, num_bits, narrow_range)
    rows = tuple(range(inputs.ndim - 1))
    return inside, below.sum(rows), above.sum(rows)
