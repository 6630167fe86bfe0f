"""Choices of TensorFlow 1 in a GraphDef (Switch, Merge) as `If` nodes.

What comes out of a Switch is there only in one case, and so is all that follows from it, until a Merge takes what is
there. So each Merge says which node is to be computed in which case. Merges of the same condition that do not depend on
each other become one `If`; nested choices are found in its branches again. Merge nodes stay as Identity nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from defrun.base import dtypes
from defrun.graph.attrs import Func
from defrun.graph.regions import Node, Source, Types, add_function, attr, constant_node, identity_node, in_order

_SWITCH = ("Switch", "RefSwitch")
_MERGE = ("Merge", "RefMerge")

Case = tuple[Source, int]
"""A condition, and which way it goes."""


def without_switches(nodes: dict[str, Node], types: Types, results: list[Source] | None = None) -> list[Node]:
    """Return nodes that compute the same without Switch and Merge. `results` are a function's, to be kept."""
    if not any(node.op in _SWITCH or node.op in _MERGE for node in nodes.values()):
        return list(nodes.values())
    return _Choices(dict(nodes), types).replaced(results or [])


@dataclass
class _Merge:
    """The end of a choice."""

    node: Node
    condition: Source
    sources: tuple[Source, Source]  # where it doesn't hold, where it does
    places: tuple[int, int]  # which inputs of the node these are


class _Choices:
    """The choices in a graph, or in a function's."""

    def __init__(self, nodes: dict[str, Node], types: Types) -> None:
        self.nodes, self.types = nodes, types
        self.cases: dict[Source | str, frozenset[Case]] = {}  # in which an output is there; of a node by its name
        self.merges: dict[str, _Merge] = {}
        self.order = in_order(nodes)
        for node in self.order:
            self.look(node)

    def condition(self, source: Source) -> Source:
        """Return where a condition comes from."""
        while source[0] in self.nodes and self.nodes[source[0]].op in ("Identity", "LoopCond"):
            source = self.nodes[source[0]].inputs[0]
        return source

    def of(self, source: Source) -> frozenset[Case]:
        """Return the cases in which `source` is there."""
        found = self.cases.get(source)
        return self.cases.get(source[0], frozenset()) if found is None else found

    def look(self, node: Node) -> None:
        """Find out in which cases a node is computed."""
        waits = frozenset[Case]().union(*(self.cases.get(c, frozenset()) for c in node.controls))
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
        owners: dict[str, int] = {}
        for number, group in enumerate(self.groups()):
            for node in _If(self, group, f"{group[0].node.name}_If", owners, number).built(results):
                kept[node.name] = node
        for node in kept.values():
            node.controls = [c for c in node.controls if c in kept]
        return list(kept.values())

    def groups(self) -> list[list[_Merge]]:
        """Put the outermost merges of a condition that don't depend on each other together."""
        ranks: dict[str, dict[Source, int]] = {}
        found: dict[tuple[Source, int], list[_Merge]] = {}
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
            ranks[node.name] = rank
        return list(found.values())


class _If:
    """A group of merges that is being turned into an `If` node."""

    def __init__(self, choices: _Choices, group: list[_Merge], name: str, owners: dict[str, int], number: int) -> None:
        self.choices, self.group, self.name = choices, group, name
        self.owners, self.number = owners, number
        self.condition = group[0].condition
        self.taken: dict[Source, str] = {}
        self.controls: list[str] = []

    def built(self, results: list[Source]) -> list[Node]:
        """Return the `If`, and the nodes that stand for the merges."""
        nodes, types = self.choices.nodes, self.choices.types
        parts = [self.part(way) for way in (0, 1)]
        ends = [[self.renamed(m.sources[way], way) for m in self.group] for way in (0, 1)]
        arguments = {name: types.of(source, nodes) for source, name in self.taken.items()}
        functions = []
        for way, label in ((0, "else"), (1, "then")):
            own = Types(types.library, arguments)
            sources = ends[way]
            members = dict(parts[way])
            for m in self.group:
                index = constant_node(f"{m.node.name}_index", np.int32(m.places[way]), dtypes.int32)
                members[index.name] = index
                sources.append((index.name, 0))
            inner = without_switches(members, own, sources)
            functions.append(add_function(f"{self.name}_{label}", arguments, inner, sources, types))
        kinds = [types.of((m.node.name, 0), nodes) for m in self.group] + [dtypes.int32] * len(self.group)
        chosen = Node(self.name, "If", [self.condition, *self.taken], self.outside(), {
            "Tcond": attr(dtypes.bool), "Tin": attr(list(arguments.values())), "Tout": attr(kinds),
            "then_branch": attr(Func(functions[1])), "else_branch": attr(Func(functions[0])),
        })  # fmt: skip
        made = [chosen]
        for i, m in enumerate(self.group):
            made.append(identity_node(m.node.name, (self.name, i), kinds[i], m.node.controls, m.node.device))
            self.rename((m.node.name, 1), (self.name, len(self.group) + i), results)
        return made

    def rename(self, old: Source, new: Source, results: list[Source]) -> None:
        for node in self.choices.nodes.values():
            node.inputs = [new if s == old else s for s in node.inputs]
        results[:] = [new if s == old else s for s in results]

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
            return source
        if source not in self.taken:
            self.taken[source] = f"input_{len(self.taken)}"
        return self.taken[source], 0

    def part(self, way: int) -> dict[str, Node]:
        """Gather the nodes of a branch."""
        found: dict[str, Node] = {}
        stack = [m.sources[way] for m in self.group]
        while stack:
            source = stack.pop()
            if self.is_entry(source[0]):
                self.controls.extend(self.choices.nodes[source[0]].controls)
                continue
            if source[0] in found or not self.is_inside(source, way):
                continue
            node = self.choices.nodes[source[0]]
            self.claim(node)
            inside = []
            for control in node.controls:
                if self.is_entry(control):
                    continue
                if (self.condition, way) in self.choices.cases.get(control, frozenset()):
                    inside.append(control)
                    stack.append((control, 0))
                else:
                    self.controls.append(control)
            inputs = [self.renamed(s, way) for s in node.inputs]
            found[node.name] = Node(node.name, node.op, inputs, inside, node.attr, node.device)
            stack.extend(node.inputs)
        return found

    def claim(self, node: Node) -> None:
        """Note that a node is in a branch; what has a state of its own can't be in two of them."""
        first = self.owners.setdefault(node.name, self.number)
        if first == self.number or node.op in (*_SWITCH, *_MERGE):
            return
        definition = self.choices.types.definition(node)
        if definition.initial_state is not None or definition.writes or definition.transient:
            raise NotImplementedError(
                f"'{node.name}' ({node.op}) in a branch of a choice is used by a gradient of it: such a graph can't be "
                "imported yet"
            )
