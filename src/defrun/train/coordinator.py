"""Threads that end together."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

from defrun.base import errors, logging

_POLL = 0.05  # seconds between looks at whether threads have ended by themselves


class Coordinator:
    """Lets threads stop together: when one asks for it, all that look at `should_stop` end.

    Parameters
    ----------
    clean_stop_exception_types : tuple of type, optional
        Exceptions that mean no more than a stop; by default OutOfRangeError, with which input ends.

    Examples
    --------
    >>> coord = tf.train.Coordinator()
    >>> def work():
    ...     with coord.stop_on_exception():
    ...         while not coord.should_stop():
    ...             sess.run(enqueue)
    >>> threads = [threading.Thread(target=work) for _ in range(4)]
    >>> for thread in threads:
    ...     thread.start()
    >>> coord.request_stop()
    >>> coord.join(threads)
    """

    def __init__(self, clean_stop_exception_types: tuple[type[BaseException], ...] | None = None) -> None:
        clean = (errors.OutOfRangeError,) if clean_stop_exception_types is None else clean_stop_exception_types
        self._clean_stop_exception_types = tuple(clean)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._registered: set[threading.Thread] = set()

    def request_stop(self, ex: Any = None) -> None:
        """Ask the threads to stop.

        Parameters
        ----------
        ex : exception, or what `sys.exc_info` returns, optional
            The reason. `join` raises the first one given, unless it is of the clean types. After `join` it is raised
            at once.
        """
        error = _exception(ex)
        if isinstance(error, self._clean_stop_exception_types):
            error = None
        with self._lock:
            if self._joined and error is not None:
                raise error
            if self._stop.is_set():
                return
            if error is not None and self._error is None:
                logging.info("Error reported to Coordinator: %s: %s", type(error).__name__, error)
                self._error = error
            self._stop.set()

    def clear_stop(self) -> None:
        """Take the request to stop back, and forget its reason."""
        with self._lock:
            self._joined = False
            self._error = None
            self._stop.clear()

    def should_stop(self) -> bool:
        """Return whether a stop was asked for."""
        return self._stop.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """Ask for a stop if the block raises anything; that goes no further."""
        try:
            yield
        except BaseException:
            self.request_stop(sys.exc_info())

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Wait until a stop is asked for, or `timeout` seconds; return whether it is."""
        return self._stop.wait(timeout)

    def register_thread(self, thread: threading.Thread) -> None:
        """Let `join` wait for `thread` too."""
        with self._lock:
            self._registered.add(thread)

    def join(
        self,
        threads: Iterable[threading.Thread] | None = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Wait until all threads have ended.

        Parameters
        ----------
        threads : iterable of Thread, optional
            Beside the registered ones.
        stop_grace_period_secs : float
            How long they may take once a stop is asked for.
        ignore_live_threads : bool
            Whether threads that take longer are no error.

        Raises
        ------
        RuntimeError
            If a thread is still alive then.
        Exception
            The reason that `request_stop` was given.
        """
        with self._lock:
            waited = [*self._registered.union(threads or ())]
        while any(thread.is_alive() for thread in waited) and not self.wait_for_stop(_POLL):
            pass
        deadline = time.monotonic() + stop_grace_period_secs
        for thread in waited:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        alive = " ".join(thread.name for thread in waited if thread.is_alive())
        with self._lock:
            self._joined = True
            self._registered = set()
        self.raise_requested_exception()
        if alive:
            text = f"Coordinator stopped with threads still running: {alive}"
            if not ignore_live_threads:
                raise RuntimeError(text)
            logging.info(text)

    @property
    def joined(self) -> bool:
        """Whether `join` has ended."""
        return self._joined

    def raise_requested_exception(self) -> None:
        """Raise the reason that `request_stop` was given, if any."""
        if self._error is not None:
            raise self._error


def _exception(ex: Any) -> BaseException | None:
    if ex is None:
        return None
    error = ex[1] if isinstance(ex, tuple) and len(ex) == 3 else ex
    if not isinstance(error, BaseException):
        return ValueError(f"the reason of a stop must be an exception or what sys.exc_info returns, not {ex!r}")
    return error


class LooperThread(threading.Thread):
    """A thread that does something again and again until its coordinator asks for a stop, which what it raises does.

    Parameters
    ----------
    coord : Coordinator
    timer_interval_secs : float or None
        From one time to the next; None: without a pause.
    target : callable, optional
        What to do; by default `run_loop`, to be overridden.
    args, kwargs : optional
        For `target`.
    """

    def __init__(
        self,
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Any = None,
        args: Any = None,
        kwargs: Any = None,
    ) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        super().__init__(daemon=True)
        self._coord = coord
        self._interval = timer_interval_secs
        self._do = target
        self._do_args, self._do_kwargs = args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(
        coord: Coordinator, timer_interval_secs: float | None, target: Any, args: Any = None, kwargs: Any = None
    ) -> LooperThread:
        """Start a thread that calls `target`; return it."""
        looper = LooperThread(coord, timer_interval_secs, target=target, args=args, kwargs=kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        """Do what the thread is for."""
        with self._coord.stop_on_exception():
            self.start_loop()
            following = time.monotonic()
            while not self._coord.wait_for_stop(max(0.0, following - time.monotonic())):
                following += self._interval or 0.0
                self.run_loop()
            self.stop_loop()

    def start_loop(self) -> None:
        """To be overridden: done once, before all else."""

    def stop_loop(self) -> None:
        """To be overridden: done once, when a stop was asked for."""

    def run_loop(self) -> None:
        """Done each time."""
        if self._do is not None:
            self._do(*self._do_args, **self._do_kwargs)
