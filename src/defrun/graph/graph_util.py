"""GraphDefs cut, frozen and cleaned: `tf.graph_util`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from tensorboard.compat.proto import attr_value_pb2, graph_pb2, node_def_pb2, types_pb2

from defrun.base import logging
from defrun.base.dtypes import as_dtype
from defrun.base.shapes import TensorShape
from defrun.graph.attrs import tensor_proto
from defrun.graph.graph import Graph
from defrun.graph.importing import split_input
from defrun.graph.operation import Operation

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")
_PASSES_ON = ("Switch", "Enter", "Exit", "Identity", "Merge", "NextIteration")
_OF_VARIABLES = frozenset(("Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub", "ScatterUpdate",
                           "TruncatedNormal", "Variable", "VariableV2"))  # fmt: skip


def _check_graph_def(graph_def: Any) -> None:
    if not isinstance(graph_def, graph_pb2.GraphDef):
        raise TypeError(f"graph_def must be a GraphDef proto, not {type(graph_def).__name__}.")


def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether TensorFlow keeps a node off accelerators.

    Parameters
    ----------
    node : Operation or NodeDef
    pin_variables_on_cpu : bool
        Count variables and their updates, too.
    """
    if not isinstance(node, (Operation, node_def_pb2.NodeDef)):
        raise TypeError(f"node must be an Operation or a NodeDef, not {type(node).__name__}")
    proto = node.node_def if isinstance(node, Operation) else node
    if pin_variables_on_cpu and proto.op in _OF_VARIABLES:
        return True
    if proto.op == "Const":
        return proto.attr["dtype"].type in (types_pb2.DT_STRING, types_pb2.DT_INT32)
    if proto.op in ("DynamicStitch", "ParallelDynamicStitch"):
        return proto.attr["T"].type == types_pb2.DT_INT32
    return proto.op == "Cast" and proto.attr["SrcT"].type == types_pb2.DT_INT32


def extract_sub_graph(graph_def: Any, dest_nodes: Any) -> Any:
    """Return the part of a GraphDef that the nodes named in `dest_nodes` need.

    Raises
    ------
    TypeError
        If `graph_def` is none, or `dest_nodes` no list.
    AssertionError
        If there is no node of such a name.
    """
    _check_graph_def(graph_def)
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    nodes = {node.name: node for node in graph_def.node}
    for name in dest_nodes:
        assert name in nodes, f"{name} is not in graph"
    needed = set(dest_nodes)
    waiting = list(dest_nodes)
    while waiting:
        for text in nodes[waiting.pop()].input:
            name = split_input(text)[0]
            if name not in needed and name in nodes:
                needed.add(name)
                waiting.append(name)
    result = graph_pb2.GraphDef(library=graph_def.library, versions=graph_def.versions)
    result.node.extend(node for node in graph_def.node if node.name in needed)
    return result


def tensor_shape_from_node_def_name(graph: Graph, input_name: str) -> TensorShape:
    """Return the shape of the tensor that ``"op"`` or ``"op:1"`` names."""
    return graph.get_tensor_by_name(input_name if ":" in input_name else f"{input_name}:0").get_shape()


def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: Any,
    variable_names_whitelist: Any = None,
    variable_names_blacklist: Any = None,
) -> Any:
    """Return the part of a GraphDef that some nodes need, with constants in the place of variables.

    Parameters
    ----------
    sess : Session
        Whose values the variables have.
    input_graph_def : GraphDef
    output_node_names : list of str
    variable_names_whitelist, variable_names_blacklist : container of str, optional
        Variables to make constant, or to leave as they are; all are made constant by default.

    Returns
    -------
    GraphDef

    Raises
    ------
    ValueError
        If a read can't be followed to its variable.
    """
    part = extract_sub_graph(input_graph_def, output_node_names)
    nodes = {node.name: node for node in part.node}
    frozen = [
        node for node in part.node
        if node.op in _VARIABLES and (variable_names_whitelist is None or node.name in variable_names_whitelist)
        and (variable_names_blacklist is None or node.name not in variable_names_blacklist)
    ]  # fmt: skip
    values = sess.run([_value_of(node) for node in frozen]) if frozen else []
    logging.info("Froze %d variables.", len(values))
    constants = dict(zip((node.name for node in frozen), values))
    types = _types_between(part.node, nodes)
    result = graph_pb2.GraphDef(library=part.library)
    for node in part.node:
        if node.name in constants:
            result.node.append(_constant(node.name, node.attr["dtype"].type, constants[node.name]))
        elif node.name in types:
            made = result.node.add()
            made.CopyFrom(node)
            made.attr.pop("_output_shapes", None)
            made.attr["T"].CopyFrom(types[node.name])
        elif node.op == "ReadVariableOp":
            made = result.node.add(name=node.name, op="Identity", input=node.input[:1])
            _copy(made, T=node.attr["dtype"], _class=node.attr.get("_class"))
        elif node.op == "ResourceGather":
            result.node.extend(_gather(node))
        else:
            result.node.append(node)
    return result


def _value_of(node: Any) -> str:
    return f"{node.name}/Read/ReadVariableOp:0" if node.op == "VarHandleOp" else f"{node.name}:0"


def _types_between(nodes: Iterable[Any], by_name: dict[str, Any]) -> dict[str, Any]:
    """Return the types of the variables behind nodes that pass a handle on, by the nodes' names."""
    found: dict[str, Any] = {}
    for node in nodes:
        if node.op not in ("ReadVariableOp", "ResourceGather"):
            continue
        waiting = [split_input(node.input[0])[0]]
        while waiting:
            source = by_name[waiting.pop()]
            if source.op in _PASSES_ON:
                if source.name not in found:
                    found[source.name] = node.attr["dtype"]
                    waiting.extend(split_input(i)[0] for i in source.input[: 2 if source.op == "Merge" else 1])
            elif source.op != "VarHandleOp":
                raise ValueError(f"Cannot find the variable that '{node.name}' reads: its handle comes from "
                                 f"'{source.name}', of the op {source.op}")  # fmt: skip
    return found


def _copy(node: Any, **attrs: Any) -> None:
    for key, value in attrs.items():
        if value is not None:
            node.attr[key].CopyFrom(value)


def _constant(name: str, kind: int, value: Any) -> Any:
    node = node_def_pb2.NodeDef(name=name, op="Const")
    node.attr["dtype"].type = kind
    value = np.asarray(value)
    node.attr["value"].CopyFrom(attr_value_pb2.AttrValue(tensor=tensor_proto(value, as_dtype(kind).base_dtype)))
    return node


def _gather(node: Any) -> list[Any]:
    """Return the nodes that gather from a constant."""
    if node.attr["batch_dims"].i:
        raise ValueError(f"'{node.name}' has batch_dims {node.attr['batch_dims'].i}; only 0 can be frozen")
    axis = _constant(f"{node.name}/axis", node.attr["Tindices"].type, np.asarray(0, np.int64))
    made = node_def_pb2.NodeDef(name=node.name, op="GatherV2", input=[*node.input[:2], axis.name])
    indices = node.attr["Tindices"]
    _copy(made, Tparams=node.attr["dtype"], Tindices=indices, Taxis=indices, _class=node.attr.get("_class"))
    return [axis, made]


def remove_training_nodes(input_graph: Any, protected_nodes: Any = None) -> Any:
    """Return a GraphDef without `CheckNumerics`, and without `Identity` nodes that no control edge touches.

    Parameters
    ----------
    input_graph : GraphDef
    protected_nodes : list of str, optional
        Names of nodes to keep in any case.
    """
    protected = set(protected_nodes or ())
    removed = {n.name for n in input_graph.node if n.op == "CheckNumerics" and n.name not in protected}
    kept = []
    for node in input_graph.node:
        if node.name not in removed:
            made = node_def_pb2.NodeDef()
            made.CopyFrom(node)
            del made.input[:]
            made.input.extend(i for i in node.input if i.removeprefix("^") not in removed)
            kept.append(made)
    waited_for = {i[1:] for node in kept for i in node.input if i.startswith("^")}
    spliced = {
        node.name: node.input[0] for node in kept
        if node.op == "Identity" and node.name not in protected | waited_for
        and not any(i.startswith("^") for i in node.input)
    }  # fmt: skip
    result = graph_pb2.GraphDef()
    for node in kept:
        if node.name in spliced:
            continue
        made = result.node.add()
        made.CopyFrom(node)
        for place, text in enumerate(made.input):
            while text.removeprefix("^") in spliced:
                text = spliced[text.removeprefix("^")]
            made.input[place] = text
    return result
