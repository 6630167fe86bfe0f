"""RMSProp."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.ops.creation import ones_like
from defrun.ops.training import averages
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers
from defrun.variables.initializers import ones_initializer


class RMSPropOptimizer(OneNodeOptimizer):
    """RMSProp (Tieleman and Hinton, 2012): steps scaled by a moving average of squared gradients.

    Parameters
    ----------
    learning_rate : float, Tensor or callable
    decay : float, Tensor or callable
        Of the average.
    momentum : float, Tensor or callable
    epsilon : float, Tensor or callable
        Added to the average, below its root.
    use_locking : bool
    centered : bool
        Scale by the gradients' variance (Graves, 2013).
    name : str
    """

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            kind = v.dtype.base_dtype
            ones = ones_initializer(dtype=kind) if v.get_shape().is_fully_defined() else ones_like(v)
            self._get_or_make_slot_with_initializer(v, ones, v.get_shape(), kind, "rms", self._name)
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        self._tensors = numbers(
            self,
            learning_rate=self._learning_rate,
            decay=self._decay,
            momentum=self._momentum,
            epsilon=self._epsilon,
        )

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        if self._centered:
            return (
                averages.apply_centered_rms_prop,
                averages.resource_apply_centered_rms_prop,
                averages.sparse_apply_centered_rms_prop,
                averages.resource_sparse_apply_centered_rms_prop,
            )
        return (
            averages.apply_rms_prop,
            averages.resource_apply_rms_prop,
            averages.sparse_apply_rms_prop,
            averages.resource_sparse_apply_rms_prop,
        )

    def _slot_names(self) -> dict[str, str]:
        names = {"ms": "rms", "mom": "momentum"}
        return {"mg": "mg", **names} if self._centered else names

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return cast_all(
            self._tensors, kind, lr="learning_rate", rho="decay", momentum="momentum", epsilon="epsilon"
        )
