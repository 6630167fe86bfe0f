"""Calling a function inside the graph."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from defrun.base.dtypes import DType
from defrun.graph.attrs import Func
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.ops.declare import op


def _results(Tout: list[DType], f: Func) -> list[Any]:
    if f.graph is None:
        return [None] * len(Tout)
    return [None if t is None else t._dims for t in f.graph.outputs[: len(Tout)]]


@op("PartitionedCall", "args: list(Tin) -> output: list(Tout)", control=True, shape=_results)
def partitioned_call(
    run, args, Tout: list[DType], f: Func, config: str = "", config_proto: str = "", executor_type: str = ""
):
    """Return what the function `f` gives for `args`."""
    return run(f, args)


@op("StatefulPartitionedCall", "args: list(Tin) -> output: list(Tout)", control=True, stateful=True, shape=_results)
def stateful_partitioned_call(
    run, args, Tout: list[DType], f: Func, config: str = "", config_proto: str = "", executor_type: str = ""
):
    """`partitioned_call` of a function that reads or writes variables, draws numbers, or has other effects."""
    return run(f, args)


@op("SymbolicGradient", "input: list(Tin) -> output: list(Tout)", control=True, differentiable=False)
def symbolic_gradient(run, input, Tout: list[DType], f: Func):
    """Return the gradients of the function `f` for its arguments, which come first in `input`.

    The gradients of its results come after them.
    """
    count = len(Tout)

    def of_floats(*arguments: Any) -> list[Any]:
        return [jnp.asarray(result) for result in run(f, list(arguments))]

    found = jax.vjp(of_floats, *map(jnp.asarray, input[:count]))[1]
    return list(found([jnp.asarray(grad) for grad in input[count:]]))


@symbolic_gradient.shape
def _(input, Tout):
    return input[: len(Tout)]


def add_call(graph: FuncGraph, inputs: list[Tensor], title: str = "", name: str | None = None) -> Operation:
    """Add a node that calls the function of `graph` with `inputs`, one for each of its arguments.

    `title` is the function's name in the graph's library.
    """
    graph.argument_places = list(range(len(inputs)))
    stateful = any(inner.definition.stateful for inner in graph._ops)
    build = stateful_partitioned_call if stateful else partitioned_call
    types = [t.dtype.base_dtype for t in graph.outputs if t is not None]
    node = build.node(inputs, types, Func(title or graph.name, graph), name=name)
    if graph.outer_controls:
        with node.graph.control_dependencies(list(dict.fromkeys(graph.outer_controls))):
            node._add_control_inputs(node.graph._control_inputs_for([]))
    return node
