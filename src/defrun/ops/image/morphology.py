"""Dilation and erosion of grey images: the largest or smallest sum (difference) of what a window sees and a filter."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base.errors import InvalidArgumentError, UnimplementedError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import reverse
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.math import negative
from defrun.ops.types import REAL
from defrun.ops.window import Window, out_size, taps, window

_PADDINGS = ("SAME", "VALID")


def _windows(dims: Any, filter_dims: Any, strides: Any, rates: Any, padding: str) -> list[Window]:
    ok = len(dims) == 4 and len(filter_dims) == 3 and dims[3] == filter_dims[2]
    check(ok, InvalidArgumentError, "input must be [batch,height,width,channels] and filter [height,width,channels], "
          "got {} and {}", dims, filter_dims)  # fmt: skip
    ok = strides[0] == strides[3] == rates[0] == rates[3] == 1
    check(ok, UnimplementedError, "strides and rates must be 1 along batch and channels, got {} and {}", strides, rates)
    still = [Window(1, 1, 0, n) for n in dims]
    moving = [window(dims[a], filter_dims[a - 1], strides[a], padding, rates[a]) for a in (1, 2)]
    return [still[0], *moving, still[3]]


def _lowest(dtype: Any) -> Any:
    return -np.inf if jnp.issubdtype(dtype, jnp.floating) else jnp.iinfo(dtype).min


def _sums(x: Any, filter: Any, windows: list[Window]) -> Any:
    """For each place of the filter, row by row: what it gives for all windows; the lowest number beyond the image."""
    weights = filter.reshape(-1, filter.shape[2])
    lowest = np.asarray(_lowest(x.dtype)).astype(x.dtype)
    padded = any(w.before or w.after(n) > 0 for w, n in zip(windows, x.shape))
    inside = taps(jnp.ones((1, *x.shape[1:3], 1), bool), [Window(1, 1, 0, 1), *windows[1:3], Window(1, 1, 0, 1)], False)
    for seen, weight, ok in zip(taps(x, windows, 0), weights, inside):
        total = seen + weight
        yield jnp.where(ok, total, lowest) if padded else total


def _winner(x: Any, filter: Any, windows: list[Window]) -> Any:
    """The number of the filter's place that gives each window's largest sum: the first of several."""
    best: Any = None
    for number, total in enumerate(_sums(x, filter, windows)):
        if best is None:
            best, place = total, jnp.zeros(total.shape, np.int32)
        else:
            place = jnp.where(total > best, np.int32(number), place)
            best = jnp.maximum(best, total)
    return place


def _dilated_dims(input, filter, strides, rates, padding):
    if input is not None and len(input) != 4:
        raise ValueError(f"input must be of rank 4, not {len(input)}")
    if filter is not None and len(filter) != 3:
        raise ValueError(f"filter must be of rank 3, not {len(filter)}")
    if len(strides) != 4 or len(rates) != 4:
        raise ValueError(f"strides and rates must be 4 numbers each, got {strides} and {rates}")
    if input is None or filter is None:
        return (None,) * 4
    if None not in (input[3], filter[2]) and input[3] != filter[2]:
        raise ValueError(f"input and filter are of {input[3]} and {filter[2]} channels")
    out = [out_size(input[a], filter[a - 1], strides[a], padding, rates[a], least=0) for a in (1, 2)]
    return input[0], *out, filter[2] if input[3] is None else input[3]


@op("Dilation2D", "input: T, filter: T -> output: T", T=REAL, shape=_dilated_dims, padding=_PADDINGS)
def dilate(input, filter, strides: list[int], rates: list[int], padding: str):
    """The largest sum of what a window sees and the filter; see `dilation2d`."""
    largest: Any = None
    for total in _sums(input, filter, _windows(input.shape, filter.shape, strides, rates, padding)):
        largest = total if largest is None else jnp.maximum(largest, total)
    return largest


def _attrs(op: Any) -> dict[str, Any]:
    return {name: op.attrs[name] for name in ("strides", "rates", "padding")}


@dilate.gradient
def _(op, grad):
    x, filter = op.inputs
    return dilate_to_input(x, filter, grad, **_attrs(op)), dilate_to_filter(x, filter, grad, **_attrs(op))


@op("Dilation2DBackpropInput", "input: T, filter: T, out_backprop: T -> in_backprop: T", T=REAL, padding=_PADDINGS,
    differentiable=False)  # fmt: skip
def dilate_to_input(input, filter, out_backprop, strides: list[int], rates: list[int], padding: str):
    """Gradient of `dilation2d` by the input: it goes to what gave the largest sum."""
    windows = _windows(input.shape, filter.shape, strides, rates, padding)
    winner = _winner(input, filter, windows)
    total = jnp.zeros(input.shape, out_backprop.dtype)
    zero = jnp.zeros((), out_backprop.dtype)
    for number, place in enumerate(np.ndindex(filter.shape[0], filter.shape[1])):
        given = jnp.where(winner == number, out_backprop, zero)
        pads = [(0, 0, 0)] * 4
        for axis in (1, 2):
            w, size = windows[axis], input.shape[axis]
            start = place[axis - 1] * w.dilation - w.before
            pads[axis] = (start, size - start - ((w.out - 1) * w.stride + 1), w.stride - 1)
        total = total + lax.pad(given, zero, pads)
    return total


@dilate_to_input.shape
def _(input):
    return input


@op("Dilation2DBackpropFilter", "input: T, filter: T, out_backprop: T -> filter_backprop: T", T=REAL,
    padding=_PADDINGS, differentiable=False)  # fmt: skip
def dilate_to_filter(input, filter, out_backprop, strides: list[int], rates: list[int], padding: str):
    """Gradient of `dilation2d` by the filter: it goes to what gave the largest sum."""
    winner = _winner(input, filter, _windows(input.shape, filter.shape, strides, rates, padding))
    zero = jnp.zeros((), out_backprop.dtype)
    count = filter.shape[0] * filter.shape[1]
    parts = [jnp.where(winner == i, out_backprop, zero).sum((0, 1, 2), dtype=zero.dtype) for i in range(count)]
    return jnp.stack(parts).reshape(filter.shape)


@dilate_to_filter.shape
def _(filter):
    return filter


def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: str | None = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Return, wherever a window stands, the largest sum of a pixel and the filter's number for it, by channel.

    Parameters
    ----------
    input : Tensor [batch, height, width, channels]
    filter, filters : Tensor [filter height, filter width, channels]
    strides : list of int
        How far the window moves: ``[1, down, right, 1]``.
    rates, dilations : list of int
        How far apart the pixels are that it sees: ``[1, down, right, 1]``.
    padding : {"SAME", "VALID"}
    name : str, optional

    Returns
    -------
    Tensor [batch, rows, columns, channels]

    Raises
    ------
    ValueError
        If the shapes don't go together.
    """
    filter = either("filters", filters, "filter", filter)
    rates = either("dilations", dilations, "rates", rates)
    return dilate(input, filter, strides, rates, padding, name=name)


def erosion2d(value: Any, kernel: Any, strides: Any, rates: Any, padding: str, name: str | None = None) -> Tensor:
    """Return, wherever a window stands, the smallest difference of a pixel and the kernel's number for it.

    Parameters
    ----------
    value : Tensor [batch, height, width, channels]
    kernel : Tensor [kernel height, kernel width, channels]
    strides, rates, padding, name
        See `dilation2d`.
    """
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        dilated = dilate(negative(value), reverse(kernel, [0, 1]), strides, rates, padding, name=scope)
        return negative(dilated)
