"""Optimizers around others: averages of weights, clipped weights, losses of several tasks."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable, Iterator
from typing import Any

from defrun.base.logging import warning
from defrun.graph.composite import IndexedSlices
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, name_scope
from defrun.ops.compare import equal
from defrun.ops.control import cond
from defrun.ops.creation import zeros_like
from defrun.ops.flow import group, no_op
from defrun.ops.gather import gather
from defrun.ops.norms import clip_by_global_norm, clip_by_norm, global_norm
from defrun.ops.reduce import count_nonzero
from defrun.train.moving_averages import ExponentialMovingAverage
from defrun.train.optimizer import Optimizer


class MovingAverageOptimizer(Optimizer):
    """Another optimizer, with moving averages of what it updates.

    Parameters
    ----------
    opt : Optimizer
    average_decay : float
    num_updates : int, Variable or Tensor, optional
        See `ExponentialMovingAverage`.
    sequential_update : bool
        Let the averages wait for the update.
    """

    def __init__(
        self, opt: Optimizer, average_decay: float = 0.9999, num_updates: Any = None, sequential_update: bool = True
    ) -> None:
        super().__init__(False, type(self).__name__)
        self._optimizer = opt
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._sequential_update = sequential_update

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """Add nodes for the gradients; as the other optimizer's."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: str | None = None) -> Operation:
        """Add nodes that update variables and their averages; see `Optimizer.apply_gradients`."""
        pairs = list(grads_and_vars)
        step = self._optimizer.apply_gradients(pairs, global_step=global_step, name=name)
        variables = [v for g, v in pairs if g is not None]
        with control_dependencies([step] if self._sequential_update else []):
            averages = self._ema.apply(variables)
        return group(step, averages, name="train_with_avg")

    def swapping_saver(self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any) -> Any:
        """Not there yet."""
        raise NotImplementedError("MovingAverageOptimizer.swapping_saver")


class VariableClippingOptimizer(Optimizer):
    """Another optimizer, after whose steps variables are scaled down to a largest norm.

    Parameters
    ----------
    opt : Optimizer
    vars_to_clip_dims : dict of Variable to list of int
        Over which axes the norm of each variable is taken.
    max_norm : float
    use_locking : bool
    colocate_clip_ops_with_vars : bool
    name : str
    """

    def __init__(
        self,
        opt: Optimizer,
        vars_to_clip_dims: dict[Any, list[int]],
        max_norm: Any,
        use_locking: bool = False,
        colocate_clip_ops_with_vars: bool = False,
        name: str = "VariableClipping",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt = opt
        self._vars_to_clip_dims = {var: list(dims) for var, dims in vars_to_clip_dims.items()}
        self._max_norm = max_norm
        self._colocate = colocate_clip_ops_with_vars

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """Add nodes for the gradients; as the other optimizer's."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        """Return a slot of the other optimizer."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> Any:
        """Return the names of the other optimizer's slots."""
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: str | None = None) -> Operation:
        """Add nodes that update variables and clip them; see `Optimizer.apply_gradients`."""
        pairs = list(grads_and_vars)
        with name_scope(name, self._name) as scope:
            step = self._opt.apply_gradients(pairs, global_step=global_step)
            clipped = []
            with control_dependencies([step]):
                for grad, var in pairs:
                    if grad is None or var not in self._vars_to_clip_dims:
                        continue
                    with name_scope(f"clip_{var.op.name}"):
                        dense = isinstance(grad, Tensor)
                        clipped.append(self._clip_dense(var) if dense else self._clip_sparse(grad, var))
            return group(step, *clipped, name=scope)

    def _clip_dense(self, var: Any) -> Any:
        with self._beside(var):
            value = var.read_value()
            excess = value - clip_by_norm(value, self._max_norm, self._vars_to_clip_dims[var])
        with colocate_with(var):
            return var.assign_sub(excess, use_locking=self._use_locking)

    def _clip_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        dims = self._vars_to_clip_dims[var]
        if 0 in dims:
            warning("Norms over the axes %s of %s take all of it, though only rows were updated.", dims, var.op.name)
            return self._clip_dense(var)
        with colocate_with(var):
            rows = gather(var, grad.indices)
        with self._beside(var):
            clipped = clip_by_norm(rows, self._max_norm, dims)
            excess = IndexedSlices(rows - clipped, grad.indices, grad.dense_shape)
        with colocate_with(var):
            return var.scatter_sub(excess, use_locking=self._use_locking)

    @contextlib.contextmanager
    def _beside(self, var: Any) -> Iterator[None]:
        with colocate_with(var) if self._colocate else contextlib.nullcontext():
            yield


class MultitaskOptimizerWrapper:
    """Lets an optimizer skip variables whose gradients are all 0, as those of another task's are.

    Parameters
    ----------
    opt : Optimizer
        It is changed; all else is asked of it.

    Raises
    ------
    TypeError
        If `opt` is no optimizer.
    """

    def __init__(self, opt: Optimizer) -> None:
        if not isinstance(opt, Optimizer):
            raise TypeError(f"The optimizer must be an instance of tf.train.Optimizer, not {opt!r}")
        self._opt = opt
        for name in ("_apply_dense", "_resource_apply_dense", "_apply_sparse", "_resource_apply_sparse"):
            setattr(opt, name, types.MethodType(_unless_zero(getattr(opt, name)), opt))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opt, name)


def _all_zeros(grad: Any) -> Tensor:
    return equal(count_nonzero(grad), 0)


def _unless_zero(update: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(self: Any, grad: Any, *args: Any, **kwargs: Any) -> Any:
        def run() -> Operation:
            with control_dependencies([update(grad, *args, **kwargs)]):
                return no_op()

        return cond(_all_zeros(grad), no_op, run)

    return wrapper


def clip_gradients_by_global_norm(gradients_variables: Any, clip_norm: Any = 20.0) -> tuple[list[Any], Tensor]:
    """Scale gradients down to a norm of all together, to which those that are all 0 add nothing.

    Parameters
    ----------
    gradients_variables : list of (gradient, variable)
    clip_norm : float or Tensor []

    Returns
    -------
    list of (gradient, variable), and the norm before.
    """
    gradients, variables = zip(*gradients_variables, strict=True)
    fixed = global_norm([g if g is None else _or_zero(g) for g in gradients])
    clipped, _ = clip_by_global_norm(gradients, clip_norm, use_norm=fixed)
    return list(zip(clipped, variables, strict=True)), fixed


def _or_zero(grad: Any) -> Any:
    # TensorFlow's zero is a scalar. Branches of one shape stay part of the compiled step.
    return cond(_all_zeros(grad), lambda: zeros_like(grad), lambda: grad)
