"""Slices: `slice`, `strided_slice`, the brackets of a tensor, and assignment to a slice of a variable."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError, NotFoundError, UnimplementedError
from defrun.base.shapes import Dimension
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import cast_node, shape
from defrun.ops.axes import sizes
from defrun.ops.constant import constant
from defrun.ops.creation import ones_like, zeros_like
from defrun.ops.declare import op
from defrun.ops.join import stack
from defrun.ops.masks import boolean_mask
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX

newaxis = None

# -- slice -----------------------------------------------------------------------------------------------------------


@op("Slice", "input: T, begin: static Index[r], size: static Index[r] -> output: T", Index=INDEX, folds=True)
def _slice(input, begin, size, *, known=None):
    """Cut a block of `size` out of `input`, from `begin`."""
    check(len(size) == input.ndim, InvalidArgumentError,
          "Expected begin and size arguments to be 1-D tensors of size {}, but got {}",
          input.ndim, len(size))  # fmt: skip
    if isinstance(begin, jax.Array):
        return _moving_block(input, begin, sizes(size))
    cut = []
    for i, (dim, at, length) in enumerate(zip(input.shape, sizes(begin), sizes(size), strict=True)):
        check(0 <= at <= dim, InvalidArgumentError, "Expected begin[{}] in [0, {}], but got {}", i, dim, at)
        length = dim - at if length == -1 else length
        check(0 <= length <= dim - at, InvalidArgumentError,
              "Expected size[{}] in [0, {}], but got {}", i, dim - at, length)  # fmt: skip
        cut.append(slice(at, at + length))
    return input[tuple(cut)]


def _moving_block(x: Any, begin: Any, lengths: tuple[int, ...]) -> Any:
    room = np.array(x.shape) - lengths
    check((room >= 0).all(), InvalidArgumentError, "Expected size {} to fit into {}", list(lengths), list(x.shape))
    check(((begin >= 0) & (begin <= room)).all(), InvalidArgumentError,
          "Expected begin + size in {}, but got begin {} and size {}", list(x.shape), begin, list(lengths))  # fmt: skip
    return lax.dynamic_slice(x, list(begin), lengths)


@_slice.static
def _(size):
    rest = size is None or any(n is None or n == -1 for n in size)
    return ("begin", "size") if rest else ("size",)


@_slice.shape
def _(input, begin, size):
    if size is None:
        return None if input is None else (None,) * len(input)
    if any(n is not None and n < -1 for n in size):
        raise ValueError(f"Invalid value in tensor used for shape: {list(size)}")
    dims = (None,) * len(size) if input is None else input
    if len(dims) != len(size):
        raise ValueError(f"Shape must be rank {len(dims)} but is rank {len(size)} for 'size'")
    starts = [None] * len(size) if begin is None else list(begin)
    return tuple(
        (None if dim is None or at is None else dim - int(at)) if n == -1 else n if n is None else int(n)
        for dim, at, n in zip(dims, starts, size, strict=True)
    )


@_slice.gradient
def _(op, grad):
    source, begin, _ = op.inputs
    return _slice_grad(shape(source), begin, grad), None, None


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """Cut a block out of `input_`.

    Parameters
    ----------
    input_ : Tensor
    begin : int32 or int64 Tensor [rank]
        Where the block begins.
    size : int32 or int64 Tensor [rank]
        How large it is; -1 takes all that is left of an axis.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        If the block reaches over the edge when run.
    """
    return _slice(input_, begin, size, name=name)


@op("SliceGrad", "shape: static Tshape[r], begin: static Index[r], grad: T -> output: T", Tshape=INDEX, Index=INDEX)
def _slice_grad(shape, begin, grad, *, known=None):
    """Put `grad` into zeros of `shape`, at `begin`: the gradient of `slice`."""
    wanted = sizes(shape)
    if isinstance(begin, jax.Array):
        return lax.dynamic_update_slice(jnp.zeros(wanted, grad.dtype), grad, list(begin))
    around = [(at, dim - at - n, 0) for at, dim, n in zip(sizes(begin), wanted, grad.shape, strict=True)]
    return lax.pad(grad, jnp.zeros((), grad.dtype), around)


@_slice_grad.static
def _():
    return ("shape",)


@_slice_grad.shape
def _(shape):
    return shape


@_slice_grad.gradient
def _(op, grad):
    return None, None, _slice(grad, op.inputs[1], shape(op.inputs[2]))


# -- what a strided slice means --------------------------------------------------------------------------------------


class _Masks(NamedTuple):
    """Bit i speaks of entry i of begin, end and strides."""

    begin: int
    end: int
    ellipsis: int
    new_axis: int
    shrink: int


_MASK_ATTRS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


class _Cut(NamedTuple):
    """What happens along one axis: every `step`-th of `length` elements from `start`, or the one at `place`."""

    start: int
    length: int
    step: int
    place: Any = None


_WHOLE = -1
_NEW = -2


def _layout(rank: int, count: int, masks: _Masks) -> tuple[list[int], list[int]]:
    """Say which entry (or `_WHOLE`) cuts each axis, and which axis (or `_NEW`) each axis of the result comes from.

    Raises
    ------
    ValueError
        If there are more entries than axes, or more than one ellipsis.
    """
    ellipses = [i for i in range(count) if masks.ellipsis >> i & 1]
    if len(ellipses) > 1:
        raise ValueError("Multiple ellipses in slice spec not allowed")
    added = [i for i in range(count) if masks.new_axis >> i & 1 and i not in ellipses]
    whole = rank - (count - len(ellipses) - len(added))
    if whole < 0:
        raise ValueError(f"Index out of range using input dim {rank}; input has only {rank} dims")
    entries: list[int] = []
    result: list[int] = []
    for i in range(count + 1):
        if i in ellipses or (i == count and not ellipses):
            result.extend(range(len(entries), len(entries) + whole))
            entries.extend([_WHOLE] * whole)
        elif i == count:
            break
        elif i in added:
            result.append(_NEW)
        else:
            if not masks.shrink >> i & 1:
                result.append(len(entries))
            entries.append(i)
    return entries, result


def _cut(axis: int, dim: int, begin: int, end: int, step: int, begin_masked: int, end_masked: int) -> _Cut:
    """Python's own rule for a slice of an axis of size `dim`."""
    if step == 0:
        raise ValueError(f"strides[{axis}] must be non-zero")
    start, stop, _ = slice(None if begin_masked else begin, None if end_masked else end, step).indices(dim)
    return _Cut(start, len(range(start, stop, step)), step)


def _place(axis: int, dim: int, index: int, step: int) -> _Cut:
    if step <= 0:
        raise ValueError("only stride 1 allowed on non-range indexing.")
    if not -dim <= index < dim:
        raise ValueError(f"slice index {index} of dimension {axis} out of bounds.")
    return _Cut(index % dim, 1, 1)


def _sliced(input, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    if input is None or strides is None or None in list(strides):
        return None
    count = len(strides)
    begin, end = ([None] * count if v is None else v for v in (begin, end))
    entries, result = _layout(len(input), count, masks)
    lengths = [
        dim if i == _WHOLE else _length(axis, dim, begin[i], end[i], strides[i], i, masks)
        for axis, (i, dim) in enumerate(zip(entries, input, strict=True))
    ]
    return tuple(1 if axis == _NEW else lengths[axis] for axis in result)


def _length(axis: int, dim: Any, begin: Any, end: Any, step: Any, i: int, masks: _Masks) -> int | None:
    if step == 0:
        raise ValueError(f"strides[{axis}] must be non-zero")
    if masks.shrink >> i & 1:
        if None not in (dim, begin, step):
            _place(axis, dim, int(begin), int(step))
        return 1
    begin_masked, end_masked = masks.begin >> i & 1, masks.end >> i & 1
    if dim is None or step is None or (begin is None and not begin_masked) or (end is None and not end_masked):
        return None
    return _cut(axis, dim, int(begin or 0), int(end or 0), int(step), begin_masked, end_masked).length


def _needed(begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    """Say which inputs must be known: all, unless what is not known is the index of a single element."""
    if strides is None or None in list(strides) or begin is None or end is None:
        return ("begin", "end", "strides", "shape")
    free = ellipsis_mask | new_axis_mask | shrink_axis_mask
    names = ["strides", "shape"]
    for name, values, mask in (("begin", begin, begin_mask), ("end", end, end_mask)):
        if any(v is None and not (free | mask) >> i & 1 for i, v in enumerate(values)):
            names.append(name)
    return names


def _cuts(dims, begin, end, strides, masks, known):
    """Work the slice out for an array of shape `dims`: a cut for each axis, and where the result's axes come from."""
    known = known or {}
    begins, ends = (v if isinstance(v, np.ndarray) else known[name] for v, name in ((begin, "begin"), (end, "end")))
    try:
        entries, result = _layout(len(dims), len(strides), masks)
        cuts = []
        for axis, (i, dim) in enumerate(zip(entries, dims, strict=True)):
            if i == _WHOLE:
                cuts.append(_Cut(0, dim, 1))
            elif not masks.shrink >> i & 1:
                bits = masks.begin >> i & 1, masks.end >> i & 1
                first, last = _number(begins[i], begin, i, bits[0]), _number(ends[i], end, i, bits[1])
                cuts.append(_cut(axis, dim, first, last, int(strides[i]), *bits))
            elif begins[i] is not None:
                cuts.append(_place(axis, dim, int(begins[i]), int(strides[i])))
            else:
                cuts.append(_moving(axis, dim, begin[i]))
        return cuts, result
    except ValueError as error:
        check(False, InvalidArgumentError, "{}", error)
        raise


def _number(known: Any, given: Any, i: int, masked: int) -> int:
    """Return a bound as a number; JAX refuses one that is not known while compiling, unless it is masked."""
    return 0 if masked else int(given[i] if known is None else known)


def _moving(axis: int, dim: int, index: Any) -> _Cut:
    check((index >= -dim) & (index < dim), InvalidArgumentError,
          f"slice index {{}} of dimension {axis} out of bounds.", index)  # fmt: skip
    return _Cut(0, 1, 1, jnp.where(index < 0, index + dim, index))


def _taken(x: Any, cuts: list[_Cut]) -> Any:
    """Apply the cuts; every axis stays, those with a place have size 1."""
    if any(c.place is not None for c in cuts):
        x = lax.dynamic_slice(
            x,
            _starts(cuts),
            [d if c.place is None else 1 for d, c in zip(x.shape, cuts, strict=True)],
        )
    return x[tuple(_python_slice(c) for c in cuts)]


def _starts(cuts: list[_Cut]) -> list[Any]:
    """Where the cuts with a place begin; the others are taken whole first."""
    return [np.int32(0) if c.place is None else c.place.astype(np.int32) for c in cuts]


def _python_slice(cut: _Cut) -> slice:
    if not cut.length:
        return slice(0, 0)
    stop = cut.start + cut.length * cut.step
    return slice(cut.start, None if stop < 0 else stop, cut.step)


def _spread(value: Any, dims: tuple[int, ...], cuts: list[_Cut]) -> Any:
    """Put `value` where the cuts took from, zeros elsewhere; axes with a place keep size 1."""
    backwards = [i for i, c in enumerate(cuts) if c.step < 0]
    around = []
    for dim, c in zip(dims, cuts, strict=True):
        if c.place is not None:
            around.append((0, 0, 0))
            continue
        step, reach = abs(c.step), abs(c.step) * max(c.length - 1, 0)
        low = c.start - reach if c.step < 0 else c.start
        around.append((low, dim - low - reach - 1, step - 1) if c.length else (0, dim, 0))
    value = lax.rev(value, backwards) if backwards else value
    return lax.pad(value, jnp.zeros((), value.dtype), around)


def _put(x: Any, value: Any, cuts: list[_Cut]) -> Any:
    """Replace by `value` what the cuts take of `x`."""
    if namespace(x, value) is np and all(c.place is None for c in cuts):
        x = x.copy()
        x[tuple(_python_slice(c) for c in cuts)] = value
        return x
    x, value = jnp.asarray(x), jnp.asarray(value)
    if all(c.step == 1 for c in cuts):
        starts = [np.int32(c.start) if c.place is None else c.place.astype(np.int32) for c in cuts]
        return lax.dynamic_update_slice(x, value, starts) if value.size else x
    starts = _starts(cuts)
    lengths = [d if c.place is None else 1 for d, c in zip(x.shape, cuts, strict=True)]
    mask = np.zeros(lengths, bool)
    mask[tuple(_python_slice(c) for c in cuts)] = True
    part = jnp.where(mask, _spread(value, x.shape, cuts), lax.dynamic_slice(x, starts, lengths))
    return lax.dynamic_update_slice(x, part, starts)


# -- strided slice ---------------------------------------------------------------------------------------------------


@op("StridedSlice",
    "input: T, begin: static Index[k], end: static Index[k], strides: static Index[k] -> output: T",
    if_padded={"input": "sizes"},
    shape=_sliced, Index=INDEX, folds=True)  # fmt: skip
def _strided_slice(
    input, begin, end, strides, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0,
    shrink_axis_mask: int = 0, *, known=None,
):  # fmt: skip
    """Take every `strides`-th element from `begin` to `end`."""
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    cuts, result = _cuts(input.shape, begin, end, strides, masks, known)
    return _taken(input, cuts).reshape([1 if axis == _NEW else cuts[axis].length for axis in result])


_strided_slice.static(_needed)


def _mask_attrs(op: Any) -> dict[str, int]:
    return {name: op.get_attr(name) for name in _MASK_ATTRS}


@_strided_slice.gradient
def _(op, grad):
    source, begin, end, strides = op.inputs
    whole = shape(source, out_type=begin.dtype.base_dtype)
    return strided_slice_grad(whole, begin, end, strides, grad, **_mask_attrs(op)), None, None, None


@op("StridedSliceGrad",
    "shape: static Index[r], begin: static Index[k], end: static Index[k], strides: static Index[k], dy: T -> "
    "output: T", Index=INDEX)  # fmt: skip
def strided_slice_grad(
    shape, begin, end, strides, dy, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0,
    new_axis_mask: int = 0, shrink_axis_mask: int = 0, *, known=None,
):  # fmt: skip
    """Put `dy` where a strided slice of a tensor of `shape` took from, zeros elsewhere."""
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    dims = sizes(shape)
    cuts, _ = _cuts(dims, begin, end, strides, masks, known)
    part = _spread(dy.reshape([c.length for c in cuts]), dims, cuts)
    if all(c.place is None for c in cuts):
        return part
    starts = _starts(cuts)
    return lax.dynamic_update_slice(jnp.zeros(dims, dy.dtype), part, starts)


strided_slice_grad.static(_needed)


@strided_slice_grad.shape
def _(shape):
    return shape


@strided_slice_grad.gradient
def _(op, grad):
    return None, None, None, None, _strided_slice(grad, *op.inputs[1:4], **_mask_attrs(op))


def _assigned(ref, begin, end, strides, value, masks, known, ok=None):
    cuts, result = _cuts(ref.shape, begin, end, strides, masks, known)
    wanted = [1 if axis == _NEW else cuts[axis].length for axis in result]
    check(list(value.shape) == wanted, UnimplementedError,
          "sliced l-value shape {} does not match r-value shape {}. Automatic broadcasting not yet implemented.",
          wanted, list(value.shape))  # fmt: skip
    part = value.reshape([c.length for c in cuts])
    return _put(ref, part if ok is None else jnp.where(ok, part, _taken(ref, cuts)), cuts)


@op("StridedSliceAssign",
    "ref: ref T[...], begin: static Index[k], end: static Index[k], strides: static Index[k], value: T -> "
    "output_ref: ref T[...]", Index=INDEX, writes="ref", differentiable=False)  # fmt: skip
def strided_slice_assign(
    ref, begin, end, strides, value, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0,
    new_axis_mask: int = 0, shrink_axis_mask: int = 0, *, known=None, ok=None,
):  # fmt: skip
    """Replace a strided slice of the variable `ref` by `value`, which has the slice's shape."""
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    return _assigned(ref, begin, end, strides, value, masks, known, ok)


strided_slice_assign.static(_needed)


@op("ResourceStridedSliceAssign",
    "ref: resource, begin: static Index[k], end: static Index[k], strides: static Index[k], value: T ->",
    Index=INDEX, writes="ref", unset=NotFoundError, differentiable=False)  # fmt: skip
def resource_strided_slice_assign(
    ref, begin, end, strides, value, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0,
    new_axis_mask: int = 0, shrink_axis_mask: int = 0, *, known=None, ok=None,
):  # fmt: skip
    """Replace a strided slice of the variable of the handle `ref` by `value`, which has the slice's shape."""
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    return _assigned(ref, begin, end, strides, value, masks, known, ok)


resource_strided_slice_assign.static(_needed)


@op("TensorStridedSliceUpdate",
    "input: T[...], begin: static Index[k], end: static Index[k], strides: static Index[k], value: T -> "
    "output: T[...]", Index=INDEX)  # fmt: skip
def tensor_strided_slice_update(
    input, begin, end, strides, value, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0,
    new_axis_mask: int = 0, shrink_axis_mask: int = 0, *, known=None,
):  # fmt: skip
    """Return `input` with a strided slice replaced by `value`, which has the slice's shape."""
    masks = _Masks(begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    return _assigned(input, begin, end, strides, value, masks, known)


tensor_strided_slice_update.static(_needed)


@tensor_strided_slice_update.gradient
def _(op, grad):
    _, begin, end, strides, value = op.inputs
    masks = _mask_attrs(op)
    without = tensor_strided_slice_update(grad, begin, end, strides, zeros_like(value), **masks)
    return without, None, None, None, _strided_slice(grad, begin, end, strides, **masks)


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """Take every `strides`-th element from `begin` to `end` (not included) along the first axes of `input_`.

    ``x[1:5:2, 0]`` says the same and is easier to read.

    Parameters
    ----------
    input_ : Tensor
    begin, end : int32 or int64 Tensor [k]
        Negative ones count from the end.
    strides : int32 or int64 Tensor [k], optional
        1 by default.
    begin_mask, end_mask : int
        Bit i: from the very beginning, to the very end of axis i.
    ellipsis_mask : int
        Bit i: entry i stands for as many whole axes as there are left.
    new_axis_mask : int
        Bit i: entry i is a new axis of size 1.
    shrink_axis_mask : int
        Bit i: take the one element at ``begin[i]``; the axis is gone.
    var : Variable, optional
        What ``assign`` of the result assigns to.
    name : str, optional

    Raises
    ------
    ValueError
        If it is known that an index is out of range, a stride is 0, or there are too many entries.
    InvalidArgumentError
        If that turns out when run.
    """
    if strides is None:
        strides = ones_like(begin)
    masks = {
        "begin_mask": begin_mask,
        "end_mask": end_mask,
        "ellipsis_mask": ellipsis_mask,
        "new_axis_mask": new_axis_mask,
        "shrink_axis_mask": shrink_axis_mask,
    }
    result = _strided_slice(input_, begin, end, strides, **masks, name=name)

    def assign(val: Any, name: str | None = None, _parent: str | None = name) -> Any:
        if var is None:
            raise ValueError("Sliced assignment is only supported for variables")
        own = f"{_parent}_assign" if name is None else name
        return var._strided_slice_assign(begin=begin, end=end, strides=strides, value=val, name=own, **masks)

    result.assign = assign
    return result


# -- brackets --------------------------------------------------------------------------------------------------------

_VALID = (
    "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid "
    "indices"
)


def _check_index(index: Any) -> None:
    if isinstance(index, (int, Dimension)):
        return
    kind = getattr(index, "dtype", None)
    if kind is not None and dtypes.as_dtype(kind).base_dtype in INDEX:
        rank = getattr(index, "ndim", None) if not isinstance(index, Tensor) else len(index.dims or ())
        if rank != 1:
            return
    raise TypeError(f"{_VALID}, got {index!r}")


def _bound(value: Any) -> tuple[Any, int]:
    """Return an end of a slice and whether it is left open; Python 2 filled in `sys.maxsize`."""
    if value is None or (not isinstance(value, Tensor) and value == sys.maxsize):
        return 0, 1
    _check_index(value)
    return value, 0


def getitem(tensor: Any, key: Any, var: Any = None) -> Tensor:
    """Return ``tensor[key]``: ints, slices, ``...``, ``tf.newaxis``, scalar tensors, or one mask of bools.

    With `var`, the variable that `tensor` is the value of, the result has a method ``assign``.
    """
    if isinstance(key, bool) or (isinstance(key, (Tensor, np.ndarray)) and dtypes.as_dtype(key.dtype).is_bool):
        return boolean_mask(tensor, key)
    keys = key if isinstance(key, (list, tuple)) else [key]
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    masks: dict[str, Any] = dict.fromkeys(_MASK_ATTRS, 0)
    for i, item in enumerate(keys):
        start, stop, step = 0, 0, 1
        if isinstance(item, slice):
            start, open_start = _bound(item.start)
            stop, open_stop = _bound(item.stop)
            masks["begin_mask"] |= open_start << i
            masks["end_mask"] |= open_stop << i
            if item.step is not None:
                _check_index(item.step)
                step = item.step
        elif item is Ellipsis:
            masks["ellipsis_mask"] |= 1 << i
        elif item is newaxis:
            masks["new_axis_mask"] |= 1 << i
        else:
            _check_index(item)
            masks["shrink_axis_mask"] |= 1 << i
            start, stop = item, item + 1
        begin.append(start)
        end.append(stop)
        strides.append(step)
    with name_scope(None, "strided_slice", [tensor, *begin, *end, *strides]) as scope:
        if keys:
            first, last, steps = _of_one_type(stack(begin), stack(end), stack(strides))
        else:
            first = last = steps = constant([], dtypes.int32)
        return strided_slice(tensor, first, last, steps, var=var, name=scope, **masks)


def _of_one_type(*bounds: Tensor) -> list[Tensor]:
    if all(t.dtype != dtypes.int64 for t in bounds):
        return list(bounds)
    return [t if t.dtype == dtypes.int64 else cast_node(t, dtypes.int64) for t in bounds]


def getitem_of_variable(var: Any, key: Any) -> Tensor:
    """Return ``var[key]``; its ``assign`` sets that part of the variable."""
    return getitem(var.value(), key, var)


Tensor.__getitem__ = getitem
