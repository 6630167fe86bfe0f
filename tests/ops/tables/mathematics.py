"""Samples of mathematics."""

from defrun.base import dtypes
from tests.ops.sample import Sample, same, x, z

SAMPLES = {
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
}  # fmt: skip

NO_SUCH_TYPE = {"FloorDiv": "complex64 complex128"}
NO_GRADIENT_CHECK = {
    "PreventGradient": "refuses to be differentiated; that is what it is for",
    "ProdOfOthers": "raises NotImplementedError: the second derivative of Prod whose axes are computed",
    "IgammaGradA": "TensorFlow has no second derivative either; its rule says so",
}
BY_DIFFERENCES = same("NextAfter Polygamma Zeta", "JAX knows none, or takes long")
AS_TENSORFLOW = same("Cumprod MulNoNan SquaredDifference Xdivy Xlogy", "we give TensorFlow's numbers")
NOT_TOWARDS = {"Betainc": ["a", "b"], "Polygamma": ["a"], "Zeta": ["x"]}
