"""Shapes of states and outputs: a batch size before what a cell says of one example."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.arrange import transpose
from defrun.ops.array import expand_dims, rank, shape
from defrun.ops.constant import constant
from defrun.ops.creation import range_, zeros
from defrun.ops.join import concat


def joined_shape(prefix: Any, suffix: Any) -> Tensor:
    """Return the shape `prefix` (a batch size, as a rule), then `suffix`, as a tensor.

    Raises
    ------
    ValueError
        If either is not known and no tensor, or a tensor of more than one axis.
    """
    first, last = _part(prefix, "prefix")[0], _part(suffix, "suffix")[0]
    if first is None or last is None:
        raise ValueError(f"Provided a prefix or suffix of None: {prefix} and {suffix}")
    return concat((first, last), 0)


def joined_dims(prefix: Any, suffix: Any) -> list[int | None] | None:
    """Return what is known of `joined_shape`."""
    first, last = _part(prefix, "prefix")[1], _part(suffix, "suffix")[1]
    whole = as_shape(first).concatenate(last)
    return whole.as_list() if whole.ndims is not None else None


def _part(value: Any, what: str) -> tuple[Tensor | None, Any]:
    """Return a part of a shape as a tensor, and what is known of it."""
    if isinstance(value, Tensor):
        known: Any = constant_value(value)
        if value.shape.ndims == 0:
            return expand_dims(value, 0), known
        if value.shape.ndims != 1:
            raise ValueError(f"{what} tensor must be either a scalar or vector, but saw tensor: {value}")
        return value, known
    dims = as_shape(value)
    known = dims.as_list() if dims.ndims is not None else None
    return constant(known, dtype=dtypes.int32) if dims.is_fully_defined() else None, known


def zero_state_tensors(state_size: Any, batch_size: Any, dtype: Any) -> Any:
    """Return zeros [batch_size, size] for each size in `state_size`, in the same structure."""

    def zeros_of(size: Any) -> Tensor:
        made = zeros(joined_shape(batch_size, size), dtype=dtype)
        made.set_shape(joined_dims(batch_size, size))
        return made

    return nest.map_structure(zeros_of, state_size)


def transpose_batch_time(x: Tensor) -> Tensor:
    """Swap the first two axes of `x`, if it has two; more is known of the result than of a mere transposition."""
    dims = x.shape
    if dims.ndims is not None and dims.ndims < 2:
        return x
    count = rank(x)
    turned = transpose(x, concat(([1, 0], range_(2, count)), axis=0))
    turned.set_shape(TensorShape([dims[1], dims[0]]).concatenate(dims[2:]) if dims.ndims is not None else dims)
    return turned


def best_effort_input_batch_size(flat_input: Any) -> Any:
    """Return the batch size of inputs [time, batch, ...]: an int if any of them tells, else a tensor.

    Raises
    ------
    ValueError
        If an input has fewer than two axes.
    """
    for value in flat_input:
        dims = value.shape
        if dims.ndims is None:
            continue
        if dims.ndims < 2:
            raise ValueError(f"Expected input tensor {value} to have rank at least 2")
        if dims.as_list()[1] is not None:
            return dims.as_list()[1]
    return shape(flat_input[0])[1]


def state_dtype(explicit: Any, state: Any) -> Any:
    """Return `explicit` if given, else the type that all tensors of `state` have.

    Raises
    ------
    ValueError
        If there are none, or of several types.
    """
    if explicit is not None:
        return explicit
    kinds = list(dict.fromkeys(part.dtype for part in nest.flatten(state)))
    if not kinds:
        raise ValueError("Unable to infer dtype from empty state.")
    if len(kinds) > 1:
        raise ValueError(f"State has tensors of several types, {[k.name for k in kinds]}: give a dtype")
    return kinds[0]
