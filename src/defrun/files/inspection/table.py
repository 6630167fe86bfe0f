"""A table as data, and how sizes and shapes are written in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tensorboard.compat.proto import tensor_shape_pb2

from defrun.base import dtypes


@dataclass
class Section:
    """A title, columns, rows of texts, and lines that stand above them."""

    title: str
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()
    lines: Sequence[str] = ()


def size_text(size: float) -> str:
    """Write a number of bytes: ``1.5 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


def dims_text(dims: Any) -> str:
    """Write sizes: ``[?, 28, 28]``; None is an unknown rank."""
    if dims is None:
        return "unknown"
    return f"[{', '.join('?' if d is None or d < 0 else str(d) for d in dims)}]"


def shape_text(proto: tensor_shape_pb2.TensorShapeProto) -> str:
    """Write the shape in a message."""
    return "unknown" if proto.unknown_rank else dims_text([d.size for d in proto.dim])


def dtype_text(number: int) -> str:
    """Write the dtype that a message gives by its number."""
    try:
        return dtypes.as_dtype(number).name
    except TypeError:
        return f"dtype {number}"
