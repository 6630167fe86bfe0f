"""Reductions along axes: sums, means, extremes, products, and where the extremes are."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import either, rank, reshape, shape, shape_of, stop_gradient
from defrun.ops.axes import axes_of, axis_in, axis_of, known
from defrun.ops.broadcast import spread_like
from defrun.ops.cast import cast
from defrun.ops.compare import equal, is_finite, not_equal, select
from defrun.ops.complex import conj
from defrun.ops.constant import constant
from defrun.ops.creation import range_, zeros, zeros_like
from defrun.ops.cumulate import cumprod
from defrun.ops.declare import OpFunction, op
from defrun.ops.elementary import exp, log, sqrt
from defrun.ops.math import add, square, subtract
from defrun.ops.namespace import namespace
from defrun.ops.types import COMPLEX, FLOAT, INDEX, NUMERIC, REAL

_TIDX = (INDEX, dtypes.int32)

# -- shapes and gradients that reductions share ----------------------------------------------------------------------


def _reduced(input: Dims, reduction_indices: Any, keep_dims: bool) -> Dims:
    """Shape rule of a reduction."""
    if input is None:
        return None
    if reduction_indices is None or any(i is None for i in np.ravel(np.array(reduction_indices, object))):
        return (None,) * len(input) if keep_dims else None
    axes = {axis_in(int(i), len(input)) for i in np.ravel(reduction_indices)}
    if keep_dims:
        return tuple(1 if i in axes else d for i, d in enumerate(input))
    return tuple(d for i, d in enumerate(input) if i not in axes)


def _axes(input: Any, reduction_indices: Any) -> tuple[int, ...]:
    """Axes to reduce, each once; for bodies."""
    return tuple(sorted(set(axes_of(reduction_indices, input.ndim))))


def _places(axes: Any, rank: int) -> tuple[int, ...]:
    """The axes that a reduction has removed, counted from the front, if it has left `rank` of them.

    One may be named twice, even from both ends.
    """
    for count in range(np.size(axes), 0, -1):
        places = {int(axis) % (rank + count) for axis in np.ravel(axes)}
        if len(places) == count:
            return tuple(sorted(places))
    return ()


@op("InsertAxes", "input: T, axes: static Tidx -> output: T", Tidx=_TIDX)
def _insert_axes(input, axes):
    """Put axes of size 1 where a reduction has removed `axes`."""
    return jnp.expand_dims(input, _places(axes, input.ndim))


@_insert_axes.shape
def _(input, axes):
    if input is None or axes is None or None in list(np.ravel(np.array(axes, object))):
        return None
    places = _places(axes, len(input))
    sizes = iter(input)
    return [1 if i in places else next(sizes) for i in range(len(input) + len(places))]


@_insert_axes.gradient
def _(op, grad):
    return _sum(grad, op.inputs[1]), None


def _unreduced(op: Any, value: Tensor) -> Tensor:
    """Let `value`, shaped like the output of a reduction, broadcast to the shape of its input."""
    if op.get_attr("keep_dims") or value.dims == ():
        return value
    axes = constant_value(op.inputs[1])
    if axes is not None and sorted(np.ravel(axes)) == list(range(np.size(axes))):
        return value
    return _insert_axes(value, op.inputs[1])


@op("ShareOut", "input: T, whole: static int32[r] -> output: T", T=FLOAT | COMPLEX)
def _share_out(input, whole):
    """Divide by the number of elements of the shape `whole` for each of `input`."""
    return input / (math.prod(int(d) for d in whole) // max(input.size, 1))


@_share_out.shape
def _(input):
    return input


@_share_out.gradient
def _(op, grad):
    return _share_out(grad, op.inputs[1]), None


# -- the ops ---------------------------------------------------------------------------------------------------------


@op("Sum", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=NUMERIC, Tidx=_TIDX, folds=True)
def _sum(input, reduction_indices, keep_dims: bool = False):
    """The sum along the axes `reduction_indices`."""
    return namespace(input).sum(input, _axes(input, reduction_indices), keepdims=keep_dims, dtype=input.dtype)


@_sum.gradient
def _(op, grad):
    return spread_like(_unreduced(op, grad), op.inputs[0]), None


@op("Mean", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=NUMERIC, Tidx=_TIDX, folds=True)
def _mean(input, reduction_indices, keep_dims: bool = False):
    """The mean along the axes `reduction_indices`; of integers rounded towards 0."""
    axes = _axes(input, reduction_indices)
    count = math.prod(input.shape[i] for i in axes)
    total = namespace(input).sum(input, axes, keepdims=keep_dims, dtype=input.dtype)
    if input.dtype.kind not in "iu":
        with np.errstate(invalid="ignore", divide="ignore"):
            return total / np.array(count, total.dtype)
    return (total - namespace(input).fmod(total, max(count, 1))) // max(count, 1)


@_mean.gradient
def _(op, grad):
    x, y = op.inputs[0], op.outputs[0]
    count, kept = shapes.count(x.dims), shapes.count(y.dims)
    if count is not None and kept is not None:
        grad = grad / constant(count // max(kept, 1), grad.dtype.base_dtype)
    else:
        grad = _share_out(grad, shape_of(x))
    return spread_like(_unreduced(op, grad), x), None


@op("Prod", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=NUMERIC, Tidx=_TIDX, folds=True)
def _prod(input, reduction_indices, keep_dims: bool = False):
    """The product along the axes `reduction_indices`."""
    return namespace(input).prod(input, _axes(input, reduction_indices), keepdims=keep_dims, dtype=input.dtype)


@_prod.gradient
def _(op, grad):
    x, axes = op.inputs
    grad = _unreduced(op, grad)
    known_axes = constant_value(axes)
    if known_axes is None:
        return grad * _others(conj(x), axes), None
    # One axis after the other; the derivative for an element is the product of all the others, left and right of it.
    order = list(dict.fromkeys(int(i) for i in np.ravel(known_axes)))
    partial = [conj(x)]
    for axis in order[:-1]:
        partial.append(_prod(partial[-1], axis, keep_dims=True))
    for factor, axis in zip(partial[::-1], order[::-1]):
        before = cumprod(factor, axis, exclusive=True)
        after = cumprod(factor, axis, exclusive=True, reverse=True)
        grad = grad * (before * after)
    return spread_like(grad, x), None


@op("ProdOfOthers", "input: T[...], axes: static Tidx -> output: T[...]", T=FLOAT | COMPLEX, Tidx=_TIDX)
def _others(input, axes):
    """For each element the product of all others along `axes`: the gradient of Prod where the axes are computed."""
    return jax.vjp(lambda x: jnp.prod(x, _axes(x, axes), keepdims=True), input)[1](
        jnp.ones([1 if i in _axes(input, axes) else d for i, d in enumerate(input.shape)], input.dtype)
    )[0]


@_others.gradient
def _(op, grad):
    raise NotImplementedError("the second derivative of Prod needs axes that are known when the graph is built")


def _extreme(input: Any, reduction_indices: Any, keep_dims: bool, largest: bool) -> Any:
    axes = _axes(input, reduction_indices)
    xp = namespace(input)
    find = xp.max if largest else xp.min
    if all(input.shape[i] for i in axes):
        return find(input, axes, keepdims=keep_dims)
    return find(input, axes, keepdims=keep_dims, initial=_worst(input.dtype, largest))


def _worst(dtype: Any, largest: bool) -> Any:
    """What any other number beats."""
    if jnp.issubdtype(dtype, jnp.floating):
        return np.array(-np.inf if largest else np.inf, dtype)
    limits = np.iinfo(dtype)
    return np.array(limits.min if largest else limits.max, dtype)


@op("Max", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=REAL, Tidx=_TIDX, folds=True)
def _max(input, reduction_indices, keep_dims: bool = False):
    """The largest element along the axes `reduction_indices`."""
    return _extreme(input, reduction_indices, keep_dims, largest=True)


@op("Min", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=REAL, Tidx=_TIDX, folds=True)
def _min(input, reduction_indices, keep_dims: bool = False):
    """The smallest element along the axes `reduction_indices`."""
    return _extreme(input, reduction_indices, keep_dims, largest=False)


@_max.gradient
@_min.gradient
def _(op, grad):
    # Equal extremes share the gradient.
    x, axes = op.inputs
    chosen = cast(equal(_unreduced(op, op.outputs[0]), x), x.dtype)
    return chosen / _sum(chosen, axes, keep_dims=True) * _unreduced(op, grad), None


@op("Any", "input: bool, reduction_indices: static Tidx -> output: bool", shape=_reduced, Tidx=_TIDX, folds=True,
    differentiable=False)  # fmt: skip
def _any(input, reduction_indices, keep_dims: bool = False):
    """Whether some element along the axes `reduction_indices` holds."""
    return namespace(input).any(input, _axes(input, reduction_indices), keepdims=keep_dims)


@op("All", "input: bool, reduction_indices: static Tidx -> output: bool", shape=_reduced, Tidx=_TIDX, folds=True,
    differentiable=False)  # fmt: skip
def _all(input, reduction_indices, keep_dims: bool = False):
    """Whether all elements along the axes `reduction_indices` hold."""
    return namespace(input).all(input, _axes(input, reduction_indices), keepdims=keep_dims)


@op("EuclideanNorm", "input: T, reduction_indices: static Tidx -> output: T", shape=_reduced, T=NUMERIC, Tidx=_TIDX,
    differentiable=False)  # fmt: skip
def _euclidean_norm(input, reduction_indices, keep_dims: bool = False):
    """The square root of the sum of squares along the axes `reduction_indices`."""
    squares = input * jnp.conj(input)
    total = jnp.sum(squares, _axes(input, reduction_indices), keepdims=keep_dims, dtype=input.dtype)
    return jnp.sqrt(total).astype(input.dtype)


def _without(input: Dims, dimension: Any) -> Dims:
    """Shape rule of what removes one axis."""
    if input is None:
        return None
    axis = known(dimension)
    if axis is None:
        return (None,) * (len(input) - 1)
    axis = axis_in(axis, len(input))
    return input[:axis] + input[axis + 1 :]


def _place(input: Any, dimension: Any, largest: bool) -> Any:
    # An extreme and then the first place where it stands: XLA runs two plain reductions in a third of the time that it
    # takes for one that carries a place along. NaN never wins.
    axis = axis_of(dimension, input.ndim)
    size = input.shape[axis]
    check(size > 0, InvalidArgumentError, "Reduction axis {} is empty in shape {}", axis, shapes.text(input.shape))
    input = jnp.asarray(input)
    if jnp.issubdtype(input.dtype, jnp.floating):
        input = jnp.where(jnp.isnan(input), _worst(input.dtype, largest), input)
    best = (jnp.max if largest else jnp.min)(input, axis, keepdims=True)
    places = lax.broadcasted_iota(np.int32, input.shape, axis)
    return jnp.min(jnp.where(input == best, places, np.int32(size)), axis)


@op("ArgMax", "input: T, dimension: static Tidx[] -> output: output_type", T=REAL, Tidx=_TIDX, output_type=INDEX,
    shape=_without, differentiable=False)  # fmt: skip
def arg_max(input, dimension, output_type: DType = dtypes.int64):
    """Where the largest element along the axis `dimension` is; of equal ones the first.

    Parameters
    ----------
    input : Tensor
    dimension : int Tensor []
    output_type : DType
        int32 or int64.
    """
    return _place(input, dimension, largest=True).astype(output_type.as_numpy_dtype)


@op("ArgMin", "input: T, dimension: static Tidx[] -> output: output_type", T=REAL, Tidx=_TIDX, output_type=INDEX,
    shape=_without, differentiable=False)  # fmt: skip
def arg_min(input, dimension, output_type: DType = dtypes.int64):
    """Where the smallest element along the axis `dimension` is; of equal ones the first.

    Parameters
    ----------
    input : Tensor
    dimension : int Tensor []
    output_type : DType
        int32 or int64.
    """
    return _place(input, dimension, largest=False).astype(output_type.as_numpy_dtype)


# -- their faces -----------------------------------------------------------------------------------------------------


def _all_axes(input: Any) -> Any:
    """Every axis of `input`: a constant if the rank is known."""
    if isinstance(input, Tensor) and input.dims is not None:
        return constant(np.arange(len(input.dims)), dtypes.int32)
    if isinstance(input, SparseTensor) and input.dense_shape.shape.is_fully_defined():
        return constant(np.arange(input.dense_shape.shape[0].value), dtypes.int32)
    return range_(0, rank(input))


def _reduce(
    reduction: OpFunction,
    input_tensor: Any,
    axis: Any,
    keepdims: Any,
    name: str | None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    everything = axis is None
    result = reduction(input_tensor, _all_axes(input_tensor) if everything else axis, keepdims, name=name)
    return _scalar(result) if everything and not keepdims else result


def _scalar(result: Tensor) -> Tensor:
    """Note that a reduction over all axes leaves none, even where it is not known how many there were."""
    if result.dims is None:
        result.set_shape(())
    return result


def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Add up the elements along axes.

    Parameters
    ----------
    input_tensor : Tensor
    axis : int, list of int or int Tensor, optional
        All axes if not given.
    keepdims : bool
        Keep the reduced axes, with size 1.
    name : str, optional
    reduction_indices, keep_dims
        Old names of `axis` and `keepdims`.

    Raises
    ------
    ValueError
        If there is no such axis, or an argument is given under both of its names.
    """
    return _reduce(_sum, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the mean of the elements along axes, of integers rounded towards 0; parameters as of `reduce_sum`."""
    return _reduce(_mean, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Multiply the elements along axes; parameters as of `reduce_sum`."""
    return _reduce(_prod, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the largest element along axes; parameters as of `reduce_sum`."""
    return _reduce(_max, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the smallest element along axes; parameters as of `reduce_sum`."""
    return _reduce(_min, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_all(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return whether all elements along axes hold; parameters as of `reduce_sum`."""
    return _reduce(_all, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_any(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return whether any element along axes holds; parameters as of `reduce_sum`."""
    return _reduce(_any, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the square root of the sum of squares along axes; parameters as of `reduce_sum`."""
    return _reduce(_euclidean_norm, input_tensor, axis, keepdims, name)


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return `log(sum(exp(elements)))` along axes, safe from overflow; parameters as of `reduce_sum`."""
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    input_tensor = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [input_tensor]):
        largest = reduce_max(input_tensor, axis, True)
        largest = stop_gradient(select(is_finite(largest), largest, zeros_like(largest)))
        result = log(reduce_sum(exp(subtract(input_tensor, largest)), axis, keepdims))
        if not keepdims:
            largest = reshape(largest, shape(result))
        result = add(result, largest)
        return result if keepdims or axis is not None else _scalar(result)


def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    """Return the mean squared distance from the mean along axes.

    Parameters
    ----------
    input_tensor : Tensor
        Of floating or complex numbers.
    axis, keepdims, name
        As of `reduce_sum`.
    """
    with name_scope(name or "reduce_variance"):
        means = reduce_mean(input_tensor, axis, True)
        return reduce_mean(square(input_tensor - means), axis, keepdims)


def reduce_std(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    """Return the square root of `reduce_variance`, with its parameters."""
    with name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
    input: Any = None,
) -> Tensor:
    """Count the elements along axes that are not 0 (not False, not empty).

    Parameters
    ----------
    input_tensor, input : Tensor
        One of the two.
    axis, keepdims, name, reduction_indices, keep_dims
        As of `reduce_sum`.
    dtype : DType
        Of the result.
    """
    keepdims = either("keepdims", keepdims, "keep_dims", keep_dims)
    input = either("input", input, "input_tensor", input_tensor)
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "count_nonzero", [input]):
        input = convert_to_tensor(input, name="input")
        there = not_equal(input, zeros([], input.dtype))
        return cast(reduce_sum(cast(there, dtypes.int64), axis, keepdims), dtype)


def argmax(
    input: Any, axis: Any = None, name: str | None = None, dimension: Any = None, output_type: Any = dtypes.int64
) -> Tensor:
    """Return where the largest element along an axis is; of equal ones the first, and NaN never.

    Parameters
    ----------
    input : Tensor
    axis : int, default 0
    name : str, optional
    dimension : int, optional
        The old name of `axis`.
    output_type : DType
        int32 or int64.

    Raises
    ------
    InvalidArgumentError
        If the axis is empty.
    """
    axis = either("axis", axis, "dimension", dimension)
    return arg_max(input, 0 if axis is None else axis, output_type, name=name)


def argmin(
    input: Any, axis: Any = None, name: str | None = None, dimension: Any = None, output_type: Any = dtypes.int64
) -> Tensor:
    """Return where the smallest element along an axis is; of equal ones the first. Parameters as of `argmax`."""
    axis = either("axis", axis, "dimension", dimension)
    return arg_min(input, 0 if axis is None else axis, output_type, name=name)
