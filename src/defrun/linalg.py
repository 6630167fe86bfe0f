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
from defrun.ops.moments import l2_normalize as l2_normalize
from defrun.ops.norms import global_norm as global_norm, norm as norm, normalize as normalize

__getattr__ = missing(__name__)
