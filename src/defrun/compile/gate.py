"""Checks gate writes: a step whose checks don't all hold leaves every variable as it was.

Whether the checks hold must be known before anything is written, or tables would have to be copied to be taken back.
Most checks are of indices, of feeds, of losses: none of them depends on what the step writes. So the step is traced
with "everything holds" as its argument, which gates each write where it happens; the trace is then cut into what does
not depend on that argument, checks above all, and the rest. A check that does depend on it (of a variable after its
update) takes the update back in the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Literal, jaxpr_as_fun

from defrun.compile.repeats import as_function
from defrun.graph.check import Check, Outgrown
from defrun.graph.transient import Transient


@jax.tree_util.register_pytree_node_class
class Checks:
    """Whether each check of a stage holds, and the values that its message shows."""

    def __init__(self, ok: Any, values: Any, made: tuple[Check, ...]) -> None:
        self.ok, self.values, self.made = ok, values, made

    def tree_flatten(self) -> tuple[tuple[Any, Any], tuple[Check, ...]]:
        """Split into arrays and what is the same in every run."""
        return (self.ok, self.values), self.made

    @classmethod
    def tree_unflatten(cls, made: tuple[Check, ...], arrays: tuple[Any, Any]) -> Checks:
        """Undo `tree_flatten`."""
        return cls(*arrays, made)

    def raise_first(self) -> None:
        """Raise the error of the first check that doesn't hold, if any."""
        holds = np.asarray(self.ok)
        if holds.all():
            return
        failing = [i for i, ok in enumerate(holds) if not ok]
        i = next((i for i in failing if self.made[i].error is Outgrown), failing[0])  # the others may follow from it
        failed = self.made[i]
        text = failed.message.format(*(np.asarray(v) for v in self.values[i]))
        raise failed.error(None, failed.op, text)


class Gate:
    """Keeps the old value of a variable where the checks of the stage do not hold.

    Parameters
    ----------
    ok : bool scalar, traced
        Whether they do.
    """

    def __init__(self, ok: Any) -> None:
        self.ok = ok

    def let(self, new: Any, old: Any) -> Any:
        """Return what a variable holds after a write of `new`."""
        return kept(self.ok, new, old)


Trace = Callable[[Any], tuple[Any, list[Any], list[Check]]]
"""Runs a stage under a `Gate`, or None: gives its outputs, the new values of the variables, and the checks."""


def collected(checks: list[Check]) -> Checks | None:
    """Put the checks of a stage together; None if there are none."""
    if not checks:
        return None
    made = tuple(Check(None, c.error, c.message, (), c.op) for c in checks)
    return Checks(_stack([c.ok for c in checks]), [[jnp.asarray(v) for v in c.values] for c in checks], made)


def gated(trace: Trace, old: list[Any]) -> tuple[Any, list[Any], Checks | None]:
    """Trace a stage that writes; return its outputs, the new values of variables that held `old`, and the checks."""
    found: list[Check] = []

    def run(ok: Any) -> Any:
        outputs, new, checks = trace(Gate(ok))
        found[:] = checks
        return [jnp.asarray(c.ok).reshape(()) for c in checks], [[jnp.asarray(v) for v in c.values] for c in checks], (
            outputs,
            new,
        )

    closed, shapes = jax.make_jaxpr(run, return_shape=True)(jax.ShapeDtypeStruct((), jnp.bool_))
    count = len(found)
    flat, depends = _evaluate(closed, count)
    holds, values, (outputs, new) = jax.tree.unflatten(jax.tree.structure(shapes), flat)
    if not count:
        return outputs, new, None
    late = [h for h, d in zip(holds, depends, strict=True) if d]
    if late:
        new = [kept(_all(late), n, o) for n, o in zip(new, old, strict=True)]
    order = sorted(range(count), key=lambda i: depends[i])  # one that depends on others' may fail just for that
    checks = [Check(holds[i], found[i].error, found[i].message, tuple(values[i]), found[i].op) for i in order]
    return outputs, new, collected(checks)


def ungated(trace: Trace) -> tuple[Any, list[Any], Checks | None]:
    """Trace a stage that writes nothing; return its outputs, no values of variables, and the checks."""

    def run() -> Any:
        outputs, new, checks = trace(None)
        return outputs, new, collected(checks)

    closed, shapes = jax.make_jaxpr(run, return_shape=True)()
    return jax.tree.unflatten(jax.tree.structure(shapes), as_function(closed)())


def _evaluate(closed: ClosedJaxpr, count: int) -> tuple[list[Any], list[bool]]:
    """Evaluate a trace whose argument is whether its first `count` results hold; tell which of these depend on it."""
    jaxpr = closed.jaxpr
    depends: set[Any] = set(jaxpr.invars)
    first, rest = [], []
    for equation in jaxpr.eqns:
        if any(not isinstance(v, Literal) and v in depends for v in equation.invars):
            depends.update(equation.outvars)
            rest.append(equation)
        else:
            first.append(equation)
    late = [not isinstance(v, Literal) and v in depends for v in jaxpr.outvars[:count]]
    early = [v for v, d in zip(jaxpr.outvars[:count], late, strict=True) if not d]
    used = [v for equation in rest for v in equation.invars] + list(jaxpr.outvars)
    made = {v for equation in first for v in equation.outvars}
    passed = list(dict.fromkeys(v for v in used if not isinstance(v, Literal) and v in made))
    before = jaxpr.replace(invars=[], outvars=[*early, *passed], eqns=first)
    after = jaxpr.replace(invars=[*jaxpr.invars, *passed], eqns=rest)
    known = as_function(ClosedJaxpr(before, closed.consts))()
    # Behind a barrier, or each update would take all checks as inputs.
    ok = jax.lax.optimization_barrier(_all(known[: len(early)])) if early else jnp.asarray(True)
    return jaxpr_as_fun(ClosedJaxpr(after, closed.consts))(ok, *known[len(early) :]), late


def kept(ok: Any, new: Any, old: Any) -> Any:
    """Return `new` where `ok`, else `old`; `new` if there is no old value of that shape and dtype."""
    if ok is None or old is None or new is None or isinstance(new, Transient):
        return new
    if old.shape != new.shape or old.dtype != new.dtype:
        return new
    return jnp.where(ok, new, old)


def _stack(holds: list[Any]) -> Any:
    return jnp.stack([jnp.asarray(h).reshape(()) for h in holds])


def _all(holds: list[Any]) -> Any:
    return _stack(holds).all()
