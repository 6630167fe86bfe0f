"""What fetches and feeds of every kind give. Each case: (tf, run) -> plain values, or it raises."""

import collections

import numpy as np

Pair = collections.namedtuple("Pair", ["first", "second"])


def _ab(tf):
    return tf.constant(1.0, name="a"), tf.constant([2, 3], name="b")


def scalar_types(tf, run):
    kinds = [1.0, 1, True, b"text", np.float64(1), np.int64(1), np.uint8(1), 1j, np.float16(1)]
    return run([tf.constant(k) for k in kinds])


def array_types(tf, run):
    kinds = [[1.0], [1], [True], [b"text", b""], np.ones([2, 0]), [1j], np.ones([1], np.float16)]
    return run([tf.constant(k) for k in kinds])


def bfloat16_type(tf, run):
    return str(run(tf.cast([1.0, 3.14159], tf.bfloat16)).dtype)


def string_with_zero_bytes(tf, run):
    return run(tf.constant(b"a\x00b\x00")), run(tf.constant([b"a\x00", b"\x00"]))


def single_tensor(tf, run):
    a, _ = _ab(tf)
    return run(a)


def single_operation(tf, run):
    a, _ = _ab(tf)
    return run(a.op)


def list_tuple(tf, run):
    a, b = _ab(tf)
    return run([a, b]), run((a, b))


def nested(tf, run):
    a, b = _ab(tf)
    return run([a, (b, [a, {"x": b, "y": (a,)}])])


def named_tuple(tf, run):
    a, b = _ab(tf)
    return run(Pair(a, {"k": b}))


def dictionary(tf, run):
    a, b = _ab(tf)
    return run({"z": a, "a": b, 3: [a]})


def ordered_dict(tf, run):
    a, b = _ab(tf)
    return run(collections.OrderedDict([("z", a), ("a", b)]))


def default_dict(tf, run):
    a, _ = _ab(tf)
    return run(collections.defaultdict(list, {"z": a}))


def duplicates(tf, run):
    a, _ = _ab(tf)
    first, second = run([a, a])
    return first, second


def duplicate_arrays_are_shared(tf, run):
    _, b = _ab(tf)
    first, second = run([b, b])
    return first is second


def random_fetched_twice(tf, run):
    a = tf.random_uniform([2])
    first, (second, third) = run([a, (a, a + 0.0)])
    return bool((first == second).all()), bool((first == third).all())


def empty_list(tf, run):
    _ab(tf)
    return run([])


def empty_dict(tf, run):
    _ab(tf)
    return run({})


def empty_inside(tf, run):
    a, _ = _ab(tf)
    return run([a, [], (), {}])


def none_fetch(tf, run):
    _ab(tf)
    return run(None)


def none_in_list(tf, run):
    a, _ = _ab(tf)
    return run([a, None])


def names(tf, run):
    _ab(tf)
    return run(["a:0", "b:0"]), run("a"), run({"k": "b:0"})


def unicode_and_bytes_names(tf, run):
    _ab(tf)
    return run(b"a:0")


def unknown_name(tf, run):
    _ab(tf)
    return run("nowhere:0")


def unknown_output_of_op(tf, run):
    _ab(tf)
    return run("a:1")


def malformed_name(tf, run):
    _ab(tf)
    return run("a:0:0")


def variable_object(tf, run):
    w = tf.Variable([1.0, 2.0])
    r = tf.Variable([3.0], use_resource=True)
    run(tf.global_variables_initializer())
    return run([w, r, {"w": w}])


def variable_initializer_op(tf, run):
    w = tf.Variable([1.0, 2.0])
    return run([w.initializer, tf.global_variables_initializer()])


def group_and_no_op(tf, run):
    a, b = _ab(tf)
    return run([tf.group(a, b), tf.no_op(), a])


def indexed_slices(tf, run):
    value = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([4, 0]), tf.constant([5, 1]))
    return run(value), run([value, {"k": value}])


def indexed_slices_without_shape(tf, run):
    return run(tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([4, 0])))


def sparse_tensor(tf, run):
    return run(tf.SparseTensor([[0, 1]], [5.0], [2, 2]))


def number_as_fetch(tf, run):
    _ab(tf)
    return run(3)


def array_as_fetch(tf, run):
    _ab(tf)
    return run(np.ones([2]))


def set_as_fetch(tf, run):
    a, _ = _ab(tf)
    return run({a})


def generator_as_fetch(tf, run):
    a, _ = _ab(tf)
    return run(t for t in [a])


def split_outputs(tf, run):
    return run(tf.split(tf.constant([1, 2, 3, 4]), 2))


def resource_handle(tf, run):
    r = tf.Variable([3.0], use_resource=True)
    run(r.initializer)
    return type(run(r.handle)).__name__ != "NoneType"


def placeholder_itself(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run(x, {x: [1, 2]})


def feed_intermediate(tf, run):
    a, _ = _ab(tf)
    double = a * 2.0
    return run([a, double, double + 1.0], {double: 10.0})


def feed_constant(tf, run):
    a, _ = _ab(tf)
    return run(a * 2.0, {a: 5.0})


def feed_by_name(tf, run):
    a, _ = _ab(tf)
    return run(a * 2.0, {"a:0": 5.0})


def feed_of_unused_placeholder(tf, run):
    a, _ = _ab(tf)
    x = tf.placeholder(tf.float32)
    return run(a, {x: 1.0})


def feed_none_dict(tf, run):
    a, _ = _ab(tf)
    return run(a, None), run(a, {})


def feed_default_used(tf, run):
    x = tf.placeholder_with_default([1.0, 2.0], [None])
    return run(x), run(x, {x: [3.0]})


def feed_sparse_tensor(tf, run):
    x = tf.sparse_placeholder(tf.float32)
    value = tf.SparseTensorValue(np.array([[0, 1]], np.int64), np.array([5.0], np.float32), np.array([2, 2], np.int64))
    return run(x, {x: value})


def feed_conversions(tf, run):
    """What converts on the way in: per placeholder type, what the value came out as."""
    pairs = [
        (tf.float32, 1), (tf.float32, [1, 2]), (tf.float32, np.float64(0.1)), (tf.float32, True), (tf.int32, 1.0),
        (tf.int32, np.array([1.7])), (tf.int32, np.int64(5)), (tf.int64, 5), (tf.bool, 1), (tf.bool, [0, 2]),
        (tf.string, "text"), (tf.string, b"text"), (tf.string, ["a", "bc"]), (tf.float32, np.float16(2)),
        (tf.uint8, 200), (tf.uint8, np.array([300])), (tf.complex64, 1.5), (tf.float32, [[]]), (tf.float64, 1),
    ]  # fmt: skip
    out = []
    for dtype, value in pairs:
        x = tf.placeholder(dtype)
        try:
            out.append(run(x, {x: value}))
        except Exception as error:
            out.append(type(error).__name__)
    return out


def feed_big_python_int(tf, run):
    x = tf.placeholder(tf.int32)
    return run(x, {x: 2**40})


def feed_float_for_int(tf, run):
    x = tf.placeholder(tf.int32)
    return run(x, {x: 1.5})


def feed_float_array_for_int(tf, run):
    x = tf.placeholder(tf.int32)
    return run(x, {x: np.array([1.5, -2.7])})


def feed_text_for_float(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: "text"})


def feed_numeric_text_for_float(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: "1.5"})


def feed_complex_for_float(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: 1j})


def feed_none(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: None})


def feed_ragged(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: [[1.0], [1.0, 2.0]]})


def feed_tensor(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x, {x: tf.constant(1.0)})


def feed_wrong_shape(tf, run):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    return run(x * 2.0, {x: np.zeros([3, 2])})


def feed_wrong_rank(tf, run):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    return run(x * 2.0, {x: [1.0, 2.0, 3.0]})


def feed_scalar_for_vector(tf, run):
    x = tf.placeholder(tf.float32, [1], name="x")
    return run(x * 2.0, {x: 1.0})


def feed_unknown_rank(tf, run):
    x = tf.placeholder(tf.float32)
    return run(x * 2.0, {x: 1.0}), run(x * 2.0, {x: [[1.0]]})


def feed_unknown_key(tf, run):
    a, _ = _ab(tf)
    return run(a, {"nowhere:0": 1.0})


def feed_other_graphs_tensor(tf, run):
    a, _ = _ab(tf)
    with tf.Graph().as_default():
        other = tf.placeholder(tf.float32, name="a")
    return run(a, {other: 1.0})


def feed_operation(tf, run):
    a, _ = _ab(tf)
    return run(a, {a.op: 1.0})


def feed_number_as_key(tf, run):
    a, _ = _ab(tf)
    return run(a, {3: 1.0})


def feed_not_a_dict(tf, run):
    a, _ = _ab(tf)
    return run(a, [1.0])


def feed_tuple_key(tf, run):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    return run(x + y, {(x, y): (1.0, 2.0)})


def feed_prevented(tf, run):
    x = tf.constant(1.0)
    run.session.graph.prevent_feeding(x)
    return run(x, {x: 2.0})


def fetch_prevented(tf, run):
    x = tf.constant(1.0)
    run.session.graph.prevent_fetching(x.op)
    return run(x.op)


def fed_array_is_copied_or_shared(tf, run):
    x = tf.placeholder(tf.float32, [2])
    array = np.array([1.0, 2.0], np.float32)
    value = run(x, {x: array})
    value = np.array(value)
    array[0] = 9.0
    return value


def fetched_arrays_are_writable(tf, run):
    _, b = _ab(tf)
    w = tf.Variable([1.0, 2.0])
    run(w.initializer)
    x = tf.placeholder(tf.float32, [2])
    values = run([b, w, x, x * 2.0], {x: np.ones([2], np.float32)})
    return [bool(v.flags.writeable) for v in values]


def make_callable(tf, run):
    x = tf.placeholder(tf.float32, [2])
    call = run.session.make_callable([x * 2.0, tf.no_op()], [x])
    return call(np.array([1, 2], np.float32)), run.session.make_callable(x + 1.0, [x])(np.ones([2], np.float32))


def make_callable_no_feeds(tf, run):
    a, b = _ab(tf)
    return run.session.make_callable({"k": a, "l": [b]})()


def make_callable_of_operation(tf, run):
    return run.session.make_callable(tf.no_op())()


def make_callable_takes_lists(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run.session.make_callable(x * 2.0, [x])([1, 2])


def make_callable_converts(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run.session.make_callable(x * 2.0, [x])(np.array([1.0, 2.0]))


def make_callable_other_shape(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run.session.make_callable(x * 2.0, [x])(np.ones([3], np.float32))


def make_callable_too_many(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run.session.make_callable(x * 2.0, [x])(np.ones([2], np.float32), np.ones([2], np.float32))


def make_callable_wrong_count(tf, run):
    x = tf.placeholder(tf.float32, [2])
    return run.session.make_callable(x * 2.0, [x])()


def partial_run(tf, run):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    first = x + 1.0
    second = first * y
    handle = run.session.partial_run_setup([first, second], [x, y])
    got = run.session.partial_run(handle, first, {x: 1.0})
    return got, run.session.partial_run(handle, second, {y: got * 10})


def eval_methods(tf, run):
    a, _ = _ab(tf)
    x = tf.placeholder(tf.float32)
    with run.session.as_default():
        return a.eval(), (x + a).eval({x: 1.0}), (x + a).eval(feed_dict={x: 2.0}), tf.no_op().run()


def graph_grows_between_runs(tf, run):
    a, _ = _ab(tf)
    first = run(a)
    return first, run(a + 1.0)


def placeholder_shape_not_fully_known(tf, run):
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.reshape(x, [-1])
    return str(y.shape), run(y, {x: np.ones([3, 2])}), run(y, {x: np.ones([0, 2])})


def run_metadata_and_options(tf, run):
    a, _ = _ab(tf)
    return run.session.run(a, options=tf.RunOptions(), run_metadata=tf.RunMetadata())
