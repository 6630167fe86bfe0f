"""Objects that hold variables, and how the variables of an object are found: by the attributes that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tensorboard.compat.proto import trackable_object_graph_pb2

from defrun.graph.graph import get_default_graph
from defrun.train.object_names import VALUE
from defrun.train.optimizer import Optimizer
from defrun.variables.variable import Variable

_CONTAINERS = (list, dict)
_NO_NODE = trackable_object_graph_pb2.TrackableObjectGraph.TrackableObject()


class AutoTrackable:
    """Holds variables, and other objects that do, in its attributes, lists and dicts."""

    _untracked: tuple[str, ...] = ()  # attributes that lead to nothing


class Checkpointable(AutoTrackable):
    """`AutoTrackable` by the name that contrib has for it."""


def is_trackable(value: Any) -> bool:
    """Whether a checkpoint can hold an object: a variable, an optimizer, a layer, or what has such in attributes."""
    return isinstance(value, (Variable, Optimizer, AutoTrackable)) or hasattr(type(value), "trainable_variables")


def children(value: Any) -> list[tuple[str, Any]]:
    """Return the names and objects that an object leads to."""
    if isinstance(value, Variable):
        return []
    if isinstance(value, Optimizer):
        graph = get_default_graph()
        own = [v for v in value._non_slot_variables() if v.graph is graph]
        return sorted(((v.op.name.rpartition("/")[2], v) for v in own), key=lambda pair: pair[0])
    if isinstance(value, dict):
        pairs = [(name, one) for name, one in value.items() if isinstance(name, str)]
    elif isinstance(value, list):
        pairs = [(str(number), one) for number, one in enumerate(value)]
    else:
        tracked = isinstance(value, AutoTrackable)
        hidden = value._untracked if tracked else ()
        pairs = [(name, one) for name, one in vars(value).items() if name not in hidden]
        pairs = [pair for pair in pairs if tracked or not pair[0].startswith("_")]
    return [(name, one) for name, one in pairs if is_trackable(one) or isinstance(one, _CONTAINERS)]


def escaped(name: str) -> str:
    """Return a name as a part of a key."""
    return name.replace(".", "..").replace("/", ".S")


class Objects:
    """An object and all that it leads to, nearest first, each once.

    Parameters
    ----------
    root : object
    """

    def __init__(self, root: Any) -> None:
        self.found: list[Any] = [root]
        self.paths: list[str] = [""]
        self.links: list[list[tuple[str, int]]] = []
        self._numbers = {id(root): 0}
        for number, value in enumerate(self.found):  # the list grows meanwhile
            self.links.append([(name, self._number(number, name, one)) for name, one in children(value)])
        self.slots: dict[int, list[tuple[int, str, int]]] = {}
        for number, value in enumerate(list(self.found)):
            if isinstance(value, Optimizer):
                self._add_slots(number, value)

    def _number(self, above: int, name: str, value: Any) -> int:
        known = self._numbers.get(id(value))
        if known is not None:
            return known
        return self._add(value, f"{self.paths[above]}/{escaped(name)}".removeprefix("/"))

    def _add(self, value: Any, path: str) -> int:
        self._numbers[id(value)] = len(self.found)
        self.found.append(value)
        self.paths.append(path)
        return len(self.found) - 1

    def _add_slots(self, number: int, optimizer: Optimizer) -> None:
        made = self.slots.setdefault(number, [])
        count = len(self.links)
        for name in optimizer.get_slot_names():
            for owner in range(count):
                variable = self.found[owner]
                slot = optimizer.get_slot(variable, name) if isinstance(variable, Variable) else None
                if slot is not None and id(slot) not in self._numbers:
                    path = f"{self.paths[owner]}/.OPTIMIZER_SLOT/{self.paths[number]}/{escaped(name)}"
                    made.append((owner, name, self._add(slot, path)))

    def key(self, number: int) -> str:
        """Return the key of a variable's value."""
        return f"{self.paths[number]}/.ATTRIBUTES/{VALUE}".removeprefix("/")

    def variables(self) -> Iterator[tuple[int, Any]]:
        """Yield variables with their numbers."""
        return ((number, value) for number, value in enumerate(self.found) if isinstance(value, Variable))

    def proto(self) -> Any:
        """Return the TrackableObjectGraph."""
        graph = trackable_object_graph_pb2.TrackableObjectGraph()
        for number, value in enumerate(self.found):
            node = graph.nodes.add()
            for name, child in self.links[number] if number < len(self.links) else ():
                node.children.add(node_id=child, local_name=name)
            if isinstance(value, Variable):
                node.attributes.add(name=VALUE, full_name=value.op.name, checkpoint_key=self.key(number))
            for owner, name, slot in self.slots.get(number, ()):
                node.slot_variables.add(original_variable_node_id=owner, slot_name=name, slot_variable_node_id=slot)
        return graph


class Match:
    """Which objects stand for which nodes of a checkpoint's graph of objects.

    Parameters
    ----------
    root : object
    graph : TrackableObjectGraph
    """

    def __init__(self, root: Any, graph: Any) -> None:
        self._graph = graph
        self.objects: dict[int, Any] = {}
        self._pair(0, root)
        for number, value in list(self.objects.items()):
            for slot in self._node(number).slot_variables if isinstance(value, Optimizer) else ():
                variable = self.objects.get(slot.original_variable_node_id)
                found = value.get_slot(variable, slot.slot_name) if isinstance(variable, Variable) else None
                if found is not None:
                    self.objects.setdefault(slot.slot_variable_node_id, found)

    def _node(self, number: int) -> Any:
        nodes = self._graph.nodes
        return nodes[number] if 0 <= number < len(nodes) else _NO_NODE

    def _pair(self, number: int, value: Any) -> None:
        waiting = [(number, value)]
        while waiting:
            number, value = waiting.pop(0)
            if number in self.objects:
                continue
            self.objects[number] = value
            known = dict(children(value))
            below = self._node(number).children
            waiting += [(one.node_id, known[one.local_name]) for one in below if one.local_name in known]

    def values(self) -> dict[str, Any]:
        """Return the variables by their keys in the checkpoint."""
        found: dict[str, Any] = {}
        for number, value in sorted(self.objects.items()):
            for one in self._node(number).attributes if isinstance(value, Variable) else ():
                if one.name == VALUE:
                    found[one.checkpoint_key] = value
        return found

    def unmatched(self) -> list[str]:
        """Return the keys of values that no object stands for."""
        taken = self.values()
        return [one.checkpoint_key for node in self._graph.nodes for one in node.attributes
                if one.checkpoint_key not in taken]  # fmt: skip
