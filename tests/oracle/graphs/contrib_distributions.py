"""Graphs of tf.contrib.distributions, as far as they are TensorFlow's. Each: build(tf) adds nodes."""

from tests.oracle.graphs.distributions import _all_methods


def build_more_continuous(tf):
    ds = tf.contrib.distributions
    found = [_all_methods(tf, kind([2.0, 0.5], 3.0), [0.3, 0.4]) for kind in (ds.Logistic, ds.Cauchy, ds.InverseGamma)]
    found.append(_all_methods(tf, ds.HalfNormal([2.0, 0.5]), [0.3, 0.4]))
    return found + [_all_methods(tf, ds.Chi2([2.0, 0.5]), [0.3, 0.4])]


def build_more_discrete(tf):
    ds = tf.contrib.distributions
    made = [
        ds.Poisson([2.0, 0.5]),
        ds.Poisson(log_rate=0.1),
        ds.Geometric(probs=[0.2, 0.5]),
        ds.Deterministic([1.0, 2.0]),
        ds.NegativeBinomial([3.0, 4.0], logits=[0.1, 0.2]),
        ds.VectorDeterministic([[1.0, 2.0]], atol=0.1, rtol=0.1),
    ]
    values = [d for d in made if not isinstance(d, ds.VectorDeterministic)]
    found = [_all_methods(tf, d, [1.0, 2.0]) for d in values]
    found[3].pop("parameters")  # those of a base class of TensorFlow's, too
    made[-1].prob([1.0, 2.0]), made[-1].sample(3), made[-1].mean()
    d = ds.Binomial(4.0, probs=[0.2, 0.5])
    d.log_prob([1.0, 2.0]), d.prob([1.0, 2.0]), d.mean(), d.variance(), d.mode()
    return found


def build_more_softplus(tf):
    ds = tf.contrib.distributions
    x = tf.placeholder(tf.float32, [3])
    ds.NormalWithSoftplusScale(x, x), ds.LaplaceWithSoftplusScale(x, x), ds.ExponentialWithSoftplusRate(x)
    ds.GammaWithSoftplusConcentrationRate(x, x), ds.BetaWithSoftplusConcentration(x, x), ds.Chi2WithAbsDf(x)
    ds.StudentTWithAbsDfSoftplusScale(x, x, x), ds.InverseGammaWithSoftplusConcentrationRate(x, x)


def build_one_hot_distributions(tf):
    ds = tf.contrib.distributions
    return [
        _all_methods(tf, ds.OneHotCategorical([[0.1, 0.2, 0.3]] * 2), [[0.0, 1.0, 0.0]] * 2),
        _all_methods(
            tf, ds.OneHotCategorical(tf.placeholder(tf.float32, [None, 3]), dtype=tf.float32), [[0.0, 1.0, 0.0]]
        ),
        _all_methods(tf, ds.ExpRelaxedOneHotCategorical(0.5, probs=[0.2, 0.8]), [-0.1, -2.4]),
    ]


def build_independent_distributions(tf):
    ds = tf.contrib.distributions
    a = ds.Independent(ds.Normal([[0.0, 1.0]] * 3, 1.0))
    b = ds.Independent(ds.Normal(tf.placeholder(tf.float32, [None, 2]), 1.0), reinterpreted_batch_ndims=1)
    ds.kl_divergence(a, ds.Independent(ds.Normal([[0.0, 2.0]] * 3, 1.0), 1))
    return [_all_methods(tf, d, [[0.5, 0.25]] * 3) for d in (a, b)]


def build_mixture_same_family(tf):
    ds = tf.contrib.distributions
    a = ds.MixtureSameFamily(ds.Categorical(probs=[0.3, 0.7]), ds.Normal([-1.0, 1.0], [0.1, 0.5]))
    return _all_methods(tf, a, [0.5, 0.1, 0.2])


def build_distribution_helpers(tf):
    ds = tf.contrib.distributions
    x = tf.placeholder(tf.float32, [2, 6])
    y = tf.placeholder(tf.float32, [None, 3, 3])
    made = [ds.fill_triangular(x), ds.fill_triangular(x, upper=True), ds.fill_triangular_inverse(y)]
    made += [ds.fill_triangular_inverse(y, upper=True), ds.matrix_diag_transform(y, tf.nn.softplus)]
    made += [ds.softplus_inverse(x), ds.tridiag(x[:, 1:], x, x[:, :-1])]
    made += [ds.reduce_weighted_logsumexp(x), *ds.reduce_weighted_logsumexp(x, x, axis=1, return_sign=True)]
    return [str(tensor.shape) for tensor in made]
