"""Files of records, as event files and TFRecord files are: each record with its length and the checksums of both."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from defrun.base import errors

Words = np.ndarray[Any, np.dtype[np.uint32]]

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, lowest power in the highest bit
_BITS = np.arange(32, dtype=np.uint32)
_SMALL = 256  # bytes; a loop over fewer is as fast


def _table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ _POLYNOMIAL * (byte & 1)
        table.append(byte)
    return table


_TABLE = _table()
_WORDS = np.array(_TABLE, np.uint32)


def crc32c(data: bytes) -> int:
    """Return the CRC-32C of `data`."""
    if len(data) <= _SMALL:
        register = 0xFFFFFFFF
        for byte in data:
            register = register >> 8 ^ _TABLE[(register ^ byte) & 0xFF]
        return register ^ 0xFFFFFFFF
    # A CRC is linear, so stretches of the data (of a length that is a power of two) are summed up side by side, each
    # as if nothing came before it, and neighbours joined. Zeros in front change nothing.
    power = (len(data) - 1).bit_length() // 2
    length = 1 << power
    bytes_ = np.frombuffer(data, np.uint8).copy()
    bytes_[:4] ^= 0xFF
    lanes = 1 << (-(-len(data) // length) - 1).bit_length()
    columns = np.pad(bytes_, (lanes * length - len(data), 0)).reshape(lanes, length).T
    registers = np.zeros(lanes, np.uint32)
    for column in np.ascontiguousarray(columns):
        registers = registers >> np.uint32(8) ^ _WORDS[(registers ^ column) & 0xFF]
    while len(registers) > 1:
        registers = _apply(_followed_by(power), registers[0::2]) ^ registers[1::2]
        power += 1
    return int(registers[0]) ^ 0xFFFFFFFF


def _apply(images: Words, values: Words) -> Words:
    """Apply the linear function that takes bit i to ``images[i]``."""
    return np.bitwise_xor.reduce((values[:, None] >> _BITS & np.uint32(1)) * images, axis=1)


@functools.cache
def _followed_by(power: int) -> Words:
    """What becomes of each bit of the register when ``2**power`` zero bytes follow."""
    if power == 0:
        bits = np.uint32(1) << _BITS
        return bits >> np.uint32(8) ^ _WORDS[bits & np.uint32(0xFF)]
    half = _followed_by(power - 1)
    return _apply(half, half)


def masked_crc(data: bytes) -> int:
    """Return the checksum of `data` as it stands in files: rotated and shifted, as a CRC of CRCs is a poor one."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def write_record(file: IO[bytes], data: bytes) -> None:
    """Append a record: its length (8 bytes), the checksum of that, the record, its checksum."""
    length = struct.pack("<Q", len(data))
    file.write(b"".join((length, struct.pack("<I", masked_crc(length)), data, struct.pack("<I", masked_crc(data)))))


def read_records(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the records of a file.

    Raises
    ------
    DataLossError
        If a checksum is wrong, or the file ends within a record.
    """
    while head := file.read(12):
        length = struct.unpack("<Q", head[:8])[0] if len(head) == 12 else 0
        _check(head[:8], head[8:])
        data, crc = file.read(length), file.read(4)
        if len(data) < length:
            raise errors.DataLossError(None, None, f"the file ends within a record of {length} bytes")
        _check(data, crc)
        yield data


def _check(data: bytes, crc: bytes) -> None:
    if crc != struct.pack("<I", masked_crc(data)):
        raise errors.DataLossError(None, None, "a record is not what its checksum says")
