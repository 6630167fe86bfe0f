"""Samples of sparse tensors and sets."""

from defrun.base.dtypes import int64
from tests.ops.sample import Sample, same, x

PLACES = [[0, 1], [1, 0], [1, 2], [2, 2]]
OTHERS = [[0, 0], [1, 0], [2, 2]]
SPARSE = PLACES, x(4), [3, 4]
PAIR = *SPARSE, OTHERS, x(3), [3, 4]

SAMPLES = {
    "SparseToDense": [
        Sample(PLACES, [3, 4], x(4), x()),
        Sample([1, 3], [5], x(2), x()),
        Sample([1, 3], [5], x(), x()),
    ],
    "SparseReorder": Sample([[2, 0], [0, 1], [1, 2], [0, 0]], x(4), [3, 4]),
    "SparseReshape": [Sample(PLACES, [3, 4], [2, -1]), Sample(PLACES, [3, 4], [12])],
    "SparseConcat": [Sample([PLACES, OTHERS], [x(4), x(3)], [[3, 4], [3, 4]], concat_dim=dim) for dim in (0, -1)],
    "SparseSlice": Sample(*SPARSE, [0, 1], [2, 9]),
    "SparseSliceGrad": Sample(x(2), PLACES, [0, 1], [[0, 0], [1, 1]]),
    "SparseSplit": Sample(1, *SPARSE, num_split=3),
    "SparseFillEmptyRows": Sample([[1, 1], [0, 2], [1, 0]], x(3), [4, 3], x()),
    "SparseFillEmptyRowsGrad": Sample([1, 0, 2], x(5)),
    **same("SparseReduceSum SparseReduceMax", *(
        Sample(*SPARSE, axes, keep_dims=keep)
        for axes, keep in (([1], True), ([-2], False), ([], False), ([0, 1], False))
    )),
    **same("SparseReduceSumSparse SparseReduceMaxSparse", Sample(*SPARSE, [1]), Sample(*SPARSE, [0], keep_dims=True)),
    "SpreadSparseSum": Sample(x(3), *SPARSE, [1]),
    "SparseAdd": Sample(*PAIR, 0.0),
    "SparseAddGrad": Sample(x(6), PLACES, OTHERS, [[0, 0], [0, 1], [1, 0], [1, 2], [2, 2], [2, 3]]),
    **same("SparseSparseMaximum SparseSparseMinimum", Sample(*PAIR)),
    "SparseTensorDenseAdd": Sample(*SPARSE, x(3, 4)),
    **same("SparseDenseCwiseAdd SparseDenseCwiseMul SparseDenseCwiseDiv",
           *(Sample(*SPARSE, x(*shape)) for shape in ((3, 4), (3, 1), (4,)))),
    "SparseTensorDenseMatMul": [
        Sample(*SPARSE, x(4, 2)),
        Sample(*SPARSE, x(2, 4), adjoint_b=True),
        Sample(*SPARSE, x(2, 3), adjoint_a=True, adjoint_b=True),
    ],
    "SparseSoftmax": Sample(*SPARSE),
    "DenseToDenseSetOperation": [
        Sample([[1, 2, 2], [3, 4, 5]], [[2], [9]], set_operation=what)
        for what in ("a-b", "b-a", "union", "intersection")
    ],
    "DenseToSparseSetOperation": Sample(
        [[1, 2, 2], [3, 4, 5], [0, 0, 0]], PLACES, [1, 4, 3, 0], [3, 4], set_operation="a-b"
    ),
    "SparseToSparseSetOperation": Sample(
        PLACES, [1, 2, 1, 3], [3, 4], OTHERS, [1, 2, 1], [3, 4], set_operation="union"
    ),
    "SparseCross": Sample(
        [PLACES, OTHERS], [[1, 2, 3, 4], [5, 6, 7]], [[3, 4], [3, 4]], [[[1], [2], [3]]], hashed_output=True,
        num_buckets=9, hash_key=5, out_type=int64, internal_type=int64,
    ),
    **same("SerializeSparse SerializeManySparse AddSparseToTensorsMap AddManySparseToTensorsMap", Sample(*SPARSE)),
    "CTCLoss": [
        Sample(x(5, 2, 4), [[0, 0], [0, 1], [0, 2], [1, 0]], [1, 1, 2, 0], [5, 4], ctc_merge_repeated=merge)
        for merge in (True, False)
    ],
    "CTCLossDense": Sample(x(5, 2, 4), [[1, 1, 2], [3, 0, 0]], [3, 1], [5, 4]),
    "CTCGreedyDecoder": Sample(x(5, 2, 4), [5, 4]),
    "CTCBeamSearchDecoder": Sample(x(5, 2, 4), [5, 4], beam_width=5, top_paths=2),
    "UniqueLabels": Sample([[1, 2, 1], [3, 3, 0]]),
    "SetSize": Sample(PLACES, [1, 2, 2, 3], [3, 4]),
}  # fmt: skip
NO_SUCH_TYPE = {"SparseTensorDenseMatMul": "bool", "SparseFillEmptyRowsGrad": "bool"}
NOT_CHECKED = {
    **same("DeserializeSparse DeserializeManySparse", "reads what was serialized; the oracle of features has it"),
    "TakeManySparseFromTensorsMap": "takes what was kept before; tests/ops/test_sparse.py has it",
}
NO_GRADIENT_CHECK = same(
    "SparseReduceMax SparseReduceMaxSparse SparseReduceSumSparse SparseSparseMaximum SparseSparseMinimum SparseSplit",
    "TensorFlow refuses",
)
ONLY_OUTPUTS = same("CTCLoss CTCLossDense", 1)
BY_DIFFERENCES = {"CTCLossDense": "JAX can't differentiate a scan with infinities; the body has the gradient itself"}
