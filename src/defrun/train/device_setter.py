"""Devices for the nodes of a replica: variables on parameter servers, the rest on the worker."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tensorboard.compat.proto.cluster_pb2 import ClusterDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef

from defrun.base.device import DeviceSpec
from defrun.base.logging import warning

STANDARD_PS_OPS = (
    "Variable",
    "VariableV2",
    "AutoReloadVariable",
    "MutableHashTable",
    "MutableHashTableV2",
    "MutableHashTableOfTensors",
    "MutableHashTableOfTensorsV2",
    "MutableDenseHashTable",
    "MutableDenseHashTableV2",
    "VarHandleOp",
    "BoostedTreesEnsembleResourceHandleOp",
    "BoostedTreesQuantileStreamResourceHandleOp",
    "ResourceConditionalAccumulator",
)
"""Types of ops that hold what is trained."""


def replica_device_setter(
    ps_tasks: int = 0,
    ps_device: str = "/job:ps",
    worker_device: str = "/job:worker",
    merge_devices: bool = True,
    cluster: Any = None,
    ps_ops: Any = None,
    ps_strategy: Callable[[Any], int] | None = None,
) -> Callable[[Any], str] | None:
    """Return a function for `tf.device` that puts variables on the parameter servers in turn.

    Parameters
    ----------
    ps_tasks : int
        How many parameter servers there are. Without any, nothing is placed: the result is None.
    ps_device, worker_device : str
    merge_devices : bool
        Complete devices that are given in parts; else leave them alone.
    cluster : ClusterSpec, ClusterDef or dict, optional
        Tells how many servers there are.
    ps_ops : list of str, optional
        Types of ops for the servers; by default variables and tables.
    ps_strategy : callable, optional
        Gives the number of the server for an operation.

    Returns
    -------
    callable or None

    Raises
    ------
    TypeError
        If `ps_strategy` is not callable.
    """
    if cluster is not None:
        ps_tasks = len(_jobs(cluster).get(DeviceSpec.from_string(ps_device).job or "") or ())
    if ps_tasks == 0:
        return None
    if not merge_devices:
        warning("It is recommended to set merge_devices=true in replica_device_setter")
    turns = itertools.cycle(range(ps_tasks))
    strategy = ps_strategy if ps_strategy is not None else lambda _: next(turns)
    if not callable(strategy):
        raise TypeError(f"ps_strategy must be callable, not {strategy!r}")
    held = set(STANDARD_PS_OPS if ps_ops is None else ps_ops)

    def device(op: Any) -> str:
        if not merge_devices and op.device:
            given: str = op.device
            return given
        current = DeviceSpec.from_string(op.device or "")
        node_type = op.op if isinstance(op, NodeDef) else op.type
        if not ps_device or node_type not in held:
            return DeviceSpec.from_string(worker_device or "").make_merged_spec(current).to_string()
        server = DeviceSpec.from_string(ps_device)
        if server.job and (not current.job or current.job == server.job):
            server = server.replace(task=strategy(op))
        return server.make_merged_spec(current).to_string()

    return device


def _jobs(cluster: Any) -> dict[str, Any]:
    """Return {job: its tasks}."""
    if isinstance(cluster, ClusterDef):
        return {job.name: dict(job.tasks) for job in cluster.job}
    return dict(cluster.as_dict() if hasattr(cluster, "as_dict") else cluster)
