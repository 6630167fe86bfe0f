"""The same bits under another type."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.types import NUMERIC, QUANTIZED

_T = NUMERIC | QUANTIZED


@op("Bitcast", "input: T -> output: type", T=_T, type=_T, differentiable=False)
def bitcast(input, type: DType):
    """Read the bits of `input` as elements of another type.

    Parameters
    ----------
    input : Tensor
    type : DType
        If it is smaller, there is a new last axis for the parts; if larger, the last axis is what makes one element.

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If the last axis doesn't hold the parts of one element.
    """
    wanted = np.dtype(type.value_dtype)
    ratio = wanted.itemsize // input.dtype.itemsize
    if ratio > 1:
        check(input.ndim > 0 and input.shape[-1] == ratio, InvalidArgumentError,
              "Cannot bitcast from {} to {}: the last axis of {} must have size {}",
              input.dtype.name, type.name, list(input.shape), ratio)  # fmt: skip
    if isinstance(input, np.ndarray):
        parts = np.ascontiguousarray(input[..., None] if ratio < 1 else input).view(wanted)
        return parts.reshape(input.shape[:-1]) if ratio > 1 else parts.reshape(input.shape) if ratio == 1 else parts
    if "c" not in (input.dtype.kind, wanted.kind):
        return lax.bitcast_convert_type(input, wanted)
    dims = input.shape if ratio == 1 else input.shape[:-1] if ratio else (*input.shape, -1)
    return _by_octets(input, wanted).reshape(dims)


def _by_octets(input: Any, wanted: np.dtype[Any]) -> Any:
    """Read all bits as a vector of `wanted`; XLA itself doesn't take complex numbers apart."""
    parts = jnp.stack([input.real, input.imag], -1) if input.dtype.kind == "c" else input
    part = wanted.type(0).real.dtype
    octets = lax.bitcast_convert_type(parts, jnp.uint8)
    vector = lax.bitcast_convert_type(octets.reshape(-1, part.itemsize), part).reshape(-1)
    return lax.complex(vector[0::2], vector[1::2]) if wanted.kind == "c" else vector


@bitcast.shape
def _(input, T, type):
    if input is None:
        return None
    if type.size < T.size:
        return (*input, T.size // type.size)
    if type.size == T.size:
        return input
    if not input or input[-1] not in (None, type.size // T.size):
        raise ValueError(f"Cannot bitcast due to shape: the last axis must have size {type.size // T.size}")
    return input[:-1]
