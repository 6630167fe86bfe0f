"""Cosine transforms."""

from __future__ import annotations

import math
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import pad
from defrun.ops.array import expand_dims, shape
from defrun.ops.cast import cast
from defrun.ops.complex import complex, real
from defrun.ops.creation import range_
from defrun.ops.elementary import exp, rsqrt, sqrt
from defrun.ops.join import concat
from defrun.ops.signal.fft import irfft, rfft


def _check(input: Any, kind: Any, n: Any, axis: Any, norm: Any) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1, not {axis}")
    if n is not None and n < 1:
        raise ValueError(f"n must be a positive integer or None, not {n}")
    if kind not in (1, 2, 3):
        raise ValueError(f"Only the types 1, 2 and 3 of the cosine transform are supported, not {kind}")
    if kind == 1:
        if norm == "ortho":
            raise ValueError("The cosine transform of type 1 has no normalization")
        last = input.shape[-1]
        if last is not None and last < 2:
            raise ValueError("The cosine transform of type 1 needs a dimension greater than one")
    if norm not in (None, "ortho"):
        raise ValueError(f"norm must be None or 'ortho', not {norm!r}")


def _last(x: Tensor) -> Any:
    """Return the last size: a number if it is known, and not 0."""
    return (x.dims[-1] if x.dims else None) or shape(x)[-1]


def dct(
    input: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, name: str | None = None
) -> Tensor:
    """Return the cosine transform over the last axis.

    Parameters
    ----------
    input : float32 Tensor [..., samples]
    type : {1, 2, 3}
    n : int, optional
        Cut, or pad with 0, to this length.
    axis : -1
    norm : "ortho", optional
        Make the transform orthonormal; not of type 1.
    name : str, optional

    Returns
    -------
    float32 Tensor [..., n]

    Raises
    ------
    ValueError
        If there is no such type or norm.
    """
    _check(input, type, n, axis, norm)
    with name_scope(name, "dct", [input]):
        input = convert_to_tensor(input, dtype=dtypes.float32)
        found = _last(input)
        if n is not None:
            input = _of_length(input, found, n)
        size = _last(input)
        count = cast(size, dtypes.float32)
        if type == 1:
            return real(rfft(concat([input, input[..., -2:0:-1]], axis=-1)))
        if type == 2:
            turn = 2.0 * exp(complex(0.0, -range_(count) * math.pi * 0.5 / count))
            result = real(rfft(input, fft_length=[2 * size])[..., :size] * turn)
            return result * _weights(0.5 * rsqrt(count), 2.0, size) if norm == "ortho" else result
        input *= _weights(sqrt(count), 0.5, size) if norm == "ortho" else count
        turn = 2.0 * exp(complex(0.0, range_(count) * math.pi * 0.5 / count))
        return real(irfft(turn * complex(input, 0.0), fft_length=[2 * size]))[..., :size]


def _of_length(input: Tensor, found: Any, n: int) -> Tensor:
    if n <= found:
        return input[..., 0:n]
    paddings: list[list[Any]] = [[0, 0] for _ in input.dims or ()]
    paddings[-1][1] = n - found
    return pad(input, paddings=convert_to_tensor(paddings, dtype=dtypes.int32))


def _weights(first: Tensor, ratio: float, size: Any) -> Tensor:
    """Return `first`, then `first` times the root of `ratio`."""
    others = first * sqrt(ratio)
    return pad(expand_dims(first, 0), [[0, size - 1]], constant_values=others)


def idct(
    input: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, name: str | None = None
) -> Tensor:
    """Undo `dct`; without `norm` up to a factor of 2 times the length (type 1: 2 times the length less 1).

    Parameters
    ----------
    input : float32 Tensor [..., samples]
    type : {1, 2, 3}
    n : int, optional
        Cut, or pad with 0, to this length.
    axis : -1
    norm : "ortho", optional
    name : str, optional

    Returns
    -------
    float32 Tensor [..., n]
    """
    _check(input, type, n, axis, norm)
    return dct(input, type={1: 1, 2: 3, 3: 2}[type], n=n, axis=axis, norm=norm, name=name)
