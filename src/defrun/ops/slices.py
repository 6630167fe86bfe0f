"""`IndexedSlices` as a plain tensor."""

from __future__ import annotations

import warnings
from typing import Any

from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import register_tensor_conversion_function
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.segment import unsorted_segment_sum

_LARGE = 100_000_000
"""Elements of a dense tensor that are worth a warning."""


def _dense(value: IndexedSlices, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with dtype {value.dtype.name}"
        )
    if value.dense_shape is None:
        raise ValueError(f"Tensor conversion requested for IndexedSlices without dense_shape: {value}")
    dims = constant_value(value.dense_shape)
    if dims is None or dims.prod() >= _LARGE:
        what = "of unknown shape" if dims is None else f"with {dims.prod()} elements"
        warnings.warn(
            f"Converting sparse IndexedSlices to a dense Tensor {what}. This may consume a large amount of memory."
        )
    return unsorted_segment_sum(value.values, value.indices, value.dense_shape[0], name=name)


register_tensor_conversion_function(IndexedSlices, _dense, 100)
