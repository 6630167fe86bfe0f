"""Training operations, and what may be done to gradients on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base.logging import info, warning
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, get_collection, get_collection_ref, name_scope
from defrun.ops.checks import check_numerics as numbers_checked
from defrun.ops.flow import no_op, with_dependencies
from defrun.ops.norms import clip_by_norm, global_norm
from defrun.summary import nodes as summary
from defrun.train.global_step import get_or_create_global_step
from defrun.train.optimizer import Optimizer
from defrun.variables.lists import trainable_variables

Pairs = list[tuple[Any, Any]]

_USE_GLOBAL_STEP = 0


def add_gradients_summaries(grads_and_vars: Pairs) -> list[Tensor]:
    """Add a histogram and the norm of each gradient.

    Parameters
    ----------
    grads_and_vars : list of (gradient, variable)

    Returns
    -------
    list of Tensor
        The summaries.
    """
    return summarized(grads_and_vars, "{}_gradient")


def summarized(pairs: Pairs, label: str) -> list[Tensor]:
    """Add summaries of gradients under ``label.format(variable's name)``."""
    found = []
    for grad, var in pairs:
        if grad is None:
            info("Var %s has no gradient", var.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        name = label.format(var.op.name)
        found.append(summary.histogram(name, values))
        found.append(summary.scalar(f"{name}_norm", global_norm([values])))
    return found


def clip_gradient_norms(gradients_to_variables: Pairs, max_norm: Any) -> Pairs:
    """Scale each gradient down to a largest norm.

    Parameters
    ----------
    gradients_to_variables : list of (gradient, variable)
    max_norm : float or Tensor []

    Returns
    -------
    list of (gradient, variable)
    """
    clipped: Pairs = []
    for grad, var in gradients_to_variables:
        if isinstance(grad, IndexedSlices):
            grad = IndexedSlices(clip_by_norm(grad.values, max_norm), grad.indices, grad.dense_shape)
        elif grad is not None:
            grad = clip_by_norm(grad, max_norm)
        clipped.append((grad, var))
    return clipped


def clip_gradient_norms_fn(max_norm: Any) -> Callable[[Pairs], Pairs]:
    """Return `clip_gradient_norms` for a given norm, as `create_train_op` takes it."""

    def clip_norms(gradients_to_variables: Pairs) -> Pairs:
        return clip_gradient_norms(gradients_to_variables, max_norm)

    return clip_norms


def multiply_gradients(grads_and_vars: Pairs, gradient_multipliers: dict[Any, Any]) -> Pairs:
    """Multiply gradients by numbers.

    Parameters
    ----------
    grads_and_vars : list of (gradient, variable)
    gradient_multipliers : dict of Variable, or its op's name, to float or Tensor []

    Returns
    -------
    list of (gradient, variable)

    Raises
    ------
    ValueError
        If an argument is nothing of the kind, or a gradient that is to be multiplied is None.
    """
    return multiplied(
        grads_and_vars, gradient_multipliers, lambda value, kind: convert_to_tensor(value, dtype=kind)
    )


def multiplied(pairs: Pairs, multipliers: dict[Any, Any], convert: Callable[[Any, Any], Tensor]) -> Pairs:
    """Multiply gradients by numbers, which `convert` makes tensors of a type."""
    if not isinstance(pairs, list):
        raise ValueError(f"`grads_and_vars` must be a list, not {pairs!r}")
    if not multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(multipliers, dict):
        raise ValueError(f"`gradient_multipliers` must be a dict, not {multipliers!r}")
    found: Pairs = []
    for grad, var in pairs:
        key = var if var in multipliers else var.op.name
        if key in multipliers:
            if grad is None:
                raise ValueError(f"{var.op.name} has no gradient that could be multiplied")
            factor = convert(multipliers[key], grad.dtype)
            if isinstance(grad, IndexedSlices):
                grad = IndexedSlices(grad.values * factor, grad.indices, grad.dense_shape)
            else:
                grad = grad * factor
        found.append((grad, var))
    return found


def create_train_op(
    total_loss: Tensor,
    optimizer: Optimizer,
    global_step: Any = _USE_GLOBAL_STEP,
    update_ops: Any = None,
    variables_to_train: Any = None,
    transform_grads_fn: Callable[[Pairs], Pairs] | None = None,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> Tensor:
    """Return the loss as a tensor for which a training step is made.

    Parameters
    ----------
    total_loss : Tensor []
    optimizer : Optimizer
    global_step : Variable or None
        Counted up; by default that of the graph, which is made if need be.
    update_ops : list of Operation, optional
        Run before; by default those of `GraphKeys.UPDATE_OPS`.
    variables_to_train : list of Variable, optional
        By default all trainable ones.
    transform_grads_fn : callable, optional
        Takes and returns a list of (gradient, variable).
    summarize_gradients : bool
    gate_gradients, aggregation_method, colocate_gradients_with_ops
        See `Optimizer.compute_gradients`.
    check_numerics : bool
        Let the run fail if the loss is inf or NaN.

    Returns
    -------
    Tensor []
    """
    if global_step is _USE_GLOBAL_STEP:
        global_step = get_or_create_global_step()
    known = dict.fromkeys(get_collection(GraphKeys.UPDATE_OPS))
    before = known if update_ops is None else dict.fromkeys(update_ops)
    if not known.keys() <= before.keys():
        warning("update_ops in create_train_op lacks some of GraphKeys.UPDATE_OPS")
    if before:
        with control_dependencies(list(before)):
            barrier = no_op(name="update_barrier")
        total_loss = with_dependencies([barrier], total_loss)
    variables = trainable_variables() if variables_to_train is None else variables_to_train
    if not variables or any(not v.trainable and v not in trainable_variables() for v in variables):
        raise AssertionError("variables_to_train is empty or has variables that are not trainable")
    pairs = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn:
        pairs = transform_grads_fn(pairs)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(pairs)
    step = optimizer.apply_gradients(pairs, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = numbers_checked(total_loss, "LossTensor is inf or nan")
        train_op: Tensor = with_dependencies([step], total_loss)
    collection = get_collection_ref(GraphKeys.TRAIN_OP)
    if train_op not in collection:
        collection.append(train_op)
    return train_op
