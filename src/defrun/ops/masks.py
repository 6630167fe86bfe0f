"""Choosing by a mask, and masks of sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.shapes import TensorShape
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import cast_node, expand_dims, rank, reshape, shape, squeeze
from defrun.ops.compare import less
from defrun.ops.constant import constant
from defrun.ops.creation import count_up
from defrun.ops.gather import gather
from defrun.ops.join import concat
from defrun.ops.limits import maximum
from defrun.ops.reduce import reduce_max, reduce_prod
from defrun.ops.select import where


def boolean_mask(tensor: Any, mask: Any, name: str = "boolean_mask", axis: int | None = None) -> Tensor:
    """Take the elements of `tensor` where `mask` holds.

    Parameters
    ----------
    tensor : Tensor
    mask : bool Tensor
        Of the shape of `tensor` from `axis` on, as far as it goes. Its rank must be known.
    name : str
    axis : int, optional
        Where the mask begins, by default at the first axis.

    Returns
    -------
    Tensor
        The masked axes made one.

    Raises
    ------
    ValueError
        If the mask is a scalar, of unknown rank, or of another shape.
    """
    with name_scope(name, values=[tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        if mask.dims is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None. E.g. shape=[None] is "
                "ok, but shape=None is not."
            )
        masked = len(mask.dims)
        if not masked:
            raise ValueError("mask cannot be scalar.")
        first = 0 if axis is None else axis
        last = first + masked
        TensorShape(tensor.dims)[first:last].assert_is_compatible_with(mask.shape)
        count = reduce_prod(shape(tensor)[first:last], [0])
        rows = reshape(tensor, concat([shape(tensor)[:first], [count], shape(tensor)[last:]], 0))
        if tensor.dims is not None:
            rows.set_shape((*tensor.dims[:first], shapes.count(tensor.dims[first:last]), *tensor.dims[last:]))
        chosen = squeeze(where(reshape(mask, [-1])), axis=[1])
        return gather(rows, chosen, axis=first)


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None) -> Tensor:
    """Make rows that hold (are 1) up to a length each.

    Parameters
    ----------
    lengths : integer Tensor
    maxlen : integer Tensor [], optional
        The length of the rows, by default the largest of `lengths`.
    dtype : DType
    name : str, optional

    Returns
    -------
    Tensor
        Of shape ``lengths.shape + [maxlen]``.

    Raises
    ------
    ValueError
        If `maxlen` is not a scalar.
    """
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            maxlen = reduce_max(lengths, all_axes(lengths))
            maxlen = maximum(constant(0, maxlen.dtype), maxlen)
        else:
            maxlen = convert_to_tensor(maxlen)
        if maxlen.dims:
            raise ValueError("maxlen must be scalar for sequence_mask")
        kind = maxlen.dtype.base_dtype
        row = count_up(constant(0, kind), maxlen, constant(1, kind))
        mask = less(row, cast_node(expand_dims(lengths, -1), kind))
        return mask if dtype is None or dtypes.as_dtype(dtype).is_bool else cast_node(mask, dtype)


def all_axes(x: Any) -> Tensor:
    """Return the numbers of all axes of `x`, for a reduction of the whole."""
    if isinstance(x, SparseTensor):
        dims = x.dense_shape.dims
        if dims is not None and dims[0] is not None:
            return constant(np.arange(dims[0]), dtypes.int32)
    elif x.dims is not None:
        return constant(np.arange(len(x.dims)), dtypes.int32)
    return count_up(0, rank(x), 1)
