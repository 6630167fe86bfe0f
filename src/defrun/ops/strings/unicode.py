"""Texts in other encodings, as code points, and back."""

from __future__ import annotations

import codecs
import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.ops.declare import op
from defrun.ops.strings.texts import array_of, check_splits, mapped, shown, texts_in
from defrun.ops.types import INDEX

_OUTPUTS = ("UTF-8", "UTF-16-BE", "UTF-32-BE")
_ERRORS = ("strict", "replace", "ignore")
_MARKS = {"utf-16": (codecs.BOM_UTF16_LE, "utf-16-le", codecs.BOM_UTF16_BE, "utf-16-be"),
          "utf-32": (codecs.BOM_UTF32_LE, "utf-32-le", codecs.BOM_UTF32_BE, "utf-32-be")}  # fmt: skip
_LAST = 0x10FFFF


class _Reader(NamedTuple):
    """How texts are read."""

    encoding: str
    errors: str
    replacement: int
    control: bool  # whether control characters are replaced, too

    def points(self, text: bytes) -> Iterator[tuple[int, int]]:
        """Yield the code points of a text, each with the place of its first byte."""
        at = 0
        encoding, begin = _marked(self.encoding, text)
        for piece, size in _pieces(text, begin, encoding):
            if piece is not None:
                for letter, width in zip(piece, _widths(piece, encoding, size), strict=True):
                    point = ord(letter)
                    if not (self.control and point < 0x20):
                        yield point, at
                    elif self.errors != "ignore":
                        yield self.replacement, at
                    at += width + (begin if at == 0 else 0)
                continue
            if self.errors == "strict":
                raise InvalidArgumentError(None, None, f"Invalid {self.encoding} in {shown(text)!r} at byte {at}")
            if self.errors == "replace":
                yield self.replacement, at
            at += size + (begin if at == 0 else 0)


def _reader(encoding: str, errors: str, replacement: int, control: bool) -> _Reader:
    try:
        found = codecs.lookup(encoding)
    except LookupError:
        found = None
    if found is None or not getattr(found, "_is_text_encoding", True):
        raise InvalidArgumentError(None, None, f"Could not create a converter for the encoding {encoding!r}")
    if not 0 <= replacement <= _LAST:
        raise InvalidArgumentError(None, None, f"replacement_char {replacement} is no code point of Unicode")
    return _Reader(found.name, errors, replacement, control)


def _marked(encoding: str, text: bytes) -> tuple[str, int]:
    """Return the encoding with the order of its bytes, and how many bytes at the beginning say that order."""
    if encoding not in _MARKS:
        return encoding, 0
    little, little_name, big, big_name = _MARKS[encoding]
    if text.startswith(little):
        return little_name, len(little)
    return big_name, len(big) if text.startswith(big) else 0


def _pieces(text: bytes, at: int, encoding: str) -> Iterator[tuple[str | None, int]]:
    """Cut a text into what can be read and what can't (None), each with its size in bytes."""
    while at < len(text):
        try:
            yield text[at:].decode(encoding), len(text) - at
            return
        except UnicodeDecodeError as error:
            good, bad = error.start, max(error.end - error.start, 1)
        if good:
            yield text[at : at + good].decode(encoding), good
        yield None, bad
        at += good + bad


def _widths(piece: str, encoding: str, size: int) -> list[int]:
    """Return how many bytes each character takes."""
    if len(piece) == size:
        return [1] * size
    return [len(letter.encode(encoding)) for letter in piece]


def _encoded(points: list[int], encoding: str) -> bytes:
    """Write code points; half a surrogate pair as it is, or as U+FFFD in UTF-8, which has no form for it."""
    text = "".join(map(chr, points))
    if encoding == "UTF-8":
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return text.encode(encoding, "surrogatepass")


@op("UnicodeTranscode", "input: string[...] -> output: string[...]", output_encoding=_OUTPUTS, errors=_ERRORS,
    host=True, differentiable=False)  # fmt: skip
def unicode_transcode(
    input,
    input_encoding: str,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
):
    """Change the encoding of texts.

    Parameters
    ----------
    input : string Tensor of any shape
    input_encoding : str
        Any encoding that Python knows.
    output_encoding : str
        "UTF-8", "UTF-16-BE" or "UTF-32-BE".
    errors : str
        What to do where a text is malformed: "replace" that by a character, "ignore" it, or "strict" to raise.
    replacement_char : int
        The code point to replace it by.
    replace_control_characters : bool
        Treat the control characters below 32 in the same way.

    Raises
    ------
    InvalidArgumentError
        When run, if a text is malformed under "strict", or there is no such encoding.
    """
    reader = _reader(input_encoding, errors, replacement_char, replace_control_characters)
    return mapped(lambda text: _encoded([point for point, _ in reader.points(text)], output_encoding), input)


def _decoded(input: Any, reader: _Reader, splits: DType) -> list[Any]:
    rows = [list(reader.points(text)) for text in texts_in(input)]
    ends = np.cumsum([0, *map(len, rows)])
    flat = np.array([pair for row in rows for pair in row], np.int64).reshape(-1, 2)
    return [ends.astype(splits.as_numpy_dtype), flat[:, 0].astype(np.int32), flat[:, 1]]


@op("UnicodeDecode", "input: string -> row_splits: Tsplits, char_values: int32", errors=_ERRORS,
    Tsplits=INDEX, host=True, differentiable=False)  # fmt: skip
def _unicode_decode(
    input,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    Tsplits: DType = dtypes.int64,
):
    """The code points of all texts, and where those of each text end."""
    return _decoded(input, _reader(input_encoding, errors, replacement_char, replace_control_characters), Tsplits)[:2]


@op("UnicodeDecodeWithOffsets", "input: string -> row_splits: Tsplits, char_values: int32, char_to_byte_starts: int64",
    errors=_ERRORS, Tsplits=INDEX, host=True, differentiable=False)  # fmt: skip
def _unicode_decode_with_offsets(
    input,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    Tsplits: DType = dtypes.int64,
):
    """The code points of all texts, where those of each text end, and the byte that each begins with."""
    return _decoded(input, _reader(input_encoding, errors, replacement_char, replace_control_characters), Tsplits)


def _splits(input: Any) -> tuple[int | None]:
    if input is None or None in input:
        return (None,)
    return (int(np.prod(input)) + 1,)


@_unicode_decode.shape
def _(input):
    return [_splits(input), (None,)]


@_unicode_decode_with_offsets.shape
def _(input):
    return [_splits(input), (None,), (None,)]


@op("UnicodeEncode", "input_values: int32[n], input_splits: Tsplits[m] -> output: string", errors=_ERRORS,
    output_encoding=_OUTPUTS, Tsplits=(INDEX, dtypes.int64), host=True, differentiable=False)  # fmt: skip
def _unicode_encode(
    input_values, input_splits, output_encoding: str, errors: str = "replace", replacement_char: int = 65533
):
    """Texts of code points; each ends where `input_splits` says."""
    if not 0 <= replacement_char <= _LAST:
        raise InvalidArgumentError(None, None, f"replacement_char {replacement_char} is no code point of Unicode")
    points, splits = input_values.tolist(), input_splits.tolist()
    bad = [point for point in points if not 0 <= point <= _LAST]
    if bad and errors == "strict":
        raise InvalidArgumentError(None, None, f"{bad[0]} is no code point of Unicode")
    check_splits(splits, len(points))
    fitting = [point if 0 <= point <= _LAST else replacement_char for point in points]
    kept = [0 <= point <= _LAST or errors == "replace" for point in points]
    rows = ([fitting[i] for i in range(a, b) if kept[i]] for a, b in itertools.pairwise(splits))
    return array_of(_encoded(row, output_encoding) for row in rows)


@_unicode_encode.shape
def _(input_splits):
    return (None,) if input_splits is None or input_splits[0] is None else (max(input_splits[0] - 1, 0),)


# -- scripts -----------------------------------------------------------------------------------------------------------


@functools.cache
def _scripts() -> tuple[Any, Any]:
    """Return the code points at which another script begins, and the scripts. tests/oracle/unicode wrote them."""
    entries = Path(__file__).with_name("scripts.txt").read_text(encoding="ascii").split()
    pairs = [entry.split(":") for entry in entries]
    return np.array([int(first, 16) for first, _ in pairs]), np.array([int(script) for _, script in pairs], np.int32)


@op("UnicodeScript", "input: int32[...] -> output: int32[...]", host=True, differentiable=False)
def unicode_script(input):
    """Return the number of the script (Latin, Greek, ...) that each code point belongs to.

    Parameters
    ----------
    input : int32 Tensor of any shape

    Returns
    -------
    int32 Tensor of the same shape
        Numbers as ICU's UScriptCode has them; -1 for what is no code point.
    """
    first, scripts = _scripts()
    found = scripts[np.searchsorted(first, np.clip(input, 0, _LAST), "right") - 1]
    return np.where((input < 0) | (input > _LAST), np.int32(-1), found)
