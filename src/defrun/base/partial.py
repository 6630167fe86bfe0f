"""Parts of tensors in checkpoints: where they lie in the whole, how files name them, how they are put together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base.errors import DataLossError, InvalidArgumentError
from defrun.base.messages import TensorSliceProto

Array = np.ndarray[Any, Any]
Extents = list[tuple[int, int]]  # (start, length) for each axis; a length of -1 is all of it


def parse_slice(text: str) -> tuple[list[int], Extents]:
    """Read the shape of the whole and the extents of the part from text like ``"4 2 0,2:-"``; ``-`` is all.

    Raises
    ------
    InvalidArgumentError
        If the text is not of that form.
    """
    *sizes, spec = text.split(" ")
    try:
        shape = [int(size) for size in sizes]
        parts = [part.split(",") for part in spec.split(":")] if spec else []
        extents = [(0, -1) if part == ["-"] else (int(part[0]), int(part[1])) for part in parts]
    except (ValueError, IndexError):
        raise InvalidArgumentError(None, None, f"{text!r} is not a shape and a slice of it") from None
    inside = all(n == -1 or (i >= 0 and 0 < n <= size - i) for (i, n), size in zip(extents, shape, strict=False))
    if len(extents) != len(shape) or not inside:
        raise InvalidArgumentError(None, None, f"{text!r} is no slice of a tensor of shape {shape}")
    return shape, extents


def places(extents: Extents) -> tuple[slice, ...]:
    return tuple(slice(None) if n == -1 else slice(i, i + n) for i, n in extents)


def slice_proto(extents: Extents) -> Any:
    proto = TensorSliceProto()
    for start, length in extents:
        extent = proto.extent.add(start=start)
        if length != -1:
            extent.length = length
    return proto


def extents_of(proto: Any) -> Extents:
    """Return what a TensorSliceProto says."""
    return [(e.start, e.length) if e.HasField("length") else (0, -1) for e in proto.extent]


def slice_key(name: str, extents: Extents) -> bytes:
    """Return the key under which a part of a tensor stands in the index: it sorts as (name, extents) would."""
    text = name.encode().replace(b"\0", b"\0\xff")
    numbers = b"".join(_ordered(n) for extent in extents for n in extent)
    return b"\0" + text + b"\0\1" + _count(len(extents)) + numbers


def _count(number: int) -> bytes:
    digits = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([len(digits)]) + digits


def _ordered(number: int) -> bytes:
    """Write a signed number such that bytes sort as numbers do: as many leading ones as it has bytes, sign flipped."""
    length = ((number if number >= 0 else ~number).bit_length()) // 7 + 1
    ones = ((1 << length) - 1) << (8 * length - length)
    digits = int.from_bytes(number.to_bytes(length + 1, "big", signed=True)[1:], "big")
    return (digits ^ ones).to_bytes(length, "big")


def whole_extents(extents: Extents, shape: list[int]) -> Extents:
    """Return extents with their lengths written out."""
    return [(i, size if n == -1 else n) for (i, n), size in zip(extents, shape, strict=True)]


def assembled(
    what: str, kind: Any, shape: list[int], slices: list[Extents], wanted: Extents, part: Callable[[Extents], Array]
) -> Array:
    """Return the part `wanted` of a tensor that is kept in `slices`; `part` reads one of them.

    Raises
    ------
    DataLossError
        If a slice isn't one of a tensor of that shape.
    InvalidArgumentError
        If the slices don't hold all that is wanted.
    """
    pieces = []
    for extents in slices:
        if len(extents) != len(shape):
            raise DataLossError(None, None, f"{what}: a slice of it has {len(extents)} axes, not {len(shape)}")
        full = whole_extents(extents, shape)
        low = [max(i, j) for (i, _), (j, _) in zip(full, wanted, strict=True)]
        high = [min(i + n, j + m) for (i, n), (j, m) in zip(full, wanted, strict=True)]
        if any(a >= b for a, b in zip(low, high, strict=True)):
            continue
        array = part(extents)
        if list(array.shape) != [n for _, n in full]:
            raise DataLossError(None, None, f"{what}: the slice {extents} of it has the shape {list(array.shape)}")
        source = tuple(slice(a - i, b - i) for a, b, (i, _) in zip(low, high, full, strict=True))
        target = tuple(slice(a - j, b - j) for a, b, (j, _) in zip(low, high, wanted, strict=True))
        pieces.append((target, array[source]))
    if sum(piece.size for _, piece in pieces) < math.prod(n for _, n in wanted):
        raise InvalidArgumentError(None, None, f"{what} is not whole: slices of it are missing")
    out: Array = np.empty([n for _, n in wanted], kind)
    for target, piece in pieces:
        out[target] = piece
    return out
