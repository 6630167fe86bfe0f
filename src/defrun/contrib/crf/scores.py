"""Linear chains of tags: scores of sequences, and how likely they are."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import dimension_value
from defrun.contrib.crf.cells import CrfForwardRnnCell
from defrun.graph.operation import Tensor
from defrun.ops.array import expand_dims, reshape, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import equal, less_equal
from defrun.ops.constant import constant
from defrun.ops.control import smart_cond
from defrun.ops.creation import fill, range_, zeros_like
from defrun.ops.gather import gather, gather_nd
from defrun.ops.join import concat
from defrun.ops.limits import maximum
from defrun.ops.masks import sequence_mask
from defrun.ops.reduce import reduce_logsumexp, reduce_sum
from defrun.ops.select import where
from defrun.ops.slicing import slice_
from defrun.rnn.dynamic import dynamic_rnn
from defrun.variables.scope import get_variable


def is_single(inputs: Tensor) -> Tensor:
    """Return whether sequences [batch, time, ...] have one step."""
    return equal(dimension_value(inputs.shape[1]) or shape_node(inputs)[1], 1)


def zero_if_empty(values: Tensor, sequence_lengths: Any) -> Tensor:
    """Return `values` [batch] with zeros for sequences without any step."""
    return where(less_equal(sequence_lengths, 0), zeros_like(values), values)


def less_one(sequence_lengths: Any) -> Tensor:
    """Return the lengths less one, but not less than zero."""
    return maximum(constant(0, dtype=sequence_lengths.dtype), sequence_lengths - 1)


def crf_sequence_score(inputs: Tensor, tag_indices: Tensor, sequence_lengths: Tensor, transition_params: Any) -> Tensor:
    """Return the score of each sequence of tags, not normalized.

    Parameters
    ----------
    inputs : float Tensor [batch, time, tags]
        How well each tag fits each step.
    tag_indices : int Tensor [batch, time]
    sequence_lengths : int Tensor [batch]
    transition_params : float Tensor [tags, tags]
        How well a tag (column) follows another (row).

    Returns
    -------
    float Tensor [batch]
    """

    def of_one_step() -> Tensor:
        count = shape_node(inputs, out_type=tag_indices.dtype)[0]
        rows = reshape(range_(count, dtype=tag_indices.dtype), [-1, 1])
        scores = gather_nd(squeeze(inputs, [1]), concat([rows, tag_indices], axis=1))
        return zero_if_empty(scores, sequence_lengths)

    def of_many() -> Tensor:
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)

    return smart_cond(pred=is_single(inputs), true_fn=of_one_step, false_fn=of_many)


def crf_multitag_sequence_score(
    inputs: Tensor, tag_bitmap: Tensor, sequence_lengths: Tensor, transition_params: Any
) -> Tensor:
    """Return the score of all sequences of tags together that a bitmap allows.

    Parameters
    ----------
    tag_bitmap : bool Tensor [batch, time, tags]
    inputs, sequence_lengths, transition_params
        See `crf_sequence_score`.

    Returns
    -------
    float Tensor [batch]
    """

    def allowed() -> Tensor:
        return where(tag_bitmap, inputs, fill(shape_node(inputs), float("-inf")))

    def of_many() -> Tensor:
        return crf_log_norm(allowed(), sequence_lengths, transition_params)

    return smart_cond(
        pred=is_single(inputs),
        true_fn=lambda: reduce_logsumexp(allowed(), axis=[1, 2], keepdims=False),
        false_fn=of_many,
    )


def crf_log_norm(inputs: Tensor, sequence_lengths: Tensor, transition_params: Any) -> Tensor:
    """Return the logarithm of the sum of the exponentials of all sequences' scores.

    Parameters
    ----------
    inputs, sequence_lengths, transition_params
        See `crf_sequence_score`.

    Returns
    -------
    float Tensor [batch]
    """
    first = squeeze(slice_(inputs, [0, 0, 0], [-1, 1, -1]), [1])

    def of_one_step() -> Tensor:
        return zero_if_empty(reduce_logsumexp(first, [1]), sequence_lengths)

    def of_many() -> Tensor:
        rest = slice_(inputs, [0, 1, 0], [-1, -1, -1])
        cell = CrfForwardRnnCell(transition_params)
        _, alphas = dynamic_rnn(
            cell=cell,
            inputs=rest,
            sequence_length=less_one(sequence_lengths),
            initial_state=first,
            dtype=dtypes.float32,
        )
        return zero_if_empty(reduce_logsumexp(alphas, [1]), sequence_lengths)

    return smart_cond(pred=is_single(inputs), true_fn=of_one_step, false_fn=of_many)


def crf_log_likelihood(
    inputs: Tensor, tag_indices: Tensor, sequence_lengths: Tensor, transition_params: Any = None
) -> tuple[Tensor, Any]:
    """Return the logarithm of the probability of each sequence of tags.

    Parameters
    ----------
    transition_params : float Tensor [tags, tags], optional
        By default a variable ``transitions``.
    inputs, tag_indices, sequence_lengths
        See `crf_sequence_score`.

    Returns
    -------
    log_likelihood : float Tensor [batch]
    transition_params : Tensor or Variable
    """
    tags = dimension_value(inputs.shape[2])
    if transition_params is None:
        transition_params = get_variable("transitions", [tags, tags])
    scores = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return scores - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_unary_score(tag_indices: Tensor, sequence_lengths: Tensor, inputs: Tensor) -> Tensor:
    """Return the sum of what each step says of its tag; see `crf_sequence_score`.

    Parameters
    ----------
    tag_indices : int Tensor [batch, time]
    sequence_lengths : int Tensor [batch]
    inputs : float Tensor [batch, time, tags]

    Returns
    -------
    float Tensor [batch]
    """
    rows, steps, tags = (shape_node(inputs)[axis] for axis in range(3))
    flat = reshape(inputs, [-1])
    offsets = expand_dims(range_(rows) * steps * tags, 1)
    offsets += expand_dims(range_(steps) * tags, 0)
    if tag_indices.dtype == dtypes.int64:
        offsets = cast(offsets, dtypes.int64)
    places = reshape(offsets + tag_indices, [-1])
    scores = reshape(gather(flat, places), [rows, steps])
    masks = sequence_mask(sequence_lengths, maxlen=shape_node(tag_indices)[1], dtype=dtypes.float32)
    return reduce_sum(scores * masks, 1)


def crf_binary_score(tag_indices: Tensor, sequence_lengths: Tensor, transition_params: Any) -> Tensor:
    """Return the sum of what the transitions say; see `crf_sequence_score`.

    Parameters
    ----------
    tag_indices : int Tensor [batch, time]
    sequence_lengths : int Tensor [batch]
    transition_params : float Tensor [tags, tags]

    Returns
    -------
    float Tensor [batch]
    """
    tags = transition_params.get_shape()[0]
    count = shape_node(tag_indices)[1] - 1
    before = slice_(tag_indices, [0, 0], [-1, count])
    after = slice_(tag_indices, [0, 1], [-1, count])
    places = before * tags + after
    scores = gather(reshape(transition_params, [-1]), places)
    masks = sequence_mask(sequence_lengths, maxlen=shape_node(tag_indices)[1], dtype=dtypes.float32)
    return reduce_sum(scores * slice_(masks, [0, 1], [-1, -1]), 1)
