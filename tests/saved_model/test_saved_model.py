"""Saved models written and read by us: their parts, their errors."""

import os

import numpy as np
import pytest

import defrun as tf
from defrun.base.messages import SavedModel

X = np.float32([[1.0, 2.0]])


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def network(session):
    """A network with variables of both kinds; returns input and output."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    v = tf.get_variable("v", initializer=np.float32([[1.0], [10.0]]))
    b = tf.get_variable("b", initializer=np.float32([0.5]), use_resource=True)
    y = tf.add(tf.matmul(x, v), b, name="y")
    session.run(tf.global_variables_initializer())
    return x, y


def save(folder, **options):
    with tf.Session() as session:
        x, y = network(session)
        tf.saved_model.simple_save(session, folder, {"x": x}, {"y": y}, **options)


def read(folder):
    with open(os.path.join(folder, "saved_model.pb"), "rb") as f:
        return SavedModel.FromString(f.read())


def test_what_is_saved_is_served(tmp_path):
    folder = str(tmp_path / "model")
    save(folder)
    predict = tf.contrib.predictor.from_saved_model(folder)
    assert predict({"x": X})["y"].tolist() == [[21.5]]
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.loader.load(session, [tf.saved_model.tag_constants.SERVING], folder)
        signature = meta.signature_def["serving_default"]
        y = tf.saved_model.utils.get_tensor_from_tensor_info(signature.outputs["y"])
        assert session.run(y, {signature.inputs["x"].name: X}).tolist() == [[21.5]]


def test_it_loads_under_a_scope(tmp_path):
    folder = str(tmp_path)
    save(folder)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.load(session, ["serve"], folder, import_scope="net")
        assert session.run("net/y:0", {"net/x:0": X}).tolist() == [[21.5]]


def test_several_graphs_share_the_values(tmp_path):
    folder = str(tmp_path)
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    with tf.Session() as session:
        network(session)
        builder.add_meta_graph_and_variables(session, ["train"])
    with tf.Graph().as_default(), tf.device("/cpu:0"):
        v = tf.get_variable("v", [2, 1])
        tf.multiply(v, 2.0, name="twice")
        builder.add_meta_graph(["serve", "small"], clear_devices=True, strip_default_attrs=True)
    assert builder.save() == os.path.join(folder, "saved_model.pb").encode()
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.saved_model.load(session, ["small", "serve"], folder)
        assert session.run("twice:0").tolist() == [[2.0], [20.0]]
        assert not any(op.device for op in graph.get_operations() if op.type == "VariableV2")
    assert read(folder).meta_graphs[1].meta_info_def.stripped_default_attrs


def test_text_is_read_too(tmp_path):
    with tf.Session() as session:
        network(session)
        builder = tf.saved_model.Builder(str(tmp_path))
        builder.add_meta_graph_and_variables(session, ["serve"])
        builder.save(as_text=True)
    assert sorted(os.listdir(tmp_path)) == ["saved_model.pbtxt", "variables"]
    assert tf.saved_model.loader.maybe_saved_model_directory(str(tmp_path))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.load(session, ["serve"], str(tmp_path))
        assert session.run("y:0", {"x:0": X}).tolist() == [[21.5]]


def test_assets_are_copied_and_fed_to_the_main_operation(tmp_path):
    for folder, text in (("a", "apple\n"), ("b", "pear\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words").write_text(text)
    model = str(tmp_path / "model")
    with tf.Session() as session:
        paths = [tf.constant(str(tmp_path / f / "words"), name=f) for f in ("a", "b", "a")]
        held = [tf.get_local_variable(f"held{i}", initializer="", use_resource=True) for i in range(2)]
        main = tf.group(*(tf.assign(v, tf.read_file(p)) for v, p in zip(held, paths)))
        builder = tf.saved_model.Builder(model)
        builder.add_meta_graph_and_variables(session, ["serve"], assets_collection=paths, main_op=main)
        builder.save()
    assert sorted(os.listdir(os.path.join(model, "assets"))) == ["words", "words_1"]
    for folder in "ab":
        (tmp_path / folder / "words").unlink()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.load(session, ["serve"], model)
        assert session.run(["held0/Read/ReadVariableOp:0", "held1/Read/ReadVariableOp:0"]) == [b"apple\n", b"pear\n"]


def test_main_op_initializes(tmp_path):
    with tf.Session() as session:
        network(session)
        tf.get_local_variable("local", initializer=3.0)
        builder = tf.saved_model.Builder(str(tmp_path))
        operation = tf.saved_model.main_op.main_op_with_restore(tf.no_op("restored"))
        builder.add_meta_graph_and_variables(session, ["serve"], main_op=operation)
        builder.save()
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.load(session, ["serve"], str(tmp_path))
        assert session.run("local:0") == 3.0


def test_a_model_without_variables(tmp_path):
    with tf.Session() as session:
        x = tf.placeholder(tf.float32, [], name="x")
        tf.saved_model.simple_save(session, str(tmp_path), {"x": x}, {"y": x * 2.0})
    assert tf.contrib.predictor.from_saved_model(str(tmp_path))({"x": 3.0}) == {"y": 6.0}


# -- signatures ------------------------------------------------------------------------------------------------------


def test_signatures_of_each_kind():
    sm = tf.saved_model
    text, number = tf.placeholder(tf.string, [None], "t"), tf.placeholder(tf.float32, [None, 3], "n")
    for signature in (
        sm.regression_signature_def(text, number),
        sm.classification_signature_def(text, None, number),
        sm.classification_signature_def(text, text, number),
        sm.predict_signature_def({"a": number}, {"b": text}),
    ):
        assert sm.is_valid_signature(signature)
    assert sm.regression_signature_def(text, number).outputs["outputs"].name == "n:0"
    assert not sm.is_valid_signature(None)
    assert not sm.is_valid_signature(sm.build_signature_def())
    assert not sm.is_valid_signature(sm.build_signature_def(method_name="tensorflow/serving/classify"))
    for wrong in ((None, number), (number, number), (text, None), (text, text), ("a", number)):
        with pytest.raises(ValueError, match="Regression"):
            sm.regression_signature_def(*wrong)
    for wrong in ((None, text, number), (text, None, None), (text, number, number), (text, text, text)):
        with pytest.raises(ValueError, match="Classification"):
            sm.classification_signature_def(*wrong)
    with pytest.raises(ValueError, match="Prediction inputs"):
        sm.predict_signature_def({}, {"b": text})


def test_tensor_info_of_a_sparse_tensor(graph):
    sparse = tf.sparse_placeholder(tf.int64, [3, 4])
    info = tf.saved_model.build_tensor_info(sparse)
    assert [d.size for d in info.tensor_shape.dim] == [3, 4]
    found = tf.saved_model.utils.get_tensor_from_tensor_info(info)
    assert (found.indices, found.values, found.dense_shape) == (sparse.indices, sparse.values, sparse.dense_shape)
    info.ClearField("encoding")
    with pytest.raises(ValueError, match="encoding"):
        tf.saved_model.utils.get_tensor_from_tensor_info(info)
    info.name = "q:0"
    with pytest.raises(KeyError, match="q:0"):
        tf.saved_model.utils.get_tensor_from_tensor_info(info)


# -- refusals --------------------------------------------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AssertionError, match="isn't empty"):
        tf.saved_model.Builder(str(tmp_path))


def test_order_of_the_calls(tmp_path):
    builder = tf.saved_model.Builder(str(tmp_path))
    with pytest.raises(AssertionError, match="has not been saved yet"):
        builder.add_meta_graph(["serve"])
    with tf.Session() as session:
        network(session)
        builder.add_meta_graph_and_variables(session, ["serve"])
        with pytest.raises(AssertionError, match="already been saved"):
            builder.add_meta_graph_and_variables(session, ["serve"])


def test_bad_signatures_assets_and_operations(tmp_path):
    builder = tf.saved_model.Builder(str(tmp_path))
    with tf.Session() as session:
        x, y = network(session)

        def add(error, match, **options):
            with pytest.raises(error, match=match):
                builder.add_meta_graph_and_variables(session, ["serve"], **options)

        good = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
        no_dtype = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
        no_dtype.inputs["x"].ClearField("dtype")
        no_name = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
        no_name.outputs["y"].ClearField("name")
        add(AssertionError, "has no dtype", signature_def_map={"a": no_dtype})
        add(AssertionError, "names no tensor", signature_def_map={"a": no_name})
        add(KeyError, "reserved", signature_def_map={"__saved_model_init_op": good})
        add(TypeError, "must be a Tensor", assets_collection=["a"])
        add(TypeError, "must be of type constant", assets_collection=[tf.placeholder(tf.string)])
        add(TypeError, "must be of dtype string", assets_collection=[tf.constant(1)])
        add(TypeError, "must be a scalar", assets_collection=[tf.constant(["a", "b"])])
        add(TypeError, "main_op needs to be an Operation", main_op=y)
        tf.add_to_collection("legacy_init_op", tf.no_op())
        add(ValueError, "already contains", main_op=tf.no_op())


def test_predictor_refuses_what_it_does_not_know(tmp_path):
    folder = str(tmp_path)
    save(folder)
    load = tf.contrib.predictor.from_saved_model
    predict = load(folder, input_names={"in": "x:0"}, output_names={"out": "y:0"})
    assert predict({"in": X})["out"].tolist() == [[21.5]]
    with pytest.raises(ValueError, match="unexpected keys"):
        predict({"x": X})
    with pytest.raises(ValueError, match="serving_default"):
        load(folder, signature_def_key="other")
    with pytest.raises(ValueError, match="both"):
        load(folder, input_names={"in": "x:0"})
    with pytest.raises(ValueError, match="at most one"):
        load(folder, signature_def_key="a", input_names={"in": "x:0"}, output_names={"out": "y:0"})
    with pytest.raises(RuntimeError, match=r"\['train'\]"):
        load(folder, tags="train")
