"""The graph of objects that a checkpoint of `tf.train.Checkpoint` holds beside the values, and names found in it."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import trackable_object_graph_pb2

from defrun.base.bundle import BundleReader
from defrun.base.errors import DataLossError
from defrun.ops.checkpoint import open_checkpoint

GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
VALUE = "VARIABLE_VALUE"


def object_graph_of(reader: Any) -> Any:
    """Return the TrackableObjectGraph of a checkpoint; None if it has none."""
    if not isinstance(reader, BundleReader) or GRAPH_KEY not in reader:
        return None
    try:
        return trackable_object_graph_pb2.TrackableObjectGraph.FromString(reader.read(GRAPH_KEY).item())
    except (DecodeError, TypeError, ValueError):
        raise DataLossError(None, None, f"{reader.prefix}: its graph of objects is damaged") from None


def keys_of_variables(prefix: str) -> dict[str, str] | None:
    """Return the names that variables had and their keys in a checkpoint of objects; None for another checkpoint."""
    graph = object_graph_of(open_checkpoint(prefix))
    if graph is None:
        return None
    return {one.full_name: one.checkpoint_key for node in graph.nodes for one in node.attributes if one.name == VALUE}
