"""Kullback-Leibler divergences: who knows that of which two classes of distributions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.checks import Assert
from defrun.ops.compare import is_nan, logical_not
from defrun.ops.reduce import reduce_any

Divergence = Callable[..., Tensor]

_known: dict[tuple[type, type], Divergence] = {}


class RegisterKL:
    """Decorates a function ``(a, b, name=None)`` that gives the divergence of two distributions of these classes.

    Parameters
    ----------
    dist_cls_a, dist_cls_b : type
        Subclasses of them are served too, unless a function closer to them is known.

    Raises
    ------
    TypeError
        If what is decorated cannot be called.
    ValueError
        If the two classes have a function already.

    Examples
    --------
    >>> @tf.distributions.RegisterKL(MyNormal, MyNormal)
    ... def _(a, b, name=None): ...
    """

    def __init__(self, dist_cls_a: type, dist_cls_b: type) -> None:
        self._classes = (dist_cls_a, dist_cls_b)

    def __call__(self, kl_fn: Divergence) -> Divergence:
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._classes in _known:
            a, b = self._classes
            raise ValueError(f"KL({a.__name__} || {b.__name__}) is already registered: {_known[self._classes]}")
        _known[self._classes] = kl_fn
        return kl_fn


def _nearest(a: type, b: type) -> Divergence | None:
    """Return the function of the ancestors that are the fewest steps away, the first of equals."""
    found = [
        (steps_a + steps_b, steps_a, _known[pair])
        for steps_a, ancestor_a in enumerate(a.__mro__)
        for steps_b, ancestor_b in enumerate(b.__mro__)
        if (pair := (ancestor_a, ancestor_b)) in _known
    ]
    return min(found, key=lambda one: one[:2])[2] if found else None


def kl_divergence(
    distribution_a: Any, distribution_b: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """Return the Kullback-Leibler divergence of `distribution_a` from `distribution_b`.

    Parameters
    ----------
    distribution_a, distribution_b : Distribution
    allow_nan_stats : bool
        If False, the run fails where the divergence is NaN.
    name : str, optional

    Returns
    -------
    Tensor
        Of the two batch shapes, broadcast.

    Raises
    ------
    NotImplementedError
        If no function is known for the two classes; see `RegisterKL`.
    """
    divergence = _nearest(type(distribution_a), type(distribution_b))
    if divergence is None:
        a, b = type(distribution_a).__name__, type(distribution_b).__name__
        raise NotImplementedError(f"No KL(distribution_a || distribution_b) is registered for {a} and {b}")
    with name_scope("KullbackLeibler"):
        found = divergence(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return found
        found = identity(found, name="kl")
        which = f"KL({distribution_a.name} || {distribution_b.name}) is NaN and allow_nan_stats is False. Values:"
        with control_dependencies([Assert(logical_not(reduce_any(is_nan(found))), [which, found])]):
            return identity(found, name="checked_kl")


def cross_entropy(ref: Any, other: Any, allow_nan_stats: bool = True, name: str | None = None) -> Tensor:
    """Return the entropy of `ref` plus its divergence from `other`."""
    with name_scope(name, "cross_entropy"):
        return ref.entropy() + kl_divergence(ref, other, allow_nan_stats=allow_nan_stats)
