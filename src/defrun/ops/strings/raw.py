"""Bytes as numbers, as base 64, compressed."""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import DataLossError, InvalidArgumentError
from defrun.graph.operation import Tensor
from defrun.ops.array import either
from defrun.ops.axes import known
from defrun.ops.declare import op
from defrun.ops.strings.texts import mapped, shown, texts_in
from defrun.ops.types import BOOL, COMPLEX, SIGNED

_PADDED = SIGNED | {dtypes.float16, dtypes.float32, dtypes.float64, dtypes.uint8, dtypes.uint16}
_RAW = _PADDED | COMPLEX | BOOL

# -- base 64 -----------------------------------------------------------------------------------------------------------

_BASE64 = re.compile(rb"(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?", re.ASCII)


@op("EncodeBase64", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def encode_base64(input, pad: bool = False):
    """Write bytes in base 64, in the letters that are safe in web addresses.

    Parameters
    ----------
    input : string Tensor of any shape
    pad : bool
        Fill up with "=" to a multiple of four letters.
    """
    encoded = base64.urlsafe_b64encode
    return mapped(encoded if pad else lambda text: encoded(text).rstrip(b"="), input)


@op("DecodeBase64", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def decode_base64(input):
    """Read bytes written in base 64, in the letters that are safe in web addresses, with or without "=" at the end.

    Parameters
    ----------
    input : string Tensor of any shape

    Raises
    ------
    InvalidArgumentError
        When run, if a text is not of that form.
    """
    return mapped(_decoded, input)


def _decoded(text: bytes) -> bytes:
    if not _BASE64.fullmatch(text):
        raise InvalidArgumentError(None, None, f"Invalid base64 (the form safe in web addresses): {shown(text)!r}")
    bare = text.rstrip(b"=")
    return base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4))


# -- numbers -----------------------------------------------------------------------------------------------------------


@op("DecodeRaw", "bytes: string -> output: out_type", out_type=_RAW, host=True, differentiable=False)
def _decode_raw(bytes, out_type: DType, little_endian: bool = True):
    """Read the bytes of each text as numbers."""
    texts = texts_in(bytes)
    size = len(texts[0]) if texts else 0
    for i, text in enumerate(texts):
        if len(text) != size:
            raise InvalidArgumentError(
                None, None, f"All texts must be of the same length; element 0 has {size} bytes, element {i} {len(text)}"
            )
    if size % out_type.size:
        raise InvalidArgumentError(
            None, None, f"{size} bytes are no whole number of elements of type {out_type.name} ({out_type.size} bytes)"
        )
    if not texts:
        return np.zeros((*bytes.shape, 0), out_type.as_numpy_dtype)
    return _numbers(b"".join(texts), out_type, little_endian).reshape(*bytes.shape, size // out_type.size)


def _numbers(whole: bytes, kind: DType, little_endian: bool) -> Any:
    rows = np.frombuffer(whole, np.uint8).reshape(-1, kind.size)
    return np.ascontiguousarray(rows if little_endian else rows[:, ::-1]).view(kind.as_numpy_dtype)


@_decode_raw.shape
def _(bytes):
    return None if bytes is None else (*bytes, None)


@op("DecodePaddedRaw", "input_bytes: string, fixed_length: static int32[] -> output: out_type", out_type=_PADDED,
    host=True, differentiable=False)  # fmt: skip
def _decode_padded_raw(input_bytes, fixed_length, out_type: DType, little_endian: bool = True):
    """Read the bytes of each text, cut or filled up with zeros to a length, as numbers."""
    length = int(fixed_length)
    if length <= 0 or length % out_type.size:
        text = f"fixed_length {length} must be a positive multiple of {out_type.size}, the size of {out_type.name}"
        raise InvalidArgumentError(None, None, text)
    whole = b"".join(text[:length].ljust(length, b"\0") for text in texts_in(input_bytes))
    return _numbers(whole, out_type, little_endian).reshape(*input_bytes.shape, length // out_type.size)


@_decode_padded_raw.shape
def _(input_bytes, fixed_length, out_type):
    length = known(fixed_length)
    if length is not None and length % out_type.size:
        raise ValueError(f"fixed_length {length} must be a multiple of {out_type.size}, the size of {out_type.name}")
    return None if input_bytes is None else (*input_bytes, None if length is None else length // out_type.size)


def decode_raw_v1(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """Read the bytes of each text as numbers.

    Parameters
    ----------
    input_bytes : string Tensor of any shape
        Texts of one length.
    out_type : DType
        float16, float32, float64, complex, bool, uint8, uint16 or signed.
    little_endian : bool
        Whether the lowest byte of a number comes first.
    name : str, optional
    bytes
        Old name of `input_bytes`.

    Returns
    -------
    Tensor
        With one axis more than `input_bytes`.

    Raises
    ------
    InvalidArgumentError
        When run, if the lengths differ or are no multiple of a number's size.
    """
    texts = either("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw needs an out_type")
    return _decode_raw(texts, out_type, little_endian, name=name)


# -- compression -------------------------------------------------------------------------------------------------------

_WINDOWS = {"ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS + 16}


@op("DecodeCompressed", "bytes: string[...] -> output: string[...]", host=True, differentiable=False)
def decode_compressed(bytes, compression_type: str = ""):
    """Decompress each text.

    Parameters
    ----------
    bytes : string Tensor of any shape
    compression_type : str
        "ZLIB", "GZIP" or "", which leaves texts as they are.

    Raises
    ------
    InvalidArgumentError
        When run, if there is no such type.
    DataLossError
        When run, if a text is damaged.
    """
    if not compression_type:
        return bytes
    if compression_type not in _WINDOWS:
        text = f"compression_type must be ZLIB, GZIP or nothing, not {compression_type!r}"
        raise InvalidArgumentError(None, None, text)
    return mapped(lambda text: _inflated(text, _WINDOWS[compression_type]), bytes)


def _inflated(text: bytes, window: int) -> bytes:
    try:
        return zlib.decompress(text, window)
    except zlib.error as error:
        raise DataLossError(None, None, f"The compressed text {shown(text[:20])!r}... is damaged: {error}") from None
