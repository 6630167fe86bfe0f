"""Ctrl-C in loops that nothing bounds.

A compiled program can't be interrupted. A loop that may go on for ever asks now and then, some twenty times a second,
whether it is to stop. If so, it ends as if a check had failed: the program's other results count for nothing, and
variables keep the values that they had before the run.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base.errors import CancelledError
from defrun.graph.check import Check, check_again

_LOOK = 0.05  # seconds between two looks for a signal
_QUICK, _SLOW = 0.02, 0.08  # seconds between two questions


class Stop:
    """Knows whether a program is to stop."""

    def __init__(self) -> None:
        self.used = False  # by a loop of the program
        self.requested = False
        self._stride = 8
        self._last = 0.0

    def ask(self, count: Any) -> Any:
        """Return after how many iterations to ask again; -1: stop. (32 bits: it runs in threads of XLA's.)"""
        if self.requested:
            return np.int32(-1)
        now = time.perf_counter()
        if now - self._last < _QUICK:
            self._stride = min(2 * self._stride, 1 << 30)
        elif now - self._last > _SLOW:
            self._stride = max(self._stride // 2, 1)
        self._last = now
        return np.int32(self._stride)

    def run(self, call: Callable[[], Any]) -> None:
        """Call a program such that Ctrl-C stops it, and wait for its end."""
        self.requested = False
        failed: list[BaseException] = []

        def work() -> None:
            try:
                call()
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=work, daemon=True)
        with self._listening():
            thread.start()
            while thread.is_alive():
                thread.join(_LOOK)  # the signal may have come to another thread than this one
        if failed:
            raise failed[0]

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """Let Ctrl-C ask the program to stop, and be what it is to others after the block."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        came: list[Any] = []

        def note(number: int, frame: Any) -> None:
            came[:] = number, frame
            self.requested = True

        old = signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, old)
        if came and callable(old):
            old(*came)


class _Current(threading.local):
    stop: Stop | None = None


_current = _Current()


@contextlib.contextmanager
def stops_by(stop: Stop) -> Iterator[None]:
    """Let the loops traced inside ask `stop`."""
    before, _current.stop = _current.stop, stop
    try:
        yield
    finally:
        _current.stop = before


def stoppable_loop(goes_on: Callable[[Any], Any], step: Callable[[Any], Any], first: Any) -> Any:
    """Emit a `lax.while_loop` that stops if the program is to."""
    stop = _current.stop
    if stop is None:
        return jax.lax.while_loop(goes_on, step, first)
    stop.used = True

    def asking(state: Any) -> Any:
        carry, count, due = state
        count = count + 1
        due = jax.lax.cond(count >= due, lambda: _asked(stop, count), lambda: due)
        return step(carry), count, due

    start = (first, jnp.int64(0), jnp.int64(1))
    last, _, due = jax.lax.while_loop(lambda state: goes_on(state[0]) & (state[2] >= 0), asking, start)
    check_again(Check(None, CancelledError, "Stopped by Ctrl-C", ()), due >= 0, ())
    return last


def _asked(stop: Stop, count: Any) -> Any:
    """Return at which iteration to ask again; a negative number: stop."""
    shape = jax.ShapeDtypeStruct((), jnp.int32)
    stride = jax.pure_callback(stop.ask, shape, count.astype(jnp.int32), vmap_method="sequential")
    return jnp.where(stride < 0, jnp.int64(-1), count + stride)
