"""A few steps of training: what losses, weights and slots become. Each case: (tf, run, var) or (tf, run)."""

import numpy as np

X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 0.3]], np.float32)
Y = np.array([[1.0], [0.0], [-1.0]], np.float32)


def _steps(run, fetches, count=3, feeds=None):
    return [run(fetches, feeds) for _ in range(count)]


def _regression(tf, var):
    w, b = var([[0.5], [-0.3]]), var([0.1])
    return tf.reduce_mean(tf.square(tf.matmul(X, w) + b - Y)), w, b


def _train(tf, run, var, optimizer, **kwargs):
    loss, w, b = _regression(tf, var)
    step = optimizer.minimize(loss, **kwargs)
    run(tf.global_variables_initializer())
    losses = []
    for _ in range(3):
        run(step)
        losses.append(run(loss))
    slots = [run(optimizer.get_slot(v, name)) for name in optimizer.get_slot_names() for v in (w, b)]
    return losses, run([w, b]), slots


def gradient_descent(tf, run, var):
    return _train(tf, run, var, tf.train.GradientDescentOptimizer(0.1))


def momentum(tf, run, var):
    return _train(tf, run, var, tf.train.MomentumOptimizer(0.1, 0.9))


def nesterov(tf, run, var):
    return _train(tf, run, var, tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True))


def adam(tf, run, var):
    return _train(tf, run, var, tf.train.AdamOptimizer(0.1))


def adam_settings(tf, run, var):
    return _train(tf, run, var, tf.train.AdamOptimizer(0.1, beta1=0.5, beta2=0.9, epsilon=1e-3))


def adam_powers(tf, run, var):
    optimizer = tf.train.AdamOptimizer(0.1)
    loss, _, _ = _regression(tf, var)
    step = optimizer.minimize(loss)
    run(tf.global_variables_initializer())
    _steps(run, step, 2)
    return run(list(optimizer._get_beta_accumulators()))


def decayed_rate(tf, run, var):
    count = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.1, count, 2, 0.5, staircase=True)
    result = _train(tf, run, var, tf.train.GradientDescentOptimizer(rate), global_step=count)
    return result, run([count, rate])


def clipped_gradients(tf, run, var):
    loss, w, b = _regression(tf, var)
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    grads, variables = zip(*optimizer.compute_gradients(loss, [w, b]))
    clipped, norm = tf.clip_by_global_norm(list(grads), 0.1)
    step = optimizer.apply_gradients(zip(clipped, variables))
    norms = []
    for _ in range(3):
        norms.append(run(norm))
        run(step)
    return norms, run([w, b])


def some_variables_only(tf, run, var):
    loss, w, b = _regression(tf, var)
    _steps(run, tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=[b]))
    return run([w, b])


def manual_updates_grouped(tf, run, var):
    loss, w, b = _regression(tf, var)
    grads = tf.tuple(tf.gradients(loss, [w, b]))
    update = tf.group(*[v.assign_sub(0.1 * g) for v, g in zip([w, b], grads)])
    _steps(run, update)
    return run([loss, w, b])


def _sparse(tf, run, var, optimizer):
    w = var(np.ones([4, 2], np.float32))
    rows = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(w, rows)) * [1.0, 2.0])
    step = optimizer.minimize(loss)
    run(tf.global_variables_initializer())
    _steps(run, step, 1, {rows: [0, 2, 2]})
    _steps(run, step, 2, {rows: [2, 3]})
    return run(w), [run(optimizer.get_slot(w, name)) for name in optimizer.get_slot_names()]


def sparse_gradient_descent(tf, run, var):
    return _sparse(tf, run, var, tf.train.GradientDescentOptimizer(0.1))


def sparse_momentum(tf, run, var):
    return _sparse(tf, run, var, tf.train.MomentumOptimizer(0.1, 0.9))


def sparse_nesterov(tf, run, var):
    return _sparse(tf, run, var, tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True))


def sparse_adam(tf, run, var):
    return _sparse(tf, run, var, tf.train.AdamOptimizer(0.1))


def variable_used_twice(tf, run, var):
    w = var([[0.5, 0.1], [0.2, -0.4]])
    loss = tf.reduce_sum(tf.matmul(tf.tanh(tf.matmul(X, w)), w))
    _steps(run, tf.train.GradientDescentOptimizer(0.1).minimize(loss))
    return run([loss, w])


def constraint_after_step(tf, run, var):
    w = tf.Variable([1.0, -1.0], constraint=tf.nn.relu, use_resource=hasattr(var([0.0]), "handle"))
    run(w.initializer)
    _steps(run, tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(w * 4.0), var_list=[w]))
    return run(w)


def moving_average(tf, run, var):
    w = var([1.0, 2.0])
    average = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([w.assign_add([1.0, 1.0])]):
        update = average.apply([w])
    run(tf.global_variables_initializer())
    _steps(run, update)
    return run([w, average.average(w)])


def _net(tf, x, training):
    h = tf.layers.dense(x, 5, activation=tf.nn.relu)
    h = tf.layers.dropout(h, 0.3, training=training)
    return tf.layers.dense(h, 1)


def seeded_network(tf, run):
    """Same seeds, same weights, same loss curve; dropout too."""
    tf.set_random_seed(7)
    loss = tf.losses.mean_squared_error(Y, _net(tf, X, True))
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    run(tf.global_variables_initializer())
    weights = run(tf.trainable_variables())
    return weights, [run([loss, step])[0] for _ in range(6)]


def seeded_conv_network(tf, run):
    tf.set_random_seed(7)
    images = np.cos(np.arange(2 * 6 * 6)).reshape(2, 6, 6, 1).astype(np.float32)
    h = tf.layers.conv2d(images, 3, 3, padding="same", activation=tf.nn.relu)
    h = tf.layers.max_pooling2d(h, 2, 2)
    logits = tf.layers.dense(tf.layers.flatten(h), 4)
    loss = tf.losses.sparse_softmax_cross_entropy([1, 3], logits)
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    run(tf.global_variables_initializer())
    return [run([loss, step])[0] for _ in range(5)]


def seeded_batch_normalization(tf, run):
    tf.set_random_seed(3)
    training = tf.placeholder(tf.bool, [])
    h = tf.layers.batch_normalization(tf.layers.dense(X, 4), training=training)
    loss = tf.losses.mean_squared_error(Y, tf.layers.dense(tf.nn.relu(h), 1))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    run(tf.global_variables_initializer())
    for _ in range(4):
        run(step, {training: True})
    return run(loss, {training: False}), run(tf.global_variables())


def seeded_batch_normalization_static(tf, run):
    tf.set_random_seed(3)
    x = np.cos(np.arange(2 * 3 * 3 * 2)).reshape(2, 3, 3, 2).astype(np.float32)
    h = tf.layers.batch_normalization(tf.layers.conv2d(x, 2, 2, use_bias=False), training=True, momentum=0.5)
    loss = tf.reduce_mean(tf.square(h) * h)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
    run(tf.global_variables_initializer())
    for _ in range(3):
        run(step)
    return run(tf.global_variables())


def seeded_random_ops_run_by_run(tf, run):
    tf.set_random_seed(1)
    ops = [
        tf.random_uniform([2]),
        tf.random_normal([2], seed=5),
        tf.truncated_normal([2]),
        tf.random_shuffle([1, 2, 3, 4]),
        tf.random_uniform([3], 0, 100, tf.int32),
        tf.multinomial([[0.1, 0.2, 0.7]], 5),
        tf.nn.dropout(tf.ones([6]), 0.5),
    ]
    return run(ops), run(ops), run(ops[0]), run(ops)


def seeded_initializers(tf, run):
    tf.set_random_seed(11)
    makers = [
        tf.glorot_uniform_initializer(), tf.glorot_normal_initializer(), tf.contrib.layers.xavier_initializer(),
        tf.initializers.he_normal(), tf.initializers.he_uniform(), tf.initializers.lecun_normal(),
        tf.truncated_normal_initializer(stddev=0.1), tf.random_normal_initializer(),
        tf.random_uniform_initializer(-1, 1),
        tf.variance_scaling_initializer(), tf.orthogonal_initializer(), tf.uniform_unit_scaling_initializer(),
    ]  # fmt: skip
    made = [tf.get_variable("w%d" % i, [3, 4], initializer=maker) for i, maker in enumerate(makers)]
    run(tf.global_variables_initializer())
    return run(made)


def two_sessions_have_their_own_variables_and_streams(tf, run):
    tf.set_random_seed(4)
    w, noise = tf.Variable(tf.random_normal([2])), tf.random_uniform([2])
    run(w.initializer)
    run(w.assign_add([1.0, 1.0]))
    with tf.Session() as other:
        other.run(w.initializer)
        return run([w, noise]), other.run([w, noise]), run(noise), other.run(noise)


def two_optimizers(tf, run):
    tf.set_random_seed(9)
    a, b = tf.Variable([1.0, 2.0]), tf.Variable([3.0])
    loss_a, loss_b = tf.reduce_sum(tf.square(a * b)), -tf.reduce_sum(a * b)
    step_a = tf.train.AdamOptimizer(0.1).minimize(loss_a, var_list=[a])
    step_b = tf.train.AdamOptimizer(0.1).minimize(loss_b, var_list=[b])
    run(tf.global_variables_initializer())
    out = []
    for _ in range(3):
        run(step_a)
        run(step_b)
        out.append(run([a, b, loss_a, loss_b]))
    return out
