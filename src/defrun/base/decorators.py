"""Functions around functions, and looking through them: what libraries for TensorFlow 1 take from its `util`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager as contextmanager
from inspect import (
    currentframe as currentframe,
)  # fmt: skip
from inspect import (
    getcallargs as getcallargs,
)
from inspect import (
    getdoc as getdoc,
)
from inspect import (
    getfile as getfile,
)
from inspect import (
    getframeinfo as getframeinfo,
)
from inspect import (
    getfullargspec as getfullargspec,
)
from inspect import (
    getmembers as getmembers,
)
from inspect import (
    getmodule as getmodule,
)
from inspect import (
    getmro as getmro,
)
from inspect import (
    getsource as getsource,
)
from inspect import (
    isbuiltin as isbuiltin,
)
from inspect import (
    isclass as isclass,
)
from inspect import (
    isframe as isframe,
)
from inspect import (
    isfunction as isfunction,
)
from inspect import (
    isgenerator as isgenerator,
)
from inspect import (
    ismethod as ismethod,
)
from inspect import (
    ismodule as ismodule,
)
from inspect import (
    isroutine as isroutine,
)
from inspect import (
    stack as stack,
)
from types import ModuleType
from typing import Any, NamedTuple

_WRAPPED = "__wrapped__"


class ArgSpec(NamedTuple):
    """The positional parameters of a function, its `*varargs` and `**keywords`, and the defaults of the last ones."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getargspec(obj: Any) -> ArgSpec:
    """Return the parameters of a function, of what is inside if it is decorated."""
    return ArgSpec(*inspect.getfullargspec(inspect.unwrap(obj))[:4])


def make_decorator(
    target: Any,
    decorator_func: Any,
    decorator_name: str | None = None,
    decorator_doc: str = "",
    decorator_argspec: Any = None,
) -> Any:
    """Give `decorator_func`, which calls `target`, the looks of `target`, and return it.

    Parameters
    ----------
    target, decorator_func : callable
    decorator_name : str, optional
    decorator_doc : str
        Its docstring, by default that of `target`.
    decorator_argspec : optional
    """
    for attribute in ("__name__", "__qualname__", "__module__"):
        if hasattr(target, attribute):
            setattr(decorator_func, attribute, getattr(target, attribute))
    if decorator_doc or getattr(target, "__doc__", None):
        decorator_func.__doc__ = decorator_doc or target.__doc__
    decorator_func.__wrapped__ = target
    return decorator_func


def unwrap(maybe_tf_decorator: Any) -> tuple[list[Any], Any]:
    """Return the functions around a function, the outermost first, and the function itself."""
    around, inner = [], maybe_tf_decorator
    while hasattr(inner, _WRAPPED):
        around.append(inner)
        inner = getattr(inner, _WRAPPED)
    return around, inner


def tf_export(*names: str, **kwargs: Any) -> Callable[[Any], Any]:
    """Return a decorator that changes nothing: it notes public names."""
    return lambda decorated: decorated


keras_export = estimator_export = tf_export


def should_use_result(fn: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Return what is decorated as it is."""
    return fn if callable(fn) else lambda decorated: decorated


def make_all(module_name: str, doc_string_modules: Sequence[ModuleType] | None = None) -> list[str]:
    """Return the names that docstrings list as `@@name` and that a module has, for its `__all__`."""
    module = sys.modules[module_name]
    texts = [one.__doc__ or "" for one in ([module] if doc_string_modules is None else doc_string_modules)]
    listed = {name for text in texts for name in re.findall(r"^@@(\w+)$", text, re.MULTILINE)}
    return sorted(listed & set(vars(module)))


_hidden: dict[str, tuple[ModuleType, Any]] = {}


def remove_undocumented(
    module_name: str,
    allowed_exception_list: Sequence[str] | None = None,
    doc_string_modules: Sequence[ModuleType] | None = None,
) -> None:
    """Take away from a module the public names that neither its docstring (as `@@name`) nor the list names."""
    module = sys.modules[module_name]
    keep = {*make_all(module_name, doc_string_modules), *(allowed_exception_list or ())}
    for name in [name for name in vars(module) if not name.startswith("_") and name not in keep]:
        _hidden[f"{module_name}.{name}"] = (module, getattr(module, name))
        delattr(module, name)


def reveal_undocumented(symbol_name: str, target_module: ModuleType | None = None) -> None:
    """Put back a name that `remove_undocumented` took away. LookupError if it took no such name."""
    if symbol_name not in _hidden:
        raise LookupError(f"{symbol_name} is not a hidden symbol")
    module, value = _hidden[symbol_name]
    setattr(target_module or module, symbol_name.rpartition(".")[2], value)
