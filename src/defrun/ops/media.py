"""Pictures and sounds as bytes of a file: PNG and WAV."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: grey, grey and alpha, RGB, RGBA
_UP = 2  # each row as the difference from the one above it


def png_bytes(pixels: np.ndarray[Any, Any], level: int = -1) -> bytes:
    """Write a picture, uint8 or uint16 [height, width, channels] with up to 4 channels, as PNG.

    `level` says how hard to compress, 0 to 9; -1 leaves it to zlib.
    """
    height, width, channels = pixels.shape
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).view(np.uint8).reshape(height, -1)
    filtered = np.full([height, 1 + rows.shape[1]], _UP, np.uint8)
    filtered[:1, 1:] = rows[:1]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, _COLOUR_TYPES[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), level)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def wav_bytes(samples: np.ndarray[Any, Any], rate: int) -> bytes:
    """Write a sound, floats in [-1, 1] of shape [frames, channels], as WAV of 16 bits a sample."""
    scaled = samples.astype(np.float64) * 2**15
    rounded = np.trunc(scaled + np.copysign(0.5, scaled))  # half away from zero
    data = np.clip(rounded, -(2**15), 2**15 - 1).astype("<i2").tobytes()
    channels = samples.shape[1]
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body
