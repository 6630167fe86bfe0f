"""A device stage as a compiled program: one jitted function for each set of values known beforehand."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base.errors import OpError
from defrun.compile.execute import execute, fold
from defrun.compile.gate import Gate, gated, ungated
from defrun.compile.hosted import HostFunction
from defrun.compile.stopping import Stop, stops_by
from defrun.compile.subgraph import Ref, State, read
from defrun.graph.check import collect_checks
from defrun.graph.operation import Operation, Tensor
from defrun.graph.transient import make_room, room
from defrun.plan.stages import Stage

_HOIST_BYTES = 16_384  # larger constants are arguments, so that XLA neither copies nor folds them


@dataclass
class Compilation:
    """One compilation of a stage: for which shapes and known values, and how long it took."""

    shapes: tuple[tuple[int, ...], ...]
    known: tuple[Any, ...]
    seconds: float


@dataclass(eq=False)
class Program:
    """A device stage, ready to run on arrays. Knows no session: state goes in and comes out."""

    stage: Stage
    constants: list[Operation] = field(init=False)
    compilations: list[Compilation] = field(default_factory=list)
    donates: bool = field(init=False)

    def __post_init__(self) -> None:
        self.constants = [op for op in self.stage.ops if _is_large_constant(op)]
        self.donates = self.stage.last
        self._functions: dict[Any, Any] = {}
        self._arrays: list[Any] | None = None
        self._seen: set[Any] = set()
        self._stop = Stop()
        self._room = 0

    def warm(self, inputs: list[Any], known: list[Any]) -> bool:
        """Whether there is a compiled program for these shapes and known values."""
        return (_key(known), *[v.shape for v in inputs]) in self._seen

    def prepare(self, written: list[Any], kept: list[Any], inputs: list[Any], known: list[Any]) -> None:
        """Compile for the shapes of these arguments and these known values. Runs nothing; may be interrupted."""
        key = _key(known)
        use_disk_cache()
        start = time.perf_counter()
        with jax.enable_x64(True):
            if self._arrays is None:
                self._arrays = [jnp.asarray(op.definition.call([], op.attrs)) for op in self.constants]
            function = self._functions.get(key)
            if function is None:
                function = self._build(known, self.donates)
            try:
                lowered = function.lower(written, kept, inputs, self._arrays)
            except _Reshaped:
                self._stop_donating()
                function = self._build(known, False)
                lowered = function.lower(written, kept, inputs, self._arrays)
            lowered.compile()
        self._functions[key] = function
        seconds = time.perf_counter() - start
        shapes = tuple(tuple(v.shape) for v in inputs)
        self._seen.add((key, *shapes))
        self.compilations.append(Compilation(shapes, tuple(np.asarray(v) for v in known), seconds))

    def make_more_room(self) -> None:
        """Compile anew when next needed, with four times the room for values that grow."""
        with make_room(self._room):
            self._room = 4 * room()
        self._forget()

    def _stop_donating(self) -> None:
        """Leave the arrays of variables to themselves from now on, as a new value doesn't fit into the old one's."""
        self.donates = False
        self._forget()

    def _forget(self) -> None:
        self._functions.clear()
        self._seen.clear()

    def run(self, written: list[Any], kept: list[Any], inputs: list[Any], known: list[Any], done: list[Any]) -> None:
        """Run the program once and put (outputs, new values of the written variables, checks) into `done`.

        The result is in `done` as soon as there is one, even if Ctrl-C comes at that moment: the arrays in `written`
        are gone by then.
        """
        if self._stop.used:

            def call() -> None:
                self._call(written, kept, inputs, known, done)
                jax.block_until_ready(done)

            self._stop.run(call)
        else:
            self._call(written, kept, inputs, known, done)

    def _call(self, written: list[Any], kept: list[Any], inputs: list[Any], known: list[Any], done: list[Any]) -> None:
        try:
            with jax.enable_x64(True):
                # In one call from C, so that no signal is handled between the program's end and the append.
                done.extend(map(self._functions[_key(known)], (written,), (kept,), (inputs,), (self._arrays,)))
        except _Reshaped:  # now that a variable has another shape; nothing has been run yet
            self._stop_donating()
            self.prepare(written, kept, inputs, known)
            self._call(written, kept, inputs, known, done)

    def output_shapes(
        self, written: list[Any], kept: list[Any], shapes: list[Any], known: list[Any]
    ) -> list[tuple[int, ...]]:
        """Return the shapes of the outputs for inputs of these shapes, or nothing if that can't be told."""
        with jax.enable_x64(True):
            inputs = [
                jax.ShapeDtypeStruct(shape, t.dtype.base_dtype.value_dtype)
                for shape, t in zip(shapes, self.stage.inputs, strict=True)
            ]
            constants = [jax.eval_shape(lambda op=op: op.definition.call([], op.attrs)) for op in self.constants]
            function = self._build(known, False)
            try:
                outputs = jax.eval_shape(function, written, kept, inputs, constants)[0]
            except OpError:
                return []
        return [tuple(o.shape) for o in outputs]

    def _build(self, known: list[Any], donates: bool) -> Any:
        stage = self.stage
        known = [np.asarray(v) for v in known]

        def step(written: list[Any], kept: list[Any], inputs: list[Any], constants: list[Any]) -> Any:
            state: State = dict(zip(stage.writes, written, strict=True))
            state.update(zip(stage.reads, kept, strict=True))
            env: dict[Tensor, Any] = dict(zip(stage.inputs, inputs, strict=True))
            env.update(zip(stage.known, known, strict=True))
            env.update((tensor, Ref(slot)) for tensor, slot in stage.refers)
            env.update(zip((op.outputs[0] for op in self.constants), constants, strict=True))

            def trace(gate: Gate | None) -> Any:
                with collect_checks() as checks, make_room(self._room), stops_by(self._stop):
                    for op in stage.ops:
                        if op in stage.folded and fold(op, env, state):
                            continue
                        if op.outputs and all(t in env for t in op.outputs):
                            continue
                        before = len(checks)
                        fed = {t: env[t] for t in op.outputs if t in env}
                        execute(op, env, state, host=False, gate=gate, padded=stage.padded)
                        env.update(fed)
                        for made in checks[before:]:
                            made.op = made.op or op
                outputs = [_value(env[t], state) for t in stage.outputs]
                return outputs, [state[slot] for slot in stage.writes], checks

            if not stage.writes:
                return ungated(trace)
            result = gated(trace, written)
            if donates and any(map(_is_reshaped, written, result[1])):
                raise _Reshaped
            return result

        return jax.jit(step, donate_argnums=(0,) if donates else ())


class _Reshaped(Exception):
    """A variable gets a value of another shape, while the old one's memory was to be used for it."""


def _is_reshaped(old: Any, new: Any) -> bool:
    before, after = ([(v.shape, v.dtype) for v in jax.tree.leaves(value)] for value in (old, new))
    return bool(before) and before != after


HostFunction.make_program = Program


def _key(known: list[Any]) -> Any:
    return tuple([(v.shape, v.tobytes()) for v in known]) if known else None


def _value(value: Any, state: State) -> Any:
    return read(value, state) if isinstance(value, Ref) else value


def _is_large_constant(op: Operation) -> bool:
    if op._inputs or len(op.outputs) != 1 or not op.definition.folds:
        return False
    dims, kind = op.outputs[0]._dims, op.outputs[0].dtype
    if dims is None or None in dims or kind.name in ("string", "variant", "resource"):
        return False
    return math.prod(dims) * kind.size > _HOIST_BYTES  # type: ignore[arg-type]


_cache_ready = False


def use_disk_cache() -> None:
    """Keep compiled programs on disk, so that the next process starts warm, unless the user has set JAX's own cache up.

    ``DEFRUN_CACHE`` names the folder (by default ``~/.cache/defrun``); if it is ``0``, nothing is kept.
    """
    global _cache_ready
    if _cache_ready:
        return
    _cache_ready = True
    folder = os.environ.get("DEFRUN_CACHE") or str(Path.home() / ".cache" / "defrun")
    if folder == "0" or jax.config.values["jax_compilation_cache_dir"]:
        return
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
