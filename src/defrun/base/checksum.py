"""CRC-32C, the checksum of records, tables and checkpoints."""

from __future__ import annotations

from typing import Any

import google_crc32c

Bytes = Any  # bytes, or a contiguous NumPy array

_MASK = 0xA282EAD8


def crc32c(data: Bytes, crc: int = 0) -> int:
    """Return the CRC-32C of `data`, or of what had the checksum `crc` with `data` behind it."""
    return google_crc32c.extend(crc, data)


def masked(crc: int) -> int:
    """Return a checksum as it stands in files: rotated and shifted, as a CRC of CRCs is a poor one."""
    return ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF


def masked_crc(data: Bytes) -> int:
    """Return the masked checksum of `data`."""
    return masked(crc32c(data))
