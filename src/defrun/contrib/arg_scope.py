"""`arg_scope`: default arguments for functions, for a ``with`` block."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

Scope = dict[str, dict[str, Any]]


class _Stack(threading.local):
    def __init__(self) -> None:
        self.scopes: list[Scope] = [{}]


_stack = _Stack()


def _key(function: Any) -> str:
    return getattr(function, "_key_op", str(function))


@contextlib.contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[Scope]:
    """Give functions defaults for some arguments inside a ``with`` block.

    Parameters
    ----------
    list_ops_or_scope : list of functions decorated with `add_arg_scope`, or a scope that this gave before
    **kwargs
        The defaults; none with a scope.

    Raises
    ------
    TypeError
        If it is not a list (or scope).
    ValueError
        If a function is not decorated, or defaults come with a scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError("When attempting to re-use a scope by supplying a dictionary, kwargs must be empty.")
        scope = dict(list_ops_or_scope)
    else:
        if not isinstance(list_ops_or_scope, (list, tuple)):
            raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
        scope = dict(_stack.scopes[-1])
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError(f"{function!r} is not decorated with @add_arg_scope")
            scope[_key(function)] = {**scope.get(_key(function), {}), **kwargs}
    _stack.scopes.append(scope)
    try:
        yield scope
    finally:
        _stack.scopes.pop()


def add_arg_scope(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate `function` so that `arg_scope` can give it defaults."""
    key = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def with_defaults(*args: Any, **kwargs: Any) -> Any:
        defaults = _stack.scopes[-1].get(key)
        return function(*args, **({**defaults, **kwargs} if defaults else kwargs))

    with_defaults._key_op = key  # type: ignore[attr-defined]
    return with_defaults


def has_arg_scope(function: Any) -> bool:
    """Whether `function` is decorated with `add_arg_scope`."""
    return hasattr(function, "_key_op")


def arg_scoped_arguments(function: Any) -> tuple[str, ...]:
    """Return the names of the arguments that may be given defaults."""
    code = function.__wrapped__.__code__
    defaults = function.__wrapped__.__defaults__ or ()
    return code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]


def current_arg_scope() -> Scope:
    """Return the defaults that hold now."""
    return _stack.scopes[-1]
