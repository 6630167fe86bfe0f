"""Seeded random functions at their edges: shapes, types and what is refused."""


from tests.oracle.values.harness import Cases, N, P, R, V

cases = Cases()

cases(
    "rnd_empty",
    lambda tf: [tf.random.normal([0, 3], seed=1), tf.random.uniform([2, 0], seed=1, maxval=5, dtype=tf.int32)],
)
cases(
    "rnd_scalar",
    lambda tf: [tf.random.normal([], seed=1), tf.truncated_normal([], seed=2), tf.random_gamma([], 2.0, seed=3)],
)
cases("rnd_shape_fed", lambda tf, n: tf.random.uniform(n, seed=1), V([2, 3], "i"))
cases("rnd_shape_int64", lambda tf, n: tf.random.normal(n, seed=1, dtype=tf.float64), V([2, 3], "l"))
cases(
    "rnd_parameters",
    lambda tf, m, s: [
        tf.random.normal([2, 3], m, s, seed=1),
        tf.random.uniform([2, 3], m, m + s, seed=2),
        tf.random.truncated_normal([2, 3], m, s, seed=3),
    ],
    R(3),
    P(2, 1),
    gradient=False,
)
cases("rnd_gradient", lambda tf, m: tf.random.normal([2, 3], m, 2.0, seed=1) + m, R(3))
cases("rnd_negative", lambda tf, n: tf.random.normal(n, seed=1), V([2, -1], "i"))
cases("rnd_integers_no_maxval", lambda tf: tf.random.uniform([2], dtype=tf.int32, seed=1))
cases("rnd_integers_range", lambda tf, a: tf.random.uniform([2], a, 3, tf.int32, seed=1), V(3, "i"))
cases("rnd_integers_vector", lambda tf, a: tf.random.uniform([2], a, 3, tf.int32, seed=1), V([0, 1], "i"))
cases("rnd_uint8", lambda tf: tf.random.uniform([2], maxval=3, dtype=tf.uint8, seed=1))
cases("rnd_normal_integer", lambda tf: tf.random.normal([2], dtype=tf.int32, seed=1))
cases(
    "rnd_shuffle",
    lambda tf, x: [tf.random.shuffle(x, seed=4), tf.random.shuffle(x[0], seed=5), tf.random.shuffle(x[0, 0])],
    R(5, 2),
    gradient=False,
)
cases("rnd_shuffle_text", lambda tf, x: tf.random.shuffle(x, seed=4), V(["a", "b", "c", "d"], "S"))
cases(
    "rnd_categorical",
    lambda tf, x: [
        tf.random.categorical(x, 7, seed=1),
        tf.multinomial(x, 2, seed=3),
        tf.random.categorical(x, 0, seed=1, dtype=tf.int32),
    ],
    R(2, 4),
    dtypes="fd",
    gradient=False,
)
cases("rnd_categorical_vector", lambda tf, x: tf.random.categorical(x, 3, seed=1), R(4), gradient=False)
cases(
    "rnd_categorical_negative",
    lambda tf, x, n: tf.random.categorical(x, n, seed=1),
    R(2, 4),
    V(-2, "i"),
    gradient=False,
)
cases("rnd_categorical_no_class", lambda tf, x: tf.random.categorical(x, 1, seed=1), R(2, 0), gradient=False)
cases("rnd_categorical_float", lambda tf, x: tf.random.categorical(x, 1, dtype=tf.float32), R(2, 4), gradient=False)
cases("rnd_crop", lambda tf, x: tf.random_crop(x, [2, 3], seed=8), R(5, 3), gradient=False)
cases("rnd_crop_too_large", lambda tf, x: tf.random_crop(x, [2, 4], seed=8), R(5, 3), gradient=False)
cases("rnd_crop_rank", lambda tf, x: tf.random_crop(x, [2], seed=8), R(5, 3), gradient=False)
cases("rnd_gamma", lambda tf, a, b: tf.random_gamma([2], a, b, seed=1), P(3), P(2, 1), gradient=False)
cases("rnd_gamma_integer", lambda tf: tf.random_gamma([2], 1, dtype=tf.int32, seed=1))
cases(
    "rnd_poisson",
    lambda tf, x: [tf.random.poisson(x, [3], seed=2), tf.random_poisson(x, [], tf.int32, seed=2)],
    P(2),
    gradient=False,
)
cases("rnd_poisson_empty", lambda tf, x: tf.random.poisson(x, [2], seed=2), R(0), gradient=False)
cases(
    "rnd_stateless",
    lambda tf, s: [
        tf.random.stateless_uniform([3], s),
        tf.random.stateless_normal([2], s, 1.0, 3.0),
        tf.random.stateless_truncated_normal([2], s),
        tf.random.stateless_uniform([2], s, 1, 9, tf.int32),
        tf.contrib.stateless.stateless_random_uniform([3], s),
    ],
    V([3, 4], "i"),
)
cases("rnd_stateless_seed", lambda tf, s: tf.random.stateless_uniform([3], s), V([3, 4, 5], "i"))
cases("rnd_stateless_categorical", lambda tf, x: tf.random.stateless_categorical(x, 3, [1, 2]), R(2, 4), gradient=False)
cases(
    "rnd_initializers",
    lambda tf: [
        getattr(tf.initializers, name)(seed=1)([3, 4])
        for name in (
            "glorot_normal",
            "glorot_uniform",
            "he_normal",
            "he_uniform",
            "lecun_normal",
            "lecun_uniform",
            "orthogonal",
        )
    ],
    tolerance=1e-4,
)
cases("rnd_bernoulli_steps", lambda tf, n: tf.random.uniform(tf.shape(n), 0, 2, tf.int64, seed=6), N(0, 3, 4, 2))
