"""Has TensorFlow 1.15.5 build graphs with its own loops and choices, run them, and write both down.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/frames/ask.py [name ...]

graphs/NAME.pb is the GraphDef, answers.json what it gave: feeds, fetched names and their values, as nested lists. A
function of `CASES` returns the tensors to fetch and what to feed; variables are frozen if the case says so, otherwise
"init" names what initializes them.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

HERE = os.path.dirname(os.path.abspath(__file__))
tf.logging.set_verbosity(tf.logging.FATAL)
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def numbers(*shape):
    return np.round(np.random.RandomState(sum(shape)).randn(*shape), 3).astype(np.float32)


@case
def counting():
    n = tf.placeholder(tf.int32, [], name="n")
    i, s = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i * i), (0, 0))
    return [i, s], {n: 7}


@case
def counting_gradient():
    x = tf.placeholder(tf.float32, [3], name="x")
    w = tf.placeholder(tf.float32, [3, 3], name="w")
    _, y = tf.while_loop(
        lambda i, y: i < 5, lambda i, y: (i + 1, tf.tanh(tf.tensordot(y, w, 1)) + 0.1 * y), (0, x)
    )
    return [y] + tf.gradients(tf.reduce_sum(y * y), [x, w]), {x: numbers(3), w: numbers(3, 3)}


@case
def until_large_gradient():
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.while_loop(lambda y: y < 100.0, lambda y: y * x * y, [x])
    return [y] + tf.gradients(y, [x]), {x: 1.7}


@case
def limited_gradient():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.while_loop(lambda y: tf.reduce_sum(y) < 100.0, lambda y: y * x + 1.0, [x], maximum_iterations=4)
    return [y] + tf.gradients(y, [x]), {x: [1.5, 0.5]}


@case
def nested_gradient():
    x = tf.placeholder(tf.float32, [2], name="x")

    def outer(i, y):
        _, z = tf.while_loop(lambda j, z: j < i + 1, lambda j, z: (j + 1, tf.sin(z) * x + z), (0, y))
        return i + 1, z * y

    _, y = tf.while_loop(lambda i, y: i < 3, outer, (0, x))
    return [y] + tf.gradients(y, [x]), {x: numbers(2)}


@case
def choice_gradient():
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: tf.sin(x) * x, lambda: tf.exp(x) + 1.0)
    z, k = tf.cond(p, lambda: (y * 2.0, 3), lambda: (y + x, 5))
    return [y, z, k] + tf.gradients(z, [x]), {x: numbers(2), p: True}


@case
def other_choice_gradient():
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: tf.sin(x) * x, lambda: tf.exp(x) + 1.0)
    return [y] + tf.gradients(y, [x]), {x: numbers(2), p: False}


@case
def nested_choices():
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.case([(x < 0, lambda: x * 2), (x < 1, lambda: tf.exp(x))], default=lambda: tf.cond(
        x > 5, lambda: x - 5, lambda: tf.constant(7.0)))
    return [y] + tf.gradients(y, [x]), {x: 6.5}


@case
def loop_in_choice():
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(
        p, lambda: tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s * x), (0, x))[1], lambda: tf.negative(x)
    )
    return [y] + tf.gradients(y, [x]), {x: numbers(2), p: True}


@case
def choice_in_loop():
    x = tf.placeholder(tf.float32, [2], name="x")
    _, y = tf.while_loop(
        lambda i, s: i < 4,
        lambda i, s: (i + 1, tf.cond(tf.equal(i % 2, 0), lambda: s * x, lambda: tf.sin(s) + x)),
        (0, x),
    )
    return [y] + tf.gradients(y, [x]), {x: numbers(2)}


@case
def map_gradient():
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    y = tf.map_fn(lambda v: tf.sin(v) * tf.reduce_sum(v), x)
    return [y] + tf.gradients(y, [x]), {x: numbers(4, 3)}


@case
def scan_gradient():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.scan(lambda a, v: tf.tanh(a) * v + v, x)
    return [y] + tf.gradients(y, [x]), {x: numbers(5, 3)}


@case
def growing_array():
    n = tf.placeholder(tf.int32, [], name="n")
    out = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    _, out = tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a.write(i, tf.cast(i * i, tf.float32))), (0, out))
    return [out.stack()], {n: 5}


@case
def assertion():
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x > 0), [x])]):
        return [tf.identity(x)], {x: [1.0, 2.0]}


@case
def dropout_in_choice():
    """A choice with random numbers in it, which its gradient takes from there."""
    x = tf.placeholder(tf.float32, [4, 5], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.layers.dropout(x * 2.0, 0.5, training=p, seed=1)
    return [y] + tf.gradients(tf.reduce_sum(y * y), [x]), {x: numbers(4, 5), p: True}


@case
def normalization_in_choice():
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.layers.batch_normalization(x, training=p)
    return [y] + tf.gradients(tf.reduce_sum(y**3), [x]), {x: numbers(4, 3), p: True}


@case
def choices_in_choice_in_loop():
    x = tf.placeholder(tf.float32, [2], name="x")

    def step(i, s):
        def inner():
            return tf.cond(tf.equal(i, 3), lambda: s * s, lambda: s * x)

        return i + 1, tf.cond(i % 2 > 0, inner, lambda: tf.sin(s) + x)

    _, y = tf.while_loop(lambda i, s: i < 5, step, (0, x))
    return [y] + tf.gradients(y, [x]), {x: numbers(2)}


@case
def loop_in_choice_in_loop():
    x = tf.placeholder(tf.float32, [2], name="x")

    def step(i, s):
        def inner():
            return tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, tf.sin(t) * x), (0, s))[1]

        return i + 1, tf.cond(i % 2 > 0, inner, lambda: tf.sin(s) + x)

    _, y = tf.while_loop(lambda i, s: i < 4, step, (0, x))
    return [y] + tf.gradients(y, [x]), {x: numbers(2)}


@case
def array_in_map():
    x = tf.placeholder(tf.float32, [3, 4], name="x")
    y = tf.map_fn(lambda row: tf.reduce_sum(tf.scan(lambda a, v: a * v + 1.0, row)), x)
    return [y] + tf.gradients(y, [x]), {x: numbers(3, 4)}


@case
def folds():
    x = tf.placeholder(tf.float32, [4, 2], name="x")
    a, b = tf.foldl(lambda a, v: a * v + 1.0, x), tf.foldr(lambda a, v: tf.sin(a) - v, x)
    return [a, b] + tf.gradients(a + b, [x]), {x: numbers(4, 2)}


@case
def raw_rnn():
    x = tf.placeholder(tf.float32, [5, 2, 3], name="x")
    n = tf.placeholder(tf.int32, [2], name="n")
    array = tf.TensorArray(tf.float32, 5).unstack(x)
    cell = tf.nn.rnn_cell.BasicRNNCell(4)

    def loop(time, output, state, loop_state):
        done = time >= n
        following = tf.cond(
            tf.reduce_all(done), lambda: tf.zeros([2, 3]), lambda: array.read(time)
        )
        state = cell.zero_state(2, tf.float32) if output is None else state
        return done, following, state, output, None

    outputs, state, _ = tf.nn.raw_rnn(cell, loop)
    return [outputs.stack(), state], {x: numbers(5, 2, 3), n: [3, 5]}


@case
def lstm():
    """Frozen: variables have become constants."""
    x = tf.placeholder(tf.float32, [None, 6, 3], name="x")
    n = tf.placeholder(tf.int32, [None], name="n")
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, initializer=tf.random_uniform_initializer(-1, 1, seed=1))
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=n, dtype=tf.float32)
    logits = tf.layers.dense(state.h, 2, kernel_initializer=tf.random_uniform_initializer(-1, 1, seed=2))
    return [outputs, state.c, tf.identity(logits, "logits")], {x: numbers(2, 6, 3), n: [6, 3]}


@case
def training():
    """A step of training of a recurrent network, in a graph with its variables."""
    x = tf.placeholder(tf.float32, [2, 5, 3], name="x")
    y = tf.placeholder(tf.float32, [2, 1], name="y")
    cell = tf.nn.rnn_cell.GRUCell(4, kernel_initializer=tf.random_uniform_initializer(-1, 1, seed=1))
    _, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    logits = tf.layers.dense(state, 1, kernel_initializer=tf.random_uniform_initializer(-1, 1, seed=2))
    loss = tf.reduce_mean((logits - y) ** 2, name="loss")
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    step = optimizer.minimize(loss)
    with tf.control_dependencies([step]):
        return [tf.identity(loss, "fetched")], {x: numbers(2, 5, 3), y: [[1.0], [-1.0]]}


def ask(name):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(3)
        fetches, feeds = CASES[name]()
        init = tf.global_variables_initializer()
        session.run(init)
        runs = [session.run(fetches, feeds) for _ in range(3 if name == "training" else 1)]
        graph_def = graph.as_graph_def()
        names = [t.op.name for t in fetches]
        if name != "training":
            graph_def = tf.graph_util.convert_variables_to_constants(session, graph_def, names)
        with open(os.path.join(HERE, "graphs", name + ".pb"), "wb") as file:
            file.write(graph_def.SerializeToString())
        return {
            "feeds": {t.name: np.asarray(v).tolist() for t, v in feeds.items()},
            "fetches": [t.name for t in fetches],
            "init": init.name if name == "training" else None,
            "values": [[np.asarray(v).tolist() for v in values] for values in runs],
        }


def main():
    path = os.path.join(HERE, "answers.json")
    answers = {}
    if sys.argv[1:] and os.path.exists(path):
        with open(path) as file:
            answers = json.load(file)
    for name in sys.argv[1:] or CASES:
        answers[name] = ask(name)
    with open(path, "w") as file:
        json.dump(answers, file, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
