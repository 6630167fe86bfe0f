"""Gradient descent."""

from __future__ import annotations

from typing import Any

from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops import scatter_variable
from defrun.ops.cast import cast
from defrun.ops.training import descent
from defrun.train.optimizer import Optimizer


class GradientDescentOptimizer(Optimizer):
    """Plain gradient descent: ``variable -= learning_rate * gradient``.

    Parameters
    ----------
    learning_rate : float, Tensor or callable
    use_locking : bool
    name : str
    """

    def __init__(self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor: Any = None

    def _prepare(self) -> None:
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _rate(self, var: Any) -> Tensor:
        return cast(self._learning_rate_tensor, var.dtype.base_dtype)

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        return descent.apply_gradient_descent(var, self._rate(var), grad, use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        rate = self._rate(handle)
        return descent.resource_apply_gradient_descent(handle.handle, rate, grad, use_locking=self._use_locking)

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Any:
        delta = IndexedSlices(grad.values * self._rate(var), grad.indices, grad.dense_shape)
        return var.scatter_sub(delta, use_locking=self._use_locking)

    def _resource_apply_sparse_duplicate_indices(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        return scatter_variable.resource_scatter_add(handle.handle, indices, -grad * self._learning_rate)
