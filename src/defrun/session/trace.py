"""What a run took: `RunMetadata` with the times of its programs and of its nodes on the host.

Nodes of the host are timed one by one. Those of the device are one program, which is timed as a whole: its nodes are
told of with their shapes, as having begun with it, and without a time of their own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np
from tensorboard.compat.proto import config_pb2, step_stats_pb2

from defrun.base.dtypes import as_dtype
from defrun.compile import Program
from defrun.graph.operation import Operation, Tensor
from defrun.plan import Plan, Stage
from defrun.session.devices import list_local_devices

_TASK = "/job:localhost/replica:0/task:0"


class Trace:
    """Notes what one run does, and how long that takes."""

    def __init__(self) -> None:
        self.stats = step_stats_pb2.StepStats()
        devices = [f"{_TASK}{device.name}" for device in list_local_devices()]
        self._host_name, self._device_name = devices[0], devices[-1]
        self._host = self.stats.dev_stats.add(device=self._host_name)
        same = self._device_name == self._host_name
        self._device = self._host if same else self.stats.dev_stats.add(device=self._device_name)
        self._scheduled = time.time_ns()

    @contextmanager
    def program(self, number: int, stage: Stage, program: Program, outputs: list[Any]) -> Iterator[None]:
        """Time a program, which puts its outputs into `outputs`, to their end."""
        compiled = len(program.compilations)
        start = time.time_ns()
        yield
        jax.block_until_ready(outputs)
        end = time.time_ns()
        made = program.compilations[compiled:]
        if made:
            ready = min(end, start + int(sum(done.seconds for done in made) * 1e9))
            self._note(self._host, f"compile_stage_{number}", "XlaCompile", (), start, ready)
            start = ready
        name = f"run_stage_{number}"
        node = self._note(self._device, name, "XlaProgram", (t.op.name for t in stage.inputs), start, end)
        for slot, value in enumerate(outputs):
            _describe(node.output.add(slot=slot), value)
        memory = node.memory.add(allocator_name=self._device_name.rsplit(":", 2)[-2].lower())
        memory.total_bytes = sum(value.nbytes for value in outputs)
        in_use = jax.local_devices()[0].memory_stats() or {}
        memory.allocator_bytes_in_use = in_use.get("bytes_in_use", 0)
        memory.peak_bytes = in_use.get("peak_bytes_in_use", memory.total_bytes)
        for op in stage.ops:
            inside = self._note(self._device, op.name, op.type, (t.op.name for t in op._inputs), start, start)
            _describe_declared(inside, op.outputs)

    @contextmanager
    def node(self, op: Operation, env: dict[Tensor, Any]) -> Iterator[None]:
        """Time a node of the host."""
        start = time.time_ns()
        yield
        end = time.time_ns()
        node = self._note(self._host, op.name, op.type, (t.op.name for t in op._inputs), start, end)
        size = 0
        for slot, tensor in enumerate(op.outputs):
            value = env.get(tensor)
            if isinstance(value, (np.ndarray, np.generic, jax.Array)):
                size += _describe(node.output.add(slot=slot), value)
        if size:
            node.memory.add(allocator_name="cpu", total_bytes=size, peak_bytes=size)

    def _note(
        self, where: Any, name: str, kind: str, inputs: Iterable[str], start: int, end: int
    ) -> step_stats_pb2.NodeExecStats:
        took = end - start
        return where.node_stats.add(
            node_name=name,
            timeline_label=f"{name} = {kind}({', '.join(inputs)})",
            scheduled_micros=self._scheduled // 1000,
            scheduled_nanos=self._scheduled,
            all_start_micros=start // 1000,
            all_start_nanos=start,
            op_end_rel_micros=took // 1000,
            op_end_rel_nanos=took,
            all_end_rel_micros=took // 1000,
            all_end_rel_nanos=took,
            thread_id=threading.get_native_id(),
        )

    def tell(self, metadata: config_pb2.RunMetadata, plan: Plan, options: config_pb2.RunOptions) -> None:
        """Fill `metadata` with what `options` ask for."""
        if options.trace_level > config_pb2.RunOptions.NO_TRACE:
            metadata.step_stats.CopyFrom(self.stats)
        if options.output_partition_graphs:
            for _ in dict.fromkeys((self._host_name, self._device_name)):
                metadata.partition_graphs.add().versions.producer = plan.graph.version
            host = {op.name for stage in plan.stages if not stage.device for op in stage.ops}
            for op in plan.order:
                original = plan.graph._by_name.get(op.name)  # there is none of what planning adds
                if original is not None:
                    node = metadata.partition_graphs[0 if op.name in host else -1].node.add()
                    node.CopyFrom(original.node_def)
                    node.device = self._host_name if op.name in host else self._device_name


def _describe(output: step_stats_pb2.NodeOutput, value: Any) -> int:
    """Tell of a value; returns its bytes."""
    text = value.dtype == object
    told = output.tensor_description
    told.dtype = as_dtype("string" if text else value.dtype).as_datatype_enum
    told.shape.SetInParent()
    for size in value.shape:
        told.shape.dim.add(size=size)
    size = sum(len(v) for v in value.ravel().tolist() if isinstance(v, bytes)) if text else value.nbytes
    told.allocation_description.requested_bytes = size
    return size


def _describe_declared(node: step_stats_pb2.NodeExecStats, outputs: list[Tensor]) -> None:
    for slot, tensor in enumerate(outputs):
        if tensor._dims is not None and None not in tensor._dims:
            told = node.output.add(slot=slot).tensor_description
            told.dtype = tensor.dtype.base_dtype.as_datatype_enum
            told.shape.SetInParent()
            for size in tensor._dims:
                told.shape.dim.add(size=size)
