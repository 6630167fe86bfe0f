"""Values made of several tensors: rows of a larger tensor (`IndexedSlices`), and sparse tensors."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor


class IndexedSlices:
    """Rows `values` at `indices` of a tensor of shape `dense_shape`: the gradient of a lookup.

    Parameters
    ----------
    values : Tensor [n, ...]
    indices : Tensor [n]
        May repeat; rows of the same index add up.
    dense_shape : Tensor [rank], optional
    """

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        if not isinstance(values, Tensor) or not isinstance(indices, Tensor):
            raise TypeError("IndexedSlices takes Tensors as values and indices")
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Tensor:
        """The rows."""
        return self._values

    @property
    def indices(self) -> Tensor:
        """Which rows they are."""
        return self._indices

    @property
    def dense_shape(self) -> Tensor | None:
        """The shape of the whole, or None if not known."""
        return self._dense_shape

    @property
    def name(self) -> str:
        """The name of `values`."""
        return self._values.name

    @property
    def device(self) -> str:
        """The device of `values`."""
        return self._values.device

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self._values.op

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._values.dtype

    @property
    def graph(self) -> Graph:
        """The graph that the tensors belong to."""
        return self._values.graph

    def __neg__(self) -> Any:
        return IndexedSlices(-self._values, self._indices, self._dense_shape)

    def __str__(self) -> str:
        shape = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"

    def __repr__(self) -> str:
        return f"<tf.{self}>"


class SparseTensor:
    """A tensor given by the `values` at `indices`; all other elements are zero (or empty).

    Parameters
    ----------
    indices : int64 Tensor [n, rank]
    values : Tensor [n]
    dense_shape : int64 Tensor [rank]
    """

    def __init__(self, indices: Tensor, values: Tensor, dense_shape: Tensor) -> None:
        for part in (indices, values, dense_shape):
            if not isinstance(part, Tensor):
                raise TypeError("SparseTensor's parts are Tensors; make one with tf.SparseTensor")
        self._indices = indices
        self._values = values
        self._dense_shape = dense_shape

    @property
    def indices(self) -> Tensor:
        """Where the values are."""
        return self._indices

    @property
    def values(self) -> Tensor:
        """The values."""
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        """The shape of the whole, as a tensor."""
        return self._dense_shape

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self._values.op

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._values.dtype

    @property
    def graph(self) -> Graph:
        """The graph that the tensors belong to."""
        return self._values.graph

    def get_shape(self) -> TensorShape:
        """The shape as far as its rank is known."""
        dims = self._dense_shape.dims
        return TensorShape(None if not dims or dims[0] is None else [None] * dims[0])

    @property
    def shape(self) -> TensorShape:
        """The shape as far as its rank is known."""
        return self.get_shape()

    def __str__(self) -> str:
        return f"SparseTensor(indices={self._indices}, values={self._values}, dense_shape={self._dense_shape})"
