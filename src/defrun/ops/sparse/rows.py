"""What makes sparse tensors of another number of elements: slices, splits, rows that must not be empty."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.sparse.parts import as_sparse, bounds_of, check_parts, flat_places, refuse_gradient
from defrun.ops.types import NUMERIC

# -- slices ----------------------------------------------------------------------------------------------------------


@op("SparseSlice", "indices: int64[n,r], values: T[n], shape: int64[r], start: int64, size: int64 -> "
    "output_indices: int64, output_values: T, output_shape: int64", host=True)  # fmt: skip
def _sparse_slice(indices, values, shape, start, size):
    """The elements in a box."""
    check_parts(indices, values, shape)
    for name, given in {"start": start, "size": size}.items():
        check(given.shape == shape.shape, InvalidArgumentError,
              "{} must be a vector of {}, not of shape {}", name, shape.shape[0], shapes.text(given.shape))  # fmt: skip
    check(np.all((start >= 0) & (start <= shape) & (size >= 0)), InvalidArgumentError,
          "start = {} and size = {} must not be negative, nor start beyond the shape {}",
          start, size, shape)  # fmt: skip
    inside = np.ones(len(indices), bool)
    for axis, (low, high) in enumerate(zip(start, start + size, strict=True)):  # faster than `all` by rows
        inside &= (indices[:, axis] >= low) & (indices[:, axis] < high)
    return [indices[inside] - start, values[inside], np.minimum(size, shape - start)]


@_sparse_slice.shape
def _(indices, shape):
    rank = shape[0] if shape is not None else None
    return [(None, rank), (None,), (rank,)]


@_sparse_slice.gradient
def _(op, _, grad, __):
    back = _sparse_slice_grad(grad, op.inputs[0], op.inputs[3], op.outputs[0])
    back.set_shape(op.inputs[1].shape)
    return None, back, None, None, None


@op("SparseSliceGrad", "backprop_val_grad: T[m], input_indices: int64[n,r], input_start: int64[r], "
    "output_indices: int64[m,r] -> val_grad: T[n]", T=NUMERIC, differentiable=False)  # fmt: skip
def _sparse_slice_grad(backprop_val_grad, input_indices, input_start, output_indices):
    """The gradient of the elements in the box, and 0 for the others."""
    taken = output_indices + input_start
    whole = bounds_of(input_indices, taken)
    at = jnp.searchsorted(flat_places(input_indices, whole), flat_places(taken, whole))
    return jnp.zeros(input_indices.shape[0], backprop_val_grad.dtype).at[at].add(backprop_val_grad, mode="drop")


def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """Cut a box out of a sparse tensor.

    Parameters
    ----------
    sp_input : SparseTensor
    start, size : int64 Tensor [rank]
        Where the box begins, and how large it is; what lies outside of the tensor is cut off.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run, if `start` or `size` is negative or of another length, or `start` lies beyond the tensor.
    """
    sp_input = as_sparse(sp_input)
    start = convert_to_tensor(start, dtypes.int64)
    size = convert_to_tensor(size, dtypes.int64)
    with name_scope(name, "SparseSlice", [sp_input]) as scope:
        return SparseTensor(
            *_sparse_slice(sp_input.indices, sp_input.values, sp_input.dense_shape, start, size, name=scope)
        )


# -- splits ----------------------------------------------------------------------------------------------------------


@op("SparseSplit", "split_dim: int64[], indices: int64, values: T, shape: int64 -> output_indices: num_split * int64, "
    "output_values: num_split * T, output_shape: num_split * int64", host=True)  # fmt: skip
def _sparse_split(split_dim, indices, values, shape, num_split: int):
    """Parts along an axis, of sizes that differ by 1 at most."""
    check_parts(indices, values, shape)
    axis, rank = int(split_dim), len(shape)
    check(0 <= axis < rank, InvalidArgumentError, "split_dim = {} is not in [0, {})", axis, rank)
    check(1 <= num_split <= shape[axis], InvalidArgumentError,
          "num_split = {} is not between 1 and the size of axis {}, {}", num_split, axis, shape[axis])  # fmt: skip
    sizes = np.full(num_split, shape[axis] // num_split)
    sizes[: shape[axis] % num_split] += 1
    starts = np.cumsum(sizes) - sizes
    part = np.searchsorted(starts, indices[:, axis], side="right") - 1
    along = np.arange(rank) == axis
    chosen = [part == number for number in range(num_split)]
    places = [indices[which] - along * start for which, start in zip(chosen, starts)]
    return [*places, *(values[which] for which in chosen), *(np.where(along, size, shape) for size in sizes)]


@_sparse_split.shape
def _(shape, num_split):
    rank = None if shape is None else shape[0]
    return [(None, rank)] * num_split + [(None,)] * num_split + [shape if shape is not None else None] * num_split


_sparse_split.gradient(refuse_gradient)


class _Missing:
    def __repr__(self) -> str:
        return "KeywordRequired()"


KEYWORD_REQUIRED = _Missing()
"""Stands where an argument would be that must not be given by position."""


def sparse_split(
    keyword_required: Any = KEYWORD_REQUIRED,
    sp_input: Any = None,
    num_split: int | None = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """Cut a sparse tensor along an axis into parts whose sizes differ by 1 at most.

    Parameters
    ----------
    keyword_required
        Not to be given: all arguments go by name.
    sp_input : SparseTensor
    num_split : int
    axis : int or int64 Tensor []
    name : str, optional
    split_dim
        Old name of `axis`.

    Raises
    ------
    ValueError
        If an argument is missing, or not given by name.
    InvalidArgumentError
        When run, if there is no such axis, or it has less than `num_split` elements.
    """
    if keyword_required is not KEYWORD_REQUIRED:
        raise ValueError("Keyword arguments are required for this function.")
    axis = either("axis", axis, "split_dim", split_dim)
    for given, what in ((sp_input, "sp_input"), (num_split, "num_split"), (axis, "axis")):
        if given is None:
            raise ValueError(f"{what} is required")
    if num_split < 1:  # type: ignore[operator]
        raise ValueError(f"num_split must be at least 1, not {num_split}")
    sp_input = as_sparse(sp_input)
    parts = _sparse_split(axis, sp_input.indices, sp_input.values, sp_input.dense_shape, num_split=num_split, name=name)
    return [SparseTensor(*parts[number::num_split]) for number in range(num_split)]  # type: ignore[arg-type]


# -- rows that must not be empty -------------------------------------------------------------------------------------


@op("SparseFillEmptyRows", "indices: int64[n,r], values: T[n], dense_shape: int64[r], default_value: T[] -> "
    "output_indices: int64, output_values: T, empty_row_indicator: bool, reverse_index_map: int64[n]",
    host=True)  # fmt: skip
def _sparse_fill_empty_rows(indices, values, dense_shape, default_value):
    """The elements in the order of their rows, with a default at the start of each row without any."""
    check_parts(indices, values, dense_shape)
    check(len(dense_shape) > 0, InvalidArgumentError, "dense_shape must have a size at least")
    height, rows = int(dense_shape[0]), indices[:, 0]
    wrong = (rows < 0) | (rows >= height)
    first = int(np.argmax(wrong)) if wrong.any() else 0
    check(not wrong.any(), InvalidArgumentError, "indices({}, 0) = {} is no row of {}",
          first, rows[first] if len(rows) else 0, height)  # fmt: skip
    empty = np.bincount(rows, minlength=height)[:height] == 0
    filler = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
    filler[:, 0] = np.flatnonzero(empty)
    places = np.concatenate([indices, filler])
    order = np.argsort(places[:, 0], kind="stable")
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    elements = np.concatenate([values, np.full(len(filler), default_value, values.dtype)])
    return [places[order], elements[order], empty, position[: len(rows)]]


@_sparse_fill_empty_rows.shape
def _(indices, dense_shape):
    rank = indices[1] if indices is not None else None
    return [(None, rank), (None,), (None,), None if indices is None else (indices[0],)]


@_sparse_fill_empty_rows.gradient
def _(op, _, grad, *__):
    to_values, to_default = _sparse_fill_empty_rows_grad(op.outputs[3], grad)
    return None, to_values, None, to_default


@op("SparseFillEmptyRowsGrad", "reverse_index_map: int64[n], grad_values: T[m] -> d_values: T[n], d_default_value: T[]",
    differentiable=False)  # fmt: skip
def _sparse_fill_empty_rows_grad(reverse_index_map, grad_values):
    """The gradient of each element, and the sum of those of the defaults."""
    grads = jnp.asarray(grad_values)
    filled = jnp.ones(grads.shape[0], bool).at[reverse_index_map].set(False, mode="drop")
    return [grads.at[reverse_index_map].get(mode="clip"), jnp.where(filled, grads, 0).sum(dtype=grads.dtype)]


def sparse_fill_empty_rows(sp_input: Any, default_value: Any, name: str | None = None) -> tuple[SparseTensor, Tensor]:
    """Put a default value at the start of each row that has no element.

    Parameters
    ----------
    sp_input : SparseTensor [n, ...]
    default_value : Tensor []
        Of its type.
    name : str, optional

    Returns
    -------
    SparseTensor
    bool Tensor [n]
        Which rows were empty.

    Raises
    ------
    InvalidArgumentError
        When run, if an index is no row.
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp_input]):
        default_value = convert_to_tensor(default_value, dtype=sp_input.values.dtype)
        indices, values, empty, _ = _sparse_fill_empty_rows(
            sp_input.indices, sp_input.values, sp_input.dense_shape, default_value
        )
        if sp_input.shape.rank:
            empty.set_shape(sp_input.shape[:1])
        return SparseTensor(indices, values, sp_input.dense_shape), empty
