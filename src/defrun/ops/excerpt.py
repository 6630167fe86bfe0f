"""The first elements of an array as text, the way TensorFlow's asserts and prints show them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def excerpt(dims: tuple[int, ...], limit: int, take: Callable[[int], str]) -> str:
    """Write the first `limit` elements of an array of shape `dims`; -1 takes all. ``take(i)`` is the i-th element."""
    count = math.prod(dims)
    shown = count if limit < 0 else min(limit, count)
    if not dims:
        return take(0) if shown else ""
    return f"[{_rows(dims, 0, shown, take)}{'...' if shown < count else ''}]"


def _rows(dims: tuple[int, ...], first: int, shown: int, take: Callable[[int], str], inner: bool = False) -> str:
    """Write the part from element `first` on, without brackets around it."""
    if len(dims) == 1:
        inside = range(first, min(first + dims[0], shown))
        return " ".join(map(take, inside)) + ("..." if inner and len(inside) < dims[0] else "")
    size = math.prod(dims[1:])
    starts = (first + row * size for row in range(dims[0]))
    return "".join(f"[{_rows(dims[1:], start, shown, take, True)}]" for start in starts if start < shown)


def element(value: Any) -> str:
    """Write one element: numbers as short as they can be, truths as 0 and 1, strings as in C."""
    if isinstance(value, bytes):
        return "".join(map(_ESCAPED.__getitem__, value))
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"({element(value.real)},{element(value.imag)})"
    if isinstance(value, np.floating) or np.issubdtype(getattr(value, "dtype", np.int32), np.floating):
        kind = value.dtype.type
        short, long = (15, 17) if value.dtype == np.float64 else (6, 9)
        text = f"{float(value):.{short}g}"
        return text if kind(float(text)) == value or value != value else f"{float(value):.{long}g}"
    return str(value)


_ESCAPED = [chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in range(256)]
for _byte, _escape in {"\n": "n", "\r": "r", "\t": "t", '"': '"', "'": "'", "\\": "\\"}.items():
    _ESCAPED[ord(_byte)] = f"\\{_escape}"


def of_array(array: Any, limit: int) -> str:
    """Write the first `limit` elements of a NumPy array."""
    flat = np.asarray(array).reshape(-1)
    return excerpt(np.shape(array), limit, lambda i: element(flat[i]))
