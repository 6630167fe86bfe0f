"""Run functions on the host: what a compiled program can't hold runs there, the rest of the function in programs."""

from __future__ import annotations

import math
from typing import Any, Protocol

import jax
import numpy as np

from defrun.compile.subgraph import Execute, MisfitError, Ref, State
from defrun.graph.check import Outgrown
from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.rows import Rows
from defrun.plan.functions import planned
from defrun.plan.hosted import plan_function, split_stage
from defrun.plan.stages import Plan, Stage

_SMALL = 16  # elements
_AT_ONCE = 3
"""Shapes for which a stage is compiled at once. If there are more, each runs node by node until it comes again."""
_MOST_COMPILED = 1000


class _Program(Protocol):
    donates: bool
    compilations: list[Any]

    def warm(self, inputs: list[Any], known: list[Any]) -> bool: ...

    def prepare(self, written: list[Any], kept: list[Any], inputs: list[Any], known: list[Any]) -> None: ...

    def run(
        self, written: list[Any], kept: list[Any], inputs: list[Any], known: list[Any], done: list[Any]
    ) -> None: ...

    def make_more_room(self) -> None: ...


class ProgramMaker(Protocol):
    """Makes a stage a program."""

    def __call__(self, stage: Stage) -> Any: ...


class HostFunction:
    """A function that runs on the host, in the stages of a plan of its own."""

    make_program: ProgramMaker
    """Set where programs are defined."""

    def __init__(self, plan: Plan, execute: Execute) -> None:
        self.plan = plan
        self.execute = execute
        self.met: set[Any] = set()  # shapes that came while there were programs for others
        self.steps = [self.step(stage) for stage in plan.stages]

    def step(self, stage: Stage) -> tuple[Stage, _Program | None]:
        if not stage.device or all(_is_small(op) for op in stage.ops):
            return stage, None
        program = type(self).make_program(stage)
        program.donates = False  # the run may fail yet
        return stage, program

    def run(self, arguments: dict[Tensor, Any], state: State) -> dict[Tensor, Any]:
        """Run the stages; return the values of the function's tensors as far as they leave a stage."""
        env = dict(arguments)
        at = 0
        while at < len(self.steps):
            stage, program = self.steps[at]
            env.update((tensor, Ref(slot)) for tensor, slot in stage.refers)
            try:
                if program is None:
                    self.run_nodes(stage, env, state)
                else:
                    self.run_program(stage, program, env, state)
            except MisfitError as error:
                if error.op is None:
                    raise
                error.op.host_reason = error.reason
                self.steps[at : at + 1] = [self.step(part) for part in split_stage(self.plan, stage)]
            else:
                at += 1
        env.update((tensor, Ref(slot)) for tensor, slot in self.plan.effects.refers.items() if tensor not in env)
        return env

    def run_nodes(self, stage: Stage, env: dict[Tensor, Any], state: State) -> None:
        """Run nodes one by one on NumPy values."""
        before = dict(state)
        for op in stage.ops:
            self.execute(op, env, before if op in stage.early else state, True, None)

    def run_program(self, stage: Stage, program: _Program, env: dict[Tensor, Any], state: State) -> None:
        inputs = [env[t] for t in stage.inputs]
        known = [np.asarray(env[t]) for t in stage.known]
        if any(isinstance(v, Rows) for v in inputs):
            return self.run_one_by_one(stage, env, state)
        if not program.warm(inputs, known) and not self.is_worth_compiling(stage, program, inputs):
            return self.run_one_by_one(stage, env, state)
        while True:
            written = [state.get(slot) for slot in stage.writes]
            kept = [state.get(slot) for slot in stage.reads]
            done: list[Any] = []
            if not program.warm(inputs, known):
                program.prepare(written, kept, inputs, known)
            program.run(written, kept, inputs, known, done)
            outputs, new, checks = done[0]
            try:
                if checks is not None:
                    checks.raise_first()
                break
            except Outgrown:
                program.make_more_room()
        state.update(zip(stage.writes, new, strict=True))
        env.update(zip(stage.outputs, outputs, strict=True))
        return None

    def is_worth_compiling(self, stage: Stage, program: _Program, inputs: list[Any]) -> bool:
        count = len(program.compilations)
        if count >= _AT_ONCE and all(op.definition.folds or op.definition.of_shape for op in stage.ops):
            return False  # NumPy does it all
        key = (program, tuple(v.shape for v in inputs))
        again = key in self.met
        self.met.add(key)
        return count < _AT_ONCE or (again and count < _MOST_COMPILED)

    def run_one_by_one(self, stage: Stage, env: dict[Tensor, Any], state: State) -> None:
        with jax.enable_x64(True):
            self.run_nodes(stage, env, state)


def _is_small(op: Operation) -> bool:
    """Whether NumPy is done with it before a program would have been called: a counter, a condition."""
    definition = op.definition
    if definition.stateful or not (definition.folds or definition.of_shape):
        return False
    handled = op.outputs if definition.of_shape else (*op._inputs, *op.outputs)
    return all(t._dims is not None and None not in t._dims and math.prod(t._dims) <= _SMALL for t in handled)  # type: ignore[arg-type]


def run_on_host(graph: FuncGraph, arguments: list[Any], state: State, execute: Execute) -> dict[Tensor, Any]:
    """Run a function on the host; return the values of its outputs, and of what a loop is to keep."""
    given = dict(zip(graph.arguments, arguments, strict=True))
    refers = {a: v.slot for a, v in given.items() if isinstance(v, Ref)}
    key = (planned(graph), tuple(refers.items()))
    if graph.hosted is None or graph.hosted[0] != key:
        graph.hosted = key, HostFunction(plan_function(graph, refers), execute)
    return graph.hosted[1].run(given, state)
