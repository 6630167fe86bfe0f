"""How far apart two sequences are."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.composite import SparseTensor, SparseTensorValue
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.strings.texts import texts_in


@op("EditDistance",
    "hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: static int64, "
    "truth_indices: int64, truth_values: T, truth_shape: static int64 -> output: float32",
    host=True, differentiable=False)  # fmt: skip
def _edit_distance(
    hypothesis_indices,
    hypothesis_values,
    hypothesis_shape,
    truth_indices,
    truth_values,
    truth_shape,
    normalize: bool = True,
):
    """Levenshtein's distance between sequences, the last axis of two sparse tensors."""
    sides = (
        _Side("hypothesis", hypothesis_indices, hypothesis_values, hypothesis_shape),
        _Side("truth", truth_indices, truth_values, truth_shape),
    )
    if len(sides[0].shape) != len(sides[1].shape):
        text = f"hypothesis_shape and truth_shape must have the same length: {sides[0].shape} and {sides[1].shape}"
        raise InvalidArgumentError(None, None, text)
    shape = np.maximum(sides[0].shape[:-1], sides[1].shape[:-1])
    hypotheses, truths = (side.sequences() for side in sides)
    distances = np.zeros(shape, np.float32)
    for place in hypotheses.keys() | truths.keys():
        if any(i >= size for i, size in zip(place, shape, strict=True)):
            text = f"The sequence at {list(place)} lies outside the shape {list(shape)}"
            raise InvalidArgumentError(None, None, text)
        hypothesis, truth = hypotheses.get(place, []), truths.get(place, [])
        distance = levenshtein(hypothesis, truth)
        if normalize:
            distances[place] = distance / len(truth) if truth else np.inf
        else:
            distances[place] = distance
    return distances


class _Side:
    """One of the two sparse tensors."""

    def __init__(self, name: str, indices: Any, values: Any, shape: Any) -> None:
        self.shape: list[int] = np.ravel(shape).tolist()
        if indices.ndim != 2 or indices.shape != (len(values), len(self.shape)) or values.ndim != 1:
            raise InvalidArgumentError(
                None, None,
                f"{name}: indices {list(indices.shape)}, values {list(values.shape)} and a shape of "
                f"{len(self.shape)} axes don't go together",
            )  # fmt: skip
        if len(self.shape) < 2:
            raise InvalidArgumentError(None, None, f"{name}_shape must have at least 2 elements, not {self.shape}")
        self.indices = indices
        self.values = texts_in(values) if values.dtype == object else values.tolist()

    def sequences(self) -> dict[tuple[int, ...], list[Any]]:
        """Return the sequence at each place that has one."""
        found: dict[tuple[int, ...], list[Any]] = {}
        for place, value in zip(map(tuple, self.indices[:, :-1].tolist()), self.values, strict=True):
            found.setdefault(place, []).append(value)
        return found


def levenshtein(first: list[Any], second: list[Any]) -> int:
    """Count the insertions, deletions and replacements that make `second` of `first`."""
    if not first or not second:
        return len(first) + len(second)
    numbers = {value: i for i, value in enumerate(dict.fromkeys([*first, *second]))}
    row = np.array([numbers[value] for value in second])
    steps = np.arange(len(second) + 1)
    costs = steps
    for count, value in enumerate(first, 1):
        new = np.empty_like(costs)
        new[0] = count
        new[1:] = np.minimum(costs[1:] + 1, costs[:-1] + (row != numbers[value]))
        costs = np.minimum.accumulate(new - steps) + steps  # insertions, along the row
    return int(costs[-1])


@_edit_distance.shape
def _(hypothesis_shape, truth_shape):
    if hypothesis_shape is None or truth_shape is None:
        return None
    pairs = list(zip(np.ravel(hypothesis_shape), np.ravel(truth_shape)))
    if len(np.ravel(hypothesis_shape)) != len(np.ravel(truth_shape)):
        raise ValueError(f"hypothesis and truth differ in rank: {hypothesis_shape} and {truth_shape}")
    return tuple(None if a is None or b is None else max(int(a), int(b)) for a, b in pairs[:-1])


def edit_distance(hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance") -> Tensor:
    """Return Levenshtein's distance between sequences.

    Parameters
    ----------
    hypothesis, truth : SparseTensor [..., n]
        The values along the last axis are a sequence.
    normalize : bool
        Divide by the length of the truth; infinite where that is 0, unless both are.
    name : str

    Returns
    -------
    float32 Tensor
        With one axis less.

    Raises
    ------
    TypeError
        If either is not a SparseTensor.
    """
    for label, value in (("Hypothesis", hypothesis), ("Truth", truth)):
        if not isinstance(value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"{label} must be a SparseTensor, not {value!r}")
    return _edit_distance(
        hypothesis.indices, hypothesis.values, hypothesis.dense_shape, truth.indices, truth.values, truth.dense_shape,
        normalize=normalize, name=name,
    )  # fmt: skip
