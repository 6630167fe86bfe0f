"""The best sequence of tags."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.shapes import dimension_value
from defrun.contrib.crf.cells import CrfDecodeBackwardRnnCell, CrfDecodeForwardRnnCell
from defrun.contrib.crf.scores import is_single, less_one
from defrun.graph.operation import Tensor
from defrun.ops.arrange import reverse_sequence
from defrun.ops.array import expand_dims, squeeze
from defrun.ops.cast import cast
from defrun.ops.control import smart_cond
from defrun.ops.join import concat
from defrun.ops.reduce import argmax, reduce_max
from defrun.ops.slicing import slice_
from defrun.rnn.dynamic import dynamic_rnn


def viterbi_decode(score: Any, transition_params: Any) -> tuple[list[Any], Any]:
    """Return the best sequence of tags and its score, of arrays.

    Parameters
    ----------
    score : array [time, tags]
    transition_params : array [tags, tags]

    Returns
    -------
    tags : list of int
    score : float
    """
    best = np.zeros_like(score)
    before = np.zeros_like(score, dtype=np.int32)
    best[0] = score[0]
    for step in range(1, score.shape[0]):
        ways = np.expand_dims(best[step - 1], 1) + transition_params
        best[step] = score[step] + np.max(ways, 0)
        before[step] = np.argmax(ways, 0)
    tags = [np.argmax(best[-1])]
    for pointers in reversed(before[1:]):
        tags.append(pointers[tags[-1]])
    tags.reverse()
    return tags, np.max(best[-1])


def crf_decode(potentials: Tensor, transition_params: Any, sequence_length: Tensor) -> tuple[Tensor, Tensor]:
    """Return the best sequences of tags and their scores.

    Parameters
    ----------
    potentials : float Tensor [batch, time, tags]
    transition_params : float Tensor [tags, tags]
    sequence_length : int Tensor [batch]

    Returns
    -------
    tags : int32 Tensor [batch, time]
    scores : float Tensor [batch]
    """

    def of_one_step() -> tuple[Tensor, Tensor]:
        only = squeeze(potentials, [1])
        tags = expand_dims(argmax(only, axis=1), 1)
        scores = reduce_max(only, axis=1)
        return cast(tags, dtype=dtypes.int32), scores

    def of_many() -> tuple[Tensor, Tensor]:
        count = dimension_value(potentials.shape[2])
        forward = CrfDecodeForwardRnnCell(transition_params)
        first = squeeze(slice_(potentials, [0, 0, 0], [-1, 1, -1]), axis=[1])
        rest = slice_(potentials, [0, 1, 0], [-1, -1, -1])
        lengths = less_one(sequence_length)
        pointers, last = dynamic_rnn(
            forward, inputs=rest, sequence_length=lengths, initial_state=first, time_major=False, dtype=dtypes.int32
        )
        pointers = reverse_sequence(pointers, lengths, seq_dim=1)
        backward = CrfDecodeBackwardRnnCell(count)
        end = expand_dims(cast(argmax(last, axis=1), dtype=dtypes.int32), axis=-1)
        tags, _ = dynamic_rnn(
            backward, inputs=pointers, sequence_length=lengths, initial_state=end, time_major=False, dtype=dtypes.int32
        )
        tags = concat([end, squeeze(tags, axis=[2])], axis=1)
        return reverse_sequence(tags, sequence_length, seq_dim=1), reduce_max(last, axis=1)

    return smart_cond(pred=is_single(potentials), true_fn=of_one_step, false_fn=of_many)
