"""Activation functions by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.ops import activation, elementary, softmax

_KNOWN: dict[str, Callable[[Any], Any]] = {
    "relu": activation.relu,
    "relu6": activation.relu6,
    "elu": activation.elu,
    "selu": activation.selu,
    "sigmoid": elementary.sigmoid,
    "tanh": elementary.tanh,
    "softmax": softmax.softmax,
    "softplus": activation.softplus,
    "softsign": activation.softsign,
    "exponential": elementary.exp,
}


def get(identifier: Any) -> Callable[[Any], Any] | None:
    """Return the function that `identifier` (a function, a name, None) stands for; None for the linear one.

    Raises
    ------
    ValueError
        If the name is not known.
    TypeError
        If it is none of these.
    """
    if identifier is None or identifier == "linear":
        return None
    if callable(identifier):
        return identifier
    if not isinstance(identifier, str):
        raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")
    if identifier not in _KNOWN:
        raise ValueError(f"Unknown activation function: {identifier}")
    return _KNOWN[identifier]
