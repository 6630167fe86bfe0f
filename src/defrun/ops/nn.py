"""Biases, dropout, the largest few of many, and losses without a room of their own."""

from __future__ import annotations

import math
import numbers
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, logging, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.activation import relu
from defrun.ops.array import either, expand_dims, identity, shape, size
from defrun.ops.axes import known
from defrun.ops.broadcast import spread_like
from defrun.ops.cast import cast
from defrun.ops.compare import equal, greater_equal, less_equal, logical_and, not_equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.creation import ones_like, zeros, zeros_like
from defrun.ops.declare import op
from defrun.ops.elementary import exp, log
from defrun.ops.gather import gather
from defrun.ops.math import divide, multiply
from defrun.ops.matrix import matmul
from defrun.ops.random import random_uniform
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where
from defrun.ops.types import FLOAT, INDEX, NUMERIC, QUANTIZED, REAL

_FORMATS = ("NHWC", "NCHW")
_BIASED = NUMERIC | (QUANTIZED - {dtypes.qint16, dtypes.quint16})

# -- bias ------------------------------------------------------------------------------------------------------------


def _channel(rank: int, data_format: str) -> int:
    """The axis that a bias goes along."""
    return 1 if data_format == "NCHW" and rank > 2 else rank - 1


def _with_bias(value: Any, bias: Any, data_format: str) -> Any:
    if value is None:
        return None
    if len(value) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {len(value)}")
    at = _channel(len(value), data_format)
    (channels,) = shapes.merge((value[at],), bias) or (None,)
    return (*value[:at], channels, *value[at + 1 :])


@op("BiasAdd", "value: T, bias: T[c] -> output: T", T=_BIASED, shape=_with_bias, data_format=_FORMATS)
def add_bias(value, bias, data_format: str = "NHWC"):
    """Add a number to each channel; `bias_add` is the function for users."""
    after = value.ndim - 1 - _channel(value.ndim, data_format)
    return value + bias.reshape((-1,) + (1,) * after)


@add_bias.gradient
def _(op, grad):
    return grad, bias_add_grad(grad, op.attrs["data_format"])


@op("BiasAddGrad", "out_backprop: T -> output: T", T=_BIASED, data_format=_FORMATS)
def bias_add_grad(out_backprop, data_format: str = "NHWC"):
    """Gradient of `bias_add` with respect to the bias: the sum over all other axes."""
    at = _channel(out_backprop.ndim, data_format)
    return jnp.sum(out_backprop, [i for i in range(out_backprop.ndim) if i != at], dtype=out_backprop.dtype)


@bias_add_grad.shape
def _(out_backprop, data_format):
    return (None if out_backprop is None else out_backprop[_channel(len(out_backprop), data_format)],)


@bias_add_grad.gradient
def _(op, grad):
    value = op.inputs[0]
    if op.attrs["data_format"] == "NHWC" or value.dims is None:
        return spread_like(grad, value)
    for _ in range(len(value.dims) - 1 - _channel(len(value.dims), "NCHW")):
        grad = expand_dims(grad, -1)
    return spread_like(grad, value)


def _with_last(value, bias):
    return _with_bias(value, bias, "NHWC")


@op("BiasAddV1", "value: T, bias: T[c] -> output: T", T=_BIASED, shape=_with_last)
def _add_bias_v1(value, bias):
    """Add a number to each channel, the last axis."""
    return value + bias


@_add_bias_v1.gradient
def _(op, grad):
    return grad, bias_add_grad(grad)


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Tensor:
    """Add a number to each channel.

    Parameters
    ----------
    value : Tensor [batch, ..., channels], or [batch, channels, ...] if `data_format` begins with NC
    bias : Tensor [channels]
    data_format : str, optional
    name : str, optional

    Returns
    -------
    Tensor of the shape of `value`

    Raises
    ------
    ValueError
        If the shapes don't go together.
    """
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        if data_format is not None:
            if not data_format.startswith("N") or not (data_format.startswith("NC") or data_format.endswith("C")):
                raise ValueError(f"data_format must be of the form `N...C` or `NC...`, not {data_format!r}")
            data_format = "NCHW" if data_format.startswith("NC") else "NHWC"
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return add_bias(value, bias, data_format, name=scope)


def bias_add_v1(value: Any, bias: Any, name: str | None = None) -> Tensor:
    """Add a number to each channel, the last axis, with the older op."""
    with name_scope(name, "BiasAddV1", [value, bias]) as scope:
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return _add_bias_v1(value, bias, name=scope)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """Return ``matmul(x, weights) + biases``.

    Parameters
    ----------
    x : Tensor [batch, in]
    weights : Tensor [in, out]
    biases : Tensor [out]
    name : str, optional

    Returns
    -------
    Tensor [batch, out]
    """
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return bias_add(matmul(x, weights), biases, name=scope)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """Return ``relu(matmul(x, weights) + biases)``; the shapes are those of `xw_plus_b`."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return relu(bias_add(matmul(x, weights), biases), name=scope)


# -- dropout ---------------------------------------------------------------------------------------------------------


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Set elements to 0 at random and scale the rest up, so that the expected sum stays.

    Parameters
    ----------
    x : floating Tensor
    keep_prob : float or Tensor []
        The old way to say `rate`, which is 1 - `keep_prob`.
    noise_shape : list or int32 Tensor, optional
        Axes that are 1 here share their fate.
    seed : int, optional
    name : str, optional
    rate : float or Tensor []
        Probability with which an element is dropped.

    Returns
    -------
    Tensor of the shape of `x`

    Raises
    ------
    ValueError
        If `x` is not floating, `rate` not in [0, 1) or neither it nor `keep_prob` given.
    """
    try:
        dropped = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})") from None
    rate = either("rate", rate, "keep_prob", dropped)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    return dropout_v2(x, rate, noise_shape, seed, name)


def dropout_v2(x: Any, rate: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None) -> Tensor:
    """`dropout`, by its rate only."""
    with name_scope(name, "dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(f"x is scaled, so it has to be a floating point tensor, not {x.dtype.name}")
        if isinstance(rate, (numbers.Real, np.generic)):
            rate = float(rate)
            if not 0 <= rate < 1:
                raise ValueError(f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}")
            if rate > 0.5:
                logging.log_first_n(logging.WARN, "Large dropout rate: %g (>0.5): the share that is dropped, not that "
                                    "which is kept. Is this intended?", 5, rate)  # fmt: skip
            if rate == 0:
                return x
        rate = convert_to_tensor(rate, dtype=x.dtype.base_dtype, name="rate")
        rate.shape.assert_has_rank(0)
        if constant_value(rate) == 0:
            return x
        noise = random_uniform(_noise_shape(x, noise_shape), dtype=x.dtype.base_dtype, seed=seed)
        scale = 1 / (1 - rate)
        kept = noise >= rate
        result = x * scale * cast(kept, x.dtype)
        result.set_shape(x.shape)
        return result


def _noise_shape(x: Tensor, given: Any) -> Any:
    """The shape of the noise: where `given` leaves a size open, that of `x`."""
    if given is None:
        return shape(x)
    try:
        wanted = TensorShape(given).as_list()
    except (TypeError, ValueError):
        return given
    if x.dims is None or len(x.dims) != len(wanted):
        return given
    return TensorShape([have if want is None else want for want, have in zip(wanted, x.dims)])


# -- the largest few -------------------------------------------------------------------------------------------------


def _largest(input: Any, k: int | None) -> Any:
    if k is not None and k < 0:
        raise ValueError(f"Need k >= 0, got {k}")
    if input is None:
        return [None, None]
    if not input:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if None not in (input[-1], k) and input[-1] < k:
        raise ValueError(f"input must have last dimension >= k = {k} but is {input[-1]}")
    return [(*input[:-1], k)] * 2


def _take_largest(input: Any, k: int) -> Any:
    check(0 <= k <= input.shape[-1], InvalidArgumentError, "input must have at least k = {} columns, but has {}", k,
          input.shape[-1])  # fmt: skip
    if jnp.issubdtype(input.dtype, jnp.floating):
        input = jnp.where(input == 0, 0, input)  # JAX sorts -0.0 below 0.0
    values, indices = lax.top_k(input, k)
    return values, indices.astype(jnp.int32)


@op("TopK", "input: T -> values: T, indices: int32", T=REAL)
def _top_k_v1(input, k: int, sorted: bool = True):
    """The `k` largest elements along the last axis, and where they are."""
    return _take_largest(input, k)


@_top_k_v1.shape
def _(input, k):
    return _largest(input, k)


@_top_k_v1.gradient
def _(op, grad, _):
    return None if grad is None else _top_k_grad(grad, op.outputs[1], op.inputs[0])


@op("TopKV2", "input: T, k: static int32[] -> values: T, indices: int32", T=REAL)
def _top_k(input, k, sorted: bool = True):
    """The `k` largest elements along the last axis, and where they are."""
    return _take_largest(input, int(k))


@_top_k.shape
def _(input, k):
    return _largest(input, known(k))


@_top_k.gradient
def _(op, grad, _):
    return None if grad is None else _top_k_grad(grad, op.outputs[1], op.inputs[0]), None


@op("TopKGrad", "grad: T, indices: int32, input: T[...] -> output: T[...]", T=REAL)
def _top_k_grad(grad, indices, input):
    """Put `grad` at `indices` along the last axis of zeros of the shape of `input`."""
    rows, width = math.prod(input.shape[:-1]), input.shape[-1]
    at = indices.reshape(rows, -1) + np.arange(rows, dtype=np.int32)[:, None] * np.int32(width)
    return jnp.zeros(rows * width, grad.dtype).at[at.ravel()].add(grad.ravel()).reshape(input.shape)


@_top_k_grad.gradient
def _(op, grad):
    indices = op.inputs[1]
    return gather(grad, indices, axis=-1, batch_dims=len(indices.dims) - 1), None, zeros_like(op.inputs[2])


class TopKV2(NamedTuple):
    """What `top_k` returns."""

    values: Tensor
    indices: Tensor


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """Return the `k` largest elements along the last axis, and where they are.

    Parameters
    ----------
    input : Tensor [..., n]
    k : int32 Tensor []
    sorted : bool
        Has no effect: they always come in falling order, of equal ones the first first.
    name : str, optional

    Returns
    -------
    values, indices : Tensor [..., k]
        Indices are int32.

    Raises
    ------
    ValueError, InvalidArgumentError
        If `k` is larger than n.
    """
    return TopKV2(*_top_k(input, k, sorted, name=name))


def _is_in_top_k(predictions: Any, targets: Any, k: Any) -> Any:
    """Whether fewer than `k` classes are likelier than the target; False where a number isn't finite."""
    classes = predictions.shape[1]
    inside = (targets >= 0) & (targets < classes)
    target = jnp.take_along_axis(predictions, jnp.clip(targets, 0, max(classes - 1, 0))[:, None], 1)
    finite = jnp.all(jnp.isfinite(predictions), 1)
    return inside & finite & (jnp.sum(predictions > target, 1) < k)


@op("InTopK", "predictions: float32[b,c], targets: T[b] -> precision: bool[b]", T=(INDEX, dtypes.int32),
    differentiable=False)  # fmt: skip
def _in_top_k_v1(predictions, targets, k: int):
    """Whether each target is among the `k` likeliest classes."""
    return _is_in_top_k(predictions, targets, k)


@op("InTopKV2", "predictions: float32[b,c], targets: T[b], k: T[] -> precision: bool[b]", T=(INDEX, dtypes.int32),
    differentiable=False)  # fmt: skip
def _in_top_k(predictions, targets, k):
    """Whether each target is among the `k` likeliest classes."""
    return _is_in_top_k(predictions, targets, k)


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Return whether each target is among the `k` likeliest classes; all that tie with the last of them count.

    Parameters
    ----------
    predictions : float32 Tensor [batch, classes]
    targets : int32 or int64 Tensor [batch]
    k : int or Tensor []
    name : str, optional

    Returns
    -------
    bool Tensor [batch]
    """
    with name_scope(name, "in_top_k"):
        return _in_top_k(predictions, targets, k, name=name)


@op("NthElement", "input: T, n: int32[] -> values: T", T=REAL)
def _nth_element(input, n, reverse: bool = False):
    """The element that would come `n`-th along the last axis if it were sorted."""
    width = input.shape[-1]
    check((n >= 0) & (n < width), InvalidArgumentError, "n must be in [0, {}), got {}", width, n)
    place = width - 1 - n if reverse else n
    return lax.dynamic_index_in_dim(jnp.sort(input, -1), place, -1, keepdims=False)


@_nth_element.shape
def _(input):
    if input == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return None if input is None else input[:-1]


@_nth_element.gradient
def _(op, grad):
    chosen = cast(equal(expand_dims(op.outputs[0], -1), op.inputs[0]), grad.dtype)
    share = divide(chosen, reduce_sum(chosen, -1, keepdims=True))
    return multiply(share, expand_dims(grad, -1)), None


def nth_element(input: Any, n: Any, reverse: bool = False, name: str | None = None) -> Tensor:
    """Return the element that would come `n`-th along the last axis if it were sorted.

    Parameters
    ----------
    input : Tensor [..., m]
    n : int32 Tensor []
        From 0 up.
    reverse : bool
        Sort in falling order.
    name : str, optional

    Returns
    -------
    Tensor [...]

    Raises
    ------
    InvalidArgumentError
        When run, if there is no `n`-th element.
    """
    return _nth_element(input, n, reverse, name=name)


# -- losses and measures ---------------------------------------------------------------------------------------------


@op("L2Loss", "t: T -> output: T[]", T=FLOAT)
def l2_loss(t):
    """Return half the sum of squares.

    Parameters
    ----------
    t : Tensor

    Returns
    -------
    Tensor []
    """
    return jnp.sum(jnp.square(t), dtype=t.dtype) / jax.numpy.asarray(2, t.dtype)


@l2_loss.gradient
def _(op, grad):
    return multiply(op.inputs[0], grad)


def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None) -> Tensor:
    """Return the loss of counts `targets` under Poisson distributions of rate ``exp(log_input)``.

    Parameters
    ----------
    targets : Tensor
    log_input : Tensor
        Of the type and shape of `targets`.
    compute_full_loss : bool
        Add Stirling's approximation of ``log(targets!)``, which doesn't depend on `log_input`.
    name : str, optional

    Returns
    -------
    Tensor of the shape of `log_input`

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = convert_to_tensor(log_input, name="log_input")
        targets = convert_to_tensor(targets, name="targets")
        if not targets.shape.is_compatible_with(log_input.shape):
            raise ValueError(f"log_input and targets must have the same shape ({log_input.shape} vs {targets.shape})")
        result = exp(log_input) - log_input * targets
        if compute_full_loss:
            kind = targets.dtype.base_dtype
            half = constant(0.5, dtype=kind)
            two_pi = constant(2 * math.pi, dtype=kind)
            stirling = targets * log(targets) - targets + half * log(two_pi * targets)
            nothing = zeros_like(targets, dtype=kind)
            one = ones_like(targets, dtype=kind)
            small = logical_and(greater_equal(targets, nothing), less_equal(targets, one))
            result += where(small, nothing, stirling)
        return result


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """Return the share of zeros among the elements of `value`.

    Parameters
    ----------
    value : numeric Tensor
    name : str, optional

    Returns
    -------
    float32 Tensor []
        NaN if `value` is empty.
    """
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        count = size(value, out_type=dtypes.int64)
        # int32 is faster, where it is wide enough.
        others = cond(
            less_equal(count, dtypes.int32.max),
            lambda: cast(_count_nonzero(value, dtypes.int32), dtypes.int64),
            lambda: _count_nonzero(value, dtypes.int64),
        )
        with name_scope("counts_to_fraction"):
            fraction = cast(count - others, dtypes.float32) / cast(count, dtypes.float32)
        return identity(fraction, "fraction")


def _count_nonzero(value: Tensor, kind: Any) -> Tensor:
    with name_scope("count_nonzero", values=[value]):
        zero = zeros([], value.dtype.base_dtype)
        return reduce_sum(cast(not_equal(value, zero), kind), name="nonzero_count")
