"""Loops and branches: values, gradients, draws, seeds, and what is refused. Each case: (tf, run)."""

import numpy as np

X = np.arange(6, dtype=np.float32).reshape(2, 3) / 5
W = np.linspace(-0.5, 0.7, 9, dtype=np.float32).reshape(3, 3)


def _fed(tf, run, build):
    """Run what `build(x, n)` returns, and its gradient by x if it is a float, fed with X and 3."""
    x, n = tf.placeholder(tf.float32, [None, 3], name="x"), tf.placeholder(tf.int32, [], name="n")
    result = build(x, n)
    tensors = list(result) if isinstance(result, (list, tuple)) else [result]
    losses = [t for t in tensors if t.dtype == tf.float32]
    if losses:
        tensors += [g for g in tf.gradients(losses, [x]) if g is not None]
    return run(tensors, {x: X, n: 3})


# -- values and gradients ----------------------------------------------------------------------------------------------


def counter(tf, run):
    return run(tf.while_loop(lambda i: i < 10, lambda i: i + 3, [0]))


def known_count(tf, run):
    body = lambda i, a: (i + 1, tf.tanh(tf.matmul(a, W) + a * a))  # noqa: E731
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < 3, body, [0, x]))


def fed_count(tf, run):
    body = lambda i, a: (i + 1, tf.tanh(tf.matmul(a, W) + a * a))  # noqa: E731
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, body, [0, x]))


def until(tf, run):
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda a: tf.reduce_sum(a) < 50.0, lambda a: a * a + 1.2, [x]))


def no_iteration(tf, run):
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < 0, lambda i, a: (i + 1, a * 2.0), [0, x]))


def captured(tf, run):
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * x), [0, x + 1.0]))


def passed_on(tf, run):
    body = lambda i, a, b: (i + 1, a * b, b)  # noqa: E731
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a, b: i < n, body, [0, x, x + 1.0])[1:])


def swapped(tf, run):
    body = lambda i, a, b: (i + 1, b, a * 2.0)  # noqa: E731
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a, b: i < n, body, [0, x, x + 1.0])[1:])


def outer_tensor_returned(tf, run):
    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, x * 2.0), [0, x]))


def at_most(tf, run):
    build = lambda x, n: tf.while_loop(  # noqa: E731
        lambda a: tf.reduce_sum(a) < 1e6, lambda a: a * 2.0, [x], maximum_iterations=4
    )
    return _fed(tf, run, build)


def at_most_fed(tf, run):
    build = lambda x, n: tf.while_loop(lambda a: True, lambda a: a * 2.0, [x], maximum_iterations=n)  # noqa: E731
    return _fed(tf, run, build)


def same_structure(tf, run):
    single = tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [0], return_same_structure=True)
    plain = tf.while_loop(lambda i: i < 3, lambda i: [i + 1], [0])
    return [isinstance(single, list), isinstance(plain, tf.Tensor), run(single)]


def nested_structure(tf, run):
    def body(i, pair):
        return i + 1, {"a": pair["a"] * 2, "b": (pair["b"][0] + pair["a"], pair["b"][1])}

    first = {"a": tf.constant(1), "b": (tf.constant(0), tf.constant(7))}
    return run(tf.while_loop(lambda i, p: i < 4, body, [0, first]))


def sparse_variable(tf, run):
    sparse = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    double = lambda i, s: (i + 1, tf.SparseTensor(s.indices, s.values * 2.0, s.dense_shape))  # noqa: E731
    result = tf.while_loop(lambda i, s: i < 3, double, [0, sparse])[1]
    return run(tf.sparse.to_dense(result))


def slices_variable(tf, run):
    first = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([0, 2]), tf.constant([3, 1]))
    double = lambda i, s: (i + 1, tf.IndexedSlices(s.values * 2.0, s.indices, s.dense_shape))  # noqa: E731
    result = tf.while_loop(lambda i, s: i < 3, double, [0, first])[1]
    return run(tf.convert_to_tensor(result))


def loop_in_loop(tf, run):
    def body(i, a):
        inner = tf.while_loop(lambda j, b: j < 2, lambda j, b: (j + 1, tf.sin(b) * a + 0.1), [0, a])[1]
        return i + 1, inner * 0.5 + a

    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, body, [0, x]))


def loop_in_loop_as_often_as_the_outer_says(tf, run):
    def body(i, a):
        inner = tf.while_loop(lambda j, b: j <= i, lambda j, b: (j + 1, tf.sin(b) * a + 0.1), [0, a])[1]
        return i + 1, inner * 0.5 + a

    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, body, [0, x]))


def branch_in_loop(tf, run):
    def body(i, a):
        return i + 1, tf.cond(tf.reduce_sum(a) > 2.0, lambda: tf.tanh(a) * a, lambda: a * a + 0.3)

    return _fed(tf, run, lambda x, n: tf.while_loop(lambda i, a: i < n, body, [0, x]))


def loop_in_branch(tf, run):
    def build(x, n):
        loop = lambda: tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, tf.tanh(a) * x), [0, x])[1]  # noqa: E731
        return [tf.cond(n > 2, loop, lambda: x), tf.cond(n > 3, loop, lambda: x)]

    return _fed(tf, run, build)


def no_way_back(tf, run):
    x = tf.constant(X)
    loop = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, x], back_prop=False)[1]
    return [g is None for g in (*tf.gradients(loop, [x]), *tf.gradients(loop + x, [x]))]


def lookup_in_loop(tf, run):
    table = tf.Variable(np.linspace(-0.2, 0.7, 12, dtype=np.float32).reshape(4, 3))
    run(table.initializer)
    body = lambda i, a: (i + 1, tf.tanh(a * tf.gather(table, [i, 1])))  # noqa: E731
    result = tf.while_loop(lambda i, a: i < 3, body, [0, tf.constant(X)])[1]
    (grad,) = tf.gradients(result, [table])
    return run([result, tf.convert_to_tensor(grad)]) + [isinstance(grad, tf.IndexedSlices)]


def lookups_of_the_same_rows(tf, run):
    tables = [tf.Variable(np.linspace(-k, 0.7, 12, dtype=np.float32).reshape(4, 3)) for k in (0.2, 0.4)]
    run([v.initializer for v in tables])

    def body(i, a):
        rows = [tf.nn.embedding_lookup(v, [i, 1]) for v in tables]
        return i + 1, tf.tanh(a * rows[0] + rows[1] * rows[1])

    result = tf.while_loop(lambda i, a: i < 3, body, [0, tf.constant(X)])[1]
    return run([result, *(tf.convert_to_tensor(g) for g in tf.gradients(result, tables))])


def lookup_in_loop_in_loop(tf, run):
    table = tf.get_variable("table", initializer=np.linspace(-0.2, 0.7, 12, dtype=np.float32).reshape(4, 3))
    run(table.initializer)

    def body(i, a):
        step = lambda j, b: (j + 1, tf.sin(b * tf.gather(table, [i, j])))  # noqa: E731
        return i + 1, tf.while_loop(lambda j, b: j < 2, step, [0, a])[1] + a

    result = tf.while_loop(lambda i, a: i < 3, body, [0, tf.constant(X)])[1]
    return run([result, *(tf.convert_to_tensor(g) for g in tf.gradients(result, [table]))])


def lookup_in_a_branch(tf, run, var):
    table, choice = var(np.linspace(-0.2, 0.7, 12, dtype=np.float32).reshape(4, 3)), tf.placeholder(tf.bool, [])
    looked_up = tf.cond(choice, lambda: tf.gather(table, [0, 2, 2]), lambda: tf.gather(table, [1, 1, 3]) * 2.0)
    grads = [tf.convert_to_tensor(g) for g in tf.gradients(looked_up * looked_up, [table])]
    return [run(grads, {choice: c}) for c in (True, False)]


def weights(tf, run, var):
    w = var(W)
    body = lambda i, a: (i + 1, tf.tanh(tf.matmul(a, w)))  # noqa: E731
    result = tf.while_loop(lambda i, a: i < 3, body, [0, tf.constant(X)])[1]
    loss = tf.reduce_sum(result * result)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    return [run([loss, train])[0] for _ in range(3)] + [run(w.read_value() if hasattr(w, "handle") else w)]


def made_inside(tf, run):
    def body(i, a):
        w = tf.get_variable("w", [3, 3], initializer=tf.constant_initializer(0.25))
        return i + 1, tf.tanh(tf.matmul(a, w) + 0.1)

    result = tf.while_loop(lambda i, a: i < 3, body, [0, tf.constant(X)])[1]
    run(tf.global_variables_initializer())
    grads = tf.gradients(result, tf.trainable_variables())
    return [[v.name for v in tf.global_variables()], run([result, *grads])]


def assigned_inside(tf, run, var):
    v = var(1.0)

    def body(i):
        with tf.control_dependencies([v.assign_add(2.0)]):
            return i + 1

    with tf.control_dependencies([tf.while_loop(lambda i: i < 4, body, [0])]):
        after = v.read_value()
    return [run(after), run(v.read_value())]


def assignment_nobody_needs(tf, run):
    v = tf.Variable(1.0)
    run(v.initializer)

    def body(i):
        tf.assign_add(v, 2.0)
        return i + 1

    return [run(tf.while_loop(lambda i: i < 4, body, [0])), run(v)]


def branch_with_assignment(tf, run, var):
    v = var(1.0)
    choice = tf.placeholder(tf.bool, [])
    result = tf.cond(choice, lambda: v.assign_add(2.0), lambda: v.assign(7.0))
    return [run(result, {choice: True}), run(result, {choice: False}), run(v.read_value())]


def branches_of_operations(tf, run):
    v = tf.Variable(1.0)
    run(v.initializer)
    choice = tf.placeholder(tf.bool, [])
    result = tf.cond(choice, lambda: tf.assign(v, 2.0).op, tf.no_op)
    return [run(result, {choice: False}), run(v), run(result, {choice: True}), run(v)]


def branches_of_different_shapes(tf, run):
    return _fed(tf, run, lambda x, n: [tf.cond(n > 2, lambda: x[:1], lambda: x), tf.cond(n < 2, lambda: x[:1] * 2.0,
                                                                                     lambda: x * x)])  # fmt: skip


def growing(tf, run):
    def build(x, n):
        body = lambda i, a: (i + 1, tf.concat([a, tf.matmul(a[-1:], W)], 0))  # noqa: E731
        invariants = [tf.TensorShape([]), tf.TensorShape([None, 3])]
        return tf.while_loop(lambda i, a: i < n, body, [0, x], shape_invariants=invariants)

    return _fed(tf, run, build)


def python_inside(tf, run):
    def body(i, a):
        b = tf.py_func(lambda v: v + np.float32(1), [tf.matmul(a, W)], tf.float32)
        return i + 1, tf.reshape(b, tf.shape(a))

    x = tf.placeholder(tf.float32, [2, 3])
    return run(tf.while_loop(lambda i, a: i < 3, body, [0, x]), {x: X})


def strings(tf, run):
    body = lambda i, s: (i + 1, tf.string_join([s, tf.as_string(i)]))  # noqa: E731
    return [t if isinstance(t, bytes) else int(t) for t in run(tf.while_loop(lambda i, s: i < 3, body, [0, "a"]))][1:]


def sizes_from_data(tf, run):
    body = lambda i, a: (i + 1, a + tf.cast(tf.reduce_sum(tf.where(a > 0.5)), tf.float32))  # noqa: E731
    x = tf.placeholder(tf.float32, [2, 3])
    return run(tf.while_loop(lambda i, a: i < 3, body, [0, x]), {x: X})


def ranges_of_the_counter(tf, run):
    body = lambda i, s: (i + 1, s + tf.reduce_sum(tf.range(i)))  # noqa: E731
    return run(tf.while_loop(lambda i, s: i < 5, body, [0, 0]))


def shapes_that_are_fed(tf, run):
    k, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [None, 3])
    body = lambda i, a: (i + 1, tf.reshape(tf.transpose(tf.reshape(a, [k, -1])), tf.shape(a)))  # noqa: E731
    result = tf.while_loop(lambda i, a: i < 3, body, [0, x])[1]
    return [run(result, {x: X, k: size}) for size in (2, 3, 6)]


def asserted(tf, run):
    v = tf.Variable(1.0)
    run(v.initializer)

    def body(i):
        with tf.control_dependencies([tf.assert_less(i, 3), tf.assign(v, 5.0)]):
            return i + 1

    return run(tf.while_loop(lambda i: i < 9, body, [0]))


def index_out_of_range(tf, run):
    return run(tf.while_loop(lambda i, a: i < 9, lambda i, a: (i + 1, a + tf.gather([1, 2, 3], i)), [0, 0]))


def index_out_of_range_in_a_branch(tf, run):
    x = tf.placeholder(tf.int32, [])
    safe = tf.cond(x < 3, lambda: tf.gather([1, 2, 3], x), lambda: -1)
    return [run(safe, {x: 1}), run(safe, {x: 7})]


def choice_by_number(tf, run):
    i, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [2])
    result = tf.switch_case(i, [lambda: x * 2.0, lambda: x * x, lambda: x])
    other = tf.switch_case(i, {0: lambda: (x, x), 1: lambda: (x, x * 2.0)}, default=lambda: (x, x * 3.0), name="other")
    fetches = [result, *other, *tf.gradients(result, [x])]
    return [run(fetches, {i: k, x: [1.0, 3.0]}) for k in (-1, 0, 1, 2, 9)]


# -- draws and seeds ---------------------------------------------------------------------------------------------------


def draws(tf, run):
    tf.set_random_seed(3)
    body = lambda i, a: (i + 1, a * 10.0 + tf.floor(tf.random_uniform([2]) * 10.0))  # noqa: E731
    result = tf.while_loop(lambda i, a: i < 4, body, [0, tf.zeros([2])], parallel_iterations=1)
    return [run(result), run(result)]


def draws_of_a_branch(tf, run):
    tf.set_random_seed(3)
    choice = tf.placeholder(tf.bool, [])
    result = tf.cond(choice, lambda: tf.random_uniform([2]), lambda: tf.random_normal([2]))
    return [run(result, {choice: c}) for c in (True, True, False, True, False)]


def _seeds(tf, build):
    """Return the seeds that random ops get which `build(drawn)` makes by drawing."""
    tf.set_random_seed(1)
    found = []

    def drawn(shape=()):
        value = tf.random_uniform(shape)
        found.append(int(value.op.get_attr("seed2")))
        return value

    build(drawn)
    drawn()
    return found


def seeds_in_a_loop(tf, run):
    def build(drawn):
        n, x = tf.constant(5), tf.placeholder(tf.float32, [2])
        tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * 2.0 + x + drawn()), [0, x])

    return _seeds(tf, build)


def seeds_in_a_condition(tf, run):
    def build(drawn):
        tf.while_loop(lambda i, a: drawn() < 0.5, lambda i, a: (i + 1, a + drawn()), [0, tf.constant(0.0)])

    return _seeds(tf, build)


def seeds_with_a_limit(tf, run):
    def build(drawn):
        x = tf.placeholder(tf.float32, [2])
        loop = lambda most: tf.while_loop(  # noqa: E731
            lambda a: tf.reduce_sum(a) < drawn(), lambda a: a * drawn(), [x], maximum_iterations=most
        )
        loop(4)
        loop(tf.placeholder(tf.int32, []))

    return _seeds(tf, build)


def seeds_in_nested_loops(tf, run):
    def build(drawn):
        x, w = tf.placeholder(tf.float32, [2]), tf.constant(2.0)

        def body(i, a):
            drawn()
            b = tf.while_loop(lambda j, b: j < i, lambda j, b: (j + 1, b * w + x + drawn()), [0, a])[1]
            return i + 1, b + drawn()

        tf.while_loop(lambda i, a: i < 3, body, [0, x])

    return _seeds(tf, build)


def seeds_in_a_branch_of_a_loop(tf, run):
    def build(drawn):
        x, w = tf.placeholder(tf.float32, [2]), tf.constant(2.0)

        def body(i, a):
            b = tf.cond(i < 2, lambda: a * w + drawn(), lambda: a + x * drawn())
            return i + 1, b + drawn()

        tf.while_loop(lambda i, a: i < 3, body, [0, x])

    return _seeds(tf, build)


def seeds_in_a_loop_of_a_branch(tf, run):
    def build(drawn):
        x, w = tf.placeholder(tf.float32, [2]), tf.constant(2.0)
        loop = lambda: tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * w + drawn()), [0, x])[1]  # noqa: E731
        tf.cond(tf.reduce_sum(x) < 2.0, loop, lambda: x * w + drawn())

    return _seeds(tf, build)


def seeds_of_variables_made_inside(tf, run):
    def build(drawn):
        x = tf.placeholder(tf.float32, [2, 3])

        def body(i, a):
            w = tf.get_variable("w", [3, 3], initializer=tf.random_normal_initializer())
            drawn()
            b = tf.get_variable("b", [3], initializer=tf.zeros_initializer(), use_resource=True)
            return i + 1, tf.matmul(a, w) + b + drawn()

        tf.while_loop(lambda i, a: i < 3, body, [0, x])

    return _seeds(tf, build)


def seeds_of_layers_inside(tf, run):
    def build(drawn):
        x = tf.placeholder(tf.float32, [2, 3])
        body = lambda i, a: (i + 1, tf.layers.dense(a, 3, activation=tf.nn.relu) + drawn())  # noqa: E731
        tf.while_loop(lambda i, a: i < 3, body, [0, x])

    return _seeds(tf, build)


def seeds_after_outer_tensors_and_numbers_are_returned(tf, run):
    def build(drawn):
        x = tf.placeholder(tf.float32, [2, 3])
        y = x * 2.0
        tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, y), [0, x])
        drawn()
        tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, 1.0), [0, 2.0])

    return _seeds(tf, build)


def seeds_after_arrays_and_sparse_tensors(tf, run):
    def build(drawn):
        x = tf.placeholder(tf.float32, [4, 3])
        source, target = tf.TensorArray(tf.float32, 4).unstack(x), tf.TensorArray(tf.float32, 4)
        body = lambda i, o: (i + 1, o.write(i, source.read(i) * drawn()))  # noqa: E731
        tf.while_loop(lambda i, o: i < 4, body, [0, target])[1].stack()
        drawn()
        s = tf.sparse_placeholder(tf.float32, [2, 3])
        double = lambda i, s: (i + 1, tf.SparseTensor(s.indices, s.values * drawn(), s.dense_shape))  # noqa: E731
        tf.while_loop(lambda i, s: i < 4, double, [0, s])

    return _seeds(tf, build)


def seeds_around_branches(tf, run):
    def build(drawn):
        x, v = tf.placeholder(tf.float32, [2, 3]), tf.Variable(1.0)
        choice = tf.reduce_sum(x) > 1.0
        tf.cond(choice, lambda: tf.assign(v, 2.0).op, tf.no_op)
        drawn()
        tf.cond(choice, lambda: (x, x + drawn()), lambda: (x * drawn(), x))
        tf.switch_case(tf.constant(1), [lambda: x, lambda: x * 2.0])

    return _seeds(tf, build)


def seeds_where_nodes_wait(tf, run):
    def build(drawn):
        x, y, z = tf.placeholder(tf.float32, [2, 3]), tf.constant(2.0), tf.constant(3.0)

        def body(i, a):
            with tf.control_dependencies([tf.assert_less(i, 10)]):
                b = tf.identity(a) + drawn()
            with tf.control_dependencies([y, z]):
                b = tf.identity(b) + drawn()
                b = b * y
            c = tf.cond(i < 2, lambda: _waiting(tf, y, b) + drawn(), lambda: b)
            return i + 1, c * drawn()

        with tf.control_dependencies([x]):
            tf.while_loop(lambda i, a: i < 3, body, [0, x])

    return _seeds(tf, build)


def _waiting(tf, op, x):
    with tf.control_dependencies([op]):
        return tf.identity(x)


# -- what is refused ---------------------------------------------------------------------------------------------------


def no_variables(tf, run):
    return tf.while_loop(lambda: True, lambda: (), [])


def condition_is_no_function(tf, run):
    return tf.while_loop(True, lambda i: i, [0])


def body_is_no_function(tf, run):
    return tf.while_loop(lambda i: i < 1, 3, [0])


def no_iterations_in_parallel(tf, run):
    return tf.while_loop(lambda i: i < 1, lambda i: i + 1, [0], parallel_iterations=0)


def too_few_results(tf, run):
    return tf.while_loop(lambda i, a: i < 1, lambda i, a: i + 1, [0, 1.0])


def another_structure(tf, run):
    return tf.while_loop(lambda i, a: i < 1, lambda i, a: (i + 1, [a, a]), [0, 1.0])


def type_changes(tf, run):
    return run(tf.while_loop(lambda i: i < 1, lambda i: tf.cast(i + 1, tf.int64), [tf.constant(0)]))


def shape_changes(tf, run):
    return tf.while_loop(lambda a: True, lambda a: tf.concat([a, a], 0), [tf.zeros([2])])


def shape_becomes_unknown(tf, run):
    return tf.while_loop(lambda a: True, lambda a: tf.boolean_mask(a, a > 0.0), [tf.zeros([2])])


def invariant_does_not_fit(tf, run):
    return tf.while_loop(lambda a: True, lambda a: a, [tf.zeros([2])], shape_invariants=[tf.TensorShape([3])])


def invariant_is_no_shape(tf, run):
    return tf.while_loop(lambda a: True, lambda a: a, [tf.zeros([2])], shape_invariants=[3])


def condition_is_a_number(tf, run):
    return run(tf.while_loop(lambda i: i, lambda i: i + 1, [tf.constant(0)]))


def limit_is_a_vector(tf, run):
    return tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], maximum_iterations=tf.constant([1, 2]))


def branches_of_different_types(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: 1, lambda: 1.0)


def branches_of_different_structures(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: (1, 2), lambda: 1)


def branches_of_different_kinds(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: [1, 2], lambda: (1, 2))


def branch_returns_nothing(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: None, lambda: None)


def branches_return_empty_lists(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), list, list)


def predicate_is_python(tf, run):
    return tf.cond(True, lambda: 1, lambda: 2)


def branch_given_twice(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: 1, lambda: 2, fn1=lambda: 3)


def branch_missing(tf, run):
    return tf.cond(tf.placeholder(tf.bool, []), lambda: 1)


def predicate_is_a_vector(tf, run):
    p = tf.placeholder(tf.bool, [None])
    return run(tf.cond(p, lambda: 1, lambda: 2), {p: [True, False]})


def number_is_python(tf, run):
    return tf.switch_case(1, [lambda: 1])


def numbers_leave_one_out(tf, run):
    return tf.switch_case(tf.constant(1), {0: lambda: 1, 2: lambda: 2})


def functions_of_different_types(tf, run):
    return tf.switch_case(tf.constant(1), [lambda: 1, lambda: 1.0])
