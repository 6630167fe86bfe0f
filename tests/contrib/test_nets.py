"""The networks of tf.contrib.slim.nets; their graphs are compared node for node in tests/graph/test_parity.py."""

import importlib
import json
import pathlib

import numpy as np
import pytest

import defrun as tf
from tests.oracle.graphs import nets

ANSWERS = json.loads((pathlib.Path(nets.__file__).parents[1] / "nets" / "answers.json").read_text())
QUICK = ("vgg_16", "inception_v2", "resnet_v1_50", "resnet_v2_50")
slim_nets = importlib.import_module("defrun.contrib.slim.nets")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in ANSWERS]
)
def test_variables_and_end_points_are_tensorflows(name):
    with tf.Graph().as_default():
        assert nets.large_nets(tf, name) == ANSWERS[name]


def test_a_network_learns_and_predicts():
    blocks = [slim_nets.resnet_v2.resnet_v2_block("block1", 2, 1, 2)]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        images = tf.constant(np.random.RandomState(1).rand(4, 16, 16, 1).astype(np.float32))
        with tf.contrib.slim.arg_scope(slim_nets.resnet_utils.resnet_arg_scope()):
            net, ends = slim_nets.resnet_v2.resnet_v2(images, blocks, 3, True)
        loss = tf.losses.sparse_softmax_cross_entropy([0, 1, 2, 0], tf.squeeze(net, [1, 2]))
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        session.run(tf.global_variables_initializer())
        first = session.run(loss)
        for _ in range(15):
            session.run(step)
        last, predictions = session.run([loss, ends["predictions"]])
    assert last < first
    np.testing.assert_allclose(predictions.sum(-1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: slim_nets.inception.inception_v1_base(x, "Mixed_9a"),
        lambda x: slim_nets.inception.inception_v2(x, depth_multiplier=0),
        lambda x: slim_nets.inception.inception_v3_base(x, depth_multiplier=-1.0),
        lambda x: slim_nets.resnet_v1.resnet_v1_50(x, output_stride=6),
        lambda x: slim_nets.resnet_v2.resnet_v2_50(x, output_stride=12),
    ],
)
def test_wrong_arguments(make):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"endpoint|depth_multiplier|output_stride"):
        make(tf.ones([1, 64, 64, 3]))


def test_the_size_of_a_model(capsys):
    analyzer = importlib.import_module("defrun.contrib.slim").model_analyzer
    with tf.Graph().as_default() as graph:
        variables = [tf.get_variable("w", [3, 4]), tf.get_variable("n", [], tf.int64, tf.zeros_initializer())]
        assert analyzer.analyze_vars(variables, print_info=True) == (13, 56)
        assert analyzer.analyze_ops(graph) > 13
    assert "w:0 (float32_ref 3x4) [12, bytes: 48]" in capsys.readouterr().out
