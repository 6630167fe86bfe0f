"""Samples of variables, which are given by their value."""

import numpy as np

from defrun.base import dtypes
from tests.ops.sample import Sample, same, x

ROWS = x(4, 2), [2, 0, 2], x(3, 2)
PLACES = [[1], [0]], x(2, 3)
RATE, DECAY = 0.1, 0.9


SAMPLES = {
    "CountUpTo": Sample(2, limit=5),
    "ResourceCountUpTo": Sample(np.int32(2), limit=5, T=dtypes.int32),
    "ReadVariableOp": Sample(x(2, 3), dtype=dtypes.float64),
    "ResourceGather": Sample(x(4, 3), [2, 0, 2], dtype=dtypes.float64),
    "ResourceGatherNd": Sample(x(3, 4, 2), [[2, 3], [0, 1]], dtype=dtypes.float64),
    **same("VariableShape VarIsInitializedOp DestroyResourceOp", Sample(x(2, 3))),
    **{f"{kind}Scatter{how}": Sample(*ROWS) for kind in ("", "Resource")
       for how in ("Update", "Add", "Sub", "Mul", "Div", "Min", "Max")},
    **{f"{kind}ScatterNd{how}": Sample(x(4, 3), *PLACES) for kind in ("", "Resource")
       for how in ("Update", "Add", "Sub")},
    **same("StridedSliceAssign ResourceStridedSliceAssign", Sample(x(4, 5), [1, 0], [3, 5], [1, 2], x(2, 3))),
    "ResourceApplyAdam": Sample(x(2, 3), x(2, 3), x(2, 3), 0.9, 0.99, RATE, 0.9, 0.99, 1e-8, x(2, 3)),
    "ResourceApplyGradientDescent": Sample(x(2, 3), RATE, x(2, 3)),
    "ResourceApplyMomentum": Sample(x(2, 3), x(2, 3), RATE, x(2, 3), DECAY),
    **same(
        "SparseApplyMomentum ResourceSparseApplyMomentum",
        Sample(x(4, 2), x(4, 2), RATE, x(2, 2), [3, 1], DECAY),
    ),
}  # fmt: skip
