"""A few steps of every optimizer, learning rate and moving average. Each case: (tf, run, var) or (tf, run)."""

import numpy as np

from tests.oracle.session.training import _sparse, _steps, _train


def _slots(run, optimizer, variables):
    return [run(optimizer.get_slot(v, name)) for name in optimizer.get_slot_names() for v in variables]


def rms_prop(tf, run, var):
    return _train(tf, run, var, tf.train.RMSPropOptimizer(0.1))


def rms_prop_settings(tf, run, var):
    return _train(tf, run, var, tf.train.RMSPropOptimizer(0.1, decay=0.5, momentum=0.7, epsilon=1e-3))


def rms_prop_centered(tf, run, var):
    return _train(tf, run, var, tf.train.RMSPropOptimizer(0.1, momentum=0.3, centered=True))


def adagrad(tf, run, var):
    return _train(tf, run, var, tf.train.AdagradOptimizer(0.1))


def adagrad_settings(tf, run, var):
    return _train(tf, run, var, tf.train.AdagradOptimizer(lambda: 0.3, initial_accumulator_value=0.01))


def adadelta(tf, run, var):
    return _train(tf, run, var, tf.train.AdadeltaOptimizer(1.0, 0.9, 1e-4))


def ftrl(tf, run, var):
    return _train(tf, run, var, tf.train.FtrlOptimizer(0.3))


def ftrl_regularized(tf, run, var):
    return _train(tf, run, var, tf.train.FtrlOptimizer(0.3, -0.3, 0.2, 0.2, 0.1))


def ftrl_shrinkage(tf, run, var):
    return _train(
        tf, run, var,
        tf.train.FtrlOptimizer(0.3, l1_regularization_strength=0.01, l2_shrinkage_regularization_strength=0.1),
    )  # fmt: skip


def ftrl_fixed_rate(tf, run, var):
    return _train(tf, run, var, tf.train.FtrlOptimizer(0.3, learning_rate_power=0.0))


def proximal_adagrad(tf, run, var):
    return _train(tf, run, var, tf.train.ProximalAdagradOptimizer(0.1, 0.1, 0.3, 0.2))


def proximal_gradient_descent(tf, run, var):
    return _train(tf, run, var, tf.train.ProximalGradientDescentOptimizer(0.1, 0.3, 0.2))


def proximal_gradient_descent_plain(tf, run, var):
    return _train(tf, run, var, tf.train.ProximalGradientDescentOptimizer(0.1))


def adagrad_da(tf, run, var):
    step = tf.Variable(0, dtype=tf.int64, trainable=False)
    return _train(tf, run, var, tf.train.AdagradDAOptimizer(0.3, step), global_step=step)


def adagrad_da_regularized(tf, run, var):
    step = tf.Variable(0, dtype=tf.int64, trainable=False)
    return _train(tf, run, var, tf.train.AdagradDAOptimizer(0.3, step, 0.2, 0.05, 0.1), global_step=step)


def rms_prop_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.RMSPropOptimizer(0.1, momentum=0.5))


def rms_prop_centered_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.RMSPropOptimizer(0.1, centered=True))


def adagrad_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.AdagradOptimizer(0.1))


def adadelta_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.AdadeltaOptimizer(1.0))


def ftrl_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.FtrlOptimizer(0.3, -0.3, 0.2, 0.2, 0.1))


def ftrl_shrinkage_rows(tf, run, var):
    return _sparse(
        tf, run, var,
        tf.train.FtrlOptimizer(0.3, l1_regularization_strength=0.01, l2_shrinkage_regularization_strength=0.1),
    )  # fmt: skip


def proximal_adagrad_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.ProximalAdagradOptimizer(0.1, 0.1, 0.3, 0.2))


def proximal_gradient_descent_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.ProximalGradientDescentOptimizer(0.1, 0.3, 0.2))


def adagrad_da_rows(tf, run, var):
    return _sparse(tf, run, var, tf.train.AdagradDAOptimizer(0.3, tf.constant(1, tf.int64), 0.2, 0.05, 0.1))


def rows_of_two_lookups(tf, run, var):
    w = var(np.arange(10, dtype=np.float32).reshape(5, 2))
    loss = tf.reduce_sum(tf.square(tf.gather(w, [0, 3, 3])) + tf.gather(w, [1, 1, 3]))
    optimizer = tf.train.AdagradOptimizer(0.1)
    step = optimizer.minimize(loss)
    run(tf.global_variables_initializer())
    _steps(run, step)
    return run(w), _slots(run, optimizer, [w])


def rows_and_all_of_it(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    loss = tf.reduce_sum(tf.square(tf.gather(w, [0, 2]))) + tf.reduce_sum(w)
    _steps(run, tf.train.GradientDescentOptimizer(0.1).minimize(loss))
    return run(w)


def _one_row(tf, index):
    return tf.IndexedSlices(tf.ones([1, 2]), tf.constant([index]), tf.constant([3, 2]))


def rows_out_of_range_fail(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    step = tf.train.GradientDescentOptimizer(0.1).apply_gradients([(_one_row(tf, 3), w)])
    return run(step)


def momentum_rows_out_of_range_fail(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    step = optimizer.apply_gradients([(_one_row(tf, -1), w)])
    run(tf.global_variables_initializer())
    return run(step)


def slot_not_initialized(tf, run, var):
    step = tf.train.AdagradOptimizer(0.1).minimize(tf.reduce_sum(var([1.0, 2.0])))
    return run(step)


def slot_of_rows_not_initialized(tf, run, var):
    step = tf.train.AdagradOptimizer(0.1).minimize(tf.reduce_sum(tf.gather(var([1.0, 2.0]), [1])))
    return run(step)


def gradient_of_wrong_shape(tf, run, var):
    return tf.train.AdagradOptimizer(0.1).apply_gradients([(tf.ones([3]), var([1.0, 2.0]))])


def gradient_of_wrong_shape_in_run(tf, run, var):
    given = tf.placeholder(tf.float32, None)
    step = tf.train.AdagradOptimizer(0.1).apply_gradients([(given, var([1.0, 2.0]))])
    run(tf.global_variables_initializer())
    return run(step, {given: [1.0]})


def rows_of_wrong_shape_in_run(tf, run, var):
    given = tf.placeholder(tf.float32, None)
    w = var(np.ones([3, 2], np.float32))
    rows = tf.IndexedSlices(given, tf.constant([0, 1]), tf.constant([3, 2]))
    step = tf.train.AdagradOptimizer(0.1).apply_gradients([(rows, w)])
    run(tf.global_variables_initializer())
    return run(step, {given: np.ones([2, 3], np.float32)})


def adagrad_accumulator_of_zero(tf, run):
    return tf.train.AdagradOptimizer(0.1, 0.0)


def adagrad_da_accumulator_of_zero(tf, run):
    return tf.train.AdagradDAOptimizer(0.1, 0, 0.0)


def proximal_adagrad_accumulator_of_zero(tf, run):
    return tf.train.ProximalAdagradOptimizer(0.1, -1.0)


def ftrl_positive_power(tf, run):
    return tf.train.FtrlOptimizer(0.1, 0.5)


def ftrl_negative_strength(tf, run):
    return tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=-1.0)


def half_precision(tf, run, var):
    w = var(np.array([1.0, -2.0], np.float16))
    optimizer = tf.train.RMSPropOptimizer(0.1)
    step = optimizer.minimize(tf.reduce_sum(tf.square(w)))
    run(tf.global_variables_initializer())
    _steps(run, step, 2)
    return run(w)


def double_precision(tf, run, var):
    w = var(np.array([1.0, -2.0], np.float64))
    step = tf.train.FtrlOptimizer(0.1).minimize(tf.reduce_sum(tf.square(w)))
    run(tf.global_variables_initializer())
    _steps(run, step, 2)
    return run(w)


STEPS = [0, 1, 7, 10, 11, 25, 40, 95]


def _rates(tf, run, decay, *settings, steps=STEPS):
    step = tf.placeholder(tf.int64, [])
    rate = decay(0.5, step, *settings)
    return [run(rate, {step: s}) for s in steps]


def _pieces(tf, run, kind, boundaries, values):
    step = tf.placeholder(kind, [])
    rate = tf.train.piecewise_constant(step, boundaries, values)
    return [run(rate, {step: s}) for s in STEPS]


def exponential_decay(tf, run):
    return [_rates(tf, run, tf.train.exponential_decay, 10, 0.8, stairs) for stairs in (False, True)]


def natural_exp_decay(tf, run):
    return [_rates(tf, run, tf.train.natural_exp_decay, 10, 0.8, stairs) for stairs in (False, True)]


def inverse_time_decay(tf, run):
    return [_rates(tf, run, tf.train.inverse_time_decay, 10, 0.8, stairs) for stairs in (False, True)]


def polynomial_decay(tf, run):
    settings = [(power, cycle) for power in (1.0, 0.5) for cycle in (False, True)]
    return [_rates(tf, run, tf.train.polynomial_decay, 10, 0.01, *setting) for setting in settings]


def cosine_decay(tf, run):
    return _rates(tf, run, tf.train.cosine_decay, 40, 0.1)


def cosine_decay_restarts(tf, run):
    settings = [(t_mul, m_mul) for t_mul in (1.0, 2.0) for m_mul in (1.0, 0.5)]
    steps = [0, 1, 7, 11, 25, 40, 95]
    return [_rates(tf, run, tf.train.cosine_decay_restarts, 10, t, m, 0.1, steps=steps) for t, m in settings]


def linear_cosine_decay(tf, run):
    return _rates(tf, run, tf.train.linear_cosine_decay, 40, 2.0, 0.1, 0.01)


def noisy_linear_cosine_decay(tf, run):
    tf.set_random_seed(3)
    return _rates(tf, run, tf.train.noisy_linear_cosine_decay, 40)


def piecewise_constant(tf, run):
    return _pieces(tf, run, "int64", [1, 10, 30], [4, 3, 2, 1])


def piecewise_constant_of_floats(tf, run):
    return _pieces(tf, run, "float32", [0.5, 10.5], [0.1, 0.2, 0.3])


def piecewise_constant_of_two_types(tf, run):
    return tf.train.piecewise_constant(tf.constant(1), [0.5, 10.5], [0.1, 0.2, 0.3])


def piecewise_constant_of_too_few_values(tf, run):
    return tf.train.piecewise_constant(tf.constant(1), [5, 10], [0.1, 0.2])


def average_of_variables(tf, run, var):
    w, v = var([1.0, 2.0]), var([[3.0]])
    averages = tf.train.ExponentialMovingAverage(0.9)
    update = averages.apply([w, v])
    run(tf.global_variables_initializer())
    change = w.assign_add([1.0, -1.0])
    out = []
    for _ in range(3):
        run(change)
        run(update)
        out.append(run([averages.average(w), averages.average(v)]))
    return out


def average_with_count(tf, run, var):
    w, count = var([1.0, 2.0]), tf.Variable(0)
    averages = tf.train.ExponentialMovingAverage(0.99, num_updates=count)
    update, next_one = averages.apply([w]), tf.group(w.assign_add([1.0, -1.0]), count.assign_add(1))
    run(tf.global_variables_initializer())
    for _ in range(3):
        run(next_one)
        run(update)
    return run(averages.average(w))


def average_of_tensors(tf, run):
    x = tf.placeholder(tf.float32, [2])
    averages = tf.train.ExponentialMovingAverage(0.9)
    debiased = tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="debiased")
    y = x * 2.0
    update = tf.group(averages.apply([y]), debiased.apply([y]))
    run(tf.global_variables_initializer())
    out = []
    for i in range(3):
        run(update, {x: [i, 1.0]})
        out.append(run([averages.average(y), debiased.average(y)]))
    return out


def average_of_integers(tf, run):
    return tf.train.ExponentialMovingAverage(0.9).apply([tf.Variable(1)])


def average_of_something_else(tf, run):
    return tf.train.ExponentialMovingAverage(0.9).average(tf.Variable(1.0))


def case_none_holds(tf, run):
    x = tf.placeholder(tf.int32, [])
    return run(tf.case([(x < 1, lambda: x), (x > 5, lambda: -x)]), {x: 3})


def case_two_hold(tf, run):
    x = tf.placeholder(tf.int32, [])
    return run(tf.case([(x < 5, lambda: x), (x > 1, lambda: -x)], lambda: x, exclusive=True), {x: 3})


def case_first_holds(tf, run):
    x = tf.placeholder(tf.int32, [])
    made = tf.case([(x < 5, lambda: x), (x > 1, lambda: -x)], lambda: 100 * x)
    last = tf.case([(x < 2, lambda: x), (x > 1, lambda: -x)])
    return [run([made, last], {x: value}) for value in (0, 3, 7)]


def case_of_no_list(tf, run):
    return tf.case(3, lambda: 1)


def case_of_python_bool(tf, run):
    return tf.case([(True, lambda: 1)], lambda: 2)
