"""Whether a checkpoint fits the variables that a graph restores from it.

A reference variable refuses a value of another shape when it is assigned. A resource variable takes any, as in
TensorFlow; so before these are restored, the shapes in the checkpoint are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from defrun.base import errors, shapes
from defrun.base.text import as_str
from defrun.graph.operation import Operation
from defrun.graph.static import constant_value
from defrun.ops.checkpoint import open_checkpoint


def restored_resources(restore: Operation) -> Iterator[tuple[Operation, str]]:
    """Yield the nodes that assign resource variables under a restore op, and the names of the tensors they take."""
    waiting, seen = [restore], {restore}
    while waiting:
        node = waiting.pop()
        if node.type == "AssignVariableOp":
            name = _source(node.inputs[1])
            if name is not None:
                yield node, name
            continue
        more = [other for other in node.control_inputs if other not in seen]
        seen.update(more)
        waiting += more


def _source(value: Any) -> str | None:
    """Return the name of the whole tensor of a checkpoint that a value is; None if it is something else."""
    while value.op.type == "Identity":
        value = value.op.inputs[0]
    if value.op.type != "RestoreV2":
        return None
    names, parts = (constant_value(tensor) for tensor in value.op.inputs[1:])
    number = value.op.outputs.index(value)
    return as_str(names[number]) if names is not None and parts is not None and not parts[number] else None


def check_fits(restore: Operation, prefix: str) -> None:
    """Raise InvalidArgumentError if a resource variable has another shape than its value in a checkpoint."""
    pairs = list(restored_resources(restore))
    reader = open_checkpoint(prefix) if pairs else None
    for node, name in pairs:
        if reader is None or name not in reader:
            continue
        wanted, found = node.inputs[0].value_dims, tuple(reader.shape(name))
        if not shapes.compatible(wanted, found):
            variable = node.inputs[0].op.name
            text = f"The variable {variable} has the shape {shapes.text(wanted)}"
            text += f", but {name} in {prefix} has the shape {shapes.text(found)}"
            raise errors.InvalidArgumentError(node.node_def, node, text)
