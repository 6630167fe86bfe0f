"""What tf.contrib.layers refuses, and what comes out; the graphs are compared in tests/graph/test_parity.py."""

import numpy as np
import pytest

import defrun as tf

layers = tf.contrib.layers


@pytest.fixture(autouse=True)
def _graph():
    with tf.Graph().as_default():
        yield


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.layer_norm(tf.placeholder(tf.float32)),
        lambda: layers.layer_norm(tf.placeholder(tf.float32, [2, None])),
        lambda: layers.layer_norm(tf.ones([2, 3]), begin_norm_axis=2),
        lambda: layers.group_norm(tf.ones([2, 4, 4, 6]), 4),
        lambda: layers.group_norm(tf.ones([2, 4, 4, 6]), 8),
        lambda: layers.group_norm(tf.ones([2, 4, 4, 6]), 2, channels_axis=4),
        lambda: layers.group_norm(tf.ones([2, 4, 4, 6]), 2, reduction_axes=[3]),
        lambda: layers.group_norm(tf.placeholder(tf.float32, [2, None, 4, 6]), 2),
        lambda: layers.instance_norm(tf.ones([2, 3]), data_format="NWC"),
        lambda: layers.batch_norm(tf.ones([2, 3]), renorm=True, updates_collections=None),
        lambda: layers.unit_norm(tf.ones([2, 3]), 2),
        lambda: layers.maxout(tf.ones([2, 5]), 2),
        lambda: layers.softmax(tf.ones([3])),
        lambda: layers.stack(tf.ones([2, 3]), layers.relu, 4),
        lambda: layers.conv2d(tf.ones([2, 3, 4]), 2, 3),
        lambda: layers.conv2d(tf.ones([2, 3, 4, 4]), 2, 3, data_format="CHWN"),
        lambda: layers.conv2d_transpose(tf.ones([2, 3, 4, 4]), 2, 3, data_format="NDHWC"),
        lambda: layers.max_pool3d(tf.ones([2, 3, 4, 4, 1]), 2, data_format="NHWC"),
        lambda: layers.bias_add(tf.ones([2, 3]), data_format="NCHW"),
        lambda: layers.legacy_fully_connected(tf.ones([3]), 2),
        lambda: layers.gdn(tf.ones([2, 3, 4, 4]), data_format="NHWC"),
        lambda: layers.spatial_softmax(tf.ones([2, 3, 4, 4]), data_format="NWC"),
        lambda: tf.contrib.slim.pool(tf.ones([2, 3]), 2, "MAX"),
    ],
)
def test_wrong_arguments(make):
    with pytest.raises(ValueError, match=r"\w"):
        make()


def run(*fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def test_norms_normalize():
    x = tf.constant(np.random.RandomState(1).randn(2, 4, 4, 6).astype(np.float32) * 3 + 1)
    whole, places, groups = run(layers.layer_norm(x), layers.instance_norm(x), layers.group_norm(x, 3))
    for found, axes in ((whole, (1, 2, 3)), (places, (1, 2)), (groups.reshape(2, 4, 4, 3, 2), (1, 2, 4))):
        np.testing.assert_allclose(found.mean(axes), 0, atol=1e-5)
        np.testing.assert_allclose(found.std(axes), 1, rtol=1e-4)


def test_images_come_back_from_sequences():
    x = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    (back,) = run(layers.sequence_to_images(layers.images_to_sequence(tf.constant(x)), 3))
    np.testing.assert_array_equal(back, x)


def test_gradients_lift_what_is_below_the_bound():
    x = tf.ones([1, 2, 2, 3])
    y = layers.gdn(x, gamma_init=0.0)
    gamma = next(v for v in tf.trainable_variables() if "gamma" in v.name)
    up, down = run(tf.gradients(y, gamma)[0], tf.gradients(-y, gamma)[0])
    assert np.all(up <= 0) or np.all(down <= 0)
    assert np.any(up) or np.any(down)


def test_rows_of_a_sparse_tensor_end_where_the_token_stands():
    sparse = layers.dense_to_sparse(tf.constant([[5, 0], [0, 7]]))
    places, values, shape = run(sparse.indices, sparse.values, sparse.dense_shape)
    assert places.tolist() == [[0, 0], [1, 1]]
    assert values.tolist() == [5, 7]
    assert shape.tolist() == [2, 2]
