"""Runs in parts: each part runs what its feeds make possible, and what crosses to later parts is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.prune import prune


@dataclass(frozen=True)
class Part:
    """What one part runs; `done` are the operations of earlier parts."""

    fetches: tuple[Tensor | Operation, ...]
    feeds: dict[Tensor, Any]
    asked: frozenset[Tensor]
    """What the user fetches with it."""
    done: frozenset[Operation]


class PartialRun:
    """The state of one run in parts.

    Parameters
    ----------
    graph : Graph
    fetches : tuple of Tensor or Operation
        All that will be fetched.
    feeds : tuple of Tensor
        All that will be fed.
    """

    def __init__(self, graph: Graph, fetches: tuple[Tensor | Operation, ...], feeds: tuple[Tensor, ...]) -> None:
        self.values: dict[Tensor, Any] = {}
        """What is known by now: fed values, and those that later parts need."""
        self._order = sorted(prune(fetches, feeds), key=lambda op: op._id)
        self._fetches = set(fetches)
        self._feeds = set(feeds)
        self._to_fetch = {f for f in fetches if isinstance(f, Tensor)}
        self._to_feed = set(feeds)
        self._done: frozenset[Operation] = frozenset()

    @property
    def ended(self) -> bool:
        """Whether all has been fed and fetched."""
        return not self._to_fetch and not self._to_feed

    def next_plan(self, fetches: tuple[Tensor | Operation, ...], feeds: dict[Tensor, Any]) -> Part:
        """Say what to run for `fetches` once `feeds` are there; raise if they don't fit what was set up."""
        wanted = _tensors(fetches)
        for kind, given, known, left in (
            ("feed", feeds, self._feeds, self._to_feed),
            ("fetch", wanted, self._fetches, self._to_fetch),
        ):
            for item in given:
                if item not in known:
                    raise _refused(f"The {kind} {item.name} is not among those of partial_run_setup.")
                if item not in left:
                    raise _refused(f"The {kind} {item.name} has been used in an earlier part.")
        values = {**self.values, **feeds}
        ready = self._ready({*self._feeds}.difference(values))
        new = [op for op in self._order if op in ready and op not in self._done]
        for fetch in wanted:
            if fetch not in values and fetch._op not in ready:
                raise _refused(f"The fetch {fetch.name} needs feeds that are not there yet.")
        later = {t for op in self._order if op not in ready for t in op._inputs} | self._to_fetch
        kept = [t for op in new for t in op.outputs if t in later and t not in values and _can_be_kept(t)]
        running = (op for op in new if not _has_no_effect(op))
        left_to_find = (f for f in wanted if f not in values)
        found: dict[Tensor | Operation, None] = dict.fromkeys([*running, *kept, *left_to_find])
        return Part(tuple(found), _sorted(values), frozenset(wanted), self._done)

    def _ready(self, missing: set[Tensor]) -> set[Operation]:
        """Return the operations that need none of the feeds `missing`."""
        ready: set[Operation] = set()
        waiting = list(self._order)
        while waiting:
            left = [op for op in waiting if not self._runs(op, ready, missing)]
            if len(left) == len(waiting):
                break
            waiting = left
        return ready

    def _runs(self, op: Operation, ready: set[Operation], missing: set[Tensor]) -> bool:
        after = all(t not in missing and (t in self._feeds or t._op in ready) for t in op._inputs)
        if after and all(c in ready or c.definition.placeholder for c in op._control_inputs):
            ready.add(op)
            return True
        return False

    def take(self, part: Part, results: list[Any]) -> dict[Tensor, Any]:
        """Keep what a part that has run gave to later ones; return the values of all tensors."""
        found = {f: r for f, r in zip(part.fetches, results, strict=True) if isinstance(f, Tensor)}
        self.values.update(part.feeds)
        self.values.update((tensor, value) for tensor, value in found.items() if _can_be_kept(tensor))
        self._to_feed -= part.feeds.keys()
        self._to_fetch -= part.asked
        self._done |= {f for f in part.fetches if isinstance(f, Operation)}
        return self.values | found


def _tensors(fetches: tuple[Tensor | Operation, ...]) -> list[Tensor]:
    """Return the fetches, which must be tensors, each once."""
    for fetch in fetches:
        if isinstance(fetch, Operation):
            raise RuntimeError(f"partial_run cannot fetch an operation ({fetch.name}), which has no value")
    return [f for f in dict.fromkeys(fetches) if isinstance(f, Tensor)]


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


def _sorted(values: dict[Tensor, Any]) -> dict[Tensor, Any]:
    return dict(sorted(values.items(), key=lambda item: (item[0]._op._id, item[0]._value_index)))


def _can_be_kept(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype not in (dtypes.resource, dtypes.variant) and not _has_no_effect(tensor._op)


def _has_no_effect(op: Operation) -> bool:
    """Whether later parts may run it again: variables themselves, and what passes them on."""
    return op.definition.variable or (op.definition.forwards and op._inputs[0]._dtype._is_ref_dtype)
