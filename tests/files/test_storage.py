"""Files in stores that fsspec drives: whatever reads or writes a file works on ``memory://`` as on the disk."""

import fsspec
import numpy as np
import pytest

import defrun as tf
from defrun.base import errors, storage


@pytest.fixture
def folder():
    fsspec.filesystem("memory").store.clear()
    with tf.Graph().as_default():
        yield "memory://folder"
    fsspec.filesystem("memory").store.clear()


def test_files_and_folders(folder):
    tf.io.gfile.makedirs(f"{folder}/a/b")
    with tf.gfile.GFile(f"{folder}/a/x.txt", "w") as file:
        file.write("line 1\nline 2\n")
    assert tf.gfile.GFile(f"{folder}/a/x.txt").readlines() == ["line 1\n", "line 2\n"]
    assert tf.io.gfile.stat(f"{folder}/a/x.txt").length == 14
    assert tf.io.gfile.listdir(f"{folder}/a") == ["b", "x.txt"]
    assert tf.io.gfile.glob(f"{folder}/*/*.txt") == [f"{folder}/a/x.txt"]
    tf.io.gfile.copy(f"{folder}/a/x.txt", f"{folder}/y.txt")
    tf.io.gfile.rename(f"{folder}/y.txt", f"{folder}/z.txt")
    with pytest.raises(errors.AlreadyExistsError):
        tf.io.gfile.rename(f"{folder}/z.txt", f"{folder}/a/x.txt")
    assert list(tf.io.gfile.walk(folder)) == [
        (folder, ["a"], ["z.txt"]), (f"{folder}/a", ["b"], ["x.txt"]), (f"{folder}/a/b", [], []),
    ]  # fmt: skip
    tf.io.gfile.remove(f"{folder}/z.txt")
    tf.io.gfile.rmtree(f"{folder}/a")
    assert not tf.io.gfile.exists(f"{folder}/a/x.txt")


def test_from_one_store_to_another(folder, tmp_path):
    (tmp_path / "x").write_bytes(b"text")
    tf.io.gfile.makedirs(folder)
    tf.io.gfile.copy(str(tmp_path / "x"), f"{folder}/x")
    assert storage.read_file(f"{folder}/x") == b"text"
    with pytest.raises(errors.UnimplementedError, match="different file systems"):
        tf.io.gfile.rename(f"{folder}/x", str(tmp_path / "y"))
    assert storage.read_file(f"file://{tmp_path}/x") == b"text"


def test_what_is_not_there(folder):
    with pytest.raises(errors.NotFoundError, match="nothing"):
        tf.gfile.GFile(f"{folder}/nothing").read()
    with pytest.raises(errors.UnimplementedError, match="nodriver"):
        tf.gfile.Exists("nodriver://a/b")


@pytest.mark.parametrize("options", [{}, {"sharded": True}, {"write_version": tf.train.SaverDef.V1}])
def test_checkpoints(folder, options):
    v = tf.Variable(np.arange(1000.0), name="v")
    saver = tf.train.Saver(max_to_keep=2, **options)
    with tf.Session() as session:
        session.run(v.initializer)
        for step in range(3):
            saver.save(session, f"{folder}/run/model", global_step=step)
        session.run(v.assign(np.zeros(1000)))
        path = tf.train.latest_checkpoint(f"{folder}/run")
        assert path.startswith(f"{folder}/run/model-2")
        saver.restore(session, path)
        assert session.run(v).tolist() == list(range(1000))
    assert not [name for name in tf.gfile.ListDirectory(f"{folder}/run") if "temp" in name or "model-0" in name]


def test_files_in_a_graph(folder):
    written = tf.write_file(f"{folder}/new/a.bin", b"\0\xff")
    with tf.Session() as session:
        session.run(written)
        assert session.run(tf.read_file(f"{folder}/new/a.bin")) == b"\0\xff"
        assert session.run(tf.matching_files(f"{folder}/*/*")).tolist() == [f"{folder}/new/a.bin".encode()]


def test_event_files(folder):
    with tf.summary.FileWriter(f"{folder}/logs") as writer:
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="t", simple_value=2.0)]), 7)
    (path,) = tf.gfile.Glob(f"{folder}/logs/*")
    assert [event.step for event in tf.train.summary_iterator(path)] == [0, 7]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = str(tmp_path / "x")
    storage.write_beside(path, b"old")
    with pytest.raises(RuntimeError), storage.writing_beside(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert storage.names_in(str(tmp_path)) == ["x"]
    assert storage.read_file(path) == b"old"
