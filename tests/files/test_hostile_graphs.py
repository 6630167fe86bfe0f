"""Damaged and hostile graphs, meta graphs and saved models are refused with an error that says why."""

import random
from pathlib import Path

import pytest
from google.protobuf import text_format
from google.protobuf.message import DecodeError

import defrun as tf
from defrun.base.messages import SavedModel
from defrun.files.inspection.kinds import inspect_path
from defrun.saved_model.reading import SavedModelLoader
from tests.oracle.exported import make

FOLDER = Path(make.__file__).parent
REFUSALS = (ValueError, TypeError, KeyError, NotImplementedError, OSError, tf.errors.OpError)
GRAPHS = ("frozen.pb", "functional.pb")
META_GRAPHS = ("checkpoint/model.meta", "flow/model.meta", "queues.meta")


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def damaged(data, chance):
    """Return `data` with a few bytes changed, left out or put in."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(data))
        how = chance.randrange(5)
        if how == 0:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif how == 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(4))
        elif how == 3:
            data[at : at + 9] = b"\xff" * 9 + b"\x01"  # a number as long as it may be
        else:
            data = data[: at + 1]
    return bytes(data)


@pytest.mark.parametrize("name", [*GRAPHS, *META_GRAPHS, "saved/saved_model.pb"])
def test_damage_is_refused_or_harmless(name, tmp_path):
    chance = random.Random(name)
    good = (FOLDER / name).read_bytes()
    path = tmp_path / ("saved_model.pb" if name.endswith("saved_model.pb") else "file.meta")
    for _ in range(40):
        path.write_bytes(damaged(good, chance))
        with tf.Graph().as_default() as graph:
            try:
                if name in GRAPHS:
                    tf.import_graph_def(tf.GraphDef.FromString(path.read_bytes()))
                elif name in META_GRAPHS:
                    tf.train.import_meta_graph(str(path))
                else:
                    SavedModelLoader(str(tmp_path)).load_graph(graph, ["serve"])
            except (DecodeError, RuntimeError, *REFUSALS) as error:
                assert str(error)
        try:
            inspect_path(str(path))
        except REFUSALS as error:
            assert str(error)


def test_a_refused_graph_leaves_nothing_behind(graph):
    tf.constant(1.0, name="before")
    definition = tf.GraphDef.FromString((FOLDER / "frozen.pb").read_bytes())
    definition.node.add(name="last", op="Relu", input=["x", "y"])
    with pytest.raises(ValueError, match="last"):
        tf.import_graph_def(definition, name="")
    assert [op.name for op in graph.get_operations()] == ["before"]
    del definition.node[-1]
    tf.import_graph_def(definition, name="")


def refused(text, match):
    with pytest.raises(ValueError, match=match):
        tf.import_graph_def(text_format.Parse(text, tf.GraphDef()))


def function(definition, name, callees):
    """Add a function that calls others to a GraphDef's library."""
    made = definition.library.function.add()
    made.signature.name = name
    made.signature.output_arg.add(name="r", type=tf.float32.as_datatype_enum)
    for number, callee in enumerate(callees):
        made.node_def.add(name=f"n{number}", op=callee)
    made.ret["r"] = "n0:r:0"


def test_functions_without_end_are_refused():
    definition = tf.GraphDef()
    definition.node.add(name="x", op="f")
    function(definition, "f", ["f"])
    with pytest.raises(ValueError, match="runs itself"):
        tf.import_graph_def(definition)


def test_functions_that_grow_without_bound_are_refused():
    definition = tf.GraphDef()
    definition.node.add(name="x", op="f0")
    for number in range(20):
        function(definition, f"f{number}", [f"f{number + 1}"] * 1000)
    function(definition, "f20", ["Placeholder"])
    leaf = definition.library.function[-1]
    leaf.node_def[0].attr["dtype"].type = tf.float32.as_datatype_enum
    leaf.ret["r"] = "n0:output:0"
    with pytest.raises(ValueError, match="too many others"):
        tf.import_graph_def(definition)


def test_no_shape_is_folded_that_is_too_large(graph):
    number = """node { name: "%s" op: "Const" attr { key: "dtype" value { type: DT_INT32 } } attr { key: "value" value {
        tensor { dtype: DT_INT32 tensor_shape { %s } int_val: %d } } } }"""
    fill = 'node { name: "%s" op: "Fill" input: "%s" input: "one" attr { key: "T" value { type: DT_INT32 } } }'
    text = number % ("one", "", 1) + number % ("many", "dim { size: 1 }", 2_000_000_000)
    tf.import_graph_def(text_format.Parse(text + fill % ("a", "many") + fill % ("b", "a"), tf.GraphDef()), name="")
    assert graph.get_tensor_by_name("a:0").shape.as_list() == [2_000_000_000]
    assert graph.get_tensor_by_name("b:0").shape.ndims is None


def test_more_outputs_than_memory_are_refused():
    text = """node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
        node { name: "y" op: "Unpack" input: "x" attr { key: "T" value { type: DT_FLOAT } }
               attr { key: "num" value { i: 4000000000 } } }"""
    refused(text, "4000000000 outputs")


@pytest.mark.parametrize("name", ["../words.txt", "a/../../words.txt", "/etc/passwd", "memory://x", ""])
def test_assets_stay_in_their_folder(name, tmp_path):
    model = SavedModel.FromString((FOLDER / "saved/saved_model.pb").read_bytes())
    asset = model.meta_graphs[0].asset_file_def.add(filename=name)
    asset.tensor_info.name = "x:0"
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    (tmp_path / "variables").symlink_to(FOLDER / "saved/variables")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match="outside of its folder"):
        tf.saved_model.load(session, ["serve"], str(tmp_path))


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(OSError, match="nothing"):
        tf.train.import_meta_graph(str(tmp_path / "nothing.meta"))
    with pytest.raises(OSError, match=r"saved_model\.pb"):
        tf.saved_model.load(tf.Session(), ["serve"], str(tmp_path))
    with pytest.raises(RuntimeError, match=r"\['serve'\]"):
        tf.saved_model.load(tf.Session(), ["other"], str(FOLDER / "saved"))
