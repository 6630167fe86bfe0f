"""Variables as nodes: reference variables (`VariableV2`) and resource variables (`VarHandleOp`), and their updates."""

from __future__ import annotations

import numpy as np

from defrun.base import errors
from defrun.base.dtypes import DType
from defrun.graph.opdef import Dims
from defrun.ops.declare import op
from defrun.ops.types import ANY, NUMERIC




@op("VariableV2", "-> ref: ref dtype", variable=True, differentiable=False)
def variable_v2(shape: Dims, dtype: DType, container: str = "", shared_name: str = ""):
    """A value that the session keeps; other ops read and write it through this reference."""


@variable_v2.shape
def _(shape):
    return shape


@op("VarHandleOp", "-> resource: resource", variable=True, differentiable=False)
def var_handle_op(dtype: DType, shape: Dims, container: str = "", shared_name: str = ""):
    """A handle of a value that the session keeps."""


@var_handle_op.shape
def _():
    return ()


@op("Assign", "ref: ref T, value: T -> output_ref: ref T", T=ANY, writes="ref", reads=False, differentiable=False)
def assign(ref, value, validate_shape: bool = True, use_locking: bool = True):
    """Replace what `ref` holds by `value`."""
    return value


@assign.shape
def _(ref, value, validate_shape):
    if not validate_shape:
        return value
    if ref is not None and value is not None:
        if len(ref) != len(value) or any(None not in (a, b) and a != b for a, b in zip(ref, value, strict=True)):
            raise ValueError(f"Shapes must be equal: ref has {list(ref)}, value has {list(value)}")
    return ref


@op("IsVariableInitialized", "ref: ref dtype -> is_initialized: bool[]", dtype=ANY, reads=False, differentiable=False)
def is_variable_initialized(ref):
    """Whether `ref` holds a value yet."""
    return np.asarray(ref is not None)
