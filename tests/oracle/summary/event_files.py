"""Event files as TensorFlow 1.15.5 writes them, beside which ours are held: files/<name>.tfevents.

    python3.7 tests/oracle/summary/event_files.py

Each function writes with a writer of whoever answers as `tf`.
"""

import glob
import os
import shutil
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "files")


def everything(tf, folder):
    """A small training, with all kinds of summaries and the graph."""
    x = tf.constant(np.arange(12, dtype=np.float32).reshape(2, 3, 2, 1) / 12, name="x")
    with tf.name_scope("layer"):
        w = tf.Variable(tf.zeros([3]), name="w")
        tf.summary.histogram("weights", w)
    step = tf.Variable(0, trainable=False, name="step")
    count = tf.assign_add(step, 1, name="count")
    tf.summary.scalar("loss", tf.reduce_sum(x))
    tf.summary.scalar("rate", tf.constant(0.5), family="rates")
    tf.summary.image("picture", x, max_outputs=1)
    tf.summary.audio("sound", tf.reshape(x, [1, 12]), 100.0)
    tf.summary.text("note", tf.constant(["said", "done"]))
    merged = tf.summary.merge_all()
    writer = tf.summary.FileWriter(folder, tf.get_default_graph())
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(3):
            summary, _ = sess.run([merged, count])
            writer.add_summary(summary, i)
    writer.close()


def by_hand(tf, folder):
    """What scripts put together themselves."""
    writer = tf.summary.FileWriter(folder, filename_suffix=".mine")
    value = tf.Summary.Value(tag="by hand", simple_value=1.5)
    writer.add_summary(tf.Summary(value=[value]), 7)
    writer.add_summary(tf.Summary(value=[value]).SerializeToString(), np.int64(-1))
    writer.add_summary(tf.Summary(value=[value]))
    writer.add_summary(tf.Summary(value=[value]), 2 ** 40)
    described = tf.Summary(value=[value])
    described.value[0].tag = "described"
    described.value[0].metadata.plugin_data.plugin_name = "mine"
    writer.add_summary(described, 1)
    writer.add_summary(described.SerializeToString(), 2)
    described.value[0].tag = "by hand"
    described.value[0].metadata.plugin_data.plugin_name = "late"
    writer.add_summary(described.SerializeToString(), 3)
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START, checkpoint_path="path", msg="text"), 4)
    metadata = tf.RunMetadata()
    metadata.step_stats.dev_stats.add().device = "/cpu:0"
    writer.add_run_metadata(metadata, "step 5", 5)
    writer.add_graph(tf.Graph(), 6)
    writer.add_event(tf.Event(wall_time=1.0, step=8, file_version="again"))
    writer.close()


FILES_WRITTEN = [everything, by_hand]


def main():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    shutil.rmtree(FILES, ignore_errors=True)
    os.makedirs(FILES)
    for write in FILES_WRITTEN:
        folder = tempfile.mkdtemp()
        with tf.Graph().as_default():
            write(tf, folder)
        (path,) = glob.glob(os.path.join(folder, "*"))
        shutil.copy(path, os.path.join(FILES, write.__name__ + ".tfevents"))
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
