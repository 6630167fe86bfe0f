"""The words of a random op's Philox stream on the host, where ops draw as many as it takes; see philox.py."""

from __future__ import annotations

from typing import Any

import numpy as np

_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85
_LOW, _WORD = np.uint64(0xFFFFFFFF), np.uint64(32)

Array = np.ndarray[Any, Any]


class Stream:
    """Deals out the words of a generator (uint32 [6]) in order, as TensorFlow's ``SimplePhilox`` does.

    It makes them in batches, ever larger ones, so that few words cost little and many are made fast.
    """

    def __init__(self, state: Array, batch: int = 64) -> None:
        self._state = [int(word) for word in state[:6]]
        self._blocks = 0
        self._batch = batch
        self._left = np.zeros(0, np.uint64)

    def words(self, count: int) -> Array:
        """Return the next `count` words, uint64 [count] below 2**32."""
        while len(self._left) < count:
            blocks = max(self._batch, -(-(count - len(self._left)) // 4))
            self._left = np.concatenate([self._left, self._made(blocks)])
            self._batch *= 2
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def put_back(self, words: Array) -> None:
        """Give back words that were not needed; they come next."""
        self._left = np.concatenate([words, self._left])

    def _made(self, blocks: int) -> Array:
        counter = sum(word << (32 * i) for i, word in enumerate(self._state[:4])) + self._blocks
        self._blocks += blocks
        low = np.uint64(counter & (2**64 - 1)) + np.arange(blocks, dtype=np.uint64)
        high = np.uint64(counter >> 64 & (2**64 - 1)) + (low < np.uint64(counter & (2**64 - 1))).astype(np.uint64)
        a, b, c, d = low & _LOW, low >> _WORD, high & _LOW, high >> _WORD
        for turn in range(10):
            first, second = (
                np.uint64((word + turn * step) & 0xFFFFFFFF) for word, step in zip(self._state[4:], _KEY_STEPS)
            )
            p, q = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
            a, b, c, d = (q >> _WORD) ^ b ^ first, q & _LOW, (p >> _WORD) ^ d ^ second, p & _LOW
        return np.stack([a, b, c, d], axis=1).ravel()

    def pairs(self, count: int) -> Array:
        """Return `count` words of 64 bits, the lower half drawn first."""
        words = self.words(2 * count).reshape(-1, 2)
        return words[:, 0] | (words[:, 1] << _WORD)

    def doubles(self, count: int) -> Array:
        """Return `count` numbers of [0, 1) with 52 bits."""
        words = self.words(2 * count).reshape(-1, 2)
        bits = ((words[:, 0] & np.uint64(0xFFFFF)) << _WORD) | words[:, 1] | np.uint64(1023 << 52)
        return bits.view(np.float64) - 1.0

    def below(self, limit: int, count: int, bits: int = 32) -> Array:
        """Return about `count` integers of [0, limit), all as likely: words that would favour some are left out."""
        words = self.words(count) if bits == 32 else self.pairs(count)
        if limit & (limit - 1) == 0:
            return (words & np.uint64(limit - 1)).astype(np.int64)
        return (words[words >= np.uint64(surplus(limit, bits))] % np.uint64(limit)).astype(np.int64)


def surplus(limit: int, bits: int = 32) -> int:
    """Return how many words, from 0 on, are left out so that all integers below `limit` are as likely."""
    return (2**bits - 1) % limit + 1


def unit32(words: Array) -> Array:
    """Return float32 numbers of [0, 1) with 23 bits, one of each word."""
    bits = (words & np.uint64(0x7FFFFF)).astype(np.uint32) | np.uint32(127 << 23)
    return bits.view(np.float32) - np.float32(1.0)


def moved_on(state: Array, words: int) -> Array:
    """Return the generator after `words` words have been set aside, in whole blocks of four."""
    counter = sum(int(word) << (32 * i) for i, word in enumerate(state[:4])) + (words + 3) // 4
    return np.array([*(counter >> (32 * i) & 0xFFFFFFFF for i in range(4)), *state[4:6]], np.uint32)
