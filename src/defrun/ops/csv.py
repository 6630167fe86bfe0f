"""Comma-separated values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.text import as_bytes
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.strings.numerals import integer_in, real_in

_TYPES = frozenset((dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string))


@op("DecodeCSV", "records: string, record_defaults: list(OUT_TYPE) -> output: list(OUT_TYPE)", OUT_TYPE=_TYPES,
    host=True, differentiable=False)  # fmt: skip
def _decode_csv(
    records,
    record_defaults,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    select_cols: list[int] = [],  # noqa: B006
):
    """Split lines into fields and read these as numbers and texts."""
    delimiter = as_bytes(field_delim)
    if len(delimiter) != 1:
        raise InvalidArgumentError(None, None, f"field_delim must be one character, not {field_delim!r}")
    rows = _rows(records.ravel().tolist(), delimiter, b'"' if use_quote_delim else b"")
    if select_cols:
        rows = [[row[i] for i in select_cols if i < len(row)] for row in rows]
    for number, row in enumerate(rows):
        if len(row) != len(record_defaults):
            text = f"Expect {len(record_defaults)} fields but have {len(row)} in record {number}"
            raise InvalidArgumentError(None, None, text)
    outputs = []
    for i, (column, default) in enumerate(zip(zip(*rows, strict=True), record_defaults, strict=True) if rows else ()):
        values = _quickly(column, default, as_bytes(na_value))
        if values is None:
            read = _reader(default, i, as_bytes(na_value))
            values = [read(field, number) for number, field in enumerate(column)]
        output = np.empty(len(column), default.dtype)
        output[:] = values
        outputs.append(output.reshape(records.shape))
    return outputs or [np.empty(records.shape, default.dtype) for default in record_defaults]


@_decode_csv.shape
def _(records, record_defaults):
    if not record_defaults:
        raise ValueError("There must be one column at least.")
    for i, dims in enumerate(record_defaults):
        if dims is not None and (len(dims) > 1 or (len(dims) == 1 and dims[0] is not None and dims[0] > 1)):
            raise ValueError(f"The default of column {i} must be a scalar or a vector of one element at most")
    return [records] * len(record_defaults)


_BARE = re.compile(rb"[^\r\n]+").fullmatch  # a line that may be split without a closer look
_BARE_OF_QUOTES = re.compile(rb"[^\r\n\"]+").fullmatch


def _rows(lines: list[bytes], delimiter: bytes, quote: bytes) -> list[list[bytes]]:
    plain = _BARE_OF_QUOTES if quote else _BARE
    return [
        line.split(delimiter) if plain(line) else _fields(as_bytes(line), delimiter, quote, number)
        for number, line in enumerate(lines)
    ]


def _quickly(column: tuple[bytes, ...], default: np.ndarray[Any, Any], missing: bytes) -> Any:
    """Return a column's values if each field plainly is one; else None."""
    if b"" in column or missing in column:
        return None
    if default.dtype == object:
        return column
    real = default.dtype.kind == "f"
    if b"".join(column).translate(None, b"0123456789-.e" if real else b"0123456789-"):
        return None
    try:
        values = np.array(list(map(float if real else int, column)))
    except (ValueError, OverflowError):
        return None
    limits = np.iinfo(default.dtype) if not real else None
    return values if limits is None or limits.min <= values.min() <= values.max() <= limits.max else None


def _fields(line: bytes, delimiter: bytes, quote: bytes, number: int) -> list[bytes]:
    """Split a line at the delimiters that are not in quotes."""

    def fail(text: str) -> InvalidArgumentError:
        return InvalidArgumentError(None, None, f"{text}, in record {number}: {line!r}")

    fields = []
    at = 0
    while at < len(line):
        if line[at : at + 1] in b"\r\n":  # ends of lines may stand between fields
            at += 1
            continue
        if quote and line[at : at + 1] == quote:
            field, at = _quoted(line, at + 1, quote)
            if line[at - 1 : at] != quote or line[at : at + 1] not in (b"", delimiter):
                raise fail("A quoted field must end with a quote, followed by the delimiter or nothing")
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            field, at = line[at:end], end
            if b"\n" in field or b"\r" in field or (quote and quote in field):
                raise fail("A field with quotes or ends of lines must itself be quoted")
        fields.append(field)
        at += 1
    if line[-1:] == delimiter:
        fields.append(b"")
    return fields


def _quoted(line: bytes, at: int, quote: bytes) -> tuple[bytes, int]:
    """Return the field whose text begins at `at`, and the place behind the quote that ends it, or else the line.

    Two quotes in it stand for one.
    """
    parts = []
    while (end := line.find(quote, at)) >= 0:
        parts.append(line[at:end])
        if line[end + 1 : end + 2] != quote:
            return quote.join(parts), end + 1
        at = end + 2
    return b"", len(line) + 1


def _reader(default: np.ndarray[Any, Any], column: int, missing: bytes) -> Callable[[bytes, int], Any]:
    """Return the function that reads the fields of a column."""
    kind: DType = dtypes.string if default.dtype == object else dtypes.as_dtype(default.dtype)

    def fail(text: str, number: int) -> InvalidArgumentError:
        return InvalidArgumentError(None, None, f"Field {column} {text} in record {number}")

    def read(field: bytes, number: int) -> Any:
        if not field or field == missing:
            if not default.size:
                raise fail("is required but missing", number)
            return default.ravel()[0]
        if kind == dtypes.string:
            return field
        value = real_in(field) if kind.is_floating else integer_in(field)
        if value is None or (kind.is_integer and not kind.min <= value <= kind.max):
            raise fail(f"is not a valid {kind.name}: {field.decode(errors='replace')}", number)
        return value

    return read


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Any = None,
) -> list[Tensor]:
    """Split lines into fields and read these as numbers and texts (RFC 4180).

    Parameters
    ----------
    records : string Tensor of any shape
        Lines.
    record_defaults : list of Tensor
        One for each column: of its type (float32, float64, int32, int64 or string), with the value of empty fields,
        or empty if there may be no empty ones.
    field_delim : str
        One character.
    use_quote_delim : bool
        Whether a field in quotes may hold delimiters, ends of lines and (doubled) quotes.
    name : str, optional
    na_value : str
        What else stands for an empty field.
    select_cols : list of int, optional
        The columns wanted, in rising order; by default all.

    Returns
    -------
    list of Tensor
        A column each, of the shape of `records`.

    Raises
    ------
    ValueError
        If `select_cols` doesn't rise, or is not as long as `record_defaults`.
    InvalidArgumentError
        When run, if a line has another number of fields, or a field is not of its column's type.
    """
    if select_cols is not None:
        chosen = list(select_cols)
        if any(a >= b for a, b in itertools.pairwise(chosen)) or min(chosen, default=0) < 0:
            raise ValueError(f"select_cols must be strictly increasing and not negative: {chosen}")
        if len(chosen) != len(record_defaults):
            raise ValueError("Length of select_cols and record_defaults do not match.")
    return _decode_csv(records, record_defaults, field_delim, use_quote_delim, na_value, select_cols, name=name)
