"""`PartitionedVariable`: several variables that together are one tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.convert import register_tensor_conversion_function
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.join import concat, split
from defrun.variables.variable import Variable


class PartitionedVariable:
    """Variables that are the parts of one along an axis; as a tensor, the parts put together.

    Parameters
    ----------
    name : str
    shape : TensorShape
        Of the whole.
    dtype : DType
    variable_list : list of Variable
        The parts, which know their place (`SaveSliceInfo`).
    partitions : list of int
        Number of parts along each axis.

    Raises
    ------
    TypeError
        If `variable_list` or `partitions` is no list.
    ValueError
        If the parts don't make up the whole.
    """

    def __init__(
        self, name: str, shape: Any, dtype: DType, variable_list: Sequence[Variable], partitions: Sequence[int]
    ) -> None:
        if not isinstance(variable_list, (list, tuple)):
            raise TypeError(f"variable_list is not a list or tuple: {variable_list}")
        if not isinstance(partitions, (list, tuple)):
            raise TypeError(f"partitions is not a list or tuple: {partitions}")
        if not all(count >= 1 for count in partitions):
            raise ValueError(f"partition values must be positive: {partitions}")
        if not variable_list:
            raise ValueError("variable_list may not be empty")
        if len(shape) != len(partitions):
            raise ValueError(f"len(shape) != len(partitions): {shape} vs. {partitions}")
        for part in variable_list:
            info = part._get_save_slice_info()
            if info is None:
                raise ValueError(f"All variables must have a save_slice_info: {[v.name for v in variable_list]}")
            if TensorShape(info.full_shape).as_list() != TensorShape(shape).as_list():
                raise ValueError(f"All variables' full shapes must match shape: {shape}; but one is {info.full_shape}")
        self._variable_list = sorted(variable_list, key=_offset)
        self._name = name
        self._shape = TensorShape(shape)
        self._dtype = dtype
        self._partitions = list(partitions)

    def __iter__(self) -> Iterator[Variable]:
        return iter(self._variable_list)

    def __len__(self) -> int:
        return len(self._variable_list)

    @property
    def name(self) -> str:
        """The name of the whole."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The shape of the whole."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """Alias of `shape`."""
        return self._shape

    def _get_variable_list(self) -> list[Variable]:
        return self._variable_list

    def _get_partitions(self) -> list[int]:
        return self._partitions

    def _axis(self) -> int:
        axes = [axis for axis, count in enumerate(self._partitions) if count > 1] or [0]
        if len(axes) > 1:
            raise NotImplementedError(f"A variable in parts along several axes can't be put together: {axes}")
        return axes[0]

    def as_tensor(self) -> Tensor:
        """Return the whole as a tensor."""
        with control_dependencies(None):
            if len(self._variable_list) == 1:
                with name_scope(None):
                    return identity(self._variable_list[0], name=self._name)
            with name_scope(f"{self._name}/ConcatPartitions/"):
                whole = concat(self._variable_list, self._axis())
            with name_scope(None):
                return identity(whole, name=self._name)

    def assign(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> list[Any]:
        """Replace the value by a tensor of the whole, a list of parts, or another variable in parts."""
        return self._update(lambda v, part: v.assign(part, use_locking, name, read_value), value, read_value)

    def assign_add(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> list[Any]:
        """Add to the value; see `assign`."""
        return self._update(lambda v, part: v.assign_add(part, use_locking, name, read_value), value, read_value)

    def assign_sub(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> list[Any]:
        """Subtract from the value; see `assign`."""
        return self._update(lambda v, part: v.assign_sub(part, use_locking, name, read_value), value, read_value)

    def _update(self, update: Callable[[Any, Any], Any], value: Any, read_value: bool) -> list[Any]:
        axis = self._axis()
        if isinstance(value, (list, PartitionedVariable)):
            parts = list(value)
            if len(parts) != len(self._variable_list):
                raise ValueError(f"{len(parts)} parts given for the {len(self._variable_list)} of {self._name}")
        else:
            parts = split(value, [v.shape.as_list()[axis] for v in self._variable_list], axis=axis)
        return [update(v, part) for v, part in zip(self._variable_list, parts, strict=True)]

    def __repr__(self) -> str:
        return f"<PartitionedVariable '{self._name}' shape={self._shape} in {len(self._variable_list)} parts>"


def _offset(part: Variable) -> list[int]:
    info = part._get_save_slice_info()
    return list(info.var_offset or ()) if info is not None else []


def _convert(value: PartitionedVariable, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type '{value.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return value.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)
