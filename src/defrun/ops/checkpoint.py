"""Saving tensors in checkpoints and restoring them; the files themselves are `base/bundle.py`'s."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import storage
from defrun.base.bundle import BundleReader, BundleWriter, index_path, merge
from defrun.base.checkpoint_v1 import TableReader, write_table
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.partial import parse_slice
from defrun.base.text import as_str
from defrun.ops.declare import op


def open_checkpoint(prefix: str) -> BundleReader | TableReader:
    """Return a reader of the checkpoint of that prefix, of version 2 or, if there is none, 1."""
    return BundleReader(prefix) if storage.exists(index_path(prefix)) else TableReader(prefix)


def _texts(array: Any) -> list[str]:
    return [as_str(text) for text in np.asarray(array).ravel()]


def _same_count(names: list[str], **others: Any) -> None:
    for what, values in others.items():
        if len(values) != len(names):
            raise InvalidArgumentError(None, None, f"There are {len(names)} names, but {len(values)} {what}")


def _parts(names: list[str], specs: list[str], tensors: list[Any]) -> Any:
    """Yield (name, shape of the whole, extents or None, array) for each tensor to save."""
    _same_count(names, shapes_and_slices=specs, tensors=tensors)
    for name, spec, tensor in zip(names, specs, tensors, strict=True):
        array = np.asarray(tensor)
        if not spec:
            yield name, list(array.shape), None, array
            continue
        shape, extents = parse_slice(spec)
        sizes = [size if n == -1 else n for (_, n), size in zip(extents, shape, strict=True)]
        if sizes != list(array.shape):
            text = f"The slice {spec!r} of {name} has the shape {sizes}, but the tensor {list(array.shape)}"
            raise InvalidArgumentError(None, None, text)
        yield name, shape, extents, array


@op(
    "SaveV2",
    "prefix: string[], tensor_names: string[n], shape_and_slices: string[n], tensors: list(dtypes) ->",
    host=True,
    stateful=True,
    differentiable=False,
)
def save_v2(prefix, tensor_names, shape_and_slices, tensors):
    """Save tensors, or parts of larger ones, under their names in a checkpoint of version 2."""
    with BundleWriter(as_str(prefix.item())) as bundle:
        for name, shape, extents, array in _parts(_texts(tensor_names), _texts(shape_and_slices), tensors):
            if extents is None:
                bundle.add(name, array)
            else:
                bundle.add_slice(name, shape, extents, array)
        bundle.finish()


@op(
    "RestoreV2",
    "prefix: string[], tensor_names: string[n], shape_and_slices: static string[n] -> tensors: list(dtypes)",
    host=True,
    stateful=True,
    differentiable=False,
)
def restore_v2(prefix, tensor_names, shape_and_slices, dtypes: list[DType]):
    """Restore tensors, or parts of them, by their names from a checkpoint of either version."""
    names, specs = _texts(tensor_names), _texts(shape_and_slices)
    _same_count(names, shapes_and_slices=specs, dtypes=dtypes)
    reader = open_checkpoint(as_str(prefix.item()))
    return [_restored(reader, *one) for one in zip(names, specs, dtypes, strict=True)]


@restore_v2.shape
def _(shape_and_slices, dtypes):
    if shape_and_slices is None:
        return [None] * len(dtypes)
    return [_shape_of(spec) for spec in np.asarray(shape_and_slices, object).ravel()]


def _shape_of(spec: Any) -> Any:
    if not spec:
        return None
    shape, extents = parse_slice(as_str(spec))
    return tuple(size if n == -1 else n for (_, n), size in zip(extents, shape, strict=True))


def _restored(reader: BundleReader | TableReader, name: str, spec: str, kind: DType) -> Any:
    found = reader.dtype(name)
    if found != kind.base_dtype:
        text = f"{name} is wanted as {kind.name}, but {reader.prefix} holds it as {found.name}"
        raise InvalidArgumentError(None, None, text)
    if not spec:
        return reader.read(name)
    shape, extents = parse_slice(spec)
    if shape != reader.shape(name):
        text = f"{name} is wanted as a part of shape {shape}, but in {reader.prefix} its shape is {reader.shape(name)}"
        raise InvalidArgumentError(None, None, text)
    return reader.read_slice(name, extents)


@op(
    "MergeV2Checkpoints",
    "checkpoint_prefixes: string[n], destination_prefix: string[] ->",
    host=True,
    stateful=True,
    differentiable=False,
)
def merge_v2_checkpoints(checkpoint_prefixes, destination_prefix, delete_old_dirs: bool = True):
    """Make one checkpoint of several; their folders are removed if they are empty then."""
    prefixes = _texts(checkpoint_prefixes)
    merge(prefixes, as_str(destination_prefix.item()))
    for folder in {storage.folder_of(prefix) for prefix in prefixes} if delete_old_dirs else ():
        if folder and storage.is_folder(folder) and not storage.names_in(folder):
            storage.remove_tree(folder)


# -- version 1 -------------------------------------------------------------------------------------------------------


@op("Save", "filename: string[], tensor_names: string[n], data: list(T) ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def save(filename, tensor_names, data):
    """Save tensors in a checkpoint of version 1."""
    write_table(as_str(filename.item()), _parts(_texts(tensor_names), [""] * len(data), data))


@op("SaveSlices", "filename: string[], tensor_names: string[n], shapes_and_slices: string[n], data: list(T) ->",
    host=True, stateful=True, differentiable=False)  # fmt: skip
def save_slices(filename, tensor_names, shapes_and_slices, data):
    """Save tensors, or parts of larger ones, in a checkpoint of version 1."""
    write_table(as_str(filename.item()), _parts(_texts(tensor_names), _texts(shapes_and_slices), data))


@op("Restore", "file_pattern: string[], tensor_name: string[] -> tensor: dt", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def restore(file_pattern, tensor_name, dt: DType, preferred_shard: int = -1):
    """Restore a tensor from the files of a checkpoint of version 1."""
    reader = open_checkpoint(as_str(file_pattern.item()))
    return _restored(reader, as_str(tensor_name.item()), "", dt)


@restore.shape
def _():
    return None


@op("RestoreSlice", "file_pattern: string[], tensor_name: string[], shape_and_slice: static string[] -> tensor: dt",
    host=True, stateful=True, differentiable=False)  # fmt: skip
def restore_slice(file_pattern, tensor_name, shape_and_slice, dt: DType, preferred_shard: int = -1):
    """Restore a part of a tensor from the files of a checkpoint of version 1."""
    reader = open_checkpoint(as_str(file_pattern.item()))
    return _restored(reader, as_str(tensor_name.item()), as_str(shape_and_slice.item()), dt)


@restore_slice.shape
def _(shape_and_slice):
    return None if shape_and_slice is None else _shape_of(np.asarray(shape_and_slice, object).item())


# -- names of files --------------------------------------------------------------------------------------------------


def _text_array(text: str) -> Any:
    return np.array(text.encode(), object)


@op("ShardedFilename", "basename: string[], shard: int32[], num_shards: int32[] -> filename: string[]", host=True,
    differentiable=False)  # fmt: skip
def sharded_filename(basename, shard, num_shards):
    """Return ``basename-00002-of-00010``."""
    return _text_array(f"{as_str(basename.item())}-{int(shard):05d}-of-{int(num_shards):05d}")


@op("ShardedFilespec", "basename: string[], num_shards: int32[] -> filename: string[]", host=True,
    differentiable=False)  # fmt: skip
def sharded_filespec(basename, num_shards):
    """Return the pattern ``basename-?????-of-00010``."""
    return _text_array(f"{as_str(basename.item())}-?????-of-{int(num_shards):05d}")
