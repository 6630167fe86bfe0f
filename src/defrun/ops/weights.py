"""Weights that multiply values: of the same rank, each axis 1 or the values' size, or a scalar."""

from __future__ import annotations

from typing import Any

from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops import array, creation, flow, math
from defrun.ops.checks import Assert
from defrun.ops.compare import equal, logical_or
from defrun.ops.control import cond
from defrun.ops.reduce import reduce_all

_REFUSED = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """Add a check that `weights` is a scalar, or has the rank of `values` and in each axis size 1 or that of `values`.

    Raises
    ------
    ValueError
        If the shapes are known and don't fit; `InvalidArgumentError` when run, where they were not known before.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights, weights_shape, weights_rank = _with_shape_nodes(weights, "weights")
        values, values_shape, values_rank = _with_shape_nodes(values, "values")
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
        is_scalar = equal(0, weights_rank, name="is_scalar")
        data = (
            _REFUSED,
            *("weights.shape=", weights.name, weights_shape),
            *("values.shape=", values.name, values_shape),
            *("is_scalar=", is_scalar),
        )

        def fits() -> Tensor:
            with name_scope(None, "has_valid_nonscalar_shape") as inner:
                same_rank = equal(values_rank, weights_rank, name="is_same_rank")
                checked: Tensor = cond(
                    same_rank, lambda: _sizes_fit(weights_shape, values_shape), lambda: same_rank, name=inner
                )
                return checked

        valid = cond(is_scalar, lambda: is_scalar, fits, name="is_valid_shape")
        return Assert(valid, data, name=scope)


def _sizes_fit(weights_shape: Tensor, values_shape: Tensor) -> Tensor:
    with name_scope(None, "has_invalid_dims") as scope:
        same = equal(values_shape, weights_shape)
        fit = reduce_all(logical_or(same, equal(weights_shape, 1)), name=scope)
    get_default_graph()._phantoms += 7  # TensorFlow takes the difference of two sets, which is no matter for a device
    return fit


def _with_shape_nodes(value: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    with name_scope(None, name, (value,)) as scope:
        tensor = convert_to_tensor(value, name=scope)
        return tensor, array.shape(tensor, name="shape"), array.rank(tensor, name="rank")


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """Return `weights` in the shape of `values`."""
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, dtype=values.dtype.base_dtype, name="weights")
        if weights.shape.is_fully_defined() and weights.dims == values.dims:
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return math.multiply(weights, creation.ones_like(values), name=scope)
