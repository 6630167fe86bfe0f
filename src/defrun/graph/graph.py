"""The graph: nodes in the order of their making, and the scopes under which the next node is made."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import Any

from tensorboard.compat.proto import graph_pb2, versions_pb2

from defrun.base import device as devices
from defrun.base.dtypes import DType, resource
from defrun.graph import attrs as attr_values
from defrun.graph.infer import complete_attrs, infer
from defrun.graph.library import functions_of, spelled
from defrun.graph.opdef import UNKNOWN_SHAPE, Dims, OpDef, lookup, plain
from defrun.graph.operation import Handle, Operation, Tensor, made_at

_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_./-]*\Z")
_SCOPE = re.compile(r"[A-Za-z0-9_./-]*$")

# The producer and consumer versions of graphs that TensorFlow 1.15 writes.
_VERSIONS = versions_pb2.VersionDef(producer=134)
_FIRST_WITH_FUNCTIONS = 12


def valid_name(name: str) -> bool:
    """Whether a node may have this name."""
    return _NAME.match(name) is not None


class _Controller:
    """One `control_dependencies` block: the operations to wait for, and those made inside, which need not repeat it."""

    def __init__(self, graph: Graph, control_inputs: list[Operation] | None) -> None:
        self.graph = graph
        self.inputs = control_inputs or []
        self.clears = control_inputs is None
        self.seen: set[Operation] = set()
        self.outside: list[Operation] = []  # of a function's graph: what is outside it

    def __enter__(self) -> None:
        self._saved = self.graph._controllers
        self.graph._controllers = [self] if self.clears else [*self._saved, self]

    def __exit__(self, *exc: object) -> None:
        self.graph._controllers = self._saved


class Graph:
    """A dataflow graph. It only grows: nodes are added, none is changed by running it.

    Examples
    --------
    >>> g = Graph()
    >>> with g.as_default():
    ...     c = tf.constant(30.0)
    """

    _phantoms: int = 0
    """Nodes that TensorFlow would have made in the place of fewer of ours."""

    def __init__(self) -> None:
        self._ops: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._names_in_use: dict[str, int] = {}
        self._version = 0
        self._edits = 0  # changes to nodes that were there already; plans made before such a change don't hold
        self._counted: set[Any] = set()  # those of them that it makes once in a graph
        self._finalized = False
        self._name_stack = ""
        self._controllers: list[_Controller] = []
        self._devices: list[Any] = []
        self._colocations: list[Operation] = []
        self._container = ""
        self._extra_attrs: dict[str, Any] = {}
        self._gradient_overrides: dict[str, str] = {}
        self._kernel_labels: dict[str, str] = {}
        self._collections: dict[Any, list[Any]] = {}
        self._unfeedable: set[Tensor] = set()
        self._unfetchable: set[Operation] = set()
        self._lock = threading.RLock()
        self.seed: int | None = None
        """The graph-level random seed; see `set_random_seed`."""
        self._functions: dict[str, Any] = {}
        self.gradient_source: str | None = None
        """Names the call of `gradients` that is adding nodes now."""
        self.losses: set[Tensor] = set()
        """Single numbers whose gradients, and not those of something behind them, have been asked for."""
        # Room for what other rooms keep per graph (variable scopes, ...).
        self._attic: dict[str, Any] = {}

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _check_not_finalized(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def add(
        self,
        definition: OpDef,
        inputs: list[Tensor],
        attrs: dict[str, Any],
        name: str,
        output_types: list[DType],
        output_dims: list[Dims],
    ) -> Operation:
        """Add a node of known types and shapes under the scopes that are open.

        `name` is taken as it is if it ends in ``/`` (as a name scope gives it) and made unique otherwise.
        """
        self._check_not_finalized()
        if not isinstance(name, str):
            raise TypeError(f"the name of a node must be a string, not {name!r}")
        with self._lock:
            name = name[:-1] if name.endswith("/") else self.unique_name(name)
            if not _NAME.match(name):
                raise ValueError(f"'{name}' is not a valid node name")
            if name in self._by_name:
                raise ValueError(f"Duplicate node name in graph: '{name}'")
            inputs = [t if t._op.graph is self else self.capture(t) for t in inputs]
            control = self._control_inputs_for(inputs) if self._controllers else []
            op = self._new(definition, inputs, control, attrs, name, output_types, output_dims)
            self._apply_scopes(op)
        return op

    def _new(
        self,
        definition: OpDef,
        inputs: list[Tensor],
        control: list[Operation],
        attrs: dict[str, Any],
        name: str,
        output_types: list[DType],
        output_dims: list[Dims],
    ) -> Operation:
        op = Operation(self, definition, name, inputs, control, attrs, output_types, output_dims, len(self._ops) + 1)
        if definition.variable and output_types[0] is resource:
            op.outputs[0]._handle = Handle(attrs["dtype"], plain(attrs["shape"]))
        elif definition.transient and "element_shape" in attrs:
            shape = attrs["element_shape"] if attrs["identical_element_shapes"] else UNKNOWN_SHAPE
            op.outputs[0]._handle = Handle(attrs["dtype"], plain(shape))
        elif (definition.forwards or definition.transient) and inputs and inputs[0]._handle is not None:
            op.outputs[0]._handle = inputs[0]._handle
        elif definition.transient:
            op.outputs[0]._handle = Handle(attrs.get("elem_type", resource), None)
        self._ops.append(op)
        self._by_name[name] = op
        self._version += 1
        return op

    def _apply_scopes(self, op: Operation) -> None:
        attrs = op.attrs
        for key, value in self._extra_attrs.items():
            if key not in attrs and (value := value(op) if callable(value) else value) is not None:
                attrs[key] = attr_values.from_proto(value) if hasattr(value, "WhichOneof") else value
        if op.type in self._kernel_labels:
            attrs.setdefault("_kernel", self._kernel_labels[op.type].encode())
        if op.type in self._gradient_overrides:
            attrs.setdefault("_gradient_op_type", self._gradient_overrides[op.type].encode())
        for controller in self._controllers:
            controller.seen.add(op)
        if self._devices:
            for choose in reversed(self._devices):
                op._set_device(choose(op) or "")
        if self._colocations:
            groups: set[bytes] = set()
            for other in self._colocations:
                groups.update(other.colocation_groups())
                if other._device:
                    op._device = other._device
            attrs["_class"] = sorted(groups)
        if self._container and attrs.get("container") == "" and op.definition.stateful:
            attrs["container"] = self._container

    def _control_inputs_for(self, inputs: list[Tensor]) -> list[Operation]:
        """Operations to wait for, less those that an input made inside the same block waits for already."""
        ops = {t._op for t in inputs}
        found: dict[Operation, None] = {}
        for controller in self._controllers:
            if ops.isdisjoint(controller.seen):
                found.update((c, None) for c in controller.inputs if c not in ops)
        return list(found)

    def capture(self, tensor: Tensor) -> Tensor:
        """Bring in a tensor of another graph. A plain graph refuses; the graph of a function makes it an argument."""
        raise ValueError(f"{tensor} must be from the same graph as the operation that takes it.")

    def create_op(
        self,
        op_type: str,
        inputs: list[Tensor],
        dtypes: list[Any] | None = None,
        input_types: list[Any] | None = None,
        name: str | None = None,
        attrs: dict[str, Any] | None = None,
        op_def: Any = None,
        compute_shapes: bool = True,
        compute_device: bool = True,
    ) -> Operation:
        """Add a node by its type; `attrs` holds Python values or AttrValue protobufs. The op's function is easier."""
        values = {k: attr_values.from_proto(v) if hasattr(v, "WhichOneof") else v for k, v in (attrs or {}).items()}
        definition = lookup(op_type)
        complete_attrs(definition, inputs, values)
        types, dims = infer(definition, inputs, values, name or op_type)
        return self.add(definition, list(inputs), values, name or op_type, types, dims)

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """Return `name` under the open name scope, with a number behind it if it is taken (letter case aside)."""
        if self._name_stack:
            name = f"{self._name_stack}/{name}"
        key = name.lower()
        number = self._names_in_use.get(key, 0)
        if mark_as_used:
            self._names_in_use[key] = number + 1
        if number == 0:
            return name
        candidate = key
        while candidate in self._names_in_use:
            candidate = f"{key}_{number}"
            number += 1
        if mark_as_used:
            self._names_in_use[candidate] = 1
        return f"{name}_{number - 1}"

    def get_operations(self) -> list[Operation]:
        """Return all operations in the order of their making."""
        return list(self._ops)

    def get_operation_by_name(self, name: str) -> Operation:
        """Return the operation `name`; `KeyError` if there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=False, allow_operation=True)

    def get_tensor_by_name(self, name: str) -> Tensor:
        """Return the tensor ``"op:index"``; `KeyError` if there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=True, allow_operation=False)

    def _get_operation_by_name_unsafe(self, name: str) -> Operation:
        return self._by_name[name]

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Any:
        """Return the tensor or operation that `obj` (itself, its name, a variable) stands for in this graph."""
        kinds = " or ".join(k for k, on in (("Tensor", allow_tensor), ("Operation", allow_operation)) if on)
        if not kinds:
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert()
        if isinstance(obj, bytes):
            obj = obj.decode()
        if isinstance(obj, str):
            return self._element_by_name(obj, allow_tensor, allow_operation)
        if (isinstance(obj, Tensor) and allow_tensor) or (isinstance(obj, Operation) and allow_operation):
            if obj.graph is not self:
                op = obj._op if isinstance(obj, Tensor) else obj
                raise ValueError(f"{obj!r} is not an element of this graph.{made_at(op)}")
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {kinds}.")

    def _element_by_name(self, name: str, allow_tensor: bool, allow_operation: bool) -> Any:
        if ":" in name and allow_tensor:
            op_name, _, index = name.rpartition(":")
            if not op_name or not index.isdigit():
                raise ValueError(f"The name {name!r} looks a like a Tensor name, but is not <op_name>:<output_index>.")
            op = self._by_name.get(op_name)
            if op is None:
                raise KeyError(f"The name {name!r} refers to a Tensor, but the graph has no operation {op_name!r}.")
            if int(index) >= len(op.outputs):
                raise KeyError(f"The name {name!r} refers to an output that {op_name!r} doesn't have: it has "
                               f"{len(op.outputs)}.")  # fmt: skip
            return op.outputs[int(index)]
        if ":" in name:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not an Operation.")
        if not allow_operation:
            raise ValueError(f"The name {name!r} refers to an Operation, not a Tensor; Tensor names look like "
                             f"'{name}:0'.")  # fmt: skip
        if name not in self._by_name:
            raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")
        return self._by_name[name]

    @property
    def version(self) -> int:
        """A number that grows with the graph."""
        return self._version

    @property
    def _last_id(self) -> int:
        return len(self._ops) + self._phantoms

    @property
    def finalized(self) -> bool:
        """Whether no more nodes may be added."""
        return self._finalized

    def finalize(self) -> None:
        """Refuse any further node."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    @property
    def building_function(self) -> bool:
        """Whether this is the graph of a function (a branch, a loop's body)."""
        return False

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> graph_pb2.GraphDef:
        """Write the graph as a GraphDef protobuf.

        Parameters
        ----------
        from_version : int, optional
            Leave out the nodes that were there at this `version`.
        add_shapes : bool
            Add the attr ``_output_shapes`` to each node.
        """
        graph_def = graph_pb2.GraphDef()
        graph_def.versions.CopyFrom(_VERSIONS)
        for op in self._ops:
            if from_version is not None and op._id <= from_version:
                continue
            node = op.node_def
            said = spelled(op)
            if said is not None:
                node.op = said.signature.name
                for key in op.definition.attrs:
                    del node.attr[key]
            if add_shapes:
                shapes = [attr_values.shape_attr(t.dims) for t in op.outputs]
                node.attr["_output_shapes"].CopyFrom(attr_values.to_proto(shapes))
            graph_def.node.append(node)
        functions = {**self._functions, **functions_of(self._ops, self._functions)}
        if functions:
            graph_def.library.function.extend(functions.values())
            graph_def.versions.min_consumer = _FIRST_WITH_FUNCTIONS
        return graph_def

    @property
    def graph_def_versions(self) -> versions_pb2.VersionDef:
        """The versions written into GraphDefs."""
        return _VERSIONS

    # -- scopes --------------------------------------------------------------------------------------------------

    def as_default(self) -> contextlib.AbstractContextManager[Graph]:
        """Make this the default graph for a ``with`` block."""
        return _default.hold(self)

    @contextlib.contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Put `name` before the names of the nodes made in the block; ``"a/"`` reopens scope ``a``, None leaves all."""
        if name:
            if isinstance(name, bytes):
                name = name.decode()
            pattern = _SCOPE if self._name_stack else _NAME
            if not isinstance(name, str) or not pattern.match(name):
                raise ValueError(f"'{name}' is not a valid scope name")
        saved = self._name_stack
        if not name:
            scope = ""
        elif name.endswith("/"):
            scope = name[:-1]
        else:
            scope = self.unique_name(name)
        self._name_stack = scope
        try:
            yield f"{scope}/" if scope else ""
        finally:
            self._name_stack = saved

    def get_name_scope(self) -> str:
        """Return the open name scope, without a slash at its end."""
        return self._name_stack

    def control_dependencies(self, control_inputs: Any) -> _Controller:
        """Let the nodes made in the block wait for `control_inputs`; None lifts all outer blocks."""
        if control_inputs is None:
            return _Controller(self, None)
        ops: list[Operation] = []
        for item in control_inputs:
            if hasattr(item, "indices") and hasattr(item, "values") and not isinstance(item, Tensor):
                item = item.op
            elif isinstance(getattr(item, "handle", None), Tensor):
                item = item.op  # a resource variable: waiting for it reads nothing
            item = self.as_graph_element(item)
            op = item.op if isinstance(item, Tensor) else item
            if op not in ops:
                ops.append(op)
        return _Controller(self, ops)

    @contextlib.contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Ask for a device: a string or DeviceSpec merged under the inner ones, a function of the node, or None."""
        saved = self._devices
        if device_name_or_function is None:
            self._devices = []
        elif callable(device_name_or_function):
            self._devices = [*saved, device_name_or_function]
        else:
            spec = device_name_or_function
            self._devices = [*saved, lambda op: devices.merge(spec, op._device)]
        try:
            yield
        finally:
            self._devices = saved

    @contextlib.contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Place the nodes made in the block where `op` is; device blocks outside do not hold inside."""
        if op is None and not ignore_existing:
            raise ValueError("Trying to reset colocation (op is None) but ignore_existing is not True")
        target = None
        if op is not None:
            target = op if isinstance(op, Operation) else getattr(op, "op", None) or self.as_graph_element(op)
        saved, saved_devices = self._colocations, self._devices
        self._colocations = [] if ignore_existing else saved
        self._devices = []
        if target is not None:
            self._colocations = [*self._colocations, target]
        try:
            yield
        finally:
            self._colocations, self._devices = saved, saved_devices

    @contextlib.contextmanager
    def container(self, container_name: str) -> Iterator[str]:
        """Keep the state of stateful nodes made in the block in the container `container_name`."""
        saved, self._container = self._container, container_name
        try:
            yield container_name
        finally:
            self._container = saved

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """For op types made in the block use the gradient registered under another name."""
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        if not all(isinstance(v, str) for pair in op_type_map.items() for v in pair):
            raise TypeError("op_type_map must map strings to strings")
        saved = self._gradient_overrides
        self._gradient_overrides = {**saved, **op_type_map}
        try:
            yield
        finally:
            self._gradient_overrides = saved

    @contextlib.contextmanager
    def _kernel_label_map(self, op_to_kernel_label_map: dict[str, str]) -> Iterator[None]:
        saved = self._kernel_labels
        self._kernel_labels = {**saved, **op_to_kernel_label_map}
        try:
            yield
        finally:
            self._kernel_labels = saved

    @contextlib.contextmanager
    def _attr_scope(self, attr_map: dict[str, Any]) -> Iterator[None]:
        if not isinstance(attr_map, dict):
            raise TypeError("attr_map must be a dictionary mapping strings to AttrValue protocol buffers")
        saved = self._extra_attrs
        self._extra_attrs = {k: v for k, v in {**saved, **attr_map}.items() if v is not None}
        try:
            yield
        finally:
            self._extra_attrs = saved

    # -- collections ---------------------------------------------------------------------------------------------

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append `value` to the collection `name`."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append `value` to each of the collections `names` (one name, or several)."""
        for name in (names,) if isinstance(names, str) else dict.fromkeys(names or ()):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """Return a copy of a collection; with `scope`, only the items whose name matches it (`re.match`)."""
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        pattern = re.compile(scope)
        return [item for item in items if hasattr(item, "name") and pattern.match(item.name)]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """Return the collection itself, which may be changed."""
        return self._collections.setdefault(name, [])

    def get_all_collection_keys(self) -> list[Any]:
        """Return the names of all collections."""
        return [name for name in self._collections if isinstance(name, str)]

    @property
    def collections(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        """Empty the collection `name`."""
        self._check_not_finalized()
        self._collections.pop(name, None)

    # -- feeding and fetching ------------------------------------------------------------------------------------

    def prevent_feeding(self, tensor: Tensor) -> None:
        """Mark `tensor` as not to be fed."""
        self._unfeedable.add(tensor)

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether `tensor` may be fed."""
        return tensor not in self._unfeedable

    def prevent_fetching(self, op: Operation) -> None:
        """Mark `op` as not to be fetched."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether the tensor or operation may be fetched."""
        op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op not in self._unfetchable

    def switch_to_thread_local(self) -> None:
        """Taken for TensorFlow's sake; scopes belong to the graph."""

    def _run_hook(self, fetch: Any, feed_dict: Any, session: Any) -> Any:
        runner = session if session is not None else current_runner()
        if runner is None:
            raise ValueError(
                f"Cannot run {fetch!r}: no default session is registered. Use `with sess.as_default()` or pass an "
                "explicit session."
            )
        if session is None and runner.graph is not self:
            raise ValueError(
                f"Cannot use the default session to run {fetch!r}: its graph is not the session's graph. Pass an "
                "explicit session."
            )
        return runner.run(fetch, feed_dict)


class _Stack(threading.local):
    """A stack of defaults for each thread."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    @contextlib.contextmanager
    def hold(self, item: Any) -> Iterator[Any]:
        self.items.append(item)
        try:
            yield item
        finally:
            if self.items and self.items[-1] is item:
                self.items.pop()
            elif item in self.items:
                raise AssertionError(f"Nesting violated for default stack of {type(item).__name__} objects")


class _GraphStack(_Stack):
    def __init__(self) -> None:
        super().__init__()
        self.bottom: Graph | None = None

    def top(self) -> Graph:
        if self.items:
            return self.items[-1]
        if self.bottom is None:
            self.bottom = Graph()
        return self.bottom


_default = _GraphStack()
_runners = _Stack()


def get_default_graph() -> Graph:
    """Return the default graph of this thread."""
    return _default.top()


def reset_default_graph() -> None:
    """Put a new, empty graph in the place of the default graph; not to be used inside `Graph.as_default`."""
    if _default.items:
        raise AssertionError("Do not use tf.reset_default_graph() to clear nested graphs.")
    _default.bottom = Graph()


def hold_runner(session: Any) -> contextlib.AbstractContextManager[Any]:
    """Make `session` the one that `Tensor.eval` and `Operation.run` use in a ``with`` block."""
    return _runners.hold(session)


def current_runner() -> Any:
    """Return the innermost default session of this thread, or None."""
    return _runners.items[-1] if _runners.items else None
