"""Sample inputs for every op type: made from the signature where it says enough, else from the table `SAMPLES`."""

import zlib

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.attrs import TensorValue, shape_attr
from defrun.graph.opdef import REQUIRED
from defrun.ops.broadcast import broadcast


class Sample:
    """One entry per input of the signature (a list for ``N * T``, arrays or what NumPy makes one of) and the attrs."""

    def __init__(self, *inputs, **attrs):
        self.inputs, self.attrs = inputs, attrs


def x(*shape):
    """Draw floats between 0.2 and 0.9, the same for the same shape."""
    return np.random.RandomState(zlib.crc32(repr(shape).encode())).uniform(0.2, 0.9, shape)


def z(*shape):
    """Draw complex numbers."""
    return x(*shape) + 1j * x(*shape, 1)[..., 0]


def same(names, *values):
    """Give several ops the same entry (a list, if there is more than one value)."""
    return {name: list(values) if len(values) > 1 else values[0] for name in names.split()}


class NoSampleError(Exception):
    """The signature doesn't say enough."""


# -- the table: an op type's sample, or a list of them ---------------------------------------------------------------

PAIR = {"ksize": [1, 2, 2, 1], "strides": [1, 1, 2, 1], "padding": "SAME"}
CUBE = {"ksize": [1, 2, 2, 2, 1], "strides": [1, 1, 2, 1, 1], "padding": "VALID"}
CONV = {"strides": [1, 2, 2, 1], "padding": "SAME"}
CONV3 = {"strides": [1, 1, 1, 1, 1], "padding": "VALID"}
PARTS = [0, 0, 2], x(3, 2)
ROWS = x(4, 2), [2, 0, 2], x(3, 2)
PLACES = [[1], [0]], x(2, 3)
NORM = x(2, 2, 2, 3), x(3), x(3) - 0.5
NORMED = x(2, 2, 2, 3)[::-1] - 0.5
MOMENTS = x(3, 1)[:, 0], x(3, 2)[:, 1]
RATE, DECAY = 0.1, 0.9
POOL_IN, POOL_OUT = x(1, 4, 4, 2), x(1, 4, 2, 2)
CUBE_IN, CUBE_OUT = (x(1, 3, 4, 3, 2).astype(np.float32), x(1, 2, 2, 2, 2).astype(np.float32))

SAMPLES = {
    # arrays
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
    # mathematics
    "Cast": [
        Sample(x(2, 3), DstT=dtypes.float32),
        Sample(z(2, 3), DstT=dtypes.complex64),
        Sample([1, 2], DstT=dtypes.bool),
    ],
    "Complex": Sample(x(2, 3), x(3), Tout=dtypes.complex128),
    **same("Real Imag Angle ComplexAbs", Sample(z(2, 3), Tout=dtypes.float64)),
    "Acosh": Sample(x(2, 3) + 1),
    "BatchMatMul": [Sample(x(2, 3, 4), x(2, 4, 2)), Sample(z(3, 2), z(4, 3), adj_x=True, adj_y=True)],
    "BatchMatMulV2": [Sample(x(2, 1, 3, 4), x(3, 4, 2)), Sample(z(2, 4, 3), z(2, 4), adj_x=True, adj_y=True)],
    "ClipByValue": Sample(x(2, 3), 0.3, 0.6),
    "Cross": Sample(x(2, 3), x(2, 3)[::-1]),
    "CheckNumerics": Sample(x(2, 3), message="not a number"),
    **same("Igamma Igammac", Sample(x(2, 1, 3), x(4, 1))),
    "MatMul": [
        Sample(x(2, 3), x(3, 4)),
        Sample(x(3, 2), x(3, 4), transpose_a=True),
        Sample(z(2, 3), z(4, 3), transpose_b=True),
        Sample(x(3, 2), x(4, 3), transpose_a=True, transpose_b=True),
    ],
    "Polygamma": Sample([1.0, 2.0, 3.0], x(3)),
    "Qr": [Sample(x(2, 4, 3)), Sample(x(3, 3), full_matrices=True)],
    "QrGrad": Sample(x(4, 3), x(4, 3), x(3, 3)),
    "SparseMatMul": [Sample(x(2, 3), x(3, 4)), Sample(x(3, 2), x(4, 3), transpose_a=True, transpose_b=True)],
    "Zeta": Sample(x(2, 3) + 1.5, x(2, 3)),
    **same(
        "Sum Mean Prod Max Min EuclideanNorm",
        Sample(x(2, 3, 4), [0, -1]),
        Sample(x(2, 3), 1, keep_dims=True),
        Sample(x(2, 3), []),
    ),
    **same("All Any", Sample([[True, False]], [1]), Sample([[True, True]], 0, keep_dims=True)),
    "ProdOfOthers": Sample(x(2, 3, 4), [0, 2]),
    "ShareOut": Sample(x(2, 1), [2, 3]),
    **same("FloorDiv FloorMod Mod TruncateDiv TruncateMod", Sample([7, -7, 6], [2, 3, -5])),
    # segments
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
    # networks
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
    "FusedBatchNormGradV3": Sample(NORMED, *NORM[:2], *MOMENTS, []),
    "FusedBatchNormGradGrad": Sample(x(2, 2, 2, 3), x(3), x(3), NORMED, *NORM[:2], *MOMENTS),
    "Multinomial": Sample(x(2, 3), 4),
    "StatelessMultinomial": Sample(x(2, 3), 4, [1, 2]),
    "NthElement": Sample(x(2, 4), 1),
    "InTopK": Sample(x(2, 4), [1, 3], k=2),
    "InTopKV2": Sample(x(2, 4), [1, 3], 2),
    "SoftmaxCrossEntropyWithLogits": Sample(x(2, 4), x(2, 4) / x(2, 4).sum(1, keepdims=True)),
    "SparseSoftmaxCrossEntropyWithLogits": Sample(x(2, 4), [1, 3]),
    "Assert": Sample(True, [x(2, 3)]),
    "DecodeCSV": Sample("1.5,2", [[0.0], [1.0]]),
    "PrintV2": Sample("a"),
    "StringFormat": Sample([x(2, 3)]),
    # random numbers: the shape comes first
    **same("RandomStandardNormal RandomUniform TruncatedNormal", Sample([2, 3], dtype=dtypes.float32)),
    "RandomUniformInt": Sample([2, 3], 0, 5),
    "RandomGamma": Sample([4], x(2, 3)),
    "RandomPoisson": Sample([4], x(2, 3)),
    "RandomPoissonV2": Sample([4], x(2, 3)),
    **same("StatelessRandomNormal StatelessRandomUniform StatelessTruncatedNormal", Sample([2, 3], [1, 2])),
    "StatelessRandomUniformInt": Sample([2, 3], [1, 2], 0, 5),
    # summaries
    "ScalarSummary": Sample(["a", "b"], x(2)),
    "HistogramSummary": Sample("a", x(2, 3)),
    "ImageSummary": Sample("a", x(2, 3, 3, 1)),
    "AudioSummaryV2": Sample("a", x(1, 5), 8000.0),
    "TensorSummaryV2": Sample("a", x(2, 3), ""),
    "MergeSummary": Sample([""]),
    # variables: given by their value
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

# -- what is left out, and why ---------------------------------------------------------------------------------------


def _with_moments(values, attrs):
    """Put the moments of x where a batch normalization in training keeps them for its gradient."""
    if not attrs["is_training"]:
        return values
    image = values[1]
    return [*values[:3], image.mean((0, 1, 2)), image.var((0, 1, 2)), *values[5:]]


CONTROL = "its body runs graphs of the user's"
NOT_CHECKED = {
    "If": CONTROL,
    "StatelessIf": CONTROL,
    "_Map": CONTROL,
    "Placeholder": "has no value until fed",
    **same("Variable VariableV2", "the session keeps its value"),
    **same("PyFunc PyFuncStateless", "its body is a Python function of the user's"),
}


def reason_to_leave_out(definition):
    """Return why an op is not checked, or an empty text if it is."""
    made, taken = ([arg.type for arg in args] for args in (definition.outputs, definition.inputs))
    if dtypes.resource in made or (dtypes.resource in taken and definition.host):
        return "works on an object that the session keeps: a variable's handle, a queue"
    return NOT_CHECKED.get(definition.type, "")


# Types that a signature allows, as TensorFlow's does, while neither has a meaning for them.
NO_SUCH_TYPE = {"FloorDiv": "complex64 complex128", "MirrorPadGrad": "bool", "TensorScatterSub": "bool"}
# Shapes that stay unknown where the body's are known.
VAGUE = {
    "BroadcastGradientArgs": "the sizes depend on the values; TensorFlow leaves them open too",
    "FusedBatchNormV3": "TensorFlow doesn't say how large the last reserve is",
}
NO_GRADIENT_CHECK = {
    "PreventGradient": "refuses to be differentiated; that is what it is for",
    "ProdOfOthers": "raises NotImplementedError: the second derivative of Prod whose axes are computed",
    "IgammaGradA": "TensorFlow has no second derivative either; its rule says so",
    "RandomGamma": "the derivative of a sampler is implicit: how a sample moves with alpha along its quantile",
}
# Gradients that JAX doesn't know, or only by a costly way: taken by differences.
BY_DIFFERENCES = {"NextAfter", "Polygamma", "UnsortedSegmentProd", "Zeta"}
# Inputs that are functions of others, through which the gradient goes: (values, attrs) -> values.
DEPENDENT = {
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", _with_moments),
    "LRNGrad": lambda values, attrs: [*values[:2], values[1] / (1 + (values[1] ** 2).sum(-1, keepdims=True)) ** 0.5],
}
# Ops whose complex gradients lack a conjugate, as TensorFlow's do: we give its numbers.
AS_TENSORFLOW = {"Cumprod", "MulNoNan", "SquaredDifference", "Xdivy", "Xlogy"}
# Inputs whose gradient is None on purpose, as in TensorFlow.
NOT_TOWARDS = {
    "Betainc": ["a", "b"],
    **same("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3", ["mean", "variance"]),
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", ["reserve_space_1", "reserve_space_2"]),
    "LRNGrad": ["output_image"],
    "Polygamma": ["a"],
    "Zeta": ["x"],
}
# How many of the outputs take part in the gradient: the others are there for the gradient's sake.
ONLY_OUTPUTS = {
    **same("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3", 1),
    **same("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3", 3),
    **same("SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits", 1),
}

# -- from the signature ----------------------------------------------------------------------------------------------


def samples_of(definition):
    """Return the samples of an op; `NoSampleError` if there is none in the table and its signature doesn't do."""
    given = SAMPLES.get(definition.type)
    if given is not None:
        return given if isinstance(given, list) else [given]
    made = [_made(definition, x)]
    if definition.shape_rule is broadcast and len(definition.inputs) == 2:
        made.append(_made(definition, x, [(2, 1, 3), (4, 1)]))
    if any(dtypes.complex128 in (a.allowed or ()) for a in definition.attrs.values()) and definition.gradient_rule:
        made.append(_made(definition, z))
    return made


def _made(definition, draw, shapes=None):
    for name, attr in definition.attrs.items():
        if attr.default is REQUIRED and attr.kind != "type" and name not in definition.input_types:
            raise NoSampleError(f"its attr {name} has no default")
    sizes, inputs = {}, []
    for number, arg in enumerate(definition.inputs):
        if arg.static and arg.dims != ():
            raise NoSampleError(f"its input {arg.name} is static")
        shape = shapes[number] if shapes else _shape(arg.dims, sizes)
        if arg.type == dtypes.string:
            raise NoSampleError(f"its input {arg.name} is text")
        drawn = np.moveaxis(draw(*shape, 2 * len(definition.inputs)), -1, 0)[2 * number :]
        value = [1, 1] if arg.static else drawn[:2]
        inputs.append([*value] if arg.many else value[0])
    return Sample(*inputs)


def _shape(dims, sizes):
    if dims is None:
        return (2, 3)
    shape = []
    for name in dims:
        shape.extend((2, 3) if name == "..." else (sizes.setdefault(name, len(sizes) + 2),))
    return tuple(shape)


# -- arrays of the right types ---------------------------------------------------------------------------------------

NAMES = "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool"
TYPES = frozenset(dtypes.as_dtype(name) for name in NAMES.split())
ORDER = {
    "f": "float64 float32 float16 complex128 int32 uint8 bool",
    "i": "int32 int64 uint8 float64 float32",
    "c": "complex128 complex64 float64 float32 int32 bool",
    "b": "bool int32 float64",
}


class Case:
    """One sample of one op: the flat list of arrays, each with its place in the signature, and all attrs."""

    def __init__(self, definition, sample):
        self.definition, self.sample = definition, sample
        self.attrs = {k: _attr(definition.attrs[k], v) for k, v in sample.attrs.items()}
        self.args, self.values = [], []
        if len(sample.inputs) != len(definition.inputs):
            raise NoSampleError(f"{len(sample.inputs)} inputs for {[a.name for a in definition.inputs]}")
        for arg, given in zip(definition.inputs, sample.inputs):
            arrays = [np.asarray(v) for v in (given if arg.many else [given])]
            kinds = self._types(arg, arrays)
            self.args += [arg] * len(arrays)
            self.values += [_cast(v, kind) for v, kind in zip(arrays, kinds)]
        for name, attr in definition.attrs.items():
            if name not in self.attrs:
                if attr.default is REQUIRED and attr.kind != "type":
                    raise NoSampleError(f"its attr {name} has no default")
                self.attrs[name] = _choose(attr, "f") if attr.default is REQUIRED else attr.default
        if definition.type in DEPENDENT:
            given = DEPENDENT[definition.type](self.values, self.attrs)
            self.values = [v.astype(old.dtype) for v, old in zip(given, self.values)]

    def __repr__(self):
        return f"{self.definition.type} of {', '.join(f'{v.dtype}{list(v.shape)}' for v in self.values)}"

    def kind(self, value):
        """Return the dtype of one of the values."""
        return dtypes.string if value.dtype == object else dtypes.as_dtype(value.dtype)

    def _types(self, arg, arrays):
        """Return the dtype for each array of an input; set the attrs that follow from it."""
        name = arg.type
        if arg.many and not arg.typed_list:
            self.attrs[arg.many] = len(arrays)
        if isinstance(name, DType):
            if name != dtypes.resource:
                return [name] * len(arrays)
            name = next((n for n in ("dtype", "T") if n in self.definition.attrs), None)
            if name is None:
                return [dtypes.as_dtype(arrays[0].dtype)]
        if arg.typed_list:
            return self.attrs.setdefault(name, [_choose(self.definition.attrs[name], v.dtype.kind) for v in arrays])
        kind = self.attrs.setdefault(name, _choose(self.definition.attrs[name], arrays[0].dtype.kind, arrays[0].dtype))
        return [kind] * len(arrays)


def _attr(attr, value):
    return shape_attr(value) if attr.kind == "shape" else value


def _choose(attr, kind, given=None):
    """Return the allowed type that suits values of `kind` best; for floats the type that they have."""
    order = [dtypes.as_dtype(name) for name in ORDER[kind].split()]
    if given is not None and kind == "f":
        order = [dtypes.as_dtype(given), *order]
    return next(t for t in order if attr.allowed is None or t in attr.allowed)


def _cast(value, kind):
    """Turn drawn numbers into numbers of `kind`: floats between 0 and 1 into whole numbers up to 9, or bools."""
    if kind == dtypes.string:
        return np.vectorize(str.encode, otypes=[object])(value)
    if value.dtype.kind in "fc" and not (kind.is_floating or kind.is_complex):
        value = value.real > 0.5 if kind.is_bool else value.real * 10
    elif value.dtype.kind == "c" and not kind.is_complex:
        value = value.real
    return value.astype(kind.as_numpy_dtype)
