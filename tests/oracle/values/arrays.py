"""Values of reductions, shapes, slices, gathers and everything else that moves elements about."""

import numpy as np

from tests.oracle.values.harness import Cases, N, P, R, V

cases = Cases()

for _name in ["sum", "mean", "max", "min", "prod", "logsumexp"]:
    for _label, _kw in (
        ("all", {}),
        ("0", {"axis": 0}),
        ("last", {"axis": -1}),
        ("two", {"axis": [0, 2]}),
        ("none", {"axis": []}),
        ("keep", {"axis": [1], "keepdims": True}),
        ("keep_all", {"keepdims": True}),
        ("negative", {"axis": [-1, -3]}),
    ):
        cases(
            "reduce_%s_%s" % (_name, _label),
            lambda tf, x, f="reduce_" + _name, kw=_kw: getattr(tf, f)(x, **kw),
            P(2, 3, 4),
        )
    if _name != "logsumexp":
        cases(
            "reduce_%s_whole" % _name,
            lambda tf, x, f="reduce_" + _name: [getattr(tf, f)(x), getattr(tf, f)(x, 1)],
            P(2, 3),
            dtypes="il",
        )
        cases(
            "reduce_%s_empty" % _name,
            lambda tf, x, f="reduce_" + _name: [getattr(tf, f)(x), getattr(tf, f)(x, 0)],
            R(0, 3),
        )
    cases("reduce_%s_double" % _name, lambda tf, x, f="reduce_" + _name: getattr(tf, f)(x, 1), P(2, 3), dtypes="d")
    cases("reduce_%s_out_of_range" % _name, lambda tf, x, f="reduce_" + _name: getattr(tf, f)(x, 2), R(2, 3))
    cases("reduce_%s_scalar" % _name, lambda tf, x, f="reduce_" + _name: getattr(tf, f)(x), R())
cases("reduce_sum_axis_tensor", lambda tf, x, a: tf.reduce_sum(x, a), R(2, 3), V(1, "i"))
cases("reduce_sum_axes_twice", lambda tf, x: tf.reduce_sum(x, [0, 0]), R(2, 3))
cases("reduce_max_ties", lambda tf, x: [tf.reduce_max(x), tf.reduce_min(x, 0)], V([[1.0, 3.0], [3.0, 3.0], [1.0, 1.0]]))
cases(
    "reduce_prod_zeros",
    lambda tf, x: [tf.reduce_prod(x), tf.reduce_prod(x, 1)],
    V([[0.0, 2.0, 3.0], [0.0, 0.0, 1.0], [1.0, 2.0, 3.0]]),
)
cases(
    "reduce_logsumexp_far_out",
    lambda tf, x: tf.reduce_logsumexp(x, 1),
    V([[1000.0, 1000.0], [-1000.0, -1001.0], [-np.inf, 0.0]]),
    gradient=False,
)
cases(
    "reduce_all_any",
    lambda tf, x: [tf.reduce_all(x), tf.reduce_any(x), tf.reduce_all(x, 0), tf.reduce_any(x, 1, keepdims=True)],
    V([[True, False], [True, True]], "b"),
)
cases("reduce_all_any_empty", lambda tf, x: [tf.reduce_all(x), tf.reduce_any(x)], V(np.zeros([0, 2]), "b"))
cases(
    "count_nonzero",
    lambda tf, x: [tf.count_nonzero(x), tf.count_nonzero(x, 0, dtype=tf.int32)],
    V([[0.0, 1.0], [2.0, 0.0]]),
)
cases("reduce_std_variance", lambda tf, x: [tf.math.reduce_std(x), tf.math.reduce_variance(x, 1)], R(2, 3))
cases("moments", lambda tf, x: [*tf.nn.moments(x, [0]), *tf.nn.moments(x, [0, 1], keep_dims=True)], R(4, 3))
for _name in ("argmax", "argmin"):
    cases(
        _name,
        lambda tf, x, f=_name: [
            getattr(tf, f)(x, 0),
            getattr(tf, f)(x, -1),
            getattr(tf, f)(x, 1, output_type=tf.int32),
        ],
        R(3, 4),
        dtypes="fdi",
    )
    cases(
        _name + "_ties_nan",
        lambda tf, x, f=_name: getattr(tf, f)(x, 1),
        V([[1.0, 1.0, 0.0, 0.0], [np.nan, 1.0, 2.0, 0.0], [0.0, np.nan, 2.0, -1.0]]),
    )
for _name in ("cumsum", "cumprod"):
    cases(
        _name,
        lambda tf, x, f=_name: [
            getattr(tf, f)(x),
            getattr(tf, f)(x, 1, exclusive=True),
            getattr(tf, f)(x, -1, reverse=True),
            getattr(tf, f)(x, 0, True, True),
        ],
        P(3, 4),
        dtypes="fdi",
    )

cases(
    "reshape",
    lambda tf, x: [tf.reshape(x, [6]), tf.reshape(x, [3, -1]), tf.reshape(x, [-1]), tf.reshape(x, [1, 2, 3])],
    R(2, 3),
    dtypes="fi",
)
cases("reshape_by_tensor", lambda tf, x, s: tf.reshape(x, s), R(2, 3), V([3, 2], "i"))
cases("reshape_impossible", lambda tf, x, s: tf.reshape(x, s), R(2, 3), V([4, 2], "i"))
cases("reshape_like", lambda tf, x, y: tf.reshape(x, tf.shape(y)), R(2, 3), R(6, 1))
cases("reshape_empty", lambda tf, x: [tf.reshape(x, [3, 0]), tf.reshape(x, [-1, 3])], R(0, 3))
cases(
    "expand_squeeze",
    lambda tf, x: [
        tf.expand_dims(x, 0),
        tf.expand_dims(x, -1),
        tf.squeeze(tf.expand_dims(x, 1)),
        tf.squeeze(tf.expand_dims(x, 1), [1]),
    ],
    R(2, 3),
)
cases("squeeze_not_one", lambda tf, x: tf.squeeze(x, [0]), R(2, 3))
cases(
    "transpose",
    lambda tf, x: [tf.transpose(x), tf.transpose(x, [1, 0, 2]), tf.transpose(x, [2, 0, 1])],
    R(2, 3, 4),
    dtypes="fi",
)
cases("transpose_by_tensor", lambda tf, x, p: tf.transpose(x, p), R(2, 3), V([1, 0], "i"))
cases("transpose_complex", lambda tf, x: tf.transpose(x, conjugate=True), R(2, 3), dtypes="c", gradient=False)
cases("shapes", lambda tf, x: [tf.shape(x), tf.size(x), tf.rank(x), tf.shape(x, out_type=tf.int64)], R(2, 0, 3))
cases(
    "concat",
    lambda tf, x, y: [tf.concat([x, y], 0), tf.concat([x, y, x], -2), tf.concat([x], 1)],
    R(2, 3),
    R(4, 3),
    dtypes="fi",
)
cases("concat_last", lambda tf, x, y: tf.concat([x, y], 1), R(2, 3), R(2, 0))
cases("concat_wrong", lambda tf, x, y: tf.concat([x, y], 0), R(2, 3), R(2, 4))
cases(
    "stack",
    lambda tf, x, y: [tf.stack([x, y]), tf.stack([x, y], 1), tf.stack([x, y], -1)],
    R(2, 3),
    R(2, 3),
    dtypes="fi",
)
cases("stack_wrong", lambda tf, x, y: tf.stack([x, y]), R(2, 3), R(2, 2))
cases("unstack", lambda tf, x: tf.unstack(x, 2) + tf.unstack(x, 3, 1), R(2, 3), dtypes="fi")
cases("split", lambda tf, x: tf.split(x, 2) + tf.split(x, 3, 1), R(4, 6), dtypes="fi")
cases("split_sizes", lambda tf, x: tf.split(x, [1, 3], 0) + tf.split(x, [1, -1, 2], 1), R(4, 6))
cases("split_uneven", lambda tf, x: tf.split(x, 3), R(4, 6))
cases("tile", lambda tf, x: [tf.tile(x, [2, 1]), tf.tile(x, [1, 3]), tf.tile(x, [0, 1])], R(2, 3), dtypes="fi")
cases("tile_by_tensor", lambda tf, x, m: tf.tile(x, m), R(2, 3), V([2, 2], "i"))
cases("broadcast_to", lambda tf, x: tf.broadcast_to(x, [2, 3, 4]), R(3, 1))
cases(
    "pad",
    lambda tf, x: [tf.pad(x, [[1, 0], [2, 1]]), tf.pad(x, [[1, 0], [2, 1]], constant_values=5)],
    R(2, 3),
    dtypes="fi",
)
cases(
    "pad_modes",
    lambda tf, x: [tf.pad(x, [[1, 1], [2, 0]], "REFLECT"), tf.pad(x, [[1, 1], [2, 0]], "SYMMETRIC")],
    R(3, 3),
)
cases("pad_by_tensor", lambda tf, x, p: tf.pad(x, p), R(2, 3), V([[0, 1], [1, 0]], "i"))
cases("reverse", lambda tf, x: [tf.reverse(x, [0]), tf.reverse(x, [-1, 0]), tf.reverse(x, [])], R(2, 3))
cases("roll", lambda tf, x: [tf.roll(x, 1, 0), tf.roll(x, [-1, 2], [0, 1])], R(3, 4))
cases("reverse_sequence", lambda tf, x: tf.reverse_sequence(x, [1, 3, 2], seq_axis=1), R(3, 4))
cases(
    "space_depth", lambda tf, x: [tf.space_to_depth(x, 2), tf.depth_to_space(tf.space_to_depth(x, 2), 2)], R(1, 4, 4, 2)
)
cases(
    "space_batch",
    lambda tf, x: [
        tf.space_to_batch_nd(x, [2, 2], [[0, 0], [0, 0]]),
        tf.batch_to_space_nd(tf.space_to_batch_nd(x, [2, 2], [[0, 2], [2, 0]]), [2, 2], [[0, 2], [2, 0]]),
    ],
    R(1, 4, 4, 1),
)

X3 = R(4, 5, 6)
cases("slice_plain", lambda tf, x: [x[0], x[-1], x[1:3], x[:2], x[2:], x[:], x[1:10]], X3)
cases("slice_strides", lambda tf, x: [x[::2], x[::-1], x[3:0:-1], x[-3:-1], x[:, ::-2], x[-1:-4:-2]], X3)
cases("slice_many", lambda tf, x: [x[0, 1], x[0, 1, 2], x[:, 1], x[1:, :-1, ::2], x[0:1, 0, 0:3]], X3)
cases("slice_ellipsis", lambda tf, x: [x[...], x[..., 0], x[0, ...], x[0, ..., 1], x[..., 1:3], x[:, ..., ::-1]], X3)
cases(
    "slice_newaxis",
    lambda tf, x: [
        x[tf.newaxis],
        x[:, tf.newaxis],
        x[..., tf.newaxis],
        x[None, 0, None],
        x[0, tf.newaxis, ..., tf.newaxis, 1:2],
    ],
    R(2, 3, 2),
)
cases("slice_empty", lambda tf, x: [x[2:2], x[3:1], x[:, 0:0], x[5:]], X3)
cases("slice_tensors", lambda tf, x, i: [x[i], x[i:], x[:i], x[i : i + 2], x[::i], x[0, i], x[-i]], R(5, 3), V(2, "i"))
cases("slice_out_of_range", lambda tf, x, i: x[i], R(3), V(3, "i"))
cases(
    "slice_functions", lambda tf, x: [tf.slice(x, [0, 1], [2, 2]), tf.slice(x, [1, 0], [-1, 3])], R(3, 4), dtypes="fi"
)
cases("slice_function_too_far", lambda tf, x: tf.slice(x, [1, 0], [3, 1]), R(3, 4))
cases(
    "strided_slice",
    lambda tf, x: [
        tf.strided_slice(x, [0, 0], [3, 4], [2, 1]),
        tf.strided_slice(x, [1], [2], shrink_axis_mask=1),
        tf.strided_slice(x, [1, 0], [3, 4], begin_mask=2, end_mask=1),
    ],
    R(3, 4),
)
cases("slice_of_whole", lambda tf, x: [x[0], x[::-1, 1]], R(3, 3), dtypes="il")
cases("boolean_mask", lambda tf, x, m: [tf.boolean_mask(x, m), x[m]], R(3, 2), V([True, False, True], "b"))
cases("boolean_mask_2d", lambda tf, x, m: tf.boolean_mask(x, m), R(2, 2), V([[True, False], [True, True]], "b"))
cases("boolean_mask_static", lambda tf, x: tf.boolean_mask(x, np.array([True, False, True]), axis=0), R(3, 2))

cases(
    "where_select",
    lambda tf, c, x, y: tf.where(c, x, y),
    V([[True, False], [False, True]], "b"),
    R(2, 2),
    R(2, 2),
    dtypes="fi",
)
cases("where_rows", lambda tf, c, x, y: tf.where(c, x, y), V([True, False], "b"), R(2, 3), R(2, 3))
cases("where_indices", lambda tf, c: tf.where(c), V([[True, False], [True, True]], "b"))
cases("where_v2", lambda tf, c, x: tf.where_v2(c, x, 0.0), V([[True], [False]], "b"), R(2, 3))
cases(
    "where_nan_gradient",
    lambda tf, x: tf.where(x > 0.0, tf.log(x), tf.zeros_like(x)),
    V([1.0, -1.0, 2.0]),
    gradient=False,
)
cases(
    "one_hot",
    lambda tf, i: [
        tf.one_hot(i, 4),
        tf.one_hot(i, 3, 5.0, -1.0),
        tf.one_hot(i, 4, axis=0),
        tf.one_hot(i, 4, dtype=tf.int32),
        tf.one_hot(i, 2, True, False, dtype=tf.bool),
    ],
    V([0, 3, -1, 1], "i"),
)
cases("one_hot_2d", lambda tf, i: [tf.one_hot(i, 3), tf.one_hot(i, 3, axis=1)], V([[0, 2], [1, 5]], "i"))
cases("one_hot_uint8", lambda tf, i: tf.one_hot(i, 4), V([0, 3, 200], "u"))
cases(
    "gather",
    lambda tf, x, i: [tf.gather(x, i), tf.gather(x, [0, 0]), tf.gather(x, 2)],
    R(4, 3),
    V([3, 1, 1], "i"),
    dtypes="fi",
)
cases(
    "gather_axis",
    lambda tf, x, i: [tf.gather(x, i, axis=1), tf.gather(x, i, axis=-1)],
    R(2, 4),
    V([[3, 1], [0, 0]], "i"),
)
cases("gather_2d_indices", lambda tf, x, i: tf.gather(x, i), R(4, 2), V([[0, 3], [1, 1]], "l"))
cases("gather_batch", lambda tf, x, i: tf.gather(x, i, batch_dims=1), R(2, 3, 2), V([[0, 2], [1, 1]], "i"))
cases("gather_out_of_range", lambda tf, x, i: tf.gather(x, i), R(3), V([0, 3], "i"))
cases("gather_negative", lambda tf, x, i: tf.gather(x, i), R(3), V([-1], "i"))
cases(
    "gather_nd", lambda tf, x, i: [tf.gather_nd(x, i), tf.gather_nd(x, [[1], [1]])], R(3, 4), V([[0, 1], [2, 3]], "i")
)
cases("gather_nd_deep", lambda tf, x, i: tf.gather_nd(x, i), R(2, 3, 2), V([[[0, 1]], [[1, 2]]], "i"))
cases("gather_nd_out_of_range", lambda tf, x, i: tf.gather_nd(x, i), R(3, 4), V([[0, 4]], "i"))
cases("scatter_nd", lambda tf, i, u: tf.scatter_nd(i, u, [5]), V([[1], [3], [1]], "i"), R(3), dtypes="fi")
cases("scatter_nd_rows", lambda tf, i, u: tf.scatter_nd(i, u, [4, 2]), V([[0], [2], [0]], "i"), R(3, 2))
cases("scatter_nd_out_of_range", lambda tf, i, u: tf.scatter_nd(i, u, [3]), V([[1], [3]], "i"), R(2))
cases(
    "tensor_scatter",
    lambda tf, x, u: [
        tf.tensor_scatter_update(x, [[1], [0]], u),
        tf.tensor_scatter_add(x, [[1], [1]], u),
        tf.tensor_scatter_sub(x, [[1], [1]], u),
    ],
    R(3, 2),
    R(2, 2),
)
cases("embedding_lookup", lambda tf, x, i: tf.nn.embedding_lookup(x, i), R(5, 2), V([[4, 0], [2, 2]], "i"))
cases(
    "embedding_lookup_partitions",
    lambda tf, x, y, i: [tf.nn.embedding_lookup([x, y], i), tf.nn.embedding_lookup([x, y], i, "div")],
    R(3, 2),
    R(2, 2),
    V([4, 0, 2, 3], "i"),
)
for _name in ["sum", "mean", "max", "min", "prod"]:
    cases(
        "segment_" + _name,
        lambda tf, x, i, f="segment_" + _name: getattr(tf, f)(x, i),
        P(5, 2),
        V([0, 0, 1, 3, 3], "i"),
        dtypes="fi",
    )
    if _name != "mean":
        cases(
            "unsorted_segment_" + _name,
            lambda tf, x, i, f="unsorted_segment_" + _name: getattr(tf, f)(x, i, 4),
            P(5, 2),
            V([3, 0, 1, 0, -1], "i"),
            dtypes="fi",
        )
cases(
    "unsorted_segment_mean",
    lambda tf, x, i: [tf.unsorted_segment_mean(x, i, 4), tf.unsorted_segment_sqrt_n(x, i, 4)],
    P(5, 2),
    V([3, 0, 1, 0, 1], "i"),
)
cases("segment_sum_unsorted", lambda tf, x, i: tf.segment_sum(x, i), P(3), V([1, 0, 2], "i"))
cases("unsorted_segment_out_of_range", lambda tf, x, i: tf.unsorted_segment_sum(x, i, 2), P(3), V([1, 0, 2], "i"))
cases("dynamic_partition", lambda tf, x, p: tf.dynamic_partition(x, p, 3), R(5, 2), V([2, 0, 0, 2, 0], "i"))
cases("dynamic_stitch", lambda tf, x, y: tf.dynamic_stitch([[0, 2], [1, 3]], [x, y]), R(2, 2), R(2, 2))
cases("unique", lambda tf, x: [*tf.unique(x), *tf.unique_with_counts(x)], V([3, 1, 3, 2, 1], "i"))
cases("setdiff1d", lambda tf, x: list(tf.setdiff1d(x, [1, 2])), V([3, 1, 3, 2, 4], "i"))
cases("invert_permutation", lambda tf, x: tf.invert_permutation(x), V([2, 0, 1], "i"))
cases("top_k", lambda tf, x: list(tf.nn.top_k(x, 2)) + list(tf.nn.top_k(x, 1)), R(3, 5), dtypes="fdi")
cases("top_k_ties", lambda tf, x: list(tf.nn.top_k(x, 3)), V([[1.0, 2.0, 2.0, 1.0, 2.0]]))
cases(
    "in_top_k",
    lambda tf, x, i: [tf.nn.in_top_k(x, i, 1), tf.nn.in_top_k(x, i, 2)],
    V([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0], [0.0, 1.0, np.inf]]),
    V([2, 1, 1], "i"),
)
cases("sort", lambda tf, x: [tf.sort(x), tf.sort(x, 0, "DESCENDING"), tf.argsort(x), tf.argsort(x, 0)], R(3, 4))
cases("bincount", lambda tf, x: tf.bincount(x), V([1, 1, 3, 0], "i"))
cases("confusion_matrix", lambda tf, x, y: tf.confusion_matrix(x, y, 3), V([0, 1, 2, 1], "i"), V([0, 2, 2, 1], "i"))
cases(
    "searchsorted",
    lambda tf, x: [
        tf.searchsorted(tf.constant([1.0, 2.0, 3.0]), x),
        tf.searchsorted(tf.constant([1.0, 2.0, 3.0]), x, "right"),
    ],
    V([0.5, 2.0, 9.0]),
)
cases(
    "histogram_fixed_width",
    lambda tf, x: tf.histogram_fixed_width(x, [0.0, 5.0], 5),
    V([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0]),
)
cases(
    "zeros_ones_fill",
    lambda tf: [tf.zeros([2, 3]), tf.ones([2], tf.int32), tf.fill([2, 2], 7.5), tf.zeros([], tf.bool), tf.fill([0], 1)],
)
cases("fill_by_tensor", lambda tf, n, v: [tf.fill([n, 2], v), tf.zeros([n]), tf.ones(tf.stack([n, n]))], V(3, "i"), R())
cases("fill_negative", lambda tf, n: tf.fill([n], 1.0), V(-1, "i"))
cases(
    "ranges",
    lambda tf: [
        tf.range(3),
        tf.range(1, 5),
        tf.range(0, 10, 3),
        tf.range(5, 0, -2),
        tf.range(0.0, 1.0, 0.25),
        tf.range(3, dtype=tf.int64),
        tf.range(0),
    ],
)
cases("range_by_tensor", lambda tf, n: [tf.range(n), tf.range(1, n), tf.range(n, 0, -1)], V(4, "i"))
cases("range_step_zero", lambda tf, n: tf.range(0, 3, n), V(0, "i"))
cases("linspace", lambda tf: [tf.linspace(0.0, 1.0, 5), tf.linspace(2.0, -2.0, 4), tf.linspace(1.0, 2.0, 1)])
cases("meshgrid", lambda tf, x, y: tf.meshgrid(x, y) + tf.meshgrid(x, y, indexing="ij"), R(2), R(3))
cases(
    "sequence_mask",
    lambda tf, x: [tf.sequence_mask(x, 4), tf.sequence_mask(x), tf.sequence_mask(x, 3, tf.float32)],
    V([1, 0, 3], "i"),
)
cases(
    "identities",
    lambda tf, x: [tf.identity(x), tf.stop_gradient(x), tf.placeholder_with_default(x, None), *tf.tuple([x, x])],
    R(2),
)
cases("placeholder_with_default", lambda tf: [tf.placeholder_with_default([1.0, 2.0], [None]) * 2.0])
cases("sparse_to_dense", lambda tf, v: tf.sparse_to_dense([[0, 1], [1, 2]], [2, 3], v), R(2))
cases(
    "random_lookup_of_dense_sum",
    lambda tf, x, i: tf.reduce_sum(tf.gather(x, i) * tf.gather(x, i + 1)),
    R(4, 2),
    N(0, 3, 5),
)
