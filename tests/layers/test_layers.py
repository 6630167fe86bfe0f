"""What layers do beyond the graphs they build, which tests/graph/test_parity.py compares."""

import numpy as np
import pytest

import defrun as tf


class Shifted(tf.layers.Layer):
    def build(self, input_shape):
        self.shift = self.add_weight("shift", [input_shape[-1]], initializer=tf.ones_initializer())
        self.built = True

    def call(self, inputs):
        self.add_loss(tf.reduce_sum(self.shift))
        self.add_loss(tf.reduce_sum(inputs), inputs=inputs)
        self.add_update(tf.assign(self.shift, tf.reduce_mean(inputs, 0)))
        return inputs + self.shift


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_losses_and_updates_by_inputs(graph):
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
    layer = Shifted()
    layer(x)
    free, bound = layer.losses
    assert layer.get_losses_for(None) == [free]
    assert layer.get_losses_for(x) == [bound]
    assert layer.get_losses_for(y) == []
    assert layer.get_updates_for(x) == layer.updates
    assert layer.get_updates_for(None) == []


def test_weights_can_be_read_and_set(graph):
    layer = tf.layers.Dense(2)
    layer(tf.ones([1, 3]))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        layer.set_weights([np.ones([3, 2]), np.array([1, 2])])
        kernel, bias = layer.get_weights()
        with pytest.raises(ValueError, match="2 weights"):
            layer.set_weights([kernel])
        with pytest.raises(ValueError, match="shape"):
            layer.set_weights([bias, kernel])
    assert kernel.tolist() == [[1, 1]] * 3
    assert bias.tolist() == [1, 2]
    with pytest.raises(ValueError, match="session"):
        layer.get_weights()


def test_config_of_a_layer_without_arguments(graph):
    config = Shifted(name="own", trainable=False).get_config()
    assert config == {"name": "own", "trainable": False, "dtype": None}
    assert Shifted.from_config(config).name == "own"
    with pytest.raises(NotImplementedError, match="get_config"):
        tf.layers.Flatten(data_format="channels_last")
        tf.layers.Dense(3).get_config()


def test_masks(graph):
    with pytest.raises(TypeError, match="mask"):
        Shifted().compute_mask(tf.ones([2]), tf.ones([2]))
    assert Shifted().compute_mask(tf.ones([2])) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), axis="last"),
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), axis=2),
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), axis=[1, -1]),
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), renorm=True, renorm_clipping={"max": 1.0}),
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), virtual_batch_size=0),
        lambda: tf.layers.batch_normalization(tf.ones([2, 3]), virtual_batch_size=1, adjustment=abs),
        lambda: tf.layers.conv2d_transpose(tf.ones([2, 3]), 2, 2),
        lambda: tf.layers.conv2d_transpose(tf.placeholder(tf.float32, [1, 2, 2, None]), 2, 2),
        lambda: tf.layers.separable_conv2d(tf.ones([2, 3, 4, 4]), 2, 2, padding="full"),
        lambda: tf.layers.conv2d(tf.ones([1, 4, 4, 1]), 2, [2, 2, 2]),
    ],
)
def test_wrong_arguments(graph, make):
    with pytest.raises((ValueError, TypeError)):
        make()


def test_batch_renormalization_is_corrected_towards_the_averages(graph):
    x = tf.placeholder(tf.float32, [None, 1])
    y = tf.layers.batch_normalization(x, renorm=True, renorm_clipping={"rmax": 1.0, "rmin": 1.0, "dmax": 0.0},
                                      renorm_momentum=0.5, training=True, epsilon=1e-6)  # fmt: skip
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        normal = session.run([y, updates], {x: [[1.0], [3.0]]})[0]
        kept = {v.op.name: session.run(v) for v in tf.global_variables()}
    np.testing.assert_allclose(normal, [[-1.0], [1.0]], rtol=1e-5)  # clipped so far that nothing is corrected
    np.testing.assert_allclose(kept["batch_normalization/renorm_mean"], [1.0])
    np.testing.assert_allclose(kept["batch_normalization/moving_mean"], [0.02], rtol=1e-5)
