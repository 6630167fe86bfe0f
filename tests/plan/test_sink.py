"""What no earlier stage needs is done in the stage that needs it, in the same order of effects."""

import numpy as np
import pytest

import defrun as tf


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def from_host(value):
    result = tf.py_func(lambda: np.float32(value), [], tf.float32)
    result.set_shape(np.shape(value))
    return result


def places(session, fetches):
    return [s.device for s in session.explain(fetches).stages]


def types(stage):
    return {op.type for op in stage.nodes}


def test_a_step_that_waits_for_its_batch_is_one_program_after_it(session):
    tf.set_random_seed(1)
    count = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.1, count, 2, 0.5)
    w = tf.get_variable("w", [3, 2])
    loss = tf.reduce_mean(tf.matmul(from_host(np.ones([4, 3])), w) ** 2) + 0.1 * tf.nn.l2_loss(w)
    step = tf.train.AdamOptimizer(rate).minimize(loss, count)
    session.run(tf.global_variables_initializer())
    assert places(session, [loss, step, rate]) == [False, True]
    losses = [session.run([loss, step])[0] for _ in range(3)]
    assert losses[0] > losses[1] > losses[2]


def test_updates_of_rows_wait_for_the_last_stage_which_makes_them_in_place(session):
    table = tf.Variable(tf.ones([9, 2]))
    indices = tf.cast(from_host([1, 2, 1]), tf.int32)
    step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(tf.gather(table, indices)))
    session.run(tf.global_variables_initializer())
    assert places(session, step) == [False, True]
    session.run(step)
    np.testing.assert_allclose(session.run(table)[:, 0], [1, 0.9, 0.9, 1, 1, 1, 1, 1, 1], rtol=1e-5)


def test_what_the_host_needs_is_not_computed_again_or_brought_back(session):
    x = tf.placeholder(tf.float32, [1000])
    large = tf.exp(x)
    host = tf.py_func(lambda v: v.max(), [large], tf.float32)
    result = tf.reduce_sum(large) + host
    stages = session.explain(result, {x: np.zeros(1000)}).stages
    assert [s.device for s in stages] == [True, False, True]
    assert "Sum" in types(stages[0])
    assert session.run(result, {x: np.zeros(1000)}) == 1001


def test_random_numbers_are_drawn_first(session):
    drawn = tf.random_uniform([2])
    stages = session.explain(drawn * 2.0 + from_host(1.0)).stages
    assert [s.device for s in stages] == [True, False, True]
    assert types(stages[0]) == {"RandomUniform"} | types(stages[0])


@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
def test_effects_keep_their_order(session, resource):
    w = tf.get_variable("w", [], initializer=tf.constant_initializer(1.0), use_resource=resource)
    before = w + 0.0
    with tf.control_dependencies([before]):
        first = w.assign(10.0)
    with tf.control_dependencies([first]):
        between = w + 0.0
        host = from_host(100.0)
    with tf.control_dependencies([between, host]):
        second = w.assign(between + host)
    with tf.control_dependencies([second]):
        after = w + 0.0
    session.run(w.initializer)
    assert session.run([before + host, between + host, after]) == [101.0, 110.0, 110.0]


def test_a_write_that_the_host_reads_comes_before_it(session):
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    with tf.control_dependencies([w.assign_add(1.0)]):
        seen = tf.py_func(lambda v: v * 2.0, [w.read_value()], tf.float32)
    with tf.control_dependencies([seen]):
        later = w.assign_add(10.0)
    session.run(w.initializer)
    assert session.run([seen, later + 0.0]) == [2.0, 11.0]


def test_the_host_takes_what_a_write_returns(session):
    w = tf.Variable(0.0)
    added = w.assign_add(1.0)
    seen = tf.py_func(lambda v: v * 2.0, [added], tf.float32)
    with tf.control_dependencies([seen]):
        later = w.assign_add(5.0)
    session.run(w.initializer)
    assert session.run(seen) == 2.0
    assert session.run([added + seen, later]) == [6.0, 7.0]
