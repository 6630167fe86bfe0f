"""Graphs of tf.layers: transposed, separable and rare convolutions, pools, normalization, layers of one's own."""


def build_layers_transposed_formats(tf):
    x = tf.placeholder(tf.float32, [None, None, 8, 3], "x")
    tf.layers.conv2d_transpose(x, 4, [2, 3], (2, 3), "valid", use_bias=False)
    layer = tf.layers.Conv2DTranspose(2, 5, (2, 2), kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
    layer(x)
    layer(x)
    tf.layers.conv2d_transpose(x, 4, [2, 3], name="shared")
    tf.layers.conv2d_transpose(x, 4, [2, 3], name="shared", reuse=True)
    return [layer.compute_output_shape([None, 4, 5, 3]).as_list(), [v.name for v in layer.variables]]


def build_layers_transposed_volumes(tf):
    x = tf.placeholder(tf.float32, [None, 2, None, 4, 3], "x")
    tf.layers.conv3d_transpose(x, 4, 3, 2, "same", activation=tf.nn.relu)
    tf.layers.conv3d_transpose(tf.ones([1, 2, 3, 4, 5]), 2, (1, 2, 3), data_format="channels_first", name="first")
    tf.layers.Conv3DTranspose(2, 2, kernel_initializer=tf.ones_initializer(), use_bias=False)(x)


def build_layers_separable(tf):
    x, u = tf.placeholder(tf.float32, [None, 8, 8, 3], "x"), tf.placeholder(tf.float32, [None, 8, 3], "u")
    tf.layers.separable_conv2d(x, 4, (3, 2), 2, "same", depth_multiplier=2, activation=tf.nn.relu, name="s")
    tf.layers.separable_conv2d(x, 4, (3, 2), dilation_rate=2, use_bias=False)
    tf.layers.separable_conv1d(u, 4, 3, 2)
    tf.layers.separable_conv1d(u, 4, 3, padding="same", dilation_rate=2, activation=tf.tanh)
    l2 = tf.contrib.layers.l2_regularizer
    layer = tf.layers.SeparableConv2D(5, 3, depthwise_regularizer=l2(0.1), pointwise_regularizer=l2(0.2))
    layer(x)
    return [[v.name for v in layer.trainable_weights], layer.compute_output_shape([2, 8, 8, 3]).as_list()]


def build_layers_convolutions_rest(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    tf.layers.conv2d(x, 4, 3, dilation_rate=(2, 1))
    tf.layers.conv2d(x, 4, 3, (2, 1), "same", kernel_constraint=tf.abs, trainable=False)
    tf.layers.conv2d(tf.ones([1, 3, 8, 8]), 4, 3, data_format="channels_first", activation=tf.nn.elu)
    tf.layers.conv1d(tf.ones([1, 8, 3]), 4, 3, padding="same", dilation_rate=2, name="signal")
    tf.layers.conv1d(tf.ones([1, 3, 8]), 4, 3, data_format="channels_first")
    tf.layers.conv3d(tf.ones([1, 4, 4, 4, 1]), 2, 2, (1, 2, 1), "same", dilation_rate=1, bias_initializer=None)
    tf.layers.conv3d(tf.ones([1, 2, 4, 4, 4]), 2, 2, data_format="channels_first", use_bias=False)
    tf.layers.conv3d(tf.ones([1, 5, 5, 5, 1]), 2, 2, dilation_rate=2)


def build_layers_pools_rest(tf):
    x, u = tf.placeholder(tf.float32, [None, 8, 8, 8, 3], "x"), tf.placeholder(tf.float32, [None, 8, 3], "u")
    tf.layers.max_pooling3d(x, 2, 2)
    tf.layers.average_pooling3d(x, [1, 2, 2], (1, 2, 2), "same", name="a")
    tf.layers.max_pooling3d(x, 2, 1, data_format="channels_first")
    tf.layers.max_pooling1d(tf.ones([2, 3, 8]), 2, 2, data_format="channels_first")
    tf.layers.average_pooling1d(u, (3,), 2, "same")
    tf.layers.average_pooling2d(x[0], 3, (2, 1), "same", "channels_first")
    pool = tf.layers.MaxPooling2D(2, 2)
    pool(x[0])
    return [pool.name, pool.compute_output_shape([None, 7, 8, 3]).as_list()]


def build_layers_batch_renorm(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    tf.layers.batch_normalization(x, renorm=True, training=True)
    clipping = {"rmax": 3.0, "rmin": 1.0 / 3, "dmax": tf.constant(5.0)}
    tf.layers.batch_normalization(tf.ones([2, 4, 4, 3]), renorm=True, renorm_clipping=clipping, training=True)
    tf.layers.batch_normalization(x, renorm=True, renorm_momentum=0.9, training=False, scale=False)
    return [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]


def build_layers_batch_normalization_virtual(tf):
    x = tf.placeholder(tf.float32, [None, 4, 4, 3], "x")
    tf.layers.batch_normalization(x, virtual_batch_size=2, training=True)
    tf.layers.batch_normalization(tf.ones([6, 3]), virtual_batch_size=3, training=False)

    def adjustment(shape):
        return tf.random_uniform([shape[0], 1], 0.9, 1.1, seed=1), tf.random_uniform([shape[0], 1], -0.1, 0.1, seed=2)

    tf.layers.batch_normalization(tf.ones([6, 3]), adjustment=adjustment, training=True)
    tf.layers.batch_normalization(tf.ones([6, 3]), adjustment=adjustment, training=True, center=False, scale=False)


def build_layers_batch_normalization_axes(tf):
    x = tf.placeholder(tf.float32, [None, 4, 4, 3], "x")
    tf.layers.batch_normalization(x, axis=[1, 3], training=True)
    with tf.variable_scope("resources", use_resource=True):
        tf.layers.batch_normalization(x, axis=2, training=True, fused=False)
    tf.layers.batch_normalization(tf.ones([2, 4, 3], tf.float16), training=True)
    tf.layers.batch_normalization(tf.ones([2, 4, 4, 3], tf.float16), training=1)
    tf.layers.batch_normalization(x, scale=False, center=False, training=True)
    layer = tf.layers.BatchNormalization(trainable=False, beta_regularizer=tf.contrib.layers.l2_regularizer(0.1))
    layer(x, training=True)
    return [[v.name for v in layer.trainable_variables], [v.name for v in layer.non_trainable_variables]]


def build_layers_of_ones_own(tf):
    class Scaled(tf.layers.Layer):
        def __init__(self, factor, **kwargs):
            super(Scaled, self).__init__(**kwargs)
            self.factor = factor
            self.input_spec = tf.layers.InputSpec(min_ndim=2)

        def build(self, input_shape):
            size = int(input_shape[-1])
            self.scale = self.add_weight("scale", [size], initializer=tf.ones_initializer())
            self.count = self.add_variable("count", [], tf.int64, tf.zeros_initializer(), trainable=False)
            self.built = True

        def call(self, inputs, training=False):
            if training:
                self.add_update(tf.assign_add(self.count, 1), inputs=True)
            self.add_loss(tf.reduce_sum(self.scale), inputs=inputs)
            return inputs * self.scale * self.factor

    x = tf.placeholder(tf.float32, [None, 3], "x")
    layer = Scaled(2.0)
    layer(x, training=True)
    layer.apply(x)
    Scaled(3.0, name="named", activity_regularizer=tf.contrib.layers.l1_regularizer(0.5))(x)
    with tf.variable_scope("outer", initializer=tf.zeros_initializer()):
        inner = Scaled(1.0, trainable=False)
        inner(x, training=True)
    facts = []
    for one in (layer, inner):
        facts.append([one.name, one.scope_name, one.dtype, one.built, one.count_params()])
        facts.append([[v.name for v in one.variables], [v.name for v in one.trainable_weights]])
        facts.append([len(one.losses), len(one.updates), one.trainable])
    return facts
