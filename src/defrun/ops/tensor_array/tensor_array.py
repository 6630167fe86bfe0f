"""`TensorArray`: a list of tensors that a graph writes and reads element by element."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, device, name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import identity, shape
from defrun.ops.cast import cast
from defrun.ops.creation import range_
from defrun.ops.tensor_array import nodes


class TensorArray:
    """A list of tensors of one dtype that lives for one run.

    Writing returns a new `TensorArray`, to be used from then on: it stands for the same list, after the write.

    Parameters
    ----------
    dtype : DType
    size : int or int32 Tensor [], optional
        The number of elements; needed unless there is a handle.
    dynamic_size : bool, optional
        Let writes behind the end make the array larger.
    clear_after_read : bool, optional
        Give each element away when it is read, so that it can be read but once; by default True.
    tensor_array_name : str, optional
    handle : Tensor, optional
        That of an array which is there already.
    flow : float32 Tensor [], optional
        What has to be done with that array before.
    infer_shape : bool
        All elements have one shape, that of the first write.
    element_shape : TensorShape, optional
        What is known of the elements' shape.
    colocate_with_first_write_call : bool
        Place the nodes where the first value that is written is.
    name : str, optional

    Raises
    ------
    ValueError
        If neither or both of size and handle are given, or a handle together with what it says already.
    TypeError
        If the handle is not a Tensor.
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Tensor | None = None,
        flow: Tensor | None = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        if handle is None and size is None:
            raise ValueError("Size must be provided if handle is not provided")
        if handle is not None:
            given = {"tensor_array_name": tensor_array_name or None, "size": size, "element_shape": element_shape,
                     "dynamic_size": dynamic_size, "clear_after_read": clear_after_read}  # fmt: skip
            if both := [key for key, value in given.items() if value is not None]:
                raise ValueError(f"Cannot provide both a handle and {', '.join(both)} at the same time")
            if not isinstance(handle, Tensor):
                raise TypeError("Handle must be a Tensor")
            if flow is None:
                raise ValueError("flow must not be None if handle is not None.")
        self._dynamic_size = dynamic_size or False
        self._dtype = dtypes.as_dtype(dtype).base_dtype
        self._infer_shape = infer_shape
        # One list for all that stand for the same array: what one finds out, the others know.
        self._shape = [as_shape(element_shape)]
        self._colocated: list[Tensor] | None = [] if colocate_with_first_write_call else None
        with name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is not None:
                self._handle: Tensor = handle
                self._flow: Tensor = flow  # type: ignore[assignment]
                return
            with contextlib.ExitStack() as stack:
                if colocate_with_first_write_call:
                    stack.enter_context(device(None))
                    stack.enter_context(colocate_with(None, ignore_existing=True))
                self._handle, self._flow = nodes.tensor_array_v3(
                    size,
                    dtype=self._dtype,
                    element_shape=self._shape[0],
                    dynamic_size=self._dynamic_size,
                    clear_after_read=clear_after_read is None or clear_after_read,
                    identical_element_shapes=infer_shape,
                    tensor_array_name=tensor_array_name or "",
                    name=scope,
                )

    @property
    def flow(self) -> Tensor:
        """A number that is there when all that has been done with the array is done."""
        return self._flow

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def handle(self) -> Tensor:
        """The resource that stands for the array."""
        return self._handle

    @property
    def element_shape(self) -> TensorShape:
        """What is known of the shape of the elements."""
        return self._shape[0]

    @property
    def dynamic_size(self) -> bool:
        """Whether the array may grow."""
        return self._dynamic_size

    def _components(self) -> list[Tensor]:
        return [self._flow]

    def _with_components(self, tensors: list[Tensor]) -> TensorArray:
        return self._with_flow(tensors[0])

    def _component_shapes(self, shape: TensorShape) -> list[Any]:
        return [()]

    def _with_flow(self, flow: Tensor) -> TensorArray:
        array = TensorArray(
            self._dtype,
            handle=self._handle,
            flow=flow,
            infer_shape=self._infer_shape,
            colocate_with_first_write_call=self._colocated is not None,
        )
        array._dynamic_size = self._dynamic_size
        array._colocated = self._colocated
        array._shape = self._shape
        return array

    def _trust(self) -> TensorArray:
        """Spare the array the checks of what is written and read; see `nodes.trust`."""
        nodes.trust(self._handle)
        return self

    def _check_shape(self, shape: TensorShape) -> None:
        if not shape.is_compatible_with(self.element_shape):
            raise ValueError(f"Inconsistent shapes: saw {shape} but expected {self.element_shape}")
        if self._infer_shape:
            self._shape[0] = self.element_shape.merge_with(shape)

    @contextlib.contextmanager
    def _near_first(self, value: Tensor) -> Iterator[None]:
        if self._colocated is None:
            yield
            return
        if not self._colocated:
            self._colocated.append(value)
        with colocate_with(self._colocated[0]):
            yield

    def identity(self) -> TensorArray:
        """Return the array such that what is done with it waits for the control dependencies that hold here."""
        return self._with_flow(identity(self._flow))

    def grad(self, source: str, flow: Tensor | None = None, name: str | None = None) -> TensorArray:
        """Return the array of the gradients of this one, of which there is one for each `source`."""
        flow = self._flow if flow is None else flow
        with name_scope(name, "TensorArrayGrad", [self._handle]), colocate_with(self._handle):
            handle, _ = nodes.tensor_array_grad_v3(self._handle, flow, source, name=name)
            with control_dependencies([handle]):
                ready = identity(flow, name="gradient_flow")
            array = TensorArray(
                self._dtype,
                handle=handle,
                flow=ready,
                infer_shape=self._infer_shape,
                colocate_with_first_write_call=False,
            )
        array._shape = self._shape
        return array

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Return the element at `index`, an int32 scalar.

        Raises
        ------
        InvalidArgumentError
            In the run, if there is no such element, or it was given away when it was read before, or nothing was ever
            written to it and its shape is not known (otherwise it is zeros).
        """
        value = nodes.tensor_array_read_v3(self._handle, index, self._flow, self._dtype, name=name)
        value.set_shape(self.element_shape)
        return value

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """Put `value` at `index`, an int32 scalar.

        Raises
        ------
        ValueError
            If its shape is another than the elements', as far as that is known.
        InvalidArgumentError
            In the run, for the same reason, or if there is no such element, or it has been written or read already.
        """
        with name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_shape(tensor.shape)
            with self._near_first(tensor):
                return self._with_flow(nodes.tensor_array_write_v3(self._handle, index, tensor, self._flow, name=name))

    def stack(self, name: str | None = None) -> Tensor:
        """Return all elements as the rows of one tensor."""
        with colocate_with(self._handle), name_scope(name, "TensorArrayStack", [self._handle]):
            return self.gather(range_(0, self.size()), name=name)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Return the elements at `indices`, an int32 vector, as the rows of one tensor."""
        value = nodes.tensor_array_gather_v3(
            self._handle, indices, self._flow, self._dtype, element_shape=self.element_shape, name=name
        )
        if self.element_shape.ndims is not None:
            value.set_shape([None, *self.element_shape.as_list()])
        return value

    def concat(self, name: str | None = None) -> Tensor:
        """Return all elements behind each other, along their first axis."""
        value, _ = nodes.tensor_array_concat_v3(
            self._handle, self._flow, self._dtype, element_shape_except0=self.element_shape[1:], name=name
        )
        if self.element_shape.ndims is not None:
            value.set_shape([None, *self.element_shape.as_list()[1:]])
        return value

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """Put the rows of `value` into the elements, from the first on."""
        with name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = shape(value)[0]
            return self.scatter(range_(0, count), value, name=name)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """Put the rows of `value` at `indices`, an int32 vector."""
        with name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_shape(tensor.shape[1:])
            with self._near_first(tensor):
                flow = nodes.tensor_array_scatter_v3(self._handle, indices, tensor, self._flow, name=name)
                return self._with_flow(flow)

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """Put parts of `value`, of these `lengths` along its first axis, into the elements."""
        with name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            tensor = convert_to_tensor(value, dtype=self._dtype, name="value")
            with self._near_first(tensor):
                sizes = cast(lengths, dtypes.int64)
                known = constant_value(sizes)
                if tensor.shape.ndims is not None and known is not None and known.ndim and known.min() == known.max():
                    self._check_shape(TensorShape([int(known[0])]).concatenate(tensor.shape[1:]))
                flow = nodes.tensor_array_split_v3(self._handle, tensor, sizes, self._flow, name=name)
                return self._with_flow(flow)

    def size(self, name: str | None = None) -> Tensor:
        """Return the number of elements, an int32 scalar."""
        return nodes.tensor_array_size_v3(self._handle, self._flow, name=name)

    def close(self, name: str | None = None) -> Operation:
        """Return an operation that ends the array; using it afterwards is an error."""
        return nodes.tensor_array_close_v3(self._handle, name=name)
