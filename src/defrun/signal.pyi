"""`tf.signal`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.signal.cosine import dct as dct, idct as idct
from defrun.ops.signal.fft import (
    fft as fft, fft2d as fft2d, fft3d as fft3d, fftshift as fftshift, ifft as ifft, ifft2d as ifft2d, ifft3d as ifft3d,
    ifftshift as ifftshift, irfft as irfft, irfft2d as irfft2d, irfft3d as irfft3d, rfft as rfft, rfft2d as rfft2d,
    rfft3d as rfft3d,
)
from defrun.ops.signal.frames import frame as frame, overlap_and_add as overlap_and_add
from defrun.ops.signal.mel import (
    linear_to_mel_weight_matrix as linear_to_mel_weight_matrix,
    mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms,
)
from defrun.ops.signal.spectrograms import (
    inverse_stft as inverse_stft, inverse_stft_window_fn as inverse_stft_window_fn, stft as stft,
)
from defrun.ops.signal.windows import hamming_window as hamming_window, hann_window as hann_window
