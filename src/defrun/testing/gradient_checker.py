"""Gradients held against differences: `tf.test.compute_gradient`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.gradients import gradients
from defrun.graph.composite import IndexedSlices
from defrun.graph.operation import Operation, Tensor
from defrun.ops.array import identity
from defrun.ops.constant import constant
from defrun.session.session import get_default_session

Jacobians = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
Shape = Sequence[int]

_TYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)


def compute_gradient(
    x: Tensor | list[Tensor],
    x_shape: Shape | list[Shape],
    y: Tensor,
    y_shape: Shape,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Operation] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> Jacobians | list[Jacobians]:
    """Return the Jacobian of `y` with respect to `x` twice: from the gradient, and from differences.

    A complex number counts as two real ones. Runs in the default session and adds nodes to its graph.

    Parameters
    ----------
    x : Tensor or list of Tensor
    x_shape : shape, or list of shapes
    y : Tensor
    y_shape : shape
    x_init_value : array or list of arrays, optional
        Where to differentiate; at random if left out.
    delta : float
        Half the distance of the points whose difference is taken.
    init_targets : sequence of Operation, optional
        Run before.
    extra_feed_dict : dict, optional
        Fed in every run.

    Returns
    -------
    (theoretical, numeric) : arrays [size of x, size of y]; a list of such pairs for a list `x`

    Raises
    ------
    TypeError
        If `x` or `y` is not of a type that gradients have.
    """
    xs, shapes = (x, x_shape) if isinstance(x, list) else ([x], [x_shape])
    values = (x_init_value if isinstance(x, list) else [x_init_value]) or [None] * len(xs)
    grads = [_gradient(one, y, y_shape) for one in xs]
    for target in init_targets or ():
        target.run()
    results = []
    for one, shape, value, (dx, dy) in zip(xs, shapes, values, grads):
        point = _point(one, shape, value)
        check = _Check(one, point, y, tuple(y_shape), extra_feed_dict or {})
        results.append((check.theoretical(dx, dy), check.numeric(delta)))
    return results if isinstance(x, list) else results[0]


def compute_gradient_error(
    x: Tensor | list[Tensor],
    x_shape: Shape | list[Shape],
    y: Tensor,
    y_shape: Shape,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Operation] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> float:
    """Return the largest difference between the two Jacobians of `compute_gradient`, whose parameters it takes."""
    pairs = compute_gradient(x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict)
    pairs = pairs if isinstance(pairs, list) else [pairs]
    return max((float(np.abs(one - other).max()) for one, other in pairs if one.size), default=0.0)


def _gradient(x: Tensor, y: Tensor, y_shape: Shape) -> tuple[Any, Tensor]:
    """Return the gradient of `y` with respect to `x` and the node to feed with that of `y`."""
    for tensor in (x, y):
        if tensor.dtype.base_dtype not in _TYPES:
            raise TypeError(f"{tensor.name} is of type {tensor.dtype.name}, which has no gradients")
    with x.graph.as_default():
        dy = constant(1.0, shape=y_shape, dtype=y.dtype)
        return gradients(y, x, identity(dy))[0], dy


def _point(x: Tensor, shape: Any, value: Any) -> np.ndarray[Any, Any]:
    kind = x.dtype.as_numpy_dtype
    if value is not None:
        if list(np.shape(value)) != list(shape):
            raise ValueError(f"x_init_value has shape {np.shape(value)}, but x_shape is {tuple(shape)}")
        return np.asarray(value, kind)
    point = np.random.random_sample(shape).astype(kind)
    if x.dtype.is_complex:
        point.imag = np.random.random_sample(shape)
    return point


def _numbers(array: Any) -> np.ndarray[Any, Any]:
    """Return the real numbers in an array, flat; a change of them changes the array."""
    flat = array.reshape(-1)
    return flat.view(flat.real.dtype) if np.iscomplexobj(flat) else flat


class _Check:
    """`y` as a function of `x` around a point."""

    def __init__(self, x: Tensor, point: np.ndarray[Any, Any], y: Tensor, y_shape: tuple[int, ...], feeds: Any):
        self.x, self.point, self.y, self.y_shape, self.feeds = x, point, y, y_shape, feeds
        self.session = get_default_session()
        if self.session is None:
            raise ValueError("compute_gradient needs a default session")

    def theoretical(self, dx: Any, dy: Tensor) -> np.ndarray[Any, Any]:
        """Feed a one for every number of `y` in turn."""
        seed = np.zeros(self.y_shape, self.y.dtype.as_numpy_dtype)
        columns = []
        for i in range(_numbers(seed).size):
            _numbers(seed)[i] = 1
            columns.append(_numbers(self._backward(dx, {**self.feeds, self.x: self.point, dy: seed})).copy())
            _numbers(seed)[i] = 0
        size = _numbers(self.point).size
        kind = _numbers(self.point).dtype
        return np.stack(columns, axis=1) if columns else np.zeros((size, 0), kind)

    def _backward(self, dx: Any, feeds: Any) -> np.ndarray[Any, Any]:
        if not isinstance(dx, IndexedSlices):
            return np.ascontiguousarray(self.session.run(dx, feeds))
        values, indices = self.session.run([dx.values, dx.indices], feeds)
        dense = np.zeros_like(self.point)
        np.add.at(dense, indices, values)
        return dense

    def numeric(self, delta: float) -> np.ndarray[Any, Any]:
        """Move every number of `x` in turn a little up and down."""
        rows = []
        size = int(np.prod(self.y_shape)) * (2 if self.y.dtype.is_complex else 1)
        for i in range(_numbers(self.point).size):
            ends = []
            for step in (delta, -delta):
                moved = self.point.copy()
                _numbers(moved)[i] += step
                value = self.session.run(self.y, {**self.feeds, self.x: moved})
                ends.append(_numbers(np.ascontiguousarray(value)).copy())
            rows.append((ends[0] - ends[1]) / np.asarray(2 * delta, ends[0].dtype))
        return np.stack(rows) if rows else np.zeros((0, size), _numbers(self.point).dtype)
