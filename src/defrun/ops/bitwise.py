"""Integers bit by bit."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.broadcast import broadcast
from defrun.ops.declare import op
from defrun.ops.types import BOOL, FLOAT, INTEGER, SIGNED

_COMPARED = (FLOAT - {dtypes.bfloat16}) | SIGNED | BOOL


@op("BitwiseAnd", "x: T, y: T -> z: T", T=INTEGER, shape=broadcast, folds=True, differentiable=False)
def bitwise_and(x, y):
    """The bits that are set in both `x` and `y`; the two broadcast."""
    return x & y


@op("BitwiseOr", "x: T, y: T -> z: T", T=INTEGER, shape=broadcast, folds=True, differentiable=False)
def bitwise_or(x, y):
    """The bits that are set in `x` or `y`; the two broadcast."""
    return x | y


@op("BitwiseXor", "x: T, y: T -> z: T", T=INTEGER, shape=broadcast, folds=True, differentiable=False)
def bitwise_xor(x, y):
    """The bits that are set in one of `x` and `y`; the two broadcast."""
    return x ^ y


@op("Invert", "x: T[...] -> y: T[...]", T=INTEGER, folds=True, differentiable=False)
def invert(x):
    """The bits that are not set in `x`."""
    return ~x


def _places(x: Any, y: Any) -> Any:
    """By how many places to shift `x`: no less than none, no more than leave one bit."""
    return jnp.clip(y, 0, jnp.iinfo(x.dtype).bits - 1).astype(x.dtype)


@op("LeftShift", "x: T, y: T -> z: T", T=INTEGER, shape=broadcast, differentiable=False)
def left_shift(x, y):
    """Shift the bits of `x` to the left by `y` places, at least 0 and less than there are bits; the two broadcast."""
    return jnp.left_shift(x, _places(x, y))


@op("RightShift", "x: T, y: T -> z: T", T=INTEGER, shape=broadcast, differentiable=False)
def right_shift(x, y):
    """Shift the bits of `x` to the right by `y` places, at least 0 and less than there are bits; the two broadcast.

    What comes in on the left is the sign.
    """
    return jnp.right_shift(x, _places(x, y))


@op("PopulationCount", "x: T[...] -> y: uint8[...]", T=INTEGER, differentiable=False)
def population_count(x):
    """How many bits are set."""
    return lax.population_count(x).astype(jnp.uint8)


@op("CompareAndBitpack", "input: T, threshold: T[] -> output: uint8", T=_COMPARED, differentiable=False)
def compare_and_bitpack(input, threshold):
    """Say of each element whether it is larger than `threshold`, by one bit of eight.

    Parameters
    ----------
    input : Tensor [..., 8 n]
    threshold : Tensor []

    Returns
    -------
    uint8 Tensor [..., n]
        The first of eight elements is the highest bit.

    Raises
    ------
    InvalidArgumentError
        If the last size is no multiple of 8.
    """
    check(input.ndim > 0 and input.shape[-1] % 8 == 0, InvalidArgumentError,
          f"The last dimension of {list(input.shape)} must be divisible by 8")  # fmt: skip
    return jnp.packbits(input & ~threshold if input.dtype == bool else input > threshold, axis=-1)


@compare_and_bitpack.shape
def _(input):
    if input is None:
        return None
    if not input:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if input[-1] is not None and input[-1] % 8:
        raise ValueError(f"Dimension size must be evenly divisible by 8 but is {input[-1]}")
    return (*input[:-1], None if input[-1] is None else input[-1] // 8)
