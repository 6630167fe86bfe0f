"""What the session adds to an explanation: the sizes of values, and what was compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from defrun.compile import MisfitError, Program
from defrun.graph.operation import Tensor
from defrun.plan import Slot, Stage
from defrun.plan.explain import Explanation, StageReport, Value, explain_plan, update_hints
from defrun.session.runner import Runner
from defrun.session.store import Store

Sizes = dict[Tensor, tuple[int, ...]]


def report(runner: Runner, store: Store, feeds: Sequence[np.ndarray[Any, Any]] | None) -> Explanation:
    """Explain the plan of `runner`; with `feeds`, for arrays of just those shapes. Runs nothing."""
    sizes: Sizes = {}
    if feeds is not None:
        sizes.update((t, a.shape) for t, a in zip(runner.plan.feeds, feeds, strict=True))
    values = dict(zip(runner.plan.feeds, feeds or (), strict=False))
    stages: list[StageReport] = []
    while len(stages) < len(runner.programs):
        stage, program = runner.plan.stages[len(stages)], runner.programs[len(stages)]
        try:
            if program is not None:
                _find_shapes(program, store, sizes, values)
        except MisfitError as error:
            runner.split(len(stages), error)
        else:
            stages.append(_stage(stage, program, store, sizes))
    plan = runner.plan
    results = tuple(_result(f, plan.effects.refers.get(f), store, sizes) for f in plan.fetches if isinstance(f, Tensor))
    hints = (*update_hints(plan, results), *_recompilation_hints(runner))
    return explain_plan(plan, tuple(stages), results, hints, runner.runs)


def _find_shapes(program: Program, store: Store, sizes: Sizes, values: dict[Tensor, Any]) -> None:
    stage = program.stage
    if any(t not in sizes and not _is_known(t) for t in stage.inputs) or any(t not in values for t in stage.known):
        return
    inputs = [sizes.get(t, t._dims) for t in stage.inputs]
    written = [store.values[store.number(s)] for s in stage.writes]
    kept = [store.values[store.number(s)] for s in stage.reads]
    shapes = program.output_shapes(written, kept, inputs, [values[t] for t in stage.known])
    sizes.update(zip(stage.outputs, shapes, strict=False))


def _is_known(tensor: Tensor) -> bool:
    return tensor._dims is not None and None not in tensor._dims


def _stage(stage: Stage, program: Program | None, store: Store, sizes: Sizes) -> StageReport:
    compiled = []
    for done in program.compilations if program is not None else ():
        shapes = ", ".join(
            f"{t.op.name} {list(shape)}" for t, shape in zip(stage.inputs, done.shapes, strict=True)
        )  # fmt: skip
        known = ", ".join(f"{t.op.name}={v.tolist()}" for t, v in zip(stage.known, done.known, strict=True))
        compiled.append((", ".join(p for p in (shapes, known) if p) or "no inputs", done.seconds))
    return StageReport(
        device=stage.device,
        nodes=stage.ops,
        inputs=tuple(_value(t, sizes) for t in stage.inputs),
        outputs=tuple(_value(t, sizes) for t in stage.outputs),
        reads=tuple(_variable(s, store) for s in stage.reads if not s.resource),
        writes=tuple(_variable(s, store) for s in stage.writes),
        known=tuple(_value(t, sizes) for t in stage.known),
        compilations=tuple(compiled),
    )


def _value(tensor: Tensor, sizes: Sizes) -> Value:
    shape = sizes.get(tensor, tensor._dims if _is_known(tensor) else None)
    kind = tensor.dtype.base_dtype
    if shape is None:
        return Value(tensor.name, kind.name, str(tensor.shape), None)
    fixed = kind.name not in ("string", "resource", "variant")
    size = int(np.prod(shape, dtype=np.int64)) * kind.size if fixed else None  # type: ignore[arg-type]
    return Value(tensor.name, kind.name, str(tuple(shape)), size)


def _variable(slot: Slot, store: Store) -> Value:
    value = store.values[store.number(slot)]
    place = f"{slot.container}/{slot.name}" if slot.container else slot.name
    name = f"{place} (random generator)" if slot.owned else place
    if value is not None:
        return Value(name, str(value.dtype), str(tuple(value.shape)), value.nbytes)
    if slot.maker is None or slot.owned:
        return Value(name, "?", "?", None)
    made = slot.maker.outputs[0]
    return Value(name, slot.maker.attrs["dtype"].name, f"{made.shape}, not initialized", None)


def _result(fetch: Tensor, slot: Slot | None, store: Store, sizes: Sizes) -> Value:
    if slot is not None:
        kept = _variable(slot, store)
        return Value(fetch.name, kept.dtype, kept.shape, kept.bytes)
    return _value(fetch, sizes)


MANY_PROGRAMS = 4


def _recompilation_hints(runner: Runner) -> list[str]:
    """Name the feeds whose changes made a stage compile again and again."""
    hints = []
    for stage, program in zip(runner.plan.stages, runner.programs, strict=True):
        if program is None or len(program.compilations) < MANY_PROGRAMS:
            continue
        culprits = varying(stage, program)
        if culprits:
            hints.append(
                f"This run has compiled {len(program.compilations)} programs, because of {' and '.join(culprits)}. "
                "Feed a few sizes only (pad the rest) to compile less."
            )
    return hints


def varying(stage: Stage, program: Program) -> list[str]:
    """Say which inputs of the stage had several shapes or known values."""
    found = []
    for i, tensor in enumerate(stage.inputs):
        shapes = {done.shapes[i] for done in program.compilations}
        if len(shapes) > 1:
            found.append(f"{len(shapes)} shapes of {tensor.name}")
    for i, tensor in enumerate(stage.known):
        values = {done.known[i].tobytes() for done in program.compilations}
        if len(values) > 1:
            found.append(f"{len(values)} values of {tensor.name}, which sets a shape or an axis")
    return found
