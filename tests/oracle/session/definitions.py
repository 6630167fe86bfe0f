"""What is refused while defining: dtypes, constants, variables, names, gradients, layers. Each case: (tf, run)."""

import numpy as np


def dtype_mixing(tf, run):
    return tf.constant(1.0) + tf.constant(1)


def dtype_mixing_numpy(tf, run):
    return tf.constant(1.0) + np.float64(1.5)


def dtype_mixing_numpy_array(tf, run):
    return tf.constant([1.0]) + np.array([1.5])


def dtype_int_plus_float(tf, run):
    return tf.constant(1) + 1.5


def dtype_int_times_integral_float(tf, run):
    return tf.constant(1) * 2.0


def dtype_not_allowed(tf, run):
    return tf.sqrt(tf.constant(1))


def dtype_of_keyword(tf, run):
    return tf.constant(1.5, tf.int32)


def dtype_text_to_number(tf, run):
    return tf.constant("a", tf.float32)


def constant_from_none(tf, run):
    return tf.constant(None)


def constant_none_inside(tf, run):
    return tf.constant([1.0, None])


def constant_ragged(tf, run):
    return tf.constant([[1], [1, 2]])


def constant_mixed(tf, run):
    return run(tf.constant([1, 2.5]))


def constant_mixed_reverse(tf, run):
    return run(tf.constant([2.5, 1]))


def constant_bool_int(tf, run):
    return run(tf.constant([True, 2]))


def constant_text_and_number(tf, run):
    return tf.constant(["a", 1])


def constant_int_overflow(tf, run):
    return run(tf.constant(2**40))


def constant_huge_int(tf, run):
    return tf.constant(2**70)


def constant_shape_too_small(tf, run):
    return tf.constant([1, 2, 3], shape=[2])


def constant_shape_fills(tf, run):
    return run(tf.constant([1, 2], shape=[2, 2]))


def variable_twice(tf, run):
    tf.get_variable("w", [1])
    tf.get_variable("w", [1])


def variable_reuse_missing(tf, run):
    with tf.variable_scope("s", reuse=True):
        tf.get_variable("w", [1])


def variable_reuse_other_shape(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [1])
        tf.get_variable("w", [2])


def variable_reuse_other_dtype(tf, run):
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        tf.get_variable("w", [1])
        tf.get_variable("w", [1], tf.int32)


def variable_without_shape(tf, run):
    tf.get_variable("w")


def variable_unknown_shape(tf, run):
    tf.get_variable("w", [None, 2])


def variable_shape_and_constant(tf, run):
    tf.get_variable("w", [2], initializer=tf.constant([1.0, 2.0]))


def variable_without_initial_value(tf, run):
    tf.Variable()


def assign_wrong_shape(tf, run):
    tf.assign(tf.Variable([1.0, 2.0]), [1.0, 2.0, 3.0])


def assign_wrong_shape_at_run(tf, run):
    w, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    run(w.initializer)
    return run(tf.assign(w, x), {x: [1.0, 2.0, 3.0]})


def assign_wrong_shape_at_run_resource(tf, run):
    w, x = tf.Variable([1.0, 2.0], use_resource=True), tf.placeholder(tf.float32)
    run(w.initializer)
    return run(tf.assign(w, x), {x: [1.0, 2.0, 3.0]})


def assign_wrong_dtype(tf, run):
    tf.assign(tf.Variable([1.0, 2.0]), tf.constant([1, 2]))


def assign_to_tensor(tf, run):
    tf.assign(tf.constant([1.0]), [2.0])


def sliced_assign_to_tensor(tf, run):
    tf.constant([1.0, 2.0])[0].assign(1.0)


def item_assignment(tf, run):
    tf.constant([1.0])[0] = 1.0


def variable_plus_equals(tf, run):
    w = tf.Variable([1.0])
    w += 1.0
    return type(w).__name__ == "Tensor"


def variable_in_loop_body_graph(tf, run):
    g = tf.Graph()
    with g.as_default():
        w = tf.Variable([1.0])
    return w * 2.0, tf.constant(1.0).graph is g


def finalized_graph(tf, run):
    run.session.graph.finalize()
    tf.constant(1.0)


def bad_name(tf, run):
    tf.constant(1.0, name="a b")


def bad_scope_name(tf, run):
    with tf.name_scope("_a"):
        tf.constant(1.0)


def odd_names(tf, run):
    return [tf.constant(1.0, name=n).op.name for n in ["a.b", "A-1", "9", "a/b", "a/b", "A/B", "c/"]]


def bad_character_in_name(tf, run):
    tf.constant(1.0, name="x\\y")


def name_with_angle_bracket(tf, run):
    tf.constant(1.0, name="x>y")


def name_starting_with_dash(tf, run):
    tf.constant(1.0, name="-x")


def tensor_by_missing_name(tf, run):
    tf.get_default_graph().get_tensor_by_name("nowhere:0")


def tensor_by_op_name(tf, run):
    tf.constant(1.0, name="a")
    tf.get_default_graph().get_tensor_by_name("a")


def operation_by_missing_name(tf, run):
    tf.get_default_graph().get_operation_by_name("nowhere")


def operation_by_tensor_name(tf, run):
    tf.constant(1.0, name="a")
    tf.get_default_graph().get_operation_by_name("a:0")


def missing_attr(tf, run):
    tf.constant(1.0).op.get_attr("nowhere")


def gradients_of_integers(tf, run):
    x = tf.constant([1, 2])
    return tf.gradients(x * 2, x)


def gradients_unconnected(tf, run):
    return tf.gradients(tf.constant(1.0), tf.constant(2.0))


def gradients_not_differentiable(tf, run):
    x = tf.constant([1.0, 2.0])
    return tf.gradients(tf.argmax(x, 0), x), tf.gradients(tf.floor(x), x), tf.gradients(tf.cast(x, tf.int32), x)


def gradients_no_rule(tf, run):
    x = tf.constant([[1.0, 2.0]])
    return tf.gradients(tf.py_func(lambda v: v, [x], tf.float32), x)


def gradients_wrong_grad_ys(tf, run):
    x = tf.constant([1.0, 2.0])
    return tf.gradients(x * 2.0, x, grad_ys=[tf.constant([1.0, 2.0, 3.0])])


def minimize_without_variables(tf, run):
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0))


def minimize_unconnected(tf, run):
    tf.Variable([1.0])
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0))


def minimize_integer_loss(tf, run):
    w = tf.Variable([1])
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(w))


def xent_positional(tf, run):
    tf.nn.softmax_cross_entropy_with_logits(tf.zeros([1, 2]), tf.zeros([1, 2]))


def xent_shapes(tf, run):
    tf.nn.softmax_cross_entropy_with_logits(labels=tf.zeros([1, 3]), logits=tf.zeros([1, 2]))


def sparse_xent_shapes(tf, run):
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.zeros([1, 3], tf.int32), logits=tf.zeros([1, 2]))


def sigmoid_xent_shapes(tf, run):
    tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.zeros([1, 3]), logits=tf.zeros([1, 2]))


def conv_channels(tf, run):
    tf.nn.conv2d(tf.zeros([1, 4, 4, 3]), tf.zeros([2, 2, 4, 1]), [1, 1, 1, 1], "SAME")


def conv_rank(tf, run):
    tf.nn.conv2d(tf.zeros([4, 4, 3]), tf.zeros([2, 2, 3, 1]), [1, 1, 1, 1], "SAME")


def conv_too_small(tf, run):
    tf.nn.conv2d(tf.zeros([1, 1, 1, 3]), tf.zeros([2, 2, 3, 1]), [1, 1, 1, 1], "VALID")


def bad_padding(tf, run):
    tf.nn.conv2d(tf.zeros([1, 4, 4, 3]), tf.zeros([2, 2, 3, 1]), [1, 1, 1, 1], "BOTH")


def dense_unknown_last_dim(tf, run):
    tf.layers.dense(tf.placeholder(tf.float32, [2, None]), 3)


def split_uneven(tf, run):
    tf.split(tf.zeros([5]), 2)


def unstack_unknown(tf, run):
    tf.unstack(tf.placeholder(tf.float32, [None]))


def top_k_too_large(tf, run):
    tf.nn.top_k([1.0, 2.0], 3)


def fill_negative(tf, run):
    n = tf.placeholder(tf.int32, [])
    return run(tf.fill([n], 1.0), {n: -1})


def range_zero_step(tf, run):
    n = tf.placeholder(tf.int32, [])
    return run(tf.range(0, 3, n), {n: 0})


def py_func_raises(tf, run):
    def f(x):
        raise ValueError("words of mine")

    return run(tf.py_func(f, [tf.constant(1.0)], tf.float32))


def py_func_wrong_dtype(tf, run):
    return run(tf.py_func(lambda x: np.float64(x), [tf.constant(1.0)], tf.float32))


def placeholder_wrong_name_type(tf, run):
    tf.placeholder(tf.float32, name=3)


def control_dependency_on_number(tf, run):
    with tf.control_dependencies([3]):
        pass


def name_scope_reentered(tf, run):
    with tf.name_scope("s") as scope:
        first = tf.constant(1.0, name="c")
    with tf.name_scope(scope):
        second = tf.constant(1.0, name="c")
    with tf.name_scope("s"):
        third = tf.constant(1.0, name="c")
    return [t.name for t in (first, second, third)]


def nested_session_defaults(tf, run):
    with tf.Session() as inner:
        with tf.Session():
            pass
        return tf.get_default_session() is inner


def session_bad_target(tf, run):
    tf.Session(5)


def session_bad_config(tf, run):
    tf.Session(config={"a": 1})
