"""Samples of candidate samplers, fractional pools and the first versions of gradients."""

import numpy as np

from tests.ops.sample import Sample, same, x

TRUE = np.array([[1], [2]])
DRAWN = {"num_true": 1, "num_sampled": 3, "unique": True, "seed": 1}
RATIO = [1.0, 1.5, 1.3, 1.0]
ROWS, COLUMNS = np.array([0, 2, 3, 5]), np.array([0, 1, 2, 4])
CONV3 = {"strides": [1, 1, 1, 1, 1], "padding": "VALID"}

SAMPLES = {
    **same(
        "UniformCandidateSampler LogUniformCandidateSampler LearnedUnigramCandidateSampler "
        "ThreadUnsafeUnigramCandidateSampler",
        Sample(TRUE, range_max=5, **DRAWN),
    ),
    "FixedUnigramCandidateSampler": Sample(TRUE, range_max=4, unigrams=[1.0, 2.0, 3.0, 4.0], **DRAWN),
    "AllCandidateSampler": Sample(TRUE, **DRAWN),
    "ComputeAccidentalHits": Sample(TRUE, np.array([2, 4, 1]), num_true=1),
    **same(
        "FractionalMaxPool FractionalAvgPool", Sample(x(1, 5, 4, 2), pooling_ratio=RATIO, deterministic=True, seed=1)
    ),
    "FractionalMaxPoolGrad": Sample(x(1, 5, 4, 2), x(1, 3, 3, 2), x(1, 3, 3, 2), ROWS, COLUMNS),
    "FractionalAvgPoolGrad": Sample(np.array([1, 5, 4, 2]), x(1, 3, 3, 2), ROWS, COLUMNS, overlapping=True),
    "Conv3DBackpropInput": Sample(x(1, 3, 3, 3, 2), x(2, 2, 2, 2, 1), x(1, 2, 2, 2, 1), **CONV3),
    "Conv3DBackpropFilter": Sample(x(1, 3, 3, 3, 2), x(2, 2, 2, 2, 1), x(1, 2, 2, 2, 1), **CONV3),
}
