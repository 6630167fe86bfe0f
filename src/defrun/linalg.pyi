"""`tf.linalg`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.arrange import matrix_transpose as matrix_transpose, matrix_transpose as transpose
from defrun.ops.diagonal import (
    matrix_band_part as band_part, matrix_diag as diag, matrix_diag_part as diag_part, matrix_set_diag as set_diag,
    diag as tensor_diag, diag_part as tensor_diag_part,
)
from defrun.ops.einsum import einsum as einsum, tensordot as tensordot
from defrun.ops.linalg.decompositions import (
    cholesky as cholesky, self_adjoint_eig as eigh, self_adjoint_eigvals as eigvalsh, logdet as logdet, qr as qr,
    svd as svd,
)
from defrun.ops.linalg.functions import (
    matrix_exponential as expm, matrix_logarithm as logm, matrix_square_root as sqrtm,
)
from defrun.ops.linalg.least_squares import matrix_solve_ls as lstsq, matrix_rank as matrix_rank, pinv as pinv
from defrun.ops.linalg.solve import (
    cholesky_solve as cholesky_solve, matrix_determinant as det, matrix_inverse as inv, lu as lu, slogdet as slogdet,
    matrix_solve as solve, matrix_triangular_solve as triangular_solve,
)
from defrun.ops.linalg.tridiagonal import (
    tridiagonal_matmul as tridiagonal_matmul, tridiagonal_solve as tridiagonal_solve,
)
from defrun.ops.matrix import (
    adjoint as adjoint, cross as cross, eye as eye, matmul as matmul, matvec as matvec, trace as trace,
)
from defrun.ops.moments import l2_normalize as l2_normalize
from defrun.ops.norms import global_norm as global_norm, norm as norm, normalize as normalize
