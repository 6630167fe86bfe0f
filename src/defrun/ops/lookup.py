"""Lookup tables in the graph: the op types. Their classes are in the room `lookup`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes, storage
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError, OutOfRangeError
from defrun.base.system import path_text, tensorflow_errors
from defrun.base.text import as_bytes
from defrun.graph.opdef import Dims
from defrun.ops.declare import op
from defrun.ops.live_tables import DenseTable, FixedTable, Table
from defrun.ops.strings.numerals import integer_in, real_in
from defrun.ops.strings.texts import array_of, shown, text_in


@op("HashTableV2", "-> table_handle: resource[]", resource=True, differentiable=False)
def hash_table_v2(
    key_dtype: DType,
    value_dtype: DType,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
):
    """Make a table that is filled once."""
    return FixedTable(key_dtype, value_dtype)


@op("MutableHashTableV2", "-> table_handle: resource[]", resource=True, differentiable=False)
def mutable_hash_table_v2(
    key_dtype: DType,
    value_dtype: DType,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
):
    """Make a table."""
    return Table(key_dtype, value_dtype)


@op("MutableHashTableOfTensorsV2", "-> table_handle: resource[]", resource=True, differentiable=False)
def mutable_hash_table_of_tensors_v2(
    key_dtype: DType,
    value_dtype: DType,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    value_shape: Dims = (),
):
    """Make a table whose values are arrays."""
    return Table(key_dtype, value_dtype, value_shape)


@op("MutableDenseHashTableV2", "empty_key: key_dtype, deleted_key: key_dtype -> table_handle: resource[]",
    resource=True, differentiable=False)  # fmt: skip
def mutable_dense_hash_table_v2(
    empty_key,
    deleted_key,
    value_dtype: DType,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    value_shape: Dims = (),
    initial_num_buckets: int = 131072,
    max_load_factor: float = 0.8,
):
    """Make a table that doesn't take the keys `empty_key` and `deleted_key`."""
    return DenseTable(value_dtype, value_shape, initial_num_buckets)


@op("LookupTableFindV2", "table_handle: resource, keys: Tin, default_value: Tout -> values: Tout", host=True,
    stateful=True, differentiable=False)  # fmt: skip
def lookup_table_find_v2(table_handle, keys, default_value):
    """The value of each key, or `default_value`."""
    return table_handle.find(keys, default_value)


@lookup_table_find_v2.shape
def _(keys, default_value):
    if default_value is not None and len(default_value) > 1:
        raise ValueError(f"default_value must be a scalar or a vector, not of shape {list(default_value)}")


@op("LookupTableSizeV2", "table_handle: resource -> size: int64[]", host=True, stateful=True, differentiable=False)
def lookup_table_size_v2(table_handle):
    """How many keys there are."""
    return np.int64(table_handle.size())


def _begin_with(keys, values):
    if keys is not None and values is not None:
        shapes.merge(keys, values[: len(keys)])
    return ()


@op("LookupTableImportV2", "table_handle: resource, keys: Tin, values: Tout ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def lookup_table_import_v2(table_handle, keys, values):
    """Let a table hold these keys and values only."""
    table_handle.replace(keys, values)


@lookup_table_import_v2.shape
def _(keys, values):
    return _begin_with(keys, values)


@op("LookupTableInsertV2", "table_handle: resource, keys: Tin, values: Tout ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def lookup_table_insert_v2(table_handle, keys, values):
    """Give keys values."""
    table_handle.insert(keys, values)


@op("LookupTableRemoveV2", "table_handle: resource, keys: Tin ->", host=True, stateful=True, differentiable=False)
def lookup_table_remove_v2(table_handle, keys):
    """Forget keys."""
    table_handle.remove(keys)


@op("LookupTableExportV2", "table_handle: resource -> keys: Tkeys, values: Tvalues", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def lookup_table_export_v2(table_handle, Tkeys: DType, Tvalues: DType):
    """All keys and all values."""
    for name, asked, held in (("Tkeys", Tkeys, table_handle.key_type), ("Tvalues", Tvalues, table_handle.value_type)):
        if asked != held:
            raise InvalidArgumentError(None, None, f"{name} is {asked.name}, but the table holds {held.name}")
    return list(table_handle.export())


@lookup_table_export_v2.shape
def _():
    return [None, None]


@op("InitializeTableV2", "table_handle: resource, keys: Tkey, values: Tval ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _initialize_table(table_handle, keys, values):
    """Fill a table, once."""
    _fixed(table_handle).fill(keys, values)


@_initialize_table.shape
def _(keys, values):
    return _begin_with(keys, values)


def _fixed(table: Table) -> FixedTable:
    if not isinstance(table, FixedTable):
        raise InvalidArgumentError(None, None, "The table is not one that is initialized")
    return table


# -- from a file -------------------------------------------------------------------------------------------------------

WHOLE_LINE, LINE_NUMBER = -2, -1


@op("InitializeTableFromTextFileV2", "table_handle: resource, filename: string[] ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def initialize_table_from_text_file_v2(
    table_handle, filename, key_index: int, value_index: int, vocab_size: int = -1, delimiter: str = "\t"
):
    """Fill a table with the lines of a file, once."""
    table = _fixed(table_handle)
    if len(delimiter) != 1:
        raise InvalidArgumentError(None, None, f"delimiter should be only 1 char, not {delimiter!r}")
    name = text_in(filename)
    lines = _Lines(name, max(key_index, value_index), as_bytes(delimiter))
    rows = list(islice(lines.read(), None if vocab_size < 0 else vocab_size))
    if not rows:
        raise OutOfRangeError(None, None, f"{shown(name)} is empty")
    if len(rows) < vocab_size:
        text = f"Invalid vocab_size in {shown(name)}: expected {vocab_size} but got {len(rows)}"
        raise InvalidArgumentError(None, None, text)
    columns = (_column(rows, key_index, table.key_type), _column(rows, value_index, table.value_type))
    table.fill(*columns)


class _Lines:
    """The lines of a file, as a row of columns each.

    Parameters
    ----------
    name : bytes
        Of the file.
    last : int
        The last column that is needed.
    delimiter : bytes
        Between columns.
    """

    def __init__(self, name: bytes, last: int, delimiter: bytes) -> None:
        self.name, self.last, self.delimiter = name, last, delimiter

    def read(self) -> Iterator[list[bytes]]:
        """Yield the columns of each line, and behind them the line."""
        with tensorflow_errors(self.name), storage.open_file(path_text(self.name)) as file:
            for number, text in enumerate(file):
                line = text.removesuffix(b"\n").removesuffix(b"\r")
                if not line:
                    raise self._invalid(f"line {number} is empty")
                columns = line.split(self.delimiter) if self.last >= 0 else []
                if len(columns) <= self.last:
                    said = f"line {number} ({shown(line)}) has {len(columns)} columns, not {self.last + 1}"
                    raise self._invalid(said)
                yield [*columns, line]

    def _invalid(self, what: str) -> InvalidArgumentError:
        return InvalidArgumentError(None, None, f"Invalid content in {shown(self.name)}: {what}")


def _column(rows: list[list[bytes]], index: int, kind: DType) -> Any:
    """Return a column as an array."""
    if index == LINE_NUMBER:
        return np.arange(len(rows), dtype=kind.as_numpy_dtype)
    texts = [row[index if index >= 0 else -1] for row in rows]
    if kind == dtypes.string:
        return array_of(texts)
    read: Callable[[bytes], Any] = integer_in if kind.is_integer else real_in
    numbers = [read(text) for text in texts]
    for i, number in enumerate(numbers):
        if number is None or (kind.is_integer and not kind.min <= number <= kind.max):
            text = f"Field {shown(texts[i])!r} in line {i} is not a valid {kind.name}."
            raise InvalidArgumentError(None, None, text)
    return np.array(numbers, kind.as_numpy_dtype)
