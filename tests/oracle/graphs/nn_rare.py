"""Graphs of the corners of tf.nn: other ranks, formats and dilations, unknown shapes. Each: build(tf) adds nodes."""

import numpy as np


def build_convolutions_of_signals(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 8, 3], "x"), tf.ones([3, 3, 4])
    nn.conv1d(x, w, 2, "SAME", data_format="NWC", name="c")
    nn.conv1d(tf.ones([1, 3, 8]), w, 1, "VALID", data_format="NCW")
    nn.conv1d(input=x, filters=w, stride=[1], padding="SAME", dilations=2)
    nn.conv1d_transpose(tf.ones([2, 4, 4]), w, [2, 8, 3], 2)
    nn.conv1d_transpose(tf.ones([2, 4, 4]), w, [2, 3, 8], 2, "SAME", "NCW")
    nn.conv1d_transpose(tf.ones([2, 4, 4]), w, tf.stack([tf.shape(x)[0], 8, 3]), 2, name="t")
    nn.convolution(x, w, "SAME")
    nn.convolution(x, w, "VALID", dilation_rate=[2])
    nn.convolution(tf.ones([1, 3, 8]), w, "SAME", dilation_rate=[2], data_format="NCW")


def build_convolutions_of_volumes(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 4, 4, 4, 3], "x"), tf.ones([2, 2, 2, 3, 5])
    nn.conv3d(x, w, [1, 2, 2, 2, 1], "VALID", name="c")
    nn.conv3d(input=x, filters=w, strides=[1, 1, 1, 1, 1], padding="SAME", dilations=[1, 2, 1, 1, 1])
    nn.conv3d_transpose(tf.ones([1, 2, 2, 2, 5]), w, [1, 4, 4, 4, 3], [1, 2, 2, 2, 1])
    nn.conv3d_transpose(tf.ones([1, 2, 2, 2, 5]), w, tf.constant([1, 4, 4, 4, 3]), 2, name="t")
    nn.convolution(x, w, "SAME")
    nn.convolution(x, w, "SAME", dilation_rate=[2, 1, 2])
    nn.conv_transpose(tf.ones([1, 2, 2, 2, 5]), w, [1, 4, 4, 4, 3], 2)


def build_convolutions_dilated(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 9, 9, 3], "x"), tf.ones([3, 3, 3, 4])
    u = tf.placeholder(tf.float32, [None, None, None, 3], "u")
    nn.convolution(x, w, "VALID", dilation_rate=[2, 3], name="named")
    nn.convolution(u, w, "SAME", dilation_rate=[2, 2])
    nn.convolution(tf.placeholder(tf.float32, [None, 3, 9, 9]), w, "SAME", dilation_rate=[1, 2], data_format="NCHW")
    nn.atrous_conv2d(u, w, 2, "VALID")
    nn.atrous_conv2d(x, w, 1, "SAME")
    nn.depthwise_conv2d(x, tf.ones([3, 3, 3, 2]), [1, 1, 1, 1], "SAME", rate=[2, 2])
    nn.depthwise_conv2d(x, tf.ones([3, 3, 3, 2]), [1, 1, 1, 1], "VALID", dilations=[2, 2], name="d")
    nn.separable_conv2d(x, tf.ones([3, 3, 3, 2]), tf.ones([1, 1, 6, 4]), [1, 1, 1, 1], "SAME", [2, 2], "s")
    nn.atrous_conv2d_transpose(tf.ones([1, 9, 9, 4]), w, [1, 9, 9, 3], 2, "SAME")
    nn.atrous_conv2d_transpose(tf.ones([1, 5, 5, 4]), w, [1, 9, 9, 3], 2, "VALID")
    nn.atrous_conv2d_transpose(tf.ones([1, 9, 9, 4]), w, [1, 9, 9, 3], 1, "SAME")


def build_convolution_gradients_by_hand(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 9, 9, 3], "x"), tf.ones([3, 3, 3, 4])
    y = nn.conv2d(x, w, 2, "SAME")
    nn.conv2d_backprop_input(tf.shape(x), w, y, [1, 2, 2, 1], "SAME")
    nn.conv2d_backprop_filter(x, [3, 3, 3, 4], y, [1, 2, 2, 1], "SAME", name="f")
    nn.depthwise_conv2d_native(x, tf.ones([3, 3, 3, 1]), [1, 1, 1, 1], "SAME")


def build_pools_of_signals_and_volumes(tf):
    nn = tf.nn
    x, u = tf.placeholder(tf.float32, [None, 8, 3], "x"), tf.placeholder(tf.float32, [None, 4, 4, 4, 3], "u")
    i = tf.placeholder(tf.float32, [None, 8, 8, 3], "i")
    nn.max_pool1d(x, 2, 2, "SAME")
    nn.avg_pool1d(x, [2], [2], "VALID", name="a")
    nn.max_pool1d(tf.ones([1, 3, 8]), 2, 2, "SAME", "NCW")
    nn.max_pool2d(i, 2, 2, "SAME")
    nn.max_pool_v2(x, 2, 2, "SAME")
    nn.max_pool_v2(i, 2, 2, "SAME", name="v")
    nn.avg_pool_v2(i, [2, 2], 2, "VALID")
    nn.avg_pool_v2(u, 2, 2, "VALID")
    nn.avg_pool3d(u, 2, [1, 1, 1, 1, 1], "SAME")
    nn.max_pool3d(u, [1, 2, 2, 2, 1], 2, "SAME", name="m")
    nn.pool(x, [2], "MAX", "SAME")
    nn.pool(tf.ones([1, 3, 8]), [2], "AVG", "VALID", data_format="NCW", name="n")
    nn.pool(u, [2, 2, 2], "MAX", "VALID", strides=[2, 2, 2])
    nn.pool(i, [2, 2], "AVG", "VALID", dilation_rate=[2, 2])
    nn.pool(x, [3], "MAX", "VALID", dilations=[2])
    nn.pool(i, [2, 2], "MAX", "SAME", data_format="NHWC")
    nn.max_pool_with_argmax(i, [1, 2, 2, 1], [1, 2, 2, 1], "VALID", Targmax=tf.int32, include_batch_in_index=True)
    nn.avg_pool(value=i, ksize=[2, 2], strides=[1, 2, 2, 1], padding="SAME", name="last")


def build_softmax_of_unknown_axis(tf):
    u = tf.placeholder(tf.float32, [2, 3, 4], "u")
    tf.nn.softmax(u, tf.placeholder(tf.int32, [], "axis"))
    tf.nn.log_softmax(u, axis=-2, name="l")
    tf.nn.softmax(tf.placeholder(tf.float32, [None, None, 3]), 0)


def build_cross_entropies_of_unknown_shape(tf):
    nn = tf.nn
    x, i = tf.placeholder(tf.float32, [None, None, 5], "x"), tf.placeholder(tf.int32, [None, None], "i")
    nn.softmax_cross_entropy_with_logits_v2(labels=x, logits=tf.placeholder(tf.float32))
    nn.softmax_cross_entropy_with_logits_v2(labels=[[1, 0]], logits=tf.ones([1, 2], tf.float16))
    nn.sparse_softmax_cross_entropy_with_logits(labels=tf.zeros([2, 3], tf.int64), logits=tf.ones([2, 3, 4]), name="n")
    nn.sparse_softmax_cross_entropy_with_logits(labels=[1], logits=tf.ones([1, 2], tf.float16))
    nn.sparse_softmax_cross_entropy_with_logits(labels=i[:, 0], logits=tf.placeholder(tf.float32, [None, None]))
    nn.weighted_cross_entropy_with_logits(labels=x, logits=x * 2.0, pos_weight=tf.constant(2.0), name="w")
    nn.log_poisson_loss(x, x, compute_full_loss=True)


def build_cross_entropy_with_asserted_shape(tf):
    x, i = tf.placeholder(tf.float32, [None, None, 5], "x"), tf.placeholder(tf.int32, [None, None], "i")
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x)


def build_moments_by_parts(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 4, 3], "x")
    count, once, twice, shift = nn.sufficient_statistics(x, [0], shift=tf.constant(1.0), keep_dims=True, name="s")
    nn.normalize_moments(count, once, twice, shift)
    count, once, twice, _ = nn.sufficient_statistics(x, [1])
    nn.normalize_moments(count, once, twice, None, name="n")
    nn.weighted_moments(x, [0, 1], tf.ones([4, 1]), keep_dims=True, name="w")
    nn.weighted_moments(tf.cast(x, tf.float16), [0], [[[1.0]]])
    nn.fused_batch_norm(tf.placeholder(tf.float16, [None, 2, 3, 3]), tf.ones([2]), [0.0, 1.0], data_format="NCHW")


def build_dropouts(tf):
    x = tf.placeholder(tf.float32, [None, 4], "x")
    tf.nn.dropout(x, rate=0.25, seed=3)
    tf.nn.dropout(x, 0.75, noise_shape=[4, 1], name="d")
    tf.nn.dropout(x, keep_prob=tf.placeholder(tf.float32, [], "keep"))
    tf.nn.dropout(x, rate=tf.placeholder(tf.float32, [], "rate"), noise_shape=tf.stack([tf.shape(x)[0], 1]))
    tf.nn.dropout(x, rate=np.float32(0.5))
    tf.nn.dropout(x, rate=tf.constant(0.0))
    tf.nn.dropout(np.ones([2, 2], np.float64), 0.5)


def build_lookups_in_parts(tf):
    nn = tf.nn
    i = tf.placeholder(tf.int64, [None, 2], "i")
    parts = [tf.placeholder(tf.float32, [None, 3], "p%d" % k) for k in range(3)]
    nn.embedding_lookup(parts, i)
    nn.embedding_lookup(parts, i, "div", name="d")
    nn.embedding_lookup([tf.ones([2, 3]), tf.ones([1, 3])], [0, 1, 2], "div")
    nn.embedding_lookup(parts, i, max_norm=2.0)
    nn.embedding_lookup(tf.placeholder(tf.float32), tf.placeholder(tf.int32), max_norm=2.0)


def build_rest_of_nn(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 4], "x")
    nn.bias_add(tf.ones([2, 3, 4]), [1.0, 2.0, 3.0, 4.0], "NWC")
    nn.bias_add(tf.ones([2, 3, 4]), np.ones(3), "NCW", name="b")
    nn.relu_layer(x, tf.ones([4, 2]), [0.0, 0.0], name="r")
    nn.crelu(x, axis=0)
    nn.leaky_relu(tf.constant([1, -1]), np.array(0.3))
    nn.in_top_k(x, [1, 2], tf.constant(2), name="t")
    nn.top_k([3.0, 1.0, 2.0], 2)
    nn.l2_normalize(x, dim=1)
