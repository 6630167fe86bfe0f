"""Zeros of the shape of what a gradient is for."""

from __future__ import annotations

from defrun.graph.operation import Tensor
from defrun.ops import creation, state


def zeros_for(source: Tensor) -> Tensor:
    """Return zeros of the shape of a tensor, or of the variable whose handle it is."""
    handle = source._handle
    if handle is None:
        return creation.zeros_like(source)
    if handle.dims is not None and None not in handle.dims:
        return creation.zeros(handle.dims, handle.dtype)
    return creation.zeros(state.variable_shape(source), handle.dtype)
