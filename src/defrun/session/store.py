"""What a session keeps between runs: the values of variables and the states of random generators."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from defrun.graph.operation import Operation
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
                maker: Operation | None = slot.maker
                first = None
                if slot.owned and maker is not None and maker.definition.initial_state is not None:
                    first = np.asarray(maker.definition.initial_state(maker.attrs))
                self._numbers[slot] = len(self.values)
                self.values.append(first)
                self.slots.append(slot)
            return self._numbers[slot]

    def bytes(self) -> dict[str, int]:
        """Return the size of each initialized variable."""
        return {s.name: v.nbytes for s, v in zip(self.slots, self.values, strict=True) if v is not None}

    def clear(self) -> None:
        """Forget all values."""
        with self.lock:
            self.values = [None] * len(self.values)
