"""Order without values: no_op, group, tuple, control dependencies on a tensor."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from defrun.base import nest
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, device, name_scope
from defrun.ops.array import identity
from defrun.ops.declare import op


@op("NoOp", "->", differentiable=False)
def no_op():
    """Do nothing: a place for control dependencies.

    Returns
    -------
    Operation
    """


@op("ControlTrigger", "->", differentiable=False)
def control_trigger():
    """Do nothing, as `no_op`.

    Returns
    -------
    Operation
    """


@op("Timestamp", "-> ts: float64[]", host=True, stateful=True, differentiable=False)
def timestamp():
    """Return the time as seconds since the year 1970, at the moment of the run.

    Returns
    -------
    float64 Tensor []
    """
    return np.float64(time.time())


@op("RefIdentity", "input: ref T[...] -> output: ref T[...]", forwards=True)
def ref_identity(input):
    """Pass the reference `input` on."""
    return input


@ref_identity.gradient
def _(op, grad):
    return grad


def group(*inputs: Any, **kwargs: Any) -> Operation:
    """Make one operation that runs when all of `inputs` have run.

    Parameters
    ----------
    *inputs : Operation, Tensor, or nested lists of them
    name : str, optional

    Returns
    -------
    Operation
        It has no value; fetching it gives None.

    Raises
    ------
    TypeError
        If an input is none of these.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError(f"Unknown keyword arguments: {', '.join(kwargs)}")
    with name_scope(name, "group_deps", inputs) as scope:
        if not inputs:
            return no_op(name=scope)
        by_device: dict[str, list[Any]] = {}
        for item in _members(inputs):
            if not hasattr(item, "device"):
                raise TypeError(f"Expected tf.group() expected Tensor arguments not '{item}' with type '{type(item)}'")
            by_device.setdefault(item.device, []).append(item)
        if len(by_device) == 1:
            return _meet(*by_device.popitem(), name=scope)
        meetings = [_meet(where, by_device[where]) for where in sorted(by_device, key=lambda d: d or "")]
        with control_dependencies(meetings):
            return no_op(name=scope)


def _members(structure: Any) -> list[Any]:
    found: list[Any] = []
    for item in nest.flatten(structure):
        if isinstance(item, IndexedSlices):
            parts: Any = (item.values, item.indices, item.dense_shape)
        elif isinstance(item, SparseTensor):
            parts = (item.indices, item.values, item.dense_shape)
        else:
            parts = (item,)
        found.extend(part for part in parts if part is not None)
    return found


def _meet(where: str, items: list[Any], name: str = "NoOp") -> Operation:
    with control_dependencies(items):
        if where is None:
            return no_op(name=name)
        with device(where):
            return no_op(name=name)


def with_dependencies(dependencies: Any, output_tensor: Any, name: str | None = None) -> Any:
    """Return `output_tensor` as a tensor that is there only after `dependencies` have run.

    Parameters
    ----------
    dependencies : list of Operation or Tensor
    output_tensor : Tensor or IndexedSlices
    name : str, optional
    """
    with (
        name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope,
        colocate_with(output_tensor),
        control_dependencies(dependencies),
    ):
        if isinstance(output_tensor, IndexedSlices):
            values = _passed_on(output_tensor.values, scope)
            return IndexedSlices(values, output_tensor.indices, output_tensor.dense_shape)
        if isinstance(output_tensor, SparseTensor):
            parts = (output_tensor.indices, output_tensor.values, output_tensor.dense_shape)
            return SparseTensor(*(_passed_on(part, None) for part in parts))
        return _passed_on(convert_to_tensor(output_tensor), scope)


def _passed_on(tensor: Tensor, name: str | None) -> Tensor:
    return ref_identity(tensor, name=name) if tensor.dtype._is_ref_dtype else identity(tensor, name=name)


def tuple_(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """Return `tensors` such that each is there only when all of them are.

    Parameters
    ----------
    tensors : list of Tensor, IndexedSlices, Operation or None
    name : str, optional
    control_inputs : list of Operation or Tensor, optional
        What must have run, too.

    Returns
    -------
    list
        As `tensors`, None where that has None.

    Raises
    ------
    ValueError
        If there is no tensor.
    TypeError
        If a control input is neither Operation nor Tensor.
    """
    with name_scope(name, "tuple", tensors):
        items = [t if t is None or isinstance(t, Operation) or _is_tensor(t) else convert_to_tensor(t) for t in tensors]
        gates = {t if isinstance(t, Operation) else t.op for t in items if t is not None}
        for control in control_inputs or ():
            if not isinstance(control, (Tensor, Operation)):
                raise TypeError(f"Control input must be Operation or Tensor: {control}")
            gates.add(control.op if isinstance(control, Tensor) else control)
        if not gates:
            raise ValueError(f"Must have at least one Tensor: {items}")
        gate = group(*sorted(gates, key=lambda op: op._id))
        return [_gated(item, gate) for item in items]


def _is_tensor(value: Any) -> bool:
    return isinstance(value, (Tensor, IndexedSlices, SparseTensor)) or hasattr(value, "_as_graph_element")


def _gated(item: Any, gate: Operation) -> Any:
    if item is None:
        return None
    if isinstance(item, Operation):
        with control_dependencies([gate]):
            return group(item)
    return with_dependencies([gate], item)
