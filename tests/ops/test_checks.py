"""What makes a run fail on purpose, and what prints."""

import numpy as np
import pytest

import defrun as tf

Failed = tf.errors.InvalidArgumentError


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as g:
        yield g


@pytest.fixture
def sess(graph):
    with tf.Session(graph=graph) as s:
        yield s


@pytest.mark.parametrize(
    ("data", "summarize", "text"),
    [
        ([[1, 2, 3, 4]], None, "[1 2 3...]"),
        ([[1, 2, 3, 4]], -1, "[1 2 3 4]"),
        ([[[1, 2], [3, 4]]], None, "[[1 2][3...]...]"),
        (["hi {}", 1.5], None, "[hi {}] [1.5]"),
        ([[[[1.0, 2.5], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]]], "x"], 5, "[[[1 2.5][3 4]][[1...]]...] [x]"),
        ([True, [False]], None, "[1] [0]"),
        ([np.zeros([0])], None, "[]"),
    ],
)
@pytest.mark.parametrize("moving", [False, True])
def test_an_assert_shows_its_data(sess, data, summarize, text, moving):
    no = tf.placeholder_with_default(False, [])
    tensors = [tf.constant(v) for v in data]
    if moving:  # values that only the run knows
        tensors = [t if t.dtype == tf.string else tf.placeholder_with_default(t, t.shape) for t in tensors]
    with pytest.raises(Failed) as caught:
        sess.run(tf.Assert(no, tensors, summarize))
    assert caught.value.message.startswith(f"assertion failed: {text}")
    sess.run(tf.Assert(tf.logical_not(no), tensors))


def test_an_assert_that_fails_undoes_the_run(sess):
    v, limit = tf.Variable(0.0), tf.placeholder(tf.float32, [])
    sess.run(v.initializer)
    with tf.control_dependencies([tf.assert_less(v, limit, message="too far")]):
        step = v.assign_add(1.0)
    sess.run(step, {limit: 5.0})
    with pytest.raises(Failed, match="too far"):
        sess.run(step, {limit: 1.0})
    assert sess.run(v) == 1.0
    assert len(sess.explain(step, {limit: 1.0}).stages) == 1


@pytest.mark.parametrize(
    ("values", "word"),
    [([np.nan, 1.0], "NaN"), ([np.inf, 1.0], "Inf"), ([-np.inf, 0.0], "Inf"), ([np.inf, np.nan], "Inf and NaN")],
)
def test_numbers_that_are_none(sess, values, word):
    x = tf.placeholder(tf.float32, [2])
    checked = tf.check_numerics(x, "loss {1}")
    with pytest.raises(Failed, match=rf"loss \{{1\}} : Tensor had {word} values") as caught:
        sess.run(checked, {x: values})
    assert caught.value.op is checked.op
    assert sess.run(checked, {x: [1.0, 2.0]}).tolist() == [1.0, 2.0]


def test_every_number_of_a_graph_is_checked(sess):
    x = tf.placeholder(tf.float32, [])
    y = 1.0 / x
    check = tf.add_check_numerics_ops()
    with pytest.raises(Failed, match="truediv:0"):
        sess.run([y, check], {x: 0.0})
    assert sess.run([y, check], {x: 2.0}) == [0.5, None]
    (grad,) = tf.gradients(tf.verify_tensor_all_finite(tf.check_numerics(x, "m"), "n"), x)
    assert sess.run(grad, {x: 2.0}) == 1.0


def test_what_is_known_fails_at_once():
    for build in (
        lambda: tf.assert_equal([1, 2], [1, 3], message="boo"),
        lambda: tf.assert_less(2, 1),
        lambda: tf.assert_positive([0.0]),
        lambda: tf.assert_none_equal(1, 1),
    ):
        with pytest.raises(Failed, match="did not hold"):
            build()
    for build in (
        lambda: tf.assert_rank(tf.zeros([2]), 2),
        lambda: tf.assert_rank_at_least(tf.zeros([2]), 2),
        lambda: tf.assert_rank_in(tf.zeros([2]), [0, 2]),
        lambda: tf.assert_rank(tf.zeros([2]), [1]),
        lambda: tf.assert_scalar(tf.zeros([1])),
        lambda: tf.debugging.assert_shapes([(tf.zeros([2, 3]), ("n", "n"))]),
        lambda: tf.assert_same_float_dtype([tf.zeros([1]), tf.zeros([1], tf.float64)]),
    ):
        with pytest.raises(ValueError):
            build()
    for build in (
        lambda: tf.assert_type(tf.zeros([1]), tf.int32),
        lambda: tf.assert_integer(tf.zeros([1])),
        lambda: tf.assert_proper_iterable(tf.zeros([1])),
    ):
        with pytest.raises(TypeError):
            build()


def test_what_only_the_run_knows(sess):
    x, n = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, None])
    feed = {x: [1.0, -2.0], n: np.ones([2, 3])}
    for build in (
        tf.assert_equal(x, 1.0), tf.assert_none_equal(x, -2.0), tf.assert_less(x, 1.0), tf.assert_less_equal(x, 0.0),
        tf.assert_greater(x, -2.0), tf.assert_greater_equal(x, -1.0), tf.assert_near(x, [1.0, -2.1]),
        tf.assert_positive(x), tf.assert_negative(x), tf.assert_non_negative(x), tf.assert_non_positive(x),
        tf.assert_rank(x, 2), tf.assert_rank_at_least(x, 2), tf.assert_rank_in(x, [0, 2]),
        tf.debugging.assert_shapes([(n, ("a", "a"))]), tf.debugging.assert_shapes([(n, (..., 4))]),
    ):  # fmt: skip
        with pytest.raises(Failed):
            sess.run(build, feed)
    for build in (
        tf.assert_equal(x, [1.0, -2.0]), tf.assert_less(x, 2.0), tf.assert_near(x, x + 1e-9), tf.assert_rank(x, 1),
        tf.debugging.assert_shapes([(n, ("a", 3)), (x, ("a",))]),
    ):  # fmt: skip
        sess.run(build, feed)
    assert sess.run([tf.is_strictly_increasing(x), tf.is_non_decreasing(x[::-1])], feed) == [False, True]


def test_print_shows_values_and_passes_them_on(sess, capfd):
    x = tf.placeholder(tf.float32, [4])
    y = tf.Print(x, [x, "word", tf.shape(x)], message="seen: ", first_n=2) * 2.0
    for _ in range(3):
        assert sess.run(y, {x: [1.0, 2.0, 3.5, 4.0]}).tolist() == [2.0, 4.0, 7.0, 8.0]
    assert capfd.readouterr().err == "seen: [1 2 3.5...][word][4]\n" * 2
    assert sess.run(tf.gradients(y, x)[0], {x: [1.0] * 4}).tolist() == [2.0] * 4


def test_tf_print_writes_python_and_tensors(sess, tmp_path, capfd):
    import sys

    many = tf.range(8.0)
    where = f"file://{tmp_path}/out.txt"
    for op in (
        tf.print("hi", many, {"a": tf.constant(3)}, [1, "q"], output_stream=where),
        tf.print(many, summarize=1, output_stream=where),
        tf.print(tf.constant("whole"), output_stream=where),
        tf.print(tf.zeros([2, 2], tf.int32), tf.constant("a"), sep="|", end="!", output_stream=where),
    ):
        sess.run(op)
    assert (tmp_path / "out.txt").read_text() == (
        "hi [0 1 2 ... 5 6 7] {'a': 3} [1, 'q']\n[0 ... 7]\nwhole\n[[0 0]\n [0 0]]|\"a\"!"
    )
    sess.run([tf.print("out", output_stream=sys.stdout), tf.print("{}", tf.constant(1))])
    shown = capfd.readouterr()
    assert shown.out == "out\n" and shown.err == "{} 1\n"
    with pytest.raises(ValueError, match="Unsupported output stream"):
        tf.print("x", output_stream="nowhere")
    assert sess.run(tf.strings.format("a {} b {}", (tf.constant([1, 2]), tf.constant("s")))) == b'a [1 2] b "s"'


def test_a_python_function_gets_and_returns_numpy(sess):
    seen = []

    def look(*values):
        seen.extend(values)
        return values[0] * 2, "text"

    double, text = tf.py_func(look, [[1.0, 2.0], 3, "s", True], [tf.float32, tf.string])
    assert double.shape.ndims is None
    value, word = sess.run([double, text])
    assert value.tolist() == [2.0, 4.0] and word == b"text"
    assert [type(v) for v in seen] == [np.ndarray, np.int32, bytes, np.bool_]
    assert sess.run(tf.py_func(lambda: np.array(["a", "bc"]), [], tf.string)).tolist() == [b"a", b"bc"]
    assert sess.run(tf.py_func(lambda: None, [], [])) == []


@pytest.mark.parametrize(
    ("function", "types", "error", "text"),
    [
        (lambda: 1.0, tf.float32, Failed, "0-th value returned by pyfunc_.* is double, but expects float"),
        (lambda: 1, [tf.int64] * 2, Failed, "returns 1 values, but expects to see 2 values"),
        (lambda: int("x"), tf.int64, Failed, "ValueError: invalid literal"),
        (lambda: {}["k"], tf.int64, tf.errors.UnknownError, "KeyError: 'k'"),
        (lambda: next(iter(())), tf.int64, tf.errors.OutOfRangeError, "StopIteration"),
    ],
)
def test_what_a_python_function_does_wrong(sess, function, types, error, text):
    node = tf.py_func(function, [], types)
    with pytest.raises(error, match=text) as caught:
        sess.run(node)
    assert caught.value.op.type == "PyFunc"


def test_a_python_function_is_called_each_time_and_only_if_needed(sess):
    calls = []
    count = tf.py_func(lambda: calls.append(1) or np.int64(len(calls)), [], tf.int64)
    sess.run(tf.constant(1))
    assert [sess.run(count), sess.run(count)] == [1, 2]
    with pytest.raises(ValueError):
        tf.py_func("no function", [], tf.int64)
