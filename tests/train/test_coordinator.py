"""Threads that end together."""

import threading
import time

import pytest

import defrun as tf


def waiting(coord):
    thread = threading.Thread(target=coord.wait_for_stop, daemon=True)
    thread.start()
    return thread


def raised(error):
    """Return an exception as one that was caught."""
    try:
        raise error
    except Exception as caught:
        return caught


def test_threads_end_when_one_asks_for_it():
    coord = tf.train.Coordinator()
    threads = [waiting(coord) for _ in range(3)]
    coord.register_thread(waiting(coord))
    assert not coord.should_stop() and not coord.joined
    assert not coord.wait_for_stop(0.001)
    coord.request_stop()
    coord.join(threads)
    assert coord.should_stop() and coord.joined and not any(thread.is_alive() for thread in threads)


def test_threads_that_end_by_themselves_need_no_stop():
    coord = tf.train.Coordinator()
    thread = threading.Thread(target=time.sleep, args=(0.01,))
    thread.start()
    coord.join([thread])
    assert coord.joined and not coord.should_stop()


def test_the_first_reason_is_raised():
    coord = tf.train.Coordinator()
    coord.request_stop(raised(KeyError("first")))
    coord.request_stop(raised(ValueError("second")))
    with pytest.raises(KeyError, match="first"):
        coord.raise_requested_exception()
    with pytest.raises(KeyError, match="first"):
        coord.join()
    coord.clear_stop()
    assert not coord.should_stop() and not coord.joined
    coord.join()


def test_a_reason_with_its_traceback():
    coord = tf.train.Coordinator()
    with coord.stop_on_exception():
        raise KeyError("in the block")
    with pytest.raises(KeyError, match="in the block") as caught:
        coord.join()
    assert "test_a_reason_with_its_traceback" in [entry.name for entry in caught.traceback]


def test_the_end_of_input_is_no_error():
    coord = tf.train.Coordinator()
    coord.request_stop(raised(tf.errors.OutOfRangeError(None, None, "end")))
    coord.join()
    coord = tf.train.Coordinator(clean_stop_exception_types=(StopIteration,))
    with coord.stop_on_exception():
        raise StopIteration
    coord.join()
    coord = tf.train.Coordinator((StopIteration,))
    coord.request_stop(raised(tf.errors.OutOfRangeError(None, None, "end")))
    with pytest.raises(tf.errors.OutOfRangeError):
        coord.join()


def test_what_comes_after_the_join_is_raised_at_once():
    coord = tf.train.Coordinator()
    coord.request_stop()
    coord.join()
    with pytest.raises(KeyError):
        coord.request_stop(raised(KeyError("late")))
    coord.request_stop()


def test_what_is_no_reason():
    coord = tf.train.Coordinator()
    coord.request_stop("why not")
    with pytest.raises(ValueError, match="why not"):
        coord.join()


def test_a_thread_that_takes_too_long():
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="straggler", daemon=True)
    thread.start()
    coord = tf.train.Coordinator()
    coord.request_stop()
    with pytest.raises(RuntimeError, match="straggler"):
        coord.join([thread], stop_grace_period_secs=0.01)
    coord.join([thread], stop_grace_period_secs=0.01, ignore_live_threads=True)
    end.set()
    thread.join()


def test_a_loop_stops_for_what_it_raises():
    coord = tf.train.Coordinator()
    seen = []

    def count(limit, step):
        seen.append(len(seen) * step)
        if len(seen) == limit:
            raise ValueError("enough")

    looper = tf.train.LooperThread.loop(coord, None, count, args=(3,), kwargs={"step": 2})
    with pytest.raises(ValueError, match="enough"):
        coord.join()
    assert seen == [0, 2, 4] and not looper.is_alive()
    with pytest.raises(ValueError, match="Coordinator"):
        tf.train.LooperThread(None, 1)
    with pytest.raises(ValueError, match="target"):
        tf.train.LooperThread(coord, 1, args=(1,))


def test_a_loop_of_its_own_class():
    class Loop(tf.train.LooperThread):
        def start_loop(self):
            self.seen = ["start"]

        def run_loop(self):
            self.seen.append("run")
            if len(self.seen) == 3:
                self._coord.request_stop()

        def stop_loop(self):
            self.seen.append("stop")

    coord = tf.train.Coordinator()
    loop = Loop(coord, 0.001)
    loop.start()
    coord.join()
    assert loop.seen == ["start", "run", "run", "stop"]
