"""Initializers that read a matrix of a checkpoint in the order of another vocabulary."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.creation import range_
from defrun.ops.join import concat
from defrun.ops.remap import generate_vocab_remapping, load_and_remap_matrix
from defrun.variables.initializers import truncated_normal_initializer, zeros_initializer

Initializer = Callable[..., Tensor]


class _Vocabularies:
    """The files of an axis, old and new."""

    def __init__(self, axis: str, old: Any, new: Any) -> None:
        if bool(old) != bool(new):
            text = f"old_{axis}_vocab_file and new_{axis}_vocab_file must both be specified or left unspecified"
            raise ValueError(f"{text}: {old!r} and {new!r}")
        self.old, self.new = old, new

    def __bool__(self) -> bool:
        return bool(self.old)


class _Matrix:
    """Which matrix, and how its rows and columns are found again."""

    def __init__(self, path: Any, name: str, rows: _Vocabularies, columns: _Vocabularies, width: int) -> None:
        if not (rows or columns):
            text = "Must provide either row or column vocab files. If no remapping is necessary, consider using"
            raise ValueError(f"{text} `tf.contrib.framework.init_from_checkpoint` instead.")
        self.path, self.name, self.rows, self.columns, self.width = path, name, rows, columns, width

    def load(self, offset: int, count: int, initializer: Any, old_size: int, oov: tuple[int, int], piece: int) -> Any:
        """Return `count` rows from `offset` on, and behind them rows and columns for words of no vocabulary."""
        present: Any = count
        if self.rows:
            order, present = generate_vocab_remapping(
                self.rows.new, self.rows.old, new_vocab_offset=offset, num_new_vocab=count, old_vocab_size=old_size
            )
        else:
            order = range_(offset, offset + count, dtype=dtypes.int64)
        column_order: Any = []
        columns_present: Any = self.width
        if self.columns:
            column_order, columns_present = generate_vocab_remapping(
                self.columns.new, self.columns.old, new_vocab_offset=0, num_new_vocab=self.width
            )
        fresh = initializer([count * self.width - present * columns_present, 1])
        found = load_and_remap_matrix(
            self.path, self.name, order, column_order, fresh, num_rows=count, num_cols=self.width,
            max_rows_in_memory=piece,
        )  # fmt: skip
        more_rows, more_columns = oov
        if more_rows:
            found = concat([found, convert_to_tensor(initializer([more_rows, self.width]))], 0)
        if more_columns:
            found = concat([found, convert_to_tensor(initializer([count + more_rows, more_columns]))], 1)
        return found


def load_and_remap_matrix_initializer(
    ckpt_path: Any,
    old_tensor_name: str,
    new_row_vocab_size: int,
    new_col_vocab_size: int,
    old_row_vocab_size: int = -1,
    old_row_vocab_file: Any = None,
    new_row_vocab_file: Any = None,
    old_col_vocab_file: Any = None,
    new_col_vocab_file: Any = None,
    num_row_oov_buckets: int = 0,
    num_col_oov_buckets: int = 0,
    initializer: Any = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer that reads a matrix of a checkpoint in the order of other vocabularies.

    Parameters
    ----------
    ckpt_path : str
    old_tensor_name : str
        Of the matrix.
    new_row_vocab_size, new_col_vocab_size : int
        How many rows and columns there are now, but for those below.
    old_row_vocab_size : int
        How many words of the old file count; -1: all.
    old_row_vocab_file, new_row_vocab_file, old_col_vocab_file, new_col_vocab_file : str, optional
        Files with a word a line. Without those of an axis it is as it was.
    num_row_oov_buckets, num_col_oov_buckets : int
        How many rows and columns follow for words of no vocabulary.
    initializer : callable, optional
        What new words begin with: zeros by default.
    max_rows_in_memory : int
        Without effect: no more of the file is read than is needed.

    Raises
    ------
    TypeError
        If `initializer` can't be called.
    ValueError
        If only one file of an axis is given, or none at all, or a count is negative.
    """
    initializer = zeros_initializer() if initializer is None else initializer
    if not callable(initializer):
        raise TypeError(f"initializer must be callable, not {initializer} of type {type(initializer)}")

    def initialize(shape: Any, dtype: Any = dtypes.float32, partition_info: Any = None) -> Any:
        if dtypes.as_dtype(dtype) != dtypes.float32:
            raise TypeError(f"Currently, only float32 is supported. Received dtype: {dtype}")
        _check_shape(list(shape), new_col_vocab_size + num_col_oov_buckets)
        offset = 0 if partition_info is None else partition_info.single_offset(shape)
        if offset + shape[0] > new_row_vocab_size + num_row_oov_buckets:
            text = f"Rows {offset} to {offset + shape[0]} are more than the {new_row_vocab_size} of the vocabulary"
            raise ValueError(f"{text} and the {num_row_oov_buckets} for other words")
        oov = min(shape[0], max(0, offset + shape[0] - new_row_vocab_size))
        if offset > new_row_vocab_size:
            return initializer(shape)
        for what, count in (("row", num_row_oov_buckets), ("col", num_col_oov_buckets)):
            if count < 0:
                raise ValueError(f"num_{what}_oov_buckets must be >= 0, but received {count}")
        rows = _Vocabularies("row", old_row_vocab_file, new_row_vocab_file)
        columns = _Vocabularies("col", old_col_vocab_file, new_col_vocab_file)
        matrix = _Matrix(ckpt_path, old_tensor_name, rows, columns, new_col_vocab_size)
        more = (oov, num_col_oov_buckets)
        return matrix.load(offset, shape[0] - oov, initializer, old_row_vocab_size, more, max_rows_in_memory)

    return initialize


def _check_shape(shape: list[int], width: int) -> None:
    if len(shape) != 2:
        raise ValueError(f"Expected 2-dim shape, but received: {shape}")
    if shape[0] <= 0:
        raise ValueError(f"Expected 1st dim of shape to be > 0, but received shape: {shape}")
    if shape[1] != width:
        raise ValueError(f"Expected 2nd dim of shape to be {width}, but received shape: {shape}")


def load_embedding_initializer(
    ckpt_path: Any,
    embedding_tensor_name: str,
    new_vocab_size: int,
    embedding_dim: int,
    old_vocab_file: Any,
    new_vocab_file: Any,
    old_vocab_size: int = -1,
    num_oov_buckets: int = 0,
    initializer: Any = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of embeddings, one row a word; see `load_and_remap_matrix_initializer`."""
    if initializer is None:
        initializer = truncated_normal_initializer(stddev=1.0 / math.sqrt(embedding_dim))
    return load_and_remap_matrix_initializer(
        ckpt_path,
        embedding_tensor_name,
        new_vocab_size,
        embedding_dim,
        old_row_vocab_size=old_vocab_size,
        old_row_vocab_file=old_vocab_file,
        new_row_vocab_file=new_vocab_file,
        num_row_oov_buckets=num_oov_buckets,
        initializer=initializer,
        max_rows_in_memory=max_rows_in_memory,
    )


def load_linear_multiclass_bias_initializer(
    ckpt_path: Any,
    bias_tensor_name: str,
    new_class_vocab_size: int,
    old_class_vocab_file: Any,
    new_class_vocab_file: Any,
    num_class_oov_buckets: int = 0,
    initializer: Any = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of biases [classes, 1], one row a class; see `load_and_remap_matrix_initializer`."""
    return load_and_remap_matrix_initializer(
        ckpt_path,
        bias_tensor_name,
        new_class_vocab_size,
        1,
        old_row_vocab_file=old_class_vocab_file,
        new_row_vocab_file=new_class_vocab_file,
        num_row_oov_buckets=num_class_oov_buckets,
        initializer=initializer,
        max_rows_in_memory=max_rows_in_memory,
    )


def load_variable_slot_initializer(
    ckpt_path: Any,
    old_tensor_name: str,
    primary_partition_info: Any,
    new_row_vocab_size: int,
    new_col_vocab_size: int,
    old_row_vocab_size: int = -1,
    old_row_vocab_file: Any = None,
    new_row_vocab_file: Any = None,
    old_col_vocab_file: Any = None,
    new_col_vocab_file: Any = None,
    num_row_oov_buckets: int = 0,
    num_col_oov_buckets: int = 0,
    initializer: Any = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of a slot of a part of a variable; see `load_and_remap_matrix_initializer`.

    Slots are not parts themselves: `primary_partition_info` says which part the variable is.
    """
    load = load_and_remap_matrix_initializer(
        ckpt_path,
        old_tensor_name,
        new_row_vocab_size,
        new_col_vocab_size,
        old_row_vocab_size,
        old_row_vocab_file,
        new_row_vocab_file,
        old_col_vocab_file,
        new_col_vocab_file,
        num_row_oov_buckets,
        num_col_oov_buckets,
        initializer,
        max_rows_in_memory,
    )

    def initialize(shape: Any, dtype: Any = dtypes.float32, partition_info: Any = None) -> Any:
        return load(shape, dtype, primary_partition_info)

    return initialize
