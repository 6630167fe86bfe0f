"""Corner values of what chooses by value: masks, where, unique, partitions, bincount, top_k."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()
NAN, INF = np.nan, np.inf

# -- masks and places --------------------------------------------------------------------------------------------------

cases("mask_all", lambda tf, x, m: tf.boolean_mask(x, m), R(2, 3), V([[True] * 3] * 2, "b"))
cases("mask_nothing", lambda tf, x, m: tf.boolean_mask(x, m), R(2, 3), V([False, False], "b"))
cases("mask_empty", lambda tf, x, m: tf.boolean_mask(x, m), R(0, 3), V(np.zeros([0]), "b"))
cases("mask_text", lambda tf, x, m: tf.boolean_mask(x, m), V([["a", "b"], ["c", "d"]], "S"), V([False, True], "b"))
cases("mask_axis", lambda tf, x, m: tf.boolean_mask(x, m, axis=1), R(2, 3, 2), V([True, False, True], "b"))
cases(
    "mask_axis_two", lambda tf, x, m: tf.boolean_mask(x, m, axis=1), R(2, 2, 2), V([[True, False], [False, True]], "b")
)
cases("mask_numbers", lambda tf, x, m: tf.boolean_mask(x, m), R(3), V([1, 0, 2], "i"))
cases("mask_sizes", lambda tf, x, m: tf.boolean_mask(x, m), R(3), V([True, False], "b"))
cases("mask_scalar", lambda tf, x, m: tf.boolean_mask(x, m), R(3), V(True, "b"))
cases("mask_too_deep", lambda tf, x, m: tf.boolean_mask(x, m), R(3), V([[True], [True], [False]], "b"))
for _letter, _values in (
    ("f", [[0.0, NAN, -0.0], [INF, 1e-30, -1.0]]),
    ("z", [[0j, 1j, 0], [1, 0, 0]]),
    ("u", [[0, 1, 255]] * 2),
):
    cases("where_places_" + _letter, lambda tf, x: tf.where(x), V(_values, _letter), gradient=False)
cases("where_places_scalar", lambda tf, x: tf.where(x), V(True, "b"))
cases("where_places_3d", lambda tf, x: [tf.where(x), tf.where(x > 100.0)], R(2, 2, 2), gradient=False)
cases("where_places_none", lambda tf, x: tf.where(x), V(np.zeros([2, 0, 3]), "b"))
cases("where_one_of_two", lambda tf, x: tf.where(x, x), V([True], "b"))

# -- unique ------------------------------------------------------------------------------------------------------------

_TEXTS = V(["b", "a", "b", "", "a"], "S")
cases("unique_text", lambda tf, x: [*tf.unique(x), *tf.unique_with_counts(x, out_idx=tf.int64)], _TEXTS)
cases(
    "unique_corner",
    lambda tf, x: [*tf.unique(x), *tf.unique_with_counts(x)],
    V([3, 3, -1, 0, 3, 0, -1]),
    dtypes="fdilsu",
    gradient=False,
)
cases("unique_zeros", lambda tf, x: [*tf.unique(x)], V([0.0, -0.0, 1.0, 0.0]), gradient=False)
cases("unique_none", lambda tf, x: [*tf.unique(x), *tf.unique_with_counts(x)], V([], "i"))
cases("unique_matrix", lambda tf, x: [*tf.unique(x)], V([[1, 2]], "i"))
cases("unique_bools", lambda tf, x: [*tf.unique(x)], V([True, False, True], "b"))
cases(
    "setdiff",
    lambda tf, x, y: [*tf.setdiff1d(x, y), *tf.setdiff1d(x, y, tf.int64)],
    V([1, 2, 3, 4, 2, 2]),
    V([4, 1, 9]),
    dtypes="fils",
    gradient=False,
)
cases("setdiff_text", lambda tf, x, y: [*tf.setdiff1d(x, y)], _TEXTS, V(["a"], "S"))
cases("setdiff_nothing", lambda tf, x, y: [*tf.setdiff1d(x, y)], V([1, 2], "i"), V([], "i"))
cases("setdiff_of_nothing", lambda tf, x, y: [*tf.setdiff1d(x, y)], V([], "i"), V([1], "i"))
cases("setdiff_matrix", lambda tf, x: [*tf.setdiff1d(x, x)], V([[1]], "i"))
cases("setdiff_types", lambda tf, x, y: [*tf.setdiff1d(x, y)], V([1], "i"), V([1], "l"))

# -- partitions --------------------------------------------------------------------------------------------------------

cases("partition_empty_parts", lambda tf, x, p: tf.dynamic_partition(x, p, 4), R(3, 2), V([3, 0, 3], "i"))
cases("partition_matrix", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(2, 2, 3), V([[1, 0], [0, 0]], "i"))
cases("partition_text", lambda tf, x, p: tf.dynamic_partition(x, p, 2), V(["a", "b", "c"], "S"), V([1, 0, 1], "i"))
cases("partition_scalar", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(2), V(1, "i"))
cases("partition_none", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(0, 2), V([], "i"))
cases("partition_outside", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(3), V([0, 2, 1], "i"))
cases("partition_negative", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(3), V([0, -1, 1], "i"))
cases("partition_sizes", lambda tf, x, p: tf.dynamic_partition(x, p, 2), R(3), V([0, 1], "i"))
cases("partition_into_none", lambda tf, x, p: tf.dynamic_partition(x, p, 0), R(3), V([0, 1, 0], "i"))
cases("stitch_twice", lambda tf, x, y: tf.dynamic_stitch([[0, 1], [1, 2]], [x, y]), R(2, 2), R(2, 2))
cases("stitch_gap", lambda tf, x: tf.dynamic_stitch([[3], [0]], [x, x])[0], R(1, 2))
cases("stitch_matrix", lambda tf, x, y: tf.dynamic_stitch([[[0, 3]], 1, [2]], [x, y, [y]]), R(1, 2, 2), R(2))
cases("stitch_text", lambda tf, x: tf.dynamic_stitch([[1, 0]], [x]), V(["a", "b"], "S"))
cases("stitch_none", lambda tf, i, x: tf.dynamic_stitch([i], [x]), V([], "i"), R(0, 2))
cases("stitch_negative", lambda tf, i, x: tf.dynamic_stitch([i], [x]), V([-1, 0], "i"), R(2))
cases("stitch_sizes", lambda tf, i, x: tf.dynamic_stitch([i], [x]), V([1, 0], "i"), R(3))
cases("stitch_rests", lambda tf, x, y: tf.dynamic_stitch([[0], [1]], [x, y]), R(1, 2), R(1, 3))

# -- counts ------------------------------------------------------------------------------------------------------------

cases("bincount_none", lambda tf, x: [tf.bincount(x), tf.bincount(x, minlength=3)], V([], "i"))
cases(
    "bincount_lengths",
    lambda tf, x: [tf.bincount(x, minlength=9), tf.bincount(x, maxlength=3), tf.bincount(x, minlength=2, maxlength=4)],
    V([0, 5, 2, 2], "i"),
)
cases(
    "bincount_types",
    lambda tf, x: [tf.bincount(x, dtype=t) for t in (tf.int64, tf.float32, tf.float64)],
    V([[0, 1], [1, 1]], "i"),
    gradient=False,
)
cases("bincount_weights", lambda tf, x, w: [tf.bincount(x, w), tf.bincount(x, w, minlength=6)], V([3, 1, 1], "i"), R(3))
cases("bincount_weights_whole", lambda tf, x, w: tf.bincount(x, w), V([3, 1, 1], "i"), V([5, 6, 7], "i"))
cases("bincount_negative", lambda tf, x: tf.bincount(x), V([1, -1], "i"))
cases("bincount_weights_sizes", lambda tf, x, w: tf.bincount(x, w), V([3, 1, 1], "i"), R(2))

# -- the largest -------------------------------------------------------------------------------------------------------

cases(
    "top_k_ties", lambda tf, x: [*tf.nn.top_k(x, 3)], V([[1.0, 2.0, 2.0, 1.0], [0.0, 0.0, -0.0, 0.0]]), dtypes="fdeilu"
)
cases("top_k_infinite", lambda tf, x: [*tf.nn.top_k(x, 4)], V([-INF, INF, 0.0, -INF]), gradient=False)
cases("top_k_nothing", lambda tf, x: [*tf.nn.top_k(x, 0)], R(2, 3))
cases("top_k_one", lambda tf, x: [*tf.nn.top_k(x)], R(2, 2, 3))
cases("top_k_unsorted", lambda tf, x: [tf.reduce_sum(tf.nn.top_k(x, 2, sorted=False).values, -1)], R(2, 5))
cases("top_k_all", lambda tf, x: [*tf.nn.top_k(x, 5)], R(5))
cases("top_k_too_many", lambda tf, x: [*tf.nn.top_k(x, 4)], R(2, 3))
cases("top_k_negative", lambda tf, x: [*tf.nn.top_k(x, -1)], R(2, 3))
cases("top_k_scalar", lambda tf, x: [*tf.nn.top_k(x, 1)], R())
cases("top_k_fed", lambda tf, x, k: [*tf.nn.top_k(x, k)], R(2, 4), V(2, "i"))
cases("top_k_fed_too_many", lambda tf, x, k: [*tf.nn.top_k(x, k)], R(2, 4), V(5, "i"))
cases(
    "in_top_k_ties",
    lambda tf, x, t: tf.nn.in_top_k(x, t, 2),
    V([[1.0, 1.0, 1.0], [3.0, 1.0, 2.0], [INF, 0.0, 0.0]]),
    V([2, 1, 0], "i"),
    gradient=False,
)
cases(
    "in_top_k_not_finite",
    lambda tf, x, t: tf.nn.in_top_k(x, t, 1),
    V([[NAN, 1.0], [0.0, NAN], [INF, INF]]),
    V([1, 1, 0], "i"),
    gradient=False,
)
cases("in_top_k_outside", lambda tf, x, t: tf.nn.in_top_k(x, t, 1), R(3, 2), V([2, -1, 0], "i"), gradient=False)
