"""Sparse tensors in a session: what is fed and fetched, kept under numbers, recompiled."""

import numpy as np
import pytest

import defrun as tf

PARTS = np.array([[0, 1], [1, 0], [1, 2]]), np.array([1.0, 2.0, 3.0], np.float32), np.array([2, 3])


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


@pytest.mark.parametrize("made", [tuple, tf.SparseTensorValue._make])
def test_a_sparse_placeholder_takes_values_and_tuples(made):
    x = tf.sparse_placeholder(tf.float32)
    dense, back = run([tf.sparse.to_dense(x), x], {x: made(PARTS)})
    assert dense.tolist() == [[0, 1, 0], [2, 0, 3]]
    assert isinstance(back, tf.SparseTensorValue)
    assert [part.tolist() for part in back] == [part.tolist() for part in PARTS]


def test_what_is_fetched_can_be_fed_again():
    x = tf.sparse_placeholder(tf.float32, [2, 3])
    with tf.Session() as session:
        value = session.run(tf.sparse.transpose(tf.SparseTensor(*PARTS)))
        found = session.run(
            tf.sparse.to_dense(tf.sparse.reorder(x)), {x: (value.indices[:, ::-1], value.values, [2, 3])}
        )
    assert found.tolist() == [[0, 1, 0], [2, 0, 3]]


def test_eval_consumers_and_operation():
    x = tf.SparseTensor(*PARTS)
    y = tf.identity(x.values)
    with tf.Session():
        assert x.eval().values.tolist() == [1, 2, 3]
    assert x.consumers() == [y.op]
    assert x.op is x.values.op
    assert x.graph is tf.get_default_graph()


def test_shapes_are_known_as_far_as_they_are_said():
    rows = tf.placeholder(tf.int64, [])
    assert tf.SparseTensor([[0, 1]], [1.0], [rows, 3]).shape.as_list() == [None, 3]
    assert tf.sparse_placeholder(tf.float32, [None, 3]).shape.as_list() == [None, None]
    assert tf.sparse_placeholder(tf.float32, [2, 3]).shape.as_list() == [2, 3]
    assert tf.sparse_placeholder(tf.float32).shape.ndims is None


def test_an_error_shows_the_place():
    x = tf.sparse_placeholder(tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[1\] = \[5,0\] is out of bounds.*\[2,3\]"):
        run(tf.sparse.to_dense(x), {x: ([[0, 1], [5, 0]], [1.0, 2.0], [2, 3])})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[1\] = \[0,1\] is repeated"):
        run(tf.sparse.to_dense(x), {x: ([[0, 1], [0, 1]], [1.0, 2.0], [2, 3])})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[2\] = \[0,0\] is out of order"):
        run(tf.sparse.to_dense(x), {x: ([[0, 1], [0, 2], [0, 0]], [1.0, 2.0, 3.0], [2, 3])})


@pytest.mark.parametrize("function", [tf.sparse.reduce_max, tf.sparse.reduce_max_sparse, tf.sparse.reduce_sum_sparse])
def test_what_has_no_gradient_says_so(function):
    values = tf.constant([1.0, 2.0, 3.0])
    result = function(tf.SparseTensor(PARTS[0], values, PARTS[2]), 0)
    with pytest.raises(LookupError, match="No gradient defined for operation 'SparseReduce"):
        tf.gradients(getattr(result, "values", result), values)


def test_the_gradient_of_a_dense_sum_goes_everywhere():
    values, dense = tf.constant([1.0, 2.0, 3.0]), tf.ones([2, 3])
    added = tf.sparse.to_dense(tf.SparseTensor(PARTS[0], values, PARTS[2])) * dense
    got = run(tf.gradients(added, [values, dense]))
    assert got[0].tolist() == [1, 1, 1]
    assert got[1].tolist() == [[0, 1, 0], [2, 0, 3]]


def test_a_matrix_of_a_network_trains():
    x, y = tf.sparse_placeholder(tf.float32), tf.placeholder(tf.float32, [None, 1])
    w = tf.Variable(tf.zeros([3, 1]))
    loss = tf.reduce_mean(tf.square(tf.sparse_tensor_dense_matmul(x, w) - y))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, step], {x: PARTS, y: [[1.0], [2.0]]})[0] for _ in range(20)]
    assert losses[-1] < 0.01 * losses[0]


def test_sparse_tensors_are_kept_under_numbers():
    names = ("sparse_indices", "sparse_values", "sparse_shape")
    one = tf.raw_ops.AddSparseToTensorsMap(**dict(zip(names, PARTS)))
    rows = tf.raw_ops.AddManySparseToTensorsMap(**dict(zip(names, PARTS)))
    numbers = tf.placeholder(tf.int64, [None])
    taken = tf.raw_ops.TakeManySparseFromTensorsMap(sparse_handles=numbers, dtype=tf.float32)
    with tf.Session() as session:
        kept = session.run(rows)
        indices, values, shape = session.run(taken, {numbers: kept[::-1]})
        assert indices.tolist() == [[0, 0], [0, 2], [1, 1]]
        assert values.tolist() == [2, 3, 1]
        assert shape.tolist() == [2, 3]
        assert session.run(taken, {numbers: [session.run(one)]})[2].tolist() == [1, 2, 3]
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"under the number {kept[0]}"):
            session.run(taken, {numbers: kept})


def test_labels_of_another_number_compile_no_new_program():
    labels, logits = tf.sparse_placeholder(tf.int32), tf.placeholder(tf.float32, [6, 2, 5])
    loss = tf.nn.ctc_loss(labels, logits, [6, 6])
    gradient = tf.gradients(loss, logits)[0]
    with tf.Session() as session:
        for count in (1, 2, 3):
            at = [[b, i] for b in range(2) for i in range(count)]
            feeds = {labels: (at, np.arange(2 * count) % 4, [2, count]), logits: np.zeros([6, 2, 5])}
            found, slope = session.run([loss, gradient], feeds)
            assert np.isfinite(found).all()
            np.testing.assert_allclose(slope.sum(axis=2), 0, atol=1e-6)
