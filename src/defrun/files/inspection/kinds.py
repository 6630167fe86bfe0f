"""Which kind of file a path is, told by what is in it; and what it holds."""

from __future__ import annotations

import math
import os
import re
from typing import Any

import numpy as np
from google.protobuf import text_format
from google.protobuf.message import DecodeError, Message
from tensorboard.compat.proto import graph_pb2, meta_graph_pb2

from defrun.base import storage
from defrun.base.bundle import index_path
from defrun.base.checksum import masked_crc
from defrun.base.errors import DataLossError, InvalidArgumentError, NotFoundError
from defrun.base.messages import CheckpointState, SavedModel
from defrun.base.system import tensorflow_errors
from defrun.files.inspection.graphs import graph_sections, meta_graph_sections, saved_model_sections
from defrun.files.inspection.records import record_sections
from defrun.files.inspection.table import Section, dims_text, size_text
from defrun.ops.checkpoint import open_checkpoint
from defrun.saved_model import keys
from defrun.saved_model.reading import maybe_saved_model_directory, read_saved_model

_TABLE_END = (0xDB4775248B80FB57).to_bytes(8, "little")
_SHARD = re.compile(r"\.data-\d{5}-of-\d{5}$")
_OP_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_.>/-]*\Z")


def inspect_path(path: str) -> list[Section]:
    """Return what a file, a folder or a checkpoint's prefix holds.

    Raises
    ------
    NotFoundError
        If nothing is there.
    DataLossError, InvalidArgumentError
        If a file is damaged, or of none of the known kinds.
    """
    with tensorflow_errors(path):
        if storage.is_folder(path):
            return _folder(path)
        prefix = _SHARD.sub("", path.removesuffix(".index"))
        if storage.exists(index_path(prefix)):
            return checkpoint_sections(prefix)
        if not storage.exists(path):
            raise NotFoundError(None, None, f"{path}: there is no such file, folder or checkpoint")
        return _file(path)


def tensor_text(path: str, name: str) -> str:
    """Return the value that a tensor has in a checkpoint, as text."""
    prefix = _SHARD.sub("", path.removesuffix(".index"))
    with tensorflow_errors(path):
        if storage.is_folder(path):
            prefix = _newest(path) or path
        reader = open_checkpoint(prefix)
        if name not in reader:
            raise NotFoundError(None, None, f"{prefix}: there is no tensor {name}")
        return np.array2string(reader.read(name), threshold=10_000)


def _folder(path: str) -> list[Section]:
    if maybe_saved_model_directory(path):
        model = read_saved_model(path)
        variables = os.path.join(path, keys.VARIABLES_DIRECTORY, keys.VARIABLES_FILENAME)
        found = checkpoint_sections(variables, "variables") if storage.exists(index_path(variables)) else []
        return saved_model_sections(model) + found
    newest = _newest(path)
    if newest is not None:
        return [Section("folder of checkpoints", lines=[f"the newest is {newest}"]), *checkpoint_sections(newest)]
    sections: list[Section] = []
    for name in storage.names_in(path):
        if ".tfevents." in name:
            for section in _file(os.path.join(path, name)):
                section.title = f"{name}: {section.title}"
                sections.append(section)
    if not sections:
        text = f"{path}: the folder holds no saved model, no checkpoints and no event files"
        raise InvalidArgumentError(None, None, text)
    return sections


def _newest(folder: str) -> str | None:
    """Return the checkpoint that the file `checkpoint` of a folder names, or one that is there."""
    state = os.path.join(folder, "checkpoint")
    if storage.exists(state):
        path = _state(storage.read_file(state), state).model_checkpoint_path
        return path if os.path.isabs(path) or "://" in path else os.path.join(folder, path)
    found = [name for name in storage.names_in(folder) if name.endswith(".index")]
    return os.path.join(folder, found[-1].removesuffix(".index")) if found else None


def _state(data: bytes, path: str) -> Any:
    try:
        return text_format.Parse(data.decode(), CheckpointState())
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise DataLossError(None, None, f"{path}: {error}") from None


def checkpoint_sections(prefix: str, title: str = "checkpoint") -> list[Section]:
    """Tell of the tensors in a checkpoint."""
    reader = open_checkpoint(prefix)
    rows, total, count = [], 0, 0
    for name in reader.names():
        kind, shape = reader.dtype(name), reader.shape(name)
        elements = math.prod(shape)
        size = None if kind.name in ("string", "resource", "variant") else elements * kind.size
        total, count = total + (size or 0), count + elements
        rows.append((name, kind.name, dims_text(shape), "" if size is None else size_text(size)))
    lines = [f"{prefix}: {len(rows)} tensors, {count} elements, {size_text(total)}"]
    return [Section(title, ("name", "dtype", "shape", "size"), rows, lines)]


def _file(path: str) -> list[Section]:
    with storage.open_file(path) as file:
        start = file.read(16)
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(max(0, size - 8))
        end = file.read(8)
    if not size:
        raise DataLossError(None, None, f"{path}: the file is empty")
    if end == _TABLE_END:
        return checkpoint_sections(path)
    if len(start) >= 12 and masked_crc(start[:8]) == int.from_bytes(start[8:12], "little"):
        return record_sections(path, "")
    if start.startswith(b"\x1f\x8b"):
        return record_sections(path, "GZIP")
    if start[0] == 0x78 and int.from_bytes(start[:2]) % 31 == 0:
        return record_sections(path, "ZLIB")
    return _message(path, storage.read_file(path))


def _message(path: str, data: bytes) -> list[Section]:
    if os.path.basename(path) == "checkpoint":
        state = _state(data, path)
        rows = [(p, "the newest" * (p == state.model_checkpoint_path)) for p in state.all_model_checkpoint_paths]
        return [Section("state of checkpoints", ("checkpoint", ""), rows)]
    for kind, sound, tell in (
        (SavedModel, _sound_model, saved_model_sections),
        (graph_pb2.GraphDef, _sound_graph, graph_sections),
        (meta_graph_pb2.MetaGraphDef, _sound_meta_graph, meta_graph_sections),
    ):
        message = _parsed(kind, data)
        if message is not None and sound(message):
            return tell(message)
    raise InvalidArgumentError(None, None, f"{path}: it is no checkpoint, no file of records, and no graph of any kind")


def _parsed(kind: type[Message], data: bytes) -> Any:
    """Read a message, binary or text; None if it is none."""
    try:
        return kind.FromString(data)
    except DecodeError:
        pass
    try:
        return text_format.Parse(data.decode(), kind())
    except (text_format.ParseError, UnicodeDecodeError, RecursionError):
        return None


# Almost anything can be read as almost any message; these tell which it is meant to be.


def _sound_graph(graph_def: Any) -> bool:
    return bool(graph_def.node) and all(n.name and _OP_TYPE.match(n.op) for n in graph_def.node)


def _sound_meta_graph(meta: Any) -> bool:
    return _sound_graph(meta.graph_def)


def _sound_model(model: Any) -> bool:
    return model.saved_model_schema_version > 0 and all(_sound_graph(m.graph_def) for m in model.meta_graphs)
