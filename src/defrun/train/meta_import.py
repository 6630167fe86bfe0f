"""`import_meta_graph`: a graph with its collections and its saver, read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import meta_graph_pb2, saver_pb2, variable_pb2

from defrun.base import errors, logging, storage
from defrun.base.messages import QueueRunnerDef
from defrun.base.system import path_text, tensorflow_errors
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.importing import import_graph_def
from defrun.graph.scopes import prepend_name_scope, strip_name_scope
from defrun.train.meta_graph import UNBOUND_INPUTS, VARIABLE_COLLECTIONS
from defrun.train.queue_runners import QueueRunner
from defrun.train.saver import Saver
from defrun.variables.lists import all_saveable_objects
from defrun.variables.variable import Variable

_FROM_PROTOS: dict[str, tuple[Any, Callable[..., Any]]] = {
    GraphKeys.SAVERS: (saver_pb2.SaverDef, Saver.from_proto),
    GraphKeys.QUEUE_RUNNERS: (QueueRunnerDef, QueueRunner.from_proto),
}

# They tell which nodes of a graph belong to version 1's conditions and loops; these have become functions.
_CONTEXTS = (GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT)


def import_meta_graph(
    meta_graph_or_file: Any, clear_devices: bool = False, import_scope: str | None = None, **kwargs: Any
) -> Saver | None:
    """Add the nodes of a meta graph to the default graph, and its items to the collections.

    Parameters
    ----------
    meta_graph_or_file : MetaGraphDef or str
        The message, or the path of a file with one, binary or text.
    clear_devices : bool
        Leave the devices of nodes out.
    import_scope : str, optional
        Name scope for the nodes.
    **kwargs
        ``input_map``, a dict of tensors in the place of those that the graph names, and
        ``restore_collections_predicate``, which says of a collection's name whether to read it.

    Returns
    -------
    Saver or None
        Restores the variables; None if there are none.

    Raises
    ------
    OSError
        If there is no such file, or it is none of a meta graph.
    ValueError
        If the message is no graph, or inputs from outside are not in ``input_map``.
    """
    meta = meta_graph_or_file
    if not isinstance(meta, meta_graph_pb2.MetaGraphDef):
        meta = read_meta_graph_file(meta_graph_or_file)
    variables = import_scoped_meta_graph(meta, clear_devices=clear_devices, import_scope=import_scope, **kwargs)
    if meta.HasField("saver_def"):
        scope = import_scope or ""
        for name, variable in variables.items():  # the scope may have got a number
            scope = variable.name[: -len(name)]
            break
        return Saver(saver_def=meta.saver_def, name=scope)
    if all_saveable_objects(scope=import_scope):
        return Saver()
    logging.info("Saver not created because there are no variables in the graph to restore")
    return None


def read_meta_graph_file(filename: Any) -> Any:
    """Read a MetaGraphDef from a file, binary or text.

    Raises
    ------
    OSError
        If there is no such file, or it is of another kind.
    """
    path = path_text(filename)
    with tensorflow_errors(path):
        there = storage.exists(path) and not storage.is_folder(path)
    if not there:
        raise OSError(f"File {path} does not exist.")
    data = storage.read_file(path)
    meta = meta_graph_pb2.MetaGraphDef()
    try:
        meta.ParseFromString(data)
        return meta
    except DecodeError:
        pass
    try:
        text_format.Parse(data.decode(), meta)
    except (text_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise OSError(f"Cannot parse file {path}: {error}") from None
    return meta


def import_scoped_meta_graph(
    meta: Any,
    clear_devices: bool = False,
    graph: Graph | None = None,
    import_scope: str | None = None,
    input_map: dict[str, Any] | None = None,
    unbound_inputs_col_name: str | None = UNBOUND_INPUTS,
    restore_collections_predicate: Callable[[str], bool] = lambda key: True,
) -> dict[str, Any]:
    """Add the nodes and the collections of a meta graph; return its variables by the names that they have there."""
    _check_unbound(meta, unbound_inputs_col_name, input_map)
    graph = graph or get_default_graph()
    info = meta.meta_info_def
    definition = meta.graph_def
    if clear_devices:
        definition = type(definition)()
        definition.CopyFrom(meta.graph_def)
        for node in definition.node:
            node.device = ""
    with graph.as_default():
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        import_graph_def(
            definition,
            name=import_scope or scope,
            input_map=input_map,
            producer_op_list=info.stripped_op_list if info.HasField("stripped_op_list") else None,
        )
        restored = _Collections(graph, scope, _tells_trainable(info.tensorflow_version))
        # First those whose variables are trainable, which older files say nowhere else.
        for key in sorted(meta.collection_def, key=lambda k: (k != GraphKeys.TRAINABLE_VARIABLES, k)):
            if key != unbound_inputs_col_name and key not in _CONTEXTS and restore_collections_predicate(key):
                restored.add(key, meta.collection_def[key])
        variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope=scope)
    return {strip_name_scope(v.name, scope): v for v in variables}


def _check_unbound(meta: Any, key: str | None, input_map: dict[str, Any] | None) -> None:
    if not key or key not in meta.collection_def:
        return
    found = meta.collection_def[key]
    names = [v.decode() for v in found.bytes_list.value] or list(found.node_list.value)
    missing = [name for name in names if name not in (input_map or {})]
    if missing:
        raise ValueError(f"Graph contains unbound inputs: {', '.join(missing)}. Must provide these inputs through "
                         "input_map.")  # fmt: skip


def _tells_trainable(version: str) -> bool:
    """Whether a file written by this version of TensorFlow says of each variable whether it is trainable."""
    parts = version.split(".")
    if len(parts) < 2 or not (parts[0].isdigit() and parts[1].isdigit()):
        return True
    return (int(parts[0]), int(parts[1])) >= (1, 9)


class _Collections:
    """Adds collections to a graph; a variable that is in several of them is one object."""

    def __init__(self, graph: Graph, scope: str, tells_trainable: bool) -> None:
        self.graph = graph
        self.scope = scope
        self.tells_trainable = tells_trainable
        self.variables: dict[bytes, Any] = {}

    def add(self, key: str, found: Any) -> None:
        kind = found.WhichOneof("kind")
        if kind is None:
            logging.error("Cannot identify data type for collection %s. Skipping.", key)
            return
        for value in getattr(found, kind).value:
            self.graph.add_to_collection(key, self.item(key, kind, value))

    def item(self, key: str, kind: str, value: Any) -> Any:
        if kind == "node_list":
            return self.graph.as_graph_element(prepend_name_scope(value, self.scope))
        if kind != "bytes_list":
            return value
        try:
            if key in VARIABLE_COLLECTIONS:
                return self.variable(key, value)
            if key in _FROM_PROTOS:
                message, make = _FROM_PROTOS[key]
                return make(message.FromString(value), import_scope=self.scope)
        except DecodeError as error:
            text = f"the collection '{key}' of a meta graph holds what is no {key}: {error}"
            raise errors.DataLossError(None, None, text) from None
        if not self.scope:
            return value
        return prepend_name_scope(value.decode(errors="surrogateescape"), self.scope)

    def variable(self, key: str, value: bytes) -> Any:
        if value not in self.variables:
            proto = variable_pb2.VariableDef.FromString(value)
            if not self.tells_trainable:
                proto.trainable = key == GraphKeys.TRAINABLE_VARIABLES
            self.variables[value] = Variable.from_proto(proto, import_scope=self.scope)
        return self.variables[value]
