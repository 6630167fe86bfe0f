"""Values of the corners of tf.nn, of initializers with seeds, and of tf.keras's activations and constraints."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()

ONES = [1, 1, 1, 1, 1]
for padding in ("SAME", "VALID"):
    cases(
        "conv3d_steps_" + padding,
        lambda tf, x, w, padding=padding: tf.nn.conv3d(x, w, [1, 2, 1, 2, 1], padding),
        R(1, 4, 3, 4, 2),
        R(2, 2, 3, 2, 3),
    )
cases(
    "separable_rates",
    lambda tf, x, d, p: tf.nn.separable_conv2d(x, d, p, [1, 1, 1, 1], "VALID", rate=[2, 1]),
    R(1, 7, 6, 2),
    R(3, 2, 2, 2),
    R(1, 1, 4, 3),
)
cases(
    "conv3d_to_filter_by_hand",
    lambda tf, x, g: tf.nn.conv3d_backprop_filter(x, [2, 2, 2, 2, 3], g, ONES, "VALID"),
    R(1, 3, 3, 3, 2),
    R(1, 2, 2, 2, 3),
)
cases(
    "conv3d_transposed_values",
    lambda tf, x, w: tf.nn.conv3d_transpose(x, w, [1, 4, 4, 6, 2], [1, 2, 2, 3, 1]),
    R(1, 2, 2, 2, 3),
    R(2, 3, 2, 2, 3),
)
cases("pool_dilated", lambda tf, x: tf.nn.pool(x, [2, 2], "AVG", "VALID", dilation_rate=[2, 1]), R(1, 6, 5, 2))
cases(
    "pool_volume",
    lambda tf, x: tf.nn.pool(x, [2, 1, 2], "MAX", "SAME", strides=[2, 1, 1]),
    R(1, 3, 2, 4, 1),
)
cases(
    "argmax_in_batch",
    lambda tf, x: tf.nn.max_pool_with_argmax(
        x, [1, 2, 3, 1], [1, 2, 2, 1], "SAME", include_batch_in_index=True
    ),
    R(2, 5, 4, 2),
)
cases(
    "global_normalization",
    lambda tf, x, m, v, b, g: tf.nn.batch_norm_with_global_normalization(x, m, v, b, g, 1e-3, True),
    R(2, 3, 3, 2),
    R(2),
    P(2),
    R(2),
    R(2),
)
cases("l2_normalize_axes", lambda tf, x: tf.nn.l2_normalize(x, [0, 2], epsilon=2.0), R(2, 3, 2))
cases("crelu_axis", lambda tf, x: tf.nn.crelu(x, axis=1), R(2, 3, 2))
cases("relu_layer", lambda tf, x, w, b: tf.nn.relu_layer(x, w, b), R(2, 3), R(3, 4), R(4))
cases(
    "in_top_k_ties",
    lambda tf, x, t: tf.nn.in_top_k(x, t, 2),
    V([[1.0, 2.0, 2.0, 2.0], [np.nan, 1.0, 0.0, 3.0], [np.inf, 1.0, 2.0, 3.0]]),
    V([1, 1, 0], "i"),
)
cases("in_top_k_outside", lambda tf, x, t: tf.nn.in_top_k(x, t, 1), R(2, 3), V([3, -1], "i"))
cases(
    "batch_moments_by_weight",
    lambda tf, x, w: tf.nn.weighted_moments(x, [0, 1], w, keep_dims=True),
    R(3, 4, 2),
    P(3, 1, 1),
)

SHAPE = [3, 4, 2]


def _initializers(tf):
    init, keras = tf.initializers, tf.keras.initializers
    return {
        "glorot_uniform": tf.glorot_uniform_initializer(seed=1),
        "glorot_normal": tf.glorot_normal_initializer(seed=2),
        "he_normal": init.he_normal(seed=3),
        "he_uniform": init.he_uniform(seed=4),
        "lecun_normal": init.lecun_normal(seed=5),
        "lecun_uniform": init.lecun_uniform(seed=6),
        "scaled": init.variance_scaling(3.0, "fan_out", "untruncated_normal", seed=7),
        "unit": tf.uniform_unit_scaling_initializer(2.0, seed=8),
        "keras_normal": keras.RandomNormal(seed=9),
        "keras_uniform": keras.RandomUniform(seed=10),
        "keras_truncated": keras.TruncatedNormal(seed=11),
        "xavier": tf.contrib.layers.xavier_initializer(seed=12),
        "contrib_scaled": tf.contrib.layers.variance_scaling_initializer(seed=13),
        "contrib_average": tf.contrib.layers.variance_scaling_initializer(1.5, "FAN_AVG", True, seed=14),
    }


for name in ("glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "scaled",
             "unit", "keras_normal", "keras_uniform", "keras_truncated", "xavier", "contrib_scaled",
             "contrib_average"):  # fmt: skip
    cases("initial_" + name, lambda tf, name=name: _initializers(tf)[name](SHAPE))

for name in ("elu", "exponential", "hard_sigmoid", "linear", "relu", "selu", "sigmoid", "softmax", "softplus",
             "softsign", "tanh"):  # fmt: skip
    cases("keras_" + name, lambda tf, x, name=name: getattr(tf.keras.activations, name)(x), R(3, 4))
cases("keras_relu_bent", lambda tf, x: tf.keras.activations.relu(x, 0.1, 2.0, 0.5), R(3, 4))
cases("keras_elu_alpha", lambda tf, x: tf.keras.activations.elu(x, 0.3), R(3, 4))
cases(
    "keras_constraints",
    lambda tf, x: [
        tf.keras.constraints.MaxNorm(1.0, axis=1)(x),
        tf.keras.constraints.NonNeg()(x),
        tf.keras.constraints.UnitNorm()(x),
        tf.keras.constraints.MinMaxNorm(0.5, 1.5, 0.7)(x),
    ],
    R(3, 4),
)
cases(
    "keras_regularizers",
    lambda tf, x: [tf.keras.regularizers.l1_l2(0.1, 0.2)(x), tf.keras.regularizers.l1()(x)],
    R(3),
)
cases(
    "accidental_hits",
    lambda tf, t, s: tf.nn.compute_accidental_hits(t, s, 2),
    V([[1, 2], [0, 4]], "l"),
    V([4, 2, 1, 9], "l"),
)
cases(
    "samples_of_vectors",
    lambda tf, t: tf.nn.uniform_candidate_sampler(t, 1, 2, False, 4, seed=1),
    V([1, 2], "l"),
)
cases("samples_too_many", lambda tf, t: tf.nn.log_uniform_candidate_sampler(t, 1, 5, True, 4, seed=1), V([[1]], "l"))
