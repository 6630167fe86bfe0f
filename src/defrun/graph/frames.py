"""Loops of TensorFlow 1 in a GraphDef (Enter, Merge, Switch, LoopCond, NextIteration, Exit) as `While` nodes.

All nodes between a loop's Enter and its Exit nodes are its frame. Innermost frames first, the nodes from which LoopCond
follows become one function, those from which the NextIteration nodes follow another one; the values that enter, and
enter but once for all iterations, are the `While` node's inputs. Exit nodes stay as Identity nodes of their names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.attrs import Func, from_proto
from defrun.graph.library import Library
from defrun.graph.opdef import UNKNOWN_SHAPE
from defrun.graph.regions import (
    Node,
    Source,
    Types,
    add_function,
    attr,
    drop_groups,
    identity_node,
    in_order,
    take_apart,
)
from defrun.graph.switches import without_switches

TYPES = frozenset(("Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond", "RefSwitch", "RefMerge",
                   "RefEnter", "RefExit", "RefNextIteration"))  # fmt: skip

_ENTER = ("Enter", "RefEnter")
_EXIT = ("Exit", "RefExit")
_NEXT = ("NextIteration", "RefNextIteration")

Path = tuple[str, ...]
"""Names of frames, the outermost first."""


def rewrite(given: list[Any], library: Library) -> list[Any]:
    """Return NodeDefs without TensorFlow 1's control flow that compute the same; their functions go to `library`."""
    nodes = {node.name: take_apart(node) for node in given}
    paths = _paths(nodes)
    types = Types(library)
    for path in sorted({p for p in paths.values() if p}, key=lambda p: (-len(p), p)):
        _Loop(path, nodes, paths, types).replace()
    left = without_switches(nodes, types)
    names = {node.name for node in left}
    for node in left:
        drop_groups(node, names)
    return [node.as_def() for node in left]


def _paths(nodes: dict[str, Node]) -> dict[str, Path]:
    """Return the frames in which each node is."""
    paths: dict[str, Path] = {}
    for node in in_order(nodes):
        around = max((paths[n] for n in _inputs(node) if n in paths), key=len, default=())
        if node.op in _ENTER:
            paths[node.name] = (*around, from_proto(node.attr["frame_name"]).decode())
        elif node.op in _EXIT:
            paths[node.name] = around[:-1]
        else:
            paths[node.name] = around
    return paths


def _inputs(node: Node) -> list[str]:
    return [*(name for name, _ in node.inputs), *node.controls]


@dataclass
class _Variable:
    """One that changes from iteration to iteration."""

    merge: Node
    first: Source
    following: Node
    kind: DType


@dataclass
class _Part:
    """The nodes of a function, and the inputs that it takes from around the loop."""

    nodes: dict[str, Node] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)


class _Loop:
    """A frame that is being turned into a `While` node."""

    def __init__(self, path: Path, nodes: dict[str, Node], paths: dict[str, Path], types: Types) -> None:
        self.path, self.nodes, self.paths, self.types = path, nodes, paths, types
        self.members = {name: nodes[name] for name, where in paths.items() if where == path and name in nodes}
        tests = [n for n in self.members.values() if n.op == "LoopCond"]
        if len(tests) != 1:
            raise ValueError(f"The frame '{path[-1]}' of a loop has {len(tests)} LoopCond nodes, not one")
        self.test = tests[0]
        self.variables = [v for n in self.members.values() if n.op.endswith("Merge") and (v := self.variable(n))]
        self.switches = {
            n.name: n.inputs[0][0]
            for n in self.members.values()
            if n.op.endswith("Switch") and n.inputs[1][0] == self.test.name
        }
        self.places = {v.merge.name: i for i, v in enumerate(self.variables)}
        self.arguments = [f"variable_{i}" for i in range(len(self.variables))]
        self.kinds = [v.kind for v in self.variables]
        self.outer: list[Source] = [v.first for v in self.variables]
        self.entered: dict[Source, str] = {}

    def variable(self, merge: Node) -> _Variable | None:
        """Return what a Merge node is the beginning of, None if it ends a choice."""
        following = [n for n, _ in merge.inputs if self.nodes[n].op in _NEXT]
        first = [n for n, _ in merge.inputs if self.nodes[n].op in _ENTER]
        if not following:
            return None
        if len(first) != 1 or len(following) != 1:
            raise ValueError(f"'{merge.name}' merges other things than what enters a loop and what comes round")
        kind = self.types.of((merge.name, 0), self.nodes)
        return _Variable(merge, self.nodes[first[0]].inputs[0], self.nodes[following[0]], kind)

    def replace(self) -> None:
        """Put the `While` node in the place of the frame's nodes."""
        cond = self.part([self.test.inputs[0]], [])
        results = [v.following.inputs[0] for v in self.variables]
        body = self.part(results, [c for v in self.variables for c in v.following.controls])
        arguments = dict(zip(self.arguments, self.kinds, strict=True))
        found = [self.function("cond", arguments, cond, [self.test.inputs[0]])]
        passed = [(name, 0) for name in self.arguments[len(self.variables) :]]
        found.append(self.function("body", arguments, body, [*results, *passed]))
        around = self.path[:-1]
        name = self.path[-1]
        while name in self.nodes:
            name += "_"
        controls = [c for part in (cond, body) for c in part.outside]
        controls += [c for n in self.members.values() if n.op in _ENTER for c in n.controls]
        limits = [n.attr["parallel_iterations"] for n in self.members.values() if "parallel_iterations" in n.attr]
        node = Node(name, "While", list(self.outer), [c for c in controls if c in self.nodes], {
            "T": attr(self.kinds), "cond": attr(Func(found[0])), "body": attr(Func(found[1])),
            "output_shapes": attr([UNKNOWN_SHAPE] * len(self.kinds)),
        })  # fmt: skip
        if limits:
            node.attr["parallel_iterations"] = limits[0]
        self.leave(node, around)

    def leave(self, loop: Node, around: Path) -> None:
        """Take the frame's nodes out; its Exit nodes pass the loop's outputs on."""
        ends = [n for n in self.nodes.values() if n.op in _EXIT and self.paths.get(n.inputs[0][0]) == self.path]
        behind = self.behind(loop, [n.inputs[0] for n in ends])
        for end in ends:
            kind = self.types.of((end.name, 0), self.nodes)
            behind[end.name] = identity_node(
                end.name, self.left(loop, end.inputs[0]), kind, [c for c in end.controls if c in self.nodes], end.device
            )
        for name in self.members:
            del self.nodes[name]
        for node in (loop, *behind.values()):
            self.nodes[node.name] = node
            self.paths[node.name] = around
        for node in self.nodes.values():  # who waits for a node inside waits for the loop
            if any(c in self.members for c in node.controls):
                node.controls = [loop.name if c in self.members else c for c in node.controls]

    def behind(self, loop: Node, ends: list[Source]) -> dict[str, Node]:
        """Return what is computed but once, from the last values of the variables, before they leave the frame."""
        found: dict[str, Node] = {}
        stack = [name for name, _ in ends]
        while stack:
            name = stack.pop()
            if name in found or not self.is_inside(name):
                continue
            node = self.members[name]
            inputs = [self.left(loop, source) for source in node.inputs]
            controls = [c if self.is_inside(c) or c not in self.members else loop.name for c in node.controls]
            found[name] = Node(name, node.op, inputs, controls, node.attr, node.device)
            stack.extend([*(n for n, _ in node.inputs), *node.controls])
        return found

    def left(self, loop: Node, source: Source) -> Source:
        """Return what `source` is when the loop has ended."""
        name, _ = source
        if name in self.switches:
            return loop.name, self.places[self.switches[name]]
        if name in self.members and self.members[name].op in _ENTER:
            return self.members[name].inputs[0]
        return source

    def part(self, results: list[Source], controls: list[str]) -> _Part:
        """Gather the nodes of this frame from which `results` follow."""
        found = _Part()
        stack = [*(name for name, _ in map(self.renamed, results)), *controls]
        for name in controls:
            if not self.is_inside(name) and name in self.nodes and name not in self.members:
                found.outside.append(name)
        while stack:
            name = stack.pop()
            if name in found.nodes or not self.is_inside(name):
                continue
            node = self.members[name]
            inputs = [self.renamed(source) for source in node.inputs]
            inside = [c for c in node.controls if self.is_inside(c)]
            found.outside.extend(c for c in node.controls if c in self.nodes and c not in self.members)
            found.nodes[name] = Node(name, node.op, inputs, inside, node.attr, node.device)
            if node is self.test:
                found.nodes[name] = identity_node(name, inputs[0], self.types.of(node.inputs[0], self.nodes), inside)
            stack.extend([*(n for n, _ in inputs), *inside])
        return found

    def is_inside(self, name: str) -> bool:
        """Whether a node is one of the frame's that compute something."""
        node = self.members.get(name)
        if node is None or name in self.switches or name in self.places:
            return False
        return node.op not in _ENTER and node.op not in _NEXT

    def renamed(self, source: Source) -> Source:
        """Return the argument that stands for `source` inside, if one does."""
        name, _ = source
        if name in self.places:
            return self.arguments[self.places[name]], 0
        if name in self.switches:
            return self.arguments[self.places[self.switches[name]]], 0
        if name in self.members and self.members[name].op in _ENTER:
            return self.argument(self.members[name].inputs[0]), 0
        if name not in self.members:
            if name in self.arguments:
                return source
            return self.argument(source), 0
        return source

    def argument(self, outer: Source) -> str:
        """Return the argument for a value that enters once for all iterations."""
        if outer not in self.entered:
            name = f"invariant_{len(self.entered)}"
            self.entered[outer] = name
            self.arguments.append(name)
            self.kinds.append(self.types.of(outer, self.nodes))
            self.outer.append(outer)
        return self.entered[outer]

    def function(self, label: str, arguments: dict[str, DType], part: _Part, results: list[Source]) -> str:
        types = Types(self.types.library, arguments)
        final = [self.renamed(source) for source in results]
        nodes = without_switches(part.nodes, types, final)
        return add_function(f"{self.path[-1]}_{label}", arguments, nodes, final, self.types)
