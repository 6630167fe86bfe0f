"""What tests/oracle/queues asks about queues, readers and CSV, of whoever answers as `tf`.

Each question gets `tf`, an empty graph and an empty folder, and returns something that JSON can hold.
"""

import threading

import numpy as np


def _said(tf, case):
    """Return what `case(run)` returns, or the class of its error and whether a run raised it."""

    def run(fetches, feeds=None):
        try:
            return sess.run(fetches, feeds)
        except Exception as error:
            error.raised_by_run = True
            raise

    with tf.Graph().as_default():
        run.sess = sess = tf.Session()
        try:
            return _plain(case(run))
        except Exception as error:
            place = "run" if hasattr(error, "raised_by_run") else "definition"
            return "%s at %s" % (_public_class(tf, error), place)
        finally:
            sess.close()


def _public_class(tf, error):
    kinds = [k for k in type(error).__mro__ if k.__module__ == "builtins" or hasattr(tf.errors, k.__name__)]
    return kinds[0].__name__


def _plain(value):
    if isinstance(value, np.ndarray) or (isinstance(value, np.generic) and not isinstance(value, bytes)):
        return [value.dtype.name, list(value.shape), _plain(value.tolist())]
    if isinstance(value, bytes):
        return value.decode("latin1")
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (int, float, bool, str)) or value is None else str(value)


def _error_of(run, fetches, feeds=None):
    try:
        run(fetches, feeds)
    except Exception as error:
        return type(error).__name__
    return "fine"


def fifo(tf):
    def numbers(run):
        q = tf.FIFOQueue(10, [tf.int32], [[]])
        run(q.enqueue_many([[1, 2, 3]]))
        run(q.enqueue(4))
        one, two, size = q.dequeue(), q.dequeue_many(2), q.size()
        return [run(one), run(size), run(two), run(size), run(q.is_closed()), str(one.shape), str(two.shape)]

    def two_components(run):
        q = tf.FIFOQueue(10, [tf.float32, tf.string], [[2], []])
        run(q.enqueue_many([[[1.0, 2.0], [3.0, 4.0]], ["a", "b"]]))
        run(q.enqueue([[5.0, 6.0], "c"]))
        out = q.dequeue_many(3)
        return [run(out), [str(t.shape) for t in out], [str(t.shape) for t in q.dequeue()]]

    def names(run):
        q = tf.FIFOQueue(10, [tf.float32, tf.int32], [[], []], names=["x", "n"])
        run(q.enqueue({"n": 1, "x": 2.0}))
        run(q.enqueue_many({"n": [3], "x": [4.0]}))
        return [run(q.dequeue()), run(q.dequeue_many(1)), q.names]

    def without_shapes(run):
        q = tf.FIFOQueue(10, [tf.float32])
        run(q.enqueue([[1.0, 2.0]]))
        run(q.enqueue(3.0))
        out = q.dequeue()
        return [run(out), run(out), str(out.shape)]

    def many_without_shapes(run):
        q = tf.FIFOQueue(10, [tf.float32])
        run(q.enqueue(3.0))
        return run(q.dequeue_many(1))

    def up_to(run):
        q = tf.FIFOQueue(10, [tf.int32], [[]])
        run(q.enqueue_many([[1, 2, 3]]))
        run(q.close())
        out = q.dequeue_up_to(2)
        return [run(out), run(out), str(out.shape), _error_of(run, out)]

    def many_of_a_fed_number(run):
        q = tf.FIFOQueue(10, [tf.int32], [[]])
        n = tf.placeholder(tf.int32, [])
        run(q.enqueue_many([[1, 2, 3]]))
        out = q.dequeue_many(n)
        return [run(out, {n: 0}), run(out, {n: 2}), str(out.shape), _error_of(run, out, {n: -1})]

    def fed(run):
        q = tf.FIFOQueue(10, [tf.float32], [[2]])
        x = tf.placeholder(tf.float32)
        put = q.enqueue(x)
        run(put, {x: [1.0, 2.0]})
        return [run(q.dequeue()), _error_of(run, put, {x: [1.0]}), _error_of(run, q.enqueue_many(x), {x: [1.0, 2.0]})]

    def nothing(run):
        q = tf.FIFOQueue(10, [tf.int32], [[]])
        run(q.enqueue_many([np.zeros([0], np.int32)]))
        return run(q.size())

    def unequal(run):
        q = tf.FIFOQueue(10, [tf.int32, tf.int32], [[], []])
        x = tf.placeholder(tf.int32)
        return run(q.enqueue_many([[1, 2], x]), {x: [1]})

    def in_the_graph(run):
        q = tf.FIFOQueue(10, [tf.float32], [[]])
        with tf.control_dependencies([q.enqueue(3.0)]):
            out = q.dequeue() * 2.0
        return [run(out), run(q.size())]

    def shared(run):
        one = tf.FIFOQueue(10, [tf.int32], [[]], shared_name="common", name="a")
        two = tf.FIFOQueue(10, [tf.int32], [[]], shared_name="common", name="b")
        run(one.enqueue(5))
        return [run(two.dequeue()), one.name, two.name]

    def shared_but_different(run):
        one = tf.FIFOQueue(10, [tf.int32], [[]], shared_name="common", name="a")
        two = tf.FIFOQueue(10, [tf.float32], [[]], shared_name="common", name="b")
        run(one.enqueue(5))
        return run(two.size())

    def order_in_time(run):
        q = tf.FIFOQueue(1, [tf.int32], [[]])
        many, put = q.dequeue_many(5), q.enqueue_many([[1, 2, 3, 4, 5]])
        thread = threading.Thread(target=run, args=(put,))
        thread.start()
        result = run(many)
        thread.join()
        return result

    def swap(run):
        q = tf.FIFOQueue(1, [tf.int32], [[]])
        run(q.enqueue(1))
        return [run(q.size()), str(q.queue_ref.dtype), q.dtypes == [tf.int32], [str(s) for s in q.shapes]]

    return {f.__name__: _said(tf, f) for f in (
        numbers, two_components, names, without_shapes, many_without_shapes, up_to, many_of_a_fed_number, fed, nothing,
        unequal, in_the_graph, shared, shared_but_different, order_in_time, swap,
    )}  # fmt: skip


def refused(tf):
    def queue(shapes=([],), **more):
        return tf.FIFOQueue(10, [tf.int32] * len(shapes), list(shapes), **more)

    cases = [
        lambda run: queue().enqueue(1.5),
        lambda run: queue().enqueue([[1, 2]]),
        lambda run: queue().enqueue_many(1),
        lambda run: queue().enqueue_many([[[1, 2]]]),
        lambda run: run(queue(([], [])).enqueue([1])),
        lambda run: queue(([], [])).enqueue_many([[1, 2], [3]]),
        lambda run: queue().enqueue({"x": 1}),
        lambda run: queue(names=["x"]).enqueue(1),
        lambda run: queue(names=["x"]).enqueue({"y": 1}),
        lambda run: queue(names=["x", "y"]),
        lambda run: tf.FIFOQueue(10, [tf.int32], [[], []]),
        lambda run: tf.FIFOQueue(10, [tf.int32], [[None]]),
        lambda run: tf.FIFOQueue(10, [tf.int32], 3),
        lambda run: tf.FIFOQueue(10, tf.int32, [2]).shapes,
        lambda run: tf.FIFOQueue(10, []),
        lambda run: run(tf.FIFOQueue(0, [tf.int32]).size()),
        lambda run: run(tf.FIFOQueue(-1, [tf.int32]).size()),
        lambda run: run(tf.RandomShuffleQueue(5, 6, [tf.int32]).size()),
        lambda run: run(tf.RandomShuffleQueue(5, -1, [tf.int32]).size()),
        lambda run: tf.QueueBase.from_list(0, []),
        lambda run: tf.gradients(queue().dequeue(), tf.constant(1.0)),
    ]
    return [_said(tf, case) for case in cases]


def closing(tf):
    def queue():
        return tf.FIFOQueue(2, [tf.int32], [[]])

    def empty(run):
        q = queue()
        run(q.close())
        return [run(q.is_closed()), _error_of(run, q.dequeue()), _error_of(run, q.dequeue_many(1)),
                _error_of(run, q.dequeue_many(0)), _error_of(run, q.dequeue_up_to(1)), _error_of(run, q.enqueue(1)),
                _error_of(run, q.enqueue_many([[1]])), _error_of(run, q.close()),
                _error_of(run, q.close(cancel_pending_enqueues=True)), run(q.size())]  # fmt: skip

    def with_rest(run):
        q = queue()
        run(q.enqueue_many([[1, 2]]))
        run(q.close())
        return [_error_of(run, q.dequeue_many(3)), run(q.size()), run(q.dequeue_many(2)), _error_of(run, q.dequeue())]

    def waiting(wait, end):
        """Run `wait` in a thread, then `end`; return how `wait` ended and what is left."""

        def case(run):
            q = queue()
            prepared = wait(q)
            ending = end(q)
            for first in prepared[:-1]:
                run(first)
            outcome = []
            thread = threading.Thread(target=lambda: outcome.append(_error_of(run, prepared[-1])))
            thread.start()
            thread.join(0.1)
            blocked = thread.is_alive()
            threads = [thread]
            for op in ending:
                threads.append(threading.Thread(target=_error_of, args=(run, op)))
                threads[-1].start()
                threads[-1].join(0.1)  # one after the other, but closing waits for what is being enqueued
            for thread in threads:
                thread.join()
            return [blocked, outcome, run(q.size()), run(q.is_closed())]

        return case

    cases = [
        empty,
        with_rest,
        waiting(lambda q: [q.dequeue()], lambda q: [q.close()]),
        waiting(lambda q: [q.dequeue_many(3)], lambda q: [q.enqueue(1), q.close()]),
        waiting(lambda q: [q.dequeue_up_to(3)], lambda q: [q.enqueue(1), q.close()]),
        waiting(lambda q: [q.dequeue()], lambda q: [q.enqueue(1)]),
        waiting(lambda q: [q.enqueue_many([[1, 2]]), q.enqueue(3)], lambda q: [q.dequeue()]),
        waiting(lambda q: [q.enqueue_many([[1, 2]]), q.enqueue(3)], lambda q: [q.close(True)]),
        waiting(lambda q: [q.enqueue_many([[1, 2]]), q.enqueue(3)], lambda q: [q.close(), q.dequeue()]),
        waiting(lambda q: [q.enqueue_many([[1, 2, 3]])], lambda q: [q.close(True)]),
    ]
    return [_said(tf, case) for case in cases]


def shuffling(tf):
    def order(graph_seed, seed, leave=0, many=8, **more):
        def case(run):
            if graph_seed is not None:
                tf.set_random_seed(graph_seed)
            q = tf.RandomShuffleQueue(20, leave, [tf.int32], [[]], seed=seed, **more)
            run(q.enqueue_many([np.arange(10, dtype=np.int32)]))
            return [run(q.dequeue()), run(q.dequeue_many(many)), run(q.size())]

        return case

    def until_closed(run):
        q = tf.RandomShuffleQueue(20, 3, [tf.int32], [[]], seed=4)
        run(q.enqueue_many([np.arange(6, dtype=np.int32)]))
        first = run(q.dequeue_many(3))
        run(q.close())
        return [first, run(q.dequeue_up_to(5)), _error_of(run, q.dequeue())]

    def long(run):
        q = tf.RandomShuffleQueue(500, 0, [tf.int32, tf.string], [[], []], seed=1)
        run(q.enqueue_many([np.arange(300, dtype=np.int32), [str(i) for i in range(300)]]))
        return run(q.dequeue_many(300))

    cases = [order(None, 5), order(7, None), order(7, 5), order(7, None, shared_name="s"), order(None, 0),
             order(1, 2, leave=2, many=6), until_closed, long]  # fmt: skip
    return [_said(tf, case) for case in cases]


def _write(name, content):
    with open(name, "wb") as file:
        file.write(content)


def readers(tf):
    _write("one.txt", b"first\nsecond\r\n\nfour\rth\nlast")
    _write("two.txt", b"a\nb\n")
    _write("empty.txt", b"")

    def files(*names):
        q = tf.FIFOQueue(10, [tf.string], [[]])
        return q, [q.enqueue_many([list(names)]), q.close()]

    def drained(reader, *names):
        def case(run):
            q, fill = files(*names)
            made = reader()
            record = made.read(q)
            for op in fill:
                run(op)
            found = []
            while len(found) < 50:
                try:
                    found.append([v.decode() for v in run(record)])
                except Exception as error:
                    found.append(type(error).__name__)
                    break
            counts = run([made.num_records_produced(), made.num_work_units_completed()])
            return [found, counts, [str(t.shape) for t in record], made.supports_serialize]

        return case

    def up_to(run):
        q, fill = files("one.txt", "two.txt")
        record = tf.TextLineReader().read_up_to(q, 3)
        for op in fill:
            run(op)
        return [run(record), run(record), run(record), _error_of(run, record), [str(t.shape) for t in record]]

    def reset(run):
        q, fill = files("one.txt", "two.txt")
        reader = tf.TextLineReader()
        record = reader.read(q)
        for op in fill:
            run(op)
        first = run(record)
        run(reader.reset())
        return [first, run(record), run(reader.num_records_produced())]

    def wrong_queue(run):
        q = tf.FIFOQueue(10, [tf.int32], [[]])
        run(q.enqueue(1))
        return run(tf.TextLineReader().read(q))

    cases = {
        "lines": drained(tf.TextLineReader, "one.txt", "two.txt"),
        "with an empty one": drained(tf.TextLineReader, "empty.txt", "two.txt", "empty.txt"),
        "without headers": drained(lambda: tf.TextLineReader(skip_header_lines=1), "one.txt", "empty.txt", "two.txt"),
        "many headers": drained(lambda: tf.TextLineReader(skip_header_lines=4), "two.txt"),
        "not there": drained(tf.TextLineReader, "two.txt", "nowhere.txt"),
        "whole": drained(tf.WholeFileReader, "two.txt", "empty.txt"),
        "whole, not there": drained(tf.WholeFileReader, "nowhere.txt"),
        "names": drained(tf.IdentityReader, "a", "b"),
        "up to": up_to,
        "reset": reset,
        "wrong queue": wrong_queue,
    }
    return {name: _said(tf, case) for name, case in cases.items()}


def csv(tf):
    def parsed(lines, defaults, **more):
        def case(run):
            records = tf.constant(lines)
            out = tf.decode_csv(records, defaults, **more)
            return [run(out), [str(t.shape) for t in out]]

        return case

    f, i, s = [0.5], [7], ["none"]

    def typed(lines, kinds, **more):
        """As `parsed`, with defaults made in the graph at hand: "f!" is a float column that must be filled."""

        def case(run):
            made = []
            for kind in kinds:
                dtype = {"f": tf.float32, "d": tf.float64, "i": tf.int32, "l": tf.int64, "s": tf.string}[kind[0]]
                value = "none" if kind[0] == "s" else 5
                made.append(tf.constant([] if kind.endswith("!") else [value], dtype))
            return parsed(lines, made, **more)(run)

        return case

    cases = [
        parsed("1,2,x", [f, i, s]),
        parsed(["1,2,x", "3.5,,y z"], [f, i, s]),
        parsed([["1", "2"], ["3", ""]], [i]),
        parsed(",,", [f, i, s]),
        typed("1,2,3,4,5", ["f", "d", "i", "l", "s"]),
        typed("", ["f"]),
        typed("", ["f!"]),
        typed("1,", ["f", "f!"]),
        typed("1,2", ["f!", "i!"]),
        typed(" 1 ,  -2e3,\t7 ", ["f", "d", "i"]),
        typed(" a , b ", ["s", "s"]),
        typed('"a,b","c ""quoted"" d",""', ["s", "s", "s"]),
        typed('"1.5","2"', ["f", "i"]),
        typed('a"b,c', ["s", "s"]),
        typed('"a"b,c', ["s", "s"]),
        typed('"a,b', ["s", "s"]),
        typed('a"b,"c"', ["s", "s"], use_quote_delim=False),
        typed("1|2", ["f", "i"], field_delim="|"),
        typed("1\t2", ["f", "i"], field_delim="\t"),
        typed("1;;2", ["f", "i"], field_delim=";;"),
        typed("1,NA,3", ["f", "i", "s"], na_value="NA"),
        typed("NA,NA", ["s", "f"], na_value="NA"),
        typed("1,2,3,4", ["f", "f"], select_cols=[1, 3]),
        typed("1,2,3,4", ["f", "f"], select_cols=[3, 1]),
        typed("1,2,3,4", ["f", "f"], select_cols=[-1, 1]),
        typed("1,2,3,4", ["f"], select_cols=[1, 3]),
        typed("1,2,3,4", ["f", "f"], select_cols=[1, 7]),
        typed("1,2,3", ["f", "f"]),
        typed("1", ["f", "f"]),
        typed("x", ["f"]),
        typed("1.5", ["i"]),
        typed("3000000000", ["i"]),
        typed("9223372036854775808", ["l"]),
        typed("1e400,1e-400", ["f", "d"]),
        typed("nan,inf,-Infinity", ["f", "f", "f"]),
        typed("0x10", ["i"]),
        typed("0x10", ["f"]),
        typed("+5,+5.5,5.,.5", ["i", "f", "f", "f"]),
        typed("1_000", ["i"]),
        typed("1d", ["f"]),
        typed("1 2", ["i"]),
        typed("1\n", ["i"]),
        typed("a\nb,c\r\n", ["s", "s"]),
        typed('"a\nb",c', ["s", "s"]),
        typed("1,2\r\n", ["i", "s"]),
        parsed("1", [[1, 2]]),
        parsed("1", [1]),
        parsed("1", [True]),
        parsed("1", []),
        parsed(1, [f]),
    ]
    return [_said(tf, case) for case in cases]


def producing(tf):
    """What comes out of one thread's row is the same each time."""

    def after_start(build, count):
        def case(run):
            fetches = build()
            run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            coord = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(run.sess, coord)
            found, ended = [], None
            while len(found) < count and ended is None:
                try:
                    found.append(_plain(run(fetches)))
                except Exception as error:
                    ended = type(error).__name__
            coord.request_stop()
            coord.join(threads)
            return [found, ended, len(threads)]

        return case

    def numbers(limit, **more):
        return tf.train.range_input_producer(limit, shuffle=False, **more).dequeue()

    def strings(**more):
        return lambda: tf.train.string_input_producer(["a", "b", "c", "d"], **more).dequeue()

    def batches(**more):
        return lambda: tf.train.batch([numbers(7, num_epochs=1)], 3, **more)

    def padded():
        number = numbers(4)
        return tf.train.batch({"x": tf.fill([number, 2], number), "n": number}, 3, dynamic_pad=True)

    def lines():
        names = tf.train.string_input_producer(["a.txt", "b.txt"], shuffle=False, num_epochs=2)
        return tf.train.batch(tf.TextLineReader().read(names), 2)

    _write("a.txt", b"1\n2\n3\n")
    _write("b.txt", b"4\n5\n")
    cases = [
        after_start(strings(shuffle=False), 9),
        after_start(strings(shuffle=False, num_epochs=2), 20),
        after_start(strings(seed=1), 12),
        after_start(strings(seed=1, num_epochs=1), 12),
        after_start(batches(), 5),
        after_start(batches(allow_smaller_final_batch=True), 5),
        after_start(padded, 2),
        after_start(lines, 8),
        after_start(lambda: tf.train.slice_input_producer([[10, 20, 30], ["x", "y", "z"]], seed=3), 5),
    ]
    return [_said(tf, case) for case in cases]


QUESTIONS = [fifo, refused, closing, shuffling, readers, csv, producing]
