"""Turns a graph of any `tf` into plain records that two systems can compare node for node."""

import hashlib
import json
import re

import numpy as np

LARGEST_VALUE_LIST = 24
BFLOAT16 = "BFLOAT16"
# The proto fields that hold a tensor's values one by one, per DataType name.
VALUE_FIELDS = {
    "FLOAT": ("float_val", np.float32), "DOUBLE": ("double_val", np.float64), "INT32": ("int_val", np.int32),
    "UINT8": ("int_val", np.uint8), "INT8": ("int_val", np.int8), "INT16": ("int_val", np.int16),
    "UINT16": ("int_val", np.uint16), "INT64": ("int64_val", np.int64), "BOOL": ("bool_val", np.bool_),
    "UINT32": ("uint32_val", np.uint32), "UINT64": ("uint64_val", np.uint64), "STRING": ("string_val", object),
    "COMPLEX64": ("scomplex_val", np.complex64), "COMPLEX128": ("dcomplex_val", np.complex128),
    "HALF": ("half_val", np.float16), BFLOAT16: ("half_val", np.uint16),
}  # fmt: skip


def graph_record(tf, facts=None):
    """Return {"nodes": [...], "collections": {...}, "facts": ...} of the default graph, in JSON's terms."""
    graph = tf.get_default_graph()
    nodes = [node_record(graph, n) for n in graph.as_graph_def().node if not inside_gradients(n.name)]
    collections = {
        str(key): [item_record(item) for item in graph.get_collection_ref(key)]
        for key in sorted(map(str, graph.get_all_collection_keys()))
    }
    return json.loads(json.dumps({"nodes": nodes, "collections": collections, "facts": facts}))


def inside_gradients(name):
    """Say whether a node stands in a name scope that tf.gradients opened; its nodes are each system's own."""
    return any(re.fullmatch(r"gradients(_\d+)?", part) for part in name.split("/")[:-1])


def node_record(graph, node):
    """Return [name, op, inputs, device, attrs, outputs] of one NodeDef; outputs are the static dtypes and shapes."""
    outputs = graph.get_operation_by_name(node.name).outputs
    return [
        node.name,
        node.op,
        list(node.input),
        node.device,
        {name: attr_record(node.attr[name]) for name in sorted(node.attr)},
        ["%s%s" % (t.dtype.name, shape_record(t.shape)) for t in outputs],
    ]


def shape_record(shape):
    """Write a TensorShape as [2,?] or, of unknown rank, as [...]."""
    if shape.ndims is None:
        return "[...]"
    return "[%s]" % ",".join("?" if d is None else str(d) for d in shape.as_list())


def attr_record(attr):
    """Write an AttrValue in a short readable form."""
    kind = attr.WhichOneof("value")
    if kind is None:
        return "none"
    value = getattr(attr, kind)
    if kind != "list":
        return _single(attr, kind, value)
    filled = [(field, v) for field, values in value.ListFields() for v in values]
    return [_single(value, field.name, v) for field, v in filled]


def _single(holder, kind, value):
    if kind == "type":
        return _type_name(holder, "type", value)
    if kind == "shape":
        if value.unknown_rank:
            return "shape[...]"
        return "shape[%s]" % ",".join("?" if d.size < 0 else str(d.size) for d in value.dim)
    if kind == "tensor":
        return tensor_record(value)
    if kind == "s":
        return value.decode("latin1")
    if kind == "func":
        return "function %s" % re.sub(r"_\d+$", "", value.name)
    if kind == "f":
        return float("%.7g" % value)
    return value


def _type_name(holder, field, number):
    name = holder.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number[number].name
    return name[len("DT_") :].lower()


def tensor_record(proto):
    """Write a TensorProto: dtype, shape and values, or a digest of them when they are many."""
    name = _type_name(proto, "dtype", proto.dtype).upper()
    shape = [d.size for d in proto.tensor_shape.dim]
    values = _tensor_values(proto, name, int(np.prod(shape, dtype=np.int64)))
    text = "%s%s" % (name.lower(), str(shape).replace(" ", ""))
    if len(values) > LARGEST_VALUE_LIST:
        return "%s sha1 %s" % (text, hashlib.sha1(repr(values).encode()).hexdigest()[:16])
    return "%s %s" % (text, values)


def _tensor_values(proto, name, count):
    field, dtype = VALUE_FIELDS[name]
    if proto.tensor_content:
        values = np.frombuffer(proto.tensor_content, dtype)
    else:
        values = list(getattr(proto, field))
        if name in ("COMPLEX64", "COMPLEX128"):
            values = [complex(*pair) for pair in zip(values[::2], values[1::2])]
        values = np.array(values, np.uint16).view(np.float16) if name == "HALF" else np.array(values, dtype)
        values = values[:count]
        if len(values) < count:
            filler = values[-1] if len(values) else (b"" if dtype is object else dtype(0))
            values = np.concatenate([values, np.full(count - len(values), filler, dtype)])
    if dtype is object:
        return [v.decode("latin1") for v in values]
    return [repr(v) if isinstance(v, complex) else v for v in values.tolist()]


def item_record(item):
    """Name an item of a collection: a tensor, operation or variable by its name, anything else by its type."""
    name = getattr(item, "name", None)
    return "%s %s" % (_kind(item), name) if isinstance(name, str) else "%s" % type(item).__name__


def _kind(item):
    if hasattr(item, "initializer"):
        return "variable"
    return "operation" if hasattr(item, "outputs") else "tensor" if hasattr(item, "op") else type(item).__name__
