"""Files of records, as event files and TFRecord files are: each record with its length and the checksums of both."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import google_crc32c

from defrun.base.checksum import masked, masked_crc
from defrun.base.errors import DataLossError, InvalidArgumentError
from defrun.base.storage import open_file
from defrun.base.system import tensorflow_errors, translated

_crc = google_crc32c.value
_HEAD = struct.Struct("<QI")  # the length and its checksum
_CRC = struct.Struct("<I")
AROUND_RECORD = _HEAD.size + _CRC.size  # bytes
_MOST_HEADS = 4096
_PIECE = 1 << 18  # bytes read at once
_LARGEST_PIECE = 1 << 24  # so much is asked for at once, whatever length a record claims to have

# The kinds of compression by TensorFlow's names, and zlib's window bits for each.
WINDOW_BITS = {"ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS + 16}


class Compression(NamedTuple):
    """How records are compressed: "", "ZLIB" or "GZIP", and zlib's parameters."""

    kind: str = ""
    window_bits: int | None = None
    level: int = zlib.Z_DEFAULT_COMPRESSION
    method: int = zlib.DEFLATED
    mem_level: int = 9
    strategy: int = zlib.Z_DEFAULT_STRATEGY
    flush_mode: int = zlib.Z_NO_FLUSH

    def bits(self) -> int:
        """Return zlib's window bits, which say whether it is GZIP, too."""
        return self.window_bits if self.window_bits is not None else WINDOW_BITS[self.kind]


def known(kind: str) -> str:
    """Return a kind of compression.

    Raises
    ------
    InvalidArgumentError
        If there is no such kind.
    """
    if kind and kind not in WINDOW_BITS:
        raise InvalidArgumentError(None, None, f"compression_type is '', 'ZLIB' or 'GZIP', not {kind!r}")
    return kind


# -- writing ---------------------------------------------------------------------------------------------------------


@functools.lru_cache(1024)
def _head(size: int) -> bytes:
    return _HEAD.pack(size, masked_crc(size.to_bytes(8, "little")))


def framed(data: bytes) -> bytes:
    """Return a record as it stands in files: its length (8 bytes), the checksum of that, the record, its checksum."""
    return b"".join((_head(len(data)), data, _CRC.pack(masked(_crc(data)))))


def write_record(file: IO[bytes], data: bytes) -> None:
    """Append a record."""
    file.write(framed(data))


class RecordWriter:
    """Writes a file of records.

    Parameters
    ----------
    path : str
    compression : Compression

    Raises
    ------
    NotFoundError, PermissionDeniedError, ...
        As the file system answers.
    """

    def __init__(self, path: str, compression: Compression) -> None:
        self._path, self._flush_mode = path, compression.flush_mode
        self._deflate: Any = None
        if known(compression.kind):
            kind = compression
            self._deflate = zlib.compressobj(kind.level, kind.method, kind.bits(), kind.mem_level, kind.strategy)
        with tensorflow_errors(path):
            self._file = open_file(path, "wb")

    def write(self, record: bytes) -> None:
        """Append a record."""
        data = framed(record)
        if self._deflate is not None:
            data = self._deflate.compress(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise translated(error, self._path) from None

    def flush(self) -> None:
        """Hand what was written to the operating system, as far as the compression's `flush_mode` lets it out."""
        with tensorflow_errors(self._path):
            if self._deflate is not None and self._flush_mode != zlib.Z_NO_FLUSH:
                self._file.write(self._deflate.flush(self._flush_mode))
            self._file.flush()

    def close(self) -> None:
        """End the file."""
        with tensorflow_errors(self._path):
            if self._deflate is not None:
                self._file.write(self._deflate.flush())
                self._deflate = None
            self._file.close()


# -- reading ---------------------------------------------------------------------------------------------------------


class _Inflated:
    """A compressed file, read as what it was before; no more of it is in memory than is asked for."""

    def __init__(self, file: Any, name: str, bits: int) -> None:
        self._file, self._name, self._bits = file, name, bits
        self._inflate = zlib.decompressobj(bits)
        self._rest = b""
        self._place = 0

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes at most; none at the end."""
        while True:
            if not self._rest:
                self._rest = self._file.read(_PIECE)
                self._place += len(self._rest)
                if not self._rest:
                    return self._ended(size)
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(self._bits)  # another member begins
            try:
                data = self._inflate.decompress(self._rest, size)
            except zlib.error as error:
                place = self._place - len(self._rest)
                raise DataLossError(None, None, f"{self._name}, at byte {place}: {error}") from None
            self._rest = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if data:
                return data

    def _ended(self, size: int) -> bytes:
        data = self._inflate.decompress(b"", size) if not self._inflate.eof else b""
        if data or self._inflate.eof or not self._place:
            return data
        raise DataLossError(None, None, f"{self._name}, at byte {self._place}: the compressed data ends too early")


def inflated(file: Any, name: str, compression: str) -> Any:
    """Return what reads a compressed file, which errors call `name`."""
    return _Inflated(file, name, WINDOW_BITS[known(compression)])


def read_records(file: Any, name: str = "the file", compression: str = "") -> Iterator[bytes]:
    """Yield the records of an open file.

    Parameters
    ----------
    file : file of bytes
    name : str
        What errors call it.
    compression : str
        "", "ZLIB" or "GZIP".

    Raises
    ------
    DataLossError
        If a checksum is wrong, or the file ends within a record: with the file's name and the place.
    """
    source = inflated(file, name, compression) if known(compression) else file
    heads: dict[bytes, int] = {}  # lengths with their checksums, as far as known to be right
    data, at, before = b"", 0, 0  # a piece, the place in it, and how much of the file was before it
    while True:
        if at + AROUND_RECORD > len(data):
            data, at, before = _longer(source, data[at:], AROUND_RECORD), 0, before + at
            if not data:
                return
            if len(data) < _HEAD.size:
                raise _lost(name, before, "it ends within the length of a record", compression)
        head = data[at : at + 12]
        length = heads.get(head, -1)
        if length < 0:
            length, crc = _HEAD.unpack(head)
            if masked(_crc(head[:8])) != crc:
                raise _lost(name, before + at, "a record's length is not what its checksum says", compression)
            if len(heads) < _MOST_HEADS:
                heads[head] = length
        end = at + AROUND_RECORD + length
        if end > len(data):
            data, at, before = _longer(source, data[at:], AROUND_RECORD + length), 0, before + at
            end = AROUND_RECORD + length
            if len(data) < end:
                raise _lost(name, before, f"it ends within a record of {length} bytes", compression)
        record = data[at + 12 : end - 4]
        if _CRC.unpack_from(data, end - 4) != (masked(_crc(record)),):
            raise _lost(name, before + at, f"a record of {length} bytes is not what its checksum says", compression)
        yield record
        at = end


def _longer(source: Any, data: bytes, wanted: int) -> bytes:
    """Return `data` with what follows it, until it is as long as `wanted` or there is no more."""
    if len(data) >= wanted:
        return data
    parts, have = [data], len(data)
    while have < wanted:
        part = source.read(min(max(wanted - have, _PIECE), _LARGEST_PIECE))
        if not part:
            break
        parts.append(part)
        have += len(part)
    return b"".join(parts)


def _lost(name: str, at: int, what: str, compression: str) -> DataLossError:
    place = f"byte {at} of what is compressed in it" if compression else f"byte {at}"
    return DataLossError(None, None, f"{name}, at {place}: {what}")


def records_of(path: str, compression: str = "") -> Iterator[bytes]:
    """Yield the records of the file at `path`; see `read_records`.

    Raises
    ------
    NotFoundError
        If there is no such file.
    """
    with tensorflow_errors(path), open_file(path) as file:
        yield from read_records(file, path, compression)
