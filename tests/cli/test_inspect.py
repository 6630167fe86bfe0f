"""`defrun inspect` tells what any file holds."""

import gzip
from pathlib import Path

import numpy as np
import pytest

import defrun as tf
from defrun.cli import main
from defrun.files.inspection.kinds import inspect_path
from tests.oracle.exported import make

FOLDER = Path(make.__file__).parent


def sections(path):
    """Return {title: rows}, and all lines together."""
    found = inspect_path(str(path))
    return {s.title: list(s.rows) for s in found}, "\n".join(line for s in found for line in s.lines)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    prefix = str(tmp_path_factory.mktemp("checkpoint") / "model")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("w", [2, 3])
        tf.get_variable("n", initializer=np.int64(7))
        tf.get_variable("t", initializer=tf.constant(["a", "b"]))
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, prefix)
        tf.train.Saver(write_version=tf.train.SaverDef.V1).save(session, f"{prefix}-old", write_state=False)
    return prefix


TENSORS = [("n", "int64", "[]", "8 B"), ("t", "string", "[2]", ""), ("w", "float32", "[2, 3]", "24 B")]


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001", "-old"])
def test_checkpoint(checkpoint, ending):
    tables, lines = sections(checkpoint + ending)
    assert tables == {"checkpoint": TENSORS}
    assert "3 tensors, 9 elements, 32 B" in lines


def test_folder_of_checkpoints(checkpoint):
    tables, lines = sections(Path(checkpoint).parent)
    assert tables["checkpoint"] == TENSORS
    assert f"the newest is {checkpoint}" in lines


def test_state_of_checkpoints(checkpoint):
    tables, _ = sections(Path(checkpoint).parent / "checkpoint")
    assert tables == {"state of checkpoints": [(checkpoint, "the newest")]}


def test_meta_graph(checkpoint):
    tables, lines = sections(checkpoint + ".meta")
    assert ("w", "float32", "[2, 3]") in tables["variables"]
    assert [row[:3] for row in tables["collections"]] == [
        ("trainable_variables", "bytes", "3"), ("variables", "bytes", "3")
    ]  # fmt: skip
    assert "written by TensorFlow 1.15.5" in lines


@pytest.mark.parametrize("name", ["frozen.pb", "graph.pbtxt"])
def test_graph(name):
    tables, lines = sections(FOLDER / name)
    assert ("x", "float32", "[?, 4]") in tables["inputs"]
    assert any(row[0] == "checked" for row in tables["nodes that no other takes"])
    assert ("MatMul", "1", "") in tables["op types"] or name == "graph.pbtxt"
    assert "written by version 0 of graphs" in lines or "version 134" in lines


def test_graph_with_what_is_not_here(tmp_path):
    definition = tf.GraphDef()
    definition.node.add(name="a", op="Frobnicate")
    definition.node.add(name="b", op="Barrier")
    (tmp_path / "a.pb").write_bytes(definition.SerializeToString())
    tables, lines = sections(tmp_path / "a.pb")
    assert ("Frobnicate", "1", "not TensorFlow 1.15's") in tables["op types"]
    assert "op types that defrun doesn't have: " in lines


def test_saved_model():
    tables, lines = sections(FOLDER / "saved")
    assert ("serving_default", "in", "x", "float32", "[?, 4]", "x:0") in tables["signatures"]
    assert ("serving_default", "out", "ids", "int64", "[?]", "ids:0") in tables["signatures"]
    assert [row[0] for row in tables["assets"]] == ["words.txt"]
    assert ("dense/w", "float32", "[4, 3]") in tables["variables"] or "dense/w" in str(tables["variables"])
    assert "tags: serve" in lines


def test_events(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.summary.scalar("loss", tf.constant(1.5))
        tf.summary.image("picture", tf.zeros([1, 2, 3, 1]))
        with tf.summary.FileWriter(str(tmp_path), session.graph) as writer:
            for step in (3, 4):
                writer.add_summary(session.run(tf.summary.merge_all()), step)
    tables, lines = sections(tmp_path)
    (summaries,) = (rows for title, rows in tables.items() if title.endswith(": summaries"))
    assert summaries == [
        ("loss", "scalar", "2", "3 to 4", "1.5"), ("picture/image/0", "image", "2", "3 to 4", "3 x 2"),
    ]  # fmt: skip
    assert "1 of graph_def" in lines


def example(number):
    feature = {
        "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"n%d" % number])),
        "sizes": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5] * number)),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


@pytest.mark.parametrize("kind", ["NONE", "GZIP", "ZLIB"])
def test_examples(tmp_path, kind):
    options = tf.python_io.TFRecordOptions(getattr(tf.python_io.TFRecordCompressionType, kind))
    with tf.python_io.TFRecordWriter(str(tmp_path / "a"), options) as writer:
        for number in range(1, 4):
            writer.write(example(number))
    tables, lines = sections(tmp_path / "a")
    assert tables["features of tf.train.Example"] == [
        ("name", "bytes", "3", "1", "'n1'"), ("sizes", "float", "3", "1 to 3", "0.5")
    ]  # fmt: skip
    assert lines.startswith("3 records")


def test_records_of_anything(tmp_path):
    with tf.python_io.TFRecordWriter(str(tmp_path / "a")) as writer:
        writer.write(b"\xff\xfe")
    tables, lines = sections(tmp_path / "a")
    assert list(tables) == ["records"]
    assert lines.startswith("1 records, 2 B")


def test_the_command_prints_tables(checkpoint, capsys):
    main(["inspect", checkpoint])
    printed = capsys.readouterr().out
    assert "w     float32  [2, 3]  24 B" in printed
    main(["inspect", checkpoint, "--tensor", "n"])
    assert capsys.readouterr().out == "7\n"


def test_control_characters_of_a_file_stay_out_of_the_terminal(tmp_path, capsys):
    with tf.python_io.TFRecordWriter(str(tmp_path / "a")) as writer:
        feature = {"\x1b[31m": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"\x1b]0;title\x07"]))}
        writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    main(["inspect", str(tmp_path / "a")])
    printed = capsys.readouterr().out
    assert "\\x1b[31m" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"hello", b"\x0a\xff\xff\xff\xff\x0f", gzip.compress(b"no records", mtime=0)]
)
def test_what_is_none_of_these_is_said(tmp_path, capsys, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(SystemExit, match="1"):
        main(["inspect", str(tmp_path / "file")])
    assert f"defrun inspect: {tmp_path}/file" in capsys.readouterr().err


def test_nothing_there(tmp_path, capsys):
    for path, said in ((tmp_path / "none", "there is no such file"), (tmp_path, "holds no saved model")):
        with pytest.raises(SystemExit, match="1"):
            main(["inspect", str(path)])
        assert said in capsys.readouterr().err
