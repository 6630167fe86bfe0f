"""Graphs and models that TensorFlow wrote run here and give its numbers; tests/oracle/exported holds them."""

import json
import pathlib

import numpy as np
import pytest
from google.protobuf import text_format

import defrun as tf
from tests.oracle.exported import make

FOLDER = pathlib.Path(make.__file__).parent
ANSWERS = json.loads((FOLDER / "answers.json").read_text())
MODEL = ANSWERS["model"]
X = make.X


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def read(name, kind=tf.GraphDef):
    data = (FOLDER / name).read_bytes()
    return text_format.Parse(data.decode(), kind()) if name.endswith("pbtxt") else kind.FromString(data)


@pytest.mark.parametrize("name", ["frozen.pb", "cleaned.pb"])
def test_frozen_graph_gives_tensorflows_numbers(name):
    (y,) = tf.import_graph_def(read(name), return_elements=["checked:0"])
    with tf.Session() as session:
        assert session.run(y, {"import/x:0": X}) == pytest.approx(np.float32(MODEL["y"]), abs=1e-6)


def test_checkpoint_and_meta_graph_restore(graph):
    saver = tf.train.import_meta_graph(str(FOLDER / "checkpoint/model.meta"))
    with tf.Session() as session:
        saver.restore(session, str(FOLDER / "checkpoint/model"))
        found = session.run({"y": "y:0", "step": "global_step:0", "w": "dense/w:0"}, {"x:0": X})
    assert found["step"] == MODEL["step"]
    assert found["y"] == pytest.approx(np.float32(MODEL["y"]), abs=1e-6)
    assert found["w"] == pytest.approx(np.float32(MODEL["w"]), abs=1e-7)
    assert [v.name for v in tf.trainable_variables()] == ["dense/w:0", "dense/b:0"]
    assert [v.name for v in tf.global_variables()][2] == "global_step:0"
    assert tf.get_collection("shown") == [graph.get_tensor_by_name("y:0")]
    assert tf.get_collection("sizes") == [3]
    assert tf.get_collection("titles") == [b"network"]
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP) == [graph.get_operation_by_name("Momentum")]
    assert graph.get_operation_by_name("dense/w").device == "/device:CPU:0"


def test_training_goes_on_after_import():
    saver = tf.train.import_meta_graph(str(FOLDER / "checkpoint/model.meta"))
    with tf.Session() as session:
        saver.restore(session, str(FOLDER / "checkpoint/model"))
        (train,) = tf.get_collection(tf.GraphKeys.TRAIN_OP)
        before = session.run("y:0", {"x:0": X})
        session.run(train, {"x:0": X})
        assert session.run("global_step:0") == MODEL["step"] + 1
        assert session.run("y:0", {"x:0": X})[:, 0].sum() < before[:, 0].sum()


def test_graph_as_text_is_the_graph(graph):
    definition = read("graph.pbtxt")
    tf.import_graph_def(definition, name="")
    ours = {node.name: node for node in graph.as_graph_def().node}
    for node in definition.node:
        assert ours[node.name].op == node.op
        assert list(ours[node.name].input) == list(node.input)
        assert dict(ours[node.name].attr) == dict(node.attr), node.name


def test_import_under_a_scope_without_devices(graph):
    saver = tf.train.import_meta_graph(str(FOLDER / "checkpoint/model.meta"), clear_devices=True, import_scope="net")
    with tf.Session() as session:
        saver.restore(session, str(FOLDER / "checkpoint/model"))
        assert session.run("net/y:0", {"net/x:0": X}) == pytest.approx(np.float32(MODEL["y"]), abs=1e-6)
    assert not any(op.device for op in graph.get_operations())
    assert tf.get_collection("shown") == [graph.get_tensor_by_name("net/y:0")]


def test_scope_with_open_inputs_must_be_given_them():
    with pytest.raises(ValueError, match=r"unbound_inputs_.*input_map"):
        tf.train.import_meta_graph(str(FOLDER / "dense.meta"))


def test_we_export_a_scope_as_tensorflow_does():
    theirs = read("dense.meta", tf.MetaGraphDef)
    tf.train.import_meta_graph(str(FOLDER / "checkpoint/model.meta"))
    ours = tf.train.export_meta_graph(export_scope="dense")
    assert [n.name for n in ours.graph_def.node] == [n.name for n in theirs.graph_def.node]
    assert [list(n.input) for n in ours.graph_def.node] == [list(n.input) for n in theirs.graph_def.node]
    for key in ("trainable_variables", "unbound_inputs"):
        assert ours.collection_def[key] == theirs.collection_def[key]


def test_freezing_is_tensorflows(graph):
    saver = tf.train.import_meta_graph(str(FOLDER / "checkpoint/model.meta"))
    with tf.Session() as session:
        saver.restore(session, str(FOLDER / "checkpoint/model"))
        definition = graph.as_graph_def()
        some = tf.graph_util.convert_variables_to_constants(
            session, definition, ["checked"], variable_names_blacklist=["dense/b"]
        )
        whole = tf.graph_util.convert_variables_to_constants(session, definition, ["checked"])
    assert sorted(f"{n.name} {n.op}" for n in some.node) == MODEL["blacklisted"]
    assert whole == read("frozen.pb")
    assert tf.graph_util.remove_training_nodes(whole, ["checked"]) == read("cleaned.pb")


def test_saved_model_is_served():
    predict = tf.contrib.predictor.from_saved_model(str(FOLDER / "saved"))
    found = predict({"x": X, "words": make.WORDS})
    assert found["y"] == pytest.approx(np.float32(MODEL["y"]), abs=1e-6)
    assert found["ids"][:3].tolist() == MODEL["ids"][:3]
    assert found["ids"][3] in (3, 4)


def test_model_of_tensorflow_2_is_served():
    predict = tf.contrib.predictor.from_saved_model(str(FOLDER / "newest"))
    assert predict({"x": X})["y"] == pytest.approx(np.float32(ANSWERS["newest"]["y"]), abs=1e-5)


@pytest.mark.parametrize("up", [True, False])
def test_functional_control_flow_runs(up):
    tf.import_graph_def(read("functional.pb"), name="")
    with tf.Session() as session:
        session.run("v/Assign")
        found = session.run("y:0", {"x:0": X, "up:0": up})
    assert found == pytest.approx(np.float32(ANSWERS["functional"][0 if up else 1]), rel=1e-6)


def test_functions_come_out_as_they_went_in(graph):
    definition = read("functional.pb")
    tf.import_graph_def(definition, name="")
    ours = graph.as_graph_def()
    assert ours.library == definition.library
    assert ours.versions == definition.versions


def test_queues_are_filled_after_import():
    tf.train.import_meta_graph(str(FOLDER / "queues.meta"))
    runners = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    assert [r.to_proto().SerializeToString().hex() for r in runners] == ANSWERS["queues"]
    with tf.Session() as session:
        session.run([op for op in tf.get_default_graph().get_operations() if op.name.endswith("/Assign")])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        found = [session.run("batch:0").tolist() for _ in range(3)]
        coordinator.request_stop()
        coordinator.join(threads)
    assert found == [[0, 1], [2, 3], [4]]


@pytest.mark.parametrize("up", [True, False])
def test_version_1s_control_flow_runs(up):
    saver = tf.train.import_meta_graph(str(FOLDER / "flow/model.meta"))
    with tf.Session() as session:
        saver.restore(session, str(FOLDER / "flow/model"))
        found = session.run("y:0", {"x:0": X, "up:0": up})
    assert found == pytest.approx(np.float32(ANSWERS["flow"][0 if up else 1]), rel=1e-6)
