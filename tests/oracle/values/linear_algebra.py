"""Values of linear algebra. Where signs are free, what is made of the parts is compared."""

import numpy as np

from tests.oracle.values.harness import Cases, R, Spec, V

cases = Cases()


def M(*shape):
    """Matrices that are far from singular; complex ones for complex types."""

    def draw(rng, s, kind):
        values = rng.randn(*s) + 2 * np.eye(s[-2], s[-1])
        return np.round(values + (1j * rng.randn(*s) if kind == "c" else 0), 2)

    return Spec(draw, shape)


def definite(tf, x):
    """Make positive definite matrices of any."""
    return tf.matmul(x, x, adjoint_b=True) + tf.eye(int(x.shape[-1]) if x.shape.ndims else 3, dtype=x.dtype)


# -- systems ---------------------------------------------------------------------------------------------------------

cases("inverse", lambda tf, x: [tf.matrix_inverse(x), tf.linalg.inv(x)], M(2, 3, 3), dtypes="fdz")
cases("inverse_adjoint", lambda tf, x: tf.matrix_inverse(x, adjoint=True), M(3, 3), dtypes="fz", gradient=False)
cases("inverse_singular", lambda tf, x: tf.matrix_inverse(x), V([[1.0, 2.0], [2.0, 4.0]]))
cases("inverse_not_square", lambda tf, x: tf.matrix_inverse(x), R(2, 3))
cases("inverse_vector", lambda tf, x: tf.matrix_inverse(x), R(3))
cases("inverse_nothing", lambda tf, x: tf.matrix_inverse(x), R(2, 0, 0))
cases("inverse_no_batch", lambda tf, x: tf.matrix_inverse(x), R(0, 2, 2))
cases("inverse_whole", lambda tf, x: tf.matrix_inverse(x), R(2, 2), dtypes="i")
for _name in ("matrix_solve", "matrix_triangular_solve"):
    cases(
        _name,
        lambda tf, a, b, f=_name: [getattr(tf, f)(a, b), getattr(tf, f)(a, b, adjoint=True)],
        M(2, 3, 3),
        R(2, 3, 2),
        dtypes="fdz",
    )
    cases(_name + "_one", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), M(1, 1), R(1, 4))
    cases(_name + "_singular", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), V([[1.0, 0.0], [2.0, 0.0]]), R(2, 1))
    cases(_name + "_sizes", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), M(3, 3), R(2, 1))
    cases(_name + "_vector", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), M(3, 3), R(3))
    cases(_name + "_nothing", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), M(2, 3, 3), R(2, 3, 0))
    cases(_name + "_empty", lambda tf, a, b, f=_name: getattr(tf, f)(a, b), R(0, 0), R(0, 2))
cases(
    "triangular_solve_upper",
    lambda tf, a, b: [
        tf.linalg.triangular_solve(a, b, lower=False),
        tf.linalg.triangular_solve(a, b, lower=False, adjoint=True),
    ],
    M(3, 3),
    R(3, 2),
    dtypes="fz",
)
cases("cholesky_solve", lambda tf, a, b: tf.cholesky_solve(a, b), M(2, 3, 3), R(2, 3, 2))
cases("lu", lambda tf, x: [*tf.linalg.lu(x), *tf.linalg.lu(x, tf.int64)], M(2, 3, 3), dtypes="fdz", gradient=False)
cases("lu_singular", lambda tf, x: tf.linalg.lu(x)[0], V([[1.0, 2.0], [2.0, 4.0]]))
cases(
    "determinant",
    lambda tf, x: [tf.matrix_determinant(x), tf.linalg.det(x[0]), *tf.linalg.slogdet(x)],
    M(2, 3, 3),
    dtypes="fdz",
)
cases("determinant_singular", lambda tf, x: [tf.linalg.det(x), *tf.linalg.slogdet(x)], V([[1.0, 2.0], [2.0, 4.0]]),
      gradient=False)  # fmt: skip
cases("determinant_nothing", lambda tf, x: [tf.linalg.det(x), *tf.linalg.slogdet(x)], R(2, 0, 0), gradient=False)
cases("determinant_not_square", lambda tf, x: tf.linalg.det(x), R(2, 3))

# -- decompositions --------------------------------------------------------------------------------------------------

cases("cholesky", lambda tf, x: [tf.cholesky(definite(tf, x)), tf.linalg.cholesky(definite(tf, x)[0])], R(2, 3, 3),
      dtypes="fdz")  # fmt: skip
cases("cholesky_lower_only", lambda tf, x: tf.cholesky(x), V([[4.0, 9.0], [2.0, 3.0]]))
cases("cholesky_not_definite", lambda tf, x: tf.cholesky(x), V([[1.0, 2.0], [2.0, 1.0]]))
cases("cholesky_semidefinite", lambda tf, x: tf.cholesky(x), V([[[2.0, 0.0], [0.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]]))
cases("cholesky_empty", lambda tf, x: tf.cholesky(x), R(0, 0))
cases("cholesky_not_square", lambda tf, x: tf.cholesky(x), R(2, 3))
cases("cholesky_grad", lambda tf, x, g: tf.raw_ops.CholeskyGrad(l=tf.matrix_band_part(x, -1, 0), grad=g), M(2, 3, 3),
      R(2, 3, 3), dtypes="fd", gradient=False)  # fmt: skip
cases("logdet", lambda tf, x: tf.linalg.logdet(definite(tf, x)), R(2, 3, 3), dtypes="fz")


def eigh(tf, x):
    """Both functions, and the matrix put together again."""
    e, v = tf.self_adjoint_eig(x)
    return [e, tf.self_adjoint_eigvals(x), tf.matmul(v, tf.matmul(tf.matrix_diag(e), v, adjoint_b=True))]


cases("eigh", eigh, M(2, 3, 3), dtypes="fd")
cases("eigh_complex", eigh, M(2, 3, 3), dtypes="z")
cases("eigh_vectors", lambda tf, x: tf.square(tf.linalg.eigh(x)[1]), M(3, 3), dtypes="fd")
cases("eigh_values", lambda tf, x: [tf.linalg.eigvalsh(x), tf.real(tf.linalg.eigvalsh(x))], M(4, 4), dtypes="fz")
cases("eigh_nan", lambda tf, x: tf.linalg.eigh(x)[0], V([[np.nan, 2.0], [2.0, 1.0]]))
cases("eigh_empty", lambda tf, x: [*tf.linalg.eigh(x)], R(0, 0), gradient=False)
cases("eigh_not_square", lambda tf, x: [*tf.linalg.eigh(x)], R(2, 3))
cases("eigh_no_vectors", lambda tf, x: tf.raw_ops.SelfAdjointEigV2(input=x, compute_v=False)[0], R(2, 2))


def svd(tf, x, full=False):
    """The values, and the matrix put together again."""
    s, u, v = tf.svd(x, full_matrices=full)
    u, v = (u[..., :3], v[..., :3]) if full else (u, v)
    return [s, tf.matmul(u, tf.matmul(tf.matrix_diag(tf.cast(s, x.dtype)), v, adjoint_b=True))]


cases("svd", svd, M(2, 3, 3), dtypes="fd")
cases("svd_tall", svd, M(4, 3))
cases("svd_wide", svd, M(3, 5), dtypes="fd")
cases("svd_full", lambda tf, x: svd(tf, tf.reshape(x, [2, 4, 3]), True), M(2, 4, 3), dtypes="fd")
cases("svd_full_wide", lambda tf, x: svd(tf, x, True), M(3, 5), gradient=False)
cases("svd_complex", lambda tf, x: svd(tf, x)[1], M(3, 4), dtypes="z", gradient=False)
cases("svd_values", lambda tf, x: tf.svd(x, compute_uv=False), M(2, 4, 3), dtypes="fdz")
cases("svd_vectors", lambda tf, x: [tf.square(t) for t in tf.svd(x)[1:]], M(4, 3))
cases("svd_shapes", lambda tf, x: [tf.shape(t) for t in tf.svd(x, full_matrices=True)], M(2, 5, 3), gradient=False)


def qr(tf, x, full=False):
    q, r = tf.qr(x, full_matrices=full)
    return [q, r, tf.matmul(q, r)]


cases("qr_square", qr, M(2, 3, 3), dtypes="fd")
cases("qr_tall", qr, M(4, 2), dtypes="f")
cases("qr_complex", lambda tf, x: qr(tf, x)[2], M(3, 3), dtypes="z", gradient=False)
cases("qr_full", lambda tf, x: qr(tf, x, True)[1:], M(4, 2), gradient=False)

# -- least squares ---------------------------------------------------------------------------------------------------

cases("lstsq_tall", lambda tf, a, b: tf.linalg.lstsq(a, b), M(2, 4, 3), R(2, 4, 2), dtypes="fdz")
cases("lstsq_wide", lambda tf, a, b: tf.matrix_solve_ls(a, b), M(2, 4), R(2, 1), dtypes="fd")
cases("lstsq_regularized", lambda tf, a, b: [tf.matrix_solve_ls(a, b, 0.5), tf.matrix_solve_ls(b, a, 0.1)], M(4, 3),
      R(4, 3))  # fmt: skip
cases("lstsq_complex_regularized", lambda tf, a, b: tf.matrix_solve_ls(a, b, 0.5), M(4, 3), R(4, 3), dtypes="z")
cases("lstsq_slow", lambda tf, a, b: tf.matrix_solve_ls(a, b, fast=False), M(2, 4, 3), R(2, 4, 2), dtypes="fz",
      gradient=False, tolerance=3e-5)  # fmt: skip
cases("lstsq_deficient", lambda tf, a, b: tf.matrix_solve_ls(a, b, fast=False), V(np.ones([3, 2])), R(3, 1),
      gradient=False)  # fmt: skip
cases("lstsq_deficient_fast", lambda tf, a, b: tf.matrix_solve_ls(a, b), V(np.ones([3, 2])), R(3, 1))
cases(
    "lstsq_op",
    lambda tf, a, b: tf.raw_ops.MatrixSolveLs(matrix=a, rhs=b, l2_regularizer=np.float64(0.1), fast=True),
    M(2, 4, 3),
    R(2, 4, 2),
    dtypes="fd",
)
cases(
    "lstsq_op_wide",
    lambda tf, a, b: tf.raw_ops.MatrixSolveLs(matrix=a, rhs=b, l2_regularizer=np.float64(0.1), fast=True),
    M(2, 3, 4),
    R(2, 3, 2),
)
cases(
    "lstsq_op_deficient",
    lambda tf, a, b: tf.raw_ops.MatrixSolveLs(matrix=a, rhs=b, l2_regularizer=np.float64(0), fast=True),
    V(np.ones([3, 2])),
    R(3, 2),
)
cases("matrix_rank", lambda tf, x: [tf.linalg.matrix_rank(x), tf.linalg.matrix_rank(x, 3.0)],
      V([[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]], [[1.0, 0.0, 3.0], [0.0, 5.0, 2.0]]]))  # fmt: skip
cases("matrix_rank_whole", lambda tf, x: tf.linalg.matrix_rank(x), R(2, 2), dtypes="i")
cases("pinv", lambda tf, x: tf.linalg.pinv(x), M(2, 4, 3), dtypes="fd")
cases("pinv_deficient", lambda tf, x: [tf.linalg.pinv(x), tf.linalg.pinv(x, 0.5)], V([[1.0, 2.0], [2.0, 4.0]]),
      gradient=False)  # fmt: skip

# -- functions of matrices -------------------------------------------------------------------------------------------

cases("expm", lambda tf, x: [tf.linalg.expm(x), tf.linalg.expm(x[0])], R(2, 3, 3), dtypes="fdz")
cases("expm_small", lambda tf, x: tf.linalg.expm(x * 0.01), R(3, 3), dtypes="fd")
cases("expm_large", lambda tf, x: tf.linalg.expm(x * -3), M(3, 3), dtypes="fd", tolerance=1e-4)
cases("expm_far_out", lambda tf, x: tf.linalg.expm(x), V([[-1e5, 0.0], [0.0, 0.5]]), gradient=False)
cases("expm_whole", lambda tf, x: tf.linalg.expm(x), R(2, 2), dtypes="i")
cases("expm_empty", lambda tf, x: tf.linalg.expm(x), R(2, 0, 0), gradient=False)
cases("sqrtm", lambda tf, x: tf.linalg.sqrtm(tf.matmul(x, x)), M(2, 3, 3), dtypes="fdz", tolerance=3e-5)
cases("sqrtm_negative", lambda tf, x: tf.linalg.sqrtm(x), V([[-1.0, 0.0], [0.0, 4.0]]), gradient=False)
cases("logm", lambda tf, x: tf.linalg.logm(x), M(2, 3, 3), dtypes="z", gradient=False)
cases("logm_negative", lambda tf, x: tf.linalg.logm(x), V([[-4.0, 1.0], [0.0, 4.0]], "c"), gradient=False)
cases("logm_singular", lambda tf, x: tf.linalg.logm(x), V([[0.0, 1.0], [0.0, 4.0]], "c"), gradient=False)
cases("logm_real", lambda tf, x: tf.linalg.logm(x), M(2, 2))

# -- three diagonals -------------------------------------------------------------------------------------------------

for _label, _format, _shape in (("", "compact", (2, 3, 5)), ("_of_matrix", "matrix", (5, 5))):
    _right = (*_shape[:-2], 5, 2)
    cases(
        "tridiagonal_solve" + _label,
        lambda tf, d, b, f=_format: tf.linalg.tridiagonal_solve(d, b, f),
        M(*_shape),
        R(*_right),
        dtypes="fdz",
        tolerance=1e-4,
    )
    cases(
        "tridiagonal_matmul" + _label,
        lambda tf, d, b, f=_format: tf.linalg.tridiagonal_matmul(d, b, f),
        R(*_shape),
        R(*_right),
        dtypes="fdz",
    )
cases(
    "tridiagonal_solve_sequence",
    lambda tf, a, b, c, r: [
        tf.linalg.tridiagonal_solve([a, b, c], r, "sequence"),
        tf.linalg.tridiagonal_solve([a, b, c], tf.stack([r, r + 1]), "sequence", transpose_rhs=True),
    ],
    R(3),
    V([5.0, 6.0, 7.0, 8.0]),
    R(4),
    R(4),
)
cases("tridiagonal_solve_conjugate", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r, conjugate_rhs=True), M(3, 4),
      R(4), dtypes="z")  # fmt: skip
cases("tridiagonal_solve_unpivoted", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r, partial_pivoting=False),
      V([[1.0, 2.0, 0.0], [5.0, 6.0, 7.0], [0.0, 1.0, 2.0]]), R(3))  # fmt: skip
cases("tridiagonal_solve_one", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r), M(3, 1), R(1, 2))
cases("tridiagonal_solve_singular", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r),
      V([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]), R(3))  # fmt: skip
cases("tridiagonal_solve_sizes", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r), M(3, 4), R(3, 2))
cases("tridiagonal_solve_two", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r), M(2, 4), R(4, 2))
cases("tridiagonal_solve_no_format", lambda tf, d, r: tf.linalg.tridiagonal_solve(d, r, "rows"), M(3, 4), R(4, 2))
cases("tridiagonal_matmul_sequence", lambda tf, a, b, c, r: tf.linalg.tridiagonal_matmul([a, b, c], r, "sequence"),
      R(2, 4), R(2, 4), R(2, 4), R(2, 4, 3))  # fmt: skip
cases("tridiagonal_matmul_sizes", lambda tf, d, r: tf.linalg.tridiagonal_matmul(d, r), M(3, 4), R(3, 2))
cases("cholesky_nan", lambda tf, x: tf.is_nan(tf.cholesky(x)), V([[np.nan, 0.0], [0.0, 1.0]]), gradient=False)
