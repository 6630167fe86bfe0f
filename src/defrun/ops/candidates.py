"""Candidate sampling: a few classes drawn in place of all, and how often each was to be expected.

These run on the host: drawing until enough are different is a loop without a known end. The numbers are TensorFlow's.
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.base.storage import read_file
from defrun.graph.check import check
from defrun.ops import philox
from defrun.ops.bounds import padding
from defrun.ops.declare import op
from defrun.ops.random import op_seeds
from defrun.ops.stream import Stream, moved_on, surplus, unit32

Array = np.ndarray[Any, Any]
Draw = Callable[[Stream, int], Array]
Probability = Callable[[Array], Array]

_RESERVED = 2048  # words of the stream set aside for each candidate
_NO_UNIGRAMS: list[float] = []


class Sampled(NamedTuple):
    """What a sampler returns: classes, and how often the true ones and these were to be expected."""

    sampled_candidates: Any
    true_expected_count: Any
    sampled_expected_count: Any


def generator(attrs: dict[str, Any]) -> Array:
    """The state that a sampler starts each session with."""
    return philox.initial_state(attrs["seed"], attrs["seed2"])


def _dims(true_classes, num_true, num_sampled):
    for what, number in (("num_true", num_true), ("num_sampled", num_sampled)):
        if number < 1:
            raise ValueError(f"{what} must be at least 1, not {number}")
    if true_classes is not None and len(true_classes) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {len(true_classes)}")
    rows = None if true_classes is None else true_classes[0]
    return [(num_sampled,), (rows, num_true), (num_sampled,)]


def _sample(
    true_classes: Array, num_true: int, count: int, unique: bool, size: int, draw: Draw, probability: Probability,
    state: Array,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Draw `count` classes of `size` with `draw`, all different if `unique`."""
    _check_classes(true_classes, num_true)
    check(not unique or count <= size, InvalidArgumentError, "{} different classes cannot be drawn of {}", count, size)
    stream = Stream(state)
    sampled = draw(stream, count + count // 2 if unique else count)
    while len(sampled) < count:
        sampled = np.concatenate([sampled, draw(stream, count)])
    tries = count
    if unique:
        sampled, tries = _different(sampled, count, lambda: draw(stream, count))
    sampled = sampled[:count]

    def expected(classes: Array) -> Array:
        chance = probability(classes).astype(np.float32)
        if tries == count:
            return chance * np.float32(count)
        return -np.expm1(np.float32(tries) * np.log1p(-chance))

    return sampled, expected(true_classes), expected(sampled), moved_on(state, _RESERVED * count)


def _check_classes(true_classes: Array, num_true: int) -> None:
    check(true_classes.ndim == 2 and true_classes.shape[1] == num_true, InvalidArgumentError,
          "true_classes must be of shape [batch, {}], not {}", num_true, true_classes.shape)  # fmt: skip


def _different(drawn: Array, count: int, more: Callable[[], Array]) -> tuple[Array, int]:
    """Return the first `count` different ones of what is drawn, and how many were drawn until then."""
    while True:
        _, first = np.unique(drawn, return_index=True)
        if len(first) >= count:
            first = np.sort(first)[:count]
            return drawn[first], int(first[-1]) + 1
        drawn = np.concatenate([drawn, more()])


@op("UniformCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, true_expected_count: float32, "
    "sampled_expected_count: float32", shape=_dims, host=True, state=generator, differentiable=False)  # fmt: skip
def _uniform(true_classes, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int = 0,
             seed2: int = 0, *, state):  # fmt: skip
    """Draw classes that are all as likely."""
    chance = np.float32(1.0 / range_max)
    return _sample(
        true_classes, num_true, num_sampled, unique, range_max, lambda stream, n: stream.below(range_max, n, bits=64),
        lambda classes: np.full(classes.shape, chance), state,
    )  # fmt: skip


@op("LogUniformCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, true_expected_count: float32, "
    "sampled_expected_count: float32", shape=_dims, host=True, state=generator, differentiable=False)  # fmt: skip
def _log_uniform(true_classes, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int = 0,
                 seed2: int = 0, *, state):  # fmt: skip
    """Draw classes of probability ``log((class + 2) / (class + 1)) / log(range_max + 1)``."""
    logarithm = math.log1p(range_max)

    def draw(stream: Stream, n: int) -> Array:
        return (np.exp(stream.doubles(n) * logarithm).astype(np.int64) - 1) % range_max

    def probability(classes: Array) -> Array:
        return np.log((classes + 2.0) / (classes + 1.0)) / logarithm

    return _sample(true_classes, num_true, num_sampled, unique, range_max, draw, probability, state)


# -- by how often classes appear -------------------------------------------------------------------------------------


def _learner(attrs: dict[str, Any]) -> Array:
    """The generator, and a weight of 1 for each class."""
    return np.concatenate([generator(attrs), np.ones(attrs["range_max"], np.uint32)])


def _learned(true_classes: Array, num_true: int, count: int, unique: bool, size: int, state: Array) -> Any:
    weights = state[6:].astype(np.int64)
    sums = np.cumsum(weights)
    total = int(sums[-1])
    seen = true_classes.ravel()
    low, high = seen.min(initial=0), seen.max(initial=0)
    check(low >= 0 and high < size, InvalidArgumentError, "true_classes must lie in [0, {}), but go from {} to {}",
          size, low, high)  # fmt: skip
    *found, after = _sample(
        true_classes, num_true, count, unique, size,
        lambda stream, n: np.searchsorted(sums, stream.below(total, n), side="right"),
        lambda classes: weights[classes].astype(np.float32) / np.float32(total), state[:6],
    )  # fmt: skip
    room = max(2**31 - 1 - total, 0)
    np.add.at(weights, seen[:room], 1)
    return *found, np.concatenate([after, weights.astype(np.uint32)])


@op("LearnedUnigramCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, "
    "true_expected_count: float32, sampled_expected_count: float32", shape=_dims, host=True, state=_learner,
    differentiable=False)  # fmt: skip
def _learned_unigram(true_classes, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int = 0,
                     seed2: int = 0, *, state):  # fmt: skip
    """Draw classes as often as they have been true ones so far, once more each."""
    return _learned(true_classes, num_true, num_sampled, unique, range_max, state)


@op("ThreadUnsafeUnigramCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, "
    "true_expected_count: float32, sampled_expected_count: float32", shape=_dims, host=True, state=_learner,
    differentiable=False)  # fmt: skip
def thread_unsafe_unigram_candidate_sampler(
    true_classes, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int = 0, seed2: int = 0, *, state
):
    """Draw classes as often as they have been true ones so far, once more each."""
    return _learned(true_classes, num_true, num_sampled, unique, range_max, state)


class _Fixed(NamedTuple):
    """A table to draw from fixed weights: class i with chance `own[i]` of its turn, else class `other[i]`."""

    weights: Array
    total: np.float32
    own: Array
    other: Array


@functools.lru_cache(maxsize=8)
def _table(
    vocab_file: str, distortion: float, reserved: int, shards: int, shard: int, unigrams: tuple[float, ...]
) -> _Fixed:
    counts = np.array(_counts_of(vocab_file) if vocab_file else unigrams, np.float32)
    counts = counts ** np.float32(distortion)
    numbers = np.arange(reserved + len(counts))
    weights = np.concatenate([np.zeros(reserved, np.float32), counts])[numbers % shards == shard]
    return _Fixed(weights, np.float32(np.cumsum(weights, dtype=np.float32)[-1]), *_paired(weights))


def _counts_of(vocab_file: str) -> list[float]:
    lines = read_file(vocab_file).decode().splitlines(keepends=True)
    return [float(row[-1]) for row in csv.reader(lines) if row]


def _paired(weights: Array) -> tuple[Array, Array]:
    """Pair each class that is too rare for a turn of its own with one that is too frequent."""
    count = len(weights)
    chance = (weights * np.float32(count)).astype(np.float64) / weights.astype(np.float64).sum()
    other = np.full(count, -1)
    rare = [i for i in range(count) if chance[i] < 1.0]
    frequent = [i for i in range(count) if chance[i] >= 1.0]
    while rare and frequent:
        low, high = rare.pop(), frequent.pop()
        other[low] = high
        chance[high] -= 1.0 - chance[low]
        (rare if chance[high] < 1.0 else frequent).append(high)
    for i in (*rare, *frequent):  # what rounding has left is about 1
        chance[i], other[i] = 1.0, i
    return chance.astype(np.float32), other


def _draw_fixed(table: _Fixed, stream: Stream, count: int) -> Array:
    """Draw a fraction and a place for each class; a place's word may have to be drawn again."""
    size = len(table.own)
    power, least = size & (size - 1) == 0, surplus(size)
    found: list[Array] = []
    missing = count
    while missing:
        words = stream.words(2 * missing).reshape(-1, 2)
        bad = np.flatnonzero(words[:, 1] < least)
        if power or not bad.size:
            found.append(words)
            break
        whole = words[: bad[0]]
        rest = list(words[bad[0]:].ravel())
        again = [rest.pop(0)]
        while len(again) < 2:
            word = rest.pop(0) if rest else stream.words(1)[0]
            if word >= least:
                again.append(word)
        stream.put_back(np.array(rest, np.uint64))
        found += [whole, np.array([again], np.uint64)]
        missing -= len(whole) + 1
    pairs = np.concatenate(found)
    places = (pairs[:, 1] % np.uint64(size)).astype(np.int64)
    return np.where(unit32(pairs[:, 0]) < table.own[places], places, table.other[places])


@op("FixedUnigramCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, true_expected_count: float32, "
    "sampled_expected_count: float32", shape=_dims, host=True, state=generator, differentiable=False)  # fmt: skip
def _fixed_unigram(
    true_classes,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: list[float] = _NO_UNIGRAMS,
    seed: int = 0,
    seed2: int = 0,
    *,
    state,
):
    """Draw classes by given weights."""
    check(bool(vocab_file) != bool(unigrams), InvalidArgumentError, "give either vocab_file or unigrams, not {}",
          "both" if vocab_file else "neither")  # fmt: skip
    table = _table(vocab_file, distortion, num_reserved_ids, num_shards, shard, tuple(unigrams))
    check(len(table.weights) == range_max, InvalidArgumentError, "there are {} weights, but range_max is {}",
          len(table.weights), range_max)  # fmt: skip

    def probability(classes: Array) -> Array:
        inside = (classes >= 0) & (classes < range_max)
        return np.where(inside, table.weights[np.where(inside, classes, 0)] / table.total, 0)

    draw = functools.partial(_draw_fixed, table)
    return _sample(true_classes, num_true, num_sampled, unique, range_max, draw, probability, state)


@op("AllCandidateSampler", "true_classes: int64 -> sampled_candidates: int64, true_expected_count: float32, "
    "sampled_expected_count: float32", shape=_dims, host=True, stateful=True, differentiable=False)  # fmt: skip
def _all(true_classes, num_true: int, num_sampled: int, unique: bool, seed: int = 0, seed2: int = 0):
    """Take all classes, once each."""
    _check_classes(true_classes, num_true)
    return np.arange(num_sampled), np.ones(true_classes.shape, np.float32), np.ones(num_sampled, np.float32)


@op("ComputeAccidentalHits", "true_classes: int64, sampled_candidates: int64 -> indices: int32, ids: int64, "
    "weights: float32", host=True, differentiable=False)  # fmt: skip
def _accidental_hits(true_classes, sampled_candidates, num_true: int, seed: int = 0, seed2: int = 0):
    """Find the candidates that are true classes of a row."""
    _check_classes(true_classes, num_true)
    check(sampled_candidates.ndim == 1, InvalidArgumentError, "sampled_candidates must be a vector, not of shape {}",
          sampled_candidates.shape)  # fmt: skip
    order = np.argsort(sampled_candidates, kind="stable")
    flat = true_classes.ravel()
    last = np.searchsorted(sampled_candidates, flat, side="right", sorter=order) - 1  # of equal ones the last counts
    where = order[last] if len(order) else np.zeros(len(flat), np.int64)
    hits = np.flatnonzero((last >= 0) & (sampled_candidates[where] == flat)) if len(order) else np.zeros(0, np.int64)
    weights = np.full(len(hits), np.finfo(np.float32).min, np.float32)
    return (hits // num_true).astype(np.int32), where[hits].astype(np.int64), weights


@_accidental_hits.padded(dtypes.int64, outputs=3)
def _(true_classes, sampled_candidates, num_true: int, seed: int = 0, seed2: int = 0):
    _check_classes(true_classes, num_true)
    sampled_candidates, flat = jnp.asarray(sampled_candidates), jnp.ravel(true_classes)
    if not sampled_candidates.size or not flat.size:
        return jnp.zeros(0, np.int32), jnp.zeros(0, np.int64), jnp.zeros(0, np.float32)
    order = jnp.argsort(sampled_candidates, stable=True)
    last = jnp.searchsorted(sampled_candidates[order], flat, side="right") - 1
    where = order[jnp.maximum(last, 0)]
    hits = (last >= 0) & (sampled_candidates[where] == flat)
    at = jnp.where(hits, jnp.cumsum(hits) - 1, flat.size)  # the hits in the order of their rows, and no other
    rows = jnp.arange(flat.size, dtype=np.int32) // num_true

    def gathered(values: Any, kind: Any) -> Any:
        return jnp.full(flat.size, padding(kind), kind).at[at].set(values.astype(kind), mode="drop")

    return gathered(rows, np.int32), gathered(where, np.int64), jnp.full(flat.size, np.finfo(np.float32).min)


@_accidental_hits.shape
def _(true_classes, sampled_candidates, num_true):
    if num_true < 1:
        raise ValueError(f"num_true must be at least 1, not {num_true}")
    if true_classes is not None and len(true_classes) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {len(true_classes)}")
    if sampled_candidates is not None and len(sampled_candidates) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(sampled_candidates)}")
    return [(None,), (None,), (None,)]


# -- the faces -------------------------------------------------------------------------------------------------------

_COMMON = """

    Parameters
    ----------
    true_classes : int64 Tensor [batch, num_true]
    num_true, num_sampled : int
        How many classes are true ones of each row, and how many to draw for the whole batch.
    unique : bool
        Draw each class once at most.
    {more}seed : int, optional
        See `get_seed`.
    name : str, optional

    Returns
    -------
    sampled_candidates : int64 Tensor [num_sampled]
    true_expected_count : float32 Tensor [batch, num_true]
    sampled_expected_count : float32 Tensor [num_sampled]
        How often the true classes and the drawn ones were to be expected.

    Raises
    ------
    InvalidArgumentError
        When run, if there are not so many different classes, or `true_classes` is of another shape.
    """


def _documented(text: str, more: str = "") -> Callable[[Any], Any]:
    def document(function: Any) -> Any:
        function.__doc__ = text + _COMMON.format(more=more)
        return function

    return document


_RANGE = "range_max : int\n        Classes are 0 to ``range_max - 1``.\n    "


@_documented("Draw classes that are all as likely.", _RANGE)
def uniform_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int | None = None,
    name: str | None = None,
) -> Any:  # fmt: skip
    return Sampled(*_uniform(true_classes, num_true, num_sampled, unique, range_max, **op_seeds(seed), name=name))


@_documented("Draw classes about as likely as words are (Zipf), if these are sorted by frequency.", _RANGE)
def log_uniform_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int | None = None,
    name: str | None = None,
) -> Any:  # fmt: skip
    return Sampled(*_log_uniform(true_classes, num_true, num_sampled, unique, range_max, **op_seeds(seed), name=name))


@_documented("Draw classes as often as they have been true ones so far.", _RANGE)
def learned_unigram_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, range_max: int, seed: int | None = None,
    name: str | None = None,
) -> Any:  # fmt: skip
    seeds = op_seeds(seed)
    return Sampled(*_learned_unigram(true_classes, num_true, num_sampled, unique, range_max, **seeds, name=name))


@_documented(
    "Draw classes by given weights.",
    _RANGE
    + """vocab_file : str
        A file with a class a line, its weight behind the last comma.
    distortion : float
        The power to which weights are raised.
    num_reserved_ids : int
        Classes before the first one, of weight 0.
    num_shards, shard : int
        Take the weights of those classes alone whose number leaves `shard` when divided by `num_shards`.
    unigrams : list of float
        The weights, in place of a file.
    """,
)
def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Any = (),
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    return Sampled(*_fixed_unigram(
        true_classes, num_true, num_sampled, unique, range_max, vocab_file, distortion, num_reserved_ids, num_shards,
        shard, list(unigrams), **op_seeds(seed), name=name,
    ))  # fmt: skip


@_documented("Take all classes: `num_sampled` is their number.")
def all_candidate_sampler(
    true_classes: Any, num_true: int, num_sampled: int, unique: bool, seed: int | None = None, name: str | None = None
) -> Any:
    return Sampled(*_all(true_classes, num_true, num_sampled, unique, **op_seeds(seed), name=name))


def compute_accidental_hits(
    true_classes: Any, sampled_candidates: Any, num_true: int, seed: int | None = None, name: str | None = None
) -> Any:
    """Find the drawn classes that are true ones of a row.

    Parameters
    ----------
    true_classes : int64 Tensor [batch, num_true]
    sampled_candidates : int64 Tensor [num_sampled]
    num_true : int
    seed : int, optional
        Not used.
    name : str, optional

    Returns
    -------
    indices : int32 Tensor [hits]
        Rows of `true_classes`.
    ids : int64 Tensor [hits]
        Places in `sampled_candidates`.
    weights : float32 Tensor [hits]
        The lowest number there is.
    """
    return _accidental_hits(true_classes, sampled_candidates, num_true, **op_seeds(seed), name=name)
