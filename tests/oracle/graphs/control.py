"""Loops and branches: the nodes around them, as TensorFlow makes them under control flow v2."""

import numpy as np


def build_while_loops(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    w = tf.constant(np.eye(3, dtype=np.float32), name="w")
    tf.while_loop(lambda i: i < 10, lambda i: i + 3, [0])
    tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, tf.matmul(a, w)), [0, x], name="powers")
    tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * x), [tf.constant(0), x + 1.0], parallel_iterations=3)
    tf.while_loop(lambda a: tf.reduce_sum(a) < 9.0, lambda a: a * 2.0, [x], maximum_iterations=4)
    tf.while_loop(lambda a: tf.reduce_sum(a) < 9.0, lambda a: a * 2.0, [x], maximum_iterations=n, name="limited")
    invariants = [tf.TensorShape([]), tf.TensorShape([None, 3])]
    grow = lambda i, a: (i + 1, tf.concat([a, a], 0))  # noqa: E731
    tf.while_loop(lambda i, a: i < n, grow, [0, tf.zeros([1, 3])], shape_invariants=invariants, name="grow")
    with tf.name_scope("scope"), tf.control_dependencies([x]):
        tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a + w), [0, w])


def build_nested_structures(tf):
    sparse = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    double = lambda i, s: (i + 1, tf.SparseTensor(s.indices, s.values * 2.0, s.dense_shape))  # noqa: E731
    tf.while_loop(lambda i, s: i < 3, double, [0, sparse])
    body = lambda i, d: (i + 1, {"a": d["a"] * 2, "b": (d["b"][0] + d["a"], d["b"][1])})  # noqa: E731
    tf.while_loop(lambda i, d: i < 4, body, [0, {"a": 1, "b": (0, 7)}])


def build_loops_and_branches(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    w = tf.constant(2.0)

    def body(i, a):
        b = tf.while_loop(lambda j, b: j < i, lambda j, b: (j + 1, b * w + x), [0, a])[1]
        return i + 1, tf.cond(i < 2, lambda: b * w, lambda: b + x)

    tf.while_loop(lambda i, a: i < 3, body, [0, x])
    positive = tf.reduce_sum(x) > 0.0
    tf.cond(positive, lambda: tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0]), lambda: 3)
    tf.cond(positive, tf.no_op, tf.no_op, name="operations")
    tf.cond(positive, lambda: (x, x + 1.0), lambda: (x * 2.0, x), name="pairs")


def build_switch_case(tf):
    x, i = tf.placeholder(tf.float32, [None], name="x"), tf.placeholder(tf.int32, [], name="i")
    w = tf.constant(3.0)
    tf.switch_case(i, [lambda: x * 2.0, lambda: x + w, lambda: x])
    tf.switch_case(i, {0: lambda: (x, w), 1: lambda: (x, x * w)}, default=lambda: (x, x + w), name="other")
    tf.switch_case(i, [tf.no_op, tf.no_op])


def build_loops_with_variables(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")

    def body(i, a):
        w = tf.get_variable("w", [3, 3], initializer=tf.constant_initializer(0.5), use_resource=True)
        return i + 1, tf.nn.relu(tf.matmul(a, w))

    tf.while_loop(lambda i, a: i < 3, body, [0, x])
