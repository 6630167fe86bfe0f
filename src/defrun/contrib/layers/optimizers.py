"""`optimize_loss`: a training operation with all that goes with it in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import get_collection
from defrun.ops.asserts import assert_scalar
from defrun.ops.cast import cast
from defrun.ops.creation import ones_like
from defrun.ops.elementary import exp, log, sqrt
from defrun.ops.flow import with_dependencies
from defrun.ops.limits import maximum, minimum
from defrun.ops.math import square
from defrun.ops.norms import clip_by_global_norm, global_norm
from defrun.ops.random import truncated_normal
from defrun.ops.select import where
from defrun.summary import nodes as summary
from defrun.train.adagrad import AdagradOptimizer
from defrun.train.adam import AdamOptimizer
from defrun.train.ftrl import FtrlOptimizer
from defrun.train.global_step import assert_global_step, get_global_step
from defrun.train.gradient_descent import GradientDescentOptimizer
from defrun.train.momentum import MomentumOptimizer
from defrun.train.moving_averages import assign_moving_average
from defrun.train.optimizer import Optimizer
from defrun.train.rmsprop import RMSPropOptimizer
from defrun.variables.initializers import constant_initializer, zeros_initializer
from defrun.variables.lists import trainable_variables
from defrun.variables.scope import get_variable, variable_scope

OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}

OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm"]

Pairs = list[tuple[Any, Any]]


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Any = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Callable[[Any, Any], Any] | None = None,
    update_ops: Any = None,
    variables: Any = None,
    name: str | None = None,
    summaries: Any = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Tensor:
    """Return the loss as a tensor for which a training step is made.

    Parameters
    ----------
    loss : Tensor []
    global_step : Variable, optional
        By default that of the graph.
    learning_rate : float or Tensor [], optional
    optimizer : str, class, Optimizer or callable
        A key of `OPTIMIZER_CLS_NAMES`, or what gives an Optimizer for a learning rate (nothing, if that is None).
    gradient_noise_scale : float, optional
        Add that much noise to the gradients.
    gradient_multipliers : dict of Variable or its name to float, optional
    clip_gradients : float or callable, optional
        Largest norm of all gradients together, or what clips a list of (gradient, variable).
    learning_rate_decay_fn : callable, optional
        Gives the rate of `learning_rate` and `global_step`.
    update_ops : list of Operation, optional
        Run before the step; by default those of `GraphKeys.UPDATE_OPS`.
    variables : list of Variable, optional
        By default all trainable ones.
    name : str, optional
    summaries : list of str, optional
        Some of `OPTIMIZER_SUMMARIES`; by default of the loss, the rate and the gradients' norm.
    colocate_gradients_with_ops, increment_global_step : bool

    Returns
    -------
    Tensor []

    Raises
    ------
    ValueError
        If the rate, the optimizer, a summary or `clip_gradients` is nothing of the kind.
    """
    loss = convert_to_tensor(loss)
    assert_scalar(loss)
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        before = list(dict.fromkeys(get_collection(GraphKeys.UPDATE_OPS) if update_ops is None else update_ops))
        if before:
            loss = with_dependencies(before, loss)
        rate = _rate(learning_rate)
        shown = _summaries(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in shown:
                summary.scalar("learning_rate", rate)
        chosen = _optimizer(optimizer, rate)
        pairs = chosen.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            pairs = _with_noise(pairs, gradient_noise_scale)
        if gradient_multipliers is not None:
            pairs = _multiplied(pairs, gradient_multipliers)
            if not pairs:
                raise ValueError("There are no gradients; probably because of an improper gradient_multipliers.")
        norms = "global_gradient_norm" in shown or "gradient_norm" in shown
        if norms:
            summary.scalar("global_norm/gradient_norm", _norm(pairs))
        pairs = _clipped(pairs, clip_gradients)
        if "loss" in shown:
            summary.scalar("loss", loss)
        _summarize(pairs, shown)
        if clip_gradients is not None and norms:
            summary.scalar("global_norm/clipped_gradient_norm", _norm(pairs))
        step = chosen.apply_gradients(pairs, global_step if increment_global_step else None, name="train")
        result: Tensor = with_dependencies([step], loss)
        return result


def _rate(learning_rate: Any) -> Any:
    if learning_rate is None or (isinstance(learning_rate, Tensor) and learning_rate.get_shape().ndims == 0):
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(f"Learning rate should be a 0-d Tensor or float, got {learning_rate!r}")
    if learning_rate < 0.0:
        raise ValueError(f"Invalid learning_rate {learning_rate}.")
    return get_variable(
        "learning_rate", [], trainable=False, initializer=constant_initializer(learning_rate)
    )


def _summaries(given: Any) -> list[str]:
    if given is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    for one in given:
        if one not in OPTIMIZER_SUMMARIES:
            raise ValueError(f"Summaries should be some of {OPTIMIZER_SUMMARIES}, not {one!r}")
    return list(given)


def _optimizer(given: Any, rate: Any) -> Optimizer:
    if isinstance(given, Optimizer):
        return given
    made: Any = None
    if isinstance(given, str) or (isinstance(given, type) and issubclass(given, Optimizer)):
        if rate is None:
            raise ValueError(f"The optimizer {given} needs a learning rate, which is None.")
        if isinstance(given, str) and given not in OPTIMIZER_CLS_NAMES:
            raise ValueError(f"Optimizer name should be one of {', '.join(OPTIMIZER_CLS_NAMES)}, not {given}.")
        make: Callable[..., Any] = OPTIMIZER_CLS_NAMES[given] if isinstance(given, str) else given
        made = make(learning_rate=rate)
    elif callable(given):
        made = given() if rate is None else given(rate)
    if not isinstance(made, Optimizer):
        raise ValueError(f"Unrecognized optimizer: neither a name, a class, an Optimizer nor what makes one: {given!r}")
    return made


def _norm(pairs: Pairs) -> Tensor:
    return global_norm([g for g, _ in pairs])


def _with_noise(pairs: Pairs, scale: float) -> Pairs:
    noisy: Pairs = []
    for grad, var in pairs:
        if grad is not None:
            dims = grad.dense_shape if isinstance(grad, IndexedSlices) else grad.get_shape()
            grad = grad + truncated_normal(dims) * scale
        noisy.append((grad, var))
    return noisy


def _multiplied(pairs: Pairs, multipliers: Any) -> Pairs:
    found: Pairs = []
    for grad, var in pairs:
        key = var if var in multipliers else var.name
        if grad is not None and key in multipliers:
            if isinstance(grad, IndexedSlices):
                grad = IndexedSlices(grad.values * multipliers[key], grad.indices, grad.dense_shape)
            else:
                grad = grad * cast(multipliers[key], grad.dtype)
        found.append((grad, var))
    return found


def _clipped(pairs: Pairs, how: Any) -> Pairs:
    if how is None:
        return pairs
    if isinstance(how, float):
        clipped, _ = clip_by_global_norm([g for g, _ in pairs], how)
        return [(g, v) for g, (_, v) in zip(clipped, pairs, strict=True)]
    if not callable(how):
        raise ValueError(f"Unknown type {type(how)} for clip_gradients")
    result: Pairs = how(pairs)
    return result


def _summarize(pairs: Pairs, shown: list[str]) -> None:
    for grad, var in pairs:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        name = var.name.replace(":", "_")
        if "gradients" in shown:
            summary.histogram(f"gradients/{name}", values)
        if "gradient_norm" in shown:
            summary.scalar(f"gradient_norm/{name}", global_norm([values]))


def adaptive_clipping_fn(
    std_factor: float = 2.0,
    decay: Any = 0.95,
    static_max_norm: Any = None,
    global_step: Any = None,
    report_summary: bool = False,
    epsilon: float = 1e-8,
    name: str | None = None,
) -> Callable[[Pairs], Pairs]:
    """Return what clips gradients whose norm is far above the usual: by `std_factor` deviations of its logarithm.

    Parameters
    ----------
    std_factor : float
    decay : float or Tensor []
        Of the averages of the norm.
    static_max_norm : float, optional
        A norm that is never exceeded.
    global_step : Variable, optional
        Lets the averages move faster at first.
    report_summary : bool
    epsilon : float
    name : str, optional

    Returns
    -------
    callable
        For `clip_gradients` of `optimize_loss`.
    """

    def clip(pairs: Pairs) -> Pairs:
        norm = _norm(pairs)
        largest, usual = _usual_norm(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            summary.scalar("global_norm/adaptive_max_gradient_norm", largest)
        factor = where(norm < largest, ones_like(norm), exp(usual) / norm)
        if static_max_norm is not None:
            factor = minimum(static_max_norm / norm, factor)
        return [(_scaled(grad, factor), var) for grad, var in pairs]

    return clip


def _scaled(grad: Any, factor: Tensor) -> Any:
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(grad.values * factor, grad.indices, grad.dense_shape)
    return None if grad is None else grad * factor


def _usual_norm(
    norm: Tensor, std_factor: float, decay: Any, global_step: Any, epsilon: float, name: str | None
) -> tuple[Tensor, Tensor]:
    """Keep the mean and the variance of the norm's logarithm; return the largest norm to let pass, and the mean."""
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        value = log(norm + epsilon)
        if global_step is not None:
            count = cast(global_step, dtypes.float32)
            decay = minimum(decay, count / (count + 1.0))

        def average(label: str, of: Tensor) -> Tensor:
            kept = get_variable(
                label, shape=of.get_shape(), dtype=of.dtype, initializer=zeros_initializer(), trainable=False
            )
            return assign_moving_average(kept, of, decay, zero_debias=False)

        mean = average("mean", value)
        squares = average("sq_mean", square(value))
        deviation = sqrt(maximum(epsilon, squares - square(mean)))
        return exp(mean + std_factor * deviation), mean
