"""Text in bodies that know only numbers: those of operations that move elements about."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from defrun.base import dtypes
from defrun.graph.operation import Operation
from defrun.graph.transient import Transient


def needs_numbers(op: Operation, values: list[Any]) -> bool:
    """Whether a body that is for the device is to run on text, and gives text."""
    definition = op.definition
    if definition.host or definition.folds or definition.control or any(isinstance(v, Transient) for v in values):
        return False
    return any(map(_is_text, values)) and any(_are_texts(op))


def call_with_numbers(op: Operation, values: list[Any], **extra: Any) -> list[Any]:
    """Run a body on the places that texts have in the sorted list of those at hand, and put them back in the results.

    The empty text comes first: it is 0, as in a body's zeros.
    """
    texts = sorted({b"", *(text for value in values if _is_text(value) for text in value.ravel().tolist())})
    places = {text: place for place, text in enumerate(texts)}
    numbers = [
        np.array([places[text] for text in v.ravel().tolist()], np.int64).reshape(v.shape) if _is_text(v) else v
        for v in values
    ]
    with jax.enable_x64(True):
        result = op.definition.call(numbers, op.attrs, **extra)
    results = list(result) if isinstance(result, (list, tuple)) else [result]
    pool = np.empty(len(texts), object)
    pool[:] = texts
    wanted = _are_texts(op)
    wanted += [False] * (len(results) - len(wanted))  # the state of a generator
    return [_taken(pool, value) if text else value for value, text in zip(results, wanted, strict=True)]


def _are_texts(op: Operation) -> list[bool]:
    """Tell which of the body's results are text: the new values of what is written, then the outputs."""
    definition = op.definition
    arguments = definition.flat_args(op.attrs)
    kept = [t for arg, t in zip(arguments, op._inputs, strict=True) if arg.name in definition.writes]
    kinds = [t.dtype if t._handle is None else t._handle.dtype for t in kept]
    kinds += [t.dtype for t in op.outputs if not (t.dtype._is_ref_dtype and kept)]
    return [kind.base_dtype == dtypes.string for kind in kinds]


def _taken(pool: np.ndarray[Any, Any], places: Any) -> np.ndarray[Any, Any]:
    numbers = np.asarray(places).astype(np.int64)
    return np.take(pool, numbers.ravel()).reshape(numbers.shape)


def _is_text(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object
