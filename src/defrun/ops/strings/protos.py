"""Tensors as bytes: TensorFlow's TensorProto."""

from __future__ import annotations

import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import tensor_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.tensors import make_ndarray
from defrun.ops.declare import op
from defrun.ops.strings.texts import array_of, text_in, texts_in


@op("SerializeTensor", "tensor: T -> serialized: string[]", host=True, differentiable=False)
def serialize_tensor(tensor):
    """Write a tensor as the bytes of a TensorProto.

    Parameters
    ----------
    tensor : Tensor

    Returns
    -------
    string Tensor []
    """
    kind = dtypes.string if tensor.dtype == object else dtypes.as_dtype(tensor.dtype)
    proto = tensor_pb2.TensorProto(dtype=kind.as_datatype_enum)
    proto.tensor_shape.SetInParent()
    for size in tensor.shape:
        proto.tensor_shape.dim.add().size = size
    if kind == dtypes.string:
        proto.string_val.extend(texts_in(tensor))
    elif tensor.size:
        proto.tensor_content = np.ascontiguousarray(tensor).tobytes()
    return array_of([proto.SerializeToString(deterministic=True)], ())


@op("ParseTensor", "serialized: string -> output: out_type", host=True, differentiable=False)
def parse_tensor(serialized, out_type: DType):
    """Read a tensor from the bytes of a TensorProto.

    Parameters
    ----------
    serialized : string Tensor []
    out_type : DType
        The type of the tensor that was written.

    Returns
    -------
    Tensor
        Of unknown shape; `Tensor.set_shape` says more.

    Raises
    ------
    InvalidArgumentError
        When run, if the bytes are damaged or hold another type.
    """
    if serialized.ndim:
        raise InvalidArgumentError(None, None, f"serialized must be a scalar, not of shape {list(serialized.shape)}")
    text = text_in(serialized)
    try:
        proto = tensor_pb2.TensorProto.FromString(text)
        array = make_ndarray(proto)
    except (DecodeError, ValueError, TypeError) as error:
        raise InvalidArgumentError(None, None, f"Could not parse {text[:40]!r} as a TensorProto: {error}") from None
    kind = dtypes.as_dtype(proto.dtype)
    if kind != out_type:
        raise InvalidArgumentError(None, None, f"The serialized tensor is {kind.name}, but out_type is {out_type.name}")
    return array


@parse_tensor.shape
def _():
    return None
