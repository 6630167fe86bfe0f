"""Steps that are larger where a gradient agrees in sign with its average (Bello et al., 2017)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.ops import state
from defrun.ops.cast import cast
from defrun.ops.elementary import pow, sign
from defrun.ops.flow import group
from defrun.ops.gather import gather
from defrun.ops.scatter_variable import scatter_sub
from defrun.ops.training import descent
from defrun.train.one_node import OneNodeOptimizer


class _SignOptimizer(OneNodeOptimizer):
    """What both share: a rate, the average's decay and how its weight falls."""

    def __init__(
        self, learning_rate: Any, beta: Any, sign_decay_fn: Callable[[Any], Any] | None, use_locking: bool, name: str
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta = beta
        self._sign_decay_fn = sign_decay_fn
        self._sign_decay_t: Any = None

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: str | None = None) -> Operation:
        """Add nodes that update variables by their gradients; see `Optimizer.apply_gradients`."""
        if self._sign_decay_fn is not None:
            self._sign_decay_t = convert_to_tensor(self._sign_decay_fn(global_step), name="sign_decay")
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "m", self._name)

    def _own_number(self) -> tuple[str, Any]:
        """Return the op's name of its own hyperparameter, and the value."""
        raise NotImplementedError

    def _prepare(self) -> None:
        name, value = self._own_number()
        self._lr_t = convert_to_tensor(self._lr, name="learning_rate")
        self._beta_t = convert_to_tensor(self._beta, name="beta")
        self._own_t = convert_to_tensor(value, name=name)
        if self._sign_decay_fn is None:
            self._sign_decay_t = convert_to_tensor(1.0, name="sign_decay")

    def _slot_names(self) -> dict[str, str]:
        return {"m": "m"}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        names = ("lr", self._own_number()[0], "sign_decay", "beta")
        values = (self._lr_t, self._own_t, self._sign_decay_t, self._beta_t)
        return {name: cast(value, kind) for name, value in zip(names, values, strict=True)}

    def _rows(self, grad: IndexedSlices, var: Any, beta: Tensor) -> tuple[Any, Tensor]:
        """Update the average; return it, and where the gradient's rows agree with it."""
        m = self.get_slot(var, "m")
        m_t = state.assign(m, (m * beta) + (grad * (1 - beta)), use_locking=self._use_locking)
        signs = sign(grad.values)
        return m_t, gather(sign(m_t), grad.indices) * signs

    def _step(self, var: Any, grad: IndexedSlices, step: Tensor, m_t: Any) -> Operation:
        return group(scatter_sub(var, grad.indices, step, use_locking=self._use_locking), m_t)


class AddSignOptimizer(_SignOptimizer):
    """Steps of ``alpha + decay(step) * sign(gradient) * sign(average)`` times the gradient.

    Parameters
    ----------
    learning_rate, alpha : float or Tensor
    beta : float or Tensor
        Decay of the average.
    sign_decay_fn : callable of the global step, optional
        How the weight of the signs falls; by default it stays 1.
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any = 0.1,
        alpha: Any = 1.0,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "AddSignOptimizer",
    ) -> None:
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._alpha = alpha

    def _own_number(self) -> tuple[str, Any]:
        return "alpha", self._alpha

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return descent.apply_add_sign, descent.resource_apply_add_sign, None, None

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        kind = var.dtype.base_dtype
        rate, alpha, beta = cast(self._lr_t, kind), cast(self._own_t, kind), cast(self._beta_t, kind)
        m_t, agrees = self._rows(grad, var, beta)
        decay = cast(self._sign_decay_t, kind)
        return self._step(var, grad, rate * (alpha + decay * agrees) * grad.values, m_t)


class PowerSignOptimizer(_SignOptimizer):
    """Steps of ``base ** (decay(step) * sign(gradient) * sign(average))`` times the gradient.

    Parameters
    ----------
    learning_rate : float or Tensor
    base : float
    beta : float or Tensor
        Decay of the average.
    sign_decay_fn : callable of the global step, optional
        How the weight of the signs falls; by default it stays 1.
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any = 0.1,
        base: float = math.e,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "PowerSignOptimizer",
    ) -> None:
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._logbase = math.log(base)

    def _own_number(self) -> tuple[str, Any]:
        return "logbase", self._logbase

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        return descent.apply_power_sign, descent.resource_apply_power_sign, None, None

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        kind = var.dtype.base_dtype
        rate, beta, logbase = cast(self._lr_t, kind), cast(self._beta_t, kind), cast(self._own_t, kind)
        e = cast(math.e, kind)
        m_t, agrees = self._rows(grad, var, beta)
        decay = cast(self._sign_decay_t, kind)
        return self._step(var, grad, rate * pow(e, logbase * decay * agrees) * grad.values, m_t)
