"""Whole graphs compared, and decorators that change nothing."""

import subprocess
import sys

import pytest

import defrun as tf
from defrun.testing import graphs


def graph_def(*names):
    graph = tf.GraphDef()
    for name in names:
        graph.node.add(name=name, op="NoOp")
    return graph


def test_equal_graphs():
    tf.test.assert_equal_graph_def(graph_def("a", "b"), graph_def("b", "a"))
    with pytest.raises(AssertionError, match="'c'"):
        tf.test.assert_equal_graph_def(graph_def("a", "c"), graph_def("a"))
    other = graph_def("a")
    other.node[0].device = "/cpu:0"
    with pytest.raises(AssertionError, match="node 'a' differs"):
        tf.test.assert_equal_graph_def(graph_def("a"), other)
    other = graph_def("a")
    other.versions.producer = 3
    with pytest.raises(AssertionError, match="versions"):
        tf.test.assert_equal_graph_def(graph_def("a"), other)


def test_nodes_of_a_graph():
    with tf.Graph().as_default() as graph:
        tf.constant(1, name="one")
        tf.no_op(name="nothing")
    made = graphs.assert_ops_in_graph({"one": "Const", "nothing": "NoOp"}, graph)
    assert sorted(made) == ["nothing", "one"]
    assert graphs.get_node_def_from_graph("one", graph.as_graph_def()).op == "Const"
    assert graphs.get_node_def_from_graph("two", graph.as_graph_def()) is None
    with pytest.raises(ValueError, match="two"):
        graphs.assert_ops_in_graph({"two": "Const"}, graph)
    with pytest.raises(ValueError, match="different"):
        graphs.assert_ops_in_graph({"one": "NoOp"}, graph)


FILE = """
import defrun as tf

class SmallTest(tf.test.TestCase):
    def test_passes(self):
        with self.cached_session():
            self.assertAllEqual(tf.constant([1, 2]), [1, 2])
    def test_fails(self):
        self.assertEqual(1, 2)

class Timing(tf.test.Benchmark):
    def benchmark_sum(self):
        with tf.Session(config=tf.test.benchmark_config()) as session:
            told = self.run_op_benchmark(session, tf.reduce_sum(tf.ones([3])), min_iters=3, extras={"a": "b"}, mbs=2.0)
            print("told", told["iters"], told["wall_time"] > 0, self.evaluate(tf.constant(4)))

if __name__ == "__main__":
    tf.test.main()
"""


def test_a_file_of_tests_runs_as_a_program(tmp_path):
    (tmp_path / "small_test.py").write_text(FILE)
    done = subprocess.run([sys.executable, "small_test.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "FAILED (failures=1, skipped=1)" in done.stderr  # test_session looks like a test


def test_a_file_of_tests_runs_its_benchmarks(tmp_path):
    (tmp_path / "small_test.py").write_text(FILE)
    done = subprocess.run(
        [sys.executable, "small_test.py", "--benchmarks=Timing"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert 'name: "Timing.benchmark_sum"' in done.stdout
    assert "iters: 3" in done.stdout
    assert 'string_value: "b"' in done.stdout
    assert "told 3 True 4" in done.stdout
