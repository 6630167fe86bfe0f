"""Who knows the gradient of an op: its own rule, a registered one, or the one that the graph puts in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.library import CALLED
from defrun.graph.opdef import find
from defrun.graph.operation import Operation

Rule = Callable[..., Any]

_registered: dict[str, Rule | None] = {}


class RegisterGradient:
    """Decorate a gradient function ``rule(op, *grads)`` to register it under the name of an op type.

    A rule registered for an op type that defrun has one for takes its place only through `Graph.gradient_override_map`.

    Raises
    ------
    TypeError
        If the name is not a string.
    KeyError
        If the name is taken.
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, function: Rule) -> Rule:
        _register(self._op_type, function)
        return function


def _register(op_type: str, rule: Rule | None) -> None:
    if op_type in _registered:
        raise KeyError(f"Registering two gradient with name '{op_type}'!")
    _registered[op_type] = rule


def no_gradient(op_type: str) -> None:
    """Say that the op type has no gradient.

    Raises
    ------
    TypeError
        If the name is not a string.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)


NotDifferentiable = no_gradient
NoGradient = no_gradient


def get_gradient_function(op: Operation) -> Rule | None:
    """Return the rule for `op`: the one that the graph puts in its place, its own, or the registered one.

    Raises
    ------
    LookupError
        If there is none, and the op doesn't say that there is none.
    """
    return rule_of(op)[0]


def rule_of(op: Operation) -> tuple[Rule | None, bool]:
    """Return the rule, and whether it is a user's (which wants zeros in the place of missing gradients)."""
    override = op.attrs.get("_gradient_op_type")
    if override is not None:
        name = override.decode() if isinstance(override, bytes) else override
        if name in _registered:
            return _registered[name], True
        builtin = find(name)
        if builtin is None and op.definition.control and op.definition.gradient_rule is not None:
            return op.definition.gradient_rule, False  # a call of TensorFlow's, which registers each under a number
        if builtin is None or (builtin.gradient_rule is None and builtin.differentiable):
            raise LookupError(f"gradient registry has no entry for: {name}")
        return builtin.gradient_rule, False
    definition = op.definition
    if definition.gradient_rule is not None:
        return definition.gradient_rule, False
    if op.type in _registered:
        return _registered[op.type], True
    if CALLED in op.attrs:
        return _registered[CALLED], False
    if not definition.differentiable or definition.variable:
        return None, False
    raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {op.type})")
