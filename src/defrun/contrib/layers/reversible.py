"""Reversible blocks, whose inputs are computed back from their outputs, and functions that are computed again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from defrun.gradients.custom import custom_gradient
from defrun.gradients.walk import gradients
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies
from defrun.layers.base import Layer
from defrun.ops.array import identity, stop_gradient
from defrun.ops.flow import tuple_
from defrun.ops.math import add_n
from defrun.variables.scope import get_variable_scope, variable_scope

_DEFAULT = "__rev_block_lib_default"


def _scoped(function: Callable[..., Any], scope: str) -> Callable[..., Any]:
    """Let the function make its variables, which are resource variables, in a scope."""

    def wrapped(*args: Any) -> Any:
        with variable_scope(scope, use_resource=True):
            return function(*args)

    return wrapped


def _applied(function: Callable[..., Any], x: Tensor, side: list[Tensor]) -> Tensor:
    return function(x, side) if side else function(x)


def _sum(parts: list[Any]) -> Any:
    given = [p for p in parts if p is not None]
    return add_n(given) if len(given) > 1 else given[0] if given else None


class RevBlock(Layer):
    """Layers ``y1 = x1 + f(x2); y2 = x2 + g(y1)``, of which the gradient needs no inputs.

    Parameters
    ----------
    f, g : callable, or list of them
        ``f(x)``, or ``f(x, side inputs)``; one for each layer.
    num_layers : int
    f_side_input, g_side_input : list of Tensor, optional
    use_efficient_backprop : bool
        Compute the inputs back in the place of keeping them.
    name : str

    Raises
    ------
    ValueError
        If there are not as many functions as layers.
    """

    def __init__(
        self,
        f: Any,
        g: Any,
        num_layers: int = 1,
        f_side_input: list[Tensor] | None = None,
        g_side_input: list[Tensor] | None = None,
        use_efficient_backprop: bool = True,
        name: str = "revblock",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.f, self.g = (self._by_layer(each, label, num_layers) for each, label in ((f, "f"), (g, "g")))
        self.num_layers = num_layers
        self.f_side_input, self.g_side_input = f_side_input or [], g_side_input or []
        self._use_efficient_backprop = use_efficient_backprop

    def _by_layer(self, given: Any, label: str, count: int) -> list[Callable[..., Any]]:
        functions = given if isinstance(given, list) else [given] * count
        if len(functions) != count:
            raise ValueError(f"{len(functions)} functions {label} are given for {count} layers")
        return [_scoped(function, f"revlayer_{i}/{label}") for i, function in enumerate(functions)]

    def call(self, inputs: Any, forward: bool = True) -> Any:  # type: ignore[override]
        """Return the outputs of two inputs or, backward, the inputs of two outputs."""
        scope = get_variable_scope()
        before = len(scope.global_variables())
        result = self._forward(*inputs) if forward else self._backward(*inputs)
        trained = scope.trainable_variables()
        for made in scope.global_variables()[before:]:
            among = any(made is other for other in trained)
            (self._trainable_weights if among else self._non_trainable_weights).append(made)
        return result

    def forward(self, x1: Any, x2: Any) -> Any:
        """Return the outputs (y1, y2)."""
        return self.apply([x1, x2])

    def backward(self, y1: Any, y2: Any) -> Any:
        """Return the inputs (x1, x2) that give these outputs."""
        return self.apply([y1, y2], forward=False)

    def _forward(self, x1: Tensor, x2: Tensor) -> Any:
        sides = [*self.f_side_input, *self.g_side_input]

        def layers(x1: Tensor, x2: Tensor, *sides: Tensor) -> tuple[Tensor, Tensor]:
            f_side, g_side = self._split(sides)
            for f, g in zip(self.f, self.g, strict=True):
                y1 = x1 + _applied(f, x2, f_side)
                y2 = x2 + _applied(g, y1, g_side)
                x1, x2 = tuple_([y1, y2]) if self._use_efficient_backprop else (y1, y2)
            return x1, x2

        if not self._use_efficient_backprop:
            return layers(x1, x2, *sides)

        @custom_gradient
        def reversible(*args: Tensor) -> Any:
            outputs = layers(*args)

            def grad(*grads: Any, variables: Any = ()) -> Any:
                found = self._gradients(outputs, grads, list(args[2:]), list(variables))
                count = len(args)
                return (found[:count], found[count:]) if variables else found[:count]

            return outputs, grad

        return reversible(x1, x2, *sides)

    def _split(self, sides: Any) -> tuple[list[Tensor], list[Tensor]]:
        count = len(self.f_side_input)
        return list(sides[:count]), list(sides[count:])

    def _gradients(self, ys: Any, grads: Any, sides: list[Tensor], variables: list[Any]) -> list[Any]:
        """Go back layer by layer; return the gradients of inputs, side inputs and variables."""
        stopped = [stop_gradient(side) for side in sides]
        f_side, g_side = self._split(stopped)
        sources = [*stopped, *variables]
        (y1, y2), (d1, d2) = ys, grads
        parts: list[list[Any]] = [[] for _ in sources]
        with variable_scope(self._scope, reuse=True):
            for f, g in reversed(list(zip(self.f, self.g, strict=True))):
                at_y1 = stop_gradient(y1)
                of_g = _applied(g, at_y1, g_side)
                x2 = y2 - of_g
                at_x2 = stop_gradient(x2)
                of_f = _applied(f, at_x2, f_side)
                x1 = y1 - of_f
                through_g, *more_g = gradients(of_g, [at_y1, *sources], d2)
                d1 = d1 + through_g
                through_f, *more_f = gradients(of_f, [at_x2, *sources], d1)
                d2 = d2 + through_f
                y1, y2, d1, d2 = tuple_([x1, x2, d1, d2])
                for part, *found in zip(parts, more_g, more_f, strict=True):
                    part.extend(found)
        return [d1, d2, *map(_sum, parts)]

    def _backward(self, y1: Tensor, y2: Tensor) -> tuple[Tensor, Tensor]:
        for f, g in reversed(list(zip(self.f, self.g, strict=True))):
            x2 = y2 - _applied(g, y1, self.g_side_input)
            x1 = y1 - _applied(f, x2, self.f_side_input)
            y1, y2 = x1, x2
        return y1, y2


def rev_block(
    x1: Any,
    x2: Any,
    f: Any,
    g: Any,
    num_layers: int = 1,
    f_side_input: list[Tensor] | None = None,
    g_side_input: list[Tensor] | None = None,
    is_training: bool = True,
) -> tuple[Tensor, Tensor]:
    """Apply a block of reversible layers; see `RevBlock` for the parameters.

    Returns
    -------
    y1, y2 : Tensor
    """
    block = RevBlock(
        f=f,
        g=g,
        num_layers=num_layers,
        f_side_input=f_side_input,
        g_side_input=g_side_input,
        use_efficient_backprop=is_training,
        _reuse=get_variable_scope().reuse,
    )
    return block.forward(x1, x2)


def recompute_grad(*args: Any, **kwargs: Any) -> Any:
    """Decorate a function of tensors whose nodes are made again for its gradient.

    Parameters
    ----------
    fn : callable
        May take ``is_recomputing``. It must not close over tensors or variables.
    use_data_dep : bool, optional
        Taken; the second computation waits for the gradients anyhow.
    tupleize_grads : bool
        Wait for all gradients before any is used.

    Raises
    ------
    ValueError
        If the function closes over a tensor or variable, or is given something else than tensors.
    """
    if len(args) == 1 and not kwargs and callable(args[0]):
        return _recomputed(args[0])
    return lambda fn: _recomputed(fn, *args, **kwargs)


def _recomputed(fn: Callable[..., Any], use_data_dep: Any = _DEFAULT, tupleize_grads: bool = False) -> Any:
    code = fn.__code__
    for name, cell in zip(code.co_freevars, fn.__closure__ or (), strict=True):
        value = cell.cell_contents
        if isinstance(value, Tensor) or hasattr(value, "initialized_value"):
            raise ValueError(
                f"The function of recompute_grad closes over {value.name} (as {name}), for which there would be no "
                "gradient: make it an argument"
            )
    tells = "is_recomputing" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @functools.wraps(fn)
    def wrapped(*args: Any) -> Any:
        if not all(isinstance(arg, Tensor) for arg in args):
            raise ValueError("All inputs to function must be Tensors")
        scope = get_variable_scope()

        @custom_gradient
        def twice(*args: Tensor) -> Any:
            outputs = fn(*args, **({"is_recomputing": False} if tells else {}))

            def grad(*grads: Any, variables: Any = ()) -> Any:
                inputs = [identity(arg) for arg in args]
                with control_dependencies(grads), variable_scope(scope, reuse=True):
                    again = fn(*inputs, **({"is_recomputing": True} if tells else {}))
                results = list(again) if isinstance(again, (list, tuple)) else [again]
                found = gradients(results, [*inputs, *variables], list(grads))
                if tupleize_grads:
                    found = tuple_(found)
                count = len(inputs)
                return (found[:count], found[count:]) if variables else found[:count]

            return outputs, grad

        return twice(*args)

    return wrapped
