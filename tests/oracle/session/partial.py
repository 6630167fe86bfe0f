"""Runs in parts: `partial_run_setup` and `partial_run`."""


def _chain(tf):
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, name="y")
    first = tf.add(x, 1.0, name="first")
    return x, y, first, tf.multiply(first, y, name="second")


def structures(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    got = run.session.partial_run(handle, {"a": [first]}, {x: [1.0, 2.0]})
    return got, run.session.partial_run(handle, [[second]], {y: 3.0})


def everything_at_once(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    return run.session.partial_run(handle, [first, second], {x: 1.0, y: 2.0})


def by_name(tf, run):
    _chain(tf)
    handle = run.session.partial_run_setup(["first:0", "second:0"], ["x:0", "y:0"])
    return [
        run.session.partial_run(handle, "first:0", {"x:0": 1.0}),
        run.session.partial_run(handle, "second:0", {"y:0": 2.0}),
    ]


def two_at_once(tf, run):
    x, y, first, second = _chain(tf)
    handles = [run.session.partial_run_setup([first, second], [x, y]) for _ in range(2)]
    got = [run.session.partial_run(h, first, {x: 1.0 + i}) for i, h in enumerate(handles)]
    return got, [run.session.partial_run(h, second, {y: 1.0}) for h in reversed(handles)]


def same_draw(tf, run):
    x = tf.placeholder(tf.float32)
    drawn = tf.random_uniform([3], seed=1)
    later = drawn + x
    handle = run.session.partial_run_setup([drawn, later], [x])
    first = run.session.partial_run(handle, drawn, {})
    return run.session.partial_run(handle, later, {x: 0.0}) - first


def updates_once(tf, run):
    v = tf.Variable(1.0)
    x = tf.placeholder(tf.float32)
    added = tf.assign_add(v, 2.0)
    with tf.control_dependencies([added]):
        later = x * 2.0
    run.session.run(tf.global_variables_initializer())
    handle = run.session.partial_run_setup([added, later], [x])
    first = run.session.partial_run(handle, added, {})
    got = run.session.partial_run(handle, later, {x: 4.0})
    return first, got, run.session.run(v)


def operations_run_as_soon_as_they_can(tf, run):
    v = tf.Variable(1.0)
    x = tf.placeholder(tf.float32)
    doubled = x * 2.0
    added = tf.assign_add(v, doubled)
    run.session.run(tf.global_variables_initializer())
    handle = run.session.partial_run_setup([added.op, doubled], [x])
    return run.session.partial_run(handle, doubled, {x: 4.0}), run.session.run(v)


def fetched_later_than_computed(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    run.session.partial_run(handle, [], {x: 1.0})
    return run.session.partial_run(handle, [second, first], {y: 5.0})


def updates_in_both_parts(tf, run):
    v = tf.Variable(1.0)
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    first = tf.assign_add(v, x)
    with tf.control_dependencies([first]):
        second = tf.assign_add(v, y)
    run.session.run(tf.global_variables_initializer())
    handle = run.session.partial_run_setup([first, second], [x, y])
    got = run.session.partial_run(handle, first, {x: 2.0})
    return got, run.session.partial_run(handle, second, {y: 3.0}), run.session.run(v)


def operation_fetched(tf, run):
    x = tf.placeholder(tf.float32)
    doubled = x * 2.0
    handle = run.session.partial_run_setup([doubled.op], [x])
    return run.session.partial_run(handle, doubled.op, {x: 4.0})


def variables_between(tf, run):
    v = tf.Variable(1.0)
    x = tf.placeholder(tf.float32)
    run.session.run(tf.global_variables_initializer())
    first, update = x + v, tf.assign(v, x * 10.0)
    handle = run.session.partial_run_setup([first, v], [x])
    got = run.session.partial_run(handle, [first, v], {x: 4.0})
    return got, run.session.run(update, {x: 1.0}), run.session.run(v)


def matrices(tf, run):
    a, b = tf.placeholder(tf.float32, [2, 2]), tf.placeholder(tf.float32, [2, None])
    product = tf.matmul(a, a)
    out = tf.matmul(product, b)
    handle = run.session.partial_run_setup([product, out], [a, b])
    got = run.session.partial_run(handle, product, {a: [[1.0, 2.0], [3.0, 4.0]]})
    return got, run.session.partial_run(handle, out, {b: got[:, :1]})


def fed_middle(tf, run):
    _x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([second], [first, y])
    return run.session.partial_run(handle, second, {first: 5.0, y: 2.0})


def fetch_twice(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    run.session.partial_run(handle, first, {x: 1.0})
    return run.session.partial_run(handle, first, {y: 1.0})


def feed_twice(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    run.session.partial_run(handle, first, {x: 1.0})
    return run.session.partial_run(handle, second, {x: 1.0, y: 1.0})


def fetch_not_set_up(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([second], [x, y])
    return run.session.partial_run(handle, first, {x: 1.0})


def feed_not_set_up(tf, run):
    x, y, first, _second = _chain(tf)
    handle = run.session.partial_run_setup([first], [x])
    return run.session.partial_run(handle, first, {x: 1.0, y: 1.0})


def fetch_too_early(tf, run):
    x, y, first, second = _chain(tf)
    handle = run.session.partial_run_setup([first, second], [x, y])
    return run.session.partial_run(handle, second, {x: 1.0})


def after_the_end(tf, run):
    x, _y, first, _second = _chain(tf)
    handle = run.session.partial_run_setup([first], [x])
    run.session.partial_run(handle, first, {x: 1.0})
    return run.session.partial_run(handle, first, {x: 1.0})


def unfed_placeholder(tf, run):
    x, _y, _first, second = _chain(tf)
    handle = run.session.partial_run_setup([second], [x])
    return run.session.partial_run(handle, second, {x: 1.0})


def without_setup(tf, run):
    x, _y, first, _second = _chain(tf)
    return run.session.partial_run("no such handle", first, {x: 1.0})


def set_up_nothing(tf, run):
    return run.session.partial_run_setup([], [])


def set_up_for_another_graph(tf, run):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32)
    return run.session.partial_run_setup([x + 1.0], [x])


def wrong_shape(tf, run):
    x = tf.placeholder(tf.float32, [2])
    handle = run.session.partial_run_setup([x + 1.0], [x])
    return run.session.partial_run(handle, [], {x: [1.0]})
