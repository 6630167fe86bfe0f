"""Pass 5: values that must be known when a stage is compiled (shapes, axes, permutations).

From each input marked `static` the graph is walked back. Constants and shapes of tensors fold while tracing. If the
walk
reaches small fed tensors, their values become part of the compile key. If it reaches anything else (a variable, a
random op, a host op), the value is computed by an earlier stage and comes to the host first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from defrun.graph.operation import Operation, Tensor
from defrun.plan.functions import can_fold, static_inputs


@dataclass
class Statics:
    """What `find_statics` found."""

    folded: set[Operation] = field(default_factory=set)
    """Run on NumPy while tracing."""
    feeds: set[Tensor] = field(default_factory=set)
    """Fed tensors whose values are part of the compile key."""
    fetched: set[Tensor] = field(default_factory=set)
    """Values to compute in an earlier stage."""


def find_statics(order: list[Operation], feeds: tuple[Tensor, ...]) -> Statics:
    """Find how each static input of `order` gets its value."""
    fed = set(feeds)
    found = Statics()
    for op in order:
        for static, tensor in zip(static_inputs(op), op._inputs, strict=False):
            if static:
                _walk(tensor, fed, found)
    return found


def _walk(tensor: Tensor, fed: set[Tensor], found: Statics) -> None:
    folded: set[Operation] = set()
    feeds: set[Tensor] = set()
    stack = [tensor]
    while stack:
        current = stack.pop()
        op = current._op
        if current in fed:
            if not _small(current):
                found.fetched.add(tensor)
                return
            feeds.add(current)
        elif op.definition.tells is not None and (told := op.definition.tells(op, current._value_index)) is not None:
            stack.extend(told)
        elif op not in folded and op not in found.folded:
            if not op.definition.of_shape:
                if not can_fold(op):
                    found.fetched.add(tensor)
                    return
                stack.extend(op._inputs)
            folded.add(op)
    found.folded |= folded
    found.feeds |= feeds


def _small(tensor: Tensor) -> bool:
    """Whether a fed value is such as shapes are made of: a number or a list of integers."""
    dims = tensor._dims
    return dims is not None and (len(dims) == 0 or (len(dims) == 1 and tensor.dtype.is_integer))
