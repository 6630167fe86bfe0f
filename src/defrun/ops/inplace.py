"""Tensors with some rows changed, and tensors whose values don't matter yet."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op


def _rows(x: Any, i: Any, v: Any) -> Any:
    """Return which rows `i` names, counted round the end, once it is sure that `v` has as many."""
    check(i.ndim == 1, InvalidArgumentError, f"i must be a vector, not of shape {list(i.shape)}")
    check(x.ndim > 0 and v.shape == (*i.shape, *x.shape[1:]), InvalidArgumentError,
          f"i of shape {list(i.shape)} and v of shape {list(v.shape)} don't fit x of {list(x.shape)}")  # fmt: skip
    return jnp.asarray(i) % max(x.shape[0], 1)


@op("InplaceUpdate", "x: T[...], i: int32, v: T -> y: T[...]", differentiable=False)
def inplace_update(x, i, v):
    """Put `v` into the rows `i` of `x`. What `x` was stays as it is: nothing is done in place.

    Parameters
    ----------
    x : Tensor [n, ...]
    i : int32 Tensor [k]
        Numbers beyond the end begin again at 0.
    v : Tensor [k, ...]
    """
    return jnp.asarray(x).at[_rows(x, i, v)].set(v)


@op("InplaceAdd", "x: T[...], i: int32, v: T -> y: T[...]", differentiable=False)
def inplace_add(x, i, v):
    """Add `v` to the rows `i` of `x`; see `inplace_update`."""
    return jnp.asarray(x).at[_rows(x, i, v)].add(v)


@op("InplaceSub", "x: T[...], i: int32, v: T -> y: T[...]", differentiable=False)
def inplace_sub(x, i, v):
    """Subtract `v` from the rows `i` of `x`; see `inplace_update`."""
    return jnp.asarray(x).at[_rows(x, i, v)].add(-v)


@op("Empty", "shape: static int32[r] -> output: dtype", stateful=True, differentiable=False)
def empty(shape, dtype: DType, init: bool = False):
    """Make a tensor whose values don't matter; they are 0.

    Parameters
    ----------
    shape : int32 Tensor [r]
    dtype : DType
    init : bool
        Make sure that the values are 0.
    """
    return jnp.zeros(sizes(shape), dtype.value_dtype)


@empty.shape
def _(shape):
    return dims_of(shape)


@op("DeepCopy", "x: T[...] -> y: T[...]", stateful=True, differentiable=False)
def deep_copy(x):
    """Return `x` as a tensor of its own."""
    return x
