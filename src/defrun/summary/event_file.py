"""Event files: what TensorBoard reads. A thread writes them, so that a training loop doesn't wait for the disk."""

from __future__ import annotations

import itertools
import os
import queue
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import IO

from tensorboard.compat.proto import event_pb2

from defrun.base import storage
from defrun.base.records import read_records, write_record
from defrun.base.system import Path, path_text, tensorflow_errors

_VERSION = "brain.Event:2"


class EventFileWriter:
    """Writes `Event` protobufs to a file in `logdir`, which is made when the first one comes.

    Parameters
    ----------
    logdir : path
        Made if it is not there.
    max_queue : int
        How many events may wait for the disk before `add_event` does.
    flush_secs : float
        How long written events may stay in the file's buffer.
    filename_suffix : str, optional
        Ends the file's name.

    Raises
    ------
    OpError
        If the folder can't be made; from later methods, if the file can't be written.
    """

    def __init__(
        self, logdir: Path, max_queue: int = 10, flush_secs: float = 120, filename_suffix: str | None = None
    ) -> None:
        self._logdir = path_text(logdir)
        self._settings = (max_queue, flush_secs, filename_suffix or "")
        with tensorflow_errors(self._logdir):
            storage.make_folders(self._logdir)
        self._open()

    def _open(self) -> None:
        self._worker = _Worker(self._logdir, *self._settings)
        self._worker.start()
        # Also when the program ends, or drops the writer, without closing it.
        self._finish = weakref.finalize(self, _Worker.finish, self._worker)

    def get_logdir(self) -> str:
        """Return the folder of the file."""
        return self._logdir

    def add_event(self, event: event_pb2.Event) -> None:
        """Hand an event over; nothing if the file is closed."""
        if self._finish.alive:
            self._worker.events.put(event.SerializeToString())
            self._worker.raise_error()

    def flush(self) -> None:
        """Wait until all events are in the file."""
        if self._finish.alive:
            self._worker.flush()

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._finish()
        self._worker.raise_error()

    def reopen(self) -> None:
        """Start another file in the same folder; nothing if this one is not closed."""
        if not self._finish.alive:
            self._open()


class _Worker(threading.Thread):
    """Writes one file."""

    def __init__(self, logdir: str, max_queue: int, flush_secs: float, suffix: str) -> None:
        super().__init__(name="EventFileWriter", daemon=True)
        self.events: queue.Queue[bytes | None] = queue.Queue(max_queue)
        self._logdir, self._flush_secs, self._suffix = logdir, flush_secs, suffix
        self._file: IO[bytes] | None = None
        self._error: Exception | None = None
        self._due: float | None = None  # when the file's buffer is to be written; None if it is empty

    def run(self) -> None:
        while True:
            try:
                wait = None if self._due is None else max(0.0, self._due - time.monotonic())
                event = self.events.get(timeout=wait)
            except queue.Empty:
                self._try(self._flush_file)
                continue
            if event is not None:
                self._try(self._write, event)
            self.events.task_done()
            if event is None:
                return

    def _try(self, act: Callable[..., None], *args: bytes) -> None:
        """Do something with the file, unless that failed before: who hands over events hears of it."""
        if self._error is None:
            try:
                with tensorflow_errors(self._logdir):
                    act(*args)
            except Exception as error:
                self._error = error

    def _write(self, event: bytes) -> None:
        if self._file is None:
            self._file = _new_file(self._logdir, self._suffix)
            first = event_pb2.Event(wall_time=time.time(), file_version=_VERSION)
            write_record(self._file, first.SerializeToString())
            self._due = time.monotonic()  # the first event is there at once
        write_record(self._file, event)
        if self._due is None:
            self._due = time.monotonic() + self._flush_secs

    def _flush_file(self) -> None:
        self._due = None
        if self._file is not None:
            self._file.flush()

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def flush(self) -> None:
        self.events.join()
        self._try(self._flush_file)
        self.raise_error()

    def finish(self) -> None:
        self.events.put(None)
        self.join()
        if self._file is not None:
            self._try(self._file.close)


def _new_file(logdir: str, suffix: str) -> IO[bytes]:
    """Make a file of a name that TensorBoard looks for, and that no other has."""
    stem = os.path.join(logdir, f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}")
    for number in itertools.count():
        try:
            return storage.open_file(f"{stem}.{number}{suffix}" if number else f"{stem}{suffix}", "xb")
        except FileExistsError:
            continue
    raise AssertionError


def summary_iterator(path: Path) -> Iterator[event_pb2.Event]:
    """Yield the events in an event file.

    Parameters
    ----------
    path : path

    Raises
    ------
    NotFoundError
        If it is not there.
    DataLossError
        If it is damaged, or ends within a record.

    Examples
    --------
    >>> for event in tf.train.summary_iterator(path):
    ...     for value in event.summary.value:
    ...         print(event.step, value.tag, value.simple_value)
    """
    with tensorflow_errors(path), storage.open_file(path_text(path)) as file:
        for record in read_records(file):
            yield event_pb2.Event.FromString(record)
