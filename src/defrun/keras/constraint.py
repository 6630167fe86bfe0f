"""Constraints: functions from weights to weights that keep to a rule."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.keras.serialization import deserialize_object, get_object, serialize_object
from defrun.ops.cast import cast
from defrun.ops.compare import greater_equal
from defrun.ops.constant import constant
from defrun.ops.elementary import sqrt, square
from defrun.ops.limits import clip_by_value
from defrun.ops.reduce import reduce_sum

_EPSILON = 1e-7


class Constraint:
    """Base class of constraints."""

    _settings: tuple[str, ...] = ()

    def __call__(self, w: Any) -> Any:
        """Return weights like `w` that keep to the rule."""
        return w

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make the same constraint again."""
        return {name: getattr(self, name) for name in self._settings}


def _root(total: Tensor) -> Tensor:
    """The square root, of nothing below 0."""
    kind = total.dtype.base_dtype
    least = constant(0.0, dtype=kind)
    return sqrt(clip_by_value(total, least, constant(float("inf"), dtype=kind)))


def _norms(w: Any, axis: Any) -> Tensor:
    return _root(reduce_sum(square(w), axis=axis, keepdims=True))


def _clipped(norms: Tensor, least: float, most: float) -> Tensor:
    kind = norms.dtype.base_dtype
    low = constant(least, dtype=kind)
    return clip_by_value(norms, low, constant(max(least, most), dtype=kind))


class MaxNorm(Constraint):
    """Weights of a Euclidean norm of at most `max_value` along `axis`.

    Parameters
    ----------
    max_value : float
    axis : int or list of int
    """

    _settings = ("max_value", "axis")

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Tensor:
        """Scale down what is too long."""
        norms = _norms(w, self.axis)
        return w * (_clipped(norms, 0, self.max_value) / (_EPSILON + norms))


class NonNeg(Constraint):
    """Weights that are not negative."""

    def __call__(self, w: Any) -> Tensor:
        """Set what is negative to 0."""
        return w * cast(greater_equal(w, 0.0), dtypes.float32)


class UnitNorm(Constraint):
    """Weights of a Euclidean norm of 1 along `axis`.

    Parameters
    ----------
    axis : int or list of int
    """

    _settings = ("axis",)

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Tensor:
        """Scale `w`."""
        return w / (_EPSILON + _norms(w, self.axis))


class MinMaxNorm(Constraint):
    """Weights of a Euclidean norm between two values along `axis`.

    Parameters
    ----------
    min_value, max_value : float
    rate : float
        How much of the way towards that to go at once.
    axis : int or list of int
    """

    _settings = ("min_value", "max_value", "rate", "axis")

    def __init__(self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0) -> None:
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w: Any) -> Tensor:
        """Scale what is too long or too short."""
        norms = _norms(w, self.axis)
        wanted = self.rate * _clipped(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (wanted / (_EPSILON + norms))


max_norm = maxnorm = MaxNorm
non_neg = nonneg = NonNeg
unit_norm = unitnorm = UnitNorm
min_max_norm = MinMaxNorm

_KNOWN: dict[str, Any] = {"Constraint": Constraint}
for _kind, _names in (
    (MaxNorm, "MaxNorm max_norm maxnorm"),
    (NonNeg, "NonNeg non_neg nonneg"),
    (UnitNorm, "UnitNorm unit_norm unitnorm"),
    (MinMaxNorm, "MinMaxNorm min_max_norm"),
):
    _KNOWN.update(dict.fromkeys(_names.split(), _kind))


def serialize(constraint: Any) -> Any:
    """Return {"class_name": ..., "config": ...} of a constraint."""
    return serialize_object(constraint)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the constraint that a name or a configuration stands for; `ValueError` if there is none."""
    return deserialize_object(config, _KNOWN, custom_objects, "constraint")


def get(identifier: Any) -> Any:
    """Return the constraint that `identifier` (a function, a name, a configuration, None) stands for.

    Raises
    ------
    ValueError
        If there is none.
    """
    return get_object(identifier, _KNOWN, "constraint")
