"""Tables that are filled once."""

from __future__ import annotations

import uuid
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import init_scope, name_scope
from defrun.lookup.initializers import TableInitializerBase
from defrun.ops.lookup import hash_table_v2, lookup_table_export_v2, lookup_table_find_v2, lookup_table_size_v2


class LookupInterface:
    """What all lookup tables share.

    Parameters
    ----------
    key_dtype, value_dtype : DType
    """

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)
        self._resource_handle: Any = None

    def _create_resource(self) -> Any:
        raise NotImplementedError

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table."""
        if self._resource_handle is None:
            with init_scope():
                self._resource_handle = self._create_resource()
        return self._resource_handle

    @property
    def key_dtype(self) -> DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """The type of the values."""
        return self._value_dtype

    @property
    def name(self) -> Any:
        """The table's name."""
        return NotImplementedError

    def size(self, name: str | None = None) -> Tensor:
        """Return how many keys there are: an int64 Tensor []."""
        raise NotImplementedError

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the value of each key."""
        raise NotImplementedError

    def _check_keys(self, keys: Any) -> Any:
        """Return the tensor of keys. TypeError if they are of another type than the table's."""
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {keys.dtype}.")
        return keys.values if isinstance(keys, SparseTensor) else keys


def like(keys: Any, values: Tensor) -> Any:
    """Return `values` as a sparse tensor if the keys were one."""
    return SparseTensor(keys.indices, values, keys.dense_shape) if isinstance(keys, SparseTensor) else values


class InitializableLookupTableBase(LookupInterface):
    """A table that is filled once.

    Parameters
    ----------
    default_value : Tensor []
        The value of keys that are not there.
    initializer : TableInitializerBase
        Fills it.
    """

    _initializer: Any

    def __init__(self, default_value: Any, initializer: Any) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=self._value_dtype)
        self._default_value.shape.merge_with(TensorShape([]))
        if isinstance(initializer, TableInitializerBase):
            self._initializer = initializer
        with init_scope():
            self._resource_handle = self._create_resource()
        if get_default_graph().building_function:
            with init_scope():
                self._init_op = self._initialize()
        else:
            self._init_op = self._initialize()

    def _initialize(self) -> Operation:
        return self._initializer.initialize(self)

    @property
    def default_value(self) -> Tensor:
        """The value of keys that are not there."""
        return self._default_value

    def size(self, name: str | None = None) -> Tensor:
        """Return how many keys there are: an int64 Tensor [], 0 before the table is filled."""
        with name_scope(name, f"{self.name}_Size", [self.resource_handle]):
            return lookup_table_size_v2(self.resource_handle)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the value of each key, or the default value.

        Parameters
        ----------
        keys : Tensor or SparseTensor
        name : str, optional

        Returns
        -------
        Tensor or SparseTensor
            Of the shape of `keys`.

        Raises
        ------
        TypeError
            If the keys are of another type than the table's.
        FailedPreconditionError
            When run, if the table isn't filled yet.
        """
        tensor = self._check_keys(keys)
        with name_scope(name, f"{self.name}_Lookup", (self.resource_handle, tensor, self._default_value)):
            values = lookup_table_find_v2(self.resource_handle, tensor, self._default_value)
        values.set_shape(tensor.shape)
        return like(keys, values)


class InitializableLookupTableBaseV1(InitializableLookupTableBase):
    """A table that is filled once, by an operation that it knows."""

    @property
    def initializer(self) -> Operation:
        """The operation that fills it."""
        return self._init_op


class StaticHashTable(InitializableLookupTableBase):
    """A table that is filled once.

    Parameters
    ----------
    initializer : TableInitializerBase
        Fills it: a `KeyValueTensorInitializer` or a `TextFileInitializer`.
    default_value : Tensor []
        The value of keys that are not there.
    name : str, optional

    Examples
    --------
    >>> table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
    >>> found = table.lookup(tf.constant(["b", "c"]))
    >>> with tf.Session() as sess:
    ...     sess.run(tf.tables_initializer())
    ...     print(sess.run(found))
    [ 2 -1]
    """

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None) -> None:
        self._initializer = initializer
        self._shared_name = initializer._shared_name or f"hash_table_{uuid.uuid4()}"
        self._name = name or "hash_table"
        self._table_name: str | None = None
        super().__init__(default_value, initializer)
        self._value_shape = self._default_value.shape

    def _create_resource(self) -> Tensor:
        made = hash_table_v2(
            key_dtype=self._initializer.key_dtype,
            value_dtype=self._initializer.value_dtype,
            shared_name=self._shared_name,
            name=self._name,
        )
        self._table_name = made.op.name.split("/")[-1]
        return made

    @property
    def name(self) -> Any:
        """The table's name."""
        return self._table_name

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Return all keys and all values.

        Raises
        ------
        AbortedError
            When run, if the table isn't filled yet.
        """
        with name_scope(name, f"{self.name}_Export", [self.resource_handle]):
            keys, values = lookup_table_export_v2(self.resource_handle, self._key_dtype, self._value_dtype)
        return shaped(keys, values, self._value_shape)


def shaped(keys: Tensor, values: Tensor, value_shape: TensorShape) -> tuple[Tensor, Tensor]:
    """Say of what shape exported keys and values are."""
    keys.set_shape([None])
    values.set_shape(keys.shape.concatenate(value_shape))
    return keys, values


class StaticHashTableV1(StaticHashTable, InitializableLookupTableBaseV1):
    """A `StaticHashTable` with `initializer`, the operation that fills it."""


class HashTable(StaticHashTableV1):
    """A `StaticHashTableV1` with an old name of its initializer."""

    @property
    def init(self) -> Operation:
        """The operation that fills it."""
        return self.initializer
