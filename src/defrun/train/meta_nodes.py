"""The nodes of a meta graph: those of a scope, without its name; what their op types are; without defaults."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from tensorboard.compat.proto import graph_pb2, node_def_pb2, op_def_pb2

from defrun.base.dtypes import DType
from defrun.graph import attrs as attr_values
from defrun.graph.importing import split_input
from defrun.graph.opdef import REQUIRED, Arg, OpDef, find
from defrun.graph.scopes import strip_name_scope

UNBOUND = "$unbound_inputs_"
"""Stands before the names of inputs from outside the scope."""

_SAVES = frozenset(("Save", "SaveV2", "SaveSlices", "Restore", "RestoreV2", "RestoreSlice", "MergeV2Checkpoints",
                    "ShardedFilename"))  # fmt: skip


def is_inside(name: str, scope: str | None, left_out: Collection[str] = ()) -> bool:
    """Whether what is called `name` belongs to a meta graph of `scope`."""
    return name not in left_out and (not scope or name.startswith((UNBOUND, scope)))


def select(
    graph_def: Any, scope: str | None, left_out: Collection[str], clear_devices: bool
) -> tuple[Any, list[str]]:
    """Return the nodes of `scope`, whose name is taken off theirs, and the inputs that come from outside."""
    result = graph_pb2.GraphDef(versions=graph_def.versions, library=graph_def.library)
    unbound: list[str] = []
    for node in graph_def.node:
        if is_inside(node.name, scope, left_out):
            made = node
            if scope:
                made = _taken_out(node, scope, unbound)
            result.node.append(made)
            if clear_devices:
                result.node[-1].device = ""
    return result, unbound


def _taken_out(node: Any, scope: str, unbound: list[str]) -> Any:
    made = node_def_pb2.NodeDef()
    made.CopyFrom(node)
    made.name = strip_name_scope(node.name, scope)
    for i, text in enumerate(node.input):
        if text.lstrip("^").startswith(scope):
            made.input[i] = strip_name_scope(text, scope)
        else:
            made.input[i] = re.sub(r"^(\^?)", lambda m: m[1] + UNBOUND, text)
            unbound.append(made.input[i])
    if "_class" in node.attr:
        groups = [g.decode() for g in node.attr["_class"].list.s]
        inside = [g for g in groups if g.partition("@")[2].startswith(scope)]
        del made.attr["_class"].list.s[:]
        made.attr["_class"].list.s.extend(f"loc:@{strip_name_scope(g[5:], scope)}".encode() for g in inside)
        made.attr["_class"].list.SetInParent()
    return made


def nodes_of_other_savers(graph_def: Any, saver_def: Any) -> set[str]:
    """Return the names of nodes that belong to savers other than that of `saver_def`: those in their scopes."""
    kept = set()
    if saver_def is not None:
        for name in (saver_def.save_tensor_name, saver_def.restore_op_name):
            kept.add(_scope_of(split_input(name)[0]))
    saving = {node.name for node in graph_def.node if node.op in _SAVES}
    scopes = tuple(f"{s}/" for s in {_scope_of(name) for name in saving} - saving - kept)
    return {node.name for node in graph_def.node if scopes and node.name.startswith(scopes)}


def _scope_of(name: str) -> str:
    if not name:
        raise ValueError("a saver's node has no name")
    return name.rpartition("/")[0] or ""


# -- what op types are -----------------------------------------------------------------------------------------------


def op_list(graph_def: Any) -> Any:
    """Return TensorFlow's descriptions of the op types that a graph and its functions use."""
    used = {node.op for node in graph_def.node}
    used.update(node.op for function in graph_def.library.function for node in function.node_def)
    found = [find(name) for name in sorted(used)]
    return op_def_pb2.OpList(op=[_op_def(definition) for definition in found if definition is not None])


def _op_def(definition: OpDef) -> Any:
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
    if arg.typed_list:
        proto.type_list_attr = arg.type
        return
    if arg.many is not None:
        proto.number_attr = arg.many
    if isinstance(arg.type, DType):
        proto.type = arg.type.base_dtype.as_datatype_enum
    else:
        proto.type_attr = arg.type
    proto.is_ref = arg.ref


def strip_defaults(meta: Any) -> None:
    """Take attrs that have their defaults off the nodes of a meta graph."""
    defaults = {op.name: {a.name: a.default_value for a in op.attr if a.HasField("default_value")}
                for op in meta.meta_info_def.stripped_op_list.op}  # fmt: skip
    library = [node for function in meta.graph_def.library.function for node in function.node_def]
    for node in [*meta.graph_def.node, *library]:
        for name, value in defaults.get(node.op, {}).items():
            if name in node.attr and node.attr[name] == value:
                del node.attr[name]
    meta.meta_info_def.stripped_default_attrs = True
