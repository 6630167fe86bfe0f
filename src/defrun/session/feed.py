"""What is fed: which tensors, and arrays that fit them."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InternalError
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor, made_at


def expand_feeds(graph: Graph, feed_dict: dict[Any, Any]) -> dict[Tensor, Any]:
    """Return the tensors to feed and the values as given; composites and tuples of tensors become their parts.

    Raises
    ------
    TypeError
        If a key is not a tensor of `graph`.
    ValueError
        If a tensor is not to be fed.
    """
    if not isinstance(feed_dict, dict) and not hasattr(feed_dict, "items"):
        raise TypeError(f"feed_dict must be a dict, not {type(feed_dict).__name__}")
    found: dict[Tensor, Any] = {}
    for key, value in feed_dict.items():
        for tensor, part in _parts(key, value):
            found[_feedable(graph, tensor)] = part
    return found


def _parts(key: Any, value: Any) -> list[tuple[Any, Any]]:
    if isinstance(key, SparseTensor):
        return list(zip((key.indices, key.values, key.dense_shape), value, strict=True))
    if isinstance(key, IndexedSlices):
        keys = [key.values, key.indices] + ([] if key.dense_shape is None else [key.dense_shape])
        return list(zip(keys, value[: len(keys)], strict=True))
    if isinstance(key, (tuple, list)):
        return [pair for k, v in zip(key, value, strict=True) for pair in _parts(k, v)]
    return [(key, value)]


def _feedable(graph: Graph, key: Any) -> Tensor:
    try:
        tensor = graph.as_graph_element(key, allow_tensor=True, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        text = error.args[0] if error.args else error
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {text}") from None
    if not graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor} may not be fed.")
    return tensor


class Feeder:
    """Turns what is fed for one tensor into arrays; arrays that fitted before pass at once."""

    __slots__ = ("dtype", "shapes", "tensor")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.dtype = np.dtype(tensor.dtype.base_dtype.value_dtype)
        self.shapes: set[tuple[int, ...]] = set()

    def __call__(self, value: Any) -> np.ndarray[Any, Any]:
        """Return `value` as an array that fits the tensor; see `feed_array`."""
        if type(value) is np.ndarray and value.dtype == self.dtype and value.shape in self.shapes:
            return value
        array = feed_array(self.tensor, value)
        if len(self.shapes) < _SHAPES_KEPT:
            self.shapes.add(array.shape)
        return array


_SHAPES_KEPT = 64


def feed_array(tensor: Tensor, value: Any) -> np.ndarray[Any, Any]:
    """Turn `value` into an array that fits `tensor`.

    Raises
    ------
    TypeError, ValueError
        If it is a Tensor, doesn't convert to the dtype, or has another shape than the tensor can have.
    """
    if isinstance(value, (Tensor, Operation)):
        raise TypeError(
            f"The value of a feed cannot be a tf.Tensor object: feed numbers, strings, lists or arrays for "
            f"{tensor.name}, not {value!r}."
        )
    kind = tensor.dtype.base_dtype
    if isinstance(value, int) and not isinstance(value, bool) and kind.is_integer:
        converted = np.asarray(value).astype(kind.value_dtype)
        if int(converted) != value and not (kind.is_unsigned or kind.size < 4):
            raise TypeError(
                f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type {kind.name}: "
                "it doesn't fit. Make the placeholder of a larger type."
            )
        array = converted
    elif kind == dtypes.string and isinstance(value, (int, np.integer, np.bool_)):
        raise TypeError(f"Cannot feed {value!r} for Tensor '{tensor.name}' of type string")
    elif kind == dtypes.string:
        array = np.asarray(value, dtype=object)
    elif kind.is_integer and not isinstance(value, np.ndarray):
        # NumPy 2 refuses to wrap Python integers; TensorFlow's age let them.
        array = np.asarray(value)
        array = array.astype(kind.value_dtype) if array.dtype != object else np.asarray(value, kind.value_dtype)
    else:
        try:
            array = np.asarray(value, dtype=kind.value_dtype)
        except (TypeError, ValueError) as error:
            text = f"Cannot feed {value!r} for Tensor '{tensor.name}' of type {kind.name}: {error}{made_at(tensor.op)}"
            raise type(error)(text) from None
    if not shapes.compatible(tensor._dims, array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape} for Tensor '{tensor.name}', which has shape '{tensor.shape}'"
            + made_at(tensor.op)
        )
    return array


def as_texts(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an object array with each text as bytes.

    Raises
    ------
    InternalError
        If an element is no text.
    """
    elements = array.ravel().tolist()
    if all(type(element) is bytes for element in elements):
        return array
    texts = np.empty(len(elements), object)
    for i, element in enumerate(elements):
        if not isinstance(element, (str, bytes)):
            raise InternalError(None, None, f"Unsupported object type {type(element).__name__} in text that is fed")
        texts[i] = element.encode() if isinstance(element, str) else bytes(element)
    return texts.reshape(array.shape)
