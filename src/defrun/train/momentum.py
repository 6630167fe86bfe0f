"""Gradient descent with momentum."""

from __future__ import annotations

from typing import Any

from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.cast import cast
from defrun.ops.training import descent
from defrun.train.optimizer import Optimizer


class MomentumOptimizer(Optimizer):
    """Momentum: ``accumulation = momentum * accumulation + gradient; variable -= learning_rate * accumulation``.

    Parameters
    ----------
    learning_rate, momentum : float, Tensor or callable
    use_locking : bool
    name : str
    use_nesterov : bool
        Look ahead (Sutskever et al., 2013).
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")
        momentum = self._call_if_callable(self._momentum)
        self._momentum_tensor = convert_to_tensor(momentum, name="momentum")

    def _numbers(self, var: Any) -> tuple[Tensor, dict[str, Any]]:
        kind = var.dtype.base_dtype
        return cast(self._learning_rate_tensor, kind), {
            "use_locking": self._use_locking,
            "use_nesterov": self._use_nesterov,
        }

    def _momentum_of(self, var: Any) -> Tensor:
        return cast(self._momentum_tensor, var.dtype.base_dtype)

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        accum = self.get_slot(var, "momentum")
        rate, flags = self._numbers(var)
        return descent.apply_momentum(var, accum, rate, grad, self._momentum_of(var), **flags).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        accum = self.get_slot(handle, "momentum").handle
        rate, flags = self._numbers(handle)
        return descent.resource_apply_momentum(handle.handle, accum, rate, grad, self._momentum_of(handle), **flags)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        accum = self.get_slot(var, "momentum")
        rate, flags = self._numbers(var)
        return descent.sparse_apply_momentum(
            var, accum, rate, grad.values, grad.indices, self._momentum_of(var), **flags
        ).op

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        accum = self.get_slot(handle, "momentum").handle
        rate, flags = self._numbers(handle)
        return descent.resource_sparse_apply_momentum(
            handle.handle, accum, rate, grad, indices, self._momentum_of(handle), **flags
        )
