"""Choices of TensorFlow 1 in a GraphDef (Switch, Merge) as `If` nodes.

What comes out of a Switch is there only in one case, and so is all that follows from it, until a Merge takes what is
there. So each Merge says which node is to be computed in which case. Merges of the same condition that do not depend on
each other become one `If`; nested choices are found in its branches again. Merge nodes stay as Identity nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.attrs import Func
from defrun.graph.regions import Node, Source, Types, add_function, attr, constant_node, identity_node, in_order

_SWITCH = ("Switch", "RefSwitch")
_MERGE = ("Merge", "RefMerge")

Case = tuple[Source, int]
"""A condition, and which way it goes."""


def without_switches(
    nodes: dict[str, Node], types: Types, results: list[Source] | None = None, effects: Iterable[str] = ()
) -> list[Node]:
    """Return nodes that compute the same without Switch and Merge.

    `results` are a function's; they may get other names. `effects` are nodes that run though nothing follows from them.
    """
    if not any(node.op in _SWITCH or node.op in _MERGE for node in nodes.values()):
        return list(nodes.values())
    nodes = {name: replace(node, inputs=list(node.inputs)) for name, node in nodes.items()}
    results = [] if results is None else results
    _take_for_granted(nodes, types, results)
    return _Choices(nodes, types, effects).replaced(results)


def _take_for_granted(nodes: dict[str, Node], types: Types, results: list[Source]) -> None:
    """Pass on what comes out of Switches if results are there in that case only: the function is run in that case."""
    while True:
        choices = _Choices(nodes, types)
        granted = frozenset[Case]().union(*(choices.of(r) for r in results))
        found = {
            (node.name, way): node.inputs[0]
            for node in nodes.values()
            if node.op in _SWITCH
            for way in (0, 1)
            if (choices.condition(node.inputs[1]), way) in granted
        }
        if not found:
            return
        for name in {name for name, _ in found}:
            nodes.pop(name)
        for node in nodes.values():
            node.inputs = [_final(s, found) for s in node.inputs]
        results[:] = [_final(s, found) for s in results]


def _final(source: Source, found: dict[Source, Source]) -> Source:
    while source in found:
        source = found[source]
    return source


@dataclass
class _Merge:
    """The end of a choice."""

    node: Node
    condition: Source
    sources: tuple[Source, Source]  # where it doesn't hold, where it does
    places: tuple[int, int]  # which inputs of the node these are


class _Choices:
    """The choices in a graph, or in a function's."""

    def __init__(self, nodes: dict[str, Node], types: Types, effects: Iterable[str] = ()) -> None:
        self.nodes, self.types = nodes, types
        self.effects = [*effects]
        self.cases: dict[Source | str, frozenset[Case]] = {}  # in which an output is there; of a node by its name
        self.merges: dict[str, _Merge] = {}
        self.kinds: dict[Source, DType] = {}  # of outputs that nodes to be made will have
        self.order = in_order(nodes)
        for node in self.order:
            self.look(node)
        triggers = [n for n in self.order if n.op == "ControlTrigger" and not self.cases[n.name]]
        self.effects.extend(c for n in triggers for c in n.controls)
        self.effects = [name for name in dict.fromkeys(self.effects) if self.cases.get(name)]

    def condition(self, source: Source) -> Source:
        """Return where a condition comes from."""
        while source[0] in self.nodes and self.nodes[source[0]].op in ("Identity", "LoopCond"):
            source = self.nodes[source[0]].inputs[0]
        return source

    def kind(self, source: Source) -> DType:
        """Return the type of `source`."""
        return self.kinds[source] if source in self.kinds else self.types.of(source, self.nodes)

    def of(self, source: Source) -> frozenset[Case]:
        """Return the cases in which `source` is there."""
        found = self.cases.get(source)
        return self.cases.get(source[0], frozenset()) if found is None else found

    def look(self, node: Node) -> None:
        """Find out in which cases a node is computed."""
        waits = frozenset[Case]()
        if node.op != "ControlTrigger":  # which goes off in any case
            waits = waits.union(*(self.cases.get(c, frozenset()) for c in node.controls))
        if node.op in _MERGE:
            a, b = (self.of(s) for s in node.inputs)
            ways = [(c, way) for c, way in a if (c, 1 - way) in b]
            if not ways:
                raise NotImplementedError(f"'{node.name}' merges other things than the two ways of one choice")
            condition, first = min(ways, key=lambda case: len((a - {case}) ^ (b - {(case[0], 1 - case[1])})))
            places = (0, 1) if first == 0 else (1, 0)
            self.merges[node.name] = _Merge(node, condition, (node.inputs[places[0]], node.inputs[places[1]]), places)
            self.cases[node.name] = (a & b) | waits
            return
        found = waits.union(*(self.of(s) for s in node.inputs))
        self.cases[node.name] = found
        if node.op in _SWITCH:
            for way in (0, 1):
                self.cases[node.name, way] = found | {(self.condition(node.inputs[1]), way)}

    def replaced(self, results: list[Source]) -> list[Node]:
        """Return the nodes with an `If` for each group of Merges."""
        kept = {n.name: n for n in self.order if not self.cases[n.name] and n.op not in (*_SWITCH, *_MERGE)}
        owners: dict[str, _If] = {}
        ifs = [_If(self, condition, ends, owners) for (condition, _), ends in self.groups().items()]
        for chosen in ifs:
            chosen.rename_places(results)
        for chosen in ifs:
            chosen.gather()
        instead: dict[str, str] = {}
        for chosen in ifs:
            for node in chosen.built():
                kept[node.name] = node
            instead.update((name, chosen.name) for name in chosen.effects)
        for node in kept.values():
            node.controls = [instead.get(c, c) for c in node.controls if c in kept or c in instead]
        return list(kept.values())

    def outermost(self, name: str) -> Case:
        """Return the case of a node that is a matter of the fewest others."""
        return min(self.cases[name], key=lambda case: (len(self.of(case[0])), case))

    def groups(self) -> dict[tuple[Source, int], list[_Merge | str]]:
        """Put the outermost merges, and effects, of a condition that don't depend on each other together."""
        ranks: dict[str, dict[Source, int]] = {}
        found: dict[tuple[Source, int], list[_Merge | str]] = {}
        for node in self.order:
            rank: dict[Source, int] = {}
            for name in [*(n for n, _ in node.inputs), *node.controls]:
                for condition, n in ranks.get(name, {}).items():
                    rank[condition] = max(rank.get(condition, 0), n)
            merge = self.merges.get(node.name)
            if merge is not None and not self.cases[node.name]:
                number = rank.get(merge.condition, 0) + 1
                rank[merge.condition] = number
                found.setdefault((merge.condition, number), []).append(merge)
            if node.name in self.effects:
                condition = self.outermost(node.name)[0]
                found.setdefault((condition, rank.get(condition, 0) + 1), []).append(node.name)
            ranks[node.name] = rank
        return found


class _If:
    """A group of merges that is being turned into an `If` node."""

    def __init__(
        self, choices: _Choices, condition: Source, ends: list[_Merge | str], owners: dict[str, _If]
    ) -> None:
        self.choices, self.condition = choices, condition
        self.group = [end for end in ends if isinstance(end, _Merge)]
        self.effects = [end for end in ends if isinstance(end, str)]
        self.name = f"{self.group[0].node.name if self.group else self.effects[0]}_If"
        self.owners = owners
        self.taken: dict[Source, str] = {}
        self.controls: list[str] = []
        self.exports: dict[Source, int] = {}  # what other groups take from inside a branch, and which
        self.parts: list[dict[str, Node]] = []
        self.ends: list[list[Source]] = []

    def gather(self) -> None:
        """Find the nodes of both branches."""
        self.parts = [self.part(way) for way in (0, 1)]
        self.ends = [[self.renamed(m.sources[way], way) for m in self.group] for way in (0, 1)]

    def built(self) -> list[Node]:
        """Return the `If`, and the nodes that stand for the merges."""
        nodes, types = self.choices.nodes, self.choices.types
        arguments = {name: self.choices.kind(source) for source, name in self.taken.items()}
        exported = [self.choices.kinds[self.name, i + 2 * len(self.group)] for i in range(len(self.exports))]
        functions = []
        for way, label in ((0, "else"), (1, "then")):
            own = Types(types.library, arguments)
            sources = self.ends[way]
            members = dict(self.parts[way])
            for m in self.group:
                index = constant_node(f"{m.node.name}_index", np.int32(m.places[way]), dtypes.int32)
                members[index.name] = index
                sources.append((index.name, 0))
            for i, ((source, where), kind) in enumerate(zip(self.exports.items(), exported, strict=True)):
                if where != way:
                    source = (f"{self.name}_nothing_{i}", 0)
                    members[source[0]] = Node(source[0], "_Nothing", [], [], {"dtype": attr(kind)})
                sources.append(source)
            inner = without_switches(members, own, sources, [e for e in self.effects if e in members])
            functions.append(add_function(f"{self.name}_{label}", arguments, inner, sources, types))
        kinds = [types.of((m.node.name, 0), nodes) for m in self.group] + [dtypes.int32] * len(self.group) + exported
        chosen = Node(self.name, "If", [self.condition, *self.taken], self.outside(), {
            "Tcond": attr(dtypes.bool), "Tin": attr(list(arguments.values())), "Tout": attr(kinds),
            "then_branch": attr(Func(functions[1])), "else_branch": attr(Func(functions[0])),
        })  # fmt: skip
        made = [chosen]
        for i, m in enumerate(self.group):
            made.append(identity_node(m.node.name, (self.name, i), kinds[i], m.node.controls, m.node.device))
        return made

    def rename_places(self, results: list[Source]) -> None:
        """Let those who want to know which input a Merge took ask the `If`."""
        for i, m in enumerate(self.group):
            old, new = (m.node.name, 1), (self.name, len(self.group) + i)
            self.choices.kinds[new] = dtypes.int32
            for node in self.choices.nodes.values():
                node.inputs = [new if s == old else s for s in node.inputs]
            results[:] = [new if s == old else s for s in results]

    def export(self, source: Source, way: int) -> Source:
        """Return the output that gives what `source` in a branch is; nothing if the other one is run."""
        self.exports.setdefault(source, way)
        output = self.name, 2 * len(self.group) + list(self.exports).index(source)
        self.choices.kinds[output] = self.choices.kind(source)
        return output

    def outside(self) -> list[str]:
        return [c for c in dict.fromkeys(self.controls) if not self.choices.cases.get(c)]

    def is_inside(self, source: Source, way: int) -> bool:
        """Whether `source` is there only if the condition goes this way."""
        return source[0] in self.choices.nodes and (self.condition, way) in self.choices.of(source)

    def is_entry(self, name: str) -> bool:
        """Whether a node is a Switch of this condition."""
        node = self.choices.nodes.get(name)
        if node is None or node.op not in _SWITCH:
            return False
        return self.choices.condition(node.inputs[1]) == self.condition

    def renamed(self, source: Source, way: int) -> Source:
        """Return what stands for `source` in the branch: an argument, if it is made outside."""
        if self.is_entry(source[0]):
            return self.renamed(self.choices.nodes[source[0]].inputs[0], way)
        if self.is_inside(source, way):
            owner = self.owner(source, way)
            if owner is self:
                return source
            source = owner.export(source, way)
        if source not in self.taken:
            self.taken[source] = f"input_{len(self.taken)}"
        return self.taken[source], 0

    def part(self, way: int) -> dict[str, Node]:
        """Gather the nodes of a branch."""
        found: dict[str, Node] = {}
        stack = [m.sources[way] for m in self.group] + [(name, 0) for name in self.effects]
        while stack:
            source = stack.pop()
            if self.is_entry(source[0]):
                self.controls.extend(self.choices.nodes[source[0]].controls)
                continue
            if source[0] in found or not self.is_inside(source, way) or self.owner(source, way) is not self:
                continue
            node = self.choices.nodes[source[0]]
            self.claim(node)
            inside = []
            for control in node.controls:
                if self.is_entry(control):
                    continue
                if (self.condition, way) not in self.choices.cases.get(control, frozenset()):
                    self.controls.append(control)
                elif (owner := self.owner((control, 0), way)) is self:
                    inside.append(control)
                    stack.append((control, 0))
                else:
                    self.controls.append(owner.name)
            inputs = [self.renamed(s, way) for s in node.inputs]
            found[node.name] = Node(node.name, node.op, inputs, inside, node.attr, node.device)
            stack.extend(node.inputs)
        return found

    def owner(self, source: Source, way: int) -> _If:
        """Return the group that computes `source`: another one if that has it in its own branch."""
        first = self.owners.get(source[0], self)
        return first if self.choices.of(source) == {(self.condition, way)} else self

    def claim(self, node: Node) -> None:
        """Note that a node is in a branch; what has a state of its own can't be in two of them."""
        first = self.owners.setdefault(node.name, self)
        if first is self or node.op in (*_SWITCH, *_MERGE):
            return
        definition = self.choices.types.definition(node)
        if definition.initial_state is not None or definition.writes or definition.transient:
            raise NotImplementedError(
                f"'{node.name}' ({node.op}) in a choice inside another one is used by a gradient of it: such a graph "
                "can't be imported yet"
            )
