"""Adam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies
from defrun.ops import elementary, flow, scatter_variable, state
from defrun.ops.cast import cast
from defrun.ops.training.adam import apply_adam, resource_apply_adam
from defrun.train.optimizer import Optimizer


class AdamOptimizer(Optimizer):
    """Adam (Kingma and Ba, 2014): steps scaled by moving averages of the gradients and of their squares.

    Parameters
    ----------
    learning_rate : float, Tensor or callable
    beta1, beta2 : float, Tensor or callable
        Decay of the averages.
    epsilon : float, Tensor or callable
        Added to the root, as in the form before the paper's section 2.1.
    use_locking : bool
    name : str
    """

    _use_nesterov = False

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-08,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        graph = get_default_graph()
        return self._get_non_slot_variable("beta1_power", graph), self._get_non_slot_variable("beta2_power", graph)

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._call_if_callable(self._beta1), "beta1_power", first)
        self._create_non_slot_variable(self._call_if_callable(self._beta2), "beta2_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _prepare(self) -> None:
        self._lr_t = convert_to_tensor(self._call_if_callable(self._lr), name="learning_rate")
        self._beta1_t = convert_to_tensor(self._call_if_callable(self._beta1), name="beta1")
        self._beta2_t = convert_to_tensor(self._call_if_callable(self._beta2), name="beta2")
        self._epsilon_t = convert_to_tensor(self._call_if_callable(self._epsilon), name="epsilon")

    def _slots_of(self, var: Any) -> tuple[Any, Any]:
        return self.get_slot(var, "m"), self.get_slot(var, "v")

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        m, v = self._slots_of(var)
        numbers = self._numbers(var.dtype.base_dtype)
        return apply_adam(
            var, m, v, *numbers, grad, use_locking=self._use_locking, use_nesterov=self._use_nesterov
        ).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        m, v = self._slots_of(handle)
        numbers = self._numbers(grad.dtype.base_dtype)
        return resource_apply_adam(
            handle.handle, m.handle, v.handle, *numbers, grad,
            use_locking=self._use_locking, use_nesterov=self._use_nesterov,
        )  # fmt: skip

    def _numbers(self, kind: DType) -> list[Tensor]:
        powers = self._get_beta_accumulators()
        return [cast(t, kind) for t in (*powers, self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]

    def _rate_and_betas(self, kind: DType) -> tuple[Any, ...]:
        """Return the rate of this step, the decays and epsilon in the type of a variable."""
        b1_power, b2_power, rate, b1, b2, epsilon = self._numbers(kind)
        return rate * elementary.sqrt(1 - b2_power) / (1 - b1_power), b1, b2, epsilon

    def _apply_sparse_shared(self, grad: Tensor, var: Any, indices: Tensor, scatter_add: Callable[..., Any]) -> Any:
        rate, b1, b2, epsilon = self._rate_and_betas(var.dtype.base_dtype)
        m, v = self._slots_of(var)
        m_grad = grad * (1 - b1)
        m_t = state.assign(m, m * b1, use_locking=self._use_locking)
        with control_dependencies([m_t]):
            m_t = scatter_add(m, indices, m_grad)
        v_grad = (grad * grad) * (1 - b2)
        v_t = state.assign(v, v * b2, use_locking=self._use_locking)
        with control_dependencies([v_t]):
            v_t = scatter_add(v, indices, v_grad)
        root = elementary.sqrt(v_t)
        update = state.assign_sub(var, rate * m_t / (root + epsilon), use_locking=self._use_locking)
        return flow.group(update, m_t, v_t)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        return self._apply_sparse_shared(grad.values, var, grad.indices, self._scatter_add)

    def _scatter_add(self, x: Any, i: Tensor, v: Tensor) -> Any:
        return scatter_variable.scatter_add(x, i, v, use_locking=self._use_locking)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        return self._apply_sparse_shared(grad, handle, indices, self._resource_scatter_add)

    def _resource_scatter_add(self, x: Any, i: Tensor, v: Tensor) -> Any:
        with control_dependencies([scatter_variable.resource_scatter_add(x.handle, i, v)]):
            return x.value()

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        with control_dependencies(update_ops):
            b1_power, b2_power = self._get_beta_accumulators()
            with colocate_with(b1_power):
                update1 = b1_power.assign(b1_power * self._beta1_t, use_locking=self._use_locking)
                update2 = b2_power.assign(b2_power * self._beta2_t, use_locking=self._use_locking)
        return flow.group(*update_ops, update1, update2, name=name_scope)
