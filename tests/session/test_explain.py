"""Session.explain says what a run does."""

import numpy as np
import pytest

import defrun as tf


@pytest.fixture
def step():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.Variable(tf.zeros([3, 2]), name="w")
        hidden = tf.matmul(x, w, name="hidden")
        loss = tf.reduce_mean(hidden, name="loss")
        update = tf.assign_sub(w, 0.1 * tf.gradients(loss, w)[0], name="update")
        unused = tf.constant(1.0, name="unused")
        with tf.Session() as sess:
            sess.run(w.initializer)
            yield sess, x, w, hidden, loss, update, unused


def test_nodes_that_run_and_that_do_not(step):
    sess, x, _, hidden, loss, update, unused = step
    e = sess.explain(loss, {x: np.ones([5, 3])})
    assert loss.op in e.nodes
    assert update.op in e.not_needed
    assert unused.op in e.not_needed
    e = sess.explain(loss, {hidden: np.ones([5, 2])})
    assert hidden.op not in e.nodes
    assert x.op in e.cut


def test_bytes_that_cross_and_stay(step):
    sess, x, _, hidden, loss, update, _ = step
    e = sess.explain([loss, update.op], {x: np.ones([5, 3])})
    assert e.bytes_in == 5 * 3 * 4
    assert e.bytes_out == 4
    (stage,) = e.stages
    assert [(v.name, v.bytes) for v in stage.writes] == [("w", 24)]
    assert sess.explain(hidden, {x: np.ones([5, 3])}).bytes_out == 5 * 2 * 4


def test_fetching_an_update_is_pointed_out(step):
    sess, x, _, _, loss, update, _ = step
    (hint,) = sess.explain([loss, update], {x: np.ones([5, 3])}).hints
    assert "update" in hint and "24 B" in hint and "tf.group" in hint
    assert not sess.explain([loss, tf.group(update)], {x: np.ones([5, 3])}).hints


def test_compilations_and_what_causes_them(step):
    sess, x, _, _, loss, _, _ = step
    assert "not yet" in str(sess.explain(loss, {x: np.ones([5, 3])}))
    for n in (1, 2, 3, 4, 1):
        sess.run(loss, {x: np.ones([n, 3])})
    e = sess.explain(loss, {x: np.ones([5, 3])})
    assert len(e.stages[0].compilations) == 4
    assert any("4 shapes of x:0" in hint for hint in e.hints)


def test_stages_of_host_and_device():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [2], name="x")
        y = tf.py_func(lambda a: a + 1, [x * 2.0], tf.float32)
        y.set_shape([2])
        e = sess.explain(y * 3.0, {x: [1.0, 2.0]})
        assert [s.device for s in e.stages] == [True, False, True]
        np.testing.assert_array_equal(sess.run(y * 3.0, {x: [1.0, 2.0]}), [9.0, 15.0])


def test_known_values_are_named():
    with tf.Graph().as_default(), tf.Session() as sess:
        n = tf.placeholder(tf.int32, [], name="n")
        y = tf.reshape(tf.range(6), [n, -1])
        assert sess.run(y, {n: 2}).shape == (2, 3)
        assert sess.run(y, {n: 3}).shape == (3, 2)
        e = sess.explain(y, {n: 3})
        assert [v.name for v in e.stages[0].known] == ["n:0"]
        assert "n" in str(e)


def test_html(step):
    sess, x, _, _, loss, _, _ = step
    assert "<pre" in sess.explain(loss, {x: np.ones([5, 3])})._repr_html_()
