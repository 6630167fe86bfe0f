"""What a lookup table is while a session runs: a dict from keys to values."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import AbortedError, FailedPreconditionError, InvalidArgumentError, UnimplementedError
from defrun.graph.opdef import Dims
from defrun.graph.resource import Resource
from defrun.ops.strings.texts import array_of, texts_in

Array = np.ndarray[Any, Any]


class Table(Resource):
    """What all tables share: keys of one type and shape, values of one type and shape.

    Parameters
    ----------
    key_type, value_type : DType
    value_shape : Dims
        Of one value.
    """

    def __init__(self, key_type: DType, value_type: DType, value_shape: Dims = ()) -> None:
        self.key_type, self.value_type = key_type, value_type
        self.value_shape: tuple[int, ...] = tuple(size or 0 for size in value_shape or ())
        self.key_shape: tuple[int, ...] = ()
        self.items: dict[Any, Any] = {}
        self.lock = threading.RLock()

    def size(self) -> int:
        """Count the keys."""
        return len(self.items)

    def find(self, keys: Array, default: Array) -> Array:
        """Return the value of each key, or the default value."""
        self._check_types(keys, default)
        if default.shape != self.value_shape:
            text = f"Expected shape {list(self.value_shape)} for default value, got {list(default.shape)}"
            raise InvalidArgumentError(None, None, text)
        get, other = self.items.get, self._plain_values(default[None])[0]
        shape = self._places(keys)
        return self._array_of_values((get(key, other) for key in self._plain_keys(keys)), shape)

    def insert(self, keys: Array, values: Array) -> None:
        """Give each key its value, the last one where a key stands there several times."""
        with self.lock:
            self.items.update(self._pairs(keys, values))

    def replace(self, keys: Array, values: Array) -> None:
        """Hold these keys and values, and no others."""
        with self.lock:
            self.items = dict(self._pairs(keys, values))

    def remove(self, keys: Array) -> None:
        """Forget keys; those that are not there don't matter."""
        self._check_types(keys, None)
        with self.lock:
            for key in self._plain_keys(keys):
                self.items.pop(key, None)

    def export(self) -> tuple[Array, Array]:
        """Return all keys and all values."""
        with self.lock:
            keys, values = list(self.items), list(self.items.values())
        return self._array_of_keys(keys), self._array_of_values(values, (len(values),))

    # -- arrays and what the dict holds --------------------------------------------------------------------------------

    def _pairs(self, keys: Array, values: Array) -> Iterable[tuple[Any, Any]]:
        self._check_types(keys, values)
        wanted = self._places(keys) + self.value_shape
        if values.shape != wanted:
            text = f"Expected shape {list(wanted)} for value, got {list(values.shape)}"
            raise InvalidArgumentError(None, None, text)
        return zip(self._plain_keys(keys), self._plain_values(values), strict=True)

    def _check_types(self, keys: Array, values: Array | None) -> None:
        for name, array, kind in (("Keys", keys, self.key_type), ("Values", values, self.value_type)):
            if array is not None and array.dtype != kind.as_numpy_dtype:
                raise InvalidArgumentError(None, None, f"{name} of the table are {kind.name}, not {array.dtype}")

    def _places(self, keys: Array) -> tuple[int, ...]:
        """Return the shape of an array of keys, that of one key left out."""
        rank = keys.ndim - len(self.key_shape)
        if rank < 0 or keys.shape[rank:] != self.key_shape:
            text = f"Expected keys of shape [..., {list(self.key_shape)}], got {list(keys.shape)}"
            raise InvalidArgumentError(None, None, text)
        return keys.shape[:rank]

    def _plain_keys(self, keys: Array) -> list[Any]:
        if not self.key_shape:
            return _plain(keys)
        return [tuple(_plain(row)) for row in keys.reshape(-1, *self.key_shape)]

    def _plain_values(self, values: Array) -> list[Any]:
        return _plain(values) if not self.value_shape else list(values.reshape(-1, *self.value_shape))

    def _array_of_keys(self, keys: list[Any]) -> Array:
        return _array(keys, self.key_type, (len(keys), *self.key_shape))

    def _array_of_values(self, values: Iterable[Any], shape: tuple[int, ...]) -> Array:
        return _array(list(values), self.value_type, shape + self.value_shape)


def _plain(array: Array) -> list[Any]:
    return texts_in(array) if array.dtype == object else array.ravel().tolist()


def _array(elements: list[Any], kind: DType, shape: tuple[int, ...]) -> Array:
    if elements and isinstance(elements[0], (tuple, np.ndarray)):
        return np.array(elements, kind.as_numpy_dtype).reshape(shape)
    if kind.name == "string":
        return array_of(elements, shape)
    return np.array(elements, kind.as_numpy_dtype).reshape(shape)


class FixedTable(Table):
    """A table that is filled once; filling it again with as many entries changes nothing."""

    def __init__(self, key_type: DType, value_type: DType) -> None:
        super().__init__(key_type, value_type)
        self.filled = False

    def find(self, keys: Array, default: Array) -> Array:
        """Return the value of each key, or the default value. FailedPreconditionError before it is filled."""
        if not self.filled:
            raise FailedPreconditionError(None, None, "Table not initialized: run tf.tables_initializer() first.")
        return super().find(keys, default)

    def fill(self, keys: Array, values: Array) -> None:
        """Take the keys and values, unless it has some already.

        Raises
        ------
        FailedPreconditionError
            If a key stands there twice with different values, or the table has another number of them already.
        """
        with self.lock:
            if self.filled:
                count = int(np.prod(self._places(keys)))
                if count != self.size():
                    text = f"Table was already initialized with other data: {self.size()} entries, not {count}"
                    raise FailedPreconditionError(None, None, text)
                return
            items: dict[Any, Any] = {}
            for key, value in self._pairs(keys, values):
                if items.setdefault(key, value) != value:
                    text = f"The table would have two values for the key {key!r}: {items[key]!r} and {value!r}"
                    raise FailedPreconditionError(None, None, text)
            self.items, self.filled = items, True

    replace = fill

    def export(self) -> tuple[Array, Array]:
        """Return all keys and all values. AbortedError before it is filled."""
        if not self.filled:
            raise AbortedError(None, None, "The table is not initialized.")
        return super().export()

    def insert(self, keys: Array, values: Array) -> None:
        """Not for such a table."""
        raise UnimplementedError(None, None, "A table that is initialized once can't be inserted into")

    def remove(self, keys: Array) -> None:
        """Not for such a table."""
        raise UnimplementedError(None, None, "A table that is initialized once can't be removed from")


class DenseTable(Table):
    """A table whose op names two keys that it doesn't take.

    Parameters
    ----------
    buckets : int
        How many there would be at first; only checked.
    """

    def __init__(self, value_type: DType, value_shape: Dims, buckets: int) -> None:
        super().__init__(dtypes.string, value_type, value_shape)
        if buckets < 4 or buckets & (buckets - 1):
            text = f"Number of buckets must be at least 4 and a power of 2, got: {buckets}"
            raise InvalidArgumentError(None, None, text)
        self._refused: dict[Any, str] = {}

    def prepare(self, empty_key: Array, deleted_key: Array) -> None:
        """Take the keys that it won't hold."""
        self.key_type = dtypes.string if empty_key.dtype == object else dtypes.as_dtype(empty_key.dtype)
        self.key_shape = empty_key.shape
        empty, deleted = (super(DenseTable, self)._plain_keys(key[None])[0] for key in (empty_key, deleted_key))
        if empty == deleted:
            raise InvalidArgumentError(None, None, f"Empty and deleted keys cannot be equal: {empty!r}")
        self._refused = {empty: "empty_key", deleted: "deleted_key"}

    def export(self) -> tuple[Array, Array]:
        """Return all keys and all values, both with two axes at least."""
        keys, values = super().export()
        return keys.reshape(len(keys), -1), values.reshape(len(values), -1)

    def _plain_keys(self, keys: Array) -> list[Any]:
        found = super()._plain_keys(keys)
        for key in self._refused:
            if key in found:
                text = f"Using the {self._refused[key]} as a table key is not allowed: {key!r}"
                raise InvalidArgumentError(None, None, text)
        return found
