"""Values of quantized and fake-quantized numbers."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

X = [-5.0, -1.0, -0.31, -0.07, 0.0, 0.1, 0.333, 0.52, 0.77, 1.0, 2.0]
TYPES = ("qint8", "quint8", "qint16", "quint16")

for _mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
    for _low, _high in ((-1.0, 1.5), (-2.0, 0.7), (0.0, 1.0), (0.3, 0.9), (0.5, 0.5)):

        def quantized(tf, x, mode=_mode, low=_low, high=_high):
            found = []
            for kind in TYPES:
                values, a, b = tf.quantize(x, low, high, getattr(tf, kind), mode=mode)
                found += [values, a, b, tf.dequantize(values, a, b, mode)]
            return found

        cases("quantize_%s_%s_%s" % (_mode.lower(), _low, _high), quantized, V(X), gradient=False)
    cases(
        "quantize_int32_" + _mode.lower(),
        lambda tf, x, m=_mode: tf.dequantize(*tf.quantize(x, -3.0, 3.0, tf.qint32, mode=m), mode=m),
        V(X[1:]),
        gradient=False,
    )
cases("quantize_even", lambda tf, x: tf.quantization.quantize(x, -128.0, 127.0, tf.qint8, "SCALED", "HALF_TO_EVEN"),
      V([0.5, 1.5, 2.5, -0.5, -1.5]), gradient=False)  # fmt: skip
cases("quantize_away", lambda tf, x: tf.quantize_v2(x, -128.0, 127.0, tf.qint8, "SCALED")[0],
      V([0.5, 1.5, 2.5, -0.5, -1.5]), gradient=False)  # fmt: skip
cases("quantize_even_combined", lambda tf, x: tf.quantize(x, 0.0, 1.0, tf.quint8, round_mode="HALF_TO_EVEN")[0], V(X))
cases("quantize_swapped", lambda tf, x: tf.quantize(x, 2.0, 1.0, tf.quint8)[0], V(X))
cases("quantize_vector_range", lambda tf, x, a: tf.quantize(x, a, 1.0, tf.quint8)[0], V(X), V([0.0]))
cases("quantize_no_mode", lambda tf, x: tf.quantize(x, 0.0, 1.0, tf.quint8, mode="BEST")[0], V(X))
cases("quantize_no_type", lambda tf, x: tf.quantize(x, 0.0, 1.0, tf.uint8)[0], V(X))
cases("quantize_half", lambda tf, x: tf.quantize(x, 0.0, 1.0, tf.quint8)[0], R(2), dtypes="d")
cases("dequantize_floats", lambda tf, x: tf.dequantize(x, 0.0, 1.0), V(X))
cases("quantize_matrix", lambda tf, x: tf.reshape(tf.quantize(x, -2.0, 2.0, tf.qint8)[0], [3, 2]), R(2, 3),
      gradient=False)  # fmt: skip
cases("quantized_bits", lambda tf, x: [tf.bitcast(tf.bitcast(x, tf.quint8), tf.int8), tf.bitcast(x, tf.quint8)],
      V([1, 200, 255], "u"))  # fmt: skip


def quantized_concat(tf, x, y):
    first, second = tf.quantize(x, -1.0, 2.0, tf.quint8), tf.quantize(y, 0.0, 4.0, tf.quint8)
    same = tf.quantize(y, -1.0, 2.0, tf.quint8)
    return [
        *tf.quantized_concat(0, *zip(first, second)),
        *tf.quantization.quantized_concat(1, *zip(first, same)),
    ]


cases("quantized_concat", quantized_concat, R(2, 3), R(2, 3), gradient=False)

SPREAD = V([-2.0, -1.0, -0.52, -0.1, 0.0, 0.1, 0.3, 0.5, 1.1, 3.0])
for _label, _kw in (
    ("", {}),
    ("_unsigned", {"signed_input": False}),
    ("_given", {"range_given": True}),
    ("_few", {"num_bits": 4}),
    ("_up", {"round_mode": "HALF_UP", "num_bits": 5}),
    ("_narrow", {"narrow_range": True, "num_bits": 3, "range_given": True}),
    ("_given_unsigned", {"num_bits": 4, "range_given": True, "signed_input": False}),
    ("_negative", {"range_given": True, "num_bits": 5, "input_max": -0.2}),
    ("_many", {"num_bits": 30}),
):
    cases(
        "quantize_and_dequantize" + _label,
        lambda tf, x, kw=_kw: tf.quantization.quantize_and_dequantize(x, -1.0, **{"input_max": 1.5, **kw}),
        SPREAD,
        dtypes="fd",
    )
cases("quantize_and_dequantize_none", lambda tf, x: tf.quantization.quantize_and_dequantize(x, 0.0, 0.0), R(0, 2))
cases("quantize_and_dequantize_zeros", lambda tf, x: tf.quantization.quantize_and_dequantize(x, 0.0, 0.0),
      V([0.0, 0.0]))  # fmt: skip
cases("quantize_and_dequantize_swapped",
      lambda tf, x: tf.quantization.quantize_and_dequantize(x, 2.0, 1.0, range_given=True), R(2))  # fmt: skip
for _bits in (0, 1, 63):
    cases(
        "quantize_and_dequantize_%d_bits" % _bits,
        lambda tf, x, n=_bits: tf.quantization.quantize_and_dequantize(x, 0.0, 1.0, num_bits=n),
        R(2),
    )
cases(
    "quantize_and_dequantize_v3",
    lambda tf, x, n: [
        tf.raw_ops.QuantizeAndDequantizeV3(input=x, input_min=-1.0, input_max=1.5, num_bits=n),
        tf.raw_ops.QuantizeAndDequantizeV3(input=x, input_min=-1.0, input_max=1.5, num_bits=n, range_given=False),
    ],
    SPREAD,
    V(5, "i"),
)

cases(
    "fake_quant_args",
    lambda tf, x: [
        tf.fake_quant_with_min_max_args(x),
        tf.fake_quant_with_min_max_args(x, -1.0, 1.53, 4),
        tf.quantization.fake_quant_with_min_max_args(x, -1.0, 2.0, 6, True),
        tf.fake_quant_with_min_max_args(x, 0.2, 2.0),
        tf.fake_quant_with_min_max_args(x, -2.0, -0.3, 16),
    ],
    SPREAD,
)
cases("fake_quant_args_swapped", lambda tf, x: tf.fake_quant_with_min_max_args(x, 2.0, 1.0), SPREAD)
cases("fake_quant_args_bits", lambda tf, x: tf.fake_quant_with_min_max_args(x, num_bits=17), SPREAD)
cases("fake_quant_args_one_bit", lambda tf, x: tf.fake_quant_with_min_max_args(x, num_bits=1), SPREAD)
cases("fake_quant_args_gradient", lambda tf, g, x: tf.fake_quant_with_min_max_args_gradient(g, x, -1.0, 1.0), R(3),
      R(3), gradient=False)  # fmt: skip
cases("fake_quant_args_gradient_sizes", lambda tf, g, x: tf.fake_quant_with_min_max_args_gradient(g, x), R(3), R(4))
for _label, _low, _high in (
    ("", -1.0, 1.53),
    ("_positive", 0.2, 1.0),
    ("_negative", -0.9, -0.3),
    ("_zero", 0.0, 0.0),
    ("_swapped", 2.0, 1.0),
):
    cases(
        "fake_quant_vars" + _label,
        lambda tf, x, a, b: [
            tf.fake_quant_with_min_max_vars(x, a, b),
            tf.fake_quant_with_min_max_vars(x, a, b, 5, narrow_range=True),
        ],
        SPREAD,
        V(_low),
        V(_high),
    )
cases("fake_quant_vars_bits", lambda tf, x: tf.fake_quant_with_min_max_vars(x, 0.0, 1.0, 1), SPREAD)
cases("fake_quant_vars_vector", lambda tf, x, a: tf.fake_quant_with_min_max_vars(x, a, 1.0), SPREAD, V([0.0]))
cases("fake_quant_vars_gradient", lambda tf, g, x: tf.fake_quant_with_min_max_vars_gradient(g, x, -1.0, 1.0), R(4),
      R(4), gradient=False)  # fmt: skip
LOW, HIGH = V([-1.0, -0.5, 0.0]), V([1.0, 1.54, 0.0])
for _rank, _shape in ((1, (3,)), (2, (5, 3)), (4, (2, 2, 2, 3))):
    cases(
        "fake_quant_channels_%d" % _rank,
        lambda tf, x, a, b: [
            tf.fake_quant_with_min_max_vars_per_channel(x, a, b),
            tf.fake_quant_with_min_max_vars_per_channel(x, a, b, 4, True),
        ],
        R(*_shape),
        LOW,
        HIGH,
    )
cases("fake_quant_channels_sizes", lambda tf, x, a, b: tf.fake_quant_with_min_max_vars_per_channel(x, a, b), R(5, 2),
      LOW, HIGH)  # fmt: skip
cases("fake_quant_channels_scalar", lambda tf, x, a: tf.fake_quant_with_min_max_vars_per_channel(x, a, a), R(),
      V(np.ones(1)))  # fmt: skip
