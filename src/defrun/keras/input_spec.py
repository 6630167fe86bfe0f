"""What a layer asks of its inputs."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor


class InputSpec:
    """What a layer asks of an input.

    Parameters
    ----------
    dtype : DType, optional
    shape : tuple, optional
        None for a size that doesn't matter.
    ndim, min_ndim, max_ndim : int, optional
        The rank.
    axes : dict of int to int, optional
        Sizes of single axes.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int | None] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else dtypes.as_dtype(dtype)
        self.shape = None if shape is None else tuple(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        self.axes = {int(k): v for k, v in (axes or {}).items()}

    def check(self, tensor: Tensor, layer: str) -> None:
        """Raise `ValueError` if `tensor` is not what the spec asks for."""
        dims = tensor.dims
        if dims is None:
            if self.ndim is not None or self.min_ndim is not None or self.max_ndim is not None:
                raise ValueError(f"Input of layer {layer} is incompatible: the layer requires a defined rank.")
            return
        rank = len(dims)
        wrong = None
        if self.ndim is not None and rank != self.ndim:
            wrong = f"expected ndim={self.ndim}, found ndim={rank}"
        elif self.max_ndim is not None and rank > self.max_ndim:
            wrong = f"expected max_ndim={self.max_ndim}, found ndim={rank}"
        elif self.min_ndim is not None and rank < self.min_ndim:
            wrong = f"expected min_ndim={self.min_ndim}, found ndim={rank}"
        else:
            for axis, size in (dict(enumerate(self.shape)) if self.shape is not None else self.axes).items():
                if size is not None and dims[axis] not in (size, None):
                    wrong = f"expected axis {axis} of input shape to have value {size}"
        if wrong is not None:
            raise ValueError(
                f"Input 0 of layer {layer} is incompatible with the layer: {wrong}. Full shape received: {list(dims)}"
            )
