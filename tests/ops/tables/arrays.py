"""Samples of arrays and segments."""

import numpy as np

from defrun.base import dtypes
from defrun.graph.attrs import TensorValue
from tests.ops.sample import Sample, same, x, z

PLACES = [[1], [0]], x(2, 3)


SAMPLES = {
    "AccumulateNV2": Sample([x(2, 3), x(2, 3)], shape=[2, 3]),
    "BatchToSpaceND": Sample(x(4, 2, 3, 2), [2, 2], [[0, 1], [1, 0]]),
    "Bitcast": [
        Sample(x(2, 3), type=dtypes.uint8),
        Sample(z(2, 3), type=dtypes.float32),
        Sample(x(2, 2), type=dtypes.complex128),
    ],
    "BroadcastArgs": Sample([2, 1, 3], [4, 1]),
    "BroadcastGradientArgs": Sample([2, 1, 3], [4, 1]),
    "BroadcastTo": Sample(x(3, 1), [2, 3, 4]),
    "BroadcastToKnown": Sample(x(3, 1), shape=[2, 3, 4]),
    "ConcatOffset": Sample(1, [[2, 3], [2, 1]]),
    "ConcatV2": Sample([x(2, 3), x(2, 1)], -1),
    "ConjugateTranspose": [Sample(z(2, 3, 4), [2, 0, 1]), Sample(x(2, 3), [1, 0])],
    "Const": Sample(value=TensorValue(np.float32([1, 2]), dtypes.float32), dtype=dtypes.float32),
    "Crop": Sample(x(4, 5), [[1, 1], [0, 2]]),
    "DepthToSpace": Sample(x(2, 1, 3, 8), block_size=2),
    "Diag": Sample(x(2, 3)),
    "DiagPart": Sample(x(2, 3, 2, 3)),
    "DynamicPartition": Sample(x(3, 2), [1, 0, 1], num_partitions=3),
    "DynamicStitch": Sample([[0, 3], [2, 1, 4]], [x(2, 2), x(3, 2)]),
    "EnsureShape": Sample(x(2, 3), shape=[None, 3]),
    "ExpandDims": Sample(x(2, 3), -1),
    "Fill": Sample([2, 3], 0.5),
    "FlattenFirst": Sample(x(2, 3, 4), axes=2),
    "Gather": Sample(x(4, 2), [[2, 0], [3, 3]]),
    "GatherGrad": Sample([3, 4], [2, 0, 2], 1, x(3, 3)),
    "GatherNd": Sample(x(3, 4, 2), [[2, 3], [0, 1]]),
    "GatherV2": [Sample(x(3, 4, 2), [[2, 0], [3, 3]], 1), Sample(x(2, 3, 2), [[1, 1], [2, 0]], 1, batch_dims=1)],
    "InsertAxes": Sample(x(2, 3), [0, 2]),
    "InvertPermutation": Sample([2, 0, 1]),
    "LinSpace": Sample(0.5, 2.0, 5),
    "MatrixSetDiag": Sample(x(2, 3, 4), x(2, 3)),
    "MirrorPad": Sample(x(3, 4), [[1, 2], [0, 3]], mode="REFLECT"),
    "MirrorPadGrad": Sample(x(6, 7), [[1, 2], [0, 3]], mode="SYMMETRIC"),
    "OneHot": [Sample([2, 0, -1], 3, 0.7, 0.2), Sample([[1], [0]], 2, 0.7, 0.2, axis=1)],
    "OneHotGrad": Sample(x(3, 4), [2, 0, -1]),
    "Pad": Sample(x(2, 3), [[1, 0], [2, 1]]),
    "PadV2": Sample(x(2, 3), [[1, 0], [2, 1]], 0.5),
    "ParallelConcat": Sample([x(1, 3), x(1, 3)], shape=[2, 3]),
    "ParallelDynamicStitch": Sample([[0, 3], [2, 1]], [x(2, 2), x(2, 2)]),
    "PlaceholderWithDefault": Sample(x(2, 3), shape=[2, 3]),
    "Range": Sample(1, 7, 2),
    "Reshape": [Sample(x(2, 6), [3, -1, 2]), Sample(x(1, 1), [])],
    "ReverseSequence": Sample(x(2, 4, 2), [3, 1], seq_dim=1),
    "ReverseV2": Sample(x(2, 3, 4), [0, -1]),
    "Roll": Sample(x(3, 4), [1, -2], [0, 1]),
    "ScatterNd": Sample(*PLACES, [4, 3]),
    "ScatterNdNonAliasingAdd": Sample(x(4, 3), *PLACES),
    "SizesAlong": Sample([x(2, 3), x(2, 1)], axis=1),
    "Slice": Sample(x(3, 4), [1, 0], [2, -1]),
    "SliceGrad": Sample([3, 4], [1, 0], x(2, 4)),
    "SpaceToBatchND": Sample(x(2, 3, 4, 2), [2, 2], [[1, 0], [0, 2]]),
    "SpaceToDepth": Sample(x(2, 4, 6, 2), block_size=2),
    "Split": Sample(1, x(2, 4), num_split=2),
    "SplitV": Sample(x(2, 5), [1, -1, 2], 1, num_split=3),
    "Squeeze": [Sample(x(2, 1, 3, 1)), Sample(x(2, 1, 3, 1), squeeze_dims=[1])],
    "StridedSlice": [
        Sample(x(4, 5, 6), [1, 0, 5], [3, 5, 0], [1, 2, -2], begin_mask=2),
        Sample(x(4, 5, 6), [1, 0, -2], [2, 0, 0], [1, 1, 1], ellipsis_mask=2, shrink_axis_mask=5),
        Sample(x(4, 5), [0, 0], [0, 3], [1, 1], new_axis_mask=1),
    ],
    "StridedSliceGrad": Sample([4, 5], [1, 4], [3, 0], [1, -2], x(2, 2)),
    "SumPadding": Sample(x(4, 5), [[1, 1], [0, 2]]),
    "SumTiles": Sample(x(4, 6), [2, 3]),
    "SumTo": Sample(x(2, 3, 4), [3, 1]),
    "SumToKnown": Sample(x(2, 3, 4), shape=[3, 1]),
    "TensorScatterAdd": Sample(x(4, 3), *PLACES),
    "TensorScatterSub": Sample(x(4, 3), *PLACES),
    "TensorScatterUpdate": Sample(x(4, 3), *PLACES),
    "TensorStridedSliceUpdate": Sample(x(4, 5), [1, 0], [3, 5], [1, 2], x(2, 3)),
    "Tile": Sample(x(2, 3), [2, 1]),
    "TopK": Sample(x(2, 4), k=2),
    "TopKGrad": Sample(x(2, 2), [[2, 0], [1, 2]], x(2, 3)),
    "Transpose": Sample(x(2, 3, 4), [2, 0, 1]),
    "UndoPartition": Sample([1, 0, 1], [3, 2], [x(1, 2), x(2, 2)]),
    **same("Unique UniqueWithCounts", Sample([3, 1, 3])),
    **same("UniqueV2 UniqueWithCountsV2", Sample([[3, 1, 3], [3, 2, 3]], [1])),
    "Unpack": [Sample(x(2, 3), num=2), Sample(x(2, 3), num=3, axis=-1)],
    **same("SegmentSum SegmentMean SegmentMin SegmentMax SegmentProd", Sample(x(3, 2), [0, 0, 2])),
    **same("CountSegments SpreadSegments", Sample(x(3, 2), [0, 0, 2])),
    **same(
        "UnsortedSegmentSum UnsortedSegmentProd UnsortedSegmentMax UnsortedSegmentMin",
        Sample(x(4, 2), [2, 0, 2, -1], 3),
    ),
    **same("SparseSegmentSum SparseSegmentMean SparseSegmentSqrtN", Sample(x(4, 2), [3, 0, 3], [0, 0, 1])),
    **same(
        "SparseSegmentSumWithNumSegments SparseSegmentMeanWithNumSegments SparseSegmentSqrtNWithNumSegments",
        Sample(x(4, 2), [3, 0, 3], [0, 0, 2], 4),
    ),
    **same("SparseSegmentMeanGrad SparseSegmentSqrtNGrad", Sample(x(2, 2), [3, 0, 3], [0, 0, 1], 4)),
}  # fmt: skip

NO_SUCH_TYPE = {"MirrorPadGrad": "bool", "TensorScatterSub": "bool"}
VAGUE = {"BroadcastGradientArgs": "the sizes depend on the values; TensorFlow leaves them open too"}
BY_DIFFERENCES = {"UnsortedSegmentProd": "JAX knows none"}
