"""The first elements of an array as text, the way TensorFlow's asserts and prints show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def excerpt(dims: tuple[int, ...], limit: int, take: Callable[[int], str]) -> str:
    """Write the first `limit` elements of an array of shape `dims`; -1 takes all. ``take(i)`` is the i-th element."""
    count = int(np.prod(dims))
    shown = count if limit < 0 else min(limit, count)
    if not dims:
        return take(0) if shown else ""
    return "".join(_rows(dims, 0, shown, take))


def _rows(dims: tuple[int, ...], first: int, shown: int, take: Callable[[int], str]) -> Iterator[str]:
    if len(dims) == 1:
        inside = range(first, min(first + dims[0], shown))
        dots = "..." if len(inside) < dims[0] else ""
        yield f"[{' '.join(take(i) for i in inside)}{dots}]"
        return
    size = int(np.prod(dims[1:]))
    yield "["
    for row in range(dims[0]):
        if first + row * size >= shown:
            yield "..."
            break
        yield from _rows(dims[1:], first + row * size, shown, take)
    yield "]"


def element(value: Any) -> str:
    """Write one element: numbers as short as they can be, truths as 0 and 1, strings as they are."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
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


def of_array(array: Any, limit: int) -> str:
    """Write the first `limit` elements of a NumPy array."""
    flat = np.asarray(array).reshape(-1)
    return excerpt(np.shape(array), limit, lambda i: element(flat[i]))
