"""`tf.contrib.nn`: sampled losses, the first order of arguments of cross entropies, dropout for selu."""

from __future__ import annotations

import numbers
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops import xent
from defrun.ops.array import reshape, shape, squeeze, stop_gradient
from defrun.ops.candidates import learned_unigram_candidate_sampler
from defrun.ops.cast import cast
from defrun.ops.compare import greater_equal
from defrun.ops.creation import zeros
from defrun.ops.embedding import _lookup, embedding_lookup
from defrun.ops.gather import gather
from defrun.ops.matrix import matmul
from defrun.ops.nn import top_k
from defrun.ops.random import random_uniform
from defrun.ops.reduce import reduce_logsumexp
from defrun.ops.sampled_losses import sampled_logits, sampled_softmax_loss

_ALPHA = -1.7580993408473766  # where selu goes, far to the left


def alpha_dropout(
    x: Any, keep_prob: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Set elements to selu's limit, then bring mean and variance back to 0 and 1 (Klambauer et al., 2017).

    Parameters
    ----------
    x : Tensor
    keep_prob : float or Tensor []
    noise_shape : list of int, optional
        Where it is 1 while `x` is larger, elements share their fate.
    seed : int, optional
    name : str, optional

    Raises
    ------
    ValueError
        If `keep_prob` is not in (0, 1].
    """
    with name_scope(name, "alpha_dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if isinstance(keep_prob, numbers.Real) and not 0 < float(keep_prob) <= 1.0:
            raise ValueError(f"keep_prob must be in the range (0, 1], got {keep_prob:g}")
        keep = convert_to_tensor(keep_prob, dtype=x.dtype, name="keep_prob")
        keep.shape.assert_has_rank(0)
        if constant_value(keep) == 1:
            return x
        draws = random_uniform(shape(x) if noise_shape is None else noise_shape, seed=seed, dtype=x.dtype)
        kept = cast(greater_equal(draws, 1 - keep), x.dtype)
        x = x * kept + _ALPHA * (1 - kept)
        scale = (keep + keep * (1 - keep) * _ALPHA**2) ** -0.5
        shift = -scale * _ALPHA * (1 - keep)
        return scale * x + shift


# -- cross entropies -------------------------------------------------------------------------------------------------


def deprecated_flipped_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, dim: int = -1, name: str | None = None
) -> Tensor:
    """Return `tf.nn.softmax_cross_entropy_with_logits` with its arguments in the first order."""
    return xent.softmax_cross_entropy_with_logits(labels=labels, logits=logits, dim=dim, name=name)


def deprecated_flipped_sparse_softmax_cross_entropy_with_logits(
    logits: Any, labels: Any, name: str | None = None
) -> Tensor:
    """Return `tf.nn.sparse_softmax_cross_entropy_with_logits` with its arguments in the first order."""
    return xent.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


def deprecated_flipped_sigmoid_cross_entropy_with_logits(logits: Any, targets: Any, name: str | None = None) -> Tensor:
    """Return `tf.nn.sigmoid_cross_entropy_with_logits` with its arguments in the first order."""
    return xent.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name=name)


# -- sampled losses --------------------------------------------------------------------------------------------------


def sampled_sparse_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str | None = "sampled_sparse_softmax_loss",
) -> Tensor:
    """Return `tf.nn.sampled_softmax_loss` for one true class a row, without a table of labels."""
    logits, _ = sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, 1, sampled_values,
        remove_accidental_hits=remove_accidental_hits, partition_strategy=partition_strategy, name=name,
    )  # fmt: skip
    first = zeros([shape(logits)[0], 1], dtype=dtypes.int64)  # the true class comes first
    return xent.sparse_softmax_cross_entropy_with_logits(labels=squeeze(first), logits=logits)


def rank_sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_resampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    resampling_temperature: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str | None = None,
) -> Tensor:
    """Return the sampled softmax over those of many samples that the model itself finds the likeliest.

    Parameters
    ----------
    weights, biases, labels, inputs, num_classes, num_true, remove_accidental_hits, partition_strategy, name
        See `tf.nn.nce_loss`.
    num_sampled, num_resampled : int
        How many classes to draw, and how many of them to take.
    sampled_values : tuple, optional
        What a candidate sampler gave; by default `learned_unigram_candidate_sampler` is asked.
    resampling_temperature : float or Tensor []
        Divides the logits by which the choice is made.

    Raises
    ------
    ValueError
        If the numbers don't go together, or there is no such strategy.
    """
    if num_sampled > num_classes:
        raise ValueError(f"num_sampled ({num_sampled}) cannot be greater than num_classes ({num_classes})")
    if num_sampled <= num_resampled:
        raise ValueError(f"num_resampled ({num_resampled}) must be less than num_sampled ({num_sampled})")
    if partition_strategy not in ("div", "mod"):
        raise ValueError(f"unsupported partition_strategy ({partition_strategy})")
    given = [weights, biases, labels, inputs, sampled_values, resampling_temperature]
    with name_scope(name, "rank_sampled_softmax_loss", given) as scope:
        if not sampled_values:
            sampled_values = learned_unigram_candidate_sampler(labels, num_true, num_sampled, True, num_classes)
        chosen = _likeliest(
            weights, biases, inputs, sampled_values, num_resampled, resampling_temperature, partition_strategy
        )
        return sampled_softmax_loss(
            weights, biases, labels, inputs, num_resampled, num_classes, num_true, chosen, remove_accidental_hits,
            partition_strategy, scope,
        )  # fmt: skip


def _likeliest(
    weights: Any, biases: Any, inputs: Any, sampled_values: Any, count: int, temperature: Any, strategy: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return those of the sampled values whose logits are the largest over the whole batch."""
    sampled, true_count, sampled_count = sampled_values
    sampled = cast(stop_gradient(sampled), dtypes.int64)
    true_count, sampled_count = stop_gradient(true_count), stop_gradient(sampled_count)
    scaled = inputs / temperature

    def total(rows: Tensor) -> Tensor:
        return reduce_logsumexp(matmul(rows, scaled, transpose_b=True), axis=1, keepdims=False)

    logits = _lookup(weights, sampled, strategy, None, None, total)
    shifts = reshape(embedding_lookup(biases, sampled, strategy), [-1])
    logits += shifts / temperature
    _, places = top_k(logits, k=count, sorted=False)
    return gather(sampled, places), true_count, gather(sampled_count, places)
