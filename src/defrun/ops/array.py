"""A tensor's identity and shape: identity, shape, size, rank, reshape, expand_dims, squeeze."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor, graph_of
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import partial_value
from defrun.ops.axes import axes_of, axis_in, axis_of, known, sizes
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX

NONE_GIVEN: list[int] = []

# -- the same value --------------------------------------------------------------------------------------------------


@op("Identity", "input: T[...] -> output: T[...]", folds=True, forwards=True, if_padded="keeps")
def identity(input):
    """Return `input` as a node of its own: a name, a device, a place for control dependencies."""
    return input


@identity.gradient
def _(op, grad):
    return grad


@op("IdentityN", "input: list(T) -> output: list(T)", folds=True)
def identity_n(input):
    """Return each of the tensors `input`, all of them once all of them are there."""
    return input


@identity_n.shape
def _(input):
    return input


@identity_n.gradient
def _(op, *grads):
    return grads


@op("Snapshot", "input: T[...] -> output: T[...]")
def snapshot(input):
    """Return a copy of `input`."""
    return input


@snapshot.gradient
def _(op, grad):
    return grad


@op("GuaranteeConst", "input: T[...] -> output: T[...]", stateful=True)
def guarantee_const(input):
    """Return `input`, of which the caller promises that it never changes."""
    return input


@guarantee_const.gradient
def _(op, grad):
    return grad


@op("StopGradient", "input: T[...] -> output: T[...]", folds=True, differentiable=False)
def stop_gradient(input):
    """Return `input`; gradients take it for a constant."""
    return input


@op("PreventGradient", "input: T[...] -> output: T[...]")
def prevent_gradient(input, message: str = ""):
    """Return `input`; asking for a gradient through it is an error (`LookupError`) that says `message`."""
    return input


@prevent_gradient.gradient
def _(op, grad):
    raise LookupError(f"Gradient explicitly disabled. Reason: {op.get_attr('message')!r}")


@op("DebugGradientIdentity", "input: T[...] -> output: T[...]")
def debug_gradient_identity(input):
    """Return `input`: a place where gradients may be looked at."""
    return input


@debug_gradient_identity.gradient
def _(op, grad):
    return grad


@op("EnsureShape", "input: T -> output: T")
def ensure_shape(input, shape: Dims):
    """Return `input`, having made sure that it has `shape` (where that says something).

    Raises
    ------
    InvalidArgumentError
        When run with another shape.
    """
    ok = shapes.compatible(input.shape, shape)
    check(ok, InvalidArgumentError, "Shape of tensor {} is not compatible with expected shape {}.",
          shapes.text(input.shape), shapes.text(shape))  # fmt: skip
    return input


@ensure_shape.shape
def _(input, shape):
    return shapes.merge(input, shape)


@ensure_shape.gradient
def _(op, grad):
    return grad


# -- what the shape is -----------------------------------------------------------------------------------------------


@op("Shape", "input: T -> output: out_type", out_type=INDEX, folds=True, of_shape="shape", differentiable=False)
def shape_of(input, out_type: DType = dtypes.int32):
    """The shape as a vector."""
    return np.array(input.shape, out_type.as_numpy_dtype)


@shape_of.shape
def _(input):
    return (None if input is None else len(input),)


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """Return the shape of `input` as a tensor: a constant if it is known already.

    Parameters
    ----------
    input : Tensor or SparseTensor
    name : str, optional
    out_type : DType
        int32 or int64.

    Returns
    -------
    Tensor [rank]
    """
    with name_scope(name, "Shape", [input]) as scope:
        if isinstance(input, SparseTensor):
            return cast_node(input.dense_shape, out_type)
        dims = convert_to_tensor(input).dims
        if shapes.is_known(dims):
            return constant(list(dims or ()), out_type, name=scope)
        return shape_of(input, out_type, name=scope)


def cast_node(x: Tensor, dtype: Any, name: str = "Cast") -> Tensor:
    """Add a Cast to `dtype`, even if `x` has that type."""
    # Cast stands in a file that imports this one.
    attrs = {"DstT": dtypes.as_dtype(dtype)}
    return graph_of([x]).create_op("Cast", [x], attrs=attrs, name=name).outputs[0]


@op(
    "ShapeN", "input: N * T -> output: N * out_type", out_type=INDEX, folds=True, of_shape="shape", differentiable=False
)
def shape_n(input, out_type: DType = dtypes.int32):
    """The shapes of several tensors, each as a vector."""
    return [np.array(x.shape, out_type.as_numpy_dtype) for x in input]


@shape_n.shape
def _(input):
    return [(None if dims is None else len(dims),) for dims in input]


@op("Size", "input: T -> output: out_type[]", out_type=INDEX, folds=True, of_shape="shape", differentiable=False)
def size_of(input, out_type: DType = dtypes.int32):
    """The number of elements."""
    return np.array(math.prod(input.shape), out_type.as_numpy_dtype)


def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """Return the number of elements of `input`: a constant if it is known already.

    Parameters
    ----------
    input : Tensor or SparseTensor
    name : str, optional
    out_type : DType
        int32 or int64.

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "Size", [input]) as scope:
        if isinstance(input, SparseTensor):
            sizes_ = cast_node(input.dense_shape, out_type)
            attrs = {"keep_dims": False}
            return graph_of([sizes_]).create_op("Prod", [sizes_, constant(0)], attrs=attrs, name=scope).outputs[0]
        dims = convert_to_tensor(input).dims
        if shapes.is_known(dims) or (dims is not None and 0 in dims):
            return constant(0 if 0 in dims else math.prod(dims), out_type, name=scope)  # type: ignore[operator, arg-type]
        return size_of(input, out_type, name=scope)


@op("Rank", "input: T -> output: int32[]", folds=True, of_shape="rank", differentiable=False)
def rank_of(input):
    """The number of axes."""
    return np.array(len(input.shape), np.int32)


def rank(input: Any, name: str | None = None) -> Tensor:
    """Return the number of axes of `input`: a constant if it is known already.

    Parameters
    ----------
    input : Tensor or SparseTensor
    name : str, optional

    Returns
    -------
    int32 Tensor []
    """
    with name_scope(name, "Rank", [input]) as scope:
        if isinstance(input, SparseTensor):
            return size_of(input.dense_shape, name=scope)
        dims = convert_to_tensor(input).dims
        if dims is not None:
            return constant(len(dims), dtypes.int32, name=scope)
        return rank_of(input, name=scope)


# -- another shape, the same elements --------------------------------------------------------------------------------


def _same_rows(node):
    """What comes of padded rows: as many rows, where each is as large as before."""
    wanted, rows = partial_value(node.inputs[1]), node.inputs[0]._dims
    if wanted is None or not len(wanted) or rows is None or None in rows[1:]:
        return {}
    first, *rest = list(wanted)
    if any(size is None or size < 0 for size in rest) or math.prod(rest) != math.prod(rows[1:]):
        return {}
    return {"tensor": "keeps"} if first == -1 else {"tensor": "keeps", "shape": "fits"}


@op("Reshape", "tensor: T, shape: static Tshape[r] -> output: T", Tshape=(INDEX, dtypes.int32), folds=True,
    if_padded=_same_rows)  # fmt: skip
def reshape(tensor, shape):
    """Give the elements of `tensor` another shape.

    Parameters
    ----------
    tensor : Tensor
    shape : int32 or int64 Tensor [r]
        One size may be -1: what is left.

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If the number of elements is known and doesn't fit.
    InvalidArgumentError
        If it turns out not to fit when run.
    """
    dims = list(sizes(shape))
    if dims.count(-1) == 1:
        rest = -math.prod(dims)
        check(rest > 0 or tensor.size == 0, InvalidArgumentError,
              "reshape cannot infer the missing input size for an empty tensor unless all specified input sizes are "
              "non-zero")  # fmt: skip
        check(rest == 0 or tensor.size % rest == 0, InvalidArgumentError,
              "Input to reshape is a tensor with {} values, but the requested shape requires a multiple of {}",
              tensor.size, rest)  # fmt: skip
        dims[dims.index(-1)] = tensor.size // rest if rest else 0
    check(min(dims, default=0) >= 0, InvalidArgumentError, "Size {} of a shape must be >= 0", min(dims, default=0))
    check(math.prod(dims) == tensor.size, InvalidArgumentError,
          "Input to reshape is a tensor with {} values, but the requested shape has {}",
          tensor.size, math.prod(dims))  # fmt: skip
    return namespace(tensor).reshape(tensor, dims)


@reshape.shape
def _(tensor, shape):
    if shape is None:
        return None
    dims = [None if d is None or d == -1 else int(d) for d in np.ravel(np.array(shape, object))]
    if any(d is not None and d < 0 for d in dims):
        raise ValueError(f"Size of a shape must be >= -1, got {list(shape)}")
    count = shapes.count(tensor)
    rest = math.prod(d for d in dims if d is not None)
    if None not in dims and count not in (None, rest):
        raise ValueError(f"Cannot reshape a tensor with {count} elements to shape {dims} ({rest} elements)")
    if dims.count(None) == 1 and count is not None and rest:
        if count % rest:
            raise ValueError(f"Dimension size must be evenly divisible by {rest} but is {count}")
        dims[dims.index(None)] = count // rest
    return dims


@reshape.gradient
def _(op, grad):
    return reshape(grad, shape(op.inputs[0])), None


@op("ExpandDims", "input: T, dim: static Tdim -> output: T", Tdim=(INDEX, dtypes.int32), folds=True,
    if_padded={"input": "sizes"})  # fmt: skip
def insert_axis(input, dim):
    """Put an axis of size 1 at `dim`."""
    return namespace(input).expand_dims(input, axis_of(dim, input.ndim + 1))


@insert_axis.shape
def _(input, dim):
    if input is None:
        return None
    place = known(dim)
    if place is None:
        return (None,) * (len(input) + 1)
    place = axis_in(place, len(input) + 1)
    return input[:place] + (1,) + input[place:]


@insert_axis.gradient
def _(op, grad):
    return reshape(grad, shape(op.inputs[0])), None


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Put an axis of size 1 before axis `axis` of `input`.

    Parameters
    ----------
    input : Tensor
    axis : int
        From -rank - 1 to rank; negative ones count from the end of the result.
    name : str, optional
    dim : int, optional
        The old name of `axis`.

    Raises
    ------
    ValueError
        If `axis` is not given, given twice, or out of range.
    """
    axis = either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return insert_axis(input, axis, name=name)


def either(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """Return the argument that was given under its new or its old name; `ValueError` if both were."""
    if old is not None:
        if new is not None:
            raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
        return old
    return new


@op("Squeeze", "input: T -> output: T", folds=True)
def remove_axes(input, squeeze_dims: list[int] = NONE_GIVEN):
    """Remove the axes `squeeze_dims` (all of size 1 if there are none)."""
    axes = axes_of(squeeze_dims, input.ndim) if squeeze_dims else [i for i, d in enumerate(input.shape) if d == 1]
    for axis in axes:
        check(input.shape[axis] == 1, InvalidArgumentError,
              "Can not squeeze dim[{}], expected a dimension of 1, got {}", axis, input.shape[axis])  # fmt: skip
    return namespace(input).reshape(input, [d for i, d in enumerate(input.shape) if i not in axes])


@remove_axes.shape
def _(input, squeeze_dims):
    if input is None or (not squeeze_dims and None in input):
        return None
    axes = [axis_in(a, len(input)) for a in squeeze_dims] or [i for i, d in enumerate(input) if d == 1]
    for axis in axes:
        if input[axis] not in (1, None):
            raise ValueError(f"Can not squeeze dim[{axis}], expected a dimension of 1, got {input[axis]}")
    return [d for i, d in enumerate(input) if i not in axes]


@remove_axes.gradient
def _(op, grad):
    return reshape(grad, shape(op.inputs[0]))


def squeeze(input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None) -> Tensor:
    """Remove axes of size 1 from `input`.

    Parameters
    ----------
    input : Tensor
    axis : int or list of int, optional
        Which ones; by default all that have size 1.
    name : str, optional
    squeeze_dims : int or list of int, optional
        The old name of `axis`.

    Raises
    ------
    ValueError
        If such an axis is known to have another size.
    InvalidArgumentError
        If it turns out so when run.
    """
    axis = either("axis", axis, "squeeze_dims", squeeze_dims)
    return remove_axes(input, [axis] if np.isscalar(axis) else axis, name=name)
