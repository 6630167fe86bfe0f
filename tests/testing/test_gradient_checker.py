"""`tf.test.compute_gradient` tells a right gradient from a wrong one."""

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_both_jacobians_of_a_product():
    x = tf.placeholder(tf.float64, [2])
    y = x * x + tf.constant([1.0, 3.0], tf.float64)
    theoretical, numeric = tf.test.compute_gradient(x, [2], y, [2], x_init_value=np.array([2.0, 5.0]))
    np.testing.assert_allclose(theoretical, [[4, 0], [0, 10]])
    np.testing.assert_allclose(numeric, theoretical, atol=1e-6)


def test_a_list_and_feeds():
    a, b = tf.placeholder(tf.float64, [2]), tf.placeholder(tf.float64, [2])
    points = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    feeds = {a: points[0], b: points[1]}
    pairs = tf.test.compute_gradient([a, b], [[2], [2]], a * b, [2], x_init_value=points, extra_feed_dict=feeds)
    assert [pair[0].diagonal().tolist() for pair in pairs] == [[3, 4], [1, 2]]


def test_a_wrong_gradient_shows():
    @tf.custom_gradient
    def wrong(x):
        return x * x, lambda dy: dy * x

    x = tf.placeholder(tf.float64, [2])
    assert tf.test.compute_gradient_error(x, [2], tf.sin(x), [2]) < 1e-5
    assert tf.test.compute_gradient_error(x, [2], wrong(x), [2], x_init_value=np.array([1.0, 2.0])) > 0.9


def test_what_has_no_gradient_is_refused():
    x = tf.placeholder(tf.int32, [1])
    with pytest.raises(TypeError, match="int32"):
        tf.test.compute_gradient(x, [1], tf.cast(x, tf.float32), [1])
    y = tf.placeholder(tf.float32, [1])
    with pytest.raises(ValueError, match="x_shape"):
        tf.test.compute_gradient(y, [1], y * 2, [1], x_init_value=np.zeros([2]))
