"""Checkpoints of version 2: an index (a table of what each tensor is and where it stands) and shards of raw data.

Tensors are written as they come and read as they are asked for, one at a time, so that neither side needs a second
copy of a model. Files are written beside their places and renamed. A new checkpoint is there when its index is, which
comes last. One that takes the place of another is there from the moment that its index has replaced the old one; its
data follows, and is looked for beside its place too, so that a process that is killed at any moment loses nothing.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np

from defrun.base import dtypes, storage
from defrun.base.checksum import crc32c, masked
from defrun.base.errors import DataLossError, InvalidArgumentError, NotFoundError, OutOfRangeError, UnimplementedError
from defrun.base.messages import BundleEntryProto, BundleHeaderProto
from defrun.base.partial import Array, Extents, assembled, extents_of, places, slice_key, slice_proto, whole_extents
from defrun.base.system import tensorflow_errors
from defrun.base.table import Table, read_varint, table_bytes, varint

_HEADER = b""
_BESIDE = ".tempstate"  # ends the name of a file that is not in its place yet
_MAPPED = 1 << 20  # bytes; a larger tensor is not read but mapped


def index_path(prefix: str) -> str:
    """Return the file that makes a checkpoint complete."""
    return f"{prefix}.index"


def data_path(prefix: str, shard: int, shards: int) -> str:
    """Return the file with the data of a shard."""
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


# -- writing ---------------------------------------------------------------------------------------------------------


class BundleWriter:
    """Writes one shard under a prefix; nothing is to be seen there before `finish`.

    Parameters
    ----------
    prefix : str
        Where the checkpoint comes to stand: ``prefix.index`` and ``prefix.data-00000-of-00001``.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._entries: dict[bytes, Any] = {}
        self._size = 0
        self._finished = False
        self._temporary = data_path(prefix, 0, 1) + _BESIDE
        with tensorflow_errors(prefix):
            storage.make_folders(storage.folder_of(prefix))
            self._file = storage.open_file(self._temporary, "wb")

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(self, kind: Any, *exc: object) -> None:
        if not self._finished:
            self._file.close()
            storage.remove(self._temporary)

    def add(self, name: str, array: Array) -> None:
        """Append a tensor."""
        self._put(name.encode(), array)

    def add_slice(self, name: str, shape: list[int], extents: Extents, array: Array) -> None:
        """Append the part at `extents` of a tensor of `shape`."""
        whole = self._entries.setdefault(name.encode(), BundleEntryProto(dtype=_enum(array)))
        if not whole.slices:
            whole.shape.dim.extend(whole.shape.Dim(size=size) for size in shape)
        whole.slices.append(slice_proto(extents))
        self._put(slice_key(name, extents), array)

    def _put(self, key: bytes, array: Array) -> None:
        if key in self._entries:
            raise InvalidArgumentError(None, None, f"{key.decode(errors='replace')} is saved twice")
        entry = BundleEntryProto(dtype=_enum(array), offset=self._size)
        entry.shape.SetInParent()
        entry.shape.dim.extend(entry.shape.Dim(size=size) for size in array.shape)
        with tensorflow_errors(self.prefix):
            for part, crc in _text_parts(array) if array.dtype == object else _raw_parts(array):
                self._file.write(part)
                entry.size += len(part)
                entry.crc32c = masked(crc)
        self._size += entry.size
        self._entries[key] = entry

    def finish(self) -> None:
        """Make the checkpoint complete."""
        header = BundleHeaderProto(num_shards=1)
        header.version.producer = 1
        with tensorflow_errors(self.prefix):
            self._finished = True
            self._file.close()
            _put_in_place(self.prefix, header, self._entries, [data_path(self.prefix, 0, 1)])


def _put_in_place(prefix: str, header: Any, entries: dict[bytes, Any], shards: list[str]) -> None:
    """Write the index and rename it and the shards, which stand beside their places, in the order that is safe."""
    items = [(_HEADER, header.SerializeToString())]
    items += [(key, entries[key].SerializeToString()) for key in sorted(entries)]
    index = index_path(prefix)
    with storage.open_file(index + _BESIDE, "wb") as file:
        file.write(table_bytes(items))
    for path in [index, *shards] if storage.exists(index) else [*shards, index]:
        storage.replace(path + _BESIDE, path)


def _enum(array: Array) -> int:
    return (dtypes.string if array.dtype == object else dtypes.as_dtype(array.dtype)).as_datatype_enum


def _raw_parts(array: Array) -> Iterable[tuple[Any, int]]:
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    yield flat, crc32c(flat)


def _text_parts(array: Array) -> Iterable[tuple[bytes, int]]:
    """Yield the lengths, a checksum of them, and the texts, each with the checksum of all so far."""
    texts = [bytes(text) for text in array.ravel()]
    crc = _lengths_crc([len(text) for text in texts])
    yield b"".join(varint(len(text)) for text in texts), crc
    guard = struct.pack("<I", masked(crc))
    crc = crc32c(guard, crc)
    yield guard, crc
    data = b"".join(texts)
    yield data, crc32c(data, crc)


def _lengths_crc(lengths: list[int]) -> int:
    return crc32c(b"".join(struct.pack("<I" if n < 1 << 32 else "<Q", n) for n in lengths))


def merge(prefixes: Iterable[str], destination: str) -> None:
    """Make one checkpoint of several that hold different tensors, or parts of them; their data files are moved.

    Raises
    ------
    InvalidArgumentError
        If a tensor is in two of them.
    """
    readers = [BundleReader(prefix) for prefix in dict.fromkeys(prefixes)]
    shards = sum(reader.shards for reader in readers)
    header, shard = BundleHeaderProto(num_shards=shards), 0
    entries: dict[bytes, Any] = {}
    moves: list[tuple[str, str]] = []
    header.version.producer = 1
    for reader in readers:
        for key, entry in reader.raw.items():
            merged = BundleEntryProto.FromString(entry.SerializeToString())
            if entry.slices and key in entries:
                merged.slices.MergeFrom(entries[key].slices)
            elif key in entries:
                raise InvalidArgumentError(None, None, f"{key.decode(errors='replace')} is in two of the checkpoints")
            merged.shard_id += 0 if entry.slices else shard
            entries[key] = merged
        pairs = ((data_path(reader.prefix, i, reader.shards), i + shard) for i in range(reader.shards))
        moves += [(source, data_path(destination, number, shards)) for source, number in pairs]
        shard += reader.shards
    with tensorflow_errors(destination):
        storage.make_folders(storage.folder_of(destination))
        for source, target in moves:
            storage.replace(source, target + _BESIDE)
        _put_in_place(destination, header, entries, [target for _, target in moves])
        for reader in readers:
            storage.remove(index_path(reader.prefix))


# -- reading ---------------------------------------------------------------------------------------------------------


class BundleReader:
    """Reads a checkpoint by the names of its tensors; checksums are checked.

    Raises
    ------
    NotFoundError
        If there is no such checkpoint.
    DataLossError
        If a file is damaged.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        path = index_path(prefix)
        if not storage.exists(path):
            text = f"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {prefix}"
            raise NotFoundError(None, None, text)
        data = storage.read_file(path)
        self.raw: dict[bytes, Any] = {}
        header = None
        for key, value in Table(data, path):
            try:
                if key == _HEADER:
                    header = BundleHeaderProto.FromString(value)
                else:
                    self.raw[key] = BundleEntryProto.FromString(value)
            except Exception:
                raise DataLossError(None, None, f"{path}: the entry of {key!r} is damaged") from None
        if header is None:
            raise DataLossError(None, None, f"{path}: it has no header")
        if header.endianness != 0:
            raise DataLossError(None, None, f"{path}: it is of a machine with the highest byte first")
        self.shards = header.num_shards

    def __contains__(self, name: str) -> bool:
        return name != "" and name.encode() in self.raw

    def names(self) -> list[str]:
        """Return the names of all tensors."""
        return [key.decode(errors="replace") for key in self.raw if key[0] != 0]

    def _entry(self, name: str) -> Any:
        entry = self.raw.get(name.encode()) if name else None
        if entry is None:
            raise NotFoundError(None, None, f"Key {name} not found in checkpoint")
        return entry

    def dtype(self, name: str) -> dtypes.DType:
        """Return the dtype of a tensor."""
        return self._kind(name, self._entry(name))

    def _kind(self, name: str, entry: Any) -> dtypes.DType:
        try:
            return dtypes.as_dtype(entry.dtype)
        except TypeError:
            raise self._lost(name, f"there is no dtype number {entry.dtype}") from None

    def _element(self, name: str, entry: Any) -> Any:
        """Return NumPy's type for the elements."""
        kind = self._kind(name, entry)
        try:
            return kind.as_numpy_dtype
        except KeyError:
            text = f"{self.prefix}: the tensor {name} can't be read: NumPy has no {kind.name}"
            raise UnimplementedError(None, None, text) from None

    def shape(self, name: str) -> list[int]:
        """Return the shape of a tensor."""
        return [d.size for d in self._entry(name).shape.dim]

    def read(self, name: str) -> Array:
        """Return a tensor."""
        entry = self._entry(name)
        if not entry.slices:
            return self._data(name, entry)
        return self._assembled(name, entry, [(0, size) for size in self.shape(name)])

    def read_slice(self, name: str, extents: Extents) -> Array:
        """Return a part of a tensor."""
        entry, shape = self._entry(name), self.shape(name)
        wanted = whole_extents(extents, shape)
        if not entry.slices:
            return self._data(name, entry)[places(wanted)]
        return self._assembled(name, entry, wanted)

    def _assembled(self, name: str, entry: Any, wanted: Extents) -> Array:
        """Return a part that several slices may share."""
        kind, shape = self._element(name, entry), [d.size for d in entry.shape.dim]

        def part(extents: Extents) -> Array:
            found = self.raw.get(slice_key(name, extents))
            if found is None:
                raise self._lost(name, f"the slice {extents} of it is missing")
            return self._data(name, found)

        return assembled(f"{name} in {self.prefix}", kind, shape, [extents_of(s) for s in entry.slices], wanted, part)

    def _data(self, name: str, entry: Any) -> Array:
        """Return the tensor of an entry after a look at its checksum."""
        path = data_path(self.prefix, entry.shard_id, self.shards)
        try:
            return self._data_in(path, name, entry)
        except (DataLossError, NotFoundError):
            if not storage.exists(path + _BESIDE):
                raise
            return self._data_in(path + _BESIDE, name, entry)

    def _data_in(self, path: str, name: str, entry: Any) -> Array:
        shape, kind, element = [d.size for d in entry.shape.dim], self._kind(name, entry), self._element(name, entry)
        count = math.prod(shape) if min(shape, default=0) >= 0 else -1
        wanted = entry.size if kind == dtypes.string else count * np.dtype(element).itemsize
        with tensorflow_errors(path):
            there = storage.size(path)
        if count < 0 or entry.offset < 0 or entry.size != wanted or entry.offset + entry.size > there:
            what = f"{entry.size} bytes at byte {entry.offset} for {kind.name}{shape}"
            raise self._lost(name, f"{what}; {path} has {there} bytes")
        raw = _bytes_at(path, entry.offset, entry.size)
        if kind == dtypes.string:
            return self._texts(name, raw, entry, count).reshape(shape)
        if masked(crc32c(raw)) != entry.crc32c:
            raise self._lost(name, f"{path} is not what its checksum says at byte {entry.offset}")
        return raw.view(element).reshape(shape)

    def _texts(self, name: str, raw: Array, entry: Any, count: int) -> Array:
        data, at, lengths = raw.tobytes(), 0, []
        if count > len(data):
            raise self._lost(name, f"{len(data)} bytes can't hold {count} strings")
        try:
            for _ in range(count):
                length, at = read_varint(data, at)
                lengths.append(length)
        except ValueError:
            raise self._lost(name, "the lengths of its strings are damaged") from None
        crc = _lengths_crc(lengths)
        good = len(data) == at + 4 + sum(lengths) and data[at : at + 4] == struct.pack("<I", masked(crc))
        if not good or masked(crc32c(data[at:], crc)) != entry.crc32c:
            raise self._lost(name, "its strings are not what their checksum says")
        out: Array = np.empty(count, object)
        at += 4
        for i, length in enumerate(lengths):
            out[i] = data[at : at + length]
            at += length
        return out

    def _lost(self, name: str, what: str) -> Any:
        return DataLossError(None, None, f"{self.prefix}: the tensor {name} can't be read: {what}")


def _bytes_at(path: str, offset: int, size: int) -> Array:
    with tensorflow_errors(path):
        if size >= _MAPPED and storage.is_local(path):
            return np.memmap(storage.local_path(path), np.uint8, "r", offset, (size,))
        with storage.open_file(path) as file:
            file.seek(offset)
            data = file.read(size)
    if len(data) != size:
        raise OutOfRangeError(None, None, f"{path} ends before byte {offset + size}")
    return np.frombuffer(data, np.uint8)
