"""Readers: they take the names of files from a queue and give what is in the files, record by record."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from defrun.base import dtypes, storage
from defrun.base.errors import InvalidArgumentError
from defrun.base.record_options import TFRecordOptions
from defrun.base.records import AROUND_RECORD, inflated, records_of
from defrun.base.system import path_text, tensorflow_errors
from defrun.base.text import as_bytes
from defrun.graph.operation import Operation, Tensor
from defrun.graph.resource import Resource
from defrun.ops.declare import op
from defrun.ops.live_queues import Queue
from defrun.ops.queues import QueueBase

Record = tuple[bytes, bytes]


class Reader(Resource):
    """The live object of a session: where in which file it is.

    Parameters
    ----------
    records : callable
        Yields the keys and values of the file of a name.
    """

    def __init__(self, records: Callable[[bytes], Iterator[Record]]) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._file: Iterator[Record] | None = None
        self.produced = 0
        self.completed = 0

    def read(self, queue: Queue, number: int = 1) -> list[Record]:
        """Return the next `number` records, or what is left of a file, but one at least."""
        if queue.types != [dtypes.string]:
            raise InvalidArgumentError(None, None, "A reader needs a queue of single strings.")
        with self._lock:
            while True:
                if self._file is None:
                    self._file = self._records(as_bytes(queue.take_one()[0].item()))
                try:
                    found = list(islice(self._file, number))
                except BaseException:
                    self._file = None
                    raise
                if len(found) < number:
                    self._file = None
                    self.completed += 1
                self.produced += len(found)
                if found:
                    return found

    def reset(self) -> None:
        """Begin anew, with the next file."""
        with self._lock:
            self._file = None
            self.produced = self.completed = 0


def _lines(skip: int, name: bytes) -> Iterator[Record]:
    with tensorflow_errors(name), storage.open_file(path_text(name)) as file:
        for number, line in enumerate(file, 1):
            if number > skip:
                yield b"%s:%d" % (name, number), line[:-2] if line.endswith(b"\r\n") else line.removesuffix(b"\n")


def _whole(name: bytes) -> Iterator[Record]:
    with tensorflow_errors(name), storage.open_file(path_text(name)) as file:
        yield name, file.read()


def _records(name: bytes, compression: str) -> Iterator[Record]:
    at = 0
    for record in records_of(path_text(name), compression):
        yield b"%s:%d" % (name, at), record
        at += len(record) + AROUND_RECORD


def _fixed(name: bytes, sizes: tuple[int, int, int, int], compression: str) -> Iterator[Record]:
    """Yield pieces of one size that begin `hop` bytes after each other, between a header and a footer."""
    size, header, footer, hop = sizes
    with tensorflow_errors(name), storage.open_file(path_text(name)) as file:
        source = file if not compression else inflated(file, path_text(name), compression)
        data = b"".join(iter(lambda: source.read(1 << 20), b""))
    last = len(data) - footer - size
    for number, at in enumerate(range(header, last + 1, hop)):
        yield b"%s:%d" % (name, number), data[at : at + size]


# -- op types --------------------------------------------------------------------------------------------------------


@op("TextLineReaderV2", "-> reader_handle: resource[]", resource=True, differentiable=False)
def _text_line_reader(skip_header_lines: int = 0, container: str = "", shared_name: str = ""):
    """Make a reader of lines."""
    return Reader(lambda name: _lines(skip_header_lines, name))


@op("WholeFileReaderV2", "-> reader_handle: resource[]", resource=True, differentiable=False)
def _whole_file_reader(container: str = "", shared_name: str = ""):
    """Make a reader of files as one record each."""
    return Reader(_whole)


@op("TFRecordReaderV2", "-> reader_handle: resource[]", resource=True, differentiable=False)
def _tf_record_reader(container: str = "", shared_name: str = "", compression_type: str = ""):
    """Make a reader of the records of TFRecord files."""
    return Reader(lambda name: _records(name, compression_type))


@op("FixedLengthRecordReaderV2", "-> reader_handle: resource[]", resource=True, differentiable=False)
def _fixed_length_reader(
    record_bytes: int,
    header_bytes: int = 0,
    footer_bytes: int = 0,
    hop_bytes: int = 0,
    container: str = "",
    shared_name: str = "",
    encoding: str = "",
):
    """Make a reader of records of one length."""
    for what, size in (("header", header_bytes), ("footer", footer_bytes), ("hop", hop_bytes)):
        if size < 0:
            raise InvalidArgumentError(None, None, f"{what}_bytes must not be negative: {size}")
    if record_bytes <= 0:
        raise InvalidArgumentError(None, None, f"record_bytes must be positive: {record_bytes}")
    sizes = (record_bytes, header_bytes, footer_bytes, hop_bytes or record_bytes)
    return Reader(lambda name: _fixed(name, sizes, encoding))


@op("IdentityReaderV2", "-> reader_handle: resource[]", resource=True, differentiable=False)
def _identity_reader(container: str = "", shared_name: str = ""):
    """Make a reader that gives the names themselves."""
    return Reader(lambda name: iter([(name, name)]))


@op("ReaderReadV2", "reader_handle: resource, queue_handle: resource -> key: string[], value: string[]", host=True,
    stateful=True, differentiable=False)  # fmt: skip
def _read(reader_handle, queue_handle):
    """Give the next record."""
    ((key, value),) = reader_handle.read(queue_handle)
    return np.array(key, object), np.array(value, object)


@op("ReaderReadUpToV2", "reader_handle: resource, queue_handle: resource, num_records: int64 "
    "-> keys: string, values: string", host=True, stateful=True, differentiable=False)  # fmt: skip
def _read_up_to(reader_handle, queue_handle, num_records):
    """Give the next records, as many as are left of the file, up to `num_records`."""
    number = int(num_records)
    if number < 1:
        raise InvalidArgumentError(None, None, f"num_records must be 1 at least, not {number}")
    records = reader_handle.read(queue_handle, number)
    return [np.array(column, object) for column in zip(*records, strict=True)]


@_read_up_to.shape
def _():
    return [(None,), (None,)]


@op("ReaderNumRecordsProducedV2", "reader_handle: resource -> records_produced: int64[]", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _records_produced(reader_handle):
    """Count the records given so far."""
    return np.int64(reader_handle.produced)


@op("ReaderNumWorkUnitsCompletedV2", "reader_handle: resource -> units_completed: int64[]", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _units_completed(reader_handle):
    """Count the files read to their end."""
    return np.int64(reader_handle.completed)


@op("ReaderResetV2", "reader_handle: resource ->", host=True, stateful=True, differentiable=False)
def _reset(reader_handle):
    """Let a reader begin anew."""
    reader_handle.reset()


# -- classes -----------------------------------------------------------------------------------------------------------


class ReaderBase:
    """What all readers share.

    Parameters
    ----------
    reader_ref : resource Tensor []
        The reader.
    supports_serialize : bool
        What the property says; there is no such thing yet.
    """

    def __init__(self, reader_ref: Tensor, supports_serialize: bool = False) -> None:
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Tensor:
        """The tensor that stands for the reader."""
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        """Whether TensorFlow can save where such a reader is."""
        return self._supports_serialize

    def read(self, queue: QueueBase | Tensor, name: str | None = None) -> Any:
        """Give the next record.

        Parameters
        ----------
        queue : QueueBase
            Of strings: the names of files, taken as they are needed.
        name : str, optional

        Returns
        -------
        key, value : string Tensor []

        Raises
        ------
        OutOfRangeError
            When run, if all is read and the queue is closed.
        NotFoundError
            When run, if a file is not there.
        """
        return _read(self._reader_ref, _ref(queue), name=name)

    def read_up_to(self, queue: QueueBase | Tensor, num_records: Any, name: str | None = None) -> Any:
        """Give the next `num_records` records, or what is left of a file: keys and values, string Tensors [records]."""
        return _read_up_to(self._reader_ref, _ref(queue), num_records, name=name)

    def num_records_produced(self, name: str | None = None) -> Tensor:
        """Return how many records it has given: an int64 Tensor []."""
        return _records_produced(self._reader_ref, name=name)

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        """Return how many files it has read to their end: an int64 Tensor []."""
        return _units_completed(self._reader_ref, name=name)

    def serialize_state(self, name: str | None = None) -> Tensor:
        """Not there yet."""
        raise NotImplementedError("tf.ReaderBase.serialize_state")

    def restore_state(self, state: Any, name: str | None = None) -> Operation:
        """Not there yet."""
        raise NotImplementedError("tf.ReaderBase.restore_state")

    def reset(self, name: str | None = None) -> Operation:
        """Make an operation that lets it begin anew, with the next file."""
        return _reset(self._reader_ref, name=name)


def _ref(queue: QueueBase | Tensor) -> Tensor:
    return queue if isinstance(queue, Tensor) else queue.queue_ref


class TextLineReader(ReaderBase):
    """Gives the lines of files, without their ends; keys are ``name:number``.

    Parameters
    ----------
    skip_header_lines : int, optional
        How many lines to leave out at the beginning of each file.
    name : str, optional

    Examples
    --------
    >>> names = tf.train.string_input_producer(["data.csv"], shuffle=False)
    >>> key, line = tf.TextLineReader(skip_header_lines=1).read(names)
    """

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(_text_line_reader(skip_header_lines, name=name))


class TFRecordReader(ReaderBase):
    """Gives the records of TFRecord files; keys are ``name:place``.

    Parameters
    ----------
    name : str, optional
    options : TFRecordOptions, optional
        How the files are compressed.
    """

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        kind = TFRecordOptions.get_compression_type_string(options)
        super().__init__(_tf_record_reader(compression_type=kind, name=name))


class FixedLengthRecordReader(ReaderBase):
    """Gives the records of files that have them in one length; keys are ``name:number``.

    Parameters
    ----------
    record_bytes : int
        How long each is.
    header_bytes, footer_bytes : int, optional
        What stands before the first and behind the last one.
    hop_bytes : int, optional
        From the beginning of one to the next; their length by default.
    name : str, optional
    encoding : str, optional
        How the files are compressed: "", "ZLIB" or "GZIP".
    """

    def __init__(
        self,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        hop_bytes: int | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> None:
        sizes = {"header_bytes": header_bytes, "footer_bytes": footer_bytes, "hop_bytes": hop_bytes}
        super().__init__(_fixed_length_reader(record_bytes, **sizes, encoding=encoding, name=name))


class WholeFileReader(ReaderBase):
    """Gives files: names and all that is in them."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(_whole_file_reader(name=name), supports_serialize=True)


class IdentityReader(ReaderBase):
    """Gives the names themselves, as keys and as values."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(_identity_reader(name=name), supports_serialize=True)
