"""Moving the elements of sparse tensors about: reorder, reshape, transpose, concat."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import IndexedSlices, SparseTensor, is_sparse
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value, partial_value
from defrun.ops.arrange import invert_permutation, transpose
from defrun.ops.array import either, expand_dims, identity, rank, reshape, shape
from defrun.ops.asserts import assert_equal, assert_less_equal
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import ones, ones_like, range_, zeros
from defrun.ops.declare import op
from defrun.ops.flow import with_dependencies
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack
from defrun.ops.limits import maximum, minimum
from defrun.ops.math import add
from defrun.ops.namespace import namespace
from defrun.ops.reduce import reduce_max
from defrun.ops.select import setdiff1d, where_v2
from defrun.ops.slicing import slice_
from defrun.ops.sparse.parts import all_sparse, as_sparse, check_parts, flat_places, places_of, row_major, together

# -- order -----------------------------------------------------------------------------------------------------------


@op("SparseReorder", "input_indices: int64[n,r], input_values: T[n], input_shape: int64[r] -> "
    "output_indices: int64[n,r], output_values: T[n]")  # fmt: skip
def _sparse_reorder(input_indices, input_values, input_shape):
    """The same elements in row-major order."""
    check_parts(input_indices, input_values, input_shape)
    indices, values = together(input_indices, input_values)
    order = row_major(indices)
    return [indices[order], values[order]]


@_sparse_reorder.shape
def _(input_indices, input_values):
    return [input_indices, input_values]


@_sparse_reorder.gradient
def _(op, _, grad):
    indices, _, dense_shape = op.inputs
    _, order = _sparse_reorder(indices, range_(shape(indices)[0]), dense_shape)
    return None, gather(grad, invert_permutation(order)), None


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Put the elements in row-major order of their indices.

    Parameters
    ----------
    sp_input : SparseTensor
    name : str, optional
    """
    sp_input = as_sparse(sp_input)
    indices, values = _sparse_reorder(sp_input.indices, sp_input.values, sp_input.dense_shape, name=name)
    known = sp_input.shape
    if known.is_fully_defined() and sp_input.dense_shape.op.type in _SAID:
        return SparseTensor(indices, values, known)
    return SparseTensor(indices, values, identity(sp_input.dense_shape))


_SAID = ("Const", "Pack", "ConcatV2", "Shape", "StridedSlice")
"""Ops that TensorFlow looks into for the shape when it builds a graph; others are computed in both."""


# -- shape -----------------------------------------------------------------------------------------------------------


@op("SparseReshape", "input_indices: int64[n,r], input_shape: int64[r], new_shape: int64[s] -> "
    "output_indices: int64[n,s], output_shape: int64[s]", folds=True, differentiable=False)  # fmt: skip
def _sparse_reshape(input_indices, input_shape, new_shape):
    """The places of the elements in another shape."""
    xp = namespace(input_indices, input_shape, new_shape)
    check(input_indices.ndim == 2 and input_shape.shape == input_indices.shape[1:], InvalidArgumentError,
          "input_indices {} and input_shape {} must be a matrix and a vector of its rows' size",
          shapes.text(input_indices.shape), shapes.text(input_shape.shape))  # fmt: skip
    check(new_shape.ndim == 1, InvalidArgumentError, "new_shape must be a vector, not of shape {}",
          shapes.text(new_shape.shape))  # fmt: skip
    open_ = new_shape == -1
    check((open_.sum() <= 1) & (new_shape >= -1).all(), InvalidArgumentError,
          "new_shape = {} must have sizes of 0 and more, and at most one -1", new_shape)  # fmt: skip
    total = xp.prod(input_shape)
    given = xp.prod(xp.where(open_, 1, new_shape))
    fits = xp.where(open_.any(), (given > 0) & (total % xp.maximum(given, 1) == 0), given == total)
    check(fits, InvalidArgumentError, "a sparse tensor of shape {} has {} places, and can't get the shape {}",
          input_shape, total, new_shape)  # fmt: skip
    wanted = xp.where(open_, total // xp.maximum(given, 1), new_shape)
    return [places_of(flat_places(input_indices, input_shape), wanted, new_shape.shape[0]), wanted]


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """Give a sparse tensor another shape; the elements stay in row-major order.

    Parameters
    ----------
    sp_input : SparseTensor
    shape : int Tensor [new rank]
        One size may be -1: what is left.
    name : str, optional

    Raises
    ------
    ValueError
        If there is more than one -1, or the numbers of places are known and differ.
    InvalidArgumentError
        If they turn out to differ when run.
    """
    sp_input = as_sparse(sp_input)
    wanted = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [sp_input]) as scope:
        indices, dense_shape = _sparse_reshape(sp_input.indices, sp_input.dense_shape, wanted, name=scope)
        known = _known_reshape(sp_input, wanted)
        if known is not None:
            dense_shape = constant(known, dtypes.int64)
        return SparseTensor(indices, identity(sp_input.values), dense_shape)


def _known_reshape(sp_input: SparseTensor, wanted: Tensor) -> list[int] | None:
    """Return the new shape, if it is known."""
    sizes = _said(wanted)
    old = sp_input.shape
    if sizes is None or not old.is_fully_defined():
        return None
    if constant_value(wanted) is not None and sum(size == -1 for size in sizes) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {[*sizes]}")
    total = int(np.prod(np.array(old.as_list()), dtype=np.int64))
    known = [None if size is None or size < 0 else int(size) for size in sizes]
    if known.count(None) > 1:
        return None
    rest = int(np.prod([size for size in known if size is not None], dtype=np.int64))
    filled: list[Any] = [total // max(rest, 1) if size is None else size for size in known]
    if np.prod(filled, dtype=np.int64) != total:
        raise ValueError(f"Cannot reshape a sparse tensor of shape {old} ({total} places) to shape {known}")
    return filled


def _said(sizes: Tensor) -> Any:
    """Return what a shape says of its sizes; of computed ones in a list nothing, as TensorFlow has it."""
    if sizes.op.type == "Pack":
        return [constant_value(size) if size.op.type == "Const" else None for size in sizes.op.inputs]
    return partial_value(sizes)


def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """Give a sparse tensor larger sizes, or the smallest ones that hold its elements.

    Parameters
    ----------
    sp_input : SparseTensor
    new_shape : int Tensor [rank], optional
        No size smaller than that of `sp_input`.

    Raises
    ------
    ValueError
        If the ranks differ, or a size is known and smaller.
    InvalidArgumentError
        If a size turns out smaller when run.
    """
    sp_input = as_sparse(sp_input)
    indices, values, dense_shape = (identity(p) for p in (sp_input.indices, sp_input.values, sp_input.dense_shape))
    if new_shape is None:
        largest = reduce_max(indices, axis=0)
        sizes: Any = maximum(constant(0, dtypes.int64), add(largest, ones_like(dense_shape)))
        return SparseTensor(indices, values, sizes)
    sizes = convert_to_tensor(new_shape)
    sizes.shape.assert_has_rank(1)
    sizes = cast(sizes, dtypes.int64)
    if sizes.shape.rank is not None:
        sizes.shape[0].merge_with(dense_shape.shape[0])
    fixed, old = constant_value(sizes), sp_input.shape
    if fixed is not None and old.is_fully_defined():
        if (np.array(old.as_list()) > fixed).any():
            raise ValueError(f"new_shape {fixed.tolist()} has sizes smaller than the sparse tensor's, {old}")
        return SparseTensor(indices, values, fixed)
    sizes = with_dependencies([assert_equal(shape(dense_shape), shape(sizes))], sizes)
    sizes = with_dependencies([assert_less_equal(dense_shape, sizes)], sizes)
    return SparseTensor(indices, values, sizes)


def sparse_expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """Add an axis of size 1.

    Parameters
    ----------
    sp_input : SparseTensor
    axis : int or int32 Tensor [], optional
        Where; -1, the default, is at the end.
    name : str, optional

    Raises
    ------
    TypeError
        If `axis` is neither.
    """
    count = sp_input.dense_shape.shape[0]
    axis = -1 if axis is None else axis
    with name_scope(name, "expand_dims", [sp_input]):
        if isinstance(axis, numbers.Integral):
            axis = convert_to_tensor(axis, name="axis", dtype=dtypes.int32)
        elif not isinstance(axis, Tensor):
            raise TypeError("axis must be an integer value in range [-rank(sp_input) - 1, rank(sp_input)]")
        axis = where_v2(axis >= 0, axis, axis + count + 1)
        column = zeros([shape(sp_input.indices)[0], 1], dtype=dtypes.int64)
        before = slice_(sp_input.indices, [0, 0], [-1, axis])
        after = slice_(sp_input.indices, [0, axis], [-1, -1])
        indices = concat([before, column, after], axis=1)
        sizes_before = slice_(sp_input.dense_shape, [0], [axis])
        sizes_after = slice_(sp_input.dense_shape, [axis], [-1])
        one = convert_to_tensor([1], name="new_shape", dtype=dtypes.int64)
        return SparseTensor(indices, sp_input.values, concat([sizes_before, one, sizes_after], axis=0))


def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """Permute the axes.

    Parameters
    ----------
    sp_input : SparseTensor
    perm : int Tensor [rank], optional
        The old axis that becomes each new one; by default they are reversed.
    name : str, optional
    """
    with name_scope(name, "SparseTranspose", [sp_input]):
        given = perm
        if perm is None:
            count = rank(sp_input)
            perm = (count - 1) - range_(0, count, 1)
        indices = transpose(gather(transpose(sp_input.indices), perm))
        order = None if given is None else constant_value(convert_to_tensor(perm))
        old = sp_input.shape
        if order is not None and old.is_fully_defined():
            dense_shape: Any = [old.as_list()[axis] for axis in order]
        else:
            dense_shape = gather(sp_input.dense_shape, perm)
        return sparse_reorder(SparseTensor(indices, sp_input.values, dense_shape))


# -- joining ---------------------------------------------------------------------------------------------------------


@op("SparseConcat", "indices: N * int64, values: N * T, shapes: N * int64 -> output_indices: int64, output_values: T, "
    "output_shape: int64", differentiable=False)  # fmt: skip
def _sparse_concat(indices, values, shapes, concat_dim: int):
    """Sparse tensors behind each other along an axis."""
    count = shapes[0].shape[0]
    axis = concat_dim + count if concat_dim < 0 else concat_dim
    check(0 <= axis < count, InvalidArgumentError, "concat_dim = {} is not in [{}, {})", concat_dim, -count, count)
    for number, parts in enumerate(zip(indices, values, shapes)):
        check_parts(*parts, f"sparse tensor {number}")
        check(parts[2].shape == shapes[0].shape, InvalidArgumentError,
              "all ranks must be the same: tensor {} has {} axes, tensor 0 has {}",
              number, *parts[2].shape, count)  # fmt: skip
        others = np.arange(count) != axis
        check(((parts[2] == shapes[0]) | ~others).all(), InvalidArgumentError,
              "all sizes but that of axis {} must be the same: tensor {} has {}, tensor 0 has {}",
              axis, number, parts[2], shapes[0])  # fmt: skip
    xp = namespace(*indices, *values, *shapes)
    along = (np.arange(count) == axis).astype(np.int64)
    places, start = [], np.int64(0)
    for index, dense_shape in zip(indices, shapes):
        places.append(index + along * start)
        start = start + dense_shape[axis]
    joined, elements = together(xp.concatenate(places), xp.concatenate(values))
    order = row_major(joined)
    return [joined[order], elements[order], xp.where(along == 1, start, shapes[0])]


@_sparse_concat.shape
def _(indices, values, shapes):
    rows: Any = [index[0] if index else None for index in indices]
    rows = [row if row is not None else (value[0] if value else None) for row, value in zip(rows, values)]
    count = None if None in rows else sum(rows)
    known = [index[1] for index in indices if index] + [dense_shape[0] for dense_shape in shapes if dense_shape]
    axes = next((size for size in known if size is not None), None)
    return [(count, axes), (count,), (axes,)]


def sparse_concat(
    axis: Any,
    sp_inputs: Any,
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: Any = None,
    expand_nonconcat_dims: bool | None = None,
) -> SparseTensor:
    """Put sparse tensors behind each other along an axis.

    Parameters
    ----------
    axis : int
    sp_inputs : list of SparseTensor
        Of one rank and type, each in order.
    name : str, optional
    expand_nonconcat_dim, expand_nonconcat_dims : bool
        Let the other axes differ in size; the largest is taken.
    concat_dim
        Old name of `axis`.

    Raises
    ------
    TypeError
        If one of the inputs is not sparse.
    InvalidArgumentError
        When run, if the shapes don't go together.
    """
    expands = expand_nonconcat_dim if expand_nonconcat_dims is None else expand_nonconcat_dims
    axis = either("axis", axis, "concat_dim", concat_dim)
    inputs = all_sparse(sp_inputs)
    if len(inputs) == 1:
        return inputs[0]
    sizes = [sp.dense_shape for sp in inputs]
    if expands:
        largest = reduce_max(concat([reshape(size, [1, -1]) for size in sizes], 0), 0)
        sizes = [_with_size(largest, size, axis) for size in sizes]
    indices, values, dense_shape = _sparse_concat(
        [sp.indices for sp in inputs], [sp.values for sp in inputs], sizes, concat_dim=axis, name=name
    )
    known = [constant_value(size) for size in sizes]
    if all(size is not None for size in known):
        fixed = np.array(known[0])
        fixed[axis] = sum(size[axis] for size in known)  # type: ignore[index]
        dense_shape = convert_to_tensor(fixed)
    return SparseTensor(indices, values, dense_shape)


def _with_size(largest: Tensor, sizes: Tensor, axis: int) -> Tensor:
    """The sizes `largest`, but along `axis` that of `sizes`."""
    if axis == -1:
        return concat([largest[:axis], sizes[-1:], []], 0)
    return concat([largest[:axis], sizes[axis : axis + 1], largest[axis + 1 :]], 0)


# -- taking some, making some ----------------------------------------------------------------------------------------


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """Keep some of the elements.

    Parameters
    ----------
    sp_input : SparseTensor with n elements
    to_retain : bool Tensor [n]
        Which are kept.

    Raises
    ------
    ValueError
        If `to_retain` is not a vector of n.
    """
    sp_input = as_sparse(sp_input)
    to_retain = convert_to_tensor(to_retain)
    to_retain.shape.assert_has_rank(1)
    if sp_input.values.shape.rank is not None:
        sp_input.values.shape[0].merge_with(to_retain.shape[0])
    kept = reshape(where_v2(to_retain), [-1])
    return SparseTensor(gather(sp_input.indices, kept), gather(sp_input.values, kept), identity(sp_input.dense_shape))


def sparse_mask(a: IndexedSlices, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """Leave out some rows of `IndexedSlices`.

    Parameters
    ----------
    a : IndexedSlices
    mask_indices : Tensor
        The indices of the rows to leave out.
    name : str, optional
    """
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        indices, kept = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, kept, name=scope), indices, a.dense_shape)


def sparse_eye(
    num_rows: Any, num_columns: Any = None, dtype: Any = dtypes.float32, name: str | None = None
) -> SparseTensor:
    """Make a matrix with ones on its diagonal.

    Parameters
    ----------
    num_rows : int or int Tensor []
    num_columns : int or int Tensor [], optional
        By default as many as rows.
    dtype : DType
    name : str, optional

    Raises
    ------
    TypeError
        If a size is neither an int nor a Tensor.
    """
    with name_scope(name, "eye", [num_rows, num_columns]):
        rows = _int64(num_rows, "num_rows")
        columns = rows if num_columns is None else _int64(num_columns, "num_columns")
        size = minimum(rows, columns)
        diagonal = range_(size, dtype=dtypes.int64)
        return SparseTensor(stack([diagonal, diagonal], axis=1), ones(size, dtype=dtype), [rows, columns])


def _int64(value: Any, name: str) -> Tensor:
    if isinstance(value, numbers.Integral):
        return convert_to_tensor(value, name=name, dtype=dtypes.int64)
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be an integer value, not {value!r}")
    return cast(value, dtypes.int64)


# -- ids and values --------------------------------------------------------------------------------------------------


def sparse_merge(
    sp_ids: Any, sp_values: Any, vocab_size: Any, name: str | None = None, already_sorted: bool = False
) -> SparseTensor:
    """Make one sparse tensor of ids and values: the last index of each value becomes its id.

    Parameters
    ----------
    sp_ids : SparseTensor of int32 or int64, or a list of them
        Several make several axes.
    sp_values : SparseTensor
        Of the same places.
    vocab_size : int or int64 Tensor [], or a list of them
        The size of each new axis.
    name : str, optional
    already_sorted : bool
        The ids rise within each row, so nothing is to be put in order.

    Raises
    ------
    TypeError
        If the arguments are something else, or the one is a list and the other is not.
    ValueError
        If the lists are not equally long.
    """
    return merged(sp_ids, sp_values, vocab_size, name, already_sorted)


def merged(sp_ids: Any, sp_values: Any, vocab_size: Any, name: str | None, already_sorted: bool) -> SparseTensor:
    """`sparse_merge`."""
    if is_sparse(sp_ids):
        sp_ids, vocab_size = [sp_ids], [vocab_size]
    elif not isinstance(sp_ids, Iterable):
        raise TypeError(f"sp_ids has to be a SparseTensor or list thereof. Found {type(sp_ids)}")
    elif not isinstance(vocab_size, (list, tuple)):
        raise TypeError(f"vocab_size has to be a list of Tensors or Python ints. Found {type(vocab_size)}")
    for size in vocab_size:
        if not isinstance(size, (Tensor, numbers.Integral)):
            raise TypeError(f"vocab_size has to be of Tensors or Python ints. Found {type(size)}")
    if len(sp_ids) != len(vocab_size):
        raise ValueError(f"There are {len(sp_ids)} sp_ids, and {len(vocab_size)} vocab_sizes.")
    with name_scope(name, "SparseMerge", [*sp_ids, sp_values]):
        ids = [as_sparse(one) for one in sp_ids]
        sp_values = as_sparse(sp_values)
        columns = [expand_dims(cast(one.values, dtypes.int64), axis=1) for one in ids]
        sizes = [cast(size, dtypes.int64) for size in vocab_size]
        indices = concat([ids[0].indices[:, :-1], *columns], 1)
        dense_shape = concat([ids[0].dense_shape[:-1], sizes], 0)
        result = SparseTensor(indices, sp_values.values, dense_shape)
        if already_sorted:
            return result
        in_order = sparse_reorder(result)
        return SparseTensor(in_order.indices, in_order.values, dense_shape)
