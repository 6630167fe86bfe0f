"""Tables that change while the graph runs."""

from __future__ import annotations

from typing import Any

from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import add_to_collection, colocate_with, name_scope
from defrun.lookup.tables import LookupInterface, shaped
from defrun.ops.lookup import (
    lookup_table_export_v2,
    lookup_table_find_v2,
    lookup_table_import_v2,
    lookup_table_insert_v2,
    lookup_table_remove_v2,
    lookup_table_size_v2,
    mutable_dense_hash_table_v2,
    mutable_hash_table_of_tensors_v2,
    mutable_hash_table_v2,
)
from defrun.train.saveable import SaveableObject, SaveSpec


class _TableSaveable(SaveableObject):
    """A table's keys and values in a checkpoint."""

    def __init__(self, table: _Mutable, name: str) -> None:
        keys, values = table.export()
        super().__init__(table, [SaveSpec(keys, "", f"{name}-keys"), SaveSpec(values, "", f"{name}-values")], name)

    def restore(
        self, restored_tensors: list[Tensor], restored_shapes: list[Any] | None, name: str | None = None
    ) -> Operation:
        """Return an op that puts keys and values back."""
        with name_scope(name, f"{self.name}_table_restore"), colocate_with(self.op.resource_handle):
            return lookup_table_import_v2(self.op.resource_handle, restored_tensors[0], restored_tensors[1])


class _Mutable(LookupInterface):
    """What both kinds share."""

    _default_value: Tensor
    _table_name: str
    _key_rank = 0

    def _made(self, handle: Tensor, name: str, checkpoint: bool) -> None:
        self._resource_handle = handle
        self._table_name = handle.op.name.split("/")[-1]
        if checkpoint:
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, _TableSaveable(self, name))

    @property
    def name(self) -> str:
        """The table's name."""
        return self._table_name

    def size(self, name: str | None = None) -> Tensor:
        """Return how many keys there are: an int64 Tensor []."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_Size", [handle]), colocate_with(handle):
            return lookup_table_size_v2(handle)

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """Return the value of each key, or the default value.

        Parameters
        ----------
        keys : Tensor
        name : str, optional

        Returns
        -------
        Tensor
            Of the shape of `keys`, followed by that of a value.
        """
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_lookup_table_find", self._lookup_scope(handle, keys)):
            keys = convert_to_tensor(keys, dtype=self._key_dtype, name="keys")
            with colocate_with(handle):
                values = lookup_table_find_v2(handle, keys, self._default_value)
        if keys.dims is not None:
            places = keys.shape[: len(keys.dims) - self._key_rank]
            values.set_shape(places.concatenate(self._default_value.shape))
        return values

    def _lookup_scope(self, handle: Tensor, keys: Any) -> Any:
        return (handle, keys, self._default_value)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """Make an operation that gives keys values, instead of what they had.

        Parameters
        ----------
        keys, values : Tensor
        name : str, optional

        Raises
        ------
        TypeError
            If they are of other types than the table's.
        InvalidArgumentError
            When run, if the shapes don't fit.
        """
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_lookup_table_insert", [handle, keys, values]):
            keys = convert_to_tensor(keys, dtype=self._key_dtype, name="keys")
            values = convert_to_tensor(values, dtype=self._value_dtype, name="values")
            with colocate_with(handle):
                return lookup_table_insert_v2(handle, keys, values)

    def remove(self, keys: Any, name: str | None = None) -> Operation:
        """Make an operation that forgets keys; those that are not there don't matter.

        Parameters
        ----------
        keys : Tensor
        name : str, optional

        Raises
        ------
        TypeError
            If they are of another type than the table's.
        """
        self._check_keys(keys)
        with name_scope(name, f"{self.name}_lookup_table_remove", (self.resource_handle, keys, self._default_value)):
            return lookup_table_remove_v2(self.resource_handle, keys)

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Return all keys and all values, in no particular order."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_lookup_table_export_values", [handle]), colocate_with(handle):
            keys, values = lookup_table_export_v2(handle, self._key_dtype, self._value_dtype)
        return shaped(keys, values, self._default_value.shape)


class MutableHashTable(_Mutable):
    """A table that changes while the graph runs. Values may be vectors or larger.

    Parameters
    ----------
    key_dtype, value_dtype : DType
    default_value : Tensor
        The value of keys that are not there; says of what shape values are.
    name : str
    checkpoint : bool
        Whether it is saved in checkpoints.

    Examples
    --------
    >>> table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    >>> put = table.insert(tf.constant(["a"]), tf.constant([1], tf.int64))
    >>> with tf.Session() as sess:
    ...     sess.run(put)
    ...     print(sess.run(table.lookup(tf.constant(["a", "b"]))))
    [ 1 -1]
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=value_dtype)
        shape = self._default_value.shape
        options: dict[str, Any] = {
            "key_dtype": key_dtype, "value_dtype": value_dtype, "use_node_name_sharing": checkpoint, "name": name,
        }  # fmt: skip
        if shape.ndims == 0:
            handle = mutable_hash_table_v2(**options)
        else:
            handle = mutable_hash_table_of_tensors_v2(value_shape=shape, **options)
        self._made(handle, name, checkpoint)


class DenseHashTable(_Mutable):
    """A table that changes while the graph runs and doesn't take two keys. Keys and values may be vectors.

    Parameters
    ----------
    key_dtype, value_dtype : DType
    default_value : Tensor
        The value of keys that are not there; says of what shape values are.
    empty_key, deleted_key : Tensor
        Two keys that are not looked up or inserted; they say of what shape keys are.
    initial_num_buckets : int, optional
        A power of 2; only checked.
    name : str
    checkpoint : bool
        Whether it is saved in checkpoints.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: int | None = None,
        name: str = "MutableDenseHashTable",
        checkpoint: bool = True,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=value_dtype, name="default_value")
        empty = convert_to_tensor(empty_key, dtype=key_dtype, name="empty_key")
        deleted = convert_to_tensor(deleted_key, dtype=key_dtype, name="deleted_key")
        self._key_rank = empty.shape.ndims or 0
        handle = mutable_dense_hash_table_v2(
            empty,
            deleted,
            value_dtype=value_dtype,
            value_shape=self._default_value.shape,
            initial_num_buckets=initial_num_buckets,
            use_node_name_sharing=checkpoint,
            name=name,
        )
        self._made(handle, name, checkpoint)

    def _lookup_scope(self, handle: Tensor, keys: Any) -> Any:
        return [handle, keys]

    def insert_or_assign(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """Make an operation that gives keys values; see `insert`."""
        return self.insert(keys, values, name)

    def erase(self, keys: Any, name: str | None = None) -> Operation:
        """Make an operation that forgets keys; see `remove`."""
        return self.remove(keys, name)
