"""Colours of images changed at random."""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Tensor
from defrun.image.colour import adjust_brightness, adjust_contrast, adjust_hue, adjust_saturation
from defrun.ops.random import random_uniform


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`adjust_brightness` by a number of [-max_delta, max_delta).

    Parameters
    ----------
    image : Tensor
    max_delta : float
    seed : int, optional
        See `get_seed`.

    Raises
    ------
    ValueError
        If `max_delta` is negative.
    """
    if max_delta < 0:
        raise ValueError(f"max_delta must be non-negative, got {max_delta}")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`adjust_contrast` by a factor of [lower, upper).

    Parameters
    ----------
    image : Tensor [..., height, width, channels]
    lower, upper : float
    seed : int, optional
        See `get_seed`.

    Raises
    ------
    ValueError
        If `lower` is negative, or `upper` not larger.
    """
    _check_range(lower, upper)
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`adjust_saturation` by a factor of [lower, upper); see `random_contrast`."""
    _check_range(lower, upper)
    return adjust_saturation(image, random_uniform([], lower, upper, seed=seed))


def _check_range(lower: float, upper: float) -> None:
    if upper <= lower:
        raise ValueError(f"upper must be > lower, got {lower} and {upper}")
    if lower < 0:
        raise ValueError(f"lower must be non-negative, got {lower}")


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`adjust_hue` by a number of [-max_delta, max_delta).

    Parameters
    ----------
    image : Tensor [..., height, width, 3]
    max_delta : float
        Up to 0.5, half a turn.
    seed : int, optional
        See `get_seed`.

    Raises
    ------
    ValueError
        If `max_delta` is not in [0, 0.5].
    """
    if max_delta > 0.5:
        raise ValueError(f"max_delta must be <= 0.5, got {max_delta}")
    if max_delta < 0:
        raise ValueError(f"max_delta must be non-negative, got {max_delta}")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))
