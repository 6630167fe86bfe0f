"""Graphs of all optimizers, learning rates and moving averages. Each: build(tf) adds nodes, may return facts."""

import importlib


def _loss(tf, resource):
    w = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="w", use_resource=resource)
    b = tf.Variable([0.5, -0.5], name="b", use_resource=resource)
    x = tf.placeholder(tf.float32, [None, 2], "x")
    return tf.reduce_mean(tf.square(tf.matmul(x, w) + b), name="loss")


def _optimizers(tf):
    train, step = tf.train, tf.train.get_or_create_global_step()
    return [
        train.RMSPropOptimizer(0.1),
        train.RMSPropOptimizer(tf.placeholder(tf.float32, []), 0.8, momentum=0.5, centered=True, name="C"),
        train.AdagradOptimizer(0.1),
        train.AdagradOptimizer(lambda: 0.2, initial_accumulator_value=0.5, use_locking=True, name="Ada"),
        train.AdagradDAOptimizer(0.1, step),
        train.AdagradDAOptimizer(0.1, step, 0.3, 0.01, 0.02, name="DA"),
        train.AdadeltaOptimizer(0.1),
        train.FtrlOptimizer(0.1),
        train.FtrlOptimizer(0.1, -0.3, 0.2, 0.01, 0.02, True, "F", "acc", "lin", 0.03),
        train.ProximalGradientDescentOptimizer(0.1, 0.01, 0.02),
        train.ProximalAdagradOptimizer(0.1, 0.2, 0.01, 0.02),
    ]


def _minimize(tf, resource):
    loss = _loss(tf, resource)
    facts = []
    for optimizer in _optimizers(tf):
        step = optimizer.minimize(loss)
        facts.append([step.name, optimizer.get_slot_names(), [v.name for v in optimizer.variables()]])
    return facts


def build_all_optimizers(tf):
    return _minimize(tf, False)


def build_all_optimizers_resource(tf):
    return _minimize(tf, True)


def _minimize_rows(tf, resource):
    w = tf.Variable(tf.ones([5, 2]), use_resource=resource)
    loss = tf.reduce_sum(tf.nn.embedding_lookup(w, tf.placeholder(tf.int32, [None])))
    for optimizer in _optimizers(tf):
        optimizer.minimize(loss)


def build_all_optimizers_rows(tf):
    _minimize_rows(tf, False)


def build_all_optimizers_rows_resource(tf):
    _minimize_rows(tf, True)


def build_optimizers_of_unknown_shapes(tf):
    w = tf.Variable(tf.placeholder(tf.float32, None), validate_shape=False)
    loss = tf.reduce_sum(tf.square(w))
    tf.train.RMSPropOptimizer(0.1, centered=True).minimize(loss)
    tf.train.AdagradOptimizer(0.1).minimize(loss)
    tf.train.AdadeltaOptimizer(0.1).minimize(loss)


def build_optimizers_of_partitions(tf):
    w = tf.get_variable("w", [5, 2], partitioner=tf.fixed_size_partitioner(2))
    loss = tf.reduce_sum(tf.nn.embedding_lookup(w, tf.placeholder(tf.int32, [None])))
    optimizer = tf.train.AdagradOptimizer(0.1)
    optimizer.minimize(loss)
    infos = [v._save_slice_info for v in optimizer.variables()]
    return [[i.full_name, i.full_shape, i.var_offset, i.var_shape] for i in infos]


def build_all_learning_rates(tf):
    step, train = tf.train.get_or_create_global_step(), tf.train
    train.exponential_decay(0.1, step, 100, 0.9)
    train.exponential_decay(tf.constant(0.1, tf.float64), step, 100, 0.9, staircase=True, name="stairs")
    train.natural_exp_decay(0.1, 7, 100, 0.5, staircase=True)
    train.inverse_time_decay(0.1, step, 100, 0.5)
    train.inverse_time_decay(0.1, step, 100, 0.5, True, "inverse")
    train.polynomial_decay(0.1, step, 100, 0.01, 2.0)
    train.polynomial_decay(0.1, step, 100, cycle=True)
    train.cosine_decay(0.1, step, 100, 0.01)
    train.cosine_decay_restarts(0.1, step, 100)
    train.cosine_decay_restarts(0.1, step, 100, 1.0, 0.9, 0.1, "restarts")
    train.linear_cosine_decay(0.1, step, 100)
    train.noisy_linear_cosine_decay(0.1, step, 100)
    with tf.name_scope("rates"):
        train.exponential_decay(0.1, step, 100, 0.9)


def build_piecewise_constants(tf):
    step = tf.Variable(0, trainable=False)
    tf.train.piecewise_constant(step, [100, 200, 300], [1.0, 0.5, 0.1, 0.05])
    tf.train.piecewise_constant_decay(tf.placeholder(tf.float32, []), [0.5], [1, 2], name="two")
    tf.train.piecewise_constant(tf.train.get_or_create_global_step(), [10, 20], [0.1, 0.2, 0.3])


def build_cases(tf):
    x, y = tf.placeholder(tf.int32, [], "x"), tf.placeholder(tf.int32, [], "y")
    tf.case([(x < y, lambda: x + 1), (x > y, lambda: y + 2)], default=lambda: x * y)
    tf.case([(x < y, lambda: [x, y])], default=lambda: [y, x], name="pair")
    tf.case({tf.equal(x, 1): lambda: tf.constant(1.0), tf.equal(y, 2): lambda: tf.constant(2.0)},
            default=lambda: tf.constant(0.0), exclusive=True)  # fmt: skip


def build_moving_averages(tf):
    w = tf.Variable([1.0, 2.0], name="w")
    v = tf.Variable([[1.0]], name="v", use_resource=True)
    fixed = tf.Variable(1.0, trainable=False, name="fixed")
    loss = tf.reduce_sum(w, name="loss")
    averages = tf.train.ExponentialMovingAverage(0.99)
    update = averages.apply()
    averages.apply([loss])
    counted = tf.train.ExponentialMovingAverage(0.9, num_updates=tf.train.get_or_create_global_step(), name="counted")
    counted.apply([w, fixed])
    debiased = tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="debiased")
    debiased.apply([w, loss])
    restored = averages.variables_to_restore()
    return [
        update.name, averages.name, averages.average(w).name, averages.average_name(w), averages.average(v).name,
        averages.average_name(fixed), counted.average(fixed).name, debiased.average(loss).name,
        sorted((name, v.name) for name, v in restored.items()),
        sorted((name, v.name) for name, v in averages.variables_to_restore([w]).items()),
        [v.name for v in tf.moving_average_variables()],
    ]  # fmt: skip


def build_moving_average_updates(tf):
    inner = "python.training.moving_averages" if tf.__name__.startswith("tensorflow") else "train.moving_averages"
    moving_averages = importlib.import_module(tf.__name__.split(".")[0] + "." + inner)
    for resource in (False, True):
        w = tf.Variable([1.0, 2.0], trainable=False, name="w", use_resource=resource)
        moving_averages.assign_moving_average(w, [2.0, 3.0], 0.9, zero_debias=False)
        moving_averages.assign_moving_average(w, [2.0, 3.0], tf.constant(0.9), zero_debias=True)
        moving_averages.assign_moving_average(w, [2.0, 3.0], 0.9, name="again")
    moving_averages.weighted_moving_average(tf.constant([1.0]), 0.9, tf.constant([2.0]))


def build_train_in_scopes(tf):
    loss = _loss(tf, False)
    with tf.variable_scope("opt"):
        tf.train.RMSPropOptimizer(0.1).minimize(loss)
    with tf.name_scope("average"):
        tf.train.ExponentialMovingAverage(0.9).apply()


def build_scatters_of_both_kinds(tf):
    for resource in (False, True):
        w = tf.Variable(tf.ones([5, 2]), use_resource=resource)
        slices = tf.IndexedSlices(tf.ones([2, 2]), tf.constant([0, 3]))
        for how in ("add", "sub", "update", "mul", "div", "min", "max"):
            getattr(tf, "scatter_" + how)(w, [0, 3], tf.ones([2, 2]))
            if hasattr(w, "scatter_" + how):
                getattr(w, "scatter_" + how)(slices)
        w.batch_scatter_update(tf.IndexedSlices(tf.ones([5, 1]), tf.zeros([5, 1], tf.int32)))
        for how in ("add", "sub", "update"):
            getattr(tf, "scatter_nd_" + how)(w, [[0], [3]], tf.ones([2, 2]))
            getattr(w, "scatter_nd_" + how)([[0], [3]], tf.ones([2, 2]))
