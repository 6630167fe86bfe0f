"""What is fuzzed: each target takes bytes, hands them to a reader, and lets only the errors pass that it may raise.

Checksums are taken for right, so that what stands behind them is reached; other tests hold them to what they check.
"""

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np

import defrun as tf
from defrun.base import bundle, checkpoint_v1, dtypes, examples, records, table
from defrun.base.errors import OpError
from defrun.base.messages import SequenceExample
from defrun.base.table import table_bytes
from defrun.ops import csv
from defrun.ops.image import pictures
from defrun.ops.parsing.example import decode_json_example
from defrun.ops.signal.audio import decode_wav
from defrun.ops.strings.protos import parse_tensor
from defrun.ops.strings.raw import decode_compressed

TARGETS: dict[str, Callable[[bytes], None]] = {}
_MOST = 1 << 16  # bytes that are told apart as pieces
SCRATCH = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())


class _Fits:
    """Equal to every checksum."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


class _FittingNumber(int):
    """One that can be written, too."""

    __eq__ = _Fits.__eq__
    __ne__ = _Fits.__ne__
    __hash__ = int.__hash__


def _fits(*_):
    return _Fits()


def target(*allowed):
    """Register a target; it may raise TensorFlow's errors, and those `allowed`."""

    def register(function):
        def run(data):
            with contextlib.suppress(OpError, *allowed):
                function(data)

        TARGETS[function.__name__] = run
        return function

    return register


def pieces(data):
    """Split bytes into pieces, each behind its length in two bytes."""
    found, at = [], 0
    while at + 2 <= min(len(data), _MOST):
        end = at + 2 + int.from_bytes(data[at : at + 2], "little")
        found.append(data[at + 2 : end])
        at = end
    return found


def joined(*parts):
    """Return what `pieces` splits again."""
    return b"".join(len(part).to_bytes(2, "little") + part for part in parts)


@contextlib.contextmanager
def folder():
    """Make a folder; nothing may be written outside of it."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as outer:
        inner = Path(outer) / "inner"
        inner.mkdir()
        yield inner
        assert os.listdir(outer) == ["inner"], os.listdir(outer)


def _rows(data):
    """Return a table of the pieces, keys and values by turns."""
    parts = pieces(data)
    return table_bytes(sorted(dict(zip(parts[::2], parts[1::2], strict=False)).items()))


# -- checkpoints -----------------------------------------------------------------------------------------------------


@target()
def tables(data):
    with mock.patch.object(table, "masked_crc", _fits):
        list(table.Table(data, "fuzzed"))


@target()
def checkpoint_files(data):
    """The first piece is the data; keys and values of the index follow."""
    shard = (pieces(data) or [b""])[0]
    with folder() as path, mock.patch.object(bundle, "masked", lambda crc: _FittingNumber(crc)):
        (path / "m.index").write_bytes(_rows(data[2 + len(shard) :]))
        (path / "m.data-00000-of-00001").write_bytes(shard)
        reader = bundle.BundleReader(str(path / "m"))
        for name in reader.names():
            with contextlib.suppress(OpError):
                reader.dtype(name), reader.shape(name)
                reader.read(name)


@target()
def checkpoint_files_v1(data):
    with folder() as path:
        (path / "m").write_bytes(_rows(data))
        reader = checkpoint_v1.TableReader(str(path / "m"))
        for name in reader.names():
            with contextlib.suppress(OpError):
                reader.dtype(name), reader.shape(name)
                reader.read(name)


@target(ValueError)
def checkpoint_state(data):
    with folder() as path:
        (path / "checkpoint").write_bytes(data)
        tf.train.latest_checkpoint(path)


# -- records ---------------------------------------------------------------------------------------------------------


@target()
def record_files(data):
    """The first byte chooses the compression."""
    kind = ("", "GZIP", "ZLIB")[data[0] % 3] if data else ""
    size = 0
    with mock.patch.object(records, "masked", _fits):
        for record in records.read_records(io.BytesIO(data[1:]), "fuzzed", kind):
            size += len(record)
            if size > 1 << 26:
                return


@target()
def event_files(data):
    with folder() as path, mock.patch.object(records, "masked", _fits):
        (path / "events").write_bytes(data)
        for event in tf.train.summary_iterator(path / "events"):
            str(event)


WANTED = [("i", dtypes.int64), ("f", dtypes.float32), ("s", dtypes.string), ("a longer key", dtypes.int64)]


@target()
def example_batches(data):
    """One piece is one example; how a batch is read must not show."""
    batch = pieces(data)[:100]
    features = [examples.parsed(text, tf.train.Example, 0, ()).features.feature for text in batch]
    theirs = examples.few(features, WANTED)
    try:
        ours = examples.many(batch, WANTED)
    except examples._Unusual:
        return
    for a, b in zip(ours, theirs, strict=True):
        assert a.counts.tolist() == b.counts.tolist()
        assert a.values.dtype == b.values.dtype
        assert _bytes_of(a.values) == _bytes_of(b.values)


def _bytes_of(values):
    """Return what can be compared, NaN with NaN too."""
    return values.tolist() if values.dtype == object else values.tobytes()


@target()
def example_damage(data):
    """Nothing but what `columns` may raise comes of rubbish in a batch."""
    examples.columns(pieces(data)[:100] * 50, WANTED)


@target()
def sequence_examples(data):
    maps = [examples.parsed(text, SequenceExample, 0, ()).feature_lists.feature_list for text in pieces(data)]
    examples.lists(maps, WANTED)


@target()
def json_examples(data):
    decode_json_example.lower(np.array(data, object))


@target()
def csv_lines(data):
    kinds = [np.array([], np.float32), np.array([1], np.int32), np.array([b""], object), np.array([0.5])]
    csv._decode_csv.lower(np.array(data.splitlines() or [b""], object), kinds)


@target()
def compressed(data):
    """The first byte chooses the compression."""
    kind = ("", "GZIP", "ZLIB")[data[0] % 3] if data else ""
    decode_compressed.lower(np.array(data[1:], object), kind)


# -- graphs ----------------------------------------------------------------------------------------------------------


@target(ValueError, TypeError, NotImplementedError)
def graphs(data):
    definition = tf.GraphDef()
    try:
        definition.ParseFromString(data)
    except Exception:
        return
    with tf.Graph().as_default():
        tf.import_graph_def(definition)


@target(ValueError, TypeError, NotImplementedError, KeyError, OSError)
def meta_graphs(data):
    with folder() as path, tf.Graph().as_default():
        (path / "m.meta").write_bytes(data)
        tf.train.import_meta_graph(str(path / "m.meta"))


@target(ValueError, TypeError, NotImplementedError, KeyError, RuntimeError, OSError)
def saved_models(data):
    with folder() as path, tf.Graph().as_default(), tf.Session() as session:
        (path / "saved_model.pb").write_bytes(data)
        tf.saved_model.loader.load(session, ["serve"], str(path))


@target(ValueError, TypeError)
def tensors(data):
    """The first byte chooses the type."""
    kinds = (tf.float32, tf.int64, tf.string, tf.bool, tf.complex64, tf.float16, tf.bfloat16)
    parse_tensor.lower(np.array(data[1:], object), kinds[data[0] % len(kinds)] if data else tf.float32)


# -- pictures and sounds ---------------------------------------------------------------------------------------------


@target()
def images(data):
    """The first byte chooses the format."""
    read = (
        lambda d: pictures.read_png(d, 0, np.uint8),
        lambda d: pictures.read_png(d, 4, np.uint16),
        lambda d: pictures.read_jpeg(d, 3),
        pictures.read_gif,
        lambda d: pictures.read_bmp(d, 0),
        pictures.jpeg_shape,
    )
    read[data[0] % len(read) if data else 0](data[1:])


@target()
def sounds(data):
    decode_wav.lower(np.array(data, object))


