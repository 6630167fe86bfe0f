"""Putting tensors together and taking them apart along an axis: stack, unstack, concat, split."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, nest, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import Dimension
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor, register_tensor_conversion_function
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import cast_node, expand_dims, identity, shape
from defrun.ops.axes import axis_in, axis_of, known, sizes
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX


def without_none(op: Any, grads: Any) -> list[Tensor]:
    """Return the gradients of an op's outputs, zeros for those that have none."""
    # Zeros as a node: a large constant would be worse.
    make = op.graph.create_op
    return [make("ZerosLike", [t]).outputs[0] if g is None else g for t, g in zip(op.outputs, grads, strict=True)]


# -- a new axis ------------------------------------------------------------------------------------------------------


@op("Pack", "values: N * T -> output: T", folds=True)
def pack(values, axis: int = 0):
    """Stack `values`, all of one shape, along a new axis."""
    shape = values[0].shape
    for i, value in enumerate(values):
        check(value.shape == shape, InvalidArgumentError,
              "Shapes of all inputs must match: values[0].shape = {} != values[{}].shape = {}",
              list(shape), i, list(value.shape))  # fmt: skip
    return namespace(*values).stack(values, axis_of(axis, len(shape) + 1))


@pack.shape
def _(values, axis):
    one = None
    for dims in values:
        one = shapes.merge(one, dims)
    if one is None:
        return None
    place = axis_in(axis, len(one) + 1)
    return one[:place] + (len(values),) + one[place:]


@pack.gradient
def _(op, grad):
    return unpack(grad, num=op.get_attr("N"), axis=op.get_attr("axis"))


@op("Unpack", "value: T -> output: num * T", folds=True)
def unpack(value, num: int, axis: int = 0):
    """Take `value` apart along `axis`, which has size `num`; the axis is gone."""
    place = axis_of(axis, value.ndim)
    check(value.shape[place] == num, InvalidArgumentError,
          "Input shape axis {} must equal {}, got shape {}", place, num, list(value.shape))  # fmt: skip
    rest = value.shape[:place] + value.shape[place + 1 :]
    return [value[(slice(None),) * place + (slice(i, i + 1),)].reshape(rest) for i in range(num)]


@unpack.shape
def _(value, num, axis):
    if value is None:
        return [None] * num
    place = axis_in(axis, len(value))
    if value[place] not in (None, num):
        raise ValueError(f"Dimension must be {num} but is {value[place]}")
    return [value[:place] + value[place + 1 :]] * num


@unpack.gradient
def _(op, *grads):
    return pack(without_none(op, grads), axis=op.get_attr("axis"))


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Stack tensors of one shape along a new axis.

    Parameters
    ----------
    values : list of Tensor
    axis : int
        Where the new axis is put.
    name : str

    Raises
    ------
    ValueError
        If the shapes differ or there is no such axis.
    """
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass
    dims = convert_to_tensor(values[0], name=name).dims
    if dims is not None:
        axis_in(axis, len(dims) + 1)
    return pack(values, axis=axis, name=name)


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Tensor]:
    """Take `value` apart along `axis`.

    Parameters
    ----------
    value : Tensor
    num : int, optional
        The size of the axis; needed only if it is not known.
    axis : int
    name : str

    Returns
    -------
    list of Tensor
        One axis less.

    Raises
    ------
    ValueError
        If the size of the axis is unknown, or there is no such axis.
    """
    if num is None:
        value = convert_to_tensor(value)
        if value.dims is not None:
            axis_in(axis, len(value.dims))
            num = value.dims[axis]
        if num is None:
            raise ValueError(f"Cannot infer num from shape {value.shape}")
    return unpack(value, num=num, axis=axis, name=name)


@op("ParallelConcat", "values: N * T -> output: T")
def _parallel_concat(values, shape: Dims):
    """Join `values`, each of which has a first axis of size 1."""
    return namespace(*values).concatenate(values, 0)


@_parallel_concat.shape
def _(values, shape):
    for dims in values:
        shapes.merge(dims, (1, *shape[1:]))
    return shape


@_parallel_concat.gradient
def _(op, grad):
    return _split(0, grad, num_split=op.get_attr("N"))


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """Stack tensors of one shape, which must be known, along a new first axis.

    Parameters
    ----------
    values : list of Tensor
    name : str
    """
    with name_scope(name):
        dims = convert_to_tensor(values[0]).dims
        if dims is None:
            raise ValueError("tf.parallel_stack needs to know the shape of its values")
        return _parallel_concat([expand_dims(v, 0) for v in values], shape=(len(values), *dims))


# -- lists with tensors in them --------------------------------------------------------------------------------------


_PLAIN = (int, float, str, bytes, np.generic, np.ndarray)


def _is_tensor(value: Any) -> bool:
    if isinstance(value, _PLAIN):
        return False
    return isinstance(value, Tensor) or isinstance(getattr(value, "dtype", None), DType)


def _type_inside(values: Any) -> DType | None:
    for value in values:
        if _is_tensor(value):
            return value.dtype.base_dtype
        if isinstance(value, (list, tuple)) and (found := _type_inside(value)) is not None:
            return found
    return None


def _pack_list(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    """Convert a list that has tensors in it, at any depth."""
    if as_ref:
        return NotImplemented
    found = _type_inside(value)
    if found is None:
        return NotImplemented
    if dtype is not None and dtypes.as_dtype(dtype) != found:
        kind = dtypes.as_dtype(dtype)
        value = nest.map_structure(lambda v: _with_type(v, kind), value)
        found = kind
    return _packed(value, found, name or "packed")


def _with_type(value: Any, dtype: DType) -> Any:
    if not _is_tensor(value) or value.dtype.base_dtype == dtype:
        return value
    return cast_node(convert_to_tensor(value), dtype)


def _packed(values: Any, dtype: DType, name: str) -> Any:
    with name_scope(name) as scope:
        items = []
        for i, value in enumerate(values):
            if _is_tensor(value) and value.dtype.base_dtype != dtype:
                raise TypeError(
                    f"Cannot convert a list containing a tensor of dtype {value.dtype.name} to {dtype.name} "
                    f"(Tensor is: {value!r})"
                )
            items.append(_packed(value, dtype, str(i)) if isinstance(value, (list, tuple)) else value)
        if not any(_is_tensor(item) for item in items):
            return items
        return pack(
            [item if _is_tensor(item) else constant(item, dtype, name=str(i)) for i, item in enumerate(items)],
            name=scope,
        )


register_tensor_conversion_function((list, tuple), _pack_list, 99)


# -- the same number of axes -----------------------------------------------------------------------------------------


def _beside(node):
    """What comes of padded rows: padded rows, where they are joined one by one."""
    place, dims = constant_value(node.inputs[-1]), node.inputs[0]._dims
    if place is None or not dims:
        return {}
    return {"values": "keeps"} if int(place) % len(dims) else {"values": "sizes"}


@op("ConcatV2", "values: N * T, axis: static Tidx[] -> output: T", Tidx=(INDEX, dtypes.int32), folds=True,
    if_padded=_beside)  # fmt: skip
def concat_v2(values, axis):
    """Join `values` along `axis`."""
    place = axis_of(axis, values[0].ndim)
    first = values[0].shape
    for i, value in enumerate(values):
        ok = value.ndim == len(first) and all(
            a == b for j, (a, b) in enumerate(zip(value.shape, first, strict=True)) if j != place
        )
        check(ok, InvalidArgumentError,
              "Dimensions of inputs should match: shape[0] = {} vs. shape[{}] = {}",
              list(first), i, list(value.shape))  # fmt: skip
    return namespace(*values).concatenate(values, place)


def joined(values: Any, axis: Any) -> Any:
    """Return the shape of `values` joined along `axis`; for shape rules."""
    rank = next((len(dims) for dims in values if dims is not None), None)
    if rank is None:
        return None
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    place = known(axis)
    if place is None:
        for dims in values:
            if dims is not None and len(dims) != rank:
                raise ValueError(f"Can't join shapes of rank {rank} and {len(dims)}")
        return (None,) * rank
    place = axis_in(place, rank)
    total: int | None = 0
    one: Any = (None,) * rank
    for dims in values:
        if dims is None or dims[place : place + 1] == (None,) or total is None:
            total = None
        elif len(dims) > place:
            total += dims[place]
        if dims is not None:
            one = shapes.merge(one, tuple(None if i == place else d for i, d in enumerate(dims)))
    return one[:place] + (total,) + one[place + 1 :]


@concat_v2.shape
def _(values, axis):
    return joined(values, axis)


@concat_v2.gradient
def _(op, grad):
    *values, axis = op.inputs
    place = constant_value(axis)
    if place is None:
        along = pack([shape(v)[axis] for v in values])
    elif any(v.dims is None or v.dims[place] is None for v in values):
        along = _sizes_along(values, axis=int(place))
    else:
        along = constant([v.dims[place] for v in values])
    return [*split_v(grad, along, cast_to_int32(axis), num_split=len(values)), None]


@op("SizesAlong", "values: N * T -> output: int32[N]", folds=True, of_shape="shape", differentiable=False)
def _sizes_along(values, axis: int):
    """The sizes of one axis of several tensors."""
    return np.array([v.shape[axis] for v in values], np.int32)


def cast_to_int32(x: Tensor) -> Tensor:
    """Return `x` as int32."""
    return x if x.dtype.base_dtype == dtypes.int32 else cast_node(x, dtypes.int32)


@op("ConcatOffset", "concat_dim: static int32[], shape: static N * int32 -> offset: N * int32", folds=True,
    differentiable=False)  # fmt: skip
def concat_offset(concat_dim, shape):
    """Where each of several tensors of the given shapes begins when they are joined along `concat_dim`."""
    starts = np.cumsum([0, *(s[concat_dim] for s in shape)], dtype=np.int32)
    return [(np.arange(len(s)) == concat_dim % len(s)) * at for s, at in zip(shape, starts, strict=False)]


@concat_offset.shape
def _(shape):
    return shape


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Join tensors along an axis that they have.

    Parameters
    ----------
    values : list of Tensor
        Of the same shape but for the size of that axis.
    axis : int or Tensor []
    name : str

    Raises
    ------
    ValueError
        If the shapes don't fit.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name):
            convert_to_tensor(axis, dtype=dtypes.int32, name="concat_dim").shape.assert_has_rank(0)
            return identity(values[0], name=name)
    return concat_v2(values, axis, name=name)


@op("Split", "split_dim: static int32[], value: T -> output: num_split * T", folds=True)
def _split(split_dim, value, num_split: int):
    """Take `value` apart along an axis into equal parts."""
    place = axis_of(split_dim, value.ndim)
    check(value.shape[place] % num_split == 0, InvalidArgumentError,
          "Number of ways to split should evenly divide the split dimension, but got split_dim {} (size = {}) and "
          "num_split {}", place, value.shape[place], num_split)  # fmt: skip
    return namespace(value).split(value, num_split, place)


@_split.shape
def _(split_dim, value, num_split):
    place = known(split_dim)
    if value is None:
        return [None] * num_split
    if place is None:
        return [(None,) * len(value)] * num_split
    place = axis_in(place, len(value))
    whole = value[place]
    if whole is not None and whole % num_split:
        raise ValueError(f"Dimension size must be evenly divisible by {num_split} but is {whole}")
    part = None if whole is None else whole // num_split
    return [value[:place] + (part,) + value[place + 1 :]] * num_split


@_split.gradient
def _(op, *grads):
    return None, concat(without_none(op, grads), op.inputs[0])


@op("SplitV", "value: T, size_splits: static Tlen[n], split_dim: static int32[] -> output: num_split * T",
    Tlen=(INDEX, dtypes.int64), folds=True)  # fmt: skip
def split_v(value, size_splits, split_dim, num_split: int):
    """Take `value` apart along an axis into parts of the given sizes, one of which may be -1: the rest."""
    place = axis_of(split_dim, value.ndim)
    parts: Any = _whole_parts(sizes(size_splits), value.shape[place])
    total = sum(parts)
    check(len(parts) == num_split and total == value.shape[place] and min(parts) >= 0, InvalidArgumentError,
          "Determined shape must either match input shape along split_dim exactly if fully specified, or be less than "
          "the size of the input along split_dim if not fully specified. Got: {}", total)  # fmt: skip
    return namespace(value).split(value, np.cumsum(parts)[:-1], place)


def _whole_parts(parts: Any, whole: int | None) -> Any:
    """Replace a size of -1 by what is left of `whole`."""
    if None in parts or -1 not in parts:
        return list(parts)
    rest = None if whole is None else whole - sum(p for p in parts if p != -1)
    return [rest if p == -1 else p for p in parts]


@split_v.shape
def _(value, size_splits, split_dim, num_split):
    place = known(split_dim)
    if value is None:
        return [None] * num_split
    if place is None:
        return [(None,) * len(value)] * num_split
    place = axis_in(place, len(value))
    given = [None] * num_split if size_splits is None else [None if p is None else int(p) for p in size_splits]
    if len(given) != num_split:
        raise ValueError(f"Length of size_splits should be equal to num_split, got {len(given)} and {num_split}")
    parts = _whole_parts(given, value[place])
    if None not in parts and value[place] not in (None, sum(parts)):
        raise ValueError(f"Sizes {parts} don't add up to {value[place]}")
    return [value[:place] + (part,) + value[place + 1 :] for part in parts]


@split_v.gradient
def _(op, *grads):
    return concat(without_none(op, grads), op.inputs[2]), None, None


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Tensor]:
    """Take `value` apart along `axis`.

    Parameters
    ----------
    value : Tensor
    num_or_size_splits : int, list of int or int32 Tensor [n]
        How many equal parts, or the size of each part; one may be -1: the rest.
    axis : int or int32 Tensor []
    num : int, optional
        The number of parts, if it can't be told from `num_or_size_splits`.
    name : str

    Returns
    -------
    list of Tensor

    Raises
    ------
    ValueError
        If the parts don't fit, or their number is not known.
    """
    given = convert_to_tensor(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, np.integer, Dimension)):
        return _split(axis, value, num_split=num_or_size_splits, name=name)
    if given.dims == ():
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument provided: "
            f"{num_or_size_splits}"
        )
    if num is None and given.dims:
        num = given.dims[0]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return split_v(value, given, axis, num_split=num, name=name)
