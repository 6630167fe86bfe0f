"""Graphs of functions that are made of several operations of linear algebra."""

import numpy as np


def build_decompositions(tf):
    x = tf.placeholder(tf.float32, [2, 3, 3], name="x")
    tf.cholesky(x, name="c")
    tf.self_adjoint_eig(x)
    tf.self_adjoint_eigvals(x)
    tf.svd(x)
    tf.svd(x, compute_uv=False)
    tf.qr(x)
    tf.linalg.slogdet(x)
    tf.linalg.logdet(x)
    tf.linalg.lu(x)
    tf.linalg.sqrtm(x)
    tf.matrix_determinant(x, name="det")


def build_pinv_and_rank(tf):
    for shape in ([2, 3, 4], [None, 3, 3], [None, None], None):
        x = tf.placeholder(tf.float32, shape)
        tf.linalg.matrix_rank(x)
        tf.linalg.matrix_rank(x, 0.1, validate_args=True)
        tf.linalg.pinv(x, name="inverse")
        tf.linalg.pinv(x, 0.1, validate_args=True)


def build_solve(tf):
    a, b = tf.placeholder(tf.float32, [2, 3, 3]), tf.placeholder(tf.float32, [2, 3, 1])
    tf.matrix_solve(a, b)
    tf.matrix_triangular_solve(a, b, lower=False)
    tf.cholesky_solve(a, b)
    tf.matrix_inverse(a, adjoint=True)


def build_lstsq(tf):
    tall, wide = tf.placeholder(tf.float32, [2, 4, 3]), tf.placeholder(tf.float32, [3, 4])
    tf.matrix_solve_ls(tall, tf.ones([2, 4, 1]))
    tf.matrix_solve_ls(tall, tf.ones([2, 4, 1]), 0.1, name="regular")
    tf.matrix_solve_ls(wide, tf.ones([3, 1]), tf.constant(0.5))
    tf.matrix_solve_ls(wide, tf.ones([3, 1]), fast=False)
    tf.matrix_solve_ls(tf.placeholder(tf.float32, [10000, 4, 3]), tf.ones([10000, 4, 1]))
    tf.matrix_solve_ls(tf.placeholder(tf.float32, [None, 4, 3]), tf.ones([2, 4, 1]), 0.1)


def build_tridiagonal(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    rhs = tf.placeholder(tf.float32, [2, 4])
    tf.linalg.tridiagonal_solve(x, rhs)
    tf.linalg.tridiagonal_solve(x, tf.ones([2, 5, 4]), transpose_rhs=True)
    tf.linalg.tridiagonal_solve(tf.constant(np.ones([4, 4], np.float32)), tf.ones([4]), "matrix")
    tf.linalg.tridiagonal_solve([x[:, 0, :3], x[:, 1], x[:, 2, 1:]], rhs, "sequence")
    tf.linalg.tridiagonal_matmul(x, tf.ones([2, 4, 2]))
    tf.linalg.tridiagonal_matmul(tf.constant(np.ones([4, 4], np.float32)), tf.ones([4, 2]), "matrix")
