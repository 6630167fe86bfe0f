"""Has TensorFlow 1.15.5 write graphs and models of each kind, with the numbers that they give there.

Run with a Python that has it, in this folder:  python tests/oracle/exported/make.py
And with one that has the newest TensorFlow, for the model that 2.x writes:  python tests/oracle/exported/make.py 2
"""

import binascii
import json
import os
import shutil
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
X = np.linspace(-1.0, 1.0, 8, dtype=np.float32).reshape(2, 4)
WORDS = ["apple", "pear", "plum", "nothing"]


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.chdir(HERE)
    path = "answers.json"
    answers = {}
    if os.path.exists(path):
        with open(path) as f:
            answers = json.load(f)
    for make in [newest] if sys.argv[1:] == ["2"] else [model, functional, flow, queues]:
        answers[make.__name__] = make()
    with open(path, "w") as f:
        json.dump(answers, f, indent=1, sort_keys=True)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    value = np.asarray(value)
    return [v.decode() for v in value.ravel()] if value.dtype == object else value.tolist()


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def model():
    """Write a trained network with a vocabulary as saved model, checkpoint with meta graph, and frozen graph."""
    import tensorflow as tf

    with open("words.txt", "w") as f:
        f.write("\n".join(WORDS[:3]) + "\n")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, [None, 4], name="x")
        words = tf.placeholder(tf.string, [None], name="words")
        table = tf.contrib.lookup.index_table_from_file("words.txt", num_oov_buckets=2)
        ids = tf.identity(table.lookup(words), name="ids")
        with tf.variable_scope("dense"), tf.device("/cpu:0"):
            w = tf.get_variable("w", [4, 3])
            b = tf.get_variable("b", [3], initializer=tf.ones_initializer(), use_resource=True)
            h = tf.matmul(x, w) + b
        y = tf.nn.softmax(h, name="y")
        with tf.control_dependencies([tf.check_numerics(y, "y")]):
            tf.identity(y, name="checked")
        step = tf.train.get_or_create_global_step()
        train = tf.train.MomentumOptimizer(0.5, 0.9).minimize(tf.reduce_sum(y[:, 0]), step)
        tf.add_to_collection("shown", y)
        tf.add_to_collection("sizes", 3)
        tf.add_to_collection("titles", "network")
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        for _ in range(3):
            session.run(train, {x: X})
        feeds = {x: X, words: WORDS}
        answer = session.run({"y": y, "ids": ids, "step": step, "w": w, "b": b}, feeds)
        tf.train.Saver().save(session, "checkpoint/model", write_state=False)
        tf.train.write_graph(tf.get_default_graph(), ".", "graph.pbtxt")
        frozen = tf.graph_util.convert_variables_to_constants(
            session, tf.get_default_graph().as_graph_def(), ["checked"], variable_names_blacklist=["dense/b"]
        )
        answer["blacklisted"] = sorted(n.name + " " + n.op for n in frozen.node)
        # A constant is frozen through its read; TensorFlow wants it to be there.
        frozen = tf.graph_util.convert_variables_to_constants(
            session, tf.get_default_graph().as_graph_def(), ["checked"]
        )
        tf.train.write_graph(frozen, ".", "frozen.pb", as_text=False)
        cleaned = tf.graph_util.remove_training_nodes(frozen, ["checked"])
        tf.train.write_graph(cleaned, ".", "cleaned.pb", as_text=False)
        scoped = tf.train.export_meta_graph(export_scope="dense")
        with open("dense.meta", "wb") as f:
            f.write(scoped.SerializeToString())
        tf.saved_model.simple_save(
            session, fresh("saved"), {"x": x, "words": words}, {"y": y, "ids": ids}, tf.tables_initializer()
        )
    answer = {k: v if k == "blacklisted" else plain(v) for k, v in answer.items()}
    shutil.move("words.txt", "words.gone")
    os.remove("words.gone")
    return answer


def functional():
    """Write a graph whose conditions, loops and calls are functions."""
    import tensorflow as tf
    from tensorflow.python.framework import function

    tf.enable_control_flow_v2()

    @function.Defun(tf.float32, tf.float32)
    def both(a, b):
        return a * b, a + b

    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2, 4], name="x")
        up = tf.placeholder(tf.bool, [], name="up")
        v = tf.get_variable("v", initializer=np.float32([1.0, 2.0, 3.0, 4.0]), use_resource=True)
        y = tf.cond(up, lambda: tf.cond(x[0, 0] > 0, lambda: x, lambda: x + v), lambda: tf.split(x, 2)[0] + x)
        _, z = tf.while_loop(lambda i, z: i < 3, lambda i, z: (i + 1, z * v + x), [0, y], name="loop")
        a, b = both(z, y)
        tf.add(a, b, name="y")
        session.run(tf.global_variables_initializer())
        answers = [plain(session.run("y:0", {x: X, up: up_value})) for up_value in (True, False)]
        tf.train.write_graph(tf.get_default_graph(), ".", "functional.pb", as_text=False)
    tf.disable_control_flow_v2()
    return answers


def flow():
    """Write a graph with version 1's Switch, Merge, Enter, ... and the collections that tell of them."""
    import tensorflow as tf

    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2, 4], name="x")
        up = tf.placeholder(tf.bool, [], name="up")
        v = tf.Variable([1.0, 2.0, 3.0, 4.0], name="v")
        y = tf.cond(up, lambda: tf.cond(x[0, 0] > 0, lambda: x, lambda: x + v), lambda: tf.split(x, 2)[0] + x)
        _, z = tf.while_loop(lambda i, z: i < 3, lambda i, z: (i + 1, z * v + x), [0, y], name="loop")
        tf.identity(z, name="y")
        session.run(tf.global_variables_initializer())
        answers = [plain(session.run("y:0", {x: X, up: up_value})) for up_value in (True, False)]
        tf.train.Saver().save(session, "flow/model", write_state=False)
    return answers


def queues():
    """Write a meta graph with a queue and what fills it."""
    import tensorflow as tf

    with tf.Graph().as_default():
        numbers = tf.train.range_input_producer(5, num_epochs=1, shuffle=False)
        tf.train.batch([numbers.dequeue()], 2, allow_smaller_final_batch=True, name="batch")
        tf.train.export_meta_graph("queues.meta")
        runners = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
        return [binascii.hexlify(r.to_proto().SerializeToString()).decode() for r in runners]


def newest():
    """Write a model as TensorFlow 2 does: everything in functions, the checkpoint by objects."""
    import tensorflow as tf

    class Network(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable(np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3))
            self.b = tf.Variable([0.1, 0.2, 0.3])

        @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
        def serve(self, x):
            y = tf.nn.relu(x @ self.w + self.b)
            if tf.reduce_sum(y) > 1.0:
                y = y * 2.0
            for i in tf.range(3):
                y = y + tf.cast(i, tf.float32)
            return {"y": y}

    network = Network()
    tf.saved_model.save(network, fresh("newest"), signatures=network.serve)
    return {"y": plain(network.serve(tf.constant(X))["y"].numpy()), "version": tf.__version__}


if __name__ == "__main__":
    main()
