"""Regularizers: functions from weights to a loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.keras.serialization import deserialize_object, get_object, serialize_object
from defrun.ops.constant import constant
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import square
from defrun.ops.reduce import reduce_sum


class Regularizer:
    """Base class of regularizers."""

    def __call__(self, x: Any) -> Any:
        """Return the loss for weights `x`."""
        return 0.0

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make a regularizer from what `get_config` returned."""
        return cls(**config)


class L1L2(Regularizer):
    """``l1 * sum(abs(x)) + l2 * sum(x ** 2)``.

    Parameters
    ----------
    l1, l2 : float
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = np.asarray(l1, np.float32)
        self.l2 = np.asarray(l2, np.float32)

    def __call__(self, x: Any) -> Tensor:
        """Return the loss for weights `x`."""
        if not self.l1 and not self.l2:
            return constant(0.0, dtype=dtypes.float32)
        loss: Any = 0.0
        if self.l1:
            loss += self.l1 * reduce_sum(absolute(x))
        if self.l2:
            loss += self.l2 * reduce_sum(square(x))
        return loss

    def get_config(self) -> dict[str, float]:
        """Return the arguments that make the same regularizer again."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


def l1(l: float = 0.01) -> L1L2:
    """Return the regularizer ``l * sum(abs(x))``."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:
    """Return the regularizer ``l * sum(x ** 2)``."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """Return the regularizer ``l1 * sum(abs(x)) + l2 * sum(x ** 2)``."""
    return L1L2(l1=l1, l2=l2)


_FUNCTIONS = ("l1", "l2", "l1_l2")
_KNOWN: dict[str, Any] = {"L1L2": L1L2, "Regularizer": Regularizer, "l1": l1, "l2": l2, "l1_l2": l1_l2}


def serialize(regularizer: Any) -> Any:
    """Return {"class_name": ..., "config": ...} of a regularizer."""
    return serialize_object(regularizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the regularizer that a name or a configuration stands for; `ValueError` if there is none."""
    return deserialize_object(config, _KNOWN, custom_objects, "regularizer")


def get(identifier: Any) -> Any:
    """Return the regularizer that `identifier` (a function, a name, a configuration, None) stands for.

    Raises
    ------
    ValueError
        If there is none.
    """
    return get_object(identifier, _KNOWN, "regularizer", _FUNCTIONS)
