"""Sounds: WAV files, spectrograms and cepstral coefficients as speech recognition takes them."""

from __future__ import annotations

import math
import struct
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.media import wav_bytes

# -- files -----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads bytes from the front; the run fails if there are too few."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        found = self.data[self.at : self.at + count]
        check(len(found) == count, InvalidArgumentError,
              f"Data too short when trying to read {count} bytes at {self.at} of {len(self.data)}")  # fmt: skip
        self.at += count
        return found

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def expect(self, word: bytes) -> None:
        found = self.take(len(word))
        text = "Header mismatch: expected {} but found {}"
        check(found == word, InvalidArgumentError, text, repr(word), repr(found))


def _samples_of_wav(data: bytes) -> tuple[np.ndarray[Any, Any], int]:
    """Return the samples [frames, channels] of a file of 16 bits a sample, and how many frames are a second."""
    reader = _Reader(data)
    reader.expect(b"RIFF")
    reader.take(4)
    reader.expect(b"WAVE")
    reader.expect(b"fmt ")
    size, form, channels, rate, per_second, per_frame, bits = reader.numbers("IHHIIHH")
    check(size in (16, 18), InvalidArgumentError, f"Bad size of the format in a WAV file: {size}, not 16 or 18")
    check(form == 1, InvalidArgumentError, f"Bad audio format in a WAV file: {form}, not 1 (PCM)")
    check(bits == 16, InvalidArgumentError, f"Can only read 16-bit WAV files, but got {bits}")
    check(channels > 0 and per_frame == 2 * channels, InvalidArgumentError,
          f"Bad bytes per sample in a WAV file: {per_frame} for {channels} channels")  # fmt: skip
    check(per_second == per_frame * rate, InvalidArgumentError,
          f"Bad bytes per second in a WAV file: {per_second}, not {per_frame * rate}")  # fmt: skip
    reader.take(size - 16)
    while True:
        word, (length,) = reader.take(4), reader.numbers("I")
        content = reader.take(length)
        if word == b"data":
            break
        check(reader.at < len(data), InvalidArgumentError, "There is no data in the WAV file")
    whole = np.frombuffer(content[: length // per_frame * per_frame], "<i2").reshape(-1, channels)
    return whole.astype(np.float32) / 32768, rate


@op("DecodeWav", "contents: string[] -> audio: float32, sample_rate: int32[]", host=True, differentiable=False)
def decode_wav(contents, desired_channels: int = -1, desired_samples: int = -1):
    """Read a sound from the bytes of a WAV file of 16 bits a sample.

    Parameters
    ----------
    contents : string Tensor []
    desired_channels : int
        Leave channels out, or repeat the last one; -1: as in the file.
    desired_samples : int
        Cut, or pad with 0, to so many; -1: as in the file.

    Returns
    -------
    audio : float32 Tensor [samples, channels]
        From -1 to 1.
    sample_rate : int32 Tensor []
        Samples per second.

    Raises
    ------
    InvalidArgumentError
        If it is no such file.
    """
    check(contents.ndim == 0, InvalidArgumentError, f"contents must be scalar, not of shape {list(contents.shape)}")
    samples, rate = _samples_of_wav(contents.item())
    if desired_channels > 0:
        samples = samples[:, np.minimum(np.arange(desired_channels), samples.shape[1] - 1)]
    if desired_samples > 0:
        samples = np.pad(samples[:desired_samples], [(0, max(desired_samples - len(samples), 0)), (0, 0)])
    return samples, np.int32(rate)


@decode_wav.shape
def _(desired_channels, desired_samples):
    return [(desired_samples if desired_samples > 0 else None, desired_channels if desired_channels > 0 else None), ()]


@op("EncodeWav", "audio: float32[n,c], sample_rate: int32[] -> contents: string[]", host=True, differentiable=False)
def encode_wav(audio, sample_rate):
    """Write a sound as a WAV file of 16 bits a sample.

    Parameters
    ----------
    audio : float32 Tensor [samples, channels]
        From -1 to 1; what lies outside is cut.
    sample_rate : int32 Tensor []
        Samples per second.

    Returns
    -------
    string Tensor []
    """
    check(audio.ndim == 2, InvalidArgumentError, f"audio must be 2-dimensional, not of shape {list(audio.shape)}")
    check(audio.size > 0, InvalidArgumentError, f"audio of shape {list(audio.shape)} has no samples")
    check(audio.shape[1] < 65536, InvalidArgumentError, f"audio has {audio.shape[1]} channels")
    check(bool(sample_rate > 0), InvalidArgumentError, "sample_rate must be positive, not {}", sample_rate)
    return np.array(wav_bytes(audio, int(sample_rate)), object)


# -- spectrograms ----------------------------------------------------------------------------------------------------


def _slices(samples: int, window_size: int, stride: int) -> int:
    return 0 if samples < window_size else 1 + (samples - window_size) // stride


def _enclosing_power_of_two(n: int) -> int:
    return 1 << (n - 1).bit_length()


@op("AudioSpectrogram", "input: float32[n,c] -> spectrogram: float32", differentiable=False)
def audio_spectrogram(input, window_size: int, stride: int, magnitude_squared: bool = False):
    """Return how strong each frequency is in each window of a sound.

    Parameters
    ----------
    input : float32 Tensor [samples, channels]
    window_size, stride : int
        How long a window is, and how far from the start of one to that of the next.
    magnitude_squared : bool
        Return the squares.

    Returns
    -------
    float32 Tensor [channels, windows, n // 2 + 1]
        n is the next power of 2 from `window_size` on.
    """
    check(window_size > 1, InvalidArgumentError, f"window_size must be at least 2, not {window_size}")
    check(stride > 0, InvalidArgumentError, f"stride must be positive, not {stride}")
    length, count = _enclosing_power_of_two(window_size), _slices(input.shape[0], window_size, stride)
    if not count:
        return jnp.zeros((input.shape[1], 0, length // 2 + 1), np.float32)
    places = stride * np.arange(count)[:, None] + np.arange(window_size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window_size) / window_size)
    spectrum = jnp.fft.rfft(jnp.asarray(input).T[:, places].astype(np.float64) * window, length)
    squares = (jnp.square(spectrum.real) + jnp.square(spectrum.imag)).astype(np.float32)
    return squares if magnitude_squared else jnp.sqrt(squares)


@audio_spectrogram.shape
def _(input, window_size, stride):
    samples, channels = input or (None, None)
    count = None if samples is None or stride < 1 else _slices(samples, window_size, stride)
    return channels, count, _enclosing_power_of_two(window_size) // 2 + 1


# -- cepstral coefficients -------------------------------------------------------------------------------------------


def _mel(hertz: Any) -> Any:
    return 1127.0 * np.log1p(hertz / 700.0)


def _mel_bands(bins: int, sample_rate: int, low: float, high: float, channels: int) -> np.ndarray[Any, Any]:
    """Return the weight [bins, channels] of each frequency in each band; the bands are triangles that overlap."""
    spacing = (_mel(high) - _mel(low)) / (channels + 1)
    edges = _mel(low) + spacing * np.arange(channels + 2)  # band i rises from edge i to i + 1, and falls to i + 2
    hertz = 0.5 * sample_rate / (bins - 1)
    mels = _mel(hertz * np.arange(bins))[:, None]
    above = np.searchsorted(edges[1:], mels[:, 0], side="left")[:, None]  # the edge before which each frequency lies
    falling = (edges[1:][np.minimum(above, channels)] - mels) / spacing
    band = np.arange(channels)
    weights = np.where(band == above - 1, falling, 0) + np.where(band == above, 1 - falling, 0)
    first, last = int(1.5 + low / hertz), int(high / hertz)
    weights[:first] = 0
    weights[last + 1 :] = 0
    return weights


@op("Mfcc", "spectrogram: float32[c,n,b], sample_rate: static int32[] -> output: float32", differentiable=False)
def mfcc(
    spectrogram,
    sample_rate,
    upper_frequency_limit: float = 4000.0,
    lower_frequency_limit: float = 20.0,
    filterbank_channel_count: int = 40,
    dct_coefficient_count: int = 13,
):
    """Return the cepstral coefficients, on the mel scale, of the spectrograms of sounds.

    Parameters
    ----------
    spectrogram : float32 Tensor [channels, windows, frequencies]
        What `audio_spectrogram` made with ``magnitude_squared=True``.
    sample_rate : int32 Tensor []
        Of the sound.
    upper_frequency_limit, lower_frequency_limit : float
        The highest and the lowest frequency that count.
    filterbank_channel_count : int
        How many bands to make of the frequencies.
    dct_coefficient_count : int
        How many numbers to return.

    Returns
    -------
    float32 Tensor [channels, windows, dct_coefficient_count]
    """
    check(spectrogram.ndim == 3, InvalidArgumentError,
          f"spectrogram must be 3-dimensional, not of shape {list(spectrogram.shape)}")  # fmt: skip
    bins, rate, bands = spectrogram.shape[-1], int(sample_rate), filterbank_channel_count
    fits = bands > 0 and rate > 0 and bins > 1 and 0 <= lower_frequency_limit < upper_frequency_limit
    check(fits and 0 < dct_coefficient_count <= bands, InvalidArgumentError,
          f"No cepstral coefficients of {bins} frequencies with sample_rate {rate}, limits {lower_frequency_limit} and "
          f"{upper_frequency_limit}, {bands} bands and {dct_coefficient_count} coefficients")  # fmt: skip
    weights = _mel_bands(bins, rate, lower_frequency_limit, upper_frequency_limit, bands)
    strength = jnp.sqrt(spectrogram.astype(np.float64)) @ weights
    angles = np.pi / bands * np.arange(dct_coefficient_count) * (np.arange(bands)[:, None] + 0.5)
    return (jnp.log(jnp.maximum(strength, 1e-12)) @ (math.sqrt(2.0 / bands) * np.cos(angles))).astype(np.float32)


@mfcc.shape
def _(spectrogram, dct_coefficient_count):
    channels, windows, _ = spectrogram or (None,) * 3
    return channels, windows, dct_coefficient_count
