"""Bad input gets TensorFlow's exception class, the op's name and the user's line."""

import numpy as np
import pytest

import defrun as tf

HERE = __file__.rpartition("/")[2]


@pytest.fixture
def sess():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def says(caught, *words):
    text = str(caught.value)
    for word in (*words, HERE):
        assert word in text, f"{word!r} is not in {text!r}"
    assert "jax" not in text.lower()


def test_unfed_placeholder(sess):
    x = tf.placeholder(tf.float32, [2], name="images")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(x * 2.0)
    says(caught, "images", "float", "[2]" if "[2]" in str(caught.value) else "(2,)")
    assert caught.value.op is x.op


def test_feed_of_the_wrong_shape(sess):
    x = tf.placeholder(tf.float32, [2, None], name="images")
    with pytest.raises(ValueError) as caught:
        sess.run(x * 2.0, {x: np.zeros([3, 1])})
    says(caught, "images:0", "(3, 1)")


def test_feed_of_the_wrong_type(sess):
    x = tf.placeholder(tf.float32, [], name="rate")
    with pytest.raises(ValueError) as caught:
        sess.run(x * 2.0, {x: "fast"})
    says(caught, "rate:0", "fast", "float32")


def test_fetch_from_another_graph(sess):
    tf.constant(0.0)
    with tf.Graph().as_default():
        other = tf.constant(1.0, name="stranger")
    with pytest.raises(ValueError) as caught:
        sess.run(other)
    says(caught, "stranger")


def test_a_tensor_is_no_bool(sess):
    t = tf.greater(tf.constant(1.0), 0.0, name="bigger")
    with pytest.raises(TypeError) as caught:
        bool(t)
    says(caught, "bigger:0", "tf.cond")


def test_a_tensor_is_not_iterated_over(sess):
    t = tf.constant([1.0, 2.0], name="pair")
    with pytest.raises(TypeError) as caught:
        list(t)
    says(caught, "pair:0", "tf.unstack")


@pytest.mark.parametrize("divide", ["floordiv", "floormod", "div"])
def test_integer_division_by_zero(sess, divide):
    x = tf.placeholder(tf.int32, [2], name="x")
    y = getattr(tf, divide)(x, tf.constant([1, 0]), name="quotient")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(y, {x: [1, 2]})
    says(caught, "quotient")


def test_index_out_of_range_in_a_lookup(sess):
    table = tf.get_variable("table", [5, 2])
    ids = tf.placeholder(tf.int32, [None], name="ids")
    rows = tf.nn.embedding_lookup(table, ids, name="lookup")
    sess.run(table.initializer)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(rows, {ids: [1, 7]})
    says(caught, "lookup", "7", "[0, 5)")


def test_nan_under_check_numerics(sess):
    x = tf.placeholder(tf.float32, [2])
    y = tf.check_numerics(x, "activations", name="finite")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(y, {x: [1.0, np.nan]})
    says(caught, "activations", "finite", "NaN")


def test_label_out_of_range(sess):
    labels = tf.placeholder(tf.int32, [2])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=tf.zeros([2, 3]), name="xent")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(loss, {labels: [0, 3]})
    says(caught, "xent", "3")


def test_shapes_that_clash_in_the_run(sess):
    x = tf.placeholder(tf.float32)
    y = tf.matmul(x, tf.ones([3, 2]), name="product")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(y, {x: np.zeros([4, 5])})
    says(caught, "product")


def test_shapes_and_types_that_clash_when_defined(sess):
    with pytest.raises(ValueError, match="product"):
        tf.matmul(tf.ones([4, 5]), tf.ones([3, 2]), name="product")
    with pytest.raises(TypeError, match="int32"):
        tf.matmul(tf.ones([4, 5]), tf.ones([5, 2], tf.int32))


def test_uninitialized_variable(sess):
    w = tf.get_variable("weights", [2])
    with pytest.raises(tf.errors.FailedPreconditionError) as caught:
        sess.run(w * 2.0)
    says(caught, "weights")


def test_a_function_that_raises(sess):
    y = tf.py_func(lambda: {}["missing"], [], tf.float32, name="mine")
    with pytest.raises(tf.errors.OpError) as caught:
        sess.run(y)
    says(caught, "mine", "missing")


def test_a_closed_session(sess):
    t = tf.constant(1.0)
    session = tf.Session()
    session.close()
    with pytest.raises(RuntimeError, match="closed Session"):
        session.run(t)
