"""What a saver saves: for each name in the checkpoint the tensors that make it up, and how they are put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import device
from defrun.ops import state
from defrun.ops.array import identity, reshape
from defrun.variables.partitioned import PartitionedVariable
from defrun.variables.reference import RefVariable
from defrun.variables.resource import BaseResourceVariable
from defrun.variables.variable import Variable

_REFERENCES = ("Variable", "VariableV2", "AutoReloadVariable")


class SaveSpec:
    """One tensor to save.

    Parameters
    ----------
    tensor : Tensor or callable
        The tensor, or what makes it when it is first wanted.
    slice_spec : str
        Which part of a larger tensor it is, as ``"4 2 0,2:0,2"``; empty: it is whole.
    name : str
        The name in the checkpoint.
    dtype, device
        Those of the tensor, if it is not made yet.
    """

    def __init__(self, tensor: Any, slice_spec: str, name: str, dtype: DType | None = None, device: str | None = None):
        self._tensor = tensor
        self.slice_spec = slice_spec
        self.name = name
        if callable(tensor) and (dtype is None or device is None):
            raise AssertionError("When passing a callable tensor, dtype and device must be explicitly specified.")
        self.dtype = tensor.dtype if dtype is None else dtype
        self.device = tensor.device if device is None else device

    @property
    def tensor(self) -> Any:
        """The tensor, which may make nodes."""
        return self._tensor() if callable(self._tensor) else self._tensor


class SaveableObject:
    """What is saved and restored as one: override `restore`.

    Parameters
    ----------
    op : Tensor or Operation
        What it is about.
    specs : list of SaveSpec
        Its tensors; all on one device.
    name : str
        Its name in the checkpoint.
    """

    def __init__(self, op: Any, specs: list[SaveSpec], name: str) -> None:
        self.op = op
        self.specs = specs
        self.name = name

    @property
    def optional_restore(self) -> bool:
        """Whether a checkpoint without it does, too."""
        return False

    @property
    def device(self) -> str:
        """The device of its tensors."""
        return self.specs[0].device

    def restore(self, restored_tensors: list[Tensor], restored_shapes: list[Any] | None) -> Operation:
        """Return an op that puts the restored tensors back."""
        raise ValueError("Calling an abstract method.")


class ReferenceVariableSaveable(SaveableObject):
    """A reference variable."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        super().__init__(var, [SaveSpec(var, slice_spec, name, dtype=var.dtype)], name)

    def restore(self, restored_tensors: list[Tensor], restored_shapes: list[Any] | None) -> Operation:
        """Return an op that puts the restored tensors back."""
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = reshape(value, restored_shapes[0])
        static = self.op.shape.is_fully_defined()
        return state.assign(self.op, value, validate_shape=restored_shapes is None and static)


class ResourceVariableSaveable(SaveableObject):
    """A resource variable: the variable, or a tensor that reads it."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        self._place = var.device
        self._shape = var.shape
        tensor: Any
        if isinstance(var, Tensor):
            self.handle_op = var.op.inputs[0]
            tensor = var
        else:
            self.handle_op = var.handle
            tensor = _read_closure(var)
        super().__init__(var, [SaveSpec(tensor, slice_spec, name, dtype=var.dtype, device=var.device)], name)

    def restore(self, restored_tensors: list[Tensor], restored_shapes: list[Any] | None) -> Operation:
        """Return an op that puts the restored tensors back."""
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = reshape(value, restored_shapes[0])
        with device(self._place):
            value = identity(value)
            self._shape.assert_is_compatible_with(value.shape)
            return state.assign_variable_op(self.handle_op, value)


def _read_closure(variable: Any) -> Callable[[], Tensor]:
    def read() -> Tensor:
        with device(variable.device):
            value = variable.read_value()
        with device("/device:CPU:0"):
            return identity(value)

    return read


# -- from what users pass --------------------------------------------------------------------------------------------


def by_name(var_list: Any) -> dict[str, Any]:
    """Return what to save by name, of a dict or of a list of variables, parts of them or `SaveableObject` s.

    Raises
    ------
    TypeError
        If something in it is no variable.
    ValueError
        If two things have the same name.
    """
    if isinstance(var_list, dict):
        return {name: _element(op) for name, op in var_list.items()}
    if not isinstance(var_list, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {var_list}")
    found: dict[str, Any] = {}
    for var in sorted(var_list, key=lambda v: v.name):
        if isinstance(var, (SaveableObject, PartitionedVariable)):
            _put(found, var.name, var)
        elif isinstance(var, Variable) and var._save_slice_info is not None:
            _put_part(found, var)
        else:
            element = _element(var)
            reads = isinstance(element, Tensor) and element.op.type == "ReadVariableOp"
            _put(found, (element.op.inputs[0] if reads else element).op.name, element)
    return found


def _put(found: dict[str, Any], name: str, what: Any) -> None:
    if name in found:
        raise ValueError(f"At least two variables have the same name: {name}")
    found[name] = what


def _put_part(found: dict[str, Any], var: Any) -> None:
    name = var._save_slice_info.full_name
    if not isinstance(found.setdefault(name, []), list):
        raise ValueError(f"Mixing slices and non-slices with the same name: {name}")
    found[name].append(var)


def _element(op: Any) -> Any:
    """Return the tensor that stands for a variable; lists of parts and the like as they are."""
    if isinstance(op, BaseResourceVariable):
        return op._as_graph_element()
    if isinstance(op, RefVariable):
        return op._ref()
    if isinstance(op, (SaveableObject, PartitionedVariable, list, tuple)):
        return op
    return convert_to_tensor(op, as_ref=True)


def saveables_of(op: Any, name: str) -> Iterable[SaveableObject]:
    """Yield the saveables of what is to be saved as `name`."""
    if not isinstance(name, str):
        raise TypeError(f"names_to_saveables must be a dict mapping string names to variables: {name!r} is no name")
    if isinstance(op, SaveableObject):
        yield op
        return
    if isinstance(op, (list, tuple, PartitionedVariable)):
        for part in op:
            info = part._save_slice_info
            if info is None:
                raise ValueError(f"Slices must all be slices: {part}")
            if isinstance(op, (list, tuple)) and info.full_name != next(iter(op))._save_slice_info.full_name:
                raise ValueError(f"Slices must all be from the same tensor: {name} != {info.full_name}")
            kind = ResourceVariableSaveable if isinstance(part, BaseResourceVariable) else ReferenceVariableSaveable
            yield kind(part, info.spec, name)
        return
    if op.op.type in _REFERENCES:
        yield ReferenceVariableSaveable(op, "", name)
    elif op.op.type == "ReadVariableOp":
        yield ResourceVariableSaveable(op, "", name)
    else:
        raise TypeError(f"Variables to save should be variables, their names strings; {name} is {op}")


def all_saveables(names: dict[str, Any]) -> list[SaveableObject]:
    """Return the saveables in the order of their names.

    Raises
    ------
    ValueError
        If something is to be saved twice.
    """
    saveables: list[SaveableObject] = []
    seen: set[Any] = set()
    for name in sorted(names):
        for saveable in saveables_of(names[name], name):
            if saveable.op in seen:
                raise ValueError(f"The same saveable will be restored with two names: {saveable.name}")
            seen.add(saveable.op)
            saveables.append(saveable)
    return saveables
