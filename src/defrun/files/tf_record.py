"""Files of records by TensorFlow's names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defrun.base.deprecation import deprecated
from defrun.base.record_options import TFRecordOptions, compression_of
from defrun.base.records import RecordWriter, records_of
from defrun.base.system import Path, path_text
from defrun.base.text import as_bytes


class TFRecordWriter:
    """Writes records, each with checksums, into a file; a ``with`` block closes it.

    Parameters
    ----------
    path : path
    options : TFRecordOptions, str or int, optional
        How to compress.

    Raises
    ------
    ValueError
        If there is no such compression.
    NotFoundError
        If the file's folder is not there.

    Examples
    --------
    >>> with tf.python_io.TFRecordWriter("data.tfrecords") as writer:
    ...     writer.write(example.SerializeToString())
    """

    def __init__(self, path: Path, options: Any = None) -> None:
        self._writer = RecordWriter(path_text(path), compression_of(options))

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def write(self, record: str | bytes) -> None:
        """Append a record."""
        self._writer.write(as_bytes(record))

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        self._writer.flush()

    def close(self) -> None:
        """End the file."""
        self._writer.close()


@deprecated(None, "Use eager execution and: \n`tf.data.TFRecordDataset(path)`")
def tf_record_iterator(path: Path, options: Any = None) -> Iterator[bytes]:
    """Yield the records of a file.

    Parameters
    ----------
    path : path
    options : TFRecordOptions, str or int, optional
        How it is compressed.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DataLossError
        If it is damaged: with the file's name and the place.
    """
    return records_of(path_text(path), TFRecordOptions.get_compression_type_string(options))
