"""Graphs of slicing and of functions that move elements about. Each: build(tf) adds nodes."""

import numpy as np


def build_slices_plain(tf):
    x = tf.placeholder(tf.float32, [4, 5, 6], "x")
    x[0], x[-1], x[1:3], x[:2], x[2:], x[:], x[::2], x[::-1], x[3:0:-1], x[-3:-1], x[1:10]
    x[0, 1], x[0, 1, 2], x[:, 1], x[1:, :-1, ::2], x[0:1, 0, 0:3]


def build_slices_ellipsis_newaxis(tf):
    x = tf.placeholder(tf.float32, [4, 5, 6], "x")
    x[...], x[..., 0], x[0, ...], x[0, ..., 1], x[..., 1:3], x[:, ..., ::-1]
    x[tf.newaxis], x[:, tf.newaxis], x[..., tf.newaxis], x[None, 0, None], x[0, tf.newaxis, ..., tf.newaxis, 1:2]


def build_slices_tensors(tf):
    x = tf.placeholder(tf.float32, [4, 5], "x")
    i, j = tf.placeholder(tf.int32, [], "i"), tf.placeholder(tf.int64, [], "j")
    x[i], x[i:], x[:i], x[i : i + 2], x[::i], x[0, i], x[i, ..., tf.newaxis]
    x[tf.constant(1)], x[tf.shape(x)[0] - 1], x[j:], x[np.int64(1)], x[np.array(2)], x[1 : np.int32(3)]
    x[tf.Dimension(1)], x[: x.shape[0]], x[: x.get_shape()[0] // 2]


def build_slices_unknown(tf):
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, [None, 3, None], "y")
    x[0], x[..., 1], x[1:, tf.newaxis], x[:, ::-1]
    y[0], y[:, 0], y[..., 0], y[1:], y[:, :2, -1], y[-1, ..., tf.newaxis], y[::2], y[:-1]


def build_slices_masks(tf):
    x, m = tf.placeholder(tf.float32, [4, 5], "x"), tf.placeholder(tf.bool, [4], "m")
    x[m]


def build_boolean_mask(tf):
    x, m = tf.placeholder(tf.float32, [4, 5], "x"), tf.placeholder(tf.bool, [4], "m")
    tf.boolean_mask(x, m)
    tf.boolean_mask(x, tf.placeholder(tf.bool, [4, 5], "mm"))
    tf.boolean_mask(x, [True, False, True, True, False], axis=1)
    tf.boolean_mask([1, 2, 3], np.array([True, False, True]))


def build_slices_functions(tf):
    x = tf.placeholder(tf.float32, [4, 5], "x")
    tf.slice(x, [0, 1], [2, 2])
    tf.slice(x, [1, 0], [-1, 5])
    tf.slice(x, tf.constant([0, 0]), tf.placeholder(tf.int32, [2]))
    tf.strided_slice(x, [0, 0], [4, 5], [2, 1])
    tf.strided_slice(x, [0], [4], shrink_axis_mask=1)
    tf.strided_slice(x, [1, 0], [3, 5], begin_mask=2, end_mask=2, name="ss")


def build_slices_assignment(tf):
    w = tf.Variable(tf.zeros([3, 4]), name="w")
    w[0].assign([1.0, 2.0, 3.0, 4.0])
    w[1:, ::2].assign(tf.ones([2, 2]), name="a")
    w[..., 0].assign([1.0, 2.0, 3.0])
    r = tf.Variable(tf.zeros([3, 4]), name="r", use_resource=True)
    r[0].assign([1.0, 2.0, 3.0, 4.0])
    r[1:, 0].assign([1.0, 2.0])


def build_shapes(tf):
    x, y, z = (
        tf.placeholder(tf.float32, [2, 3], "x"),
        tf.placeholder(tf.float32, [None, 3], "y"),
        tf.placeholder(tf.float32),
    )
    for t in (x, y, z):
        tf.shape(t)
        tf.size(t)
        tf.rank(t)
        tf.shape(t, out_type=tf.int64)
        tf.size(t, name="s", out_type=tf.int64)
        tf.zeros_like(t)
        tf.ones_like(t)
        tf.zeros_like(t, tf.int32)
        tf.ones_like(t, dtype=tf.float64, name="ol")
        tf.zeros_like(t, optimize=False)
    tf.shape_n([x, y])
    tf.shape(y)[0], tf.shape([1, 2, 3]), tf.size([[1]]), tf.rank([1])
    tf.broadcast_static_shape(x.shape, tf.TensorShape([3]))
    tf.broadcast_dynamic_shape(tf.shape(x), tf.shape(y))
    tf.broadcast_to(x, [4, 2, 3])


def build_zeros_ones_fill(tf):
    n = tf.placeholder(tf.int32, [], "n")
    tf.zeros([2, 3])
    tf.zeros([2], tf.int32)
    tf.zeros([])
    tf.zeros((2, 2), tf.bool, "z")
    tf.zeros([2], tf.string)
    tf.zeros([40, 30])
    tf.zeros([n, 2])
    tf.zeros(tf.shape(tf.placeholder(tf.float32, [None])))
    tf.zeros(tf.TensorShape([3]))
    tf.zeros(3)
    tf.zeros(tf.constant([2, 3]))
    tf.zeros([0])
    tf.ones([2, 3])
    tf.ones([2], tf.int64)
    tf.ones([n])
    tf.ones([1000])
    tf.ones([1001])
    tf.ones(tf.TensorShape([1]), tf.bool)
    tf.fill([2, 3], 1.5)
    tf.fill([n], 0)
    tf.fill(tf.constant([2]), "s", name="f")


def build_ranges(tf):
    n = tf.placeholder(tf.int32, [], "n")
    tf.range(3)
    tf.range(1, 5)
    tf.range(0, 10, 2)
    tf.range(5, 0, -1)
    tf.range(0.0, 1.0, 0.25)
    tf.range(n)
    tf.range(1, n)
    tf.range(3, dtype=tf.float32)
    tf.range(0, 1, 0.1)
    tf.range(tf.constant(5), name="r")
    tf.range(n, 10, 3)
    tf.range(tf.constant(3, tf.int64))
    tf.linspace(0.0, 1.0, 5)
    tf.lin_space(0.0, 1.0, n)
    tf.meshgrid([1, 2], [3, 4, 5])
    tf.meshgrid([1, 2], [3, 4], indexing="ij")
    tf.sequence_mask([1, 3], 4)
    tf.sequence_mask([1, 3])
    tf.sequence_mask([1, 3], 4, tf.float32)


def build_reshapes(tf):
    x, y = tf.placeholder(tf.float32, [2, 6], "x"), tf.placeholder(tf.float32, [None, 6], "y")
    tf.reshape(x, [3, 4])
    tf.reshape(x, [-1])
    tf.reshape(x, [-1, 3])
    tf.reshape(x, (12,))
    tf.reshape(y, [-1, 2, 3])
    tf.reshape(y, [tf.shape(y)[0], 6])
    tf.reshape(y, tf.stack([-1, 3]))
    tf.reshape(x, tf.shape(y))
    tf.reshape(x, np.array([4, 3]))
    tf.reshape([1, 2, 3, 4], [2, 2], name="r")
    tf.reshape(x, tf.constant([3, 4], tf.int64))
    tf.reshape(tf.placeholder(tf.float32), [-1, 784])
    tf.reshape(x, tf.TensorShape([4, 3]))
    tf.reshape(x, [-1, x.shape[1]])
    tf.reshape(y, tf.concat([tf.shape(y)[:1], [3, 2]], 0))
    tf.expand_dims(x, 0)
    tf.expand_dims(x, -1)
    tf.expand_dims(x, axis=1, name="e")
    tf.expand_dims(x, dim=2)
    tf.expand_dims(5, 0)
    z = tf.placeholder(tf.float32, [1, 3, 1], "z")
    tf.squeeze(z)
    tf.squeeze(z, 0)
    tf.squeeze(z, [0, 2])
    tf.squeeze(z, axis=-1)
    tf.squeeze(z, squeeze_dims=[2], name="s")
    tf.squeeze(tf.placeholder(tf.float32, [None, 1]), 1)
    tf.squeeze(tf.placeholder(tf.float32, [None, 1]))
    tf.squeeze(tf.placeholder(tf.float32))


def build_concat_stack(tf):
    x, y = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.float32, [None, 3], "y")
    tf.concat([x, x], 0)
    tf.concat([x, y], 0)
    tf.concat([x, x, x], axis=-1, name="c")
    tf.concat([x], 0)
    tf.concat(x, 0)
    tf.concat([[1, 2], [3]], 0)
    tf.concat([y, y], 1)
    tf.concat([x, tf.placeholder(tf.float32)], 1)
    tf.concat([x, x], tf.placeholder(tf.int32, []))
    tf.stack([x, x])
    tf.stack([x, x], 1)
    tf.stack([x, x], axis=-1, name="s")
    tf.stack([1, 2, 3])
    tf.stack([x[0, 0], 1.0])
    tf.stack([x, y])
    tf.stack([np.float32(1), 2.0])
    tf.stack([tf.shape(y)[0], 3])
    tf.stack([[1, 2], [3, 4]])


def build_parallel_stack(tf):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    tf.parallel_stack([x, x])


def build_unstack(tf):
    x, y = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.float32, [None, 3], "y")
    tf.unstack(x)
    tf.unstack(x, axis=1)
    tf.unstack(y, axis=1, name="u")
    tf.unstack(tf.placeholder(tf.float32), num=2)


def build_split(tf):
    x, y = tf.placeholder(tf.float32, [4, 6], "x"), tf.placeholder(tf.float32, [None, 6], "y")
    tf.split(x, 2)
    tf.split(x, 3, 1)
    tf.split(x, [1, 3], 0)
    tf.split(x, [2, -1], axis=1)
    tf.split(y, 2, axis=1, name="s")
    tf.split(value=x, num_or_size_splits=2, axis=-1)
    tf.split(x, tf.constant([1, 3]), num=2)


def build_tile(tf):
    x, y = tf.placeholder(tf.float32, [4, 6], "x"), tf.placeholder(tf.float32, [None, 6], "y")
    tf.tile(x, [2, 1])
    tf.tile(y, [1, 2], name="t")
    tf.tile([1, 2], [3])
    tf.tile(x, tf.placeholder(tf.int32, [2]))


def build_pad(tf):
    x, y = tf.placeholder(tf.float32, [4, 6], "x"), tf.placeholder(tf.float32, [None, 6], "y")
    tf.pad(x, [[1, 1], [0, 2]])
    tf.pad(x, [[0, 0], [1, 1]], "REFLECT")
    tf.pad(x, [[1, 1], [1, 1]], mode="symmetric")
    tf.pad(x, [[1, 0], [0, 0]], constant_values=5.0)
    tf.pad(y, tf.constant([[1, 1], [2, 2]]), name="p")
    tf.pad(x, tf.placeholder(tf.int32, [2, 2]))


def build_transpose(tf):
    x, y = tf.placeholder(tf.float32, [2, 3, 4], "x"), tf.placeholder(tf.float32, name="y")
    tf.transpose(x)
    tf.transpose(x, [0, 2, 1])
    tf.transpose(x, perm=(2, 1, 0), name="t")
    tf.transpose(y)
    tf.transpose(y, [1, 0])
    tf.transpose(tf.placeholder(tf.complex64, [2, 2]), conjugate=True)
    tf.transpose([[1, 2]])
    tf.transpose(tf.Variable([[1.0]]))
    tf.transpose(x, tf.placeholder(tf.int32, [3]))


def build_reverse_roll(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4], "x")
    tf.reverse(x, [0])
    tf.reverse(x, [-1, 1], name="r")
    tf.reverse_v2(x, [1])
    tf.roll(x, 1, 0)
    tf.roll(x, [1, -1], [0, 1])
    tf.reverse_sequence(x, [1, 2], seq_axis=1)


def build_space_to_depth(tf):
    tf.space_to_depth(tf.ones([1, 4, 4, 1]), 2)
    tf.depth_to_space(tf.ones([1, 2, 2, 4]), 2)
    tf.space_to_batch(tf.ones([1, 4, 4, 1]), [[0, 0], [0, 0]], 2)
    tf.batch_to_space(tf.ones([4, 2, 2, 1]), [[0, 0], [0, 0]], 2)
    tf.space_to_batch_nd(tf.ones([1, 4, 1]), [2], [[0, 0]])


def build_where(tf):
    x, c = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.bool, [2, 3], "c")
    tf.where(c, x, x * 2)
    tf.where(x > 0, x, tf.zeros_like(x))
    tf.where(c)
    tf.where([True, False], x, x)
    tf.where(c, x, x, name="w")
    tf.where_v2(c, x, 0.0)


def build_one_hot(tf):
    i = tf.placeholder(tf.int32, [None], "i")
    tf.one_hot(i, 3)
    tf.one_hot([0, 2], 3, 5.0, -1.0)
    tf.one_hot(i, depth=3, on_value=1, off_value=0, axis=0)
    tf.one_hot(i, 3, dtype=tf.int32)
    tf.one_hot(tf.placeholder(tf.uint8, [2]), 4, name="o")
    tf.one_hot(i, 3, True, False, dtype=tf.bool)
    tf.one_hot(tf.placeholder(tf.int32, [None, 1]), 7)
    tf.one_hot(i, tf.placeholder(tf.int32, []))
    tf.one_hot(1, 3, on_value=2.0)


def build_gathers(tf):
    x, i = tf.placeholder(tf.float32, [4, 5], "x"), tf.placeholder(tf.int32, [None], "i")
    tf.gather(x, 1)
    tf.gather(x, [0, 2])
    tf.gather(x, i)
    tf.gather(x, i, axis=1)
    tf.gather(x, [[0], [1]], name="g")
    tf.gather([1, 2, 3], i)
    tf.gather(x, tf.placeholder(tf.int64, [2]), axis=-1)
    tf.gather(x, np.array([1]))
    tf.gather(tf.Variable(tf.ones([3, 2])), i)
    tf.gather(tf.Variable(tf.ones([3, 2]), use_resource=True), i)


def build_gathers_in_batches(tf):
    x = tf.placeholder(tf.float32, [4, 5], "x")
    tf.gather(tf.placeholder(tf.float32, [2, 3, 4]), [[0], [1]], batch_dims=1)
    tf.batch_gather(x, [[0], [1], [2], [3]])


def build_gather_nd_scatter_nd(tf):
    x = tf.placeholder(tf.float32, [4, 5], "x")
    tf.gather_nd(x, [[0, 1]])
    tf.gather_nd(x, [[1]])
    tf.gather_nd(x, tf.placeholder(tf.int32, [None, 2]), name="gn")
    tf.scatter_nd([[1], [2]], [5.0, 6.0], [4])
    tf.scatter_nd(tf.placeholder(tf.int32, [None, 1]), tf.ones([2, 3]), [4, 3])
    tf.tensor_scatter_update(x, [[0]], [[1.0] * 5])
    tf.tensor_scatter_add(x, [[0, 1]], [1.0])


def build_sorting_and_uniques(tf):
    x = tf.placeholder(tf.float32, [4, 5], "x")
    tf.invert_permutation([1, 0])
    tf.dynamic_partition(x, [0, 1, 0, 1], 2)
    tf.dynamic_stitch([[0], [1]], [[[1.0]], [[2.0]]])
    tf.unique([1, 1, 2])
    tf.unique_with_counts([1, 1])
    tf.setdiff1d([1, 2], [1])
    tf.sort(x)
    tf.argsort(x)


def build_bins_and_confusions(tf):
    i = tf.placeholder(tf.int32, [None], "i")
    tf.bincount(i)
    tf.searchsorted([1.0, 2.0], [1.5])
    tf.confusion_matrix([0, 1], [1, 1])
    tf.histogram_fixed_width([1.0, 2.0], [0.0, 4.0], 3)


def build_py_func(tf):
    tf.py_func(lambda x: x, [tf.constant([1.0])], tf.float32, name="py").set_shape([1])
    tf.py_func(lambda x: (x, x), [1.0], [tf.float32, tf.float32], stateful=False)


def build_print_and_check(tf):
    tf.Print(tf.constant(1.0), [tf.constant(2)], "said: ", summarize=3, first_n=2)
    tf.check_numerics(tf.constant(1.0), "message")
    tf.verify_tensor_all_finite(tf.constant(1.0), "m")


def build_strings(tf):
    tf.as_string([1, 2])
    tf.string_join(["a", "b"], "-")
    tf.string_to_number(["1.5"])
    tf.string_to_number("3", tf.int32)


def build_asserts(tf):
    x, n = tf.placeholder(tf.float32, [None, 2], "x"), tf.placeholder(tf.int32, [], "n")
    tf.assert_equal(n, 2)
    tf.assert_equal(1, 1)
    tf.assert_rank(x, 2)
    tf.assert_type(x, tf.float32)
    tf.assert_positive(n)
    tf.assert_less(x, 1.0, message="m")
    tf.assert_greater_equal(n, 0, name="ge")
    tf.assert_non_negative(x)
    tf.assert_rank_at_least(x, 1)
    tf.assert_rank(tf.placeholder(tf.float32, name="u"), 2)
    with tf.control_dependencies([tf.assert_less_equal(n, 5)]):
        tf.identity(n)
