"""`tensorflow.python.client.timeline`: the step stats of a traced run as a trace that Chrome and Perfetto draw."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from tensorboard.compat.proto import step_stats_pb2

_LABEL = re.compile(r"(?P<name>.*?) = (?P<kind>\S+?)\((?P<inputs>.*)\)")


class AllocationMaximum(NamedTuple):
    """The most that was in use of an allocator: when (microseconds), how many bytes, for which nodes."""

    timestamp: int
    num_bytes: int
    tensors: list[str]


class StepStatsAnalysis(NamedTuple):
    """What `Timeline.analyze_step_stats` returns."""

    chrome_trace: Trace
    allocator_maximums: dict[str, AllocationMaximum]


class Trace:
    """Events in Chrome's Trace Event Format."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, category: str, name: str, pid: int, tid: int, at: int, **more: Any) -> None:
        """Add an event of the phase `kind` at the time `at`, in microseconds."""
        self.events.append(
            {"ph": kind, "cat": category, "name": name, "pid": pid, "tid": tid, "ts": at, **more}
        )  # fmt: skip

    def add_process(self, name: str, pid: int) -> None:
        """Give a process, which has lanes of its own, a name."""
        self.events.insert(0, {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}})

    def format_to_string(self, pretty: bool = False) -> str:
        """Return the trace as JSON."""
        return json.dumps({"traceEvents": self.events}, indent=4 if pretty else None, separators=(",", ": "))


class _Node(NamedTuple):
    """One node that ran."""

    name: str
    kind: str
    inputs: list[str]
    start: int
    took: int
    stats: step_stats_pb2.NodeExecStats


class Timeline:
    """Draws what a run did over time.

    Parameters
    ----------
    step_stats : StepStats
        Of a `RunMetadata` that a run with ``trace_level=FULL_TRACE`` filled.
    graph : Graph, optional
        Not needed.

    Examples
    --------
    >>> options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    >>> sess.run(train, options=options, run_metadata=metadata)
    >>> trace = timeline.Timeline(metadata.step_stats).generate_chrome_trace_format()
    >>> open("timeline.json", "w").write(trace)  # for chrome://tracing or ui.perfetto.dev
    """

    def __init__(self, step_stats: step_stats_pb2.StepStats, graph: Any = None) -> None:
        self._devices = [(stats.device, _nodes(stats)) for stats in step_stats.dev_stats]
        every = [node for stats in step_stats.dev_stats for node in stats.node_stats]
        self._began = {node.node_name: node.all_start_micros for node in every if not _took_time(node)}

    def analyze_step_stats(
        self, show_dataflow: bool = True, show_memory: bool = True, op_time: str = "schedule"
    ) -> StepStatsAnalysis:
        """Make the trace.

        Parameters
        ----------
        show_dataflow : bool
            Draw arrows from nodes to those that take what they made.
        show_memory : bool
            Draw what each node's outputs take.
        op_time : str
            "schedule", "gpu" or "all": from when on a node's time counts. Here all are the same.
        """
        trace = Trace()
        where: dict[str, tuple[int, int, _Node]] = {}
        for pid, (device, nodes) in enumerate(self._devices, 1):
            trace.add_process(f"{device} Compute", pid)
            for tid, node in zip(_lanes(nodes), nodes, strict=True):
                inputs = {f"input{i}": name for i, name in enumerate(node.inputs)}
                args = {"name": node.name, "op": node.kind, **inputs}
                trace.add("X", "Op", node.kind, pid, tid, node.start, dur=node.took, args=args)
                where[node.name] = (pid, tid, node)
        if show_dataflow:
            self._add_arrows(trace, where)
        maximums = self._add_memory(trace, show_memory)
        return StepStatsAnalysis(trace, maximums)

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False, op_time: str = "schedule"
    ) -> str:
        """Return the trace as JSON, for ``chrome://tracing``; see `analyze_step_stats`."""
        return self.analyze_step_stats(show_dataflow, show_memory, op_time).chrome_trace.format_to_string(pretty=True)

    def _add_arrows(self, trace: Trace, where: dict[str, tuple[int, int, _Node]]) -> None:
        programs = {place[2].start: place for place in where.values() if place[2].kind == "XlaProgram"}
        number = 0
        for pid, tid, node in where.values():
            for name in node.inputs:
                source = where.get(name) or programs.get(self._began.get(name, 0))
                if source is not None and source[2] is not node:
                    from_pid, from_tid, made = source
                    trace.add("s", "DataFlow", name, from_pid, from_tid, made.start + made.took, id=number)
                    trace.add("t", "DataFlow", name, pid, tid, node.start, id=number)
                    number += 1

    def _add_memory(self, trace: Trace, show: bool) -> dict[str, AllocationMaximum]:
        """Count the bytes that nodes made, from when they were made to the end of the run."""
        if show:
            trace.add_process("Allocators", 0)
        used: dict[str, AllocationMaximum] = {}
        for node in sorted((n for _, nodes in self._devices for n in nodes), key=lambda n: n.start + n.took):
            for memory in node.stats.memory:
                before = used.get(memory.allocator_name, AllocationMaximum(0, 0, []))
                now, size = node.start + node.took, before.num_bytes + memory.total_bytes
                used[memory.allocator_name] = AllocationMaximum(now, size, [*before.tensors, node.name])
                if show:
                    args = {memory.allocator_name: size}
                    trace.add("C", "Memory", memory.allocator_name, 0, 0, now, args=args)
        return used


def _nodes(stats: step_stats_pb2.DeviceStepStats) -> list[_Node]:
    """Return the nodes of a device that took time, by when they began.

    Those without a time of their own are parts of a program, which is there as a whole.
    """
    found = []
    for node in stats.node_stats:
        took = node.all_end_rel_micros
        if not _took_time(node):
            continue
        label = _LABEL.match(node.timeline_label)
        name, kind, inputs = label.groups() if label else (node.node_name, "unknown", "")
        found.append(_Node(name, kind, inputs.split(", ") if inputs else [], node.all_start_micros, took, node))
    return sorted(found, key=lambda node: node.start)


def _lanes(nodes: list[_Node]) -> list[int]:
    """Return in which lane each node is drawn: those that ran at once get one each."""
    ends: list[int] = []
    lanes = []
    for node in nodes:
        free = next((lane for lane, end in enumerate(ends) if end <= node.start), len(ends))
        ends[free:free + 1] = [node.start + max(node.took, 1)]  # fmt: skip
        lanes.append(free)
    return lanes


def _took_time(node: step_stats_pb2.NodeExecStats) -> bool:
    return bool(node.all_end_rel_nanos or node.all_end_rel_micros)
