"""Names of TensorFlow's private modules that scripts use: where to look for them here, or what they are.

Most private names need no entry: what has a public name, or bears the same name in our rooms, is found by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from defrun.base import dtypes, nest
from defrun.gradients.walk import gradients
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.convert import convert_to_tensor, graph_of
from defrun.graph.graph import Graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import array
from defrun.ops.search import bucketize
from defrun.train.checkpoint_reader import NewCheckpointReader
from defrun.variables.partitioned import PartitionedVariable
from defrun.variables.scope import pure_variable_scope
from defrun.variables.variable import Variable

# Modules of TensorFlow's that are here under another name.
COUNTERPARTS = {
    "examples.tutorials.mnist.input_data": "files.mnist",
    "contrib.learn.python.learn.datasets.mnist": "files.mnist",
    "python.lib.io.file_io": "files.file_io",
    "python.platform.app": "app",
    "python.platform.flags": "flags",
    "python.platform.gfile": "gfile",
    "python.platform.tf_logging": "logging",
    "python.platform.test": "test",
    "python.tools.inspect_checkpoint": "files.inspect_checkpoint",
    "python.platform.googletest": "test",
}

# Modules whose names are looked for in these of ours, and nowhere else; ours may lack the underscore before a name.
ONLY_IN = {
    "contrib.cudnn_rnn.python.ops.cudnn_rnn_ops": (
        "contrib.cudnn_rnn.networks", "contrib.cudnn_rnn.cells", "contrib.cudnn_rnn.formats",
        "contrib.cudnn_rnn.saving",
    ),
    "python.client.device_lib": ("session.devices",),
    "python.client.timeline": ("session.timeline",),
    "python.framework.dtypes": ("base.dtypes",),
    "python.framework.errors": ("base.errors",),
    "python.framework.errors_impl": ("base.errors",),
    "python.framework.tensor_shape": ("base.shapes",),
    "python.framework.test_util": (
        "testing.graphs", "testing.case", "testing.places", "testing.decorators", "testing.layouts",
    ),
    "python.ops.metrics_impl": (
        "metrics.state", "metrics.ranks", "metrics.thresholds", "metrics.counts", "metrics.classes",
        "metrics.at_k", "metrics.labels_at_k",
    ),
    "python.ops.resources": ("variables.shared_resources",),
    "python.ops.lookup_ops": (
        "lookup.vocabularies", "lookup.tables", "lookup.buckets", "lookup.mutable", "lookup.initializers",
    ),
    "python.tf2": ("base.modes",),
    "python.util.all_util": ("base.decorators",),
    "python.util.compat": ("base.text",),
    "python.util.deprecation": ("base.deprecation",),
    "python.util.nest": ("base.nest",),
    "python.util.tf_contextlib": ("base.decorators",),
    "python.util.tf_decorator": ("base.decorators",),
    "python.util.tf_export": ("base.decorators",),
    "python.util.tf_inspect": ("base.decorators",),
    "python.util.tf_should_use": ("base.decorators",),
}  # fmt: skip

# What `import tensorflow as tf` gives as attributes, beside the public modules.
ATTRIBUTES = {
    "compiler": "compiler", "core": "core", "python": "python", "pywrap_tensorflow": "python.pywrap_tensorflow",
    "tools": "tools",
}  # fmt: skip


class _TensorLikeKind(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, (Tensor, IndexedSlices, SparseTensor, Variable, PartitionedVariable))


class TensorLike(metaclass=_TensorLikeKind):
    """What `isinstance` says of tensors, dense or not, and variables."""


def _as_graph_element(obj: Any) -> Any:
    convert = getattr(obj, "_as_graph_element", None)
    return None if convert is None else convert()


def _graph_from_inputs(op_input_list: Iterable[Any], graph: Graph | None = None) -> Graph:
    return graph or graph_of(op_input_list)


def is_dense_tensor_like(t: Any) -> bool:
    """Whether `t` is a tensor or a variable."""
    return isinstance(t, (Tensor, Variable, PartitionedVariable))


def shape_internal(input: Any, name: str | None = None, optimize: bool = True, out_type: Any = dtypes.int32) -> Tensor:
    """Return the shape of a tensor: a constant if it is known and `optimize` allows that."""
    if optimize or isinstance(input, SparseTensor):
        return array.shape(input, name=name, out_type=out_type)
    with name_scope(name, "Shape", [input]) as scope:
        return array.shape_of(convert_to_tensor(input), out_type=out_type, name=scope)


def gradients_v2(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = "none",
) -> list[Any]:
    """`tf.gradients`, with the gradients on the devices of the operations."""
    return gradients(
        ys, xs, grad_ys, name, True, gate_gradients, aggregation_method, stop_gradients, unconnected_gradients
    )  # fmt: skip


NAMES: dict[str, Any] = {
    "python.framework.ops._TensorLike": TensorLike,
    "python.framework.ops._as_graph_element": _as_graph_element,
    "python.framework.ops._get_graph_from_inputs": _graph_from_inputs,
    "python.framework.ops.is_dense_tensor_like": is_dense_tensor_like,
    "python.ops.array_ops.shape_internal": shape_internal,
    "python.ops.control_flow_util.GraphOrParentsInXlaContext": lambda graph: False,
    "python.ops.gradients_impl.gradients_v2": gradients_v2,
    "python.ops.math_ops._bucketize": bucketize,
    "python.ops.variable_scope._pure_variable_scope": pure_variable_scope,
    "python.pywrap_tensorflow.IsSequence": nest.is_sequence,
    "python.pywrap_tensorflow.NewCheckpointReader": NewCheckpointReader,
}
