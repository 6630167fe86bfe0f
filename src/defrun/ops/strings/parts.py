"""Texts one by one: their length, parts of them, capital letters, spaces at the ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.strings.texts import array_of, mapped, shown, texts_in
from defrun.ops.types import INDEX

_UNITS = ("BYTE", "UTF8_CHAR")
_TRAILING = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that don't begin a character


@op("StringLength", "input: string[...] -> output: int32[...]", unit=_UNITS, host=True, differentiable=False)
def _string_length(input, unit: str = "BYTE"):
    """The length of each text."""
    texts = texts_in(input)
    lengths = map(len, texts) if unit == "BYTE" else (len(text.translate(None, _TRAILING)) for text in texts)
    return np.array(list(lengths), np.int32).reshape(input.shape)


def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """Return the length of each text.

    Parameters
    ----------
    input : string Tensor of any shape
    name : str, optional
    unit : str
        What to count: "BYTE" or "UTF8_CHAR".

    Returns
    -------
    int32 Tensor of the same shape
    """
    return _string_length(input, unit=unit, name=name)


@op("Substr", "input: string, pos: T, len: T -> output: string", T=INDEX, unit=_UNITS, host=True,
    differentiable=False)  # fmt: skip
def _substr(input, pos, len, unit: str = "BYTE"):
    """A part of each text."""
    if pos.shape != len.shape:
        text = f"pos and len must have the same shape, not {list(pos.shape)} and {list(len.shape)}"
        raise InvalidArgumentError(None, None, text)
    try:
        texts, starts, lengths = np.broadcast_arrays(input, pos, len)
    except ValueError:
        text = f"input of shape {list(input.shape)} and pos of shape {list(pos.shape)} don't broadcast"
        raise InvalidArgumentError(None, None, text) from None
    cut = _bytes_of if unit == "BYTE" else _characters_of
    triples = zip(texts_in(texts), starts.ravel().tolist(), lengths.ravel().tolist(), strict=True)
    return array_of([cut(*triple, i) for i, triple in enumerate(triples)], texts.shape)


def _bytes_of(text: bytes, start: int, length: int, number: int) -> bytes:
    size = len(text)
    if not -size <= start <= size:
        raise _out_of_range(text, start, number)
    start = max(start + size, 0) if start < 0 else start
    return text[start:] if length < 0 else text[start : start + length]


def _characters_of(text: bytes, start: int, length: int, number: int) -> bytes:
    begins = [i for i, byte in enumerate(text) if byte & 0xC0 != 0x80]
    begins.append(len(text))
    size = len(begins) - 1
    if not -size <= start <= size:
        raise _out_of_range(text, start, number)
    start = start + size if start < 0 else start
    return text[begins[start] : begins[min(start + max(length, 0), size)]]


def _out_of_range(text: bytes, start: int, number: int) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"pos {start} out of range for string {shown(text)!r} at index {number}")


@_substr.shape
def _(input, pos, len):
    pos = shapes.merge(pos, len)
    return shapes.broadcast(input, pos)


def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """Return a part of each text.

    Parameters
    ----------
    input : string Tensor
    pos, len : int32 or int64 Tensor
        Where the part begins (from the end if negative) and how long it is at most; both of one shape that broadcasts
        with that of `input`.
    name : str, optional
    unit : str
        What they count: "BYTE" or "UTF8_CHAR".

    Returns
    -------
    string Tensor

    Raises
    ------
    InvalidArgumentError
        When run, if a part begins beyond the text.
    """
    return _substr(input, pos, len, unit=unit, name=name)


substr_deprecated = substr


@op("StringStrip", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def string_strip(input):
    """Remove spaces, tabs and ends of lines (ASCII) from both ends of each text.

    Parameters
    ----------
    input : string Tensor of any shape
    """
    return mapped(bytes.strip, input)


@op("StringLower", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def string_lower(input, encoding: str = ""):
    """Make small letters of capital ones.

    Parameters
    ----------
    input : string Tensor of any shape
    encoding : str
        "utf-8", or nothing to change the letters of ASCII only. Malformed UTF-8 becomes U+FFFD.

    Raises
    ------
    InvalidArgumentError
        When run, if `encoding` is anything else.
    """
    if _is_utf8(encoding):
        return mapped(lambda text: text.decode("utf-8", "replace").lower().encode(), input)
    return mapped(bytes.lower, input)


@op("StringUpper", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def string_upper(input, encoding: str = ""):
    """Make capital letters of small ones; see `tf.strings.lower`.

    Parameters
    ----------
    input : string Tensor of any shape
    encoding : str
        "utf-8", or nothing to change the letters of ASCII only.
    """
    if _is_utf8(encoding):
        return mapped(lambda text: text.decode("utf-8", "replace").upper().encode(), input)
    return mapped(bytes.upper, input)


def _is_utf8(encoding: str) -> bool:
    if encoding not in ("", "utf-8"):
        raise InvalidArgumentError(None, None, f'encoding must be "" or "utf-8", not {encoding!r}')
    return bool(encoding)
