"""Numbers as text, and text as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.operation import Tensor
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.strings.numerals import integer_in, real_in
from defrun.ops.strings.texts import array_of, shown, texts_in
from defrun.ops.types import BOOL, COMPLEX, SIGNED

_SHOWN = SIGNED | COMPLEX | BOOL | {dtypes.float32, dtypes.float64}
_READ = frozenset((dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64))


@op("AsString", "input: T[...] -> output: string[...]", T=_SHOWN, host=True, differentiable=False)
def as_string(
    input,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
):
    """Write each number as text.

    Parameters
    ----------
    input : int8, int16, int32, int64, float32, float64, complex or bool Tensor
    precision : int
        Digits after the point, of floats only; -1 gives six.
    scientific : bool
        Write floats with an exponent.
    shortest : bool
        Write floats with or without an exponent, whichever is shorter.
    width : int
        Characters that a number takes at least.
    fill : str
        How to fill them: "0", " ", "+", "-" (at the right) or nothing.

    Raises
    ------
    InvalidArgumentError
        When run, if the options don't go together or don't fit the type.
    """
    kind = input.dtype.kind
    if fill not in ("", " ", "+", "-", "0", "#"):
        raise InvalidArgumentError(None, None, f"fill must be one of ' ', '+', '-', '0' or nothing, not {fill!r}")
    if scientific and shortest:
        raise InvalidArgumentError(None, None, "scientific and shortest exclude each other")
    if kind not in "fc" and (scientific or shortest or precision >= 0):
        raise InvalidArgumentError(None, None, f"precision, scientific and shortest are for floats, not {input.dtype}")
    if kind == "b":
        return array_of([b"true" if v else b"false" for v in input.ravel().tolist()], input.shape)
    letter = b"d" if kind == "i" else b"g" if shortest else b"e" if scientific else b"f"
    form = b"%"
    if width >= 0:
        form += fill.encode() + b"%d" % width
    if precision >= 0:
        form += b".%d" % precision
    write = _writer(form + letter, width)
    flat = input.ravel().tolist()
    if kind == "c":
        return array_of([b"(%s,%s)" % (write(v.real), write(v.imag)) for v in flat], input.shape)
    return array_of(map(write, flat), input.shape)


def _writer(form: bytes, width: int) -> Callable[[Any], bytes]:
    """Return the function that writes one number; infinity and NaN are never filled up with zeros."""
    zeros = width >= 0 and form.startswith(b"%0")

    def write(value: Any) -> bytes:
        if math.isfinite(value):
            return form % value
        return str(value).encode().rjust(width) if zeros else form % value

    return write


@op("StringToNumber", "string_tensor: string[...] -> output: out_type[...]", out_type=_READ, host=True,
    differentiable=False)  # fmt: skip
def _string_to_number(string_tensor, out_type: DType = dtypes.float32):
    """Read a number in each text."""
    read: Callable[[bytes], float | None] = real_in if out_type.is_floating else integer_in
    texts = texts_in(string_tensor)
    numbers = [read(text) for text in texts]
    low, high = (out_type.min, out_type.max) if out_type.is_integer else (-math.inf, math.inf)
    for text, number in zip(texts, numbers, strict=True):
        if number is None or number < low or number > high:
            raise InvalidArgumentError(
                None, None, f"StringToNumber could not read {shown(text)!r} as a number of type {out_type.name}"
            )
    wide = np.array(numbers, np.float64 if out_type.is_floating else np.int64)
    return wide.astype(out_type.as_numpy_dtype).reshape(string_tensor.shape)


def string_to_number(
    string_tensor: Any = None, out_type: Any = dtypes.float32, name: str | None = None, input: Any = None
) -> Tensor:
    """Read a number in each text.

    Parameters
    ----------
    string_tensor : string Tensor of any shape
        Spaces around a number don't matter.
    out_type : DType
        float32, float64, int32 or int64.
    name : str, optional
    input : string Tensor
        Another name for `string_tensor`.

    Returns
    -------
    Tensor
        A float that is too large becomes infinity.

    Raises
    ------
    InvalidArgumentError
        When run, if a text is no number, or a whole number is too large.
    """
    string_tensor = either("input", input, "string_tensor", string_tensor)
    return _string_to_number(string_tensor, out_type, name=name)
