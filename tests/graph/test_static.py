"""What is known of values while the graph is built, and what only looks known."""

import defrun as tf


def test_sizes_that_are_not_known_are_not_known_to_be_equal():
    x = tf.placeholder(tf.float32, [None, None, 3])
    height, width = tf.shape(x)[0], tf.shape(x)[1]
    assert tf.zeros([height - width + 5, 2]).shape.as_list() == [None, 2]
    assert tf.zeros([height - height + 5, 2]).shape.as_list() == [5, 2]


def test_fed_numbers_are_not_known_to_be_equal():
    n, m = tf.placeholder(tf.int32, [2]), tf.placeholder(tf.int32, [])
    assert tf.zeros([n[0] - n[1] + 5, m - n[0] + 3]).shape.as_list() == [None, None]
    assert tf.zeros([m - m + 5]).shape.as_list() == [5]


def test_sizes_of_many_axes_count():
    x = tf.placeholder(tf.float32, [None] * 6)
    assert tf.reshape(x, [tf.shape(x)[0], -1, 4]).shape.as_list() == [None, None, 4]
