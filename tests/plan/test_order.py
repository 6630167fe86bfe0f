"""One order for every run."""

import pytest

import defrun as tf


def test_a_cycle_is_an_error_that_names_it():
    with tf.Graph().as_default(), tf.Session() as sess:
        a = tf.identity(1.0, name="a")
        b = tf.identity(a, name="b")
        a.op._add_control_input(b.op)
        with pytest.raises(tf.errors.InvalidArgumentError, match="a, b wait for each other") as caught:
            sess.run(b)
        assert "test_order.py" in str(caught.value)


def test_only_what_a_fetch_needs_runs():
    ran = []
    with tf.Graph().as_default(), tf.Session() as sess:
        noted = tf.py_func(lambda: ran.append(1) or 0.0, [], tf.float64)
        other = tf.constant(1.0)
        with tf.control_dependencies([noted]):
            waits = tf.identity(other)
        sess.run(other)
        assert not ran
        sess.run(waits)
        assert len(ran) == 1


def test_a_plan_made_before_an_edge_was_added_is_not_used_again():
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable(1.0)
        add = tf.assign_add(v, 1.0)
        read = tf.constant(0.0)
        sess.run(v.initializer)
        sess.run(read)
        read.op._add_control_input(add.op)
        sess.run(read)
        assert sess.run(v) == 2.0
