"""Numbers as small integers: quantized types, and back."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.axes import axis_of, known
from defrun.ops.declare import op
from defrun.ops.types import QUANTIZED

_MODES = ("MIN_COMBINED", "MIN_FIRST", "SCALED")
_ROUNDING = ("HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN")


def _limits(kind: Any) -> tuple[float, float]:
    """Return the smallest and the largest integer of a type."""
    info = np.iinfo(kind)
    return float(info.min), float(info.max)


def _half_away(x: Any) -> Any:
    return lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO)


def _as_integers(x: Any, kind: Any) -> Any:
    """Turn whole numbers into integers; what doesn't fit becomes the nearest that does."""
    low, high = _limits(kind)
    return jnp.clip(x.astype(np.float64), low, high).astype(kind)


# -- the first mode: the smallest number is the smallest integer, and 0 is kept exact ----------------------------------


def _span(low: Any, high: Any, kind: Any) -> tuple[Any, Any]:
    """Return the width of a range, a step more than from the lowest to the highest integer, and how many steps."""
    count = 2.0 ** (8 * np.dtype(kind).itemsize)
    return (high - low).astype(np.float64) * (count / (count - 1.0)), count


def _from_first(values: Any, low: Any, high: Any) -> Any:
    span, count = _span(low, high, values.dtype)
    step = (span / count).astype(np.float32)
    above = values.astype(np.float64) - _limits(values.dtype)[0]
    result = _half_away(low / step) * step + above * step.astype(np.float64)
    return jnp.where(low == high, low, result).astype(np.float32)


def _to_first(x: Any, low: Any, high: Any, kind: Any) -> Any:
    span, count = _span(low, high, kind)
    scale = (count / span).astype(np.float32)
    return _as_integers(_half_away(x * scale) - _half_away(low * scale) + _limits(kind)[0], kind)


# -- quantize --------------------------------------------------------------------------------------------------------


@op("QuantizeV2",
    "input: float32, min_range: float32[], max_range: float32[] "
    "-> output: T, output_min: float32[], output_max: float32[]",
    T=QUANTIZED, mode=_MODES, round_mode=_ROUNDING, differentiable=False)  # fmt: skip
def _quantize(
    input, min_range, max_range, T: DType, mode: str = "MIN_COMBINED", round_mode: str = "HALF_AWAY_FROM_ZERO"
):
    """The input as integers that stand for numbers of a range, and that range."""
    check(round_mode != "HALF_TO_EVEN" or mode == "SCALED", InvalidArgumentError,
          f"round_mode HALF_TO_EVEN goes with mode SCALED only, not with {mode}")  # fmt: skip
    check(jnp.asarray(min_range <= max_range), InvalidArgumentError,
          "max_range {} must be larger than min_range {}", max_range, min_range)  # fmt: skip
    kind = T.value_dtype
    lowest, highest = _limits(kind)
    least = jnp.maximum(1, jnp.maximum(jnp.abs(min_range), jnp.abs(max_range))) / 100
    low = jnp.minimum(0, min_range)
    high = jnp.maximum(0, jnp.maximum(max_range, low + least))
    if mode == "SCALED":
        scale = jnp.where(lowest * low > 0, lowest / low, np.finfo(np.float32).max)
        scale = jnp.minimum(scale, highest / high).astype(np.float32)
        low, high = lowest / scale, highest / scale
        scaled = jnp.clip(input, low, high) * scale
        return _as_integers(jnp.round(scaled) if round_mode == "HALF_TO_EVEN" else _half_away(scaled), kind), low, high
    if mode == "MIN_FIRST":
        return _to_first(input, low, high, kind), low, high
    scale = ((highest - lowest) / (high - low)).astype(np.float32)
    scaled = (jnp.clip(input, low, high) - low) * scale
    return _as_integers(_half_away(scaled + np.float32(lowest)), kind), low, high


@_quantize.shape
def _(input):
    return [input, (), ()]


def quantize(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    round_mode: str = "HALF_AWAY_FROM_ZERO",
    name: str | None = None,
) -> Any:
    """Write floats as integers that stand for numbers of a range.

    Parameters
    ----------
    input : float32 Tensor
    min_range, max_range : float32 Tensor []
        What lies outside becomes the nearest of these.
    T : DType
        qint8, quint8, qint16, quint16 or qint32.
    mode : {"MIN_COMBINED", "MIN_FIRST", "SCALED"}
        Spread the range over all integers; the same with 0 kept exact; or keep 0 at 0.
    round_mode : {"HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN"}
    name : str, optional

    Returns
    -------
    output : Tensor
        Of type `T`.
    output_min, output_max : float32 Tensor []
        The range indeed: with 0 in it, and not empty.

    Raises
    ------
    InvalidArgumentError
        If the range is the wrong way round.
    """
    return _quantize(input, min_range, max_range, T, mode=mode, round_mode=round_mode, name=name)


def quantize_v2(
    input: Any,
    min_range: Any,
    max_range: Any,
    T: Any,
    mode: str = "MIN_COMBINED",
    name: str | None = None,
    round_mode: str = "HALF_AWAY_FROM_ZERO",
) -> Any:
    """Write floats as integers that stand for numbers of a range: `quantize` under its old name."""
    return _quantize(input, min_range, max_range, T, mode=mode, round_mode=round_mode, name=name)


@op("Dequantize", "input: T[...], min_range: float32[], max_range: float32[] -> output: float32[...]",
    T=QUANTIZED, mode=_MODES, differentiable=False)  # fmt: skip
def dequantize(input, min_range, max_range, mode: str = "MIN_COMBINED"):
    """Undo `quantize`.

    Parameters
    ----------
    input : Tensor
        Of a quantized type.
    min_range, max_range : float32 Tensor []
    mode : {"MIN_COMBINED", "MIN_FIRST", "SCALED"}

    Returns
    -------
    float32 Tensor
    """
    lowest, highest = _limits(input.dtype)
    if mode == "MIN_FIRST":
        return _from_first(input, min_range, max_range)
    values = input.astype(np.float32)
    if mode == "SCALED":
        scale = max_range / highest
        return values * (jnp.maximum(scale, min_range / lowest) if lowest else scale)
    scale = ((max_range - min_range) / (highest - lowest)).astype(np.float32)
    return (values - np.float32(lowest)) * scale + min_range


@op("QuantizedConcat",
    "concat_dim: static int32[], values: N * T, input_mins: N * float32[], input_maxes: N * float32[] "
    "-> output: T, output_min: float32[], output_max: float32[]",
    differentiable=False)  # fmt: skip
def quantized_concat(concat_dim, values, input_mins, input_maxes):
    """Join quantized tensors, each of a range of its own, along an axis.

    Parameters
    ----------
    concat_dim : int32 Tensor []
    values : list of Tensor
    input_mins, input_maxes : list of float32 Tensor []

    Returns
    -------
    output : Tensor
    output_min, output_max : float32 Tensor []
        A range that has all the others in it.
    """
    low, high = jnp.stack(input_mins).min(), jnp.stack(input_maxes).max()
    low = jnp.minimum(0, low)
    same = [(a == low) & (b == high) for a, b in zip(input_mins, input_maxes, strict=True)]
    parts = [
        jnp.where(fits, v, _to_first(_from_first(v, a, b), low, high, v.dtype))
        for fits, v, a, b in zip(same, values, input_mins, input_maxes, strict=True)
    ]
    return jnp.concatenate(parts, axis=axis_of(concat_dim, values[0].ndim)), low, high


@quantized_concat.shape
def _(concat_dim, values):
    axis, first = known(concat_dim), values[0]
    if axis is None or any(v is None for v in values):
        return [None if first is None else (None,) * len(first), (), ()]
    axis %= len(first)
    sizes = [v[axis] for v in values]
    return [(*first[:axis], None if None in sizes else sum(sizes), *first[axis + 1 :]), (), ()]
