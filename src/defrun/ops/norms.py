"""Norms, and bringing tensors to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import either, expand_dims, identity, rank, size, squeeze
from defrun.ops.cast import cast
from defrun.ops.compare import is_finite, select
from defrun.ops.complex import conj
from defrun.ops.constant import constant
from defrun.ops.creation import ones_like, range_
from defrun.ops.elementary import abs, pow, rsqrt, sqrt
from defrun.ops.join import stack
from defrun.ops.limits import maximum, minimum
from defrun.ops.linalg.decompositions import svd
from defrun.ops.nn import l2_loss
from defrun.ops.reduce import reduce_max, reduce_sum

_EUCLIDEAN = ("fro", "euclidean", 2)


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the norm of vectors or matrices.

    Parameters
    ----------
    tensor : Tensor
    ord : "euclidean", "fro", or number
        Of a vector: a p-norm, ``np.inf`` included. Of a matrix: 1, 2 (the largest singular value), ``np.inf``, or the
        root of the sum of squares.
    axis : int or tuple of two, optional
        Where the vectors or the matrices are; by default all elements are one vector.
    keepdims : bool
        Keep the axes, with size 1.
    name : str, optional
    keep_dims : bool
        Old name of `keepdims`.

    Raises
    ------
    ValueError
        If there is no such norm or axis.
    """
    keepdims = either("keepdims", keepdims, "keep_dims", keep_dims)
    is_matrix = isinstance(axis, (tuple, list)) and len(axis) == 2
    axis = _check_norm(ord, axis, is_matrix)
    with name_scope(name, "norm", [tensor]):
        tensor = convert_to_tensor(tensor)
        if ord in _EUCLIDEAN:
            if is_matrix and ord == 2:
                return _spectral_norm(tensor, axis, keepdims)
            result = sqrt(reduce_sum(tensor * conj(tensor), axis, True))
        else:
            result = _p_norm(abs(tensor), ord, axis, is_matrix)
        return result if keepdims else squeeze(result, axis)


def _spectral_norm(tensor: Tensor, axis: tuple[int, int], keepdims: Any) -> Tensor:
    """Return the largest singular values of matrices."""
    if tensor.dims is None:
        raise NotImplementedError("tf.norm: the 2-norm of matrices in a tensor of unknown rank")
    axes = list(range(len(tensor.dims)))
    places = [axes[i] for i in axis]
    others = [i for i in axes if i not in places]
    largest = reduce_max(svd(transpose(tensor, others + places), compute_uv=False), -1)
    for place in sorted(places) if keepdims else ():
        largest = expand_dims(largest, place)
    return largest


def _check_norm(ord: Any, axis: Any, is_matrix: bool) -> Any:
    """Return `axis` as a tuple, or None; `ValueError` if there is no such norm."""
    if is_matrix:
        if not all(isinstance(i, int) for i in axis) or axis[0] == axis[1]:
            raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
        if ord not in (*_EUCLIDEAN, 1, np.inf):
            raise ValueError(f"'ord' must be a supported matrix norm in {[*_EUCLIDEAN, 1, np.inf]}, got {ord}")
        return tuple(axis)
    if not (isinstance(axis, int) or axis is None):
        raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
    if ord != "euclidean" and (isinstance(ord, str) or not np.isreal(ord) or ord <= 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")
    return None if axis is None else (axis,)


def _p_norm(sizes: Tensor, ord: Any, axis: Any, is_matrix: bool) -> Tensor:
    first = None if axis is None else axis[0]
    if ord == 1:
        total = reduce_sum(sizes, first, True)
        return reduce_max(total, axis[-1], True) if is_matrix else total
    if ord == np.inf:
        return reduce_max(reduce_sum(sizes, axis[1], True) if is_matrix else sizes, first, True)
    return pow(reduce_sum(pow(sizes, ord), axis, True), 1.0 / ord)


def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Divide vectors or matrices by their norm; parameters as of `norm`.

    Returns
    -------
    tuple of Tensor
        What has norm 1, and the norms.
    """
    with name_scope(name, "normalize", [tensor]):
        tensor = convert_to_tensor(tensor)
        length = cast(norm(tensor, ord=ord, axis=axis, keepdims=True), tensor.dtype)
        return tensor / length, length


def _values(t: Any, name: str) -> Tensor:
    return convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name=name)


def _with_values(t: Any, values: Tensor) -> Any:
    return IndexedSlices(values, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else values


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """Scale `t` down to the Euclidean norm `clip_norm` if it is larger.

    Parameters
    ----------
    t : Tensor or IndexedSlices
    clip_norm : number or Tensor
    axes : list of int, optional
        Axes of the vectors; by default all elements are one.
    name : str, optional
    """
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = _values(t, "t")
        squares = reduce_sum(values * values, axes, True)
        is_positive = squares > 0
        # The root of 0 has no derivative: it is taken of ones instead, and not used.
        safe = select(is_positive, squares, ones_like(squares))
        length = select(is_positive, sqrt(safe), squares)
        scaled = values * clip_norm
        shapes.merge(values.dims, scaled.dims)
        return _with_values(t, identity(scaled / maximum(length, clip_norm), name=scope))


def _listed(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def global_norm(t_list: Any, name: str | None = None) -> Tensor:
    """Return the Euclidean norm of all elements of several tensors together.

    Parameters
    ----------
    t_list : list of Tensor, IndexedSlices or None
    name : str, optional

    Raises
    ------
    TypeError
        If `t_list` is no sequence.
    """
    tensors = _listed(t_list)
    with name_scope(name, "global_norm", tensors):
        halves = []
        for value in [_values(t, f"t_{i}") for i, t in enumerate(tensors) if t is not None]:
            with colocate_with(value):
                halves.append(l2_loss(value))
        half = reduce_sum(stack(halves))
        return sqrt(half * constant(2.0, half.dtype), name="global_norm")


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Tensor]:
    """Scale several tensors down together, to the norm `clip_norm` of all their elements, if it is larger.

    Parameters
    ----------
    t_list : list of Tensor, IndexedSlices or None
    clip_norm : number or Tensor []
    use_norm : Tensor [], optional
        Their norm, if it is there already.
    name : str, optional

    Returns
    -------
    list, Tensor
        The scaled tensors, and the norm that they had. If that isn't finite, the scaled tensors are NaN.

    Raises
    ------
    TypeError
        If `t_list` is no sequence.
    """
    tensors = _listed(t_list)
    if use_norm is None:
        use_norm = global_norm(tensors, name)
    with name_scope(name, "clip_by_global_norm", [*tensors, clip_norm]) as scope:
        inverse = 1.0 / use_norm
        finite = clip_norm * minimum(inverse, constant(1.0, use_norm.dtype) / clip_norm)
        scale = select(is_finite(use_norm), finite, constant(float("nan"), use_norm.dtype))
        values = [None if t is None else _values(t, f"t_{i}") for i, t in enumerate(tensors)]
        clipped: list[Any] = []
        for i, (t, value) in enumerate(zip(tensors, values)):
            if value is None:
                clipped.append(None)
                continue
            with colocate_with(value):
                clipped.append(_with_values(t, identity(value * scale, name=f"{scope}_{i}")))
        return clipped, use_norm


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """Scale `t` down until its Euclidean norm divided by the number of elements is `clip_norm`, if it is larger.

    Parameters
    ----------
    t : Tensor
    clip_norm : number or Tensor []
    name : str, optional
    """
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        t = convert_to_tensor(t, name="t")
        count = cast(size(t), dtypes.float32)
        inverse = rsqrt(reduce_sum(t * t, range_(rank(t))))
        scaled = t * clip_norm
        return identity(scaled * minimum(inverse * count, constant(1.0) / clip_norm), name=scope)
