"""Making variables, and what they say of themselves. Each: (tf, run, var), or (tf, run)."""

import numpy as np


def _says(v):
    """What a variable says of itself."""
    named = [repr(v), v.name, v.op.name, v.op.type, v.dtype.name, str(v.shape)]
    return [*named, v.trainable, v.initializer.name, v.device]


def says(tf, run, var):
    with tf.name_scope("scope"):
        return [_says(var(1.0)), _says(var([[1, 2]], name="i", trainable=False)), _says(var(np.ones([2]), name="n"))]


def types_of_initial_values(tf, run, var):
    given = [1, 1.5, True, "s", [1, 2], [1.0, 2], np.arange(2), np.float16(1), 2**40, 1j, np.array("s"), [], [[1], [2]]]
    return [var(value).dtype.base_dtype.name + str(var(value).shape) for value in given]


def dtype_converts(tf, run, var):
    w = var(1, dtype=tf.float64)
    return [run(w.initializer), run(w)]


def dtype_of_tensor_differs(tf, run, var):
    return var(tf.constant(1), dtype=tf.float32)


def initial_value_function(tf, run, var):
    w = var(lambda: tf.ones([2]) * 3.0, dtype=tf.float32)
    return [run(w.initializer), run(w), w.initial_value.name]


def initial_value_missing(tf, run, var):
    return var(None)


def collections_no_list(tf, run, var):
    return var(1.0, collections="variables")


def constraint_no_function(tf, run, var):
    return var(1.0, constraint=1.0)


def collections(tf, run, var):
    var(1.0, name="a")
    var(1.0, name="b", trainable=False)
    var(1.0, name="c", collections=["mine"])
    var(1.0, name="d", collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
    var(1.0, name="e", synchronization=tf.VariableSynchronization.ON_READ)
    var(1.0, name="f", collections=["mine"], trainable=False)
    lists = [tf.global_variables(), tf.trainable_variables(), tf.local_variables(), tf.get_collection("mine")]
    lists += [tf.global_variables("b"), tf.all_variables(), tf.model_variables(), tf.moving_average_variables()]
    return [[v.name for v in variables] for variables in lists]


def trainable_by_synchronization(tf, run, var):
    return var(1.0, synchronization=tf.VariableSynchronization.ON_READ).trainable


def modes(tf, run, var):
    w = var(1.0, aggregation=tf.VariableAggregation.SUM, synchronization=tf.VariableSynchronization.NONE)
    return [w.aggregation.name, w.synchronization.name, var(1.0).aggregation.name, var(1.0).synchronization.name]


def invalid_mode(tf, run, var):
    return var(1.0, synchronization="often")


def unknown_shape_refused(tf, run):
    return tf.Variable(tf.placeholder(tf.float32))


def unknown_shape(tf, run):
    x = tf.placeholder(tf.float32)
    w = tf.Variable(x, validate_shape=False)
    found = [str(w.shape), run(w.initializer, {x: [1.0, 2.0]}), run(w), run(w.initializer, {x: 3.0}), run(w)]
    return [*found, run(tf.assign(w, [[1.0]], validate_shape=False))]


def unknown_shape_of_a_resource(tf, run):
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(x, use_resource=True)
    return [str(w.shape), run(w.initializer, {x: [1.0, 2.0]}), run(w), str(w.value().shape)]


def shape_given(tf, run):
    w = tf.Variable([1.0, 2.0], shape=tf.TensorShape([None]), use_resource=True)
    run(w.initializer)
    return [str(w.shape), run(w.assign([1.0, 2.0, 3.0])), run(w)]


def names_are_unique(tf, run, var):
    return [var(1.0).name, var(1.0).name, var(1.0, name="w").name, var(1.0, name="w").name, var(1.0, name="W").name]


def initializers_wait_for_nothing(tf, run, var):
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([x]):
        w = var(1.0)
    return [run(w.initializer), run(w)]


def initialized_value(tf, run, var):
    w = var([1.0, 2.0])
    first = run(w.initialized_value())
    run(w.assign([3.0, 4.0]))
    return [first, run(w.initialized_value())]


def initial_value_from_initialized_value(tf, run, var):
    w = var([1.0, 2.0])
    v = var(w.initialized_value() * 2.0)
    return [run(v.initializer), run(v), run(w.initializer), run(w.assign([5.0, 5.0])), run(v.initializer), run(v)]


def initial_value_from_another(tf, run):
    w = tf.Variable([1.0, 2.0])
    v = tf.Variable(tf.reduce_sum(w * 3.0 + 1.0))
    found = [run(v.initializer), run(v)]
    run(w.assign([5.0, 5.0]))
    return [*found, run(v.initializer), run(v)]


def initial_value_from_a_chain(tf, run):
    a = tf.Variable(1.0)
    b = tf.Variable(a + 1.0)
    c = tf.Variable(b * 10.0)
    return [run(c.initializer), run(c), run(tf.global_variables_initializer()), run([a, b, c])]


def initializer_of_all(tf, run, var):
    variables = [var(1.0), var([2.0, 3.0])]
    return [run(tf.global_variables_initializer()), run(variables), tf.global_variables_initializer().name]


def initializers_by_other_names(tf, run, var):
    a, b = var(1.0), var(2.0, collections=[tf.GraphKeys.LOCAL_VARIABLES])
    made = [tf.initialize_all_variables(), tf.initialize_local_variables(), tf.initialize_variables([a], name="mine")]
    made += [tf.local_variables_initializer(), tf.variables_initializer([]), tf.variables_initializer([b])]
    return [run(made[0]), run(made[1]), run([a, b]), [m.name for m in made], [m.type for m in made]]


def what_is_uninitialized(tf, run, var):
    a, b = var(1.0, name="a"), var(2.0, name="b")
    var(2.0, name="c", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    asked = tf.report_uninitialized_variables()
    found = [run(asked), run(tf.report_uninitialized_variables([b]))]
    run([a.initializer, b.initializer])
    return [*found, run(asked), run(tf.report_uninitialized_variables([a])), run(tf.report_uninitialized_variables([]))]


def assert_initialized(tf, run, var):
    var(1.0)
    return run(tf.assert_variables_initialized())


def assert_initialized_holds(tf, run, var):
    a, _ = var(1.0), var([1.0])
    run(tf.global_variables_initializer())
    return [run(tf.assert_variables_initialized()), run(tf.assert_variables_initialized([a]))]


def load(tf, run, var):
    w = var([1.0, 2.0])
    w.load([5.0, 6.0], run.session)
    found = w.eval(session=run.session)
    with run.session.as_default():
        w.load([7.0, 8.0])
        return [found, w.eval()]


def load_without_session(tf, run, var):
    return var(1.0).load(2.0)


def load_other_shape(tf, run, var):
    return var([1.0, 2.0]).load([1.0], run.session)


def read_value(tf, run, var):
    w = var(1.0)
    run(w.initializer)
    with tf.control_dependencies([w.assign_add(1.0)]):
        after = w.read_value()
    return run(after)


def operators(tf, run, var):
    w, i, b = var([3.0, -4.0]), var([7, 2]), var([True, False])
    run(tf.global_variables_initializer())
    found = [w + 1, 1 + w, w - 1, 1 - w, w * 2, 2 * w, w / 2, 2 / w, w // 2, 2 // w, w % 3, 3 % w, w**2, 2**w]
    found += [-w, abs(w), i // 2, i % 2, i / 2, w < 0, w <= 3, w > 0, w >= 3, w + w, i * i]
    found += [b & True, b | True, b ^ True, ~b, True & b]
    found += [var([[1.0, 2.0]]) @ np.ones([2, 1], np.float32), np.ones([1, 1], np.float32) @ var([[3.0]])]
    run(tf.global_variables_initializer())
    return run(found)


def operator_with_array(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    return run([w + np.ones(2, np.float32), np.ones(2, np.float32) + w, np.float32(2) * w])


def operator_with_other_type(tf, run, var):
    return var([1, 2]) + 1.5


def equality(tf, run, var):
    v, w = var(1.0), var(1.0)
    return [v == v, v == w, v != w, len({v, w, v}), w in [v], v in [v, w]]


def iteration(tf, run, var):
    return list(var([1.0, 2.0]))


def as_bool(tf, run, var):
    return bool(tf.identity(var(1.0)) > 0.0)


def indexing(tf, run, var):
    w = var(np.arange(6).reshape(2, 3))
    run(w.initializer)
    return run([w[0], w[:, 1], w[..., -1], w[1, 2], w[::-1, tf.newaxis]])


def in_place_addition(tf, run):
    w = tf.Variable(1.0)
    run(w.initializer)
    v = w
    v += 1.0
    return [run([v, w]), v is w]


def in_place_addition_of_a_resource(tf, run):
    w = tf.Variable(1.0, use_resource=True)
    w += 1.0


def as_tensor(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    values = [tf.convert_to_tensor(w), tf.identity(w), tf.stack([w, w]), tf.concat([w, [3.0]], 0)]
    return run([*values, tf.shape(w), tf.rank(w)])


def as_tensor_of_other_type(tf, run, var):
    return tf.convert_to_tensor(var(1.0), dtype=tf.int32)


def fetched_in_structures(tf, run, var):
    v, w = var(1.0), var(2.0)
    run(tf.global_variables_initializer())
    return [run({"v": v, "both": (v, [w])}), run(w.name if w.op.type == "VariableV2" else w)]


def constraint_is_kept(tf, run, var):
    return var(1.0, constraint=tf.nn.relu).constraint is tf.nn.relu


def save_slice_info(tf, run, var):
    info = tf.Variable.SaveSliceInfo("whole", [4, 6], [0, 2], [4, 3])
    return [info.spec, str(info.to_proto()), info.to_proto("other") is None, info.to_proto("who").full_name]


def protos(tf, run, var):
    with tf.name_scope("scope"):
        w = var([1.0, 2.0], name="w", trainable=False)
    proto = w.to_proto()
    again = var(variable_def=proto)
    run(again.initializer)
    found = [str(proto), _says(again), run(again), run(again.assign([3.0, 4.0])), run(w), again.initial_value.name]
    return [*found, w.to_proto("other") is None, str(w.to_proto("scope"))]


def from_proto(tf, run):
    w = tf.Variable.from_proto(tf.Variable([1.0, 2.0]).to_proto())
    return [run(w.initializer), run(w), _says(w)]


def import_scope(tf, run, var):
    with tf.name_scope("scope"):
        proto = var([1.0, 2.0], name="w").to_proto("scope")
    return _says(var(variable_def=proto, import_scope="scope"))


def proto_of_a_cached_variable(tf, run, var):
    return str(var(1.0, caching_device="/cpu:0", name="w").to_proto())


def proto_and_initial_value(tf, run, var):
    return tf.Variable(1.0, variable_def=var(1.0).to_proto())


def kinds(tf, run):
    found = []
    with tf.variable_scope("r", use_resource=True):
        found += [tf.Variable(1.0), tf.get_variable("v", []), tf.Variable(1.0, use_resource=False)]
    tf.enable_resource_variables()
    found += [tf.Variable(1.0), tf.get_variable("w", []), tf.Variable(1.0, use_resource=False)]
    enabled = tf.resource_variables_enabled()
    tf.disable_resource_variables()
    return [[v.op.type for v in found], enabled, tf.resource_variables_enabled()]


def isinstance_of_variable(tf, run, var):
    return isinstance(var(1.0), tf.Variable)


def in_a_branch(tf, run, var):
    w = var(lambda: 2.0)
    run(w.initializer)
    return run(tf.cond(tf.constant(True), lambda: w * 2.0, lambda: w))


def made_in_a_branch(tf, run):
    tf.cond(tf.constant(True), lambda: tf.Variable(lambda: 2.0, name="w"), lambda: tf.constant(1.0))
    return [v.name for v in tf.global_variables()]


def update_in_a_branch(tf, run, var):
    w = var(1.0)
    run(w.initializer)
    yes = tf.placeholder(tf.bool, [])
    choice = tf.cond(yes, lambda: tf.identity(w.assign_add(1.0)), lambda: tf.identity(w))
    return [run(choice, {yes: True}), run(choice, {yes: False}), run(w)]


def set_shape(tf, run):
    w = tf.Variable(tf.placeholder(tf.float32), validate_shape=False)
    w.set_shape([2])
    return [str(w.shape), str(w.value().shape)]


def set_shape_of_a_resource(tf, run):
    tf.Variable([1.0], use_resource=True).set_shape([1])


def sparse_read(tf, run):
    w = tf.Variable(np.arange(6.0).reshape(3, 2), use_resource=True)
    run(w.initializer)
    return run([w.sparse_read([2, 0]), w.gather_nd([[1, 1]])])


def sparse_read_of_a_reference(tf, run):
    return tf.Variable([1.0]).sparse_read([0])
