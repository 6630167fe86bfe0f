"""What one run returns when it reads and writes the same variable. Each case: (tf, run, var) -> plain values.

`var(initial)` makes a reference or a resource variable and initializes it; every case is asked with both.
"""

import contextlib

import numpy as np


def fetch_variable_and_assign(tf, run, var):
    w = var([1.0, 2.0])
    return run([w, tf.assign(w, [10.0, 20.0])])


def fetch_assign_and_variable(tf, run, var):
    w = var([1.0, 2.0])
    return run([tf.assign(w, [10.0, 20.0]), w])


def fetch_read_value_and_assign(tf, run, var):
    w = var([1.0, 2.0])
    return run([w.read_value(), tf.assign(w, [10.0, 20.0])])


def fetch_identity_and_assign(tf, run, var):
    w = var([1.0, 2.0])
    return run([tf.identity(w), tf.assign(w, [10.0, 20.0])])


def fetch_product_and_assign(tf, run, var):
    w = var([1.0, 2.0])
    return run([w * 2.0, tf.assign(w, [10.0, 20.0])])


def fetch_assign_and_product(tf, run, var):
    w = var([1.0, 2.0])
    assign = tf.assign(w, [10.0, 20.0])
    return run([assign, w * 2.0])


def fetch_product_and_assign_add(tf, run, var):
    w = var([1.0, 2.0])
    return run([w * 2.0, tf.assign_add(w, [10.0, 20.0])])


def fetch_variable_and_assign_add(tf, run, var):
    w = var([1.0, 2.0])
    return run([w, tf.assign_add(w, [10.0, 20.0])])


def fetch_variable_and_assign_op(tf, run, var):
    w = var([1.0, 2.0])
    return run([w, tf.assign(w, [10.0, 20.0]).op])


def fetch_product_and_assign_op(tf, run, var):
    w = var([1.0, 2.0])
    return run([w * 2.0, tf.assign(w, [10.0, 20.0]).op])


def fetch_variable_and_group(tf, run, var):
    w = var([1.0, 2.0])
    return run([w, tf.group(tf.assign(w, [10.0, 20.0]))])


def fetch_variable_product_and_assign_of_itself(tf, run, var):
    w = var([1.0, 2.0])
    double = w * 2.0
    return run([w, double, tf.assign(w, double)])


def fetch_variable_and_assign_of_its_product_op(tf, run, var):
    w = var([1.0, 2.0])
    double = w * 2.0
    return run([w, double, tf.assign(w, double).op])


def _train(tf, var, optimizer):
    w = var([1.0, 2.0])
    loss = tf.reduce_sum(tf.square(w), name="loss")
    step = optimizer.minimize(loss)
    return w, loss, step


def fetch_variable_and_train_op(tf, run, var):
    w, _, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([w, step])


def fetch_train_op_and_variable(tf, run, var):
    w, _, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([step, w])


def fetch_read_value_and_train_op(tf, run, var):
    w, _, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([w.read_value(), step])


def fetch_loss_and_train_op(tf, run, var):
    _, loss, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([loss, step])


def fetch_other_product_and_train_op(tf, run, var):
    w, _, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([w * 2.0, step])


def fetch_gradient_and_train_op(tf, run, var):
    w, loss, step = _train(tf, var, tf.train.GradientDescentOptimizer(0.1))
    return run([tf.gradients(loss, w)[0], loss, step])


def fetch_variable_and_momentum_op(tf, run, var):
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    w, _, step = _train(tf, var, optimizer)
    run(tf.global_variables_initializer())
    return run([w, optimizer.get_slot(w, "momentum"), step])


def fetch_variable_and_adam_op(tf, run, var):
    optimizer = tf.train.AdamOptimizer(0.1)
    w, _, step = _train(tf, var, optimizer)
    run(tf.global_variables_initializer())
    return run([w, optimizer.get_slot(w, "m"), step])


def fetch_global_step_and_train_op(tf, run, var):
    w = var([1.0, 2.0])
    count = tf.train.get_or_create_global_step()
    step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(w * w), global_step=count)
    run(count.initializer)
    return run([count, step, w])


def fetch_two_assigns(tf, run, var):
    w = var([1.0, 2.0])
    first, second = tf.assign(w, [10.0, 20.0]), tf.assign(w, [100.0, 200.0])
    return run([first, second]), run(w)


def fetch_two_assign_adds(tf, run, var):
    w = var([1.0, 2.0])
    first, second = tf.assign_add(w, [10.0, 20.0]), tf.assign_add(w, [100.0, 200.0])
    return run([first, second]), run(w)


def assign_then_read_under_control(tf, run, var):
    w = var([1.0, 2.0])
    before = w * 2.0
    with tf.control_dependencies([tf.assign(w, [10.0, 20.0])]):
        return run([w.read_value(), tf.identity(w), w * 2.0, w + 0.0]), run(before)


def product_made_before_assign_identity_after(tf, run, var):
    w = var([1.0, 2.0])
    before = w * 2.0
    with tf.control_dependencies([tf.assign(w, [10.0, 20.0])]):
        after = tf.identity(before)
    return run([before, after])


def read_then_assign_under_control(tf, run, var):
    w = var([1.0, 2.0])
    double = w * 2.0
    with tf.control_dependencies([double]):
        assign = tf.assign(w, [10.0, 20.0])
    return run([double, assign]), run(w)


def read_then_assign_op_under_control_with_variable(tf, run, var):
    w = var([1.0, 2.0])
    double = w * 2.0
    with tf.control_dependencies([double]):
        assign = tf.assign(w, [10.0, 20.0])
    return run([w, double, assign.op])


def identity_then_assign_then_identity(tf, run, var):
    w = var([1.0, 2.0])
    old = tf.identity(w)
    with tf.control_dependencies([old]):
        assign = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([assign]):
        new = tf.identity(w)
    return run([old, new])


def identity_then_assign_add_then_identity(tf, run, var):
    w = var([1.0, 2.0])
    old = tf.identity(w)
    with tf.control_dependencies([old]):
        add = tf.assign_add(w, [10.0, 20.0])
    with tf.control_dependencies([add]):
        new = tf.identity(w)
    return run([old, new])


def copy_then_assign_add_then_copy(tf, run, var):
    w = var([1.0, 2.0])
    old = w + 0.0
    with tf.control_dependencies([old]):
        add = tf.assign_add(w, [10.0, 20.0])
    with tf.control_dependencies([add]):
        new = w + 0.0
    return run([old, new])


def identity_then_scatter_add_then_identity(tf, run, var):
    w = var([1.0, 2.0])
    old = tf.identity(w)
    with tf.control_dependencies([old]):
        add = tf.scatter_add(w, [0], [10.0])
    with tf.control_dependencies([add]):
        new = tf.identity(w)
    return run([old, new])


def identity_used_after_assign_add(tf, run, var):
    """An identity taken before the write, used by arithmetic after it."""
    w = var([1.0, 2.0])
    old = tf.identity(w)
    with tf.control_dependencies([old]):
        add = tf.assign_add(w, [10.0, 20.0])
    with tf.control_dependencies([add]):
        late = old * 2.0
    return run([late])


def identity_used_after_assign(tf, run, var):
    w = var([1.0, 2.0])
    old = tf.identity(w)
    with tf.control_dependencies([old]):
        assign = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([assign]):
        late = old * 2.0
    return run([late])


def variable_used_directly_after_assign(tf, run, var):
    """Arithmetic on the variable itself, ordered after the write by a control edge on the consumer."""
    w = var([1.0, 2.0])
    assign = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([assign]):
        late = w * 2.0
    return run([late, w])


def chained_assigns(tf, run, var):
    w = var([1.0, 2.0])
    first = tf.assign(w, [10.0, 20.0])
    second = tf.assign_add(first, [1.0, 1.0]) if not hasattr(w, "handle") else w.assign_add(first * 0.0 + 1.0)
    return run(second), run(w)


def assign_output_after_later_write(tf, run, var):
    """What the first assign's output holds once a second one, ordered after it, has run."""
    w = var([1.0, 2.0])
    first = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([first]):
        second = tf.assign_add(w, [1.0, 1.0])
    return run([first, second, w])


def fetch_initializer_and_variable(tf, run, var):
    w = var([1.0, 2.0])
    run(tf.assign(w, [5.0, 5.0]))
    return run([w.initializer, w])


def swap_two_variables(tf, run, var):
    a, b = var([1.0]), var([2.0])
    results = run([tf.assign(a, b), tf.assign(b, a)])
    return results, run([a, b])


def swap_two_variables_with_tuple(tf, run, var):
    a, b = var([1.0]), var([2.0])
    old_a, old_b = tf.tuple([a + 0.0, b + 0.0])
    run([tf.assign(a, old_b), tf.assign(b, old_a)])
    return run([a, b])


def weights_updated_as_a_group(tf, run, var):
    """The lecture's step: gradients of both weights, then both updates in one group."""
    w1, w2 = var([[1.0, 2.0], [3.0, 4.0]]), var([[1.0], [-1.0]])
    loss = tf.reduce_sum(tf.square(tf.matmul(tf.nn.relu(tf.matmul([[1.0, 2.0]], w1)), w2)))
    g1, g2 = tf.gradients(loss, [w1, w2])
    updates = tf.group(w1.assign(w1 - 0.01 * g1), w2.assign(w2 - 0.01 * g2))
    losses = [run([loss, updates])[0] for _ in range(3)]
    return losses, run([w1, w2])


def weights_updated_as_fetches(tf, run, var):
    w1, w2 = var([[1.0, 2.0], [3.0, 4.0]]), var([[1.0], [-1.0]])
    loss = tf.reduce_sum(tf.square(tf.matmul(tf.nn.relu(tf.matmul([[1.0, 2.0]], w1)), w2)))
    g1, g2 = tf.gradients(loss, [w1, w2])
    new_w1, new_w2 = w1.assign(w1 - 0.01 * g1), w2.assign(w2 - 0.01 * g2)
    return [run([loss, new_w1, new_w2]) for _ in range(2)]


def fetched_array_is_a_snapshot(tf, run, var):
    w = var([1.0, 2.0])
    value = run(w)
    run(tf.assign_add(w, [10.0, 20.0]))
    return value, run(w)


def fetched_array_may_be_changed(tf, run, var):
    w = var([1.0, 2.0])
    value = run(w)
    value[0] = 99.0
    return value, run(w)


def assigned_array_is_a_copy(tf, run, var):
    w = var([1.0, 2.0])
    value = tf.placeholder(tf.float32, [2])
    array = np.array([5.0, 6.0], np.float32)
    run(tf.assign(w, value), {value: array})
    array[0] = 77.0
    return run(w)


def fed_variable(tf, run, var):
    """A feed for the variable itself: what reads see, and what stays."""
    w = var([1.0, 2.0])
    double = w * 2.0
    return run([w, double], {w: [5.0, 6.0]}), run(w)


def fed_variable_value(tf, run, var):
    w = var([1.0, 2.0])
    double = w * 2.0
    return run([w, double], {w.value(): [5.0, 6.0]}), run(w)


def fed_assign_output(tf, run, var):
    """Feeding an assign's output cuts the write."""
    w = var([1.0, 2.0])
    assign = tf.assign(w, [10.0, 20.0])
    return run(assign * 1.0, {assign: [5.0, 6.0]}), run(w)


def scatter_update_returns_all(tf, run, var):
    w = var([1.0, 2.0, 3.0])
    return run(tf.scatter_update(w, [0, 2], [7.0, 8.0])), run(tf.scatter_sub(w, [1, 1], [1.0, 1.0])), run(w)


def scatter_update_repeats(tf, run, var):
    w = var([1.0, 2.0, 3.0])
    return run(tf.scatter_update(w, [0, 0], [7.0, 8.0]))


def sliced_assign(tf, run, var):
    w = var([1.0, 2.0, 3.0])
    return run(w[1:].assign([8.0, 9.0])), run(w)


def sliced_assign_and_variable(tf, run, var):
    w = var([1.0, 2.0, 3.0])
    return run([w, w * 2.0, w[1:].assign([8.0, 9.0]).op])


def count_up_to(tf, run, var):
    n = var(0)
    step = n.count_up_to(2)
    return run(step), run(step), run(n)


def count_up_to_limit(tf, run, var):
    n = var(0)
    step = n.count_up_to(1)
    run(step)
    return run(step)


def half_failed_run(tf, run, var):
    """One write succeeds while another op of the run fails. (Here defrun differs by design: nothing is written.)"""
    w = var([1.0, 2.0])
    assign = tf.assign(w, [10.0, 20.0])
    with tf.control_dependencies([assign]):
        bad = tf.check_numerics(tf.constant([1.0]) / tf.zeros([1]), "bad")
    with contextlib.suppress(tf.errors.InvalidArgumentError):
        run([assign, bad])
    return run(w)


def assign_other_shape(tf, run, var):
    w = var([1.0, 2.0])
    return run(tf.assign(w, [[1.0, 2.0, 3.0]], validate_shape=False)), run(w)


def load_and_eval(tf, run, var):
    w = var([1.0, 2.0])
    w.load([3.0, 4.0], run.session)
    return w.eval(run.session)


def is_initialized(tf, run, var):
    w = var([1.0, 2.0])
    other = tf.Variable([1.0], name="other", use_resource=hasattr(w, "handle"))
    return run([tf.is_variable_initialized(w), tf.is_variable_initialized(other), tf.report_uninitialized_variables()])


def large_variable_and_assign(tf, run, var):
    """Large enough that a read takes longer than the scheduling of the write."""
    w = var([1.0] * 300000)
    total = tf.reduce_sum(w * 2.0)
    return run([total, tf.assign(w, tf.zeros([300000])).op])


def large_variable_and_assign_add(tf, run, var):
    w = var([1.0] * 300000)
    total = tf.reduce_sum(tf.exp(w * 0.0) + w)
    return run([total, tf.assign_add(w, tf.ones([300000])).op])
