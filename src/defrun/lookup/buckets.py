"""Tables of numbers in which keys that are not there have numbers of their own, by hash."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.text import integral_types
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.lookup.tables import HashTable, LookupInterface, like
from defrun.ops.cast import cast
from defrun.ops.compare import not_equal
from defrun.ops.flow import no_op
from defrun.ops.math import add
from defrun.ops.select import where_v2
from defrun.ops.strings.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from defrun.ops.strings.numbers import as_string


class HasherSpec(NamedTuple):
    """Which hash function to use ("fasthash", "legacy" or "stronghash"), and under which key."""

    hasher: str
    key: Any


FastHashSpec = HasherSpec("fasthash", None)


class StrongHashSpec(HasherSpec):
    """A hash function under a key, so that nobody can foresee what falls together.

    Parameters
    ----------
    key : pair of int
    """

    __slots__ = ()

    def __new__(cls, key: Any) -> StrongHashSpec:
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(part, integral_types) for part in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)


class _Buckets(LookupInterface):
    """A table of numbers, if there is one, with buckets behind it."""

    _table: Any
    _num_oov_buckets: int
    _table_name: str | None

    def _create_resource(self) -> Any:
        return None if self._table is None else self._table._create_resource()

    def _initialize(self) -> Operation:
        if self._table is not None:
            return self._table._initialize()
        with name_scope(None, "init"):
            return no_op()

    @property
    def initializer(self) -> Operation:
        """The operation that fills it."""
        if self._table is not None:
            return self._table._init_op
        with name_scope(None, "init"):
            return no_op()

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table, None if there are buckets only."""
        return None if self._table is None else self._table.resource_handle

    @property
    def name(self) -> str | None:
        """The table's name."""
        return self._table_name

    def size(self, name: str | None = None) -> Tensor:
        """Return how many numbers there are, those of buckets too: an int64 Tensor []."""
        with name_scope(name, f"{self.name}_Size"):
            table = convert_to_tensor(0, dtype=dtypes.int64) if self._table is None else self._table.size()
            return table + self._num_oov_buckets

    def _table_keys(self, keys: Any) -> Tensor:
        tensor = self._check_keys(keys)
        if self._table is not None and self._table.key_dtype.base_dtype == dtypes.int64:
            return cast(tensor, dtypes.int64)
        return tensor

    def _numbers(self, keys: Tensor, hasher: Callable[..., Tensor]) -> Tensor:
        texts = keys if keys.dtype.base_dtype == dtypes.string else as_string(keys)
        buckets = hasher(texts, num_buckets=self._num_oov_buckets, name="hash_bucket")
        if self._table is None:
            return buckets
        found = self._table.lookup(keys)
        buckets = add(buckets, self._table.size())
        return where_v2(not_equal(found, self._table.default_value), found, buckets)


def _check_table(table: Any, key_dtype: DType) -> None:
    """Raise `TypeError` unless a table (or what fills it) goes from text or integers to int64."""
    if table.key_dtype not in (dtypes.int64, dtypes.string):
        raise TypeError(f"Invalid key dtype, expected int64 or string, but got {table.key_dtype}.")
    if table.key_dtype.is_integer != key_dtype.is_integer:
        raise TypeError(f"Invalid key dtype: keys are {key_dtype}, those of the table {table.key_dtype}.")
    if table.value_dtype != dtypes.int64:
        raise TypeError(f"Invalid value dtype, expected {dtypes.int64}, but got {table.value_dtype}.")


def _check_key_type(key_dtype: DType) -> None:
    if not key_dtype.is_integer and key_dtype != dtypes.string:
        raise TypeError(f"Invalid key_dtype, expected integer or string, got {key_dtype}.")


class IdTableWithHashBuckets(_Buckets):
    """A table of numbers, and buckets with numbers behind those for the keys that are not in it.

    Parameters
    ----------
    table : lookup table with int64 values, or None
    num_oov_buckets : int
    hasher_spec : HasherSpec
        How to find a key's bucket.
    name : str, optional
    key_dtype : DType, optional
    """

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: Any = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        name = name.rstrip("/") if name else name
        self._table = table or None
        if table:
            key_dtype = table.key_dtype if key_dtype is None else key_dtype
            _check_table(table, key_dtype)
            name = name or table.name
        else:
            if num_oov_buckets <= 0:
                raise ValueError("oov_buckets must be > 0 if no table is supplied.")
            key_dtype = dtypes.string if key_dtype is None else key_dtype
            name = name or "hash_bucket"
        _check_key_type(key_dtype)
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {hasher_spec}")
        self._num_oov_buckets, self._hasher_spec = num_oov_buckets, hasher_spec
        self._table_name = name.split("/")[-1] if name else None
        super().__init__(key_dtype, dtypes.int64)

    @property
    def init(self) -> Operation:
        """The operation that fills it; old name of `initializer`."""
        return self.initializer

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the number of each key, or that of its bucket.

        Parameters
        ----------
        keys : Tensor or SparseTensor
        name : str, optional

        Returns
        -------
        int64 Tensor or SparseTensor
        """
        tensor = self._table_keys(keys)
        if self._num_oov_buckets == 0:
            return like(keys, self._table.lookup(tensor, name=name))
        with name_scope(name, f"{self.name}_Lookup"):
            return like(keys, self._numbers(tensor, _hasher(self._hasher_spec)))


def _hasher(spec: HasherSpec) -> Callable[..., Tensor]:
    if spec.hasher == "fasthash":
        return string_to_hash_bucket_fast
    if spec.hasher == "legacy":
        return string_to_hash_bucket
    if spec.hasher == "stronghash":
        return functools.partial(string_to_hash_bucket_strong, key=list(spec.key))
    raise ValueError(f"Unknown hasher {spec.hasher}")


class StaticVocabularyTable(_Buckets):
    """A table of numbers, and buckets with numbers behind those for the keys that are not in it.

    Parameters
    ----------
    initializer : TableInitializerBase, or None
        Fills the table, with int64 values from 0 on.
    num_oov_buckets : int
    lookup_key_dtype : DType, optional
        The type of keys to look up, if it isn't that of the initializer.
    name : str, optional
    """

    def __init__(
        self, initializer: Any, num_oov_buckets: int, lookup_key_dtype: Any = None, name: str | None = None
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        name = name.rstrip("/") if name else name
        self._table = None
        if initializer:
            lookup_key_dtype = initializer.key_dtype if lookup_key_dtype is None else lookup_key_dtype
            _check_table(initializer, lookup_key_dtype)
            self._table = HashTable(initializer, default_value=-1)
            name = name or self._table.name
        else:
            lookup_key_dtype = dtypes.string
            name = name or "hash_bucket"
        _check_key_type(lookup_key_dtype)
        self._num_oov_buckets = num_oov_buckets
        self._table_name = None if name is None else name.split("/")[-1]
        super().__init__(lookup_key_dtype, dtypes.int64)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the number of each key, or that of its bucket.

        Parameters
        ----------
        keys : Tensor or SparseTensor
        name : str, optional

        Returns
        -------
        int64 Tensor or SparseTensor
        """
        tensor = self._table_keys(keys)
        with name_scope(name, f"{self.name}_Lookup"):
            return like(keys, self._numbers(tensor, string_to_hash_bucket_fast))


class StaticVocabularyTableV1(StaticVocabularyTable):
    """A `StaticVocabularyTable` with `initializer`, the operation that fills it."""
