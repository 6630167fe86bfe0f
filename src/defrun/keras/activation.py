"""Activation functions, and what names stand for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.keras.serialization import deserialize_object, serialize_object
from defrun.ops import activation, elementary
from defrun.ops import softmax as softmaxes
from defrun.ops.cast import cast
from defrun.ops.compare import greater
from defrun.ops.constant import constant
from defrun.ops.limits import clip_by_value
from defrun.ops.math import add, multiply
from defrun.ops.reduce import reduce_max, reduce_sum
from defrun.ops.select import where

_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


def softmax(x: Any, axis: int = -1) -> Tensor:
    """Return `exp(x)`, scaled to a sum of 1 along `axis`.

    Raises
    ------
    ValueError
        If `x` has fewer than two axes.
    TypeError
        If its rank is not known.
    """
    rank = x.shape.ndims
    if rank == 2:
        return softmaxes.softmax(x)
    if rank is None:
        raise TypeError(f"The softmax needs an input of known rank, not {x}")
    if rank < 2:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    powers = elementary.exp(x - reduce_max(x, axis=axis, keepdims=True))
    return powers / reduce_sum(powers, axis=axis, keepdims=True)


def elu(x: Any, alpha: float = 1.0) -> Tensor:
    """Return `x` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    curve = activation.elu(x)
    return curve if alpha == 1 else where(x > 0, curve, alpha * curve)


def selu(x: Any) -> Tensor:
    """Return the scaled `elu` that keeps mean 0 and variance 1 (Klambauer et al., 2017)."""
    return _SELU_SCALE * elu(x, _SELU_ALPHA)


def softplus(x: Any) -> Tensor:
    """Return ``log(exp(x) + 1)``."""
    return activation.softplus(x)


def softsign(x: Any) -> Tensor:
    """Return ``x / (abs(x) + 1)``."""
    return activation.softsign(x)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0) -> Tensor:
    """Return `x` from `threshold` on, ``alpha * (x - threshold)`` below, and at most `max_value`."""
    negative: Any = None
    if alpha != 0.0:
        if max_value is None and threshold == 0:
            return activation.leaky_relu(x, alpha=alpha)
        negative = activation.relu(-x + threshold) if threshold != 0 else activation.relu(-x)
    limited = max_value is not None
    if threshold != 0:
        x = x * cast(greater(x, threshold), dtypes.float32)
    elif max_value == 6:
        x, limited = activation.relu6(x), False
    else:
        x = activation.relu(x)
    kind = x.dtype.base_dtype
    if limited:
        most = constant(max_value, dtype=kind)
        x = clip_by_value(x, constant(0.0, dtype=kind), most)
    return x if negative is None else x - convert_to_tensor(alpha, dtype=kind) * negative


def tanh(x: Any) -> Tensor:
    """Return the hyperbolic tangent."""
    return elementary.tanh(x)


def sigmoid(x: Any) -> Tensor:
    """Return ``1 / (1 + exp(-x))``."""
    return elementary.sigmoid(x)


def exponential(x: Any) -> Tensor:
    """Return ``exp(x)``."""
    return elementary.exp(x)


def hard_sigmoid(x: Any) -> Tensor:
    """Return ``0.2 * x + 0.5``, held between 0 and 1."""
    kind = x.dtype.base_dtype
    factor, shift = constant(0.2, dtype=kind), constant(0.5, dtype=kind)
    return clip_by_value(add(multiply(x, factor), shift), 0.0, 1.0)


def linear(x: Any) -> Any:
    """Return `x` itself."""
    return x


_KNOWN: dict[str, Callable[..., Any]] = {
    "elu": elu,
    "exponential": exponential,
    "hard_sigmoid": hard_sigmoid,
    "linear": linear,
    "relu": relu,
    "selu": selu,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "softplus": softplus,
    "softsign": softsign,
    "tanh": tanh,
}


def serialize(activation: Any) -> Any:
    """Return the name of an activation function."""
    return serialize_object(activation)


def deserialize(name: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the activation function of this name; `ValueError` if there is none."""
    return deserialize_object(name, _KNOWN, custom_objects, "activation function")


def get(identifier: Any) -> Callable[[Any], Any]:
    """Return the function that `identifier` (a function, a name, None for the linear one) stands for.

    Raises
    ------
    ValueError
        If there is no function of this name.
    TypeError
        If it is none of these.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")
