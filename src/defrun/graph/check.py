"""Checks in op bodies: computed with the step, they raise after it and keep its writes from happening."""

from __future__ import annotations

import contextlib
import string
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from defrun.base.errors import OpError


class Outgrown(OpError):
    """A program has too little room for a value that grows; with more room it may run again."""


@dataclass
class Check:
    """One condition of a stage, and what to say if it doesn't hold."""

    ok: Any
    error: type[OpError]
    message: str
    values: tuple[Any, ...]
    op: Any = None


class _Collector(threading.local):
    def __init__(self) -> None:
        self.stack: list[list[Check]] = []


_collector = _Collector()


@contextlib.contextmanager
def collect_checks() -> Iterator[list[Check]]:
    """Gather the checks of the bodies that run inside."""
    checks: list[Check] = []
    _collector.stack.append(checks)
    try:
        yield checks
    finally:
        _collector.stack.pop()


def deferring() -> bool:
    """Whether checks are gathered now instead of raising at once."""
    return bool(_collector.stack)


def check(ok: Any, error: type[OpError], message: str, *values: Any) -> None:
    """Let the run fail with `error` unless `ok` (a scalar bool, NumPy or traced) holds.

    `message` is a format string for `values`, which are texts, arrays or traced scalars shown only if it fails.
    """
    if _collector.stack and not isinstance(ok, (bool, np.bool_, np.ndarray)):
        _collector.stack[-1].append(Check(ok, error, *_without_texts(message, values)))
    elif bool(ok):
        return
    elif _collector.stack and any(hasattr(v, "aval") for v in values):
        # It is sure to fail, but what it shows is known only after the run.
        _collector.stack[-1].append(Check(np.False_, error, *_without_texts(message, values)))
    else:
        raise error(None, None, message.format(*values))


@contextlib.contextmanager
def note_checks(op: Any) -> Iterator[None]:
    """Note that the checks made in the block are those of `op`."""
    checks = _collector.stack[-1] if _collector.stack else []
    before = len(checks)
    yield
    for made in checks[before:]:
        made.op = made.op or op


def check_again(made: Check, ok: Any, values: Iterable[Any]) -> None:
    """Make the check of a function's body in the stage that runs it, with what came of it there."""
    _collector.stack[-1].append(Check(ok, made.error, made.message, tuple(values), made.op))


def _without_texts(message: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Put the texts among `values` into the message: only numbers come back from a device."""
    if not any(isinstance(value, str) for value in values):
        return message, values
    parts, rest, following = [], [], iter(values)
    for literal, field, spec, _ in string.Formatter().parse(message):
        parts.append(_escaped(literal))
        if field is not None:
            value = next(following)
            if isinstance(value, str):
                parts.append(_escaped(value))
            else:
                parts.append(f"{{:{spec}}}")
                rest.append(value)
    return "".join(parts), tuple(rest)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
