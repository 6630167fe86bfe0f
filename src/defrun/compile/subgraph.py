"""Run the graphs of functions: the branches of `If`, mapped functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import errors
from defrun.compile.gate import Gate
from defrun.graph.attrs import Func
from defrun.graph.check import Check, check_again, collect_checks, note_checks
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.transient import common_form, in_form
from defrun.plan.effects import Slot
from defrun.plan.functions import planned

State = dict[Slot, Any]
"""The variables' values; None where not initialized."""

Execute = Callable[[Operation, dict[Tensor, Any], State, bool, Gate | None], None]


@dataclass(frozen=True)
class Ref:
    """Stands for a variable where a tensor refers to it."""

    slot: Slot


def read(ref: Ref, state: State, error: type[errors.OpError] = errors.FailedPreconditionError) -> Any:
    """Return the variable's value; raise `error` if it has none."""
    value = state.get(ref.slot)
    if value is None:
        raise needs_initialized(ref.slot, error)
    return value


def needs_initialized(
    slot: Slot, error: type[errors.OpError] = errors.FailedPreconditionError
) -> errors.OpError:
    """Make the error of reading a variable that has no value yet."""
    return error(
        None,
        slot.maker,
        f"Attempting to use uninitialized value {slot.name}: "
        "run its initializer, or tf.global_variables_initializer(), first.",
    )


def fold_with(execute: Execute, op: Operation, env: dict[Tensor, Any], state: State) -> bool:
    """Run `op` on NumPy if all its inputs are NumPy values by now; whether it was."""
    if not all(isinstance(env[t], np.ndarray) for t in op._inputs):
        return False
    if op.definition.folds or op.definition.of_shape:
        execute(op, env, state, True, None)
        return True
    with jax.ensure_compile_time_eval():
        execute(op, env, state, False, None)
    for output in op.outputs:
        env[output] = np.asarray(env[output])
    return True


class MisfitError(Exception):
    """A loop or a choice can't be part of a compiled program: shapes change from one iteration to the next, say."""

    def __init__(self, reason: str, op: Operation | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.op = op


class SubgraphRunner:
    """Runs the graphs of functions for the bodies of control flow ops. Their effects go to the state of the whole."""

    def __init__(self, state: State, host: bool, execute: Execute, gate: Gate | None = None) -> None:
        self.state = state
        self.host = host
        self.execute = execute
        self.gate = gate

    def __call__(self, func: Func, arguments: list[Any]) -> list[Any]:
        """Run the function on values for its arguments; return its outputs (None where it has none)."""
        env = self.run(func.graph, arguments)
        return [None if t is None else self.value(env[t]) for t in func.graph.outputs]

    def run(self, graph: FuncGraph, arguments: list[Any]) -> dict[Tensor, Any]:
        """Run a function's operations; return the values of all its tensors."""
        env: dict[Tensor, Any] = dict(zip(graph.arguments, arguments, strict=True))
        function = planned(graph)
        for op in function.order:
            with note_checks(op):
                if self.host or op not in function.folded or not fold_with(self.execute, op, env, self.state):
                    self.execute(op, env, self.state, self.host, self.gate)
        return env

    def value(self, value: Any) -> Any:
        """Return `value`, or that of the variable that it stands for."""
        return read(value, self.state) if isinstance(value, Ref) else value

    def inside(self, state: State) -> SubgraphRunner:
        """Return a runner on another state, for a body whose writes are gated together after it."""
        return type(self)(state, self.host, self.execute)

    def choose(self, predicate: Any, functions: list[Func], arguments: list[list[Any]]) -> list[Any]:
        """Run one of `functions` inside the compiled program: the second where `predicate` holds, else the first.

        If it is a number, that one is run, and for a number that none has, the last.
        Outputs that one of them doesn't have are zeros there. Writes of both join the state, checks hold for the one
        that ran.
        """
        branches = [_Branch(self, f, a) for f, a in zip(functions, arguments, strict=True)]
        for branch in branches:
            branch.look()
        _check_shapes(branches)
        written = list(dict.fromkeys(slot for branch in branches for slot in branch.written))
        forms = {slot: common_form([b.left.get(slot, self.state.get(slot)) for b in branches])
                 for slot in written if slot.transient}  # fmt: skip
        shapes = [
            next(b.outputs[i] for b in branches if b.outputs[i] is not None) for i in range(len(branches[0].outputs))
        ]

        def pure(number: int) -> Callable[[], Any]:
            def run() -> Any:
                outputs, state, checks = branches[number].run()
                filled = [
                    jnp.zeros(s.shape, s.dtype) if v is None else jnp.asarray(v, s.dtype)
                    for v, s in zip(outputs, shapes, strict=True)
                ]
                holds = [
                    [(c.ok, c.values) for c in checks] if i == number else [_fine(c) for c in b.checks]
                    for i, b in enumerate(branches)
                ]
                left = [in_form(state.get(s), forms[s]) if s in forms else state[s] for s in written]
                return filled, left, holds

            return run

        number = _index(jnp.asarray(predicate).reshape(()), len(functions))
        outputs, values, holds = jax.lax.switch(number, [pure(i) for i in range(len(functions))])
        self.state.update(zip(written, values, strict=True))
        for branch, found in zip(branches, holds, strict=True):
            for made, (ok, shown) in zip(branch.checks, found, strict=True):
                check_again(made, ok, shown)
        return outputs

    def map_rows(self, func: Func, rows: Any, others: list[Any]) -> list[Any]:
        """Run the function on each of `rows` at once."""

        def each(row: Any) -> list[Any]:
            return self.inside(dict(self.state))(func, [row, *others])

        return jax.vmap(each)(rows)


def _index(value: Any, count: int) -> Any:
    if value.dtype == jnp.bool_:
        return value.astype(jnp.int32)
    if not jnp.issubdtype(value.dtype, jnp.integer):
        return (value != 0).astype(jnp.int32)
    return jnp.where((value >= 0) & (value < count), value, count - 1)


def _check_shapes(branches: list[_Branch]) -> None:
    for number, values in enumerate(zip(*(b.outputs for b in branches), strict=True)):
        shapes = [v.shape for v in values if v is not None]
        if any(shape != shapes[0] for shape in shapes):
            raise MisfitError(f"result {number} of its branches has the shapes {_listed(shapes)}")


def _listed(shapes: list[Any]) -> str:
    return " and ".join(str(list(shape)) for shape in shapes)


class _Branch:
    """One function of a choice, and what a first look at it finds."""

    def __init__(self, runner: SubgraphRunner, func: Func, arguments: list[Any]) -> None:
        self.runner, self.func, self.arguments = runner, func, arguments
        self.outputs: list[Any] = []
        self.written: list[Slot] = []
        self.left: dict[Slot, Any] = {}
        self.checks: list[Any] = []

    def run(self) -> tuple[list[Any], State, list[Check]]:
        state = dict(self.runner.state)
        with collect_checks() as checks:
            runner = type(self.runner)(state, self.runner.host, self.runner.execute, self.runner.gate)
            outputs = runner(self.func, self.arguments)
        return outputs, state, checks

    def look(self) -> None:
        """Trace the function for the shapes of its outputs, the variables it writes, and its checks."""

        def run() -> Any:
            outputs, state, checks = self.run()
            before = self.runner.state
            self.written = [
                slot for slot, value in state.items()
                if value is not before.get(slot) and not slot.made_inside(self.func.graph)
            ]  # fmt: skip
            self.left = {slot: state[slot] for slot in self.written if slot.transient}  # only their forms are looked at
            self.checks = checks
            return [jnp.asarray(v) if isinstance(v, np.ndarray) else v for v in outputs], [c.values for c in checks]

        self.outputs, values = jax.eval_shape(run)
        self.checks = [Check(None, c.error, c.message, v, c.op) for c, v in zip(self.checks, values, strict=True)]


def _fine(made: Check) -> tuple[Any, Any]:
    return jnp.asarray(True), tuple(jnp.zeros(v.shape, v.dtype) for v in made.values)
