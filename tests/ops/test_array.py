"""Array functions: what their faces accept and refuse, what is known of shapes, lists with tensors in them."""

import numpy as np
import pytest

import defrun as tf


def shapes_of(tensors):
    return [None if t.shape.ndims is None else t.shape.as_list() for t in tensors]


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as g:
        yield g


def test_shape_arithmetic_keeps_what_is_known():
    x, y = tf.placeholder(tf.float32, [None, 28, 28]), tf.placeholder(tf.float32, [None, 3])
    n = tf.placeholder(tf.int32, [])
    batch = tf.shape(x)[0]
    assert shapes_of([
        tf.reshape(x, [batch, 784]),
        tf.reshape(x, [batch, -1]),
        tf.reshape(x, [-1, tf.shape(x)[1] * tf.shape(x)[2]]),
        tf.reshape(x, tf.concat([tf.shape(x)[:1], [784]], 0)),
        tf.zeros([batch, 5]),
        tf.zeros(tf.stack([n, 4])),
        tf.fill(tf.shape(y), 1.0),
        tf.tile(y, [n, 2]),
        tf.pad(y, [[0, n], [1, 1]]),
        tf.broadcast_to(y, [4, batch, 3]),
        tf.transpose(x, tf.range(3)[::-1]),
        tf.expand_dims(x, tf.rank(x)),
        tf.split(y, [n, -1], 1)[0],
        tf.slice(y, [0, 1], [-1, 2]),
        tf.one_hot(tf.zeros([batch, 2], tf.int32), 4),
        tf.range(n),
        tf.range(2, 8, 3),
    ]) == [
        [None, 784], [None, None], [None, 784], [None, 784], [None, 5], [None, 4], [None, 3], [None, 6], [None, 5],
        [4, None, 3], [28, 28, None], [None, 28, 28, 1], [None, None], [None, 2], [None, 2, 4], [None], [2],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "build",
    [
        lambda x: tf.reshape(x, [4, 2]),
        lambda x: tf.reshape(x, [-1, 4]),
        lambda x: tf.reshape(x, 6),
        lambda x: tf.squeeze(x, [0]),
        lambda x: tf.expand_dims(x, 4),
        lambda x: tf.expand_dims(x),
        lambda x: tf.expand_dims(x, 1, dim=1),
        lambda x: tf.concat([x, tf.zeros([2, 4])], 0),
        lambda x: tf.concat([tf.zeros([]), tf.zeros([])], 0),
        lambda x: tf.stack([x, tf.zeros([3, 3])]),
        lambda x: tf.stack([x, x], 4),
        lambda x: tf.unstack(x, num=3),
        lambda x: tf.unstack(tf.placeholder(tf.float32)),
        lambda x: tf.split(x, 2, 1),
        lambda x: tf.split(x, [1, 1], 1),
        lambda x: tf.split(x, tf.constant(2)),
        lambda x: tf.tile(x, [2]),
        lambda x: tf.transpose(x, [0, 0]),
        lambda x: tf.matrix_transpose(tf.zeros([3])),
        lambda x: tf.pad(x, [[1, 1]]),
        lambda x: tf.pad(x, [[-1, 1], [0, 0]]),
        lambda x: tf.pad(x, [[0, 0], [0, 0]], "AROUND"),
        lambda x: tf.fill([-1], 1.0),
        lambda x: tf.range(3, 0),
        lambda x: tf.range(0, 3, 0),
        lambda x: tf.broadcast_to(x, [2, 4]),
        lambda x: tf.reverse(x, [0, 0]),
        lambda x: tf.gather(x, [0], axis=2),
        lambda x: tf.gather_nd(x, tf.zeros([1, 3], tf.int32)),
        lambda x: tf.scatter_nd([[0], [1]], tf.zeros([3]), [4]),
        lambda x: tf.boolean_mask(x, [True]),
        lambda x: tf.where([True, False], x),
        lambda x: tf.space_to_depth(tf.zeros([1, 3, 3, 1]), 2),
        lambda x: tf.meshgrid([1], [2], indexing="yx"),
        lambda x: tf.diag_part(tf.zeros([2, 3])),
    ],
)
def test_what_does_not_fit_is_refused_at_once(build):
    with pytest.raises(ValueError):
        build(tf.zeros([2, 3]))


def test_types_are_refused_at_once():
    x = tf.zeros([2])
    for build in (
        lambda: tf.concat([x, tf.zeros([2], tf.int32)], 0),
        lambda: tf.stack([x, tf.zeros([2], tf.int32)]),
        lambda: tf.gather(x, [0.5]),
        lambda: tf.one_hot([0], 2, on_value=1.0, off_value=0),
        lambda: tf.one_hot([0], 2, on_value=1.0, dtype=tf.int32),
        lambda: tf.convert_to_tensor([x, tf.zeros([2], tf.int32)]),
    ):
        with pytest.raises(TypeError):
            build()


def test_the_same_mistakes_are_found_when_run():
    x, n = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    feed = {x: np.ones([2, 3])}
    with tf.Session() as sess:
        for build, value in (
            (lambda: tf.reshape(x, n), [4, 2]),
            (lambda: tf.reshape(x, n), [-1, 4]),
            (lambda: tf.expand_dims(x, n), 4),
            (lambda: tf.squeeze(x, [0]), 0),
            (lambda: tf.concat([x, tf.zeros([2, 4])], n), 0),
            (lambda: tf.stack([x, tf.zeros([3, 3])]), 0),
            (lambda: tf.unstack(x, num=3), 0),
            (lambda: tf.split(x, 2, n), 1),
            (lambda: tf.tile(x, n), [1, -1]),
            (lambda: tf.transpose(x, n), [0, 0]),
            (lambda: tf.pad(x, n), [[0, 0], [-1, 0]]),
            (lambda: tf.fill(n, 1.0), [-1]),
            (lambda: tf.range(0, 3, n), 0),
            (lambda: tf.broadcast_to(x, n), [2, 4]),
            (lambda: tf.gather(x, 0, axis=n), 2),
            (lambda: tf.invert_permutation(tf.reshape(n, [-1])), [0, 0]),
            (lambda: tf.ensure_shape(x, [None, 4]), 0),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError):
                sess.run(build(), {**feed, n: value})


def test_lists_with_tensors_in_them_are_packed():
    x = tf.constant(5.0)
    nested = tf.convert_to_tensor([[1, x], (2.0, 3)], name="nested")
    assert nested.op.type == "Pack" and nested.name == "nested:0"
    assert [t.op.type for t in nested.op.inputs] == ["Pack", "Const"]
    wide = tf.convert_to_tensor([x, 1], dtype=tf.float64)
    with tf.Session() as sess:
        assert sess.run(nested).tolist() == [[1, 5], [2, 3]]
        assert sess.run(wide).tolist() == [5, 1] and wide.dtype == tf.float64
        assert sess.run(x + [1.0, x, 2.0]).tolist() == [6, 10, 7]


def test_strings_move_about_on_the_host():
    words = tf.constant(["a", "b", "c"])
    fetches = {
        "reshape": tf.reshape(words, [3, 1]),
        "concat": tf.concat([words, ["d"]], 0),
        "stack": tf.stack([words[0], words[2]]),
        "unstack": tf.unstack(words)[1],
        "gather": tf.gather(words, [2, 0]),
        "tile": tf.tile(words, [2]),
        "reverse": tf.reverse(words, [0]),
        "zeros": tf.zeros_like(words),
        "fill": tf.fill([2], "x"),
        "unique": tf.unique(tf.constant(["b", "a", "b"])).y,
        "where": tf.where([True, False, True], words, tf.fill([3], "-")),
    }
    with tf.Session() as sess:
        assert {k: v.tolist() if k != "unstack" else v for k, v in sess.run(fetches).items()} == {
            "reshape": [[b"a"], [b"b"], [b"c"]], "concat": [b"a", b"b", b"c", b"d"], "stack": [b"a", b"c"],
            "unstack": b"b", "gather": [b"c", b"a"], "tile": [b"a", b"b", b"c"] * 2, "reverse": [b"c", b"b", b"a"],
            "zeros": [b""] * 3, "fill": [b"x", b"x"], "unique": [b"b", b"a"], "where": [b"a", b"-", b"c"],
        }  # fmt: skip


def test_types_stay_exact():
    kinds = [tf.int8, tf.uint8, tf.int16, tf.int64, tf.float16, tf.bfloat16, tf.float64, tf.bool, tf.complex64]
    fetches = []
    for kind in kinds:
        x = tf.cast([[0, 1], [1, 0]], kind)
        fetches.append([
            tf.reshape(x, [-1]), tf.concat([x, x], 1), tf.pad(x, [[0, 1], [0, 0]]) if kind != tf.bool else x,
            tf.tile(x, [1, 2]), x[0], tf.gather(x, [1]), tf.zeros_like(x), tf.fill([2], x[0, 1]), tf.matrix_diag(x),
            tf.gather_nd(x, [[0, 1]]), tf.reverse(x, [0]), tf.roll(x, 1, 0),
        ])  # fmt: skip
    with tf.Session() as sess:
        for kind, values in zip(kinds, sess.run(fetches), strict=True):
            assert {v.dtype for v in values} == {np.dtype(kind.as_numpy_dtype)}


def test_a_gradient_skips_outputs_that_nobody_used():
    x = tf.placeholder(tf.float32, [4])
    a, _, c, _ = tf.unstack(x)
    left, _ = tf.split(x, 2)
    _, parts = tf.split(x, [1, 3])
    grads = tf.gradients([a * c, left, parts * 2.0], x)[0]
    with tf.Session() as sess:
        assert sess.run(grads, {x: [1.0, 2.0, 3.0, 4.0]}).tolist() == [4.0, 3.0, 3.0, 2.0]


def test_meeting_points(graph):
    a, b = tf.constant(1.0), tf.constant(2.0)
    both = tf.group(a, [b.op, {"c": a}], name="both")
    assert both.type == "NoOp" and set(both.control_inputs) == {a.op, b.op}
    gated = tf.tuple([a, None, b], control_inputs=[both])
    assert gated[1] is None and gated[0].op.control_inputs[0].type == "NoOp"
    for wrong, error in ((lambda: tf.group(5), TypeError), (lambda: tf.tuple([None]), ValueError),
                         (lambda: tf.tuple([a], control_inputs=["a"]), TypeError)):  # fmt: skip
        with pytest.raises(error):
            wrong()
    with tf.Session() as sess:
        assert sess.run([both, *gated[::2]]) == [None, 1.0, 2.0]


def test_prevent_gradient_says_why():
    x = tf.constant(1.0)
    with pytest.raises(LookupError, match="not that way"):
        tf.gradients(tf.raw_ops.PreventGradient(input=x, message="not that way"), x)


def test_only_the_main_diagonal():
    with pytest.raises(NotImplementedError, match="main diagonal"):
        tf.matrix_diag([1.0], k=1)


def test_repeating_elements():
    x = tf.constant([[1, 2], [3, 4]])
    with tf.Session() as sess:
        assert sess.run(tf.repeat(x, 2)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
        assert sess.run(tf.repeat(x, [1, 3], axis=1)).tolist() == [[1, 2, 2, 2], [3, 4, 4, 4]]
        assert sess.run(tf.repeat(x, [0, 2], axis=0)).tolist() == [[3, 4], [3, 4]]


def test_bits_under_another_type():
    x = tf.constant([1.0, -2.0])
    with tf.Session() as sess:
        assert sess.run(tf.bitcast(x, tf.int32)).tolist() == np.array([1, -2], np.float32).view(np.int32).tolist()
        halves = tf.bitcast(x, tf.uint16)
        assert halves.shape.as_list() == [2, 2]
        assert sess.run(tf.bitcast(halves, tf.float32)).tolist() == [1.0, -2.0]
        with pytest.raises(ValueError):
            tf.bitcast(tf.zeros([3], tf.uint16), tf.float32)
