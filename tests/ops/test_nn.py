"""What networks are made of, held against NumPy: windows of every kind, second gradients, and what is refused."""

import itertools

import numpy as np
import pytest

import defrun as tf

RNG = np.random.RandomState(0)


def run(build, *values):
    """Return the value of `build` of placeholders of unknown shape, fed with `values`."""
    with tf.Graph().as_default(), tf.Session() as session:
        inputs = [tf.placeholder(tf.as_dtype(v.dtype)) for v in values]
        return session.run(build(*inputs), dict(zip(inputs, values)))


def normal(*dims, dtype=np.float32):
    return RNG.randn(*dims).astype(dtype)


# -- windows against NumPy -------------------------------------------------------------------------------------------


def paddings(size, reach, stride, padding):
    """Return zeros before, zeros after and the number of windows."""
    if padding == "SAME":
        out = -(-size // stride)
        total = max((out - 1) * stride + reach - size, 0)
        return total // 2, total - total // 2, out
    before, after = (0, 0) if padding == "VALID" else padding
    return before, after, (size + before + after - reach) // stride + 1


def windows(x, sizes, strides, paddings_, dilations=(1, 1), fill=0.0):
    """Yield (row, column, what the window sees) of images NHWC."""
    (top, bottom, rows), (left, right, columns) = (
        paddings(x.shape[i + 1], (sizes[i] - 1) * dilations[i] + 1, strides[i], paddings_[i]) for i in (0, 1)
    )
    padded = np.pad(x, [(0, 0), (top, bottom), (left, right), (0, 0)], constant_values=fill)
    for r, c in itertools.product(range(rows), range(columns)):
        down = r * strides[0] + np.arange(sizes[0]) * dilations[0]
        across = c * strides[1] + np.arange(sizes[1]) * dilations[1]
        yield r, c, padded[:, down][:, :, across]


def slide(x, sizes, strides, paddings_, function, dilations=(1, 1), fill=0.0):
    """Return `function` of each window, [batch, h, w, channels] to [batch, channels], as an image."""
    seen = {(r, c): function(part) for r, c, part in windows(x, sizes, strides, paddings_, dilations, fill)}
    rows, columns = (max(place[i] for place in seen) + 1 for i in (0, 1))
    return np.stack([np.stack([seen[r, c] for c in range(columns)], 1) for r in range(rows)], 1)


FORMS = [
    # image, window, strides, padding
    ((7, 8), (3, 2), (2, 1), "SAME"),
    ((7, 8), (3, 2), (2, 3), "VALID"),
    ((5, 6), (2, 2), (2, 2), "SAME"),
    ((6, 5), (1, 1), (2, 2), "VALID"),
    ((4, 9), (4, 9), (1, 1), "VALID"),
    ((5, 5), (3, 3), (1, 1), "SAME"),
    ((8, 7), (2, 3), (3, 4), "VALID"),  # strides that leave pixels out
    ((14, 13), (12, 12), (1, 1), "SAME"),  # more places than are unrolled
]


def turned(image, first):
    """Return NHWC images as NCHW, if that is wanted."""
    return tf.transpose(image, [0, 3, 1, 2]) if first else image


def turned_back(image, first):
    return tf.transpose(image, [0, 2, 3, 1]) if first else image


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_pools_are_numpys(data_format):
    first = data_format == "NCHW"
    xs = [normal(2, *size, 3) for size, *_ in FORMS]

    def pools(*xs):
        found = []
        for x, (_, window, strides, padding) in zip(xs, FORMS):
            full = [[1, 1, *v] if first else [1, *v, 1] for v in (window, strides)]
            images = [pool(turned(x, first), *full, padding, data_format) for pool in (tf.nn.max_pool, tf.nn.avg_pool)]
            found += [turned_back(image, first) for image in images]
        return found

    got = iter(run(pools, *xs))
    for x, (_, window, strides, padding) in zip(xs, FORMS):
        args = window, strides, (padding, padding)
        np.testing.assert_array_equal(next(got), slide(x, *args, lambda part: part.max((1, 2)), fill=-np.inf))
        mean = slide(x, *args, lambda part: np.nanmean(part, (1, 2)), fill=np.nan)
        np.testing.assert_allclose(next(got), mean, rtol=1e-5, atol=1e-6)


def test_pools_hand_gradients_back():
    xs = [RNG.permutation(int(np.prod(size)) * 4).reshape(2, *size, 2).astype(np.float32) for size, *_ in FORMS]

    def gradients(*xs):
        found = []
        for x, (_, window, strides, padding) in zip(xs, FORMS):
            for pool in (tf.nn.max_pool, tf.nn.avg_pool):
                y = pool(x, window, strides, padding)
                weights = tf.cast(tf.range(tf.shape(y)[1])[:, None] + 10 * tf.range(tf.shape(y)[2]) + 1, tf.float32)
                found += tf.gradients(y, x, tf.ones_like(y) * weights[None, :, :, None])
        return found

    got = iter(run(gradients, *xs))
    for x, (_, window, strides, padding) in zip(xs, FORMS):
        to_largest, to_mean = handed_back(x, window, strides, padding)
        np.testing.assert_allclose(next(got), to_largest, rtol=1e-6)
        np.testing.assert_allclose(next(got), to_mean, rtol=1e-5, atol=1e-5)


def handed_back(x, window, strides, padding):
    """Return the gradients of both pools for windows of weight row + 10 column + 1."""
    args = window, strides, (padding, padding)
    places = np.arange(x.size, dtype=np.float64).reshape(x.shape)
    to_largest, to_mean = np.zeros(x.size), np.zeros(x.size)
    for (r, c, values), (_, _, at) in zip(windows(x, *args, fill=-np.inf), windows(places, *args, fill=np.nan)):
        weight = r + 10.0 * c + 1
        flat, at = values.reshape(len(x), -1, x.shape[3]), at.reshape(len(x), -1, x.shape[3])
        for n, channel in itertools.product(range(len(x)), range(x.shape[3])):
            own = at[n, :, channel]
            to_largest[int(own[flat[n, :, channel].argmax()])] += weight
            inside = own[~np.isnan(own)].astype(int)
            to_mean[inside] += weight / len(inside)
    return to_largest.reshape(x.shape), to_mean.reshape(x.shape)


@pytest.mark.parametrize("include_batch", [False, True])
def test_places_of_the_largest(include_batch):
    x = normal(2, 5, 6, 3)
    args = {"ksize": [1, 3, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME", "include_batch_in_index": include_batch}

    def build(x):
        largest, place = tf.nn.max_pool_with_argmax(x, **args, Targmax=tf.int32)
        return [largest, place, *tf.gradients(largest, x), tf.nn.max_pool(x, *list(args.values())[:3])]

    largest, place, gradient, wanted = run(build, x)
    np.testing.assert_array_equal(largest, wanted)
    flat = x.reshape(1, -1) if include_batch else x.reshape(2, -1)
    rows = place.reshape(flat.shape[0], -1)
    np.testing.assert_array_equal(np.take_along_axis(flat, rows, 1).ravel(), largest.ravel())
    counted = np.stack([np.bincount(row, minlength=flat.shape[1]) for row in rows])
    np.testing.assert_array_equal(gradient.ravel(), counted.ravel())


CONVOLUTIONS = [
    # image, filter, strides, padding, dilations
    ((7, 8), (3, 2), (2, 1), "SAME", (1, 1)),
    ((7, 8), (3, 2), (1, 1), "VALID", (2, 3)),
    ((6, 5), (3, 3), (1, 1), "SAME", (2, 1)),
    ((6, 6), (1, 1), (2, 2), "SAME", (1, 1)),
    ((12, 11), (10, 9), (1, 1), "SAME", (1, 1)),
]


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
@pytest.mark.parametrize("depthwise", [False, True])
def test_convolutions_are_numpys(depthwise, data_format):
    first = data_format == "NCHW"
    function = tf.nn.depthwise_conv2d_native if depthwise else tf.nn.conv2d
    rule = "bhwc,hwcm->bcm" if depthwise else "bhwc,hwcm->bm"
    cases = []
    for size, window, strides, padding, dilations in CONVOLUTIONS:
        x, w, v, u = (normal(*dims, dtype=np.float64) for dims in [(2, *size, 3), (*window, 3, 2)] * 2)
        wanted = slide(x, window, strides, (padding, padding), lambda part, w=w: np.einsum(rule, part, w), dilations)
        wanted = wanted.reshape(*wanted.shape[:3], -1)
        cases.append((x, w, v, u, normal(*wanted.shape, dtype=np.float64), wanted))

    def convolve(*given):
        found = []
        for i, (_, _, strides, padding, dilations) in enumerate(CONVOLUTIONS):
            x, w, v, u, grad = given[5 * i : 5 * i + 5]
            steps, rates = ([1, 1, *v] if first else [1, *v, 1] for v in (strides, dilations))

            def one(x, w, steps=steps, rates=rates, padding=padding):
                y = function(turned(x, first), w, steps, padding, data_format=data_format, dilations=rates)
                return turned_back(y, first)

            y = one(x, w)
            to_x, to_w = tf.gradients(y, [x, w], grad)
            # Both gradients are transposes of a linear map: <A v, g> = <v, A' g> for any v.
            sums = [to_x * v, one(v, w) * grad, to_w * u, one(x, u) * grad]
            found += [y, tf.stack([tf.reduce_sum(t) for t in sums])]
        return found

    got = run(convolve, *(value for case in cases for value in case[:5]))
    for case, y, sums in zip(cases, got[::2], got[1::2]):
        np.testing.assert_allclose(y, case[5], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(sums[::2], sums[1::2], rtol=1e-9)


def test_explicit_padding_is_numpys():
    x, w = normal(2, 5, 6, 3, dtype=np.float64), normal(3, 2, 3, 4, dtype=np.float64)
    pads = [[0, 0], [2, 1], [0, 3], [0, 0]]
    wanted = slide(x, (3, 2), (2, 1), [(2, 1), (0, 3)], lambda part: np.einsum("bhwc,hwcm->bm", part, w))
    got = run(lambda x, w: tf.nn.conv2d(x, w, [2, 1], pads), x, w)
    np.testing.assert_allclose(got, wanted, rtol=1e-9)


def test_groups_see_their_own_channels():
    x, w = normal(1, 4, 4, 6, dtype=np.float64), normal(3, 3, 3, 4, dtype=np.float64)
    parts = [run(lambda x, w: tf.nn.conv2d(x, w, 1, "SAME"), x[..., 3 * i : 3 * i + 3], w[..., 2 * i : 2 * i + 2])
             for i in (0, 1)]  # fmt: skip
    np.testing.assert_allclose(run(lambda x, w: tf.nn.conv2d(x, w, 1, "SAME"), x, w), np.concatenate(parts, -1))


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_dilation_by_batches_is_dilation(padding):
    x, w = normal(2, 9, 7, 2), normal(3, 3, 2, 3)

    def both(x):
        # SAME has to know the filter's shape.
        by_batches = tf.nn.convolution(tf.ensure_shape(x, [None, None, None, 2]), w, padding, dilation_rate=[2, 3])
        return [tf.nn.conv2d(x, w, 1, padding, dilations=[2, 3]), by_batches]

    direct, by_batches = run(both, x)
    np.testing.assert_allclose(direct, by_batches, rtol=1e-4, atol=1e-5)


# -- second gradients, against differences ---------------------------------------------------------------------------


SECOND = {
    "relu6": (lambda x: tf.nn.relu6(3 * x) ** 2, (6,)),
    "elu": (tf.nn.elu, (6,)),
    "selu": (tf.nn.selu, (6,)),
    "leaky_relu": (lambda x: tf.nn.leaky_relu(x) ** 2, (6,)),
    "softplus": (tf.nn.softplus, (6,)),
    "softsign": (tf.nn.softsign, (6,)),
    "softmax": (tf.nn.softmax, (2, 3)),
    "log_softmax": (tf.nn.log_softmax, (2, 3)),
    "bias_add": (lambda b: tf.nn.bias_add(tf.ones([1, 3, 2, 2], tf.float64), b, "NCHW") ** 3, (3,)),
    "top_k": (lambda x: tf.nn.top_k(x, 2)[0] ** 3, (2, 4)),
    "xent": (
        lambda x: tf.nn.softmax_cross_entropy_with_logits_v2(tf.constant([[0.2, 0.8, 0.0]], tf.float64), x),
        (1, 3),
    ),
    "sparse_xent": (lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[2, 0], logits=x), (2, 3)),
    "conv2d_input": (lambda x: tf.nn.conv2d(x, KERNEL, 2, "SAME") ** 3, (1, 4, 3, 2)),
    "conv2d_filter": (lambda w: tf.nn.conv2d(IMAGE, w, 2, "SAME") ** 3, (2, 2, 2, 1)),
    "depthwise_filter": (lambda w: tf.nn.depthwise_conv2d_native(IMAGE, w, [1, 1, 1, 1], "SAME") ** 3, (2, 2, 2, 1)),
    "conv3d": (lambda x: tf.nn.conv3d(x, np.ones([2, 2, 1, 1, 1]), [1, 1, 1, 1, 1], "SAME") ** 3, (1, 2, 2, 2, 1)),
    "max_pool": (lambda x: tf.nn.max_pool(x, 2, 1, "SAME") ** 3, (1, 3, 3, 1)),
    "avg_pool": (lambda x: tf.nn.avg_pool(x, 2, 2, "SAME") ** 3, (1, 3, 3, 1)),
    "max_pool_argmax": (
        lambda x: tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")[0] ** 3,
        (1, 3, 3, 1),
    ),
}
IMAGE = normal(1, 3, 3, 2, dtype=np.float64)
KERNEL = normal(3, 2, 2, 1, dtype=np.float64)
SINGLE = {
    "batch_norm": (lambda x: tf.nn.fused_batch_norm(x, [1.5, 0.5], [0.1, 0.2])[0] ** 2, (2, 2, 2, 2)),
    "batch_norm_scale": (lambda s: tf.nn.fused_batch_norm(np.float32(IMAGE), s, [0.1, 0.2])[0] ** 3, (2,)),
    "batch_norm_inference": (
        lambda x: tf.nn.fused_batch_norm(x, [2.0], [0.1], [0.5], [2.0], is_training=False)[0] ** 3,
        (1, 2, 2, 1),
    ),
    "lrn": (lambda x: tf.nn.lrn(x, 1, 1.0, 0.5, 0.75), (1, 1, 2, 4)),
}


@pytest.mark.parametrize("name", [*SECOND, *SINGLE])
def test_second_gradients_are_differences_of_first_ones(name):
    function, dims = {**SECOND, **SINGLE}[name]
    dtype, step, tolerance = (np.float64, 1e-6, 1e-5) if name in SECOND else (np.float32, 1e-2, 2e-2)
    x, direction = normal(*dims, dtype=dtype), normal(*dims, dtype=dtype)
    with tf.Graph().as_default(), tf.Session() as session:
        given = tf.placeholder(tf.as_dtype(dtype), dims)
        y = function(given)
        weights = tf.constant(normal(*y.shape.as_list(), dtype=dtype))
        (first,) = tf.gradients(y, given, weights)
        (second,) = tf.gradients(first, given, direction)
        got, more, less = (session.run(t, {given: v}) for t, v in (
            (second, x), (first, x + step * direction), (first, x - step * direction)
        ))  # fmt: skip
    # The second derivative is symmetric, so its product with `direction` is the change of the first along it.
    np.testing.assert_allclose(got, (more - less) / (2 * step), rtol=tolerance, atol=tolerance)


def test_a_gradient_of_a_gradient_that_is_zero_is_connected():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([1.0, -1.0])
        (second,) = tf.gradients(tf.gradients(tf.nn.relu(x), x), x)
        np.testing.assert_array_equal(session.run(second), [0.0, 0.0])


# -- batch normalization ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_batch_norm_is_numpys(data_format):
    x = normal(3, 4, 2, 5) * 2 + 100
    scale, offset = normal(5), normal(5)
    axes = (0, 1, 2)
    mean, variance = x.astype(np.float64).mean(axes), x.astype(np.float64).var(axes)
    wanted = (x - mean) / np.sqrt(variance + 1e-3) * scale + offset
    first = data_format == "NCHW"

    def build(x, scale, offset):
        image = tf.transpose(x, [0, 3, 1, 2]) if first else x
        y, *rest = tf.nn.fused_batch_norm(image, scale, offset, data_format=data_format)
        return [tf.transpose(y, [0, 2, 3, 1]) if first else y, *rest]

    y, own_mean, own_variance = run(build, x, scale, offset)
    np.testing.assert_allclose(y, wanted, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(own_mean, mean, rtol=1e-6)
    np.testing.assert_allclose(own_variance, variance * 24 / 23, rtol=1e-4)


def test_batch_norm_of_half_precision_keeps_statistics_in_single():
    y, mean, variance = run(
        lambda x: tf.nn.fused_batch_norm(x, tf.ones([2]), tf.zeros([2])), normal(4, 3, 3, 2, dtype=np.float16)
    )
    assert (y.dtype, mean.dtype, variance.dtype) == (np.float16, np.float32, np.float32)


# -- lookups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", ["mod", "div"])
@pytest.mark.parametrize("rows", [7, 9])
def test_a_table_in_parts_is_the_table(strategy, rows):
    table, ids = normal(rows, 2), RNG.randint(0, rows, [3, 2])
    if strategy == "mod":
        parts = [table[i::3] for i in range(3)]
    else:
        parts = np.array_split(table, 3)
    got = run(lambda i, *p: tf.nn.embedding_lookup(list(p), i, strategy), ids, *parts)
    np.testing.assert_array_equal(got, table[ids])


def test_long_rows_are_scaled_down():
    table = np.array([[3.0, 4.0], [0.3, 0.4]], np.float32)
    got = run(lambda w, i: tf.nn.embedding_lookup(w, i, max_norm=1.0), table, np.array([0, 1, 0]))
    np.testing.assert_allclose(got, [[0.6, 0.8], [0.3, 0.4], [0.6, 0.8]], rtol=1e-6)


def test_sparse_segments_are_numpys():
    data, picked, segments = normal(4, 3), np.array([3, 0, 0, 2]), np.array([0, 0, 2, 2], np.int32)
    sums = np.zeros([3, 3], np.float32)
    np.add.at(sums, segments, data[picked])
    sizes = np.array([2.0, 1.0, 2.0])[:, None]
    functions = (
        (tf.sparse_segment_sum, 1.0),
        (tf.sparse_segment_mean, sizes),
        (tf.sparse_segment_sqrt_n, np.sqrt(sizes)),
    )
    for function, divisor in functions:
        for count in (None, 3):

            def combine(d, i, s, function=function, count=count):
                y = function(d, i, s, num_segments=count)
                return [y, *tf.gradients(y, d)]

            y, gradient = run(combine, data, picked, segments)
            np.testing.assert_allclose(y, sums / divisor, rtol=1e-6, atol=1e-7)
            share = (1 / np.broadcast_to(divisor, sizes.shape))[segments, 0]
            np.testing.assert_allclose(gradient[:, 0], np.bincount(picked, share, 4), rtol=1e-6)


# -- what is refused -------------------------------------------------------------------------------------------------

X = np.ones([1, 4, 4, 2], np.float32)
W = np.ones([3, 3, 2, 2], np.float32)
REFUSED = {
    "explicit_by_name": lambda: tf.nn.conv2d(X, W, 1, "EXPLICIT"),
    "explicit_not_four": lambda: tf.nn.conv2d(X, W, 1, [[0, 0], [1, 1]]),
    "explicit_channels": lambda: tf.nn.conv2d(X, W, 1, [[0, 0], [1, 1], [1, 1], [1, 0]]),
    "three_strides": lambda: tf.nn.conv2d(X, W, [1, 1, 1], "SAME"),
    "stride_of_channels": lambda: tf.nn.conv2d(X, W, [1, 1, 1, 2], "SAME"),
    "no_stride": lambda: tf.nn.conv2d(X, W, 0, "SAME"),
    "both_names": lambda: tf.nn.conv2d(X, W, 1, "SAME", filters=W),
    "channels": lambda: tf.nn.conv2d(X, W[:, :, :1].repeat(3, 2), 1, "SAME"),
    "rank": lambda: tf.nn.conv2d(X[0], W, 1, "SAME"),
    "filter_too_large": lambda: tf.nn.conv2d(X[:, :2], W, 1, "VALID"),
    "stride_and_dilation": lambda: tf.nn.convolution(X, W, "SAME", [2, 2], [2, 2]),
    "window_of_0": lambda: tf.nn.max_pool(X, 0, 1, "SAME"),
    "window_too_large": lambda: tf.nn.max_pool(X, 5, 1, "VALID"),
    "stride_over_window": lambda: tf.nn.pool(X, [2, 2], "MAX", "SAME", strides=[3, 3]),
    "pooling_type": lambda: tf.nn.pool(X, [2, 2], "MIN", "SAME"),
    "argmax_format": lambda: tf.nn.max_pool_with_argmax(X, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", "NCHW"),
    "bias_rank": lambda: tf.nn.bias_add([1.0], [1.0]),
    "bias_size": lambda: tf.nn.bias_add(X, [1.0, 2.0, 3.0]),
    "bias_format": lambda: tf.nn.bias_add(X, [1.0, 2.0], "HWC"),
    "dropout_of_integers": lambda: tf.nn.dropout([1, 2], 0.5),
    "dropout_of_all": lambda: tf.nn.dropout(X, rate=1.0),
    "dropout_without_rate": lambda: tf.nn.dropout(X),
    "dropout_twice": lambda: tf.nn.dropout(X, 0.5, rate=0.5),
    "top_k_of_too_few": lambda: tf.nn.top_k([1.0, 2.0], 3),
    "xent_positional": lambda: tf.nn.softmax_cross_entropy_with_logits(X, X),
    "xent_without_labels": lambda: tf.nn.sigmoid_cross_entropy_with_logits(logits=X),
    "xent_shapes": lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=X, logits=X[0]),
    "sparse_xent_rank": lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[1]], logits=[[1.0, 2.0]]),
    "sparse_xent_shape": lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1], logits=np.ones([2, 2])),
    "sparse_xent_scalar": lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=1, logits=1.0),
    "batch_norm_means": lambda: tf.nn.fused_batch_norm(X, [1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0]),
    "batch_norm_channels": lambda: tf.nn.fused_batch_norm(X, [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
    "no_table": lambda: tf.nn.embedding_lookup([], [0]),
    "strategy": lambda: tf.nn.embedding_lookup([W[0, 0], W[0, 0]], [0], "round"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_when_defined(name):
    with tf.Graph().as_default(), pytest.raises(ValueError):
        REFUSED[name]()


def test_softmax_refuses_an_axis_that_is_not_there():
    with tf.Graph().as_default(), pytest.raises(tf.errors.InvalidArgumentError):
        tf.nn.softmax(tf.ones([2, 3]), 2)


REFUSED_IN_RUN = {
    "top_k_of_too_few": (lambda x: tf.nn.top_k(x, tf.shape(x)[0] + 1), np.ones(2, np.float32)),
    "label": (
        lambda i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=tf.ones([2, 3])),
        np.array([0, 3]),
    ),
    "label_below": (
        lambda i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=tf.ones([2, 3])),
        np.array([0, -1]),
    ),
    "row": (lambda i: tf.nn.embedding_lookup(tf.ones([2, 3]), i), np.array([2])),
    "segments": (lambda s: tf.sparse_segment_sum(tf.ones([2, 1]), [0, 1], s), np.array([1, 0], np.int32)),
    "transposed": (lambda x: tf.nn.conv2d_transpose(x, W, [1, 9, 9, 2], 2), X),
}


@pytest.mark.parametrize("name", REFUSED_IN_RUN)
def test_is_refused_when_run(name):
    build, value = REFUSED_IN_RUN[name]
    with pytest.raises(tf.errors.InvalidArgumentError):
        run(build, value)


def test_what_is_in_the_top_k():
    scores = np.array([[1, 2, 3], [1, np.nan, 3], [1, 1, 1], [1, 2, 3]], np.float32)
    got = run(lambda p, t: tf.nn.in_top_k(p, t, 1), scores, np.array([2, 0, 2, 5], np.int32))
    assert got.tolist() == [True, False, True, False]
