"""Columns of values put together as tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.examples import Column, ListColumn, called

Array = np.ndarray[Any, Any]


def places(counts: Array) -> tuple[Array, Array]:
    """Return for each value of a column its example and its number in there."""
    rows = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return rows, np.arange(len(rows)) - np.repeat(first, counts)


def sparse(column: Column) -> tuple[Array, Array, Array]:
    """Return indices [n, 2], values [n] and shape [2] of a column."""
    counts = np.maximum(column.counts, 0)
    rows, at = places(counts)
    return np.stack([rows, at], axis=1), column.values, np.array([len(counts), max(counts, default=0)], np.int64)


def check_default(default: Array, key: str, dims: tuple[int | None, ...]) -> None:
    """Refuse a default that doesn't fit a dense feature; an empty one is none."""
    if ragged(dims):
        if default.size != 1:
            text = f"The padding of {key} must be one element, not of shape {list(default.shape)}"
            raise InvalidArgumentError(None, None, text)
    elif default.size and default.shape != dims:
        text = f"The default of {key} has the shape {list(default.shape)}, but the feature {list(dims)}"
        raise InvalidArgumentError(None, None, text)


def ragged(dims: tuple[int | None, ...]) -> bool:
    """Whether the first axis of a dense feature is as long as it happens to be."""
    return bool(dims) and dims[0] is None


def dense(column: Column, key: str, dims: Any, default: Array, names: Any) -> Array:
    """Return a column as one tensor [examples, *dims], padded where the first of `dims` is open.

    Raises
    ------
    InvalidArgumentError
        If an example has another number of values, or none and there is no default.
    """
    return _padded(column, key, dims, default, names) if ragged(dims) else _fixed(column, key, dims, default, names)


def _fixed(column: Column, key: str, dims: Any, default: Array, names: Any) -> Array:
    size, counts = math.prod(dims), column.counts
    if (counts == size).all():
        return column.values.reshape(len(counts), *dims)
    missing = counts < 0
    wrong = np.flatnonzero((counts != size) & ~missing)
    if wrong.size:
        number = int(wrong[0])
        text = f"{called(number, names)}, Key: {key}: it has {counts[number]} values, but its shape is {list(dims)}"
        raise InvalidArgumentError(None, None, text)
    if not default.size and size:
        number = int(np.flatnonzero(missing)[0])
        text = f"{called(number, names)}, Feature: {key} (data type: {_name(default)}) is required but is not there"
        raise InvalidArgumentError(None, None, text)
    out = np.empty((len(counts), size), default.dtype)
    out[~missing] = column.values.reshape(-1, size)
    out[missing] = default.reshape(-1)
    return out.reshape(len(counts), *dims)


def _padded(column: Column, key: str, dims: Any, default: Array, names: Any) -> Array:
    size, counts = math.prod(dims[1:]), np.maximum(column.counts, 0)
    uneven = np.flatnonzero(counts % size) if size else np.flatnonzero(counts)
    if uneven.size:
        number = int(uneven[0])
        text = f"{called(number, names)}, Key: {key}: {counts[number]} values are no multiple of the {size} of an item"
        raise InvalidArgumentError(None, None, text)
    longest = int(counts.max(initial=0))
    out = np.full((len(counts), longest), default.reshape(()), default.dtype)
    out[places(counts)] = column.values
    return out.reshape(len(counts), longest // size if size else 0, *dims[1:])


def sparse_lists(found: ListColumn) -> tuple[Array, Array, Array]:
    """Return indices [n, 3] (example, step, number), values [n] and shape [3] of lists of features."""
    steps, counts = np.maximum(found.steps, 0), np.maximum(found.column.counts, 0)
    rows, at = places(steps)
    items, number = places(counts)
    shape = [len(steps), steps.max(initial=0), counts.max(initial=0)]
    return np.stack([rows[items], at[items], number], axis=1), found.column.values, np.array(shape, np.int64)


def dense_lists(
    found: ListColumn, key: str, kind: DType, dims: Any, optional: bool, names: Any
) -> tuple[Array, Array]:
    """Return lists of features as one tensor [examples, longest, *dims], padded with zeros, and the lengths.

    Raises
    ------
    InvalidArgumentError
        If an example lacks the list and it isn't `optional`, or a feature has another number of values.
    """
    steps, size = np.maximum(found.steps, 0), math.prod(dims)
    lacking = np.flatnonzero(found.steps < 0)
    if lacking.size and not optional:
        text = f"{called(int(lacking[0]), names)}, Feature list: {key} is required but is not there"
        raise InvalidArgumentError(None, None, f"{text}; should it be allowed to be missing, say so")
    rows, at = places(steps)
    wrong = np.flatnonzero(found.column.counts != size)
    if wrong.size:
        one = int(wrong[0])
        held = max(int(found.column.counts[one]), 0)
        text = f"{called(int(rows[one]), names)}, Feature list: {key}, Index: {at[one]}: it has {held} values"
        raise InvalidArgumentError(None, None, f"{text}, but its shape is {list(dims)}")
    out = np.full((len(steps), steps.max(initial=0), size), b"" if kind == dtypes.string else 0, kind.as_numpy_dtype)
    out[rows, at] = found.column.values.reshape(len(rows), size)
    return out.reshape(*out.shape[:2], *dims), steps


def _name(default: Array) -> str:
    kind: DType = dtypes.string if default.dtype == object else dtypes.as_dtype(default.dtype)
    return kind.name
