"""Crosses of features: all combinations of one value of each column, row by row. On the host."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import graph_of
from defrun.graph.operation import Tensor
from defrun.ops.cast import cast
from defrun.ops.declare import op
from defrun.ops.sparse.parts import check_parts
from defrun.ops.strings.hashes import fingerprints

_CROSSED = frozenset((dtypes.int64, dtypes.string))
_DEFAULT_KEY = 0xDECAFCAFFE

Column = tuple[Any, Any]
"""How many values each row has, and all of them, row after row."""


@op("SparseCross", "indices: N * int64, values: list(sparse_types), shapes: N * int64, dense_inputs: list(dense_types) "
    "-> output_indices: int64, output_values: out_type, output_shape: int64", sparse_types=_CROSSED,
    dense_types=_CROSSED, out_type=_CROSSED, internal_type=_CROSSED, host=True, differentiable=False)  # fmt: skip
def _sparse_cross(
    indices,
    values,
    shapes,
    dense_inputs,
    hashed_output: bool,
    num_buckets: int,
    hash_key: int,
    out_type: DType,
    internal_type: DType,
):
    """All combinations of one value of each column, row by row, as text or as hashes of it."""
    columns = _columns(indices, values, shapes, dense_inputs)
    if not columns:
        return [np.zeros((0, 2), np.int64), np.zeros(0, out_type.as_numpy_dtype), np.zeros(2, np.int64)]
    counts = np.array([sizes for sizes, _ in columns])
    totals = counts.prod(axis=0)
    row = np.repeat(np.arange(len(totals)), totals)
    within = np.arange(totals.sum()) - np.repeat(np.cumsum(totals) - totals, totals)
    chosen = _chosen(columns, counts, row, within)
    crossed = _hashed(chosen, num_buckets, hash_key) if hashed_output else _joined(chosen)
    return [np.column_stack([row, within]), crossed, np.array([len(totals), totals.max(initial=0)])]


@_sparse_cross.shape
def _():
    return [(None, 2), (None,), (2,)]


def _columns(indices: Any, values: Any, shapes: Any, dense_inputs: Any) -> list[Column]:
    for parts in zip(indices, values, shapes):
        check_parts(*parts)
        check(len(parts[2]) == 2, InvalidArgumentError, "columns must be matrices, not of {} axes", len(parts[2]))
    for dense in dense_inputs:
        check(dense.ndim == 2, InvalidArgumentError, "columns must be matrices, not of {} axes", dense.ndim)
    heights = [int(shape[0]) for shape in shapes] + [len(dense) for dense in dense_inputs]
    check(len(set(heights)) <= 1, InvalidArgumentError, "columns must have the same number of rows, not {}", heights)
    for index in indices:
        inside = (index[:, 0] >= 0) & (index[:, 0] < heights[0])
        check(inside.all(), InvalidArgumentError, "an index is no row of {}", heights[0])
        check((np.diff(index[:, 0]) >= 0).all(), InvalidArgumentError, "the rows of a column are out of order")
    found = [(np.bincount(index[:, 0], minlength=heights[0]), value) for index, value in zip(indices, values)]
    return found + [(np.full(len(dense), dense.shape[1]), dense.reshape(-1)) for dense in dense_inputs]


def _chosen(columns: list[Column], counts: Any, row: Any, within: Any) -> list[Any]:
    """For each column the value that each combination takes; the last column changes fastest."""
    found = []
    for (sizes, values), width in zip(columns[::-1], counts[::-1]):
        wide = np.maximum(width[row], 1)
        starts = np.cumsum(sizes) - sizes
        found.append(values[starts[row] + within % wide])
        within = within // wide
    return found[::-1]


def _joined(chosen: list[Any]) -> Any:
    texts = [[v if isinstance(v, bytes) else b"%d" % v for v in column.tolist()] for column in chosen]
    joined = np.empty(len(chosen[0]), object)
    joined[:] = [b"_X_".join(parts) for parts in zip(*texts)]
    return joined


def _hashed(chosen: list[Any], num_buckets: int, hash_key: int) -> Any:
    with np.errstate(over="ignore"):
        found = np.full(len(chosen[0]), hash_key, np.uint64)
        for column in chosen:
            numbers = fingerprints(list(column)) if column.dtype == object else column.astype(np.uint64)
            found = _cat(found, numbers)
    return (found % np.uint64(num_buckets if num_buckets > 0 else np.iinfo(np.int64).max)).astype(np.int64)


def _cat(first: Any, second: Any) -> Any:
    """The fingerprint of two fingerprints."""
    factor = np.uint64(0xC6A4A7935BD1E995)
    mixed = (first ^ factor) ^ _shifted(second * factor) * factor
    return _shifted(_shifted(mixed * factor) * factor)


def _shifted(x: Any) -> Any:
    return x ^ (x >> np.uint64(47))


# -- their faces -----------------------------------------------------------------------------------------------------


def sparse_cross(inputs: Any, name: str | None = None) -> SparseTensor:
    """Combine the values in each row of several columns, joined by "_X_": one value of each column.

    Parameters
    ----------
    inputs : list of SparseTensor or Tensor [rows, m], of integers or strings
    name : str, optional

    Returns
    -------
    string SparseTensor [rows, most combinations]
        The columns that are sparse come first.

    Raises
    ------
    TypeError
        If `inputs` is no list of tensors.
    InvalidArgumentError
        When run, if the columns have different numbers of rows.
    """
    return _cross(inputs, False, 0, None, name)


def sparse_cross_hashed(
    inputs: Any, num_buckets: int = 0, hash_key: int | None = None, name: str | None = None
) -> SparseTensor:
    """Combine the values in each row of several columns, as hashes.

    Parameters
    ----------
    inputs : list of SparseTensor or Tensor [rows, m], of integers or strings
    num_buckets : int
        Hashes are below it, if it is not 0.
    hash_key : int, optional
        What the hash starts from.
    name : str, optional

    Returns
    -------
    int64 SparseTensor [rows, most combinations]

    Raises
    ------
    As `sparse_cross`.
    """
    return _cross(inputs, True, num_buckets, hash_key, name)


def _cross(inputs: Any, hashed: bool, num_buckets: int, hash_key: int | None, name: str | None) -> SparseTensor:
    if not isinstance(inputs, list):
        raise TypeError(f"Inputs must be a list, not {inputs!r}")
    for column in inputs:
        if not isinstance(column, (SparseTensor, Tensor)):
            raise TypeError(f"All inputs must be SparseTensors or Tensors, not {column!r}")
    sparse = [column for column in inputs if isinstance(column, SparseTensor)]
    values = [_crossable(column.values) for column in sparse]
    dense = [_crossable(column) for column in inputs if isinstance(column, Tensor)]
    texts = all(column.dtype == dtypes.string for column in (*values, *dense))
    # Lists may be empty here, which the function of the op would refuse.
    flat = [*(column.indices for column in sparse), *values, *(column.dense_shape for column in sparse), *dense]
    attrs = {
        "N": len(sparse),
        "hashed_output": hashed,
        "num_buckets": num_buckets,
        "hash_key": hash_key or _DEFAULT_KEY,
        "sparse_types": [value.dtype.base_dtype for value in values],
        "dense_types": [column.dtype.base_dtype for column in dense],
        "out_type": dtypes.int64 if hashed else dtypes.string,
        "internal_type": dtypes.string if texts else dtypes.int64,
    }
    return SparseTensor(*graph_of(flat).create_op("SparseCross", flat, attrs=attrs, name=name or "SparseCross").outputs)


def _crossable(column: Tensor) -> Tensor:
    return column if column.dtype == dtypes.string else cast(column, dtypes.int64)
