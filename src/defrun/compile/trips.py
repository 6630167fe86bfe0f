"""How often a loop runs, where that follows from what is known while compiling: shapes, constants, known feeds."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.graph.function import FuncGraph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.functions import function_order

_MOST_STEPS = 200_000  # operations run to find out


class _UnknownError(Exception):
    pass


def trip_count(cond: FuncGraph, body: FuncGraph, values: list[Any]) -> int | None:
    """Return how many iterations a loop makes whose variables start with `values`; None if that can't be told.

    What the condition depends on is run by itself, on NumPy.
    """
    try:
        return _count(cond, body, values)
    except _UnknownError:
        return None


def _count(cond: FuncGraph, body: FuncGraph, values: list[Any]) -> int:
    result: Any = cond.outputs[0]
    test = _Slice(cond, [result])
    wanted = set(test.places)
    while True:
        step = _Slice(body, [body.outputs[i] for i in sorted(wanted) if i < len(body.outputs)])
        if step.places <= wanted:
            break
        wanted |= step.places
    if any(not isinstance(values[place], (np.ndarray, np.generic)) for place in wanted):
        raise _UnknownError
    now = {place: np.asarray(values[place]) for place in wanted}
    steps = {place: body.outputs[place] for place in wanted if place < len(body.outputs)}
    budget = _MOST_STEPS // (len(test.ops) + len(step.ops) + 1)
    for count in range(budget):
        if not bool(test.run(now)[result]):
            return count
        found = step.run(now)
        now.update({place: found[t] for place, t in steps.items() if t is not None})
    raise _UnknownError


class _Slice:
    """The part of a function that some of its tensors depend on."""

    def __init__(self, graph: FuncGraph, targets: list[Any]) -> None:
        place_of = dict(zip(graph.arguments, graph.argument_places, strict=True))
        stack = list(targets)
        needed: set[Operation] = set()
        self.arguments: dict[int, Tensor] = {}
        while stack:
            tensor = stack.pop()
            if tensor in place_of:
                self.arguments[place_of[tensor]] = tensor
            elif tensor._op not in needed:
                definition = tensor._op.definition
                if not definition.folds or definition.stateful:
                    raise _UnknownError
                needed.add(tensor._op)
                stack.extend(tensor._op._inputs)
        self.places = set(self.arguments)
        self.ops = [op for op in function_order(graph) if op in needed]

    def run(self, values: dict[int, Any]) -> dict[Tensor, Any]:
        env: dict[Tensor, Any] = {tensor: values[place] for place, tensor in self.arguments.items()}
        for op in self.ops:
            result = op.definition.call([env[t] for t in op._inputs], op.attrs)
            results = result if isinstance(result, (list, tuple)) else [result]
            for output, value in zip(op.outputs, results, strict=True):
                env[output] = np.asarray(value, dtype=output.dtype.base_dtype.value_dtype)
        return env
