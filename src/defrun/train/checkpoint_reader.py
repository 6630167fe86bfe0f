"""Looking into a checkpoint without a graph: `tf.train.NewCheckpointReader`."""

from __future__ import annotations

from typing import Any

import numpy as np
from tensorboard.compat.proto import types_pb2

from defrun.base.bundle import BundleReader
from defrun.base.dtypes import DType
from defrun.base.system import Path, path_text
from defrun.base.text import as_text
from defrun.ops.checkpoint import open_checkpoint


class CheckpointReader:
    """Reads the tensors of a checkpoint by their names.

    Parameters
    ----------
    filepattern : path
        The prefix of a checkpoint; for one of version 1 it may be a pattern.

    Raises
    ------
    NotFoundError
        If there is no such checkpoint.
    DataLossError
        If a file is damaged.
    """

    def __init__(self, filepattern: Path) -> None:
        self._reader = open_checkpoint(path_text(filepattern))

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether there is a tensor of this name."""
        return as_text(tensor_str) in self._reader

    def get_tensor(self, tensor_str: str) -> Any:
        """Return a tensor as an array; NotFoundError if there is none of this name."""
        found = self._reader.read(as_text(tensor_str))
        if found.ndim:
            return np.array(found)
        return found[()]

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Return the names of all tensors with their shapes."""
        return {name: self._reader.shape(name) for name in self._reader.names()}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """Return the names of all tensors with their dtypes."""
        return {name: self._reader.dtype(name) for name in self._reader.names()}

    def debug_string(self) -> bytes:
        """Return a line for each tensor, or part of one: its name, dtype and shape."""
        if isinstance(self._reader, BundleReader):
            return b"".join(_line(key, e.dtype, e.shape, b"") for key, e in self._reader.raw.items() if not e.slices)
        return b"".join(self._described(name) for name in self._reader.names())

    def _described(self, name: str) -> bytes:
        reader: Any = self._reader
        about, parts = reader.about(name), len(reader.slices(name))
        return _line(name.encode(), about.type, about.shape, b", %d slices" % parts if parts > 1 else b"")


def _line(name: bytes, dtype: int, shape: Any, rest: bytes) -> bytes:
    sizes = ",".join(str(dim.size) for dim in shape.dim)
    return b"%s (%s) [%s]%s\n" % (name, types_pb2.DataType.Name(dtype).encode(), sizes.encode(), rest)


def NewCheckpointReader(filepattern: Path) -> CheckpointReader:
    """Return a reader of the checkpoint of that prefix.

    Parameters
    ----------
    filepattern : path

    Raises
    ------
    NotFoundError
        If there is no such checkpoint.
    DataLossError
        If a file is damaged.
    TypeError
        If `filepattern` is no path.

    Examples
    --------
    >>> tf.train.NewCheckpointReader("model.ckpt-100").get_tensor("dense/kernel")
    """
    return CheckpointReader(filepattern)


