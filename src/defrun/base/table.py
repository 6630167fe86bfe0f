"""Tables: sorted keys with their values in a file, the form of checkpoint indices (LevelDB's, uncompressed).

A file is data blocks, an empty metaindex block, an index block (for each data block a key that is not before its last
one, and where it stands) and a footer. A block is entries (how much of the key is the same as in the one before, the
rest of it, the value), restart points, a byte for the kind of compression, and a checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from defrun.base.checksum import masked_crc
from defrun.base.errors import DataLossError, UnimplementedError

MAGIC = 0xDB4775248B80FB57
FOOTER = 48  # bytes
_BLOCK = 1 << 18  # a data block is ended when it is as long
_RESTART = 16  # entries between places where a key stands whole
_LONGEST_VARINT = 10
_SNAPPY = 1


def varint(number: int) -> bytes:
    """Return a number as a varint: seven bits a byte, the lowest first, the highest bit set in all but the last."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the varint at a place, and the place behind it; `ValueError` if there is none."""
    number = 0
    for i in range(_LONGEST_VARINT):
        if at + i >= len(data):
            break
        byte = data[at + i]
        number |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return number, at + i + 1
    raise ValueError(f"no varint at byte {at}")


# -- writing ---------------------------------------------------------------------------------------------------------


class _Block:
    def __init__(self) -> None:
        self.data = bytearray()
        self.restarts = [0]
        self._count = 0
        self.last = b""

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self._count == _RESTART:
            self.restarts.append(len(self.data))
            self._count = 0
        else:
            shared = _common_prefix(self.last, key)
        self.data += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        self.last = key
        self._count += 1

    def whole(self) -> bytes:
        return bytes(self.data) + struct.pack(f"<{len(self.restarts) + 1}I", *self.restarts, len(self.restarts))


def _common_prefix(a: bytes, b: bytes) -> int:
    length = min(len(a), len(b))
    return next((i for i in range(length) if a[i] != b[i]), length)


def table_bytes(items: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the file that holds `items`, given in the order of their keys."""
    out = bytearray()

    def put(block: _Block) -> bytes:
        """Append a block and return where it stands."""
        data = block.whole()
        place = varint(len(out)) + varint(len(data))
        out.extend(data + b"\0" + struct.pack("<I", masked_crc(data + b"\0")))
        return place

    block, index = _Block(), _Block()
    ended: tuple[bytes, bytes] | None = None  # last key and place of a block that the index doesn't name yet
    for key, value in items:
        if ended is not None:
            index.add(_separator(ended[0], key), ended[1])
            ended = None
        block.add(key, value)
        if len(block.data) >= _BLOCK:
            ended, block = (key, put(block)), _Block()
    if block.data:
        ended = block.last, put(block)
    if ended is not None:
        index.add(_successor(ended[0]), ended[1])
    footer = put(_Block()) + put(index)
    out.extend(footer.ljust(FOOTER - 8, b"\0") + struct.pack("<Q", MAGIC))
    return bytes(out)


def _separator(before: bytes, after: bytes) -> bytes:
    """Return a short key that is not before `before`, yet before `after`."""
    i = _common_prefix(before, after)
    if i < min(len(before), len(after)) and before[i] < 0xFF and before[i] + 1 < after[i]:
        return before[:i] + bytes([before[i] + 1])
    return before


def _successor(key: bytes) -> bytes:
    """Return a short key that is not before `key`."""
    for i, byte in enumerate(key):
        if byte != 0xFF:
            return key[:i] + bytes([byte + 1])
    return key


# -- reading ---------------------------------------------------------------------------------------------------------


class Table:
    """A table in memory; reading it checks each block's checksum.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call the file.

    Raises
    ------
    DataLossError
        If it isn't a table, or is damaged: with the file's name and the place.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self.name = data, name
        if len(data) < FOOTER or struct.unpack("<Q", data[-8:])[0] != MAGIC:
            raise self._lost(max(len(data) - 8, 0), "it is not a table: the number that ends one is not there")
        footer = data[-FOOTER:]
        try:
            _, at = _place(footer, 0)
            self._index, _ = _place(footer, at)
        except ValueError:
            raise self._lost(len(data) - FOOTER, "the footer doesn't say where the index is") from None

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        last: bytes | None = None
        for _, where in self._entries(*self._index):
            try:
                place, _ = _place(where, 0)
            except ValueError:
                raise self._lost(self._index[0], "the index is damaged") from None
            for key, value in self._entries(*place):
                if last is not None and key <= last:
                    raise self._lost(place[0], "its keys are not in order")
                last = key
                yield key, value

    def _entries(self, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
        block = self._block(start, size)
        count = struct.unpack("<I", block[-4:])[0]
        end = len(block) - 4 - 4 * count
        if end < 0:
            raise self._lost(start, f"a block of {size} bytes can't have {count} restart points")
        at, key = 0, b""
        while at < end:
            try:
                shared, behind = read_varint(block, at)
                fresh, behind = read_varint(block, behind)
                length, behind = read_varint(block, behind)
            except ValueError:
                raise self._lost(start + at, "an entry is damaged") from None
            if shared > len(key) or behind + fresh + length > end:
                raise self._lost(start + at, "an entry is longer than its block")
            key = key[:shared] + block[behind : behind + fresh]
            at = behind + fresh + length
            yield key, block[behind + fresh : at]

    def _block(self, start: int, size: int) -> bytes:
        end = start + size
        if size < 4 or end + 5 > len(self._data):
            raise self._lost(start, f"a block of {size} bytes doesn't fit into the {len(self._data)} of the file")
        if struct.unpack("<I", self._data[end + 1 : end + 5])[0] != masked_crc(self._data[start : end + 1]):
            raise self._lost(start, "a block is not what its checksum says")
        kind = self._data[end]
        if kind == _SNAPPY:
            raise UnimplementedError(None, None, f"{self.name}: its blocks are compressed with Snappy")
        if kind != 0:
            raise self._lost(end, f"there is no compression number {kind}")
        return self._data[start:end]

    def _lost(self, at: int, what: str) -> Any:
        return DataLossError(None, None, f"{self.name}, at byte {at}: {what}")


def _place(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    start, at = read_varint(data, at)
    size, at = read_varint(data, at)
    return (start, size), at
