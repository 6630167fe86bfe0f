"""Checks in op bodies: computed with the step, they raise after it and keep its writes from happening."""

from __future__ import annotations

import contextlib
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

    `message` is a format string for `values`, which are arrays or traced scalars shown only if the check fails.
    """
    if _collector.stack and not isinstance(ok, (bool, np.bool_, np.ndarray)):
        _collector.stack[-1].append(Check(ok, error, message, values))
    elif bool(ok):
        return
    elif _collector.stack and any(hasattr(v, "aval") for v in values):
        # It is sure to fail, but what it shows is known only after the run.
        _collector.stack[-1].append(Check(np.False_, error, message, values))
    else:
        raise error(None, None, message.format(*values))
