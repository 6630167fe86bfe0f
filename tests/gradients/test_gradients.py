"""tf.gradients and its relatives."""

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def value(fetches, feeds=None):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return sess.run(fetches, feeds)


def test_higher_order():
    x = tf.constant(2.0)
    first = tf.gradients(x**4, x)[0]
    second = tf.gradients(first, x)[0]
    third = tf.gradients(second, x)[0]
    np.testing.assert_allclose(value([first, second, third]), [32.0, 48.0, 48.0], rtol=1e-6)


def test_it_adds_nodes_and_runs_nothing():
    x = tf.placeholder(tf.float32, [2])
    before = tf.get_default_graph().version
    (grad,) = tf.gradients(tf.reduce_sum(x * x), [x])
    assert tf.get_default_graph().version > before
    assert grad.name.startswith("gradients/")
    assert grad.shape.as_list() == [2]


def test_grad_ys_and_stop_gradients():
    a = tf.constant([1.0, 2.0])
    b = a * 3.0
    c = a * b
    assert value(tf.gradients(c, a, grad_ys=[tf.constant([1.0, 10.0])])[0]).tolist() == [6.0, 120.0]
    assert value(tf.gradients(c, a, stop_gradients=[b])[0]).tolist() == [3.0, 6.0]


def test_unconnected():
    x, y = tf.constant(1.0), tf.constant(2.0)
    assert tf.gradients(y * 2.0, [x]) == [None]
    zero = tf.gradients(y * 2.0, [x], unconnected_gradients=tf.UnconnectedGradients.ZERO)[0]
    assert value(zero) == 0.0
    assert tf.gradients(tf.stop_gradient(x) * 2.0, x) == [None]


def test_lookup_gives_indexed_slices():
    table = tf.Variable(np.arange(12.0, dtype=np.float32).reshape(6, 2))
    rows = tf.nn.embedding_lookup(table, [1, 3, 1])
    (grad,) = tf.gradients(tf.reduce_sum(rows * rows), [table])
    assert isinstance(grad, tf.IndexedSlices)
    dense = np.zeros([6, 2])
    dense[1] = 2 * 2 * np.array([2.0, 3.0])
    dense[3] = 2 * np.array([6.0, 7.0])
    np.testing.assert_allclose(value(tf.convert_to_tensor(grad)), dense)


def test_hessians():
    x = tf.constant([1.0, 2.0, 3.0])
    (h,) = tf.hessians(x[0] * x[0] * x[1] + x[2] ** 3, x)
    np.testing.assert_allclose(value(h), [[4.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 18.0]])


def test_custom_gradient():
    @tf.custom_gradient
    def clipped(x):
        return x * 5.0, lambda dy: tf.clip_by_value(dy, -1.0, 1.0)

    x = tf.constant(2.0)
    y = clipped(x) * 10.0
    assert value([y, tf.gradients(y, x)[0]]) == [100.0, 1.0]


def test_custom_gradient_of_a_function_that_uses_variables():
    w = tf.get_variable("w", initializer=3.0)

    @tf.custom_gradient
    def scaled(x):
        def grad(dy, variables=None):
            assert variables == [w]
            return dy * 100.0, [dy * 1000.0]

        return x * w.read_value(), grad

    x = tf.constant(2.0)
    y = scaled(x)
    assert value(tf.gradients(y, [x, w])) == [100.0, 1000.0]


def test_registered_gradient_through_the_override_map():
    @tf.RegisterGradient("TestOnlyTenfold")
    def tenfold(op, grad):
        return 10.0 * grad

    x = tf.constant(2.0)
    with tf.get_default_graph().gradient_override_map({"Square": "TestOnlyTenfold"}):
        y = tf.square(x)
    z = tf.square(x)
    assert value(tf.gradients(y, x) + tf.gradients(z, x)) == [10.0, 4.0]
    with pytest.raises(KeyError):
        tf.RegisterGradient("TestOnlyTenfold")(tenfold)


def test_a_gradient_may_be_that_of_another_op():
    x = tf.constant(-2.0)
    with tf.get_default_graph().gradient_override_map({"Sign": "Identity"}):
        y = 3.0 * tf.sign(x)
    assert value(tf.gradients(y, x)) == [3.0]


def test_an_op_without_a_rule_is_named():
    x = tf.constant(2.0)
    with tf.get_default_graph().gradient_override_map({"Square": "TestOnlyNotThere"}):
        y = tf.square(x)
    with pytest.raises(LookupError, match="TestOnlyNotThere"):
        tf.gradients(y, x)


def test_gradients_of_a_choice():
    x, p = tf.constant(3.0), tf.placeholder(tf.bool, [])
    w = tf.Variable(5.0)
    y = tf.cond(p, lambda: x * x * w, lambda: tf.sin(x))
    grads = tf.gradients(y, [x, w])
    np.testing.assert_allclose(value([y, *grads], {p: True}), [45.0, 30.0, 9.0])
    np.testing.assert_allclose(value([y, *grads], {p: False}), [np.sin(3.0), np.cos(3.0), 0.0], rtol=1e-6)


def test_a_random_op_in_a_branch_is_drawn_once_for_value_and_gradient():
    x, p = tf.ones([100]), tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.nn.dropout(x, keep_prob=0.5), lambda: x)
    found, grad = value([y, tf.gradients(y, x)[0]], {p: True})
    np.testing.assert_array_equal(found, grad)
    assert 0 < np.count_nonzero(found) < 100


def test_colocation_and_gating():
    w = tf.Variable([1.0, 2.0], name="w")
    (grad,) = tf.gradients(w * 2.0, [w], colocate_gradients_with_ops=True, gate_gradients=True)
    assert value(grad).tolist() == [2.0, 2.0]
