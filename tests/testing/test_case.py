"""`tf.test.TestCase`: its graph, seeds and sessions, and what its assertions let through."""

import collections
import random
import sys

import numpy as np
import pytest

import defrun as tf
from defrun.base import errors

Pair = collections.namedtuple("Pair", "a b")


class SessionsTest(tf.test.TestCase):
    def test_every_test_starts_alike(self):
        self.assertEqual(tf.get_default_graph().get_operations(), [])
        self.assertEqual(tf.get_default_graph().seed, 87654321)
        drawn = random.random(), np.random.rand()
        random.seed(87654321)
        np.random.seed(87654321)
        self.assertEqual(drawn, (random.random(), np.random.rand()))

    def test_evaluate(self):
        three = tf.constant(1) + 2
        self.assertEqual(self.evaluate(three), 3)
        self.assertEqual(self.evaluate({"x": [three]}), {"x": [3]})
        with self.session() as session:
            self.assertIs(tf.get_default_session(), session)
            self.assertEqual(three.eval(), 3)

    def test_the_cached_session_stays(self):
        with self.cached_session() as first:
            pass
        with self.cached_session(use_gpu=True) as second:
            self.assertIs(second, first)
        with self.assertRaises(ValueError), self.cached_session(graph=tf.Graph()):
            pass
        with self.test_session(graph=tf.Graph()) as third:
            self.assertIsNot(third, first)

    def test_nodes_are_on_the_cpu_unless_said(self):
        with self.session():
            self.assertDeviceEqual(tf.constant(1).op.device, "/cpu:0")
        with self.session(use_gpu=True):
            self.assertEqual(tf.constant(1).op.device, "")
        with self.session(force_gpu=True):
            self.assertDeviceEqual(tf.constant(1).op.device, "/device:GPU:0")

    def test_folders_and_streams(self):
        self.assertEqual(self.get_temp_dir(), self.get_temp_dir())
        self.assertTrue(tf.gfile.IsDirectory(self.get_temp_dir()))
        with self.captureWritesToStream(sys.__stderr__) as written:
            sys.__stderr__.write("seen")
            self.assertEqual(written.contents(), "seen")

    def test_threads(self):
        seen = []
        thread = self.checkedThread(seen.append, args=(1,))
        thread.start()
        thread.join()
        self.assertEqual(seen, [1])
        self.assertFalse(thread.is_alive())
        broken = self.checkedThread(lambda: 1 / 0)
        broken.start()
        with self.assertRaises(AssertionError):
            broken.join()


@pytest.fixture
def case():
    test = tf.test.TestCase()
    tf.test.TestCase.setUp(test)
    yield test
    test.tearDown()


NAN = float("nan")

PASS = [
    lambda t: t.assertAllClose([1, 2], [1, 2 + 1e-7]),
    lambda t: t.assertAllClose(tf.constant([1.0]), np.array([1.0])),
    lambda t: t.assertAllClose([NAN, 1], [NAN, 1]),
    lambda t: t.assertAllClose({"a": [1, (2, 3)], "b": Pair(1, [2])}, {"b": Pair(1, [2]), "a": [1, (2, 3)]}),
    lambda t: t.assertAllClose([[1], [2, 3]], [[1], [2, 3]]),
    lambda t: t.assertAllClose([tf.constant(1.0), 2.0], [1.0, 2.0]),
    lambda t: t.assertAllClose(1, 1.1, rtol=0.2),
    lambda t: t.assertAllCloseAccordingToType(np.float16(1), np.float16(1.001)),
    lambda t: t.assertAllCloseAccordingToType(tf.constant(1, tf.bfloat16), 1.005),
    lambda t: t.assertNotAllClose([1], [1.1]),
    lambda t: t.assertAllEqual([1, 2], tf.constant([1, 2])),
    lambda t: t.assertAllEqual([NAN], [NAN]),
    lambda t: t.assertAllEqual([b"a"], np.array([b"a"], object)),
    lambda t: t.assertNotAllEqual([1, 2], [1, 3]),
    lambda t: t.assertAllGreater([1, 2], 0),
    lambda t: t.assertAllLessEqual([1, 2], 2),
    lambda t: t.assertAllInRange([1, 2], 1, 2),
    lambda t: t.assertAllInSet([1, 2], {1, 2, 3}),
    lambda t: t.assertDTypeEqual(tf.constant(1.0), np.float32),
    lambda t: t.assertShapeEqual(np.zeros((2, 3)), tf.zeros([2, 3])),
    lambda t: t.assertNear(1, 1.1, 0.2),
    lambda t: t.assertArrayNear([1, 2], [1.1, 2], 0.2),
    lambda t: t.assertNDArrayNear(np.ones(2), np.ones(2), 1e-9),
    lambda t: t.assertStartsWith("abc", "ab"),
    lambda t: t.assertItemsEqual([1, 2], [2, 1]) if hasattr(t, "assertItemsEqual") else None,
]

FAIL = [
    lambda t: t.assertAllClose([1, 2], [1, 2.1]),
    lambda t: t.assertAllClose([1, 2], [1, 2, 3]),
    lambda t: t.assertAllClose([NAN], [1]),
    lambda t: t.assertAllClose({"a": 1}, {"b": 1}),
    lambda t: t.assertAllCloseAccordingToType(np.float32(1), np.float32(1.001)),
    lambda t: t.assertNotAllClose([1], [1]),
    lambda t: t.assertAllEqual([1, 2], [1, 3]),
    lambda t: t.assertAllEqual([1], [[1]]),
    lambda t: t.assertNotAllEqual([1], [1]),
    lambda t: t.assertAllGreater([1, 2], 1),
    lambda t: t.assertAllInRange([1, 2], 1, 2, open_upper_bound=True),
    lambda t: t.assertAllInRange([NAN], 1, 2),
    lambda t: t.assertAllInRange(["a"], 1, 2),
    lambda t: t.assertAllInSet([1, 4], {1}),
    lambda t: t.assertNear(1, 2, 0.1),
    lambda t: t.assertArrayNear([1], [1, 2], 1),
    lambda t: t.assertNDArrayNear(np.ones(2), np.zeros(2), 1),
    lambda t: t.assertDeviceEqual("/cpu:0", "/gpu:0"),
    lambda t: t.assertStartsWith("abc", "b"),
]


@pytest.mark.parametrize("check", PASS)
def test_passes(case, check):
    check(case)


@pytest.mark.parametrize("check", FAIL)
def test_fails(case, check):
    with pytest.raises(AssertionError):
        check(case)


def test_what_cannot_be_compared(case):
    with pytest.raises(ValueError, match="only one of them is a dict"):
        case.assertAllClose({"a": 1}, [1])
    with pytest.raises(ValueError, match="2 items"):
        case.assertAllClose([[1], {"a": 1}], [[1]])
    with pytest.raises(TypeError, match="NumPy array"):
        case.assertShapeEqual([1], tf.constant([1]))


def test_errors_are_matched_by_text_and_op(case):
    with case.assertRaisesOpError("too bad"):
        raise errors.InternalError(None, None, "it is too bad")
    x = tf.placeholder(tf.float32, name="x")
    with case.assertRaisesOpError("Caused by: x"):
        raise errors.InternalError(None, x.op, "no")
    with case.assertRaisesWithPredicateMatch(ValueError, lambda error: "a" in str(error)):
        raise ValueError("abc")
    for kind, wanted in [(ValueError, "other"), (TypeError, "text")]:
        refused = pytest.raises(AssertionError, match="not the error expected")
        with refused, case.assertRaisesWithPredicateMatch(kind, wanted):
            raise ValueError("text")
    with pytest.raises(AssertionError, match="was not raised"), case.assertRaisesOpError("x"):
        pass


def test_messages_are_compared_with_text(case):
    graph = tf.GraphDef()
    graph.node.add(name="a", op="NoOp")
    graph.versions.producer = 134
    case.assertProtoEquals('node { name: "a" op: "NoOp" } versions { producer: 134 }', graph)
    case.assertProtoEqualsVersion('node { name: "a" op: "NoOp" }', graph)
    with pytest.raises(AssertionError):
        case.assertProtoEquals('node { name: "b" op: "NoOp" }', graph)
