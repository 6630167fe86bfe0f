"""Nodes added to a graph as they are, outside of the scopes that are open: those that come from a message."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from defrun.base import device as devices
from defrun.base.dtypes import DType
from defrun.graph.graph import Graph
from defrun.graph.opdef import Dims, OpDef
from defrun.graph.operation import Operation, Tensor


def insert(
    graph: Graph,
    definition: OpDef,
    inputs: list[Tensor],
    control: list[Operation],
    attrs: dict[str, Any],
    name: str,
    output_types: list[DType],
    output_dims: list[Dims],
) -> Operation:
    """Add a node under this very name, with these attrs; it still waits for what the open blocks wait for."""
    if graph._controllers:
        control = [*control, *(c for c in graph._control_inputs_for(inputs) if c not in control)]
    op = graph._new(definition, inputs, control, attrs, name, output_types, output_dims)
    graph._names_in_use.setdefault(name.lower(), 1)
    return op


def choose_device(op: Operation, wanted: str) -> None:
    """Place a node where it wants to be, as far as it says so, and else where the open scopes say."""
    op._device = devices.merge(wanted, "") if wanted else ""
    for choose in reversed(op.graph._devices):
        op._set_device(choose(op) or "")


@contextlib.contextmanager
def all_or_nothing(graph: Graph) -> Iterator[None]:
    """Take back the nodes that a block adds if it fails."""
    before = len(graph._ops)
    try:
        yield
    except BaseException:
        added = graph._ops[before:]
        del graph._ops[before:]
        for op in added:
            del graph._by_name[op.name]
            graph._names_in_use.pop(op.name.lower(), None)
            _disconnect(op)
        raise


def _disconnect(op: Operation) -> None:
    for tensor in op._inputs:
        tensor._consumers.remove(op)
    for control in op._control_inputs:
        control._control_outputs.remove(op)
