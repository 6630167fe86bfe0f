"""`tf.summary.FileWriter`: puts summaries, graphs and logs of sessions into event files."""

from __future__ import annotations

import threading
import time
import warnings
from typing import Any, ClassVar

from tensorboard.compat.proto import config_pb2, event_pb2, graph_pb2, meta_graph_pb2, summary_pb2

from defrun.base import logging
from defrun.base.system import Path
from defrun.base.version import GIT_VERSION, VERSION
from defrun.graph.graph import Graph, get_default_graph
from defrun.summary.event_file import EventFileWriter, summary_event


class FileWriter:
    """Writes summaries and graphs to an event file in `logdir`, for TensorBoard.

    Parameters
    ----------
    logdir : path
        Made if it is not there.
    graph : Graph, optional
        Written at once.
    max_queue : int
        How many events may wait for the disk before the caller does.
    flush_secs : float
        How long events may be kept in memory.
    graph_def : GraphDef, optional
        The deprecated way to say `graph`.
    filename_suffix : str, optional
        Ends the file's name.
    session : Session, optional
        Not there yet.

    Examples
    --------
    >>> with tf.summary.FileWriter("logs", sess.graph) as writer:
    ...     for step in range(100):
    ...         summary, _ = sess.run([tf.summary.merge_all(), train])
    ...         writer.add_summary(summary, step)
    """

    def __init__(
        self,
        logdir: Path,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if session is not None:
            raise NotImplementedError("tf.summary.FileWriter(session=...)")
        self.event_writer = EventFileWriter(logdir, max_queue, flush_secs, filename_suffix)
        self._closed = False
        self._run_tags: set[str] = set()
        self._described: set[str] = set()
        if graph is not None or graph_def is not None:
            definition = _graph_def(graph, graph_def)
            self._add(event_pb2.Event(graph_def=definition.SerializeToString()))
            self.add_meta_graph(_meta_graph(definition))

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def get_logdir(self) -> str:
        """Return the folder of the file."""
        return self.event_writer.get_logdir()

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Write a summary: what a summary op gave (bytes), or a `Summary`.

        Of the values with one tag, the first that says who can show it (its metadata) says so for all.
        """
        written: bytes | None = None
        if isinstance(summary, bytes):
            written, summary = summary, summary_pb2.Summary.FromString(summary)
        described = self._described
        for value in summary.value:
            if value.tag not in described:
                described.add(value.tag)
            elif value.HasField("metadata"):
                value.ClearField("metadata")
                written = None
        if written is None:
            written = summary.SerializeToString()
        self._warn_if_closed()
        self.event_writer.add_record(summary_event(written, None if global_step is None else int(global_step)))

    def add_session_log(self, session_log: event_pb2.SessionLog, global_step: Any = None) -> None:
        """Write a `SessionLog`: that a session starts, stops, or wrote a checkpoint."""
        self._add(event_pb2.Event(session_log=session_log), global_step)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Write a graph, for TensorBoard to draw.

        Parameters
        ----------
        graph : Graph or GraphDef
        global_step : int, optional
        graph_def : GraphDef, optional
            The deprecated way to say `graph`.

        Raises
        ------
        ValueError
            If both are given.
        TypeError
            If it is no graph.
        """
        self._add(event_pb2.Event(graph_def=_graph_def(graph, graph_def).SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def: meta_graph_pb2.MetaGraphDef, global_step: Any = None) -> None:
        """Write a `MetaGraphDef`. TypeError for anything else."""
        if not isinstance(meta_graph_def, meta_graph_pb2.MetaGraphDef):
            raise TypeError(f"meta_graph_def must be a MetaGraphDef, not {type(meta_graph_def)}")
        self._add(event_pb2.Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: config_pb2.RunMetadata, tag: str, global_step: Any = None) -> None:
        """Write the `RunMetadata` of one run under `tag`. ValueError if there is one under this tag."""
        if tag in self._run_tags:
            raise ValueError(f"The provided tag was already used for this event type: {tag!r}")
        self._run_tags.add(tag)
        tagged = event_pb2.TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(event_pb2.Event(tagged_run_metadata=tagged), global_step)

    def _add(self, event: event_pb2.Event, step: Any = None) -> None:
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.add_event(event)

    def add_event(self, event: event_pb2.Event) -> None:
        """Write an `Event` as it is."""
        self._warn_if_closed()
        self.event_writer.add_event(event)

    def flush(self) -> None:
        """Wait until all events are in the file."""
        self._warn_if_closed()
        self.event_writer.flush()

    def close(self) -> None:
        """Write what waits, and close the file. What comes later is dropped, with a warning, unless it is reopened."""
        self.event_writer.close()
        self._closed = True

    def reopen(self) -> None:
        """After `close`: start another file in the same folder."""
        self.event_writer.reopen()
        self._closed = False

    def _warn_if_closed(self) -> None:
        if self._closed:
            warnings.warn("This FileWriter is closed: nothing is written unless it is reopened.", stacklevel=3)


def _graph_def(graph: Any, graph_def: Any) -> graph_pb2.GraphDef:
    if graph is not None and graph_def is not None:
        raise ValueError("Pass graph or graph_def (which is deprecated), not both.")
    given = graph if graph_def is None else graph_def
    if isinstance(given, Graph):
        return given.as_graph_def(add_shapes=True)
    if isinstance(given, graph_pb2.GraphDef):
        logging.warning("Passing a GraphDef to a FileWriter is deprecated; pass a Graph, such as sess.graph.")
        return given
    raise TypeError(f"The passed graph must be a Graph, or a GraphDef, not {type(given)}")


def _meta_graph(definition: graph_pb2.GraphDef) -> meta_graph_pb2.MetaGraphDef:
    meta = meta_graph_pb2.MetaGraphDef(graph_def=definition)
    meta.meta_info_def.tensorflow_version, meta.meta_info_def.tensorflow_git_version = VERSION, GIT_VERSION
    return meta


class FileWriterCache:
    """Keeps one `FileWriter` for each folder."""

    _cache: ClassVar[dict[str, FileWriter]] = {}
    _lock = threading.RLock()

    @staticmethod
    def clear() -> None:
        """Close all that are kept, and forget them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._cache.values():
                writer.close()
            FileWriterCache._cache.clear()

    @staticmethod
    def get(logdir: str) -> FileWriter:
        """Return the writer for the folder `logdir`, making one with the default graph if there is none."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._cache:
                FileWriterCache._cache[logdir] = FileWriter(logdir, graph=get_default_graph())
            return FileWriterCache._cache[logdir]
