"""Mathematics, where the tables of TensorFlow's answers don't reach: errors, how gradients are built, what folds."""

import numpy as np
import pytest

import defrun as tf
from defrun.graph.static import constant_value


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches, feed_dict=None):
    with tf.Session() as sess:
        return sess.run(fetches, feed_dict)


def types(graph, since=0):
    return [op.type for op in graph.get_operations()[since:]]


# -- what fails ------------------------------------------------------------------------------------------------------


DIVISIONS = {
    "floordiv": lambda x, y: x // y,
    "floormod": lambda x, y: x % y,
    "div": tf.div,
    "truncatediv": tf.truncatediv,
    "truncatemod": tf.truncatemod,
}


@pytest.mark.parametrize("divide", DIVISIONS.values(), ids=DIVISIONS)
@pytest.mark.parametrize("fed", [True, False])
def test_integers_cannot_be_divided_by_zero(divide, fed):
    y = tf.placeholder(tf.int32, [2]) if fed else tf.constant([2, 0])
    result = divide(tf.constant([7, 7]), y)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Integer division by zero"):
        run(result, {y: [2, 0]} if fed else None)
    if fed:
        assert run(result, {y: [2, 2]})[0] in (3, 1)


def test_division_by_zero_names_the_op():
    x = tf.placeholder(tf.int32, [])
    with pytest.raises(tf.errors.InvalidArgumentError, match="third") as caught:
        run(tf.floordiv(x, 0, name="third"), {x: 1})
    assert caught.value.op.name == "third"


def test_integers_have_no_negative_powers():
    y = tf.placeholder(tf.int32, [2])
    power = tf.pow(tf.constant([2, 3]), y)
    assert run(power, {y: [3, 0]}).tolist() == [8, 1]
    with pytest.raises(tf.errors.InvalidArgumentError, match="negative integer powers"):
        run(power, {y: [3, -1]})


@pytest.mark.parametrize(
    ("build", "error", "text"),
    [
        (lambda: tf.constant([1, 2]) + tf.constant([1.0, 2.0]), TypeError, "float32"),
        (lambda: tf.constant([1, 2]) + 1.5, TypeError, "int32"),
        (lambda: 1.5 + tf.constant([1, 2]), TypeError, "int32"),
        (lambda: tf.constant([1, 2]) / tf.constant([1.0, 2.0]), TypeError, "same dtype"),
        (lambda: tf.truediv(tf.constant([True]), tf.constant([True])), TypeError, "Invalid dtype"),
        (lambda: tf.ones([2, 3]) + tf.ones([4]), ValueError, r"\[2,3\]"),
        (lambda: tf.add_n([]), ValueError, "at least one"),
        (lambda: tf.add_n([tf.ones([2]), tf.ones([3])]), ValueError, "AddN"),
        (lambda: tf.accumulate_n([tf.ones([2]), tf.ones([2], tf.int32)]), ValueError, "same dtype"),
        (lambda: tf.accumulate_n([tf.ones([2])], tensor_dtype=tf.int32), TypeError, "tensor_dtype"),
        (lambda: tf.scalar_mul([1.0, 2.0], tf.ones([2])), ValueError, "Only scalar"),
        (lambda: tf.complex(1.0, tf.constant(1.0, tf.float64)), TypeError, "incorrect types"),
        (lambda: tf.conj(tf.constant("a")), TypeError, "numeric"),
        (lambda: tf.clip_by_value(tf.ones([2]), tf.ones([3, 2]), 1.0), ValueError, r"\[2\]"),
        (lambda: tf.reduce_sum(tf.ones([2, 3]), 2), ValueError, "axis"),
        (lambda: tf.reduce_sum(tf.ones([2]), axis=0, reduction_indices=0), ValueError, "both"),
        (lambda: tf.reduce_max(tf.ones([2]), keepdims=True, keep_dims=True), ValueError, "both"),
        (lambda: tf.argmax(tf.ones([2]), 1), ValueError, "axis"),
        (lambda: tf.argmax(tf.ones([2]), axis=0, dimension=0), ValueError, "both"),
        (lambda: tf.matmul(tf.ones([2, 3]), tf.ones([2, 3])), ValueError, "3 and 2"),
        (lambda: tf.matmul(tf.ones([2]), tf.ones([2, 3])), ValueError, "rank 2"),
        (lambda: tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]), transpose_a=True, adjoint_a=True), ValueError, "Only one"),
        (lambda: tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]), transpose_b=True, adjoint_b=True), ValueError, "Only one"),
        (lambda: tf.matmul(tf.ones([5, 2, 3]), tf.ones([4, 3, 2])), ValueError, r"\[5\]"),
        (lambda: tf.cross(tf.ones([4]), tf.ones([4])), ValueError, "3-element"),
        (lambda: tf.eye(2.5), TypeError, "integer"),
        (lambda: tf.tensordot(tf.ones([2]), tf.ones([2]), -1), ValueError, "at least 0"),
        (lambda: tf.tensordot(tf.ones([2]), tf.ones([2]), 2), ValueError, "larger"),
        (lambda: tf.tensordot(tf.ones([2, 2]), tf.ones([2]), [[0, 1], [0]]), ValueError, "Different number"),
        (lambda: tf.tensordot(tf.ones([2]), tf.ones([2]), [[0], [0], [0]]), ValueError, "length 2"),
        (lambda: tf.einsum("ij;jk", tf.ones([2, 2])), ValueError, "format"),
        (lambda: tf.einsum("ij,jk->ik", tf.ones([2, 2])), ValueError, "expecting 2"),
        (lambda: tf.einsum("ii,ij->j", tf.ones([2, 2]), tf.ones([2, 2])), ValueError, "more than once"),
        (lambda: tf.einsum("ij->ik", tf.ones([2, 2])), ValueError, "Invalid equation"),
        (lambda: tf.einsum("ijk,jk->ik", tf.ones([2, 2]), tf.ones([2, 2])), ValueError, "rank"),
        (lambda: tf.einsum("ij->i", tf.ones([2, 2]), axis=1), TypeError, "axis"),
        (lambda: tf.norm(tf.ones([2, 2]), axis=[0, 0]), ValueError, "unique"),
        (lambda: tf.norm(tf.ones([2, 2]), ord=3, axis=[0, 1]), ValueError, "matrix norm"),
        (lambda: tf.norm(tf.ones([2]), ord=-1), ValueError, "vector norm"),
        (lambda: tf.norm(tf.ones([2]), ord="fro"), ValueError, "vector norm"),
        (lambda: tf.norm(tf.ones([2]), axis=[0]), ValueError, "axis"),
        (lambda: tf.global_norm("abc"), TypeError, "sequence"),
        (lambda: tf.clip_by_global_norm(tf.ones([2]), 1.0), TypeError, "sequence"),
    ],
)
def test_refused_when_defined(build, error, text):
    with pytest.raises(error, match=text):
        build()


SEGMENTS = {
    "falling": (lambda x: tf.segment_sum(x, [0, 1, 0]), "increasing"),
    "negative": (lambda x: tf.segment_max(x, [-1, 0, 0]), "segment ids"),
    "too many": (lambda x: tf.unsorted_segment_sum(x, [0, 1, 5], 3), "out of range"),
    "none left": (lambda x: tf.argmax(x[:0]), "empty"),
    "negative count": (lambda x: tf.bincount(tf.cast(x, tf.int32) - 2), "non-negative"),
}


@pytest.mark.parametrize("case", SEGMENTS)
def test_fails_when_run(case):
    build, text = SEGMENTS[case]
    x = tf.placeholder(tf.float32, [None])
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        run(build(x), {x: [1.0, 2.0, 3.0]})


# -- operators -------------------------------------------------------------------------------------------------------


def test_python_values_stand_on_either_side():
    x = tf.constant([3.0, 4.0])
    results = [x + 1, 1 + x, [1, 2] - x, np.float32([1, 2]) * x, x / np.float32(2), 2**x, 7 // x, 10 % x]
    wanted = [[4, 5], [4, 5], [-2, -2], [3, 8], [1.5, 2], [8, 16], [2, 1], [1, 2]]
    assert [v.tolist() for v in run(results)] == wanted
    assert run([[1.0, 2.0]] @ tf.reshape(x, [2, 1])).tolist() == [[11]]


def test_another_class_may_take_the_operator():
    class Other:
        def __radd__(self, left):
            return "mine"

    assert tf.constant(1.0) + Other() == "mine"


def test_equality_is_identity():
    x = tf.constant(1.0)
    assert x == x
    assert x != tf.constant(1.0)
    assert len({x, x}) == 1


# -- what gradients add ----------------------------------------------------------------------------------------------


def test_gradient_of_equal_shapes_adds_no_sums(graph):
    x, y = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [2, 3])
    before = len(graph.get_operations())
    grads = tf.gradients(x * y, [x, y])
    assert types(graph, before)[-2:] == ["Mul", "Mul"]
    assert [g.shape.as_list() for g in grads] == [[2, 3], [2, 3]]


def test_gradient_of_a_bias_sums_to_its_known_shape(graph):
    x, b = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [3])
    y = x + b
    before = len(graph.get_operations())
    dx, db = tf.gradients(y, [x, b])
    added = types(graph, before)
    assert "SumToKnown" in added
    assert added.count("Shape") <= 1  # of y, for the ones that the walk starts from
    assert db.shape.as_list() == [3]
    dx, db = run([dx, db], {x: np.ones([5, 3]), b: np.ones(3)})
    assert dx.shape == (5, 3)
    assert db.tolist() == [5, 5, 5]


def test_gradient_of_unknown_shapes_sums_when_run():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    dx, dy = run(tf.gradients(x - y, [x, y]), {x: np.ones([4, 1, 3]), y: np.ones([2, 1])})
    assert dx.shape == (4, 1, 3)
    assert set(dx.ravel()) == {2}
    assert dy.shape == (2, 1)
    assert set(dy.ravel()) == {-12}


def test_gradient_of_a_mean_counts_what_is_fed():
    x = tf.placeholder(tf.float32, [None, 2])
    (grad,) = tf.gradients(tf.reduce_mean(tf.square(x)), x)
    assert run(grad, {x: [[1, 2], [3, 4]]}).tolist() == [[0.5, 1], [1.5, 2]]


SECOND = {
    "power": (lambda x: x**3.0, lambda x: 6 * x),
    "quotient": (lambda x: 1.0 / x, lambda x: 2 / x**3),
    "tanh": (tf.tanh, lambda x: -2 * np.tanh(x) * (1 - np.tanh(x) ** 2)),
    "sqrt": (tf.sqrt, lambda x: -0.25 * x**-1.5),
    "rsqrt": (tf.rsqrt, lambda x: 0.75 * x**-2.5),
    "reciprocal": (tf.reciprocal, lambda x: 2 / x**3),
    "log": (tf.log, lambda x: -1 / x**2),
    "log1p": (tf.log1p, lambda x: -1 / (1 + x) ** 2),
    "sigmoid": (tf.sigmoid, lambda x: (lambda s: s * (1 - s) * (1 - 2 * s))(1 / (1 + np.exp(-x)))),
    "product": (lambda x: tf.reduce_prod(tf.stack([x, x, x]), 0), lambda x: 6 * x),
    "difference": (lambda x: tf.squared_difference(x, 1.0), lambda x: np.full_like(x, 2)),
}


@pytest.mark.parametrize("case", SECOND)
def test_second_derivatives(case):
    function, wanted = SECOND[case]
    values = np.array([0.5, 1.0, 2.0])
    x = tf.placeholder(tf.float64, [3])
    first = tf.gradients(function(x), x)[0]
    np.testing.assert_allclose(run(tf.gradients(first, x)[0], {x: values}), wanted(values), rtol=1e-6)


def test_gradient_of_products_with_zeros():
    x = tf.placeholder(tf.float32)
    (grad,) = tf.gradients(tf.reduce_prod(x), x)
    assert run(grad, {x: [[2, 0, 3]]}).tolist() == [[0, 6, 0]]
    assert run(grad, {x: [0, 0, 3]}).tolist() == [0, 0, 0]
    (grad,) = tf.gradients(tf.unsorted_segment_prod(x, [0, 0, 1, -1], 2), x)
    assert run(grad, {x: [0, 2, 3, 4]}).tolist() == [2, 0, 1, 0]


# -- what is known before the run --------------------------------------------------------------------------------------


def test_shape_arithmetic_folds():
    x = tf.placeholder(tf.float32, [5, 6, 4])
    half = tf.shape(x)[1] // 2 * tf.reduce_prod(tf.shape(x)[1:]) - tf.maximum(3, tf.shape(x)[2]) % 3
    assert constant_value(half) == 72 - 1
    assert constant_value(tf.cast(tf.shape(x)[1] / 4, tf.int32)) == 1
    assert constant_value(tf.where(tf.shape(x)[2] > 3, 1.0, 0.0)) == 1
    y = tf.placeholder(tf.float32, [None, 6])
    assert constant_value(tf.shape(y)[0] + 1) is None
    assert tf.zeros([tf.shape(y)[0], tf.shape(y)[1] * 2]).shape.as_list() == [None, 12]


def test_a_division_by_zero_in_shapes_waits_for_the_run():
    assert constant_value(tf.constant(1) // tf.constant(0)) is None


EXACT = [tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8, tf.float16, tf.bfloat16, tf.float64]


@pytest.mark.parametrize("dtype", EXACT, ids=lambda t: t.name)
def test_types_stay_exact(dtype):
    x = tf.placeholder(dtype, [2])
    both = tf.cast([3, 2], dtype)
    for result in (x + both, x * both, tf.reduce_sum(x), tf.reduce_prod(x, 0), tf.cumsum(x), tf.add_n([x, both])):
        assert result.dtype == dtype
        assert run(result, {x: [1, 2]}).dtype == dtype.as_numpy_dtype


def test_int64_is_64_bits_wide():
    x = tf.placeholder(tf.int64, [2])
    assert run(tf.reduce_sum(x) * 2, {x: [2**40, 1]}) == 2**41 + 2
