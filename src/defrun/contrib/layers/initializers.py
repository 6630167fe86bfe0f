"""The initializers of `tf.contrib.layers`: Xavier's and those that keep the variance."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.ops.random import random_uniform, truncated_normal
from defrun.variables.initializers import compute_fans

Maker = Callable[..., Tensor]


def xavier_initializer(uniform: bool = True, seed: int | None = None, dtype: Any = dtypes.float32) -> Maker:
    """Return an initializer by Glorot and Bengio (2010): of the same variance forwards and backwards.

    Parameters
    ----------
    uniform : bool
        Uniform numbers, else truncated normal ones.
    seed : int, optional
    dtype : DType

    Returns
    -------
    callable
        ``initializer(shape, dtype=dtype, partition_info=None)``.
    """
    return variance_scaling_initializer(factor=1.0, mode="FAN_AVG", uniform=uniform, seed=seed, dtype=dtype)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = dtypes.float32,
) -> Maker:
    """Return an initializer of a variance of ``factor / n``, n the number of inputs, outputs or their mean.

    Parameters
    ----------
    factor : float
    mode : str
        ``"FAN_IN"``, ``"FAN_OUT"`` or ``"FAN_AVG"``.
    uniform : bool
        Uniform numbers, else truncated normal ones.
    seed : int, optional
    dtype : DType

    Returns
    -------
    callable
        ``initializer(shape, dtype=dtype, partition_info=None)``.

    Raises
    ------
    TypeError
        If `mode` is none of these, or `dtype` no floating point type.
    """
    _check_float(dtype)
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def initializer(shape: Any, dtype: Any = dtype, partition_info: Any = None) -> Tensor:
        _check_float(dtype)
        fan_in, fan_out = compute_fans(shape)
        count = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / count)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        # What is cut off takes about a quarter of the variance.
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / count), dtype, seed=seed)

    return initializer


def _check_float(dtype: Any) -> None:
    if not dtypes.as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
