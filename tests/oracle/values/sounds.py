"""Values of sounds: WAV files, spectrograms and cepstral coefficients."""

import struct

import numpy as np

from tests.oracle.values.harness import Cases, R, U, V

cases = Cases()


def wav(samples, rate=8000, form=1, bits=16, more=b"", before=b"", channels=None, size=None):
    """Write a file, right or wrong."""
    samples = np.array(samples, "<i2")
    channels = channels or samples.shape[1]
    head = struct.pack("<HHIIHH", form, channels, rate, rate * channels * 2, channels * 2, bits) + more
    data = samples.tobytes()
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + before
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


MONO = wav([[0], [100], [-32768], [32767], [5]])
STEREO = wav([[1, -1], [200, 300], [-7, 8]], 44100)
cases("decode_wav", lambda tf, x: [*tf.audio.decode_wav(x)], V(MONO, "S"))
cases("decode_wav_stereo", lambda tf, x: [*tf.audio.decode_wav(x)], V(STEREO, "S"))
for _label, _kw in (
    ("one", {"desired_channels": 1}),
    ("three", {"desired_channels": 3}),
    ("short", {"desired_samples": 2}),
    ("long", {"desired_samples": 5, "desired_channels": 2}),
):
    cases("decode_wav_" + _label, lambda tf, x, kw=_kw: [*tf.audio.decode_wav(x, **kw)], V(STEREO, "S"))
cases("decode_wav_chunks", lambda tf, x: [*tf.audio.decode_wav(x)],
      V(wav([[1], [2]], more=b"\0\0", before=b"LIST" + struct.pack("<I", 4) + b"abcd"), "S"))  # fmt: skip
cases("decode_wav_nothing", lambda tf, x: [*tf.audio.decode_wav(x)], V(wav(np.zeros([0, 1])), "S"))
for _label, _bytes in (
    ("empty", b""),
    ("text", b"this is no sound at all, but long enough for one's header"),
    ("short", MONO[:-2]),
    ("head", MONO[:20]),
    ("float", wav([[1]], form=3)),
    ("eight", wav([[1]], bits=8)),
    ("data", MONO[:36]),
):
    cases("decode_wav_bad_" + _label, lambda tf, x: [*tf.audio.decode_wav(x)], V(_bytes, "S"))
cases("decode_wav_vector", lambda tf, x: [*tf.audio.decode_wav(x)], V([MONO], "S"))

cases("encode_wav", lambda tf, x: [tf.audio.encode_wav(x, 8000), *tf.audio.decode_wav(tf.audio.encode_wav(x, 44100))],
      V([[0.0, 0.1], [-1.0, 1.0], [-2.0, 2.0], [1e-5, 0.5]]), gradient=False)  # fmt: skip
cases("encode_wav_vector", lambda tf, x: tf.audio.encode_wav(x, 8000), R(4))
cases("encode_wav_no_rate", lambda tf, x: tf.audio.encode_wav(x, 0), U(4, 1))
cases("encode_wav_nothing", lambda tf, x: tf.audio.encode_wav(x, 8000), R(0, 1), gradient=False)

for _label, _shape, _kw in (
    ("", (40, 1), {"window_size": 16, "stride": 8}),
    ("_squared", (50, 1), {"window_size": 20, "stride": 15, "magnitude_squared": True}),
    ("_short", (10, 1), {"window_size": 16, "stride": 8}),
    ("_small", (10, 1), {"window_size": 2, "stride": 1}),
):
    cases("spectrogram" + _label, lambda tf, x, kw=_kw: tf.raw_ops.AudioSpectrogram(input=x, **kw), U(*_shape),
          gradient=False, tolerance=5e-5)  # fmt: skip
cases("spectrogram_vector", lambda tf, x: tf.raw_ops.AudioSpectrogram(input=x, window_size=4, stride=2), U(9))
cases("spectrogram_window", lambda tf, x: tf.raw_ops.AudioSpectrogram(input=x, window_size=1, stride=2), U(9, 1))

for _label, _kw in (
    ("", {}),
    ("_few", {"dct_coefficient_count": 5, "filterbank_channel_count": 10}),
    ("_limits", {"lower_frequency_limit": 500.0, "upper_frequency_limit": 2500.0, "filterbank_channel_count": 7,
                 "dct_coefficient_count": 7}),
):  # fmt: skip
    cases(
        "mfcc" + _label,
        lambda tf, x, kw=_kw: tf.raw_ops.Mfcc(
            spectrogram=tf.raw_ops.AudioSpectrogram(input=x, window_size=256, stride=100, magnitude_squared=True),
            sample_rate=8000,
            **kw,
        ),
        U(500, 1),
        gradient=False,
        tolerance=1e-4,
    )
cases("mfcc_by_tensor", lambda tf, x, n: tf.raw_ops.Mfcc(spectrogram=x * x, sample_rate=n), R(1, 2, 65), V(16000, "i"),
      gradient=False, tolerance=1e-4)  # fmt: skip
cases("mfcc_of_file", lambda tf, x: tf.raw_ops.Mfcc(
    spectrogram=tf.raw_ops.AudioSpectrogram(input=tf.audio.decode_wav(x)[0], window_size=32, stride=16),
    sample_rate=tf.audio.decode_wav(x)[1]),
      V(wav(np.round(9000 * np.sin(np.arange(100)[:, None] * 0.3))), "S"), tolerance=1e-4)  # fmt: skip
for _label, _kw in (
    ("rate", {"sample_rate": 0}),
    ("limits", {"lower_frequency_limit": 5000.0}),
    ("count", {"dct_coefficient_count": 50}),
    ("bands", {"filterbank_channel_count": 0}),
):
    cases("mfcc_bad_" + _label, lambda tf, x, kw=_kw: tf.raw_ops.Mfcc(spectrogram=x, **{"sample_rate": 8000, **kw}),
          U(1, 2, 33))  # fmt: skip
cases("mfcc_matrix", lambda tf, x: tf.raw_ops.Mfcc(spectrogram=x, sample_rate=8000), U(2, 33))
