"""The op types of TensorArray, and their gradients.

A handle stands for an array that lives for one run. Its ops are put into order by `flow`, a number that one hands to
the next. Gradients gather in an array of their own, which `TensorArrayGradV3` makes at its first use in a run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import numpy as np

from defrun.base import shapes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.function import FuncGraph
from defrun.graph.graph import get_default_graph
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.constant import constant
from defrun.ops.declare import op
from defrun.ops.tensor_array import elements
from defrun.ops.tensor_array.values import UNWRITTEN, About, Buffered, Closed, Listed
from defrun.ops.types import ANY

# -- making ----------------------------------------------------------------------------------------------------------


def array_of(handle: Tensor) -> Operation | None:
    """Return the node that makes the array `handle` stands for; of an array of gradients, that of the array itself."""
    while True:
        op = handle._op
        if op.type == "TensorArrayV3":
            return op
        graph = op.graph
        if op.type.startswith("TensorArrayGrad"):
            handle = op._inputs[0]
        elif op.definition.placeholder and isinstance(graph, FuncGraph):
            outer = next((t for t, argument in graph.captured.items() if argument is handle), None)
            if outer is None:
                return None
            handle = outer
        else:
            return None


def _follows_from_size(op: Operation, output: int) -> list[Tensor] | None:
    """Return what the number of elements follows from; None if the array grows."""
    made = array_of(op._inputs[0])
    if made is None or made.attrs["dynamic_size"] or made.graph is not op.graph:
        return None
    return [made._inputs[0]]


@op("TensorArrayV3", "size: static int32[] -> handle: resource[2], flow: float32[]", dtype=ANY, transient=True,
    differentiable=False)  # fmt: skip
def tensor_array_v3(
    size,
    dtype: DType,
    element_shape: Dims = None,
    dynamic_size: bool = False,
    clear_after_read: bool = True,
    identical_element_shapes: bool = False,
    tensor_array_name: str = "",
):
    """Make an array of `size` elements, none of them written."""
    return _new(size, dtype, element_shape, dynamic_size, clear_after_read, identical_element_shapes)


def _new(size: Any, dtype: DType, dims: Dims, grows: bool, clears: bool, alike: bool, trusted: bool = False) -> Any:
    if isinstance(size, jax.Array):
        raise InvalidArgumentError(None, None, "The size of a TensorArray is not known while compiling.")
    n = int(size)
    if n < 0:
        raise InvalidArgumentError(None, None, f"The size of a TensorArray must not be negative, as {n} is.")
    about = About(np.dtype(dtype.value_dtype), dims, grows, clears, alike, trusted=trusted)
    return Listed(about, (None,) * n, (UNWRITTEN,) * n), np.float32(0)


def _trusted(size: Any, dtype: DType, **attrs: Any) -> Any:
    return _new(
        size,
        dtype,
        attrs["element_shape"],
        attrs["dynamic_size"],
        attrs["clear_after_read"],
        attrs["identical_element_shapes"],
        trusted=True,
    )


_TRUSTED = replace(tensor_array_v3.definition, body=_trusted)


def trust(handle: Tensor) -> None:
    """Spare the array the checks that each element is written and read but once: only our own code uses it so."""
    handle._op.definition = _TRUSTED


def _gradient_array(handle: Any, dims: Dims) -> Any:
    if dims is None and isinstance(handle, Buffered):
        dims = handle.buffer.shape[1:]
    about = replace(handle.about, dims=dims, grows=False, clears=True, adds=True)
    if isinstance(handle.length, int):
        rows: tuple[Any, ...] = (None,) * handle.length
        if isinstance(handle, Listed) and not about.known:  # each of its own shape
            rows = tuple(None if row is None else np.zeros(row.shape, row.dtype) for row in handle.rows)
        return Listed(about, rows, (UNWRITTEN,) * handle.length)
    return replace(replace(handle.form, about=about, flags=None).blank(), length=handle.length)


@op("TensorArrayGradV3", "handle: resource, flow_in: float32[] -> grad_handle: resource[2], flow_out: float32[]",
    transient=True, differentiable=False)  # fmt: skip
def tensor_array_grad_v3(handle, flow_in, source: str, *, current):
    """Make the array of the gradients of another, or return the one that `source` has made of it in this run."""
    return (_gradient_array(handle, handle.about.dims) if current is None else current), flow_in


@op("TensorArrayGradWithShape",
    "handle: resource, flow_in: float32[], shape_to_prepend: static int32[r] -> "
    "grad_handle: resource, flow_out: float32[]", transient=True, differentiable=False)  # fmt: skip
def tensor_array_grad_with_shape(handle, flow_in, shape_to_prepend, source: str, *, current):
    """Make an array of gradients whose elements have more axes in front."""
    if current is not None:
        return current, flow_in
    dims = handle.about.dims
    return _gradient_array(handle, None if dims is None else (*shape_to_prepend.tolist(), *dims)), flow_in


# -- elements --------------------------------------------------------------------------------------------------------


@op("TensorArrayWriteV3", "handle: resource, index: int32[], value: T, flow_in: float32[] -> flow_out: float32[]",
    T=ANY, writes="handle")  # fmt: skip
def tensor_array_write_v3(handle, index, value, flow_in):
    """Put `value` at `index`."""
    return elements.write(handle, index, value), flow_in


@tensor_array_write_v3.shape
def _(handle, value):
    shapes.merge(handle, value)
    return ()


@op("TensorArrayReadV3", "handle: resource, index: int32[], flow_in: float32[] -> value: dtype", dtype=ANY,
    writes="handle")  # fmt: skip
def tensor_array_read_v3(handle, index, flow_in, dtype: DType):
    """Return the element at `index`."""
    _check_type(handle, dtype)
    return elements.read(handle, index)


@tensor_array_read_v3.shape
def _(handle):
    return handle


@op("TensorArrayGatherV3", "handle: resource, indices: int32[n], flow_in: float32[] -> value: dtype", dtype=ANY,
    writes="handle")  # fmt: skip
def tensor_array_gather_v3(handle, indices, flow_in, dtype: DType, element_shape: Dims = None):
    """Return the elements at `indices`, one behind the other."""
    _check_type(handle, dtype)
    return elements.read_rows(handle, indices, element_shape)


@tensor_array_gather_v3.shape
def _(handle, indices, element_shape):
    dims = shapes.merge(handle, element_shape)
    if dims is None:
        return None
    return (None if handle is None else indices[0], *dims)


@op("TensorArrayScatterV3",
    "handle: resource, indices: int32[n], value: T[n, ...], flow_in: float32[] -> flow_out: float32[]", T=ANY,
    writes="handle")  # fmt: skip
def tensor_array_scatter_v3(handle, indices, value, flow_in):
    """Put the rows of `value` at `indices`."""
    return elements.write_rows(handle, indices, value), flow_in


@tensor_array_scatter_v3.shape
def _(handle, value):
    shapes.merge(handle, None if value is None else value[1:])
    return ()


def _counted_while_running(op: Operation) -> bool:
    made = array_of(op._inputs[0])
    return made is not None and bool(made.attrs["dynamic_size"])


@op("TensorArrayConcatV3", "handle: resource, flow_in: float32[] -> value: dtype, lengths: int64[n]", dtype=ANY,
    writes="handle", tells=lambda op, output: _follows_from_size(op, output) if output else None,
    host_where=_counted_while_running)  # fmt: skip
def tensor_array_concat_v3(handle, flow_in, dtype: DType, element_shape_except0: Dims = None):
    """Return all elements behind each other, and how long each of them is."""
    _check_type(handle, dtype)
    return elements.read_joined(handle, element_shape_except0)


@tensor_array_concat_v3.shape
def _(handle, element_shape_except0):
    rest = shapes.merge(None if handle is None else handle[1:], element_shape_except0)
    return [None if rest is None else (None, *rest), (None,)]


@op("TensorArraySplitV3",
    "handle: resource, value: T, lengths: static int64[n], flow_in: float32[] -> flow_out: float32[]", T=ANY,
    writes="handle")  # fmt: skip
def tensor_array_split_v3(handle, value, lengths, flow_in):
    """Put parts of `value`, of these lengths, into the elements."""
    return elements.write_parts(handle, value, lengths), flow_in


@op("TensorArraySizeV3", "handle: resource, flow_in: float32[] -> size: int32[]", stateful=True, differentiable=False,
    tells=_follows_from_size)  # fmt: skip
def tensor_array_size_v3(handle, flow_in):
    """Return the number of elements."""
    return elements.length_of(handle)


@op("TensorArrayCloseV3", "handle: resource ->", writes="handle", differentiable=False)
def tensor_array_close_v3(handle):
    """Forget the elements; nothing can be done with the array any more."""
    return [Closed()]


def _check_type(array: Any, dtype: DType) -> None:
    if array.about.dtype != np.dtype(dtype.value_dtype):
        raise InvalidArgumentError(
            None, None, f"The elements are of type {array.about.dtype}, not {dtype.name} as is asked."
        )


# -- gradients -------------------------------------------------------------------------------------------------------


def gradient_array(handle: Tensor, source: str, flow: Tensor) -> tuple[Tensor, Tensor]:
    """Add a node for the array of gradients; return its handle and a flow that waits for it."""
    with name_scope(None, "TensorArrayGrad", [handle]), colocate_with(handle):
        grad_handle, _ = tensor_array_grad_v3(handle, flow, source)
        with control_dependencies([grad_handle]):
            return grad_handle, identity(flow, name="gradient_flow")


def _source() -> str:
    """Return a name for the call of `gradients` that is being worked on: each has arrays of its own."""
    graph = get_default_graph()
    while isinstance(graph, FuncGraph) and graph.gradient_source is None:
        graph = graph.outer_graph
    return graph.gradient_source or "gradients"


def _outside(flow: Tensor) -> Tensor:
    """Return `flow`; in the gradient of a function, which runs after it anyway, a number that need not be kept."""
    return flow if flow.graph is get_default_graph() else constant(0.0, name="flow")


@tensor_array_read_v3.gradient
def _(op, grad):
    handle, index, flow = op.inputs
    grads, ready = gradient_array(handle, _source(), _outside(flow))
    return [None, None, tensor_array_write_v3(grads, index, grad, ready)]


@tensor_array_write_v3.gradient
def _(op, flow):
    handle, index, value, _ = op.inputs
    grads, ready = gradient_array(handle, _source(), flow)
    grad = tensor_array_read_v3(grads, index, ready, value.dtype.base_dtype)
    return [None, None, _shaped(grad, value), flow]


@tensor_array_gather_v3.gradient
def _(op, grad):
    handle, indices, flow = op.inputs
    grads, ready = gradient_array(handle, _source(), _outside(flow))
    return [None, None, tensor_array_scatter_v3(grads, indices, grad, ready)]


@tensor_array_scatter_v3.gradient
def _(op, flow):
    handle, indices, value, _ = op.inputs
    grads, ready = gradient_array(handle, _source(), flow)
    dims = None if value.dims is None else value.dims[1:]
    grad = tensor_array_gather_v3(grads, indices, ready, value.dtype.base_dtype, dims)
    return [None, None, _shaped(grad, value), flow]


@tensor_array_concat_v3.gradient
def _(op, grad, _):
    handle, flow = op.inputs
    grads, ready = gradient_array(handle, _source(), _outside(flow))
    return [None, tensor_array_split_v3(grads, grad, op.outputs[1], ready)]


@tensor_array_split_v3.gradient
def _(op, flow):
    handle, value, _, _ = op.inputs
    grads, ready = gradient_array(handle, _source(), flow)
    grad = tensor_array_concat_v3(grads, ready, value.dtype.base_dtype)[0]
    return [None, _shaped(grad, value), None, flow]


def _shaped(grad: Tensor, value: Tensor) -> Tensor:
    grad.set_shape(value.shape)
    return grad


