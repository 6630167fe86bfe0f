"""One step of beam search: how beams are scored, and which go on."""

from __future__ import annotations

import collections
from typing import Any

from defrun.base import dtypes, nest
from defrun.contrib.seq2seq.attention_wrapper import AttentionWrapperState
from defrun.contrib.seq2seq.beam_tensors import gather_beams, gather_rows, known_int
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.arrange import tile
from defrun.ops.array import expand_dims, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast, to_int64
from defrun.ops.compare import equal, logical_not, logical_or
from defrun.ops.creation import fill, one_hot, ones_like
from defrun.ops.elementary import log
from defrun.ops.join import concat
from defrun.ops.limits import minimum
from defrun.ops.math import div, mod
from defrun.ops.nn import top_k
from defrun.ops.reduce import reduce_mean, reduce_sum
from defrun.ops.select import where
from defrun.ops.softmax import log_softmax


class BeamSearchDecoderState(
    collections.namedtuple(
        "BeamSearchDecoderState",
        ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"),
    )
):
    """The state of a beam search: all [batch, beams, ...]."""

    __slots__ = ()


class BeamSearchDecoderOutput(
    collections.namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))
):
    """What a step of a beam search gives, each [batch, beams]."""

    __slots__ = ()


def search_step(
    time: Any,
    logits: Tensor,
    next_cell_state: Any,
    beam_state: BeamSearchDecoderState,
    batch_size: Any,
    beam_width: int,
    end_token: Any,
    length_penalty_weight: Any,
    coverage_penalty_weight: Any,
) -> tuple[BeamSearchDecoderOutput, BeamSearchDecoderState]:
    """Score all symbols after all beams by `logits` [batch, beams, symbols], and go on with the best."""
    rows = known_int(batch_size)
    finished = beam_state.finished
    going_on = logical_not(finished)
    step_probs = _only_the_end(log_softmax(logits), end_token, finished)
    total_probs = expand_dims(beam_state.log_probs, 2) + step_probs
    symbols = logits.shape.dims[-1].value or shape_node(logits)[-1]  # type: ignore[index]
    longer = one_hot(
        indices=fill([batch_size, beam_width], end_token),
        depth=symbols,
        on_value=to_int64(0),
        off_value=to_int64(1),
        dtype=dtypes.int64,
    )
    longer *= expand_dims(cast(going_on, dtypes.int64), 2)
    lengths = longer + expand_dims(beam_state.lengths, 2)
    accumulated = None
    attention_probs = attention_probabilities(next_cell_state, coverage_penalty_weight)
    if attention_probs is not None:
        attention_probs *= expand_dims(cast(going_on, dtypes.float32), 2)
        accumulated = beam_state.accumulated_attention_probs + attention_probs
    scores = _scores(total_probs, lengths, length_penalty_weight, coverage_penalty_weight, finished, accumulated)

    convert_to_tensor(time, name="time")
    flat = reshape(scores, [batch_size, -1])
    count = convert_to_tensor(beam_width, dtype=dtypes.int32, name="beam_width")
    best, places = top_k(flat, k=count)
    best.set_shape([rows, beam_width])
    places.set_shape([rows, beam_width])
    log_probs = gather_rows(places, total_probs, batch_size, beam_width * symbols, [-1], name="next_beam_probs")
    words = cast(mod(places, symbols, name="next_beam_word_ids"), dtypes.int32)
    parents = cast(places / symbols, dtypes.int32, name="next_beam_parent_ids")
    were_finished = gather_rows(parents, finished, batch_size, beam_width, [-1])
    next_finished = logical_or(were_finished, equal(words, end_token), name="next_beam_finished")
    added = cast(logical_not(were_finished), dtypes.int64)
    next_lengths = gather_rows(parents, beam_state.lengths, batch_size, beam_width, [-1])
    next_lengths += added
    next_accumulated: Any = ()
    wide = [batch_size * beam_width, -1]
    if accumulated is not None:
        next_accumulated = gather_rows(
            parents, accumulated, batch_size, beam_width, wide, name="next_accumulated_attention_probs"
        )
    next_cell_state = nest.map_structure(
        lambda part: gather_beams(parents, part, batch_size, beam_width, [batch_size * beam_width, -1]),
        next_cell_state,
    )
    state = BeamSearchDecoderState(
        cell_state=next_cell_state,
        log_probs=log_probs,
        lengths=next_lengths,
        finished=next_finished,
        accumulated_attention_probs=next_accumulated,
    )
    return BeamSearchDecoderOutput(scores=best, predicted_ids=words, parent_ids=parents), state


def _only_the_end(probs: Tensor, end_token: Any, finished: Tensor) -> Tensor:
    """Let nothing but the end token follow beams that have ended."""
    symbols = shape_node(probs)[2]
    row = one_hot(
        end_token,
        symbols,
        dtype=probs.dtype,
        on_value=convert_to_tensor(0.0, dtype=probs.dtype),
        off_value=probs.dtype.min,
    )
    ended = tile(reshape(row, [1, 1, -1]), concat([shape_node(finished), [1]], 0))
    mask = tile(expand_dims(finished, 2), [1, 1, symbols])
    return where(mask, ended, probs)


def attention_probabilities(state: Any, coverage_penalty_weight: Any) -> Tensor | None:
    """Return the alignments in a state, the mean if there are several; None if they aren't needed."""
    if coverage_penalty_weight == 0.0:
        return None
    states = [state] if isinstance(state, AttentionWrapperState) else state if isinstance(state, tuple) else ()
    found = [_mean(s.alignments) for s in states if isinstance(s, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return found[0] if len(found) == 1 else _mean(tuple(found))


def _mean(alignments: Any) -> Tensor:
    if not isinstance(alignments, tuple):
        return alignments
    return reduce_mean(concat([expand_dims(each, -1) for each in alignments], -1), -1)


def _scores(
    log_probs: Tensor, lengths: Tensor, length_weight: Any, coverage_weight: Any, finished: Tensor, accumulated: Any
) -> Tensor:
    """Return log probabilities, divided by a penalty for length, plus one for what of the memory was not read."""
    scores = log_probs / cast(_length_penalty(lengths, length_weight), dtype=log_probs.dtype)
    weight = convert_to_tensor(coverage_weight, name="coverage_penalty_weight")
    if weight.shape.ndims != 0:
        raise ValueError(f"coverage_penalty_weight must be a scalar, not of shape {weight.shape}")
    if constant_value(weight) == 0.0:
        return scores
    if accumulated is None:
        raise ValueError("A coverage penalty needs accumulated_attention_probs")
    accumulated = where(equal(accumulated, 0.0), ones_like(accumulated), accumulated)
    penalty = reduce_sum(log(minimum(accumulated, 1.0)), 2)
    penalty *= cast(finished, dtypes.float32)
    return scores + expand_dims(penalty * weight, 2)


def _length_penalty(lengths: Tensor, weight: Any) -> Any:
    """Return ((5 + length) / 6) ** weight."""
    factor = convert_to_tensor(weight, name="penalty_factor")
    factor.set_shape(())
    known = constant_value(factor)
    if known is not None and known == 0:
        return 1.0
    return div((5.0 + cast(lengths, dtypes.float32)) ** factor, (5.0 + 1.0) ** factor)
