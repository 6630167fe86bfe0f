"""Rates of each layer's own, and Adagrad with steps that leave its memory alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.operation import Tensor
from defrun.ops.cast import cast
from defrun.ops.compare import greater
from defrun.ops.norms import norm
from defrun.ops.select import where
from defrun.ops.training import descent
from defrun.train.adagrad import AdagradOptimizer
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers


class LARSOptimizer(OneNodeOptimizer):
    """LARS (You et al., 2017): momentum, with the rate of a variable scaled by its norm over that of its gradient.

    Parameters
    ----------
    learning_rate : float or Tensor
    momentum, weight_decay, eeta, epsilon : float
        `eeta` is the trust in a layer's ratio.
    name : str
    skip_list : list of str, optional
        Variables whose names contain one of these are updated by plain momentum.
    use_nesterov : bool

    Raises
    ------
    ValueError
        If `momentum` or `weight_decay` is negative.
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any = 0.9,
        weight_decay: float = 0.0001,
        eeta: float = 0.001,
        epsilon: float = 0.0,
        name: str = "LARSOptimizer",
        skip_list: Any = None,
        use_nesterov: bool = False,
    ) -> None:
        for key, value in {"momentum": momentum, "weight_decay": weight_decay}.items():
            if value < 0.0:
                raise ValueError(f"{key} should be positive: {value}")
        super().__init__(False, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._weight_decay = weight_decay
        self._eeta = eeta
        self._epsilon = epsilon
        self._skip_list = skip_list
        self._use_nesterov = use_nesterov
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def compute_lr(self, grad: Tensor, var: Any) -> tuple[Any, Tensor]:
        """Return the rate of a variable, and its gradient with the decay of weights.

        Parameters
        ----------
        grad : Tensor
        var : Variable
        """
        if self._skip_list is not None and any(part in var.name for part in self._skip_list):
            return self._learning_rate, grad
        length, slope = norm(var, ord=2), norm(grad, ord=2)
        moves = greater(length, 0)
        ratio = where(
            greater(slope, 0),
            self._eeta * length / (slope + self._weight_decay * length + self._epsilon),
            1.0,
        )
        trust = where(moves, ratio, 1.0)
        return self._learning_rate * trust, grad + self._weight_decay * var

    def _prepare(self) -> None:
        self._tensors = numbers(self, learning_rate=self._learning_rate, momentum=self._momentum)

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        rate, grad = self.compute_lr(grad, var)
        accum, one = self.get_slot(var, "momentum"), cast(1.0, var.dtype.base_dtype)
        return descent.apply_momentum(
            var, accum, one, grad * rate, self._momentum, use_locking=False, use_nesterov=self._use_nesterov
        )

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        rate, grad = self.compute_lr(grad, handle)
        accum, one = self.get_slot(handle, "momentum").handle, cast(1.0, handle.dtype.base_dtype)
        return descent.resource_apply_momentum(
            handle.handle, accum, one, grad * rate, self._momentum, use_locking=False, use_nesterov=self._use_nesterov
        )

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return None, None, descent.sparse_apply_momentum, descent.resource_sparse_apply_momentum

    def _slot_names(self) -> dict[str, str]:
        return {"accum": "momentum"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return {**cast_all(self._tensors, kind, lr="learning_rate", momentum="momentum"),
                "use_nesterov": self._use_nesterov}  # fmt: skip


class RegAdagradOptimizer(AdagradOptimizer):
    """Adagrad that can make steps without adding to the sum of squared gradients: those of regularizers.

    Parameters
    ----------
    learning_rate : float, Tensor or callable
    initial_accumulator_value : float
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "RegAdagrad",
    ) -> None:
        super().__init__(learning_rate, initial_accumulator_value, use_locking, name)
        self._should_update_slots = True

    @contextlib.contextmanager
    def avoid_updating_slots(self) -> Iterator[None]:
        """Let steps that are made in a ``with`` block leave the sums alone."""
        before = self._should_update_slots
        self._should_update_slots = False
        try:
            yield
        finally:
            self._should_update_slots = before

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return {**super()._numbers(kind, var), "update_slots": self._should_update_slots}
