"""The nodes of a graph (`Operation`) and the values on its edges (`Tensor`)."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Iterator
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from tensorboard.compat.proto import node_def_pb2

from defrun.base import shapes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph import attrs as attr_values
from defrun.graph.opdef import Dims, OpDef

if TYPE_CHECKING:
    from defrun.graph.graph import Graph

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_MACHINERY = ("contextlib.py", "functools.py", "runpy.py", "<frozen runpy>")


class Frame(NamedTuple):
    """A place in the user's code."""

    filename: str
    lineno: int
    name: str
    line: str


def user_frame() -> tuple[CodeType, int] | None:
    """Find the innermost frame that is not ours; kept as (code, line) because that costs next to nothing."""
    frame = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if not filename.startswith(_PACKAGE) and not filename.endswith(_MACHINERY):
            return frame.f_code, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return None


class Operation:
    """A node: an op type applied to input tensors under attrs. Made by the functions of `defrun`, not by hand."""

    initializes = False
    """Whether it gives a variable its initial value; whoever makes the variable says so."""

    host_reason = ""
    """Why a loop or a choice runs on the host though nothing in it has to: found while compiling."""

    def __init__(
        self,
        graph: Graph,
        definition: OpDef,
        name: str,
        inputs: list[Tensor],
        control_inputs: list[Operation],
        attrs: dict[str, Any],
        output_types: list[DType],
        output_dims: list[Dims],
        ident: int,
    ) -> None:
        self.graph = graph
        self.definition = definition
        self.name = name
        self.attrs = attrs
        self._id = ident
        self._inputs = inputs
        self._control_inputs = control_inputs
        self._control_outputs: list[Operation] = []
        self._device = ""
        self._place = user_frame()
        self.outputs: list[Tensor] = [
            Tensor(self, i, t, d) for i, (t, d) in enumerate(zip(output_types, output_dims, strict=True))
        ]
        for tensor in inputs:
            tensor._consumers.append(self)
        for control in control_inputs:
            control._control_outputs.append(self)

    @property
    def type(self) -> str:
        """The op type, such as ``"MatMul"``."""
        return self.definition.type

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors that go in."""
        return tuple(self._inputs)

    @property
    def control_inputs(self) -> list[Operation]:
        """The operations that run before this one."""
        return list(self._control_inputs)

    @property
    def device(self) -> str:
        """The device that the user asked for, or ``""``."""
        return self._device

    def _set_device(self, device: Any) -> None:
        self._device = device if isinstance(device, str) else device.to_string()

    @property
    def user_frame(self) -> Frame | None:
        """The line of the user's code that made this operation."""
        if self._place is None:
            return None
        code, lineno = self._place
        return Frame(code.co_filename, lineno, code.co_name, linecache.getline(code.co_filename, lineno).strip())

    @property
    def traceback(self) -> list[Frame]:
        """The user's frames that made this operation."""
        frame = self.user_frame
        return [] if frame is None else [frame]

    @property
    def node_def(self) -> node_def_pb2.NodeDef:
        """The operation as a NodeDef protobuf."""
        return attr_values.node_def(self)

    def get_attr(self, name: str) -> Any:
        """Return the attr `name`: strings as bytes, shapes and tensors as protobufs, as TensorFlow does."""
        try:
            value = self.attrs[name]
        except KeyError:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.") from None
        return attr_values.public(value)

    def _set_attr(self, name: str, value: Any) -> None:
        self.attrs[name] = attr_values.from_proto(value) if hasattr(value, "WhichOneof") else value

    def colocation_groups(self) -> list[bytes]:
        """Names of the groups that are placed together, ``loc:@name``; the operation's own if it has no other."""
        own = [name for name in self.attrs.get("_class", ()) if name.startswith(b"loc:@")]
        return own or [b"loc:@" + self.name.encode()]

    def values(self) -> tuple[Tensor, ...]:
        """The outputs."""
        return tuple(self.outputs)

    def run(self, feed_dict: dict[Any, Any] | None = None, session: Any = None) -> None:
        """Run this operation in `session`, by default the default session."""
        self.graph._run_hook(self, feed_dict, session)

    def _add_control_input(self, op: Operation) -> None:
        self._add_control_inputs([op])

    def _add_control_inputs(self, ops: list[Operation]) -> None:
        for op in ops:
            if op not in self._control_inputs:
                self._control_inputs.append(op)
                op._control_outputs.append(self)
        self.graph._edits += 1

    def _update_input(self, index: int, tensor: Tensor) -> None:
        """Put `tensor` in the place of input `index`."""
        self.graph._check_not_finalized()
        if tensor.graph is not self.graph:
            raise ValueError(f"{tensor} must be from the same graph as {self.name}.")
        self._inputs[index]._consumers.remove(self)
        self._inputs[index] = tensor
        tensor._consumers.append(self)
        self.graph._edits += 1

    def __str__(self) -> str:
        return str(self.node_def)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class Handle(NamedTuple):
    """What a resource stands for: a value of this dtype and shape that a session keeps."""

    dtype: DType
    dims: Dims


class Tensor:
    """A value that a graph computes: output `value_index` of `op`. It holds no numbers; `Session.run` makes them.

    Operators (``a + b``, ``a[1:]``, ...) add nodes; `defrun.ops.operators` says which.
    """

    __array_priority__ = 100  # so that `ndarray + tensor` asks the tensor

    if TYPE_CHECKING:  # set by ops/operators.py
        __add__: Any
        __radd__: Any
        __sub__: Any
        __rsub__: Any
        __mul__: Any
        __rmul__: Any
        __truediv__: Any
        __rtruediv__: Any
        __floordiv__: Any
        __rfloordiv__: Any
        __mod__: Any
        __rmod__: Any
        __pow__: Any
        __rpow__: Any
        __matmul__: Any
        __rmatmul__: Any
        __and__: Any
        __rand__: Any
        __or__: Any
        __ror__: Any
        __xor__: Any
        __rxor__: Any
        __neg__: Any
        __abs__: Any
        __invert__: Any
        __lt__: Any
        __le__: Any
        __gt__: Any
        __ge__: Any
        __getitem__: Any
    _handle: Handle | None = None  # of the handle of a resource variable

    def __init__(self, op: Operation, value_index: int, dtype: DType, dims: Dims = None) -> None:
        self._op = op
        self._value_index = value_index
        self._dtype = dtype
        self._dims = dims
        self._shape: TensorShape | None = None
        self._consumers: list[Operation] = []

    @property
    def op(self) -> Operation:
        """The operation that makes this tensor."""
        return self._op

    @property
    def value_index(self) -> int:
        """Which output of `op` this is."""
        return self._value_index

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def graph(self) -> Graph:
        """The graph that this tensor belongs to."""
        return self._op.graph

    @property
    def name(self) -> str:
        """``"op:index"``."""
        return f"{self._op.name}:{self._value_index}"

    @property
    def device(self) -> str:
        """The device of `op`."""
        return self._op._device

    @property
    def shape(self) -> TensorShape:
        """The shape as far as it is known before running."""
        if self._shape is None:
            self._shape = TensorShape(self._dims)
        return self._shape

    def get_shape(self) -> TensorShape:
        """Alias of `shape`."""
        return self.shape

    def _shape_as_list(self) -> list[int | None] | None:
        return None if self._dims is None else list(self._dims)

    def _shape_tuple(self) -> Dims:
        return self._dims

    @property
    def dims(self) -> Dims:
        """The shape as a plain tuple (None: not known)."""
        return self._dims

    @property
    def value_dims(self) -> Dims:
        """The shape of what an op reads here: of a variable's handle, the variable's."""
        return self._dims if self._handle is None else self._handle.dims

    def set_shape(self, shape: Any) -> None:
        """Add what is known of the shape; `ValueError` if it contradicts what is known already."""
        wanted = shapes.as_dims(shape)
        try:
            self._dims = shapes.merge(self._dims, wanted)
            self._shape = None
        except ValueError:
            raise ValueError(
                f"Shape {TensorShape(wanted)} is not compatible with the shape {self.shape} of {self.name}"
            ) from None

    def consumers(self) -> list[Operation]:
        """The operations that take this tensor."""
        return list(dict.fromkeys(self._consumers))

    def eval(self, feed_dict: dict[Any, Any] | None = None, session: Any = None) -> Any:
        """Compute the value in `session`, by default the default session; a NumPy array or scalar."""
        return self.graph._run_hook(self, feed_dict, session)

    def _as_node_def_input(self) -> str:
        return self._op.name if self._value_index == 0 else f"{self._op.name}:{self._value_index}"

    def _as_graph_element(self) -> Tensor:
        return self

    def __iter__(self) -> Iterator[Tensor]:
        raise TypeError(
            f"Tensor '{self.name}' can't be iterated over: a graph's tensor has no values until Session.run; "
            f"use tf.unstack or tf.map_fn.{made_at(self._op)}"
        )

    def __len__(self) -> int:
        raise TypeError(
            f"len of Tensor '{self.name}' is not known before Session.run; use shape or tf.shape.{made_at(self._op)}"
        )

    def __bool__(self) -> bool:
        raise TypeError(
            f"Using Tensor '{self.name}' as a Python bool is not allowed: it has no value until Session.run. "
            "Use `if t is not None:` to ask whether it is there, tf.cond to choose inside the graph."
            + made_at(self._op)
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array.{made_at(self._op)}"
        )

    def __copy__(self) -> Tensor:
        return self

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.get_shape()} dtype={self._dtype.name}>"

    def __str__(self) -> str:
        shape = f", shape={self.get_shape()}" if self._dims is not None else ""
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype.name}{device})'


def made_at(op: Operation) -> str:
    """Say where the user's code made `op`, to be put behind a message."""
    frame = op.user_frame
    return "" if frame is None else f" (defined at {frame.filename}:{frame.lineno})"
