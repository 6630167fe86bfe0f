"""Reference variables (`VariableV2`): each op sees the variable as it is when the op runs."""

from __future__ import annotations

from typing import Any

from tensorboard.compat.proto import variable_pb2

from defrun.base.shapes import TensorShape, as_shape, unknown_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collections, colocate_with, device, init_scope, name_scope, prepend_name_scope
from defrun.ops import state
from defrun.ops.array import identity
from defrun.ops.slicing import strided_slice_assign
from defrun.session import fetch_quickly
from defrun.variables.guard import guarded
from defrun.variables.modes import checked_modes
from defrun.variables.variable import SaveSliceInfo, Variable, collections_for


class RefVariable(Variable):
    """A reference variable; see `Variable` for the parameters."""

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
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
            self._build(initial_value, name, dtype, validate_shape, None if shape is None else as_shape(shape))
            add_to_collections(keys, self)

    def _build(
        self, initial_value: Any, name: str | None, dtype: Any, validate_shape: bool, shape: TensorShape | None
    ) -> None:
        calls = callable(initial_value)
        with name_scope(name, "Variable", [] if calls else [initial_value]) as scope:
            if calls:
                place = {"_class": [f"loc:@{scope[:-1]}".encode()]}
                with get_default_graph()._attr_scope(place):
                    with name_scope("Initializer"), device(None):
                        self._initial_value = convert_to_tensor(initial_value(), name="initial_value", dtype=dtype)
                    self._add_variable(scope, validate_shape, shape)
            else:
                self._initial_value = convert_to_tensor(initial_value, name="initial_value", dtype=dtype)
                if self._initial_value.graph is not get_default_graph():
                    raise ValueError(
                        f"The initial value of the variable {scope[:-1]} is made inside a branch or loop. "
                        "Pass a function that makes it instead."
                    )
                self._add_variable(scope, validate_shape, shape)
            start = self._initial_value
            if validate_shape and not start.shape.is_fully_defined():
                raise ValueError(f"initial_value must have a shape specified: {start}")
            write = state.assign(self._variable, guarded(scope, start), validate_shape=validate_shape)
            self._set_initializer(write.op)
            near = colocate_with(self._variable.op) if self._caching_device is None else device(self._caching_device)
            with near:
                self._snapshot = identity(self._variable, name="read")

    def _add_variable(self, scope: str, validate_shape: bool, shape: TensorShape | None) -> None:
        start = self._initial_value
        assert start is not None
        if shape is None:
            shape = start.shape if validate_shape else unknown_shape()
        self._variable: Tensor = state.variable_v2(shape, start.dtype.base_dtype, name=scope)

    def _find(self, proto: variable_pb2.VariableDef, import_scope: str | None) -> None:
        graph = get_default_graph()

        def find(name: str) -> Any:
            return graph.as_graph_element(prepend_name_scope(name, import_scope))

        self._variable = find(proto.variable_name)
        self._set_initializer(find(proto.initializer_name))
        self._initial_value = find(proto.initial_value_name) if proto.initial_value_name else None
        self._snapshot = find(proto.snapshot_name)
        self._synchronization, self._aggregation, self._trainable = checked_modes(
            proto.synchronization, proto.aggregation, proto.trainable, proto.variable_name
        )
        if proto.HasField("save_slice_info_def"):
            self._save_slice_info = SaveSliceInfo(
                save_slice_info_def=proto.save_slice_info_def, import_scope=import_scope
            )

    @property
    def _tensor(self) -> Tensor:
        return self._variable

    def _as_graph_element(self) -> Tensor:
        return self._variable

    def _ref(self) -> Tensor:
        return self._variable

    def _kept_read(self) -> Tensor:
        return self._snapshot

    def value(self) -> Tensor:
        """Return the tensor ``name/read``: the value when its consumer runs."""
        return self._snapshot

    def read_value(self) -> Tensor:
        """Add a node that reads the value under the control dependencies that are open."""
        return identity(self._variable, name="read")

    def set_shape(self, shape: Any) -> None:
        """Add what is known of the shape."""
        self._variable.set_shape(shape)
        self._snapshot.set_shape(shape)

    def _target(self) -> Tensor:
        return self._variable

    def _write(self, how: str, value: Any, use_locking: bool, name: str | None, read_value: bool) -> Any:
        updated = _WRITES[how](self._variable, value, use_locking=use_locking, name=name)
        return updated if read_value else updated.op

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: str | None, **masks: int
    ) -> Any:
        return strided_slice_assign(self._variable, begin, end, strides, value, name=name, **masks)

    # -- v += 1 makes a new tensor -------------------------------------------------------------------------------

    def __iadd__(self, other: Any) -> Any:
        return self + other

    def __isub__(self, other: Any) -> Any:
        return self - other

    def __imul__(self, other: Any) -> Any:
        return self * other

    def __itruediv__(self, other: Any) -> Any:
        return self / other

    def __ipow__(self, other: Any) -> Any:
        return self**other


fetch_quickly(RefVariable)

_WRITES: dict[str, Any] = {"assign": state.assign, "assign_add": state.assign_add, "assign_sub": state.assign_sub}
