"""The lecture's network gives the losses and the graphs that TensorFlow 1.15.5 gave (tests/oracle/lecture)."""

import gzip
import json
from pathlib import Path

import pytest
from google.protobuf import text_format
from tensorboard.compat.proto.graph_pb2 import GraphDef

import defrun as tf
from examples import lecture

ANSWERS = Path(__file__).parents[1] / "oracle" / "lecture"
LOSSES = json.loads((ANSWERS / "losses.json").read_text(encoding="utf-8"))


def recorded_graph(form: str) -> GraphDef:
    text = gzip.decompress((ANSWERS / f"{form}.pbtxt.gz").read_bytes()).decode()
    return text_format.Parse(text, GraphDef())


def outside_gradients(graph: GraphDef) -> list:
    """Return (name, op, inputs, device, attrs) of each node; an edge out of the gradients scope is only 'gradients'."""

    def edge(name: str) -> str:
        return "gradients" if name.lstrip("^").startswith("gradients/") else name

    def attrs(node) -> dict:
        return {name: value.SerializeToString(deterministic=True) for name, value in node.attr.items()}

    nodes = (node for node in graph.node if not node.name.startswith("gradients/"))
    return [(node.name, node.op, [edge(name) for name in node.input], node.device, attrs(node)) for node in nodes]


@pytest.mark.parametrize("form", lecture.FORMS, ids=lambda form: form.__name__)
@pytest.mark.filterwarnings("ignore::UserWarning")  # updates_forgotten is meant to be warned about
def test_losses_and_graph_are_tensorflows(form):
    assert form() == pytest.approx(LOSSES[form.__name__], rel=1e-4)
    ours = outside_gradients(tf.get_default_graph().as_graph_def())
    theirs = outside_gradients(recorded_graph(form.__name__))
    assert [node[:3] for node in ours] == [node[:3] for node in theirs]
    assert ours == theirs


def test_forgotten_updates_are_named_once(capfd, recwarn):
    lecture.updates_forgotten()
    said = "".join(str(warning.message) for warning in recwarn) + "".join(capfd.readouterr())
    assert "Assign" in said
    assert "lecture.py" in said
