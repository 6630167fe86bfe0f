"""Checks in op bodies: computed with the step, they raise after it and keep its writes from happening."""

from __future__ import annotations

import contextlib
import string
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from defrun.base.errors import OpError


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
