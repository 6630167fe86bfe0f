"""Losses over a few sampled classes in place of all: noise-contrastive estimation and the sampled softmax."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims, reshape, shape, stop_gradient
from defrun.ops.candidates import compute_accidental_hits, log_uniform_candidate_sampler
from defrun.ops.cast import cast
from defrun.ops.creation import ones_like, zeros_like
from defrun.ops.elementary import log
from defrun.ops.embedding import embedding_lookup
from defrun.ops.join import concat, stack
from defrun.ops.math import multiply
from defrun.ops.matrix import matmul, sum_rows
from defrun.ops.slicing import slice_
from defrun.ops.sparse.dense import sparse_to_dense
from defrun.ops.xent import sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits_v2


def sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: Any,
    num_classes: Any,
    num_true: int = 1,
    sampled_values: Any = None,
    subtract_log_q: bool = True,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str | None = None,
    seed: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Return logits and labels [batch, num_true + num_sampled] of the true classes and of sampled ones."""
    weights = list(weights) if isinstance(weights, list) or hasattr(weights, "_variable_list") else [weights]
    with name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels]):
        if labels.dtype != dtypes.int64:
            labels = cast(labels, dtypes.int64)
        flat = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, unique=True, range_max=num_classes, seed=seed
            )
        sampled, true_count, sampled_count = [stop_gradient(value) for value in sampled_values]
        sampled = cast(sampled, dtypes.int64)
        ids = concat([flat, sampled], 0)
        rows = _as(inputs, embedding_lookup(weights, ids, partition_strategy=partition_strategy))
        true_w = slice_(rows, [0, 0], stack([shape(flat)[0], -1]))
        sampled_w = slice_(rows, stack([shape(flat)[0], 0]), [-1, -1])
        of_sampled = matmul(inputs, sampled_w, transpose_b=True)
        shifts = _as(inputs, embedding_lookup(biases, ids, partition_strategy=partition_strategy))
        true_b = slice_(shifts, [0], shape(flat))
        sampled_b = slice_(shifts, shape(flat), [-1])
        of_true = _dots(inputs, true_w, num_true)
        of_true += reshape(true_b, [-1, num_true])
        of_sampled += sampled_b
        if remove_accidental_hits:
            of_sampled += _hits(labels, sampled, num_true, num_sampled, of_sampled.dtype)
        if subtract_log_q:
            of_true -= log(true_count)
            of_sampled -= log(sampled_count)
        return (
            concat([of_true, of_sampled], 1),
            concat([ones_like(of_true) / num_true, zeros_like(of_sampled)], 1),
        )


def _as(inputs: Any, found: Tensor) -> Tensor:
    return found if found.dtype == inputs.dtype else cast(found, inputs.dtype)


def _dots(inputs: Any, true_w: Tensor, num_true: int) -> Tensor:
    """Return the products of each input with the rows of its true classes."""
    size = shape(true_w)[1:2]
    by_row = concat([[-1, num_true], size], 0)
    products = multiply(expand_dims(inputs, 1), reshape(true_w, by_row))
    return reshape(sum_rows(reshape(products, concat([[-1], size], 0))), [-1, num_true])


def _hits(labels: Tensor, sampled: Tensor, num_true: int, num_sampled: Any, kind: Any) -> Tensor:
    """Return the lowest number where a sampled class is a true one, 0 elsewhere."""
    rows, ids, lowest = compute_accidental_hits(labels, sampled, num_true=num_true)
    rows = reshape(rows, [-1, 1])
    places = concat([rows, reshape(cast(ids, dtypes.int32), [-1, 1])], 1, "sparse_indices")
    size = concat([shape(labels)[:1], expand_dims(num_sampled, 0)], 0)
    if lowest.dtype != kind:
        lowest = cast(lowest, kind)
    return sparse_to_dense(places, size, lowest, default_value=0.0, validate_indices=False)


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str | None = "nce_loss",
) -> Tensor:
    """Noise-contrastive estimation (Gutmann and Hyvarinen, 2010): tell true classes from sampled ones, each by itself.

    Parameters
    ----------
    weights : Tensor or Variable [num_classes, dim], or list of them
        A row a class; several parts are spread as `embedding_lookup` has them.
    biases : Tensor or Variable [num_classes]
    labels : int64 Tensor [batch, num_true]
        The true classes.
    inputs : Tensor [batch, dim]
    num_sampled, num_classes : int
    num_true : int
    sampled_values : tuple, optional
        What a candidate sampler gave; by default `log_uniform_candidate_sampler` is asked.
    remove_accidental_hits : bool
        Leave out sampled classes that are true ones of the row.
    partition_strategy : {"mod", "div"}
    name : str, optional

    Returns
    -------
    Tensor [batch]
    """
    logits, wanted = sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits=remove_accidental_hits, partition_strategy=partition_strategy, name=name,
    )  # fmt: skip
    return sum_rows(sigmoid_cross_entropy_with_logits(labels=wanted, logits=logits, name="sampled_losses"))


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str | None = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """Softmax cross entropy over the true classes and some sampled ones (Jean et al., 2014); for training only.

    Parameters
    ----------
    weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values, remove_accidental_hits, \
partition_strategy, name
        See `nce_loss`.
    seed : int, optional
        Of the sampler.

    Returns
    -------
    Tensor [batch]
    """
    logits, wanted = sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits=remove_accidental_hits, partition_strategy=partition_strategy, name=name, seed=seed,
    )  # fmt: skip
    wanted = stop_gradient(wanted, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=wanted, logits=convert_to_tensor(logits))
