"""What tf.contrib.framework and tf.contrib.nn do when run; their graphs are compared in tests/graph/test_parity.py."""

import numpy as np
import pytest

import defrun as tf

framework = tf.contrib.framework


@pytest.fixture(autouse=True)
def _graph():
    with tf.Graph().as_default():
        yield


def test_values_are_assigned():
    variable = tf.get_variable("scope/w", [2, 2])
    assign = framework.assign_from_values_fn({"scope/w": np.arange(4.0)})
    with tf.Session() as session:
        assign(session)
        assert session.run(variable).tolist() == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="other"):
        framework.assign_from_values({"other": np.ones(2)})


def test_shapes_are_checked():
    x = tf.placeholder(tf.float32)
    with tf.Session() as session:
        checked = framework.with_shape([2, 3], x)
        assert checked.shape == [2, 3]
        assert session.run(checked, {x: np.ones([2, 3])}).shape == (2, 3)
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(checked, {x: np.ones([3, 2])})
    for wrong in ([3, 3], np.array([2.0, 3.0]), [[2, 3]]):
        with pytest.raises(ValueError, match="Invalid"):
            framework.with_shape(wrong, tf.ones([2, 3]))
    with pytest.raises(ValueError, match="integer"):
        framework.assert_scalar_int(tf.constant(1.0))


def test_python_functions_take_and_give_structures():
    def both(pair, shift):
        return {"sum": pair[0] + pair[1] + shift, "product": pair[0] * pair[1]}

    types = {"sum": tf.float32, "product": tf.float32}
    given = [(tf.constant(2.0), tf.constant(3.0))]
    found = framework.py_func(both, given, {"shift": tf.constant(1.0)}, types, {"sum": [], "product": []})
    assert found["sum"].shape == []
    with tf.Session() as session:
        assert session.run(found) == {"sum": 6.0, "product": 6.0}
    with pytest.raises(TypeError, match="args"):
        framework.py_func(both, tf.constant(2.0), None, types)


def test_names_that_are_not_there():
    tf.get_variable("w", [1])
    with pytest.raises(ValueError, match="find"):
        framework.get_unique_variable("v")
    with pytest.raises(TypeError, match="include"):
        framework.get_variables_to_restore("w")
    with pytest.raises(TypeError, match="Graph"):
        framework.get_placeholders("graph")
    with pytest.raises(ValueError, match="tensors"):
        framework.reduce_sum_n([])


def test_alpha_dropout_keeps_mean_and_variance():
    x = tf.random_normal([20000], seed=1)
    dropped = tf.contrib.nn.alpha_dropout(x, 0.8, seed=2)
    with tf.Session() as session:
        values = session.run(dropped)
    assert abs(values.mean()) < 0.05
    assert abs(values.std() - 1) < 0.05
    with pytest.raises(ValueError, match="keep_prob"):
        tf.contrib.nn.alpha_dropout(x, 0.0)


def test_wrong_numbers_of_samples():
    w, b, i, x = tf.ones([9, 2]), tf.zeros([9]), tf.constant([[1]], tf.int64), tf.ones([1, 2])
    for sampled, resampled, strategy in ((10, 2, "mod"), (5, 5, "mod"), (5, 2, "other")):
        with pytest.raises(ValueError, match=r"num_|strategy"):
            tf.contrib.nn.rank_sampled_softmax_loss(w, b, i, x, sampled, resampled, 9, 1, None, 1.0, False, strategy)
