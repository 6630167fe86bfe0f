"""Samples of histograms, coordinates, rows put in place, and of the op types of older graphs."""

import numpy as np

from defrun.base import dtypes
from tests.ops.sample import Sample, same, x

SAMPLES = {
    "HistogramFixedWidth": Sample(x(3, 4), [0.3, 0.8], 5),
    "UnravelIndex": [Sample([3, 5], [2, 3]), Sample(5, [2, 3])],
    "CompareAndBitpack": Sample(x(2, 16), 0.5),
    "DataFormatDimMap": Sample([0, 1, -2]),
    "DataFormatVecPermute": [Sample([1, 2, 3, 4]), Sample(np.arange(8).reshape(4, 2))],
    **same("InplaceUpdate InplaceAdd InplaceSub", Sample(x(4, 3), [2, 0], x(2, 3))),
    "Empty": Sample([2, 3], dtype=dtypes.float32),
    "Concat": Sample(1, [x(2, 3), x(2, 1)]),
    "Reverse": Sample(x(2, 3), [True, False]),
    "SpaceToBatch": Sample(x(2, 3, 4, 2), [[1, 0], [0, 2]], block_size=2),
    "BatchToSpace": Sample(x(8, 3, 2, 2), [[0, 1], [1, 0]], block_size=2),
    "Einsum": [
        Sample([x(2, 3), x(3, 4)], equation="ij,jk->ki"),
        Sample([x(2, 3, 4), x(4, 2)], equation="...a,ab->...b"),
    ],
}

NO_SUCH_TYPE = same("InplaceSub InplaceAdd Einsum", "bool")
