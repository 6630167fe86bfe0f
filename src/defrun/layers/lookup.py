"""What names and other short forms in the arguments of layers stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def normalize_tuple(value: Any, rank: int, name: str) -> tuple[int, ...]:
    """Return `value` (one int for all axes, or one for each) as a tuple of `rank` ints.

    Raises
    ------
    ValueError
        If it is something else.
    """
    if isinstance(value, int):
        return (value,) * rank
    if not isinstance(value, Iterable) or len(found := tuple(value)) != rank:
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}")
    try:
        return tuple(int(v) for v in found)
    except (TypeError, ValueError):
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}") from None


def normalize_padding(value: str) -> str:
    """Return "valid" or "same" in lower case; `ValueError` for anything else."""
    found = value.lower()
    if found not in ("valid", "same", "causal"):
        raise ValueError(f'The `padding` argument must be one of "valid", "same" (or "causal"). Received: {value}')
    return found


def normalize_data_format(value: str) -> str:
    """Return "channels_last" or "channels_first"; `ValueError` for anything else."""
    found = value.lower()
    if found not in ("channels_first", "channels_last"):
        raise ValueError(f'The `data_format` argument must be "channels_first" or "channels_last". Received: {value}')
    return found


def letters(data_format: str, rank: int) -> str:
    """Return the form in which ops take a data format, such as ``NHWC`` for two spatial axes."""
    spatial = {1: "W", 2: "HW", 3: "DHW"}[rank]
    return f"N{spatial}C" if data_format == "channels_last" else f"NC{spatial}"
