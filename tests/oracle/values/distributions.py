"""Values of tf.distributions: samples, probabilities, statistics, divergences, and what is refused.

The graphs of all methods are TensorFlow's, node for node (tests/oracle/graphs/distributions.py), so that a few values
of each tell enough; gamma numbers and incomplete beta and gamma functions take long to compile.
"""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()


def sampled(d, *values):
    """Return a sample, the density of each value, and statistics."""
    return [d.sample([2], seed=8)] + few(d, *values)


def few(d, *values):
    """Return the density of each value, and statistics."""
    return functions(d, *values, names=("log_prob",))


def functions(d, *values, names=("log_prob", "prob", "log_cdf", "cdf", "log_survival_function", "survival_function")):
    """Return the named functions of each value and every statistic that there is."""
    found = []
    for value in values:
        for name in names:
            found += _if_there(getattr(d, name), value)
    for name in ("entropy", "mean", "mode", "variance", "stddev", "covariance"):
        found += _if_there(getattr(d, name))
    return found


def _if_there(method, *arguments):
    try:
        return [method(*arguments)]
    except NotImplementedError:
        return []


UNIT = V([0.02, 0.3, 0.97])
FAR = V([[-30.0, -6.0, -0.4], [0.0, 0.7, 8.0]])

cases("d_normal", lambda tf, m, s, x: functions(tf.distributions.Normal(m, s), x), R(3), P(3), R(2, 3), dtypes="fd")
cases("d_normal_far", lambda tf, x: functions(tf.distributions.Normal(tf.zeros_like(x[0]), 1.0), x), FAR,
      gradient=False)  # fmt: skip
cases("d_normal_far_double", lambda tf, x: [tf.distributions.Normal(tf.zeros([], tf.float64), 1.0).log_cdf(5 * x)],
      FAR, dtypes="d")  # fmt: skip
cases("d_normal_quantile", lambda tf, p: tf.distributions.Normal(p * 0, 2.0).quantile(p),
      V([0.0, 1e-30, 1e-5, 0.1, 0.5, 0.87, 0.99, 1.0]), dtypes="fd")  # fmt: skip
cases("d_laplace", lambda tf, m, s, x: functions(tf.distributions.Laplace(m, s), x), R(3), P(3), R(2, 3))
cases("d_laplace_far", lambda tf, x: functions(tf.distributions.Laplace(tf.zeros_like(x[0]), 1.0), x), FAR)
cases("d_uniform", lambda tf, m, s, x: functions(tf.distributions.Uniform(m, m + s), x), R(3), P(3), R(2, 3))
cases("d_uniform_ends", lambda tf, x: functions(tf.distributions.Uniform(), x), V([0.0, 0.5, 1.0, np.nan]))


def _samples(tf, loc, scale):
    kinds = [getattr(tf.distributions, name) for name in ("Normal", "Laplace", "Uniform")]
    return [kind(loc, loc + scale).sample(shape, seed=9) for kind in kinds for shape in ((), [3, 2])]


cases("d_samples", _samples, R(3), P(2, 3), gradient=False)
cases("d_student_t", lambda tf, n, m, s, x: few(tf.distributions.StudentT(n, m, s), x), P(3), R(3), P(3),
      R(3), tolerance=1e-4, gradient=False)  # fmt: skip
cases("d_student_t_shapes", lambda tf, n, x: tf.distributions.StudentT(n, 0.0, 1.0).cdf(x), P(3), R(2, 3))
cases("d_student_t_few", lambda tf, n: few(tf.distributions.StudentT(n, 0.0, 1.0)), V([0.5, 1.0, 1.5, 2.0]),
      gradient=False)  # fmt: skip
cases("d_gamma", lambda tf, a, b, x: few(tf.distributions.Gamma(a, b), x), P(3), P(3), P(2, 3), tolerance=1e-4,
      gradient=False)  # fmt: skip
cases("d_cdf", lambda tf, a, x: [d.cdf(x) for d in (tf.distributions.Gamma(a, 2.0), tf.distributions.Exponential(a),
      tf.distributions.Beta(a, 2.0), tf.distributions.StudentT(a, 0.0, 1.0))], P(3), UNIT, tolerance=1e-4,
      gradient=False)  # fmt: skip
cases("d_gamma_log_prob", lambda tf, a, b, x: tf.distributions.Gamma(a, b).log_prob(x), P(3), P(3), P(2, 3))
cases("d_exponential", lambda tf, b, x: few(tf.distributions.Exponential(b), x), P(3), P(2, 3), tolerance=1e-4,
      gradient=False)  # fmt: skip
cases("d_exponential_log_prob", lambda tf, b, x: tf.distributions.Exponential(b).log_prob(x), P(3), P(2, 3))
cases("d_beta", lambda tf, a, b, x: sampled(tf.distributions.Beta(a, b), x), P(3), P(3), UNIT, tolerance=1e-4,
      gradient=False)  # fmt: skip
cases("d_beta_log_prob", lambda tf, a, b, x: tf.distributions.Beta(a, b).log_prob(x), P(3), P(3), UNIT)
cases("d_bernoulli", lambda tf, x: sampled(tf.distributions.Bernoulli(x), [1, 0, 1]), R(3), dtypes="d")
cases("d_bernoulli_probs", lambda tf, p: few(tf.distributions.Bernoulli(probs=p), [[1], [0]]), UNIT)
cases("d_bernoulli_certain", lambda tf, p: tf.distributions.Bernoulli(probs=p).log_prob([[1.0], [0.0]]), V([0.0, 1.0]))
cases("d_categorical", lambda tf, x: sampled(tf.distributions.Categorical(x), [2, 0]), R(2, 4))
cases("d_categorical_vector", lambda tf, x: few(tf.distributions.Categorical(x), [2, 0, 1]), R(4))
cases("d_categorical_3d", lambda tf, x: few(tf.distributions.Categorical(x, dtype=tf.int64), [[2], [0]]),
      R(2, 3, 4))  # fmt: skip
cases("d_categorical_probs", lambda tf, p: few(tf.distributions.Categorical(probs=p), 1), V([[0.1, 0.9, 0.0]]))
cases("d_dirichlet", lambda tf, a: few(tf.distributions.Dirichlet(a), [0.2, 0.5, 0.3]), P(3), tolerance=1e-4,
      gradient=False)  # fmt: skip
cases("d_dirichlet_log_prob", lambda tf, a: tf.distributions.Dirichlet(a).log_prob([0.2, 0.5, 0.3]), P(2, 3))
cases("d_dirichlet_multinomial", lambda tf, a: sampled(tf.distributions.DirichletMultinomial(4.0, a),
      [1.0, 0.0, 3.0]), P(3), tolerance=1e-4, gradient=False)  # fmt: skip


def _multinomial(tf, x):
    d = tf.distributions.Multinomial([4.0, 5.0], logits=x)
    return [d.log_prob([1.0, 0.0, 3.0]), d.mean(), d.variance(), d.covariance(), d.stddev()]


cases("d_multinomial", _multinomial, R(2, 3))
cases("d_multinomial_sample", lambda tf: tf.distributions.Multinomial(9.0, probs=[0.2, 0.5, 0.3]).sample(4, seed=3))

cases("d_kl_normal", lambda tf, m, s, n, t: tf.distributions.Normal(m, s).kl_divergence(tf.distributions.Normal(n, t)),
      R(3), P(3), R(2, 1), P(1))  # fmt: skip
cases("d_kl_bernoulli", lambda tf, a, b: [tf.distributions.kl_divergence(
      tf.distributions.Bernoulli(a), tf.distributions.Bernoulli(b))], R(3), R(3))  # fmt: skip
cases("d_kl_categorical", lambda tf, a, b: [tf.distributions.Categorical(a).cross_entropy(
      tf.distributions.Categorical(b))], R(2, 3), R(2, 3))  # fmt: skip
cases("d_kl_gamma", lambda tf, a, b: tf.distributions.Gamma(a, b).kl_divergence(tf.distributions.Gamma(b, a)), P(3),
      P(3), tolerance=1e-4)  # fmt: skip
cases("d_kl_beta", lambda tf, a, b: tf.distributions.Beta(a, b).kl_divergence(tf.distributions.Beta(b, a)), P(3), P(3),
      tolerance=1e-4)  # fmt: skip
cases("d_kl_dirichlet", lambda tf, a, b: tf.distributions.Dirichlet(a).kl_divergence(tf.distributions.Dirichlet(b)),
      P(2, 3), P(3), tolerance=1e-4)  # fmt: skip
cases("d_kl_unknown", lambda tf: tf.distributions.Normal(0.0, 1.0).kl_divergence(tf.distributions.Laplace(0.0, 1.0)))

cases("d_normal_two_types", lambda tf, m: tf.distributions.Normal(m, np.float64(1.0)).mean(), R(2))
cases("d_normal_integers", lambda tf: tf.distributions.Normal(0, 1).mean())
cases("d_normal_negative", lambda tf, s: tf.distributions.Normal(0.0, s, validate_args=True).mean(), V([1.0, -1.0]))
cases("d_uniform_empty", lambda tf, x: tf.distributions.Uniform(x, 1.0, validate_args=True).mean(), V([0.0, 1.0]))
cases("d_gamma_negative", lambda tf, x: tf.distributions.Gamma(1.0, 1.0, validate_args=True).log_prob(x),
      V([1.0, -1.0]))  # fmt: skip
cases("d_beta_outside", lambda tf, x: tf.distributions.Beta(1.0, 1.0, validate_args=True).log_prob(x), V([0.5, 1.5]))
cases("d_bernoulli_both", lambda tf: tf.distributions.Bernoulli(logits=0.1, probs=0.2).mean())
cases("d_bernoulli_none", lambda tf: tf.distributions.Bernoulli().mean())
cases("d_bernoulli_integers", lambda tf: tf.distributions.Bernoulli(logits=1).mean())
cases("d_bernoulli_beyond", lambda tf, p: tf.distributions.Bernoulli(probs=p, validate_args=True).mean(), V([0.5, 1.5]))
cases("d_bernoulli_value", lambda tf, x: tf.distributions.Bernoulli(0.1, validate_args=True).log_prob(x), V([0.0, 0.5]))
cases("d_categorical_sum", lambda tf, p: tf.distributions.Categorical(probs=p, validate_args=True).entropy(),
      V([0.5, 0.6]))  # fmt: skip
cases("d_categorical_value", lambda tf, x: tf.distributions.Categorical([0.1, 0.2], validate_args=True).log_prob(x),
      V([0, -1], "i"))  # fmt: skip
cases("d_categorical_string", lambda tf, x: tf.distributions.Categorical([0.1, 0.2]).log_prob(x), V(["a"], "S"))
cases("d_categorical_one_class", lambda tf, x: tf.distributions.Categorical(x, validate_args=True).entropy(), R(2, 1))
cases("d_dirichlet_value", lambda tf, x: tf.distributions.Dirichlet([1.0, 2.0], validate_args=True).log_prob(x),
      V([0.5, 0.6]))  # fmt: skip
cases("d_multinomial_counts", lambda tf, x: tf.distributions.Multinomial(3.0, [0.1, 0.2], validate_args=True).prob(x),
      V([1.0, 1.0]))  # fmt: skip
cases("d_multinomial_total", lambda tf, n: tf.distributions.Multinomial(n, [0.1, 0.2], validate_args=True).mean(),
      V([1.5]))  # fmt: skip
cases("d_mode_undefined", lambda tf, a: tf.distributions.Gamma(a, 1.0, allow_nan_stats=False).mode(), V([2.0, 0.5]))
cases("d_mean_undefined", lambda tf, n: tf.distributions.StudentT(n, 0.0, 1.0, allow_nan_stats=False).mean(),
      V([2.0, 0.5]))  # fmt: skip
cases("d_sample_matrix", lambda tf: tf.distributions.Normal(0.0, 1.0).sample([[2, 3]]))
cases("d_kl_nan", lambda tf, s: tf.distributions.kl_divergence(tf.distributions.Normal(0.0, s),
      tf.distributions.Normal(0.0, 1.0), allow_nan_stats=False), V([np.nan]))  # fmt: skip
