"""Partitioners: into how many parts a variable is split along each axis, by its shape and type."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape

Partitioner = Callable[..., list[int]]


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Partitioner:
    """Return a partitioner into `num_shards` parts along `axis`, or as many as the axis is long.

    Parameters
    ----------
    num_shards : int
    axis : int
    """

    def partitioner(shape: TensorShape, **unused: Any) -> list[int]:
        parts = [1] * len(shape)
        parts[axis] = min(num_shards, _size(shape, axis))
        return parts

    return partitioner


def variable_axis_size_partitioner(
    max_shard_bytes: int, axis: int = 0, bytes_per_string_element: int = 16, max_shards: int | None = None
) -> Partitioner:
    """Return a partitioner along `axis` into the fewest parts of at most `max_shard_bytes` each.

    Parameters
    ----------
    max_shard_bytes : int
    axis : int
    bytes_per_string_element : int
        What a string is taken to need.
    max_shards : int, optional
        Not more parts than this, however large they are.

    Raises
    ------
    ValueError
        If a number is not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive.")
    if max_shards is not None and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partitioner(shape: TensorShape, dtype: DType) -> list[int]:
        if not isinstance(shape, TensorShape) or not shape.is_fully_defined():
            raise ValueError(f"shape is not a fully defined TensorShape: {shape}")
        if not isinstance(dtype, DType):
            raise ValueError(f"dtype is not a DType: {dtype}")
        length = _size(shape, axis)
        row = _elements(shape) // max(length, 1) * _bytes(dtype, bytes_per_string_element)
        rows_per_part = max(1, max_shard_bytes // row) if row else max(1, length)
        count = math.ceil(length / rows_per_part)
        parts = [1] * len(shape)
        parts[axis] = count if max_shards is None else min(max_shards, count)
        return parts

    return partitioner


def min_max_variable_partitioner(
    max_partitions: int = 1, axis: int = 0, min_slice_size: int = 256 << 10, bytes_per_string_element: int = 16
) -> Partitioner:
    """Return a partitioner along `axis` into as many parts as leave each at least `min_slice_size` bytes.

    Parameters
    ----------
    max_partitions : int
        Not more parts than this.
    axis : int
    min_slice_size : int
        In bytes.
    bytes_per_string_element : int
        What a string is taken to need.
    """

    def partitioner(shape: TensorShape, dtype: DType) -> list[int]:
        if axis >= len(shape):
            raise ValueError(f"Can not partition variable along axis {axis} when shape is only {shape}")
        total = _elements(shape) * _bytes(dtype, bytes_per_string_element)
        parts = [1] * len(shape)
        parts[axis] = max(1, min(_size(shape, axis), max_partitions, math.ceil(total / min_slice_size)))
        return parts

    return partitioner


def _size(shape: TensorShape, axis: int) -> int:
    sizes: list[Any] = shape.as_list()
    return sizes[axis]


def _elements(shape: TensorShape) -> int:
    sizes: list[Any] = shape.as_list()
    return math.prod(sizes)


def _bytes(dtype: DType, string: int) -> int:
    return string if dtype.base_dtype == dtypes.string else int(dtype.size)
