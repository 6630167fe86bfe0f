"""What names and configurations stand for in tf.keras; the graphs are compared in tests/graph/test_parity.py."""

import numpy as np
import pytest

import defrun as tf

MODULES = [tf.keras.initializers, tf.keras.regularizers, tf.keras.constraints, tf.keras.activations]


@pytest.mark.parametrize("module", MODULES)
def test_unknown_names_are_errors(module):
    with pytest.raises(ValueError, match="nothing_of_the_kind"):
        module.get("nothing_of_the_kind")
    with pytest.raises((ValueError, TypeError), match="3"):
        module.get(3)


@pytest.mark.parametrize("module", MODULES)
def test_custom_objects(module):
    assert module.deserialize("own", {"own": len}) is len


@pytest.mark.parametrize("module", MODULES[:3])
def test_serialized_objects_come_back(module):
    made = {
        tf.keras.initializers: lambda: tf.keras.initializers.RandomUniform(-1.0, 1.0, 3),
        tf.keras.regularizers: lambda: tf.keras.regularizers.l1_l2(0.5, 0.25),
        tf.keras.constraints: lambda: tf.keras.constraints.MinMaxNorm(0.5),
    }[module]()
    again = module.deserialize(module.serialize(made))
    assert type(again) is type(made)
    assert again.get_config() == made.get_config()
    with pytest.raises(ValueError, match="config"):
        module.get({"class_name": "l1"})


def test_constraints_hold():
    w = np.array([[3.0, -0.1], [4.0, 0.1]], np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        constraints = tf.keras.constraints
        kinds = constraints.MaxNorm(2.0), constraints.NonNeg(), constraints.UnitNorm(), constraints.MinMaxNorm(0.5, 1.0)
        most, positive, unit, between = session.run([kind(tf.constant(w)) for kind in kinds])
    np.testing.assert_allclose(most, [[1.2, -0.1], [1.6, 0.1]], rtol=1e-5)
    np.testing.assert_allclose(positive, [[3.0, 0.0], [4.0, 0.1]])
    np.testing.assert_allclose(np.linalg.norm(unit, axis=0), [1, 1], rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(between, axis=0), [1, 0.5], rtol=1e-5)


def test_softmax_of_a_vector_is_refused():
    with tf.Graph().as_default(), pytest.raises(ValueError, match="1D"):
        tf.keras.activations.softmax(tf.constant([1.0]))


def test_the_rest_of_keras_says_that_it_is_missing():
    with pytest.raises(NotImplementedError, match=r"tf\.keras\.Model"):
        tf.keras.Model()
