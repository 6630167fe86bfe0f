"""`tf.contrib.signal`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.signal.frames import frame as frame, overlap_and_add as overlap_and_add
from defrun.ops.signal.mel import (
    linear_to_mel_weight_matrix as linear_to_mel_weight_matrix,
    mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms,
)
from defrun.ops.signal.spectrograms import (
    inverse_stft as inverse_stft, inverse_stft_window_fn as inverse_stft_window_fn, stft as stft,
)
from defrun.ops.signal.windows import hamming_window as hamming_window, hann_window as hann_window
