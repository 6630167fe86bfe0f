"""Pass 3: what a node of the host needs to know of a large tensor is found out on the device, in the step's program.

A histogram of weights is 1551 counts: the weights need not come to the host for them. An op of the host may say, for an
input, what it wants to know of it (`OpDef.digest`). Where that input is made on the device, two nodes run in the place
of the one: one of the device that computes the digest, and one of the host that takes it for the input. The user's
graph knows nothing of them.
"""

from __future__ import annotations

import math

from defrun.graph.infer import infer
from defrun.graph.opdef import Dims, OpDef
from defrun.graph.operation import Operation, Tensor
from defrun.plan.stages import is_given, runs_on_host


class Stand(Operation):
    """Runs in the place of a node, and equals it: to whoever asks who makes a tensor, it is the maker."""

    def __init__(self, op: Operation, definition: OpDef, inputs: list[Tensor]) -> None:
        self.__dict__.update(op.__dict__)
        self._inputs = inputs
        self._original = op
        self.definition = definition

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._original

    def __hash__(self) -> int:
        return hash(self._original)


class Part(Operation):
    """Computes, on the other side, what a node needs to know of one of its inputs."""

    def __init__(self, op: Operation, definition: OpDef, taken: Tensor) -> None:
        self.__dict__.update(op.__dict__)
        self.definition = definition
        self.name = f"{op.name}:{self.definition.outputs[0].name}"
        self._inputs = [taken]
        self._control_inputs = []
        types, dims = infer(self.definition, self._inputs, dict(op.attrs), self.name)
        self.outputs = [Tensor(self, 0, types[0], dims[0])]


def digest_inputs(order: list[Operation], feeds: tuple[Tensor, ...]) -> list[Operation]:
    """Return `order` with nodes of the host split in two where that keeps something large on the device."""
    if not any(op.definition.digest for op in order):
        return order
    fed = set(feeds)
    found: list[Operation] = []
    for op in order:
        found.extend(_split(op, fed))
    return found


def _split(op: Operation, fed: set[Tensor]) -> list[Operation]:
    digest = op.definition.digest
    if digest is None:
        return [op]
    place = [arg.name for arg in op.definition.inputs].index(digest.input)
    taken = op._inputs[place]
    if taken in fed or is_given(taken._op) or runs_on_host(taken._op):
        return [op]
    part = Part(op, digest.part, taken)
    told = part.outputs[0]
    if told._dims is not None and _size(told) >= _size(taken):
        return [op]
    return [part, Stand(op, digest.rest, [told if i == place else t for i, t in enumerate(op._inputs)])]


def _size(tensor: Tensor) -> float:
    """Return how many bytes a tensor has; endless if that is not known."""
    dims: Dims = tensor._dims
    if dims is None or None in dims:
        return math.inf
    return math.prod(dims) * tensor.dtype.size  # type: ignore[arg-type]
