"""Functions that bring their own gradient."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from defrun.base import nest
from defrun.gradients.registry import RegisterGradient
from defrun.gradients.walk import differentiation_target
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.ops import array

_uids = itertools.count(1)


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function that returns (result, grad_fn): `grad_fn` gives its gradient.

    ``grad_fn(*dys)`` returns the gradients of the arguments; if the function uses variables, ``grad_fn(*dys,
    variables=[...])`` returns a pair: those of the arguments, and a list of those of the variables.

    Raises
    ------
    ValueError
        When called with keyword arguments.
    TypeError
        If variables are used that `grad_fn` doesn't take.
    """

    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError("The custom_gradient decorator currently supports keywords arguments only when eager")
        name = f"CustomGradient-{next(_uids)}"
        inputs = [convert_to_tensor(x) for x in args]
        result, grad_fn = f(*inputs)
        flat = [convert_to_tensor(t) for t in nest.flatten(result)]
        variables = _variables_between(flat, inputs)
        resources = [isinstance(getattr(v, "handle", None), Tensor) for v in variables]
        sources = [
            convert_to_tensor(v) if r else differentiation_target(v) for v, r in zip(variables, resources, strict=True)
        ]

        def rule(op: Operation, *grads: Any) -> list[Any]:
            if variables:
                try:
                    own, theirs = grad_fn(*grads[: len(flat)], variables=variables)
                except TypeError as error:
                    raise TypeError(
                        "If using @custom_gradient with a function that uses variables, then grad_fn must accept a "
                        f"'variables' keyword argument ({error})"
                    ) from error
                if len(theirs) != len(variables):
                    raise ValueError("Must return gradient for each variable from @custom_gradient grad_fn.")
            else:
                own, theirs = grad_fn(*grads[: len(flat)]), []
            return [None] * len(flat) + nest.flatten(own) + list(theirs)

        RegisterGradient(name)(rule)
        for t in flat:  # of no use, but TensorFlow's graph has them, and names go on from there
            array.identity(t)
        with get_default_graph().gradient_override_map({"IdentityN": name}):
            outputs = array.identity_n([*flat, *inputs, *sources])
        return nest.pack_sequence_as(result, outputs[: len(flat)])

    decorated.__name__ = getattr(f, "__name__", "custom_gradient")
    decorated.__doc__ = f.__doc__
    decorated.__wrapped__ = f  # type: ignore[attr-defined]
    return decorated


def _variables_between(results: list[Tensor], inputs: list[Tensor]) -> list[Any]:
    """Return the variables that `results` depend on, other than through `inputs`."""
    graph = get_default_graph()
    by_op = {v.op: v for v in graph.get_collection(GraphKeys.GLOBAL_VARIABLES) if hasattr(v, "op")}
    seen = {t._op for t in inputs}
    stack = [t._op for t in results]
    found: dict[Any, None] = {}
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        if op in by_op and by_op[op].trainable:
            found[by_op[op]] = None
        stack.extend(t._op for t in op._inputs)
    return sorted(found, key=lambda v: v.op._id)
