"""Matrices of a checkpoint whose rows or columns stand for words, put in the order of another vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import storage
from defrun.base.errors import InvalidArgumentError
from defrun.base.text import as_str
from defrun.ops.checkpoint import open_checkpoint
from defrun.ops.declare import op


def _words(path: Any) -> list[bytes]:
    lines = storage.read_file(as_str(path.item())).split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


@op(
    "GenerateVocabRemapping",
    "new_vocab_file: string[], old_vocab_file: string[] -> remapping: int64, num_present: int32[]",
    host=True,
    differentiable=False,
)
def generate_vocab_remapping(
    new_vocab_file, old_vocab_file, new_vocab_offset: int, num_new_vocab: int, old_vocab_size: int = -1
):
    """Return for each word of a part of a vocabulary its number in an older one, or -1, and how many are found."""
    if new_vocab_offset < 0 or num_new_vocab < 0:
        text = f"new_vocab_offset and num_new_vocab must not be negative: {new_vocab_offset}, {num_new_vocab}"
        raise InvalidArgumentError(None, None, text)
    old, new = _words(old_vocab_file), _words(new_vocab_file)
    if old_vocab_size >= 0:
        old = old[:old_vocab_size]
    wanted = new[new_vocab_offset : new_vocab_offset + num_new_vocab]
    if len(wanted) < num_new_vocab:
        text = f"{as_str(new_vocab_file.item())} has {len(new)} words"
        raise InvalidArgumentError(None, None, f"{text}, too few for {num_new_vocab} from {new_vocab_offset} on")
    places = {word: number for number, word in enumerate(old)}
    found = np.array([places.get(word, -1) for word in wanted], np.int64)
    return found, np.int32((found >= 0).sum())


@generate_vocab_remapping.shape
def _(num_new_vocab):
    return [(num_new_vocab,), ()]


@op(
    "LoadAndRemapMatrix",
    "ckpt_path: string[], old_tensor_name: string[], row_remapping: int64, col_remapping: int64, "
    "initializing_values: float32 -> output_matrix: float32",
    host=True,
    differentiable=False,
)
def load_and_remap_matrix(
    ckpt_path,
    old_tensor_name,
    row_remapping,
    col_remapping,
    initializing_values,
    num_rows: int,
    num_cols: int,
    max_rows_in_memory: int = -1,
):
    """Return a matrix of a checkpoint with its rows and columns in another order; given values stand for new ones."""
    if row_remapping.shape != (num_rows,) or (col_remapping.size and col_remapping.shape != (num_cols,)):
        text = f"There must be {num_rows} numbers of rows and {num_cols} of columns, or none of these"
        raise InvalidArgumentError(None, None, f"{text}, not {row_remapping.shape} and {col_remapping.shape}")
    name = as_str(old_tensor_name.item())
    old = open_checkpoint(as_str(ckpt_path.item())).read(name)
    if old.ndim != 2:
        raise InvalidArgumentError(None, None, f"{name} is no matrix, its shape is {list(old.shape)}")
    columns = col_remapping if col_remapping.size else np.arange(num_cols)
    for what, given, size in (("row", row_remapping, old.shape[0]), ("column", columns, old.shape[1])):
        if given.size and not -1 <= given.min() <= given.max() < size:
            raise InvalidArgumentError(None, None, f"{name} has {size} {what}s, but {what} {given.max()} is wanted")
        kept = np.sort(given[given >= 0])
        if (kept[1:] == kept[:-1]).any():
            raise InvalidArgumentError(None, None, f"A {what} of {name} is wanted twice")
    known = (row_remapping >= 0)[:, None] & (columns >= 0)
    if initializing_values.size != known.size - known.sum():
        text = f"{initializing_values.size} values are given for the {known.size - known.sum()} that {name} lacks"
        raise InvalidArgumentError(None, None, text)
    out = np.asarray(old[np.ix_(np.maximum(row_remapping, 0), np.maximum(columns, 0))], np.float32)
    out[~known] = initializing_values.ravel()
    return out


@load_and_remap_matrix.shape
def _(num_rows, num_cols):
    return (num_rows if num_rows >= 0 else None, num_cols if num_cols >= 0 else None)
