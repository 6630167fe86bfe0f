"""Run one op on values: NumPy arrays, or JAX's tracers while a stage is being compiled."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import errors
from defrun.compile.gate import Gate
from defrun.compile.loops import Runner
from defrun.compile.subgraph import MisfitError, Ref, State, fold_with, read
from defrun.compile.texts import call_with_numbers, needs_numbers
from defrun.graph.infer import known_in_part
from defrun.graph.operation import Operation, Tensor
from defrun.graph.resource import Resource
from defrun.graph.rows import Rows
from defrun.graph.transient import NoCommonForm
from defrun.plan.effects import Slot, made_slot, slot_of

LARGEST_FOLDED = 4096
"""Elements; larger results are not computed while tracing."""


def execute(
    op: Operation,
    env: dict[Tensor, Any],
    state: State,
    host: bool,
    gate: Gate | None = None,
    padded: frozenset[Tensor] = frozenset(),
) -> None:
    """Put the outputs of `op` into `env`, and what it writes, where `gate` lets it, into `state`.

    `padded` are the tensors that have more rows than they should have.
    """
    definition = op.definition
    if definition.variable:
        env[op.outputs[0]] = Ref(slot_of(op))
        return
    if definition.resource:
        kept = state[slot_of(op)]
        if kept is None:
            raise errors.CancelledError(None, op, "The session has been closed.")
        if op._inputs:
            prepare(op, kept, [env[t] for t in op._inputs])
        env[op.outputs[0]] = kept
        return
    values = [env[t] for t in op._inputs]
    if definition.forwards and values and isinstance(values[0], Ref):
        env[op.outputs[0]] = values[0]
        return
    made: Slot | None = None
    if definition.transient:
        first = values[0] if values and isinstance(values[0], Ref) else None
        made = made_slot(op, None if first is None else first.slot)
    written: list[Ref | None] = []
    if definition.writes:
        written = [
            value if isinstance(value, Ref) else None  # what is fed is no variable: nothing is stored
            for arg, value in zip(definition.flat_args(op.attrs), values, strict=True)
            if arg.name in definition.writes
        ]
    if any(isinstance(v, Ref) for v in values):
        for i, (arg, value) in enumerate(zip(definition.flat_args(op.attrs), values, strict=True)):
            if not isinstance(value, Ref):
                continue
            if definition.control:
                continue
            handle = arg.ref or (value.slot.maker is not None and op._inputs[i].dtype.base_dtype.name == "resource")
            optional = handle and not definition.reads
            values[i] = state.get(value.slot) if optional else read(value, state, definition.unset)
    extra: dict[str, Any] = {}
    own: Slot | None = None
    if definition.initial_state is not None:
        own = slot_of(op)
        extra["state"] = state[own]
    if definition.static_rule is not None and any(isinstance(v, jax.Array) for v in values[1:]):
        extra["known"] = known_in_part(op)
    if made is not None and values and op._inputs[0].dtype.base_dtype.name == "resource":
        extra["current"] = state.get(made)
    if definition.gated:
        extra["ok"] = None if gate is None else gate.ok
    if definition.takes_padded:
        extra["padded"] = any(t in padded for t in op._inputs)
    if definition.padded_form is not None:
        extra["pads"] = op.outputs[0] in padded
    if definition.declared:
        extra["dims"] = [t._dims for t in op._inputs]
    if not host and definition.folds and any(_is_large(t) for t in op.outputs):
        # Made on the device, not embedded in the program.
        static = [arg.static for arg in definition.flat_args(op.attrs)]
        values = [
            jnp.asarray(v) if isinstance(v, np.ndarray) and not s and v.dtype != object else v
            for v, s in zip(values, static, strict=True)
        ]
    if host and not definition.control:
        values = [np.asarray(v) if isinstance(v, jax.Array) else v for v in values]
    try:
        if definition.control:
            runner = Runner(state, host, execute, gate)
            result = definition.body(runner, *definition.group(values, op.attrs), **definition.body_arguments(op.attrs))
        elif host and needs_numbers(op, values):
            result = call_with_numbers(op, values, **extra)
        elif host and not definition.host:  # an op of the device, in a loop on the host, say
            with jax.enable_x64(True):
                result = definition.call(values, op.attrs, **extra)
        else:
            result = definition.call(values, op.attrs, **extra)
    except MisfitError as error:
        error.op = error.op or op
        raise
    except NoCommonForm as error:
        if host:
            raise errors.InvalidArgumentError(None, op, f"{op.type} can't run: {error}") from None
        raise MisfitError(str(error), op) from None
    except (TypeError, ValueError, ZeroDivisionError, IndexError) as error:
        raise user_error(op, error) from error
    except errors.OpError as error:
        if error.op is None:
            raise type(error)(None, op, error.message) from None
        raise
    results = list(result) if isinstance(result, (list, tuple)) else [] if result is None else [result]
    updated: list[Any] = []
    if made is not None:
        state[made] = results[0]
        results[0] = Ref(made)
    for ref in written:
        value = results.pop(0)
        if ref is not None:
            if gate is not None and not definition.gated and not ref.slot.transient:
                value = gate.let(value, state.get(ref.slot))
            state[ref.slot] = value
        updated.append(value if ref is None else ref)
    if own is not None:
        drawn = results.pop()
        state[own] = drawn if gate is None else gate.let(drawn, state[own])
    aliases = iter(updated)
    at = iter(results)
    for output in op.outputs:
        if output.dtype._is_ref_dtype and updated:
            env[output] = next(aliases, updated[0])
        else:
            env[output] = as_declared(next(at), output, host)


def prepare(op: Operation, kept: Resource, values: list[Any]) -> None:
    """Give a resource the values of its op's inputs."""
    try:
        kept.prepare(*map(np.asarray, values))
    except errors.OpError as error:
        raise type(error)(None, op, error.message) from None


def _is_large(tensor: Tensor) -> bool:
    dims = tensor._dims
    return dims is not None and None not in dims and math.prod(dims) > LARGEST_FOLDED  # type: ignore[arg-type]


def as_declared(value: Any, output: Tensor, host: bool) -> Any:
    """Give `value` the dtype that the graph says it has."""
    if isinstance(value, (Ref, Rows)):  # what a loop only passes on, or has kept
        return value
    if value is None:  # of a branch that doesn't have it: nobody looks
        return np.zeros([d or 0 for d in output.dims or ()], output.dtype.base_dtype.value_dtype)
    kind = output.dtype.base_dtype.value_dtype
    if isinstance(value, jax.Array):
        return value if value.dtype == kind else value.astype(kind)
    if isinstance(value, (np.ndarray, np.generic, int, float, bool, complex, list)):
        return np.asarray(value, dtype=kind)
    return value if output.dtype.base_dtype.name in ("resource", "variant") else np.asarray(value, dtype=kind)


def fold(op: Operation, env: dict[Tensor, Any], state: State) -> bool:
    """Run `op` on NumPy if all its inputs are NumPy values by now; whether it was."""
    return fold_with(execute, op, env, state)


def user_error(op: Operation, error: Exception) -> errors.OpError:
    """Turn what a body raised into TensorFlow's error, with the op's name and the user's line."""
    text = str(error).split("\n\n")[0].strip()
    return errors.InvalidArgumentError(None, op, f"{op.type} can't run: {text}")
