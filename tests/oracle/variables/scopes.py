"""Variable scopes: sharing, names, defaults. Each: (tf, run)."""

import numpy as np


def _names(variables):
    return [v.name for v in variables]


def shared(tf, run):
    with tf.variable_scope("s"):
        w = tf.get_variable("w", [1])
    with tf.variable_scope("s", reuse=True):
        return [tf.get_variable("w") is w, tf.get_variable("w", [1]) is w, tf.get_variable("w", [None]) is w]


def made_twice(tf, run):
    tf.get_variable("w", [1])
    tf.get_variable("w", [1])


def shared_but_missing(tf, run):
    with tf.variable_scope("s", reuse=True):
        tf.get_variable("w", [1])


def shared_with_other_shape(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [1])
        tf.get_variable("w", [2])


def shared_with_other_type(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [1])
        tf.get_variable("w", [1], tf.int32)


def variable_is_not_shared(tf, run):
    tf.Variable(1.0, name="w")
    with tf.variable_scope("", reuse=True):
        tf.get_variable("w", [])


def variable_and_get_variable(tf, run):
    return [tf.Variable(1.0, name="w").name, tf.get_variable("w", []).name]


def reuse_inherited(tf, run):
    with tf.variable_scope("a"), tf.variable_scope("b"):
        tf.get_variable("w", [1])
    with tf.variable_scope("a", reuse=True) as a, tf.variable_scope("b", reuse=False) as b:
        return [a.reuse, b.reuse, tf.get_variable("w").name]


def reuse_ends_with_the_scope(tf, run):
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE) as a:
        tf.get_variable("w", [1])
    with tf.variable_scope("a") as again:
        return [a.reuse is tf.AUTO_REUSE, again.reuse is False, tf.get_variable_scope().reuse is False]


def reuse_variables(tf, run):
    with tf.variable_scope("a") as scope:
        w = tf.get_variable("w", [1])
        scope.reuse_variables()
        with tf.variable_scope("b") as inner:
            inside = inner.reuse
        found = [tf.get_variable("w") is w, inside]
    return [*found, tf.get_variable_scope().reuse]


def reuse_of_nonsense(tf, run):
    with tf.variable_scope("a", reuse="yes"):
        pass


def reuse_without_a_name(tf, run):
    with tf.variable_scope(None, "default", reuse=True):
        pass


def neither_name_nor_default(tf, run):
    with tf.variable_scope(None):
        pass


def name_of_another_type(tf, run):
    with tf.variable_scope(3):
        pass


def auxiliary_of_another_type(tf, run):
    with tf.variable_scope("a", auxiliary_name_scope=None):
        pass


def default_names(tf, run):
    found = []
    for _ in range(3):
        with tf.variable_scope(None, "layer") as scope:
            found.append([scope.name, scope.original_name_scope, tf.get_variable("w", [1]).name])
    with tf.variable_scope("outer"):
        for _ in range(2):
            with tf.variable_scope(None, "layer") as scope:
                found.append(scope.name)
    with tf.variable_scope("outer"), tf.variable_scope(None, "layer") as scope:
        found.append(scope.name)
    return found


def default_names_and_given_names(tf, run):
    with tf.variable_scope("layer"):
        pass
    with tf.variable_scope(None, "layer") as second, tf.variable_scope("layer_1"):
        pass
    with tf.variable_scope(None, "layer") as third:
        return [second.name, third.name]


def default_names_in_a_reopened_scope(tf, run):
    with tf.variable_scope("outer") as outer, tf.variable_scope(None, "layer"):
        pass
    found = []
    for _ in range(2):
        with tf.variable_scope(outer), tf.variable_scope(None, "layer") as scope:
            found.append([scope.name, tf.constant(1).name])
    return found


def reopened(tf, run):
    with tf.variable_scope("a", initializer=tf.constant_initializer(2.0), dtype=tf.float64) as a:
        tf.get_variable("w", [])
    with tf.variable_scope("elsewhere"), tf.variable_scope(a) as again:
        v = tf.get_variable("v", [])
        found = [again.name, again.original_name_scope, v.name, v.dtype.name, tf.constant(1).name, again is a]
    run(tf.global_variables_initializer())
    return [*found, run(v)]


def reopened_without_name_scope(tf, run):
    with tf.variable_scope("a") as a:
        pass
    with tf.variable_scope(a, auxiliary_name_scope=False), tf.name_scope(a.original_name_scope):
        return [tf.get_variable("v", []).name, tf.constant(1).name]


def same_object_entered_twice(tf, run):
    scope = tf.variable_scope("a")
    found = []
    for i in range(2):
        with scope as s:
            found.append([s.name, tf.get_variable("v%d" % i, []).name, tf.constant(1).name])
    return found


def empty_scope(tf, run):
    with tf.variable_scope("a"), tf.variable_scope("") as scope:
        return [scope.name, tf.get_variable("v", []).name, tf.constant(1).name]


def root_scope(tf, run):
    root = tf.get_variable_scope()
    with tf.variable_scope("a"), tf.variable_scope(root) as again:
        found = [root.name, again.name, tf.get_variable("v", []).name, tf.constant(1).name]
    with tf.variable_scope(root, reuse=True):
        return [*found, tf.get_variable("v", []).name]


def values_choose_the_graph(tf, run):
    other = tf.Graph()
    with other.as_default():
        x = tf.constant(1.0)
    with tf.variable_scope("a", values=[x]):
        return [tf.get_variable("v", []).graph is other, tf.get_default_graph() is other]


def what_a_scope_says(tf, run):
    def getter(getter, *args, **kwargs):
        return getter(*args, **kwargs)

    given = {"caching_device": "/cpu:0", "custom_getter": getter, "use_resource": True, "constraint": tf.nn.relu}
    with tf.variable_scope("a", **given), tf.variable_scope("b") as b:
        found = [b.caching_device, b.custom_getter is getter, b.use_resource, b.constraint is None, b.dtype.name]
        return [*found, b.initializer, b.regularizer, b.partitioner]


def setters(tf, run):
    with tf.variable_scope("a") as scope:
        scope.set_initializer(tf.constant_initializer(7.0))
        scope.set_dtype(tf.float64)
        scope.set_use_resource(True)
        v = tf.get_variable("v", [])
    run(v.initializer)
    return [run(v), v.op.type, v.dtype.name]


def lists_of_a_scope(tf, run):
    with tf.variable_scope("a") as scope:
        tf.get_variable("v", [])
        tf.get_variable("w", [], trainable=False)
        tf.get_local_variable("l", [])
    tf.get_variable("a_x", [])
    lists = [scope.global_variables(), scope.trainable_variables(), scope.local_variables()]
    return [_names(variables) for variables in [*lists, scope.get_collection("none")]]


def local_variables(tf, run):
    v = tf.get_local_variable("l", [2], initializer=tf.zeros_initializer(), collections=["mine"])
    run(tf.local_variables_initializer())
    lists = [tf.local_variables(), tf.get_collection("mine"), tf.global_variables()]
    return [run(v), v.trainable, [_names(variables) for variables in lists]]


def initializers_by_type(tf, run):
    given = [tf.int32, tf.int64, tf.bool, tf.string, tf.uint8]
    variables = [tf.get_variable(d.name, [2], d) for d in given]
    run(tf.global_variables_initializer())
    return run(variables)


def no_initializer_for_complex(tf, run):
    tf.get_variable("w", [2], tf.complex64)


def initial_values(tf, run):
    variables = [
        tf.get_variable("a", initializer=[1.0, 2.0]),
        tf.get_variable("b", initializer=np.arange(3)),
        tf.get_variable("c", initializer=tf.constant([[1]])),
        tf.get_variable("d", initializer=lambda: tf.ones([2])),
        tf.get_variable("e", [2], initializer=tf.ones_initializer),
        tf.get_variable("f", [2], initializer=lambda shape, dtype, partition_info: tf.fill(shape, 5.0)),
        tf.get_variable("g", initializer="text"),
        tf.get_variable("h", dtype=tf.float64, initializer=np.float64(3.0)),
    ]
    run(tf.global_variables_initializer())
    return run(variables)


def initial_value_and_shape(tf, run):
    tf.get_variable("a", [2], initializer=[1.0, 2.0])


def initial_value_and_other_type(tf, run):
    tf.get_variable("a", dtype=tf.int32, initializer=tf.constant(1.0))


def shape_missing(tf, run):
    tf.get_variable("a")


def shape_unknown(tf, run):
    tf.get_variable("a", [None, 2])


def initializer_of_a_scope(tf, run):
    with tf.variable_scope("a", initializer=tf.ones_initializer()):
        v, w = tf.get_variable("v", [2]), tf.get_variable("w", [2], initializer=tf.zeros_initializer())
        with tf.variable_scope("b", initializer=tf.constant_initializer(3.0)):
            u = tf.get_variable("u", [2])
        with tf.variable_scope("c"):
            t = tf.get_variable("t", [2])
    run(tf.global_variables_initializer())
    return run([v, w, u, t])


def regularizers(tf, run):
    with tf.variable_scope("a", regularizer=lambda w: tf.reduce_sum(w) * 2.0, initializer=tf.ones_initializer()):
        tf.get_variable("v", [3])
        tf.get_variable("w", [3], regularizer=tf.no_regularizer)
        tf.get_variable("u", [3], regularizer=lambda w: tf.reduce_max(w))
        tf.get_variable_scope().reuse_variables()
        tf.get_variable("v", [3])
    run(tf.global_variables_initializer())
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    return [_names(losses), run(losses)]


def contrib_regularizers(tf, run):
    layers = tf.contrib.layers
    w = tf.constant([1.0, -2.0, 3.0])
    made = [layers.l1_regularizer(0.5), layers.l2_regularizer(0.5), layers.l1_l2_regularizer(0.5, 0.25)]
    made += [layers.l1_l2_regularizer(0.0, 0.25), layers.sum_regularizer([made[0], None, made[1]])]
    values = [run(regularizer(w)) for regularizer in made]
    nothing = [layers.l1_regularizer(0.0)(w), layers.sum_regularizer([]), layers.sum_regularizer([lambda _: None])(w)]
    return [values, nothing, run(layers.apply_regularization(made[0], [w, w * 2.0]))]


def regularizer_of_integer_scale(tf, run):
    tf.contrib.layers.l2_regularizer(1)


def regularizer_of_negative_scale(tf, run):
    tf.contrib.layers.l1_regularizer(-0.5)


def regularization_of_nothing(tf, run):
    tf.contrib.layers.apply_regularization(tf.contrib.layers.l1_regularizer(0.5))


def custom_getters(tf, run):
    order = []

    def noted(tag):
        def getter(getter, name, *args, **kwargs):
            order.append([tag, name, sorted(kwargs)])
            return getter(name, *args, **kwargs)

        return getter

    with tf.variable_scope("a", custom_getter=noted("outer")):
        with tf.variable_scope("b", custom_getter=noted("inner")):
            tf.get_variable("v", [1])
        tf.get_variable("w", [1], custom_getter=noted("own"))
    return order


def custom_getter_without_constraint(tf, run):
    def getter(getter, name, shape, dtype, initializer, regularizer, reuse, trainable, collections, caching_device,
               partitioner, validate_shape, use_resource, synchronization, aggregation):  # fmt: skip
        return getter(name, shape, dtype, tf.ones_initializer(), trainable=False)

    v = tf.get_variable("v", [2], custom_getter=getter)
    run(v.initializer)
    return [run(v), v.trainable]


def custom_getter_of_nonsense(tf, run):
    tf.get_variable("v", [2], custom_getter=3)


def creators(tf, run):
    order = []

    def noted(tag, **more):
        def creator(next_creator, **kwargs):
            order.append([tag, kwargs["name"], kwargs["trainable"], sorted(kwargs)])
            kwargs.update(more)
            return next_creator(**kwargs)

        return creator

    with tf.variable_creator_scope(noted("outer")), tf.variable_creator_scope(noted("inner", trainable=False)):
        v, w = tf.Variable(1.0, name="v"), tf.get_variable("w", [])
    tf.Variable(1.0)
    return [order, v.trainable, w.trainable]


def partitions(tf, run):
    found = []
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(3)):
        initial = np.arange(14.0, dtype=np.float32).reshape(7, 2)
        w = tf.get_variable("w", initializer=tf.constant(initial))
        scalar = tf.get_variable("scalar", [])
        tf.get_variable_scope().reuse_variables()
        found.append([tf.get_variable("w", [7, 2]) is w, scalar.name])
    run(tf.global_variables_initializer())
    infos = [v._get_save_slice_info().spec for v in w]
    found += [w.name, str(w.get_shape()), w.dtype.name, len(w), _names(w), infos, run(list(w)), run(w.as_tensor())]
    found += [run(tf.add(w, 1.0)), run(tf.convert_to_tensor(w)), w.as_tensor().name]
    found += [run(w.assign(-initial)), run(w.assign_add(initial)), run(w.assign_sub([v * 0.5 for v in w]))]
    return [*found, _names(tf.global_variables())]


def partitions_of_random_values(tf, run):
    tf.set_random_seed(1)
    halves = tf.fixed_size_partitioner(2)
    w = tf.get_variable("w", [4, 3], partitioner=halves, initializer=tf.glorot_uniform_initializer())
    run(tf.global_variables_initializer())
    return run(w.as_tensor())


def partitions_along_two_axes(tf, run):
    tf.get_variable("w", [4, 4], partitioner=lambda shape, dtype: [2, 2])


def partitions_of_other_rank(tf, run):
    tf.get_variable("w", [4, 4], partitioner=lambda shape, dtype: [2])


def partitions_of_zero(tf, run):
    tf.get_variable("w", [4, 4], partitioner=lambda shape, dtype: [0, 1])


def partitions_shared_as_whole(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))
        tf.get_variable("w", [4])


def whole_shared_as_partitions(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [4])
        tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))


def partitions_shared_with_other_shape(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))
        tf.get_variable("w", [6], partitioner=tf.fixed_size_partitioner(2))


def partitions_made_twice(tf, run):
    tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))


def partitioners(tf, run):
    shapes = [tf.TensorShape(s) for s in ([64, 4], [4, 64], [1], [1000, 1000])]
    by_size, by_count = tf.variable_axis_size_partitioner, tf.min_max_variable_partitioner
    made = [tf.fixed_size_partitioner(3), by_size(256), by_size(1000, max_shards=3)]
    made += [by_count(4, min_slice_size=128), by_count(7)]
    found = [[m(shape=s, dtype=tf.float32) for s in shapes] for m in made]
    along = [tf.fixed_size_partitioner(3, axis=1), by_size(256, axis=1), by_count(4, axis=1, min_slice_size=128)]
    found += [[m(shape=s, dtype=tf.string) for s in shapes[:2]] for m in along]
    return found


def partitioner_of_no_bytes(tf, run):
    tf.variable_axis_size_partitioner(0)


def create_partitioned_variables(tf, run):
    made = tf.create_partitioned_variables([4, 2], [2, 1], tf.ones_initializer(), name="mine")
    other = tf.create_partitioned_variables([4, 2], [1, 2], tf.ones_initializer())
    run(tf.global_variables_initializer())
    return [_names(made), _names(other), run(made)]


def create_partitioned_variables_of_other_rank(tf, run):
    tf.create_partitioned_variables([4, 2], [2], tf.ones_initializer())


def templates(tf, run):
    def scale(x, by=1.0):
        return x * tf.get_variable("w", [], initializer=tf.constant_initializer(3.0)) * by

    one, two = tf.make_template("scale", scale), tf.make_template("scale", scale, by=10.0)
    before = [one.variable_scope is None, one.variables, one.name]
    outputs = [one(1.0), one(2.0), two(1.0), two(2.0, by=100.0)]
    run(tf.global_variables_initializer())
    said = [one.variable_scope.name, one.variable_scope_name, _names(one.variables), _names(two.trainable_variables)]
    return [before, run(outputs), said, _names(tf.global_variables()), [o.name for o in outputs]]


def template_scope_now(tf, run):
    template = tf.make_template("t", lambda: tf.get_variable("w", []), create_scope_now_=True)
    with tf.variable_scope("elsewhere"):
        return [template.variable_scope.name, template().name, template().name]


def template_unique_name(tf, run):
    first = tf.make_template("t", lambda: tf.get_variable("w", []), unique_name_="u")
    second = tf.make_template("t", lambda: tf.get_variable("w", []), unique_name_="u")
    first()
    second()


def template_making_more(tf, run):
    template = tf.make_template("t", lambda: tf.Variable(1.0))
    template()
    template()


def template_without_name(tf, run):
    tf.make_template(None, lambda: None)


def variable_op_scope(tf, run):
    with tf.variable_op_scope([tf.constant(1.0)], None, "default") as scope:
        return [scope.name, tf.get_variable("v", []).name]


def name_scopes_and_variable_scopes(tf, run):
    with tf.name_scope("n"), tf.variable_scope("v"):
        found = [tf.get_variable("w", []).name, tf.Variable(1.0, name="w").name, tf.constant(1).name]
    with tf.name_scope("n"), tf.variable_scope("v", reuse=True):
        return [*found, tf.get_variable("w", []).name, tf.constant(1).name]


def error_inside(tf, run):
    try:
        with tf.variable_scope("a", reuse=True):
            tf.get_variable("v", [])
    except ValueError:
        pass
    return [tf.get_variable_scope().name, tf.get_variable_scope().reuse, tf.constant(1).name]


def caching_device(tf, run):
    with tf.variable_scope("a", caching_device="/cpu:0"):
        v, w = tf.get_variable("v", []), tf.get_variable("w", [], use_resource=True)
    return [v.value().device, v.value().name, w.value().device, w.value().name, w.value() is w.value()]
