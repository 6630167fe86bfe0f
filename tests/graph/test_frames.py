"""Graphs with TensorFlow 1's own loops and choices, written by TensorFlow 1.15.5: imported they give its numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto import graph_pb2

import defrun as tf

FOLDER = Path(__file__).parents[1] / "oracle" / "frames"
ANSWERS = json.loads((FOLDER / "answers.json").read_text())

# TensorFlow keeps handles of arrays in stacks for the gradient of a loop in which arrays are made.
REFUSED = {"array_in_map": "stacks of arrays"}


def read(name):
    return graph_pb2.GraphDef.FromString((FOLDER / "graphs" / f"{name}.pb").read_bytes())


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - REFUSED))
def test_gives_tensorflows_numbers(name):
    answer = ANSWERS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(read(name), name="")
        if answer["init"]:
            session.run(answer["init"])
        for wanted in answer["values"]:
            got = session.run(answer["fetches"], answer["feeds"])
            for fetch, a, b in zip(answer["fetches"], got, wanted, strict=True):
                np.testing.assert_allclose(a, np.asarray(b), rtol=2e-5, atol=1e-6, err_msg=fetch)


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - REFUSED))
def test_no_node_of_the_old_control_flow_is_left(name):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(read(name), name="again")
    types = {op.type for op in graph.get_operations()}
    assert not types & {"Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond"}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_there_yet_is_refused(name):
    with tf.Graph().as_default(), pytest.raises(NotImplementedError, match=REFUSED[name]):
        tf.import_graph_def(read(name), name="")
