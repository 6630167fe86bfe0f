"""Samples of networks."""

import numpy as np

from tests.ops.sample import Sample, same, x

PAIR = {"ksize": [1, 2, 2, 1], "strides": [1, 1, 2, 1], "padding": "SAME"}
CUBE = {"ksize": [1, 2, 2, 2, 1], "strides": [1, 1, 2, 1, 1], "padding": "VALID"}
CONV = {"strides": [1, 2, 2, 1], "padding": "SAME"}
CONV3 = {"strides": [1, 1, 1, 1, 1], "padding": "VALID"}
NORM = x(2, 2, 2, 3), x(3), x(3) - 0.5
NORMED = x(2, 2, 2, 3)[::-1] - 0.5
MOMENTS = x(3, 1)[:, 0], x(3, 2)[:, 1]
POOL_IN, POOL_OUT = x(1, 4, 4, 2), x(1, 4, 2, 2)
CUBE_IN, CUBE_OUT = (x(1, 3, 4, 3, 2).astype(np.float32), x(1, 2, 2, 2, 2).astype(np.float32))


SAMPLES = {
    **same(
        "AvgPool MaxPool",
        Sample(POOL_IN, **PAIR),
        Sample(x(1, 2, 4, 4), ksize=[1, 1, 2, 3], strides=[1, 1, 2, 1], padding="VALID", data_format="NCHW"),
    ),
    **same("AvgPool3D MaxPool3D", Sample(CUBE_IN, **CUBE)),
    "AvgPoolGrad": Sample([1, 4, 4, 2], POOL_OUT, **PAIR),
    "AvgPool3DGrad": Sample([1, 3, 4, 3, 2], CUBE_OUT, **CUBE),
    "MaxPoolGrad": Sample(POOL_IN, POOL_OUT, x(4, 2, 2)[None], **PAIR),
    "MaxPoolGradGrad": Sample(POOL_IN, POOL_OUT, x(4, 4, 2)[None], **PAIR),
    "MaxPool3DGrad": Sample(CUBE_IN, CUBE_OUT, x(2, 2, 2, 2)[None], **CUBE),
    "MaxPool3DGradGrad": Sample(CUBE_IN, CUBE_OUT, x(3, 4, 3, 2)[None].astype(np.float32), **CUBE),
    "MaxPoolV2": Sample(POOL_IN, PAIR["ksize"], PAIR["strides"], padding="SAME"),
    "MaxPoolGradV2": Sample(POOL_IN, POOL_OUT, x(4, 2, 2)[None], PAIR["ksize"], PAIR["strides"], padding="SAME"),
    "MaxPoolGradGradV2": Sample(POOL_IN, POOL_OUT, x(4, 4, 2)[None], PAIR["ksize"], PAIR["strides"], padding="SAME"),
    "MaxPoolWithArgmax": Sample(POOL_IN, **PAIR),
    "MaxPoolGradWithArgmax": Sample(POOL_IN, POOL_OUT, np.arange(0, 32, 2).reshape(1, 4, 2, 2), **PAIR),
    "MaxPoolGradGradWithArgmax": Sample(POOL_IN, x(4, 4, 2)[None], np.arange(0, 32, 2).reshape(1, 4, 2, 2), **PAIR),
    "BiasAdd": [Sample(x(2, 3, 4), x(4)), Sample(x(2, 3, 2, 2), x(3), data_format="NCHW")],
    "BiasAddGrad": [Sample(x(2, 3, 4)), Sample(x(2, 3, 2, 2), data_format="NCHW")],
    "BiasAddV1": Sample(x(2, 3), x(3)),
    "Conv2D": [
        Sample(x(2, 5, 4, 3), x(2, 3, 3, 2), **CONV),
        Sample(x(2, 3, 5, 5), x(2, 2, 3, 2), strides=[1, 1, 1, 1], padding="VALID", data_format="NCHW",
               dilations=[1, 1, 2, 1]),
        Sample(x(1, 5, 4, 2), x(2, 2, 2, 2), strides=[1, 1, 2, 1], padding="EXPLICIT",
               explicit_paddings=[0, 0, 1, 0, 2, 1, 0, 0]),
    ],
    "Conv2DBackpropFilter": Sample(x(2, 5, 4, 3), [2, 3, 3, 2], x(2, 3, 2, 2), **CONV),
    "Conv2DBackpropInput": Sample([2, 5, 4, 3], x(2, 3, 3, 2), x(2, 3, 2, 2), **CONV),
    "Conv3D": Sample(x(1, 3, 4, 3, 2), x(2, 2, 2, 2, 3), **CONV3),
    "Conv3DBackpropFilterV2": Sample(x(1, 3, 4, 3, 2), [2, 2, 2, 2, 3], x(1, 2, 3, 2, 3), **CONV3),
    "Conv3DBackpropInputV2": Sample([1, 3, 4, 3, 2], x(2, 2, 2, 2, 3), x(1, 2, 3, 2, 3), **CONV3),
    "DepthwiseConv2dNative": Sample(x(2, 5, 4, 3), x(2, 3, 3, 2), **CONV),
    "DepthwiseConv2dNativeBackpropFilter": Sample(x(2, 5, 4, 3), [2, 3, 3, 2], x(2, 3, 2, 6), **CONV),
    "DepthwiseConv2dNativeBackpropInput": Sample([2, 5, 4, 3], x(2, 3, 3, 2), x(2, 3, 2, 6), **CONV),
    **same(
        "FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3",
        Sample(*NORM, [], []),
        Sample(*NORM, *MOMENTS, is_training=False),
    ),
    **same(
        "FusedBatchNormGrad FusedBatchNormGradV2",
        Sample(NORMED, *NORM[:2], *MOMENTS),
        Sample(NORMED, *NORM[:2], *MOMENTS, is_training=False),
    ),
    "BatchNormWithGlobalNormalization": Sample(
        NORMED, *MOMENTS, *NORM[1:], variance_epsilon=0.01, scale_after_normalization=True
    ),
    "BatchNormWithGlobalNormalizationGrad": Sample(
        NORMED, *MOMENTS, NORM[1], NORMED, variance_epsilon=0.01, scale_after_normalization=True
    ),
    "FusedBatchNormGradV3": Sample(NORMED, *NORM[:2], *MOMENTS, []),
    "FusedBatchNormGradGrad": Sample(x(2, 2, 2, 3), x(3), x(3), NORMED, *NORM[:2], *MOMENTS),
    "Multinomial": Sample(x(2, 3), 4),
    "StatelessMultinomial": Sample(x(2, 3), 4, [1, 2]),
    "NthElement": Sample(x(2, 4), 1),
    "InTopK": Sample(x(2, 4), [1, 3], k=2),
    "InTopKV2": Sample(x(2, 4), [1, 3], 2),
    "SoftmaxCrossEntropyWithLogits": Sample(x(2, 4), x(2, 4) / x(2, 4).sum(1, keepdims=True)),
    "SparseSoftmaxCrossEntropyWithLogits": Sample(x(2, 4), [1, 3]),
}  # fmt: skip


def _with_moments(values, attrs):
    """Put the moments of x where a batch normalization in training keeps them for its gradient."""
    if not attrs["is_training"]:
        return values
    image = values[1]
    return [*values[:3], image.mean((0, 1, 2)), image.var((0, 1, 2)), *values[5:]]


VAGUE = {"FusedBatchNormV3": "TensorFlow doesn't say how large the last reserve is"}
DEPENDENT = {
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", _with_moments),
    "LRNGrad": lambda values, attrs: [*values[:2], values[1] / (1 + (values[1] ** 2).sum(-1, keepdims=True)) ** 0.5],
}
NOT_TOWARDS = {
    **same("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3", ["mean", "variance"]),
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", ["reserve_space_1", "reserve_space_2"]),
    "LRNGrad": ["output_image"],
}
ONLY_OUTPUTS = {
    **same("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3", 1),
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", 3),
    **same("SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits", 1),
}
