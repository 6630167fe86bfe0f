"""Attr values: what Python holds of them, and their protobuf form."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto import attr_value_pb2, node_def_pb2, tensor_pb2, tensor_shape_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.base.tensors import fill_up, given_values, put_values
from defrun.graph.opdef import UNKNOWN_SHAPE, Shape

if TYPE_CHECKING:
    from defrun.graph.operation import Operation


class Func:
    """An attr that names a function of the graph's library."""

    def __init__(self, name: str, graph: Any = None) -> None:
        self.name = name
        self.graph = graph

    def __repr__(self) -> str:
        return f"Func({self.name})"


class TensorValue:
    """A tensor attr: the elements given, their dtype in the graph, and the shape that the last of them fills up."""

    def __init__(self, given: np.ndarray[Any, Any], dtype: DType, shape: tuple[int, ...] | None = None) -> None:
        self.given = given
        self.dtype = dtype
        self.shape = given.shape if shape is None else shape

    @cached_property
    def array(self) -> np.ndarray[Any, Any]:
        """All elements."""
        return fill_up(self.given, self.shape)


def shape_attr(shape: Any) -> Any:
    """Make the attr value of `shape` (anything that `TensorShape` takes; None: unknown rank)."""
    shape = shape if isinstance(shape, TensorShape) else TensorShape(shape)
    return UNKNOWN_SHAPE if shape.ndims is None else Shape(shape.as_list())


def _shape_proto(value: Any) -> tensor_shape_pb2.TensorShapeProto:
    if value is UNKNOWN_SHAPE:
        return tensor_shape_pb2.TensorShapeProto(unknown_rank=True)
    sizes = [tensor_shape_pb2.TensorShapeProto.Dim(size=-1 if d is None else d) for d in value]
    return tensor_shape_pb2.TensorShapeProto(dim=sizes)


def _shape_value(proto: tensor_shape_pb2.TensorShapeProto) -> Any:
    if proto.unknown_rank:
        return UNKNOWN_SHAPE
    return Shape(None if d.size < 0 else d.size for d in proto.dim)


def to_proto(value: Any) -> attr_value_pb2.AttrValue:
    """Turn an attr value into its protobuf."""
    proto = attr_value_pb2.AttrValue()
    if isinstance(value, bool):
        proto.b = value
    elif isinstance(value, (int, np.integer)):
        proto.i = int(value)
    elif isinstance(value, (float, np.floating)):
        proto.f = float(value)
    elif isinstance(value, (str, bytes)):
        proto.s = value.encode() if isinstance(value, str) else value
    elif isinstance(value, DType):
        proto.type = value.as_datatype_enum
    elif value is UNKNOWN_SHAPE or isinstance(value, Shape):
        proto.shape.CopyFrom(_shape_proto(value))
    elif isinstance(value, TensorValue):
        proto.tensor.CopyFrom(tensor_proto(value.given, value.dtype, value.shape))
    elif isinstance(value, Func):
        proto.func.name = value.name
    elif isinstance(value, (list, tuple)):
        _fill_list(proto.list, value)
    else:
        raise TypeError(f"{value!r} can't be the value of an attr")
    return proto


def _fill_list(proto: Any, values: Any) -> None:
    proto.SetInParent()
    for value in values:
        if isinstance(value, bool):
            proto.b.append(value)
        elif isinstance(value, (int, np.integer)):
            proto.i.append(int(value))
        elif isinstance(value, (float, np.floating)):
            proto.f.append(float(value))
        elif isinstance(value, (str, bytes)):
            proto.s.append(value.encode() if isinstance(value, str) else value)
        elif isinstance(value, DType):
            proto.type.append(value.as_datatype_enum)
        elif value is UNKNOWN_SHAPE or isinstance(value, Shape):
            proto.shape.append(_shape_proto(value))
        elif isinstance(value, TensorValue):
            proto.tensor.append(tensor_proto(value.given, value.dtype, value.shape))
        elif isinstance(value, Func):
            proto.func.add(name=value.name)
        else:
            raise TypeError(f"{value!r} can't be in a list attr")


def from_proto(proto: attr_value_pb2.AttrValue) -> Any:
    """Turn a protobuf attr into its Python value; strings stay bytes."""
    kind = proto.WhichOneof("value")
    if kind in ("b", "i", "f", "s"):
        return getattr(proto, kind)
    if kind == "type":
        return dtypes.as_dtype(proto.type)
    if kind == "shape":
        return _shape_value(proto.shape)
    if kind == "tensor":
        return _tensor_value(proto.tensor)
    if kind == "func":
        return Func(proto.func.name)
    if kind == "list":
        return _list_value(proto.list)
    return None


_FIELD_OF = {"bool": "b", "int": "i", "float": "f", "string": "s", "type": "type", "shape": "shape", "tensor": "tensor",
             "func": "func"}  # fmt: skip


def read(proto: attr_value_pb2.AttrValue, kind: str) -> Any:
    """Turn a protobuf attr into the Python value of an attr of `kind`; texts are decoded where they are UTF-8.

    Raises
    ------
    TypeError, ValueError
        If it is of another kind, or no value.
    """
    held = proto.WhichOneof("value")
    if kind.startswith("list("):
        kind = kind[5:-1]
        if held != "list":
            raise TypeError(f"a {held or 'value of no kind'} where a list of {kind} is wanted")
        others = [f for f, _ in proto.list.ListFields() if f.name != _FIELD_OF[kind]]
        if others:
            raise TypeError(f"a list of {others[0].name} where a list of {kind} is wanted")
        return [_part(v, kind) for v in getattr(proto.list, _FIELD_OF[kind])]
    if held != _FIELD_OF[kind]:
        raise TypeError(f"a {held or 'value of no kind'} where a {kind} is wanted")
    return _part(getattr(proto, held), kind)


def _part(value: Any, kind: str) -> Any:
    if kind == "string":
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if kind == "type":
        return dtypes.as_dtype(value)
    if kind == "shape":
        return _shape_value(value)
    if kind == "tensor":
        return _tensor_value(value)
    if kind == "func":
        return Func(value.name)
    return value


def _tensor_value(proto: tensor_pb2.TensorProto) -> TensorValue:
    given, shape = given_values(proto)
    return TensorValue(given, dtypes.as_dtype(proto.dtype), shape)


def _list_value(proto: Any) -> list[Any]:
    for name in ("s", "i", "f", "b"):
        if values := getattr(proto, name):
            return list(values)
    if proto.type:
        return [dtypes.as_dtype(t) for t in proto.type]
    if proto.shape:
        return [_shape_value(shape) for shape in proto.shape]
    if proto.tensor:
        return [_tensor_value(t) for t in proto.tensor]
    return [Func(f.name) for f in proto.func]


def public(value: Any) -> Any:
    """Give an attr the form in which `Operation.get_attr` returns it."""
    if isinstance(value, str):
        return value.encode()
    if value is UNKNOWN_SHAPE or isinstance(value, Shape):
        return _shape_proto(value)
    if isinstance(value, TensorValue):
        return tensor_proto(value.given, value.dtype, value.shape)
    if isinstance(value, (list, tuple)):
        return [public(v) for v in value]
    return value


def node_def(op: Operation) -> node_def_pb2.NodeDef:
    """Write `op` as a NodeDef."""
    proto = node_def_pb2.NodeDef(name=op.name, op=op.type, device=op.device)
    proto.input.extend(t._as_node_def_input() for t in op._inputs)
    # TensorFlow orders control inputs by name.
    proto.input.extend("^" + name for name in sorted(c.name for c in op._control_inputs))
    for name, value in op.attrs.items():
        proto.attr[name].CopyFrom(to_proto(value))
    return proto


def tensor_proto(array: Any, dtype: DType | None = None, shape: Any = None) -> tensor_pb2.TensorProto:
    """Write `array` as a TensorProto of `shape`: raw bytes if it holds all elements and several, else typed fields."""
    array = np.asarray(array)
    shape = array.shape if shape is None else shape
    kind = dtype or dtypes.as_dtype(array.dtype)
    proto = tensor_pb2.TensorProto(dtype=kind.as_datatype_enum)
    proto.tensor_shape.CopyFrom(_shape_proto(shape))
    if kind != dtypes.string and array.size > 1 and array.size == math.prod(shape):
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
    else:
        put_values(proto, array.ravel(), kind)
    return proto
