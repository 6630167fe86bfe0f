"""Graphs of the composite functions of tf.signal."""


def build_real_transforms(tf):
    x, y = tf.placeholder(tf.float32, [2, 5]), tf.placeholder(tf.float32, [None, None])
    n = tf.placeholder(tf.int32, [1])
    for signal in (x, y):
        tf.signal.rfft(signal)
        tf.signal.rfft(signal, [8], name="padded")
        tf.signal.rfft(signal, n)
        tf.signal.rfft2d(signal)
        half = tf.complex(signal, signal)
        tf.signal.irfft(half)
        tf.signal.irfft(half, [8])
        tf.signal.irfft2d(half, [4, 4])
        tf.fft(half)


def build_cosine_transforms(tf):
    x, y = tf.placeholder(tf.float32, [2, 5]), tf.placeholder(tf.float32, [2, None])
    for signal in (x, y):
        for kind in (1, 2, 3):
            tf.signal.dct(signal, kind)
            tf.signal.idct(signal, kind, name="back")
            if kind > 1:
                tf.signal.dct(signal, kind, norm="ortho")
    tf.signal.dct(x, n=3)
    tf.signal.dct(x, n=8)
    tf.signal.fftshift(x)
    tf.signal.ifftshift(x, axes=1)
    tf.signal.mfccs_from_log_mel_spectrograms(x)
    tf.signal.mfccs_from_log_mel_spectrograms(y)


def build_frames_and_windows(tf):
    x, y = tf.placeholder(tf.float32, [2, 20]), tf.placeholder(tf.float32, [None, None])
    for signal in (x, y):
        tf.signal.frame(signal, 4, 2)
        tf.signal.frame(signal, 4, 2, pad_end=True)
        tf.signal.frame(signal, 4, 2, axis=0, name="rows")
        tf.signal.overlap_and_add(signal, 2)
        tf.signal.overlap_and_add(signal, 20)
    tf.signal.hann_window(8)
    tf.signal.hamming_window(7, periodic=False, dtype=tf.float64, name="window")
    tf.signal.hann_window(1)


def build_spectrograms(tf):
    x, y = tf.placeholder(tf.float32, [2, 20]), tf.placeholder(tf.float32, [None, None])
    for signal in (x, y):
        spectra = tf.signal.stft(signal, 8, 4)
        tf.signal.stft(signal, 8, 4, 16, window_fn=None, pad_end=True, name="padded")
        tf.signal.inverse_stft(spectra, 8, 4)
        tf.signal.inverse_stft(spectra, 8, 4, window_fn=tf.signal.inverse_stft_window_fn(4))
        tf.signal.inverse_stft(spectra, 10, 5, 8, name="longer")
        tf.signal.inverse_stft(spectra, 6, 3, 8)
    tf.signal.linear_to_mel_weight_matrix(5, 17)
