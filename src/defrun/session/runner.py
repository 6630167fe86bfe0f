"""A plan bound to a session's store: takes arrays, runs the stages, commits what they write."""

from __future__ import annotations

import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax
import numpy as np

from defrun.base import errors
from defrun.compile import MisfitError, Program, Ref, execute, needs_initialized
from defrun.graph.check import Outgrown
from defrun.graph.operation import Operation, Tensor
from defrun.graph.rows import Rows
from defrun.graph.transient import Transient
from defrun.plan import Plan, Slot, Stage, split_stage, with_stages
from defrun.session.feed import as_texts
from defrun.session.store import Store
from defrun.session.trace import Trace

_KEEP = object()
_NOT_TIMED: AbstractContextManager[None] = nullcontext()


class Runner:
    """Runs one plan in one session."""

    def __init__(self, plan: Plan, programs: list[Program | None], store: Store) -> None:
        self.plan = plan
        self.store = store
        self.runs = 0
        self.programs = list(programs)
        self._steps = [_Step(stage, program, store) for stage, program in zip(plan.stages, programs, strict=True)]
        self._fed = {t: i for i, t in enumerate(plan.feeds)}
        self._fetched = [self._source(f) for f in plan.fetches]
        self._single: _Step | None = None
        if len(self._steps) == 1 and self._steps[0].program is not None:
            self._single = self._steps[0]
            self._inputs = [self._fed[t] for t in self._single.stage.inputs]
            self._known = [self._fed[t] for t in self._single.stage.known]
            self._places = self._output_places(self._single.stage)

    def _source(self, fetch: Tensor | Operation) -> tuple[str, Any]:
        if isinstance(fetch, Operation):
            return "nothing", None
        if fetch in self._fed:
            return "feed", self._fed[fetch]
        slot = self.plan.effects.refers.get(fetch)
        if slot is not None:
            return "variable", (self.store.number(slot), slot)
        return "value", fetch

    def _output_places(self, stage: Stage) -> list[int] | None:
        """Return which of the stage's outputs each fetch is (-1: an operation), if all fetches are of that kind."""
        if any(kind not in ("value", "nothing") for kind, _ in self._fetched):
            return None
        return [-1 if kind == "nothing" else stage.outputs.index(where) for kind, where in self._fetched]

    def run(self, feeds: list[np.ndarray[Any, Any]], trace: Trace | None = None) -> list[Any]:
        """Run the plan on `feeds`, which go with `plan.feeds`; return a value for each of `plan.fetches`.

        All or nothing: if anything raises, the variables are as they were. What happens is noted in `trace`.
        """
        self.runs += 1
        step = self._single
        if step is None or trace is not None:
            return self._run_stages(feeds, trace)
        places = self._places
        try:
            with self.store.lock:
                inputs = [feeds[i] for i in self._inputs]
                outputs = step.run_device(inputs, [feeds[i] for i in self._known], {}, commit=True)
                if places is None:
                    return self._results(dict(zip(step.stage.outputs, outputs, strict=True)), feeds)
        except MisfitError as error:
            self.split(0, error)
            return self._run_stages(feeds, trace)
        return [None if i < 0 else copied(outputs[i]) for i in places]

    def _run_stages(self, feeds: list[np.ndarray[Any, Any]], trace: Trace | None) -> list[Any]:
        store = self.store
        env: dict[Tensor, Any] = {
            t: as_texts(v) if v.dtype == object else v for t, v in zip(self.plan.feeds, feeds, strict=True)
        }
        pending: dict[int, Any] = {}
        number = 0
        while number < len(self._steps):
            try:
                self._run_step(number, env, pending, trace)
            except MisfitError as error:
                self.split(number, error)
            else:
                number += 1
        with store.lock:
            self._commit(pending)
            return self._results(env, feeds)

    def _run_step(self, number: int, env: dict[Tensor, Any], pending: dict[int, Any], trace: Trace | None) -> None:
        step, store = self._steps[number], self.store
        stage = step.stage
        if step.program is None:
            return step.run_host(env, pending, trace)
        with store.lock:
            inputs = [env[t] for t in stage.inputs]
            known = [np.asarray(env[t]) for t in stage.known]
            if trace is None:
                outputs = step.run_device(inputs, known, pending, commit=False)
            else:
                outputs = []
                with trace.program(number, stage, step.program, outputs):
                    outputs.extend(step.run_device(inputs, known, pending, commit=False))
            if stage.last:
                self._commit(pending)
        env.update(zip(stage.outputs, outputs, strict=True))
        return None

    def split(self, number: int, error: MisfitError) -> None:
        """Cut a stage again, with the node that doesn't fit into a program on the host."""
        if error.op is None:
            raise error
        error.op.host_reason = error.reason
        parts = split_stage(self.plan, self._steps[number].stage)
        self.programs[number : number + 1] = [Program(s) if s.device else None for s in parts]
        self.plan = with_stages(self.plan, [*self.plan.stages[:number], *parts, *self.plan.stages[number + 1 :]])
        self._steps[number : number + 1] = [
            _Step(stage, program, self.store)
            for stage, program in zip(parts, self.programs[number : number + len(parts)], strict=True)
        ]
        self._single = None

    def _commit(self, pending: dict[int, Any]) -> None:
        for number, value in pending.items():
            if not self.store.slots[number].transient:
                self.store.values[number] = value
        pending.clear()

    def _results(self, env: dict[Tensor, Any], feeds: list[Any]) -> list[Any]:
        results: list[Any] = []
        for kind, where in self._fetched:
            if kind == "value":
                value = env[where]
                if isinstance(value, Ref):
                    value = self._variable(self.store.number(value.slot), value.slot)
                results.append(to_numpy(value))
            elif kind == "nothing":
                results.append(None)
            elif kind == "variable":
                results.append(to_numpy(self._variable(*where)))
            else:
                results.append(np.array(feeds[where]))
        return results

    def _variable(self, number: int, slot: Slot) -> Any:
        value = self.store.values[number]
        if value is None:
            raise needs_initialized(slot)
        return value


def copied(value: Any) -> Any:
    """Copy an array of the device to a fresh NumPy array or scalar."""
    array = np.asarray(value)
    return array.copy() if array.ndim else array[()]


def to_numpy(value: Any) -> Any:
    """Copy a result to a fresh NumPy array or scalar."""
    if isinstance(value, jax.Array):
        return copied(value)
    if isinstance(value, np.ndarray):
        return value[()] if value.ndim == 0 else value.copy()
    return value


class _Step:
    """One stage with the numbers of the variables that it uses."""

    def __init__(self, stage: Stage, program: Program | None, store: Store) -> None:
        self.stage = stage
        self.program = program
        self.store = store
        self.writes = [store.number(slot) for slot in stage.writes]
        self.reads = [store.number(slot) for slot in stage.reads]

    def run_device(self, inputs: list[Any], known: list[Any], pending: dict[int, Any], commit: bool) -> list[Any]:
        """Run the compiled program, with more room if it needs that; the store's lock is held."""
        while True:
            try:
                return self._run_program(inputs, known, pending, commit)
            except Outgrown:
                assert self.program is not None
                self.program.make_more_room()

    def _run_program(self, inputs: list[Any], known: list[Any], pending: dict[int, Any], commit: bool) -> list[Any]:
        program = self.program
        assert program is not None
        for tensor, value in zip(self.stage.inputs, inputs, strict=True):
            if isinstance(value, Rows):
                raise MisfitError("a loop has kept values of different shapes for it", _taker(self.stage, tensor))
        values = self.store.values
        if pending:
            written = [pending.get(n, values[n]) for n in self.writes]
            kept = [pending.get(n, values[n]) for n in self.reads]
        else:
            written = [values[n] for n in self.writes]
            kept = [values[n] for n in self.reads]
        done: list[Any] = []
        try:
            if program.warm(inputs, known):
                program.run(written, kept, inputs, known, done)
            else:
                program.prepare(written, kept, inputs, known)
                with _NoInterrupt():
                    program.run(written, kept, inputs, known, done)
        except jax.errors.JaxRuntimeError as error:
            raise _device_error(error) from None
        finally:
            # Even when Ctrl-C came: what was donated must be replaced.
            if done and program.donates:
                for n, old, new in zip(self.writes, written, done[0][1], strict=True):
                    if old is not None:
                        values[n] = new
        outputs, new, checks = done[0]
        if checks is not None:
            checks.raise_first()
        if new and not outputs:
            # XLA may still be reading the arrays that were fed, which are the caller's again when the run returns.
            if new[0] is not None:  # a variable that was destroyed
                new[0].block_until_ready()
        if commit:
            for n, value in zip(self.writes, new, strict=True):
                values[n] = value
        else:
            self._keep(new, pending)
        return outputs

    def _keep(self, new: list[Any], pending: dict[int, Any]) -> None:
        """Hold the new values of variables back until the run has ended.

        States of random generators are not: while this run waits for a queue, another one must draw other numbers.
        """
        for n, slot, value in zip(self.writes, self.stage.writes, new, strict=True):
            if slot.owned:
                self.store.values[n] = value
            else:
                pending[n] = value

    def run_host(self, env: dict[Tensor, Any], pending: dict[int, Any], trace: Trace | None) -> None:
        """Run the ops one by one on NumPy values."""
        stage = self.stage
        numbers = dict(zip((*stage.reads, *stage.writes), (*self.reads, *self.writes), strict=True))
        with self.store.lock:
            values = self.store.values
            # Functions that run on the host run programs, too, whose values need not come and go.
            taken = _unchanged if any(op.definition.control for op in stage.ops) else _on_host
            before = {slot: taken(values[n]) for slot, n in numbers.items()}
            state = before | {slot: taken(pending[n]) for slot, n in numbers.items() if n in pending}
        env.update((tensor, Ref(slot)) for tensor, slot in stage.refers)
        for op in stage.ops:
            if op.outputs and all(t in env for t in op.outputs):
                continue
            fed = {t: env[t] for t in op.outputs if t in env}
            with trace.node(op, env) if trace is not None else _NOT_TIMED:
                execute(op, env, before if op in stage.early else state, host=True)
            env.update(fed)
        with self.store.lock:
            self._keep([state[slot] for slot in self.stage.writes], pending)


def _unchanged(value: Any) -> Any:
    return value


def _taker(stage: Stage, tensor: Tensor) -> Operation | None:
    return next((op for op in stage.ops if tensor in op._inputs), None)


def _on_host(value: Any) -> Any:
    if isinstance(value, Transient):
        return jax.tree.map(np.asarray, value)
    return np.asarray(value) if isinstance(value, jax.Array) else value


class _NoInterrupt:
    """Hold Ctrl-C back for the moment of the first call of a program, which runs some of JAX's Python."""

    def __enter__(self) -> None:
        self.came: Any = None
        self.old: Any = _KEEP
        if threading.current_thread() is threading.main_thread():
            self.old = signal.getsignal(signal.SIGINT)
            signal.signal(signal.SIGINT, self._note)

    def _note(self, number: int, frame: Any) -> None:
        self.came = (number, frame)

    def __exit__(self, *exc: object) -> None:
        if self.old is _KEEP:
            return
        signal.signal(signal.SIGINT, self.old)
        if self.came is not None and callable(self.old):
            self.old(*self.came)


def _device_error(error: Exception) -> errors.OpError:
    text = str(error)
    kind = errors.ResourceExhaustedError if "RESOURCE_EXHAUSTED" in text else errors.InternalError
    return kind(None, None, text)
