"""Tensors as protobuf messages, read into arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tensorboard.compat.proto import tensor_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType

# The field of a TensorProto that holds values one by one.
VALUE_FIELD = {
    "float32": "float_val",
    "float64": "double_val",
    "int32": "int_val",
    "int16": "int_val",
    "int8": "int_val",
    "uint8": "int_val",
    "uint16": "int_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
    "int64": "int64_val",
    "bool": "bool_val",
    "float16": "half_val",
    "bfloat16": "half_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
    "string": "string_val",
    "qint8": "int_val",
    "quint8": "int_val",
    "qint16": "int_val",
    "quint16": "int_val",
    "qint32": "int_val",
}


def fill_up(given: np.ndarray[Any, Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Shape the elements `given`; the last one stands for all that are not."""
    size = math.prod(shape)
    if given.size == size:
        return given.reshape(shape)
    if given.size == 1:
        return np.broadcast_to(given.reshape(()), shape)
    flat = given.ravel()
    return np.concatenate([flat, np.repeat(flat[-1:], size - flat.size)]).reshape(shape)


def put_values(proto: tensor_pb2.TensorProto, values: np.ndarray[Any, Any], kind: DType) -> None:
    """Append a vector of values to the field of their kind."""
    field = getattr(proto, VALUE_FIELD[kind.name])
    if kind == dtypes.string:
        field.extend(v.encode() if isinstance(v, str) else bytes(v) for v in values)
    elif kind.is_complex:
        field.extend(part for v in values.tolist() for part in (v.real, v.imag))
    elif kind.name in ("float16", "bfloat16"):
        field.extend(values.view(np.uint16).tolist())
    else:
        field.extend(values.tolist())


def make_ndarray(tensor: tensor_pb2.TensorProto) -> np.ndarray[Any, Any]:
    """Read a TensorProto into an array; the last element given stands for all that follow.

    Raises
    ------
    TypeError
        If the dtype is not one that NumPy can hold.
    """
    kind = dtypes.as_dtype(tensor.dtype)
    shape = tuple(d.size for d in tensor.tensor_shape.dim)
    size = math.prod(shape)
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, dtype=kind.as_numpy_dtype).copy().reshape(shape)
    if kind.name not in VALUE_FIELD:
        raise TypeError(f"Unsupported tensor type: {kind.name}")
    values = list(getattr(tensor, VALUE_FIELD[kind.name]))
    if kind.is_complex:
        values = [complex(re, im) for re, im in zip(values[::2], values[1::2], strict=True)]
    if kind == dtypes.string:
        array = np.empty(len(values), dtype=object)
        array[:] = values
    elif kind.name in ("float16", "bfloat16"):
        array = np.asarray(values, np.uint16).view(kind.as_numpy_dtype)
    else:
        array = np.asarray(values, dtype=kind.as_numpy_dtype)
    if not array.size and size:
        array = np.zeros(1, kind.as_numpy_dtype)
    return fill_up(array, shape)
