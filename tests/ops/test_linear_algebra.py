"""Gradients of functions of complex matrices, second derivatives, and what is refused."""

import numpy as np
import pytest

import defrun as tf

RNG = np.random.RandomState(5)
X = RNG.randn(2, 3, 3) + 1j * RNG.randn(2, 3, 3) + 3 * np.eye(3)
GRAD = RNG.randn(2, 3, 3) + 1j * RNG.randn(2, 3, 3)


@pytest.mark.parametrize(
    ("there", "back"),
    [(lambda x: tf.matmul(x, x), tf.linalg.sqrtm), (tf.linalg.logm, tf.linalg.expm)],
    ids=["sqrtm", "expm and logm"],
)
def test_the_gradient_through_a_function_and_its_inverse_is_that_of_the_identity(there, back):
    x = tf.constant(X)
    with tf.Session() as session:
        value, grad = session.run([back(there(x)), tf.gradients(back(there(x)), x, tf.constant(GRAD))[0]])
    np.testing.assert_allclose(value, X, atol=1e-10)
    np.testing.assert_allclose(grad, GRAD, atol=1e-9)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: tf.cholesky(tf.matmul(x, x, transpose_b=True)),
        tf.linalg.expm,
        tf.matrix_inverse,
        lambda x: tf.svd(x)[0],
        lambda x: tf.linalg.slogdet(x)[1],
        lambda x: tf.self_adjoint_eig(x + tf.linalg.transpose(x))[0],
        lambda x: tf.matrix_triangular_solve(x, x),
    ],
    ids=["cholesky", "expm", "inverse", "svd", "slogdet", "eigh", "triangular_solve"],
)
def test_second_derivatives_agree_with_differences(function):
    value, step = X[0].real, 1e-5
    direction = RNG.randn(3, 3)
    x = tf.placeholder(tf.float64, [3, 3])
    first = tf.gradients(tf.sin(function(x)), x)[0]
    second = tf.gradients(first, x, tf.constant(direction))[0]
    with tf.Session() as session:
        found = session.run(second, {x: value})
        ahead, behind = (session.run(first, {x: value + sign * step * direction}) for sign in (1, -1))
    np.testing.assert_allclose(found, (ahead - behind) / (2 * step), rtol=1e-5, atol=1e-5)


def test_nothing_of_the_upper_triangle_reaches_the_gradients():
    x = tf.constant(X[0].real @ X[0].real.T)
    with tf.Session() as session:
        for output in (tf.linalg.eigh(x)[0][0], tf.matrix_triangular_solve(x, tf.ones([3, 1], tf.float64))):
            grad = session.run(tf.gradients(output, x)[0])
            assert grad[2, 0] != 0
            np.testing.assert_array_equal(np.triu(grad, 1), 0)


def test_a_failed_step_leaves_variables_alone():
    v = tf.Variable(np.eye(2))
    bad = tf.assign(v, tf.matrix_inverse(tf.placeholder_with_default(np.ones([2, 2]), [2, 2])))
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match="not invertible"):
            session.run(bad)
        np.testing.assert_array_equal(session.run(v), np.eye(2))


def test_gradients_that_there_are_not_say_so():
    x = tf.placeholder(tf.complex128, [3, 3])
    with pytest.raises(NotImplementedError, match="svd"):
        tf.gradients(tf.real(tf.svd(x)[1]), x)
    y = tf.placeholder(tf.float64, [3, 5])
    with pytest.raises(NotImplementedError, match="full_matrices"):
        tf.gradients(tf.svd(y, full_matrices=True)[1], y)
    with pytest.raises(ValueError, match="fast=False"):
        tf.gradients(tf.linalg.lstsq(y, y, fast=False), y)
