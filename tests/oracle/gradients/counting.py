"""Graphs whose number of nodes after `tf.gradients` matters: single ops, and models with random ops behind them."""

import numpy as np

ELEMENTWISE = (
    "exp", "log", "log1p", "expm1", "tanh", "sigmoid", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "sqrt", "rsqrt", "square", "abs", "negative", "erf", "erfc", "lgamma", "digamma", "reciprocal",
)  # fmt: skip
ACTIVATIONS = (
    "relu", "relu6", "elu", "selu", "softplus", "softsign", "leaky_relu", "softmax", "log_softmax", "l2_loss",
)  # fmt: skip
BINARY = {
    "add": lambda tf, x, y: tf.add(x, y), "add_v2": lambda tf, x, y: x + y, "subtract": lambda tf, x, y: x - y,
    "multiply": lambda tf, x, y: x * y, "divide": lambda tf, x, y: x / y, "pow": lambda tf, x, y: x**y,
    "maximum": lambda tf, x, y: tf.maximum(x, y), "minimum": lambda tf, x, y: tf.minimum(x, y),
    "squared_difference": lambda tf, x, y: tf.squared_difference(x, y), "floormod": lambda tf, x, y: x % y,
    "div_no_nan": lambda tf, x, y: tf.div_no_nan(x, y), "xlogy": lambda tf, x, y: tf.math.xlogy(x, y),
}  # fmt: skip
PAIRS = {
    "alike": [(2, 3), (2, 3)], "row": [(2, 3), (3,)], "scalar": [(2, 3), ()], "both": [(2, 1), (1, 3)],
    "large": [(64, 100), (64, 100)], "large_scalar": [(64, 100), ()],
}  # fmt: skip
MATRIX = {
    "reshape": lambda tf, x: tf.reshape(x, [-1]), "expand_dims": lambda tf, x: tf.expand_dims(x, 1),
    "transpose": lambda tf, x: tf.transpose(x), "tile": lambda tf, x: tf.tile(x, [2, 1]),
    "pad": lambda tf, x: tf.pad(x, [[1, 1], [0, 0]]),
    "mirror_pad": lambda tf, x: tf.pad(x, [[1, 1], [0, 0]], "REFLECT"),
    "slice": lambda tf, x: tf.slice(x, [0, 1], [1, 1]), "strided_slice": lambda tf, x: x[0, 1:],
    "unstack": lambda tf, x: tf.unstack(x, num=2)[0], "split": lambda tf, x: tf.split(x, 3, 1),
    "one_of_split": lambda tf, x: tf.split(x, 3, 1)[0], "gather": lambda tf, x: tf.gather(x, [0, 1]),
    "gather_nd": lambda tf, x: tf.gather_nd(x, [[0, 1]]), "cast": lambda tf, x: tf.cast(x, tf.float64),
    "cumsum": lambda tf, x: tf.cumsum(x), "clip_by_value": lambda tf, x: tf.clip_by_value(x, 0.0, 1.0),
    "reverse": lambda tf, x: tf.reverse(x, [1]), "diag_part": lambda tf, x: tf.matrix_diag_part(x),
    "top_k": lambda tf, x: tf.nn.top_k(x, 2)[0], "reduce_logsumexp": lambda tf, x: tf.reduce_logsumexp(x),
    "concat_2": lambda tf, x: tf.concat([x, x + 1.0], 1), "concat_3": lambda tf, x: tf.concat([x, x, [[1.0] * 3]], 0),
    "stack": lambda tf, x: tf.stack([x, x]), "where": lambda tf, x: tf.where(x > 0, x, -x),
    "where_v2": lambda tf, x: tf.where_v2(x > 0, x, 0.0), "matmul": lambda tf, x: tf.matmul(x, x, True),
    "sparse_xent": lambda tf, x: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1], logits=x),
    "softmax_xent": lambda tf, x: tf.nn.softmax_cross_entropy_with_logits_v2(labels=x, logits=x),
    "old_softmax_xent": lambda tf, x: tf.nn.softmax_cross_entropy_with_logits(labels=x, logits=x),
    "sigmoid_xent": lambda tf, x: tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=x),
    "segment_sum": lambda tf, x: tf.segment_sum(x, [0, 0]),
    "batch_matmul": lambda tf, x: tf.matmul(x[None], x[..., None]),
    "unsorted_segment_sum": lambda tf, x: tf.unsorted_segment_sum(x, [0, 0], 2), "given": lambda tf, x: x,
    "twice": lambda tf, x: tf.reduce_sum(tf.reduce_mean(x, 0)) + tf.reduce_mean(tf.reduce_sum(x, 0)),
    "moments": lambda tf, x: list(tf.nn.moments(x, [0])), "dropout": lambda tf, x: tf.nn.dropout(x, 0.5),
    "norm": lambda tf, x: tf.norm(x), "gamma": lambda tf, x: tf.random_gamma([2], x),
    "stopped": lambda tf, x: x * tf.stop_gradient(x) + tf.floor(x), "bias_add": lambda tf, x: tf.nn.bias_add(x, x[0]),
}  # fmt: skip
IMAGES = {
    "conv2d": lambda tf, x: tf.nn.conv2d(x, tf.ones([3, 3, 4, 5]), [1, 1, 1, 1], "SAME"),
    "depthwise_conv2d": lambda tf, x: tf.nn.depthwise_conv2d(x, tf.ones([3, 3, 4, 2]), [1, 1, 1, 1], "SAME"),
    "conv2d_transpose": lambda tf, x: tf.nn.conv2d_transpose(x, tf.ones([3, 3, 5, 4]), [2, 8, 8, 5], [1, 2, 2, 1]),
    "max_pool": lambda tf, x: tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
    "avg_pool": lambda tf, x: tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
    "lrn": lambda tf, x: tf.nn.lrn(x), "space_to_depth": lambda tf, x: tf.space_to_depth(x, 2),
    "depth_to_space": lambda tf, x: tf.depth_to_space(x, 2),
    "fused_batch_norm": lambda tf, x: tf.nn.fused_batch_norm(x, tf.ones([4]), tf.ones([4]))[0],
}  # fmt: skip


def cases():
    """Return {name: function of tf that builds a graph}."""
    found = {}

    def add(name, function, *shapes):
        for known in (True, False):
            full = name if known else "%s-unknown" % name
            found[full] = lambda tf, f=function, s=shapes, k=known: _gradients(tf, f, s, k)

    for name in ELEMENTWISE:
        add(name, lambda tf, x, name=name: getattr(tf.math, name)(x), (2, 3))
    for name in ACTIVATIONS:
        add(name, lambda tf, x, name=name: getattr(tf.nn, name)(x), (2, 3))
    for name, function in BINARY.items():
        for pair, shapes in PAIRS.items():
            add("%s-%s" % (name, pair), function, *shapes)
    for name, function in MATRIX.items():
        add(name, function, (2, 3))
    for name, function in IMAGES.items():
        add(name, function, (2, 4, 4, 4))
    for name in ("sum", "mean", "max", "min", "prod"):
        for label, options in (("", {}), ("-0", {"axis": 0}), ("-1", {"axis": [1], "keepdims": True})):
            call = lambda tf, x, name=name, options=options: getattr(tf, "reduce_" + name)(x, **options)  # noqa: E731
            add("reduce_%s%s" % (name, label), call, (2, 3))
    for build in (ensemble, adversaries, agent, classifier, embedded):
        found[build.__name__] = build
    return found


def _gradients(tf, function, shapes, known):
    xs = [tf.placeholder(tf.float32, shape if known else [None] * len(shape)) for shape in shapes]
    ys = function(tf, *xs)
    tf.gradients(ys, xs, grad_ys=[tf.ones([2, 3])] if ys is xs[0] else None)


def ensemble(tf):
    """Several models after each other, each with its optimizer, as in lessons about ensembles."""
    tf.set_random_seed(777)
    for number in range(3):
        with tf.variable_scope("model%d" % number):
            x = tf.placeholder(tf.float32, [None, 784])
            y = tf.placeholder(tf.float32, [None, 10])
            images = tf.reshape(x, [-1, 28, 28, 1])
            hidden = tf.layers.conv2d(images, 8, 3, activation=tf.nn.relu, padding="same")
            hidden = tf.layers.max_pooling2d(hidden, 2, 2)
            hidden = tf.layers.dropout(hidden, 0.3, training=True)
            logits = tf.layers.dense(tf.reshape(hidden, [-1, 14 * 14 * 8]), 10)
            cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y))
            tf.train.AdamOptimizer(0.001).minimize(cost)


def adversaries(tf):
    """Two optimizers over two networks, and noise afterwards."""
    tf.set_random_seed(1)
    z, real = tf.placeholder(tf.float32, [None, 8]), tf.placeholder(tf.float32, [None, 5])
    with tf.variable_scope("g"):
        fake = tf.layers.dense(tf.layers.dense(z, 16, tf.nn.relu), 5, tf.nn.tanh)

    def judge(x, reuse):
        with tf.variable_scope("d", reuse=reuse):
            return tf.layers.dense(tf.layers.dense(x, 16, tf.nn.leaky_relu), 1)

    on_real, on_fake = judge(real, None), judge(fake, True)
    xent = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss = tf.reduce_mean(xent(logits=on_real, labels=tf.ones_like(on_real))) + tf.reduce_mean(
        xent(logits=on_fake, labels=tf.zeros_like(on_fake))
    )
    g_loss = tf.reduce_mean(xent(logits=on_fake, labels=tf.ones_like(on_fake)))
    for loss, scope in ((d_loss, "d"), (g_loss, "g")):
        tf.train.AdamOptimizer(1e-3).minimize(loss, var_list=tf.trainable_variables(scope))
    tf.random_uniform([4, 8])


def agent(tf):
    """A network that learns, then the network that it is compared to."""
    tf.set_random_seed(5)
    states, actions = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None])
    targets = tf.placeholder(tf.float32, [None])
    with tf.variable_scope("main"):
        values = tf.layers.dense(tf.layers.dense(states, 24, tf.nn.relu), 2)
    chosen = tf.reduce_sum(values * tf.one_hot(actions, 2), axis=1)
    tf.train.RMSPropOptimizer(0.01).minimize(tf.reduce_mean(tf.square(targets - chosen)))
    with tf.variable_scope("target"):
        tf.layers.dense(tf.layers.dense(states, 24, tf.nn.relu), 2)


def classifier(tf):
    """A net by hand, its own loss, clipped gradients and a penalty."""
    tf.set_random_seed(2)
    x, y = tf.placeholder(tf.float32, [None, 20]), tf.placeholder(tf.float32, [None, 3])
    w1, b1 = tf.Variable(tf.random_normal([20, 50])), tf.Variable(tf.zeros([50]))
    w2, b2 = tf.Variable(tf.random_normal([50, 3])), tf.Variable(tf.zeros([3]))
    hidden = tf.nn.dropout(tf.nn.sigmoid(tf.matmul(x, w1) + b1), 0.5)
    p = tf.nn.softmax(tf.matmul(hidden, w2) + b2)
    cost = tf.reduce_mean(-tf.reduce_sum(y * tf.log(tf.clip_by_value(p, 1e-10, 1.0)), 1))
    cost += 0.01 * (tf.nn.l2_loss(w1) + tf.reduce_sum(w2**2) + tf.reduce_mean(tf.abs(w2)))
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    pairs = optimizer.compute_gradients(cost)
    norms, _ = tf.clip_by_global_norm([grad for grad, _ in pairs], 5.0)
    optimizer.apply_gradients(list(zip(norms, [var for _, var in pairs])))
    tf.truncated_normal([2])


def embedded(tf):
    """Rows of a table, averaged, after a batch norm; sparse updates."""
    tf.set_random_seed(3)
    words, y = tf.placeholder(tf.int32, [None, 6]), tf.placeholder(tf.int64, [None])
    table = tf.get_variable("table", [30, 8])
    mean = tf.reduce_mean(tf.nn.embedding_lookup(table, words), 1)
    mean = tf.layers.batch_normalization(mean, training=True)
    logits = tf.layers.dense(tf.concat([mean, tf.constant(np.ones([1, 8], np.float32)) * mean], 1), 4)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
    tf.train.AdamOptimizer().minimize(loss)
    tf.random_normal([2])
