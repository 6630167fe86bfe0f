"""Gradients of gradients of array ops, against differences, with and without known shapes."""

import numpy as np
import pytest

import defrun as tf

X = np.random.RandomState(0).uniform(0.5, 1.5, [4, 4])

DEVICE = {
    "reshape": lambda x: tf.reshape(x, [2, 8]),
    "expand_squeeze": lambda x: tf.squeeze(tf.expand_dims(x, 1), [1]),
    "transpose": lambda x: tf.transpose(x),
    "identity": lambda x: tf.identity_n([x, x])[1],
    "broadcast_to": lambda x: tf.broadcast_to(x[:, :1], [4, 3]),
    "fill": lambda x: tf.fill([2, 3], x[0, 1]),
    "linspace": lambda x: tf.linspace(x[0, 0], x[1, 1], 5),
    "one_hot": lambda x: tf.one_hot([0, 2, 5], 3, x[0, 0], x[1, 0]),
    "meshgrid": lambda x: tf.concat([tf.reshape(m, [-1]) for m in tf.meshgrid(x[0], x[1])], 0),
    "concat": lambda x: tf.concat([x, x * x, x[:1]], 0),
    "concat_axis": lambda x: tf.concat([x, x * x], tf.placeholder_with_default(0, [])),
    "stack": lambda x: tf.stack([x, x * x], 1),
    "unstack": lambda x: tf.unstack(x, 4, 1)[2],
    "split": lambda x: tf.split(x, [1, 3], 1)[1] * tf.split(x, [3, 1], 1)[0],
    "split_equal": lambda x: tf.split(x, 2)[1],
    "tile": lambda x: tf.tile(x, [2, 3]),
    "pad": lambda x: tf.pad(x, [[1, 0], [0, 2]]),
    "pad_value": lambda x: tf.pad(x, [[1, 0], [0, 2]], constant_values=x[0, 0]),
    "pad_reflect": lambda x: tf.pad(x, [[3, 1], [0, 2]], "REFLECT"),
    "pad_symmetric": lambda x: tf.pad(x, [[4, 1], [0, 3]], "SYMMETRIC"),
    "reverse": lambda x: tf.reverse(x, [1]),
    "reverse_sequence": lambda x: tf.reverse_sequence(x, [1, 3, 4, 0], 1, 0),
    "roll": lambda x: tf.roll(x, [1, 2], [0, 1]),
    "slice": lambda x: tf.slice(x, [1, 0], [2, -1]),
    "strided_slice": lambda x: x[::-2, 1:, tf.newaxis],
    "moving_slice": lambda x: x[tf.placeholder_with_default(2, []), 1:],
    "update_slice": lambda x: tf.raw_ops.TensorStridedSliceUpdate(
        input=x, begin=[1, 0], end=[3, 2], strides=[1, 1], value=x[:2, :2] * 2
    ),
    "gather": lambda x: tf.gather(x, [[0, 3], [3, 1]]),
    "gather_axis": lambda x: tf.gather(x, [0, 3, 3], axis=1),
    "gather_batch": lambda x: tf.gather(x, [[0, 3], [3, 1], [2, 2], [0, 0]], batch_dims=1),
    "gather_nd": lambda x: tf.gather_nd(x, [[0, 1], [3, 3], [0, 1]]),
    "scatter_nd": lambda x: tf.scatter_nd([[1], [3], [1], [0]], x, [5, 4]),
    "scatter_update": lambda x: tf.tensor_scatter_update(x, [[1], [3]], x[:2] * 2),
    "scatter_add": lambda x: tf.tensor_scatter_add(x, [[1], [1]], x[:2] * 2),
    "scatter_sub": lambda x: tf.tensor_scatter_sub(x, [[1, 1]], x[:1, 0]),
    "matrix_diag": lambda x: tf.matrix_diag(x),
    "matrix_diag_part": lambda x: tf.matrix_diag_part(x[:3]),
    "matrix_set_diag": lambda x: tf.matrix_set_diag(x, x[0] * 2),
    "matrix_band_part": lambda x: tf.matrix_band_part(x, 1, 0),
    "diag": lambda x: tf.diag_part(tf.diag(x) * 2),
    "space_to_depth": lambda x: tf.depth_to_space(tf.space_to_depth(tf.reshape(x, [1, 4, 4, 1]), 2) * 2, 2),
    "space_to_batch": lambda x: tf.space_to_batch_nd(x, [2], [[1, 1]]),
    "batch_to_space": lambda x: tf.batch_to_space_nd(x, [2], [[1, 0]]),
    "parallel_stack": lambda x: tf.parallel_stack([tf.reshape(x, [4, 4]), tf.reshape(x, [4, 4]) * 2]),
    "check_numerics": lambda x: tf.check_numerics(x, "x"),
}
HOST = {
    "boolean_mask": lambda x: tf.boolean_mask(x, x > 1.0),
    "partition": lambda x: tf.concat(tf.dynamic_partition(x, [1, 0, 1, 1], 2), 0),
    "stitch": lambda x: tf.dynamic_stitch([[0, 2, 4], [1]], [x[:3], x[3:]]),
}


def test_constants_give_the_same():
    with tf.Graph().as_default(), tf.Session() as sess:
        fed = tf.placeholder(tf.float64, [4, 4])
        cases = {**DEVICE, **HOST}
        wanted = sess.run({name: build(fed) for name, build in cases.items()}, {fed: X})
        found = sess.run({name: build(tf.constant(X)) for name, build in cases.items()})
        mixed = {
            "update_slice": tf.raw_ops.TensorStridedSliceUpdate(
                input=X, begin=[0, 0], end=[4, 4], strides=[1, 1], value=fed
            ),
            "matrix_set_diag": tf.matrix_set_diag(X, fed[0]),
            "concat": tf.concat([X, fed], 0)[4:],
            "gather": tf.gather(X, tf.placeholder_with_default([0, 1, 2, 3], [4])),
            "scatter": tf.tensor_scatter_update(X, [[0], [1], [2], [3]], fed),
        }
        mixed = sess.run(mixed, {fed: X})
    for name in cases:
        np.testing.assert_array_equal(found[name], wanted[name], err_msg=name)
    np.testing.assert_array_equal(np.diag(mixed.pop("matrix_set_diag")), X[0])
    for name, value in mixed.items():
        np.testing.assert_array_equal(value, X, err_msg=name)


@pytest.mark.parametrize("cases", [DEVICE, HOST], ids=["device", "host"])
@pytest.mark.parametrize("known", [True, False])
def test_second_gradients(cases, known):
    rng = np.random.RandomState(1)
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float64, [4, 4] if known else [None, None])
        firsts, seconds = {}, {}
        towards = rng.normal(size=[4, 4])
        for name, build in cases.items():
            y = build(x)
            firsts[name] = tf.convert_to_tensor(tf.gradients(tf.reduce_sum(y**3), x)[0])
            seconds[name] = tf.convert_to_tensor(tf.gradients(tf.reduce_sum(firsts[name] * towards), x)[0])
        step = 1e-6
        before = sess.run(firsts, {x: X - step * towards})
        after = sess.run(firsts, {x: X + step * towards})
        found = sess.run(seconds, {x: X})
    for name in cases:
        np.testing.assert_allclose(found[name], (after[name] - before[name]) / (2 * step), 1e-5, 1e-5, err_msg=name)
