"""What the host needs to know of a large tensor is found out on the device."""

from __future__ import annotations

import numpy as np
import pytest

import defrun as tf

WEIGHTS = np.random.RandomState(0).randn(300, 400).astype(np.float32)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def histogram_of(values):
    """What a histogram of `values` is where they are on the host from the start."""
    with tf.Graph().as_default(), tf.Session() as sess:
        fed = tf.placeholder(values.dtype)
        return sess.run(tf.summary.histogram("w", fed), {fed: values})


@pytest.mark.parametrize("use_resource", [False, True])
def test_a_histogram_brings_its_counts_to_the_host_and_not_the_weights(use_resource):
    weights = tf.get_variable("weights", initializer=WEIGHTS, use_resource=use_resource)
    summary = tf.summary.histogram("w", weights)
    update = tf.assign_add(weights, tf.ones_like(weights))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        told = sess.explain([summary, update.op])
        assert told.bytes_out == 1556 * 8 < WEIGHTS.nbytes
        assert [stage.device for stage in told.stages] == [True, False]
        assert [op.name for op in tf.get_default_graph().get_operations()].count("w:counts") == 0
        before, _ = sess.run([summary, update.op])
        after = sess.run(summary)
    assert before == histogram_of(WEIGHTS)
    assert after == histogram_of(WEIGHTS + 1)


def test_what_is_small_comes_whole():
    few = tf.Variable(np.arange(10.0))
    with tf.Session() as sess:
        sess.run(few.initializer)
        assert sess.explain(tf.summary.histogram("w", few)).bytes_out == 80


def test_only_the_pictures_that_are_shown_come_to_the_host():
    many = tf.Variable(np.random.RandomState(0).rand(50, 4, 5, 3).astype(np.float32))
    shown = tf.summary.image("pictures", many + 0, max_outputs=2)
    sound = tf.summary.audio("sounds", many[:, :, :, 0] / 2, 8000, max_outputs=1)
    with tf.Session() as sess:
        sess.run(many.initializer)
        assert sess.explain(shown).bytes_out == 2 * 4 * 5 * 3 * 4
        assert sess.explain(sound).bytes_out == 4 * 5 * 4
        values = tf.Summary.FromString(sess.run(shown)).value
    assert [v.tag for v in values] == ["pictures/image/0", "pictures/image/1"]


def test_what_is_not_finite_is_refused_with_the_tag_and_the_line():
    weights = tf.Variable(WEIGHTS)
    for name, bad in (("NaN", tf.log(-tf.abs(weights) - 1)), ("Infinity", weights / 0)):
        with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=f"{name} in .*: bad") as error:
            sess.run(weights.initializer)
            sess.run(tf.summary.histogram("bad", bad))
        assert error.value.op.name.startswith("bad") and "test_digest.py" in str(error.value)


def test_a_histogram_of_no_values_whose_number_is_not_known():
    rows = tf.placeholder(tf.float32, [None, 3])
    summary = tf.summary.histogram("w", rows * 2)
    with tf.Session() as sess:
        empty = sess.run(summary, {rows: np.zeros([0, 3], np.float32)})
        assert empty == histogram_of(np.zeros([0, 3], np.float32))
        assert sess.run(summary, {rows: WEIGHTS[:, :3]}) == histogram_of(WEIGHTS[:, :3] * 2)
