"""The sum over all paths through a network's frames that read as a label sequence, in the logarithm.

A label sequence a, b, ... is read along the states blank, a, blank, b, ..., blank: each frame stays, goes on by one, or
skips a blank between two different labels. Forwards (what was read so far) and backwards (what is left to read) the
frames are scanned once each, with all sequences and states of a frame at a time.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax


def loss_and_gradient(
    logits: Any, labels: Any, label_lengths: Any, frames: Any, blank: int, merge_repeated: bool
) -> tuple[Any, Any]:
    """Return minus the logarithm of each sequence's probability [b], and its gradient by the logits.

    Parameters
    ----------
    logits : [t, b, classes]
    labels : int [b, l]
        Of which the first `label_lengths` [b] count.
    frames : int [b]
        How many of the t frames count; the loss and gradient of a sequence without any are 0.
    blank : int
    merge_repeated : bool
        The same label in frames after each other is one label.
    """
    scores = jax.nn.log_softmax(logits, axis=-1)
    states = jnp.full((labels.shape[0], 2 * labels.shape[1] + 1), blank, jnp.int32).at[:, 1::2].set(labels)
    heard = jnp.take_along_axis(scores, states[None], axis=2)  # [t, b, s]
    moves = _Moves(states, blank, merge_repeated)
    number = jnp.arange(states.shape[1])
    last = 2 * label_lengths[:, None]
    ends = jnp.where((number == last) | (number == last - 1), 0, -jnp.inf).astype(logits.dtype)
    read = _forwards(moves, heard, frames)
    left = _backwards(moves, heard, frames, ends)
    there = jnp.take_along_axis(read, jnp.maximum(frames - 1, 0)[None, :, None], axis=0)[0]
    total = jax.nn.logsumexp(there + ends, axis=1)
    counts = jnp.arange(logits.shape[0])[:, None] < frames
    shares = jnp.where(jnp.isneginf(total)[:, None] | ~counts[:, :, None], 0, jnp.exp(read + left - total[:, None]))
    gradient = jnp.where(counts[:, :, None], jnp.exp(scores) - _by_class(shares, labels, blank, logits.shape[2]), 0)
    return jnp.where(frames > 0, -total, 0), gradient


class _Moves:
    """Which states may be come from: the same, the one before, and the one before that."""

    def __init__(self, states: Any, blank: int, merge_repeated: bool) -> None:
        is_blank = states == blank
        may_stay = is_blank | merge_repeated
        before = jnp.pad(states[:, :-2], ((0, 0), (2, 0)), constant_values=blank)
        may_skip = ~is_blank & ((states != before) | (not merge_repeated)) & (jnp.arange(states.shape[1]) > 2)
        self.stay, self.skip = (jnp.where(may, 0.0, -jnp.inf) for may in (may_stay, may_skip))

    def on(self, read: Any) -> Any:
        """Go on by a frame."""
        first, second = (_shifted(read, by) for by in (1, 2))
        return _sum(read + self.stay.astype(read.dtype), first, second + self.skip.astype(read.dtype))

    def back(self, left: Any) -> Any:
        """Go back by a frame."""
        first, second = _shifted(left, -1), _shifted(left + self.skip.astype(left.dtype), -2)
        return _sum(left + self.stay.astype(left.dtype), first, second)


def _shifted(values: Any, by: int) -> Any:
    """Move the states to the right, or to the left if `by` is negative."""
    sides = (by, 0) if by > 0 else (0, -by)
    padded = jnp.pad(values, ((0, 0), sides), constant_values=-jnp.inf)
    return padded[:, : values.shape[1]] if by > 0 else padded[:, -by:]


def _sum(a: Any, b: Any, c: Any) -> Any:
    """The logarithm of the sum of three exponentials."""
    largest = jnp.maximum(jnp.maximum(a, b), c)
    base = jnp.where(jnp.isneginf(largest), 0, largest)
    return base + jnp.log(jnp.exp(a - base) + jnp.exp(b - base) + jnp.exp(c - base))


def _forwards(moves: _Moves, heard: Any, frames: Any) -> Any:
    """What the paths up to each frame, with it, add up to in each state [t, b, s]."""
    start = jnp.where(jnp.arange(heard.shape[2]) < 2, heard[0], -jnp.inf)

    def step(read: Any, now: Any) -> Any:
        read = moves.on(read) + now
        return read, read

    _, later = lax.scan(step, start, heard[1:])
    return jnp.concatenate([start[None], later])


def _backwards(moves: _Moves, heard: Any, frames: Any, ends: Any) -> Any:
    """What the paths after each frame add up to in each state [t, b, s]."""
    count = heard.shape[0]

    def step(left: Any, given: Any) -> Any:
        time, following = given
        left = jnp.where((time == frames - 1)[:, None], ends, moves.back(left + following))
        return left, left

    nothing = jnp.full(ends.shape, -jnp.inf, ends.dtype)
    following = jnp.concatenate([heard[1:], jnp.zeros_like(heard[:1])])
    _, left = lax.scan(step, nothing, (jnp.arange(count), following), reverse=True)
    return left


def _by_class(shares: Any, labels: Any, blank: int, classes: int) -> Any:
    """Add up the shares of the states [t, b, s] of each class [t, b, classes]."""
    rows = jnp.arange(labels.shape[0])[:, None]
    table = jnp.zeros((labels.shape[0], classes, shares.shape[0]), shares.dtype)
    table = table.at[rows, labels].add(jnp.transpose(shares[:, :, 1::2], (1, 2, 0)), mode="drop")
    table = table.at[:, blank].add(shares[:, :, ::2].sum(axis=2).T)
    return jnp.transpose(table, (2, 0, 1))
