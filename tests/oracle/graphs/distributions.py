"""Graphs of tf.distributions: parameters, samples, probabilities, statistics. Each: build(tf) adds nodes."""

STATISTICS = ("entropy", "mean", "mode", "variance", "stddev", "covariance")
OF_A_VALUE = ("log_prob", "prob", "log_cdf", "cdf", "log_survival_function", "survival_function", "quantile")


def _all_methods(tf, distribution, value, of_value=OF_A_VALUE, statistics=STATISTICS, samples=(4, 3), seed=5):
    """Call whatever the distribution has, and return what is known of it."""
    has = []
    drawn = [distribution.sample(shape, seed=seed) for shape in ((), 3, samples)]
    for name in of_value + statistics:
        try:
            getattr(distribution, name)(*([value] if name in of_value else []))
            has.append(name)
        except NotImplementedError:
            pass
    return {
        "has": has,
        "samples": [str(tensor.shape) for tensor in drawn],
        "batch": str(distribution.batch_shape),
        "event": str(distribution.event_shape),
        "text": str(distribution),
        "dtype": distribution.dtype.name,
        "parameters": sorted(distribution.parameters),
    }


def build_distribution_normal(tf):
    return _all_methods(tf, tf.distributions.Normal(0.0, [1.0, 2.0]), [[0.5], [1.5]])


def build_distribution_normal_unknown(tf):
    loc, scale = tf.placeholder(tf.float64, [None, 3]), tf.placeholder(tf.float64)
    return _all_methods(tf, tf.distributions.Normal(loc, scale, name="n"), tf.placeholder(tf.float64))


def build_distribution_vae(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, 6])
    loc, scale = tf.layers.dense(x, 2), tf.layers.dense(x, 2, tf.nn.softplus)
    posterior = tf.distributions.Normal(loc, scale)
    logits = tf.layers.dense(posterior.sample(), 6)
    likelihood = tf.distributions.Bernoulli(logits, dtype=tf.float32)
    divergence = tf.distributions.kl_divergence(posterior, tf.distributions.Normal(0.0, 1.0))
    return str(tf.reduce_sum(likelihood.log_prob(x), 1) - tf.reduce_sum(divergence, 1))


def build_distribution_policy(tf):
    states = tf.placeholder(tf.float32, [None, 4])
    actions = tf.placeholder(tf.int32, [None])
    policy = tf.distributions.Categorical(logits=tf.layers.dense(states, 3))
    policy.sample(seed=1)
    old = policy.copy(name="old")
    return [str(policy.log_prob(actions)), str(policy.entropy()), str(policy.kl_divergence(old)), str(policy.mode())]


def build_distribution_bernoulli(tf):
    return _all_methods(tf, tf.distributions.Bernoulli(probs=[0.2, 0.7]), [1, 0])


def build_distribution_bernoulli_unknown(tf):
    logits = tf.placeholder(tf.float32)
    return _all_methods(tf, tf.distributions.Bernoulli(logits, dtype=tf.float32), tf.placeholder(tf.float32, [None]))


def build_distribution_categorical(tf):
    return _all_methods(tf, tf.distributions.Categorical(probs=[[0.2, 0.3, 0.5]] * 2), [1, 0])


def build_distribution_categorical_unknown(tf):
    logits = tf.placeholder(tf.float32, [None, None])
    return _all_methods(tf, tf.distributions.Categorical(logits, dtype=tf.int64), tf.placeholder(tf.int64, [None]))


def build_distribution_categorical_vector(tf):
    return _all_methods(tf, tf.distributions.Categorical([0.1, 0.2, 0.3]), tf.placeholder(tf.int32, [None]))


def build_distribution_beta(tf):
    return _all_methods(tf, tf.distributions.Beta(2.0, [3.0, 0.5]), [0.3, 0.4])


def build_distribution_gamma(tf):
    return _all_methods(tf, tf.distributions.Gamma([2.0, 0.5], 3.0), [0.3, 0.4])


def build_distribution_exponential(tf):
    return _all_methods(tf, tf.distributions.Exponential([2.0, 0.5]), [0.3, 0.4])


def build_distribution_laplace(tf):
    return _all_methods(tf, tf.distributions.Laplace([2.0, 0.5], 3.0), [0.3, 0.4])


def build_distribution_uniform(tf):
    return _all_methods(tf, tf.distributions.Uniform(low=[0.0, 1.0], high=3.0), [0.3, 0.4])


def build_distribution_student_t(tf):
    return _all_methods(tf, tf.distributions.StudentT([3.0, 1.5], 0.0, 2.0), [0.3, 0.4])


def build_distribution_dirichlet(tf):
    return _all_methods(tf, tf.distributions.Dirichlet([3.0, 1.5, 2.0]), [0.3, 0.4, 0.3])


def build_distribution_dirichlet_batch(tf):
    concentration = tf.placeholder(tf.float32, [None, 3])
    few = tuple(name for name in STATISTICS if name != "mode")
    return _all_methods(tf, tf.distributions.Dirichlet(concentration), [0.3, 0.4, 0.3], statistics=few)


def build_distribution_dirichlet_multinomial(tf):
    return _all_methods(tf, tf.distributions.DirichletMultinomial(4.0, [3.0, 1.5, 2.0]), [1.0, 2.0, 1.0])


def build_distribution_multinomial(tf):
    d = tf.distributions.Multinomial(4.0, probs=[0.2, 0.3, 0.5])
    d.log_prob([1.0, 2.0, 1.0]), d.prob([1.0, 2.0, 1.0]), d.mean(), d.variance(), d.covariance(), d.stddev()
    return [str(d), str(d.batch_shape_tensor().shape), str(d.event_shape_tensor().shape)]


def build_distribution_divergences(tf):
    ds = tf.distributions
    ds.kl_divergence(ds.Gamma(2.0, 3.0), ds.Gamma(1.0, [2.0]))
    ds.Beta(2.0, 3.0).kl_divergence(ds.Beta(1.0, [2.0]))
    ds.Dirichlet([2.0, 3.0]).cross_entropy(ds.Dirichlet([[1.0, 2.0]]))
    ds.kl_divergence(ds.Bernoulli([0.1]), ds.Bernoulli(probs=0.2), name="b")


def build_distribution_shapes(tf):
    d = tf.distributions.Normal(tf.placeholder(tf.float32, [None, 2]), 1.0)
    d.batch_shape_tensor(), d.event_shape_tensor(), d.is_scalar_batch(), d.is_scalar_event()
    tf.distributions.Normal(tf.placeholder(tf.float32), 1.0).is_scalar_batch()
    shapes = tf.distributions.Normal.param_static_shapes([3, 2])
    tf.distributions.Bernoulli.param_shapes(tf.TensorShape([4]))
    return [str(tf.distributions.Normal(0.0, 1.0, name="a/b")), {name: str(shape) for name, shape in shapes.items()}]


def build_distribution_sample_shapes(tf):
    d = tf.distributions.Normal([0.0, 1.0], 1.0)
    shapes = [tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [2])]
    return [str(d.sample(shape, seed=1).shape) for shape in shapes]
