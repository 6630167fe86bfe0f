"""CTC decoders: the likeliest class of each frame, and beam search. On the host."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import FailedPreconditionError, InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.operation import Tensor
from defrun.ops.declare import op

_TYPES = frozenset((dtypes.float32, dtypes.float64))
_INPUTS = "inputs: T[t,b,c], sequence_length: int32[b]"


def _check_inputs(inputs: Any, lengths: Any) -> None:
    check(inputs.ndim == 3, InvalidArgumentError, "inputs must have 3 axes, not {}", inputs.ndim)
    check(lengths.shape == inputs.shape[1:2], FailedPreconditionError,
          "sequence_length has {} elements, inputs have {} sequences", lengths.size, inputs.shape[1])  # fmt: skip
    place = int(np.argmax(lengths)) if lengths.size else 0
    check((lengths <= inputs.shape[0]).all(), FailedPreconditionError,
          "sequence_length({}) = {} must be at most the number of frames, {}",
          place, lengths[place] if lengths.size else 0, inputs.shape[0])  # fmt: skip


# -- greedy ----------------------------------------------------------------------------------------------------------


@op("CTCGreedyDecoder", f"{_INPUTS} -> decoded_indices: int64, decoded_values: int64, decoded_shape: int64, "
    "log_probability: T", T=(_TYPES, dtypes.float32), host=True, differentiable=False)  # fmt: skip
def _greedy(inputs, sequence_length, merge_repeated: bool = False):
    """The likeliest class of each frame."""
    _check_inputs(inputs, sequence_length)
    count, batch, classes = inputs.shape
    best = inputs.argmax(axis=2).T if count else np.zeros((batch, 0), np.int64)
    counts = np.arange(count) < sequence_length[:, None]
    kept = counts & (best != classes - 1)
    if merge_repeated:
        kept[:, 1:] &= best[:, 1:] != best[:, :-1]
    rows = np.nonzero(kept)[0]
    number = (np.cumsum(kept, axis=1) - 1)[kept]
    score = np.where(counts, inputs.max(axis=2, initial=-np.inf).T, 0).sum(axis=1, keepdims=True, dtype=inputs.dtype)
    longest = number.max(initial=-1) + 1
    return [np.column_stack([rows, number]), best[kept], np.array([batch, longest]), -score]


@_greedy.shape
def _(inputs, sequence_length):
    batch = inputs[1] if inputs[1] is not None else sequence_length[0]
    return [(None, 2), (None,), (2,), (batch, 1)]


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Tensor]:
    """Decode by taking the likeliest class of each frame.

    Parameters
    ----------
    inputs : float32 or float64 Tensor [frames, batch, classes]
        Logits; the last class is the blank.
    sequence_length : int32 Tensor [batch]
        How many frames each sequence has.
    merge_repeated : bool
        The same class in frames after each other is one label.

    Returns
    -------
    list of one int64 SparseTensor [batch, labels]
    Tensor [batch, 1]
        Minus the sum of the logits taken.

    Raises
    ------
    FailedPreconditionError
        When run, if a length is larger than the number of frames.
    """
    *parts, score = _greedy(inputs, sequence_length, merge_repeated=merge_repeated)
    return [SparseTensor(*parts)], score


# -- beam search -----------------------------------------------------------------------------------------------------


@op("CTCBeamSearchDecoder", f"{_INPUTS} -> decoded_indices: top_paths * int64, decoded_values: top_paths * int64, "
    "decoded_shape: top_paths * int64, log_probability: T", T=(_TYPES, dtypes.float32), host=True,
    differentiable=False)  # fmt: skip
def _beam_search(inputs, sequence_length, beam_width: int, top_paths: int, merge_repeated: bool = True):
    """The likeliest label sequences."""
    _check_inputs(inputs, sequence_length)
    check(top_paths <= beam_width, InvalidArgumentError, "{} paths are asked for, of a beam of {}",
          top_paths, beam_width)  # fmt: skip
    batch = inputs.shape[1]
    found = [_best_paths(inputs[: max(n, 0), b], beam_width, top_paths) for b, n in enumerate(sequence_length)]
    decoded = [[_merged(paths[k], merge_repeated) for paths, _ in found] for k in range(top_paths)]
    parts = [_as_sparse(sequences) for sequences in decoded]
    scores = np.array([totals for _, totals in found], inputs.dtype).reshape(batch, top_paths)
    return [*(p[0] for p in parts), *(p[1] for p in parts), *(p[2] for p in parts), scores]


@_beam_search.shape
def _(inputs, sequence_length, top_paths):
    batch = inputs[1] if inputs[1] is not None else sequence_length[0]
    return [(None, 2)] * top_paths + [(None,)] * top_paths + [(2,)] * top_paths + [(batch, top_paths)]


def _merged(labels: list[int], merge: bool) -> list[int]:
    return [label for i, label in enumerate(labels) if not (merge and i and label == labels[i - 1])]


def _as_sparse(sequences: list[list[int]]) -> tuple[Any, Any, Any]:
    lengths = np.array([len(labels) for labels in sequences], np.int64)
    rows = np.repeat(np.arange(len(sequences)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    values = np.array([label for labels in sequences for label in labels], np.int64)
    return np.column_stack([rows, within]), values, np.array([len(sequences), lengths.max(initial=0)])


class _Beam:
    """The likeliest prefixes so far, best first: what is read, and how probable it is that it ends in a blank or not.

    A prefix is its number in a tree that keeps for each the prefix before its last label, and that label.
    """

    def __init__(self, width: int, dtype: Any) -> None:
        self.width = width
        self.before, self.last = [-1], [-1]
        self.numbers: dict[tuple[int, int], int] = {}  # a prefix may leave the beam and come back
        self.prefixes = np.zeros(1, np.int64)
        self.blank, self.label = np.zeros(1, dtype), np.full(1, -np.inf, dtype)

    def step(self, scores: Any) -> None:
        """Hear one more frame, of which `scores` [classes] are the logarithms of the probabilities."""
        blank = len(scores) - 1
        total = np.logaddexp(self.blank, self.label)
        last = np.array([self.last[p] for p in self.prefixes])
        place = {int(p): i for i, p in enumerate(self.prefixes)}
        parent = np.array([place.get(self.before[p], -1) for p in self.prefixes])
        grown = np.flatnonzero(parent >= 0)  # whose prefix without the last label is in the beam too
        # A label goes on after anything but itself; after itself a blank must stand between.
        longer = np.where(np.arange(blank) == last[:, None], self.blank[:, None], total[:, None]) + scores[:blank]
        label = self.label + np.where(last >= 0, scores[last], 0)
        label[grown] = np.logaddexp(label[grown], longer[parent[grown], last[grown]])
        stays = total + scores[blank]
        inside: dict[int, dict[int, int]] = {}
        for child in grown:
            inside.setdefault(int(parent[child]), {})[int(last[child])] = int(child)
        kept = _kept(np.logaddexp(stays, label), total, longer, inside, self.width)
        old = np.array([row < 0 for _, _, row, _ in kept])
        where = np.array([number for _, number, _, _ in kept])
        prefixes = [
            int(self.prefixes[number]) if row < 0 else self._number(int(self.prefixes[row]), symbol)
            for _, number, row, symbol in kept
        ]
        self.prefixes = np.array(prefixes)
        self.blank = np.where(old, stays[np.where(old, where, 0)], -np.inf).astype(scores.dtype)
        self.label = np.where(old, label[np.where(old, where, 0)], [score for score, *_ in kept]).astype(scores.dtype)

    def _number(self, before: int, label: int) -> int:
        number = self.numbers.setdefault((before, label), len(self.last))
        if number == len(self.last):
            self.before.append(before)
            self.last.append(label)
        return number

    def labels(self, prefix: int) -> list[int]:
        found = []
        while prefix:
            found.append(self.last[prefix])
            prefix = self.before[prefix]
        return found[::-1]


def _kept(
    stays: Any, total: Any, longer: Any, inside: dict[int, dict[int, int]], width: int
) -> list[tuple[float, int, int, int]]:
    """Choose the best of the prefixes as they are (`stays`) and of those with one more label (`longer`), best first.

    As in TensorFlow, prefixes are made longer one after the other, those with the best `total` first, and one that fell
    out of the beam before its own parent's turn is made longer no more. `inside` says which of them are others with a
    label more. Each result is (score, number, row and label of `longer` if it is new, else -1).
    """
    heap = [(float(score), -number, -1, -1) for number, score in enumerate(stays)]
    heapq.heapify(heap)
    count = len(heap)
    fallen: set[int] = set()
    given_up: set[int] = set()
    for row, before in enumerate(total):
        lowest = heap[0][0] if len(heap) == width else -np.inf
        if before <= lowest:
            break
        if row in given_up:
            continue
        children = inside.get(row, {})
        for symbol in sorted({*np.flatnonzero(longer[row] > lowest).tolist(), *children}):
            child, score = children.get(symbol), float(longer[row, symbol])
            if child is not None and child not in fallen:
                continue
            if len(heap) == width and score <= heap[0][0]:
                if child is not None:
                    given_up.add(child)
                continue
            count += 1
            entry = (score, -count, row, symbol)
            if len(heap) < width:
                heapq.heappush(heap, entry)
                continue
            _, number, of, _ = heapq.heapreplace(heap, entry)
            if of < 0:
                fallen.add(-number)
    best = sorted(heap, key=lambda entry: (-entry[0], -entry[1]))
    return [(score, -number, row, symbol) for score, number, row, symbol in best]


def _best_paths(inputs: Any, width: int, count: int) -> tuple[list[list[int]], Any]:
    """Return the best label sequences for logits [frames, classes], and the logarithms of their probabilities."""
    beam = _Beam(width, inputs.dtype)
    top = inputs.max(axis=1, keepdims=True)
    for scores in inputs - top - np.log(np.exp(inputs - top).sum(axis=1, keepdims=True)):
        beam.step(scores)
    check(len(beam.prefixes) >= count, InvalidArgumentError, "{} paths are asked for, and only {} found",
          count, len(beam.prefixes))  # fmt: skip
    return [beam.labels(int(p)) for p in beam.prefixes[:count]], np.logaddexp(beam.blank, beam.label)[:count]


def ctc_beam_search_decoder(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Tensor]:
    """Decode by a beam search for the likeliest label sequences.

    Parameters
    ----------
    inputs : float32 or float64 Tensor [frames, batch, classes]
        Logits; the last class is the blank.
    sequence_length : int32 Tensor [batch]
        How many frames each sequence has.
    beam_width : int
        How many prefixes are followed.
    top_paths : int
        How many sequences are returned.
    merge_repeated : bool
        Make one label of equal labels after each other in what was decoded.

    Returns
    -------
    list of `top_paths` int64 SparseTensors [batch, labels]
    Tensor [batch, top_paths]
        The logarithms of their probabilities.

    Raises
    ------
    ValueError
        If `beam_width` or `top_paths` is less than 1.
    FailedPreconditionError
        When run, if a length is larger than the number of frames.
    InvalidArgumentError
        When run, if there are fewer paths than `top_paths`.
    """
    for name, value in (("beam_width", beam_width), ("top_paths", top_paths)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    *parts, scores = _beam_search(
        inputs, sequence_length, beam_width=beam_width, top_paths=top_paths, merge_repeated=merge_repeated
    )
    return [SparseTensor(*parts[k::top_paths]) for k in range(top_paths)], scores


def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Tensor]:
    """`ctc_beam_search_decoder` that keeps equal labels after each other."""
    return ctc_beam_search_decoder(inputs, sequence_length, beam_width, top_paths, merge_repeated=False)
