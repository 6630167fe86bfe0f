"""Learning rates that fall with the global step."""

from __future__ import annotations

import math
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_n_to_tensor, convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.case import case
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.elementary import cos, exp, log, pow, sqrt
from defrun.ops.limits import ceil, floor, minimum
from defrun.ops.math import add, divide, multiply, negative
from defrun.ops.random import random_normal


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return ``learning_rate * decay_rate ** (global_step / decay_steps)``.

    Parameters
    ----------
    learning_rate : float or Tensor []
    global_step : int, Variable or Tensor []
    decay_steps : int or Tensor []
    decay_rate : float or Tensor []
    staircase : bool
        Round the exponent down: the rate falls every `decay_steps`.
    name : str, optional

    Returns
    -------
    Tensor []
        Of the type of `learning_rate`, as those of the other decays are.
    """
    with name_scope(name, "ExponentialDecay") as scope:
        start, steps, rate = _cast_to_first(learning_rate, decay_steps, decay_rate)
        portion = _portion(global_step, steps, staircase)
        return multiply(start, pow(rate, portion), name=scope)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return ``learning_rate * exp(-decay_rate * global_step / decay_steps)``. See `exponential_decay`."""
    rate = exp(negative(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, rate, staircase, name)


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return ``learning_rate / (1 + decay_rate * global_step / decay_steps)``. See `exponential_decay`."""
    with name_scope(name, "InverseTimeDecay") as scope:
        start, steps, rate = _cast_to_first(learning_rate, decay_steps, decay_rate)
        portion = _portion(global_step, steps, staircase)
        one = cast(constant(1), start.dtype)
        return divide(start, add(one, multiply(rate, portion)), name=scope)


def _cast_to_first(learning_rate: Any, *others: Any) -> list[Any]:
    """Return the learning rate as a tensor and the others in its type."""
    start = convert_to_tensor(learning_rate, name="initial_learning_rate")
    return [start, *(cast(other, start.dtype) for other in others)]


def _portion(global_step: Any, decay_steps: Tensor, staircase: bool) -> Tensor:
    portion = cast(global_step, decay_steps.dtype) / decay_steps
    return floor(portion) if staircase else portion


def piecewise_constant(x: Any, boundaries: list[Any], values: list[Any], name: str | None = None) -> Tensor:
    """Return one of `values`, by the place of `x` among `boundaries`.

    Parameters
    ----------
    x : Tensor []
        The global step, for one.
    boundaries : list of numbers or Tensors
        Rising; of the type of `x`.
    values : list of numbers or Tensors
        One more: the first up to and with the first boundary, the last beyond the last one.
    name : str, optional

    Returns
    -------
    Tensor []

    Raises
    ------
    ValueError
        If types differ, or there are not as many values.
    """
    limits, choices, place = convert_n_to_tensor(boundaries), convert_n_to_tensor(values), convert_to_tensor(x)
    kind = place.dtype.base_dtype
    for i, limit in enumerate(limits):
        if limit.dtype.base_dtype == dtypes.int32 and kind == dtypes.int64:  # Python's integers, most often
            limits[i] = cast(limit, kind)
        elif limit.dtype.base_dtype != kind:
            raise ValueError(f"Boundaries ({limit.dtype.name}) must have the same dtype as x ({kind.name}).")
    for value in choices[1:]:
        if value.dtype.base_dtype != choices[0].dtype.base_dtype:
            raise ValueError(f"Values must all have the same dtype: {choices[0].dtype.name}, {value.dtype.name}.")
    if len(limits) != len(choices) - 1:
        raise ValueError(f"{len(choices)} values need {len(choices) - 1} boundaries, not {len(limits)}")
    with name_scope(name, "PiecewiseConstant"):
        pairs: list[Any] = [(place <= limits[0], lambda: choices[0]), (place > limits[-1], lambda: choices[-1])]
        for low, high, value in zip(limits[:-1], limits[1:], choices[1:-1], strict=True):
            pairs.append(((place > low) & (place <= high), lambda value=value: value))
        return case(pairs, lambda: choices[0], exclusive=True)


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """Go from `learning_rate` to `end_learning_rate` in `decay_steps`, along ``(1 - part) ** power``.

    Parameters
    ----------
    learning_rate : float or Tensor []
    global_step : int, Variable or Tensor []
    decay_steps : int or Tensor []
    end_learning_rate, power : float or Tensor []
    cycle : bool
        Beyond `decay_steps` begin again, in twice, three times... as many steps.
    name : str, optional

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "PolynomialDecay") as scope:
        start, end, exponent = _cast_to_first(learning_rate, end_learning_rate, power)
        step, steps = cast(global_step, start.dtype), cast(decay_steps, start.dtype)
        if cycle:
            times = cond(equal(step, 0), lambda: 1.0, lambda: ceil(step / decay_steps))
            steps = multiply(steps, times)
        else:
            step = minimum(step, decay_steps)
        part = divide(step, steps)
        return add(multiply(start - end, pow(1 - part, exponent)), end, name=scope)


# -- along a cosine (Loshchilov and Hutter, 2016; Bello et al., 2017) --------------------------------------------------


def _wave(part: Any, factor: Any = None) -> Tensor:
    """Return half of a cosine, between 1 at 0 and 0 at 1, scaled by `factor`."""
    half: Any = 0.5 if factor is None else 0.5 * factor
    return half * (1.0 + cos(constant(math.pi) * part))


def cosine_decay(
    learning_rate: Any, global_step: Any, decay_steps: Any, alpha: Any = 0.0, name: str | None = None
) -> Tensor:
    """Go from `learning_rate` to `alpha` times it in `decay_steps`, along half of a cosine. See `exponential_decay`."""
    with name_scope(name, "CosineDecay"):
        start, steps = _cast_to_first(learning_rate, decay_steps)
        step = minimum(cast(global_step, start.dtype), steps)
        wave = _wave(step / steps)
        return multiply(start, (1 - alpha) * wave + alpha)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """As `cosine_decay`, again and again: each time takes `t_mul` times as long and begins with `m_mul` times as much.

    Parameters
    ----------
    learning_rate : float or Tensor []
    global_step : int, Variable or Tensor []
    first_decay_steps : int or Tensor []
    t_mul, m_mul, alpha : float or Tensor []
    name : str, optional

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "SGDRDecay") as scope:
        start, first, lowest, longer, lower = _cast_to_first(learning_rate, first_decay_steps, alpha, t_mul, m_mul)
        done = cast(global_step, start.dtype) / first

        def alike() -> tuple[Tensor, Tensor]:
            restarts = floor(done)
            return restarts, done - restarts

        def growing() -> tuple[Tensor, Tensor]:
            restarts = floor(log(1.0 - done * (1.0 - longer)) / log(longer))
            before = (1.0 - longer**restarts) / (1.0 - longer)
            return restarts, (done - before) / longer**restarts

        restarts, part = cond(equal(longer, 1.0), alike, growing)
        wave = _wave(part, lower**restarts)
        return multiply(start, (1 - lowest) * wave + lowest, name=scope)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """Go along ``(alpha + linear) * cosine + beta``, where `linear` falls from 1 to 0 in `decay_steps`.

    Parameters
    ----------
    learning_rate : float or Tensor []
    global_step : int, Variable or Tensor []
    decay_steps : int or Tensor []
    num_periods : float or Tensor []
        Of the cosine.
    alpha, beta : float or Tensor []
    name : str, optional

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "LinearCosineDecay") as scope:
        start, steps, periods, low, floor_ = _cast_to_first(learning_rate, decay_steps, num_periods, alpha, beta)
        step = minimum(cast(global_step, start.dtype), steps)
        linear = (steps - step) / steps
        part = step / steps
        wave = _wave(2.0 * periods * part)
        return multiply(start, (low + linear) * wave + floor_, name=scope)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """As `linear_cosine_decay`, with noise added to `linear`.

    Parameters
    ----------
    learning_rate, global_step, decay_steps, num_periods, alpha, beta
        As of `linear_cosine_decay`.
    initial_variance, variance_decay : float or Tensor []
        The noise's variance is ``initial_variance / (1 + global_step) ** variance_decay``.
    name : str, optional

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "NoisyLinearCosineDecay") as scope:
        start, steps, variance, falling, periods, low, floor_ = _cast_to_first(
            learning_rate, decay_steps, initial_variance, variance_decay, num_periods, alpha, beta
        )
        step = minimum(cast(global_step, start.dtype), steps)
        linear = (steps - step) / steps
        deviation = sqrt(variance / pow(1.0 + step, falling))
        linear = linear + random_normal(linear.shape, stddev=deviation)
        part = step / steps
        wave = _wave(2.0 * periods * part)
        return multiply(start, (low + linear) * wave + floor_, name=scope)
