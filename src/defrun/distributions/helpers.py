"""Functions of `tf.contrib.distributions` beside the distributions: triangles, diagonals, logarithms of sums."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base.shapes import dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import reverse
from defrun.ops.array import rank, reshape, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import greater, is_inf, less, logical_or
from defrun.ops.creation import ones_like, zeros, zeros_like
from defrun.ops.diagonal import matrix_band_part, matrix_diag, matrix_diag_part, matrix_set_diag
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, expm1, log, sign, sqrt
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_logsumexp, reduce_max, reduce_sum
from defrun.ops.select import where_v2


def matrix_diag_transform(
    matrix: Any, transform: Callable[[Tensor], Tensor] | None = None, name: str | None = None
) -> Tensor:
    """Return matrices whose diagonals are what `transform` makes of them.

    Parameters
    ----------
    matrix : Tensor [..., rows, columns]
    transform : callable, optional
        By default nothing changes.
    name : str, optional

    Examples
    --------
    >>> scale = tf.contrib.distributions.matrix_diag_transform(matrix, transform=tf.nn.softplus)
    """
    with name_scope(name, "matrix_diag_transform", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        return matrix if transform is None else matrix_set_diag(matrix, transform(matrix_diag_part(matrix)))


def softplus_inverse(x: Any, name: str | None = None) -> Tensor:
    """Return the number whose `softplus` is `x`, exact for small and large `x` too.

    Parameters
    ----------
    x : Tensor [...]
        Above 0, floating.
    name : str, optional
    """
    with name_scope(name, "softplus_inverse", values=[x]):
        x = convert_to_tensor(x, name="x")
        threshold = float(np.log(np.finfo(x.dtype.as_numpy_dtype).eps)) + 2.0
        small = less(x, math.exp(threshold))
        large = greater(x, -threshold)
        of_small = log(x)
        inner = where_v2(logical_or(small, large), ones_like(x), x)
        of_inner = inner + log(-expm1(-inner))
        return where_v2(small, of_small, where_v2(large, x, of_inner))


def reduce_weighted_logsumexp(
    logx: Any,
    w: Any = None,
    axis: Any = None,
    keep_dims: bool = False,
    return_sign: bool = False,
    name: str | None = None,
) -> Any:
    """Return ``log(abs(sum(w * exp(logx))))`` along `axis`, and the sum's sign if that is wanted.

    Parameters
    ----------
    logx : Tensor
    w : Tensor, optional
        Weights of any sign, 1 by default.
    axis : int or list of int, optional
        All by default.
    keep_dims, return_sign : bool
    name : str, optional
    """
    with name_scope(name, "reduce_weighted_logsumexp", [logx, w]):
        logx = convert_to_tensor(logx, name="logx")
        if w is None:
            found = reduce_logsumexp(logx, axis=axis, keepdims=keep_dims)
            return (found, ones_like(found)) if return_sign else found
        w = convert_to_tensor(w, dtype=logx.dtype, name="w")
        sizes = logx + log(absolute(w))
        largest = reduce_max(sizes, axis=axis, keepdims=True)
        largest = where_v2(is_inf(largest), zeros_like(largest), largest)
        scaled = sign(w) * exp(sizes - largest)
        total = reduce_sum(scaled, axis=axis, keepdims=keep_dims)
        if not keep_dims:
            largest = squeeze(largest, axis)
        signs = sign(total)
        found = largest + log(signs * total)
        return (found, signs) if return_sign else found


def tridiag(below: Any = None, diag: Any = None, above: Any = None, name: str | None = None) -> Tensor:
    """Make matrices of up to three diagonals.

    Parameters
    ----------
    below, above : Tensor [..., n - 1], optional
    diag : Tensor [..., n], optional
    name : str, optional

    Raises
    ------
    ValueError
        If none is given.
    """

    def padded(x: Tensor) -> Tensor:
        zero = zeros(concat([shape_node(x)[:-1], [1]], axis=0), dtype=x.dtype)
        return concat([zero, x, zero], axis=-1)

    with name_scope(name, "tridiag", [below, diag, above]):
        parts = []
        if below is not None:
            parts.append(matrix_diag(padded(convert_to_tensor(below, name="below")))[..., :-1, 1:])
        if diag is not None:
            parts.append(matrix_diag(convert_to_tensor(diag, name="diag")))
        if above is not None:
            parts.append(matrix_diag(padded(convert_to_tensor(above, name="above")))[..., 1:, :-1])
        if not parts:
            raise ValueError("Must specify at least one of `below`, `diag`, `above`.")
        total, *others = parts
        for part in others:
            total += part
        return total


def fill_triangular(x: Any, upper: bool = False, name: str | None = None) -> Tensor:
    """Make triangular matrices of vectors, in a spiral: [1, 2, 3, 4, 5, 6] gives [[4, 0, 0], [6, 5, 0], [3, 2, 1]].

    Parameters
    ----------
    x : Tensor [..., n (n + 1) / 2]
    upper : bool
        Fill what is above the diagonal.
    name : str, optional

    Returns
    -------
    Tensor [..., n, n]

    Raises
    ------
    ValueError
        If a vector's length is not of that form.
    """
    with name_scope(name, "fill_triangular", values=[x]):
        x = convert_to_tensor(x, name="x")
        known = x.shape.with_rank_at_least(1)
        length = dimension_value(known[-1])
        if length is not None:
            exact = math.sqrt(0.25 + 2.0 * length) - 0.5
            if exact != math.floor(exact):
                raise ValueError(f"a triangle does not have {length} elements: {x}")
            n: Any = np.int32(exact)
            final = known[:-1].concatenate([int(n), int(n)])
        else:
            n = cast(sqrt(0.25 + cast(2 * shape_node(x)[-1], dtype=np.float32)), dtype=np.int32)
            final = known[:-1].concatenate([None, None])
        last = _rank(x) - 1
        parts = [x, reverse(x[..., n:], axis=[last])] if upper else [x[..., n:], reverse(x, axis=[last])]
        shape = final.as_list() if final.is_fully_defined() else concat([shape_node(x)[:-1], [n, n]], axis=0)
        square = reshape(concat(parts, axis=-1), shape)
        found = matrix_band_part(square, num_lower=0 if upper else -1, num_upper=-1 if upper else 0)
        found.set_shape(final)
        return found


def fill_triangular_inverse(x: Any, upper: bool = False, name: str | None = None) -> Tensor:
    """Return the vectors that `fill_triangular` made the matrices [..., n, n] of."""
    with name_scope(name, "fill_triangular_inverse", values=[x]):
        x = convert_to_tensor(x, name="x")
        known = x.shape.with_rank_at_least(2)
        size = dimension_value(known[-1])
        n: Any = shape_node(x)[-1] if size is None else np.int32(size)
        m = n * (n + 1) // 2
        final = known[:-2].concatenate([None if size is None else size * (size + 1) // 2])
        axes = _rank(x)
        if upper:
            first, rest = x[..., 0, :], x[..., 1:, :]
        else:
            first, rest = reverse(x[..., -1, :], axis=[axes - 2]), x[..., :-1, :]
        turned = reverse(reverse(rest, axis=[axes - 1]), axis=[axes - 2])
        flat = reshape(rest + turned, concat([shape_node(x)[:-2], [n * (n - 1)]], axis=0))
        found = concat([first, flat[..., : m - n]], axis=-1)
        found.set_shape(final)
        return found


def _rank(x: Tensor) -> Any:
    found = rank(x)
    known = constant_value(found)
    return found if known is None else known
