"""The classic trap: updates are defined, but never fetched."""

import warnings

import numpy as np
import pytest

import defrun as tf
from defrun.session import ForgottenUpdateWarning


def build():
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    w = tf.Variable(tf.zeros([3, 1]), name="w")
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
    (grad,) = tf.gradients(loss, [w])
    update = w.assign(w - 0.1 * grad)
    return x, loss, grad, update


def runs(fetches, times=60):
    x, *_ = fetches
    with tf.Session() as sess, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sess.run(tf.global_variables_initializer())
        for _ in range(times):
            sess.run(fetches[1], {x: np.ones([4, 3])})
    return [w for w in caught if w.category is ForgottenUpdateWarning]


def test_forgotten_updates_are_named_once_with_the_users_line():
    with tf.Graph().as_default():
        x, loss, grad, update = build()
        found = runs((x, [loss, grad]))
    assert len(found) == 1
    text = str(found[0].message)
    assert update.op.name in text
    assert "test_forgotten.py" in text
    assert "update = w.assign(w - 0.1 * grad)" in text
    assert found[0].filename == __file__


@pytest.mark.parametrize("fetch", ["update", "group"])
def test_no_warning_when_updates_run(fetch):
    with tf.Graph().as_default():
        x, loss, _, update = build()
        target = update if fetch == "update" else tf.group(update)
        assert not runs((x, [loss, target]))


def test_no_warning_without_updates():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4, 3])
        w = tf.Variable(tf.zeros([3, 1]))
        assert not runs((x, tf.reduce_sum(tf.matmul(x, w))))


def test_no_warning_when_something_else_than_the_loss_is_run():
    with tf.Graph().as_default():
        x, _, _, _ = build()
        prediction = tf.get_default_graph().get_tensor_by_name("MatMul:0")
        assert not runs((x, prediction))


def test_no_warning_in_evaluation_after_training():
    with tf.Graph().as_default():
        x, loss, _, update = build()
        with tf.Session() as sess, warnings.catch_warnings():
            warnings.simplefilter("error")
            sess.run(tf.global_variables_initializer())
            sess.run(update, {x: np.ones([4, 3])})
            for _ in range(60):
                sess.run(loss, {x: np.ones([4, 3])})


@pytest.mark.parametrize("outer", [False, True], ids=["values", "policy"])
def test_no_warning_while_an_agent_acts_before_it_learns(outer):
    """The gradient of its policy is asked for, with that of the critic as `grad_ys`; the policy is not a loss."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4, 3])
        w = tf.Variable(tf.zeros([3, 1]))
        policy = tf.tanh(tf.matmul(x, w))
        (grad,) = tf.gradients(policy, [w], grad_ys=tf.ones([4, 1]) if outer else None)
        tf.train.AdamOptimizer(-0.1).apply_gradients([(grad, w)])
        assert not runs((x, policy))
