"""tools/coverage.py: which symbols a module asks TensorFlow of, and that the page of parameters is true."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def coverage():
    spec = importlib.util.spec_from_file_location("coverage_of_symbols", ROOT / "tools" / "coverage.py")
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def test_symbols_that_a_module_uses(coverage):
    source = """
from tensorflow.python.framework import ops
nn = tf.nn
def build(tf, name):
    x = nn.relu(tf.add(1, 2)).name
    getattr(tf.metrics, name)(ops.Tensor, "auc")
"""
    found = set(coverage.asked_in(source))
    assert {"nn", "nn.relu", "add", "metrics", "metrics.auc"} <= found
    assert {"python.framework.ops", "python.framework.ops.Tensor"} <= found
    assert not {"name", "build", "Tensor", "auc"} & found


def test_parts(coverage):
    assert coverage.part_of("matmul") == ""
    assert coverage.part_of("while_loop") == "control flow and RNNs"
    assert coverage.part_of("keras.layers.Dense") == "estimators, Keras, devices, eager"
    assert coverage.part_of("keras.initializers.Zeros") == ""


def test_symbols_that_are_here(coverage, monkeypatch):
    from defrun.cli import alias

    monkeypatch.setattr(sys, "meta_path", [alias._finder, *sys.meta_path])
    before = set(sys.modules)
    assert coverage.is_here("nn.relu")
    assert coverage.is_here("python.ops.math_ops.add")
    assert not coverage.is_here("nn.nowhere")
    for name in set(sys.modules) - before:
        if name.startswith("tensorflow"):
            del sys.modules[name]


def test_the_page_of_parameters_is_true(coverage):
    page = coverage.PAGE.read_text(encoding="utf-8")
    assert coverage.between(page, "parameters", coverage.parameters_table()) == page, "make coverage writes it"


def test_a_table_goes_between_its_marks(coverage):
    page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n"
    assert coverage.between(page, "x", "new\n") == "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n"
