"""Graphs imported from messages, good ones and broken ones: what nodes there are then, or which error comes.

Every function takes any `tf` and returns facts in JSON's terms; `outcome` runs it in a fresh graph.
"""

import inspect

from google.protobuf import text_format

F = 'attr { key: "dtype" value { type: DT_FLOAT } }'
T = 'attr { key: "T" value { type: DT_FLOAT } }'
PLACEHOLDER = 'node { name: "%s" op: "Placeholder" %s }'


def all_cases():
    """Return {name: function} of the cases in this module, in file order."""
    return {n[5:]: f for n, f in globals().items() if n.startswith("case_") and inspect.isfunction(f)}


def outcome(tf, case):
    """Return {"value": facts} or {"error": class}, and the error's message or None."""
    with tf.Graph().as_default():
        try:
            return {"value": case(tf)}, None
        except Exception as error:
            for kind in type(error).__mro__:
                if kind.__module__ == "builtins" or hasattr(tf.errors, kind.__name__):
                    return {"error": kind.__name__}, str(error)
            raise


def parse(tf, text):
    return text_format.Parse(text, tf.GraphDef())


def nodes(tf):
    """Return what a user can see of each node of the default graph."""
    return [
        [op.name, op.type, [t.name for t in op.inputs], sorted(c.name for c in op.control_inputs), op.device,
         [str(t.shape) for t in op.outputs], sorted(k for k in op.node_def.attr),
         [g.decode() for g in op.node_def.attr["_class"].list.s] if "_class" in op.node_def.attr else []]
        for op in tf.get_default_graph().get_operations()
    ]  # fmt: skip


def imported(tf, text, **arguments):
    found = tf.import_graph_def(parse(tf, text), **arguments)
    return [nodes(tf), found if found is None else [e.name for e in found]]


PAIR = PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" %s }' % T
SPLIT = PLACEHOLDER % ("x", F) + """
node { name: "d" op: "Const" attr { key: "dtype" value { type: DT_INT32 } }
       attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape {} int_val: 0 } } } }
node { name: "s" op: "Split" input: "d" input: "x" %s attr { key: "num_split" value { i: 2 } } }
node { name: "a" op: "AddV2" input: "s" input: "s:1" %s }
""" % (T, T)


# -- names -----------------------------------------------------------------------------------------------------------


def case_plain(tf):
    return imported(tf, PAIR)


def case_twice(tf):
    imported(tf, PAIR)
    return imported(tf, PAIR)


def case_named(tf):
    return imported(tf, PAIR, name="net")


def case_named_with_slash(tf):
    return imported(tf, PAIR, name="net/")


def case_named_in_scope(tf):
    with tf.name_scope("outer"):
        return imported(tf, PAIR, name="net")


def case_no_name_in_scope(tf):
    with tf.name_scope("outer"):
        return imported(tf, PAIR, name="")


def case_name_taken(tf):
    tf.constant(1.0, name="net")
    return imported(tf, PAIR, name="net")


def case_no_name_twice(tf):
    imported(tf, PAIR, name="")
    return imported(tf, PAIR, name="")


def case_no_name_taken_numbers(tf):
    for name in ("x", "x_1", "y"):
        tf.constant(1.0, name=name)
    return imported(tf, PAIR + PLACEHOLDER % ("x_2", F), name="")


def case_no_name_other_case(tf):
    tf.constant(1.0, name="X")
    imported(tf, PAIR, name="")
    tf.constant(1.0, name="x")
    return nodes(tf)


def case_names_after(tf):
    imported(tf, PAIR, name="")
    tf.constant(1.0, name="x")
    tf.constant(1.0, name="Y")
    with tf.name_scope("y"):
        tf.constant(1.0)
    return nodes(tf)


def case_scope_then_import_with_names_in_it(tf):
    with tf.name_scope("b"):
        tf.constant(1.0, name="c")
    return imported(tf, PLACEHOLDER % ("b/c", F) + PLACEHOLDER % ("b", F), name="")


def case_bad_name(tf):
    return imported(tf, PAIR, name="a b")


def case_bad_node_name(tf):
    return imported(tf, PLACEHOLDER % ("a b", F))


def case_node_name_with_underscore(tf):
    return imported(tf, PLACEHOLDER % ("_a", F))


def case_empty_node_name(tf):
    return imported(tf, PLACEHOLDER % ("", F))


def case_duplicate_node(tf):
    return imported(tf, PAIR + PLACEHOLDER % ("x", F))


def case_empty(tf):
    return imported(tf, "")


# -- inputs ----------------------------------------------------------------------------------------------------------


def case_unordered(tf):
    return imported(tf, 'node { name: "z" op: "Neg" input: "y" %s }' % T + PAIR + PLACEHOLDER % ("w", F))


def case_cycle(tf):
    neg = 'node { name: "%s" op: "Neg" input: "%s" %s }'
    return imported(tf, neg % ("a", "b", T) + neg % ("b", "a", T))


def case_self_loop(tf):
    return imported(tf, 'node { name: "a" op: "Neg" input: "a" %s }' % T)


def case_control_cycle(tf):
    return imported(tf, 'node { name: "a" op: "NoOp" input: "^b" } node { name: "b" op: "NoOp" input: "^a" }')


def case_missing_input(tf):
    return imported(tf, 'node { name: "y" op: "Relu" input: "x" %s }' % T)


def case_missing_control_input(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" input: "^k" %s }' % T)


def case_control_before_data(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "^x" input: "x" %s }' % T)


def case_control_twice(tf):
    return imported(tf, PAIR + 'node { name: "n" op: "NoOp" input: "^x" input: "^y" input: "^x" }')


def case_control_on_data_input(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" input: "^x" %s }' % T)


def case_output_out_of_range(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x:1" %s }' % T)


def case_input_of_node_without_outputs(tf):
    return imported(tf, 'node { name: "n" op: "NoOp" } node { name: "y" op: "Relu" input: "n" %s }' % T)


def case_too_many_inputs(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" input: "x" %s }' % T)


def case_too_few_inputs(tf):
    return imported(tf, 'node { name: "y" op: "Relu" %s }' % T)


def case_type_clash(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" attr { key: "T" value { type: '
                    "DT_INT32 } } }")  # fmt: skip


def case_type_clash_between_inputs(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + PLACEHOLDER % ("i", F.replace("FLOAT", "INT32"))
                    + 'node { name: "y" op: "AddV2" input: "x" input: "i" %s }' % T)  # fmt: skip


def case_shape_clash(tf):
    shaped = F + ' attr { key: "shape" value { shape { dim { size: %d } } } }'
    return imported(tf, PLACEHOLDER % ("x", shaped % 2) + PLACEHOLDER % ("i", shaped % 3)
                    + 'node { name: "y" op: "AddV2" input: "x" input: "i" %s }' % T)  # fmt: skip


def case_several_outputs(tf):
    return imported(tf, SPLIT, return_elements=["s:1", "s:0", "a"])


def case_ref_where_value_is_wanted(tf):
    return imported(tf, 'node { name: "v" op: "VariableV2" %s attr { key: "shape" value { shape {} } } }' % F
                    + 'node { name: "y" op: "Relu" input: "v" %s }' % T)  # fmt: skip


def case_value_where_ref_is_wanted(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Assign" input: "x" input: "x" %s }' % T)


# -- attrs -----------------------------------------------------------------------------------------------------------


def case_unknown_op(tf):
    return imported(tf, 'node { name: "y" op: "Frobnicate" }')


def case_unknown_attr(tf):
    return imported(tf, PLACEHOLDER % ("x", F + ' attr { key: "colour" value { i: 3 } }'))


def case_unknown_private_attr(tf):
    return imported(tf, PLACEHOLDER % ("x", F + ' attr { key: "_colour" value { i: 3 } }'))


def case_missing_attr(tf):
    return imported(tf, PLACEHOLDER % ("x", ""))


def case_missing_type_of_inputs(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" }')


def case_attr_of_other_kind(tf):
    return imported(tf, PLACEHOLDER % ("x", 'attr { key: "dtype" value { i: 1 } }'))


def case_attr_without_value(tf):
    return imported(tf, PLACEHOLDER % ("x", 'attr { key: "dtype" value {} }'))


def case_type_not_allowed(tf):
    text = 'attr { key: "%s" value { type: DT_STRING } }'
    relu = 'node { name: "y" op: "Relu" input: "x" %s }' % (text % "T")
    return imported(tf, PLACEHOLDER % ("x", text % "dtype") + relu)


def case_text_not_allowed(tf):
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "MaxPool" input: "x" %s attr { key: "padding" '
                    'value { s: "MAYBE" } } attr { key: "ksize" value { list { i: [1, 2, 2, 1] } } } '
                    'attr { key: "strides" value { list { i: [1, 2, 2, 1] } } } }' % T)  # fmt: skip


def case_invalid_type(tf):
    return imported(tf, PLACEHOLDER % ("x", 'attr { key: "dtype" value { type: DT_INVALID } }'))


def case_list_too_short(tf):
    two = 'attr { key: "N" value { i: 2 } }'
    return imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "AddN" input: "x" %s %s }' % (T, two))


def case_list_of_none(tf):
    return imported(tf, 'node { name: "y" op: "AddN" %s attr { key: "N" value { i: 0 } } }' % T)


def case_negative_count(tf):
    return imported(tf, 'node { name: "y" op: "AddN" %s attr { key: "N" value { i: -1 } } }' % T)


def case_negative_outputs(tf):
    return imported(tf, SPLIT.replace("i: 2 }", "i: -2 }"))


def case_defaults(tf):
    found = imported(tf, PLACEHOLDER % ("x", F) + 'node { name: "y" op: "MatMul" input: "x" input: "x" %s }' % T)
    node = tf.get_default_graph().get_operation_by_name("import/y").node_def
    return found, node.attr["transpose_a"].b, "transpose_b" in node.attr


def _op_list(tf, default):
    from importlib import import_module

    ours = "tensorboard.compat.proto" if tf.__name__ == "defrun" else "tensorflow.core.framework"
    ops = import_module(ours + ".op_def_pb2").OpList()
    op = ops.op.add(name="Relu")
    op.attr.add(name="T", type="type")
    attr = op.attr.add(name="colour", type="int")
    attr.default_value.i = default
    return ops


NEWER = PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" %s attr { key: "colour" value { i: 3 } } }' % T


def case_newer_attr_with_its_default(tf):
    return imported(tf, NEWER, producer_op_list=_op_list(tf, 3))


def case_newer_attr_with_another_value(tf):
    return imported(tf, NEWER, producer_op_list=_op_list(tf, 4))


def _const(kind, shape, values):
    dims = "".join("dim { size: %d }" % d for d in shape)
    return """node { name: "c" op: "Const" attr { key: "dtype" value { type: %s } } attr { key: "value" value { tensor {
        dtype: %s tensor_shape { %s } %s } } } }""" % (kind, kind, dims, values)


def _constant(tf, *given):
    (tensor,) = tf.import_graph_def(parse(tf, _const(*given)), return_elements=["c:0"])
    with tf.Session() as session:
        return str(tensor.shape), tensor.dtype.name, repr(session.run(tensor).tolist())


def case_constant_filled(tf):
    return _constant(tf, "DT_FLOAT", [2, 3], "float_val: 1.5")


def case_constant_filled_after_some(tf):
    return _constant(tf, "DT_INT32", [5], "int_val: [1, 2, 3]")


def case_constant_of_zeros(tf):
    return _constant(tf, "DT_INT64", [2], "")


def case_constant_bytes(tf):
    return _constant(tf, "DT_INT16", [3], r'tensor_content: "\001\000\002\000\377\377"')


def case_constant_half(tf):
    return _constant(tf, "DT_HALF", [2], "half_val: [15360, 16384]")


def case_constant_complex(tf):
    return _constant(tf, "DT_COMPLEX64", [2], "scomplex_val: [1, 2, 3, 4]")


def case_constant_bool(tf):
    return _constant(tf, "DT_BOOL", [2], "bool_val: [true, false]")


def case_constant_text(tf):
    return _constant(tf, "DT_STRING", [3], 'string_val: ["a", "b"]')


def case_constant_empty(tf):
    return _constant(tf, "DT_FLOAT", [0, 3], "")


def case_constant_too_many_values(tf):
    return _constant(tf, "DT_FLOAT", [2], "float_val: [1, 2, 3]")


def case_constant_too_few_bytes(tf):
    return _constant(tf, "DT_FLOAT", [2], r'tensor_content: "\001\000"')


def case_constant_negative_shape(tf):
    return _constant(tf, "DT_FLOAT", [-2], "float_val: 1")


def case_constant_of_other_type(tf):
    return _constant(tf, "DT_FLOAT", [1], "float_val: 1")[:0] or imported(
        tf, _const("DT_FLOAT", [1], "float_val: 1").replace("DT_FLOAT", "DT_INT32", 1)
    )


# -- what is known of shapes -----------------------------------------------------------------------------------------


def _shapes(*sizes):
    inside = "".join("shape { dim { size: %d } }" % s for s in sizes)
    return ' attr { key: "_output_shapes" value { list { %s } } }' % inside


def case_output_shapes_add(tf):
    return imported(tf, PLACEHOLDER % ("x", F + _shapes(3)) + 'node { name: "y" op: "Relu" input: "x" %s }' % T)


def case_output_shapes_clash(tf):
    shaped = F + ' attr { key: "shape" value { shape { dim { size: 2 } } } }'
    return imported(tf, PLACEHOLDER % ("x", shaped + _shapes(3)))


def case_output_shapes_too_many(tf):
    return imported(tf, PLACEHOLDER % ("x", F + _shapes(3, 4)))


# -- input map -------------------------------------------------------------------------------------------------------


def case_mapped(tf):
    mine = tf.constant([1.0], name="mine")
    return imported(tf, PAIR, input_map={"x": mine}, return_elements=["x:0", "x", "y"])


def case_mapped_with_index(tf):
    return imported(tf, SPLIT, input_map={"s:1": tf.constant([1.0], name="mine")}, return_elements=["a:0"])


def case_mapped_value(tf):
    return imported(tf, PAIR, input_map={"x": 2.0})


def case_mapped_value_without_name(tf):
    return imported(tf, PAIR, input_map={"x": 2.0}, name="")


def case_mapped_input_that_is_no_node(tf):
    mine = tf.constant([1.0], name="mine")
    return imported(tf, 'node { name: "y" op: "Relu" input: "x" %s }' % T, input_map={"x": mine})


def case_mapped_control(tf):
    mine = tf.constant([1.0], name="mine")
    text = PAIR + 'node { name: "z" op: "Neg" input: "y" input: "^x" %s }' % T
    return imported(tf, text, input_map={"^x": mine})


def case_mapped_data_leaves_control(tf):
    mine = tf.constant([1.0], name="mine")
    text = PAIR + 'node { name: "z" op: "Neg" input: "y" input: "^x" %s }' % T
    return imported(tf, text, input_map={"x": mine})


def case_mapped_unused(tf):
    return imported(tf, PAIR, input_map={"y": tf.constant([1.0], name="mine")})


def case_mapped_unknown(tf):
    return imported(tf, PAIR, input_map={"q": tf.constant([1.0], name="mine")})


def case_mapped_unknown_output(tf):
    return imported(tf, PAIR, input_map={"x:3": tf.constant([1.0], name="mine")})


def case_mapped_of_other_type(tf):
    return imported(tf, PAIR, input_map={"x": tf.constant([1], name="mine")})


def case_mapped_to_nothing(tf):
    return imported(tf, PAIR, input_map={"x": None})


def case_mapped_of_another_graph(tf):
    with tf.Graph().as_default():
        mine = tf.constant(1.0)
    return imported(tf, PAIR, input_map={"x": mine})


def case_map_no_dict(tf):
    return imported(tf, PAIR, input_map=[tf.constant(1.0)])


def case_map_keys_no_text(tf):
    return imported(tf, PAIR, input_map={1: tf.constant(1.0)})


def case_map_bytes(tf):
    return imported(tf, PAIR, input_map={b"x:0": tf.constant(1.0, name="mine")}, return_elements=[b"y"])


# -- return elements -------------------------------------------------------------------------------------------------


def case_return_unknown_operation(tf):
    return imported(tf, PAIR, return_elements=["q"])


def case_return_unknown_tensor(tf):
    return imported(tf, PAIR, return_elements=["x:1"])


def case_return_bad_index(tf):
    return imported(tf, PAIR, return_elements=["x:a"])


def case_return_no_text(tf):
    return imported(tf, PAIR, return_elements=[1])


def case_return_nothing(tf):
    return imported(tf, PAIR, return_elements=[])


def case_no_graph_def(tf):
    return tf.import_graph_def("x")


# -- scopes and devices ----------------------------------------------------------------------------------------------


def case_control_dependencies(tf):
    k = tf.constant(1.0, name="k")
    with tf.control_dependencies([k]):
        return imported(tf, PAIR)


def case_devices(tf):
    text = PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" device: "/cpu:0" %s }' % T
    with tf.device("/job:worker/gpu:1"):
        return imported(tf, text)


def case_device_alone(tf):
    return imported(tf, 'node { name: "y" op: "NoOp" device: "/gpu:3" } node { name: "z" op: "NoOp" device: '
                    '"/job:a/replica:1/task:2/device:CPU:0" }')  # fmt: skip


def case_bad_device(tf):
    return imported(tf, 'node { name: "y" op: "NoOp" device: "somewhere" }')


COLOCATED = PLACEHOLDER % ("x", F) + 'node { name: "y" op: "Relu" input: "x" device: "/cpu:0" %s %s }' % (
    T, 'attr { key: "_class" value { list { s: ["loc:@x"] } } }')  # fmt: skip


def case_colocated(tf):
    return imported(tf, COLOCATED.replace('"Placeholder"', '"Placeholder" device: "/gpu:1"'))


def case_colocated_with_unknown(tf):
    return imported(tf, COLOCATED.replace("loc:@x", "loc:@q"))


def case_colocated_with_itself(tf):
    return imported(tf, COLOCATED.replace("loc:@x", "loc:@y"))


def case_class_of_other_kind(tf):
    return imported(tf, COLOCATED.replace("loc:@x", "other"))


def case_colocated_without_name(tf):
    imported(tf, COLOCATED, name="")
    return imported(tf, COLOCATED, name="")


# -- versions --------------------------------------------------------------------------------------------------------


def case_newer_producer(tf):
    return imported(tf, PAIR + "versions { producer: 2000 min_consumer: 12 }")


def case_too_new(tf):
    return imported(tf, PAIR + "versions { producer: 2000 min_consumer: 2000 }")


def case_bad_consumer(tf):
    return imported(tf, PAIR + "versions { producer: 2000 bad_consumers: 134 }")


def case_min_consumer_above_producer(tf):
    return imported(tf, PAIR + "versions { producer: 10 min_consumer: 20 }")


# -- functions -------------------------------------------------------------------------------------------------------

DOUBLE = """library { function { signature { name: "Double" input_arg { name: "a" type: DT_FLOAT }
    output_arg { name: "b" type: DT_FLOAT } }
    node_def { name: "sum" op: "AddV2" input: "a" input: "%s" attr { key: "T" value { type: DT_FLOAT } } }
    ret { key: "b" value: "%s" } } }"""
CALL = PLACEHOLDER % ("x", F) + 'node { name: "d" op: "Double" input: "x" }'


def _doubled(tf, text):
    (d,) = tf.import_graph_def(parse(tf, text), return_elements=["d:0"])
    with tf.Session() as session:
        return float(session.run(d, {"import/x:0": 21.0}))


def case_function_called(tf):
    return _doubled(tf, CALL + DOUBLE % ("a", "sum:z:0"))


def case_function_in_library(tf):
    imported(tf, CALL + DOUBLE % ("a", "sum:z:0"))
    return [f.signature.name for f in tf.get_default_graph().as_graph_def().library.function]


def case_function_twice(tf):
    imported(tf, CALL + DOUBLE % ("a", "sum:z:0"))
    return imported(tf, CALL + DOUBLE % ("a", "sum:z:0"), name="again")[0][-1][:2]


def case_function_of_same_name(tf):
    imported(tf, CALL + DOUBLE % ("a", "sum:z:0"))
    return imported(tf, CALL + DOUBLE % ("a", "a"))


def case_function_unknown(tf):
    return imported(tf, CALL)
