"""Messages to the user, as `tf.logging` has them, over Python's logging.

The logger is called "tensorflow", so that `logging.getLogger("tensorflow").setLevel(...)` in a script means what it
says. Lines go to standard error unless the program has set up the root logger, which then gets them alone.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

DEBUG = logging.DEBUG
INFO = logging.INFO
WARN = logging.WARNING
ERROR = logging.ERROR
FATAL = logging.FATAL

_lock = threading.Lock()
_logger: logging.Logger | None = None
_calls: dict[tuple[str, int], Iterator[int]] = {}  # how often each line of code has called log_*_n


class _Handler(logging.StreamHandler):
    """Writes to whatever `sys.stderr` is at the time, and only while the root logger has no handler of its own."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(logging.Formatter(logging.BASIC_FORMAT))  # INFO:tensorflow:message

    @property
    def stream(self) -> Any:
        return sys.stderr

    def filter(self, record: logging.LogRecord) -> Any:
        return not logging.getLogger().handlers and super().filter(record)


def get_logger() -> logging.Logger:
    """The logger that everything here goes to."""
    global _logger
    if _logger is None:
        with _lock:
            if _logger is None:
                _logger = _make_logger()
    return _logger


def _make_logger() -> logging.Logger:
    logger = logging.getLogger("tensorflow")
    logger.addHandler(_Handler())
    if hasattr(sys, "ps1") or sys.flags.interactive:
        logger.setLevel(INFO)
    return logger


def get_verbosity() -> int:
    """The level from which messages are shown."""
    return get_logger().getEffectiveLevel()


def set_verbosity(v: int | str) -> None:
    """Show messages from level `v` on."""
    get_logger().setLevel(v)


# Each passes `stacklevel`, so that the line names the caller's file and not this one.


def log(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` at `level`."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().log(level, msg, *args, **kwargs)


vlog = log


def debug(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` to whoever looks for a fault."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().debug(msg, *args, **kwargs)


def info(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` to whoever wants to follow."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().info(msg, *args, **kwargs)


def warning(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` as a warning."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().warning(msg, *args, **kwargs)


warn = warning


def error(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` as an error."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().error(msg, *args, **kwargs)


def fatal(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Say `msg % args` as a fatal error. The program goes on."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().fatal(msg, *args, **kwargs)


def TaskLevelStatusMessage(msg: Any) -> None:
    """Say `msg` as an error."""
    error(msg, stacklevel=3)


def _count_call() -> int:
    """How often the line that called our caller has done so before."""
    frame = sys._getframe(2)
    place = (frame.f_code.co_filename, frame.f_lineno)
    return next(_calls.setdefault(place, itertools.count()))


def log_every_n(level: int, msg: Any, n: int, *args: Any) -> None:
    """Say `msg % args` on the first call from this line of code and every `n`-th after it."""
    if _count_call() % n == 0:
        log(level, msg, *args, stacklevel=3)


def log_first_n(level: int, msg: Any, n: int, *args: Any) -> None:
    """Say `msg % args` on the first `n` calls from this line of code."""
    if _count_call() < n:
        log(level, msg, *args, stacklevel=3)


def log_if(level: int, msg: Any, condition: Any, *args: Any) -> None:
    """Say `msg % args` if `condition` holds."""
    if condition:
        log(level, msg, *args, stacklevel=3)


def flush() -> None:
    """Write out what is still held back."""
    for handler in [*get_logger().handlers, *logging.getLogger().handlers]:
        handler.flush()
