"""`tf.test.StubOutForTesting`: attributes that are something else for the time of a test."""

from __future__ import annotations

import inspect
from typing import Any


class StubOutForTesting:
    """Replaces attributes, and puts back what was there: when told to, or at the end of a ``with`` block.

    Examples
    --------
    >>> with tf.test.StubOutForTesting() as stubs:
    ...     stubs.Set(module, "function", lambda: 5)
    """

    def __init__(self) -> None:
        self._set: list[tuple[Any, str, Any]] = []
        self._smart: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> StubOutForTesting:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.CleanUp()

    def __del__(self) -> None:
        self.CleanUp()

    def CleanUp(self) -> None:
        """Put everything back."""
        self.SmartUnsetAll()
        self.UnsetAll()

    def Set(self, parent: Any, child_name: str, new_child: Any) -> None:
        """Replace an attribute of `parent` itself. AttributeError if there is none."""
        self._set.append((parent, child_name, _own(parent, child_name)))
        setattr(parent, child_name, new_child)

    def SmartSet(self, obj: Any, attr_name: str, new_attr: Any) -> None:
        """Replace an attribute where `obj` has it from: itself, its class or a class above. AttributeError if none."""
        holder = obj
        if not inspect.ismodule(obj) and attr_name not in vars(obj):
            classes = inspect.getmro(obj if inspect.isclass(obj) else type(obj))
            holder = next((cls for cls in classes if attr_name in vars(cls)), obj)
        self._smart.append((holder, attr_name, _own(holder, attr_name)))
        setattr(holder, attr_name, new_attr)

    def UnsetAll(self) -> None:
        """Put back what `Set` replaced, the last first."""
        _restore(self._set)

    def SmartUnsetAll(self) -> None:
        """Put back what `SmartSet` replaced, the last first."""
        _restore(self._smart)


def _own(holder: Any, name: str) -> Any:
    """Return an attribute as it stands in its holder: a static method as one."""
    return vars(holder)[name] if name in vars(holder) else getattr(holder, name)


def _restore(replaced: list[tuple[Any, str, Any]]) -> None:
    while replaced:
        setattr(*replaced.pop())
