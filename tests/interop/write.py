"""Writes a file of each kind with defrun, for `read.py`, and returns the numbers that they stand for."""

import numpy as np

import defrun as tf

X = np.linspace(-1.0, 1.0, 8, dtype=np.float32).reshape(2, 4)
WORDS = ["pear", "nothing"]


def everything(folder):
    """Write into `folder`; return {kind: what TensorFlow should find there}."""
    expected = {}
    for kind in (model, functional, values, objects, events, records):
        with tf.Graph().as_default(), tf.Session() as session:
            expected.update(kind(session, folder))
    return expected


def model(session, folder):
    """A network that can be trained on: checkpoints of both versions, meta graph, frozen graph, saved model."""
    tf.set_random_seed(3)
    words_file = f"{folder}/words.txt"
    with open(words_file, "w") as f:
        f.write("apple\npear\n")
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    words = tf.placeholder(tf.string, [None], name="words")
    ids = tf.identity(tf.contrib.lookup.index_table_from_file(words_file, default_value=9).lookup(words), name="ids")
    w = tf.get_variable("w", [4, 3])
    b = tf.get_variable("b", [3], initializer=tf.ones_initializer(), use_resource=True)
    y = tf.nn.softmax(tf.matmul(x, w) + b, name="y")
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_mean(tf.square(y)), name="train")
    session.run([tf.global_variables_initializer(), tf.tables_initializer()])
    for _ in range(3):
        session.run(train, {x: X})
    tf.train.Saver().save(session, f"{folder}/model")
    tf.train.Saver(write_version=tf.train.SaverDef.V1).save(session, f"{folder}/old_model", write_state=False)
    constant = tf.graph_util.convert_variables_to_constants(session, session.graph.as_graph_def(), ["y"])
    tf.train.write_graph(constant, folder, "frozen.pb", as_text=False)
    tf.train.write_graph(constant, folder, "frozen.pbtxt")
    tf.saved_model.simple_save(session, f"{folder}/saved", {"x": x, "words": words}, {"y": y, "ids": ids},
                               tf.tables_initializer())  # fmt: skip
    found = {"y": session.run(y, {x: X}), "w": session.run(w)}
    session.run(train, {x: X})
    return {"model": {**found, "trained": session.run(y, {x: X}), "ids": [1, 9]}}


def functional(session, folder):
    """A graph with conditions, loops and gradients of both."""
    x = tf.placeholder(tf.float32, [2, 4], name="x")
    up = tf.placeholder(tf.bool, [], name="up")
    v = tf.get_variable("v", initializer=np.float32([1.0, 2.0, 3.0, 4.0]), use_resource=True)
    y = tf.cond(up, lambda: tf.cond(x[0, 0] > 0, lambda: x, lambda: x + v), lambda: tf.split(x, 2)[0] + x)
    _, z = tf.while_loop(lambda i, z: i < 3, lambda i, z: (i + 1, z * v + x), [0, y], name="loop")
    tf.identity(z, name="y")
    session.run(tf.global_variables_initializer())
    tf.train.write_graph(session.graph, folder, "functional.pb", as_text=False)
    return {"functional": [session.run("y:0", {x: X, up: value}) for value in (True, False)]}


VALUES = {
    "float16": np.float16([1.5, -2.0]),
    "float64": np.float64([[1e300], [-0.0]]),
    "int8": np.int8([-128, 127]),
    "uint16": np.uint16([65535]),
    "int64": np.int64(-(2**62)),
    "bool": np.array([True, False]),
    "complex64": np.complex64([1 + 2j]),
    "empty": np.zeros([0, 3], np.float32),
    "texts": np.array([b"a", b"", b"\xff" * 200], object),
}


def values(session, folder):
    """A checkpoint with every kind of element."""
    for name, value in VALUES.items():
        tf.get_variable(name, initializer=tf.constant(value))
    tf.get_variable("parts", [6], initializer=tf.zeros_initializer(), partitioner=tf.fixed_size_partitioner(2))
    session.run(tf.global_variables_initializer())
    tf.train.Saver(sharded=True).save(session, f"{folder}/values", write_state=False, write_meta_graph=False)
    return {"values": {name: [str(v.dtype), list(v.shape)] for name, v in VALUES.items()}}


def objects(session, folder):
    """A checkpoint of objects: variables, a list of them, an optimizer and its slots."""
    a = tf.get_variable("a", [2], initializer=tf.constant_initializer([1.0, 2.0]), use_resource=True)
    b = tf.get_variable("b", [], initializer=tf.constant_initializer(3.0), use_resource=True)
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    train = optimizer.minimize(tf.reduce_sum(a * a) * b)
    session.run(tf.global_variables_initializer())
    session.run(train)
    holder = tf.contrib.checkpoint.Checkpointable()
    holder.some = [b]
    tf.train.Checkpoint(a=a, holder=holder, optimizer=optimizer).save(f"{folder}/objects/x", session)
    return {"objects": session.run([a, b, optimizer.get_slot(a, "momentum")])}


def events(session, folder):
    """Summaries of each kind, and the graph."""
    tf.summary.scalar("loss", tf.constant(1.5))
    tf.summary.histogram("weights", tf.constant([1.0, 2.0, 2.0]))
    tf.summary.image("picture", tf.zeros([1, 2, 3, 1]))
    with tf.summary.FileWriter(f"{folder}/events", session.graph) as writer:
        for step in range(3):
            writer.add_summary(session.run(tf.summary.merge_all()), step)
    return {"events": [[step, ["loss", "weights", "picture/image/0"]] for step in range(3)]}


def records(session, folder):
    """Records, plain and compressed."""
    kinds = {"": tf.python_io.TFRecordCompressionType.NONE, "GZIP": tf.python_io.TFRecordCompressionType.GZIP,
             "ZLIB": tf.python_io.TFRecordCompressionType.ZLIB}  # fmt: skip
    for name, kind in kinds.items():
        with tf.python_io.TFRecordWriter(f"{folder}/records{name}", tf.python_io.TFRecordOptions(kind)) as writer:
            for number in range(5):
                feature = {"n": tf.train.Feature(int64_list=tf.train.Int64List(value=[number, -number]))}
                writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    return {"records": {name: [[n, -n] for n in range(5)] for name in kinds}}
