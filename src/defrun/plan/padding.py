"""Pass 6: results whose size depends on the values, and that may stay on the device padded.

`Unique` and the like run on the host, since no compiled program makes arrays of a size that it doesn't know. But where
all that follows doesn't mind rows too many at the end, the op runs on the device and pads its result: what optimizers
do to sum gradients of one row needs no host. What an op does with a padded input stands in its `if_padded`:

- ``keeps``: each row of the results comes of the same row of the inputs, so it is padded, too
- ``ends``: rows are written to where indices say, and padding says nowhere
- ``sizes``: takes the padded size out of a shape
- ``makes``: makes as many rows as a padded size says, the last of which are zeros
- ``picks``: rows are taken from where indices say, which are none of the padding
- ``fits``: a shape whose first size is that of the rows that are kept
"""

from __future__ import annotations

from dataclasses import dataclass, field

from defrun.graph.operation import Operation, Tensor


@dataclass
class Padding:
    """What `find_padding` found: the op that a tensor's padding comes from."""

    tensors: dict[Tensor, Operation] = field(default_factory=dict)
    """Those with more rows than they should have."""
    sizes: dict[Tensor, Operation] = field(default_factory=dict)
    """Shapes and sizes of those."""

    @property
    def ops(self) -> set[Operation]:
        """Ops that pad."""
        return {*self.tensors.values()}


def find_padding(
    order: list[Operation], feeds: tuple[Tensor, ...], fetches: tuple[Tensor | Operation, ...]
) -> Padding:
    """Find the ops of the host that may run on the device, and which tensors are padded then."""
    makers = {op for op in order if _can_pad(op)}
    fed, wanted = set(feeds), {f for f in fetches if isinstance(f, Tensor)}
    while makers:
        found = Padding()
        refused = _follow(order, makers, fed, wanted, found)
        if not refused:
            return found
        makers -= refused
    return Padding()


def _can_pad(op: Operation) -> bool:
    definition = op.definition
    return definition.padded_form is not None and op._inputs[0].dtype.base_dtype in definition.padded_types


def _follow(
    order: list[Operation], makers: set[Operation], fed: set[Tensor], wanted: set[Tensor], found: Padding
) -> set[Operation]:
    """Follow what `makers` pad through `order`; return those of them that must not pad."""
    refused: set[Operation] = set()
    for op in order:
        rows = {found.tensors[t] for t in op._inputs if t in found.tensors}
        sizes = {found.sizes[t] for t in op._inputs if t in found.sizes}
        if op in makers:
            refused |= rows | sizes
            _note(found.tensors, op.outputs[: op.definition.padded_outputs], op, fed)
        elif rows or sizes:
            origin = next(iter(rows | sizes))
            result = _result(op, found) if len(rows | sizes) == 1 else None
            if result is None:
                refused |= rows | sizes
            elif result == "sizes":
                _note(found.sizes, op.outputs, origin, fed)
            elif result == "padded":
                _note(found.tensors, op.outputs, origin, fed)
    return refused | {o for kind in (found.tensors, found.sizes) for t, o in kind.items() if t in wanted}


def _note(kind: dict[Tensor, Operation], outputs: list[Tensor], origin: Operation, fed: set[Tensor]) -> None:
    kind.update((t, origin) for t in outputs if t not in fed)


_OF_SIZES = {"sizes": "sizes", "makes": "padded"}
_OF_ROWS = {"keeps": "padded", "ends": "plain", "picks": "plain"}


def _result(op: Operation, found: Padding) -> str | None:
    """Say what the outputs of an op with padded inputs are: "padded", "sizes" or "plain". None: it can't take them."""
    definition = op.definition
    if definition.of_shape:
        return "sizes" if definition.of_shape == "shape" else "plain"
    roles = definition.if_padded(op) if callable(definition.if_padded) else definition.if_padded
    named = [(roles.get(arg.name), t) for arg, t in zip(definition.flat_args(op.attrs), op._inputs, strict=True)]
    taken = {role for role, t in named if t in found.tensors}
    sizes = {role for role, t in named if t in found.sizes}
    if sizes and not taken:
        return _OF_SIZES.get(str(sizes.pop())) if len(sizes) == 1 else None
    role = taken.pop() if len(taken) == 1 else None
    if role not in _OF_ROWS or definition.host or sizes - {"fits"}:
        return None
    rank = min((-1 if t._dims is None else len(t._dims) for _, t in named if t in found.tensors), default=-1)
    others = [t._dims for name, t in named if name is not None and t not in found.tensors and t not in found.sizes]
    if not all(dims == () or (role == "keeps" and dims is not None and len(dims) < rank) for dims in others):
        return None
    return _OF_ROWS[role]
