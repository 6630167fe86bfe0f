"""Putting texts together: side by side, along axes, by segments."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError, OutOfRangeError
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either
from defrun.ops.array import rank as rank_of
from defrun.ops.axes import axis_in, known
from defrun.ops.constant import constant
from defrun.ops.creation import range_
from defrun.ops.declare import op
from defrun.ops.strings.texts import array_of, texts_in
from defrun.ops.types import INDEX


@op("StringJoin", "inputs: N * string -> output: string", host=True, differentiable=False)
def string_join(inputs, separator: str = ""):
    """Join texts element by element.

    Parameters
    ----------
    inputs : list of string Tensor
        Of one shape, or scalars.
    separator : str
        What to put between them.
    """
    shape = next((value.shape for value in inputs if value.ndim), ())
    for i, value in enumerate(inputs):
        if value.ndim and value.shape != shape:
            text = f"Input shapes do not match: {list(shape)} and {list(value.shape)} of inputs[{i}]"
            raise InvalidArgumentError(None, None, text)
    count = int(np.prod(shape))
    columns = [texts_in(value) * (1 if value.ndim else count) for value in inputs]
    return array_of(map(separator.encode().join, zip(*columns, strict=True)), shape)


@string_join.shape
def _(inputs):
    if any(dims is None for dims in inputs):
        return None
    one: Any = None
    for dims in inputs:
        one = shapes.merge(one, dims) if dims else one
    return () if one is None else one


@op("ReduceJoin", "inputs: string, reduction_indices: static int32 -> output: string", host=True,
    differentiable=False)  # fmt: skip
def _reduce_join(inputs, reduction_indices, keep_dims: bool = False, separator: str = ""):
    """Join the texts along axes."""
    rank = inputs.ndim
    axes = [int(axis) for axis in np.ravel(reduction_indices)]
    for axis in axes:
        if not -rank <= axis < rank:
            raise OutOfRangeError(None, None, f"Invalid reduction dimension {axis} for input with {rank} dimension(s)")
    places = [axis % rank for axis in axes]
    if len(set(places)) < len(places):
        raise InvalidArgumentError(None, None, f"Duplicate reduction dimension in {axes}")
    kept = [axis for axis in range(rank) if axis not in places]
    count, width = (int(np.prod([inputs.shape[axis] for axis in axes])) for axes in (kept, places))
    texts = texts_in(inputs.transpose(kept + places[::-1]))
    rows = (separator.encode().join(texts[i * width : (i + 1) * width]) for i in range(count))
    if keep_dims:
        return array_of(rows, tuple(1 if axis in places else d for axis, d in enumerate(inputs.shape)))
    return array_of(rows, tuple(inputs.shape[axis] for axis in kept))


@_reduce_join.shape
def _(inputs, reduction_indices, keep_dims):
    if inputs is None or reduction_indices is None:
        return None
    flat = np.ravel(np.array(reduction_indices, object)).tolist()
    if any(axis is None for axis in flat):
        return None
    places = {axis_in(int(axis), len(inputs)) for axis in flat}
    if keep_dims:
        return tuple(1 if axis in places else d for axis, d in enumerate(inputs))
    return tuple(d for axis, d in enumerate(inputs) if axis not in places)


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """Join the texts along axes.

    Parameters
    ----------
    inputs : string Tensor
    axis : int, list of int or int32 Tensor, optional
        Which axes; along the first one neighbours are joined first. By default all, in order.
    separator : str
        What to put between two texts.
    name : str, optional
    keepdims : bool
        Keep the axes, with size 1.
    keep_dims, reduction_indices
        Old names of `keepdims` and `axis`.

    Raises
    ------
    ValueError
        If there is no such axis.
    InvalidArgumentError
        When run, if an axis stands there twice.
    """
    keep = either("keepdims", keepdims, "keep_dims", keep_dims)
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        texts = convert_to_tensor(inputs)
        return _reduce_join(texts, _all_axes(texts) if axis is None else axis, bool(keep), separator, name=name)


def _all_axes(texts: Tensor) -> Tensor:
    if texts.dims is None:
        return range_(rank_of(texts) - 1, -1, -1)
    return constant(np.arange(len(texts.dims) - 1, -1, -1), dtypes.int32)


@op("UnsortedSegmentJoin",
    "inputs: string, segment_ids: Tindices, num_segments: static Tnumsegments[] -> output: string",
    Tindices=INDEX, Tnumsegments=(INDEX, dtypes.int32), host=True, differentiable=False)  # fmt: skip
def unsorted_segment_join(inputs, segment_ids, num_segments, separator: str = ""):
    """Join the texts that belong to the same segment.

    Parameters
    ----------
    inputs : string Tensor
    segment_ids : int32 or int64 Tensor
        The segment of each element, or of each slice: its shape begins that of `inputs`.
    num_segments : int32 or int64 Tensor []
    separator : str

    Returns
    -------
    string Tensor [num_segments, ...]

    Raises
    ------
    InvalidArgumentError
        When run, if a segment's number is out of range.
    """
    count = int(num_segments)
    if count < 0 or segment_ids.shape != inputs.shape[: segment_ids.ndim]:
        text = f"segment_ids of shape {list(segment_ids.shape)} don't fit inputs of shape {list(inputs.shape)}"
        raise InvalidArgumentError(None, None, text if count >= 0 else f"num_segments is {count}, less than 0")
    ids = segment_ids.ravel()
    bad = np.flatnonzero((ids < 0) | (ids >= count))
    if bad.size:
        text = f"segment_ids[{int(bad[0])}] = {int(ids[bad[0]])} is out of range [0, {count})"
        raise InvalidArgumentError(None, None, text)
    rest = inputs.shape[segment_ids.ndim :]
    width = int(np.prod(rest))
    parts: list[list[bytes]] = [[] for _ in range(count * width)]
    texts = iter(texts_in(inputs))
    for number in ids.tolist():
        for place, element in enumerate(itertools.islice(texts, width)):
            parts[number * width + place].append(element)
    return array_of(map(separator.encode().join, parts), (count, *rest))


@unsorted_segment_join.shape
def _(inputs, segment_ids, num_segments):
    if inputs is None or segment_ids is None:
        return None
    shapes.merge(inputs[: len(segment_ids)], segment_ids)
    return (known(num_segments), *inputs[len(segment_ids) :])
