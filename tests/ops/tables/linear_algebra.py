"""Samples of linear algebra."""

import numpy as np

from tests.ops.sample import Sample, same, x, z

FAR = x(2, 3, 3) + 2 * np.eye(3)
COMPLEX_FAR = z(2, 3, 3) + 2 * np.eye(3)


def _symmetric(values, attrs):
    """Take the lower triangle for both."""
    lower = np.tri(values[0].shape[-1]) - 0.5 * np.eye(values[0].shape[-1])
    half = values[0] * lower.astype(values[0].dtype)
    return [half + half.swapaxes(-1, -2).conj(), *values[1:]]


def _mean_of_triangles(values, attrs):
    return [0.5 * (values[0] + values[0].swapaxes(-1, -2).conj()), *values[1:]]


SAMPLES = {
    "Cholesky": [Sample(FAR + FAR.swapaxes(-1, -2)), Sample(COMPLEX_FAR + 2 * np.eye(3))],
    "CholeskyGrad": Sample(np.tril(FAR), x(2, 3, 3)),
    "Lu": Sample(FAR),
    **same("LogMatrixDeterminant MatrixDeterminant", Sample(FAR), Sample(FAR[0])),
    "MatrixInverse": [
        Sample(FAR), Sample(FAR[0], adjoint=True), Sample(COMPLEX_FAR), Sample(COMPLEX_FAR, adjoint=True),
    ],
    **same(
        "MatrixSolve MatrixTriangularSolve",
        Sample(FAR, x(2, 3, 4)),
        Sample(COMPLEX_FAR, z(2, 3, 2)),
        Sample(COMPLEX_FAR, z(2, 3, 2), adjoint=True),
    ),
    "MatrixSolveLs": [Sample(x(2, 4, 3), x(2, 4, 2), 0.1), Sample(x(2, 3), x(2, 2), 0.1)],
    "SelfAdjointEigV2": [Sample(x(2, 3, 3)), Sample(x(3, 3), compute_v=False)],
    "Svd": [
        Sample(x(2, 3, 3)), Sample(x(4, 3)), Sample(x(2, 3)), Sample(x(3, 4), compute_uv=False),
        Sample(z(3, 3), compute_uv=False),
    ],
    "MatrixExponential": Sample(x(2, 3, 3)),
    "MatrixSquareRoot": Sample(FAR),
    "MatrixLogarithm": Sample(COMPLEX_FAR),
    "TridiagonalSolve": [Sample(x(2, 3, 4) + [[0], [1], [0]], x(2, 4, 2)), Sample(z(3, 4) + [[0], [1], [0]], z(4, 1))],
    "TridiagonalMatMul": [
        Sample(x(2, 1, 4), x(2, 1, 4), x(2, 1, 4), x(2, 4, 3)), Sample(z(1, 4), z(1, 4), z(1, 4), z(4, 3))
    ],
}  # fmt: skip

DEPENDENT = {"Cholesky": _mean_of_triangles, "SelfAdjointEigV2": _symmetric}
BY_DIFFERENCES = same("MatrixExponential", "squares as often as the values need")
NO_GRADIENT_CHECK = {"MatrixLogarithm": "is complex: see test_linear_algebra.py"}
NOT_TOWARDS = {"MatrixSolveLs": ["l2_regularizer"]}
AS_TENSORFLOW = same("LogMatrixDeterminant MatrixDeterminant Svd", "we give TensorFlow's numbers")
