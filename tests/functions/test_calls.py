"""Calls of functions in graphs that TensorFlow wrote, and in those that we write."""

import json
import pathlib

import numpy as np
import pytest

import defrun as tf
from defrun.functions.defined import Defun

FOLDER = pathlib.Path(__file__).parents[1] / "oracle" / "functions"
ANSWERS = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
FEED = {"x:0": [1.0, 2.0]}


@pytest.fixture
def graph():
    made = tf.Graph()
    with made.as_default():
        proto = tf.GraphDef()
        proto.ParseFromString((FOLDER / "calls.pb").read_bytes())
        tf.import_graph_def(proto, name="")
        yield made


def test_tensorflows_calls_and_their_gradients_run(graph):
    with tf.Session() as session:
        values = session.run(["y:0", "slope:0"], FEED)
    np.testing.assert_allclose(values, [ANSWERS["y"], ANSWERS["slope"]], rtol=1e-5)


def test_tensorflows_calls_are_differentiated_here(graph):
    x, y = graph.get_tensor_by_name("x:0"), graph.get_tensor_by_name("y:0")
    first = tf.gradients(y, x)[0]
    second = tf.gradients(first, x)[0]
    with tf.Session() as session:
        values, bend = session.run([first, second], FEED)
        ahead = session.run(first, {"x:0": [1.001, 2.001]})
    np.testing.assert_allclose(values, ANSWERS["slope"], rtol=1e-5)
    np.testing.assert_allclose(bend, (ahead - values) / 1e-3, rtol=1e-2)


def test_calls_survive_a_graph_def():
    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [2], name="x")
        w = tf.get_variable("w", initializer=[2.0, 3.0], use_resource=True)
        waves = Defun(tf.float32)(lambda v: tf.sin(v) * v)
        call = tf.function(lambda v: tf.cond(v[0] > 0.0, lambda: v * w, lambda: v) + waves(v))
        tf.identity(tf.gradients(call(x) * call(2.0 * x) * waves(x), x)[0], name="slope")
        init = tf.global_variables_initializer()
        with tf.Session() as session:
            session.run(init)
            wanted = session.run("slope:0", FEED)
        proto = made.as_graph_def()
    assert len({f.signature.name for f in proto.library.function}) == len(proto.library.function)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(proto, name="")
        session.run("init")
        np.testing.assert_allclose(session.run("slope:0", FEED), wanted)


def test_what_runs_on_the_host_may_stand_in_a_function():
    with tf.Graph().as_default(), tf.Session() as session:

        @tf.function
        def f(x):
            return tf.py_func(lambda v: v + 1, [x * 2.0], tf.float32) * 3.0

        assert session.run(f(tf.constant([1.0, 2.0]))).tolist() == [9.0, 15.0]


def test_a_method_has_its_own_function_for_each_object():
    class Model:
        def __init__(self, factor):
            self.factor = factor

        @tf.function
        def scaled(self, x):
            return x * self.factor

    with tf.Graph().as_default(), tf.Session() as session:
        first, second = Model(2.0), Model(3.0)
        x = tf.constant(1.0)
        assert session.run([first.scaled(x), second.scaled(x), first.scaled(x)]) == [2.0, 3.0, 2.0]


def test_a_call_with_what_does_not_fit_is_refused():
    with tf.Graph().as_default():
        f = tf.function(lambda x: x, input_signature=[tf.TensorSpec([2], tf.float32)])
        with pytest.raises(ValueError, match="fit"):
            f(tf.zeros([3]))
        with pytest.raises(TypeError, match="input_signature"):
            tf.function(lambda x: x, input_signature=tf.TensorSpec([2]))
        with pytest.raises(TypeError, match="tensors"):
            tf.function(lambda x: x).get_concrete_function(tf.TensorSpec([2]))()
