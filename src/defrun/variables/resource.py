"""Resource variables (`VarHandleOp`): a handle, and nodes that read what is behind it at that point."""

from __future__ import annotations

import contextlib
from typing import Any, NoReturn

from tensorboard.compat.proto import variable_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import (
    add_to_collections,
    colocate_with,
    control_dependencies,
    device,
    init_scope,
    name_scope,
    prepend_name_scope,
)
from defrun.ops import scatter_variable as scatter
from defrun.ops import state
from defrun.ops.array import identity
from defrun.ops.slicing import resource_strided_slice_assign
from defrun.session import fetch_quickly
from defrun.variables.guard import guarded
from defrun.variables.modes import VariableAggregation, VariableSynchronization, checked_modes
from defrun.variables.variable import SaveSliceInfo, Variable, collections_for


class BaseResourceVariable(Variable):
    """What can be done with a handle."""

    _handle: Tensor
    _shape: TensorShape
    _dtype: DType
    _graph_element: Tensor
    _cached_value: Tensor | None = None
    _is_initialized_op: Tensor | None = None

    @property
    def _tensor(self) -> Tensor:
        return self._handle

    @property
    def handle(self) -> Tensor:
        """The handle of the value."""
        return self._handle

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The shape."""
        return self._shape

    @property
    def create(self) -> Operation:
        """Alias of `initializer`."""
        return self._initializer_op

    def _as_graph_element(self) -> Tensor:
        return self._graph_element

    def _kept_read(self) -> Tensor:
        return self._graph_element if self._cached_value is None else self._cached_value

    # -- reading -------------------------------------------------------------------------------------------------

    def _read(self) -> Tensor:
        return state.read_variable_op(self._handle, self._dtype)

    def value(self) -> Tensor:
        """Add a node that reads the value where it stands (with a caching device: the read made at first)."""
        if self._cached_value is not None:
            return self._cached_value
        with colocate_with(None, ignore_existing=True), device(self._handle.device):
            return self._read()

    def read_value(self) -> Tensor:
        """Add a node that reads the value under the control dependencies that are open."""
        with name_scope("Read"), device(self._handle.device):
            value = self._read()
        return identity(value)

    def is_initialized(self, name: str | None = None) -> Tensor:
        """Return a bool tensor: whether there is a value yet."""
        return state.var_is_initialized_op(self._handle, name=name)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Read the rows `indices`."""
        with name_scope("Gather" if name is None else name) as scope:
            value = scatter.resource_gather(self._handle, indices, dtype=self._dtype, name=scope)
        return identity(value)

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Read the elements or slices that the vectors `indices` select."""
        with name_scope("GatherNd" if name is None else name) as scope:
            value = scatter.resource_gather_nd(self._handle, indices, dtype=self._dtype, name=scope)
        return identity(value)

    # -- updates -------------------------------------------------------------------------------------------------

    def _target(self) -> BaseResourceVariable:
        return self

    def _write(self, how: str, value: Any, use_locking: bool, name: str | None, read_value: bool) -> Any:
        with self._graph_of_handle(), self._after_cached_read(how != "assign"):
            tensor = convert_to_tensor(value, dtype=self._dtype)
            if how == "assign":
                self._shape.assert_is_compatible_with(tensor.shape)
            update = _WRITES[how](self._handle, tensor, name=name)
        return self._lazy_read(update) if read_value else update

    def _graph_of_handle(self) -> Any:
        inside = get_default_graph().building_function
        return contextlib.nullcontext() if inside else self._handle.graph.as_default()

    def _after_cached_read(self, wait: bool = True) -> Any:
        return control_dependencies([] if self._cached_value is None or not wait else [self._cached_value])

    def _lazy_read(self, update: Operation) -> _UnreadVariable:
        return _UnreadVariable(self, update)

    def batch_scatter_update(
        self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """In each leading element, replace the rows of its own that `sparse_delta` names."""
        update = super().batch_scatter_update(sparse_delta, use_locking, name).op
        return self._lazy_read(update)  # TensorFlow reads twice, too

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: str | None, **masks: int
    ) -> Any:
        with self._graph_of_handle(), self._after_cached_read():
            tensor = convert_to_tensor(value, dtype=self._dtype)
            update = resource_strided_slice_assign(self._handle, begin, end, strides, tensor, name=name, **masks)
            return self._lazy_read(update)

    # -- v += 1 would make a new tensor of it: refused, as in TensorFlow -----------------------------------------

    def __iadd__(self, other: Any) -> NoReturn:
        raise _in_place("+", "assign_add(value)")

    def __isub__(self, other: Any) -> NoReturn:
        raise _in_place("-", "assign_sub(value)")

    def __imul__(self, other: Any) -> NoReturn:
        raise _in_place("*", "assign(var * value)")

    def __itruediv__(self, other: Any) -> NoReturn:
        raise _in_place("/", "assign(var / value)")

    def __ipow__(self, other: Any) -> NoReturn:
        raise _in_place("**", "assign(var ** value)")


_WRITES = {
    "assign": state.assign_variable_op,
    "assign_add": state.assign_add_variable_op,
    "assign_sub": state.assign_sub_variable_op,
}


def _in_place(operator: str, instead: str) -> RuntimeError:
    return RuntimeError(
        f"Variable {operator}= value is not supported. Use `var.{instead}` to change the variable, or "
        f"`var = var {operator} value` to get a new Tensor."
    )


class ResourceVariable(BaseResourceVariable):
    """A resource variable; see `Variable` for the parameters."""

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        dtype: Any = None,
        variable_def: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        distribute_strategy: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._find(variable_def, import_scope)
            return
        self._synchronization, self._aggregation, self._trainable = checked_modes(
            synchronization, aggregation, trainable, name
        )
        keys = collections_for(initial_value, collections, constraint, self._trainable)
        self._constraint = constraint
        self._caching_device = caching_device
        with init_scope():
            self._build(initial_value, name, dtype, None if shape is None else as_shape(shape))
            add_to_collections(keys, self)

    def _build(self, initial_value: Any, name: str | None, dtype: Any, shape: TensorShape | None) -> None:
        calls = callable(initial_value)
        with name_scope(name, "Variable", [] if calls else [initial_value]) as scope:
            own_name = scope[:-1]
            with get_default_graph()._attr_scope({"_class": [f"loc:@{own_name}".encode()]}):
                with name_scope("Initializer"), device(None):
                    given = initial_value() if calls else initial_value
                    start = convert_to_tensor(given, name="initial_value", dtype=dtype)
                if start.graph is not get_default_graph():
                    raise ValueError(
                        f"The initial value of the variable {own_name} is made inside a branch or loop. "
                        "Pass a function that makes it instead."
                    )
                if shape is None:
                    shape = start.shape
                elif not start.shape.is_compatible_with(shape):
                    raise ValueError(
                        f"The initial value's shape ({start.shape}) is not compatible with the explicitly supplied "
                        f"`shape` argument ({shape})."
                    )
                self._dtype, self._shape = start.dtype.base_dtype, shape
                self._handle = state.var_handle_op(self._dtype, shape, shared_name=own_name, name=scope)
            self._initial_value = start
            self._add_reads(scope, start)

    def _add_reads(self, scope: str, start: Tensor) -> None:
        place = self._handle.device
        with name_scope("IsInitialized"):
            self._is_initialized_op = state.var_is_initialized_op(self._handle)
        with name_scope("Assign") as assign, colocate_with(None, ignore_existing=True), device(place):
            self._set_initializer(state.assign_variable_op(self._handle, guarded(scope, start), name=assign))
        with name_scope("Read"):
            with device(place):
                self._graph_element = self._read()
            if self._caching_device is not None:
                with colocate_with(None, ignore_existing=True), device(self._caching_device):
                    self._cached_value = identity(self._graph_element)

    def _find(self, proto: variable_pb2.VariableDef, import_scope: str | None) -> None:
        if not proto.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        graph = get_default_graph()

        def find(name: str) -> Any:
            return graph.as_graph_element(prepend_name_scope(name, import_scope))

        self._handle = find(proto.variable_name)
        kept = self._handle._handle
        assert kept is not None
        self._dtype, self._shape = dtypes.as_dtype(kept.dtype), TensorShape(kept.dims)
        self._set_initializer(find(proto.initializer_name))
        self._initial_value = find(proto.initial_value_name) if proto.initial_value_name else None
        self._synchronization, self._aggregation, self._trainable = checked_modes(
            proto.synchronization, proto.aggregation, proto.trainable, proto.variable_name
        )
        snapshot = find(proto.snapshot_name or f"{self._handle.op.name}/Read/ReadVariableOp:0")
        if snapshot.op.type != "ReadVariableOp":
            self._cached_value = snapshot
        while snapshot.op.type != "ReadVariableOp":
            snapshot = snapshot.op.inputs[0]
        self._graph_element = snapshot
        if proto.HasField("save_slice_info_def"):
            self._save_slice_info = SaveSliceInfo(
                save_slice_info_def=proto.save_slice_info_def, import_scope=import_scope
            )


class _UnreadVariable(BaseResourceVariable):
    """A resource variable as it is after an update; each read of it waits for the update."""

    def __init__(self, variable: BaseResourceVariable, update: Operation) -> None:
        self._handle = variable._handle
        self._shape = variable._shape
        self._dtype = variable._dtype
        self._parent_op = update
        self._trainable = True
        self._synchronization = VariableSynchronization.AUTO
        self._aggregation = VariableAggregation.NONE
        if not get_default_graph().building_function:
            self._graph_element = self._read()

    @property
    def name(self) -> str:
        """The name of the update."""
        return self._parent_op.name

    @property
    def op(self) -> Operation:
        """The update."""
        return self._parent_op

    def _read(self) -> Tensor:
        with control_dependencies([self._parent_op]):
            return super()._read()

    def value(self) -> Tensor:
        """Add a node that reads the value after the update."""
        return self._read()

    def read_value(self) -> Tensor:
        """Add a node that reads the value after the update."""
        return self._read()


fetch_quickly(ResourceVariable)
