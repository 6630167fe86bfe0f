"""Values that come from Python: constants and placeholders."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import Dimension, TensorShape
from defrun.graph.attrs import TensorValue
from defrun.graph.convert import register_tensor_conversion_function
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.ops.declare import op


@op("Const", "-> output: dtype", folds=True, differentiable=False)
def const(value: TensorValue, dtype: DType):
    """A value fixed when the graph is built."""
    return value.array


@const.shape
def _(value):
    return value.shape


@op("Placeholder", "-> output: dtype", placeholder=True, differentiable=False)
def _placeholder(dtype: DType, shape: Dims = None):
    """A value that must be fed."""


@_placeholder.shape
def _(shape):
    return shape


@op("PlaceholderWithDefault", "input: dtype -> output: dtype")
def _placeholder_with_default(input, shape: Dims):
    """`input`, unless another value is fed."""
    return input


@_placeholder_with_default.shape
def _(shape):
    return shape


@_placeholder_with_default.gradient
def _(op, grad):
    return grad


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """Make a tensor whose value must be fed to `Session.run`.

    Parameters
    ----------
    dtype : DType
    shape : TensorShape, list or None
        What a fed array must fit; None takes any shape.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run without a value.
    """
    return _placeholder(dtype=dtype, shape=TensorShape(shape), name=name)


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """Make a tensor that passes `input` on when no value is fed.

    Parameters
    ----------
    input : Tensor
    shape : TensorShape or list
        What a fed array must fit.
    name : str, optional
    """
    return _placeholder_with_default(input, TensorShape(shape), name=name)


def constant(
    value: Any, dtype: Any = None, shape: Any = None, name: str | None = "Const", verify_shape: bool = False
) -> Tensor:
    """Make a tensor with a fixed value.

    Parameters
    ----------
    value : number, string, list or array
    dtype : DType, optional
        By default what Python means: int32 for ints, float32 for floats; arrays keep theirs.
    shape : list, optional
        If larger than `value`, the last element fills it up.
    name : str
    verify_shape : bool
        Refuse a `value` that doesn't have exactly `shape`.

    Raises
    ------
    TypeError
        If the elements don't fit `dtype`.
    ValueError
        If there are more elements than `shape` holds.
    """
    kind = None if dtype is None else dtypes.as_dtype(dtype)
    made = make_tensor_value(value, kind, shape, verify_shape)
    return const(made, made.dtype, name=name or "Const")


def make_tensor_value(value: Any, dtype: DType | None, shape: Any = None, verify_shape: bool = False) -> TensorValue:
    """Turn Python data into an array of TensorFlow's choice of dtype."""
    array, kind = _as_array(value, dtype)
    if shape is None:
        return TensorValue(array, kind)
    dims = tuple(int(d) for d in TensorShape(shape).as_list() if d is not None)
    size = int(np.prod(dims, dtype=np.int64))
    if verify_shape and dims != array.shape:
        raise TypeError(f"Expected Tensor's shape: {dims}, got {array.shape}.")
    if not size and not isinstance(value, (np.ndarray, np.generic)):
        kind = dtype or dtypes.float32  # TensorFlow doesn't look at a value that is not there
        return TensorValue(np.empty(dims, kind.as_numpy_dtype), kind)
    if array.size > size:
        raise ValueError(f"Too many elements provided. Needed at most {size}, but received {array.size}")
    if array.size == 0 and size:
        raise ValueError(f"No elements provided to fill the shape {list(dims)}")
    return TensorValue(array.reshape(dims) if array.size == size else array.ravel(), kind, dims)


def _as_array(value: Any, dtype: DType | None) -> tuple[np.ndarray[Any, Any], DType]:
    base = None if dtype is None else dtype.base_dtype
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if base == dtypes.string or (base is None and array.dtype.kind in "SUO"):
            return _strings(array), dtypes.string
        if base is not None:
            if array.dtype.kind in "SUO":
                raise TypeError(f"Expected {base.name}, got {value!r} of type '{type(value).__name__}' instead.")
            return array.astype(base.as_numpy_dtype), base
        return array, dtypes.as_dtype(array.dtype)
    if value is None:
        raise ValueError("None values not supported.")
    if base is None and hasattr(value, "__array__") and not isinstance(value, (list, tuple)):
        return _as_array(np.asarray(value), None)
    flat = list(_leaves(value))
    found = base if base is not None else _python_type(flat, value)
    if found == dtypes.string:
        _check(flat, (str, bytes, np.str_, np.bytes_), found)
        return _strings(np.array(value, dtype=object)), found
    if base is not None:
        _check_fits(flat, base)
    try:
        array = np.array(_plain(value), dtype=found.as_numpy_dtype)
    except OverflowError as error:
        raise ValueError(f"{value!r} doesn't fit {found.name}: {error}") from None
    except (ValueError, TypeError) as error:
        raise ValueError(f"Argument must be a dense tensor: {value!r} ({error})") from None
    return array, found


def _plain(value: Any) -> Any:
    """Turn Dimensions and arrays inside lists into what NumPy takes."""
    if isinstance(value, (list, tuple, TensorShape)):
        return [_plain(v) for v in value]
    return int(value) if isinstance(value, Dimension) else value


def _leaves(value: Any) -> Any:
    if isinstance(value, (list, tuple, TensorShape)):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, np.ndarray):
        yield from value.ravel()[:1]
    else:
        yield value


def _python_type(flat: list[Any], value: Any) -> DType:
    """Choose the dtype that TensorFlow gives to Python data: what NumPy makes of it, in 32 bits if it fits."""
    if not flat:
        return dtypes.float32
    if any(v is None for v in flat):
        raise TypeError(f"None cannot be an element of a tensor, in {value!r}")
    if any(isinstance(v, (str, bytes)) for v in flat):
        return dtypes.string
    try:
        array = np.array(value)
    except ValueError as error:
        raise ValueError(f"Argument must be a dense tensor: {value!r} ({error})") from None
    if array.dtype == object:
        raise TypeError(
            f"Failed to convert object of type {type(value)} to Tensor. Contents: {value}. Consider casting elements "
            "to a supported type."
        )
    if array.dtype == np.float64:
        return dtypes.float32
    if array.dtype == np.int64 and np.array_equal(array.astype(np.int32), array):
        return dtypes.int32
    return dtypes.as_dtype(array.dtype)


def _check(flat: list[Any], kinds: tuple[type, ...], dtype: DType) -> None:
    for v in flat:
        if not isinstance(v, kinds):
            raise TypeError(f"Expected {dtype.name}, got {v!r} of type '{type(v).__name__}' instead.")


def _check_fits(flat: list[Any], dtype: DType) -> None:
    """Refuse Python values that would change when stored as `dtype`."""
    if dtype.is_bool:
        _check(flat, (bool, np.bool_), dtype)
    elif dtype.is_integer or dtype.is_quantized:
        _check(flat, (int, np.integer, Dimension), dtype)
    elif dtype.is_floating:
        _check(flat, (int, float, np.number, Dimension), dtype)
    elif dtype.is_complex:
        _check(flat, (int, float, complex, np.number), dtype)


def _strings(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    out = np.empty(array.shape, dtype=object)
    flat = out.reshape(-1)
    for i, v in enumerate(array.ravel()):
        flat[i] = v.encode() if isinstance(v, str) else bytes(v)
    return out


def _convert_constant(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    return constant(value, dtype, name=name)


def _convert_list(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    return constant(value, dtype, name=name)


def _convert_shape(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    if not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
    sizes = value.as_list()
    if dtype is not None and dtypes.as_dtype(dtype) not in (dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype.name}")
    kind = dtype or (dtypes.int64 if any(s >= 2**31 for s in sizes) else dtypes.int32)
    return constant(sizes, kind, name=name or "shape_as_tensor")


def _convert_dimension(value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    if value.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {value}")
    return constant(value.value, dtype or dtypes.int32, name=name or "shape_as_tensor")


register_tensor_conversion_function(object, _convert_constant, 200)
register_tensor_conversion_function((np.ndarray, np.generic, int, float, str, bytes), _convert_constant, 100)
register_tensor_conversion_function(TensorShape, _convert_shape, 100)
register_tensor_conversion_function(Dimension, _convert_dimension, 100)
