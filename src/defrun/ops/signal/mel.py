"""The mel scale of pitch."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import pad
from defrun.ops.array import expand_dims, reshape, shape
from defrun.ops.cast import cast
from defrun.ops.creation import lin_space
from defrun.ops.elementary import log, rsqrt
from defrun.ops.join import split
from defrun.ops.limits import maximum, minimum
from defrun.ops.signal.cosine import dct
from defrun.ops.signal.frames import frame

_BREAK_HERTZ = 700.0
_HIGH_Q = 1127.0


def _hertz_to_mel(hertz: Any, name: str | None = None) -> Tensor:
    with name_scope(name, "hertz_to_mel", [hertz]):
        return _HIGH_Q * log(1.0 + convert_to_tensor(hertz) / _BREAK_HERTZ)


def _check(num_mel_bins: Any, sample_rate: Any, lower: Any, upper: Any, dtype: Any) -> None:
    if num_mel_bins <= 0:
        raise ValueError(f"num_mel_bins must be positive, not {num_mel_bins}")
    if sample_rate <= 0.0:
        raise ValueError(f"sample_rate must be positive, not {sample_rate}")
    if lower < 0.0:
        raise ValueError(f"lower_edge_hertz must not be negative: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} must be less than upper_edge_hertz {upper:.1f}")
    if upper > sample_rate / 2:
        raise ValueError(f"upper_edge_hertz {upper} must be at most half of sample_rate {sample_rate}")
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type, not {dtype.name}")


def linear_to_mel_weight_matrix(
    num_mel_bins: int = 20,
    num_spectrogram_bins: Any = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Return the matrix to multiply spectrograms with to get them on the mel scale.

    Parameters
    ----------
    num_mel_bins : int
    num_spectrogram_bins : int
    sample_rate : float
        Samples per second of the signal.
    lower_edge_hertz, upper_edge_hertz : float
        The lowest and the highest frequency that count.
    dtype : DType
    name : str, optional

    Returns
    -------
    Tensor [num_spectrogram_bins, num_mel_bins]

    Raises
    ------
    ValueError
        If the frequencies are not in order or out of range.
    """
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            known = constant_value(sample_rate)
            if known is None:
                raise ValueError("`sample_rate` must be a number or a constant")
            sample_rate = known
        dtype = dtypes.as_dtype(dtype)
        _check(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype)
        sample_rate = convert_to_tensor(sample_rate, dtype, name="sample_rate")
        lowest = convert_to_tensor(lower_edge_hertz, dtype, name="lower_edge_hertz")
        highest = convert_to_tensor(upper_edge_hertz, dtype, name="upper_edge_hertz")
        zero = convert_to_tensor(0.0, dtype)
        hertz = lin_space(zero, sample_rate / 2.0, num_spectrogram_bins)[1:]  # frequency 0 has no weight
        mel = expand_dims(_hertz_to_mel(hertz), 1)
        edges = frame(
            lin_space(_hertz_to_mel(lowest), _hertz_to_mel(highest), num_mel_bins + 2), frame_length=3, frame_step=1
        )
        lower, centre, upper = (reshape(t, [1, num_mel_bins]) for t in split(edges, 3, axis=1))
        rising = (mel - lower) / (centre - lower)
        falling = (upper - mel) / (upper - centre)
        return pad(maximum(zero, minimum(rising, falling)), [[1, 0], [0, 0]], name=scope)


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Tensor:
    """Return the cepstral coefficients of spectrograms on the mel scale.

    Parameters
    ----------
    log_mel_spectrograms : float32 Tensor [..., bins]
    name : str, optional

    Returns
    -------
    float32 Tensor [..., bins]
    """
    with name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        spectrograms = convert_to_tensor(log_mel_spectrograms, dtype=dtypes.float32)
        bins: Any = spectrograms.dims[-1] if spectrograms.dims else None
        if bins == 0:
            raise ValueError(f"num_mel_bins must be positive: {spectrograms}")
        if bins is None:
            bins = shape(spectrograms)[-1]
        return dct(spectrograms, type=2) * rsqrt(cast(bins, dtypes.float32) * 2.0)
