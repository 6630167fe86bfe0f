"""Event files: TensorBoard finds in them what was written."""

import gc
import shutil

import numpy as np
import pytest
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

import defrun as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def loaded(folder):
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    return accumulator


def kinds(folder):
    """Return what kinds of events each file holds."""
    files = sorted(folder.iterdir())
    return [[event.WhichOneof("what") for event in tf.train.summary_iterator(str(file))] for file in files]


def number(tag, value):
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)])


def test_tensorboard_reads_what_a_training_writes(tmp_path):
    w = tf.Variable([1.0, -2.0], name="w")
    loss = tf.reduce_sum(tf.square(w))
    train = tf.train.GradientDescentOptimizer(0.25).minimize(loss)
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("weights", w)
    tf.summary.image("picture", tf.reshape(w, [1, 1, 2, 1]))
    tf.summary.text("note", tf.constant("said"))
    merged, init = tf.summary.merge_all(), tf.global_variables_initializer()
    with tf.Session() as sess, tf.summary.FileWriter(str(tmp_path), sess.graph) as writer:
        sess.run(init)
        for step in range(3):
            summary, _ = sess.run([merged, train])
            writer.add_summary(summary, step)
    read = loaded(tmp_path)
    assert [(e.step, e.tensor_proto.float_val[:]) for e in read.Tensors("loss")] == [
        (0, [5.0]), (1, [1.25]), (2, [0.3125])
    ]  # fmt: skip
    histograms = [make_ndarray(e.tensor_proto) for e in read.Tensors("weights")]
    assert [h[:, 2].sum() for h in histograms] == [2.0] * 3
    assert read.Tensors("picture/image/0")[0].tensor_proto.string_val[:2] == [b"2", b"1"]
    assert [e.tensor_proto.string_val[:] for e in read.Tensors("note")] == [[b"said"]] * 3
    assert [node.name for node in read.Graph().node] == [op.name for op in tf.get_default_graph().get_operations()]
    assert read.MetaGraph().graph_def == read.Graph()


def test_a_summary_of_a_variable_leaves_the_training_step_one_program():
    w = tf.Variable([1.0, 2.0])
    loss = tf.reduce_sum(w * w)
    train = tf.train.GradientDescentOptimizer(0.25).minimize(loss)
    before = tf.summary.histogram("before", w)
    with tf.control_dependencies([train]):
        after = tf.summary.histogram("after", w)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [stage.device for stage in sess.explain([before, loss, train]).stages] == [True, False]
        found = [tf.Summary.FromString(summary) for summary in sess.run([before, after, train])[:2]]
        assert [summary.value[0].histo.max for summary in found] == [2.0, 1.0]
        assert sess.run(w).tolist() == [0.5, 1.0]


def test_every_kind_of_event(tmp_path):
    tf.constant(1)
    writer = tf.summary.FileWriter(tmp_path, filename_suffix=".mine")
    writer.add_summary(number("a", 1.0), 1)
    writer.add_graph(tf.get_default_graph(), np.int64(2))
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 3)
    writer.add_run_metadata(tf.RunMetadata(), "first", 4)
    writer.add_meta_graph(tf.MetaGraphDef(), 5)
    writer.add_event(tf.Event(wall_time=1.5, step=6))
    writer.close()
    assert writer.get_logdir() == str(tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("events.out.tfevents.") and file.name.endswith(".mine")
    events = list(tf.train.summary_iterator(str(file)))
    assert [event.step for event in events] == [0, 1, 2, 3, 4, 5, 6]
    assert kinds(tmp_path) == [
        ["file_version", "summary", "graph_def", "session_log", "tagged_run_metadata", "meta_graph_def", None]
    ]
    assert tf.GraphDef.FromString(events[2].graph_def).node[0].op == "Const"
    assert events[0].file_version == "brain.Event:2" and events[-1].wall_time == 1.5


def test_who_can_show_a_tag_is_written_once(tmp_path):
    note = tf.summary.text("note", tf.constant("said"))
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path) as writer:
        for step in range(2):
            writer.add_summary(sess.run(note), step)
    (file,) = tmp_path.iterdir()
    first, second = (event.summary.value[0] for event in list(tf.train.summary_iterator(file))[1:])
    assert first.metadata.plugin_data.plugin_name == "text"
    assert not second.HasField("metadata") and second.tensor == first.tensor


def test_what_is_flushed_is_there(tmp_path):
    with tf.summary.FileWriter(tmp_path, max_queue=2) as writer:
        assert not list(tmp_path.iterdir())
        for i in range(20):
            writer.add_summary(number("a", i), i)
        writer.flush()
        assert kinds(tmp_path) == [["file_version"] + ["summary"] * 20]


def test_a_writer_that_is_dropped_writes_all(tmp_path):
    writer = tf.summary.FileWriter(tmp_path)
    writer.add_summary(number("a", 1), 1)
    del writer
    gc.collect()
    assert kinds(tmp_path) == [["file_version", "summary"]]


def test_a_closed_writer_warns_until_it_is_reopened(tmp_path):
    writer = tf.summary.FileWriter(tmp_path)
    writer.add_summary(number("a", 1), 1)
    writer.close()
    writer.close()
    with pytest.warns(UserWarning, match="closed"):
        writer.add_summary(number("lost", 1), 2)
    with pytest.warns(UserWarning, match="closed"):
        writer.flush()
    writer.reopen()
    writer.reopen()
    writer.add_summary(number("b", 1), 3)
    writer.close()
    assert kinds(tmp_path) == [["file_version", "summary"]] * 2
    assert set(loaded(tmp_path).Tags()["tensors"]) == {"a", "b"}


def test_what_is_no_graph_or_summary_is_refused(tmp_path):
    with tf.summary.FileWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="Graph"):
            writer.add_graph("graph")
        with pytest.raises(ValueError, match="not both"):
            writer.add_graph(tf.Graph(), graph_def=tf.GraphDef())
        with pytest.raises(TypeError, match="MetaGraphDef"):
            writer.add_meta_graph(tf.GraphDef())
        with pytest.raises(AttributeError):
            writer.add_summary("text")
        writer.add_run_metadata(tf.RunMetadata(), "tag")
        with pytest.raises(ValueError, match="already used"):
            writer.add_run_metadata(tf.RunMetadata(), "tag")


def test_a_folder_that_can_not_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(tf.errors.OpError):
        tf.summary.FileWriter(tmp_path / "file")
    writer = tf.summary.FileWriter(tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    writer.event_writer.add_event(tf.Event())
    with pytest.raises(tf.errors.NotFoundError):
        writer.flush()
    with pytest.raises(tf.errors.NotFoundError):
        writer.close()


def test_reading_what_is_not_there(tmp_path):
    with pytest.raises(tf.errors.NotFoundError):
        list(tf.train.summary_iterator(str(tmp_path / "nothing")))
    (tmp_path / "short").write_bytes(b"12345")
    with pytest.raises(tf.errors.DataLossError):
        list(tf.train.summary_iterator(str(tmp_path / "short")))


def test_the_cache_keeps_one_writer_a_folder(tmp_path):
    tf.constant(1)
    cache = tf.summary.FileWriterCache
    writer = cache.get(str(tmp_path))
    assert cache.get(str(tmp_path)) is writer
    cache.clear()
    assert kinds(tmp_path) == [["file_version", "graph_def", "meta_graph_def"]]
    assert cache.get(str(tmp_path)) is not writer
    cache.clear()
