"""Files of records, as event files and TFRecord files are: each record with its length and the checksums of both."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from defrun.base import errors
from defrun.base.checksum import masked_crc


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
