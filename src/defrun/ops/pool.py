"""Pooling: the largest or the mean of what a sliding window sees, in one, two or three dimensions."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.array import shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.types import FLOAT, REAL
from defrun.ops.window import Window, counts, fold, out_dims, spread, taps, window, window_count

_MAX = REAL - {dtypes.uint32, dtypes.uint64}
_MAX_3D = FLOAT - {dtypes.float64}
_PADDINGS = ("SAME", "VALID")
_FORMATS = ("NHWC", "NCHW")
_FORMATS_3D = ("NDHWC", "NCDHW")
_MANY = 128  # places in a window; above it XLA's own form compiles faster and runs about as fast


def _windows(dims: Any, ksize: Any, strides: Any, padding: str) -> list[Window]:
    ok = len(dims) == len(ksize) == len(strides) and min(*ksize, *strides) > 0
    check(ok, InvalidArgumentError, "windows {} and strides {} don't go with the shape {}", ksize, strides, dims)
    return [window(*axis, padding) for axis in zip(dims, ksize, strides)]


def _lowest(x: Any) -> Any:
    return -np.inf if jnp.issubdtype(x.dtype, jnp.floating) else jnp.iinfo(x.dtype).min


def _largest(x: Any, ksize: Any, strides: Any, padding: str) -> Any:
    _windows(x.shape, ksize, strides, padding)
    # In this form XLA fuses it with the convolutions around it; inference takes a fifth less time.
    return lax.reduce_window(x, np.asarray(_lowest(x), x.dtype), lax.max, ksize, strides, padding)


def _winner(x: Any, largest: Any, windows: list[Window]) -> Any:
    """The place in each window of the element that is the `largest`: the first, if there are several."""
    place = jnp.full(largest.shape, -1, jnp.int32)
    for i, seen in reversed(list(enumerate(taps(x, windows, _lowest(x))))):
        place = jnp.where(seen == largest, np.int32(i), place)
    return place


def _to_winner(x: Any, largest: Any, grad: Any, ksize: Any, strides: Any, padding: str) -> Any:
    """Hand `grad` of each window to the element that won."""
    windows = _windows(x.shape, ksize, strides, padding)
    if window_count(windows) > _MANY:
        low = np.asarray(_lowest(x), x.dtype)
        _, pull = jax.vjp(lambda v: lax.reduce_window(v, low, lax.max, ksize, strides, padding), x)
        return pull(grad)[0]
    zero = jnp.zeros((), grad.dtype)
    return spread([_winner(x, largest, windows), grad], [-2, 0], windows, x.shape,
                  lambda winner, g, place: jnp.where(winner == place, g, zero))  # fmt: skip


def _at_winner(x: Any, largest: Any, grad: Any, ksize: Any, strides: Any, padding: str) -> Any:
    """Take from `grad`, which has the shape of `x`, what stands where each window's winner is."""
    windows = _windows(x.shape, ksize, strides, padding)
    taken = jnp.zeros(largest.shape, grad.dtype)
    seen = list(zip(taps(x, windows, _lowest(x)), taps(grad, windows, 0)))
    for value, there in reversed(seen):
        taken = jnp.where(value == largest, there, taken)
    return taken


def _mean(x: Any, ksize: Any, strides: Any, padding: str) -> Any:
    windows = _windows(x.shape, ksize, strides, padding)
    wide = _wide(x)
    total = fold(wide, windows, 0, jnp.add, jnp.sum)
    return (total / _window_sizes(x.shape, windows, wide.dtype)).astype(x.dtype)


def _spread_mean(dims: Any, grad: Any, ksize: Any, strides: Any, padding: str) -> Any:
    """Hand each element its share of the gradient of every window that holds it, one axis after the other."""
    windows = _windows(dims, ksize, strides, padding)
    check(grad.shape == tuple(w.out for w in windows), InvalidArgumentError,
          "gradient of shape {} doesn't belong to an input of shape {}", grad.shape, dims)  # fmt: skip
    wide = _wide(grad)
    wide = wide / _window_sizes(dims, windows, wide.dtype)
    for axis, w in enumerate(windows):
        if w.size > 1 or w.stride > 1:
            now = [Window(1, 1, 0, n) for n in wide.shape]
            now[axis] = w
            to = [*wide.shape[:axis], dims[axis], *wide.shape[axis + 1 :]]
            wide = spread([wide], [0], now, to, _inside)
    return wide.astype(grad.dtype)


def _inside(value: Any, place: Any) -> Any:
    return value if (place >= 0).all() else jnp.where(place >= 0, value, jnp.zeros((), value.dtype))


def _window_sizes(dims: Any, windows: list[Window], dtype: Any) -> np.ndarray[Any, Any]:
    """How many elements each window holds, padding not counted; broadcastable."""
    held = np.ones((1,) * len(dims))
    for axis, (n, w) in enumerate(zip(dims, windows)):
        along = counts(n, w)
        along = along[:1] if (along == along[:1]).all() else along
        held = held * along.reshape([-1 if i == axis else 1 for i in range(len(dims))])
    return held.astype(dtype)


def _wide(x: Any) -> Any:
    return x.astype(jnp.float32) if x.dtype.itemsize < 4 else x


def _attrs(op: Any, *names: str) -> dict[str, Any]:
    return {name: op.attrs[name] for name in names or ("ksize", "strides", "padding", "data_format")}


def _pooled(input, ksize, strides, padding):
    return out_dims(input, ksize, strides, padding)


# -- the largest -----------------------------------------------------------------------------------------------------


@op("MaxPool", "input: T -> output: T", T=(_MAX, dtypes.float32), shape=_pooled, padding=_PADDINGS,
    data_format=(*_FORMATS, "NCHW_VECT_C"))  # fmt: skip
def max_pool_2d(input, ksize: list[int], strides: list[int], padding: str, data_format: str = "NHWC"):
    """The largest element of each window."""
    return _largest(input, ksize, strides, padding)


@max_pool_2d.gradient
def _(op, grad):
    return max_pool_grad(op.inputs[0], op.outputs[0], grad, **_attrs(op))


def _as_first(orig_input):
    return orig_input


def _as_second(orig_output):
    return orig_output


@op("MaxPoolGrad", "orig_input: T, orig_output: T[...], grad: T[...] -> output: T", T=(REAL, dtypes.float32),
    shape=_as_first, padding=_PADDINGS, data_format=_FORMATS)  # fmt: skip
def max_pool_grad(
    orig_input, orig_output, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NHWC"
):
    """Gradient of `max_pool_2d`: all of it goes to the first element of the window that is the largest."""
    return _to_winner(orig_input, orig_output, grad, ksize, strides, padding)


@max_pool_grad.gradient
def _(op, grad):
    x, y, _ = op.inputs
    return zeros_like(x), zeros_like(y), max_pool_grad_grad(x, y, grad, **_attrs(op))


@op("MaxPoolGradGrad", "orig_input: T, orig_output: T[...], grad: T -> output: T", T=REAL, shape=_as_second,
    padding=_PADDINGS, data_format=_FORMATS)  # fmt: skip
def max_pool_grad_grad(
    orig_input, orig_output, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NHWC"
):
    """Gradient of `max_pool_grad`: the elements of `grad` that stand where `max_pool_2d` took its own."""
    return _at_winner(orig_input, orig_output, grad, ksize, strides, padding)


@max_pool_grad_grad.gradient
def _(op, grad):
    x, y, _ = op.inputs
    return zeros_like(x), zeros_like(y), max_pool_grad(x, y, grad, **_attrs(op))


def _pooled_by(input, ksize, strides, padding):
    if input is not None and len(input) != 4:
        raise ValueError(f"Shape must be rank 4 but is rank {len(input)}")
    known, moves = dims_of(ksize), dims_of(strides)
    if known is None or moves is None or None in known or None in moves:
        return (None,) * 4
    return out_dims(input, known, moves, padding)


@op("MaxPoolV2", "input: T, ksize: static int32[4], strides: static int32[4] -> output: T", T=(_MAX, dtypes.float32),
    shape=_pooled_by, padding=_PADDINGS, data_format=(*_FORMATS, "NCHW_VECT_C"))  # fmt: skip
def max_pool_by(input, ksize, strides, padding: str, data_format: str = "NHWC"):
    """`max_pool_2d` with windows that are tensors."""
    return _largest(input, sizes(ksize), sizes(strides), padding)


@max_pool_by.gradient
def _(op, grad):
    x, ksize, strides = op.inputs
    return max_pool_grad_by(x, op.outputs[0], grad, ksize, strides, **_attrs(op, "padding", "data_format")), None, None


@op("MaxPoolGradV2", "orig_input: T, orig_output: T[...], grad: T[...], ksize: static int32[4], "
    "strides: static int32[4] -> output: T", T=(REAL, dtypes.float32), shape=_as_first, padding=_PADDINGS,
    data_format=_FORMATS)  # fmt: skip
def max_pool_grad_by(orig_input, orig_output, grad, ksize, strides, padding: str, data_format: str = "NHWC"):
    """Gradient of `max_pool_by`."""
    return _to_winner(orig_input, orig_output, grad, sizes(ksize), sizes(strides), padding)


@max_pool_grad_by.gradient
def _(op, grad):
    x, y, _, ksize, strides = op.inputs
    second = max_pool_grad_grad_by(x, y, grad, ksize, strides, **_attrs(op, "padding", "data_format"))
    return zeros_like(x), zeros_like(y), second, None, None


@op("MaxPoolGradGradV2", "orig_input: T, orig_output: T[...], grad: T, ksize: static int32[4], "
    "strides: static int32[4] -> output: T", T=REAL, shape=_as_second, padding=_PADDINGS,
    data_format=_FORMATS)  # fmt: skip
def max_pool_grad_grad_by(orig_input, orig_output, grad, ksize, strides, padding: str, data_format: str = "NHWC"):
    """Gradient of `max_pool_grad_by`."""
    return _at_winner(orig_input, orig_output, grad, sizes(ksize), sizes(strides), padding)


@max_pool_grad_grad_by.gradient
def _(op, grad):
    x, y, _, ksize, strides = op.inputs
    third = max_pool_grad_by(x, y, grad, ksize, strides, **_attrs(op, "padding", "data_format"))
    return zeros_like(x), zeros_like(y), third, None, None


@op("MaxPool3D", "input: T -> output: T", T=_MAX_3D, shape=_pooled, padding=_PADDINGS, data_format=_FORMATS_3D)
def max_pool_3d(input, ksize: list[int], strides: list[int], padding: str, data_format: str = "NDHWC"):
    """The largest element of each window, in three dimensions."""
    return _largest(input, ksize, strides, padding)


@max_pool_3d.gradient
def _(op, grad):
    return max_pool_3d_grad(op.inputs[0], op.outputs[0], grad, **_attrs(op))


@op("MaxPool3DGrad", "orig_input: TInput, orig_output: TInput[...], grad: T[...] -> output: T", shape=_as_first,
    T=(_MAX_3D, dtypes.float32), TInput=(_MAX_3D, dtypes.float32), padding=_PADDINGS,
    data_format=_FORMATS_3D)  # fmt: skip
def max_pool_3d_grad(
    orig_input, orig_output, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NDHWC"
):
    """Gradient of `max_pool_3d`."""
    return _to_winner(orig_input, orig_output, grad, ksize, strides, padding)


@max_pool_3d_grad.gradient
def _(op, grad):
    x, y, _ = op.inputs
    return zeros_like(x), zeros_like(y), max_pool_3d_grad_grad(x, y, grad, **_attrs(op))


@op("MaxPool3DGradGrad", "orig_input: T, orig_output: T[...], grad: T -> output: T", T=REAL, shape=_as_second,
    padding=_PADDINGS, data_format=_FORMATS_3D)  # fmt: skip
def max_pool_3d_grad_grad(
    orig_input, orig_output, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NDHWC"
):
    """Gradient of `max_pool_3d_grad`."""
    return _at_winner(orig_input, orig_output, grad, ksize, strides, padding)


@max_pool_3d_grad_grad.gradient
def _(op, grad):
    x, y, _ = op.inputs
    return zeros_like(x), zeros_like(y), max_pool_3d_grad(x, y, grad, **_attrs(op))


# -- the largest, and where it was -----------------------------------------------------------------------------------


@op("MaxPoolWithArgmax", "input: T -> output: T, argmax: Targmax", T=REAL, padding=_PADDINGS,
    Targmax=({dtypes.int32, dtypes.int64}, dtypes.int64))  # fmt: skip
def max_pool_argmax(
    input,
    ksize: list[int],
    strides: list[int],
    padding: str,
    Targmax: DType = dtypes.int64,
    include_batch_in_index: bool = False,
):
    """The largest element of each window, and where it stands in the image (flattened), or in the whole input."""
    windows = _windows(input.shape, ksize, strides, padding)
    largest = _largest(input, ksize, strides, padding)
    winner = _winner(input, largest, windows)
    flat = jnp.zeros((), Targmax.as_numpy_dtype)
    for axis, (n, w) in enumerate(zip(input.shape, windows)):
        step = int(np.prod(ksize[axis + 1 :]))
        place = (winner // step) % w.size + (lax.broadcasted_iota(jnp.int32, winner.shape, axis) * w.stride - w.before)
        if axis or include_batch_in_index:
            flat = flat * n + place
    return largest, flat.astype(Targmax.as_numpy_dtype)


@max_pool_argmax.shape
def _(input, ksize, strides, padding):
    return [out_dims(input, ksize, strides, padding)] * 2


@max_pool_argmax.gradient
def _(op, grad, _):
    if grad is None:
        return None
    attrs = _attrs(op, "ksize", "strides", "padding", "include_batch_in_index")
    return max_pool_grad_argmax(op.inputs[0], grad, op.outputs[1], **attrs)


def _by_image(argmax: Any, dims: Any, include_batch_in_index: bool) -> Any:
    """Places in the whole input, flattened, of places in its images."""
    flat = argmax.reshape(dims[0], -1).astype(jnp.int64)
    if not include_batch_in_index:
        flat = flat + np.arange(dims[0], dtype=np.int64)[:, None] * int(np.prod(dims[1:]))
    return flat.ravel()


@op("MaxPoolGradWithArgmax", "input: T, grad: T[...], argmax: Targmax[...] -> output: T", T=REAL,
    Targmax={dtypes.int32, dtypes.int64}, padding=_PADDINGS)  # fmt: skip
def max_pool_grad_argmax(
    input, grad, argmax, ksize: list[int], strides: list[int], padding: str, include_batch_in_index: bool = False
):
    """Gradient of `max_pool_argmax`."""
    at = _by_image(argmax, input.shape, include_batch_in_index)
    return jnp.zeros(input.size, grad.dtype).at[at].add(grad.ravel()).reshape(input.shape)


@max_pool_grad_argmax.shape
def _(input):
    return input


@max_pool_grad_argmax.gradient
def _(op, grad):
    x, _, argmax = op.inputs
    attrs = _attrs(op, "ksize", "strides", "padding", "include_batch_in_index")
    return zeros_like(x), max_pool_grad_grad_argmax(x, grad, argmax, **attrs), None


@op("MaxPoolGradGradWithArgmax", "input: T[...], grad: T[...], argmax: Targmax -> output: T", T=REAL,
    Targmax={dtypes.int32, dtypes.int64}, padding=_PADDINGS)  # fmt: skip
def max_pool_grad_grad_argmax(
    input, grad, argmax, ksize: list[int], strides: list[int], padding: str, include_batch_in_index: bool = False
):
    """Gradient of `max_pool_grad_argmax`."""
    at = _by_image(argmax, input.shape, include_batch_in_index)
    return jnp.asarray(grad).ravel()[at].reshape(argmax.shape)


@max_pool_grad_grad_argmax.shape
def _(argmax):
    return argmax


@max_pool_grad_grad_argmax.gradient
def _(op, grad):
    x, _, argmax = op.inputs
    attrs = _attrs(op, "ksize", "strides", "padding", "include_batch_in_index")
    return zeros_like(x), max_pool_grad_argmax(x, grad, argmax, **attrs), None


# -- the mean --------------------------------------------------------------------------------------------------------


def _pooled_value(value, ksize, strides, padding):
    return out_dims(value, ksize, strides, padding)


def _of_shape(orig_input_shape, ksize):
    return (None,) * len(ksize) if orig_input_shape is None else dims_of(orig_input_shape)


@op("AvgPool", "value: T -> output: T", T=FLOAT, shape=_pooled_value, padding=_PADDINGS, data_format=_FORMATS)
def avg_pool_2d(value, ksize: list[int], strides: list[int], padding: str, data_format: str = "NHWC"):
    """The mean of each window; padding doesn't count."""
    return _mean(value, ksize, strides, padding)


@avg_pool_2d.gradient
def _(op, grad):
    return avg_pool_grad(shape(op.inputs[0]), grad, **_attrs(op))


@op("AvgPoolGrad", "orig_input_shape: static int32[r], grad: T -> output: T", T=FLOAT, shape=_of_shape,
    padding=_PADDINGS, data_format=_FORMATS)  # fmt: skip
def avg_pool_grad(
    orig_input_shape, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NHWC"
):
    """Gradient of `avg_pool_2d`."""
    return _spread_mean(sizes(orig_input_shape), grad, ksize, strides, padding)


@avg_pool_grad.gradient
def _(op, grad):
    return None, avg_pool_2d(grad, **_attrs(op))


@op("AvgPool3D", "input: T -> output: T", T=FLOAT, shape=_pooled, padding=_PADDINGS, data_format=_FORMATS_3D)
def avg_pool_3d(input, ksize: list[int], strides: list[int], padding: str, data_format: str = "NDHWC"):
    """The mean of each window, in three dimensions."""
    return _mean(input, ksize, strides, padding)


@avg_pool_3d.gradient
def _(op, grad):
    return avg_pool_3d_grad(shape(op.inputs[0]), grad, **_attrs(op))


@op("AvgPool3DGrad", "orig_input_shape: static int32[r], grad: T -> output: T", T=FLOAT, shape=_of_shape,
    padding=_PADDINGS, data_format=_FORMATS_3D)  # fmt: skip
def avg_pool_3d_grad(
    orig_input_shape, grad, ksize: list[int], strides: list[int], padding: str, data_format: str = "NDHWC"
):
    """Gradient of `avg_pool_3d`."""
    return _spread_mean(sizes(orig_input_shape), grad, ksize, strides, padding)


@avg_pool_3d_grad.gradient
def _(op, grad):
    return None, avg_pool_3d(grad, **_attrs(op))
