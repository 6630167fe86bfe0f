"""FTRL-proximal."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.scopes import colocate_with
from defrun.ops.constant import constant
from defrun.ops.training import ftrl
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers


class FtrlOptimizer(OneNodeOptimizer):
    """FTRL-proximal (McMahan et al., 2013): follow the regularized leader; makes weights sparse.

    Parameters
    ----------
    learning_rate : float or Tensor
    learning_rate_power : float
        How the rate falls with the squared gradients' sum: not positive; 0 keeps it fixed.
    initial_accumulator_value : float
        With what that sum begins.
    l1_regularization_strength, l2_regularization_strength : float
    use_locking : bool
    name : str
    accum_name, linear_name : str, optional
        Names of the slots, by default after `name`.
    l2_shrinkage_regularization_strength : float
        An L2 penalty that is part of the loss: it shows in the gradients.

    Raises
    ------
    ValueError
        If a strength or `initial_accumulator_value` is negative, or `learning_rate_power` positive.
    """

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        if learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power needs to be negative or zero: {learning_rate_power}")
        self._strengths = {
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for key, value in {"initial_accumulator_value": initial_accumulator_value, **self._strengths}.items():
            if value < 0.0:
                raise ValueError(f"{key} needs to be positive or zero: {value}")
        self._learning_rate = learning_rate
        self._learning_rate_power = learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._shrinks = l2_shrinkage_regularization_strength > 0.0
        self._accum_name, self._linear_name = accum_name, linear_name
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            with colocate_with(v):
                start = constant(self._initial_accumulator_value, dtype=v.dtype.base_dtype, shape=v.get_shape())
                self._get_or_make_slot(v, start, "accum", self._accum_name or self._name)
                self._zeros_slot(v, "linear", self._linear_name or self._name)

    def _prepare(self) -> None:
        power = {"learning_rate_power": self._learning_rate_power}
        self._tensors = numbers(self, learning_rate=self._learning_rate, **self._strengths, **power)

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        if self._shrinks:
            return (
                ftrl.apply_ftrl_v2,
                ftrl.resource_apply_ftrl_v2,
                ftrl.sparse_apply_ftrl_v2,
                ftrl.resource_sparse_apply_ftrl_v2,
            )
        return ftrl.apply_ftrl, ftrl.resource_apply_ftrl, ftrl.sparse_apply_ftrl, ftrl.resource_sparse_apply_ftrl

    def _slot_names(self) -> dict[str, str]:
        return {"accum": "accum", "linear": "linear"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        shrinkage = {"l2_shrinkage": "l2_shrinkage_regularization_strength"} if self._shrinks else {}
        return cast_all(
            self._tensors, kind, lr="learning_rate", l1="l1_regularization_strength", l2="l2_regularization_strength",
            **shrinkage, lr_power="learning_rate_power",
        )  # fmt: skip
