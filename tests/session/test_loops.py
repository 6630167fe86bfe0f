"""What sessions do with loops and branches: where they run, what is kept, and how they end."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def only(explanation):
    (found,) = explanation.functions
    return found


def test_a_loop_is_part_of_the_program():
    x = tf.placeholder(tf.float32, [2], name="x")
    result = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 2.0), [0, x])[1]
    with tf.Session() as sess:
        told = sess.explain(result, {x: np.ones(2)})
        assert only(told).device
        assert len(told.stages) == 1
        assert "part of the program" in str(told)


def test_a_loop_with_python_inside_runs_on_the_host_over_programs():
    x = tf.placeholder(tf.float32, [3, 3], name="x")

    def body(i, a):
        return i + 1, tf.ensure_shape(tf.py_func(lambda v: v + np.float32(1), [tf.matmul(a, a)], tf.float32), [3, 3])

    result = tf.while_loop(lambda i, a: i < 2, body, [0, x])[1]
    with tf.Session() as sess:
        told = only(sess.explain(result, {x: np.eye(3)}))
        assert not told.device
        assert "PyFunc" in told.why
        given = np.eye(3, dtype=np.float32)
        once = given @ given + 1
        np.testing.assert_allclose(sess.run(result, {x: given}), once @ once + 1)


def test_a_loop_whose_shapes_change_is_found_out_and_named():
    x = tf.placeholder(tf.float32, [None], name="x")
    grown = tf.while_loop(
        lambda i, a: i < 3,
        lambda i, a: (i + 1, tf.concat([a, a], 0)),
        [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )[1]
    fits = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 2.0), [0, x])[1]
    with tf.Session() as sess:
        told = sess.explain([grown, fits], {x: np.ones(2, np.float32)})
        assert {f.device for f in told.functions} == {True, False}
        assert any("[2] to [4]" in f.why for f in told.functions)
        for size in (2, 3):
            results = sess.run([grown, fits], {x: np.ones(size)})
            assert [r.shape for r in results] == [(8 * size,), (size,)]


def test_branches_of_different_shapes_run_on_the_host():
    x, p = tf.placeholder(tf.float32, [None], name="x"), tf.placeholder(tf.bool, [])
    result = tf.cond(p, lambda: x[:1], lambda: x) * 2.0
    with tf.Session() as sess:
        assert sess.run(result, {x: [1.0, 2.0], p: True}).tolist() == [2.0]
        assert sess.run(result, {x: [1.0, 2.0], p: False}).tolist() == [2.0, 4.0]
        assert not only(sess.explain(result, {x: [1.0, 2.0], p: True})).device
        assert sess.run(result, {x: [5.0], p: False}).tolist() == [10.0]


def test_elements_of_different_shapes_are_read_on_the_host():
    x, k = tf.placeholder(tf.float32, [3], name="x"), tf.placeholder(tf.int32, [], name="k")
    array = tf.TensorArray(tf.float32, 3, infer_shape=False, element_shape=[None], clear_after_read=False)
    for i in range(3):
        array = array.write(i, x[: i + 1] * 2.0)
    read = array.read(k)
    first = tf.cond(k > 1, lambda: array.read(k)[:1], lambda: array.read(k - 1)[:1])
    body = lambda i, a: (i + 1, a + tf.reduce_sum(array.read(i)))  # noqa: E731
    inner = lambda j, a: (j + 1, tf.while_loop(lambda i, a: i < k, body, (0, a))[1])  # noqa: E731
    loop = tf.while_loop(lambda j, a: j < 2, inner, (0, 0.0))
    with tf.Session() as sess:
        feeds = {x: [1.0, 2.0, 3.0], k: 2}
        assert sess.run(loop, feeds) == (2, 16.0)
        assert sess.run(read, feeds).tolist() == [2.0, 4.0, 6.0]
        assert sess.run(read, {**feeds, k: 1}).tolist() == [2.0, 4.0]
        assert sess.run(first, feeds).tolist() == [2.0]


def test_a_failing_loop_on_the_host_leaves_variables_as_they_were():
    v = tf.Variable(1.0)

    def body(i):
        with tf.control_dependencies([tf.assign_add(v, 1.0), tf.py_func(lambda: np.int32(0), [], tf.int32)]):
            return tf.gather([1, 2, 9], i)

    loop = tf.while_loop(lambda i: i < 99, body, [0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"9 is not in \[0, 3\)(.|\n)*Gather(.|\n)*in body"):
            sess.run(loop)
        assert sess.run(v) == 1.0


def test_a_failing_check_ends_a_loop_on_the_device_at_once():
    v = tf.Variable(1.0)

    def body(i, total):
        with tf.control_dependencies([tf.assign_add(v, 1.0)]):
            return i, total + tf.gather([1, 2, 3], i + 7)

    loop = tf.while_loop(lambda i, total: i < 1, body, [0, 0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"7 is not in \[0, 3\)"):
            sess.run(loop)
        assert sess.run(v) == 1.0


def interrupt_soon():
    threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


def test_ctrl_c_ends_an_endless_loop_and_leaves_variables_as_they_were():
    v = tf.Variable(1.0)

    def body(a):
        with tf.control_dependencies([tf.assign_add(v, 1.0)]):
            return a * 1.0

    endless = tf.while_loop(lambda a: a < 2.0, body, [1.0])
    ends = tf.while_loop(lambda a: a < 2.0, lambda a: a * 1.5, [1.0])
    with tf.Session() as sess:
        sess.run(v.initializer)
        for _ in range(2):
            interrupt_soon()
            began = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                sess.run(endless)
            assert time.monotonic() - began < 30
            assert sess.run(v) == 1.0
        assert sess.run(ends) == 2.25


def test_only_what_the_gradient_needs_is_kept():
    x = tf.placeholder(tf.float32, [4, 4], name="x")
    w = tf.Variable(tf.eye(4))

    def body(i, a):
        return i + 1, tf.tanh(tf.matmul(a, w) + 1.0)

    result = tf.while_loop(lambda i, a: i < 5, body, [0, x])[1]
    (grad,) = tf.gradients(result, [w])
    with tf.Session() as sess:
        loops = [f for f in sess.explain(grad, {x: np.ones([4, 4])}).functions if "keeps" in f.why]
    # What goes into the product, and what comes out of tanh. The weights are the same each time.
    assert [f.why.split(";")[1].split()[1] for f in loops] == ["2"]


def test_more_iterations_than_there_is_room_for_need_another_compile_only():
    x, n = tf.placeholder(tf.float32, [2], name="x"), tf.placeholder(tf.int32, [])
    result = tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, tf.sin(a) * 1.5), [0, x])[1]
    (grad,) = tf.gradients(result, [x])
    with tf.Session() as sess:
        for count in (3, 700, 20):
            got = sess.run(grad, {x: [0.3, 2.0], n: count})
            a, wanted = np.array([0.3, 2.0]), np.ones(2)
            for _ in range(count):
                wanted, a = wanted * np.cos(a) * 1.5, np.sin(a) * 1.5
            np.testing.assert_allclose(got, wanted, rtol=2e-3, atol=1e-30)


def second_by_differences(build, feed, at):
    """Compare second derivatives with differences of the first ones."""
    x = tf.placeholder(tf.float64, at.shape, name="x")
    y = tf.reduce_sum(build(x))
    (first,) = tf.gradients(y, [x])
    (second,) = tf.gradients(tf.reduce_sum(tf.sin(first)), [x])
    with tf.Session() as sess:
        got = sess.run(second, {x: at, **feed})
        wanted, small = np.zeros_like(at), 1e-5
        for place in np.ndindex(at.shape):
            ends = []
            for sign in (1, -1):
                moved = at.copy()
                moved[place] += sign * small
                ends.append(np.sin(sess.run(first, {x: moved, **feed})).sum())
            wanted[place] = (ends[0] - ends[1]) / (2 * small)
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-6)


AT = np.linspace(0.2, 1.1, 4).reshape(2, 2)


def test_second_derivatives_of_a_loop():
    n = tf.placeholder(tf.int32, [])
    body = lambda i, a: (i + 1, tf.tanh(tf.matmul(a, a) * 0.5 + a))  # noqa: E731
    second_by_differences(lambda x: tf.while_loop(lambda i, a: i < n, body, [0, x])[1], {n: 3}, AT)


def test_second_derivatives_of_loops_in_loops_and_branches():
    n = tf.placeholder(tf.int32, [])

    def body(i, a):
        inner = tf.while_loop(lambda j, b: j <= i, lambda j, b: (j + 1, tf.sin(b) * a + 0.1), [0, a])[1]
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: inner * 0.5 + a, lambda: inner * inner)

    second_by_differences(lambda x: tf.while_loop(lambda i, a: i < n, body, [0, x])[1], {n: 3}, AT)


def test_second_derivatives_on_the_host():
    def body(i, a):
        with tf.control_dependencies([tf.py_func(lambda: np.int32(0), [], tf.int32)]):
            return i + 1, tf.tanh(a * a + 0.3)

    second_by_differences(lambda x: tf.while_loop(lambda i, a: i < 3, body, [0, x])[1], {}, AT)
