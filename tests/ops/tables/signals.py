"""Samples of signals."""

import numpy as np

from tests.ops.sample import Sample, x, z

X, Z = x(2, 2, 3, 6).astype(np.float32), z(2, 2, 3, 4).astype(np.complex64)

SAMPLES = {
    **{name: Sample(z(2, 3, 2, 4)) for name in ("FFT", "IFFT", "FFT2D", "IFFT2D", "FFT3D", "IFFT3D")},
    "RFFT": [Sample(X, [6]), Sample(X, [5])],
    "IRFFT": [Sample(Z, [6]), Sample(Z, [5])],
    "RFFT2D": [Sample(X, [3, 6]), Sample(X, [2, 5])],
    "IRFFT2D": [Sample(Z, [3, 6]), Sample(Z, [2, 5])],
    "RFFT3D": Sample(X, [2, 3, 6]),
    "IRFFT3D": Sample(Z, [2, 3, 6]),
    "GreatestCommonDivisor": Sample(12, 18),
    "AudioSpectrogram": Sample(x(20, 2), window_size=6, stride=4),
    "Mfcc": Sample(x(1, 3, 129), 8000),
    "EncodeWav": Sample(x(5, 2), 8000),
}
NOT_CHECKED = {"DecodeWav": "takes files: see tests/oracle/values/sounds.py"}
