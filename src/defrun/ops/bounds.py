"""Indices out of range: found by one reduction, shown only if there are any. XLA itself would clamp them."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.namespace import namespace


def check_indices(indices: Any, size: int, name: str = "indices") -> None:
    """Let the run fail if one of `indices` is not in [0, size)."""
    if indices.size:
        _check((indices >= 0) & (indices < size), indices, name, f"{{}} is not in [0, {size})")


def padding(kind: Any) -> Any:
    """Return the index of this dtype that stands for no row at all, where indices are padded."""
    return np.iinfo(kind).min


def without_padding(indices: Any) -> Any:
    """Let padding of `indices` be the first row."""
    return jnp.where(indices == padding(indices.dtype), 0, indices)


def rows_to_write(indices: Any, size: int, ok: Any = None, padded: bool = False) -> Any:
    """Check `indices` of rows to be written; return them with `size`, which is no row, where nothing is to be written.

    That is everywhere unless `ok` (None: it does) holds, and where `padded` indices are padding.
    """
    if not indices.size:
        return indices
    real = indices != padding(indices.dtype) if padded else True
    inside = (indices >= 0) & (indices < size)
    _check(inside | ~real if padded else inside, indices, "indices", f"{{}} is not in [0, {size})")
    wanted = real if ok is None else real & ok
    return indices if wanted is True else jnp.where(wanted, indices, size).astype(indices.dtype)


def check_coordinates(indices: Any, dims: tuple[int, ...], whole: tuple[int, ...], where: str = "shape") -> None:
    """Let the run fail if a row of `indices` (its last axis) is no place in the axes `dims`, the first of `whole`."""
    if indices.size:
        inside = ((indices >= 0) & (indices < np.array(dims))).all(axis=-1)
        shown = f"[{', '.join(['{}'] * len(dims))}] does not index into {where} [{','.join(map(str, whole))}]"
        _check(inside, indices, "indices", shown)


def _check(ok: Any, values: Any, name: str, text: str) -> None:
    """Find the first place where `ok` fails and show the value, or the row of values, there."""
    xp = namespace(ok)
    count = math.prod(ok.shape)
    first = xp.min(xp.where(ok.reshape(-1), count, np.arange(count, dtype=np.int64)))
    place = xp.minimum(first, count - 1)
    value = values.reshape(count, -1)[place]
    at = f"[{','.join(['{}'] * ok.ndim)}]" if ok.ndim else ""
    shown = [*(xp.unravel_index(place, ok.shape) if ok.ndim else ()), *(value[i] for i in range(value.shape[0]))]
    check(first == count, InvalidArgumentError, f"{name}{at} = {text}", *shown)
