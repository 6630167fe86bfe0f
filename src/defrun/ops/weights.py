"""Weights that multiply values: of the same rank, each axis 1 or the values' size, or a scalar."""

from __future__ import annotations

from typing import Any

from defrun.base import errors
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops import array, creation, flow, math
from defrun.ops.declare import op

_REFUSED = "weights can not be broadcast to values."


@op("AssertBroadcastable", "weights: T, values: U ->", stateful=True, differentiable=False)
def _assert_broadcastable(weights, values):
    """Fail unless `weights` fit `values`; shapes are known when a stage is compiled, so it costs nothing in a run."""
    given, wanted = weights.shape, values.shape
    if given and (len(given) != len(wanted) or any(a not in (1, b) for a, b in zip(given, wanted, strict=True))):
        raise errors.InvalidArgumentError(
            None, None, f"{_REFUSED} weights.shape={list(given)} values.shape={list(wanted)}"
        )


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """Add a check that `weights` is a scalar, or has the rank of `values` and in each axis size 1 or that of `values`.

    Raises
    ------
    ValueError
        If the shapes are known and don't fit.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights = _with_shape_nodes(weights, "weights")
        values = _with_shape_nodes(values, "values")
        given, wanted = weights.dims, values.dims
        if given is not None and wanted is not None:
            if not given:
                return flow.no_op(name="static_scalar_check_success")
            if len(given) != len(wanted):
                raise ValueError(f"{_REFUSED} values.rank={len(wanted)}. weights.rank={len(given)}. "
                                 f"values.shape={values.shape}. weights.shape={weights.shape}.")  # fmt: skip
            if None not in given and None not in wanted:
                for axis, (a, b) in enumerate(zip(given, wanted, strict=True)):
                    if a not in (1, b):
                        raise ValueError(f"{_REFUSED} Mismatch at dim {axis}. values.shape={list(wanted)} "
                                         f"weights.shape={list(given)}.")  # fmt: skip
                return flow.no_op(name="static_dims_check_success")
        return _assert_broadcastable(weights, values, name=scope)


def _with_shape_nodes(value: Any, name: str) -> Tensor:
    with name_scope(None, name, (value,)) as scope:
        tensor = convert_to_tensor(value, name=scope)
        array.shape(tensor, name="shape")
        array.rank(tensor, name="rank")
    return tensor


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """Return `weights` in the shape of `values`."""
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, dtype=values.dtype.base_dtype, name="weights")
        if weights.shape.is_fully_defined() and weights.dims == values.dims:
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return math.multiply(weights, creation.ones_like(values), name=scope)
