"""New tensors: filled with one value, or counting."""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import cast_node, reshape, shape, shape_of, size
from defrun.ops.axes import axis_in, axis_of, dims_of, known, sizes
from defrun.ops.broadcast import sum_like
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.join import stack
from defrun.ops.namespace import namespace
from defrun.ops.types import BOOL, COMPLEX, FLOAT, INDEX, NUMERIC, SIGNED

_LARGEST_CONSTANT = 1000
"""From this number of elements on TensorFlow writes a Fill instead of a constant."""

# -- one value -------------------------------------------------------------------------------------------------------


@op("Fill", "dims: static index_type[r], value: T[] -> output: T", index_type=(INDEX, dtypes.int32), folds=True)
def fill(dims, value):
    """Make a tensor of shape `dims`, every element of which is `value`.

    Parameters
    ----------
    dims : int32 or int64 Tensor [r]
    value : Tensor []

    Raises
    ------
    InvalidArgumentError
        If a size is negative.
    """
    wanted = sizes(dims)
    check(min(wanted, default=0) >= 0, InvalidArgumentError, "Fill dims must be >= 0, got {}", list(wanted))
    return namespace(value).full(wanted, value, dtype=value.dtype)


@fill.shape
def _(dims):
    return dims_of(dims)


@fill.gradient
def _(op, grad):
    return None, sum_like(grad, op.inputs[1])


@op("ZerosLike", "x: T[...] -> y: T[...]", folds=True, differentiable=False)
def _zeros_like(x):
    """Zeros (empty strings, False) of the type and shape of `x`."""
    xp = namespace(x)
    return xp.full(x.shape, b"", object) if x.dtype == object else xp.zeros_like(x)


_ONES = (FLOAT | COMPLEX | SIGNED | BOOL) | {dtypes.uint8, dtypes.uint16}


@op("OnesLike", "x: T[...] -> y: T[...]", T=_ONES, folds=True, differentiable=False)
def _ones_like(x):
    """Ones of the type and shape of `x`."""
    return namespace(x).ones_like(x)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Make a tensor of zeros (False, empty strings).

    Parameters
    ----------
    shape : list of int, TensorShape or int32 Tensor [r]
    dtype : DType
    name : str, optional
    """
    kind = dtypes.as_dtype(dtype).base_dtype
    value: Any = False if kind == dtypes.bool else "" if kind == dtypes.string else 0
    with name_scope(name, "zeros", [shape]) as scope:
        return _filled(shape, value, kind, scope)


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """Make a tensor of ones (True).

    Parameters
    ----------
    shape : list of int, TensorShape or int32 Tensor [r]
    dtype : DType
    name : str, optional
    """
    kind = dtypes.as_dtype(dtype).base_dtype
    with name_scope(name, "ones", [shape]) as scope:
        return _filled(shape, True if kind == dtypes.bool else 1, kind, scope)


def _filled(shape: Any, value: Any, dtype: DType, name: str) -> Tensor:
    if not isinstance(shape, Tensor):
        try:
            if _is_small(shape):
                return constant(value, shape=shape, dtype=dtype, name=name)
            shape = convert_to_tensor(TensorShape(shape))
        except (TypeError, ValueError):
            shape = convert_to_tensor(shape, dtype=dtypes.int32)
    if not shape.dims:
        shape = reshape(shape, [-1])
    return fill(shape, constant(value, dtype=dtype), name=name)


def _is_small(shape: Any) -> bool:
    try:
        # With tensors in the list the product is a node, as it is in TensorFlow, and the comparison has no answer.
        return bool((functools.reduce(operator.mul, shape) if len(shape) else 1) < _LARGEST_CONSTANT)
    except TypeError:
        return False


def zeros_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Make zeros of the shape and type of `tensor`.

    Parameters
    ----------
    tensor : Tensor
    dtype : DType, optional
        Another type.
    name : str, optional
    optimize : bool
        Make a constant if the shape is known already.
    """
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        if optimize and tensor.shape.is_fully_defined() and tensor.dtype != dtypes.variant:
            return zeros(tensor.shape, dtype or tensor.dtype, name=scope)
        if dtype is not None and dtype != tensor.dtype and dtype != dtypes.variant:
            return zeros(shape(tensor), dtype, name=scope)
        return _zeros_like(tensor, name=scope)


def ones_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Make ones of the shape and type of `tensor`.

    Parameters
    ----------
    tensor : Tensor
    dtype : DType, optional
        Another type.
    name : str, optional
    optimize : bool
        Take the shape as a constant if it is known already.
    """
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        dims = shape(tensor) if optimize else shape_of(tensor, name="Shape")
        made = ones(dims, tensor.dtype if dtype is None else dtype, name=scope)
        made.set_shape(tensor.shape)
        return made


# -- counting --------------------------------------------------------------------------------------------------------

_COUNTS = frozenset((dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64))


@op("Range", "start: static Tidx[], limit: static Tidx[], delta: static Tidx[] -> output: Tidx[n]",
    Tidx=(_COUNTS, dtypes.int32), folds=True, differentiable=False)  # fmt: skip
def count_up(start, limit, delta):
    """Count from `start` in steps of `delta` up to, not including, `limit`."""
    check(delta != 0, InvalidArgumentError, "Requires delta != 0: {}", delta)
    check(delta < 0 or start <= limit, InvalidArgumentError,
          "Requires start <= limit when delta > 0: {}/{}", start, limit)  # fmt: skip
    check(delta > 0 or start >= limit, InvalidArgumentError,
          "Requires start >= limit when delta < 0: {}/{}", start, limit)  # fmt: skip
    length = _range_length(start, limit, delta)
    if start.dtype.kind in "iu":
        return start + np.arange(length, dtype=start.dtype) * delta
    # TensorFlow adds up in the type itself, so that the last digits are those of the sum.
    return np.cumsum(np.concatenate([start[None], np.repeat(delta, max(length - 1, 0))]), dtype=start.dtype)[:length]


def _range_length(start: Any, limit: Any, delta: Any) -> int:
    if start.dtype.kind in "iu":
        return max(0, -((int(start) - int(limit)) // int(delta)))
    return math.ceil(abs((float(limit) - float(start)) / float(delta)))


@count_up.shape
def _(start, limit, delta):
    if any(v is None or isinstance(v, list) for v in (start, limit, delta)):
        return (None,)
    if delta == 0 or (start > limit if delta > 0 else start < limit):
        raise ValueError(f"range from {start} to {limit} in steps of {delta} has no end")
    return (_range_length(start, limit, delta),)


def range_(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Tensor:
    """Count from `start` in steps of `delta` up to, not including, `limit`.

    Parameters
    ----------
    start : number or Tensor []
        The limit, if `limit` is not given; counting then starts from 0.
    limit, delta : number or Tensor []
    dtype : DType, optional
        By default the widest of those given.
    name : str

    Returns
    -------
    Tensor [n]
    """
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        bounds = [
            convert_to_tensor(value, dtype=dtype, name=part)
            for value, part in ((start, "start"), (limit, "limit"), (delta, "delta"))
        ]
        if dtype is None:
            widest = max((t.dtype.base_dtype for t in bounds), key=_WIDTHS.index)
            bounds = [t if t.dtype.base_dtype == widest else cast_node(t, widest) for t in bounds]
        return count_up(*bounds, name=scope)


_WIDTHS = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


@op("LinSpace", "start: T[], stop: T[], num: static Tidx[] -> output: T", T=FLOAT - {dtypes.float16},
    Tidx=(INDEX, dtypes.int32), folds=True)  # fmt: skip
def lin_space(start, stop, num):
    """Return `num` numbers evenly apart from `start` to `stop`, both included.

    Parameters
    ----------
    start, stop : Tensor []
    num : int32 or int64 Tensor []

    Returns
    -------
    Tensor [num]

    Raises
    ------
    InvalidArgumentError
        If `num` is not positive.
    """
    check(num > 0, InvalidArgumentError, "Requires num > 0: {}", num)
    xp = namespace(start, stop)
    if num == 1:
        return xp.reshape(start, (1,))
    step = (stop - start) / xp.asarray(num - 1).astype(start.dtype)
    counted = start + step * xp.arange(int(num) - 1).astype(start.dtype)
    return xp.concatenate([counted, xp.reshape(stop, (1,))])


@lin_space.shape
def _(num):
    length = known(num)
    if length is not None and length <= 0:
        raise ValueError(f"Requires num > 0: {length}")
    return (length,)


@lin_space.gradient
def _(op, grad):
    return (*_lin_space_grad(grad), None)


@op("LinSpaceGrad", "grad: T[n] -> start: T[], stop: T[]")
def _lin_space_grad(grad):
    """The gradient of `lin_space` with respect to its ends."""
    n = grad.shape[0]
    share = (np.arange(n) / max(n - 1, 1)).astype(grad.dtype)
    return [(grad * (1 - share)).sum(dtype=grad.dtype), (grad * share).sum(dtype=grad.dtype)]


@_lin_space_grad.gradient
def _(op, *ends):
    start, stop = _without_none(op, ends)
    return lin_space(start, stop, size(op.inputs[0]))


def _without_none(op: Any, grads: tuple[Any, ...]) -> list[Tensor]:
    """Return the gradients of an op's outputs, zeros for those that nothing depends on."""
    return [zeros_like(t) if g is None else g for t, g in zip(op.outputs, grads, strict=True)]


# -- one of many -----------------------------------------------------------------------------------------------------


@op("OneHot", "indices: TI, depth: static int32[], on_value: T[], off_value: T[] -> output: T",
    TI=(frozenset((dtypes.uint8, dtypes.int32, dtypes.int64)), dtypes.int64))  # fmt: skip
def _one_hot(indices, depth, on_value, off_value, axis: int = -1):
    """Put a new axis of size `depth` at `axis`: `on_value` at the place that `indices` says, else `off_value`."""
    place = axis_of(axis, indices.ndim + 1)
    check(depth >= 0, InvalidArgumentError, "depth must be non-negative, got: {}", depth)
    xp = namespace(indices, on_value, off_value)
    counted = np.arange(int(depth), dtype=np.int64).reshape((-1,) + (1,) * (indices.ndim - place))
    return xp.where(xp.expand_dims(indices, place) == counted, on_value, off_value)


@_one_hot.shape
def _(indices, depth, axis):
    length = known(depth)
    if length is not None and length < 0:
        raise ValueError(f"depth must be non-negative, got {length}")
    if indices is None:
        return None
    place = axis_in(axis, len(indices) + 1)
    return indices[:place] + (length,) + indices[place:]


@_one_hot.gradient
def _(op, grad):
    return (None, None, *_one_hot_grad(grad, op.inputs[0], axis=op.get_attr("axis")))


@op("OneHotGrad", "grad: T, indices: TI -> on_value: T[], off_value: T[]", T=NUMERIC)
def _one_hot_grad(grad, indices, axis: int = -1):
    """The gradient of `one_hot` with respect to its two values."""
    place = axis_of(axis, grad.ndim)
    counted = np.arange(grad.shape[place], dtype=np.int64).reshape((-1,) + (1,) * (grad.ndim - 1 - place))
    on = jnp.where(jnp.expand_dims(indices, place) == counted, grad, 0).sum(dtype=grad.dtype)
    return [on, grad.sum(dtype=grad.dtype) - on]


@_one_hot_grad.gradient
def _(op, *values):
    on, off = _without_none(op, values)
    grad, indices = op.inputs
    place = op.get_attr("axis")
    return _one_hot(indices, shape(grad)[place], on, off, place), None


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """Turn numbers into vectors that have `on_value` at the place of the number, and `off_value` elsewhere.

    Parameters
    ----------
    indices : uint8, int32 or int64 Tensor
        A number outside 0 to depth - 1 gives a vector of `off_value`.
    depth : int or Tensor []
        The length of the vectors.
    on_value, off_value : scalar, optional
        1 and 0 by default.
    axis : int, optional
        Where the vectors' axis is put; by default last.
    dtype : DType, optional
        float32, or the type of the values if they are given.
    name : str, optional

    Raises
    ------
    TypeError
        If the types don't agree.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value]) as scope:
        given = [None if v is None else convert_to_tensor(v).dtype.base_dtype for v in (on_value, off_value)]
        kind = next((k for k in (dtype, *given) if k is not None), dtypes.float32)
        for role, k in zip(("on_value", "off_value"), given, strict=True):
            if k is not None and k != kind:
                raise TypeError(f"dtype {k.name} of {role} does not match {dtypes.as_dtype(kind).name}")
        on = convert_to_tensor(1, kind, name="on_value") if on_value is None else on_value
        off = convert_to_tensor(0, kind, name="off_value") if off_value is None else off_value
        return _one_hot(indices, depth, on, off, axis, name=scope)


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """Return the coordinates of a grid: each of the vectors `args`, repeated along the axes of the others.

    Parameters
    ----------
    *args : Tensor [n_i]
    indexing : {"xy", "ij"}
        With "xy" the first two axes are swapped, as in a picture.
    name : str

    Raises
    ------
    ValueError
        If `indexing` is another word.
    """
    indexing = kwargs.pop("indexing", "xy")
    name = kwargs.pop("name", "meshgrid")
    if kwargs:
        raise TypeError(f"'{next(iter(kwargs))}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        rank_ = len(args)
        parts = [reshape(stack(x), (1,) * i + (-1,) + (1,) * (rank_ - i - 1)) for i, x in enumerate(args)]
        lengths = [size(x) for x in args]
        kind = convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and rank_ > 1:
            parts[0] = reshape(parts[0], (1, -1) + (1,) * (rank_ - 2))
            parts[1] = reshape(parts[1], (-1, 1) + (1,) * (rank_ - 2))
            lengths[:2] = lengths[1::-1]
        whole = ones(lengths, kind)
        return [part * whole for part in parts]
