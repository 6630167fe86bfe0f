"""Losses of sequences that are lists of steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.math import add_n
from defrun.ops.reduce import reduce_sum
from defrun.ops.xent import sparse_softmax_cross_entropy_with_logits
from defrun.variables.scope import get_variable_scope, variable_scope


def sequence_loss_by_example(
    logits: list[Any],
    targets: list[Any],
    weights: list[Any],
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the weighted cross entropy of each sequence.

    Parameters
    ----------
    logits : list of float Tensor [batch, classes]
        One for each step.
    targets : list of int Tensor [batch]
    weights : list of float Tensor [batch]
    average_across_timesteps : bool
        Divide by the sum of the weights.
    softmax_loss_function : callable, optional
        ``f(labels=, logits=)`` in the place of the sparse softmax cross entropy.
    name : str, optional

    Returns
    -------
    float Tensor [batch]

    Raises
    ------
    ValueError
        If the lists differ in length.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            f"logits, weights and targets must be as many: {len(logits)}, {len(weights)}, {len(targets)} are given"
        )
    with name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        losses = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                loss = sparse_softmax_cross_entropy_with_logits(labels=reshape(target, [-1]), logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        total = add_n(losses)
        if average_across_timesteps:
            total /= add_n(weights) + 1e-12  # weights may all be 0
    return total


def sequence_loss(
    logits: list[Any],
    targets: list[Any],
    weights: list[Any],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the sum of `sequence_loss_by_example` over the batch, or its mean.

    Parameters
    ----------
    logits, targets, weights, average_across_timesteps, softmax_loss_function
        See `sequence_loss_by_example`.
    average_across_batch : bool
        Divide by the size of the batch.
    name : str, optional

    Returns
    -------
    float Tensor []
    """
    with name_scope(name, "sequence_loss", logits + targets + weights):
        cost = reduce_sum(
            sequence_loss_by_example(
                logits,
                targets,
                weights,
                average_across_timesteps=average_across_timesteps,
                softmax_loss_function=softmax_loss_function,
            )
        )
        if not average_across_batch:
            return cost
        return cost / cast(shape_node(targets[0])[0], cost.dtype)


def model_with_buckets(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    targets: list[Any],
    weights: list[Any],
    buckets: list[tuple[int, int]],
    seq2seq: Callable[..., Any],
    softmax_loss_function: Callable[..., Any] | None = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[Tensor]]:
    """Build a model once for each pair of lengths, with the same variables.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of Tensor
        One for each step, as many as the largest bucket has.
    targets, weights : list of Tensor [batch]
    buckets : list of (int, int)
        Lengths of input and output, growing.
    seq2seq : callable
        ``f(encoder_inputs, decoder_inputs)`` returns (outputs, state).
    softmax_loss_function : callable, optional
    per_example_loss : bool
        Losses of the form [batch] in the place of one number.
    name : str, optional

    Returns
    -------
    outputs, losses : list
        One for each bucket.

    Raises
    ------
    ValueError
        If there are fewer steps than the last bucket has.
    """
    longest = buckets[-1]
    for label, steps, needed in (
        ("encoder_inputs", encoder_inputs, longest[0]),
        ("targets", targets, longest[1]),
        ("weights", weights, longest[1]),
    ):
        if len(steps) < needed:
            raise ValueError(f"{label} has {len(steps)} steps; the last bucket needs {needed}")
    build_loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    with name_scope(name, "model_with_buckets", encoder_inputs + decoder_inputs + targets + weights):
        for number, (size, target_size) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if number else None):
                result, _ = seq2seq(encoder_inputs[:size], decoder_inputs[:target_size])
                outputs.append(result)
                losses.append(
                    build_loss(
                        result,
                        targets[:target_size],
                        weights[:target_size],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
