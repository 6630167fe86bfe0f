"""Means and variances over axes, and normalizing by them."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either, shape, squeeze, stop_gradient
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.elementary import reciprocal, rsqrt
from defrun.ops.gather import gather
from defrun.ops.limits import maximum
from defrun.ops.math import add, multiply, square, squared_difference, subtract
from defrun.ops.reduce import reduce_mean, reduce_prod, reduce_sum


def moments(
    x: Tensor,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Return mean and variance over `axes`.

    Parameters
    ----------
    x : Tensor
    axes : list of int
    shift
        Not used.
    name : str, optional
    keep_dims, keepdims : bool
        Keep the axes, with size 1.

    Returns
    -------
    mean, variance : Tensor
        The variance is the mean of squared differences, without correction.
    """
    keepdims = either("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "moments", [x, axes]):
        half = x.dtype.base_dtype is dtypes.float16
        y = cast(x, dtypes.float32) if half else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        variance = reduce_mean(squared_difference(y, stop_gradient(mean)), axes, keepdims=True, name="variance")
        if not keepdims:
            mean = squeeze(mean, axes)
            variance = squeeze(variance, axes)
        if half:
            return cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Return mean and variance over `axes` with each element counting as often as its weight says.

    Parameters
    ----------
    x : Tensor
    axes : list of int
    frequency_weights : Tensor
        Broadcast to the shape of `x`.
    name : str, optional
    keep_dims, keepdims : bool
        Keep the axes, with size 1.

    Returns
    -------
    mean, variance : Tensor
    """
    keepdims = either("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        half = x.dtype.base_dtype is dtypes.float16
        if half:
            x = cast(x, dtypes.float32)
        if weights.dtype.base_dtype is not x.dtype.base_dtype:
            weights = cast(weights, x.dtype)
        total = reduce_sum(weights * x, axes, name="weighted_input_sum", keepdims=True)
        spread = weights + zeros_like(x)
        count = reduce_sum(spread, axes, name="sum_of_weights", keepdims=True)
        divisor = reciprocal(count, name="inv_weight_sum")
        mean = multiply(total, divisor)
        squares = reduce_sum(weights * squared_difference(x, mean), axes, name="weighted_distsq", keepdims=True)
        variance = multiply(squares, divisor)
        if not keepdims:
            mean = squeeze(mean, axis=axes)
            variance = squeeze(variance, axis=axes)
        if half:
            return cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Return what `normalize_moments` makes mean and variance of: the count, the sum and the sum of squares.

    Parameters
    ----------
    x : Tensor
    axes : list of int
    shift : Tensor, optional
        Subtracted first; close to the mean, it keeps the sums precise.
    keep_dims, keepdims : bool
        Keep the axes, with size 1.
    name : str, optional

    Returns
    -------
    count, sum, sum of squares, shift : Tensor
        The shift as given, or None.
    """
    axes = list(set(axes))
    keepdims = either("keepdims", keepdims, "keep_dims", keep_dims) or False
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        kind = x.dtype.base_dtype
        known = None if x.dims is None else [x.dims[axis] for axis in axes]
        if known is not None and None not in known:
            product = 1
            for size in known:
                product *= size
            count = constant(product, dtype=kind)
        else:
            count = reduce_prod(gather(cast(shape(x), kind), axes), name="count")
        if shift is None:
            once, twice = x, square(x)
        else:
            shift = convert_to_tensor(shift, name="shift")
            once, twice = subtract(x, shift), squared_difference(x, shift)
        once = reduce_sum(once, axes, keepdims=keepdims, name="mean_ss")
        twice = reduce_sum(twice, axes, keepdims=keepdims, name="var_ss")
    return count, once, twice, shift


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return mean and variance from what `sufficient_statistics` returns."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is None:
            shifted = mean = multiply(mean_ss, divisor, name="mean")
        else:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(shifted, shift, name="mean")
        variance = subtract(multiply(variance_ss, divisor), square(shifted), name="variance")
    return mean, variance


def batch_normalization(
    x: Tensor, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: float, name: str | None = None
) -> Tensor:
    """Subtract `mean`, divide by the root of `variance`, multiply by `scale` and add `offset`.

    Parameters
    ----------
    x : Tensor
    mean, variance : Tensor
        Broadcast to the shape of `x`.
    offset, scale : Tensor, optional
        None leaves the step out.
    variance_epsilon : float
        Added to the variance, so that the root isn't 0.
    name : str, optional

    Returns
    -------
    Tensor of the shape of `x`
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor *= scale
        scaled = x * cast(factor, x.dtype)
        rest = -mean * factor if offset is None else offset - mean * factor
        return scaled + cast(rest, x.dtype)


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: Any = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """The old name of `batch_normalization`: `gamma` scales only if `scale_after_normalization`."""
    t = either("input", input, "t", t)
    m = either("mean", mean, "m", m)
    v = either("variance", variance, "v", v)
    return batch_normalization(t, m, v, beta, gamma if scale_after_normalization else None, variance_epsilon, name)


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None) -> Tensor:
    """Divide `x` by its Euclidean norm.

    Parameters
    ----------
    x : Tensor
    axis : int or list of int, optional
        Along which to take the norm; by default all.
    epsilon : float
        The least that the squared norm is taken for.
    name : str, optional
    dim : int or list of int, optional
        The old name of `axis`.

    Returns
    -------
    Tensor of the shape of `x`
    """
    axis = either("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        squares = reduce_sum(square(x), axis, keepdims=True)
        inverse = rsqrt(maximum(squares, epsilon))
        return multiply(x, inverse, name=scope)
