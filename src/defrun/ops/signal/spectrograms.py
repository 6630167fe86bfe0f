"""Short-time Fourier transforms: of the frames of a signal, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import pad, tile
from defrun.ops.array import rank, reshape, shape
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import zeros
from defrun.ops.elementary import log, pow, square
from defrun.ops.join import concat
from defrun.ops.limits import ceil, maximum
from defrun.ops.reduce import reduce_sum
from defrun.ops.signal.fft import irfft, rfft
from defrun.ops.signal.frames import frame, overlap_and_add
from defrun.ops.signal.windows import hann_window


def _scalar(value: Any, name: str) -> Tensor:
    tensor = convert_to_tensor(value, name=name)
    tensor.shape.assert_has_rank(0)
    return tensor


def _enclosing_power_of_two(value: Tensor) -> Tensor:
    known = constant_value(value)
    if known is not None:
        return constant(int(2 ** np.ceil(np.log(known) / np.log(2.0))), value.dtype)
    return cast(pow(2.0, ceil(log(cast(value, dtypes.float32)) / log(2.0))), value.dtype)


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the Fourier transforms of the frames of signals.

    Parameters
    ----------
    signals : float32 Tensor [..., samples]
    frame_length, frame_step : integer Tensor []
    fft_length : integer Tensor [], optional
        By default the next power of 2 from `frame_length` on.
    window_fn : callable, optional
        Makes of a length and a dtype what to multiply the frames with.
    pad_end : bool
        Let frames go beyond the end.
    name : str, optional

    Returns
    -------
    complex64 Tensor [..., frames, fft_length // 2 + 1]
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        signals.shape.with_rank_at_least(1)
        frame_length = _scalar(frame_length, "frame_length")
        frame_step = _scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _enclosing_power_of_two(frame_length)
        else:
            fft_length = convert_to_tensor(fft_length, name="fft_length")
        framed = frame(signals, frame_length, frame_step, pad_end=pad_end)
        if window_fn is not None:
            framed *= window_fn(frame_length, dtype=framed.dtype)
        return rfft(framed, [fft_length])


def inverse_stft_window_fn(
    frame_step: Any, forward_window_fn: Callable[..., Any] = hann_window, name: str | None = None
) -> Callable[..., Tensor]:
    """Return a function that makes the window with which `inverse_stft` undoes `stft`.

    Parameters
    ----------
    frame_step : integer Tensor []
    forward_window_fn : callable
        The window of `stft`.
    name : str, optional

    Returns
    -------
    callable
        Of a length and a dtype.
    """
    with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        frame_step = _scalar(frame_step, "frame_step")

    def window_fn(frame_length: Any, dtype: Any) -> Tensor:
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            frame_length = _scalar(frame_length, "frame_length")
            forward = forward_window_fn(frame_length, dtype=dtype)
            total = square(forward)  # what frames and windows add up to, at each sample
            overlaps = -(-frame_length // frame_step)
            total = pad(total, [(0, overlaps * frame_step - frame_length)])
            total = reshape(total, [overlaps, frame_step])
            total = reduce_sum(total, 0, keepdims=True)
            total = tile(total, [overlaps, 1])
            total = reshape(total, [overlaps * frame_step])
            return forward / total[:frame_length]

    return window_fn


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    name: str | None = None,
) -> Tensor:
    """Make signals of the Fourier transforms of their frames.

    Parameters
    ----------
    stfts : complex64 Tensor [..., frames, bins]
    frame_length, frame_step : integer Tensor []
    fft_length : integer Tensor [], optional
        By default the next power of 2 from `frame_length` on.
    window_fn : callable, optional
        Makes of a length and a dtype what to multiply the frames with; `inverse_stft_window_fn` has one that undoes
        `stft`.
    name : str, optional

    Returns
    -------
    float32 Tensor [..., samples]
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert_to_tensor(stfts, name="stfts")
        stfts.shape.with_rank_at_least(2)
        frame_length = _scalar(frame_length, "frame_length")
        frame_step = _scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _enclosing_power_of_two(frame_length)
        else:
            fft_length = _scalar(fft_length, "fft_length")
        frames = _of_length(irfft(stfts, [fft_length]), frame_length)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=stfts.dtype.real_dtype)
        return overlap_and_add(frames, frame_step)


def _of_length(frames: Tensor, frame_length: Tensor) -> Tensor:
    """Cut or pad each frame."""
    wanted = constant_value(frame_length)
    found = None if frames.dims is None else frames.dims[-1]
    if wanted is None or found is None:
        frames = frames[..., :frame_length]
        axes = rank(frames)
        have = shape(frames)
        none = zeros([axes - 1, 2], dtype=frame_length.dtype)
        frames = pad(frames, concat([none, [[0, maximum(0, frame_length - have[-1])]]], 0))
    elif found > wanted:
        frames = frames[..., : int(wanted)]
    elif found < wanted:
        frames = pad(frames, [[0, 0]] * (len(frames.dims or ()) - 1) + [[0, int(wanted) - found]])
    if wanted is not None and frames.dims is not None:
        frames.set_shape([None] * (len(frames.dims) - 1) + [int(wanted)])
    return frames
