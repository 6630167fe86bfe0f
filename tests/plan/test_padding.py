"""Results whose size depends on the values stay on the device, padded, where all that follows takes it."""

import jax
import numpy as np
import pytest

import defrun as tf
from defrun.graph.check import collect_checks
from defrun.graph.opdef import registered


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def on_host(session, fetches, feeds=None):
    """Return the types of the nodes that run on the host."""
    return {op.type for s in session.explain(fetches, feeds).stages if not s.device for op in s.nodes}


def summed(values, indices):
    """Sum rows of the same index, as optimizers do."""
    unique, places = tf.unique(indices)
    return tf.unsorted_segment_sum(values, places, tf.shape(unique)[0]), unique, places


def test_rows_that_are_added_up_and_scattered_need_no_host(session):
    i = tf.placeholder(tf.int32, [None])
    table = tf.Variable(tf.zeros([6, 2]))
    session.run(table.initializer)
    sums, unique, places = summed(tf.ones([tf.size(i), 2]), i)
    step = tf.scatter_update(table, unique, -tf.sqrt(tf.square(tf.cast(sums, tf.float32)) * 4.0))
    assert not on_host(session, [step.op, places], {i: [1]})
    got = session.run([step.op, places], {i: [4, 0, 4, 5, 0, 4]})[1]
    np.testing.assert_array_equal(got, [0, 1, 0, 2, 1, 0])
    np.testing.assert_array_equal(session.run(table)[:, 0], [-4, 0, 0, 0, -6, -2])


def test_none_at_all(session):
    i = tf.placeholder(tf.int64, [None])
    table = tf.Variable(tf.zeros([3, 2]))
    session.run(table.initializer)
    sums, unique, _ = summed(tf.ones([tf.size(i), 2]), i)
    step = tf.scatter_add(table, unique, sums)
    np.testing.assert_array_equal(session.run(step, {i: []}), np.zeros([3, 2]))


def test_indices_that_are_constants(session):
    table = tf.Variable(tf.zeros([3, 2]))
    session.run(table.initializer)
    sums, unique, _ = summed(tf.ones([3, 2]), tf.constant([2, 0, 2]))
    step = tf.scatter_add(table, unique, sums)
    np.testing.assert_array_equal(session.run(step)[:, 0], [1, 0, 2])


def test_rows_are_read_where_indices_are_padded(session):
    i = tf.placeholder(tf.int32, [None])
    table = tf.Variable(np.arange(8.0).reshape(4, 2))
    session.run(table.initializer)
    unique, _ = tf.unique(i)
    step = tf.scatter_update(table, unique, tf.gather(table, unique) * [10.0, 1.0] + 1.0)
    assert not on_host(session, step, {i: [1]})
    np.testing.assert_array_equal(session.run(step, {i: [3, 3, 1]}), [[0, 1], [21, 4], [4, 5], [61, 8]])


@pytest.mark.parametrize("index", [6, -1, np.iinfo(np.int32).min])
def test_padding_hides_no_bad_index(session, index):
    i = tf.placeholder(tf.int32, [None])
    table = tf.Variable(tf.zeros([6, 2]))
    session.run(table.initializer)
    sums, unique, _ = summed(tf.ones([tf.size(i), 2]), i)
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.scatter_add(table, unique, sums), {i: [0, index, 0]})
    assert not session.run(table).any()


OTHER_USES = {
    "fetched": (lambda i, sums, unique: unique, [7, 2, 3]),
    "count": (lambda i, sums, unique: tf.size(unique), 3),
    "shape": (lambda i, sums, unique: tf.shape(sums), [3, 2]),
    "sum": (lambda i, sums, unique: tf.reduce_sum(sums), 10),
    "reversed": (lambda i, sums, unique: tf.reverse(unique, [0]), [3, 2, 7]),
    "joined": (lambda i, sums, unique: tf.concat([unique, i[:1]], 0), [7, 2, 3, 7]),
    "broadcast": (lambda i, sums, unique: sums * tf.cast(unique, tf.float32)[:, None], [[21, 21], [2, 2], [3, 3]]),
    "unique again": (lambda i, sums, unique: tf.unique(unique)[0], [7, 2, 3]),
    "two of them": (lambda i, sums, unique: unique + tf.unique(i + 1)[0], [15, 5, 7]),
}


@pytest.mark.parametrize("use", OTHER_USES)
def test_other_uses_see_what_there_is(session, use):
    i = tf.placeholder(tf.int32, [None])
    sums, unique, _ = summed(tf.ones([tf.size(i), 2]), i)
    build, wanted = OTHER_USES[use]
    fetch = build(i, sums, unique)
    assert "Unique" in on_host(session, fetch, {i: [1]})
    np.testing.assert_array_equal(session.run(fetch, {i: [7, 2, 7, 3, 7]}), wanted)


def test_a_fed_result_is_as_it_was_fed(session):
    i = tf.placeholder(tf.int32, [None])
    table = tf.Variable(tf.zeros([6, 2]))
    session.run(table.initializer)
    unique, _ = tf.unique(i)
    step = tf.scatter_add(table, unique, tf.ones([tf.size(unique), 2]))
    np.testing.assert_array_equal(session.run(step, {unique: [1, 1]})[:, 0], [0, 2, 0, 0, 0, 0])


OPTIMIZERS = {
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "adagrad_da": lambda: tf.train.AdagradDAOptimizer(0.1, tf.train.get_or_create_global_step()),
    "adadelta": lambda: tf.train.AdadeltaOptimizer(0.1),
    "rms_prop": lambda: tf.train.RMSPropOptimizer(0.1, centered=True),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1),
    "proximal": lambda: tf.train.ProximalGradientDescentOptimizer(0.1),
    "adam": lambda: tf.train.AdamOptimizer(0.1),
    "lazy_adam": lambda: tf.contrib.opt.LazyAdamOptimizer(0.1),
    "nadam": lambda: tf.contrib.opt.NadamOptimizer(0.1),
    "ada_max": lambda: tf.contrib.opt.AdaMaxOptimizer(0.1),
    "momentum_with_decay": lambda: tf.contrib.opt.MomentumWOptimizer(0.1, 0.1, 0.9),
}


@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_that_trains_rows_is_one_program(session, name, resource):
    tables = [tf.get_variable(n, [9, 2], use_resource=resource) for n in "ab"]
    i = tf.placeholder(tf.int32, [None, 2])
    loss = sum(tf.reduce_sum(tf.square(tf.nn.embedding_lookup(t, i))) for t in tables)
    step = OPTIMIZERS[name]().minimize(loss, tf.train.get_or_create_global_step())
    session.run(tf.global_variables_initializer())
    assert [s.device for s in session.explain([loss, step], {i: [[1, 2]]}).stages] == [True]




@pytest.mark.parametrize("size", [1, 40])
def test_the_device_finds_what_the_host_finds(size):
    definition = registered()["Unique"]
    x = np.random.RandomState(size).randint(-9, 9, size)
    attrs = {"out_idx": tf.int64}

    def pad(values):
        with collect_checks():
            return definition.call([values], attrs, pads=True)

    with jax.enable_x64(True):
        y, places = jax.jit(pad)(x)
    wanted, wanted_places = definition.call([x], attrs)
    np.testing.assert_array_equal(y[: len(wanted)], wanted)
    np.testing.assert_array_equal(places, wanted_places)
    assert (np.asarray(y[len(wanted) :]) == np.iinfo(np.int64).min).all()
