"""Input by queues, run by threads."""

import threading

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


class Outcome(threading.Thread):
    """Runs something in a thread; `result` is what it gave, or its error."""

    def __init__(self, run, *args):
        super().__init__(daemon=True)
        self.run_it = lambda: run(*args)
        self.start()

    def run(self):
        try:
            self.result = self.run_it()
        except Exception as error:
            self.result = error

    def is_waiting(self):
        self.join(0.1)
        return self.is_alive()


def test_a_model_trained_on_a_file(tmp_path):
    random = np.random.RandomState(0)
    rows = np.column_stack([x := random.rand(25, 2), x @ [2.0, -1.0] + 0.5]).astype(np.float32)
    np.savetxt(tmp_path / "data.csv", rows, delimiter=",", header="a,b,y", fmt="%.9g")
    names = tf.train.string_input_producer([str(tmp_path / "data.csv")], shuffle=False)
    _, line = tf.TextLineReader(skip_header_lines=1).read(names)
    fields = tf.decode_csv(line, [[0.0]] * 3)
    inputs, targets = tf.train.batch([fields[:2], fields[2:]], batch_size=10)
    w = tf.Variable(tf.zeros([2, 1]))
    b = tf.Variable(0.0)
    loss = tf.reduce_mean(tf.square(tf.matmul(inputs, w) + b - targets))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(coord=coord)
        losses = [sess.run([loss, train])[0] for _ in range(30)]
        coord.request_stop()
        coord.join(threads)
    np.testing.assert_allclose(losses, descend(rows, 30), rtol=1e-4)
    assert losses[-1] < losses[0]


def descend(rows, steps):
    """Train the same model in NumPy on batches of ten rows, over and over."""
    w, b, losses = np.zeros([2, 1], np.float32), np.float32(0), []
    for step in range(steps):
        batch = rows[np.arange(10 * step, 10 * step + 10) % len(rows)]
        error = batch[:, :2] @ w + b - batch[:, 2:]
        losses.append(np.mean(error**2))
        w = w - 0.1 * 2 * batch[:, :2].T @ error / 10
        b = b - 0.1 * 2 * error.mean()
    return losses


def test_an_error_in_a_thread_reaches_the_join(tmp_path):
    names = tf.train.string_input_producer([str(tmp_path / "nowhere.csv")])
    batch = tf.train.batch(tf.TextLineReader().read(names), 2)
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(batch)
        with pytest.raises(tf.errors.NotFoundError, match=r"nowhere\.csv"):
            coord.join(threads)


def test_epochs_need_their_counter():
    tf.train.string_input_producer(["a"], num_epochs=1)
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        with pytest.raises(tf.errors.FailedPreconditionError, match="epochs"):
            coord.join(threads)


def test_threads_without_a_coordinator_keep_their_errors(tmp_path):
    queue = tf.FIFOQueue(5, [tf.string])
    runner = tf.train.QueueRunner(queue, [queue.enqueue(tf.TextLineReader().read(queue)[1])])
    with tf.Session() as sess:
        sess.run(queue.enqueue(str(tmp_path / "nowhere")))
        hook, threading.excepthook = threading.excepthook, lambda args: None
        try:
            (thread,) = runner.create_threads(sess, start=True)
            thread.join()
        finally:
            threading.excepthook = hook
    assert [type(error) for error in runner.exceptions_raised] == [tf.errors.NotFoundError]


def test_threads_are_made_once_a_session():
    queue = tf.FIFOQueue(1, [tf.int32], [[]])
    runner = tf.train.QueueRunner(queue, [queue.enqueue(1)] * 2)
    with tf.Session() as sess, tf.Session() as other:
        coord = tf.train.Coordinator()
        threads = runner.create_threads(sess, coord, daemon=True, start=True)
        assert len(threads) == 3 and all(thread.daemon for thread in threads)
        assert runner.create_threads(sess, coord) == []
        assert len(runner.create_threads(other)) == 2
        assert sess.run(queue.dequeue_many(4)).tolist() == [1, 1, 1, 1]
        coord.request_stop()
        coord.join(threads)
        assert sess.run(queue.is_closed())


def test_what_start_queue_runners_refuses():
    with pytest.raises(ValueError, match="session"):
        tf.train.start_queue_runners()
    with pytest.raises(TypeError, match="Session"):
        tf.train.start_queue_runners("session")
    with tf.Session() as sess:
        assert tf.train.start_queue_runners(sess) == []
    queue = tf.FIFOQueue(1, [tf.int32])
    with pytest.raises(ValueError, match="enqueue_ops"):
        tf.train.QueueRunner(queue, [])
    with pytest.raises(TypeError, match="tuple"):
        tf.train.QueueRunner(queue, [queue.enqueue(1)], queue_closed_exception_types=(ValueError,))


def test_what_input_functions_refuse():
    unknown = tf.placeholder(tf.float32)
    sparse = tf.SparseTensor(*(tf.constant(value, tf.int64) for value in ([[0]], [1], [2])))
    with pytest.raises(ValueError, match="shape"):
        tf.train.input_producer(tf.placeholder(tf.float32, [None, None]))
    with pytest.raises(ValueError, match="non-null"):
        tf.train.string_input_producer([])
    with pytest.raises(ValueError, match="num_epochs"):
        tf.train.limit_epochs(unknown, 0)
    with pytest.raises(ValueError, match="rank"):
        tf.train.batch([unknown], 2)
    with pytest.raises(ValueError, match="at least one"):
        tf.train.batch([], 2)
    with pytest.raises(ValueError, match="bigger"):
        tf.train.shuffle_batch([tf.zeros([])], 2, capacity=3, min_after_dequeue=3)
    with pytest.raises(ValueError, match="same keys"):
        tf.train.batch_join([{"a": 1}, {"b": 1}], 2)
    with pytest.raises(TypeError, match="consistent"):
        tf.train.batch_join([[tf.constant(1)], [tf.constant(1.0)]], 2)
    with pytest.raises(NotImplementedError, match="SparseTensor"):
        tf.train.batch([sparse], 2)


def test_shuffled_batches_hold_every_example_once():
    number = tf.train.range_input_producer(40, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.shuffle_batch([number], 10, capacity=30, min_after_dequeue=15, num_threads=2)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        found = [sess.run(batch) for _ in range(4)]
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(batch)
        coord.request_stop()
        coord.join(threads)
    assert sorted(np.concatenate(found)) == list(range(40)) and found[0].tolist() != list(range(10))


def test_waiting_stops_no_other_run():
    queue = tf.FIFOQueue(1, [tf.float32], [[]])
    w = tf.Variable(1.0)
    with tf.Session() as sess:
        sess.run(w.initializer)
        waiting = Outcome(sess.run, w * queue.dequeue())
        assert waiting.is_waiting()
        assert sess.run([w.assign_add(1.0), queue.size()]) == [2.0, 0]
        sess.run(queue.enqueue(5.0))
        waiting.join()
        assert waiting.result == 10.0


@pytest.mark.parametrize("waits_for", ["elements", "room", "a reader"])
def test_closing_the_session_ends_what_waits(waits_for):
    queue = tf.FIFOQueue(1, [tf.string], [[]])
    fetch = {
        "elements": queue.dequeue_many(2),
        "room": queue.enqueue_many([["a", "b"]]),
        "a reader": tf.TextLineReader().read(queue),
    }[waits_for]
    sess = tf.Session()
    waiting = Outcome(sess.run, fetch)
    assert waiting.is_waiting()
    sess.close()
    waiting.join()
    assert type(waiting.result) is tf.errors.CancelledError


def test_each_session_has_its_own_queue():
    queue = tf.FIFOQueue(5, [tf.int32], [[]])
    put, size = queue.enqueue(1), queue.size()
    with tf.Session() as one, tf.Session() as two:
        one.run(put)
        assert [one.run(size), two.run(size)] == [1, 0]


def test_a_run_that_fails_leaves_variables_but_not_queues_as_they_were():
    queue = tf.FIFOQueue(5, [tf.float32], [[]])
    w = tf.Variable(1.0)
    update = w.assign_add(queue.dequeue())
    with tf.control_dependencies([update]):
        again = queue.dequeue()
    with tf.Session() as sess:
        sess.run([w.initializer, queue.enqueue(3.0)])
        sess.run(queue.close())
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(again)
        assert sess.run([w, queue.size()]) == [1.0, 0]


def test_a_queue_keeps_copies():
    queue = tf.FIFOQueue(5, [tf.float32], [[2]])
    x = tf.placeholder(tf.float32, [2])
    values = np.array([1.0, 2.0], np.float32)
    with tf.Session() as sess:
        sess.run(queue.enqueue(x), {x: values})
        values[:] = 7
        assert sess.run(queue.dequeue()).tolist() == [1.0, 2.0]


def test_a_branch_may_enqueue():
    queue = tf.FIFOQueue(5, [tf.float32], [[]])
    keep = tf.placeholder(tf.bool, [])

    def put():
        with tf.control_dependencies([queue.enqueue(4.0)]):
            return tf.constant(1)

    put_or_not = tf.cond(keep, put, lambda: tf.constant(0))
    with tf.Session() as sess:
        assert [sess.run(put_or_not, {keep: value}) for value in (True, False, True)] == [1, 0, 1]
        assert sess.run(queue.size()) == 2


def test_explain_tells_of_queues():
    queue = tf.FIFOQueue(5, [tf.float32], [[]])
    doubled = queue.dequeue() * 2.0
    with tf.Session() as sess:
        plan = sess.explain(doubled)
    assert [stage.device for stage in plan.stages] == [False, True]
    assert "QueueDequeueV2" in str(plan) and not plan.stages[0].reads


def test_threads_that_wait_draw_different_numbers():
    queue = tf.FIFOQueue(1, [tf.float32], [[]])
    runner = tf.train.QueueRunner(queue, [queue.enqueue(tf.random_uniform([], seed=1))] * 3)
    drawn = queue.dequeue_many(12)
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = runner.create_threads(sess, coord, daemon=True, start=True)
        numbers = sess.run(drawn)
        coord.request_stop()
        coord.join(threads)
    assert len(set(numbers)) == 12
