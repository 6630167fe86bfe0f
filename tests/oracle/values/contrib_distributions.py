"""Values of tf.contrib.distributions whose graphs are our own: transformed, multivariate, mixtures; and bijectors."""

import numpy as np

from tests.oracle.values.distributions import functions, sampled
from tests.oracle.values.harness import Cases, P, R, U, V

cases = Cases()
TRIANGLE = V([[[0.5, 0.0, 0.0], [0.3, -1.2, 0.0], [1.0, 0.2, 2.0]]])
MATRIX = V([[2.0, 0.5, 0.1], [0.5, 1.0, -0.2], [0.1, -0.2, 0.7]])


def _ds(tf):
    return tf.contrib.distributions


def _some(d, *values):
    return functions(d, *values, names=("log_prob", "prob"))


cases("mvn_diag", lambda tf, m, s, x: _some(_ds(tf).MultivariateNormalDiag(m, s), x), R(2, 3), P(2, 3), R(4, 2, 3))
cases("mvn_diag_broadcast", lambda tf, m, s, x: _some(_ds(tf).MultivariateNormalDiag(m, s), x), R(3), P(2, 3), R(2, 3))
cases("mvn_diag_defaults", lambda tf, s: _some(_ds(tf).MultivariateNormalDiag(scale_diag=s), tf.ones_like(s)), P(3))
cases(
    "mvn_identity",
    lambda tf, x: _ds(tf).MultivariateNormalDiag([0.5, 0.1, 0.2], scale_identity_multiplier=2.0).log_prob(x),
    R(2, 3),
)
cases(
    "mvn_softplus",
    lambda tf, m, s: _some(_ds(tf).MultivariateNormalDiagWithSoftplusScale(m, s), m + 1),
    R(2, 3),
    R(2, 3),
)
cases(
    "mvn_tril",
    lambda tf, m, s, x: _some(_ds(tf).MultivariateNormalTriL(m, s), x),
    R(2, 3),
    TRIANGLE,
    R(4, 2, 3),
    tolerance=1e-4,
)
cases(
    "mvn_full",
    lambda tf, m, s, x: _some(_ds(tf).MultivariateNormalFullCovariance(m, s), x),
    R(3),
    MATRIX,
    R(2, 3),
    tolerance=1e-4,
    gradient=False,
)


def _mvn_samples(tf, m, t):
    ds = _ds(tf)
    made = [ds.MultivariateNormalDiag(m, tf.abs(m) + 1), ds.MultivariateNormalTriL(m, t)]
    return [d.sample(shape, seed=3) for d in made for shape in ((), 4, [2, 1])]


cases("mvn_samples", _mvn_samples, R(2, 3), TRIANGLE, gradient=False)


def _divergences(tf, m, s, t, c):
    ds = _ds(tf)
    made = [ds.MultivariateNormalDiag(m, s), ds.MultivariateNormalTriL(s, t), ds.MultivariateNormalFullCovariance(m, c)]
    return [ds.kl_divergence(a, b) for a in made for b in made]


cases("mvn_kl", _divergences, R(2, 3), P(2, 3), TRIANGLE, MATRIX, tolerance=1e-4, gradient=False)


def _transformed(tf, x):
    ds, b = _ds(tf), _ds(tf).bijectors
    normal = ds.Normal(x, 1.0)
    made = [ds.TransformedDistribution(normal, b.Exp()), ds.TransformedDistribution(normal, b.Sigmoid(), name="s")]
    made += [
        ds.TransformedDistribution(normal, b.Softplus()),
        ds.TransformedDistribution(normal, b.AffineScalar(2.0, 3.0)),
    ]
    found = []
    for d in made:
        y = d.bijector.forward(x)
        found += [d.log_prob(y), d.prob(y), d.cdf(y), d.log_survival_function(y), d.quantile(tf.fill([3], 0.4))]
    return found + [made[-1].entropy()]


cases("transformed", _transformed, R(3))
cases(
    "transformed_samples",
    lambda tf, x: [
        _ds(tf).TransformedDistribution(_ds(tf).Normal(x, 1.0), _ds(tf).bijectors.Exp()).sample(shape, seed=4)
        for shape in ((), [2])
    ],
    R(3),
    gradient=False,
)


def _overrides(tf, x):
    ds, b = _ds(tf), _ds(tf).bijectors
    affine = b.AffineScalar(scale=tf.constant(2.0))
    a = ds.TransformedDistribution(ds.Normal(0.0, 1.0), affine, event_shape=[3], batch_shape=[2])
    c = ds.TransformedDistribution(ds.Normal([0.0, 1.0], 1.0), affine, event_shape=[3])
    found = [a.log_prob(x), a.prob(x), a.entropy(), c.log_prob(x), c.prob(x), c.entropy()]
    return found + [d.sample(shape, seed=6) for d in (a, c) for shape in ((), 4)]


cases("transformed_overrides", _overrides, R(2, 3))
cases(
    "relaxed_one_hot",
    lambda tf, x: [
        _ds(tf).RelaxedOneHotCategorical(0.5, logits=x).sample(2, seed=5),
        _ds(tf).RelaxedOneHotCategorical(0.7, logits=x).log_prob(tf.nn.softmax(x + 1.0)),
    ],
    R(2, 4),
    gradient=False,
)
cases(
    "relaxed_bernoulli",
    lambda tf, x: [
        _ds(tf).RelaxedBernoulli(0.5, logits=x).sample(2, seed=5),
        _ds(tf).RelaxedBernoulli(0.7, probs=tf.sigmoid(x)).log_prob(tf.sigmoid(x + 1.0)),
    ],
    R(4),
    gradient=False,
)


def _bijectors(tf, x):
    b = _ds(tf).bijectors
    chain = b.Chain([b.Exp(), b.AffineScalar(1.0, 2.0)])
    inline = b.Inline(lambda x: x**3, lambda y: y, lambda y: -tf.abs(y), forward_min_event_ndims=0, name="cube")
    found = []
    for bijector in (
        b.Exp(),
        b.Sigmoid(),
        b.Softplus(),
        b.Softplus(0.5),
        b.AffineScalar(1.0, -2.0),
        b.Identity(),
        b.PowerTransform(0.5),
        chain,
        b.Invert(b.Exp()),
        b.Invert(chain),
    ):
        source = 0.5 * tf.abs(x) + 1.5 if bijector.name.startswith("invert") else x
        y = bijector.forward(source)
        found += [y, bijector.inverse(tf.identity(y)), bijector.forward_log_det_jacobian(source, event_ndims=0)]
        found += [bijector.inverse_log_det_jacobian(tf.identity(y), event_ndims=1) * tf.ones([])]
    return found + [inline.forward(x), inline.inverse_log_det_jacobian(x, event_ndims=0)]


cases("bijectors", _bijectors, U(2, 3), tolerance=1e-4)


def _mixture(tf, x, static):
    ds = _ds(tf)
    d = ds.Mixture(
        ds.Categorical(logits=[[0.1, 0.9], [0.4, -0.2]]),
        [ds.Normal([0.0, 1.0], 1.0), ds.Normal(3.0 * tf.ones([2]), [1.0, 2.0])],
        use_static_graph=static,
    )
    return [
        d.log_prob(x),
        d.log_cdf(x),
        d.mean(),
        d.stddev(),
        d.variance(),
        d.entropy_lower_bound(),
        d.sample(5, seed=1),
    ]


cases("mixture", lambda tf, x: _mixture(tf, x, False), R(3, 2), gradient=False)
cases("mixture_static", lambda tf, x: _mixture(tf, x, True), R(3, 2), gradient=False)


def _mixture_of_vectors(tf, x):
    ds = _ds(tf)
    parts = ds.MultivariateNormalDiag([[0.0, 1.0], [2.0, -1.0]], [[1.0, 0.5], [0.3, 1.0]])
    d = ds.MixtureSameFamily(ds.Categorical(probs=[0.25, 0.75]), parts)
    return [d.log_prob(x), d.mean(), d.variance(), d.covariance(), d.stddev()]


cases("mixture_same_family", _mixture_of_vectors, R(3, 2))
cases(
    "more_scalar",
    lambda tf, x: [
        r for d in (_ds(tf).Logistic(x, 2.0), _ds(tf).Cauchy(x, 2.0), _ds(tf).HalfNormal(x)) for r in sampled(d, x)
    ],
    P(3),
    gradient=False,
)
cases(
    "more_counts",
    lambda tf, x: [
        _ds(tf).Poisson(x).log_prob([1.0, 2.0, 0.0]),
        _ds(tf).Geometric(x).log_prob(2.0),
        _ds(tf).Binomial(4.0, x).log_prob([1.0, 4.0, 0.0]),
        _ds(tf).NegativeBinomial(3.0, x).log_prob(2.0),
    ],
    U(3),
)
cases("negative_binomial_sample", lambda tf: _ds(tf).NegativeBinomial([3.0, 4.0], [0.5, 0.1]).sample(4, seed=2))
cases(
    "one_hot_categorical",
    lambda tf, x: sampled(_ds(tf).OneHotCategorical(x, dtype=tf.float32), tf.one_hot([1, 0], 4)),
    R(2, 4),
)

cases("mvn_sizes", lambda tf: _ds(tf).MultivariateNormalDiag([0.0, 1.0], [1.0, 1.0, 1.0]).mean())
cases("mvn_nothing", lambda tf: _ds(tf).MultivariateNormalDiag().mean())
cases("mvn_tril_nothing", lambda tf: _ds(tf).MultivariateNormalTriL().mean())
cases("poisson_both", lambda tf: _ds(tf).Poisson(1.0, 1.0).mean())
cases("poisson_integer", lambda tf: _ds(tf).Poisson(1).mean())
cases("independent_too_many", lambda tf: _ds(tf).Independent(_ds(tf).Normal([0.0], 1.0), 2).mean())
cases(
    "override_not_scalar",
    lambda tf: _ds(tf).TransformedDistribution(_ds(tf).Normal([0.0], 1.0), batch_shape=[2]).mean(),
)
cases(
    "bijector_axes",
    lambda tf: (
        _ds(tf)
        .bijectors.Chain([_ds(tf).bijectors.Inline(lambda x: x, lambda x: x, lambda x: x, forward_min_event_ndims=1)])
        .inverse_log_det_jacobian([1.0], event_ndims=0)
    ),
)
cases(
    "mixture_counts",
    lambda tf: _ds(tf).Mixture(_ds(tf).Categorical([0.1, 0.2, 0.3]), [_ds(tf).Normal(0.0, 1.0)]).mean(),
)
cases("mixture_no_categorical", lambda tf: _ds(tf).Mixture(_ds(tf).Normal(0.0, 1.0), [_ds(tf).Normal(0.0, 1.0)]).mean())
cases(
    "softplus_inverse", lambda tf, x: _ds(tf).softplus_inverse(x), V([1e-20, 1e-7, 0.3, 1.0, 20.0, 200.0]), dtypes="fd"
)
cases("fill_triangular_length", lambda tf: _ds(tf).fill_triangular(np.ones([4], np.float32)))
