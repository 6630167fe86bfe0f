"""Lookups and ops whose result's size depends on values."""

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as g:
        yield g


def test_an_index_out_of_range_is_shown_with_its_place():
    x, i = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.int64)
    feed = {x: np.zeros([5, 3])}
    with tf.Session() as sess:
        for build, value, text in (
            (tf.gather(x, i), 5, r"indices = 5 is not in \[0, 5\)"),
            (tf.gather(x, i), [0, -1], r"indices\[1\] = -1 is not in \[0, 5\)"),
            (tf.gather(x, i), [[0, 1], [7, 9]], r"indices\[1,0\] = 7 is not in \[0, 5\)"),
            (tf.gather(x, i, axis=1), [0, 3], r"indices\[1\] = 3 is not in \[0, 3\)"),
            (tf.gather_nd(x, i), [[0, 1], [4, 3]], r"indices\[1\] = \[4, 3\] does not index into param shape \[5,3\]"),
            (tf.scatter_nd(i, x[:1, 0], [4]), [[4]], r"indices\[0\] = \[4\] does not index into shape \[4\]"),
            (tf.tensor_scatter_add(x, i, x[:1]), [[5]], r"indices\[0\] = \[5\] does not index into shape \[5,3\]"),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError, match=text) as caught:
                sess.run(build, {**feed, i: value})
            assert caught.value.op is build.op


def test_a_bad_lookup_undoes_the_whole_run():
    v, i = tf.Variable([1.0, 2.0]), tf.placeholder(tf.int32, [None])
    with tf.Session() as sess:
        sess.run(v.initializer)
        step = tf.group(v.assign_add([1.0, 1.0]), tf.gather(tf.constant([1.0, 2.0, 3.0]), i))
        with pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(step, {i: [3]})
        assert sess.run(v).tolist() == [1.0, 2.0]
        sess.run(step, {i: [2]})
        assert sess.run(v).tolist() == [2.0, 3.0]


def test_the_gradient_of_a_lookup_is_the_rows_it_took():
    x, i = tf.placeholder(tf.float32, [4, 2]), tf.placeholder(tf.int32, [None, 2])
    (rows,) = tf.gradients(tf.gather(x, i), x)
    assert isinstance(rows, tf.IndexedSlices) and rows.values.shape.as_list() == [None, 2]
    with tf.Session() as sess:
        found = sess.run(rows, {x: np.zeros([4, 2]), i: [[1, 3], [1, 1]]})
        assert found.indices.tolist() == [1, 3, 1, 1] and found.dense_shape.tolist() == [4, 2]
        dense = sess.run(tf.convert_to_tensor(rows), {x: np.zeros([4, 2]), i: [[1, 3], [1, 1]]})
        assert dense.tolist() == [[0, 0], [3, 3], [0, 0], [1, 1]]


def test_lookups_in_batches():
    params, indices = np.arange(24.0).reshape(2, 3, 4), np.array([[2, 0], [1, 1]])
    wanted = np.stack([p[i] for p, i in zip(params, indices, strict=True)])
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(tf.gather(params, indices, batch_dims=1)), wanted)
        np.testing.assert_array_equal(sess.run(tf.batch_gather(params, indices)), wanted)
        np.testing.assert_array_equal(sess.run(tf.gather_nd(params, indices[..., None], batch_dims=1)), wanted)


def test_sizes_that_depend_on_values_feed_the_device_again():
    x = tf.placeholder(tf.float32, [None])
    chosen = tf.boolean_mask(x, x > 0.0) * 2.0
    with tf.Session() as sess:
        total, grad = tf.reduce_sum(chosen), tf.gradients(chosen, x)[0]
        for values in ([1.0, -1.0, 3.0], [-1.0], [2.0, 2.0]):
            assert sess.run(total, {x: values}) == 2 * sum(v for v in values if v > 0)
            dense = sess.run(tf.convert_to_tensor(grad), {x: values})
            assert dense.tolist() == [2.0 * (v > 0) for v in values]


def test_partitions_go_back_where_they_came_from():
    data, parts = tf.placeholder(tf.float32, [5, 2]), [2, 0, 2, 1, 0]
    values = np.arange(10.0).reshape(5, 2)
    split = tf.dynamic_partition(data, parts, 4)
    places = tf.dynamic_partition(tf.range(5), parts, 4)
    with tf.Session() as sess:
        assert [p.tolist() for p in sess.run(split, {data: values})] == [
            [[2, 3], [8, 9]], [[6, 7]], [[0, 1], [4, 5]], []
        ]  # fmt: skip
        again = tf.dynamic_stitch(places, split)
        assert again.shape.as_list() == [5, 2]
        np.testing.assert_array_equal(sess.run(again, {data: values}), values)
        grad = sess.run(tf.gradients([2 * split[0], 3 * split[2]], data)[0], {data: values})
        assert grad[:, 0].tolist() == [3, 2, 3, 0, 2]
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"partitions\[1\] = 4 is not in \[0, 4\)"):
            sess.run(tf.dynamic_partition([1.0, 2.0], tf.placeholder_with_default([0, 4], [2]), 4))


def test_unique_keeps_the_order_of_appearance():
    y, idx, count = tf.unique_with_counts(tf.constant([3, 1, 3, 2, 1], tf.int64), out_idx=tf.int64)
    with tf.Session() as sess:
        assert [v.tolist() for v in sess.run([y, idx, count])] == [[3, 1, 2], [0, 1, 0, 2, 1], [2, 2, 1]]
        assert sess.run(tf.unique(tf.zeros([0])).y).tolist() == []
        assert sess.run(tf.setdiff1d([1, 2, 3, 4, 2], [2, 5])).idx.tolist() == [0, 2, 3]


def test_what_is_known_folds():
    assert tf.contrib.util.constant_value(tf.where([False, True])).tolist() == [[1]]
    assert tf.contrib.util.constant_value(tf.gather([5, 6, 7], [2, 0])).tolist() == [7, 5]


def test_sorting():
    x = np.array([[3.0, 1.0, 2.0], [1.0, 1.0, 0.0]])
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(tf.sort(x)), np.sort(x))
        np.testing.assert_array_equal(sess.run(tf.argsort(x)), np.argsort(x, kind="stable"))
        np.testing.assert_array_equal(sess.run(tf.sort(x, 0, "DESCENDING")), -np.sort(-x, 0))
        p = tf.placeholder(tf.float64)
        np.testing.assert_array_equal(sess.run(tf.sort(p, axis=0), {p: x}), np.sort(x, 0))
