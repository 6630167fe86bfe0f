"""Graphs of tf.contrib.layers: convolutions, norms, pools, transforms and summaries."""


def build_contrib_convolutions(tf):
    layers = tf.contrib.layers
    s, u = tf.placeholder(tf.float32, [None, 8, 3], "s"), tf.placeholder(tf.float32, [None, 8, 8, 3], "u")
    v = tf.placeholder(tf.float32, [None, 4, 4, 4, 2], "v")
    layers.conv1d(s, 4, 3)
    layers.conv2d(u, 4, [3, 3], stride=2, padding="VALID", weights_regularizer=layers.l2_regularizer(0.1))
    layers.conv2d(u, 4, 3, rate=2, normalizer_fn=layers.batch_norm, normalizer_params={"is_training": True})
    layers.conv3d(v, 3, 2, activation_fn=None, biases_initializer=None, scope="volume")
    layers.convolution2d(tf.ones([1, 3, 8, 8]), 4, 3, data_format="NCHW", variables_collections=["mine"])
    layers.convolution(u, 2, 1, outputs_collections="out", scope="plain")
    layers.conv2d_in_plane(u, 3)
    layers.conv2d_in_plane(u, [3, 2], 2, "VALID", normalizer_fn=layers.layer_norm, scope="plane")
    return [v.name for v in tf.global_variables()]


def build_contrib_convolutions_transposed(tf):
    layers = tf.contrib.layers
    u, v = tf.placeholder(tf.float32, [None, 8, 8, 3], "u"), tf.placeholder(tf.float32, [None, 4, 4, 4, 2], "v")
    layers.conv2d_transpose(u, 4, 3, stride=2)
    layers.convolution2d_transpose(u, 4, [4, 4], 2, "VALID", activation_fn=tf.tanh, normalizer_fn=layers.batch_norm)
    layers.conv3d_transpose(v, 3, 2, 2, variables_collections={"weights": ["w"], "biases": ["b"]})
    layers.separable_conv2d(u, 4, 3)
    layers.separable_conv2d(u, None, 3, 2, stride=2, scope="depthwise")
    layers.separable_convolution2d(u, 5, [3, 3], depth_multiplier=2, rate=2, normalizer_fn=layers.batch_norm)
    layers.separable_conv2d(u, None, [3, 3], normalizer_fn=layers.instance_norm, biases_initializer=None)
    return [v.name for v in tf.global_variables()]


def build_contrib_dense(tf):
    layers = tf.contrib.layers
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [2, 4, 3], "u")
    layers.relu(x, 2)
    layers.relu6(x, 2)
    layers.elu(x, 2)
    layers.fully_connected(u, 4, normalizer_fn=layers.layer_norm, outputs_collections=["out"])
    layers.legacy_fully_connected(x, 4)
    layers.legacy_relu(u, 4, name="legacy")
    layers.legacy_linear(tf.placeholder(tf.float32, [None, None, 3]), 4)
    layers.stack(x, layers.fully_connected, [4, 5, 6], scope="fc")
    layers.stack(x, layers.fully_connected, [[4, tf.tanh], [5, None]])
    layers.repeat(x, 2, layers.fully_connected, 3, scope="again")
    layers.repeat(x, 2, layers.linear, 3)
    layers.bias_add(x)
    layers.bias_add(tf.ones([1, 3, 2, 2]), tf.nn.relu, data_format="NCHW", scope="bias")
    return [v.name for v in tf.global_variables()]


def build_contrib_norms(tf):
    layers = tf.contrib.layers
    x, u = tf.placeholder(tf.float32, [None, 6], "x"), tf.placeholder(tf.float32, [None, 4, 4, 6], "u")
    layers.layer_norm(x)
    layers.layer_norm(u, center=False, begin_norm_axis=2, activation_fn=tf.nn.relu)
    layers.layer_norm(u, scale=False, begin_norm_axis=-1, begin_params_axis=1, scope="norm")
    layers.layer_norm(tf.ones([2, 3], tf.float16))
    layers.instance_norm(u)
    layers.instance_norm(tf.ones([2, 3, 4, 4]), data_format="NCHW", param_initializers={"beta": tf.ones_initializer()})
    layers.group_norm(u, 3)
    layers.group_norm(tf.ones([2, 6, 4, 4]), 2, 1, (-2, -1), scale=False, mean_close_to_zero=True, scope="group")
    layers.group_norm(tf.placeholder(tf.float32, [None, 4, 4, 6]), 6, reduction_axes=[1, 2], center=False)
    layers.unit_norm(u, 3)
    layers.unit_norm(u, 1, epsilon=1e-5)
    layers.unit_norm(x, 0, scope="unit")
    return [v.name for v in tf.global_variables()]


def build_contrib_pools(tf):
    layers, u = tf.contrib.layers, tf.placeholder(tf.float32, [None, 8, 8, 3], "u")
    v = tf.placeholder(tf.float32, [None, 4, 4, 4, 2], "v")
    layers.max_pool2d(u, [2, 2], 1, "SAME", outputs_collections="out")
    layers.avg_pool2d(u, 3, scope="mean")
    layers.max_pool3d(v, 2)
    layers.avg_pool3d(v, [2, 1, 2], [1, 1, 2], "SAME")
    tf.contrib.slim.pool(u, 2, "MAX", stride=2)
    tf.contrib.slim.pool(v, [2, 2, 2], "AVG", dilation_rate=1, scope="pool")
    layers.dropout(u, 0.8, is_training=False)
    layers.flatten(v, scope="flat")


def build_contrib_transforms(tf):
    layers, u = tf.contrib.layers, tf.placeholder(tf.float32, [None, 4, 5, 6], "u")
    layers.softmax(u)
    layers.softmax(tf.placeholder(tf.float32, [None, 3]), scope="s")
    layers.spatial_softmax(tf.placeholder(tf.float32, [None, None, None, 6]))
    layers.spatial_softmax(tf.ones([2, 3, 4, 5]), 2.0, data_format="NCHW", trainable=False, name="where")
    layers.maxout(u, 3)
    layers.maxout(tf.placeholder(tf.float32, [None, 6]), 2, axis=1, scope="m")
    layers.one_hot_encoding(tf.placeholder(tf.int32, [None]), 4)
    layers.one_hot_encoding(tf.constant([1, 2], tf.int64), 4, 2.0, -1.0, scope="h")
    layers.dense_to_sparse(tf.placeholder(tf.int32, [None, 3]))
    layers.dense_to_sparse(tf.constant([[1, -1]]), eos_token=-1, scope="d")
    sequence = layers.images_to_sequence(u)
    layers.sequence_to_images(sequence, 4)
    layers.images_to_sequence(tf.ones([2, 3, 4, 5]), data_format="NCHW")
    layers.sequence_to_images(tf.ones([3, 8, 5]), 4, "channels_first", scope="back")


def build_contrib_gdn(tf):
    layers, u = tf.contrib.layers, tf.placeholder(tf.float32, [None, 4, 5, 3], "u")
    layers.gdn(u)
    layers.gdn(tf.ones([2, 3, 4]), inverse=True, name="g")
    layers.gdn(tf.ones([2, 3, 4]), data_format="channels_first")
    layers.GDN(gamma_init=0.2, data_format="channels_first")(tf.ones([2, 3, 4, 4]))


def build_contrib_summaries(tf):
    layers, x = tf.contrib.layers, tf.placeholder(tf.float32, [None, 3], "x")
    layers.summarize_activation(tf.nn.relu(x))
    layers.summarize_activation(tf.nn.relu6(x, name="six"))
    layers.summarize_activation(tf.tanh(x))
    layers.summarize_tensor(tf.reduce_sum(x))
    layers.summarize_tensor(x, "given")
    layers.summarize_tensors([x, tf.constant("text"), tf.constant(1.0)])
    layers.legacy_relu(x, 2)
    layers.summarize_activations()
    layers.summarize_collection(tf.GraphKeys.WEIGHTS, ".*weights")
    tf.contrib.slim.summarize_variables("fully.*")
    tf.contrib.slim.summarize_weights()
    return tf.contrib.slim.summarize_biases("nothing")


def build_contrib_aliases(tf):
    slim, x = tf.contrib.slim, tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    scope = slim.arg_scope([slim.conv2d, slim.fully_connected], outputs_collections="ends", weights_regularizer=None)
    with scope, tf.variable_scope("net", values=[x]):
        y = slim.conv2d(x, 2, 3, scope="first")
        slim.fully_connected(slim.flatten(y), 3, scope="last")
    slim.batch_norm(x, outputs_collections=["ends"])
    ends = slim.utils.convert_collection_to_dict("ends")
    return [[alias, tensor.name] for alias, tensor in ends.items()]


def build_contrib_batch_norms(tf):
    layers, x = tf.contrib.layers, tf.placeholder(tf.float32, [None, 6], "x")
    u = tf.placeholder(tf.float32, [None, 4, 4, 6], "u")
    layers.batch_norm(x, renorm=True, renorm_clipping={"rmax": 2.0}, renorm_decay=0.9)
    layers.batch_norm(u, renorm=True, is_training=False, scale=True, variables_collections=["mine"])
    layers.batch_norm(u, fused=False, scale=True, data_format="NHWC", activation_fn=tf.nn.relu)
    layers.batch_norm(u, updates_collections=None, zero_debias_moving_mean=True)
    layers.batch_norm(tf.ones([2, 6, 4, 4]), data_format="NCHW", center=False)
    layers.batch_norm(tf.ones([5, 3]), adjustment=lambda shape: (tf.ones([shape[0], 1]), tf.zeros([shape[0], 1])))
    layers.batch_norm(u, batch_weights=tf.placeholder(tf.float32, [None]))
    return [v.name for v in tf.global_variables()]
