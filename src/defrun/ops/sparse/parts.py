"""The three parts of a sparse tensor: taking them, and what they must be like. Bodies run on NumPy and on JAX."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor, SparseTensorValue
from defrun.graph.operation import Operation
from defrun.ops.namespace import namespace


def as_sparse(sp_input: Any) -> SparseTensor:
    """Return a sparse tensor; a `SparseTensorValue` is made one.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(sp_input, SparseTensorValue):
        return SparseTensor.from_value(sp_input)
    if not isinstance(sp_input, SparseTensor):
        raise TypeError(f"Input must be a SparseTensor, not {sp_input!r}.")
    return sp_input


def all_sparse(sp_inputs: Any) -> list[SparseTensor]:
    """Return a list of sparse tensors.

    Raises
    ------
    TypeError
        If `sp_inputs` is no list or tuple, or holds something else.
    """
    if not isinstance(sp_inputs, (list, tuple)):
        raise TypeError(f"Inputs must be a list or tuple, not {sp_inputs!r}.")
    return [as_sparse(sp_input) for sp_input in sp_inputs]


def refuse_gradient(op: Operation, *grads: Any) -> Any:
    """Gradient rule of ops that TensorFlow has none for, though their values are floats."""
    raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {op.type})")


def together(*values: Any) -> Any:
    """Return the values as they are if all are NumPy's, else as arrays of JAX, which index each other."""
    return values if namespace(*values) is np else tuple(jnp.asarray(value) for value in values)


# -- what the parts must be like, at run time ------------------------------------------------------------------------


def check_parts(indices: Any, values: Any, shape: Any, name: str = "sparse tensor") -> None:
    """Let the run fail unless the parts are a matrix, a vector and a vector that go together."""
    check(
        indices.ndim == 2 and values.ndim == 1 and shape.ndim == 1, InvalidArgumentError,
        "{}: indices must be a matrix, values and shape vectors, not of shapes {}, {} and {}",
        name, *(shapes.text(part.shape) for part in (indices, values, shape)),
    )  # fmt: skip
    check(
        indices.shape == (*values.shape, *shape.shape), InvalidArgumentError,
        "{}: {} indices of {} axes don't go with {} values and a shape of {} axes",
        name, *indices.shape, *values.shape, *shape.shape,
    )  # fmt: skip


def check_inside(indices: Any, shape: Any, name: str = "indices") -> None:
    """Let the run fail if a row of `indices` [n, rank] is no place in `shape` [rank]."""
    if indices.size:
        inside = (indices >= 0) & (indices < shape)
        if namespace(inside) is np and inside.all():  # much faster than by rows
            return
        inside = inside.all(axis=1)
        _check_rows(inside, indices, name, "is out of bounds: it must be in", shape)


def check_in_order(indices: Any, name: str = "indices") -> None:
    """Let the run fail if the rows of `indices` [n, rank] don't rise, or one is there twice."""
    if indices.shape[0] < 2:
        return
    xp = namespace(indices)
    rises, same = _compared(indices)
    before, equal = (xp.concatenate([np.array([start]), part]) for start, part in ((True, rises), (False, same)))
    _check_rows(before | equal, indices, name, "is out of order: sort the indices, by tf.sparse.reorder for one")
    _check_rows(~equal, indices, name, "is repeated")


def check_valid(indices: Any, shape: Any, name: str = "indices") -> None:
    """Let the run fail unless `indices` are places in `shape`, in order, none of them twice."""
    check_inside(indices, shape, name)
    check_in_order(indices, name)


def _compared(indices: Any) -> tuple[Any, Any]:
    """Whether each row but the first comes after the one before it, and whether it is the same."""
    xp = namespace(indices)
    rises, same = np.zeros(indices.shape[0] - 1, bool), np.ones(indices.shape[0] - 1, bool)
    for axis in range(indices.shape[1]):
        step = xp.diff(indices[:, axis])
        rises, same = rises | (same & (step > 0)), same & (step == 0)
    return rises, same


def _check_rows(ok: Any, indices: Any, name: str, text: str, shape: Any = None) -> None:
    xp = namespace(ok)
    first = xp.argmin(ok)
    place = indices[first]
    shown = [first, *(place[i] for i in range(indices.shape[1]))]
    row = ",".join(["{}"] * indices.shape[1])
    if shape is not None:
        shown += [shape[i] for i in range(indices.shape[1])]
        text = f"{text} [{row}]"
    check(ok.all(), InvalidArgumentError, f"{name}[{{}}] = [{row}] {text}", *shown)


# -- places as numbers -----------------------------------------------------------------------------------------------


def flat_places(indices: Any, shape: Any) -> Any:
    """Number the places [n, rank] in row-major order of `shape` [rank]; the run fails if there are too many."""
    xp = namespace(indices, shape)
    count = xp.prod(xp.asarray(shape, np.float64))
    check(count < 2.0**63, InvalidArgumentError, "a sparse tensor of shape {} has too many places to number", shape)
    return _numbered(indices, shape)


def _numbered(indices: Any, shape: Any) -> Any:
    number = namespace(indices, shape).zeros(indices.shape[0], np.int64)
    for axis in range(indices.shape[1]):
        number = number * shape[axis] + indices[:, axis]
    return number


def places_of(number: Any, shape: Any, rank: int) -> Any:
    """Turn numbers in row-major order back into places [n, rank]."""
    xp = namespace(number, shape)
    columns = []
    for axis in reversed(range(rank)):
        size = xp.maximum(shape[axis], 1)
        columns.append(number % size)
        number = number // size
    return xp.stack(columns[::-1], 1) if columns else xp.zeros((number.shape[0], 0), np.int64)


def row_major(indices: Any) -> Any:
    """Return the order in which the rows of `indices` [n, rank] rise; equal rows stay as they are."""
    xp = namespace(indices)
    count = indices.shape[0]
    if not indices.size:
        return xp.arange(count)
    if xp is np:
        return _by_columns(indices)
    low, high = indices.min(axis=0), indices.max(axis=0)
    ranges = high - low + 1
    fits = (high - low < 2**62).all() & (jnp.prod(ranges.astype(np.float64)) * count < 2.0**62)
    return lax.cond(fits, _by_number, lambda indices, *_: _by_columns(indices), indices, low, ranges)


def _by_columns(indices: Any) -> Any:
    return namespace(indices).lexsort([indices[:, axis] for axis in reversed(range(indices.shape[1]))])


def _by_number(indices: Any, low: Any, ranges: Any) -> Any:
    # XLA sorts numbers alone five times as fast as numbers with others beside them: each brings its place along.
    count = indices.shape[0]
    packed = _numbered(indices - low, ranges) * count + jnp.arange(count)
    return lax.sort(packed, is_stable=False) % count


def bounds_of(*several: Any) -> Any:
    """Return a shape [rank] in which all of the `several` indices are places."""
    xp = namespace(*several)
    return xp.max(xp.concatenate([np.zeros((1, several[0].shape[1]), np.int64), *several]), axis=0) + 1
