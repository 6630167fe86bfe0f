"""The global step: a counter of training steps."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Tensor
from defrun.variables.initializers import zeros_initializer
from defrun.variables.modes import VariableAggregation
from defrun.variables.scope import get_variable


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """Return the value of the global step in `sess`."""
    return int(sess.run(global_step_tensor))


def get_global_step(graph: Graph | None = None) -> Any:
    """Return the global step of `graph`, or None if it has none.

    Raises
    ------
    TypeError
        If the graph's global step is no integer scalar.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) == 1:
        step = found[0]
    elif not found:
        try:
            step = graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
    else:
        raise ValueError("Multiple tensors in global_step collection.")
    assert_global_step(step)
    return step


def create_global_step(graph: Graph | None = None) -> Any:
    """Make the global step of `graph`.

    Raises
    ------
    ValueError
        If there is one.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=dtypes.int64,
            initializer=zeros_initializer(),
            trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """Return the global step of `graph`, making it if there is none."""
    graph = graph or get_default_graph()
    step = get_global_step(graph)
    return create_global_step(graph) if step is None else step


def assert_global_step(global_step_tensor: Any) -> None:
    """Raise `TypeError` unless the tensor or variable is an integer scalar."""
    if not (hasattr(global_step_tensor, "dtype") and hasattr(global_step_tensor, "get_shape")):
        raise TypeError(f"Existing 'global_step' must be a Variable or Tensor: {global_step_tensor!r}")
    tensor: Tensor | Any = global_step_tensor
    if not tensor.dtype.base_dtype.is_integer:
        raise TypeError(f"Existing 'global_step' does not have integer type: {tensor.dtype}")
    if tensor.get_shape().ndims not in (0, None):
        raise TypeError(f"Existing 'global_step' is not scalar: {tensor.get_shape()}")

