"""Meta graphs: a graph with its collections and its saver, as one message and one file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import Message
from tensorboard.compat.proto import graph_pb2, meta_graph_pb2, saver_pb2

from defrun.base import logging
from defrun.base.storage import write_beside
from defrun.base.system import path_text
from defrun.base.version import GIT_VERSION, VERSION
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.scopes import strip_name_scope
from defrun.train.meta_nodes import is_inside, nodes_of_other_savers, op_list, select, strip_defaults

UNBOUND_INPUTS = "unbound_inputs"
"""The collection of the inputs that come from outside of an exported scope."""

VARIABLE_COLLECTIONS = (
    GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES, GraphKeys.MODEL_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES, GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.GLOBAL_STEP,
)  # fmt: skip
"""The collections whose items are written as VariableDefs."""

_AS_PROTOS = (*VARIABLE_COLLECTIONS, GraphKeys.SAVERS, GraphKeys.QUEUE_RUNNERS)


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
    export_scope : str, optional
        Write what is in this name scope, without its name. Inputs from outside are listed in the collection
        ``unbound_inputs``.
    clear_extraneous_savers : bool
        Leave savers other than that of `saver_def` out.
    strip_default_attrs : bool
        Leave attrs that have their defaults out.
    save_debug_info : bool
        Not to be asked for: the lines of the program are in no file.

    Raises
    ------
    TypeError
        If an argument is of another kind.
    """
    if save_debug_info:
        raise NotImplementedError("tf.train.export_meta_graph: save_debug_info")
    if kwargs:
        raise TypeError(f"export_meta_graph has no parameters {sorted(kwargs)}")
    for value, kind in ((graph, Graph), (meta_info_def, meta_graph_pb2.MetaGraphDef.MetaInfoDef),
                        (graph_def, graph_pb2.GraphDef), (saver_def, saver_pb2.SaverDef)):  # fmt: skip
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{type(value).__name__} where a {kind.__name__} is wanted")
    graph = graph or get_default_graph()
    meta = meta_graph_pb2.MetaGraphDef()
    if meta_info_def is not None:
        meta.meta_info_def.CopyFrom(meta_info_def)
    meta.meta_info_def.tensorflow_version = VERSION
    meta.meta_info_def.tensorflow_git_version = GIT_VERSION
    nodes = graph_def if graph_def is not None else graph.as_graph_def(add_shapes=True)
    left_out = nodes_of_other_savers(nodes, saver_def) if clear_extraneous_savers else set()
    if export_scope or left_out or clear_devices:
        nodes, unbound = select(nodes, export_scope, left_out, clear_devices)
        graph.clear_collection(UNBOUND_INPUTS)
        graph.get_collection_ref(UNBOUND_INPUTS).extend(unbound)
    meta.graph_def.CopyFrom(nodes)
    if not meta.meta_info_def.stripped_op_list.op:
        meta.meta_info_def.stripped_op_list.CopyFrom(op_list(meta.graph_def))
    if strip_default_attrs:
        strip_defaults(meta)
    if saver_def is not None:
        meta.saver_def.CopyFrom(saver_def)
    for key in collection_list if collection_list is not None else graph.get_all_collection_keys():
        items = graph.get_collection(key)
        if key == GraphKeys.SAVERS and clear_extraneous_savers:
            items = [s for s in items if s.saver_def == saver_def]
        if isinstance(key, (str, bytes)):
            put_collection(meta.collection_def, key, items, export_scope, left_out)
    if filename:
        _write(path_text(filename), meta, as_text)
    return meta


def _write(path: str, message: Message, as_text: bool) -> None:
    data = text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
    write_beside(path, data)


# -- collections -----------------------------------------------------------------------------------------------------


def put_collection(
    collections: Any, key: Any, items: list[Any], scope: str | None = None, left_out: Collection[str] = ()
) -> None:
    """Add a collection to those of a meta graph, as far as its items can be written and are in `scope`."""
    items = [item for item in items if is_inside(_name_of(item), scope if hasattr(item, "name") else None, left_out)]
    if not items:
        return
    made = meta_graph_pb2.CollectionDef()
    try:
        _fill(made, key, items, scope)
    except (TypeError, ValueError, AttributeError) as error:
        logging.warning("The collection %s is not in the meta graph: %s", key, error)
        return
    collections[key].CopyFrom(made)


def _name_of(item: Any) -> str:
    name = item if isinstance(item, str) else getattr(item, "name", "")
    return name if isinstance(name, str) else ""


def _fill(made: Any, key: Any, items: list[Any], scope: str | None) -> None:
    first = items[0]
    if key in _AS_PROTOS:
        protos = [item.to_proto(export_scope=scope) for item in items]
        made.bytes_list.value.extend(proto.SerializeToString() for proto in protos if proto is not None)
    elif isinstance(first, (str, bytes)):
        made.bytes_list.value.extend(v.encode() if isinstance(v, str) else v for v in items)
    elif isinstance(first, Message):
        if first.DESCRIPTOR.full_name == "google.protobuf.Any":
            made.any_list.value.extend(items)
        else:
            made.bytes_list.value.extend(item.SerializeToString() for item in items)
    elif isinstance(first, bool):
        raise TypeError("there is no kind of collection for bools")
    elif isinstance(first, int):
        made.int64_list.value.extend(items)
    elif isinstance(first, float):
        made.float_list.value.extend(items)
    else:
        made.node_list.value.extend(strip_name_scope(item.name, scope) for item in items)
