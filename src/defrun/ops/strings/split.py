"""Cutting texts into several: at separators, into runs of words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.strings.texts import array_of, check_splits, text_in, texts_in
from defrun.ops.types import INDEX

_SPARSE = "indices: int64, values: string, shape: int64"


@op("StringSplit", f"input: string[n], delimiter: string[] -> {_SPARSE}", host=True, differentiable=False)
def _string_split(input, delimiter, skip_empty: bool = True):
    """Split each text at any of the bytes of `delimiter`; into single bytes if it has none."""
    separators = _scalar(delimiter, "delimiter")
    if not separators:
        rows = [[text[i : i + 1] for i in range(len(text))] for text in _vector(input)]
    else:
        if len(separators) == 1:
            rows = [text.split(separators) if text else [] for text in _vector(input)]
        else:
            cut = re.compile(b"[" + b"".join(b"\\x%02x" % byte for byte in separators) + b"]").split
            rows = [cut(text) if text else [] for text in _vector(input)]
        if skip_empty:
            rows = [list(filter(None, row)) for row in rows]
    return _sparse(rows)


@op("StringSplitV2", f"input: string[n], sep: string[] -> {_SPARSE}", host=True, differentiable=False)
def _string_split_v2(input, sep, maxsplit: int = -1):
    """Split each text at `sep`, as Python does; at spaces if it is empty."""
    separator = _scalar(sep, "sep")
    if separator:
        return _sparse([text.split(separator, maxsplit) for text in _vector(input)])
    return _sparse([_words(text, maxsplit) for text in _vector(input)])


_SPACES = re.compile(rb"[ \t\n\v\f\r]+")


def _words(text: bytes, most: int) -> list[bytes]:
    """Split at spaces, `most` times if that is not negative."""
    if most < 0:
        return text.split()
    return _SPACES.split(text.lstrip(), most) if most else [text]


for _splitting in (_string_split, _string_split_v2):
    _splitting.shape(lambda: [(None, 2), (None,), (2,)])


def _scalar(value: Any, name: str) -> bytes:
    if value.ndim:
        raise InvalidArgumentError(None, None, f"{name} must be a scalar, not of shape {list(value.shape)}")
    return text_in(value)


def _vector(value: Any) -> list[bytes]:
    if value.ndim != 1:
        raise InvalidArgumentError(None, None, f"input must be a vector, not of shape {list(value.shape)}")
    return texts_in(value)


def _sparse(rows: list[list[bytes]]) -> list[Any]:
    """Return indices, values and shape of the rows."""
    counts = np.array([len(row) for row in rows], np.int64)
    first = np.cumsum(counts) - counts
    numbers = np.repeat(np.arange(len(rows)), counts)
    places = np.arange(counts.sum()) - np.repeat(first, counts)
    values = array_of(itertools.chain.from_iterable(rows))
    return [np.stack([numbers, places], 1), values, np.array([len(rows), counts.max(initial=0)])]


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """Split each text at any of the characters of `sep`.

    Parameters
    ----------
    source : string Tensor [n]
    sep : string Tensor []
        Characters, " " by default; none: split into single bytes.
    skip_empty : bool
        Leave out empty parts.
    delimiter
        Old name of `sep`.
    result_type : str
        "SparseTensor"; ragged ones are not there yet.
    name : str, optional

    Returns
    -------
    SparseTensor [n, most parts]
        The parts of a text are its row.
    """
    with name_scope(name, "StringSplit", [source]):
        separators = either("sep", sep, "delimiter", delimiter)
        characters = convert_to_tensor(" " if separators is None else separators, dtype=dtypes.string)
        parts = _string_split(convert_to_tensor(source, dtype=dtypes.string), characters, skip_empty)
        _check_result_type(result_type)
        return SparseTensor(*parts)


def _check_result_type(result_type: str) -> None:
    if result_type == "RaggedTensor":
        raise NotImplementedError("defrun has no tf.RaggedTensor yet; ask for a SparseTensor")
    if result_type != "SparseTensor":
        raise ValueError(f"result_type must be 'RaggedTensor' or 'SparseTensor', not {result_type!r}")


def strings_split_v1(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """Split each text as Python's `str.split` does.

    Parameters
    ----------
    input : string Tensor [n]
    sep : string Tensor []
        Where to split; by default at runs of spaces.
    maxsplit : int
        Split so often at most; -1: no limit.
    result_type : str
        "SparseTensor"; ragged ones are not there yet.
    source
        Old name of `input`.
    name : str, optional

    Returns
    -------
    SparseTensor [n, most parts]
    """
    input = either("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        texts = convert_to_tensor(input, dtype=dtypes.string, name="input")
        _check_result_type(result_type)
        if texts.dims is None or len(texts.dims) != 1:
            raise NotImplementedError(f"tf.strings.split takes vectors so far, not {texts}")
        separator = convert_to_tensor("" if sep is None else sep, dtype=dtypes.string)
        return SparseTensor(*_string_split_v2(texts, separator, maxsplit))


# -- runs of words -----------------------------------------------------------------------------------------------------


@op("StringNGrams", "data: string[n], data_splits: Tsplits[m] -> ngrams: string, ngrams_splits: Tsplits[m]",
    Tsplits=(INDEX, dtypes.int64), host=True, differentiable=False)  # fmt: skip
def _string_ngrams(
    data,
    data_splits,
    separator: str,
    ngram_widths: list[int],
    left_pad: str,
    right_pad: str,
    pad_width: int,
    preserve_short_sequences: bool,
):
    """Join each run of so many words of a row."""
    texts = texts_in(data)
    splits = data_splits.tolist()
    if splits:
        check_splits(splits, len(texts))
    pads = left_pad.encode(), right_pad.encode()
    found: list[bytes] = []
    ends = splits[:1]
    for begin, end in itertools.pairwise(splits):
        row = texts[begin:end]
        made: list[bytes] = []
        for width in ngram_widths:
            made += _runs(row, width, separator.encode(), pads, pad_width)
        if preserve_short_sequences and not made and row:
            made = list(_runs(row, len(row), separator.encode(), pads, pad_width))
        found += made
        ends.append(len(found))
    return [array_of(found), np.array(ends, data_splits.dtype)]


def _runs(row: list[bytes], width: int, separator: bytes, pads: tuple[bytes, bytes], pad_width: int) -> Iterable[bytes]:
    padding = width - 1 if pad_width < 0 else min(pad_width, width - 1)
    whole = [pads[0]] * padding + row + [pads[1]] * padding
    return [separator.join(whole[i : i + width]) for i in range(len(whole) - width + 1)]


@_string_ngrams.shape
def _(data_splits):
    return [(None,), data_splits]
