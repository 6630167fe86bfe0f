"""Decorators of TensorFlow's own tests, used with and without arguments, and what surrounds a test for a while."""

import unittest

import pytest

import defrun as tf
from defrun.testing import decorators, layouts


class Thing:
    value = 1

    @staticmethod
    def method():
        return "static"


class Case(tf.test.TestCase):
    def runTest(self):
        pass


def test_what_changes_nothing():
    @decorators.run_v1_only("a reason")
    def with_reason():
        return 1

    @decorators.run_deprecated_v1
    def plain():
        return 2

    @decorators.disable_xla("a reason")
    def other():
        return 3

    assert (with_reason(), plain(), other()) == (1, 2, 3)
    assert not decorators.is_xla_enabled()


def test_tests_in_their_session():
    class Inside(Case):
        @decorators.run_in_graph_and_eager_modes(config=tf.ConfigProto(), use_gpu=False)
        def test_value(self):
            assert tf.constant(3).eval() == 3
            return 3

    case = Inside()
    case.setUp()
    case.test_value()
    case.tearDown()
    with pytest.raises(ValueError, match="for methods"):
        decorators.run_in_graph_and_eager_modes(Inside)


@decorators.run_all_in_graph_and_eager_modes
class AllInside(tf.test.TestCase):
    def test_value(self):
        self.assertEqual(tf.constant(3).eval(), 3)

    @decorators.skip_if(lambda: True)
    def test_left_out(self):
        self.fail("not left out")

    def test_layouts(self):
        self.assertEqual(layouts.NHWCToNCHW([1, 2, 3, 4]), [1, 4, 2, 3])
        self.assertEqual(layouts.NCHWToNHWC([1, 4, 2, 3]), [1, 2, 3, 4])
        moved = layouts.NHWCToNCHW(tf.zeros([1, 2, 3, 4, 5]))
        self.assertEqual(moved.shape.as_list(), [1, 5, 2, 3, 4])
        self.assertEqual(layouts.NCHWToNHWC(moved).shape.as_list(), [1, 2, 3, 4, 5])


def test_only_in_version_2():
    @decorators.run_v2_only
    def method(self):
        raise AssertionError("ran")

    with pytest.raises(unittest.SkipTest):
        method(Case())


def test_devices():
    with tf.Graph().as_default():
        with decorators.force_cpu():
            assert tf.constant(1).op.device == "/device:CPU:0"
        with decorators.force_gpu():
            assert tf.constant(1).op.device == "/device:GPU:0"
        with decorators.device(use_gpu=False):
            assert tf.constant(1).op.device == "/device:CPU:0"


def test_stubs_put_back_what_was_there():
    before = vars(Thing)["method"]
    stubs = tf.test.StubOutForTesting()
    stubs.Set(Thing, "value", 2)
    stubs.Set(Thing, "value", 3)
    stubs.SmartSet(Thing(), "method", lambda: "stub")
    assert (Thing.value, Thing.method()) == (3, "stub")
    stubs.CleanUp()
    assert (Thing.value, vars(Thing)["method"]) == (1, before)
    with pytest.raises(AttributeError), tf.test.StubOutForTesting() as stubs:
        stubs.Set(Thing, "nowhere", 1)


def test_reports_of_benchmarks(capsys, monkeypatch):
    class Timed(tf.test.Benchmark):
        def measure(self, **kwargs):
            self.report_benchmark(**kwargs)

    try:
        Timed().measure(iters=2, wall_time=0.5, metrics=[{"name": "m", "value": 1.0, "min_value": 0.5}], name="x")
        said = capsys.readouterr().out
        assert 'name: "Timed.x"' in said
        assert "min_value {\n      value: 0.5" in said
        for wrong in ({"extras": 5}, {"metrics": 5}, {"metrics": [{"name": "m"}]}):
            with pytest.raises(TypeError):
                Timed().measure(**wrong)
        with pytest.raises(RuntimeError, match="default session"):
            Timed().evaluate(tf.constant(1))
        monkeypatch.setenv("TEST_REPORT_FILE_PREFIX", "x")
        with pytest.raises(NotImplementedError):
            Timed().measure()
    finally:
        from defrun.testing import benchmark

        benchmark._classes.remove(Timed)
