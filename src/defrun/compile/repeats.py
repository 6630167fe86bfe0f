"""Give XLA what a program repeats as calls of functions of their own.

A network that is unrolled in the graph is one cell, over and over, forwards and backwards. XLA would fuse across the
copies, each with all that came before it, which takes its time to compile and computes things again and again. So the
trace of a program is searched for stretches that repeat one after the other; each of these becomes a call of one
function that XLA leaves alone. No operation is known here: what repeats is found by comparing primitives, shapes and
who takes whose result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.experimental.xla_metadata import set_xla_metadata
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Var, jaxpr_as_fun

_SMALLEST = 6  # equations worth a call
_FEWEST = 3  # repetitions worth a function
_MOST_PERIODS = 64  # that are tried
_PRODUCTS = ("dot_general", "conv_general_dilated")

Function = Callable[..., list[Any]]


@dataclass(frozen=True)
class Block:
    """Equations that are a repetition of others; where they stand, and what they take and give."""

    begin: int
    end: int
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    function: Function


def as_function(closed: ClosedJaxpr) -> Function:
    """Return a function of the arguments of `closed` that calls what it repeats."""
    blocks: list[Block] = []
    if len(closed.jaxpr.eqns) >= _FEWEST * _SMALLEST and jax.default_backend() == "cpu":
        blocks = sorted(_blocks(closed.jaxpr), key=lambda block: block.begin)
    if not blocks:
        return jaxpr_as_fun(closed)

    def run(*arguments: Any) -> list[Any]:
        jaxpr = closed.jaxpr
        env: dict[Any, Any] = dict(zip(jaxpr.constvars, closed.consts, strict=True))
        env.update(zip(jaxpr.invars, arguments, strict=True))
        place = 0
        for block in blocks:
            _evaluate(jaxpr, place, block.begin, env)
            with set_xla_metadata(inlineable="false"):
                found = block.function(*(_value(v, env) for v in block.inputs))
            env.update(zip(block.outputs, found, strict=True))
            place = block.end
        _evaluate(jaxpr, place, len(jaxpr.eqns), env)
        return [_value(v, env) for v in jaxpr.outvars]

    return run


def _value(atom: Any, env: dict[Any, Any]) -> Any:
    return atom.val if isinstance(atom, Literal) else env[atom]


def _evaluate(jaxpr: Jaxpr, begin: int, end: int, env: dict[Any, Any]) -> None:
    """Run the equations from `begin` to `end`."""
    if begin == end:
        return
    equations = jaxpr.eqns[begin:end]
    made = {v for equation in equations for v in equation.outvars}
    taken = dict.fromkeys(
        v for equation in equations for v in equation.invars if not isinstance(v, Literal) and v not in made
    )
    given = [v for equation in equations for v in equation.outvars]
    part = jaxpr.replace(constvars=[], invars=list(taken), outvars=given, eqns=equations)
    env.update(zip(given, jaxpr_as_fun(ClosedJaxpr(part, []))(*(env[v] for v in taken)), strict=True))


def _blocks(jaxpr: Jaxpr) -> list[Block]:
    """Find what repeats: the stretch first that saves most, then others beside it."""
    tokens = _tokens(jaxpr)
    last_use = _last_uses(jaxpr)
    free = [(0, len(tokens))]
    found: list[Block] = []
    while free:
        begin, end = free.pop()
        run = _longest_run(tokens[begin:end])
        if run is None:
            continue
        start, period, length = run
        start += begin
        stop = start + length
        first = start + _best_phase(jaxpr, last_use, start, stop, period)
        count = (stop - first) // period
        if count >= _FEWEST:
            found.extend(_as_calls(jaxpr, last_use, first, period, count))
        free += [(begin, start), (stop, end)]
    return found


def _tokens(jaxpr: Jaxpr) -> np.ndarray[Any, Any]:
    """Number the equations such that alike ones have the same number."""
    numbers: dict[Any, int] = {}
    written = _Written()
    tokens = []
    for place, equation in enumerate(jaxpr.eqns):
        if equation.effects:
            key: Any = place
        else:
            kinds = (str(v.aval) for v in (*equation.invars, *equation.outvars))
            key = (equation.primitive, len(equation.invars), *kinds, *written.of(equation.params))
        tokens.append(numbers.setdefault(key, len(numbers)))
    return np.array(tokens, np.int64)


class _Written:
    """Parameters of equations as texts; the programs of branches and loops, which are long, once."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.kept: list[Any] = []

    def of(self, params: dict[str, Any]) -> list[tuple[str, str]]:
        return sorted((name, self.text(value)) for name, value in params.items())

    def text(self, value: Any) -> str:
        if not isinstance(value, (ClosedJaxpr, Jaxpr, tuple)):
            return str(value)
        if id(value) not in self.texts:
            self.texts[id(value)] = str(value)
            self.kept.append(value)
        return self.texts[id(value)]


def _kind(literal: Literal) -> Any:
    return str(literal.aval), np.asarray(literal.val).tobytes()


def _last_uses(jaxpr: Jaxpr) -> dict[Any, int]:
    uses: dict[Any, int] = {}
    for place, equation in enumerate(jaxpr.eqns):
        for v in equation.invars:
            if not isinstance(v, Literal):
                uses[v] = place
    uses.update((v, len(jaxpr.eqns)) for v in jaxpr.outvars if not isinstance(v, Literal))
    return uses


def _longest_run(tokens: np.ndarray[Any, Any]) -> tuple[int, int, int] | None:
    """Return (begin, period, length) of the stretch whose repetitions make up most; None if none is worth it."""
    best: tuple[int, int, int, int] | None = None
    for period in _periods(tokens):
        same = np.concatenate([[0], tokens[:-period] == tokens[period:], [0]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(same))
        begins, lengths = edges[::2], edges[1::2] - edges[::2]
        if not len(lengths):
            continue
        i = int(np.argmax(lengths))
        length = int(lengths[i]) + period
        if length // period >= _FEWEST and (best is None or length > best[0]):
            best = (length, int(begins[i]), period, length)
    return None if best is None else best[1:]


def _periods(tokens: np.ndarray[Any, Any]) -> list[int]:
    """Return distances at which tokens come again often enough, short ones first."""
    order = np.argsort(tokens, kind="stable")
    apart = np.diff(order)[tokens[order][1:] == tokens[order][:-1]]
    often = [(p, n) for p, n in Counter(apart.tolist()).items() if p >= _SMALLEST and n >= _FEWEST - 1]
    return sorted(p for p, _ in sorted(often, key=lambda pair: -pair[0] * pair[1])[:_MOST_PERIODS])


def _best_phase(jaxpr: Jaxpr, last_use: dict[Any, int], start: int, stop: int, period: int) -> int:
    """Return where in the period to cut such that least crosses the cuts."""
    change = np.zeros(stop - start + 2)
    for place in range(start, stop):
        for v in jaxpr.eqns[place].outvars:
            until = min(last_use.get(v, place), stop)
            if until > place:
                size = float(np.prod(getattr(v.aval, "shape", ()))) + 1
                change[place + 1 - start] += size
                change[until + 1 - start] -= size
    crossing = np.cumsum(change)[: stop - start]
    whole = (stop - start) // period * period
    inner = crossing[:whole].reshape(-1, period)
    return int(np.argmin(inner[1:].sum(axis=0)))


def _as_calls(jaxpr: Jaxpr, last_use: dict[Any, int], first: int, period: int, count: int) -> Iterable[Block]:
    """Make `count` stretches of `period` equations calls of one function, those that are wired alike."""
    by_wiring: dict[Any, list[tuple[int, list[Any]]]] = {}
    for begin in range(first, first + count * period, period):
        wiring, taken = _wiring(jaxpr, begin, begin + period)
        by_wiring.setdefault(wiring, []).append((begin, taken))
    alike = max(by_wiring.values(), key=len)
    if len(alike) < _FEWEST or not _is_worth_it(jaxpr, alike[0][0], period):
        return []
    columns = [_Column(atoms) for atoms in zip(*(taken for _, taken in alike), strict=True)]
    given = sorted({
        (offset, i)
        for begin, _ in alike
        for offset in range(period)
        for i, v in enumerate(jaxpr.eqns[begin + offset].outvars)
        if last_use.get(v, -1) >= begin + period
    })  # fmt: skip
    function, arguments = _function(jaxpr, alike[0][0], period, columns, given)
    return [
        Block(
            begin,
            begin + period,
            tuple(column.atoms[n] for column in arguments),
            tuple(jaxpr.eqns[begin + offset].outvars[i] for offset, i in given),
            function,
        )
        for n, (begin, _) in enumerate(alike)
    ]


def _is_worth_it(jaxpr: Jaxpr, begin: int, period: int) -> bool:
    """Whether there are products in a stretch; what has none, XLA does best in one piece with what is around it."""
    return any(equation.primitive.name in _PRODUCTS for equation in jaxpr.eqns[begin : begin + period])


class _Column:
    """What one place in a function takes from outside, in each of the calls. Equal if it is the same in all of them."""

    def __init__(self, atoms: tuple[Any, ...]) -> None:
        self.atoms = atoms
        self.key = tuple(_kind(v) if isinstance(v, Literal) else v for v in atoms)
        self.constant = isinstance(atoms[0], Literal) and len(set(self.key)) == 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Column) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _wiring(jaxpr: Jaxpr, begin: int, end: int) -> tuple[Any, list[Any]]:
    """Return which result inside each input of equations is (None: from outside), and what comes from outside."""
    made = {v: (place - begin, i) for place in range(begin, end) for i, v in enumerate(jaxpr.eqns[place].outvars)}
    taken = [v for equation in jaxpr.eqns[begin:end] for v in equation.invars]
    wiring = tuple(None if isinstance(v, Literal) else made.get(v) for v in taken)
    return wiring, [v for v, place in zip(taken, wiring, strict=True) if place is None]


def _function(
    jaxpr: Jaxpr, begin: int, period: int, columns: list[_Column], given: list[tuple[int, int]]
) -> tuple[Function, list[_Column]]:
    """Make the equations from `begin` a function that takes what differs in the calls; return this, too."""
    equations = jaxpr.eqns[begin : begin + period]
    made = {v for equation in equations for v in equation.outvars}
    arguments = {column: Var(column.atoms[0].aval) for column in columns if not column.constant}
    places = iter(columns)

    def renamed(atom: Any) -> Any:
        if not isinstance(atom, Literal) and atom in made:
            return atom
        return arguments.get(next(places), atom)

    equations = [equation.replace(invars=[renamed(v) for v in equation.invars]) for equation in equations]
    outvars = [equations[offset].outvars[i] for offset, i in given]
    part = jaxpr.replace(constvars=[], invars=list(arguments.values()), outvars=outvars, eqns=equations)
    return jax.jit(jaxpr_as_fun(ClosedJaxpr(part, []))), list(arguments)
