"""What the assertions of tf.test.TestCase let through, and how its tests are started."""

import sys

import numpy as np
import tensorflow as tf
from tensorflow.contrib.eager.python import tfe
from tensorflow.python.framework import test_util

A, B = np.array([1.0, 2.0], np.float32), np.array([1.0, 2.00001], np.float32)
NAN = np.array([1.0, np.nan])

ATTEMPTS = [
    ("all close", lambda t: t.assertAllClose(A, A + 1e-7)),
    ("not close", lambda t: t.assertAllClose(A, B)),
    ("close by rtol", lambda t: t.assertAllClose(A, B, rtol=1e-4)),
    ("close by atol", lambda t: t.assertAllClose(A, B, atol=1e-4)),
    ("close nan", lambda t: t.assertAllClose(NAN, NAN)),
    ("close lists", lambda t: t.assertAllClose([A, [1.0]], [A, [1.0]])),
    ("close dicts", lambda t: t.assertAllClose({"x": A}, {"x": A})),
    ("close dict and list", lambda t: t.assertAllClose({"x": A}, [A])),
    ("close other keys", lambda t: t.assertAllClose({"x": A}, {"y": A})),
    ("close other shapes", lambda t: t.assertAllClose(A, A[:1])),
    ("close tensors", lambda t: t.assertAllClose(tf.constant(A), A)),
    ("close half", lambda t: t.assertAllCloseAccordingToType(A.astype(np.float16), B.astype(np.float16) + 5e-4)),
    ("close float", lambda t: t.assertAllCloseAccordingToType(A, A + 5e-4)),
    ("close bfloat16", lambda t: t.assertAllCloseAccordingToType(A, A * 1.005, bfloat16_rtol=1.0)),
    ("not all close", lambda t: t.assertNotAllClose(A, A + 1)),
    ("not all close fails", lambda t: t.assertNotAllClose(A, A)),
    ("all equal", lambda t: t.assertAllEqual([1, 2], np.array([1, 2]))),
    ("all equal fails", lambda t: t.assertAllEqual([1, 2], [1, 3])),
    ("all equal nan", lambda t: t.assertAllEqual(NAN, NAN)),
    ("all equal shapes", lambda t: t.assertAllEqual([1, 2], [[1, 2]])),
    ("all equal strings", lambda t: t.assertAllEqual([b"a"], tf.constant(["a"]))),
    ("not all equal", lambda t: t.assertNotAllEqual([1, 2], [1, 3])),
    ("not all equal fails", lambda t: t.assertNotAllEqual([1], [1])),
    ("greater", lambda t: t.assertAllGreater([1, 2], 0)),
    ("greater fails", lambda t: t.assertAllGreater([1, 2], 1)),
    ("less", lambda t: t.assertAllLess([1, 2], 3)),
    ("greater equal", lambda t: t.assertAllGreaterEqual([1, 2], 1)),
    ("less equal fails", lambda t: t.assertAllLessEqual([1, 2], 1)),
    ("in range", lambda t: t.assertAllInRange([0.0, 1.0], 0.0, 1.0)),
    ("in open range", lambda t: t.assertAllInRange([0.0, 1.0], 0.0, 1.0, open_upper_bound=True)),
    ("in set", lambda t: t.assertAllInSet([1, 2, 1], {1, 2})),
    ("in set fails", lambda t: t.assertAllInSet([1, 2, 3], {1, 2})),
    ("near", lambda t: t.assertNear(1.0, 1.05, 0.1)),
    ("near fails", lambda t: t.assertNear(1.0, 1.2, 0.1)),
    ("array near", lambda t: t.assertArrayNear([1.0, 2.0], [1.05, 2.0], 0.1)),
    ("array near fails", lambda t: t.assertArrayNear([1.0], [1.5], 0.1)),
    ("ndarray near", lambda t: t.assertNDArrayNear(A, A + 0.01, 0.1)),
    ("ndarray near fails", lambda t: t.assertNDArrayNear(A, A + 1, 0.1)),
    ("dtype", lambda t: t.assertDTypeEqual(tf.constant(1.0), np.float32)),
    ("dtype fails", lambda t: t.assertDTypeEqual(A, np.float64)),
    ("shape", lambda t: t.assertShapeEqual(A, tf.constant(A))),
    ("shape fails", lambda t: t.assertShapeEqual(A, tf.constant(1.0))),
    ("device", lambda t: t.assertDeviceEqual("/CPU:0", "/device:CPU:0")),
    ("device fails", lambda t: t.assertDeviceEqual("/cpu:0", "/gpu:0")),
    ("starts with", lambda t: t.assertStartsWith("abc", "ab")),
    ("starts with fails", lambda t: t.assertStartsWith("abc", "b")),
    ("proto", lambda t: t.assertProtoEquals("node { name: 'x' op: 'NoOp' }", _graph_def("x"))),
    ("proto fails", lambda t: t.assertProtoEquals("node { name: 'y' op: 'NoOp' }", _graph_def("x"))),
    ("items", lambda t: t.assertItemsEqual([1, 2], [2, 1])),
    ("items fail", lambda t: t.assertItemsEqual([1, 2], [2])),
    ("equals", lambda t: t.assertEquals(1, 1)),
    ("regexp", lambda t: t.assertRegexpMatches("abc", "b.")),
    ("raises regexp", lambda t: _raises(t.assertRaisesRegexp(ValueError, "b"), ValueError("abc"))),
    ("same structure", lambda t: t.assertSameStructure({"a": [1]}, {"a": [1]})),
    ("raises op error", lambda t: _raises_in_run(t, "divide", t.assertRaisesOpError)),
    ("raises another op error", lambda t: _raises_in_run(t, "nothing like it", t.assertRaisesOpError)),
    ("raises no op error", lambda t: _raises(t.assertRaisesOpError("x"), None)),
    ("predicate", lambda t: _raises(t.assertRaisesWithPredicateMatch(ValueError, lambda e: "b" in str(e)),
                                    ValueError("abc"))),
    ("predicate fails", lambda t: _raises(t.assertRaisesWithPredicateMatch(ValueError, "z"), ValueError("abc"))),
    ("another class", lambda t: _raises(t.assertRaisesWithPredicateMatch(ValueError, "a"), KeyError("a"))),
    ("evaluate", lambda t: t.assertEqual(t.evaluate({"x": tf.constant(2)}), {"x": 2})),
    ("skip", lambda t: t.skipTest("no")),
]  # fmt: skip


def _graph_def(name):
    with tf.Graph().as_default() as graph:
        tf.no_op(name=name)
    made = graph.as_graph_def()
    made.ClearField("versions")
    return made


def _raises(context, error):
    with context:
        if error is not None:
            raise error


def _raises_in_run(test, text, context):
    with test.session() as session, context(text):
        session.run(tf.Assert(tf.placeholder_with_default(False, []), [tf.constant("divide")]))


class Attempts(tf.test.TestCase):
    def test_attempts(self):
        for name, attempt in ATTEMPTS:
            try:
                attempt(self)
            except BaseException as error:
                print(name, "->", type(error).__name__)
            else:
                print(name, "-> passes")

    def test_places(self):
        print(tf.test.is_gpu_available(), tf.test.gpu_device_name() == "", tf.gfile.IsDirectory(tf.test.get_temp_dir()))
        print(tf.gfile.IsDirectory(self.get_temp_dir()), self.get_temp_dir() == self.get_temp_dir())

    @tfe.run_test_in_graph_and_eager_modes()
    def test_in_a_session(self):
        if tf.executing_eagerly():
            return
        print("in a session", tf.get_default_session() is not None, tf.constant(3).eval())

    @test_util.run_deprecated_v1
    def test_in_graph_mode(self):
        print("in graph mode", tf.get_default_session() is not None, self.evaluate(tf.constant(4)))

    @test_util.skip_if(True)
    def test_left_out(self):
        print("never")

    @test_util.run_v2_only
    def test_of_version_2(self):
        print("never")

    def test_sessions(self):
        with self.test_session() as one, self.cached_session() as two:
            print(one is two, tf.get_default_graph() is one.graph)
        with self.session(graph=tf.Graph()) as three:
            print(three is one, three.graph is one.graph)
        print(tf.get_default_graph().seed)

    def test_gradients(self):
        with self.session():
            x = tf.placeholder(tf.float32, [2, 3])
            y = tf.reduce_sum(tf.square(x) * x, 0)
            start = np.arange(6, dtype=np.float32).reshape(2, 3) / 4
            print(tf.test.compute_gradient_error(x, [2, 3], y, [3], x_init_value=start) < 1e-2)
            theory, numeric = tf.test.compute_gradient(x, [2, 3], y, [3], x_init_value=start, delta=1e-2)
            print(theory.round(3).tolist(), np.abs(theory - numeric).max() < 1e-2)

    def test_stubs(self):
        class Thing(object):
            value = 1

        with tf.test.StubOutForTesting() as stubs:
            stubs.Set(Thing, "value", 2)
            stubs.SmartSet(Thing(), "value", 3)
            print(Thing.value)
        print(Thing.value)


@tfe.run_all_tests_in_graph_and_eager_modes
class AllInSessions(tf.test.TestCase):
    def test_one(self):
        if not tf.executing_eagerly():
            print("each in a session", tf.get_default_session() is not None)


class Timing(tf.test.Benchmark):
    def benchmark_nothing(self):
        print("never without --benchmarks")


if __name__ == "__main__":
    sys.stderr = sys.__stderr__
    tf.test.main()
