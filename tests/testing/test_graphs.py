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


def test_decorators_with_and_without_arguments():
    @graphs.run_in_graph_and_eager_modes
    def plain():
        return 1

    @graphs.run_v1_only("a reason")
    def with_reason():
        return 2

    @graphs.run_in_graph_and_eager_modes(use_gpu=True)
    def with_options():
        return 3

    assert (plain(), with_reason(), with_options()) == (1, 2, 3)


FILE = """
import defrun as tf

class SmallTest(tf.test.TestCase):
    def test_passes(self):
        with self.cached_session():
            self.assertAllEqual(tf.constant([1, 2]), [1, 2])
    def test_fails(self):
        self.assertEqual(1, 2)

if __name__ == "__main__":
    tf.test.main()
"""


def test_a_file_of_tests_runs_as_a_program(tmp_path):
    (tmp_path / "small_test.py").write_text(FILE)
    done = subprocess.run([sys.executable, "small_test.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "FAILED (failures=1, skipped=1)" in done.stderr  # test_session looks like a test
