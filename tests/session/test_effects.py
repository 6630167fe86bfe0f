"""A run is a transaction, and its effects have one order."""

import os
import signal
import threading

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def test_a_run_that_fails_leaves_every_variable_as_it_was():
    a, b = tf.Variable([1.0, 2.0], name="a"), tf.Variable([3.0, 4.0], name="b")
    rows = tf.placeholder(tf.int32, [2])
    update_a = tf.assign(a, a * 10.0)
    update_b = tf.assign_add(b, tf.gather(a, rows))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"7.*\[0, 2\)"):
            sess.run([update_a, update_b], {rows: [0, 7]})
        np.testing.assert_array_equal(sess.run(a), [1.0, 2.0])
        np.testing.assert_array_equal(sess.run(b), [3.0, 4.0])
        sess.run([update_a, update_b], {rows: [0, 1]})
        np.testing.assert_array_equal(sess.run(a), [10.0, 20.0])


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.filterwarnings("error")
def test_a_value_of_another_shape_takes_its_place_silently(use_resource):
    x = tf.placeholder(tf.float32, [None])
    v, count = tf.Variable(x, validate_shape=False, use_resource=use_resource), tf.Variable(0.0)
    replace = tf.group(tf.assign(v, x, validate_shape=False), tf.assign_add(count, tf.gather([1.0, 1.0], tf.size(x))))
    grow = tf.assign(v, tf.concat([v * 2, [1.0]], 0)[:3], validate_shape=False)
    with tf.Session() as sess:
        sess.run([v.initializer, count.initializer], {x: [1.0]})
        sess.run(replace, {x: [5.0]})
        sess.run(replace, {x: []})
        assert sess.run([v, count])[1] == 2.0
        with pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(replace, {x: [1.0, 2.0]})
        assert [value.tolist() for value in sess.run([v, count])] == [[], 2.0]
        assert [sess.run(grow).tolist() for _ in range(4)] == [[1.0], [2.0, 1.0], [4.0, 2.0, 1.0], [8.0, 4.0, 2.0]]
        sess.run(replace, {x: [7.0]})  # `grow` fitted a moment ago
        assert [sess.run(grow).tolist() for _ in range(2)] == [[14.0, 1.0], [28.0, 2.0, 1.0]]


def test_a_host_op_that_fails_after_a_device_stage_undoes_its_writes():
    a = tf.Variable(1.0)
    update = tf.assign_add(a, 1.0)
    with tf.control_dependencies([update]):
        bad = tf.py_func(lambda: 1 / 0, [], tf.float32)
    with tf.Session() as sess:
        sess.run(a.initializer)
        with pytest.raises(tf.errors.OpError):
            sess.run([update, bad])
        assert sess.run(a) == 1.0


def test_a_failed_initializer_leaves_the_variable_uninitialized():
    a = tf.Variable(tf.check_numerics(tf.placeholder_with_default(np.nan, []), "bad"), name="a")
    with tf.Session() as sess:
        with pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(a.initializer)
        assert not sess.run(tf.is_variable_initialized(a))


def test_reads_come_before_unordered_writes_and_after_ordered_ones():
    w = tf.Variable([1.0, 2.0])
    double = w * 2.0
    write = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([write]):
        after = w * 2.0
    with tf.Session() as sess:
        sess.run(w.initializer)
        for fetches in ([double, write], [write, double]):
            sess.run(w.initializer)
            found = sess.run(fetches)
            np.testing.assert_array_equal(found[fetches.index(double)], [2.0, 4.0])
        sess.run(w.initializer)
        np.testing.assert_array_equal(sess.run(after), [20.0, 40.0])


def test_uninitialized_variable_names_itself_and_the_line_that_made_it():
    w = tf.Variable([1.0], name="weights")
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError) as caught:
        sess.run(w + 1.0)
    assert "weights" in str(caught.value)
    assert "test_effects.py" in str(caught.value)


def test_ctrl_c_in_a_step_keeps_the_variables():
    w = tf.Variable(tf.ones([300, 300]))
    step = tf.assign(w, tf.matmul(w, tf.eye(300)))
    with tf.Session() as sess:
        sess.run(w.initializer)
        sess.run(step.op)
        stop = threading.Event()

        def disturb():
            while not stop.wait(0.003):
                os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=disturb)
        caught = 0
        try:
            thread.start()
            while caught < 20:
                try:
                    while True:
                        sess.run(step.op)
                except KeyboardInterrupt:
                    caught += 1
        except KeyboardInterrupt:
            pass
        finally:
            while thread.is_alive():
                try:
                    stop.set()
                    thread.join()
                except KeyboardInterrupt:
                    continue
        np.testing.assert_allclose(sess.run(w), np.ones([300, 300]))


def test_threads_share_a_session():
    count = tf.Variable(0)
    add = tf.assign_add(count, 1)
    with tf.Session() as sess:
        sess.run(count.initializer)
        threads = [threading.Thread(target=lambda: [sess.run(add.op) for _ in range(50)]) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert sess.run(count) == 200


def test_sessions_have_variables_of_their_own():
    v = tf.Variable(1.0)
    add = tf.assign_add(v, 1.0)
    with tf.Session() as one, tf.Session() as two:
        one.run(v.initializer)
        two.run(v.initializer)
        one.run(add)
        assert one.run(v) == 2.0
        assert two.run(v) == 1.0


def test_a_fetched_array_is_the_callers_own():
    w = tf.Variable([1.0, 2.0])
    with tf.Session() as sess:
        sess.run(w.initializer)
        fetched = sess.run(w)
        fetched[:] = 7.0
        np.testing.assert_array_equal(sess.run(w), [1.0, 2.0])


def test_a_fed_array_may_be_changed_after_the_run():
    x = tf.placeholder(tf.float32, [1000])
    w = tf.Variable(tf.zeros([1000]))
    keep = tf.assign(w, x)
    with tf.Session() as sess:
        array = np.ones(1000, np.float32)
        sess.run(keep.op, {x: array})
        array[:] = 5.0
        np.testing.assert_array_equal(sess.run(w), np.ones(1000))


def test_a_fed_array_is_the_callers_again_when_the_run_returns():
    n = 800
    x = tf.placeholder(tf.float32, [n, n])
    w = tf.Variable(tf.zeros([n, n]))
    product = tf.matmul(tf.matmul(x, tf.eye(n)), tf.eye(n))
    keep = tf.assign(w, product + x)
    memory = np.empty(n * n + 16, np.float32)
    start = -memory.ctypes.data // 4 % 16  # aligned as XLA wants it: read in place
    array = memory[start : start + n * n].reshape(n, n)
    with tf.Session() as sess:
        for value in (1.0, 2.0, 3.0):
            array[:] = value
            sess.run(keep.op, {x: array})
            array[:] = 100.0
            np.testing.assert_array_equal(sess.run(w), np.full([n, n], 2 * value))


def test_closed_session_refuses():
    c = tf.constant(1.0)
    sess = tf.Session()
    sess.close()
    with pytest.raises(RuntimeError, match="closed Session"):
        sess.run(c)


def test_nothing_grows_over_many_steps():
    x = tf.placeholder(tf.float32, [4])
    w = tf.Variable(tf.zeros([4]))
    step = tf.assign_add(w, x)
    with tf.Session() as sess:
        sess.run(w.initializer)
        for i in range(300):
            sess.run(step.op, {x: np.full(4, i, np.float32)})
        assert len(sess._plans) <= 3
        assert len(sess._quick) <= 3
        runner = sess._quick[step.op, x][0]
        assert len(runner.programs[0].compilations) == 1
