"""What a session keeps between runs: the values of variables, the states of random generators, queues and readers."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError, OpError
from defrun.graph.operation import Operation
from defrun.graph.resource import Resource
from defrun.plan.effects import Slot


class Store:
    """Values by number; a `Slot` is given its number when a plan first uses it. None: not initialized."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.values: list[Any] = []
        self.slots: list[Slot] = []
        self._numbers: dict[Slot, int] = {}

    def number(self, slot: Slot) -> int:
        """Return the number of `slot`, making it if it is new."""
        with self.lock:
            if slot not in self._numbers:
                first = _first_value(slot)
                self._numbers[slot] = len(self.values)
                self.values.append(first)
                self.slots.append(slot)
            number = self._numbers[slot]
            if slot.resource:
                _check_same(self.slots[number].maker, slot.maker)
            return number

    def bytes(self) -> dict[str, int]:
        """Return the size of each initialized variable."""
        pairs = zip(self.slots, self.values, strict=True)
        return {s.name: v.nbytes for s, v in pairs if v is not None and not s.resource}

    def clear(self) -> None:
        """Forget all values; who waits for a queue is woken."""
        with self.lock:
            for value in self.values:
                if isinstance(value, Resource):
                    value.cancel()
            self.values = [None] * len(self.values)


def _first_value(slot: Slot) -> Any:
    maker = slot.maker
    if maker is None or not slot.owned:
        return None
    definition = maker.definition
    if definition.initial_state is not None:
        return np.asarray(definition.initial_state(maker.attrs))
    if not slot.resource:
        return None
    try:
        return definition.call([None] * len(maker._inputs), maker.attrs)
    except OpError as error:
        raise type(error)(None, maker, error.message) from None


_NAMES = ("container", "shared_name")


def _check_same(maker: Operation | None, other: Operation | None) -> None:
    """Raise `InvalidArgumentError` if two ops that share a resource don't agree on what it is."""
    if maker is other or maker is None or other is None:
        return
    for key in maker.attrs.keys() | other.attrs.keys():
        mine, theirs = maker.attrs.get(key), other.attrs.get(key)
        if mine != theirs and key not in _NAMES and not key.startswith("_"):
            text = f"Shared with {maker.name}, whose {key} is {mine!r}, not {theirs!r}"
            raise InvalidArgumentError(None, other, text)
