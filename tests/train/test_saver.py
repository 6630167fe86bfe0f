"""Savers: TensorFlow's files are read, ours are byte for byte the same, and nothing is lost on the way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import defrun as tf
from defrun.base.bundle import BundleReader, data_path, index_path
from defrun.base.partial import slice_key
from defrun.base.table import Table, table_bytes
from tests.oracle.checkpoints import ask

FILES = Path(ask.__file__).parent / "files"
VALUES = {
    "w": np.arange(6, dtype=np.float32).reshape(2, 3),
    "text": np.array([b"ab", b"", b"cde"], object),
    "flags": np.array([True, False]),
    "scalar": np.float64(3.5),
    "empty": np.zeros([0, 3], np.int64),
    "half": np.array([1.5, -2.25], np.float16),
    "complex": np.array([1 + 2j, 3 - 1j], np.complex64),
    "resource": np.float32([7, 8, 9]),
    "parts": np.arange(280, dtype=np.float32).reshape(140, 2),
}


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def values(session):
    found = {v.op.name: session.run(v) for v in tf.global_variables()}
    found["parts"] = np.concatenate([found.pop("parts/part_0"), found.pop("parts/part_1")])
    return found


def saver_of(kind):
    options = {"v1": {"write_version": tf.train.SaverDef.V1}, "sharded": {"sharded": True}}
    return tf.train.Saver(**options.get(kind, {}))


@pytest.mark.parametrize("kind", ["v2", "sharded", "v1"])
def test_reads_what_tensorflow_wrote(kind):
    ask.build(tf)
    with tf.Session() as session:
        saver_of(kind).restore(session, str(FILES / kind))
        found = values(session)
    assert found.keys() == VALUES.keys()
    for name, value in VALUES.items():
        np.testing.assert_array_equal(found[name], value)


@pytest.mark.parametrize("kind", ["v2", "sharded", "v1"])
def test_writes_the_bytes_that_tensorflow_writes(kind, tmp_path):
    ask.build(tf)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        saver_of(kind).save(session, tmp_path / kind, write_meta_graph=False, write_state=False)
    theirs = {p.name: p.read_bytes() for p in FILES.iterdir() if p.name.split(".")[0] == kind}
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == theirs


def test_steps_history_and_state(tmp_path):
    v, step = tf.Variable(1.0), tf.Variable(0)
    saver = tf.train.Saver(max_to_keep=2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for number in range(4):
            session.run([tf.assign(v, number + 0.5), tf.assign(step, number)])
            path = saver.save(session, str(tmp_path / "model"), global_step=step)
            assert path == str(tmp_path / f"model-{number}")
        assert tf.train.latest_checkpoint(tmp_path) == path
        assert saver.last_checkpoints == [str(tmp_path / "model-2"), path]
        assert sorted(p.name for p in tmp_path.glob("*.index")) == ["model-2.index", "model-3.index"]
        assert sorted(p.name for p in tmp_path.glob("*.meta")) == ["model-2.meta", "model-3.meta"]
        saver.restore(session, str(tmp_path / "model-2"))
        assert session.run(v) == 2.5
    assert tf.train.get_checkpoint_state(tmp_path).all_model_checkpoint_paths[0] == str(tmp_path / "model-2")


def test_other_names_and_subsets(tmp_path):
    a, b = tf.Variable([1.0], name="a"), tf.Variable([2.0], name="b")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver({"b": a}).save(session, tmp_path / "m")
        tf.train.Saver([b]).restore(session, path)
        assert session.run(b) == [1.0]


def test_what_does_not_fit_changes_nothing(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable([5.0, 6.0], name="a")
        tf.Variable([1.0, 2.0], name="b")
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, tmp_path / "m")
    a, b = tf.Variable([0.0, 0.0], name="a"), tf.Variable([1.0, 2.0, 3.0], name="b")
    c = tf.Variable([9.0], name="c")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?s)b.*\[3\].*\[2\]|b.*\[2\].*\[3\]"):
            tf.train.Saver([a, b]).restore(session, path)
        with pytest.raises(tf.errors.NotFoundError, match="c not found"):
            tf.train.Saver([a, c]).restore(session, path)
        assert session.run(a).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("resource", [False, True])
def test_the_variable_that_does_not_fit_is_named_with_both_shapes(tmp_path, resource):
    with tf.Graph().as_default(), tf.Session() as session:
        a, b = (tf.get_variable(n, [s], initializer=tf.ones_initializer()) for n, s in (("one", 2), ("other", 3)))
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, tmp_path / "m")
    a, b = (tf.get_variable(n, [s], initializer=tf.zeros_initializer(), use_resource=resource)
            for n, s in (("one", 2), ("other", 4)))  # fmt: skip
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?s)variable other .*\[4\].*\[3\]"):
            tf.train.Saver().restore(session, path)
        assert session.run(a).tolist() == [0, 0]
        assert session.run(b).tolist() == [0, 0, 0, 0]


def test_refuses():
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    v = tf.Variable(1.0)
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(ValueError, match="not a valid checkpoint"):
            saver.restore(session, "/nowhere/model")
        with pytest.raises(ValueError, match="path components"):
            saver.save(session, "model", latest_filename="a/b")
        with pytest.raises(ValueError, match="collides"):
            saver.save(session, "checkpoint")
    with pytest.raises(TypeError, match="must be a Session"):
        saver.save(None, "model")
    with pytest.raises(ValueError, match="same name"):
        tf.train.Saver([v, v])


@pytest.mark.parametrize("number", [0, 63, 64, 70, 8191, 8192, 1 << 20, 1 << 40, 1 << 62])
def test_keys_of_slices_sort_as_their_numbers(number):
    keys = [slice_key("a", [(start, -1)]) for start in (number, number + 1, 2 * number + 2)]
    assert keys == sorted(keys)


@pytest.mark.parametrize("suffix", [".index", ".data-00000-of-00001"])
def test_damaged_files_are_refused(tmp_path, suffix):
    for path in FILES.glob("v2.*"):
        shutil.copy(path, tmp_path)
    path = tmp_path / f"v2{suffix}"
    whole = path.read_bytes()
    rng = np.random.RandomState(0)
    for trial in range(60):
        damaged = bytearray(whole)
        if trial % 3:
            damaged[rng.randint(len(whole))] ^= 1 << rng.randint(8)
        else:
            damaged = damaged[: rng.randint(len(whole))]
        path.write_bytes(bytes(damaged))
        try:
            reader = BundleReader(str(tmp_path / "v2"))
            found = {name: reader.read(name) for name in reader.names()}
        except (tf.errors.DataLossError, tf.errors.UnimplementedError) as error:
            assert str(tmp_path) in error.message
        else:  # a bit that nothing depends on: in the padding of the footer, say
            assert all(np.array_equal(found[name], value) for name, value in VALUES.items())


def test_tables_of_many_blocks():
    items = [(f"{i:08d}".encode(), b"v" * (i % 90)) for i in range(20000)]
    assert list(Table(table_bytes(items), "a table")) == items


def test_killed_while_its_index_was_replaced(tmp_path):
    """The new index is there, the new data still stands beside its place."""
    v = tf.Variable(np.zeros(10, np.float32), name="v")
    saver, prefix = tf.train.Saver(), str(tmp_path / "m")
    with tf.Session() as session:
        session.run(v.initializer)
        saver.save(session, prefix)
        old = Path(data_path(prefix, 0, 1)).read_bytes()
        session.run(tf.assign(v, np.ones(10, np.float32)))
        saver.save(session, prefix)
    data = Path(data_path(prefix, 0, 1))
    data.rename(f"{data}.tempstate")
    data.write_bytes(old)
    assert BundleReader(prefix).read("v").tolist() == [1.0] * 10
    assert os.path.exists(index_path(prefix))


KILLED = """
import sys, numpy as np, defrun as tf
v = tf.Variable(np.zeros(200_000, np.float32), name="v")
saver = tf.train.Saver(max_to_keep=2)
with tf.Session() as session:
    session.run(v.initializer)
    add = tf.assign_add(v, np.ones(200_000, np.float32))
    for step in range(100_000):
        session.run(add)
        saver.save(session, sys.argv[1], step if sys.argv[2] == "new" else None, write_meta_graph=False)
        print(step, flush=True)
"""


@pytest.mark.parametrize("names", ["new", "same"])
def test_killed_at_any_moment_leaves_a_whole_checkpoint(tmp_path, names):
    rng = np.random.RandomState(1)
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "m"), names], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        value = BundleReader(tf.train.latest_checkpoint(tmp_path)).read("v")
        assert value.shape == (200_000,) and np.all(value == value[0]) and value[0] >= 1


def test_one_of_every_so_many_hours_is_kept(tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    v = tf.Variable(1.0)
    saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1)
    with tf.Session() as session:
        session.run(v.initializer)
        for step in range(6):
            now[0] += 1500
            saver.save(session, tmp_path / "m", global_step=step, write_meta_graph=False)
    assert sorted(p.name for p in tmp_path.glob("*.index")) == ["m-2.index", "m-4.index", "m-5.index"]


# The limit is on memory of its own: pages of a file that is read don't count.
STREAMED = """
import resource, sys, defrun as tf

SIZE = 64 << 20
prefix, act = sys.argv[1:]
parts = [tf.get_variable(f"v{i}", [SIZE // 4], initializer=tf.constant_initializer(i)) for i in range(4)]
saver = tf.train.Saver()
session = tf.Session()
session.run(tf.constant(0.0) + 1)
if act == "save":
    session.run(tf.global_variables_initializer())

def used():
    return [int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmData")][0]

def limit(more):
    resource.setrlimit(resource.RLIMIT_DATA, (used() + more, -1))

if act == "save":
    limit(2 * SIZE)
    saver.save(session, prefix)
else:
    limit(int(1.5 * 4 * SIZE))
    saver.restore(session, prefix)
    for i, part in enumerate(parts):
        assert session.run(tf.reduce_max(part)) == session.run(tf.reduce_min(part)) == i
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_no_second_copy_of_a_model_is_made(tmp_path):
    """256 MB are saved with room for 128 more, and restored with room for 384."""
    for act in ("save", "restore"):
        subprocess.run([sys.executable, "-c", STREAMED, str(tmp_path / "m"), act], check=True)
