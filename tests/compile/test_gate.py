"""A run whose checks fail changes no variable; one whose checks hold updates tables where they are."""

import jax
import numpy as np
import pytest

import defrun as tf
from defrun.compile import program

ROWS, WIDTH = 4096, 16
KINDS = pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def table(resource, name="table"):
    return tf.get_variable(name, [ROWS, WIDTH], initializer=tf.ones_initializer(), use_resource=resource)


def values(session):
    return session.run(tf.global_variables())


def unchanged(session, fetches, feeds, error=tf.errors.InvalidArgumentError):
    """Run and expect `error` and that no variable changes."""
    before = values(session)
    with pytest.raises(error):
        session.run(fetches, feeds)
    for old, new in zip(before, values(session)):
        np.testing.assert_array_equal(old, new)


UPDATES = {
    "scatter_add": lambda v, i: tf.scatter_add(v, i, tf.ones([2, WIDTH])),
    "scatter_update": lambda v, i: tf.scatter_update(v, i, tf.zeros([2, WIDTH])),
    "scatter_div": lambda v, i: tf.scatter_div(v, i, tf.fill([2, WIDTH], 2.0)),
    "scatter_nd_add": lambda v, i: tf.scatter_nd_add(v, i[:, None], tf.ones([2, WIDTH])),
    "scatter_nd_update": lambda v, i: tf.scatter_nd_update(v, i[:, None], tf.zeros([2, WIDTH])),
    "slice": lambda v, i: v[tf.gather(i, 0)].assign(tf.zeros([WIDTH])),
}


@KINDS
@pytest.mark.parametrize("update", UPDATES)
def test_rows_out_of_range_change_nothing(update, resource):
    v, i = table(resource), tf.placeholder(tf.int32, [2])
    step = UPDATES[update](v, i)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unchanged(session, step.op, {i: [ROWS, 3]})
        session.run(step.op, {i: [2, 3]})
        changed = np.flatnonzero((session.run(v) != 1).any(1)).tolist()
        assert changed == ([2] if update == "slice" else [2, 3])


@KINDS
def test_a_later_table_out_of_range_leaves_the_first_as_it_was(resource):
    a, b, i, j = table(resource, "a"), table(resource, "b"), *(tf.placeholder(tf.int32, [2]) for _ in "ij")
    step = tf.group(tf.scatter_add(a, i, tf.ones([2, WIDTH])), tf.scatter_add(b, j, tf.ones([2, WIDTH])))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unchanged(session, step, {i: [0, 1], j: [0, -1]})
        unchanged(session, step, {i: [0, -1], j: [0, 1]})


@KINDS
def test_a_check_of_what_was_written_takes_it_back(resource):
    v = tf.get_variable("v", [3], initializer=tf.ones_initializer(), use_resource=resource)
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([v.assign_add([1.0, 1.0, x])]):
        checked = tf.check_numerics(v.read_value(), "after the update")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unchanged(session, checked, {x: np.inf})
        np.testing.assert_array_equal(session.run(checked, {x: 2.0}), [2, 2, 3])


def test_of_two_failures_the_one_that_needs_no_update_is_told():
    v, i = tf.Variable([1.0]), tf.placeholder(tf.int32, [])
    with tf.control_dependencies([v.assign([np.inf])]):
        after = tf.check_numerics(v.read_value(), "after")
    with tf.control_dependencies([after]):
        row = tf.gather([1, 2], i)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="not in"):
            session.run(row, {i: 5})
        with pytest.raises(tf.errors.InvalidArgumentError, match="after"):
            session.run(row, {i: 1})


def test_writes_and_checks_in_branches():
    v, i, p = tf.Variable([1.0, 2.0], use_resource=True), tf.placeholder(tf.int32, []), tf.placeholder(tf.bool, [])
    chosen = tf.cond(p, lambda: v.assign_add([1.0, 1.0]).read_value(), lambda: v + tf.gather([1.0, 2.0], i))
    with tf.control_dependencies([chosen]):
        last = tf.gather([1.0, 2.0], i)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unchanged(session, [chosen, last], {p: True, i: 7})
        unchanged(session, [chosen, last], {p: False, i: 7})
        session.run([chosen, last], {p: True, i: 1})
        np.testing.assert_array_equal(session.run(v), [2, 3])


def test_a_failed_run_draws_no_random_numbers():
    tf.set_random_seed(1)
    i = tf.placeholder(tf.int32, [])
    fetches = [tf.random_uniform([2]), tf.gather([1.0, 2.0], i)]
    with tf.Session() as session:
        first = session.run(fetches, {i: 0})[0]
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(fetches, {i: 2})
        second = session.run(fetches, {i: 0})[0]
    with tf.Session() as session:
        np.testing.assert_array_equal([session.run(fetches, {i: 0})[0] for _ in range(2)], [first, second])


OPTIMIZERS = {
    "sgd": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "rms_prop": lambda: tf.train.RMSPropOptimizer(0.1),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1),
    "adam": lambda: tf.train.AdamOptimizer(0.1),
}


@KINDS
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_of_rows_copy_no_table(name, resource, monkeypatch):
    needed = []

    class Watched(program.Program):
        def prepare(self, written, kept, inputs, known):
            super().prepare(written, kept, inputs, known)
            with jax.enable_x64(True):
                function = self._functions[program._key(known)]
                compiled = function.lower(written, kept, inputs, self._arrays).compile()
            needed.append((self.stage, compiled.memory_analysis().temp_size_in_bytes))

    monkeypatch.setattr("defrun.session.session.Program", Watched)
    v, i = table(resource), tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(v, i)))
    step = OPTIMIZERS[name]().minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        unchanged(session, step, {i: [0, ROWS]})
        needed.clear()
        session.run(step, {i: [0, 1, 1, 5]})
        changed = session.run(v) != 1
    assert np.flatnonzero(changed.any(1)).tolist() == [0, 1, 5]
    assert all(extra < ROWS * WIDTH * 4 / 2 for _, extra in needed)
