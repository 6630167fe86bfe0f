"""Parts of a GraphDef that become functions: what the conversion of TensorFlow 1's control flow works on."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from tensorboard.compat.proto import function_pb2, node_def_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph import attrs as attr_values
from defrun.graph.library import Library
from defrun.graph.opdef import OpDef, count, find

Source = tuple[str, int]
"""A node, or a function's argument, and which of its outputs."""


@dataclass(eq=False)
class Node:
    """A NodeDef with its inputs taken apart."""

    name: str
    op: str
    inputs: list[Source]
    controls: list[str]
    attr: dict[str, Any] = field(default_factory=dict)
    device: str = ""

    def as_def(self) -> Any:
        """Return the NodeDef."""
        made = node_def_pb2.NodeDef(name=self.name, op=self.op, device=self.device)
        made.input.extend(name if index == 0 else f"{name}:{index}" for name, index in self.inputs)
        made.input.extend(f"^{name}" for name in dict.fromkeys(self.controls))
        for key, value in self.attr.items():
            made.attr[key].CopyFrom(value)
        return made


def take_apart(node: Any) -> Node:
    """Read a NodeDef."""
    inputs: list[Source] = []
    controls: list[str] = []
    for text in node.input:
        if text.startswith("^"):
            controls.append(text[1:])
        else:
            name, colon, index = text.rpartition(":")
            inputs.append((name, int(index)) if colon and index.isdigit() else (text, 0))
    return Node(node.name, node.op, inputs, controls, dict(node.attr), node.device)


def drop_groups(node: Node, names: Container[str]) -> None:
    """Let a node no longer be where others are that are not there."""
    if "_class" not in node.attr:
        return
    groups = [g for g in node.attr["_class"].list.s if g[5:].decode() in names]
    if groups:
        node.attr["_class"] = attr(groups)
    else:
        del node.attr["_class"]


def in_order(nodes: dict[str, Node]) -> list[Node]:
    """Return the nodes such that each comes after what it takes; the way back of loops does not count."""
    order: list[Node] = []
    state: dict[str, int] = {}
    for start in nodes:
        stack = [(start, False)]
        while stack:
            name, done = stack.pop()
            if done:
                state[name] = 2
                order.append(nodes[name])
            elif name in nodes and name not in state:
                state[name] = 1
                stack.append((name, True))
                stack.extend((n, False) for n in before(nodes[name], nodes) if state.get(n) != 2)
    return order


def before(node: Node, nodes: dict[str, Node]) -> list[str]:
    """Return the names of what `node` waits for, apart from the way back of a loop."""
    names = [*(name for name, _ in node.inputs), *node.controls]
    if node.op in ("Merge", "RefMerge"):
        names = [n for n in names if n not in nodes or nodes[n].op not in ("NextIteration", "RefNextIteration")]
    return [n for n in names if n in nodes]


class Types:
    """Tells what the outputs of nodes are."""

    def __init__(self, library: Library, arguments: dict[str, DType] | None = None) -> None:
        self.library = library
        self.arguments = arguments or {}

    def definition(self, node: Node) -> OpDef:
        """Return the op's definition."""
        found = find(node.op)
        if found is None and node.op in self.library:
            found = self.library.caller(node.op)
        if found is None:
            raise NotImplementedError(f"defrun has no op type {node.op!r} yet; node '{node.name}' is one")
        return found

    def outputs(self, node: Node) -> list[tuple[str, int, DType]]:
        """Return argument, place in it and type of each output."""
        if node.op in _FLOW_OUTPUTS:
            return [(arg, 0, self._flow_type(node, kind)) for arg, kind in _FLOW_OUTPUTS[node.op]]
        definition = self.definition(node)
        attrs = {key: attr.default for key, attr in definition.attrs.items()}
        attrs.update((key, attr_values.from_proto(value)) for key, value in node.attr.items())
        found = []
        for arg in definition.outputs:
            for i in range(count(arg, attrs)):
                kind: Any = attrs[arg.type] if isinstance(arg.type, str) else arg.type
                kind = kind[i] if arg.typed_list else kind
                found.append((arg.name, i, kind.base_dtype))
        return found

    def _flow_type(self, node: Node, kind: str) -> DType:
        return getattr(dtypes, kind) if kind != "T" else attr_values.from_proto(node.attr["T"]).base_dtype

    def of(self, source: Source, nodes: dict[str, Node]) -> DType:
        """Return the type of a source."""
        name, index = source
        return self.arguments[name] if name in self.arguments else self.outputs(nodes[name])[index][2]


_FLOW_OUTPUTS = {
    "Switch": [("output_false", "T"), ("output_true", "T")],
    "RefSwitch": [("output_false", "T"), ("output_true", "T")],
    "Merge": [("output", "T"), ("value_index", "int32")],
    "RefMerge": [("output", "T"), ("value_index", "int32")],
    "Enter": [("output", "T")],
    "RefEnter": [("output", "T")],
    "Exit": [("output", "T")],
    "RefExit": [("output", "T")],
    "NextIteration": [("output", "T")],
    "RefNextIteration": [("output", "T")],
    "LoopCond": [("output", "bool")],
}


_numbers = itertools.count(1)


def add_function(
    name: str,
    arguments: dict[str, DType],
    nodes: Iterable[Node],
    results: list[Source],
    types: Types,
) -> str:
    """Add a function to the library; return its name."""
    members = {node.name: node for node in nodes}
    own = Types(types.library, arguments)
    function = function_pb2.FunctionDef()
    unique = f"{name.replace('/', '_')}_{next(_numbers)}"
    while unique in types.library:
        unique = f"{name.replace('/', '_')}_{next(_numbers)}"
    function.signature.name = unique
    for argument, kind in arguments.items():
        function.signature.input_arg.add(name=argument, type=kind.as_datatype_enum)

    def written(source: Source) -> str:
        if source[0] in arguments:
            return source[0]
        arg, place, _ = own.outputs(members[source[0]])[source[1]]
        return f"{source[0]}:{arg}:{place}"

    for node in members.values():
        drop_groups(node, ())
        made = node.as_def()
        del made.input[:]
        made.input.extend(written(source) for source in node.inputs)
        made.input.extend(f"^{control}" for control in dict.fromkeys(node.controls))
        function.node_def.append(made)
    for i, source in enumerate(results):
        kind = own.of(source, members)
        function.signature.output_arg.add(name=f"result_{i}", type=kind.as_datatype_enum)
        function.ret[f"result_{i}"] = written(source)
    types.library.add(function)
    return unique


def attr(value: Any) -> Any:
    """Write an attr's value."""
    return attr_values.to_proto(value)


def constant_node(name: str, value: Any, kind: DType) -> Node:
    """Make a node of a constant."""
    tensor = attr_values.to_proto(attr_values.TensorValue(value, kind))
    return Node(name, "Const", [], [], {"dtype": attr(kind), "value": tensor})


def identity_node(name: str, source: Source, kind: DType, controls: list[str], device: str = "") -> Node:
    """Make a node that passes `source` on under a name."""
    return Node(name, "Identity", [source], controls, {"T": attr(kind)}, device)
