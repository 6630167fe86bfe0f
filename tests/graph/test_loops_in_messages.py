"""Loops with gradients go out as a GraphDef and come in again."""

import numpy as np
import pytest

import defrun as tf

X = np.linspace(0.2, 1.0, 4, dtype=np.float32).reshape(2, 2)


def one_loop(x):
    return tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, tf.tanh(tf.matmul(a, a) + x)), [0, x])[1]


def loop_in_loop(x):
    def body(i, a):
        return i + 1, tf.while_loop(lambda j, b: j < 2, lambda j, b: (j + 1, tf.sin(b) * a), [0, a])[1] + x

    return tf.while_loop(lambda i, a: i < 3, body, [0, x])[1]


@pytest.mark.parametrize("build", [one_loop, loop_in_loop])
def test_a_gradient_survives_the_message(build):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        x = tf.placeholder(tf.float32, [2, 2], name="x")
        result = tf.identity(build(x), name="result")
        grad = tf.identity(tf.gradients(result, x)[0], name="grad")
        wanted = sess.run([result, grad], {x: X})
        message = graph.as_graph_def()
    with tf.Graph().as_default(), tf.Session() as sess:
        found = tf.import_graph_def(message, return_elements=["result:0", "grad:0"], name="")
        for got, value in zip(sess.run(found, {"x:0": X}), wanted, strict=True):
            np.testing.assert_allclose(got, value, rtol=1e-6)
