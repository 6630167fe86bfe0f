"""`import_graph_def`: the nodes of a GraphDef become nodes of the default graph.

Everything that can be told from the message alone is looked at before the first node is made; what is refused later
(shapes, types) takes the nodes that were made with it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from google.protobuf.message import Message
from tensorboard.compat.proto import graph_pb2

from defrun.base import errors
from defrun.base.dtypes import DType
from defrun.base.names import names as known_names
from defrun.base.shapes import TensorShape, merge
from defrun.base.version import GRAPH_DEF_VERSION
from defrun.graph import attrs as attr_values
from defrun.graph import frames
from defrun.graph.attrs import Func
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph, get_default_graph, valid_name
from defrun.graph.infer import infer
from defrun.graph.insertion import all_or_nothing, choose_device, insert
from defrun.graph.library import CALLED, Library, is_loop
from defrun.graph.opdef import REQUIRED, Attr, Dims, OpDef, count, find
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope

Source = tuple[str, int]
"""A node and which of its outputs; -1: a control input."""

Rewrite = Callable[[list[Any], Library], list[Any]]

_rewrites: list[tuple[frozenset[str], Rewrite]] = [(frames.TYPES, frames.rewrite)]

# Attrs that newer TensorFlows have and that change nothing of what is computed.
_HINTS = frozenset(("allowed_devices", "debug_name", "grad_a", "grad_b", "grad_x", "grad_y"))
_MOST_OUTPUTS = 1 << 20
_MOST_IN_FUNCTIONS = 1 << 18  # nodes; functions that call functions can be many with few words
_COST_OF_FUNCTION = 40  # as much as that of so many nodes
_DEEPEST = 50


def before_import(types: Iterable[str], rewrite: Rewrite) -> Rewrite:
    """Have `rewrite(nodes, library)` called on graphs, and bodies of functions, that hold an op of one of `types`.

    It gets a list of NodeDefs, inputs written ``name``, ``name:1`` or ``^name``, and returns the list to import in
    its place; it may add FunctionDefs to `library`. Neither the list nor the messages in it may be changed.
    """
    _rewrites.append((frozenset(types), rewrite))
    return rewrite


def import_graph_def(
    graph_def: Any,
    input_map: dict[Any, Any] | None = None,
    return_elements: Any = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Add the nodes of a GraphDef to the default graph.

    Parameters
    ----------
    graph_def : GraphDef
    input_map : dict of str: Tensor, optional
        Tensors of the graph to take in the place of those that the GraphDef names; ``^name`` stands for a control
        input.
    return_elements : list of str, optional
        Names of operations (``"op"``) and tensors (``"op:0"``) of the GraphDef to return.
    name : str, optional
        Scope before the names of the nodes, ``"import"`` by default; ``""`` for none.
    op_dict : optional
        Not used.
    producer_op_list : OpList, optional
        The op types as the program that wrote the graph knew them: attrs unknown here are left out where they have
        the default that they have there.

    Returns
    -------
    list of Operation and Tensor, or None
        What `return_elements` asks for.

    Raises
    ------
    TypeError
        If an argument is of another kind.
    ValueError
        If the message is no graph (inputs that are not there, cycles, attrs or types that don't fit), or a name in
        `input_map` or `return_elements` is not in it.
    NotFoundError
        If it holds an op type that TensorFlow doesn't have.
    NotImplementedError
        If it holds one that defrun doesn't have.
    """
    graph_def = _as_graph_def(graph_def)
    if not isinstance(input_map or {}, dict) or not all(isinstance(k, (str, bytes)) for k in input_map or {}):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    if return_elements is not None:
        if isinstance(return_elements, (str, bytes)) or not all(isinstance(e, (str, bytes)) for e in return_elements):
            raise TypeError("return_elements must be a list of strings.")
        return_elements = [_text(e) for e in return_elements]
    mapped = {_text(k): v for k, v in (input_map or {}).items()}
    graph = get_default_graph()
    for key, value in mapped.items():
        if isinstance(value, Tensor) and value.graph is not graph:
            raise ValueError(f"{value!r} in the place of '{key}' in input_map is of another graph")
    with name_scope(name, "import", list(mapped.values())) as scope:
        mapped = _as_tensors(mapped, name)
    _check_versions(graph_def.versions)
    library = Library(graph._functions.values())
    for function in graph_def.library.function:
        library.add(function)
    work = Importer(graph, library, scope, mapped, _defaults_of(producer_op_list))
    with graph._lock, all_or_nothing(graph):
        work.add(list(graph_def.node))
        work.check_mapped()
        found = None if return_elements is None else [work.element(e) for e in return_elements]
        graph._functions.update(library.functions)
    return found


def _as_graph_def(graph_def: Any) -> Any:
    if isinstance(graph_def, graph_pb2.GraphDef):
        return graph_def
    if isinstance(graph_def, Message) and graph_def.DESCRIPTOR.name == "GraphDef":
        return graph_pb2.GraphDef.FromString(graph_def.SerializeToString())  # of another program's classes
    raise TypeError(f"graph_def must be a GraphDef proto, not {type(graph_def).__name__}.")


def _as_tensors(mapped: dict[str, Any], name: str | None) -> dict[str, Tensor]:
    """Make tensors of the values that are none."""
    if all(isinstance(v, Tensor) for v in mapped.values()):
        return mapped
    if name == "":
        raise ValueError("tf.import_graph_def() requires a non-empty `name` if `input_map` holds other values than "
                         "tensors: where would their constants be?")  # fmt: skip
    with name_scope("_inputs"):
        return {k: convert_to_tensor(v) for k, v in mapped.items()}


def _check_versions(versions: Any) -> None:
    if versions.min_consumer > GRAPH_DEF_VERSION:
        raise ValueError(
            f"the GraphDef asks for a reader of version {versions.min_consumer}; this is {GRAPH_DEF_VERSION}"
        )
    if GRAPH_DEF_VERSION in versions.bad_consumers:
        raise ValueError(f"the GraphDef is not to be read by version {GRAPH_DEF_VERSION}, which this is")


def _defaults_of(op_list: Any) -> dict[str, dict[str, Any]]:
    if op_list is None:
        return {}
    return {op.name: {a.name: a.default_value for a in op.attr if a.HasField("default_value")} for op in op_list.op}


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def split_input(text: str) -> Source:
    """Take an input of a NodeDef apart."""
    if text.startswith("^"):
        return text[1:], -1
    name, colon, index = text.rpartition(":")
    if colon and index.isascii() and index.isdigit() and len(index) < 10:
        return name, int(index)
    return text, 0


def _give_kept(op: Operation) -> None:
    """Give a loop the outputs that its gradient takes: how many iterations there were, and stacks of what is kept."""
    for value in op.attrs.values():
        body = value.graph if isinstance(value, Func) else None
        if body is not None and body.kept:
            op.outputs.append(Tensor(op, len(op.outputs), attr_values.dtypes.int32, ()))
            for kept in body.stacked:
                dims = None if kept.dims is None else (None, *kept.dims)
                op.outputs.append(Tensor(op, len(op.outputs), kept.dtype.base_dtype, dims))


class Importer:
    """Makes nodes of NodeDefs in one graph."""

    def __init__(
        self,
        graph: Graph,
        library: Library,
        scope: str = "",
        mapped: dict[str, Tensor] | None = None,
        defaults: dict[str, dict[str, Any]] | None = None,
        outer: Importer | None = None,
    ) -> None:
        self.graph = graph
        self.library = library
        self.scope = scope
        self.mapped = {split_input(k): v for k, v in (mapped or {}).items()}
        self.unused = set(self.mapped)
        self.defaults = defaults or {}
        self.depth: int = 0 if outer is None else outer.depth + 1
        self.budget: list[int] = [_MOST_IN_FUNCTIONS] if outer is None else outer.budget
        self.given: dict[str, Operation] = {}  # a function's arguments, by the names that the message has for them
        self.nodes: dict[str, Any] = {}
        self.made: dict[str, Operation] = {}

    def add(self, nodes: list[Any]) -> None:
        """Add `nodes`, those that others need first."""
        self.graph._check_not_finalized()
        types = {node.op for node in nodes}
        for affected, rewrite in _rewrites:
            if not types.isdisjoint(affected):
                try:
                    nodes = rewrite(nodes, self.library)
                except (LookupError, AttributeError, TypeError, RecursionError) as error:
                    found = ", ".join(sorted(types & affected))
                    raise ValueError(f"the graph's nodes of {found} make no sense together: {error!r}") from None
                types = {node.op for node in nodes}
        definitions = {t: self._definition(t, nodes) for t in sorted(types)}
        self.nodes = {node.name: node for node in nodes}
        if len(self.nodes) != len(nodes):
            raise ValueError(f"Node '{_twice(nodes)}' is not unique")
        inputs = [[split_input(i) for i in node.input] for node in nodes]
        self._check(nodes, inputs)
        attrs = [self._attrs(node, definitions[node.op]) for node in nodes]
        names = self._names(nodes)
        order = _order(nodes, inputs, self.given.keys() | self.mapped.keys())
        for i in order:
            self._make(nodes[i], definitions[nodes[i].op], inputs[i], attrs[i], names[i])
        self._place()

    # -- looking at the message ----------------------------------------------------------------------------------

    def _definition(self, op_type: str, nodes: list[Any]) -> OpDef:
        found = find(op_type)
        if found is None and op_type in self.library:
            said = self.library.spelled(op_type)
            found = self.library.caller(op_type) if said is None else said[0]
        if found is not None:
            return found
        node = next(n.name for n in nodes if n.op == op_type)
        if op_type in known_names().members["raw_ops"]:
            raise NotImplementedError(f"defrun has no op type {op_type!r} yet; node '{node}' of the GraphDef is one")
        raise errors.NotFoundError(None, None, f"Op type not registered: '{op_type}' of node '{node}' is neither an op "
                                   "of TensorFlow nor a function in the library of the GraphDef")  # fmt: skip

    def _check(self, nodes: list[Any], inputs: list[list[Source]]) -> None:
        """Refuse names and inputs that can't be."""
        for node, sources in zip(nodes, inputs):
            if not valid_name(node.name):
                raise ValueError(f"Node '{node.name}': the name of a node can't have such characters")
            in_control = False
            for source in sources:
                name, index = source
                if index >= 0 and in_control:
                    raise ValueError(f"Node '{node.name}': Control dependencies must come after regular dependencies")
                in_control = index < 0
                if source in self.mapped:
                    self.unused.discard(source)
                elif name not in self.nodes and name not in self.given:
                    raise ValueError(f"Node '{node.name}': Unknown input node '{'^' * in_control}{name}'")

    def _attrs(self, node: Any, definition: OpDef) -> dict[str, Any]:
        """Read the attrs of a node, with the defaults of those that it doesn't have."""
        found: dict[str, Any] = {}
        theirs = self.defaults.get(node.op, {})
        protos = node.attr
        if definition.type != node.op and (said := self.library.spelled(node.op)) is not None:
            protos = {**protos, **said[1]}
        for key in protos:
            attr = definition.attrs.get(key)
            if attr is not None:
                try:
                    found[key] = value = attr_values.read(protos[key], attr.kind)
                    if attr.allowed is not None:
                        _check_allowed(attr, value)
                except (TypeError, ValueError) as error:
                    raise ValueError(f"Node '{node.name}', attr '{key}' of {node.op}: {error}") from None
            elif key.startswith("_"):
                if key != "_output_shapes":
                    found[key] = attr_values.from_proto(protos[key])
            elif key not in _HINTS and (key not in theirs or theirs[key] != protos[key]):
                raise ValueError(f"Node '{node.name}' has the attr '{key}', which {node.op} doesn't have here: is it "
                                 "from a newer TensorFlow?")  # fmt: skip
        for key, attr in definition.attrs.items():
            if key not in found:
                if attr.default is REQUIRED:
                    raise ValueError(f"Node '{node.name}' misses the attr '{key}' of the op {node.op}")
                found[key] = attr.default
        return found

    def _names(self, nodes: list[Any]) -> list[str]:
        """Return the names that the nodes get here."""
        names = []
        taken = {name for name in self.graph._by_name if name.startswith(self.scope)}
        for name in list(taken):  # a scope's name is taken, too
            while "/" in name and (name := name.rpartition("/")[0]) not in taken:
                taken.add(name)
        for node in nodes:
            name = wanted = self.scope + node.name
            number = 0
            while name in taken or (number and name in self.nodes):
                number += 1
                name = f"{wanted}_{number}"
            names.append(name)
        return names

    # -- making nodes --------------------------------------------------------------------------------------------

    def _make(self, node: Any, definition: OpDef, sources: list[Source], attrs: dict[str, Any], name: str) -> None:
        inputs: list[Tensor] = []
        control: list[Operation] = []
        for source in sources:
            self._connect(node, source, inputs, control)
        _check_inputs(node, definition, inputs, attrs)
        self._give_graphs(definition, inputs, attrs, node)
        try:
            types, dims = infer(definition, inputs, attrs, name)
        except (LookupError, TypeError, ArithmeticError, AttributeError) as error:  # of a rule that met the unexpected
            raise ValueError(f"Node '{node.name}' ({node.op}): its shape can't be found: {error}") from None
        if "_output_shapes" in node.attr:
            dims = _merged(node, dims)
        self.made[node.name] = op = insert(self.graph, definition, inputs, control, attrs, name, types, dims)
        _give_kept(op)
        if is_loop(definition):
            for given, output in zip(inputs, op.outputs):
                output._handle = given._handle

    def _connect(self, node: Any, source: Source, inputs: list[Tensor], control: list[Operation]) -> None:
        name, index = source
        replaced = self.mapped.get(source)
        if index < 0:
            op = replaced._op if replaced is not None else self._source(name)
            if op not in control:
                control.append(op)
        elif replaced is not None:
            inputs.append(replaced)
        else:
            outputs = self._source(name).outputs
            if index >= len(outputs):
                raise ValueError(f"Node '{node.name}': Connecting to invalid output {index} of source node {name} "
                                 f"which has {len(outputs)} outputs")  # fmt: skip
            inputs.append(outputs[index])

    def _source(self, name: str) -> Operation:
        return self.made[name] if name in self.made else self.given[name]

    def _place(self) -> None:
        """Give the nodes their devices, and those that are to be where another is, that one's."""
        together: list[tuple[Operation, list[Operation]]] = []
        for name, op in self.made.items():
            groups = op.attrs.get("_class")
            if isinstance(groups, list) and groups:
                members = [self._member(g, name) for g in groups]
                op.attrs["_class"] = [g if o is None else b"loc:@" + o.name.encode() for g, o in zip(groups, members)]
                others = [o for o in members if o is not None and o is not op]
                if others:
                    together.append((op, others))
                    continue
            try:
                choose_device(op, self.nodes[name].device)
            except ValueError as error:
                raise ValueError(f"Node '{name}': {error}") from None
        for op, others in together:
            op._device = next((o._device for o in others if o._device), "")

    def _member(self, group: Any, node: str) -> Operation | None:
        """Return the node that a colocation group is called after, if it is one."""
        if not isinstance(group, bytes) or not group.startswith(b"loc:@"):
            return None
        name = group[5:].decode(errors="replace")
        if name not in self.made:
            raise ValueError(f"Node '{node}' expects to be colocated with unknown node '{name}'")
        return self.made[name]

    # -- functions -----------------------------------------------------------------------------------------------

    def _give_graphs(self, definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any], node: Any) -> None:
        """Make the graphs of the functions that a node runs."""
        if node.op in self.library and CALLED in definition.body_attrs:
            attrs[CALLED] = Func(node.op)
        for value in attrs.values():
            for func in value if isinstance(value, list) else (value,):
                if isinstance(func, Func) and func.name:
                    func.graph = self._function(func.name, definition, inputs, attrs, node)

    def _function(
        self, name: str, definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any], node: Any
    ) -> FuncGraph:
        function = self.library.get(name, node.name)
        self.budget[0] -= len(function.node_def) + _COST_OF_FUNCTION
        if self.budget[0] < 0 or self.depth >= _DEEPEST:
            raise ValueError(f"Node '{node.name}' runs the function '{name}', which runs itself, or too many others")
        graph = FuncGraph(name, self.graph, counted=False)
        graph.name = f"{graph.name}_imported"
        nodes, results = self.library.body(function)
        work = Importer(graph, self.library, defaults=self.defaults, outer=self)
        given = _arguments_of(definition, inputs, attrs, len(function.signature.input_arg))
        for i, arg in enumerate(function.signature.input_arg):
            dtype, dims, handle = attr_values.dtypes.as_dtype(arg.type), None, None
            if given:
                like, dims = given[i]
                handle = like._handle
                if like.dtype.base_dtype is dtype:
                    dtype = like.dtype  # which may be a reference
            work.given[arg.name] = graph.add_argument(dtype, dims, arg.name, handle).op
        work.add(nodes)
        graph.outputs = [None if t.op.type == "_Nothing" else t for t in map(work.tensor, results)]
        graph.control_outputs = [op for op in graph._ops if op.definition.stateful]
        kept = attrs.get("_kept")
        if is_loop(definition) and isinstance(kept, int) and len(results) == len(inputs) + kept:
            graph.kept = True
            graph.stacked = [t for t in graph.outputs[len(inputs) :] if t is not None]
            del graph.outputs[len(inputs) :], results[len(inputs) :]
        first = len(inputs) - len(graph.arguments)
        graph.argument_places = list(range(max(first, 0), max(first, 0) + len(graph.arguments)))
        if is_loop(definition) and len(results) == len(inputs):
            # What a loop passes on as it is need not be said; a condition has one result, and nothing to pass on.
            while len(graph.outputs) > 1 and graph.outputs[-1] is graph.arguments[len(graph.outputs) - 1]:
                graph.outputs.pop()
        return graph

    def tensor(self, text: str) -> Tensor:
        """Return the tensor that a function's result is."""
        name, index = split_input(text)
        op = self._source(name)
        if index >= len(op.outputs):
            raise ValueError(f"a function's result is output {index} of '{name}', which has {len(op.outputs)}")
        return op.outputs[index]

    # -- answers -------------------------------------------------------------------------------------------------

    def check_mapped(self) -> None:
        """Refuse names in the input map that are none of the message's."""
        missing = [k for k in self.unused if k[0] not in self.made or k[1] >= len(self.made[k[0]].outputs)]
        if missing:
            shown = ", ".join("^" + n if i < 0 else f"{n}:{i}" for n, i in sorted(missing))
            raise ValueError(f"Attempted to map inputs that were not found in graph_def: [{shown}]")

    def element(self, name: str) -> Any:
        """Return what `name` in the message is in the graph: an operation, or a tensor if it has a colon."""
        node, index = split_input(name)
        if ":" in name and (node, index) in self.mapped:
            return self.mapped[node, index]
        found = self.made.get(node)
        if found is None or (":" in name and index >= len(found.outputs)):
            raise ValueError(f"Requested return element '{name}' not found in graph_def")
        return found.outputs[index] if ":" in name else found


def _arguments_of(
    definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any], wanted: int
) -> list[tuple[Tensor, Dims]] | None:
    """Return what a function's arguments stand for, and its shape, if that is the node's inputs."""
    groups = definition.group(inputs, attrs)
    given = groups[-1] if groups and isinstance(groups[-1], list) else inputs
    if len(given) != wanted or not definition.control:
        return None
    if not is_loop(definition):
        return [(t, t._dims) for t in given]
    # What the function returns goes in again, so that only what the node says of the shapes holds each time.
    said = attrs.get("output_shapes") or []
    dims = [TensorShape(attr_values.public(s)) for s in said] if len(said) == wanted else [TensorShape(None)] * wanted
    return [(t, None if d.ndims is None else tuple(d.as_list())) for d, t in zip(dims, given)]


def _check_inputs(node: Any, definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> None:
    counts = [count(arg, attrs) for arg in definition.inputs]
    results = [count(arg, attrs) for arg in definition.outputs]
    none = attrs.get("N") == 0 and any(arg.many == "N" for arg in definition.inputs)
    if none or min([0, *counts, *results]) < 0 or sum(results) > _MOST_OUTPUTS:
        raise ValueError(f"Node '{node.name}' ({node.op}): no node has {sum(counts)} inputs and {sum(results)} outputs")
    if sum(counts) != len(inputs):
        raise ValueError(f"Node '{node.name}' ({node.op}) has {len(inputs)} inputs, its op and attrs say {sum(counts)}")
    at = 0
    for arg, n in zip(definition.inputs, counts):
        kind: Any = arg.type if isinstance(arg.type, DType) else attrs[arg.type]
        for place in range(n):
            tensor, at = inputs[at], at + 1
            wanted = kind[place] if arg.typed_list else kind
            if tensor._dtype.base_dtype is not wanted.base_dtype or (arg.ref and not tensor._dtype._is_ref_dtype):
                shown = f"{wanted.name}{'_ref' * arg.ref}"
                raise ValueError(f"Input {at - 1} of node {node.name} was passed {tensor._dtype.name} from "
                                 f"{tensor.name} incompatible with expected {shown}.")  # fmt: skip


def _check_allowed(attr: Attr, value: Any) -> None:
    for item in value if isinstance(value, list) else (value,):
        if item not in attr.allowed:  # type: ignore[operator]
            names = ", ".join(sorted(str(getattr(a, "name", a)) for a in attr.allowed))  # type: ignore[union-attr]
            raise ValueError(f"{getattr(item, 'name', item)!r} is not in the list of allowed values: {names}")


def _twice(nodes: list[Any]) -> str:
    seen: set[str] = set()
    for node in nodes:
        if node.name in seen:
            return node.name
        seen.add(node.name)
    return ""


def _order(nodes: list[Any], inputs: list[list[Source]], apart: set[Any]) -> list[int]:
    """Return an order in which every node comes after those that it takes: of those that can be made, the first."""
    places = {node.name: i for i, node in enumerate(nodes)}
    waits = [{places[s[0]] for s in sources if s not in apart and s[0] not in apart} for sources in inputs]
    if all(max(w, default=-1) < i for i, w in enumerate(waits)):
        return list(range(len(nodes)))
    takers: list[list[int]] = [[] for _ in nodes]
    for i, wait in enumerate(waits):
        for j in wait:
            takers[j].append(i)
    missing = [len(w) for w in waits]
    ready = [i for i, n in enumerate(missing) if not n]
    order: list[int] = []
    while ready:
        i = heapq.heappop(ready)
        order.append(i)
        for j in takers[i]:
            missing[j] -= 1
            if not missing[j]:
                heapq.heappush(ready, j)
    if len(order) < len(nodes):
        stuck = [nodes[i].name for i, n in enumerate(missing) if n]
        shown = ", ".join(stuck[:5]) + (", ..." if len(stuck) > 5 else "")
        raise ValueError(f"{len(stuck)} nodes in a cycle, or behind one: {shown}")
    return order


def _merged(node: Any, dims: list[Dims]) -> list[Dims]:
    """Add to the shapes found what the message says of them."""
    said = node.attr["_output_shapes"].list.shape
    result: list[Dims] = []
    for i, (found, proto) in enumerate(zip(dims, said)):
        try:
            known = TensorShape(proto)
            result.append(merge(found, None if known.ndims is None else tuple(known.as_list())))
        except ValueError as error:
            raise ValueError(f"Node '{node.name}' has an _output_shapes attribute inconsistent with the GraphDef for "
                             f"output #{i}: {error}") from None  # fmt: skip
    return [*result, *dims[len(result) :]]
