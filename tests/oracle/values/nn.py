"""Values of what networks are made of: softmax, cross entropies, convolutions, pools, normalizations, losses."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()

cases("softmax", lambda tf, x: [tf.nn.softmax(x), tf.nn.log_softmax(x)], R(3, 4), dtypes="fd")
cases("softmax_axis", lambda tf, x: [tf.nn.softmax(x, 1), tf.nn.softmax(x, 0), tf.nn.log_softmax(x, 1)], R(2, 3, 4))
cases("softmax_far_out", lambda tf, x: [tf.nn.softmax(x), tf.nn.log_softmax(x)], V([[1000.0, 0.0], [-1000.0, -1001.0]]))
cases("softmax_vector", lambda tf, x: tf.nn.softmax(x), R(4))
cases("softmax_half", lambda tf, x: tf.nn.softmax(x), R(2, 3), dtypes="e")
cases(
    "softmax_xent",
    lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits(labels=tf.nn.softmax(y), logits=x),
    R(3, 4),
    R(3, 4),
    dtypes="fd",
)
cases(
    "softmax_xent_v2",
    lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.nn.softmax(y), logits=x),
    R(3, 4),
    R(3, 4),
)
cases(
    "softmax_xent_raw_labels",
    lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x),
    R(3, 4),
    P(3, 4),
)
cases(
    "softmax_xent_3d",
    lambda tf, x, y: tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x, axis=1),
    R(2, 3, 4),
    P(2, 3, 4),
)
cases(
    "softmax_xent_far_out",
    lambda tf, x: tf.nn.softmax_cross_entropy_with_logits(labels=[[0.0, 1.0]], logits=x),
    V([[1000.0, -1000.0]]),
)
cases(
    "softmax_xent_second",
    lambda tf, x: tf.gradients(
        tf.gradients(tf.nn.softmax_cross_entropy_with_logits_v2(labels=[[0.2, 0.8]], logits=x), x)[0][:, :1], x
    )[0],
    V([[1.0, 2.0]]),
)
cases(
    "sparse_xent",
    lambda tf, x, i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x),
    R(3, 4),
    V([0, 3, 1], "i"),
    dtypes="fd",
)
cases(
    "sparse_xent_2d",
    lambda tf, x, i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x),
    R(2, 2, 3),
    V([[0, 1], [2, 2]], "l"),
)
cases(
    "sparse_xent_out_of_range",
    lambda tf, x, i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=x),
    R(1, 3),
    V([3], "i"),
)
cases(
    "sigmoid_xent",
    lambda tf, x, y: tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x),
    R(3, 4),
    P(3, 4),
    dtypes="fd",
)
cases(
    "sigmoid_xent_far_out",
    lambda tf, x: tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.ones_like(x), logits=x),
    V([-100.0, 0.0, 100.0]),
)
cases("weighted_xent", lambda tf, x, y: tf.nn.weighted_cross_entropy_with_logits(y, x, 2.5), R(3), P(3))
cases("log_poisson_loss", lambda tf, x, y: tf.nn.log_poisson_loss(y, x), R(3), P(3))
cases("bias_add", lambda tf, x, b: tf.nn.bias_add(x, b), R(2, 3), R(3), dtypes="fd")
cases("bias_add_4d", lambda tf, x, b: tf.nn.bias_add(x, b), R(2, 2, 2, 3), R(3))
cases("xw_plus_b", lambda tf, x, w, b: tf.nn.xw_plus_b(x, w, b), R(2, 3), R(3, 2), R(2))
cases("zero_fraction", lambda tf, x: tf.nn.zero_fraction(x), V([0.0, 1.0, 0.0, 2.0]), gradient=False)

for _padding in ("SAME", "VALID"):
    for _label, _size, _kernel, _strides in (
        ("3x3", 6, 3, (1, 1)),
        ("3x3_stride_2", 6, 3, (2, 2)),
        ("2x2", 5, 2, (1, 1)),
        ("2x2_stride_2", 5, 2, (2, 2)),
        ("5x5_stride_3", 7, 5, (3, 3)),
        ("1x1", 3, 1, (1, 1)),
        ("1x1_stride_2", 4, 1, (2, 2)),
        ("3x3_strides_1_2", 5, 3, (1, 2)),
    ):
        cases(
            "conv2d_%s_%s" % (_label, _padding),
            lambda tf, x, w, s=_strides, p=_padding: tf.nn.conv2d(x, w, [1, *s, 1], p),
            R(2, _size, _size, 2),
            R(_kernel, _kernel, 2, 3),
            tolerance=3e-5,
        )
    cases(
        "conv2d_dilated_" + _padding,
        lambda tf, x, w, p=_padding: tf.nn.conv2d(x, w, 1, p, dilations=[1, 2, 2, 1]),
        R(1, 7, 7, 2),
        R(3, 3, 2, 2),
        gradient=False,
        tolerance=3e-5,
    )
    cases(
        "atrous_" + _padding,
        lambda tf, x, w, p=_padding: tf.nn.atrous_conv2d(x, w, 2, p),
        R(1, 7, 7, 2),
        R(3, 3, 2, 2),
        tolerance=3e-5,
    )
    cases(
        "convolution_" + _padding,
        lambda tf, x, w, p=_padding: [tf.nn.convolution(x, w, p), tf.nn.convolution(x, w, p, strides=[2, 2])],
        R(1, 5, 5, 2),
        R(2, 2, 2, 2),
        tolerance=3e-5,
    )
    cases(
        "depthwise_" + _padding,
        lambda tf, x, w, p=_padding: tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], p),
        R(1, 5, 5, 2),
        R(3, 3, 2, 2),
        tolerance=3e-5,
    )
    cases(
        "depthwise_stride_" + _padding,
        lambda tf, x, w, p=_padding: tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], p),
        R(1, 5, 5, 2),
        R(3, 3, 2, 1),
        tolerance=3e-5,
    )
    cases(
        "separable_" + _padding,
        lambda tf, x, d, w, p=_padding: tf.nn.separable_conv2d(x, d, w, [1, 1, 1, 1], p),
        R(1, 5, 5, 2),
        R(3, 3, 2, 2),
        R(1, 1, 4, 3),
        tolerance=3e-5,
    )
    cases(
        "conv1d_" + _padding,
        lambda tf, x, w, p=_padding: [tf.nn.conv1d(x, w, 1, p), tf.nn.conv1d(x, w, 2, p)],
        R(2, 6, 2),
        R(3, 2, 3),
        tolerance=3e-5,
    )
    cases(
        "conv3d_" + _padding,
        lambda tf, x, w, p=_padding: tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], p),
        R(1, 3, 4, 3, 2),
        R(2, 2, 2, 2, 2),
        tolerance=3e-5,
    )
    cases(
        "max_pool_" + _padding,
        lambda tf, x, p=_padding: [
            tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], p),
            tf.nn.max_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], p),
            tf.nn.max_pool(x, [1, 3, 2, 1], [1, 2, 1, 1], p),
        ],
        R(2, 5, 5, 2),
        dtypes="fd",
    )
    cases(
        "avg_pool_" + _padding,
        lambda tf, x, p=_padding: [
            tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], p),
            tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], p),
            tf.nn.avg_pool(x, [1, 3, 2, 1], [1, 2, 1, 1], p),
        ],
        R(2, 5, 5, 2),
        dtypes="fd",
    )
    cases(
        "max_pool_with_argmax_" + _padding,
        lambda tf, x, p=_padding: list(tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], p)),
        R(1, 5, 5, 2),
    )
    cases(
        "pool_" + _padding,
        lambda tf, x, p=_padding: [tf.nn.pool(x, [2, 2], "MAX", p), tf.nn.pool(x, [2, 2], "AVG", p, strides=[2, 2])],
        R(1, 5, 5, 1),
    )
    cases(
        "max_pool3d_" + _padding,
        lambda tf, x, p=_padding: [
            tf.nn.max_pool3d(x, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], p),
            tf.nn.avg_pool3d(x, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], p),
        ],
        R(1, 3, 4, 3, 1),
    )
cases(
    "conv2d_explicit",
    lambda tf, x, w: tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [0, 1], [0, 0]]),
    R(1, 4, 4, 2),
    R(3, 3, 2, 2),
    tolerance=3e-5,
)
cases("conv2d_double", lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), R(1, 4, 4, 2), R(3, 3, 2, 2), dtypes="d")
cases("conv2d_half", lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), R(1, 3, 3, 1), R(2, 2, 1, 1), dtypes="e")
cases("conv2d_channels_wrong", lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), R(1, 4, 4, 2), R(3, 3, 3, 2))
cases("conv2d_too_small", lambda tf, x, w: tf.nn.conv2d(x, w, 1, "VALID"), R(1, 2, 2, 1), R(3, 3, 1, 1))
cases("conv2d_empty_batch", lambda tf, x, w: tf.nn.conv2d(x, w, 1, "SAME"), R(0, 4, 4, 1), R(3, 3, 1, 1))
cases(
    "conv2d_transpose",
    lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [1, 8, 8, 2], [1, 2, 2, 1]),
    R(1, 4, 4, 3),
    R(3, 3, 2, 3),
    tolerance=3e-5,
)
cases(
    "conv2d_transpose_valid",
    lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [1, 9, 9, 2], 2, "VALID"),
    R(1, 4, 4, 3),
    R(3, 3, 2, 3),
    tolerance=3e-5,
)
cases(
    "conv2d_gradient_of_gradient",
    lambda tf, x, w: tf.gradients(tf.square(tf.gradients(tf.square(tf.nn.conv2d(x, w, 1, "SAME")), x)[0]), w)[0],
    R(1, 3, 3, 1),
    R(2, 2, 1, 1),
    tolerance=1e-4,
)
cases(
    "max_pool_ties",
    lambda tf, x: tf.nn.max_pool(x, [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
    V(np.array([1.0, 1, 2, 2, 2, 1, 1, 1, 2]).reshape(1, 3, 3, 1)),
)
cases("max_pool_negative", lambda tf, x: tf.nn.max_pool(x, 2, 2, "SAME"), V(-np.arange(1.0, 10).reshape(1, 3, 3, 1)))
cases("lrn", lambda tf, x: [tf.nn.lrn(x), tf.nn.lrn(x, 2, 1.0, 0.1, 0.75)], P(1, 2, 2, 6), tolerance=3e-5)
cases(
    "batch_normalization",
    lambda tf, x, m, v, o, s: [
        tf.nn.batch_normalization(x, m, v, o, s, 1e-3),
        tf.nn.batch_normalization(x, m, v, None, None, 1e-3),
    ],
    R(4, 3),
    R(3),
    P(3),
    R(3),
    P(3),
)
cases(
    "fused_batch_norm_training",
    lambda tf, x, s, o: list(tf.nn.fused_batch_norm(x, s, o))[:3],
    R(2, 3, 3, 2),
    P(2),
    R(2),
    tolerance=3e-5,
)
cases(
    "fused_batch_norm_inference",
    lambda tf, x, s, o, m, v: tf.nn.fused_batch_norm(x, s, o, m, v, is_training=False)[0],
    R(2, 3, 3, 2),
    P(2),
    R(2),
    R(2),
    P(2),
    tolerance=3e-5,
)
cases(
    "fused_batch_norm_epsilon",
    lambda tf, x, s, o: list(tf.nn.fused_batch_norm(x, s, o, epsilon=0.1))[:3],
    R(2, 3, 3, 2),
    P(2),
    R(2),
    tolerance=3e-5,
)
cases("sufficient_statistics", lambda tf, x: list(tf.nn.sufficient_statistics(x, [0]))[:3], R(4, 3))
cases("weighted_moments", lambda tf, x, w: list(tf.nn.weighted_moments(x, [0], w)), R(4, 3), P(4, 1))
cases("dropout_keeps_all", lambda tf, x: [tf.nn.dropout(x, 1.0), tf.layers.dropout(x, 0.5, training=False)], R(3))

LOSSES = [
    "absolute_difference",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
]
for _name in LOSSES:
    cases("losses_" + _name, lambda tf, y, x, f=_name: getattr(tf.losses, f)(y, x), P(4, 3), P(4, 3))
    cases(
        "losses_%s_weights" % _name,
        lambda tf, y, x, w, f=_name: [
            getattr(tf.losses, f)(y, x, 0.5),
            getattr(tf.losses, f)(y, x, w[:, 0] if "softmax" in f else w),
        ],
        P(4, 3),
        P(4, 3),
        V([[1.0], [0.0], [2.0], [0.0]]),
    )
    if "pairwise" not in _name:
        cases(
            "losses_%s_reductions" % _name,
            lambda tf, y, x, f=_name: [
                getattr(tf.losses, f)(
                    y,
                    x,
                    weights=tf.constant([1.0, 0.0, 2.0, 1.0]) if "softmax" in f else 2.0,
                    reduction=getattr(tf.losses.Reduction, r),
                )
                for r in (
                    "NONE",
                    "SUM",
                    "MEAN",
                    "SUM_OVER_BATCH_SIZE",
                    "SUM_BY_NONZERO_WEIGHTS",
                    "SUM_OVER_NONZERO_WEIGHTS",
                )
            ],
            P(4, 3),
            P(4, 3),
        )
cases("losses_cosine_distance", lambda tf, y, x: tf.losses.cosine_distance(y, x, axis=1), R(4, 3), R(4, 3))
cases(
    "losses_sparse_softmax",
    lambda tf, i, x, w: [tf.losses.sparse_softmax_cross_entropy(i, x), tf.losses.sparse_softmax_cross_entropy(i, x, w)],
    V([0, 2, 1], "i"),
    R(3, 4),
    V([1.0, 0.0, 2.0]),
)
cases(
    "losses_label_smoothing",
    lambda tf, y, x: [
        tf.losses.softmax_cross_entropy(y, x, label_smoothing=0.1),
        tf.losses.sigmoid_cross_entropy(y, x, label_smoothing=0.2),
    ],
    P(3, 4),
    R(3, 4),
)
cases("losses_weights_wrong", lambda tf, y, x, w: tf.losses.mean_squared_error(y, x, w), R(4, 3), R(4, 3), P(3))
cases("losses_shapes_wrong", lambda tf, y, x: tf.losses.mean_squared_error(y, x), R(4, 3), R(3, 4))
cases("losses_all_zero_weights", lambda tf, y, x: tf.losses.mean_squared_error(y, x, 0.0), R(4, 3), R(4, 3))
cases(
    "learning_rates",
    lambda tf, s: [
        tf.train.exponential_decay(0.1, s, 10, 0.9),
        tf.train.exponential_decay(0.1, s, 10, 0.9, True),
        tf.train.piecewise_constant(s, [10, 30], [1.0, 0.5, 0.1]),
        tf.train.polynomial_decay(0.1, s, 40),
        tf.train.inverse_time_decay(0.1, s, 10, 0.5),
        tf.train.natural_exp_decay(0.1, s, 10, 0.5),
        tf.train.cosine_decay(0.1, s, 40),
    ],
    V(25, "i"),
)
