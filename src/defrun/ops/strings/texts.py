"""Arrays of text: object arrays of bytes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.base.text import as_bytes

Array = np.ndarray[Any, Any]


def texts_in(array: Any) -> list[bytes]:
    """Return the elements of an array of text, one after the other."""
    return [t if type(t) is bytes else as_bytes(t) for t in np.asarray(array, object).ravel().tolist()]


def text_in(array: Any) -> bytes:
    """Return the one element of a scalar."""
    return texts_in(array)[0]


def array_of(texts: Iterable[bytes], shape: tuple[int, ...] | None = None) -> Array:
    """Make an array of text; a vector if no shape is given."""
    elements = list(texts)
    array = np.empty(len(elements), object)
    array[:] = elements
    return array if shape is None else array.reshape(shape)


def mapped(function: Callable[[bytes], bytes], array: Any) -> Array:
    """Apply a function to each element."""
    return array_of(map(function, texts_in(array)), array.shape)


def check_splits(splits: list[int], count: int) -> None:
    """Raise `InvalidArgumentError` unless the ends of rows, from 0 on, make up `count` elements."""
    if not splits or splits[0] != 0 or splits[-1] != count or any(a > b for a, b in itertools.pairwise(splits)):
        text = f"The splits {splits} of rows don't go from 0 to {count} without a step back"
        raise InvalidArgumentError(None, None, text)


def shown(text: bytes) -> str:
    """Write a text in a message."""
    return text.decode("utf-8", "backslashreplace")
