"""Graphs of tf.nn, tf.losses and tf.layers. Each: build(tf) adds nodes, may return facts."""

import numpy as np


def build_activations(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    nn = tf.nn
    nn.relu(x)
    nn.relu6(x)
    nn.elu(x)
    nn.selu(x)
    nn.leaky_relu(x)
    nn.leaky_relu(x, 0.1, "l")
    nn.softplus(x)
    nn.softsign(x)
    nn.sigmoid(x)
    nn.tanh(x)
    nn.relu([1.0, -1.0])
    nn.relu(tf.constant([1, -1]))


def build_bias_and_norms(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 3], "x")
    nn.bias_add(x, [1.0, 2.0, 3.0])
    nn.bias_add(tf.ones([1, 2, 4, 4]), [0.0, 1.0], "NCHW")
    nn.bias_add(tf.ones([1, 4, 4, 2]), [0.0, 1.0], name="b")
    nn.xw_plus_b(x, tf.ones([3, 2]), [0.0, 0.0])
    nn.l2_loss(x)
    nn.l2_normalize(x, 1)
    nn.l2_normalize(x, [0, 1], 1e-6, "n")


def build_activations_rare(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 3], "x")
    nn.crelu(x)
    nn.swish(x)
    nn.relu_layer(x, tf.ones([3, 2]), [0.0, 0.0])


def build_softmax(tf):
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [2, 3, 4], "u")
    tf.nn.softmax(x)
    tf.nn.softmax(u)
    tf.nn.softmax(u, 1)
    tf.nn.softmax(u, axis=0, name="s")
    tf.nn.softmax(x, dim=-1)
    tf.nn.log_softmax(x)
    tf.nn.log_softmax(u, 1)
    tf.nn.softmax(tf.placeholder(tf.float32))
    tf.nn.softmax([1.0, 2.0])


def build_cross_entropies(tf):
    nn = tf.nn
    y, x = tf.placeholder(tf.float32, [None, 3], "y"), tf.placeholder(tf.float32, [None, 3], "x")
    i = tf.placeholder(tf.int32, [None], "i")
    nn.softmax_cross_entropy_with_logits(labels=y, logits=x)
    nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x)
    nn.softmax_cross_entropy_with_logits_v2(y, x, name="named")
    nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x)
    nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y), logits=x)
    nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x)
    t, z = tf.placeholder(tf.float32, [2, 4, 3], "t"), tf.placeholder(tf.float32, [2, 4, 3], "z")
    nn.softmax_cross_entropy_with_logits(labels=t, logits=z)
    nn.softmax_cross_entropy_with_logits_v2(t, z, axis=1)
    nn.sparse_softmax_cross_entropy_with_logits(labels=tf.placeholder(tf.int64, [2, 4]), logits=z)
    nn.softmax_cross_entropy_with_logits(labels=[[0, 1]], logits=[[0.5, 0.5]])
    nn.sigmoid_cross_entropy_with_logits(labels=np.ones([2, 3], np.float32), logits=tf.ones([2, 3]), name="s")


def build_cross_entropies_rare(tf):
    nn = tf.nn
    y, x = tf.placeholder(tf.float32, [None, 3], "y"), tf.placeholder(tf.float32, [None, 3], "x")
    nn.weighted_cross_entropy_with_logits(y, x, 2.0)
    nn.log_poisson_loss(y, x)


def build_xent_gradients(tf):
    w = tf.Variable(tf.ones([3, 3]), name="w")
    y, x = tf.placeholder(tf.float32, [None, 3], "y"), tf.matmul(tf.placeholder(tf.float32, [None, 3], "x"), w)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=x))
    tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    tf.equal(tf.argmax(x, 1), tf.argmax(y, 1))


def build_convolutions(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 8, 8, 3], "x"), tf.ones([3, 3, 3, 4])
    nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
    nn.conv2d(x, w, strides=[1, 2, 2, 1], padding="VALID", name="c")
    nn.conv2d(x, w, 1, "SAME")
    nn.conv2d(x, w, [2, 2], "SAME")
    nn.conv2d(x, w, [1, 1, 1, 1], "SAME", dilations=[1, 2, 2, 1])
    nn.conv2d(x, w, [1, 1, 1, 1], "VALID", use_cudnn_on_gpu=False)
    nn.conv2d(input=x, filters=w, strides=1, padding=[[0, 0], [1, 1], [2, 2], [0, 0]])
    nn.conv2d(tf.ones([1, 3, 8, 8]), w, [1, 1, 2, 2], "SAME", data_format="NCHW")
    nn.conv2d(tf.placeholder(tf.float32, [None, None, None, 3]), w, [1, 2, 2, 1], "SAME")


def build_convolutions_1d_3d(tf):
    nn = tf.nn
    nn.conv1d(tf.ones([1, 8, 3]), tf.ones([3, 3, 4]), 2, "SAME")
    nn.conv3d(tf.ones([1, 4, 4, 4, 1]), tf.ones([2, 2, 2, 1, 2]), [1, 1, 1, 1, 1], "SAME")


def build_convolutions_transposed(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 8, 8, 3], "x"), tf.ones([3, 3, 3, 4])
    nn.conv2d_transpose(tf.ones([1, 4, 4, 4]), w, [1, 8, 8, 3], [1, 2, 2, 1])
    nn.conv2d_transpose(tf.ones([1, 4, 4, 4]), w, tf.stack([tf.shape(x)[0], 8, 8, 3]), 2, "SAME")


def build_convolutions_depthwise(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    nn.depthwise_conv2d(x, tf.ones([3, 3, 3, 2]), [1, 1, 1, 1], "SAME")
    nn.separable_conv2d(x, tf.ones([3, 3, 3, 2]), tf.ones([1, 1, 6, 4]), [1, 1, 1, 1], "SAME")


def build_convolutions_generic(tf):
    nn = tf.nn
    x, w = tf.placeholder(tf.float32, [None, 8, 8, 3], "x"), tf.ones([3, 3, 3, 4])
    nn.atrous_conv2d(x, w, 2, "SAME")
    nn.convolution(x, w, "SAME")
    nn.convolution(x, w, "VALID", [2, 2])
    nn.convolution(x, w, "SAME", dilation_rate=[2, 2])


def build_pools(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 7, 7, 3], "x")
    nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    nn.max_pool(x, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="VALID", name="p")
    nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    nn.avg_pool(x, 2, 2, "VALID")
    nn.max_pool(x, 2, 1, "SAME")
    nn.max_pool(tf.ones([1, 3, 8, 8]), [1, 1, 2, 2], [1, 1, 2, 2], "SAME", data_format="NCHW")


def build_pools_rare(tf):
    nn = tf.nn
    x = tf.placeholder(tf.float32, [None, 7, 7, 3], "x")
    nn.pool(x, [2, 2], "MAX", "SAME")
    nn.pool(x, [2, 2], "AVG", "VALID", strides=[2, 2])
    nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    nn.max_pool3d(tf.ones([1, 4, 4, 4, 1]), [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "SAME")


def build_normalizations(tf):
    nn = tf.nn
    x, u = tf.placeholder(tf.float32, [None, 4], "x"), tf.placeholder(tf.float32, [None, 5, 5, 4], "u")
    mean, variance = nn.moments(x, [0])
    nn.moments(u, [0, 1, 2])
    nn.moments(u, [1, 2], keep_dims=True, name="m")
    nn.moments(u, axes=[0], keepdims=True)
    nn.moments(tf.cast(x, tf.float16), [0])
    nn.batch_normalization(x, mean, variance, None, None, 1e-3)
    nn.batch_normalization(x, mean, variance, tf.zeros([4]), tf.ones([4]), 1e-5, "bn")
    nn.fused_batch_norm(u, tf.ones([4]), tf.zeros([4]))
    nn.fused_batch_norm(u, tf.ones([4]), tf.zeros([4]), tf.zeros([4]), tf.ones([4]), is_training=False)


def build_local_response_normalization(tf):
    nn = tf.nn
    u = tf.placeholder(tf.float32, [None, 5, 5, 4], "u")
    nn.local_response_normalization(u)
    nn.lrn(u, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75, name="norm1")


def build_normalizations_rare(tf):
    nn = tf.nn
    x, u = tf.placeholder(tf.float32, [None, 4], "x"), tf.placeholder(tf.float32, [None, 5, 5, 4], "u")
    nn.batch_norm_with_global_normalization(u, tf.zeros([4]), tf.ones([4]), tf.zeros([4]), tf.ones([4]), 1e-3, True)
    nn.weighted_moments(x, [0], tf.ones([4]))
    nn.sufficient_statistics(x, [0])
    nn.zero_fraction(x)


def build_top_k(tf):
    nn = tf.nn
    x, i = tf.placeholder(tf.float32, [None, 5], "x"), tf.placeholder(tf.int32, [None], "i")
    nn.top_k(x, 2)
    nn.top_k(x)
    nn.top_k(x, k=3, sorted=False, name="t")
    nn.top_k(x, tf.constant(2))
    nn.in_top_k(x, i, 2)
    nn.in_top_k(predictions=x, targets=i, k=1)


def build_embeddings(tf):
    nn = tf.nn
    i = tf.placeholder(tf.int32, [None], "i")
    w, r = tf.Variable(tf.ones([6, 2]), name="w"), tf.Variable(tf.ones([6, 2]), name="r", use_resource=True)
    nn.embedding_lookup(w, i)
    nn.embedding_lookup(r, i)
    nn.embedding_lookup(tf.ones([3, 2]), [[0], [1]], name="e")


def build_embeddings_rare(tf):
    nn = tf.nn
    w, r = tf.Variable(tf.ones([6, 2]), name="w"), tf.Variable(tf.ones([6, 2]), name="r", use_resource=True)
    i = tf.placeholder(tf.int32, [None], "i")
    nn.embedding_lookup([w, w], i)
    nn.embedding_lookup([w, r], i, "div")
    nn.embedding_lookup(w, i, max_norm=1.0)


def build_embeddings_sparse(tf):
    nn = tf.nn
    w = tf.Variable(tf.ones([6, 2]), name="w")
    nn.embedding_lookup_sparse(w, tf.SparseTensor([[0, 0]], tf.constant([1], tf.int64), [1, 1]), None)


def build_sampled_losses(tf):
    w, b = tf.Variable(tf.ones([6, 2])), tf.Variable(tf.zeros([6]))
    labels, inputs = tf.placeholder(tf.int64, [None, 1], "labels"), tf.placeholder(tf.float32, [None, 2], "inputs")
    tf.nn.nce_loss(w, b, labels, inputs, 3, 6)
    tf.nn.sampled_softmax_loss(w, b, labels, inputs, 3, 6)


LOSSES = (
    "absolute_difference", "cosine_distance", "hinge_loss", "huber_loss", "log_loss", "mean_pairwise_squared_error",
    "mean_squared_error", "sigmoid_cross_entropy", "softmax_cross_entropy",
)  # fmt: skip


def _loss(tf, name, y, x, *args, **kwargs):
    if name == "cosine_distance":
        kwargs["axis"] = 1
    return getattr(tf.losses, name)(y, x, *args, **kwargs)


def build_losses_plain(tf):
    y, x = tf.placeholder(tf.float32, [None, 3], "y"), tf.placeholder(tf.float32, [None, 3], "x")
    for name in LOSSES:
        _loss(tf, name, y, x)
    tf.losses.sparse_softmax_cross_entropy(tf.placeholder(tf.int32, [None]), x)
    tf.losses.sparse_softmax_cross_entropy(labels=tf.placeholder(tf.int64, [4]), logits=tf.ones([4, 3]))
    tf.losses.get_total_loss()
    return [loss.name for loss in tf.losses.get_losses()]


def build_losses_static_shapes(tf):
    y, x = tf.ones([4, 3]), tf.placeholder(tf.float32, [4, 3], "x")
    for name in LOSSES:
        _loss(tf, name, y, x, scope="s_" + name)


def build_losses_weights(tf):
    y, x = tf.placeholder(tf.float32, [4, 3], "y"), tf.placeholder(tf.float32, [4, 3], "x")
    w = tf.placeholder(tf.float32, [4, 1], "w")
    for weights in (2.0, 0.0, w, tf.ones([4, 3]), [[1.0], [0.0], [1.0], [1.0]]):
        tf.losses.mean_squared_error(y, x, weights)
    tf.losses.softmax_cross_entropy(y, x, weights=tf.reshape(w, [4]))
    tf.losses.softmax_cross_entropy(y, x, weights=0.5, label_smoothing=0.1)
    tf.losses.sparse_softmax_cross_entropy([0, 1, 2, 0], x, weights=[1.0, 0.0, 1.0, 1.0])
    tf.losses.sigmoid_cross_entropy(y, x, label_smoothing=0.2)
    tf.losses.huber_loss(y, x, delta=0.5)
    tf.losses.log_loss(y, x, epsilon=1e-5)


def build_losses_weights_unknown_rank(tf):
    y, x = tf.placeholder(tf.float32, [4, 3], "y"), tf.placeholder(tf.float32, [4, 3], "x")
    tf.losses.mean_squared_error(y, x, tf.placeholder(tf.float32, name="any"))


def build_losses_reductions(tf):
    y, x = tf.placeholder(tf.float32, [4, 3], "y"), tf.placeholder(tf.float32, [4, 3], "x")
    reduction = tf.losses.Reduction
    for kind in (
        reduction.NONE,
        reduction.SUM,
        reduction.MEAN,
        reduction.SUM_OVER_BATCH_SIZE,
        reduction.SUM_OVER_NONZERO_WEIGHTS,
        reduction.SUM_BY_NONZERO_WEIGHTS,
    ):
        tf.losses.mean_squared_error(y, x, reduction=kind)
        tf.losses.softmax_cross_entropy(y, x, weights=[1.0, 2.0, 0.0, 1.0], reduction=kind)
        tf.losses.absolute_difference(y, x, loss_collection=None, reduction=kind)
    tf.losses.compute_weighted_loss(tf.reduce_sum(x, 1), 2.0)
    tf.losses.compute_weighted_loss(tf.cast(x, tf.int32))
    return [len(tf.losses.get_losses()), len(tf.get_collection(tf.GraphKeys.LOSSES))]


def build_layers_dense(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    h = tf.layers.dense(x, 4, tf.nn.relu)
    tf.layers.dense(h, 2)
    tf.layers.dense(x, units=2, activation=tf.nn.sigmoid, use_bias=False, name="named")
    tf.layers.dense(tf.placeholder(tf.float32, [None, 5, 3]), 4, name="rank3")
    tf.layers.dense(tf.placeholder(tf.float32, [None, None, 3]), 4, name="rank3_unknown")
    tf.layers.dense(x, 2, kernel_initializer=tf.zeros_initializer(), bias_initializer=tf.constant_initializer(0.1))
    tf.layers.dense(
        x,
        2,
        kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1),
        activity_regularizer=lambda t: tf.reduce_sum(t),
        trainable=False,
    )
    with tf.variable_scope("scope"):
        tf.layers.dense(x, 2)
        tf.layers.dense(x, 2, name="in")
    with tf.name_scope("only_name"):
        tf.layers.dense(x, 2)
    tf.layers.dense(tf.ones([2, 3], tf.float64), 2)
    tf.layers.dense(x, 2, kernel_constraint=tf.nn.relu, name="constrained")
    return [v.name for v in tf.global_variables()] + [v.name for v in tf.trainable_variables()]


def build_layers_reuse(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    tf.layers.dense(x, 2, name="d")
    tf.layers.dense(x, 2, name="d", reuse=True)
    with tf.variable_scope("s"):
        tf.layers.dense(x, 2, name="d")
    with tf.variable_scope("s", reuse=True):
        tf.layers.dense(x, 2, name="d")
    with tf.variable_scope("auto", reuse=tf.AUTO_REUSE):
        tf.layers.dense(x, 2, name="d")
        tf.layers.dense(x, 2, name="d")

    def net(x):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            return tf.layers.dense(tf.layers.dense(x, 4, name="one"), 2, name="two")

    net(x)
    net(x * 2.0)
    return [v.name for v in tf.global_variables()]


def build_layers_classes(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    dense = tf.layers.Dense(2, activation=tf.nn.relu)
    dense(x)
    dense(x)
    named = tf.layers.Dense(2, name="named")
    facts = [named.built]
    named.apply(x)
    conv = tf.layers.Conv2D(2, 3, padding="same", name="conv")
    conv(tf.ones([1, 4, 4, 1]))
    pool, flat, drop = tf.layers.MaxPooling2D(2, 2), tf.layers.Flatten(), tf.layers.Dropout(0.5)
    drop(flat(pool(tf.ones([1, 4, 4, 1]))), training=True)
    norm = tf.layers.BatchNormalization()
    norm(x, training=True)
    norm(x, training=False)
    facts += [
        named.built,
        named.kernel.name,
        named.bias.name,
        [v.name for v in dense.trainable_variables],
        dense.name,
        norm.name,
    ]
    return facts + [
        [v.name for v in norm.variables],
        [u.name for u in norm.updates],
        [v.name for v in conv.weights],
        conv.name,
    ]


def build_layers_conv(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    tf.layers.conv2d(x, 4, 3)
    tf.layers.conv2d(x, 4, [5, 3], strides=(2, 1), padding="same", activation=tf.nn.relu, name="c")
    tf.layers.conv2d(inputs=x, filters=2, kernel_size=[3, 3], padding="SAME", use_bias=False)
    tf.layers.conv2d(x, 4, 3, dilation_rate=2)
    tf.layers.conv2d(tf.ones([1, 3, 8, 8]), 4, 3, data_format="channels_first")
    return [v.name for v in tf.global_variables()]


def build_layers_conv_transposed(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    tf.layers.conv2d_transpose(x, 4, 3, 2, "same")
    tf.layers.conv2d_transpose(x, 4, [3, 3], strides=(1, 1), activation=tf.nn.tanh)


def build_layers_conv_rare(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    tf.layers.separable_conv2d(x, 4, 3)
    tf.layers.conv1d(tf.ones([1, 8, 3]), 4, 3)
    tf.layers.conv3d(tf.ones([1, 4, 4, 4, 1]), 2, 2)


def build_layers_pooling_flatten(tf):
    x, u = tf.placeholder(tf.float32, [None, 8, 8, 3], "x"), tf.placeholder(tf.float32, [None, None, 2], "u")
    tf.layers.max_pooling2d(x, 2, 2)
    tf.layers.max_pooling2d(inputs=x, pool_size=[3, 3], strides=1, padding="same", name="p")
    tf.layers.average_pooling2d(x, [2, 2], 2)
    tf.layers.max_pooling2d(tf.ones([1, 3, 8, 8]), 2, 2, data_format="channels_first")
    tf.layers.flatten(x)
    tf.layers.flatten(u)
    tf.layers.flatten(tf.ones([2, 3, 4]), name="f")
    tf.layers.flatten(tf.placeholder(tf.float32, [4]))
    tf.contrib.layers.flatten(x)


def build_layers_pooling_1d(tf):
    tf.layers.max_pooling1d(tf.ones([1, 8, 3]), 2, 2)
    tf.layers.average_pooling1d(tf.ones([1, 8, 3]), 2, 2)


def build_layers_dropout(tf):
    x, training = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.bool, [], "training")
    tf.layers.dropout(x)
    tf.layers.dropout(x, training=True)
    tf.layers.dropout(x, 0.3, training=False, name="d")
    tf.layers.dropout(x, rate=0.3, noise_shape=[None, 1], seed=4, training=True)
    return training.name


def build_layers_batch_normalization_training(tf):
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 4, 4, 2], "u")
    tf.layers.batch_normalization(x, training=True)
    tf.layers.batch_normalization(u, training=True, momentum=0.9, epsilon=1e-5, name="bn")
    tf.layers.batch_normalization(u, training=True, fused=False)
    tf.layers.batch_normalization(x, training=True, center=False, scale=False)
    tf.layers.batch_normalization(tf.ones([2, 2, 4, 4]), axis=1, training=True)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.layers.dense(x, 1)))
    return [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]


def build_layers_batch_normalization_inference(tf):
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 4, 4, 2], "u")
    tf.layers.batch_normalization(x)
    tf.layers.batch_normalization(u)
    tf.layers.batch_normalization(u, fused=False, name="bn")
    return [len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)), [v.name for v in tf.global_variables()]]


def build_contrib_layers(tf):
    layers = tf.contrib.layers
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 8, 8, 3], "u")
    layers.fully_connected(x, 4)
    layers.fully_connected(x, 2, activation_fn=None, scope="fc")
    layers.conv2d(u, 4, 3)
    layers.max_pool2d(u, 2)
    layers.batch_norm(x, is_training=True)
    layers.dropout(x, 0.5)
    layers.linear(x, 2)
    return [v.name for v in tf.global_variables()]


def build_images(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    tf.image.resize_bilinear(x, [4, 4])
    tf.image.resize_nearest_neighbor(x, [4, 4])
    tf.image.rgb_to_grayscale(x)
    tf.image.flip_left_right(tf.ones([4, 4, 3]))
    tf.image.resize_images(x, [16, 16])
    tf.image.per_image_standardization(tf.ones([4, 4, 3]))
    tf.image.random_flip_left_right(tf.ones([4, 4, 3]))
