"""Slots: the variables that an optimizer keeps beside each variable it trains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.scopes import colocate_with
from defrun.ops.array import shape
from defrun.ops.creation import zeros
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope
from defrun.variables.variable import SaveSliceInfo, Variable, is_resource_variable


def create_slot(primary: Any, val: Any, name: str, colocate_with_primary: bool = True) -> Any:
    """Make a slot of `primary` that begins as `val`, named ``primary/name``."""
    static = val.get_shape().is_fully_defined()
    return _create(primary, name, colocate_with_primary, lambda: _variable(primary, val, static, None, None))


def create_slot_with_initializer(
    primary: Any, initializer: Any, shape: Any, dtype: Any, name: str, colocate_with_primary: bool = True
) -> Any:
    """Make a slot of `primary` with `shape` and `dtype`, filled by `initializer`."""
    static = shape.is_fully_defined()
    return _create(
        primary, name, colocate_with_primary, lambda: _variable(primary, initializer, static, shape, dtype)
    )


def create_zeros_slot(primary: Any, name: str, dtype: Any = None, colocate_with_primary: bool = True) -> Any:
    """Make a slot of the shape of `primary`, filled with zeros."""
    dtype = primary.dtype.base_dtype if dtype is None else dtype
    dims = primary.get_shape()
    if dims.is_fully_defined():
        return create_slot_with_initializer(
            primary, zeros_initializer(), dims, dtype, name, colocate_with_primary
        )
    whole = shape(primary.initialized_value() if isinstance(primary, Variable) else primary)
    return create_slot(primary, zeros(whole, dtype=dtype), name, colocate_with_primary)


def _create(primary: Any, name: str, colocate: bool, make: Callable[[], Any]) -> Any:
    with variable_scope(None, f"{primary.op.name}/{name}"):
        if not colocate:
            return make()
        with colocate_with(primary):
            return make()


def _variable(primary: Any, value: Any, static: bool, shape: Any, dtype: Any) -> Any:
    scope = get_variable_scope()
    partitioner = scope.partitioner
    scope.set_partitioner(None)
    try:
        slot = get_variable(
            "",
            initializer=value,
            trainable=False,
            use_resource=is_resource_variable(primary) if isinstance(primary, Variable) else None,
            shape=shape if callable(value) else None,
            dtype=dtype,
            validate_shape=static,
        )
    finally:
        scope.set_partitioner(partitioner)
    part = getattr(primary, "_save_slice_info", None)
    if part is not None:
        whole = f"{part.full_name}/{slot.name[len(primary.op.name) + 1 : -len(':0')]}"
        slot._set_save_slice_info(SaveSliceInfo(whole, part.full_shape[:], part.var_offset[:], part.var_shape[:]))
    return slot
