"""`TensorSpec`: what is said of a tensor that is not there yet."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor


class TensorSpec:
    """The shape, dtype and name of a tensor.

    Parameters
    ----------
    shape : TensorShape or what converts to one
    dtype : DType or what converts to one
    name : str, optional

    Raises
    ------
    TypeError
        If shape or dtype don't convert.
    """

    def __init__(self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """Return a copy, perhaps under another name."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """Return what holds of `tensor`; `ValueError` if it is none."""
        if not isinstance(tensor, Tensor):
            raise ValueError(f"`tensor` must be a tf.Tensor, not {tensor!r}")
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    @property
    def shape(self) -> TensorShape:
        """The shape."""
        return self._shape

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """The name, if it has one."""
        return self._name

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Whether the other, a spec or a tensor, has this dtype and a shape that may be this one."""
        return (
            isinstance(spec_or_tensor, (TensorSpec, Tensor))
            and self._dtype.is_compatible_with(spec_or_tensor.dtype)
            and self._shape.is_compatible_with(spec_or_tensor.shape)
        )

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self.shape}, dtype={self.dtype!r}, name={self.name!r})"

    def _key(self) -> tuple[Any, ...]:
        dims = None if self._shape.ndims is None else tuple(self._shape.as_list())
        return dims, self._dtype, self._name

    def __hash__(self) -> int:
        return hash(self._key()[:2])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._key() == other._key()
