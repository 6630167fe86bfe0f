"""Op types of our own are written in TensorFlow's words, which say the same."""

import numpy as np
import pytest

import defrun as tf
from defrun.base.names import names
from defrun.graph import library
from defrun.graph.opdef import UNKNOWN_SHAPE, Shape, find
from defrun.ops import spelling

RANDOM = np.random.RandomState(0)


def numbers(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


# op type: cases of (inputs, attrs)
CASES = {
    "SumTo": [((numbers(2, 3, 4), [3, 1]), {}), ((numbers(2, 3), [2, 3]), {}), ((numbers(3), np.int64([])), {})],
    "SumToKnown": [((numbers(2, 3, 4),), {"shape": Shape((1, 4))}), ((numbers(3, 2),), {"shape": Shape(())})],
    "BroadcastToKnown": [((numbers(3, 1),), {"shape": Shape((2, 3, 4))})],
    "ShareOut": [((numbers(3), [3, 4]), {}), ((numbers(0), [0, 4]), {})],
    "InsertAxes": [((numbers(2, 3), [1]), {}), ((numbers(2, 3), [-1, 0]), {}), ((numbers(2), np.int64(0)), {})],
    "SumTiles": [((numbers(6, 4), [3, 4]), {}), ((numbers(4), np.int64([2])), {})],
    "FlattenFirst": [((numbers(2, 3, 4),), {"axes": 2}), ((numbers(2),), {"axes": 0})],
    "SizesAlong": [(([numbers(2, 3), numbers(5, 3)],), {"axis": 0}), (([numbers(2, 3)],), {"axis": -1})],
    "Crop": [((numbers(5, 4), [[1, 2], [0, 1]]), {}), ((numbers(3), np.int64([[0, 0]])), {})],
    "SumPadding": [((numbers(5, 4), [[1, 2], [0, 1]]), {})],
    "SliceGrad": [(([4, 5], [1, 2], numbers(2, 3)), {}), ((np.int64([4]), np.int64([0]), numbers(4)), {})],
    "GatherGrad": [(([4, 2], [1, 3, 1], 0, numbers(3, 2)), {}), (([2, 4, 3], [[0, 3]], -2, numbers(2, 1, 2, 3)), {})],
    "TopKGrad": [((numbers(2, 2), [[3, 0], [1, 2]], numbers(2, 4)), {}), ((numbers(1), [2], numbers(3)), {})],
    "UndoPartition": [(([0, 1, 0, 1], [4, 2], [numbers(2, 2), numbers(2, 2)]), {})],
    "CountSegments": [((numbers(3, 2), [0, 2, 2, 0]), {})],
    "SpreadSegments": [((numbers(3, 2), [0, -1, 2, 0]), {}), ((numbers(3), np.int64([2, 1])), {})],
    "LinSpaceGrad": [((numbers(5),), {}), ((numbers(1),), {})],
    "OneHotGrad": [((numbers(2, 3), [0, 2]), {}), ((numbers(3, 2), [0, 2]), {"axis": 0})],
    "_StackRow": [((numbers(3, 2), 1), {})],
    "_OnlyRow": [((numbers(3, 2), 1, numbers(2)), {})],
    "_AddToRow": [((numbers(3, 2), 2, numbers(2)), {})],
}


def node(op_type, inputs, attrs):
    """Add a node of this type, fed by placeholders; return it and the feeds."""
    groups = [v if isinstance(v, list) and isinstance(v[0], np.ndarray) else [v] for v in inputs]
    values = [v if isinstance(v, (np.ndarray, np.generic)) else np.int32(v) for group in groups for v in group]
    tensors = [tf.placeholder(v.dtype, v.shape) for v in values]
    for arg, group in zip(find(op_type).inputs, groups, strict=True):
        if arg.many is not None:
            attrs = {**attrs, arg.many: len(group)}
    feeds = dict(zip((t.name for t in tensors), values, strict=True))
    return tf.get_default_graph().create_op(op_type, tensors, attrs=attrs, name="node"), feeds


def test_every_rule_has_a_case():
    assert CASES.keys() == spelling._RULES.keys()


@pytest.mark.parametrize("op_type", CASES)
def test_words_say_the_same(op_type):
    for inputs, attrs in CASES[op_type]:
        with tf.Graph().as_default() as graph, tf.Session() as session:
            ours, feeds = node(op_type, inputs, attrs)
            wanted = session.run(ours.outputs, feeds)
            definition = graph.as_graph_def()
        for function in definition.library.function:
            del function.attr[library.SPELLED]
            assert {n.op for n in function.node_def} <= names().members["raw_ops"].keys()
        with tf.Graph().as_default() as graph, tf.Session() as session:
            tf.import_graph_def(definition, name="")
            called = graph.get_operation_by_name("node")
            assert called.type.startswith(op_type)
            assert called.type != op_type
            for theirs, value in zip(session.run(called.outputs, feeds), wanted, strict=True):
                assert theirs.shape == value.shape
                assert theirs == pytest.approx(value, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("op_type", CASES)
def test_imported_again_it_is_the_node_itself(op_type):
    inputs, attrs = CASES[op_type][0]
    with tf.Graph().as_default() as graph:
        ours, _ = node(op_type, inputs, attrs)
        definition = graph.as_graph_def()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        again = graph.get_operation_by_name("node")
        assert again.node_def == ours.node_def
        assert graph.as_graph_def() == definition


def test_a_graph_without_them_needs_no_library():
    with tf.Graph().as_default() as graph:
        tf.nn.relu(tf.constant([1.0]) + 1.0)
        assert not graph.as_graph_def().HasField("library")


def test_what_can_not_be_said_stays_as_it_is():
    with tf.Graph().as_default() as graph:
        graph.create_op("SumToKnown", [tf.constant([1.0])], attrs={"shape": UNKNOWN_SHAPE}, name="node")
        assert graph.as_graph_def().node[-1].op == "SumToKnown"
