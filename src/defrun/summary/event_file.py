"""Event files: what TensorBoard reads. A thread writes them, so that a training loop doesn't wait for the disk."""

from __future__ import annotations

import itertools
import os
import socket
import struct
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import IO

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from defrun.base import storage
from defrun.base.errors import DataLossError
from defrun.base.records import framed, records_of
from defrun.base.system import Path, path_text, tensorflow_errors

_VERSION = "brain.Event:2"
_MOST_BYTES = 16 << 20  # may wait for the disk before who adds more does


class EventFileWriter:
    """Writes `Event` protobufs to a file in `logdir`, which is made when the first one comes.

    What is handed over is in the file after `flush`, or else when the thread has written it: as soon as it gets to it,
    after `max_queue` events or `flush_secs`. Then it is there even if this process is killed.

    Parameters
    ----------
    logdir : path
        Made if it is not there.
    max_queue : int
        After how many events the thread is to write them.
    flush_secs : float
        How long an event may wait for that.
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
        self.add_record(event.SerializeToString())

    def add_record(self, event: bytes) -> None:
        """Hand a serialized event over."""
        if self._finish.alive:
            self._worker.add(event)

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
    """Writes one file. Who hands an event over makes the record; this thread does no more than write many at once."""

    def __init__(self, logdir: str, max_queue: int, flush_secs: float, suffix: str) -> None:
        super().__init__(name="EventFileWriter", daemon=True)
        self._logdir, self._suffix = logdir, suffix
        self._max_queue, self._flush_secs = max_queue, flush_secs
        self._changed = threading.Condition(threading.Lock())
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._due = 0.0  # when what waits is to be written; the first event at once
        self._wanted = False  # somebody waits for it
        self._writing = self._closing = False
        self._file: IO[bytes] | None = None
        self._error: Exception | None = None

    def add(self, event: bytes) -> None:
        record = framed(event)
        with self._changed:
            waiting = self._waiting
            if not waiting:
                self._due = time.monotonic() + self._flush_secs if self._file is not None else 0.0
            waiting.append(record)
            self._bytes += len(record)
            # Told when there is something to do at last, and not for each event: it would fight for the interpreter.
            if len(waiting) == 1 or len(waiting) == self._max_queue:
                self._changed.notify_all()
            while self._bytes > _MOST_BYTES and self._error is None:
                self._changed.notify_all()
                self._changed.wait()
        if self._error is not None:
            raise self._error

    def run(self) -> None:
        while True:
            with self._changed:
                while not self._is_due():
                    self._changed.wait(max(0.0, self._due - time.monotonic()) if self._waiting else None)
                records, self._waiting, self._bytes = self._waiting, [], 0
                self._writing, closing = True, self._closing
            self._try(self._write, b"".join(records))
            if closing and self._file is not None:
                self._try(self._file.close)
            with self._changed:
                self._writing = False
                self._wanted = self._wanted and bool(self._waiting)
                self._changed.notify_all()
            if closing:
                return

    def _is_due(self) -> bool:
        if self._closing:
            return True
        count = len(self._waiting)
        return count > 0 and (self._wanted or count >= self._max_queue > 0 or time.monotonic() >= self._due)

    def _try(self, act: Callable[..., None], *args: bytes) -> None:
        """Do something with the file, unless that failed before: who hands over events hears of it."""
        if self._error is None:
            try:
                with tensorflow_errors(self._logdir):
                    act(*args)
            except Exception as error:
                self._error = error

    def _write(self, records: bytes) -> None:
        if not records:
            return
        if self._file is None:
            self._file = _new_file(self._logdir, self._suffix)
            first = event_pb2.Event(wall_time=time.time(), file_version=_VERSION)
            self._file.write(framed(first.SerializeToString()))
        self._file.write(records)
        self._file.flush()

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def flush(self) -> None:
        with self._changed:
            self._wanted = True
            self._changed.notify_all()
            while self._waiting or self._writing:
                self._changed.wait()
            self._wanted = False
        self.raise_error()

    def finish(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self.join()


def _new_file(logdir: str, suffix: str) -> IO[bytes]:
    """Make a file of a name that TensorBoard looks for, and that no other has."""
    stem = os.path.join(logdir, f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}")
    for number in itertools.count():
        try:
            return storage.open_file(f"{stem}.{number}{suffix}" if number else f"{stem}{suffix}", "xb")
        except FileExistsError:
            continue
    raise AssertionError


def summary_event(summary: bytes, step: int | None) -> bytes:
    """Return the serialized `Event` of a serialized summary, of now.

    Parameters
    ----------
    summary : bytes
    step : int, optional

    Raises
    ------
    ValueError
        If the step has more than 64 bits.
    """
    head = b"\t" + struct.pack("<d", time.time())  # field 1, wall_time
    if step:
        if not -(2**63) <= step < 2**63:
            raise ValueError(f"Value out of range: a step has 64 bits, and {step} more")
        head += b"\x10" + _varint(step & 0xFFFFFFFFFFFFFFFF)  # field 2, step
    return b"".join((head, b"*", _varint(len(summary)), summary))  # field 5, summary


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


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
        If it is damaged, or ends within a record; the message says where.

    Examples
    --------
    >>> for event in tf.train.summary_iterator(path):
    ...     for value in event.summary.value:
    ...         print(event.step, value.tag, value.simple_value)
    """
    name = path_text(path)
    for number, record in enumerate(records_of(name)):
        try:
            yield event_pb2.Event.FromString(record)
        except DecodeError:
            raise DataLossError(None, None, f"{name}: record {number} holds no Event") from None
