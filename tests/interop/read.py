"""Run by TensorFlow's Python, not by ours: reads what `write.py` wrote and writes what it found as JSON.

    python tests/interop/read.py FOLDER
"""

import glob
import json
import os
import sys

import numpy as np
import tensorflow

tf = tensorflow if tensorflow.__version__.startswith("1.") else tensorflow.compat.v1
if tf is not tensorflow:
    tf.disable_eager_execution()

X = np.linspace(-1.0, 1.0, 8, dtype=np.float32).reshape(2, 4)


def meta_graph(folder):
    saver = tf.train.import_meta_graph(folder + "/model.meta")
    with tf.Session() as session:
        saver.restore(session, tf.train.latest_checkpoint(folder))
        found = {"y": session.run("y:0", {"x:0": X}), "w": session.run("w:0")}
        session.run(tf.get_collection(tf.GraphKeys.TRAIN_OP)[0], {"x:0": X})
        return dict(found, trained=session.run("y:0", {"x:0": X}))


def old_checkpoint(folder):
    saver = tf.train.import_meta_graph(folder + "/model.meta")
    del saver
    with tf.Session() as session:
        tf.train.Saver().restore(session, folder + "/old_model")
        return {"y": session.run("y:0", {"x:0": X})}


def frozen(folder):
    with open(folder + "/frozen.pb", "rb") as f:
        y, = tf.import_graph_def(tf.GraphDef.FromString(f.read()), return_elements=["y:0"])
    with tf.Session() as session:
        return {"y": session.run(y, {"import/x:0": X})}


def frozen_text(folder):
    from google.protobuf import text_format

    with open(folder + "/frozen.pbtxt") as f:
        y, = tf.import_graph_def(text_format.Parse(f.read(), tf.GraphDef()), return_elements=["y:0"])
    with tf.Session() as session:
        return {"y": session.run(y, {"import/x:0": X})}


def saved_model(folder):
    os.rename(folder + "/words.txt", folder + "/words.moved")
    try:
        with tf.Session() as session:
            meta = tf.saved_model.load(session, ["serve"], folder + "/saved")
            signature = meta.signature_def["serving_default"]
            names = {key: info.name for key, info in signature.outputs.items()}
            feeds = {signature.inputs["x"].name: X, signature.inputs["words"].name: ["pear", "nothing"]}
            return session.run(names, feeds)
    finally:
        os.rename(folder + "/words.moved", folder + "/words.txt")


def functional(folder):
    with open(folder + "/functional.pb", "rb") as f:
        tf.import_graph_def(tf.GraphDef.FromString(f.read()), name="")
    with tf.Session() as session:
        session.run("v/Assign")
        return [session.run("y:0", {"x:0": X, "up:0": value}) for value in (True, False)]


def values(folder):
    reader = tf.train.NewCheckpointReader(folder + "/values")
    kinds = {name: [reader.get_tensor(name).dtype, reader.get_tensor(name).shape]
             for name in reader.get_variable_to_shape_map() if name != "parts"}
    assert reader.get_tensor("parts").tolist() == [0.0] * 6
    return {name: [str(kind), list(shape)] for name, (kind, shape) in kinds.items()}


def value_bytes(folder):
    reader = tf.train.NewCheckpointReader(folder + "/values")
    found = {}
    for name in reader.get_variable_to_shape_map():
        value = reader.get_tensor(name)
        found[name] = [v.hex() for v in value.ravel()] if value.dtype == object else value.tobytes().hex()
    return found


def objects(folder):
    a = tf.get_variable("other_a", [2], use_resource=True)
    b = tf.get_variable("other_b", [], use_resource=True)
    optimizer = tf.train.MomentumOptimizer(0.5, 0.5)
    optimizer.minimize(tf.reduce_sum(a * a) * b)
    holder = tf.train.Checkpoint()
    holder.some = [b]
    checkpoint = tf.train.Checkpoint(a=a, holder=holder, optimizer=optimizer)
    with tf.Session() as session:
        checkpoint.restore(tf.train.latest_checkpoint(folder + "/objects")).assert_consumed().run_restore_ops(session)
        return session.run([a, b, optimizer.get_slot(a, "momentum")])


def events(folder):
    found = []
    for path in glob.glob(folder + "/events/*"):
        for event in tf.train.summary_iterator(path):
            if event.HasField("summary"):
                found += [[event.step, [v.tag for v in event.summary.value]]]
    return found


def records(folder):
    found = {}
    for name in ("", "GZIP", "ZLIB"):
        options = tf.python_io.TFRecordOptions(getattr(tf.python_io.TFRecordCompressionType, name or "NONE"))
        found_records = tf.python_io.tf_record_iterator(folder + "/records" + name, options)
        examples = map(tf.train.Example.FromString, found_records)
        found[name] = [list(e.features.feature["n"].int64_list.value) for e in examples]
    return found


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def main():
    folder = sys.argv[1]
    found = {}
    for read in (meta_graph, old_checkpoint, frozen, frozen_text, saved_model, functional, values, value_bytes, objects,
                 events, records):  # fmt: skip
        try:
            with tf.Graph().as_default():
                found[read.__name__] = plain(read(folder))
        except Exception as error:
            found[read.__name__] = {"error": "%s: %s" % (type(error).__name__, error)}
    with open(folder + "/found.json", "w") as f:
        json.dump(found, f)


if __name__ == "__main__":
    main()
