"""Gradients that compute a function again in the place of keeping what it computed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from defrun.gradients.custom import custom_gradient
from defrun.gradients.walk import as_list, gradients
from defrun.graph.scopes import control_dependencies


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function of tensors: its nodes are made again for its gradient, behind the gradient's arrival.

    Parameters
    ----------
    f : callable
        Takes tensors and returns one, or several; it may use variables, and must find the same ones when called again.
    """

    def inner(*args: Any) -> Any:
        result = f(*args)

        def grad(*dresults: Any, variables: Any = None) -> Any:
            with control_dependencies(dresults):
                again = f(*args)
            sources = [*args, *(variables or ())]
            found = gradients(as_list(again), sources, grad_ys=list(dresults), stop_gradients=args)
            return found[: len(args)] if variables is None else (found[: len(args)], found[len(args) :])

        return result, grad

    return functools.wraps(f)(custom_gradient(functools.wraps(f)(inner)))
