"""Checkpoints of objects: TensorFlow's are read, ours are its byte for byte, and what doesn't fit is told."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import defrun as tf
from defrun.base import errors
from defrun.base.bundle import BundleReader
from tests.oracle.checkpoints import objects

FILES = Path(objects.FOLDER)
ANSWER = json.loads((FILES / "objects.json").read_text())


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def small(value=1.0, **more):
    return tf.train.Checkpoint(v=tf.Variable(value, use_resource=True), **more)


def test_writes_the_bytes_that_tensorflow_writes(session, tmp_path):
    made, train = objects.build(tf)
    checkpoint = tf.train.Checkpoint(**made)
    session.run(tf.global_variables_initializer())
    session.run(train)
    path = checkpoint.save(tmp_path / "objects")
    assert path == str(tmp_path / "objects-1") == tf.train.latest_checkpoint(tmp_path)
    assert objects.values(tf, session) == ANSWER["values"]
    ours = {name: tf.train.load_variable(path, name) for name, _ in tf.train.list_variables(path)}
    theirs = tf.train.load_checkpoint(FILES / "objects-1")
    assert ours.keys() == theirs.get_variable_to_shape_map().keys()
    for name, value in ours.items():
        if name == "_CHECKPOINTABLE_OBJECT_GRAPH":
            assert value == theirs.get_tensor(name)
        else:
            np.testing.assert_allclose(value, theirs.get_tensor(name), rtol=1e-6)
    for suffix in ("data-00000-of-00002", "data-00001-of-00002"):
        assert os.path.getsize(f"{path}.{suffix}") == os.path.getsize(FILES / f"objects-1.{suffix}")
    assert Path(f"{path}.data-00001-of-00002").read_bytes() == (FILES / "objects-1.data-00001-of-00002").read_bytes()
    places = [{key: (e.shard_id, e.offset, e.size) for key, e in BundleReader(str(p)).raw.items()}
              for p in (path, FILES / "objects-1")]  # fmt: skip
    assert places[0] == places[1]
    assert not [name for name in os.listdir(tmp_path) if "temp" in name]


def test_reads_what_tensorflow_wrote(session):
    made, _ = objects.build(tf)
    status = tf.train.Checkpoint(**made).restore(FILES / "objects-1")
    status.assert_consumed().run_restore_ops()
    assert objects.values(tf, session) == ANSWER["values"]


def test_what_is_added_later_is_restored(session, tmp_path):
    session.run(tf.global_variables_initializer())
    first = small(2.0, w=tf.Variable([5.0]))
    session.run(tf.global_variables_initializer())
    path = first.write(tmp_path / "x")
    second = tf.train.Checkpoint()
    status = second.restore(path)
    with pytest.raises(AssertionError, match="no object takes"):
        status.assert_consumed()
    second.v = tf.Variable(0.0)
    status.assert_nontrivial_match().run_restore_ops()
    assert session.run(second.v) == 2
    second.new = tf.Variable(7.0)
    with pytest.raises(AssertionError, match="no values for"):
        status.assert_existing_objects_matched()
    status.expect_partial().initialize_or_restore()
    assert session.run(second.new) == 7


def test_no_checkpoint_yet(session, tmp_path):
    checkpoint = small(3.0)
    status = checkpoint.restore(tf.train.latest_checkpoint(tmp_path))
    with pytest.raises(AssertionError, match="No checkpoint"):
        status.assert_consumed()
    with pytest.raises(AssertionError, match="No checkpoint"):
        status.run_restore_ops()
    status.initialize_or_restore()
    assert session.run(checkpoint.v) == 3
    with pytest.raises(errors.NotFoundError):
        checkpoint.restore(tmp_path / "nothing")


def test_checkpoints_of_savers(session, tmp_path):
    a, b = tf.Variable([1.0, 2.0], name="a"), tf.Variable(3.0, name="b", use_resource=True)
    session.run(tf.global_variables_initializer())
    path = tf.train.Saver().save(session, tmp_path / "named")
    session.run([tf.assign(a, [0.0, 0.0]), b.assign(0.0)])
    status = tf.train.Checkpoint(a=a, deep=tf.contrib.checkpoint.Checkpointable()).restore(path)
    with pytest.raises(AssertionError, match="no object takes"):
        status.assert_consumed()
    status.assert_existing_objects_matched().initialize_or_restore()
    assert session.run([a, b])[0].tolist() == [1, 2]
    tf.train.Checkpoint(a=a, b=b).restore(path).assert_consumed().run_restore_ops()
    assert session.run(b) == 3


def test_what_does_not_fit_changes_nothing(session, tmp_path):
    first = tf.train.Checkpoint(a=tf.Variable([1.0]), b=tf.Variable([1.0, 2.0]))
    second = tf.train.Checkpoint(a=tf.Variable([0.0]), b=tf.Variable([0.0, 0.0, 0.0]))
    session.run(tf.global_variables_initializer())
    path = first.write(tmp_path / "x")
    status = second.restore(path)
    with pytest.raises((errors.InvalidArgumentError, ValueError), match=r"\[3\]|\(3,\)"):
        status.run_restore_ops()
    assert session.run(second.a).tolist() == [0.0]


def test_a_checkpoint_that_lies_about_its_graph(session, tmp_path):
    v = tf.Variable("rubbish")
    session.run(v.initializer)
    path = tf.train.Saver({"_CHECKPOINTABLE_OBJECT_GRAPH": v}).save(session, tmp_path / "x")
    with pytest.raises(errors.DataLossError, match="graph of objects"):
        tf.train.Checkpoint().restore(path)


def test_warm_start_from_objects(session, tmp_path):
    with tf.variable_scope("m"):
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    checkpoint = tf.train.Checkpoint(other=w)
    session.run(tf.global_variables_initializer())
    path = checkpoint.write(tmp_path / "x")
    with tf.Graph().as_default(), tf.Session() as again:
        with tf.variable_scope("m"):
            w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
        tf.train.warm_start(path)
        again.run(tf.global_variables_initializer())
        assert again.run(w).tolist() == [1, 1]


def test_savers_restore_from_objects(session, tmp_path):
    made, _ = objects.build(tf)
    saver = tf.train.Saver()
    tf.Variable(1.0, name="more")
    saver.restore(session, FILES / "objects-1")
    found = ANSWER["values"]
    assert session.run(made["step"]) == found["global_step"]
    a = made["net"].first
    np.testing.assert_allclose(session.run(a), found["model/a"], rtol=1e-5)
    with pytest.raises(errors.NotFoundError, match="more"):
        tf.train.Saver().restore(session, FILES / "objects-1")


def test_refuses(session):
    with pytest.raises(ValueError, match="trackable object"):
        tf.train.Checkpoint(x=[1])
    with pytest.raises(ValueError, match="positive"):
        tf.train.CheckpointManager(tf.train.Checkpoint(), "x", max_to_keep=0)


def test_manager_keeps_the_newest(session, tmp_path):
    checkpoint = small()
    session.run(tf.global_variables_initializer())
    manager = tf.train.CheckpointManager(checkpoint, tmp_path / "run", max_to_keep=2)
    assert manager.latest_checkpoint is None
    paths = []
    for number in range(4):
        session.run(checkpoint.v.assign(number))
        paths.append(manager.save())
    assert paths[-1] == str(tmp_path / "run" / "ckpt-4") == manager.latest_checkpoint
    assert manager.checkpoints == paths[2:]
    assert sorted({name.split(".")[0] for name in os.listdir(tmp_path / "run")}) == ["checkpoint", "ckpt-3", "ckpt-4"]
    again = tf.train.CheckpointManager(checkpoint, tmp_path / "run", max_to_keep=2)
    assert again.checkpoints == paths[2:]
    checkpoint.restore(paths[2]).assert_consumed().run_restore_ops()
    assert session.run(checkpoint.v) == 2
    again.save(checkpoint_number=9)
    assert [os.path.basename(path) for path in again.checkpoints] == ["ckpt-4", "ckpt-9"]


def test_manager_deletes_nothing_elsewhere(session, tmp_path):
    checkpoint, folder = small(), tmp_path / "run"
    session.run(tf.global_variables_initializer())
    precious = checkpoint.write(tmp_path / "precious")
    manager = tf.train.CheckpointManager(checkpoint, folder, max_to_keep=1)
    manager.save()
    tf.train.update_checkpoint_state(folder, "ckpt-1", ["../precious", str(tmp_path / "precious"), "ckpt-1"])
    manager = tf.train.CheckpointManager(checkpoint, folder, max_to_keep=1)
    manager.save()
    assert manager.checkpoints == [str(folder / "ckpt-2")]
    assert tf.train.checkpoint_exists(precious)


def test_manager_keeps_one_of_every_so_many_hours(session, tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    checkpoint = small()
    session.run(tf.global_variables_initializer())
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 1, keep_checkpoint_every_n_hours=1)
    for _ in range(6):
        now[0] += 1500
        manager.save()
    names = sorted(name for name in os.listdir(tmp_path) if name.endswith(".index"))
    assert names == ["ckpt-3.index", "ckpt-6.index"]


def test_layers_and_optimizers(session, tmp_path):
    def model():
        dense = tf.layers.Dense(3, name="dense")
        loss = tf.reduce_sum(dense(tf.ones([2, 4])) ** 2)
        optimizer = tf.train.AdamOptimizer()
        return tf.train.Checkpoint(dense=dense, optimizer=optimizer), optimizer.minimize(loss), dense

    checkpoint, step, dense = model()
    session.run(tf.global_variables_initializer())
    session.run(step)
    path = checkpoint.save(tmp_path / "x")
    wanted = session.run(dense.kernel)
    names = [name for name, _ in tf.train.list_variables(path)]
    assert "dense/kernel/.ATTRIBUTES/VARIABLE_VALUE" in names
    assert "dense/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE" in names
    session.run(tf.global_variables_initializer())
    checkpoint.restore(path).assert_consumed().run_restore_ops()
    np.testing.assert_array_equal(session.run(dense.kernel), wanted)


def test_tables_are_saved_by_savers(session, tmp_path):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1, name="words")
    v = tf.Variable(1.0, name="v")
    session.run([v.initializer, table.insert(["a", "b"], [1, 2])])
    saver = tf.train.Saver()
    path = saver.save(session, tmp_path / "x")
    assert [name for name, _ in tf.train.list_variables(path)] == ["v", "words-keys", "words-values"]
    session.run(table.insert(["a", "c"], [9, 9]))
    saver.restore(session, path)
    assert session.run(table.lookup(tf.constant(["a", "b", "c"]))).tolist() == [1, 2, -1]
