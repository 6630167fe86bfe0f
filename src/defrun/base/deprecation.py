"""Saying that something is deprecated, as libraries written for TensorFlow 1 do: once for each function."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from defrun.base import logging

Function = TypeVar("Function", bound=Callable[..., Any])


class _State:
    silent = False
    told: set[tuple[Any, ...]] = set()  # noqa: RUF012 (there is one)


def _check(date: str | None, instructions: str) -> None:
    if date is not None and not re.fullmatch(r"20\d\d-[01]\d-[0123]\d", date):
        raise ValueError(f"date must be None or YYYY-MM-DD, not {date!r}")
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")


def _when(date: str | None) -> str:
    return "in a future version" if date is None else f"after {date}"


def _tell(key: tuple[Any, ...], once: bool, text: str, date: str | None, instructions: str) -> None:
    if _State.silent or (once and key in _State.told):
        return
    _State.told.add(key)
    caller = inspect.stack()[2]
    where = f"{caller.filename}:{caller.lineno}"
    logging.warning(
        f"From {where}: {text} and will be removed {_when(date)}.\nInstructions for updating:\n{instructions}"
    )


def _name(function: Any) -> str:
    return f"{getattr(function, '__qualname__', function)} (from {getattr(function, '__module__', None)})"


def _noted(function: Any, what: str, date: str | None, instructions: str) -> str:
    """Return the docstring of `function` with a notice in it."""
    first, _, rest = (inspect.getdoc(function) or what).partition("\n")
    notice = f"Warning: deprecated; will be removed {_when(date)}.\nInstructions for updating:\n{instructions}"
    return f"{first} ({what})\n\n{notice}\n{rest}"


def deprecated(date: str | None, instructions: str, warn_once: bool = True) -> Callable[[Function], Function]:
    """Return a decorator that warns when the function is called.

    Parameters
    ----------
    date : str or None
        When it will be gone, as YYYY-MM-DD.
    instructions : str
        What to use in its place.
    warn_once : bool

    Raises
    ------
    ValueError
        If the date is no date, or there are no instructions.
    """
    _check(date, instructions)

    def decorate(function: Any) -> Any:
        if not callable(function):
            raise ValueError(f"{function!r} is not a function. If this is a property, apply @property after it.")

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            _tell((function,), warn_once, f"{_name(function)} is deprecated", date, instructions)
            return function(*args, **kwargs)

        call.__doc__ = _noted(function, "deprecated", date, instructions)
        return call

    return decorate


def deprecated_args(
    date: str | None, instructions: str, *deprecated_arg_names_or_tuples: Any, **kwargs: Any
) -> Callable[[Function], Function]:
    """Return a decorator that warns when the function gets one of some arguments.

    Parameters
    ----------
    date : str or None
    instructions : str
    *deprecated_arg_names_or_tuples : str or (str, value)
        The argument; with a value, that is welcome.
    warn_once : bool

    Raises
    ------
    ValueError
        If the date is no date, there are no instructions or no arguments, or the function has no such argument.
    """
    _check(date, instructions)
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    once = kwargs.pop("warn_once", True)
    if kwargs:
        raise ValueError(f"Illegal argument to deprecated_args: {kwargs}")
    fine: dict[str, Any] = dict(arg if isinstance(arg, tuple) else (arg, inspect.Parameter.empty)
                for arg in deprecated_arg_names_or_tuples)  # fmt: skip

    def decorate(function: Any) -> Any:
        signature = inspect.signature(function)
        unknown = [name for name in fine if name not in signature.parameters]
        if unknown:
            raise ValueError(f"{_name(function)} has no arguments {unknown}; it has {list(signature.parameters)}.")

        @functools.wraps(function)
        def call(*args: Any, **given: Any) -> Any:
            bound = signature.bind_partial(*args, **given).arguments
            for name, welcome in fine.items():
                if name in bound and not _same(bound[name], welcome):
                    text = f"calling {_name(function)} with {name} is deprecated"
                    _tell((function, name), once, text, date, instructions)
            return function(*args, **given)

        call.__doc__ = _noted(function, "deprecated arguments", date, instructions)
        return call

    return decorate


def _same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and (a == b) is True)


def deprecated_arg_values(
    date: str | None, instructions: str, warn_once: bool = True, **deprecated_kwargs: Any
) -> Callable[[Function], Function]:
    """Return a decorator that warns when an argument of the function has one of the values given here.

    Raises
    ------
    ValueError
        If the date is no date, or there are no instructions or no values.
    """
    _check(date, instructions)
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def decorate(function: Any) -> Any:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: Any, **given: Any) -> Any:
            bound = signature.bind_partial(*args, **given)
            bound.apply_defaults()
            for name, value in deprecated_kwargs.items():
                if name in bound.arguments and _same(bound.arguments[name], value):
                    text = f"calling {_name(function)} with {name}={value} is deprecated"
                    _tell((function, name), warn_once, text, date, instructions)
            return function(*args, **given)

        call.__doc__ = _noted(function, "deprecated arguments", date, instructions)
        return call

    return decorate


def deprecated_alias(deprecated_name: str, name: str, func_or_class: Any, warn_once: bool = True) -> Any:
    """Return a function or class under its old name, which warns when it is called."""
    text = f"The name {deprecated_name} is deprecated. Please use {name} instead"
    if isinstance(func_or_class, type):

        def start(self: Any, *args: Any, **kwargs: Any) -> None:
            _tell((func_or_class, name), warn_once, text, None, f"Use {name}.")
            super(alias, self).__init__(*args, **kwargs)  # type: ignore[arg-type]

        alias = type(func_or_class.__name__, (func_or_class,), {"__init__": start, "__doc__": func_or_class.__doc__})
        return alias

    @functools.wraps(func_or_class)
    def call(*args: Any, **kwargs: Any) -> Any:
        _tell((func_or_class, name), warn_once, text, None, f"Use {name}.")
        return func_or_class(*args, **kwargs)

    return call


def deprecated_endpoints(*args: str) -> Callable[[Function], Function]:
    """Return a decorator that changes nothing: it notes old public names."""
    return lambda function: function


def deprecated_argument_lookup(new_name: str, new_value: Any, old_name: str, old_value: Any) -> Any:
    """Return the value of an argument that has an old and a new name.

    Raises
    ------
    ValueError
        If both are given.
    """
    if old_value is None:
        return new_value
    if new_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old_value


def rewrite_argument_docstring(old_doc: str, old_argument: str, new_argument: str) -> str:
    """Return a docstring with an argument's new name in it."""
    return old_doc.replace(f"`{old_argument}`", f"`{new_argument}`").replace(f"{old_argument}:", f"{new_argument}:")


@contextmanager
def silence() -> Iterator[None]:
    """Keep these warnings away inside a ``with`` block."""
    before = _State.silent
    _State.silent = True
    try:
        yield
    finally:
        _State.silent = before
