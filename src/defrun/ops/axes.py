"""Axes and sizes: counting from the end, and the errors for what is out of range."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check


def known(value: Any) -> int | None:
    """Return the integer that a static input of a shape rule holds, or None."""
    if value is None or isinstance(value, list):
        return value[0] if value else None
    return int(np.ravel(value)[0])


def axis_in(axis: int, rank: int) -> int:
    """Return `axis` counted from the front; for shape rules and functions that build nodes.

    Raises
    ------
    ValueError
        If there is no such axis.
    """
    if not -rank <= axis < rank:
        raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
    return axis % rank


def axis_of(axis: Any, rank: int) -> int:
    """Return the value `axis` counted from the front; for bodies.

    Raises
    ------
    InvalidArgumentError
        If there is no such axis.
    """
    place = int(np.ravel(axis)[0])
    check(-rank <= place < rank, InvalidArgumentError, "axis = {} not in [{}, {})", place, -rank, rank)
    return place % rank


def axes_of(axes: Any, rank: int) -> tuple[int, ...]:
    """Return each of `axes` counted from the front; for bodies."""
    return tuple(axis_of(axis, rank) for axis in np.ravel(axes))


def sizes(value: Any) -> tuple[int, ...]:
    """Turn a static value into a tuple of ints; for bodies."""
    return tuple(int(v) for v in np.ravel(value))


def dims_of(value: Any) -> Any:
    """Return the dims that a static shape vector says; for shape rules.

    Raises
    ------
    ValueError
        If a size is negative.
    """
    if value is None:
        return None
    found = [None if d is None else int(d) for d in value]
    if any(d is not None and d < 0 for d in found):
        raise ValueError(f"sizes must be >= 0, got {found}")
    return tuple(found)
