"""`CheckpointManager`: the checkpoints of one folder, of which some are kept."""

from __future__ import annotations

import glob
import os
import time
from typing import Any

from defrun.base import storage
from defrun.base.system import Path, path_text, tensorflow_errors
from defrun.train import checkpoint_management as management
from defrun.train.checkpoint import Checkpoint, session_of


class CheckpointManager:
    """Saves checkpoints of objects in a folder, and deletes old ones.

    Parameters
    ----------
    checkpoint : Checkpoint
    directory : path
    max_to_keep : int, optional
        How many to keep; None keeps them all.
    keep_checkpoint_every_n_hours : float, optional
        Beside those, one of every so many hours is kept for good.
    checkpoint_name : str
        What files are called.

    Raises
    ------
    ValueError
        If `max_to_keep` is not positive.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: Path,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
    ) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(f"Expected a positive integer or `None` for `max_to_keep`, got {max_to_keep}.")
        self._checkpoint, self._directory = checkpoint, path_text(directory)
        self._max_to_keep, self._hours = max_to_keep, keep_checkpoint_every_n_hours
        self._prefix = os.path.join(self._directory, checkpoint_name)
        self._written: dict[str, float] = {}
        self._preserved = time.time()
        self._latest: str | None = None
        state = management.get_checkpoint_state(self._directory)
        if state is not None:
            self._take_over(state)

    def _take_over(self, state: Any) -> None:
        self._latest = state.model_checkpoint_path
        paths, times = list(state.all_model_checkpoint_paths), list(state.all_model_checkpoint_timestamps)
        if len(times) != len(paths):
            times = [self._preserved] * len(paths)
        self._preserved = state.last_preserved_timestamp or self._preserved
        own = self._directory.rstrip("/")  # what stands elsewhere, whatever the file says, is not for us to delete
        pairs = zip(paths, times, strict=True)
        self._written = {path: time for path, time in pairs if storage.folder_of(path) == own}

    @property
    def latest_checkpoint(self) -> str | None:
        """The prefix of the newest checkpoint; None if there is none."""
        return self._latest

    @property
    def checkpoints(self) -> list[str]:
        """The prefixes of the checkpoints that may yet be deleted, oldest first."""
        return list(self._written)

    def save(self, checkpoint_number: Any = None) -> str:
        """Save, in the session of the open ``with`` block, under a number that counts, or the given one.

        Returns
        -------
        str
            The prefix of the checkpoint.
        """
        session = session_of(None)
        if checkpoint_number is None:
            number = self._checkpoint.next_number(session)
        elif isinstance(checkpoint_number, int):
            number = checkpoint_number
        else:
            number = int(session.run(checkpoint_number))
        path = self._checkpoint.write(f"{self._prefix}-{number}", session)
        self._latest = path
        self._written.pop(path, None)
        self._written[path] = time.time()
        self._note()  # before anything is deleted, so that what is named is there
        if self._delete_old():
            self._note()
        return path

    def _note(self) -> None:
        management.update_state(
            self._directory, str(self._latest), self.checkpoints, None, True, list(self._written.values()),
            self._preserved,
        )  # fmt: skip

    def _delete_old(self) -> bool:
        """Delete what need not be kept; return whether anything has changed."""
        before = len(self._written)
        while self._max_to_keep and len(self._written) > self._max_to_keep:
            path, written = next(iter(self._written.items()))
            del self._written[path]
            if self._hours and written - 3600 * self._hours > self._preserved:
                self._preserved = written
                continue
            for file in storage.matching(f"{glob.escape(path)}.*"):
                with tensorflow_errors(file):
                    storage.remove(file)
        return len(self._written) < before
