"""Loops inside the compiled program: the graphs of a condition and of a body become one `lax.while_loop`.

The body is traced once for the shapes of what it carries: the loop's variables, the variables of the session that it
writes, states of random generators, and for each check the first failure. Loop variables that the body only passes on
are no part of that; what is known while compiling stays known inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import jaxpr_as_fun

from defrun.base import errors
from defrun.compile.gate import kept
from defrun.compile.subgraph import Ref, State, SubgraphRunner
from defrun.graph.attrs import Func
from defrun.graph.check import Check, check_again, collect_checks
from defrun.graph.function import FuncGraph
from defrun.plan.effects import Slot, effects_inside
from defrun.plan.functions import function_order


class MisfitError(Exception):
    """A loop can't be part of a compiled program: its variables change their shapes, say."""


class Carry(NamedTuple):
    """What goes from one iteration to the next."""

    varying: list[Any]
    slots: list[Any]
    holds: list[Any]  # one for each check: whether it has held so far
    shown: list[Any]  # the values of its message at the first failure


class Runner(SubgraphRunner):
    """What bodies of control flow ops get: runs graphs once, or again and again."""

    def repeat(self, cond: Func, body: Func, values: list[Any]) -> list[Any]:
        """Run a loop; return the last values of its variables, of which `values` are the first."""
        values = [self.value(v) if i < len(body.graph.outputs) else v for i, v in enumerate(values)]
        if self.host:
            return _on_host(self, cond.graph, body.graph, values)
        return _Loop(self, cond.graph, body.graph, values).run()


def _on_host(runner: SubgraphRunner, cond: FuncGraph, body: FuncGraph, values: list[Any]) -> list[Any]:
    while bool(np.asarray(runner(Func("", cond), _arguments(cond, values))[0])):
        values[: len(body.outputs)] = runner(Func("", body), _arguments(body, values))
    return values


def _arguments(graph: FuncGraph, values: list[Any]) -> list[Any]:
    return [values[place] for place in graph.argument_places]


class _Loop:
    """A loop that is being traced."""

    def __init__(self, runner: SubgraphRunner, cond: FuncGraph, body: FuncGraph, values: list[Any]) -> None:
        self.runner, self.cond, self.body, self.values = runner, cond, body, values
        argument_of = {place: a for a, place in zip(body.arguments, body.argument_places, strict=True)}
        self.varying = [i for i, t in enumerate(body.outputs) if t is not argument_of.get(i)]
        cond_writes = self.written_in(cond)
        self.slots = list(dict.fromkeys([*cond_writes, *self.written_in(body)]))
        self.checks: list[Check] = []
        self.cond_is_pure = not cond_writes

    def written_in(self, graph: FuncGraph) -> list[Slot]:
        """Return the variables of outside that a function writes."""
        given = zip(graph.arguments, _arguments(graph, self.values), strict=True)
        effects = effects_inside(graph, {a: v.slot for a, v in given if isinstance(v, Ref)})
        found = dict.fromkeys(slot for op in function_order(graph) for slot in effects.writes.get(op, ()))
        return [slot for slot in found if slot in self.runner.state]

    def run(self) -> list[Any]:
        """Emit the loop and take its effects over."""
        first = self.first_carry()
        step, first = self.traced(first)
        if self.cond_is_pure:
            last = jax.lax.while_loop(self.goes_on, step, first)
        else:
            last = self.with_cond_in_body(step, first)
        return self.finish(first, last)

    def first_carry(self) -> Carry:
        body = self.body
        varying = []
        for i in self.varying:
            kind = body.outputs[i].dtype.base_dtype.value_dtype  # type: ignore[union-attr]
            varying.append(jnp.asarray(self.values[i], kind))
        state = self.runner.state
        unset = next((slot for slot in self.slots if state[slot] is None), None)
        if unset is not None:
            text = f"Variable {unset.name}, which a loop updates, has no value yet: run its initializer first."
            raise errors.FailedPreconditionError(None, unset.maker, text)
        return Carry(varying, [jax.tree.map(jnp.asarray, state[slot]) for slot in self.slots], [], [])

    def traced(self, first: Carry) -> tuple[Callable[[Carry], Carry], Carry]:
        """Trace the body; return a function for it, and the first carry with room for the checks."""

        def run(varying: list[Any], slots: list[Any]) -> Any:
            new, state, checks = self.iteration(varying, slots)
            self.checks = checks
            return new, state, [_flag(c.ok) for c in checks], [[jnp.asarray(v) for v in c.values] for c in checks]

        closed, shapes = jax.make_jaxpr(run, return_shape=True)(first.varying, first.slots)
        self.check_shapes(first, shapes)
        structure = jax.tree.structure(shapes)
        traced = jaxpr_as_fun(closed)

        def step(carry: Carry) -> Carry:
            flat = traced(*jax.tree.leaves((carry.varying, carry.slots)))
            new, slots, holds, shown = jax.tree.unflatten(structure, flat)
            return Carry(new, slots, *_first_failures(carry, holds, shown))

        shown = [[jnp.zeros(v.shape, v.dtype) for v in values] for values in shapes[3]]
        return step, first._replace(holds=[jnp.asarray(True) for _ in shown], shown=shown)

    def iteration(self, varying: list[Any], slots: list[Any]) -> tuple[list[Any], list[Any], list[Check]]:
        """Run the body once on traced values."""
        values, state = self.all_values(varying), self.state_with(slots)
        with collect_checks() as checks:
            runner = self.runner.inside(state)
            env = runner.run(self.body, _arguments(self.body, values))
            results: list[Any] = [self.body.outputs[i] for i in self.varying]
            new = [jnp.asarray(runner.value(env[t]), t.dtype.base_dtype.value_dtype) for t in results]
        return new, [_strong(state[slot]) for slot in self.slots], checks

    def goes_on(self, carry: Carry) -> Any:
        """Return whether there is another iteration: the condition, as long as all checks hold."""
        return self.condition(carry, self.state_with(carry.slots))

    def condition(self, carry: Carry, state: State) -> Any:
        values = self.all_values(carry.varying)
        result = self.runner.inside(state)(Func("", self.cond), _arguments(self.cond, values))[0]
        return _all([_flag(result), *carry.holds])

    def with_cond_in_body(self, step: Callable[[Carry], Carry], first: Carry) -> Carry:
        """Emit a loop whose condition has effects of its own: it runs at the end of the body."""

        def decide(carry: Carry) -> tuple[Any, Carry]:
            state = self.state_with(carry.slots)
            goes_on = self.condition(carry, state)
            return goes_on, carry._replace(slots=[_strong(state[slot]) for slot in self.slots])

        return jax.lax.while_loop(lambda pair: pair[0], lambda pair: decide(step(pair[1])), decide(first))[1]

    def all_values(self, varying: list[Any]) -> list[Any]:
        """Return the values of all inputs of the node, where the varying ones have these."""
        values = list(self.values)
        for i, value in zip(self.varying, varying, strict=True):
            values[i] = value
        return values

    def state_with(self, slots: list[Any]) -> State:
        return {**self.runner.state, **dict(zip(self.slots, slots, strict=True))}

    def check_shapes(self, first: Carry, shapes: Any) -> None:
        """Raise `MisfitError` if a variable comes out of the body with another shape."""
        for i, before, after in zip(self.varying, first.varying, shapes[0], strict=True):
            if before.shape != after.shape:
                raise MisfitError(f"loop variable {i} goes from shape {before.shape} to {after.shape}")

    def finish(self, first: Carry, last: Carry) -> list[Any]:
        """Put what the loop wrote into the state and its checks among the others; return the last values."""
        runner = self.runner
        for slot, old, new in zip(self.slots, first.slots, last.slots, strict=True):
            ok = None if runner.gate is None else runner.gate.ok
            runner.state[slot] = jax.tree.map(lambda n, o, ok=ok: kept(ok, n, o), new, old)
        for made, ok, shown in zip(self.checks, last.holds, last.shown, strict=True):
            check_again(made, ok, shown)
        return self.all_values(last.varying)


def _first_failures(carry: Carry, holds: list[Any], shown: list[Any]) -> tuple[list[Any], list[Any]]:
    values = [
        [jnp.where(held, new, old) for new, old in zip(now, before, strict=True)]
        for held, now, before in zip(carry.holds, shown, carry.shown, strict=True)
    ]
    return [before & now for before, now in zip(carry.holds, holds, strict=True)], values


def _flag(value: Any) -> Any:
    return jnp.asarray(value, jnp.bool_).reshape(())


def _all(flags: list[Any]) -> Any:
    result = flags[0]
    for flag in flags[1:]:
        result = result & flag
    return result


def _strong(value: Any) -> Any:
    """Return arrays of a dtype of their own, which a carry needs."""
    return jax.tree.map(lambda v: jnp.asarray(v, v.dtype), value)
