"""Graphs of rarer uses of array functions. Each: build(tf) adds nodes."""

import numpy as np


def build_lists_with_tensors(tf):
    x = tf.placeholder(tf.float32, [], "x")
    tf.convert_to_tensor([1, x, 2])
    tf.convert_to_tensor([[1.0, 2], [x, 3]])
    tf.convert_to_tensor([[1, 2.0], (x, x)], name="named")
    tf.convert_to_tensor([[1.0, 2], (x, 3)], dtype=tf.float64)
    x + [1, x, 2]
    tf.reshape(x, [1, x])
    v = tf.Variable(1.0)
    tf.stack([v, 2.0])
    tf.convert_to_tensor([[v, 1], [1.0, 2]])
    tf.concat([tf.Variable([1.0], use_resource=True), [2.0]], 0)


def build_lists_of_numpy_values(tf):
    tf.constant([np.int64(1), 2])
    tf.constant([1.0, np.float64(2)])
    tf.constant([True, np.bool_(False)])
    tf.constant([np.int64(2**40)])
    tf.constant([1, 2.5, np.float16(2)])
    tf.constant([True, 1])
    tf.constant([1, 2, 2**31])
    tf.constant(True, tf.int32)
    tf.constant([[], []])


def build_filled_by_tensors(tf):
    x, n = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.int32, [], "n")
    tf.zeros([n])
    tf.zeros([2, 2, n])
    tf.zeros((n, n))
    tf.ones([tf.shape(x)[0], 4])
    tf.zeros(tf.constant(5))
    tf.zeros(5)
    tf.zeros([tf.Dimension(3), 4])
    tf.zeros([30, 40])
    tf.zeros_like(x, tf.int32)
    tf.ones_like(tf.zeros([2]), optimize=False)
    tf.zeros_like(tf.zeros([2]), optimize=False)
    tf.fill([2, n], 7)


def build_ranges_of_mixed_types(tf):
    tf.range(1.0, 5)
    tf.range(tf.constant(3, tf.int64), 5)
    tf.range(0, 3.5)
    tf.range(3, dtype=tf.float32)
    tf.meshgrid([1, 2, 3], [4, 5], indexing="ij")
    tf.sequence_mask(tf.placeholder(tf.int32, [None]), dtype=tf.float32)
    tf.sequence_mask(tf.placeholder(tf.int32), tf.constant(4))


def build_unknown_ranks(tf):
    x = tf.placeholder(tf.float32, name="x")
    tf.transpose(x)
    tf.matrix_transpose(x)
    tf.rank(x)
    tf.size(x)
    tf.sort(x, axis=0)
    tf.ones_like(x)
    tf.ensure_shape(x, [None, 2])


def build_repeats(tf):
    tf.repeat([1, 2, 3], 2)
    tf.repeat([[1, 2], [3, 4]], [1, 2], axis=1)
    tf.repeat(tf.placeholder(tf.float32, [None, 2]), 3, axis=0)


def build_blocks(tf):
    tf.required_space_to_batch_paddings([5, 6], [2, 4])
    tf.required_space_to_batch_paddings([5, 6], [2, 4], base_paddings=[[1, 1], [0, 0]], name="r")
    tf.required_space_to_batch_paddings(tf.placeholder(tf.int32, [2]), [2, 4])
    tf.space_to_batch(tf.zeros([1, 4, 4, 1]), [[0, 0], [0, 0]], block_shape=2)


def build_diagonals(tf):
    tf.matrix_diag([1.0, 2.0])
    tf.matrix_diag_part([[1.0, 2.0], [3, 4]])
    tf.matrix_set_diag([[1.0, 2.0], [3, 4]], [1.0, 1.0])
    tf.matrix_band_part(tf.zeros([3, 3]), 1, 0)
    tf.diag_part(tf.diag([1.0, 2.0]))


def build_gathers_nd_in_batches(tf):
    tf.gather_nd(tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.int32, [2, 5, 1]), batch_dims=1)
    tf.batch_gather(tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.int32, [2, 5]))


def build_groups_on_devices(tf):
    with tf.device("/cpu:0"):
        a = tf.constant(1.0)
    with tf.device("/gpu:0"):
        b, c = tf.constant(2.0), tf.constant(2.0)
    d = tf.constant(2.0)
    tf.group(a, b, c)
    tf.group(b, c)
    tf.group(a, d, [b], name="named")
    tf.group()
    tf.tuple([a, None, d], control_inputs=[b])
    v = tf.Variable(1.0)
    tf.tuple([v, v.assign(2.0)])
    tf.tuple([tf.IndexedSlices(tf.zeros([1, 2]), tf.constant([0])), d])


def build_asserts_rare(tf):
    x, n = tf.placeholder(tf.float32, [None, 2], "x"), tf.placeholder(tf.int32, [], "n")
    tf.assert_rank_in(x, [1, 2])
    tf.assert_rank(tf.placeholder(tf.float32), n)
    tf.assert_integer(n)
    tf.assert_scalar(n)
    tf.assert_none_equal(n, 3)
    tf.assert_negative(n)
    tf.assert_non_positive(n)
    y = tf.placeholder(tf.int32, [3, None])
    tf.debugging.assert_shapes([(y, ("N", "D")), (tf.placeholder(tf.int32, [None]), ("N",))])


def build_prints(tf):
    x = tf.constant([1.0])
    tf.Print(x, ["hi", 3], first_n=3, summarize=5, name="named")
    tf.print("hi %s", x, {"a": tf.constant(3)}, [1, 2], name="named")
    tf.print(tf.constant("whole"), end="")


def build_identities(tf):
    x = tf.constant([1.0])
    tf.identity_n([x, 2])
    tf.guarantee_const(x)
    tf.bitcast(x, tf.int32)
    tf.shape_n([x, tf.placeholder(tf.float32)])
    tf.broadcast_dynamic_shape([1, 2], [3, 1])
    tf.searchsorted([1.0, 2.0], [1.5], side="right")
    tf.contrib.util.constant_value(x)
    tf.convert_to_tensor(tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1]), tf.constant([5, 3])))
