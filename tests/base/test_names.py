"""What we know of TensorFlow's names, and the error for one that is not here."""

import pickle

import pytest

import defrun as tf
from defrun.base import names
from defrun.base.names import MissingSymbolError


def test_a_missing_name_is_an_attribute_that_is_not_there():
    assert not hasattr(tf, "no_such_thing")
    with pytest.raises(AttributeError):
        _ = tf.nn.no_such_thing
    with pytest.raises(NotImplementedError):
        _ = tf.nn.no_such_thing
    with pytest.raises(ImportError):
        exec("from defrun.nn import no_such_thing")
    assert getattr(tf, "no_such_thing", 3) == 3
    assert not hasattr(tf, "__path_of_nothing__")


def test_the_text_says_what_the_name_is():
    for name in ["lite.TocoConverter", "contrib.slim.nets", "raw_ops.NcclAllReduce"]:
        assert str(MissingSymbolError(name)).startswith(f"tf.{name} is part of TensorFlow 1.15.5 but not of defrun")
    private = "contrib.tensor_forest.python.tensor_forest.ForestHParams"
    assert str(MissingSymbolError(private)).startswith(f"tf.{private} is part of TensorFlow 1.15.5 but not of defrun")
    assert str(MissingSymbolError("contrib.slim.no")).startswith("TensorFlow 1.15.5 has no tf.contrib.slim.no")


def test_the_text_names_the_nearest():
    assert str(MissingSymbolError("nn.equal")).endswith("the nearest name here is tf.equal")  # there, elsewhere
    assert str(MissingSymbolError("math.squared_diference")).endswith("is tf.math.squared_difference")  # misspelt
    assert str(MissingSymbolError("train.optimizers")).endswith("is tf.train.Optimizer")  # the class, not a module
    assert "nearest" not in str(MissingSymbolError("qqqqqqqq"))


def test_the_error_can_travel():
    error = pickle.loads(pickle.dumps(MissingSymbolError("nn.nothing")))
    assert error.symbol == "nn.nothing"


def test_tensorflows_names():
    assert names.known("nn.relu")
    assert names.known("python.ops.math_ops")
    assert names.known("contrib.layers.xavier_initializer")
    assert not names.known("nn.rellu")
    assert names.names().aliases["matmul"] == ("matmul", "linalg.matmul")
    assert names.public_name("python.ops.gen_math_ops", "floor_mod") == "floormod"
    assert names.public_name("contrib.rnn", "BasicLSTMCell") == "nn.rnn_cell.BasicLSTMCell"
    assert names.public_name("python.ops.math_ops", "nothing") is None
    assert names.find("math.add") is tf.add
    with pytest.raises(AttributeError):
        names.find("math.nothing")
