"""`tf.contrib.framework`: checks of shapes, and odds and ends about tensors and graphs."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor, graph_of
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops import array, asserts
from defrun.ops.checks import Assert
from defrun.ops.compare import equal, logical_and, logical_or
from defrun.ops.math import add_n
from defrun.ops.python_function import py_func as call_python
from defrun.ops.reduce import reduce_all, reduce_sum


def get_name_scope() -> str:
    """Return the current name scope."""
    return get_default_graph().get_name_scope()


def get_placeholders(graph: Any) -> list[Tensor]:
    """Return the placeholders of a graph; `TypeError` if it is none."""
    if not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


def get_graph_from_inputs(op_input_list: Any, graph: Any = None) -> Any:
    """Return the graph that all of `op_input_list` belong to; `graph`, if given, must be that one.

    Raises
    ------
    ValueError
        If they are of several graphs.
    """
    found = graph_of(list(op_input_list))
    if graph is not None and found is not graph and any(hasattr(value, "graph") for value in op_input_list):
        raise ValueError(f"{op_input_list} are not from the passed-in graph")
    return found if graph is None else graph


def reduce_sum_n(tensors: Any, name: str | None = None) -> Tensor:
    """Return the sum of all elements of all of `tensors`; `ValueError` if there are none."""
    if not tensors:
        raise ValueError("No tensors provided.")
    with name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [reduce_sum(tensor, name=f"{tensor.op.name}/sum") for tensor in tensors]
        return sums[0] if len(sums) == 1 else add_n(sums, name=scope)


def assert_scalar_int(tensor: Any, name: str | None = None) -> Tensor:
    """Return `tensor` if it is a scalar of an integer type; `ValueError` if not."""
    with name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert_to_tensor(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise ValueError(f"Expected integer type for {tensor.name}, received type: {tensor.dtype}.")
        return asserts.assert_scalar(tensor, name=scope)


def with_same_shape(expected_tensor: Any, tensor: Any) -> Tensor:
    """Return `tensor` with a check that it has the shape of `expected_tensor`; see `with_shape`."""
    with name_scope(f"{tensor.op.name}/", values=[expected_tensor, tensor]):
        known = expected_tensor.get_shape()
        expected = known.as_list() if known.is_fully_defined() else array.shape(expected_tensor, name="expected_shape")
        return with_shape(expected, tensor)


def with_shape(expected_shape: Any, tensor: Any) -> Tensor:
    """Return `tensor` with a check that it has a shape.

    Parameters
    ----------
    expected_shape : list of int, TensorShape, or int32 Tensor [r]
        -1 for a size that doesn't matter.
    tensor : Tensor
        One of a single element is reshaped to a scalar, if that is expected.

    Raises
    ------
    ValueError
        If the shapes are known and differ, or `expected_shape` cannot be one.
    InvalidArgumentError
        When run, if the shapes differ.
    """
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor not supported.")
    expected = _expected(expected_shape, tensor)
    actual = tensor.get_shape()
    dynamic = isinstance(expected, Tensor)
    scalar = not dynamic and len(expected) == 0
    if not actual.is_fully_defined() or dynamic:
        with name_scope(f"{tensor.op.name}/", values=[tensor]):
            if scalar:
                return array.reshape(tensor, [])
            with control_dependencies([_assert_shape(expected, tensor)]):
                result = array.identity(tensor)
            if not dynamic:
                result.set_shape(expected)
            return result
    if actual.is_compatible_with(expected):
        return tensor
    if scalar and actual.is_compatible_with([1]):
        with name_scope(f"{tensor.op.name}/", values=[tensor]):
            return array.reshape(tensor, [])
    raise ValueError(f"Invalid shape for tensor {tensor.name}, expected {expected}, got {actual}.")


def _expected(shape: Any, tensor: Any) -> Any:
    """Return `shape` as an int32 array, a TensorShape or a tensor."""
    if isinstance(shape, Tensor):
        if shape.dtype.base_dtype != dtypes.int32:
            raise ValueError(f"Invalid dtype {shape.dtype} for shape {shape} expected of tensor {tensor.name}.")
        return shape
    if isinstance(shape, TensorShape):
        return shape
    found = np.asarray(shape)
    if found.ndim > 1:
        raise ValueError(f"Invalid rank {found.ndim} for shape {shape} expected of tensor {tensor.name}.")
    of_list = isinstance(shape, (list, tuple))
    if found.dtype != np.int32 and not (of_list and (found.dtype == np.int64 or not found.size)):
        raise ValueError(f"Invalid dtype {found.dtype} for shape {shape} expected of tensor {tensor.name}.")
    return found.astype(np.int32)


def _assert_shape(expected: Any, tensor: Tensor) -> Any:
    with name_scope("assert_shape", values=[tensor]) as scope:
        actual = array.shape(tensor, name="actual")
        if isinstance(expected, TensorShape) and not expected.is_fully_defined():
            expected = [size or -1 for size in expected.as_list()]
        fits = _is_shape(expected, tensor, actual)
        return Assert(fits, [f"Wrong shape for {tensor.name} [expected] [actual].", expected, actual], name=scope)


def _is_shape(expected: Any, tensor: Tensor, actual: Tensor) -> Tensor:
    with name_scope("is_shape", values=[tensor]) as scope:
        count = array.size(expected)
        with name_scope("is_rank", values=[tensor]) as inner:
            wanted = convert_to_tensor(count, name="expected")
            same_rank = equal(wanted, array.rank(tensor, name="actual"), name=inner)
        with name_scope("shape_tensor_equal", values=[expected, actual]) as inner:
            free, same = equal(expected, -1), equal(expected, actual, "equal")
            fits = reduce_all(logical_or(free, same, name="exclude_partial_shape"), name=inner)
        return logical_and(same_rank, fits, name=scope)


def py_func(
    func: Any,
    args: Any = (),
    kwargs: dict[str, Any] | None = None,
    output_types: Any = None,
    output_shapes: Any = None,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """Call a Python function with arrays, which may be structures.

    Parameters
    ----------
    func : callable
    args : list
    kwargs : dict, optional
    output_types : structure of DType, or callable
        Of what `func` returns; a callable is given the tensors.
    output_shapes : structure of shapes, or callable, optional
    stateful : bool
        Whether `func` may give another result for the same arguments.
    name : str, optional

    Raises
    ------
    TypeError
        If `args` is no list, or `kwargs` no dict.
    """
    kwargs = {} if kwargs is None else kwargs
    if not isinstance(args, (list, tuple)):
        raise TypeError(f"args must be list and not {type(args)}. args: {args}")
    if not isinstance(kwargs, dict):
        raise TypeError(f"kwargs must be dict and not {type(kwargs)}. args: {kwargs}")
    types = output_types(*args, **kwargs) if callable(output_types) else output_types
    shapes = output_shapes(*args, **kwargs) if callable(output_shapes) else output_shapes
    given = (list(args), kwargs)

    def call(*arrays: Any) -> list[Any]:
        positional, named = nest.pack_sequence_as(given, list(arrays))
        result = func(*positional, **named)
        nest.assert_shallow_structure(types, result)
        return nest.flatten(result)

    values = call_python(call, nest.flatten(given), nest.flatten(types), stateful=stateful, name=name)
    if shapes is not None:
        for value, shape in zip(values, nest.flatten_up_to(types, shapes)):
            value.set_shape(shape)
    return nest.pack_sequence_as(types, values)
