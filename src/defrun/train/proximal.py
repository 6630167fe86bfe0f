"""Optimizers that draw weights towards 0 after each step."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.scopes import colocate_with
from defrun.ops.constant import constant
from defrun.ops.training import adagrad, descent
from defrun.train.adagrad import check_positive
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers


class _ProximalOptimizer(OneNodeOptimizer):
    """What both share: a learning rate and two strengths."""

    def __init__(self, learning_rate: Any, l1: Any, l2: Any, use_locking: bool, name: str) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1, self._l2 = l1, l2
        self._tensors: dict[str, Any] = {}

    def _prepare(self) -> None:
        self._tensors = numbers(
            self,
            learning_rate=self._learning_rate,
            l1_regularization_strength=self._l1,
            l2_regularization_strength=self._l2,
        )

    def _rate_and_strengths(self, kind: DType, rate: str) -> dict[str, Any]:
        names = {rate: "learning_rate", "l1": "l1_regularization_strength", "l2": "l2_regularization_strength"}
        return cast_all(self._tensors, kind, **names)


class ProximalGradientDescentOptimizer(_ProximalOptimizer):
    """Gradient descent by forward-backward splitting (Duchi and Singer, 2009).

    Parameters
    ----------
    learning_rate : float or Tensor
    l1_regularization_strength, l2_regularization_strength : float or Tensor
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name)

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return (
            descent.apply_proximal_gradient_descent,
            descent.resource_apply_proximal_gradient_descent,
            descent.sparse_apply_proximal_gradient_descent,
            descent.resource_sparse_apply_proximal_gradient_descent,
        )

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return self._rate_and_strengths(kind, "alpha")


class ProximalAdagradOptimizer(_ProximalOptimizer):
    """Adagrad by forward-backward splitting (Duchi and Singer, 2009).

    Parameters
    ----------
    learning_rate : float or Tensor
    initial_accumulator_value : float
        With what the sum of squared gradients begins.
    l1_regularization_strength, l2_regularization_strength : float or Tensor
    use_locking : bool
    name : str

    Raises
    ------
    ValueError
        If `initial_accumulator_value` is not positive.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        check_positive(initial_accumulator_value=initial_accumulator_value)
        super().__init__(learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name)
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            with colocate_with(v):
                start = constant(self._initial_accumulator_value, shape=v.get_shape(), dtype=v.dtype.base_dtype)
            self._get_or_make_slot(v, start, "accumulator", self._name)

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return (
            adagrad.apply_proximal_adagrad,
            adagrad.resource_apply_proximal_adagrad,
            adagrad.sparse_apply_proximal_adagrad,
            adagrad.resource_sparse_apply_proximal_adagrad,
        )

    def _slot_names(self) -> dict[str, str]:
        return {"accum": "accumulator"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return self._rate_and_strengths(kind, "lr")
