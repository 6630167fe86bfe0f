"""Adagrad: plain, and by dual averaging."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.scopes import colocate_with, device
from defrun.ops.array import identity, shape
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import fill
from defrun.ops.training import adagrad
from defrun.train.one_node import OneNodeOptimizer, cast_all, numbers
from defrun.variables.initializers import constant_initializer


class AdagradOptimizer(OneNodeOptimizer):
    """Adagrad (Duchi et al., 2011): steps scaled by all gradients so far.

    Parameters
    ----------
    learning_rate : float, Tensor or callable
    initial_accumulator_value : float
        With what the sum of squared gradients begins.
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
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        check_positive(initial_accumulator_value=initial_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: list[Any]) -> None:
        start = self._initial_accumulator_value
        for v in var_list:
            kind = v.dtype.base_dtype
            if v.get_shape().is_fully_defined():
                init: Any = constant_initializer(start, dtype=kind)
            else:

                def init(v: Any = v, kind: DType = kind) -> Any:
                    return cast(fill(shape(v), start), kind)

            self._get_or_make_slot_with_initializer(v, init, v.get_shape(), kind, "accumulator", self._name)

    def _prepare(self) -> None:
        self._tensors = numbers(self, learning_rate=self._learning_rate)

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return (
            adagrad.apply_adagrad,
            adagrad.resource_apply_adagrad,
            adagrad.sparse_apply_adagrad,
            adagrad.resource_sparse_apply_adagrad,
        )

    def _slot_names(self) -> dict[str, str]:
        return {"accum": "accumulator"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        return cast_all(self._tensors, kind, lr="learning_rate")


class AdagradDAOptimizer(OneNodeOptimizer):
    """Adagrad by dual averaging (Duchi et al., 2011, section 3), which makes the weights of rare features sparse.

    Parameters
    ----------
    learning_rate : float or Tensor
    global_step : Variable or Tensor
        How many steps there were.
    initial_gradient_squared_accumulator_value : float
    l1_regularization_strength, l2_regularization_strength : float
    use_locking : bool
    name : str

    Raises
    ------
    ValueError
        If `initial_gradient_squared_accumulator_value` is not positive.
    """

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        check_positive(initial_gradient_squared_accumulator_value=initial_gradient_squared_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._global_step = global_step
        self._initial_squares = initial_gradient_squared_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength
        self._rate: Any = None
        self._steps_so_far: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            kind = v.dtype.base_dtype
            with colocate_with(v):
                total = constant(0.0, shape=v.get_shape(), dtype=kind)
                squares = constant(self._initial_squares, shape=v.get_shape(), dtype=kind)
            self._get_or_make_slot(v, total, "gradient_accumulator", self._name)
            self._get_or_make_slot(v, squares, "gradient_squared_accumulator", self._name)

    def _prepare(self) -> None:
        self._rate = numbers(self, learning_rate=self._learning_rate)["learning_rate"]
        with colocate_with(self._rate):
            self._steps_so_far = identity(self._global_step) + 1

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return (
            adagrad.apply_adagrad_da,
            adagrad.resource_apply_adagrad_da,
            adagrad.sparse_apply_adagrad_da,
            adagrad.resource_sparse_apply_adagrad_da,
        )

    def _slot_names(self) -> dict[str, str]:
        return {name: name for name in ("gradient_accumulator", "gradient_squared_accumulator")}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        with device(var.device):
            count = identity(self._steps_so_far)
        return {"lr": cast(self._rate, kind), "l1": cast(self._l1, kind), "l2": cast(self._l2, kind),
                "global_step": count}  # fmt: skip


def check_positive(**values: float) -> None:
    """Raise `ValueError` if a number is not above 0."""
    for name, value in values.items():
        if value <= 0.0:
            raise ValueError(f"{name} must be positive: {value}")
