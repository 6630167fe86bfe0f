"""Adam's kin: by the largest gradient, with Nesterov's look ahead, of the rows with gradients only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.composite import IndexedSlices
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies
from defrun.ops import state
from defrun.ops.array import identity
from defrun.ops.cast import cast
from defrun.ops.elementary import abs, pow, sqrt
from defrun.ops.flow import group
from defrun.ops.gather import gather
from defrun.ops.limits import maximum
from defrun.ops.math import square
from defrun.ops.scatter_variable import (
    resource_scatter_sub,
    resource_scatter_update,
    scatter_sub,
    scatter_update,
)
from defrun.ops.training.adam import apply_ada_max, resource_apply_ada_max
from defrun.train.adam import AdamOptimizer
from defrun.train.optimizer import Optimizer


class AdaMaxOptimizer(AdamOptimizer):
    """AdaMax (section 7.1 of Kingma and Ba, 2014): Adam by the largest gradient so far, which decays.

    Parameters
    ----------
    learning_rate, beta1, beta2, epsilon : float or Tensor
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdaMax",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _get_beta_accumulators(self) -> Any:
        return self._get_non_slot_variable("beta1_power", get_default_graph())

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _numbers(self, kind: dtypes.DType) -> list[Tensor]:
        power = self._get_beta_accumulators()
        return [cast(t, kind) for t in (power, self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        numbers = self._numbers(var.dtype.base_dtype)
        return apply_ada_max(var, *self._slots_of(var), *numbers, grad, use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        m, v = self._slots_of(handle)
        numbers = self._numbers(grad.dtype.base_dtype)
        return resource_apply_ada_max(
            handle.handle, m.handle, v.handle, *numbers, grad, use_locking=self._use_locking
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        def put(x: Any, i: Tensor, v: Tensor) -> Any:
            return scatter_update(x, i, v, use_locking=self._use_locking)

        return self._apply_rows(grad.values, var, grad.indices, self._scatter_add, put)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        def put(x: Any, i: Tensor, v: Tensor) -> Any:
            with control_dependencies([resource_scatter_update(x.handle, i, v)]):
                return x.value()

        return self._apply_rows(grad, handle, indices, self._resource_scatter_add, put)

    def _apply_rows(
        self, grad: Tensor, var: Any, indices: Tensor, add: Callable[..., Any], put: Callable[..., Any]
    ) -> Operation:
        b1_power, rate, b1, b2, epsilon = self._numbers(var.dtype.base_dtype)
        m, v = self._slots_of(var)
        m_rows = gather(m, indices) * b1 + grad * (1 - b1)
        with control_dependencies([m_rows]):
            m_t = put(m, indices, m_rows)
        v_rows = maximum(gather(v, indices) * b2, abs(grad))
        with control_dependencies([v_rows]):
            v_t = put(v, indices, v_rows)
        step = -rate / (1 - b1_power) * (m_rows / (v_rows + epsilon))
        with control_dependencies([step]):
            update = add(var, indices, step)
        return group(update, m_t, v_t)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        with control_dependencies(update_ops):
            power = self._get_beta_accumulators()
            with colocate_with(power):
                update = power.assign(power * self._beta1_t, use_locking=self._use_locking)
        return group(*update_ops, update, name=name_scope)


class NadamOptimizer(AdamOptimizer):
    """Adam with Nesterov's look ahead (Dozat, 2016). Parameters as of `AdamOptimizer`."""

    _use_nesterov = True

    def _apply_sparse_shared(self, grad: Tensor, var: Any, indices: Tensor, scatter_add: Callable[..., Any]) -> Any:
        rate, b1, b2, epsilon = self._rate_and_betas(var.dtype.base_dtype)
        m, v = self._slots_of(var)
        m_grad = grad * (1 - b1)
        m_t = state.assign(m, m * b1, use_locking=self._use_locking)
        with control_dependencies([m_t]):
            m_t = scatter_add(m, indices, m_grad)
            m_ahead = m_grad + b1 * gather(m_t, indices)
        v_grad = (grad * grad) * (1 - b2)
        v_t = state.assign(v, v * b2, use_locking=self._use_locking)
        with control_dependencies([v_t]):
            v_t = scatter_add(v, indices, v_grad)
        root = sqrt(gather(v_t, indices))
        update = scatter_add(var, indices, -rate * m_ahead / (root + epsilon))
        return group(update, m_ahead, v_t)


class _Lazy:
    """Updates of rows that leave the moments of all other rows as they are."""

    _rate_and_betas: Any
    _slots_of: Any
    _use_locking: bool

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        rate, b1, b2, epsilon = self._rate_and_betas(var.dtype.base_dtype)
        m, v = self._slots_of(var)
        rows, locking = grad.indices, self._use_locking
        m_t = scatter_update(m, rows, b1 * gather(m, rows) + (1 - b1) * grad.values, use_locking=locking)
        v_t = scatter_update(v, rows, b2 * gather(v, rows) + (1 - b2) * square(grad.values), use_locking=locking)
        m_rows, v_rows = gather(m_t, rows), gather(v_t, rows)
        divisor = sqrt(v_rows) + epsilon
        update = scatter_sub(var, rows, rate * m_rows / divisor, use_locking=locking)
        return group(update, m_t, v_t)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Operation:
        rate, b1, b2, epsilon = self._rate_and_betas(handle.dtype.base_dtype)
        m, v = self._slots_of(handle)
        m_rows = b1 * gather(m, indices) + (1 - b1) * grad
        m_t = resource_scatter_update(m.handle, indices, m_rows)
        v_rows = b2 * gather(v, indices) + (1 - b2) * square(grad)
        v_t = resource_scatter_update(v.handle, indices, v_rows)
        update = resource_scatter_sub(handle.handle, indices, rate * m_rows / (sqrt(v_rows) + epsilon))
        return group(update, m_t, v_t)


class LazyAdamOptimizer(_Lazy, AdamOptimizer):
    """Adam that, of a table, touches the rows with gradients only. Parameters as of `AdamOptimizer`.

    Moments of other rows don't decay, so the numbers are not Adam's, but steps of large tables are much faster.
    """


class AdamGSOptimizer(AdamOptimizer):
    """Adam that takes its count of steps from the global step, in the place of two variables of its own.

    Parameters
    ----------
    global_step : Variable or Tensor
    learning_rate, beta1, beta2, epsilon : float, Tensor or callable
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        global_step: Any = 0,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._global_step = global_step

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        return pow(self._beta1_t, self._steps), pow(self._beta2_t, self._steps)

    def _create_slots(self, var_list: list[Any]) -> None:
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _prepare(self) -> None:
        super()._prepare()
        self._steps = cast(identity(self._global_step) + 1, dtypes.float32)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        return Optimizer._finish(self, update_ops, name_scope)


class LazyAdamGSOptimizer(_Lazy, AdamGSOptimizer):
    """`LazyAdamOptimizer` that counts as `AdamGSOptimizer` does."""
