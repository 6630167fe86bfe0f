"""What is known of an op type: its signature, its meaning, and its rules. One record each, kept in one registry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import FailedPreconditionError
from defrun.graph.op_modules import MODULES

Dims = tuple[int | None, ...] | None
"""A shape as rules see it: a size for each axis (None: not known), or None where even the rank is not known."""


@dataclass(frozen=True)
class Arg:
    """One input or output: ``name: [ref|static] TYPE[dims]``."""

    name: str
    type: DType | str  # a dtype, or the attr that holds it
    ref: bool = False
    static: bool = False
    many: str | None = None  # 'N' in 'N * T', or the attr of types in 'list(Tin)'
    dims: tuple[str | int, ...] | None = None

    @property
    def is_list(self) -> bool:
        return self.many is not None

    @property
    def typed_list(self) -> bool:
        return self.many is not None and self.many == self.type


@dataclass(frozen=True)
class Attr:
    """One attr: its kind (as in TensorFlow's OpDef), default (`REQUIRED` if none) and, for types, what is allowed."""

    name: str
    kind: str
    default: Any
    allowed: frozenset[DType] | None = None


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


@dataclass(eq=False)
class OpDef:
    """An op type. `ops/declare.py` makes these; nothing else does."""

    type: str
    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    attrs: dict[str, Attr]
    body: Callable[..., Any]
    body_attrs: tuple[str, ...] = ()
    shape_rule: Callable[..., Any] | None = None
    gradient_rule: Callable[..., Any] | None = None
    differentiable: bool = True
    writes: tuple[str, ...] = ()
    """Inputs whose variable the body gives a new value."""
    gated: bool = False
    """The body takes, as keyword ``ok``, whether the checks so far hold (None: there are none), and heeds it."""
    declared: bool = False
    """The body asks for the shapes that its inputs have in the graph, as keyword ``dims``."""
    reads: bool = True
    """Whether a variable among the inputs must be initialized."""
    unset: Any = FailedPreconditionError
    """What to raise if it isn't."""
    forwards: bool = False
    """Passes a reference to a variable on instead of reading it, as TensorFlow's shared buffers do."""
    variable: bool = False
    """The output stands for a value that the session keeps."""
    resource: bool = False
    """The body makes a `Resource`, once for each session, and the output is that object."""
    transient: bool = False
    """The first output stands for a value that lives for one run: the body gives that value, and the other outputs.

    Where the first input is such a value, the node makes another one beside it, named by its attr ``source``; the body
    gets the one that is there already, or None, as keyword ``current``.
    """
    tells: Callable[[Any, int], Any] | None = None
    """Says of an operation and an output from which tensors the output's value follows while tracing; None: it doesn't.
    """
    host_where: Callable[[Any], bool] | None = None
    """Says of an operation whether it runs on the host."""
    placeholder: bool = False
    """The value must be fed."""
    host: bool = False
    """Runs on the host, on NumPy values."""
    folds: bool = False
    """The body also runs on NumPy values."""
    of_shape: str = ""
    """The value depends on no more of the inputs than their "shape", or their "rank"."""
    stateful: bool = False
    """Not to be folded, merged or run without need."""
    if_padded: Any = field(default_factory=dict)
    """What comes of inputs with padded rows, by name, or a function of the node that tells: see plan/padding."""
    padded_form: Callable[..., Any] | None = None
    """The body for a device, of an op whose result's size depends on the values: it pads the result."""
    padded_types: frozenset[DType] = frozenset()
    """The types of the first input for which there is that form."""
    padded_outputs: int = 1
    """How many of the outputs, the first ones, it pads."""
    control: bool = False
    """The body's first argument is a function that runs graphs: ``run(func, values)`` returns their outputs."""
    may_be_empty: tuple[str, ...] = ()
    """Inputs of the form ``N * T`` that may have no elements."""
    initial_state: Callable[[dict[str, Any]], Any] | None = None
    """Makes the state that the op owns in each session (a random generator); the body takes and returns it."""
    counted: Counted | None = None
    """The form for a device of an op that runs on the host since the size of its result depends on values."""
    digest: Digest | None = None
    """What the op, which runs on the host, needs to know of an input that is made on the device."""
    static_rule: Callable[..., Any] | None = None
    """Says which of the static inputs a node needs to know indeed; called as the shape rule is."""
    static_rule_takes: tuple[str, ...] = field(default=(), repr=False)
    shape_rule_takes: tuple[str, ...] | None = field(default=None, repr=False)
    """Parameters of the shape rule; None: the shapes of all inputs in order."""

    @cached_property
    def input_types(self) -> tuple[str, ...]:
        """Attrs that follow from the inputs: types and lengths."""
        found: dict[str, None] = {}
        for arg in self.inputs:
            if isinstance(arg.type, str):
                found[arg.type] = None
            if arg.many is not None:
                found[arg.many] = None
        return tuple(found)

    def flat_args(self, attrs: dict[str, Any]) -> list[Arg]:
        """One `Arg` for each input of a node with `attrs`: those of lists repeated."""
        if not any(arg.many is not None for arg in self.inputs):
            return list(self.inputs)
        return [arg for arg in self.inputs for _ in range(count(arg, attrs))]

    @cached_property
    def takes_padded(self) -> bool:
        """Whether the body asks if its inputs are padded, as keyword ``padded``."""
        code = self.body.__code__
        return "padded" in code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]

    @cached_property
    def has_static(self) -> bool:
        """Whether any input must be known when compiling."""
        return any(arg.static for arg in self.inputs)

    @cached_property
    def has_refs(self) -> bool:
        """Whether any input is a reference to a variable."""
        return any(arg.ref for arg in self.inputs)

    def group(self, flat: list[Any], attrs: dict[str, Any]) -> list[Any]:
        """Fold the flat list of an op's inputs into one entry per argument; lists for list arguments."""
        if not any(arg.many is not None for arg in self.inputs):
            return flat
        return _group(self.inputs, flat, attrs)

    def call(self, flat: list[Any], attrs: dict[str, Any], pads: bool = False, **extra: Any) -> Any:
        """Apply the body, or the form that pads its results, to the flat list of input values."""
        body = self.padded_form if pads and self.padded_form is not None else self.body
        with np.errstate(all="ignore"):  # inf and NaN are values too
            return body(*self.group(flat, attrs), **self.body_arguments(attrs), **extra)

    def body_arguments(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Attrs in the form that bodies and rules see."""
        return {name: plain(attrs[name]) for name in self.body_attrs}


@dataclass(frozen=True)
class Counted:
    """How an op of the host, the size of whose result follows from one input, runs on a device: see plan/counts."""

    input: str
    part: OpDef
    """Takes that input and says how many rows the result has, on the host."""
    rest: OpDef
    """Takes the op's inputs and that number, on the device."""


@dataclass(frozen=True)
class Digest:
    """How an op of the host is split where an input is made on the device: see plan/digest."""

    input: str
    part: OpDef
    """Takes the input, on the device."""
    rest: OpDef
    """Takes what that gives in the input's place, on the host."""


class Shape(tuple[Any, ...]):
    """A shape attr of known rank. An unknown rank is `UNKNOWN_SHAPE`."""


class _UnknownShape:
    def __repr__(self) -> str:
        return "UNKNOWN_SHAPE"


UNKNOWN_SHAPE = _UnknownShape()


def plain(value: Any) -> Any:
    """Turn an attr value into what bodies and rules see: shapes become `Dims`."""
    if value is UNKNOWN_SHAPE:
        return None
    if isinstance(value, Shape):
        return tuple(value)
    if isinstance(value, list) and value and (value[0] is UNKNOWN_SHAPE or isinstance(value[0], Shape)):
        return [plain(v) for v in value]
    return value


def count(arg: Arg, attrs: dict[str, Any]) -> int:
    """How many tensors `arg` stands for under `attrs`."""
    if arg.many is None:
        return 1
    length = attrs[arg.many]
    return length if isinstance(length, int) else len(length)


def _group(args: tuple[Arg, ...], flat: list[Any], attrs: dict[str, Any]) -> list[Any]:
    grouped: list[Any] = []
    at = 0
    for arg in args:
        n = count(arg, attrs)
        grouped.append(flat[at] if arg.many is None else list(flat[at : at + n]))
        at += n
    return grouped


_registry: dict[str, OpDef] = {}


def register(definition: OpDef) -> None:
    """Add `definition` to the registry; a type is defined once."""
    if definition.type in _registry:
        raise ValueError(f"Op type {definition.type} is already defined")
    _registry[definition.type] = definition


def find(op_type: str) -> OpDef | None:
    """Return the definition of `op_type`, None if there is none; the module that declares it is imported if need be."""
    if op_type not in _registry:
        for module, types in MODULES.items():
            if op_type in types.split():
                import_module(module)
    return _registry.get(op_type)


def lookup(op_type: str) -> OpDef:
    """Return the definition of `op_type`; `NotImplementedError` if there is none."""
    found = find(op_type)
    if found is None:
        raise NotImplementedError(f"defrun has no op type {op_type!r} yet")
    return found


def registered() -> dict[str, OpDef]:
    """Every op type by name."""
    for module in MODULES:
        import_module(module)
    return dict(_registry)


_ARG = re.compile(
    r"(?P<name>\w+):\s*(?P<marks>(?:(?:ref|static)\s+)*)"
    r"(?:(?P<n>\w+)\s*\*\s*)?(?:list\((?P<types>\w+)\)|(?P<type>\w+))(?:\[(?P<dims>[^\]]*)\])?$"
)


def parse_signature(schema: str) -> tuple[tuple[Arg, ...], tuple[Arg, ...]]:
    """Read ``a: T[m,k], b: T[k,n] -> product: T[m,n]`` into inputs and outputs."""
    left, arrow, right = schema.partition("->")
    if not arrow:
        raise ValueError(f"no '->' in schema {schema!r}")
    return _parse_args(left), _parse_args(right)


def _parse_args(text: str) -> tuple[Arg, ...]:
    parts = [part.strip() for part in re.split(r",(?![^\[]*\])", text)]
    return tuple(_parse_arg(part) for part in parts if part)


@cache  # many ops take and give the like
def _parse_arg(text: str) -> Arg:
    match = _ARG.match(text)
    if match is None:
        raise ValueError(f"cannot read {text!r} in a schema")
    name, n, types = match["name"], match["n"], match["types"]
    kind: DType | str = types or _fixed_dtype(match["type"])
    tokens = None
    if match["dims"] is not None:
        parts = [part.strip() for part in match["dims"].split(",") if part.strip()]
        tokens = tuple(int(part) if part.isdigit() else part for part in parts)
    marks = match["marks"].split()
    return Arg(name, kind, ref="ref" in marks, static="static" in marks, many=types or n, dims=tokens)


def _fixed_dtype(word: str) -> DType | str:
    if word[0].isupper() or word == "dtype" or word.endswith(("_type", "Type")):
        return word
    try:
        return dtypes.as_dtype(word)
    except TypeError:
        return word
