"""Shapes, axes and permutations may come from anywhere."""

import numpy as np

import defrun as tf


def test_a_shape_from_a_variable():
    with tf.Graph().as_default(), tf.Session() as sess:
        rows = tf.Variable(2, name="rows")
        y = tf.reshape(tf.range(12), tf.stack([rows, -1]))
        sess.run(rows.initializer)
        assert sess.run(y).shape == (2, 6)
        sess.run(tf.assign(rows, 3))
        assert sess.run(y).shape == (3, 4)


def test_a_shape_from_a_random_op():
    with tf.Graph().as_default(), tf.Session() as sess:
        n = tf.random_uniform([], 1, 5, dtype=tf.int32, seed=1)
        assert sess.run(tf.zeros([n, 2])).shape[1] == 2


def test_a_shape_from_the_shape_of_a_feed_of_any_size():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, None])
        flat = tf.reshape(x, [tf.shape(x)[0] * tf.shape(x)[1]])
        assert flat.shape.as_list() == [None]
        for shape in ((2, 3), (4, 5)):
            assert sess.run(flat, {x: np.zeros(shape)}).shape == (shape[0] * shape[1],)


def test_a_shape_from_what_a_host_op_returns():
    with tf.Graph().as_default(), tf.Session() as sess:
        size = tf.py_func(lambda: np.int32(3), [], tf.int32)
        assert sess.run(tf.fill(tf.reshape(size, [1]), 7.0)).tolist() == [7.0, 7.0, 7.0]


def test_a_shape_computed_from_a_large_feed_comes_from_an_earlier_stage():
    with tf.Graph().as_default(), tf.Session() as sess:
        lengths = tf.placeholder(tf.float32, [None])
        n = tf.cast(tf.reduce_max(lengths), tf.int32)
        y = tf.zeros([n])
        e = sess.explain(y, {lengths: [1.0, 4.0]})
        assert len(e.stages) == 2
        assert sess.run(y, {lengths: [1.0, 4.0]}).shape == (4,)


def test_what_is_known_of_a_shape_before_running():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 4, 5])
        y = tf.reshape(x, [tf.shape(x)[0], 20])
        assert y.shape.as_list() == [None, 20]
        z = tf.reshape(y, tf.concat([tf.shape(y)[:1], [2, 10]], 0))
        assert z.shape.as_list() == [None, 2, 10]
        assert tf.zeros([tf.minimum(tf.shape(x)[0], 100)]).shape.as_list() == [None]
        assert tf.ones(tf.shape(tf.zeros([2, 3]))).shape.as_list() == [2, 3]
