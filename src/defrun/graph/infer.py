"""Types and shapes of a node's outputs, from its op's signature and shape rule."""

from __future__ import annotations

from typing import Any

from defrun.base import shapes
from defrun.base.dtypes import DType
from defrun.graph.opdef import REQUIRED, Arg, Dims, OpDef, count, plain
from defrun.graph.operation import Operation, Tensor
from defrun.graph.static import partial_value


def complete_attrs(definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> None:
    """Add to `attrs` what follows from the inputs (one number per list must be given) and the defaults.

    Raises
    ------
    ValueError
        If an attr without default is missing.
    """
    at = 0
    for arg in definition.inputs:
        n = count(arg, attrs) if arg.many is not None else 1
        if arg.typed_list:
            attrs.setdefault(arg.many, [t.dtype.base_dtype for t in inputs[at : at + n]])  # type: ignore[arg-type]
        elif isinstance(arg.type, str) and n:
            attrs.setdefault(arg.type, inputs[at].dtype.base_dtype)
        at += n
    for name, attr in definition.attrs.items():
        if name not in attrs:
            if attr.default is REQUIRED:
                raise ValueError(f"No attr named '{name}' given for op type {definition.type}")
            attrs[name] = attr.default


def infer(definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any], name: str) -> tuple[list[DType], list[Dims]]:
    """Return the dtypes and the shapes of the outputs.

    Raises
    ------
    ValueError
        If the shapes of the inputs don't go together.
    """
    try:
        dims = _output_dims(definition, inputs, attrs)
    except ValueError as error:
        given = ", ".join(str(t.shape) for t in inputs)
        raise ValueError(
            f"{error} for '{name.rstrip('/')}' (op: '{definition.type}') with input shapes: {given}."
        ) from None
    types: list[DType] = []
    for arg in definition.outputs:
        if arg.typed_list:
            types.extend(attrs[arg.many])  # type: ignore[index]
        else:
            kind = attrs[arg.type] if isinstance(arg.type, str) else arg.type
            types.extend([kind._as_ref if arg.ref else kind] * count(arg, attrs))
    return types, dims


def _output_dims(definition: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> list[Dims]:
    known = _Axes(attrs)
    given: list[Any] = []
    at = 0
    for arg in definition.inputs:
        n = count(arg, attrs)
        found = [known.unify(arg, t._dims if definition.forwards else t.value_dims) for t in inputs[at : at + n]]
        given.append(found[0] if arg.many is None else found)
        at += n
    if definition.shape_rule is None:
        return [known.fill(arg.dims) for arg in definition.outputs for _ in range(count(arg, attrs))]
    if definition.shape_rule_takes is None:
        result = definition.shape_rule(*given)
    else:
        result = definition.shape_rule(**_arguments(definition, definition.shape_rule_takes, inputs, attrs, given))
    if len(definition.outputs) == 1 and definition.outputs[0].many is None:
        return [None if result is None else tuple(result)]
    return [None if dims is None else tuple(dims) for dims in result]


def _arguments(
    definition: OpDef, takes: tuple[str, ...], inputs: list[Tensor], attrs: dict[str, Any], given: list[Any]
) -> dict[str, Any]:
    """Gather what a rule asks for."""
    at = 0
    values: dict[str, Any] = {}
    for arg, dims in zip(definition.inputs, given, strict=True):
        if arg.name in takes:
            values[arg.name] = partial_value(inputs[at]) if arg.static and arg.many is None else dims
        at += count(arg, attrs)
    for parameter in takes:
        if parameter not in values:
            values[parameter] = plain(attrs[parameter])
    return values


def static_flags(op: Operation) -> list[bool]:
    """Return, for each input, whether its value must be known when the node is compiled."""
    definition = op.definition
    args = definition.flat_args(op.attrs)
    if definition.static_rule is None:
        return [arg.static for arg in args]
    dims = definition.group([t.value_dims for t in op._inputs], op.attrs)
    takes = definition.static_rule_takes
    needed = definition.static_rule(**_arguments(definition, takes, op._inputs, op.attrs, dims))
    return [arg.static and arg.name in needed for arg in args]


def known_in_part(op: Operation) -> dict[str, Any]:
    """Return what the graph says of the values of static inputs, by name."""
    args = op.definition.flat_args(op.attrs)
    return {arg.name: partial_value(t) for arg, t in zip(args, op._inputs, strict=True) if arg.static}


class _Axes:
    """Sizes found for the names in a signature."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        self.attrs = attrs
        self.sizes: dict[str, int | None] = {}
        self.rest: Dims = None
        self.rest_seen = False

    def unify(self, arg: Arg, dims: Dims) -> Dims:
        """Hold `dims` against the pattern of `arg`; return them, filled up if only the rank is known."""
        pattern = arg.dims
        if pattern is None:
            return dims
        if "..." not in pattern:
            if dims is None:
                return (None,) * len(pattern)
            if len(dims) != len(pattern):
                raise ValueError(f"Shape must be rank {len(pattern)} but is rank {len(dims)} for '{arg.name}'")
            self._bind(arg, pattern, dims)
            return dims
        if dims is None:
            return None
        named = len(pattern) - 1
        if len(dims) < named:
            raise ValueError(f"Shape must be at least rank {named} but is rank {len(dims)} for '{arg.name}'")
        before = pattern.index("...")
        after = named - before
        rest = dims[before : len(dims) - after]
        try:
            self.rest = shapes.merge(self.rest, rest) if self.rest_seen else rest
        except ValueError as error:
            raise ValueError(f"'{arg.name}' doesn't fit: {error}") from None
        self.rest_seen = True
        self._bind(arg, pattern[:before], dims[:before])
        self._bind(arg, pattern[before + 1 :], dims[len(dims) - after :])
        return dims

    def _bind(self, arg: Arg, names: tuple[str | int, ...], sizes: tuple[int | None, ...]) -> None:
        for name, size in zip(names, sizes, strict=True):
            if size is None:
                continue
            known = name if isinstance(name, int) else self.sizes.get(name)
            if known is not None and known != size:
                raise ValueError(
                    f"Dimensions must be equal, but are {known} and {size} for axis {name} of '{arg.name}'"
                )
            if isinstance(name, str):
                self.sizes[name] = size

    def fill(self, pattern: tuple[str | int, ...] | None) -> Dims:
        """Return the shape that `pattern` stands for."""
        if pattern is None:
            return None
        dims: list[int | None] = []
        for name in pattern:
            if isinstance(name, int):
                dims.append(name)
            elif name != "...":
                dims.append(self.sizes.get(name, self.attrs.get(name)))
            elif self.rest is None:
                return None
            else:
                dims.extend(self.rest)
        return tuple(dims)
