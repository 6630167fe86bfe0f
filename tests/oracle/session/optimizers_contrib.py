"""A few steps of the optimizers of tf.contrib.opt and of its training operations. Each: (tf, run, var) or (tf, run)."""

import numpy as np

from tests.oracle.session.training import X, Y, _regression, _sparse, _steps, _train


def ada_max(tf, run, var):
    return _train(tf, run, var, tf.contrib.opt.AdaMaxOptimizer(0.1))


def nadam(tf, run, var):
    return _train(tf, run, var, tf.contrib.opt.NadamOptimizer(0.1))


def lazy_adam(tf, run, var):
    return _train(tf, run, var, tf.contrib.opt.LazyAdamOptimizer(0.1))


def adam_by_global_step(tf, run, var):
    step = tf.train.get_or_create_global_step()
    return _train(tf, run, var, tf.contrib.opt.AdamGSOptimizer(step, 0.1), global_step=step)


class _GradientsFirst:
    """An optimizer whose updates wait for the gradients: TensorFlow may let weights decay before these are known."""

    def __init__(self, tf, optimizer):
        self.tf, self.optimizer = tf, optimizer

    def __getattr__(self, name):
        return getattr(self.optimizer, name)

    def minimize(self, loss):
        pairs = self.optimizer.compute_gradients(loss)
        with self.tf.control_dependencies([getattr(g, "values", g) for g, _ in pairs]):
            return self.optimizer.apply_gradients(pairs)


def adam_with_decay(tf, run, var):
    return _train(tf, run, var, _GradientsFirst(tf, tf.contrib.opt.AdamWOptimizer(0.05, 0.1)))


def momentum_with_decay(tf, run, var):
    optimizer = tf.contrib.opt.MomentumWOptimizer(0.05, 0.1, 0.9, use_nesterov=True)
    return _train(tf, run, var, _GradientsFirst(tf, optimizer))


def descent_with_decay(tf, run, var):
    extended = tf.contrib.opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)
    return _train(tf, run, var, _GradientsFirst(tf, extended(0.05, learning_rate=0.1)))


def add_sign(tf, run, var):
    return _train(tf, run, var, tf.contrib.opt.AddSignOptimizer(0.1))


def power_sign(tf, run, var):
    step = tf.train.get_or_create_global_step()

    def decay(count):
        return 1.0 / (1.0 + tf.cast(count, tf.float32))

    return _train(
        tf, run, var, tf.contrib.opt.PowerSignOptimizer(0.1, base=3.0, sign_decay_fn=decay), global_step=step
    )


def lars(tf, run, var):
    return _train(tf, run, var, tf.contrib.opt.LARSOptimizer(0.5, eeta=0.1))


def reg_adagrad(tf, run, var):
    optimizer = tf.contrib.opt.RegAdagradOptimizer(0.1)
    loss, w, b = _regression(tf, var)
    step = optimizer.minimize(loss)
    with optimizer.avoid_updating_slots():
        quiet = optimizer.minimize(tf.reduce_sum(tf.square(w)), var_list=[w])
    run(tf.global_variables_initializer())
    _steps(run, step, 2)
    run(quiet)
    return run([w, b, optimizer.get_slot(w, "accumulator")])


def ada_max_rows(tf, run, var):
    return _sparse(tf, run, var, tf.contrib.opt.AdaMaxOptimizer(0.1))


def nadam_rows(tf, run, var):
    return _sparse(tf, run, var, tf.contrib.opt.NadamOptimizer(0.1))


def lazy_adam_rows(tf, run, var):
    return _sparse(tf, run, var, tf.contrib.opt.LazyAdamOptimizer(0.1))


def adam_by_global_step_rows(tf, run, var):
    return _sparse(tf, run, var, tf.contrib.opt.LazyAdamGSOptimizer(tf.constant(2), 0.1))


def adam_with_decay_rows(tf, run, var):
    return _sparse(tf, run, var, _GradientsFirst(tf, tf.contrib.opt.AdamWOptimizer(0.05, 0.1)))


def momentum_with_decay_rows(tf, run, var):
    return _sparse(tf, run, var, _GradientsFirst(tf, tf.contrib.opt.MomentumWOptimizer(0.05, 0.1, 0.9)))


def lars_rows(tf, run, var):
    return _sparse(tf, run, var, tf.contrib.opt.LARSOptimizer(0.1))


def sign_rows_of_resources_are_missing(tf, run):
    w = tf.Variable(np.ones([3, 2], np.float32), use_resource=True)
    return tf.contrib.opt.AddSignOptimizer(0.1).minimize(tf.reduce_sum(tf.gather(w, [1])))


def averages_with_steps(tf, run, var):
    loss, w, b = _regression(tf, var)
    optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
    step = optimizer.minimize(loss, var_list=[w, b])
    run(tf.global_variables_initializer())
    _steps(run, step)
    return run(tf.global_variables())


def clipped_variables(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    loss = -tf.reduce_sum(tf.square(w) * [1.0, 2.0])
    clipping = tf.contrib.opt.VariableClippingOptimizer(tf.train.GradientDescentOptimizer(0.3), {w: [1]}, 2.0)
    _steps(run, clipping.minimize(loss, var_list=[w]))
    return run(w)


def clipped_rows(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    loss = -tf.reduce_sum(tf.square(tf.gather(w, [0, 2, 2])) * [1.0, 2.0])
    clipping = tf.contrib.opt.VariableClippingOptimizer(tf.train.GradientDescentOptimizer(0.3), {w: [1]}, 2.0)
    _steps(run, clipping.minimize(loss, var_list=[w]), 1)
    return run(w)


def tasks(tf, run):
    w = tf.Variable([1.0, 2.0], use_resource=True)
    wrapped = tf.contrib.opt.MultitaskOptimizerWrapper(tf.train.MomentumOptimizer(0.1, 0.9))
    factor = tf.placeholder(tf.float32, [])
    pairs = wrapped.compute_gradients(tf.reduce_sum(tf.square(w)) * factor)
    clipped, norm = tf.contrib.opt.clip_gradients_by_global_norm(pairs, 1.0)
    step = wrapped.apply_gradients(clipped)
    run(tf.global_variables_initializer())
    out = []
    for value in (1.0, 0.0, 1.0):
        out.append(run([norm, step], {factor: value})[0])
        out.append(run(w))
    return out


def negative_momentum(tf, run):
    return tf.contrib.opt.LARSOptimizer(0.1, momentum=-1.0)


def no_optimizer_to_wrap(tf, run):
    return tf.contrib.opt.MultitaskOptimizerWrapper("Adam")


def _optimize(tf, run, *args, **kwargs):
    w, b = tf.Variable([[0.5], [-0.3]]), tf.Variable([0.1])
    loss = tf.reduce_mean(tf.square(tf.matmul(X, w) + b - Y))
    step = tf.train.get_or_create_global_step()
    train = tf.contrib.layers.optimize_loss(loss, step, *args, **kwargs)
    run(tf.global_variables_initializer())
    return _steps(run, train), run([w, b, step])


def optimize_loss(tf, run):
    return _optimize(tf, run, 0.1, "Adam")


def optimize_loss_clipped(tf, run):
    return _optimize(tf, run, 0.1, "SGD", clip_gradients=0.5, summaries=["gradients", "gradient_norm"])


def optimize_loss_decayed(tf, run):
    def decay(rate, step):
        return tf.train.exponential_decay(rate, step, 1, 0.5)

    return _optimize(tf, run, 0.1, tf.train.RMSPropOptimizer, learning_rate_decay_fn=decay)


def optimize_loss_adaptively(tf, run):
    clip = tf.contrib.slim.adaptive_clipping_fn(decay=0.5, static_max_norm=2.0)
    return _optimize(tf, run, 0.1, "SGD", clip_gradients=clip)


def optimize_loss_without_rate(tf, run):
    return _optimize(tf, run, None, "SGD")


def optimize_loss_by_an_unknown_name(tf, run):
    return _optimize(tf, run, 0.1, "Best")


def optimize_loss_with_an_integer_rate(tf, run):
    return _optimize(tf, run, 1, "SGD")


def optimize_loss_with_unknown_summaries(tf, run):
    return _optimize(tf, run, 0.1, "SGD", summaries=["everything"])


def optimize_loss_clipped_by_text(tf, run):
    return _optimize(tf, run, 0.1, "SGD", clip_gradients="a lot")


def optimize_loss_of_a_vector(tf, run):
    return tf.contrib.layers.optimize_loss(tf.Variable([1.0]) * 2.0, None, 0.1, "SGD")


def create_train_op(tf, run):
    w = tf.Variable([[1.0], [2.0]])
    loss = tf.reduce_sum(tf.square(tf.matmul(X, w) - Y))
    train = tf.contrib.training.create_train_op(
        loss, tf.train.GradientDescentOptimizer(0.1), transform_grads_fn=tf.contrib.training.clip_gradient_norms_fn(1.0)
    )
    slim = tf.contrib.slim.learning.create_train_op(
        loss, tf.train.GradientDescentOptimizer(0.1), gradient_multipliers={w: 0.5}
    )
    run(tf.global_variables_initializer())
    return _steps(run, train), _steps(run, slim), run([w, tf.train.get_global_step()])


def create_train_op_with_infinite_loss(tf, run):
    w = tf.Variable([1.0, 0.0])
    train = tf.contrib.training.create_train_op(tf.reduce_sum(w * np.inf), tf.train.GradientDescentOptimizer(0.1))
    run(tf.global_variables_initializer())
    return run(train)


def multiply_no_gradients(tf, run):
    return tf.contrib.training.multiply_gradients([], {})


def multiply_a_missing_gradient(tf, run):
    w = tf.Variable(1.0)
    return tf.contrib.training.multiply_gradients([(None, w)], {w: 2.0})
