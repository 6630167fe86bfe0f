"""Which checkpoints there are: the file `checkpoint`, which names the newest, and the files of each."""

from __future__ import annotations

import glob
import os
import re
import time
from collections.abc import Iterable
from typing import Any

from google.protobuf import text_format
from tensorboard.compat.proto import saver_pb2

from defrun.base import logging, storage
from defrun.base.bundle import index_path
from defrun.base.errors import OpError
from defrun.base.messages import CheckpointState
from defrun.base.system import path_text, tensorflow_errors


def _state_path(folder: str, latest_filename: str | None) -> str:
    return os.path.join(folder, latest_filename or "checkpoint")


def generate_checkpoint_state_proto(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Iterable[str] | None = None,
    all_model_checkpoint_timestamps: Iterable[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> Any:
    """Return a CheckpointState; if `save_dir` is relative, its paths are relative to that folder.

    Raises
    ------
    ValueError
        If there are not as many times as paths.
    """
    folder = path_text(save_dir)
    paths = list(all_model_checkpoint_paths or [])
    if paths[-1:] != [model_checkpoint_path]:
        paths.append(model_checkpoint_path)
    times = list(all_model_checkpoint_timestamps or [])
    if times and len(times) != len(paths):
        raise ValueError(f"There are {len(paths)} paths of checkpoints, but {len(times)} times")
    if not os.path.isabs(folder):
        model_checkpoint_path, *paths = (_relative(path, folder) for path in (model_checkpoint_path, *paths))
    return CheckpointState(
        model_checkpoint_path=model_checkpoint_path,
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=times,
        last_preserved_timestamp=last_preserved_timestamp or 0.0,
    )


def update_checkpoint_state(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Iterable[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Iterable[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Write the file that names the newest checkpoint of a folder, in one go.

    Raises
    ------
    RuntimeError
        If that file would have the name of the checkpoint.
    """
    update_state(save_dir, model_checkpoint_path, all_model_checkpoint_paths, latest_filename, False,
                  all_model_checkpoint_timestamps, last_preserved_timestamp)  # fmt: skip


def _relative(path: str, folder: str) -> str:
    return path if os.path.isabs(path) else os.path.relpath(path, folder)


def update_state(
    save_dir: Any,
    newest: str,
    paths: Iterable[str] | None,
    latest_filename: str | None,
    relative: bool,
    times: Iterable[float] | None,
    last_preserved: float | None,
) -> None:
    folder = path_text(save_dir)
    target = _state_path(folder, latest_filename)
    paths = list(paths or [])
    if relative:
        newest, *paths = (os.path.relpath(path, folder) for path in (newest, *paths))
    state = generate_checkpoint_state_proto(folder, newest, paths, times, last_preserved)
    if target == state.model_checkpoint_path:
        raise RuntimeError(f"Save path '{newest}' conflicts with path used for checkpoint state. Use another one.")
    storage.write_beside(target, text_format.MessageToString(state).encode())


def get_checkpoint_state(checkpoint_dir: Any, latest_filename: str | None = None) -> Any:
    """Return the CheckpointState of a folder with whole paths; None if there is no readable one."""
    folder = path_text(checkpoint_dir)
    path = _state_path(folder, latest_filename)
    if not storage.exists(path):
        return None
    try:
        state = text_format.Parse(storage.read_file(path), CheckpointState())
    except (OpError, UnicodeDecodeError, text_format.ParseError) as error:
        logging.warning(f"{type(error).__name__}: {error}")
        logging.warning("%s: Checkpoint ignored", path)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    state.model_checkpoint_path = _beside(folder, state.model_checkpoint_path)
    for i, one in enumerate(state.all_model_checkpoint_paths):
        state.all_model_checkpoint_paths[i] = _beside(folder, one)
    return state


def _beside(folder: str, path: str) -> str:
    return path if os.path.isabs(path) else os.path.join(folder, path)


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """Return the prefix of the newest checkpoint of a folder; None if there is none."""
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is not None and state.model_checkpoint_path:
        if checkpoint_exists(state.model_checkpoint_path):
            return state.model_checkpoint_path
        logging.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None


def checkpoint_exists(checkpoint_prefix: Any) -> bool:
    """Whether there is a checkpoint of that prefix; for one of version 1 it may be a pattern."""
    prefix = path_text(checkpoint_prefix)
    return storage.exists(index_path(prefix)) or bool(storage.matching(prefix))


def _files(prefix: str) -> list[str]:
    index = index_path(prefix)
    return [index] if storage.exists(index) else storage.matching(prefix)


def get_checkpoint_mtimes(checkpoint_prefixes: Iterable[Any]) -> list[float]:
    """Return when each of the checkpoints that are there was written, in seconds since 1970."""
    found = [_files(path_text(prefix)) for prefix in checkpoint_prefixes]
    return [storage.modified(paths[0]) / 1e9 for paths in found if paths]


def remove_checkpoint(
    checkpoint_prefix: Any,
    checkpoint_format_version: int = saver_pb2.SaverDef.V2,
    meta_graph_suffix: str = "meta",
) -> None:
    """Delete the files of a checkpoint, its meta graph too."""
    prefix = path_text(checkpoint_prefix)
    patterns = [meta_graph_filename(glob.escape(prefix), meta_graph_suffix)]
    if checkpoint_format_version == saver_pb2.SaverDef.V2:
        patterns += [index_path(glob.escape(prefix)), f"{glob.escape(prefix)}.data-?????-of-?????"]
    else:
        patterns.append(prefix)
    for path in (path for pattern in patterns for path in storage.matching(pattern)):
        with tensorflow_errors(path):
            storage.remove(path)


def meta_graph_filename(checkpoint_filename: str, meta_graph_suffix: str = "meta") -> str:
    """Return the file of the meta graph that goes with a checkpoint, whose prefix may end as sharded ones do."""
    return re.sub(r"-[\d?]+-of-\d+$", "", checkpoint_filename) + f".{meta_graph_suffix}"


class History:
    """The checkpoints that a saver has written, oldest first, and which of them to keep.

    Parameters
    ----------
    max_to_keep : int
        How many to keep; 0 keeps them all.
    every_n_hours : float
        Beside those, one of every so many hours is kept for good.
    """

    def __init__(self, max_to_keep: int, every_n_hours: float) -> None:
        self.max_to_keep = max_to_keep
        self.every_n_hours = every_n_hours
        self.paths: list[tuple[str, float]] = []
        self._due: list[tuple[str, float]] = []
        self._next_kept = time.time() + every_n_hours * 3600

    def record(self, path: str) -> None:
        """Note a new checkpoint."""
        if not self.max_to_keep:
            return
        self.paths = [(p, t) for p, t in self.paths if p != path]
        self.paths.append((path, time.time()))
        if len(self.paths) > self.max_to_keep:
            self._due.append(self.paths.pop(0))

    def delete_old(self, version: int, meta_graph_suffix: str) -> None:
        """Delete what need not be kept."""
        while self._due:
            path, written = self._due.pop(0)
            if written > self._next_kept:
                self._next_kept += self.every_n_hours * 3600
                continue
            try:
                remove_checkpoint(path, version, meta_graph_suffix)
            except Exception as error:
                logging.warning("Ignoring: %s", error)
