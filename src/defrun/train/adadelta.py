"""Adadelta."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.ops.training import averages
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers


class AdadeltaOptimizer(OneNodeOptimizer):
    """Adadelta (Zeiler, 2012): steps scaled by moving averages of squared gradients and of squared steps.

    Parameters
    ----------
    learning_rate, rho, epsilon : float, Tensor or callable
        `rho` is the averages' decay; `epsilon` is added to them, below their roots.
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-08,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr, self._rho, self._epsilon = learning_rate, rho, epsilon
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)

    def _prepare(self) -> None:
        self._tensors = numbers(self, lr=self._lr, rho=self._rho, epsilon=self._epsilon)

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return (
            averages.apply_adadelta,
            averages.resource_apply_adadelta,
            averages.sparse_apply_adadelta,
            averages.resource_sparse_apply_adadelta,
        )

    def _slot_names(self) -> dict[str, str]:
        return {"accum": "accum", "accum_update": "accum_update"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return cast_all(self._tensors, kind, lr="lr", rho="rho", epsilon="epsilon")
