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


def test_accidental_hits_stay_on_the_device(session):
    weights, biases = tf.get_variable("w", [20, 4]), tf.get_variable("b", [20])
    inputs, labels = tf.placeholder(tf.float32, [6, 4]), tf.placeholder(tf.int64, [6, 2])
    sampled = tf.constant([3, 7, 3, 19, 0], tf.int64), tf.ones([6, 2]), tf.ones([5])
    loss = tf.nn.sampled_softmax_loss(weights, biases, labels, inputs, 5, 20, 2, sampled)
    hits = tf.nn.compute_accidental_hits(labels, sampled[0], 2)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    session.run(tf.global_variables_initializer())
    feeds = {inputs: np.ones([6, 4]), labels: [[3, 1], [0, 7], [2, 2], [19, 3], [5, 6], [7, 7]]}
    assert [s.device for s in session.explain([loss, step], feeds).stages] == [True]
    assert "ComputeAccidentalHits" in on_host(session, [*hits, loss], feeds)
    wanted, *_ = session.run([loss, *hits], feeds)
    np.testing.assert_allclose(session.run(loss, feeds), wanted, rtol=1e-6)


def test_rows_of_a_unique_index_are_combined(session):
    table = tf.get_variable("t", [9, 2], initializer=tf.constant_initializer(np.arange(18.0)))
    ids, rows = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.int32, [None])
    unique, places = tf.unique(ids)
    step = tf.train.GradientDescentOptimizer(1.0)
    session.run(table.initializer)
    for combine in (tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n):
        rows_wanted = tf.square(combine(tf.gather(table, unique), places, rows))
        train = step.apply_gradients(step.compute_gradients(rows_wanted, [table]))
        feeds = {ids: [4, 8, 4, 4, 2], rows: [0, 0, 1, 3, 3]}
        host = on_host(session, [train, rows_wanted], feeds)
        assert "Unique" not in host and "Gather" not in host
        before = session.run(table)
        got, _ = session.run([rows_wanted, train], feeds)
        weigh = {"sum": 1.0, "mean": 0.5, "n": 0.5**0.5}[combine.__name__.rpartition("_")[2]]
        sums = [(before[4] + before[8]) * weigh, before[4], [0, 0], (before[4] + before[2]) * weigh]
        np.testing.assert_allclose(got, np.square(sums), rtol=1e-6)
        moved = 2 * (weigh * np.array(sums[0]) + sums[1] + weigh * np.array(sums[3]))
        np.testing.assert_allclose(before[4] - session.run(table)[4], moved, rtol=1e-5)


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
