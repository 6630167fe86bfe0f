"""Lookup tables as `tf.contrib.lookup` has them: with other parameters, and functions of old names."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.lookup import mutable, vocabularies
from defrun.lookup.buckets import FastHashSpec, HasherSpec
from defrun.lookup.tables import InitializableLookupTableBaseV1, StaticHashTable, shaped
from defrun.ops.lookup import lookup_table_export_v2

MutableDenseHashTable = mutable.DenseHashTable


class HashTable(StaticHashTable, InitializableLookupTableBaseV1):
    """A table that is filled once.

    Parameters
    ----------
    initializer : TableInitializerBase
        Fills it.
    default_value : Tensor []
        The value of keys that are not there.
    shared_name : str, optional
        Tables of one such name are the same table.
    name : str, optional
    """

    def __init__(
        self, initializer: Any, default_value: Any, shared_name: str | None = None, name: str | None = None
    ) -> None:
        self._initializer = initializer
        self._shared_name = shared_name
        self._name = name or "hash_table"
        self._table_name = None
        InitializableLookupTableBaseV1.__init__(self, default_value, initializer)
        self._value_shape = self._default_value.shape

    @property
    def init(self) -> Operation:
        """The operation that fills it."""
        return self.initializer


    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Return all keys and all values. AbortedError when run, if the table isn't filled yet."""
        with name_scope(name, f"{self.name}_Export", [self.resource_handle]) as scope:
            keys, values = lookup_table_export_v2(self.resource_handle, self._key_dtype, self._value_dtype, name=scope)
        return shaped(keys, values, self._value_shape)


def string_to_index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> Any:
    """Make a table from the lines of a file to their numbers; old name of `index_table_from_file`."""
    return vocabularies.index_table_from_file(
        vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, key_dtype=dtypes.string, name=name
    )


def string_to_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> Any:
    """Make a table from words to their places; old name of `index_table_from_tensor`."""
    with name_scope(name, "string_to_index") as scope:
        mapping = convert_to_tensor(mapping)
    if mapping.dtype.base_dtype != dtypes.string:
        raise ValueError("string_to_index_table_from_tensor requires string.")
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, name=scope)


def index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """Make a table that gives the place of a word in a list.

    Parameters
    ----------
    mapping : Tensor [n]
        Words, none of them twice.
    num_oov_buckets : int
        How many numbers, behind those of the list, other words are spread over.
    default_value : int
        The number of other words if there are no buckets for them.
    hasher_spec : HasherSpec
    dtype : DType
        Of the words: text, or an integer type.
    name : str, optional
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return vocabularies.index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, dtype, name)


def string_to_index(tensor: Any, mapping: Any, default_value: int = -1, name: str | None = None) -> Any:
    """Return the places of words in the list `mapping`; the table must be filled by `tables_initializer`."""
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string_table_from_tensor(mapping: Any, default_value: str = "UNK", name: str | None = None) -> Any:
    """Make a table that gives the word at a place of the list `mapping`."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return vocabularies.index_to_string_table_from_tensor(mapping, default_value, name)


def index_to_string(tensor: Any, mapping: Any, default_value: str = "UNK", name: str | None = None) -> Tensor:
    """Return the words at places of the list `mapping`; the table must be filled by `tables_initializer`."""
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)
