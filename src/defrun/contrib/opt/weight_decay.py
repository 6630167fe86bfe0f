"""Weight decay apart from the gradients (Loshchilov and Hutter, 2017)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies
from defrun.ops.flow import no_op
from defrun.ops.gather import gather
from defrun.ops.scatter_variable import resource_scatter_add, scatter_add
from defrun.train.adam import AdamOptimizer
from defrun.train.momentum import MomentumOptimizer
from defrun.train.optimizer import Optimizer


class DecoupledWeightDecayExtension:
    """Lets an optimizer, which is the next base class, first draw weights towards 0: ``variable -= decay * variable``.

    Parameters
    ----------
    weight_decay : float, Tensor or callable
    **kwargs
        Of the optimizer.
    """

    def __init__(self, weight_decay: Any, **kwargs: Any) -> None:
        self._decay_var_list: Any = None
        self._weight_decay = weight_decay
        self._weight_decay_tensor: Any = None
        super().__init__(**kwargs)

    def minimize(
        self,
        loss: Tensor,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
        decay_var_list: Any = None,
    ) -> Operation:
        """Add nodes that lower `loss` by one step; see `Optimizer.minimize`.

        Parameters
        ----------
        decay_var_list : list of Variable, optional
            Which weights decay, by default all.
        """
        self._decay_var_list = set(decay_var_list or ())
        step: Operation = super().minimize(  # type: ignore[misc]
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )
        return step

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None, decay_var_list: Any = None
    ) -> Operation:
        """Add nodes that update variables by their gradients; see `Optimizer.apply_gradients`, and `minimize`."""
        self._decay_var_list = set(decay_var_list or ())
        step: Operation = super().apply_gradients(grads_and_vars, global_step=global_step, name=name)  # type: ignore[misc]
        return step

    def _prepare(self) -> None:
        decay = self._weight_decay() if callable(self._weight_decay) else self._weight_decay
        self._weight_decay_tensor = convert_to_tensor(decay, name="weight_decay")
        super()._prepare()  # type: ignore[misc]

    def _decays(self, var: Any) -> bool:
        return not self._decay_var_list or var in self._decay_var_list

    def _rate_of_decay(self) -> Any:
        return self._weight_decay_tensor if callable(self._weight_decay) else self._weight_decay

    def _decay_weights_op(self, var: Any) -> Any:
        if not self._decays(var):
            return no_op()
        return var.assign_sub(self._rate_of_decay() * var, self._use_locking)  # type: ignore[attr-defined]

    def _decay_weights_sparse_op(self, var: Any, indices: Tensor, add: Callable[..., Any]) -> Any:
        if not self._decays(var):
            return no_op()
        return add(var, indices, -self._rate_of_decay() * gather(var, indices))

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        with control_dependencies([self._decay_weights_op(var)]):
            return super()._apply_dense(grad, var)  # type: ignore[misc]

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        with control_dependencies([self._decay_weights_op(handle)]):
            return super()._resource_apply_dense(grad, handle)  # type: ignore[misc]

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        def add(x: Any, i: Tensor, v: Tensor) -> Any:
            return scatter_add(x, i, v, use_locking=self._use_locking)  # type: ignore[attr-defined]

        with control_dependencies([self._decay_weights_sparse_op(var, grad.indices, add)]):
            return super()._apply_sparse(grad, var)  # type: ignore[misc]

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        def add(x: Any, i: Tensor, v: Tensor) -> Any:
            with control_dependencies([resource_scatter_add(x.handle, i, v)]):
                return x.value()

        with control_dependencies([self._decay_weights_sparse_op(handle, indices, add)]):
            return super()._resource_apply_sparse(grad, handle, indices)  # type: ignore[misc]


def extend_with_decoupled_weight_decay(base_optimizer: type) -> type:
    """Return a class of optimizers that do as `base_optimizer` after weights have decayed.

    Parameters
    ----------
    base_optimizer : class of Optimizer

    Returns
    -------
    class
        Its first parameter is `weight_decay`, the rest, given by name, are those of `base_optimizer`.
    """

    class OptimizerWithDecoupledWeightDecay(DecoupledWeightDecayExtension, base_optimizer):
        """An optimizer, after weights have decayed."""

        def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(weight_decay, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):
    """Momentum after weights have decayed.

    Parameters
    ----------
    weight_decay, learning_rate, momentum : float, Tensor or callable
    use_locking : bool
    name : str
    use_nesterov : bool
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):
    """Adam after weights have decayed.

    Parameters
    ----------
    weight_decay, learning_rate, beta1, beta2, epsilon : float, Tensor or callable
    use_locking : bool
    name : str
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
