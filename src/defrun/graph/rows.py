"""What a loop of the host has kept of its iterations, where the shapes differ."""

from __future__ import annotations

from typing import Any


class Rows:
    """Values of different shapes, one for each iteration."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def __getitem__(self, index: Any) -> Any:
        return self.values[int(index)]
