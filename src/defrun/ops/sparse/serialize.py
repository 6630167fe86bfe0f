"""Sparse tensors as text, and kept between nodes under a number, so that queues can hold them. On the host."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import tensor_pb2

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError, UnimplementedError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.sparse.parts import as_sparse, check_parts

_FORMS = frozenset((dtypes.string, dtypes.variant))
_PARTS = "sparse_indices: int64, sparse_values: T, sparse_shape: int64"
_READ = "sparse_indices: int64, sparse_values: dtype, sparse_shape: int64"

Parts = tuple[Any, Any, Any]

# -- one array as text -----------------------------------------------------------------------------------------------


def _written(array: Any) -> bytes:
    """Return an array as a TensorProto with all elements in its content."""
    kind = dtypes.string if array.dtype == object else dtypes.as_dtype(array.dtype)
    proto = tensor_pb2.TensorProto(dtype=kind.as_datatype_enum)
    proto.tensor_shape.CopyFrom(shapes.TensorShape(array.shape).as_proto())
    if kind == dtypes.string:
        texts = array.ravel().tolist()
        proto.tensor_content = b"".join([*(_varint(len(text)) for text in texts), *texts])
    else:
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
    return proto.SerializeToString()


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _read(text: Any) -> Any:
    """Return the array of a TensorProto."""
    try:
        proto = tensor_pb2.TensorProto.FromString(text)
        kind, dims = dtypes.as_dtype(proto.dtype), shapes.as_dims(proto.tensor_shape)
        if dims is None or None in dims:
            raise ValueError("its shape is not known")
        if kind == dtypes.string:
            return _read_texts(proto, dims)
        return np.frombuffer(proto.tensor_content, kind.as_numpy_dtype).reshape(dims)
    except (DecodeError, TypeError, ValueError, IndexError) as error:
        raise InvalidArgumentError(
            None, None, f"{text[:40]!r} is no part of a serialized sparse tensor: {error}"
        ) from None


def _read_texts(proto: Any, dims: Any) -> Any:
    count, at, content = math.prod(dims), 0, proto.tensor_content
    sizes = []
    for _ in range(count):
        size = shift = 0
        while True:
            byte = content[at]
            size |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                break
        sizes.append(size)
    if at + sum(sizes) != len(content):
        raise ValueError("its texts are cut off")
    texts = np.empty(count, object)
    texts[:] = [content[at + end - size : at + end] for size, end in zip(sizes, itertools.accumulate(sizes))]
    return texts.reshape(dims)


# -- sparse tensors as text ------------------------------------------------------------------------------------------


def _as_texts(out_type: DType, *parts: Any) -> Any:
    check(out_type == dtypes.string, UnimplementedError, "sparse tensors are serialized as strings only")
    texts = np.empty(3, object)
    texts[:] = [_written(part) for part in parts]
    return texts


@op("SerializeSparse", f"{_PARTS} -> serialized_sparse: out_type", out_type=_FORMS, host=True, differentiable=False)
def _serialize(sparse_indices, sparse_values, sparse_shape, out_type: DType = dtypes.string):
    """A sparse tensor as three texts."""
    check_parts(sparse_indices, sparse_values, sparse_shape)
    return _as_texts(out_type, sparse_indices, sparse_values, sparse_shape)


@_serialize.shape
def _():
    return (3,)


@op("SerializeManySparse", f"{_PARTS} -> serialized_sparse: out_type", out_type=_FORMS, host=True,
    differentiable=False)  # fmt: skip
def _serialize_many(sparse_indices, sparse_values, sparse_shape, out_type: DType = dtypes.string):
    """The rows of a sparse tensor as three texts each."""
    rows = [_as_texts(out_type, *row) for row in _rows(sparse_indices, sparse_values, sparse_shape)]
    return np.array(rows, object).reshape(-1, 3)


@_serialize_many.shape
def _():
    return (None, 3)


def _rows(indices: Any, values: Any, shape: Any) -> list[Parts]:
    """Split a sparse tensor into its rows."""
    check_parts(indices, values, shape)
    check(len(shape) > 1, InvalidArgumentError, "a sparse tensor must have more than 1 axis to be split, not {}",
          len(shape))  # fmt: skip
    rows, height = indices[:, 0], int(shape[0])
    inside = ((rows >= 0) & (rows < height)).all() and (np.diff(rows) >= 0).all()
    check(inside, InvalidArgumentError, "indices are out of order, or no row of {}", height)
    ends = np.searchsorted(rows, np.arange(height + 1))
    return [(indices[a:b, 1:], values[a:b], shape[1:]) for a, b in itertools.pairwise(ends)]


@op("DeserializeSparse", f"serialized_sparse: Tserialized -> {_READ}", Tserialized=(_FORMS, dtypes.string), host=True,
    differentiable=False)  # fmt: skip
def _deserialize(serialized_sparse, dtype: DType):
    """The sparse tensor of texts [..., 3]; the other axes become its first ones."""
    dims = serialized_sparse.shape
    check(dims[-1:] == (3,), InvalidArgumentError, "serialized_sparse must have a last axis of 3, not shape {}",
          shapes.text(dims))  # fmt: skip
    members = [tuple(map(_read, texts)) for texts in serialized_sparse.reshape(-1, 3)]
    return _together(members, dims[:-1], dtype)


@_deserialize.shape
def _():
    return [(None, None), (None,), (None,)]


@op("DeserializeManySparse", f"serialized_sparse: string[n,3] -> {_READ}", host=True, differentiable=False)
def _deserialize_many(serialized_sparse, dtype: DType):
    """The sparse tensor whose rows are those of texts [n, 3]."""
    check(serialized_sparse.ndim == 2 and serialized_sparse.shape[1] == 3, InvalidArgumentError,
          "serialized_sparse must be a matrix of 3 columns, not of shape {}",
          shapes.text(serialized_sparse.shape))  # fmt: skip
    members = [tuple(map(_read, texts)) for texts in serialized_sparse]
    return _together(members, (len(members),), dtype)


@_deserialize_many.shape
def _():
    return [(None, None), (None,), (None,)]


def _together(members: list[Any], front: tuple[int, ...], dtype: DType) -> list[Any]:
    """Make one sparse tensor of several, each of the largest size along each axis."""
    check(bool(members), InvalidArgumentError, "there is no sparse tensor to read")
    rank = members[0][2].size
    for number, (indices, values, shape) in enumerate(members):
        check_parts(indices, values, shape, f"sparse tensor {number}")
        check(indices.dtype == np.int64 == shape.dtype, InvalidArgumentError,
              "sparse tensor {}: indices and shape must be int64", number)  # fmt: skip
        found = dtypes.string if values.dtype == object else dtypes.as_dtype(values.dtype)
        check(found == dtype, InvalidArgumentError, "sparse tensor {} is of type {}, not {}",
              number, found.name, dtype.name)  # fmt: skip
        check(len(shape) == rank, InvalidArgumentError, "sparse tensor {} has {} axes, those before it {}",
              number, len(shape), rank)  # fmt: skip
    sizes = [len(values) for _, values, _ in members]
    member = np.repeat(np.arange(len(members)), sizes)
    before = np.column_stack(np.unravel_index(member, front)) if front else np.zeros((len(member), 0), np.int64)
    indices = np.concatenate([before, np.concatenate([indices for indices, _, _ in members])], axis=1)
    largest = np.max([shape for _, _, shape in members], axis=0)
    return [indices, np.concatenate([values for _, values, _ in members]), np.concatenate([front, largest])]


# -- sparse tensors under a number -----------------------------------------------------------------------------------
# Numbers differ over the whole process, so that the nodes that put and take need not agree on anything but them.

_kept: dict[int, Parts] = {}
_numbers = itertools.count()


def _keep(parts: Parts) -> int:
    number = next(_numbers)
    _kept[number] = parts
    return number


@op("AddSparseToTensorsMap", f"{_PARTS} -> sparse_handle: int64[]", host=True, stateful=True, differentiable=False)
def _add_one(sparse_indices, sparse_values, sparse_shape, container: str = "", shared_name: str = ""):
    """Keep a sparse tensor; return its number."""
    check_parts(sparse_indices, sparse_values, sparse_shape)
    return _keep((sparse_indices, sparse_values, sparse_shape))


@op("AddManySparseToTensorsMap", f"{_PARTS} -> sparse_handles: int64", host=True, stateful=True, differentiable=False)
def _add_many(sparse_indices, sparse_values, sparse_shape, container: str = "", shared_name: str = ""):
    """Keep the rows of a sparse tensor; return their numbers."""
    return np.array([_keep(row) for row in _rows(sparse_indices, sparse_values, sparse_shape)], np.int64)


@_add_many.shape
def _():
    return (None,)


@op("TakeManySparseFromTensorsMap", f"sparse_handles: int64[n] -> {_READ}", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _take_many(sparse_handles, dtype: DType, container: str = "", shared_name: str = ""):
    """Take sparse tensors by their numbers, and make them the rows of one."""
    members = []
    for number in sparse_handles.tolist():
        parts = _kept.pop(number, None)
        check(parts is not None, InvalidArgumentError, "no sparse tensor is kept under the number {}", number)
        members.append(parts)
    return _together(members, (len(members),), dtype)


@_take_many.shape
def _():
    return [(None, None), (None,), (None,)]


# -- their faces -----------------------------------------------------------------------------------------------------


def serialize_sparse(sp_input: Any, name: str | None = None, out_type: Any = dtypes.string) -> Tensor:
    """Turn a sparse tensor into three texts: indices, values and shape.

    Parameters
    ----------
    sp_input : SparseTensor
    name : str, optional
    out_type : DType
        string.

    Returns
    -------
    string Tensor [3]
    """
    sp_input = as_sparse(sp_input)
    return _serialize(sp_input.indices, sp_input.values, sp_input.dense_shape, name=name, out_type=out_type)


def serialize_many_sparse(sp_input: Any, name: str | None = None, out_type: Any = dtypes.string) -> Tensor:
    """Turn each row of a sparse tensor into three texts.

    Parameters
    ----------
    sp_input : SparseTensor [n, ...]
    name : str, optional
    out_type : DType
        string.

    Returns
    -------
    string Tensor [n, 3]

    Raises
    ------
    InvalidArgumentError
        When run, if it has only one axis, or is out of order.
    """
    sp_input = as_sparse(sp_input)
    return _serialize_many(sp_input.indices, sp_input.values, sp_input.dense_shape, name=name, out_type=out_type)


def deserialize_many_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> SparseTensor:
    """Make one sparse tensor of several that were serialized: each becomes a row.

    Parameters
    ----------
    serialized_sparse : string Tensor [n, 3]
    dtype : DType
        Of the values.
    rank : int, optional
        Of the result, if it is known.
    name : str, optional

    Returns
    -------
    SparseTensor [n, ...]

    Raises
    ------
    InvalidArgumentError
        When run, if a text is none that was serialized, or types or ranks differ.
    """
    indices, values, dense_shape = _deserialize_many(serialized_sparse, dtype, name=name)
    indices.set_shape([None, rank])
    dense_shape.set_shape([rank])
    return SparseTensor(indices, values, dense_shape)
