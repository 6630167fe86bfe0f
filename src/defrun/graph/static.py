"""What is known of a tensor's value while the graph is being built.

Shapes are computed in the graph too (``tf.shape(x)[0] * 2``); the shape of what depends on them should be known as far
as possible. The ops that such arithmetic uses have bodies that run on NumPy (`OpDef.folds`), so values are found by
running them. Where a size is not known, the arithmetic is run on several trial sizes, and what comes out the same
each time is known.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import OpError
from defrun.graph.operation import Operation, Tensor

_LARGEST = 10_000  # elements; larger constants are no shapes
_LARGEST_RESULT = 1 << 24
_TRIALS = (1, 2, 1_000_003)
_INTEGERS = frozenset((dtypes.int32, dtypes.int64))


class _UnknownError(Exception):
    """The value can't be known before the run."""


def constant_value(tensor: Any, partial: bool = False) -> np.ndarray[Any, Any] | None:
    """Return the value of `tensor` if it is the same in every run, else None.

    Examples
    --------
    >>> constant_value(tf.constant([2, 3]) * 2)
    array([4, 6], dtype=int32)
    """
    if not isinstance(tensor, Tensor):
        return None
    try:
        return _Fold(None).value(tensor)
    except _UnknownError:
        return None


def partial_value(tensor: Tensor) -> Any:
    """Return the value of an integer `tensor`: an array, nested lists with None where an element is not known, or None.

    Only scalars, vectors and matrices are known in part.
    """
    try:
        return _Fold(None).value(tensor)
    except _UnknownError:
        pass
    if tensor._dims is not None and (len(tensor._dims) > 2 or _is_larger(tensor, _LARGEST)):
        return None
    try:
        first, *others = (_Fold(trial).value(tensor) for trial in _TRIALS)
    except Exception:  # a trial size may not fit: then nothing is known but a vector's length
        dims = tensor._dims
        return [None] * dims[0] if dims is not None and len(dims) == 1 and dims[0] is not None else None
    if any(other.shape != first.shape for other in others) or first.ndim > 2:
        return None
    known = np.all([other == first for other in others], axis=0)
    if known.any():
        known &= _same_for_none(tensor, first)
    if first.ndim == 0:
        return first if known else None
    return np.where(known, first.astype(object), np.array(None)).tolist()


def _same_for_none(tensor: Tensor, value: np.ndarray[Any, Any]) -> Any:
    """Whether the value is the same if sizes are 0 (the smaller of a size and 1 is not), or has no value then."""
    try:
        nothing = _Fold(0).value(tensor)
    except Exception:  # a division by such a size: then it is none
        return True
    return nothing == value if nothing.shape == value.shape else False


def _is_larger(tensor: Tensor, elements: int) -> bool:
    dims = tensor._dims
    return dims is not None and None not in dims and math.prod(dims) > elements  # type: ignore[arg-type]


class _Fold:
    """Run ops on NumPy; unknown sizes and integers are `trial`, or refused if that is None."""

    def __init__(self, trial: int | None) -> None:
        self.trial = trial
        self.values: dict[Tensor, np.ndarray[Any, Any]] = {}
        self.scalars: set[Tensor] = set()
        self.apart = 0

    def value(self, tensor: Tensor) -> np.ndarray[Any, Any]:
        if tensor not in self.values:
            self.run(tensor)
        return self.values[tensor]

    def run(self, tensor: Tensor) -> None:
        # An explicit stack: chains of arithmetic may be longer than Python's.
        stack = [tensor]
        while stack:
            current = stack[-1]
            if current in self.values:
                stack.pop()
                continue
            definition = current._op.definition
            if definition.of_shape:
                self.values[current] = self.of_shape(current)
            elif not definition.folds or definition.stateful:
                self.values[current] = self.unknown(current)
            elif self.too_vague(current):
                self.values[current] = self.constant_or_unknown(current)
            else:
                missing = [t for t in current._op._inputs if t not in self.values]
                if missing:
                    stack.extend(missing)
                    continue
                self.apply(current._op)
            stack.pop()

    def too_vague(self, tensor: Tensor) -> bool:
        """With trial sizes only integer arithmetic is told apart; a comparison could come out the same by chance."""
        return self.trial is not None and any(t.dtype not in _INTEGERS for t in (tensor, *tensor._op._inputs))

    def constant_or_unknown(self, tensor: Tensor) -> np.ndarray[Any, Any]:
        try:
            return _Fold(None).value(tensor)
        except _UnknownError:
            return self.unknown(tensor)

    def unknown(self, tensor: Tensor) -> np.ndarray[Any, Any]:
        dims = tensor._dims
        if dims is None and self.trial is not None:
            # Most likely a scalar, as n in [n, 2]; `apply` makes sure that the shape of what comes out says so.
            self.scalars.add(tensor)
            dims = ()
        if self.trial is None or tensor.dtype not in _INTEGERS or dims is None or None in dims or len(dims) > 2:
            raise _UnknownError
        sizes: Any = dims
        values = np.full(sizes, self.trial, tensor.dtype.value_dtype)
        if self.trial == _TRIALS[-1]:  # of several integers none is known to be the same as another
            values += self.apart + np.arange(values.size).reshape(sizes).astype(values.dtype)
            self.apart += values.size
        return values

    def of_shape(self, tensor: Tensor) -> np.ndarray[Any, Any]:
        op = tensor._op
        shapes = []
        for source in op._inputs:
            dims = source.value_dims
            if dims is None:
                # The rank itself is unknown.
                return self.unknown(tensor)
            if None in dims and self.trial is None and op.definition.of_shape != "rank":
                raise _UnknownError
            size = 1 if self.trial is None else self.trial
            apart = self.trial == _TRIALS[-1]  # of several sizes none is known to be the same as another
            sizes = [size + apart * axis if d is None else d for axis, d in enumerate(dims)]
            shapes.append(SimpleNamespace(shape=tuple(sizes)))  # no array could be that large
        self.finish(op, op.definition.call(shapes, op.attrs))
        return self.values[tensor]

    def apply(self, op: Operation) -> None:
        inputs = [self.values[t] for t in op._inputs]
        if sum(v.size for v in inputs) > _LARGEST:
            raise _UnknownError
        if inputs and any(_is_larger(output, _LARGEST_RESULT) for output in op.outputs):
            raise _UnknownError
        try:
            result = op.definition.call(inputs, op.attrs)
        except OpError:  # a division by zero, ...: the run will say so, if it comes to that
            raise _UnknownError from None
        self.finish(op, result)
        if not self.scalars.isdisjoint(op._inputs):
            for output in op.outputs:
                if self.values[output].shape != output._dims:
                    raise _UnknownError

    def finish(self, op: Operation, result: Any) -> None:
        results = result if isinstance(result, (list, tuple)) else [result]
        for output, value in zip(op.outputs, results, strict=True):
            self.values[output] = np.asarray(value, dtype=output.dtype.value_dtype)
