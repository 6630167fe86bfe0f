"""`tf.function` and `tf.contrib.eager.defun`: Python functions that become one call in the graph."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import nest
from defrun.functions.tracing import ConcreteFunction, is_variable, title_of, trace
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.specs import TensorSpec


class Function:
    """A Python function that runs once for each kind of arguments, and is a call of what it made from then on.

    Made by `function` and `defun`.
    """

    def __init__(self, python_function: Callable[..., Any], input_signature: Any = None, instance: Any = None) -> None:
        if input_signature is not None and not isinstance(input_signature, (tuple, list)):
            raise TypeError(f"input_signature must be a tuple or list, not {type(input_signature).__name__}")
        functools.update_wrapper(self, python_function)
        self._function = python_function
        self._signature = None if input_signature is None else tuple(input_signature)
        self._instance = instance
        self._made: weakref.WeakKeyDictionary[Any, dict[Any, ConcreteFunction]] = weakref.WeakKeyDictionary()
        self._bound: weakref.WeakKeyDictionary[Any, Function] = weakref.WeakKeyDictionary()

    @property
    def python_function(self) -> Callable[..., Any]:
        """The function as it was written."""
        return self._function

    @property
    def input_signature(self) -> Any:
        """What it takes, if that was said."""
        return self._signature

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Make a method of it."""
        if instance is None:
            return self
        try:
            return self._bound.setdefault(instance, Function(self._function, self._signature, weakref.ref(instance)))
        except TypeError:  # it can't be told from others, or weakly held
            return Function(self._function, self._signature, lambda: instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call with these arguments; a function that was not called with such before runs first.

        Tensors, arrays and resource variables are arguments in the graph; all else is a part of the function.

        Returns
        -------
        What the function returns, with the outputs of the call in the place of its tensors.
        """
        args, kwargs = self._with_tensors(args, kwargs)
        made = self._concrete(args, kwargs)
        leaves = nest.flatten([list(args), [kwargs[k] for k in sorted(kwargs)]])
        return made.call_flat([leaf for leaf in leaves if isinstance(leaf, Tensor)])

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """Return the function for these arguments, of which `TensorSpec` may stand for some; adds no call."""
        if self._signature is not None and not args:
            args = self._signature
        return self._concrete(args, kwargs)

    def _with_tensors(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._signature is not None:
            if kwargs:
                raise ValueError("A function with an input_signature takes no keyword arguments")
            return (*self._as_signed(args),), kwargs
        return nest.map_structure(_as_tensor, (args, kwargs)) if args or kwargs else (args, kwargs)

    def _as_signed(self, args: tuple[Any, ...]) -> list[Any]:
        signature = self._signature or ()
        if len(args) != len(signature):
            raise ValueError(f"{len(signature)} arguments are in the input_signature, but {len(args)} are given")

        def fit(spec: Any, value: Any) -> Any:
            tensor = value if is_variable(value) else convert_to_tensor(value, dtype=spec.dtype)
            if not is_variable(value) and not spec.is_compatible_with(tensor):
                raise ValueError(f"{tensor} does not fit the input_signature's {spec}")
            return tensor

        return [nest.map_structure_up_to(spec, fit, spec, arg) for spec, arg in zip(signature, args, strict=True)]

    def _concrete(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> ConcreteFunction:
        known = self._made.setdefault(get_default_graph(), {})
        key = (_key(args), _key(kwargs))
        if self._signature is not None:  # one for all that fit
            key = tuple(id(leaf) for leaf in nest.flatten(args) if is_variable(leaf)), ()
        if key not in known:
            function = self._function
            if self._instance is not None:
                function = functools.partial(function, self._instance())
            known[key] = trace(function, args, kwargs, title_of(self._function), self._signature)
        return known[key]


def _as_tensor(leaf: Any) -> Any:
    return convert_to_tensor(leaf) if isinstance(leaf, (np.ndarray, np.generic)) else leaf


def _key(value: Any) -> Any:
    """Return what tells arguments apart for which the function runs anew."""
    if isinstance(value, (Tensor, TensorSpec)):
        return "tensor", value.dtype.base_dtype, tuple(value.shape.as_list()) if value.shape.ndims is not None else None
    if is_variable(value):
        return "variable", id(value)
    if isinstance(value, dict):
        return type(value), tuple((k, _key(value[k])) for k in sorted(value))
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(_key, value))
    try:
        hash(value)
    except TypeError:
        return type(value), id(value)
    return type(value), value


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
    experimental_compile: bool | None = None,
) -> Any:
    """Turn a Python function into one whose nodes are made once and called as one node.

    Parameters
    ----------
    func : callable, optional
        Without it the result is a decorator.
    input_signature : list of TensorSpec, optional
        Makes one function do for all arguments that fit.
    autograph : bool
        Taken; `if` and `while` on tensors are not translated: write `tf.cond` and `tf.while_loop`.
    experimental_autograph_options, experimental_relax_shapes, experimental_compile
        Taken for TensorFlow's sake.

    Returns
    -------
    Function
    """
    if func is None:
        return lambda f: Function(f, input_signature)
    return Function(func, input_signature)


def defun(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
) -> Any:
    """`tf.function` under its older name; see there."""
    return function(func, input_signature)
