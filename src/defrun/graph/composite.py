"""Values made of several tensors: rows of a larger tensor (`IndexedSlices`), and sparse tensors."""

from __future__ import annotations

from typing import Any, NamedTuple

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_dims
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import Graph
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import partial_value


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

    def _components(self) -> list[Tensor]:
        """See graph/components."""
        return [self._values, self._indices, *([] if self._dense_shape is None else [self._dense_shape])]

    def _with_components(self, tensors: list[Tensor]) -> IndexedSlices:
        return IndexedSlices(*tensors)

    def _component_shapes(self, shape: Any) -> list[Dims]:
        rows = self._values.dims
        dims = as_dims(shape) if shape is not None or rows is None else (None, *rows[1:])
        found: list[Dims] = [dims, None if dims is None else dims[:1], None if dims is None else (len(dims),)]
        return found[: len(self._components())]

    def __neg__(self) -> Any:
        return IndexedSlices(-self._values, self._indices, self._dense_shape)

    def __str__(self) -> str:
        shape = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"

    def __repr__(self) -> str:
        return f"<tf.{self}>"


class SparseTensorValue(NamedTuple):
    """The arrays of a fetched `SparseTensor`, or what is fed for one."""

    indices: Any
    values: Any
    dense_shape: Any


class SparseTensor:
    """A tensor given by the `values` at `indices`; all other elements are zero (or empty).

    Most functions want `indices` in order, row by row, none twice; `tf.sparse.reorder` puts them in order.

    Parameters
    ----------
    indices : int64 Tensor [n, rank]
    values : Tensor [n]
    dense_shape : int64 Tensor [rank]

    Raises
    ------
    ValueError
        If the three don't go together.
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices = convert_to_tensor(indices, dtypes.int64, "indices")
            self._values = convert_to_tensor(values, name="values")
            self._dense_shape = convert_to_tensor(dense_shape, dtypes.int64, "dense_shape")
        places = self._indices.shape.with_rank(2)
        places[0].merge_with(self._values.shape.with_rank(1)[0])
        places[1].merge_with(self._dense_shape.shape.with_rank(1)[0])

    def _components(self) -> list[Tensor]:
        """See graph/components."""
        return [self._indices, self._values, self._dense_shape]

    def _with_components(self, tensors: list[Tensor]) -> SparseTensor:
        return SparseTensor(*tensors)

    def _component_shapes(self, shape: Any) -> list[Dims]:
        dims = as_dims(shape) if shape is not None else self._dense_shape.dims
        rank = dims[0] if dims else None
        return [(None, rank), (None,), (rank,)]

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """Make a sparse tensor of a `SparseTensorValue` (or of another sparse tensor).

        Raises
        ------
        TypeError
            If it is neither.
        """
        if not is_sparse(sparse_tensor_value):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {sparse_tensor_value}.")
        return SparseTensor(*sparse_parts(sparse_tensor_value))

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
        return self._indices.graph

    @property
    def shape(self) -> TensorShape:
        """The shape as far as it is known before running."""
        sizes = partial_value(self._dense_shape)
        if sizes is None:
            dims = self._dense_shape.dims
            return TensorShape(None if not dims or dims[0] is None else [None] * dims[0])
        return TensorShape([None if size is None or size < 0 else int(size) for size in sizes])

    def get_shape(self) -> TensorShape:
        """Alias of `shape`."""
        return self.shape

    def consumers(self) -> list[Operation]:
        """The operations that take any of the three tensors."""
        parts = (self._indices, self._values, self._dense_shape)
        return list(dict.fromkeys(op for part in parts for op in part.consumers()))

    def eval(self, feed_dict: dict[Any, Any] | None = None, session: Any = None) -> SparseTensorValue:
        """Compute the three parts in `session`, by default the default session."""
        return self.graph._run_hook(self, feed_dict, session)

    def __str__(self) -> str:
        return f"SparseTensor(indices={self._indices}, values={self._values}, dense_shape={self._dense_shape})"


def is_sparse(x: Any) -> bool:
    """Whether `x` is a sparse tensor, or the arrays of one."""
    return isinstance(x, (SparseTensor, SparseTensorValue))


def sparse_parts(x: Any) -> tuple[Any, Any, Any]:
    """Return the indices, values and shape of a sparse tensor or of the arrays of one."""
    return x.indices, x.values, x.dense_shape


def convert_to_tensor_or_sparse_tensor(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Convert `value` to a Tensor, but leave a sparse tensor sparse.

    Parameters
    ----------
    value : SparseTensor, SparseTensorValue, or what `convert_to_tensor` takes
    dtype : DType, optional
    name : str, optional

    Returns
    -------
    SparseTensor or Tensor

    Raises
    ------
    RuntimeError
        If `value` is sparse and not of type `dtype`.
    """
    kind = None if dtype is None else dtypes.as_dtype(dtype)
    if not is_sparse(value):
        return convert_to_tensor(value, dtype=kind, name=name)
    sparse = SparseTensor.from_value(value) if isinstance(value, SparseTensorValue) else value
    if kind is not None and not kind.is_compatible_with(sparse.dtype):
        raise RuntimeError(f"Sparse dtype: requested = {kind.name}, actual = {sparse.dtype.name}")
    return sparse
