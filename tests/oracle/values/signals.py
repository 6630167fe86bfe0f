"""Values of Fourier and cosine transforms, frames, windows, spectrograms."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()


def parts(tf, *tensors):
    """Real and imaginary parts: they have gradients that can be compared."""
    return [f(t) for t in tensors for f in (tf.real, tf.imag)]


for _axes, _shape, _name in ((1, (2, 5), "fft"), (2, (3, 4, 5), "fft2d"), (3, (2, 3, 2, 4), "fft3d")):
    cases(
        _name,
        lambda tf, x, f=_name: [getattr(tf.signal, f)(x), getattr(tf.signal, "i" + f)(x)],
        R(*_shape),
        dtypes="cz",
        tolerance=3e-5,
    )
    cases(
        _name + "_gradients",
        lambda tf, x, f=_name: parts(
            tf,
            getattr(tf, f)(tf.complex(x, 2 * x)),
            getattr(tf.spectral, "i" + f)(tf.complex(x * x, x)),
        ),
        R(*_shape),
        dtypes="fd",
        tolerance=3e-5,
    )
    cases(
        "r" + _name,
        lambda tf, x, f=_name: parts(tf, getattr(tf.signal, "r" + f)(x)),
        R(*_shape),
        gradient=_axes < 3,
        tolerance=3e-5,
    )
    cases(
        "ir" + _name,
        lambda tf, x, f=_name: getattr(tf.spectral, "ir" + f)(tf.complex(x, x * x)),
        R(*_shape),
        gradient=_axes < 3,
        tolerance=3e-5,
    )
    cases(_name + "_vector", lambda tf, x, f=_name: getattr(tf.signal, f)(x), R(), dtypes="c")
    cases(_name + "_real", lambda tf, x, f=_name: getattr(tf.signal, f)(x), R(3, 3, 3))
    cases(_name + "_empty", lambda tf, x, f=_name: getattr(tf.signal, f)(x), R(0, 2, 3), dtypes="c")
cases("rfft_padded", lambda tf, x: parts(tf, tf.signal.rfft(x, [8]), tf.signal.rfft(x, [7])), R(2, 5))
cases("rfft_cut", lambda tf, x: parts(tf, tf.signal.rfft(x, [4]), tf.signal.rfft(x, [3])), R(2, 5), gradient=False)
cases("rfft_by_tensor", lambda tf, x, n: parts(tf, tf.reshape(tf.signal.rfft(x, n), [-1])), R(2, 5), V([8], "i"))
cases("rfft2d_padded", lambda tf, x: parts(tf, tf.signal.rfft2d(x, [4, 6])), R(3, 5), gradient=False)
cases("irfft_padded", lambda tf, x: tf.signal.irfft(tf.complex(x, x), [9]), R(2, 4), gradient=False)
cases("irfft_cut", lambda tf, x: tf.signal.irfft(tf.complex(x, x), [4]), R(2, 5), gradient=False)
cases("irfft_odd", lambda tf, x: tf.signal.irfft(tf.complex(x, x), [7]), R(2, 4))
cases("irfft2d_odd", lambda tf, x: tf.signal.irfft2d(tf.complex(x, 1 - x), [3, 5]), R(2, 3, 3), tolerance=3e-5)
cases("rfft_op_too_short", lambda tf, x: tf.raw_ops.RFFT(input=x, fft_length=[8]), R(2, 5))
cases("rfft_op_lengths", lambda tf, x: tf.raw_ops.RFFT(input=x, fft_length=[4, 4]), R(2, 5))
cases("irfft_op_too_short", lambda tf, x: tf.raw_ops.IRFFT(input=tf.complex(x, x), fft_length=[8]), R(2, 3))
cases("rfft_scalar", lambda tf, x: tf.signal.rfft(x), R())
cases("rfft_double", lambda tf, x: tf.signal.rfft(x), R(4), dtypes="d")
cases("rfft_empty", lambda tf, x: tf.signal.rfft(x, [4]), R(0, 4), gradient=False)
cases("rfft_one", lambda tf, x: parts(tf, tf.signal.rfft(x)), R(3, 1))

cases(
    "fftshift",
    lambda tf, x: [
        tf.signal.fftshift(tf.reshape(x, [3, 4, 5])),
        tf.signal.ifftshift(tf.reshape(x, [3, 4, 5])),
        tf.signal.fftshift(tf.reshape(x, [3, 4, 5]), axes=-1),
        tf.signal.ifftshift(tf.reshape(x, [3, 4, 5]), axes=[0, 2]),
    ],
    R(3, 4, 5),
)
for _type in (1, 2, 3):
    cases(
        "dct_%d" % _type,
        lambda tf, x, t=_type: [tf.signal.dct(x, t), tf.spectral.idct(x, t)],
        R(2, 6),
        tolerance=3e-5,
    )
    cases(
        "dct_%d_of_length" % _type,
        lambda tf, x, t=_type: [f(tf.reshape(x, [2, 5]), t, n=n) for f, n in ((tf.signal.dct, 4), (tf.signal.idct, 8))],
        R(2, 5),
        tolerance=3e-5,
        gradient=False,
    )
    if _type > 1:
        cases(
            "dct_%d_ortho" % _type,
            lambda tf, x, t=_type: [tf.signal.dct(x, t, norm="ortho"), tf.signal.idct(x, t, norm="ortho")],
            R(2, 5),
            tolerance=3e-5,
        )
for _name, _kw in (
    ("type", {"type": 4}),
    ("norm", {"norm": "one"}),
    ("norm_of_1", {"type": 1, "norm": "ortho"}),
    ("axis", {"axis": 0}),
    ("n", {"n": 0}),
):
    cases("dct_bad_" + _name, lambda tf, x, kw=_kw: tf.signal.dct(x, **kw), R(2, 5))
cases("dct_short", lambda tf, x: tf.signal.dct(x, 1), R(2, 1))

for _name in ("hann_window", "hamming_window"):
    cases(
        _name,
        lambda tf, f=_name: [
            getattr(tf.signal, f)(7),
            getattr(tf.signal, f)(8),
            getattr(tf.signal, f)(8, periodic=False, dtype=tf.float64),
            getattr(tf.signal, f)(1),
            getattr(tf.signal, f)(0),
        ],
    )
    cases(_name + "_whole", lambda tf, f=_name: getattr(tf.signal, f)(7, dtype=tf.int32))
    cases(_name + "_of_tensor", lambda tf, n, f=_name: getattr(tf.signal, f)(n), V(6, "i"))

cases("frame", lambda tf, x: [tf.signal.frame(x, 3, 2), tf.signal.frame(x, 4, 4), tf.signal.frame(x, 6, 4)], R(2, 9))
cases(
    "frame_padded",
    lambda tf, x: [tf.signal.frame(x, 4, 3, pad_end=True), tf.signal.frame(x, 4, 3, pad_end=True, pad_value=7)],
    R(2, 9),
)
cases("frame_axis", lambda tf, x: [tf.signal.frame(x, 3, 2, axis=0), tf.signal.frame(x, 2, 1, axis=1)], R(7, 3, 2))
cases("frame_short", lambda tf, x: tf.signal.frame(x, 8, 2), R(2, 5))
cases("frame_of_tensors", lambda tf, x, a, b: tf.signal.frame(x, a, b), R(2, 9), V(4, "i"), V(2, "i"), gradient=False)
cases("frame_scalar", lambda tf, x: tf.signal.frame(x, 2, 1), R())
cases("frame_vector_length", lambda tf, x: tf.signal.frame(x, [2], 1), R(5))
cases(
    "overlap_and_add",
    lambda tf, x: [
        tf.signal.overlap_and_add(x, 2),
        tf.signal.overlap_and_add(x, 5),
        tf.signal.overlap_and_add(x, 7),
        tf.signal.overlap_and_add(x, 1),
    ],
    R(2, 3, 5),
)
cases("overlap_and_add_by_tensor", lambda tf, x, n: tf.signal.overlap_and_add(x, n), R(3, 5), V(2, "i"), gradient=False)
cases("overlap_and_add_vector", lambda tf, x: tf.signal.overlap_and_add(x, 2), R(5))
cases("overlap_and_add_float", lambda tf, x: tf.signal.overlap_and_add(x, 2.0), R(3, 5))

cases(
    "stft",
    lambda tf, x: parts(tf, tf.signal.stft(x, 8, 4), tf.signal.stft(x, 6, 3, 10, tf.signal.hamming_window, True)),
    R(2, 20),
    tolerance=3e-5,
)
cases("stft_without_window", lambda tf, x: parts(tf, tf.signal.stft(x, 8, 4, window_fn=None)), R(20), tolerance=3e-5)
cases(
    "inverse_stft",
    lambda tf, x: [
        tf.signal.inverse_stft(tf.complex(x, 1 - x), 8, 4),
        tf.signal.inverse_stft(tf.complex(x, 1 - x), 6, 3, 8, None),
        tf.signal.inverse_stft(tf.complex(x, 1 - x), 10, 5, 8, tf.signal.inverse_stft_window_fn(5)),
    ],
    R(2, 3, 5),
    tolerance=3e-5,
)
cases(
    "stft_and_back",
    lambda tf, x: tf.signal.inverse_stft(
        tf.signal.stft(x, 8, 2), 8, 2, window_fn=tf.signal.inverse_stft_window_fn(2)
    ),
    R(24),
    tolerance=3e-5,
)
cases(
    "mel",
    lambda tf: [
        tf.signal.linear_to_mel_weight_matrix(),
        tf.signal.linear_to_mel_weight_matrix(5, 17, 4000, 80.0, 1900.0, tf.float64),
    ],
    tolerance=1e-4,
)
for _name, _args in (
    ("bins", (0,)),
    ("rate", (5, 17, 0)),
    ("low", (5, 17, 8000, -1.0)),
    ("order", (5, 17, 8000, 300.0, 200.0)),
    ("high", (5, 17, 8000, 100.0, 5000.0)),
):
    cases("mel_bad_" + _name, lambda tf, a=_args: tf.signal.linear_to_mel_weight_matrix(*a))
cases("mfccs", lambda tf, x: tf.signal.mfccs_from_log_mel_spectrograms(x), R(2, 3, 6), tolerance=3e-5)
cases("mfccs_nothing", lambda tf, x: tf.signal.mfccs_from_log_mel_spectrograms(x), V(np.zeros([2, 0])))
