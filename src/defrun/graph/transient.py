"""What lives in a slot for one run only: the elements of a TensorArray, a stack.

Such a value is a pytree that ops replace as they replace a variable's. While a graph is being traced it may change its
form: elements known one by one become a buffer, a buffer gets the shape of its rows at the first write. A loop or a
choice needs one form for all its ways: it traces, joins the `form` of what it finds, and puts each value into that.
"""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any


class Form(ABC):
    """All of a transient value that is the same in every run of a program; hashable."""

    @abstractmethod
    def join(self, other: Any) -> Any:
        """Return the form that values of both forms can be put into; `self` if `other` is no other."""

    @abstractmethod
    def blank(self) -> Any:
        """Return a value of this form to which nothing has been written."""


class Transient(ABC):
    """A value that lives for one run."""

    @property
    @abstractmethod
    def form(self) -> Form:
        """Its form; told from shapes and dtypes alone, so that it is there for abstract values, too."""

    @abstractmethod
    def to(self, form: Any) -> Any:
        """Return the same elements in a form that joins this one."""


def common_form(values: Iterable[Transient | None]) -> Form | None:
    """Return the form into which all of `values` can be put (None: not there on that way)."""
    found: Form | None = None
    for value in values:
        if value is not None:
            found = value.form if found is None else found.join(value.form)
    return found


def in_form(value: Transient | None, form: Any) -> Any:
    """Put `value` into `form`; a blank one if there is none."""
    return form.blank() if value is None else value.to(form)


class NoCommonForm(Exception):
    """Values can't be put into one form: elements of different shapes, say."""


_SMALLEST_ROOM = 32


class _Room(threading.local):
    elements = _SMALLEST_ROOM


_room = _Room()


def room() -> int:
    """Return how many elements to make room for in a value that grows as the program runs."""
    return _room.elements


@contextlib.contextmanager
def make_room(elements: int) -> Iterator[None]:
    """Let values traced inside have room for at least so many elements."""
    before, _room.elements = _room.elements, max(elements, _SMALLEST_ROOM)
    try:
        yield
    finally:
        _room.elements = before
