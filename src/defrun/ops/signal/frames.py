"""Cutting signals into frames that may overlap, and adding frames up."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import pad, transpose
from defrun.ops.array import rank, reshape, shape, size
from defrun.ops.constant import constant
from defrun.ops.creation import range_, zeros, zeros_like
from defrun.ops.declare import op
from defrun.ops.gather import gather
from defrun.ops.join import concat, split
from defrun.ops.limits import maximum
from defrun.ops.namespace import namespace
from defrun.ops.reduce import reduce_sum
from defrun.ops.slicing import strided_slice
from defrun.ops.types import INTEGER


@op("GreatestCommonDivisor", "a: T[], b: T[] -> divisor: T[]", T=INTEGER, folds=True, differentiable=False)
def _greatest_common_divisor(a, b):
    """The largest number that divides both."""
    return namespace(a, b).gcd(a, b)


def gcd(a: Any, b: Any, name: str | None = None) -> Tensor:
    """Return the greatest common divisor.

    Parameters
    ----------
    a, b : integer Tensor []
    name : str, optional

    Returns
    -------
    Tensor []
    """
    with name_scope(name, "gcd", [a, b]):
        a, b = convert_to_tensor(a), convert_to_tensor(b)
        for which, number in (("a", a), ("b", b)):
            number.shape.assert_has_rank(0)
            if not number.dtype.is_integer:
                raise ValueError(f"{which} must be of an integer type, not {number.dtype.name}")
        known = constant_value(a), constant_value(b)
        if None not in known:
            return constant(_greatest_common_divisor.lower(*known), a.dtype)
        return _greatest_common_divisor(a, b)


def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
    name: str | None = None,
) -> Tensor:
    """Cut an axis of a signal into frames.

    Parameters
    ----------
    signal : Tensor [..., samples, ...]
    frame_length : int32 Tensor []
    frame_step : int32 Tensor []
        From the start of a frame to that of the next.
    pad_end : bool
        Let frames go beyond the end of the signal, into `pad_value`.
    pad_value : Tensor []
    axis : int32 Tensor []
    name : str, optional

    Returns
    -------
    Tensor [..., frames, frame_length, ...]
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        axis = convert_to_tensor(axis, name="axis")
        signal.shape.with_rank_at_least(1)
        for number in (frame_length, frame_step, axis):
            number.shape.assert_has_rank(0)
        known = _framed_dims(signal.dims, [constant_value(t) for t in (frame_length, frame_step, axis)], pad_end)
        axes = rank(signal)
        axis = range_(axes)[axis]
        dims = shape(signal)
        outer, length, inner = split(dims, [axis, 1, axes - 1 - axis])
        length = reshape(length, [])
        outer_count, inner_count = size(outer), size(inner)
        if pad_end:
            pad_value = convert_to_tensor(pad_value, signal.dtype)
            pad_value.shape.assert_has_rank(0)
            frames = -(-length // frame_step)
            missing = maximum(0, frame_length + frame_step * (frames - 1) - length)
            none = [zeros([n, 2], dtype=missing.dtype) for n in (outer_count, inner_count)]
            signal = pad(signal, concat([none[0], [[0, missing]], none[1]], 0), constant_values=pad_value)
            dims = shape(signal)
            length = dims[axis]
        else:
            frames = maximum(0, 1 + (length - frame_length) // frame_step)
        # Pieces that frames and steps are multiples of: a gather of them costs less than one of samples.
        piece = gcd(frame_length, frame_step)
        per_frame = frame_length // piece
        per_step = frame_step // piece
        pieces = length // piece
        whole = concat([outer, [pieces * piece], inner], 0)
        cut = concat([outer, [pieces, piece], inner], 0)
        parts = reshape(strided_slice(signal, zeros_like(dims), whole), cut)
        firsts = reshape(range_(frames) * per_step, [frames, 1])
        others = reshape(range_(per_frame), [1, per_frame])
        gathered = gather(parts, firsts + others, axis=axis)
        result = reshape(gathered, concat([outer, [frames, frame_length], inner], 0))
        if known:
            result.set_shape(known)
        return result


def _framed_dims(dims: Any, numbers: list[Any], pad_end: bool) -> Any:
    """Return the sizes of the result as far as they are known; None if not even the rank is."""
    if dims is None:
        return None
    length, step, axis = (None if n is None else int(n) for n in numbers)
    if axis is None:
        return [None] * (len(dims) + 1)
    samples, frames = dims[axis], None
    if None not in (samples, step) and pad_end:
        frames = max(0, -(-samples // step))
    elif None not in (samples, step, length):
        frames = max(0, (samples - length + step) // step)
    return [*dims[:axis], frames, length, *dims[axis:][1:]]


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Tensor:
    """Add up frames, each begun `frame_step` after the one before.

    Parameters
    ----------
    signal : Tensor [..., frames, frame_length]
    frame_step : integer Tensor []
    name : str, optional

    Returns
    -------
    Tensor [..., (frames - 1) * frame_step + frame_length]

    Raises
    ------
    ValueError
        If `signal` has less than two axes, or `frame_step` is no integer.
    """
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(2)
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        frame_step.shape.assert_has_rank(0)
        if not frame_step.dtype.is_integer:
            raise ValueError(f"frame_step must be of an integer type, not {frame_step.dtype.name}")
        dims = shape(signal)
        outer = dims[:-2]
        outer_count = size(outer)

        def whole(*inner: Any) -> Tensor:
            return concat([outer, list(inner)], 0)

        length, frames = dims[-1], dims[-2]
        total = length + frame_step * (frames - 1)
        step = constant_value(frame_step)
        if step is not None and signal.dims is not None and step == signal.dims[-1]:
            return reshape(signal, whole(total), name="fast_path")
        # Each frame is cut into segments of a step. Put segment i of all frames into row i, each row one step behind
        # the one above: then the columns add up.
        segments = -(-length // frame_step)
        paddings = [[0, segments], [0, segments * frame_step - length]]
        signal = pad(signal, concat([zeros([outer_count, 2], dtypes.int32), paddings], 0))
        signal = reshape(signal, whole(frames + segments, segments, frame_step))
        signal = transpose(signal, concat([range_(outer_count), outer_count + [1, 0, 2]], 0))
        signal = reshape(signal, whole((frames + segments) * segments, frame_step))
        signal = signal[..., : (frames + segments - 1) * segments, :]
        signal = reshape(signal, whole(segments, frames + segments - 1, frame_step))
        signal = reduce_sum(signal, -3)
        signal = reshape(signal, whole((frames + segments - 1) * frame_step))
        return signal[..., :total]
