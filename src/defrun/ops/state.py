"""Variables as nodes: reference variables (`VariableV2`) and resource variables (`VarHandleOp`), and their updates.

A reference is a tensor that stands for the variable itself: what takes it sees the value at the moment it runs. A
resource's handle is no value; `ReadVariableOp` takes a snapshot.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError, NotFoundError, OutOfRangeError
from defrun.graph.check import check
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import ANY, INDEX, NUMERIC

# -- the variables ---------------------------------------------------------------------------------------------------


@op("VariableV2", "-> ref: ref dtype", variable=True, differentiable=False)
def variable_v2(shape: Dims, dtype: DType, container: str = "", shared_name: str = ""):
    """A value that the session keeps; other ops read and write it through this reference."""


@variable_v2.shape
def _(shape):
    return shape


@op("Variable", "-> ref: ref dtype", variable=True, differentiable=False)
def variable_v1(shape: Dims, dtype: DType, container: str = "", shared_name: str = ""):
    """The form of `VariableV2` that the oldest graphs hold."""


@variable_v1.shape
def _(shape):
    return shape or None  # the old way to say that it isn't known


@op("VarHandleOp", "-> resource: resource", variable=True, differentiable=False)
def var_handle_op(dtype: DType, shape: Dims, container: str = "", shared_name: str = ""):
    """A handle of a value that the session keeps."""


@var_handle_op.shape
def _():
    return ()


@op("IsVariableInitialized", "ref: ref dtype -> is_initialized: bool[]", dtype=ANY, reads=False, differentiable=False)
def ref_is_initialized(ref):
    """Whether `ref` holds a value yet."""
    return np.asarray(ref is not None)


@op("VarIsInitializedOp", "resource: resource -> is_initialized: bool[]", reads=False, differentiable=False)
def var_is_initialized_op(resource):
    """Whether `resource` holds a value yet."""
    return np.asarray(resource is not None)


@op("DestroyResourceOp", "resource: resource ->", writes="resource", reads=False, differentiable=False)
def destroy_resource_op(resource, ignore_lookup_error: bool = True):
    """Forget the value of `resource`.

    Raises
    ------
    NotFoundError
        If it has none, unless `ignore_lookup_error`.
    """
    if not ignore_lookup_error:
        _exists(resource)
    return [None]


# -- reading ---------------------------------------------------------------------------------------------------------


@op("ReadVariableOp", "resource: resource[...] -> value: dtype[...]", stateful=True)
def read_variable_op(resource, dtype: DType):
    """The value of `resource` at this point; later writes don't show."""
    return resource


@read_variable_op.gradient
def _(op, grad):
    return grad


@op("VariableShape", "input: resource -> output: out_type", out_type=INDEX, of_shape="shape", differentiable=False,
    unset=NotFoundError)  # fmt: skip
def variable_shape_op(input, out_type: DType = dtypes.int32):
    """The shape of a resource variable's value, as a vector."""
    return np.array(input.shape, out_type.as_numpy_dtype)


@variable_shape_op.shape
def _(input):
    return (None if input is None else len(input),)


def variable_shape(handle: Tensor, out_type: Any = dtypes.int32) -> Tensor:
    """Return the shape of a resource variable as a tensor: a constant if it is known already."""
    dims = handle.value_dims
    if dims is None or None in dims:
        return variable_shape_op(handle, out_type=out_type)
    return constant(list(dims), dtype=out_type)


# -- writing a whole variable ----------------------------------------------------------------------------------------


@op("Assign", "ref: ref T, value: T -> output_ref: ref T", T=ANY, writes="ref", reads=False, differentiable=False)
def assign_ref(ref, value, validate_shape: bool = True, use_locking: bool = True, *, dims):
    """Replace what `ref` holds by `value`."""
    wanted = dims[0] if ref is None else ref.shape
    check(
        not validate_shape or shapes.compatible(wanted, value.shape),
        InvalidArgumentError,
        "Assign requires shapes of both tensors to match. lhs shape= {} rhs shape= {}",
        shapes.text(wanted),
        shapes.text(value.shape),
    )
    return value


@assign_ref.shape
def _(ref, value, validate_shape):
    return shapes.merge(ref, value) if validate_shape else value


@op("AssignVariableOp", "resource: resource[...], value: dtype[...] ->", dtype=ANY, writes="resource", reads=False,
    differentiable=False)  # fmt: skip
def assign_variable_op(resource, value):
    """Replace what `resource` holds by `value`."""
    return [value]


@op("AssignAdd", "ref: ref T[...], value: T[...] -> output_ref: ref T[...]", T=NUMERIC, writes="ref",
    differentiable=False)  # fmt: skip
def assign_add_ref(ref, value, use_locking: bool = False):
    """Add `value` to what `ref` holds."""
    return ref + _of_its_shape(ref, value)


@op("AssignSub", "ref: ref T[...], value: T[...] -> output_ref: ref T[...]", T=NUMERIC, writes="ref",
    differentiable=False)  # fmt: skip
def assign_sub_ref(ref, value, use_locking: bool = False):
    """Subtract `value` from what `ref` holds."""
    return ref - _of_its_shape(ref, value)


@op("AssignAddVariableOp", "resource: resource[...], value: dtype[...] ->", dtype=NUMERIC, writes="resource",
    differentiable=False, unset=NotFoundError)  # fmt: skip
def assign_add_variable_op(resource, value):
    """Add `value` to what `resource` holds."""
    return [resource + _of_its_shape(resource, value)]


@op("AssignSubVariableOp", "resource: resource[...], value: dtype[...] ->", dtype=NUMERIC, writes="resource",
    differentiable=False, unset=NotFoundError)  # fmt: skip
def assign_sub_variable_op(resource, value):
    """Subtract `value` from what `resource` holds."""
    return [resource - _of_its_shape(resource, value)]


def _of_its_shape(old: Any, value: Any) -> Any:
    """Return `value`, which must have exactly the shape of `old`: no broadcasting."""
    check(old.shape == value.shape, InvalidArgumentError, "Cannot update a variable of shape {} by a value of shape {}",
          shapes.text(old.shape), shapes.text(value.shape))  # fmt: skip
    return value


def _exists(resource: Any) -> None:
    if resource is None:
        raise NotFoundError(None, None, "The resource variable doesn't exist: it was never initialized")


@op("CountUpTo", "ref: ref T[] -> output: T[]", T=INDEX, writes="ref", differentiable=False)
def count_up_to_ref(ref, limit: int):
    """Return what `ref` holds and add one to it, unless it is `limit`."""
    return _counted(ref, limit)


@op("ResourceCountUpTo", "resource: resource[] -> output: T[]", T=INDEX, writes="resource", differentiable=False,
    unset=NotFoundError)  # fmt: skip
def resource_count_up_to(resource, limit: int, T: DType):
    """Return what `resource` holds and add one to it, unless it is `limit`."""
    return _counted(resource, limit)


def _counted(old: Any, limit: int) -> tuple[Any, Any]:
    check(namespace(old).asarray(old < limit), OutOfRangeError, "Reached limit of {}", limit)
    return old + old.dtype.type(1), old


# -- faces: both kinds of variables ----------------------------------------------------------------------------------


def is_reference(ref: Any) -> bool:
    """Whether `ref`, a variable or a tensor, is a reference variable's."""
    return bool(ref.dtype._is_ref_dtype)


def is_variable_initialized(variable: Any, name: str | None = None) -> Tensor:
    """Return a bool tensor: whether `variable` holds a value yet.

    Parameters
    ----------
    variable : Variable, or the reference or a variable's tensor
    name : str, optional
    """
    return ref_is_initialized(variable, name=name) if is_reference(variable) else variable.is_initialized(name=name)


def assign(
    ref: Any, value: Any, validate_shape: bool | None = None, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """Replace what a variable holds.

    Parameters
    ----------
    ref : Variable
    value : Tensor
        Of the variable's type and (unless `validate_shape` is False) shape.
    validate_shape, use_locking : bool, optional
    name : str, optional

    Returns
    -------
    Tensor
        The variable after the update.

    Raises
    ------
    ValueError
        If the shapes differ; `InvalidArgumentError` when run, where they were not known before.
    """
    if is_reference(ref):
        return assign_ref(ref, value, use_locking=use_locking, name=name, validate_shape=validate_shape)
    return ref.assign(value, name=name)


def assign_add(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Any:
    """Add `value`, of exactly its shape, to a variable; returns the variable after the update."""
    if is_reference(ref):
        return assign_add_ref(ref, value, use_locking=use_locking, name=name)
    return ref.assign_add(value)


def assign_sub(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Any:
    """Subtract `value`, of exactly its shape, from a variable; returns the variable after the update."""
    if is_reference(ref):
        return assign_sub_ref(ref, value, use_locking=use_locking, name=name)
    return ref.assign_sub(value)


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Tensor:
    """Return what an integer scalar variable holds and add one to it.

    Parameters
    ----------
    ref : Variable []
    limit : int
    name : str, optional

    Raises
    ------
    OutOfRangeError
        When run with the variable at `limit`.
    """
    if is_reference(ref):
        return count_up_to_ref(ref, limit=limit, name=name)
    return resource_count_up_to(ref.handle, limit, ref.dtype, name=name)


def variable_of(tensor: Tensor) -> Operation | None:
    """Return the op of the variable that `tensor` is a reference to or was read from, or None."""
    op: Operation | None = tensor.op
    while op is not None and not op.definition.variable:
        op = op.inputs[0].op if op.inputs else None
    return op
