"""`sequence_loss`: the cross entropy of sequences, weighted step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.math import div_no_nan
from defrun.ops.reduce import count_nonzero, reduce_sum
from defrun.ops.xent import sparse_softmax_cross_entropy_with_logits

_RANKS = (("Logits", 3), ("Targets", 2), ("Weights", 2))


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the weighted cross entropy of sequences, reduced over steps, over the batch, over both, or over neither.

    Parameters
    ----------
    logits : float Tensor [batch, steps, classes]
    targets : int Tensor [batch, steps]
    weights : float Tensor [batch, steps]
        0 where a sequence has ended.
    average_across_timesteps, average_across_batch : bool
        Add up over that axis and divide by the sum of the weights.
    sum_over_timesteps, sum_over_batch : bool
        Add up over that axis and divide by the number of weights that are not 0.
    softmax_loss_function : callable, optional
        ``f(labels=, logits=)`` in the place of the sparse softmax cross entropy.
    name : str, optional

    Returns
    -------
    float Tensor [], [batch], [steps] or [batch, steps]

    Raises
    ------
    ValueError
        If an argument has another rank, or an axis is to be both averaged and summed.
    """
    for (label, rank), given in zip(_RANKS, (logits, targets, weights), strict=True):
        if len(given.shape) != rank:
            raise ValueError(f"{label} must have {rank} axes (batch, steps, ...), but its shape is {given.shape}")
    for axis, both in (
        ("timesteps", average_across_timesteps and sum_over_timesteps),
        ("batch", average_across_batch and sum_over_batch),
    ):
        if both:
            raise ValueError(f"average_across_{axis} and sum_over_{axis} cannot both be True")
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        classes = shape_node(logits)[2]
        flat_logits = reshape(logits, [-1, classes])
        flat_targets = reshape(targets, [-1])
        losses = (softmax_loss_function or sparse_softmax_cross_entropy_with_logits)(
            labels=flat_targets, logits=flat_logits
        )
        losses *= reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return _divided(losses, weights, None, counted=False)
        if sum_over_timesteps and sum_over_batch:
            return _divided(losses, weights, None, counted=True)
        losses = reshape(losses, shape_node(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            return _divided(losses, weights, [0] if average_across_batch else [1], counted=False)
        if sum_over_timesteps or sum_over_batch:
            return _divided(losses, weights, [0] if sum_over_batch else [1], counted=True)
        return losses


def _divided(losses: Tensor, weights: Any, axis: list[int] | None, counted: bool) -> Tensor:
    """Return the sum of `losses` over that of `weights`, or over the number of those that are not 0."""
    total = reduce_sum(losses, axis=axis)
    if counted:
        return div_no_nan(total, cast(count_nonzero(weights, axis=axis), total.dtype))
    return div_no_nan(total, reduce_sum(weights, axis=axis))
