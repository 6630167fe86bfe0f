"""Function libraries: graphs of functions written as FunctionDefs, and FunctionDefs taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from tensorboard.compat.proto import function_pb2, node_def_pb2

from defrun.base import dtypes
from defrun.base.names import FACE, names
from defrun.graph import attrs as attr_values
from defrun.graph.attrs import Func
from defrun.graph.opdef import Arg, OpDef, count, find

if TYPE_CHECKING:
    from defrun.graph.function import FuncGraph
    from defrun.graph.operation import Operation, Tensor

_SPELLING = f"{FACE}.ops.spelling"

CALLED = "_function"
"""The attr that holds the function of a node whose op is a function of the library."""

SPELLED = "_spells"
"""The attr of a function that stands for an op type of our own, which it names; see ops/spelling."""


class Library:
    """The functions that come with a graph, by name."""

    def __init__(self, functions: Iterable[Any] = ()) -> None:
        self.functions: dict[str, Any] = {}
        for function in functions:
            self.add(function)

    def add(self, function: Any) -> None:
        """Add a FunctionDef.

        Raises
        ------
        ValueError
            If there is another of that name.
        """
        name = function.signature.name
        if self.functions.setdefault(name, function) != function:
            raise ValueError(f"Cannot add function '{name}': a different function with the same name is there already")

    def __contains__(self, name: str) -> bool:
        return name in self.functions

    def get(self, name: str, user: str) -> Any:
        """Return the FunctionDef `name`, which the node `user` wants."""
        if name not in self.functions:
            raise ValueError(f"Node '{user}' takes the function '{name}', which is not in the library of the graph")
        function = self.functions[name]
        if function.signature.attr:
            raise NotImplementedError(f"functions with attrs of their own: '{name}' of node '{user}'")
        return function

    def spelled(self, name: str) -> tuple[OpDef, dict[str, Any]] | None:
        """Return the op type of our own that the function `name` stands for, and its attrs; None if there is none."""
        protos = self.functions[name].attr
        definition = find(protos[SPELLED].s.decode(errors="replace")) if SPELLED in protos else None
        if definition is None or not all(f"_{key}" in protos for key in definition.attrs):
            return None
        return definition, {key: protos[f"_{key}"] for key in definition.attrs}

    def caller(self, name: str) -> OpDef:
        """Return the op type that stands for a call of the function `name`."""
        signature = self.get(name, name).signature
        return OpDef(
            type=name,
            inputs=tuple(_arg(a) for a in signature.input_arg),
            outputs=tuple(_arg(a) for a in signature.output_arg),
            attrs={},
            body=_call,
            body_attrs=(CALLED,),
            control=True,
            stateful=signature.is_stateful,
            differentiable=False,
        )

    def body(self, function: Any) -> tuple[list[Any], list[str]]:
        """Return the nodes of a function and its results, all inputs written as in a GraphDef."""
        arguments = {a.name for a in function.signature.input_arg}
        places = {node.name: self._output_places(node) for node in function.node_def}
        where = f"function '{function.signature.name}'"

        def plain(text: str) -> str:
            name, *rest = text.split(":")
            if name in arguments or text.startswith("^"):
                return name
            if name not in places:
                raise ValueError(f"{where}: there is no node '{name}' to take '{text}' from")
            if len(rest) != 2 or rest[0] not in places[name] or not rest[1].isascii() or not rest[1].isdigit():
                raise ValueError(f"{where}: the node '{name}' has no output '{text}'")
            return f"{name}:{places[name][rest[0]] + int(rest[1][:9])}"

        nodes = []
        for node in function.node_def:
            made = node_def_pb2.NodeDef()
            made.CopyFrom(node)
            del made.input[:]
            made.input.extend(map(plain, node.input))
            nodes.append(made)
        missing = [a.name for a in function.signature.output_arg if a.name not in function.ret]
        if missing:
            raise ValueError(f"{where}: nothing is said of its results {', '.join(missing)}")
        return nodes, [plain(function.ret[a.name]) for a in function.signature.output_arg]

    def _output_places(self, node: Any) -> dict[str, int]:
        """Return which output of a node is the first of each that its op names."""
        definition = find(node.op) or (self.caller(node.op) if node.op in self else None)
        if definition is None:
            return {}
        places, at = {}, 0
        for arg in definition.outputs:
            places[arg.name] = at
            at += 1 if arg.many is None else _length(node, arg.many)
        return places


def _call(run: Any, *values: Any, _function: Func) -> Any:
    return run(_function, list(values))


def _arg(proto: Any) -> Arg:
    if proto.number_attr or proto.type_list_attr or proto.type_attr:
        raise NotImplementedError(f"the argument '{proto.name}' of a function is a list, or of any type")
    return Arg(proto.name, dtypes.as_dtype(proto.type).base_dtype)


def _length(node: Any, attr: str) -> int:
    value = node.attr.get(attr)
    if value is None:
        return 1
    return value.i if value.WhichOneof("value") == "i" else len(value.list.type)


# -- writing ---------------------------------------------------------------------------------------------------------


def spelled(op: Operation) -> Any:
    """Return the FunctionDef that says in TensorFlow's ops what a node of a type of our own does; None without need."""
    if op.type in names().members["raw_ops"] or op.definition.control:
        return None
    return import_module(_SPELLING).function_of(op)


def functions_of(operations: Iterable[Operation], kept: dict[str, Any]) -> dict[str, Any]:
    """Return, by name, the FunctionDefs of all functions that `operations` use; those in `kept` as they came."""
    found: dict[str, Any] = {}
    waiting = [iter(operations)]
    while waiting:
        op = next(waiting[-1], None)
        if op is None:
            waiting.pop()
            continue
        said = spelled(op)
        if said is not None:
            found[said.signature.name] = said
        for key, func in _functions_in(op):
            if func.name in found:
                continue
            found[func.name] = kept[func.name] if func.name in kept else function_def(func, op, _loops(op, key))
            if func.graph is not None:
                waiting.append(iter(func.graph._ops))
    return found


def _functions_in(op: Operation) -> Iterator[tuple[str, Func]]:
    for key, value in op.attrs.items():
        if isinstance(value, Func):
            yield key, value
        elif isinstance(value, list) and value and isinstance(value[0], Func):
            yield from ((key, func) for func in value)


def is_loop(definition: OpDef) -> bool:
    """Whether what goes into an op's functions comes out again."""
    if not definition.control or not definition.inputs or not definition.outputs:
        return False
    takes, gives = definition.inputs[-1], definition.outputs[-1]
    return takes.typed_list and takes.type == gives.type


def _loops(op: Operation, key: str) -> bool:
    return key != "cond" and is_loop(op.definition)


def function_def(func: Func, user: Operation | None = None, loops: bool = False) -> Any:
    """Write the graph of a function, which the node `user` runs (None: any), as a FunctionDef.

    The function takes what the node gives, also where the graph needs only some of it. One that `loops` returns it all,
    also what never changes.
    """
    graph: FuncGraph = func.graph
    if graph is None:
        raise ValueError(f"the function '{func.name}' has no body")
    taken = _Names(op.name for op in graph._ops)
    proto = function_pb2.FunctionDef()
    proto.signature.name = func.name
    written: dict[Tensor, str] = {}
    for i, (tensor, kind) in enumerate(_arguments(graph, user)):
        made = proto.signature.input_arg.add(type=kind.as_datatype_enum)
        made.name = taken.unique("unused" if tensor is None else tensor.op.name)
        proto.arg_attr[i].SetInParent()
        if tensor is not None:
            written[tensor] = made.name
    arguments = set(graph.arguments)
    for op in graph._ops:
        if not op.outputs or op.outputs[0] not in arguments:
            _put_node(proto.node_def.add(), op, written)
    outputs = list(graph.outputs)
    if loops and user is not None:
        standing = dict(zip(graph.argument_places, graph.arguments))
        outputs.extend(standing[i] for i in range(len(outputs), len(user._inputs)))
        outputs.extend(graph.stacked)
    for i, tensor in enumerate(outputs):
        output = proto.signature.output_arg.add()
        if tensor is None:
            assert user is not None
            like = user.outputs[i]
            output.type = like.dtype.base_dtype.as_datatype_enum
            output.name = taken.unique("zeros")
            proto.ret[output.name] = _put_zeros(proto, like, taken.unique("zeros"))
        else:
            output.type = tensor.dtype.base_dtype.as_datatype_enum
            if user is not None and CALLED in user.attrs:  # its outputs bear the names that the results have
                output.name = user.definition.outputs[i].name
            else:
                output.name = taken.unique(tensor.op.name)
            proto.ret[output.name] = _source(tensor, written)
    proto.signature.is_stateful = any(op.definition.stateful for op in graph._ops)
    return proto


class _Names:
    """Names of arguments and results: small letters, digits and underscores, each once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = {name.lower() for name in taken}

    def unique(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9]", "_", name.lower()).lstrip("_0123456789") or "argument"
        result, number = base, 0
        while result in self.taken:
            result, number = f"{base}_{number}", number + 1
        self.taken.add(result)
        return result


def _arguments(graph: FuncGraph, user: Operation | None) -> list[tuple[Tensor | None, Any]]:
    """Return the argument that stands for each input of the node, if any does, and its type."""
    if user is None:
        return [(tensor, tensor.dtype.base_dtype) for tensor in graph.arguments]
    groups = user.definition.group(list(user._inputs), user.attrs)
    given = groups[-1] if groups and isinstance(groups[-1], list) else user._inputs
    first = len(user._inputs) - len(given)
    standing = dict(zip(graph.argument_places, graph.arguments))
    return [(standing.get(first + i), tensor.dtype.base_dtype) for i, tensor in enumerate(given)]


def _put_node(proto: Any, op: Operation, written: dict[Tensor, str]) -> None:
    said = spelled(op)
    proto.name, proto.device = op.name, op.device
    proto.op = op.type if said is None else said.signature.name
    proto.input.extend(_source(t, written) for t in op._inputs)
    proto.input.extend("^" + name for name in sorted(c.name for c in op._control_inputs))
    for name, value in op.attrs.items():
        if said is None or name not in op.definition.attrs:
            proto.attr[name].CopyFrom(attr_values.to_proto(value))


def _source(tensor: Tensor, written: dict[Tensor, str]) -> str:
    if tensor in written:
        return written[tensor]
    op, at = tensor._op, 0
    said = spelled(op)
    if said is not None:
        return f"{op.name}:{said.signature.output_arg[tensor._value_index].name}:0"
    for arg in op.definition.outputs:
        n = count(arg, op.attrs)
        if tensor._value_index < at + n:
            return f"{op.name}:{arg.name}:{tensor._value_index - at}"
        at += n
    if "_kept" in op.attrs:  # what a loop gives for its gradient
        return f"{op.name}:{op.definition.outputs[-1].name}:{tensor._value_index}"
    raise ValueError(f"{tensor} is no output of its node")


def _put_zeros(proto: Any, like: Tensor, name: str) -> str:
    """Put a constant for what a branch doesn't give. Nobody takes it, so it is empty where the shape is not known."""
    node = proto.node_def.add(name=name, op="Const")
    node.attr["dtype"].type = like.dtype.base_dtype.as_datatype_enum
    sizes = tuple(size or 0 for size in like._dims or ())
    zeros = np.zeros(1 if all(sizes) else 0, like.dtype.as_numpy_dtype)
    value = attr_values.TensorValue(zeros, like.dtype.base_dtype, sizes)
    node.attr["value"].CopyFrom(attr_values.to_proto(value))
    return f"{name}:output:0"
