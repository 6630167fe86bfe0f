"""Checkpoints of version 1: each file is a table of what it holds, then tensors, or parts, as messages."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from tensorboard.compat.proto import tensor_pb2

from defrun.base import dtypes, storage
from defrun.base.errors import DataLossError, InvalidArgumentError, NotFoundError, UnimplementedError
from defrun.base.messages import SavedTensorSlices
from defrun.base.partial import Array, Extents, assembled, extents_of, places, slice_key, slice_proto, whole_extents
from defrun.base.system import tensorflow_errors
from defrun.base.table import Table, table_bytes
from defrun.base.tensors import VALUE_FIELD, make_ndarray, put_values


def write_table(path: str, parts: Iterable[tuple[str, list[int], Extents | None, Array]]) -> None:
    """Write a file that holds `parts`: the name, the shape of the whole, the extents (None: all of it), the array.

    Raises
    ------
    InvalidArgumentError
        If the same part is given twice.
    """
    meta, items = SavedTensorSlices(), {}
    meta.meta.versions.producer = 1
    known: dict[str, Any] = {}
    for name, shape, given, array in parts:
        extents = [(0, -1)] * len(shape) if given is None else given
        key = slice_key(name, extents)
        if key in items:
            raise InvalidArgumentError(None, None, f"{name} is saved twice")
        kind = dtypes.string if array.dtype == object else dtypes.as_dtype(array.dtype)
        if name not in known:
            known[name] = meta.meta.tensor.add(name=name, type=kind.as_datatype_enum)
            known[name].shape.SetInParent()
            known[name].shape.dim.extend(known[name].shape.Dim(size=size) for size in shape)
        known[name].slice.append(slice_proto(extents))
        one = SavedTensorSlices()
        one.data.name = name
        one.data.slice.CopyFrom(slice_proto(extents))
        put_values(one.data.data, array.ravel(), kind)
        items[key] = one.SerializeToString()
    rows = [(b"", meta.SerializeToString()), *sorted(items.items())]
    with tensorflow_errors(path):
        storage.make_folders(storage.folder_of(path))
    storage.write_beside(path, table_bytes(rows))


class TableReader:
    """Reads the files that match a pattern, by the names of their tensors; see `BundleReader`.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DataLossError
        If a file is damaged.
    """

    def __init__(self, pattern: str) -> None:
        self.prefix = pattern
        paths = storage.matching(pattern)
        if not paths:
            raise NotFoundError(None, None, f"Failed to find any matching files for {pattern}")
        self._parts: dict[bytes, Any] = {}
        self._known: dict[str, Any] = {}
        self._slices: dict[str, list[Extents]] = {}
        for path in paths:
            self._read_file(path)

    def _read_file(self, path: str) -> None:
        for key, value in Table(storage.read_file(path), path):
            try:
                message = SavedTensorSlices.FromString(value)
            except Exception:
                raise DataLossError(None, None, f"{path}: the entry of {key!r} is damaged") from None
            if key:
                self._parts[key] = message.data.data
                continue
            for tensor in message.meta.tensor:
                self._known[tensor.name] = tensor
                self._slices.setdefault(tensor.name, []).extend(extents_of(s) for s in tensor.slice)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def names(self) -> list[str]:
        """Return the names of all tensors."""
        return sorted(self._known)

    def about(self, name: str) -> Any:
        """Return what the files say of a tensor."""
        if name not in self._known:
            raise NotFoundError(None, None, f"Tensor name {name!r} not found in checkpoint files {self.prefix}")
        return self._known[name]

    def slices(self, name: str) -> list[Extents]:
        """Return the parts that a tensor is kept in."""
        return self._slices[self.about(name).name]

    def dtype(self, name: str) -> dtypes.DType:
        """Return the dtype of a tensor."""
        number = self.about(name).type
        try:
            return dtypes.as_dtype(number)
        except TypeError:
            text = f"{self.prefix}: the tensor {name} can't be read: there is no dtype number {number}"
            raise DataLossError(None, None, text) from None

    def shape(self, name: str) -> list[int]:
        """Return the shape of a tensor."""
        return [d.size for d in self.about(name).shape.dim]

    def read(self, name: str) -> Array:
        """Return a tensor."""
        return self.read_slice(name, [(0, -1)] * len(self.shape(name)))

    def read_slice(self, name: str, extents: Extents) -> Array:
        """Return a part of a tensor."""
        shape, slices = self.shape(name), self.slices(name)
        wanted = whole_extents(extents, shape)
        if slices == [[(0, -1)] * len(shape)]:
            return self._part(name, slices[0])[places(wanted)]
        kind = self.dtype(name)
        element = kind.as_numpy_dtype if kind.name in VALUE_FIELD else None
        return assembled(f"{name} in {self.prefix}", element, shape, slices, wanted, lambda e: self._part(name, e))

    def _part(self, name: str, extents: Extents) -> Array:
        sizes = [n for _, n in whole_extents(extents, self.shape(name))]
        kind, size = self.dtype(name), math.prod(sizes)
        if kind.name not in VALUE_FIELD:
            text = f"{self.prefix}: the tensor {name} can't be read: NumPy has no {kind.name}"
            raise UnimplementedError(None, None, text)
        proto = tensor_pb2.TensorProto()
        proto.CopyFrom(self._parts.get(slice_key(name, extents), proto))
        held = len(getattr(proto, VALUE_FIELD[kind.name])) // (2 if kind.is_complex else 1)
        if held != size:
            raise DataLossError(None, None, f"{self.prefix}: {name} has {held} values where its shape is {sizes}")
        proto.dtype = kind.as_datatype_enum
        proto.tensor_shape.Clear()
        proto.tensor_shape.dim.extend(proto.tensor_shape.Dim(size=n) for n in sizes)
        return make_ndarray(proto)
