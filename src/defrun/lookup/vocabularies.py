"""Tables from words to numbers and back."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.lookup.buckets import FastHashSpec, HasherSpec, IdTableWithHashBuckets
from defrun.lookup.initializers import (
    KeyValueTensorInitializer,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileStringTableInitializer,
)
from defrun.lookup.tables import StaticHashTableV1
from defrun.ops.array import size
from defrun.ops.cast import cast
from defrun.ops.creation import range_


def _check_vocabulary(file: Any, vocab_size: int | None) -> None:
    if file is None or (isinstance(file, str) and not file):
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        name = (constant_value(file) or "?") if isinstance(file, Tensor) else file
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: {name}")


def _check_keys(num_oov_buckets: int, dtype: Any) -> None:
    if num_oov_buckets < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {num_oov_buckets}.")
    if not dtype.is_integer and dtype.base_dtype != dtypes.string:
        raise TypeError("Only integer and string keys are supported.")


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    """Make a table that gives the number of the line that a word stands in.

    Parameters
    ----------
    vocabulary_file : str or string Tensor []
    num_oov_buckets : int
        How many numbers, behind those of the lines, other words are spread over.
    vocab_size : int, optional
        How many lines count; by default all.
    default_value : int
        The number of other words if there are no buckets for them.
    hasher_spec : HasherSpec
    key_dtype : DType
        Text, or an integer type.
    name : str, optional
    key_column_index, value_column_index : int
        Other columns to take; see `TextFileInitializer`.
    delimiter : str

    Returns
    -------
    lookup table
        To be filled by `tables_initializer`.
    """
    _check_vocabulary(vocabulary_file, None)
    _check_keys(num_oov_buckets, dtypes.string)
    _check_vocabulary(vocabulary_file, vocab_size)
    _check_keys(0, key_dtype)
    with name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            filling = TextFileIdTableInitializer(
                vocabulary_file,
                vocab_size=vocab_size,
                key_dtype=dtypes.int64 if key_dtype.is_integer else key_dtype,
                name="table_init",
                key_column_index=key_column_index,
                value_column_index=value_column_index,
                delimiter=delimiter,
            )
            table = StaticHashTableV1(filling, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, key_dtype)


def _with_buckets(table: Any, number: int, hasher_spec: HasherSpec, key_dtype: Any) -> Any:
    if not number:
        return table
    return IdTableWithHashBuckets(table, num_oov_buckets=number, hasher_spec=hasher_spec, key_dtype=key_dtype)


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """Make a table that gives the place of a word in a list.

    Parameters
    ----------
    vocabulary_list : Tensor [n]
        Words, none of them twice.
    num_oov_buckets : int
        How many numbers, behind those of the list, other words are spread over.
    default_value : int
        The number of other words if there are no buckets for them.
    hasher_spec : HasherSpec
    dtype : DType
        Of the words: text, or an integer type.
    name : str, optional

    Returns
    -------
    lookup table
        To be filled by `tables_initializer`.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_keys(num_oov_buckets, dtype)
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            expected = "integer" if dtype.is_integer else "non-integer"
            raise ValueError(f"Expected {expected}, got {keys.dtype}.")
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError(f"Expected {dtype}, got {keys.dtype}.")
        values = cast(range_(size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            table_keys = cast(keys, dtypes.int64) if keys.dtype.is_integer else keys
            kind = table_keys.dtype.base_dtype
            filling = KeyValueTensorInitializer(table_keys, values, kind, dtypes.int64, name="table_init")
            table = StaticHashTableV1(filling, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, dtype)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: str = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTableV1:
    """Make a table that gives the line of a number; see `index_table_from_file`.

    Parameters
    ----------
    vocabulary_file : str or string Tensor []
    vocab_size : int, optional
    default_value : str
        For numbers that no line has.
    name : str, optional
    key_column_index, value_column_index : int
    delimiter : str
    """
    _check_vocabulary(vocabulary_file, vocab_size)
    with name_scope(name, "index_to_string"):
        filling = TextFileStringTableInitializer(
            vocabulary_file,
            vocab_size=vocab_size,
            name="table_init",
            key_column_index=key_column_index,
            value_column_index=value_column_index,
            delimiter=delimiter,
        )
        return StaticHashTableV1(filling, default_value)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: str = "UNK", name: str | None = None
) -> StaticHashTableV1:
    """Make a table that gives the word at a place of a list.

    Parameters
    ----------
    vocabulary_list : string Tensor [n]
    default_value : str
        For places that are not in the list.
    name : str, optional
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        words = convert_to_tensor(vocabulary_list, dtypes.string)
        keys = cast(range_(size(words)), dtypes.int64)
        filling = KeyValueTensorInitializer(keys, words, dtypes.int64, dtypes.string, name="table_init")
        return StaticHashTableV1(filling, default_value)
