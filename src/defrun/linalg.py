"""`tf.linalg`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: F401, I001

from defrun.base.names import missing
from defrun.ops.arrange import matrix_transpose as matrix_transpose, matrix_transpose as transpose
from defrun.ops.diagonal import (
    matrix_band_part as band_part, matrix_diag as diag, matrix_diag_part as diag_part, matrix_set_diag as set_diag,
    diag as tensor_diag, diag_part as tensor_diag_part,
)
from defrun.ops.einsum import einsum as einsum, tensordot as tensordot
from defrun.ops.linalg import qr as qr
from defrun.ops.matrix import (
    adjoint as adjoint, cross as cross, eye as eye, matmul as matmul, matvec as matvec, trace as trace,
)

__getattr__ = missing(__name__)
