"""Files of records: TensorFlow's are read, ours are its byte for byte, and damage is told with file and place."""

import io
import json
import struct
import zlib
from pathlib import Path

import pytest

import defrun as tf
from defrun.base import checksum, errors, records
from tests.oracle.records import ask

ANSWERS = json.loads((Path(ask.__file__).parent / "answers.json").read_text())
FILES = Path(ask.FOLDER)


@pytest.mark.parametrize("kind", ask.KINDS)
def test_reads_what_tensorflow_wrote(kind):
    found = tf.python_io.tf_record_iterator(FILES / f"records{kind}", tf.python_io.TFRecordOptions(kind))
    assert list(found) == ask.RECORDS


@pytest.mark.parametrize("kind", ask.KINDS)
def test_writes_what_tensorflow_writes(kind, tmp_path):
    ask.write(tf, tmp_path / "ours", kind)
    ours, theirs = (tmp_path / "ours").read_bytes(), (FILES / f"records{kind}").read_bytes()
    if kind:  # zlib's versions compress differently
        ours, theirs = (zlib.decompress(data, zlib.MAX_WBITS + 32) for data in (ours, theirs))
    assert ours == theirs


@pytest.mark.parametrize("kind", ask.KINDS)
def test_damage_is_told(kind):
    """Where TensorFlow takes what is left of a cut record for the end, it is an error here; all else is the same."""
    data = (FILES / f"records{kind}").read_bytes()
    for name, changed in ask.damaged(data).items():
        ours, theirs = ask.read(tf, changed, kind), ANSWERS[kind][name]
        if kind and name == "twice":
            assert ours == [10, None]  # members that follow each other are one file
        else:
            assert ours[0] == theirs[0]
            assert ours[1] == theirs[1] or (theirs[1] is None and ours[1] == "DataLossError"), name


@pytest.mark.parametrize("options", [
    tf.python_io.TFRecordCompressionType.ZLIB, "GZIP",
    tf.python_io.TFRecordOptions("ZLIB", compression_level=1, mem_level=2, window_bits=-12, flush_mode=2),
])  # fmt: skip
def test_options(options, tmp_path):
    path = tmp_path / "x"
    with tf.io.TFRecordWriter(path, options) as writer:
        writer.write(b"one" * 1000)
        writer.write("text")
        writer.flush()
    assert path.stat().st_size < 200
    if not isinstance(options, tf.python_io.TFRecordOptions):
        assert list(tf.python_io.tf_record_iterator(path, options)) == [b"one" * 1000, b"text"]
    else:
        assert len(zlib.decompress(path.read_bytes(), -12)) == 3000 + 4 + 32


def test_refuses(tmp_path):
    with pytest.raises(ValueError, match="compression_type"):
        tf.python_io.TFRecordOptions("LZ4")
    with pytest.raises(errors.NotFoundError, match="nowhere"):
        tf.python_io.TFRecordWriter(str(tmp_path / "nowhere" / "x"))
    with pytest.raises(errors.NotFoundError, match="nowhere"):
        list(tf.python_io.tf_record_iterator(str(tmp_path / "nowhere")))


def test_errors_name_the_file_and_the_place(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(records.framed(b"one") + records.framed(b"two")[:-3])
    with pytest.raises(errors.DataLossError, match=r"x, at byte 19: it ends within a record of 3 bytes"):
        list(records.records_of(str(path)))


def test_a_length_that_lies_costs_no_memory():
    length = struct.pack("<Q", 1 << 60)
    head = length + struct.pack("<I", checksum.masked_crc(length))
    with pytest.raises(errors.DataLossError, match="it ends within a record of 1152921504606846976 bytes"):
        list(records.read_records(io.BytesIO(head + b"x" * 100)))


@pytest.mark.parametrize("kind", ask.KINDS)
def test_records_longer_than_a_piece(kind, tmp_path):
    path, long = tmp_path / "x", [bytes([i]) * (1 << i) for i in range(21)]
    with tf.python_io.TFRecordWriter(path, kind) as writer:
        for record in long:
            writer.write(record)
    assert list(records.records_of(str(path), kind)) == long


def test_readers_of_records(tmp_path):
    path = str(tmp_path / "x")
    with tf.python_io.TFRecordWriter(path, "GZIP") as writer:
        for number in range(5):
            writer.write(b"%d" % number)
    (tmp_path / "fixed").write_bytes(b"HEaabbccF")
    with tf.Graph().as_default(), tf.Session() as session:
        names = tf.train.string_input_producer([path], shuffle=False, num_epochs=1)
        options = tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)
        read = tf.TFRecordReader(options=options).read_up_to(names, 10)
        fixed = tf.train.string_input_producer([str(tmp_path / "fixed")], shuffle=False, num_epochs=1)
        pieces = tf.FixedLengthRecordReader(2, header_bytes=2, footer_bytes=1).read_up_to(fixed, 10)
        session.run(tf.local_variables_initializer())
        threads = tf.train.start_queue_runners(session)
        keys, values = session.run(read)
        assert values.tolist() == [b"0", b"1", b"2", b"3", b"4"]
        assert keys[1] == path.encode() + b":17"
        assert session.run(pieces)[1].tolist() == [b"aa", b"bb", b"cc"]
        for thread in threads:
            thread.join()
