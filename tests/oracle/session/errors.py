"""What is refused, and when. Each case: (tf, run); it raises while defining or inside `run`, or returns a value."""

import numpy as np


def unfed_placeholder(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    return run(x * 2.0)


def unfed_placeholder_fetched(tf, run):
    return run(tf.placeholder(tf.float32, [2], name="x"))


def unfed_placeholder_not_needed(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    return run(tf.shape(x)), run(tf.zeros_like(x))


def unfed_placeholder_as_control_input(tf, run):
    with tf.control_dependencies([tf.placeholder(tf.float32, [2], name="x")]):
        return run(tf.constant(1.0))


def fetch_from_other_graph(tf, run):
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    tf.constant(2.0)
    return run(other)


def mixing_graphs(tf, run):
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    return other + tf.constant(1.0)


def mixing_graphs_in_op(tf, run):
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    return tf.matmul([[1.0]], tf.reshape(other, [1, 1])) + tf.placeholder(tf.float32)


def tensor_as_bool(tf, run):
    return bool(tf.constant(1.0) > 0.0)


def tensor_in_and(tf, run):
    return tf.constant(True) and tf.constant(False)


def tensor_chained_comparison(tf, run):
    return 0 < tf.constant(1) < 2


def iterating_tensor(tf, run):
    return list(tf.constant([1.0, 2.0]))


def unpacking_tensor(tf, run):
    a, _b = tf.constant([1.0, 2.0])
    return a


def iterating_variable(tf, run):
    return list(tf.Variable([1.0, 2.0]))


def len_of_tensor(tf, run):
    return len(tf.constant([1.0, 2.0]))


def int_of_tensor(tf, run):
    return int(tf.constant(1))


def float_of_tensor(tf, run):
    return float(tf.constant(1.0))


def tensor_as_index(tf, run):
    return [1, 2, 3][tf.constant(1)]


def tensor_in_range(tf, run):
    return list(range(tf.constant(3)))


def numpy_of_tensor(tf, run):
    return np.asarray(tf.constant([1.0])).dtype.name


def tensor_equality(tf, run):
    a, b = tf.constant(1.0), tf.constant(1.0)
    return a == a, a == b, a != b, a in [b], len({a, b, a})


def tensor_attributes(tf, run):
    return tf.constant(1.0).numpy()


def set_shape_conflict(tf, run):
    tf.placeholder(tf.float32, [2, 3]).set_shape([3, 3])


def uninitialized_variable(tf, run):
    return run(tf.Variable([1.0], name="w") * 2.0)


def uninitialized_variable_fetched(tf, run):
    return run(tf.Variable([1.0], name="w"))


def uninitialized_resource_variable(tf, run):
    return run(tf.Variable([1.0], name="w", use_resource=True) * 2.0)


def uninitialized_variable_assign_add(tf, run):
    return run(tf.assign_add(tf.Variable([1.0], name="w"), [1.0]))


def uninitialized_resource_variable_assign_add(tf, run):
    return run(tf.assign_add(tf.Variable([1.0], name="w", use_resource=True), [1.0]))


def initializer_of_uninitialized(tf, run):
    a = tf.Variable([1.0], name="a")
    return run(tf.Variable(a + 1.0, name="b").initializer)


def initializer_of_uninitialized_value(tf, run):
    a = tf.Variable([1.0], name="a")
    b = tf.Variable(a + 1.0, name="b")
    run(b.initializer)
    return run(b)


def initializers_together_that_depend(tf, run):
    a = tf.Variable([1.0], name="a")
    b = tf.Variable(a.initialized_value() + 1.0, name="b")
    run(tf.global_variables_initializer())
    return run([a, b])


def closed_session(tf, run):
    a = tf.constant(1.0)
    run.session.close()
    return run(a)


def no_default_session(tf, run):
    return tf.constant(1.0).eval()


def session_of_empty_graph(tf, run):
    with tf.Session(graph=tf.Graph()) as session:
        return session.run([])


def integer_division_by_zero(tf, run):
    x = tf.placeholder(tf.int32, [2], name="x")
    return run(x // 0, {x: [1, 2]})


def integer_division_by_zero_of_constants(tf, run):
    return run(tf.constant([1, 2]) // tf.constant(0))


def integer_modulo_by_zero(tf, run):
    x = tf.placeholder(tf.int32, [2], name="x")
    return run(x % 0, {x: [1, 2]})


def integer_div_by_zero(tf, run):
    x = tf.placeholder(tf.int32, [2], name="x")
    return run(tf.div(x, tf.zeros_like(x)), {x: [1, 2]})


def integer_truediv_by_zero(tf, run):
    x = tf.placeholder(tf.int32, [2], name="x")
    return run(x / 0, {x: [1, -2]})


def float_division_by_zero(tf, run):
    x = tf.placeholder(tf.float32, [3], name="x")
    return run([x / 0.0, x // 0.0, x % 0.0], {x: [1.0, -1.0, 0.0]})


def integer_power_negative(tf, run):
    x = tf.placeholder(tf.int32, [2], name="x")
    return run(tf.pow(x, -1), {x: [2, 1]})


def gather_out_of_range(tf, run):
    i = tf.placeholder(tf.int32, [1], name="i")
    return run(tf.gather([1.0, 2.0], i, name="g"), {i: [2]})


def gather_negative(tf, run):
    i = tf.placeholder(tf.int32, [1], name="i")
    return run(tf.gather([1.0, 2.0], i, name="g"), {i: [-1]})


def gather_from_empty(tf, run):
    i = tf.placeholder(tf.int32, [0], name="i")
    return run(tf.gather(tf.zeros([0, 2]), i), {i: []})


def gather_nd_out_of_range(tf, run):
    i = tf.placeholder(tf.int32, [1, 1], name="i")
    return run(tf.gather_nd([1.0, 2.0], i), {i: [[5]]})


def embedding_lookup_out_of_range(tf, run):
    w = tf.Variable([[1.0], [2.0]])
    i = tf.placeholder(tf.int32, [1], name="i")
    run(w.initializer)
    return run(tf.nn.embedding_lookup(w, i), {i: [2]})


def embedding_lookup_out_of_range_resource(tf, run):
    w = tf.Variable([[1.0], [2.0]], use_resource=True)
    i = tf.placeholder(tf.int32, [1], name="i")
    run(w.initializer)
    return run(tf.nn.embedding_lookup(w, i), {i: [2]})


def sparse_xent_label_out_of_range(tf, run):
    y = tf.placeholder(tf.int32, [1], name="y")
    return run(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=[[1.0, 2.0]]), {y: [2]})


def one_hot_out_of_range(tf, run):
    return run(tf.one_hot([3, -1, 1], 2))


def scatter_update_out_of_range(tf, run):
    w = tf.Variable([1.0, 2.0])
    run(w.initializer)
    return run(tf.scatter_update(w, [2], [1.0]))


def scatter_nd_out_of_range(tf, run):
    i = tf.placeholder(tf.int32, [1, 1])
    return run(tf.scatter_nd(i, [1.0], [2]), {i: [[2]]})


def segment_ids_unsorted(tf, run):
    i = tf.placeholder(tf.int32, [2])
    return run(tf.segment_sum([1.0, 2.0], i), {i: [1, 0]})


def index_out_of_range_known_shape(tf, run):
    return tf.constant([1, 2])[2]


def index_out_of_range_fed_shape(tf, run):
    x = tf.placeholder(tf.float32, [None])
    return run(x[2], {x: [1.0, 2.0]})


def slice_past_end(tf, run):
    return run(tf.constant([1, 2])[1:9])


def slice_op_past_end(tf, run):
    x = tf.placeholder(tf.float32, [None])
    return run(tf.slice(x, [1], [5]), {x: [1.0, 2.0]})


def check_numerics_nan(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    return run(tf.check_numerics(x, "my words"), {x: [1.0, np.nan]})


def check_numerics_inf(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    return run(tf.check_numerics(x, "my words"), {x: [1.0, np.inf]})


def add_check_numerics_ops(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.log(x)
    return run([y, tf.add_check_numerics_ops()], {x: [1.0, -1.0]})


def assert_false(tf, run):
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x > 0), [x])]):
        return run(x + 1.0, {x: [1.0, -1.0]})


def assert_static_false(tf, run):
    return tf.assert_equal(tf.constant(1), tf.constant(2))


def assert_equal_at_run(tf, run):
    x = tf.placeholder(tf.int32, [], name="x")
    return run(tf.assert_equal(x, 2), {x: 1})


def reshape_impossible_static(tf, run):
    return tf.reshape([1, 2, 3], [2, 2])


def reshape_impossible_at_run(tf, run):
    x = tf.placeholder(tf.float32, [None], name="x")
    return run(tf.reshape(x, [2, 2]), {x: [1.0, 2.0, 3.0]})


def reshape_two_unknown(tf, run):
    return tf.reshape([1, 2, 3, 4], [-1, -1])


def matmul_shapes_static(tf, run):
    return tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3]))


def matmul_shapes_at_run(tf, run):
    x = tf.placeholder(tf.float32, name="x")
    return run(tf.matmul(x, tf.zeros([2, 3])), {x: np.zeros([2, 3])})


def matmul_rank(tf, run):
    return tf.matmul(tf.zeros([3]), tf.zeros([3, 2]))


def broadcast_static(tf, run):
    return tf.zeros([2, 3]) + tf.zeros([2, 2])


def broadcast_at_run(tf, run):
    x = tf.placeholder(tf.float32, name="x")
    return run(x + tf.zeros([2, 2]), {x: np.zeros([2, 3])})


def concat_shapes_static(tf, run):
    return tf.concat([tf.zeros([2, 3]), tf.zeros([3, 2])], 0)


def concat_shapes_at_run(tf, run):
    x = tf.placeholder(tf.float32, name="x")
    return run(tf.concat([x, tf.zeros([3, 2])], 0), {x: np.zeros([2, 3])})


def axis_out_of_range(tf, run):
    return tf.reduce_sum(tf.zeros([2, 3]), 2)


def axis_out_of_range_at_run(tf, run):
    x = tf.placeholder(tf.float32, name="x")
    return run(tf.reduce_sum(x, 2), {x: np.zeros([2, 3])})
