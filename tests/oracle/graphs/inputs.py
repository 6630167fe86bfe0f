"""Graphs of input by queues. Each: build(tf) adds nodes, may return facts."""


def _shapes(tensors):
    return [str(t.shape) for t in tensors]


def build_csv_lines(tf):
    names = tf.train.string_input_producer(["data-01-test-score.csv"], shuffle=False, name="filename_queue")
    _, line = tf.TextLineReader().read(names)
    xy = tf.decode_csv(line, record_defaults=[[0.0], [0.0], [0.0], [0.0]])
    return _shapes(tf.train.batch([xy[0:-1], xy[-1:]], batch_size=10))


def build_whole_files(tf):
    names = tf.train.string_input_producer(tf.constant(["a", "b"]), num_epochs=2, seed=1, capacity=7)
    key, value = tf.WholeFileReader(name="whole").read(names, name="got")
    reader = tf.TextLineReader(skip_header_lines=2)
    reader.read_up_to(names, 3)
    reader.num_records_produced()
    reader.num_work_units_completed()
    reader.reset()
    tf.IdentityReader()
    few = tf.train.shuffle_batch({"k": key, "v": value}, 4, 50, 20, num_threads=3, allow_smaller_final_batch=True)
    return [names.name, sorted(few), _shapes([few["k"], few["v"]])]


def build_batches(tf):
    tf.set_random_seed(3)
    x, y = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.int32, [])
    found = [*tf.train.batch([x, y], 8, num_threads=2, name="mine"), tf.train.batch([x], tf.placeholder(tf.int32, []))]
    rows = tf.placeholder(tf.float32, [None, 3])
    found += [tf.train.batch([rows], 4, enqueue_many=True), tf.train.batch([rows], 4, dynamic_pad=True)]
    found += [tf.train.batch([tf.placeholder(tf.float32)], 4, shapes=[[2]], shared_name="common")]
    found += tf.train.batch_join([[x, y], [x, y]], 8)
    found += tf.train.shuffle_batch([x, y], 8, capacity=30, min_after_dequeue=10)
    with tf.name_scope("outer"):
        found += tf.train.shuffle_batch_join([(x, y), (x, y)], 8, 30, 10, seed=2, name="joined")
    tf.summary.merge_all()
    return _shapes(found)


def build_producers(tf):
    tf.train.range_input_producer(10).dequeue()
    tf.train.range_input_producer(tf.placeholder(tf.int32, []), num_epochs=1, shuffle=False, name="numbers")
    found = tf.train.slice_input_producer([tf.ones([5, 2]), [1, 2, 3, 4, 5]], num_epochs=3, seed=4)
    tf.train.input_producer(tf.zeros([4, 2]), shuffle=False, summary_name="full")
    tf.train.limit_epochs(tf.constant(1.0), 5, name="limited")
    return _shapes(found)


def build_queues(tf):
    q = tf.FIFOQueue(3, [tf.float32, tf.string], [[2], []], names=["x", "s"], name="first")
    q.enqueue({"x": [1.0, 2.0], "s": "a"})
    q.enqueue_many({"x": [[1.0, 2.0]], "s": ["a"]}, name="many")
    found = [q.dequeue()["x"], q.dequeue_many(2)["x"], q.dequeue_up_to(2, name="some")["s"]]
    q.size()
    q.close()
    q.close(cancel_pending_enqueues=True, name="stop")
    q.is_closed()
    with tf.name_scope("scope"), tf.container("box"):
        p = tf.PaddingFIFOQueue(5, [tf.int64], [[None, 2]])
        p.enqueue([[[1, 2]]])
        found.append(p.dequeue_many(tf.placeholder(tf.int32, [])))
    r = tf.RandomShuffleQueue(5, 2, tf.int32, seed=1)
    with tf.control_dependencies([r.enqueue(1), r.enqueue([2])]):
        found.append(r.dequeue())
    tf.train.add_queue_runner(tf.train.QueueRunner(r, [r.enqueue(7)] * 2))
    tf.train.add_queue_runner(tf.train.QueueRunner(r, [r.enqueue(8)], r.close(), r.close(True)), "elsewhere")
    return _shapes(found)


def build_csv_options(tf):
    lines = tf.placeholder(tf.string, [None, 2])
    defaults = [tf.constant([], tf.float64), [1], "text"]
    return _shapes(tf.decode_csv(lines, defaults, field_delim="|", use_quote_delim=False, na_value="?", name="read",
                                 select_cols=[0, 2, 5]))  # fmt: skip
