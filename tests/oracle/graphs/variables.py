"""Graphs of variables, variable scopes and initializers. Each: build(tf) adds nodes, may return facts."""

# ruff: noqa: B018 (an expression alone adds its node)

import numpy as np


def build_reference_variables(tf):
    w = tf.Variable(1.0)
    tf.Variable([1, 2], name="i")
    tf.Variable(tf.zeros([2, 3]), name="z", trainable=False)
    tf.Variable(initial_value=lambda: tf.ones([2]), name="f", dtype=tf.float32)
    tf.Variable(np.arange(3.0), name="n")
    tf.Variable(1, dtype=tf.float32, name="d")
    tf.Variable([1.0, 2.0], name="e", expected_shape=[2])
    tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="any")
    tf.Variable("text", name="s")
    tf.Variable(w.initialized_value() * 2.0, name="twice")
    tf.Variable(w + 1.0, name="from_read")
    with tf.name_scope("scope"):
        v = tf.Variable(1.0, name="v")
    return [
        repr(v),
        v.name,
        v.op.name,
        v.value().name,
        v.initializer.name,
        v.initial_value.name,
        v.dtype.name,
        v.device,
    ]


def build_resource_variables(tf):
    w = tf.Variable(1.0, use_resource=True)
    tf.Variable([1, 2], name="i", use_resource=True)
    tf.Variable(tf.zeros([2, 3]), name="z", trainable=False, use_resource=True)
    tf.Variable(lambda: tf.ones([2]), name="f", use_resource=True)
    tf.Variable(1, dtype=tf.float32, name="d", use_resource=True)
    tf.Variable(w.initialized_value() * 2.0, name="twice", use_resource=True)
    with tf.name_scope("scope"):
        v = tf.Variable(1.0, name="v", use_resource=True)
    return [repr(v), v.name, v.op.name, v.value().name, v.initializer.name, v.initial_value.name, v.dtype.name]


def build_resource_variables_everywhere(tf):
    with tf.variable_scope("r", use_resource=True):
        w = tf.get_variable("w", [2])
        tf.Variable(1.0, name="v")
    return type(w).__name__


def build_assigns(tf):
    w = tf.Variable([1.0, 2.0], name="w")
    w.assign([3.0, 4.0])
    w.assign_add([1.0, 1.0])
    w.assign_sub(w)
    w.assign(w * 2.0, name="named", use_locking=True)
    tf.assign(w, [1.0, 2.0])
    tf.assign_add(w, [1.0, 1.0], name="aa")
    tf.assign_sub(w, [1.0, 1.0], use_locking=True)
    tf.assign(w, tf.placeholder(tf.float32), validate_shape=False)
    w.assign(5.0 * tf.ones([2]), read_value=False)
    w.read_value()
    w.value()
    w.initialized_value()
    w.eval
    tf.assign(w.assign([1.0, 1.0]), [2.0, 2.0])
    tf.is_variable_initialized(w)


def build_assigns_resource(tf):
    w = tf.Variable([1.0, 2.0], name="w", use_resource=True)
    a = w.assign([3.0, 4.0])
    w.assign_add([1.0, 1.0])
    w.assign_sub(w)
    w.assign(w * 2.0, name="named")
    tf.assign(w, [1.0, 2.0])
    tf.assign_add(w, [1.0, 1.0], name="aa")
    tf.assign_sub(w, [1.0, 1.0])
    w.assign([5.0, 5.0], read_value=False)
    w.assign_add([5.0, 5.0], read_value=False)
    a * 2.0
    tf.identity(a)
    w.read_value()
    w.value()
    w.initialized_value()
    tf.is_variable_initialized(w)
    w.is_initialized()


def build_scatters(tf):
    for resource in (False, True):
        w = tf.Variable(tf.zeros([4, 2]), use_resource=resource)
        for name in ("update", "add", "sub", "mul", "div", "min", "max"):
            getattr(tf, "scatter_" + name)(w, [0, 2], tf.ones([2, 2]))
        tf.scatter_add(w, tf.placeholder(tf.int32, []), [1.0, 1.0], name="one")
        tf.scatter_nd_update(w, [[0, 1]], [1.0])
        tf.scatter_nd_add(w, [[0]], [[1.0, 2.0]])
        w.scatter_sub(tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1])))


def build_count_up_to(tf):
    n, m = tf.Variable(0, name="n"), tf.Variable(0, name="m", use_resource=True)
    n.count_up_to(5)
    tf.count_up_to(n, 3, name="c")
    m.count_up_to(4)


def build_get_variable(tf):
    a = tf.get_variable("a", [2, 3])
    tf.get_variable("b", [2], tf.int32)
    tf.get_variable("c", [], tf.float64)
    tf.get_variable("d", [2], tf.bool)
    tf.get_variable("e", initializer=[1.0, 2.0])
    tf.get_variable("f", initializer=tf.constant(3))
    tf.get_variable("g", [3], initializer=tf.zeros_initializer())
    tf.get_variable("h", [3], initializer=tf.ones_initializer, trainable=False)
    tf.get_variable("i", shape=tf.TensorShape([2]), dtype=tf.float32, initializer=tf.constant_initializer(0.5))
    tf.get_variable("j", 4)
    tf.get_variable("k", [2], use_resource=True)
    tf.get_variable("m", initializer=np.eye(2, dtype=np.float32))
    return [a.name, a.op.type, a.initializer.name]


def build_initializers(tf):
    shape = [3, 4]
    initializers = [
        tf.zeros_initializer(), tf.ones_initializer(), tf.constant_initializer(2.5),
        tf.constant_initializer([1, 2, 3, 4] * 3), tf.random_uniform_initializer(),
        tf.random_uniform_initializer(-1, 1, seed=3), tf.random_normal_initializer(),
        tf.random_normal_initializer(1.0, 0.5), tf.truncated_normal_initializer(stddev=0.1),
        tf.uniform_unit_scaling_initializer(), tf.variance_scaling_initializer(),
        tf.variance_scaling_initializer(2.0, "fan_out", "uniform"),
        tf.variance_scaling_initializer(1.0, "fan_avg", "untruncated_normal"),
        tf.glorot_uniform_initializer(), tf.glorot_normal_initializer(seed=1),
        tf.orthogonal_initializer(), tf.orthogonal_initializer(2.0),
        tf.initializers.he_normal(), tf.initializers.he_uniform(),
        tf.initializers.lecun_normal(), tf.initializers.lecun_uniform(),
        tf.initializers.identity(),
    ]  # fmt: skip
    for number, init in enumerate(initializers):
        tf.get_variable("w%d" % number, shape, initializer=init)
    tf.get_variable("conv", [3, 3, 2, 4], initializer=tf.glorot_uniform_initializer())
    tf.get_variable("vector", [5])
    tf.get_variable("scalar", [])
    tf.get_variable("int", [2], tf.int64, initializer=tf.random_uniform_initializer(0, 10, dtype=tf.int64))
    tf.get_variable("double", [2, 2], tf.float64, initializer=tf.glorot_uniform_initializer())


def build_initializers_contrib(tf):
    tf.get_variable("x", [3, 4], initializer=tf.contrib.layers.xavier_initializer())
    tf.get_variable("n", [3, 4], initializer=tf.contrib.layers.xavier_initializer(uniform=False, seed=2))
    tf.get_variable("c", [3, 3, 2, 4], initializer=tf.contrib.layers.xavier_initializer_conv2d())
    tf.get_variable("v", [3, 4], initializer=tf.contrib.layers.variance_scaling_initializer())
    tf.Variable(tf.contrib.layers.xavier_initializer()([2, 2]))


def build_initializers_with_graph_seed(tf):
    tf.set_random_seed(777)
    tf.get_variable("w", [3, 4])
    tf.get_variable("v", [3, 4], initializer=tf.random_normal_initializer(seed=5))
    tf.Variable(tf.random_normal([2, 2]))
    tf.Variable(tf.truncated_normal([2, 2], stddev=0.1, seed=1))
    tf.layers.dense(tf.placeholder(tf.float32, [None, 3]), 2)


def build_initializer_calls(tf):
    tf.glorot_uniform_initializer()([2, 3])
    tf.zeros_initializer()([2], tf.int32)
    tf.random_normal_initializer()([2], dtype=tf.float64)
    tf.constant_initializer([[1.0, 2.0]])([1, 2])
    tf.constant_initializer(3, dtype=tf.int32)([2])


def build_variable_scopes(tf):
    facts = []
    with tf.variable_scope("a") as a:
        w = tf.get_variable("w", [1])
        w * 2.0
        with tf.variable_scope("b"):
            v = tf.get_variable("v", [1])
            tf.constant(1.0, name="c")
        facts += [a.name, a.original_name_scope, tf.get_variable_scope().name, w.name, v.name]
    with tf.variable_scope("a", reuse=True):
        facts.append(tf.get_variable("w") is w)
        tf.constant(1.0, name="c")
    with tf.variable_scope(a):
        tf.get_variable("x", [1])
        tf.constant(1.0, name="d")
    with tf.variable_scope(a, reuse=True) as again:
        facts += [tf.get_variable("w") is w, again.reuse, again.original_name_scope]
    with tf.variable_scope(a, auxiliary_name_scope=False):
        tf.constant(1.0, name="e")
    with tf.variable_scope("outer"), tf.variable_scope(a):
        tf.get_variable("y", [1])
    with tf.name_scope("n"), tf.variable_scope("s"):
        tf.get_variable("z", [1])
        tf.Variable(1.0, name="z")
        tf.constant(1.0)
    return facts


def build_variable_scope_default_names(tf):
    facts = []
    for _ in range(3):
        with tf.variable_scope(None, "block") as scope:
            facts += [scope.name, tf.get_variable("w", [1]).name, tf.constant(1.0).name]
    with tf.variable_scope("given", default_name="block") as scope:
        facts.append(scope.name)
        with tf.variable_scope(None, default_name="block"):
            facts.append(tf.get_variable("w", [1]).name)
    return facts


def build_variable_scope_reuse(tf):
    facts = []

    def block(name):
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
            return tf.get_variable("w", [2]) * 1.0

    block("s")
    block("s")
    block("t")
    with tf.variable_scope("u"):
        tf.get_variable("w", [1])
        tf.get_variable_scope().reuse_variables()
        facts.append(tf.get_variable("w", [1]).name)
        with tf.variable_scope("inner") as inner:
            facts.append(bool(inner.reuse))
    with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
        facts.append(tf.get_variable("root", [1]).name)
        facts.append(tf.get_variable("root", [1]).name)
    return facts


def build_variable_scope_defaults(tf):
    with tf.variable_scope(
        "s",
        initializer=tf.constant_initializer(0.1),
        regularizer=tf.contrib.layers.l2_regularizer(0.01),
        dtype=tf.float64,
    ):
        tf.get_variable("w", [2])
        tf.get_variable("x", [2], initializer=tf.zeros_initializer(), regularizer=tf.contrib.layers.l1_regularizer(0.5))
        with tf.variable_scope("inner", initializer=tf.ones_initializer()):
            tf.get_variable("y", [2], tf.float64)
        tf.get_variable("z", [2], trainable=False)
    tf.losses.get_regularization_loss()


def build_regularizers(tf):
    layers = tf.contrib.layers
    for number, regularizer in enumerate(
        [
            layers.l1_regularizer(0.1),
            layers.l2_regularizer(0.2),
            layers.l1_l2_regularizer(0.1, 0.2),
            lambda w: tf.reduce_sum(w),
        ]
    ):
        tf.get_variable("w%d" % number, [2, 2], regularizer=regularizer)
    tf.get_variable("resource", [2, 2], regularizer=layers.l2_regularizer(0.2), use_resource=True)
    tf.losses.get_regularization_losses()
    tf.losses.get_regularization_loss()
    layers.apply_regularization(layers.l2_regularizer(0.1), tf.trainable_variables()[:2])


def build_keras_initializer_and_regularizer(tf):
    tf.get_variable("r", [2, 2], regularizer=tf.keras.regularizers.l2(0.01))
    tf.get_variable("i", [2, 2], initializer=tf.keras.initializers.he_normal())


def build_partitioners(tf):
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
        w = tf.get_variable("w", [7, 2])
        tf.convert_to_tensor(w)
        tf.nn.embedding_lookup(w, [0, 5])
    v = tf.get_variable("v", [4, 6], partitioner=tf.fixed_size_partitioner(2, axis=1))
    v.as_tensor() + 1.0
    tf.get_variable("u", [64, 4], partitioner=tf.variable_axis_size_partitioner(256))
    tf.get_variable("m", [64, 4], partitioner=tf.min_max_variable_partitioner(4, min_slice_size=128))
    return [p.name for p in w]


def build_custom_getter(tf):
    def doubled(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * 2.0

    def renamed(getter, name, *args, **kwargs):
        return getter(name + "_renamed", *args, **kwargs)

    with tf.variable_scope("s", custom_getter=doubled):
        w = tf.get_variable("w", [1])
        with tf.variable_scope("t", custom_getter=renamed):
            v = tf.get_variable("v", [1])
    u = tf.get_variable("u", [1], custom_getter=renamed)
    return [w.name, v.name, u.name]


def build_variable_creator_scope(tf):
    def creator(next_creator, **kwargs):
        kwargs["name"] = "made_" + (kwargs["name"] or "x")
        return next_creator(**kwargs)

    with tf.variable_creator_scope(creator):
        v = tf.Variable(1.0, name="v")
        w = tf.get_variable("w", [1])
    return [v.name, w.name]


def build_caching_and_constraint(tf):
    w = tf.get_variable("w", [2], caching_device="/cpu:0")
    w * 2.0
    with tf.variable_scope("s", caching_device="/cpu:1"):
        tf.get_variable("v", [2]) * 2.0
    c = tf.get_variable("c", [2], constraint=tf.nn.relu)
    r = tf.get_variable("r", [2], constraint=lambda x: tf.clip_by_value(x, 0.0, 1.0), use_resource=True)
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(c * r))


def build_variables_in_functions(tf):
    template = tf.make_template("linear", lambda x: x * tf.get_variable("w", [1]))
    template(tf.constant([1.0]))
    template(tf.constant([2.0]))
    return [v.name for v in tf.global_variables()]


def build_moving_average(tf):
    w = tf.Variable([1.0, 2.0], name="w")
    average = tf.train.ExponentialMovingAverage(0.9)
    average.apply([w])
    other = tf.train.ExponentialMovingAverage(0.9, num_updates=tf.train.get_or_create_global_step(), zero_debias=True)
    other.apply([tf.reduce_sum(w)])
    return [average.average_name(w), average.average(w).name]


def build_initialization_queries(tf):
    w, r = tf.Variable(1.0, name="w"), tf.Variable(1.0, name="r", use_resource=True)
    tf.report_uninitialized_variables([w, r])
    tf.is_variable_initialized(w)
    tf.is_variable_initialized(r)


def build_random_ops(tf):
    tf.random_uniform([2])
    tf.random_uniform([2], -1, 1)
    tf.random_uniform([2], 0, 10, tf.int32)
    tf.random_uniform([], seed=1)
    tf.random_uniform(tf.placeholder(tf.int32, [None]))
    tf.random_uniform([2], maxval=5, dtype=tf.int64, name="ru")
    tf.random_normal([2, 3])
    tf.random_normal([2], 1.0, 2.0, seed=4)
    tf.random_normal([2], dtype=tf.float64, name="rn")
    tf.truncated_normal([2, 3], stddev=0.1)
    tf.truncated_normal([2], seed=9)
    tf.random_shuffle(tf.range(5))
    tf.random_shuffle([1, 2], 3)
    tf.multinomial(tf.zeros([2, 3]), 4)
    tf.random.categorical(tf.zeros([2, 3]), 4, tf.int32, seed=2)
    tf.random_uniform(np.array([3]))
    tf.random_uniform((tf.placeholder(tf.int32, []), 2))


def build_random_ops_rare(tf):
    tf.random_gamma([2], 1.0)
    tf.random_poisson(2.0, [3])
    tf.random_crop(tf.zeros([4, 4]), [2, 2])


def build_random_ops_with_seeds(tf):
    tf.set_random_seed(42)
    tf.constant(1.0)
    tf.random_uniform([2])
    tf.random_normal([2])
    tf.random_normal([2], seed=7)
    tf.truncated_normal([2])
    tf.random_shuffle([1, 2, 3])
    tf.multinomial(tf.zeros([1, 2]), 1)
    tf.nn.dropout(tf.ones([2]), 0.5)
    tf.random_uniform([2], 0, 5, tf.int32)
    tf.set_random_seed(0)
    tf.random_uniform([2])
    tf.random_uniform([2], seed=0)
    tf.set_random_seed(None)
    tf.random_uniform([2])
    return [tf.get_seed(3), tf.get_seed(None)]


def build_dropout(tf):
    x, k = tf.placeholder(tf.float32, [None, 4], "x"), tf.placeholder(tf.float32, [], "k")
    tf.nn.dropout(x, 0.7)
    tf.nn.dropout(x, keep_prob=0.7)
    tf.nn.dropout(x, rate=0.3)
    tf.nn.dropout(x, keep_prob=k)
    tf.nn.dropout(x, rate=k, name="d")
    tf.nn.dropout(x, 0.5, noise_shape=[1, 4])
    tf.nn.dropout(x, 1.0)
    tf.nn.dropout(x, rate=0)
    tf.nn.dropout(x, keep_prob=0.5, noise_shape=[tf.shape(x)[0], 1], seed=3)
    tf.nn.dropout(tf.ones([2, 3]), 0.5, [None, 1])
    tf.nn.dropout(tf.ones([2], tf.float64), rate=0.5)
