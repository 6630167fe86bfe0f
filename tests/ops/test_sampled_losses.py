"""Losses over sampled classes train; their graphs are in tests/oracle/graphs."""

import numpy as np
import pytest

import defrun as tf


@pytest.mark.parametrize("loss", ["nce_loss", "sampled_softmax_loss"])
def test_sampled_losses_train_towards_their_classes(loss):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        weights, biases = tf.Variable(tf.zeros([20, 4])), tf.Variable(tf.zeros([20]))
        x = tf.constant(np.eye(4, dtype=np.float32))
        labels = tf.constant([[1], [5], [9], [13]], tf.int64)
        total = tf.reduce_mean(getattr(tf.nn, loss)(weights, biases, labels, x, 8, 20))
        step = tf.train.GradientDescentOptimizer(1.0).minimize(total)
        session.run(tf.global_variables_initializer())
        for _ in range(60):
            session.run(step)
        logits = session.run(tf.matmul(x, weights, transpose_b=True) + biases)
    assert logits.argmax(1).tolist() == [1, 5, 9, 13]
