"""Threads that keep queues filled."""

from __future__ import annotations

import threading
import weakref
from typing import Any

from defrun.base import errors, logging
from defrun.base.messages import QueueRunnerDef
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation
from defrun.graph.scopes import add_to_collection, get_collection, prepend_name_scope, strip_name_scope
from defrun.ops.queues import QueueBase
from defrun.session.session import BaseSession, get_default_session
from defrun.train.coordinator import Coordinator


class QueueRunner:
    """Runs the operations that fill a queue, each in a thread of its own, until there is no more input.

    Parameters
    ----------
    queue : QueueBase
    enqueue_ops : list of Operation
        One thread for each; the same one may be there several times.
    close_op : Operation, optional
        Run when there is no more input; by default it closes the queue, and what is in it can still be taken.
    cancel_op : Operation, optional
        Run when a coordinator asks for a stop; by default it closes the queue, and what waits to get in is given up.
    queue_closed_exception_types : tuple of type, optional
        Errors that mean no more than the end of input; by default OutOfRangeError.
    queue_runner_def : QueueRunnerDef, optional
        Names the nodes, which the default graph holds; nothing else is given then.
    import_scope : str, optional
        Scope before those names.

    Raises
    ------
    ValueError
        Without a queue or operations.
    TypeError
        If `queue_closed_exception_types` is no tuple of classes of `tf.errors`.
    """

    def __init__(
        self,
        queue: QueueBase | None = None,
        enqueue_ops: list[Operation] | None = None,
        close_op: Operation | None = None,
        cancel_op: Operation | None = None,
        queue_closed_exception_types: Any = None,
        queue_runner_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if queue_runner_def is not None:
            if queue is not None or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            queue, enqueue_ops, close_op, cancel_op, queue_closed_exception_types = _named(
                queue_runner_def, import_scope
            )
        if queue is None or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        types = (errors.OutOfRangeError,) if queue_closed_exception_types is None else queue_closed_exception_types
        if not isinstance(types, tuple) or not types or not all(issubclass(t, errors.OpError) for t in types):
            raise TypeError(f"queue_closed_exception_types must be a tuple of tf.error types, but saw: {types}")
        self._queue = queue
        self._enqueue_ops = enqueue_ops
        self._close_op = queue.close() if close_op is None else close_op
        self._cancel_op = queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op
        self._queue_closed_exception_types = types
        self._lock = threading.Lock()
        self._running: weakref.WeakKeyDictionary[BaseSession, int] = weakref.WeakKeyDictionary()
        self._exceptions_raised: list[Exception] = []

    @property
    def queue(self) -> QueueBase:
        """The queue."""
        return self._queue

    @property
    def enqueue_ops(self) -> list[Operation]:
        """What fills it."""
        return self._enqueue_ops

    @property
    def close_op(self) -> Operation:
        """What is run when there is no more input."""
        return self._close_op

    @property
    def cancel_op(self) -> Operation:
        """What is run when a stop is asked for."""
        return self._cancel_op

    @property
    def queue_closed_exception_types(self) -> tuple[type[errors.OpError], ...]:
        """What means the end of input."""
        return self._queue_closed_exception_types

    @property
    def exceptions_raised(self) -> list[Exception]:
        """What the threads raised, without a coordinator that would have been told."""
        return self._exceptions_raised

    @property
    def name(self) -> str:
        """The name of the queue."""
        return self._queue.name

    def create_threads(
        self, sess: BaseSession, coord: Coordinator | None = None, daemon: bool = False, start: bool = False
    ) -> list[threading.Thread]:
        """Make the threads that fill the queue, and one that closes it when `coord` asks for a stop.

        Parameters
        ----------
        sess : Session
        coord : Coordinator, optional
            Stops them, is told what they raise, and waits for them.
        daemon : bool
            Whether the program may end without them.
        start : bool
            Whether to start them, too.

        Returns
        -------
        list of Thread
            Empty if those made before for this session are still running.
        """
        with self._lock:
            if self._running.get(sess, 0) > 0:
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._exceptions_raised = []
        stem = f"QueueRunnerThread-{self.name}"
        threads = [
            threading.Thread(target=self._fill, args=(sess, enqueue, coord), name=f"{stem}-{enqueue.name}")
            for enqueue in self._enqueue_ops
        ]
        if coord is not None:
            threads.append(threading.Thread(target=self._cancel, args=(sess, coord), name=f"{stem}-close_on_stop"))
        for thread in threads:
            thread.daemon = daemon
            if coord is not None:
                coord.register_thread(thread)
            if start:
                thread.start()
        return threads

    def _fill(self, sess: BaseSession, enqueue: Operation, coord: Coordinator | None) -> None:
        """Run an operation until there is no more input, or a stop is asked for."""
        ended = False
        try:
            run = sess.make_callable(enqueue)
            while coord is None or not coord.should_stop():
                run()
        except self._queue_closed_exception_types:
            ended = True
        except Exception as error:
            if coord is None:
                logging.error("Exception in QueueRunner: %s", error)
                self._exceptions_raised.append(error)
                raise
            coord.request_stop(error)
        finally:
            with self._lock:
                self._running[sess] -= 1
                last = self._running[sess] == 0
        if ended and last:
            _try(sess, self._close_op)

    def _cancel(self, sess: BaseSession, coord: Coordinator) -> None:
        coord.wait_for_stop()
        _try(sess, self._cancel_op)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Write the names of the nodes as a QueueRunnerDef; None if the queue is outside `export_scope`."""
        if export_scope is not None and not self.queue.name.startswith(export_scope):
            return None
        proto = QueueRunnerDef(queue_name=strip_name_scope(self.queue.name, export_scope))
        proto.enqueue_op_name.extend(strip_name_scope(op.name, export_scope) for op in self._enqueue_ops)
        proto.close_op_name = strip_name_scope(self._close_op.name, export_scope)
        proto.cancel_op_name = strip_name_scope(self._cancel_op.name, export_scope)
        codes = map(errors.error_code_from_exception_type, self._queue_closed_exception_types)
        proto.queue_closed_exception_types.extend(codes)
        return proto

    @staticmethod
    def from_proto(queue_runner_def: Any, import_scope: str | None = None) -> QueueRunner:
        """Return a runner of the nodes named in a QueueRunnerDef, which the default graph holds."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)


def _named(proto: Any, scope: str | None) -> tuple[Any, ...]:
    """Return queue, operations and errors that a QueueRunnerDef names."""
    graph = get_default_graph()

    def node(name: str) -> Any:
        return graph.as_graph_element(prepend_name_scope(name, scope), allow_tensor=False)

    queue = graph.as_graph_element(prepend_name_scope(proto.queue_name, scope))
    types = tuple(errors.exception_type_from_error_code(code) for code in proto.queue_closed_exception_types)
    return (
        queue, [node(name) for name in proto.enqueue_op_name], node(proto.close_op_name),
        node(proto.cancel_op_name), types or None,
    )  # fmt: skip


def _try(sess: BaseSession, closing: Operation) -> None:
    try:
        sess.run(closing)
    except Exception as error:  # the queue, or the session, may be closed already
        logging.debug("Ignored exception: %s", error)


def add_queue_runner(qr: QueueRunner, collection: str = GraphKeys.QUEUE_RUNNERS) -> None:
    """Add a `QueueRunner` to those that `start_queue_runners` starts."""
    add_to_collection(collection, qr)


def start_queue_runners(
    sess: Any = None,
    coord: Coordinator | None = None,
    daemon: bool = True,
    start: bool = True,
    collection: str = GraphKeys.QUEUE_RUNNERS,
) -> list[threading.Thread]:
    """Start the threads of all queue runners of the session's graph.

    Parameters
    ----------
    sess : Session, optional
        By default the default session.
    coord : Coordinator, optional
        Stops the threads, and is told what they raise.
    daemon : bool
        Whether the program may end without them.
    start : bool
        False: only make the threads.
    collection : str
        Where the queue runners are.

    Returns
    -------
    list of Thread

    Raises
    ------
    ValueError
        If there is no session.
    TypeError
        If `sess` is none.
    """
    sess = get_default_session() if sess is None else sess
    if sess is None:
        raise ValueError("Cannot start queue runners: no default session is registered. Use `with sess.as_default()` "
                         "or pass an explicit session to tf.start_queue_runners(sess=sess)")  # fmt: skip
    if not isinstance(sess, BaseSession):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    with sess.graph.as_default():
        runners = get_collection(collection)
        if not runners:
            logging.warning("`tf.train.start_queue_runners()` was called when no queue runners were defined.")
        threads = [runner.create_threads(sess, coord=coord, daemon=daemon, start=start) for runner in runners]
    return [thread for some in threads for thread in some]
