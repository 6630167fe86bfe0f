"""Graphs of whole models as scripts write them. Each: build(tf) adds nodes, may return facts."""

import numpy as np

N, D, H = 64, 1000, 100


def _lecture_net(tf, w1, w2, x, y):
    h = tf.maximum(tf.matmul(x, w1), 0)
    y_pred = tf.matmul(h, w2)
    diff = y_pred - y
    return y_pred, tf.reduce_mean(tf.reduce_sum(diff**2, axis=1))


def build_lecture_weights_fed(tf):
    x, y = tf.placeholder(tf.float32, shape=(N, D)), tf.placeholder(tf.float32, shape=(N, D))
    w1, w2 = tf.placeholder(tf.float32, shape=(D, H)), tf.placeholder(tf.float32, shape=(H, D))
    _, loss = _lecture_net(tf, w1, w2, x, y)
    tf.gradients(loss, [w1, w2])


def build_lecture_variables(tf):
    x, y = tf.placeholder(tf.float32, shape=(N, D)), tf.placeholder(tf.float32, shape=(N, D))
    w1, w2 = tf.Variable(tf.random_normal((D, H))), tf.Variable(tf.random_normal((H, D)))
    _, loss = _lecture_net(tf, w1, w2, x, y)
    grad_w1, grad_w2 = tf.gradients(loss, [w1, w2])
    learning_rate = 1e-5
    new_w1 = w1.assign(w1 - learning_rate * grad_w1)
    new_w2 = w2.assign(w2 - learning_rate * grad_w2)
    tf.group(new_w1, new_w2)
    tf.global_variables_initializer()


def build_lecture_optimizer(tf):
    tf.set_random_seed(0)
    x, y = tf.placeholder(tf.float32, shape=(N, D)), tf.placeholder(tf.float32, shape=(N, D))
    w1, w2 = tf.Variable(tf.random_normal((D, H))), tf.Variable(tf.random_normal((H, D)))
    y_pred, _ = _lecture_net(tf, w1, w2, x, y)
    loss = tf.losses.mean_squared_error(y_pred, y)
    tf.train.GradientDescentOptimizer(1e-5).minimize(loss)
    tf.global_variables_initializer()


def build_lecture_layers(tf):
    x, y = tf.placeholder(tf.float32, shape=(N, D)), tf.placeholder(tf.float32, shape=(N, D))
    init = tf.contrib.layers.xavier_initializer()
    h = tf.layers.dense(inputs=x, units=H, activation=tf.nn.relu, kernel_initializer=init)
    y_pred = tf.layers.dense(inputs=h, units=D, kernel_initializer=init)
    loss = tf.losses.mean_squared_error(y_pred, y)
    tf.train.GradientDescentOptimizer(1e0).minimize(loss)
    tf.global_variables_initializer()


def build_linear_regression(tf):
    tf.set_random_seed(777)
    x, y = tf.placeholder(tf.float32, shape=[None]), tf.placeholder(tf.float32, shape=[None])
    w, b = tf.Variable(tf.random_normal([1]), name="weight"), tf.Variable(tf.random_normal([1]), name="bias")
    hypothesis = x * w + b
    cost = tf.reduce_mean(tf.square(hypothesis - y))
    tf.train.GradientDescentOptimizer(learning_rate=0.01).minimize(cost)


def build_logistic_regression(tf):
    x, y = tf.placeholder(tf.float32, shape=[None, 2]), tf.placeholder(tf.float32, shape=[None, 1])
    w, b = tf.Variable(tf.random_normal([2, 1]), name="weight"), tf.Variable(tf.random_normal([1]), name="bias")
    hypothesis = tf.sigmoid(tf.matmul(x, w) + b)
    cost = -tf.reduce_mean(y * tf.log(hypothesis) + (1 - y) * tf.log(1 - hypothesis))
    tf.train.GradientDescentOptimizer(learning_rate=0.01).minimize(cost)
    predicted = tf.cast(hypothesis > 0.5, dtype=tf.float32)
    tf.reduce_mean(tf.cast(tf.equal(predicted, y), dtype=tf.float32))


def build_softmax_classifier(tf):
    x, y = tf.placeholder(tf.float32, [None, 16]), tf.placeholder(tf.int32, [None, 1])
    y_one_hot = tf.reshape(tf.one_hot(y, 7), [-1, 7])
    w, b = tf.Variable(tf.random_normal([16, 7]), name="weight"), tf.Variable(tf.random_normal([7]), name="bias")
    logits = tf.matmul(x, w) + b
    tf.nn.softmax(logits)
    cost = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=tf.stop_gradient([y_one_hot]))
    )
    tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(cost)
    tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(y_one_hot, 1)), tf.float32))


def build_mnist_conv_net(tf):
    tf.set_random_seed(777)
    keep_prob = tf.placeholder(tf.float32)
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
    h = tf.reshape(x, [-1, 28, 28, 1])
    for filters in (8, 16):
        w = tf.Variable(tf.random_normal([3, 3, int(h.shape[3]), filters], stddev=0.01))
        h = tf.nn.relu(tf.nn.conv2d(h, w, strides=[1, 1, 1, 1], padding="SAME"))
        h = tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
        h = tf.nn.dropout(h, keep_prob=keep_prob)
    flat = tf.reshape(h, [-1, 7 * 7 * 16])
    w = tf.get_variable("w", shape=[7 * 7 * 16, 10], initializer=tf.contrib.layers.xavier_initializer())
    logits = tf.matmul(flat, w) + tf.Variable(tf.random_normal([10]))
    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y))
    tf.train.AdamOptimizer(learning_rate=0.001).minimize(cost)
    tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.argmax(y, 1)), tf.float32))
    tf.global_variables_initializer()


def build_mnist_conv_layers(tf):
    training = tf.placeholder(tf.bool)
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int32, [None])
    h = tf.layers.conv2d(tf.reshape(x, [-1, 28, 28, 1]), 8, [3, 3], padding="SAME", activation=tf.nn.relu)
    h = tf.layers.max_pooling2d(h, [2, 2], 2, "SAME")
    h = tf.layers.conv2d(h, 16, [3, 3], padding="SAME", activation=tf.nn.relu)
    h = tf.layers.dense(tf.layers.flatten(h), 32, activation=tf.nn.relu)
    logits = tf.layers.dense(h, 10)
    loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, tf.train.get_or_create_global_step())
    tf.summary.scalar("loss", loss)
    tf.summary.merge_all()
    return training.name


def build_gan(tf):
    def leaky(x):
        return tf.maximum(0.01 * x, x)

    def discriminator(x):
        with tf.variable_scope("discriminator"):
            h = tf.layers.dense(x, 16, activation=leaky, use_bias=True)
            return tf.layers.dense(h, 1, name="logits")

    def generator(z):
        with tf.variable_scope("generator"):
            return tf.layers.dense(tf.layers.dense(z, 16, tf.nn.relu), 8, tf.nn.tanh, name="image")

    x = tf.placeholder(tf.float32, [None, 8])
    fake = generator(tf.random_uniform([4, 3], -1, 1))
    with tf.variable_scope("") as scope:
        real_logits = discriminator(x * 2.0 - 1.0)
        scope.reuse_variables()
        fake_logits = discriminator(fake)
    d_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, "discriminator")
    g_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, "generator")
    xent = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss = tf.reduce_mean(xent(labels=tf.ones_like(real_logits), logits=real_logits)) + tf.reduce_mean(
        xent(labels=tf.zeros_like(fake_logits), logits=fake_logits)
    )
    g_loss = tf.reduce_mean(xent(labels=tf.ones_like(fake_logits), logits=fake_logits))
    tf.train.AdamOptimizer(1e-3, beta1=0.5).minimize(d_loss, var_list=d_vars)
    tf.train.AdamOptimizer(1e-3, beta1=0.5).minimize(g_loss, var_list=g_vars)
    return [[v.name for v in d_vars], [v.name for v in g_vars]]


def _shape_list(tf, x):
    static, dynamic = x.shape.as_list(), tf.shape(x)
    return [dynamic[i] if s is None else s for i, s in enumerate(static)]


def _norm(tf, x, scope, axis=-1, epsilon=1e-5):
    with tf.variable_scope(scope):
        n_state = x.shape[-1].value
        g = tf.get_variable("g", [n_state], initializer=tf.constant_initializer(1))
        b = tf.get_variable("b", [n_state], initializer=tf.constant_initializer(0))
        u = tf.reduce_mean(x, axis=axis, keepdims=True)
        s = tf.reduce_mean(tf.square(x - u), axis=axis, keepdims=True)
        return (x - u) * tf.rsqrt(s + epsilon) * g + b


def _conv1d(tf, x, scope, nf):
    with tf.variable_scope(scope):
        *start, nx = _shape_list(tf, x)
        w = tf.get_variable("w", [1, nx, nf], initializer=tf.random_normal_initializer(stddev=0.02))
        b = tf.get_variable("b", [nf], initializer=tf.constant_initializer(0))
        return tf.reshape(tf.matmul(tf.reshape(x, [-1, nx]), tf.reshape(w, [-1, nf])) + b, start + [nf])


def _attention(tf, x, scope, n_state, heads):
    def split_heads(x):
        *start, m = _shape_list(tf, x)
        return tf.transpose(tf.reshape(x, start + [heads, m // heads]), [0, 2, 1, 3])

    with tf.variable_scope(scope):
        q, k, v = map(split_heads, tf.split(_conv1d(tf, x, "c_attn", n_state * 3), 3, axis=2))
        w = tf.matmul(q, k, transpose_b=True) * tf.rsqrt(tf.cast(v.shape[-1].value, q.dtype))
        _, _, nd, ns = _shape_list(tf, w)
        i, j = tf.range(nd)[:, None], tf.range(ns)
        mask = tf.reshape(tf.cast(i >= j - ns + nd, w.dtype), [1, 1, nd, ns])
        w = w * mask - tf.cast(1e10, w.dtype) * (1 - mask)
        w = tf.exp(w - tf.reduce_max(w, axis=-1, keepdims=True))
        a = tf.transpose(tf.matmul(w / tf.reduce_sum(w, axis=-1, keepdims=True), v), [0, 2, 1, 3])
        *start, p, q = _shape_list(tf, a)
        return _conv1d(tf, tf.reshape(a, start + [p * q]), "c_proj", n_state)


def build_attention_block(tf):
    tokens = tf.placeholder(tf.int32, [None, None], "tokens")
    with tf.variable_scope("model", reuse=False):
        batch, sequence = _shape_list(tf, tokens)
        wpe = tf.get_variable("wpe", [10, 8], initializer=tf.random_normal_initializer(stddev=0.01))
        wte = tf.get_variable("wte", [20, 8], initializer=tf.random_normal_initializer(stddev=0.02))
        positions = tf.tile(tf.expand_dims(tf.range(sequence), axis=0), [batch, 1])
        h = tf.gather(wte, tokens) + tf.gather(wpe, positions)
        with tf.variable_scope("h%d" % 0):
            h = h + _attention(tf, _norm(tf, h, "ln_1"), "attn", 8, 2)
            m = _conv1d(tf, _norm(tf, h, "ln_2"), "c_fc", 16)
            m = 0.5 * m * (1 + tf.tanh(np.sqrt(2 / np.pi) * (m + 0.044715 * tf.pow(m, 3))))
            h = h + _conv1d(tf, m, "c_proj", 8)
        h_flat = tf.reshape(_norm(tf, h, "ln_f"), [batch * sequence, 8])
        logits = tf.reshape(tf.matmul(h_flat, wte, transpose_b=True), [batch, sequence, 20])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tokens[:, 1:], logits=logits[:, :-1]))
    tf.train.AdamOptimizer(1e-4).minimize(loss)
    return [v.name for v in tf.trainable_variables()]


def build_autoencoder(tf):
    x = tf.placeholder("float", [None, 8])
    weights = {name: tf.Variable(tf.random_normal(shape)) for name, shape in (("e", [8, 4]), ("d", [4, 8]))}
    biases = {name: tf.Variable(tf.random_normal([size])) for name, size in (("e", 4), ("d", 8))}
    code = tf.nn.sigmoid(tf.add(tf.matmul(x, weights["e"]), biases["e"]))
    y = tf.nn.sigmoid(tf.add(tf.matmul(code, weights["d"]), biases["d"]))
    loss = tf.reduce_mean(tf.pow(x - y, 2))
    tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)


def build_two_towers(tf):
    """The same net on two devices with averaged gradients."""
    x = tf.placeholder(tf.float32, [4, 3])
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    towers = []
    for i in range(2):
        with tf.device("/cpu:%d" % i), tf.name_scope("tower_%d" % i) as scope:
            with tf.variable_scope("net", reuse=i > 0):
                loss = tf.reduce_mean(tf.layers.dense(x[2 * i : 2 * i + 2], 2, name="d"))
            towers.append(optimizer.compute_gradients(loss))
    pairs = []
    for both in zip(*towers):
        grads = [tf.expand_dims(g, 0) for g, _ in both]
        pairs.append((tf.reduce_mean(tf.concat(grads, 0), 0), both[0][1]))
    optimizer.apply_gradients(pairs)
    return scope
