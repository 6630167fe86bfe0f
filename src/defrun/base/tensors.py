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

_LARGEST = 1 << 28  # elements; of a larger tensor each must be given, or all be the same


def fill_up(given: np.ndarray[Any, Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Shape the elements `given`; the last one stands for all that are not.

    Raises
    ------
    ValueError
        If there are more elements than belong into `shape`, or so many are not given that the shape must be wrong.
    """
    size = math.prod(shape)
    if given.size == size:
        return given.reshape(shape)
    if given.size == 1:
        return np.broadcast_to(given.reshape(()), shape)
    if given.size > size or size > _LARGEST:
        raise ValueError(f"a tensor of shape {list(shape)} is not what {given.size} elements make")
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
    ValueError
        If the message contradicts itself.
    """
    given, shape = given_values(tensor)
    return fill_up(given.copy(), shape)


def given_values(tensor: tensor_pb2.TensorProto) -> tuple[np.ndarray[Any, Any], tuple[int, ...]]:
    """Return the elements that a TensorProto holds, and its shape, which the last of them fills up; see `fill_up`.

    Raises
    ------
    TypeError
        If the dtype is not one that NumPy can hold.
    ValueError
        If the bytes are not as many as the shape says, or that is none.
    """
    kind = dtypes.as_dtype(tensor.dtype)
    shape = tuple(d.size for d in tensor.tensor_shape.dim)
    size = math.prod(shape)
    if any(d < 0 for d in shape) or tensor.tensor_shape.unknown_rank or size >= 1 << 63:
        raise ValueError(f"no tensor has the shape {list(shape)}")
    if kind.name not in VALUE_FIELD:
        raise TypeError(f"Unsupported tensor type: {kind.name}")
    if tensor.tensor_content:
        return _content(tensor.tensor_content, kind, shape, size), shape
    values = getattr(tensor, VALUE_FIELD[kind.name])
    parts = 2 if kind.is_complex else 1
    if len(values) % parts:
        raise ValueError(f"{len(values)} values can't be those of a {kind.name} tensor of the shape {list(shape)}")
    values = values[: size * parts]
    if kind == dtypes.string:
        array = np.empty(len(values), dtype=object)
        array[:] = list(values)
        default: Any = b""
    elif kind.is_complex:
        part = np.float32 if kind == dtypes.complex64 else np.float64
        array = np.asarray(values, part).view(kind.as_numpy_dtype)
        default = 0
    elif kind.name in ("float16", "bfloat16"):
        array = np.asarray(values, np.uint32).astype(np.uint16).view(kind.as_numpy_dtype)
        default = 0
    else:
        wire = np.int64 if VALUE_FIELD[kind.name] == "int_val" else kind.as_numpy_dtype
        array = np.asarray(values, wire).astype(kind.as_numpy_dtype)
        default = 0
    if not array.size and size:
        array = np.full(1, default, array.dtype)
    return (array.reshape(shape) if array.size == size else array), shape


def _content(content: bytes, kind: DType, shape: tuple[int, ...], size: int) -> np.ndarray[Any, Any]:
    if kind == dtypes.string:
        return _texts(content, size).reshape(shape)
    wanted = size * np.dtype(kind.as_numpy_dtype).itemsize
    if len(content) != wanted:
        raise ValueError(f"{len(content)} bytes can't be {kind.name} elements of the shape {list(shape)}: {wanted} can")
    return np.frombuffer(content, dtype=kind.as_numpy_dtype).reshape(shape)


def _texts(content: bytes, size: int) -> np.ndarray[Any, Any]:
    """Read texts written as their lengths, then their bytes."""
    if size > len(content):
        raise ValueError(f"{len(content)} bytes can't hold {size} texts")
    lengths, at = [], 0
    for _ in range(size):
        length = shift = 0
        while True:
            if at >= len(content) or shift > 63:
                raise ValueError("the texts' lengths are broken off")
            byte, at = content[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        lengths.append(length)
    if at + sum(lengths) != len(content):
        raise ValueError(f"the texts' lengths are {sum(lengths)} bytes in all; there are {len(content) - at}")
    texts = np.empty(size, dtype=object)
    for i, length in enumerate(lengths):
        texts[i] = content[at : at + length]
        at += length
    return texts
