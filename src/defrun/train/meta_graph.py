"""Meta graphs: a graph with its collections and its saver, as one message and one file."""

from __future__ import annotations

from typing import Any

from google.protobuf import text_format
from google.protobuf.message import Message
from tensorboard.compat.proto import meta_graph_pb2, op_def_pb2

from defrun.base import logging
from defrun.base.dtypes import DType
from defrun.base.storage import write_beside
from defrun.base.system import path_text
from defrun.base.version import GIT_VERSION, VERSION
from defrun.graph import attrs as attr_values
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.opdef import REQUIRED, Arg, OpDef, registered
from defrun.graph.operation import Operation, Tensor


def export_meta_graph(
    filename: Any = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Any = None,
    as_text: bool = False,
    graph: Graph | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> Any:
    """Return a graph with its collections as a MetaGraphDef, and write it if a file is named.

    Parameters
    ----------
    filename : str, optional
    meta_info_def : MetaGraphDef.MetaInfoDef, optional
        What to say about the graph beside that.
    graph_def : GraphDef, optional
        The nodes, instead of those of `graph`.
    saver_def : SaverDef, optional
    collection_list : list of str, optional
        Which collections; all by default.
    as_text : bool
        Write text instead of binary.
    graph : Graph, optional
        The default graph by default.
    clear_devices : bool
        Leave the devices of nodes out.
    clear_extraneous_savers : bool
        Leave collected savers other than `saver_def` out.
    strip_default_attrs : bool
        Leave attrs that have their defaults out.
    """
    if export_scope is not None:
        raise NotImplementedError("tf.train.export_meta_graph: export_scope is not there yet")
    if kwargs:
        raise TypeError(f"export_meta_graph has no parameters {sorted(kwargs)}")
    graph = graph or get_default_graph()
    meta = meta_graph_pb2.MetaGraphDef()
    if meta_info_def is not None:
        meta.meta_info_def.CopyFrom(meta_info_def)
    meta.meta_info_def.tensorflow_version = VERSION
    meta.meta_info_def.tensorflow_git_version = GIT_VERSION
    meta.graph_def.CopyFrom(graph_def if graph_def is not None else graph.as_graph_def(add_shapes=True))
    used = {node.op for node in meta.graph_def.node}
    known = registered()
    meta.meta_info_def.stripped_op_list.op.extend(_op_def(known[name]) for name in sorted(used & known.keys()))
    if strip_default_attrs:
        _strip_defaults(meta)
    if clear_devices:
        for node in meta.graph_def.node:
            node.device = ""
    for key in collection_list if collection_list is not None else graph.get_all_collection_keys():
        items = graph.get_collection_ref(key)
        if key == GraphKeys.SAVERS and clear_extraneous_savers:
            items = [s for s in items if s.saver_def == saver_def]
        if isinstance(key, str) and items:
            _put_collection(meta.collection_def, key, items)
    if saver_def is not None:
        meta.saver_def.CopyFrom(saver_def)
    if filename:
        _write(path_text(filename), meta, as_text)
    return meta


def _write(path: str, message: Message, as_text: bool) -> None:
    data = text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
    write_beside(path, data)


# -- collections -----------------------------------------------------------------------------------------------------


def _put_collection(collections: Any, key: str, items: list[Any]) -> None:
    made = meta_graph_pb2.CollectionDef()
    first = items[0]
    try:
        if hasattr(first, "to_proto"):
            protos = [item.to_proto() for item in items]
            made.bytes_list.value.extend(proto.SerializeToString() for proto in protos if proto is not None)
        elif isinstance(first, (Tensor, Operation)):
            made.node_list.value.extend(item.name for item in items)
        elif isinstance(first, bool):
            raise TypeError("there is no kind of collection for bools")
        elif isinstance(first, int):
            made.int64_list.value.extend(items)
        elif isinstance(first, float):
            made.float_list.value.extend(items)
        elif isinstance(first, (str, bytes)):
            made.bytes_list.value.extend(v.encode() if isinstance(v, str) else v for v in items)
        elif isinstance(first, Message):
            made.bytes_list.value.extend(item.SerializeToString() for item in items)
        else:
            raise TypeError(f"a {type(first).__name__} can't be written")
    except (TypeError, ValueError, AttributeError) as error:
        logging.warning("The collection %s is not in the meta graph: %s", key, error)
        return
    collections[key].CopyFrom(made)


# -- what op types are -----------------------------------------------------------------------------------------------


def _op_def(definition: OpDef) -> Any:
    """Return TensorFlow's description of an op type."""
    proto = op_def_pb2.OpDef(name=definition.type, is_stateful=definition.stateful)
    for arg in definition.inputs:
        _put_arg(proto.input_arg.add(), arg)
    for arg in definition.outputs:
        _put_arg(proto.output_arg.add(), arg)
    for name, attr in definition.attrs.items():
        made = proto.attr.add(name=name, type=attr.kind)
        if attr.default is not REQUIRED:
            made.default_value.CopyFrom(attr_values.to_proto(attr.default))
    return proto


def _put_arg(proto: Any, arg: Arg) -> None:
    proto.name = arg.name
    if arg.many is not None:
        proto.number_attr = arg.many
    if isinstance(arg.type, DType):
        proto.type = arg.type.base_dtype.as_datatype_enum
    elif arg.typed_list:
        proto.type_list_attr = arg.type
    else:
        proto.type_attr = arg.type
    proto.is_ref = arg.ref


def _strip_defaults(meta: Any) -> None:
    defaults = {op.name: {a.name: a.default_value for a in op.attr if a.HasField("default_value")}
                for op in meta.meta_info_def.stripped_op_list.op}  # fmt: skip
    for node in meta.graph_def.node:
        for name, value in defaults.get(node.op, {}).items():
            if name in node.attr and node.attr[name] == value:
                del node.attr[name]
    meta.meta_info_def.stripped_default_attrs = True
