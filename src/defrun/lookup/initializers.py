"""What lookup tables are filled with: keys and values given, or lines of a file."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import add_to_collection, device, get_collection, init_scope, name_scope
from defrun.ops.flow import group, no_op
from defrun.ops.lookup import LINE_NUMBER, WHOLE_LINE, initialize_table_from_text_file_v2, lookup_table_import_v2


def tables_initializer(name: str = "init_all_tables") -> Operation:
    """Make an operation that fills all lookup tables of the graph.

    Parameters
    ----------
    name : str
    """
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


def initialize_all_tables(name: str = "init_all_tables") -> Operation:
    """Make an operation that fills all lookup tables; old name of `tables_initializer`."""
    return tables_initializer(name)


def check_table_dtypes(table: Any, key_dtype: DType, value_dtype: DType) -> None:
    """Raise `TypeError` unless a table has keys and values of these types."""
    if key_dtype.base_dtype != table.key_dtype:
        raise TypeError(f"Invalid key dtype, expected {table.key_dtype} but got {key_dtype}.")
    if value_dtype.base_dtype != table.value_dtype:
        raise TypeError(f"Invalid value dtype, expected {table.value_dtype} but got {value_dtype}.")


class TableInitializerBase:
    """Fills tables: override `initialize`.

    Parameters
    ----------
    key_dtype, value_dtype : DType
    """

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """The type of the values."""
        return self._value_dtype

    def initialize(self, table: Any) -> Operation:
        """Return an operation that fills `table`."""
        raise NotImplementedError

    @property
    def _shared_name(self) -> str:
        """A name for tables that are filled with the same."""
        return ""


class KeyValueTensorInitializer(TableInitializerBase):
    """Fills tables with the given keys and values.

    Parameters
    ----------
    keys, values : Tensor [n]
    key_dtype, value_dtype : DType, optional
    name : str, optional
    """

    def __init__(
        self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None
    ) -> None:
        if get_default_graph().building_function:
            with init_scope():
                self._keys, self._values = self._tensors(keys, values, key_dtype, value_dtype)
        else:
            self._keys, self._values = self._tensors(keys, values, key_dtype, value_dtype)
        self._name = name if name is not None else "key_value_init"
        super().__init__(self._keys.dtype, self._values.dtype)

    @staticmethod
    def _tensors(keys: Any, values: Any, key_dtype: Any, value_dtype: Any) -> tuple[Tensor, Tensor]:
        return (
            convert_to_tensor(keys, dtype=key_dtype, name="keys"),
            convert_to_tensor(values, dtype=value_dtype, name="values"),
        )

    def initialize(self, table: Any) -> Operation:
        """Return an operation that fills `table`; it is one of the `TABLE_INITIALIZERS`.

        Raises
        ------
        TypeError
            If the table's types are others.
        """
        check_table_dtypes(table, self._keys.dtype, self._values.dtype)
        with name_scope(self._name, values=(table.resource_handle, self._keys, self._values)):
            made = lookup_table_import_v2(table.resource_handle, self._keys, self._values)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        return made


class TextFileIndex:
    """What `TextFileInitializer` may take instead of a column: the number of the line, or the whole line."""

    WHOLE_LINE = WHOLE_LINE
    LINE_NUMBER = LINE_NUMBER


class TextFileInitializer(TableInitializerBase):
    """Fills tables with what stands in a file, a key and a value in each line.

    Parameters
    ----------
    filename : str or string Tensor []
    key_dtype, value_dtype : DType
    key_index, value_index : int
        The column that keys (values) stand in, or `TextFileIndex.WHOLE_LINE` or `TextFileIndex.LINE_NUMBER`.
    vocab_size : int, optional
        How many lines to take; by default all.
    delimiter : str
        The character between columns.
    name : str, optional

    Raises
    ------
    ValueError
        If an index doesn't go with its type.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError(f"Filename required for {name}.")
        self._filename_arg = filename
        key_dtype, value_dtype = dtypes.as_dtype(key_dtype), dtypes.as_dtype(value_dtype)
        for label, index, kind in (("key", key_index, key_dtype), ("value", value_index, value_dtype)):
            if index < WHOLE_LINE:
                raise ValueError(f"Invalid {label} index {index}.")
            if index == LINE_NUMBER and kind != dtypes.int64:
                raise ValueError(f"Numbers of lines as {label}s are int64, not {kind.name}.")
        if key_index == WHOLE_LINE and not key_dtype.is_integer and key_dtype != dtypes.string:
            raise ValueError(f"Whole lines as keys are integers or text, not {key_dtype.name}.")
        if value_index == WHOLE_LINE and value_dtype != dtypes.string:
            raise ValueError(f"Whole lines as values are text, not {value_dtype.name}.")
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._key_index, self._value_index = key_index, value_index
        self._vocab_size, self._delimiter, self._name = vocab_size, delimiter, name
        with init_scope(), device("CPU"):
            self._filename = convert_to_tensor(filename, dtype=dtypes.string, name="asset_path")
        super().__init__(key_dtype, value_dtype)

    def initialize(self, table: Any) -> Operation:
        """Return an operation that fills `table`; it is one of the `TABLE_INITIALIZERS`.

        Raises
        ------
        TypeError
            If the table's types are others.
        InvalidArgumentError
            When run, if a line is empty or lacks a column, or a number is none.
        """
        check_table_dtypes(table, self.key_dtype, self.value_dtype)
        with name_scope(self._name, "text_file_init", (table.resource_handle,)):
            made = initialize_table_from_text_file_v2(
                table.resource_handle,
                self._filename,
                self._key_index,
                self._value_index,
                -1 if self._vocab_size is None else self._vocab_size,
                self._delimiter,
            )
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, made)
        if self._filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return made

    @property
    def _shared_name(self) -> str:
        parts = [self._filename_arg, *([self._vocab_size] if self._vocab_size else [])]
        return "_".join(["hash_table", *map(str, parts), str(self._key_index), str(self._value_index)])


class TextFileStringTableInitializer(TextFileInitializer):
    """Fills tables with the lines of a file as values, their numbers as keys; see `TextFileInitializer`.

    Parameters
    ----------
    key_column_index, value_column_index : int
        As `key_index` and `value_index` there.
    """

    def __init__(
        self,
        filename: Any,
        key_column_index: int = LINE_NUMBER,
        value_column_index: int = WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            filename, dtypes.int64, key_column_index, dtypes.string, value_column_index, vocab_size, delimiter, name
        )


class TextFileIdTableInitializer(TextFileInitializer):
    """Fills tables with the lines of a file as keys, their numbers as values; see `TextFileInitializer`.

    Parameters
    ----------
    key_column_index, value_column_index : int
        As `key_index` and `value_index` there.
    """

    def __init__(
        self,
        filename: Any,
        key_column_index: int = WHOLE_LINE,
        value_column_index: int = LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        super().__init__(
            filename, key_dtype, key_column_index, dtypes.int64, value_column_index, vocab_size, delimiter, name
        )
