"""Samples of quantized and fake-quantized numbers."""

import numpy as np

from tests.ops.sample import Sample, same, x

X = (4 * x(3, 2) - 2).astype(np.float32)
LIMITS = np.array([-1, -0.5]), np.array([1.5, 0.7])

SAMPLES = {
    "QuantizeAndDequantizeV2": [Sample(X, -1, 1), Sample(X, -1, 1, range_given=True, narrow_range=True)],
    "QuantizeAndDequantizeV3": Sample(X, -1, 1, 5),
    "FakeQuantWithMinMaxVars": Sample(X, -1, 1),
    "FakeQuantWithMinMaxVarsGradient": Sample(X, X, -1, 1),
    "FakeQuantWithMinMaxVarsPerChannel": Sample(X, *LIMITS),
    "FakeQuantWithMinMaxVarsPerChannelGradient": Sample(X, X, *LIMITS),
}

NOT_CHECKED = same("QuantizeV2 Dequantize QuantizedConcat", "NumPy has no quantized types to make samples of")
NO_GRADIENT_CHECK = same(
    "QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars "
    "FakeQuantWithMinMaxVarsPerChannel",
    "goes through the rounding as if it were not there",
)
