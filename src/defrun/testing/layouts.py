"""Shapes and tensors of images from one layout to another, as tests of convolutions want them."""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Tensor
from defrun.ops.arrange import transpose


def _moved(x: Any, orders: dict[int, list[int]]) -> Any:
    """Reorder the axes of a tensor, or the entries of a list of as many sizes."""
    if isinstance(x, Tensor):
        return transpose(x, orders[len(x.dims or ())])
    return [x[axis] for axis in orders[len(x)]]


def NHWCToNCHW(input_tensor: Any) -> Any:
    """Move the channels of a batch of images (4 axes) or volumes (5), or of its shape, from the end to the front."""
    return _moved(input_tensor, {4: [0, 3, 1, 2], 5: [0, 4, 1, 2, 3]})


def NCHWToNHWC(input_tensor: Any) -> Any:
    """Move the channels of a batch of images (4 axes) or volumes (5), or of its shape, from the front to the end."""
    return _moved(input_tensor, {4: [0, 2, 3, 1], 5: [0, 2, 3, 4, 1]})
