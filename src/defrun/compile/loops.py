"""Loops inside the compiled program: the graphs of a condition and of a body become one `lax.while_loop`.

The body is traced once for the shapes of what it carries: the loop's variables, the variables of the session that it
writes, states of random generators, what lives in slots for the run, and for each check the first failure. Loop
variables that the body only passes on are no part of that; what is known while compiling stays known inside.

A loop whose gradient is asked for also counts its iterations and keeps, of each of them, the values that the gradient
needs: in stacks of as many rows as there are iterations, if that is known, else as there is room (see `room`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import jaxpr_as_fun

from defrun.base import errors
from defrun.compile.gate import kept
from defrun.compile.hosted import run_on_host
from defrun.compile.stopping import stoppable_loop
from defrun.compile.subgraph import MisfitError, Ref, State, SubgraphRunner
from defrun.compile.trips import trip_count
from defrun.graph.attrs import Func
from defrun.graph.check import Check, Outgrown, check_again, collect_checks
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Tensor
from defrun.graph.rows import Rows
from defrun.graph.transient import Form, NoCommonForm, Transient, in_form, room
from defrun.plan.effects import Slot, effects_inside
from defrun.plan.functions import function_order


class Carry(NamedTuple):
    """What goes from one iteration to the next."""

    varying: list[Any]
    slots: list[Any]
    holds: list[Any]  # one for each check: whether it has held so far
    shown: list[Any]  # the values of its message at the first failure
    count: Any  # of iterations so far; None if nobody asks
    stacks: list[Any]


class Runner(SubgraphRunner):
    """What bodies of control flow ops get: runs graphs once, or again and again."""

    def run(self, graph: FuncGraph, arguments: list[Any]) -> dict[Tensor, Any]:
        """Run a function's operations; return the values of its outputs at least."""
        if self.host:
            return run_on_host(graph, arguments, self.state, self.execute)
        return super().run(graph, arguments)

    def choose(self, predicate: Any, functions: list[Func], arguments: list[list[Any]]) -> list[Any]:
        """Run the one of `functions` that a number says (else the last), or a truth: if it holds, the second."""
        if self.host or not isinstance(predicate, jax.Array):
            chosen = _number(np.asarray(predicate), len(functions))
            return self(functions[chosen], arguments[chosen])
        with _fitting():
            return super().choose(predicate, functions, arguments)

    def repeat(self, cond: Func, body: Func, values: list[Any]) -> list[Any]:
        """Run a loop; return the last values of its variables, of which `values` are the first.

        If the body's graph says that it is `kept`, the number of iterations follows, and stacks of what it keeps.
        """
        values = [self.value(v) if i < len(body.graph.outputs) else v for i, v in enumerate(values)]
        if self.host:
            return _on_host(self, cond.graph, body.graph, values)
        with _fitting():
            return _Loop(self, cond.graph, body.graph, values).run()


def _number(value: Any, count: int) -> int:
    if value.dtype == np.bool_ or not np.issubdtype(value.dtype, np.integer):
        return int(bool(value))
    return int(value) if 0 <= int(value) < count else count - 1


@contextlib.contextmanager
def _fitting() -> Iterator[None]:
    """What can't be traced may yet run on the host, or not be reached: the host will see."""
    try:
        yield
    except errors.InvalidArgumentError as error:
        raise MisfitError(error.message, None) from error
    except NoCommonForm as error:
        raise MisfitError(str(error), None) from error


def _on_host(runner: SubgraphRunner, cond: FuncGraph, body: FuncGraph, values: list[Any]) -> list[Any]:
    count = 0
    rows: list[list[Any]] = [[] for _ in body.stacked]
    while bool(np.asarray(runner(Func("", cond), _arguments(cond, values))[0])):
        env = runner.run(body, _arguments(body, values))
        values[: len(body.outputs)] = [None if t is None else runner.value(env[t]) for t in body.outputs]
        for kept_rows, tensor in zip(rows, body.stacked, strict=True):
            kept_rows.append(np.asarray(runner.value(env[tensor])))
        count += 1
    return [*values, np.int32(count), *(_stacked(r, t) for r, t in zip(rows, body.stacked, strict=True))]


def _stacked(rows: list[Any], tensor: Tensor) -> Any:
    """Put what was kept of the iterations into one array, with room to a power of two: for fewer different shapes."""
    if not rows:
        return np.zeros([1, *(d or 0 for d in tensor.dims or ())], tensor.dtype.base_dtype.value_dtype)
    if any(row.shape != rows[0].shape for row in rows):
        return Rows(rows)
    stack = np.zeros((1 << (len(rows) - 1).bit_length(), *rows[0].shape), rows[0].dtype)
    stack[: len(rows)] = rows
    return stack


def _arguments(graph: FuncGraph, values: list[Any]) -> list[Any]:
    return [values[place] for place in graph.argument_places]


class _Loop:
    """A loop that is being traced."""

    def __init__(self, runner: SubgraphRunner, cond: FuncGraph, body: FuncGraph, values: list[Any]) -> None:
        self.runner, self.cond, self.body, self.values = runner, cond, body, values
        argument_of = {place: a for a, place in zip(body.arguments, body.argument_places, strict=True)}
        self.varying = [i for i, t in enumerate(body.outputs) if t is not argument_of.get(i)]
        cond_writes = self.written_in(cond)
        self.cond_is_pure = not cond_writes
        self.slots = list(dict.fromkeys([*cond_writes, *self.written_in(body)]))
        self.forms: dict[Slot, Form] = {}
        for slot in self.slots:
            value = runner.state.get(slot)
            if isinstance(value, Transient):
                self.forms[slot] = value.form
        self.checks: list[Check] = []

    def written_in(self, graph: FuncGraph) -> list[Slot]:
        """Return what of outside a function writes."""
        given = zip(graph.arguments, _arguments(graph, self.values), strict=True)
        effects = effects_inside(graph, {a: v.slot for a, v in given if isinstance(v, Ref)})
        found = dict.fromkeys(slot for op in function_order(graph) for slot in effects.writes.get(op, ()))
        return [slot for slot in found if slot in self.runner.state or not slot.made_inside(graph)]

    def run(self) -> list[Any]:
        """Emit the loop and take its effects over."""
        step, first = self.traced()
        known = trip_count(self.cond, self.body, self.values) if self.body.kept else None
        if self.body.kept:
            first = self.with_stacks(first, room() if known is None else known)
        self.loop = jax.lax.while_loop if self.cond.bounded else stoppable_loop
        if self.cond_is_pure:
            last = self.loop(self.goes_on, step, first)
        else:
            last = self.with_cond_in_body(step, first)
        return self.finish(first, last, known)

    def first_carry(self) -> Carry:
        body, state = self.body, self.runner.state
        varying = []
        for i in self.varying:
            kind = body.outputs[i].dtype.base_dtype.value_dtype  # type: ignore[union-attr]
            varying.append(jnp.asarray(self.values[i], kind))
        slots = []
        for slot in self.slots:
            value = state.get(slot)
            if slot in self.forms:
                value = in_form(value, self.forms[slot])
            elif value is None and not slot.transient:
                text = f"Variable {slot.name}, which a loop updates, has no value yet: run its initializer first."
                raise errors.FailedPreconditionError(None, slot.maker, text)
            slots.append(jax.tree.map(jnp.asarray, value))
        return Carry(varying, slots, [], [], None, [])

    def traced(self) -> tuple[Callable[[Carry], Carry], Carry]:
        """Trace the body; return a function for it, and the first carry with room for the checks."""
        while True:
            first, forms = self.first_carry(), dict(self.forms)
            closed, shapes = jax.make_jaxpr(self.iteration, return_shape=True)(first.varying, first.slots)
            if self.forms == forms:
                break
        self.check_shapes(first, shapes)
        structure = jax.tree.structure(shapes)
        traced = jaxpr_as_fun(closed)

        def step(carry: Carry) -> Carry:
            flat = traced(*jax.tree.leaves((carry.varying, carry.slots)))
            new, slots, holds, shown, rows = jax.tree.unflatten(structure, flat)
            kept_so_far = [put_row(s, row, carry.count) for s, row in zip(carry.stacks, rows, strict=True)]
            count = None if carry.count is None else carry.count + 1
            return Carry(new, slots, *_first_failures(carry, holds, shown), count, kept_so_far)

        shown = [[jnp.zeros(v.shape, v.dtype) for v in values] for values in shapes[3]]
        self.rows = shapes[4]
        return step, first._replace(holds=[jnp.asarray(True) for _ in shown], shown=shown)

    def iteration(self, varying: list[Any], slots: list[Any]) -> Any:
        """Run the body once on traced values; return variables, slots, checks and the values to keep."""
        values, state = self.all_values(varying), self.state_with(slots)
        with collect_checks() as checks:
            runner = self.runner.inside(state)
            env = runner.run(self.body, _arguments(self.body, values))
            results: list[Any] = [self.body.outputs[i] for i in self.varying]
            new, rows = ([_typed(runner.value(env[t]), t) for t in tensors] for tensors in (results, self.body.stacked))
        self.checks = checks
        shown = [[jnp.asarray(v) for v in c.values] for c in checks]
        return new, self.written(state), [_flag(c.ok) for c in checks], shown, rows

    def written(self, state: State) -> list[Any]:
        """Return the values of the slots after an iteration, in the forms in which they came if these do."""
        return [_strong(self.formed(slot, state.get(slot))) for slot in self.slots]

    def formed(self, slot: Slot, value: Any) -> Any:
        if not isinstance(value, Transient):
            return value
        try:
            form = self.forms[slot].join(value.form) if slot in self.forms else value.form
        except NoCommonForm as error:
            raise MisfitError(str(error)) from None
        self.forms[slot] = form
        return value.to(form)

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
            return goes_on, carry._replace(slots=self.written(state))

        return self.loop(lambda pair: pair[0], lambda pair: decide(step(pair[1])), decide(first))[1]

    def with_stacks(self, first: Carry, rows: int) -> Carry:
        """Return the first carry with stacks of so many rows."""
        stacks = [jnp.zeros((max(rows, 1), *row.shape), row.dtype) for row in self.rows]
        return first._replace(count=jnp.int32(0), stacks=stacks)

    def all_values(self, varying: list[Any]) -> list[Any]:
        """Return the values of all inputs of the node, where the varying ones have these."""
        values = list(self.values)
        for i, value in zip(self.varying, varying, strict=True):
            values[i] = value
        return values

    def state_with(self, slots: list[Any]) -> State:
        given = {slot: value for slot, value in zip(self.slots, slots, strict=True) if value is not None}
        return {**self.runner.state, **given}

    def check_shapes(self, first: Carry, shapes: Any) -> None:
        """Raise `MisfitError` if a variable comes out of the body with another shape."""
        for i, before, after in zip(self.varying, first.varying, shapes[0], strict=True):
            if before.shape != after.shape:
                shapes = f"{list(before.shape)} to {list(after.shape)}"
                raise MisfitError(f"its variable {self.body.arguments[i].name} goes from shape {shapes}")

    def finish(self, first: Carry, last: Carry, known: int | None) -> list[Any]:
        """Put what the loop wrote into the state and its checks among the others; return the last values."""
        runner = self.runner
        for slot, old, new in zip(self.slots, first.slots, last.slots, strict=True):
            ok = None if runner.gate is None or slot.transient else runner.gate.ok
            runner.state[slot] = new if ok is None else jax.tree.map(lambda n, o, ok=ok: kept(ok, n, o), new, old)
        for made, ok, shown in zip(self.checks, last.holds, last.shown, strict=True):
            check_again(made, ok, shown)
        values = self.all_values(last.varying)
        if not self.body.kept:
            return values
        if known is None:
            check_again(Check(None, Outgrown, "more than {} iterations", ()), last.count <= room(), (last.count,))
        return [*values, last.count if known is None else np.int32(known), *last.stacks]


def put_row(stack: Any, row: Any, index: Any) -> Any:
    """Return `stack` with a row replaced."""
    return jax.lax.dynamic_update_index_in_dim(stack, row, index, 0)


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


def _typed(value: Any, tensor: Any) -> Any:
    return jnp.asarray(value, tensor.dtype.base_dtype.value_dtype)


def _strong(value: Any) -> Any:
    """Return arrays of a dtype of their own, which a carry needs."""
    return jax.tree.map(lambda v: jnp.asarray(v, v.dtype), value)
