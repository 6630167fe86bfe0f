"""Resampling an axis: every new element is a weighted sum of a few old ones, at places known when compiling.

A gather for each of the few runs several times faster on a CPU than the same as a product with a matrix, forwards and
(with the table turned round) backwards; where there are many, the matrix wins.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

Array = np.ndarray[Any, Any]
_MANY = 32


class Taps(NamedTuple):
    """For each new element which old ones it takes, and how much of each."""

    source: Array
    """[new, taps]"""
    weight: Array
    """[new, taps]"""

    def reversed(self, size: int) -> Taps:
        """What each of `size` old elements is handed of the new ones' gradients."""
        new, taps = np.nonzero(self.weight)
        old, weight = self.source[new, taps], self.weight[new, taps]
        order = np.argsort(old, kind="stable")
        new, old, weight = new[order], old[order], weight[order]
        count = np.bincount(old, minlength=size)
        place = np.arange(old.size) - (np.cumsum(count) - count)[old]
        turned = Taps(
            np.zeros((size, max(count.max(initial=0), 1)), np.int32),
            np.zeros((size, max(count.max(initial=0), 1)), self.weight.dtype),
        )
        turned.source[old, place] = new
        turned.weight[old, place] = weight
        return turned

    def matrix(self, size: int) -> Array:
        """The same as a matrix [new, size]."""
        matrix = np.zeros((len(self.source), size), self.weight.dtype)
        np.add.at(matrix, (np.arange(len(self.source))[:, None], self.source), self.weight)
        return matrix

    def apply(self, x: Any, axis: int) -> Any:
        """Resample an axis of `x`."""
        weight = self.weight.astype(x.dtype)
        if weight.shape[1] > _MANY:
            moved = jnp.tensordot(
                x, self._replace(weight=weight).matrix(x.shape[axis]), ([axis], [1]), precision="highest"
            )
            return jnp.moveaxis(moved, -1, axis)
        column = [-1 if a == axis else 1 for a in range(x.ndim)]
        total: Any = None
        for tap in range(weight.shape[1]):
            part = take(x, self.source[:, tap], axis)
            if not np.all(weight[:, tap] == 1):
                part = part * weight[:, tap].reshape(column)
            total = part if total is None else total + part
        return total


def take(x: Any, index: Array, axis: int) -> Any:
    """Take elements along an axis; they are all there."""
    return jnp.take(x, index, axis=axis, mode="clip", indices_are_sorted=bool(np.all(np.diff(index) >= 0)))
