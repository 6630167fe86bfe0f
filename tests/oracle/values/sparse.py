"""Values of sparse tensors: making them, their arithmetic, moving their elements about."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()

A = [[0, 1], [1, 0], [1, 2], [2, 2]]
B = [[0, 0], [1, 0], [2, 2]]
CUBE = [[0, 0, 1], [0, 1, 0], [0, 1, 2], [1, 0, 0], [1, 1, 1]]
TEXT = V(["a", "bc", "", "d"], "S")


def a(tf, values, shape=(3, 4)):
    return tf.SparseTensor(A, values, shape)


def fed(indices, values, shape, letter="f"):
    """Specs of the three parts of a sparse tensor that is fed."""
    return V(np.array(indices), "l"), V(values, letter), V(shape, "l")


def empty(rank, letter="f"):
    return fed(np.zeros([0, rank]), [], [3] * rank, letter)


# -- making ------------------------------------------------------------------------------------------------------------

cases("sparse_as_it_is", lambda tf, i, v, s: tf.SparseTensor(i, v, s), *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]))
cases(
    "sparse_shape",
    lambda tf, i, v, s: [
        tf.shape(tf.SparseTensor(i, v, s)),
        tf.size(tf.SparseTensor(i, v, s)),
        tf.rank(tf.SparseTensor(i, v, s)),
    ],
    *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
)
cases("sparse_counts_differ", lambda tf, v: tf.SparseTensor([[0, 1]], v, [2, 2]), R(2))
cases("sparse_ranks_differ", lambda tf, v: tf.SparseTensor([[0, 1]], v, [2]), R(1))
cases("sparse_indices_no_matrix", lambda tf, v: tf.SparseTensor([0, 1], v, [2]), R(2))
cases("sparse_from_value", lambda tf, v: tf.SparseTensor.from_value(tf.SparseTensorValue([[1]], v, [3])), R(1))
cases("sparse_from_no_value", lambda tf, v: tf.SparseTensor.from_value(v), R(1))
cases(
    "convert_or_sparse",
    lambda tf, v: [
        tf.convert_to_tensor_or_sparse_tensor(tf.SparseTensorValue([[1]], v, [3])),
        tf.convert_to_tensor_or_sparse_tensor(v),
    ],
    R(1),
)
cases("convert_or_sparse_type", lambda tf, v: tf.convert_to_tensor_or_sparse_tensor(a(tf, v), tf.int32), R(4))
cases("sparse_cast", lambda tf, v: tf.cast(a(tf, v), tf.int32), R(4))
cases("sparse_from_dense", lambda tf, x: tf.sparse.from_dense(x), V([[0.0, 2.0, 0.0], [3.0, 0.0, 0.0]]))
cases("sparse_from_dense_whole", lambda tf, x: tf.sparse.from_dense(x), V([0, 5, 0, 6], "i"))
cases("sparse_eye", lambda tf: [tf.sparse.eye(3), tf.sparse.eye(2, 4, tf.int32), tf.sparse.eye(tf.constant(3), 2)])
cases("sparse_eye_float", lambda tf: tf.sparse.eye(3.0))

# -- to dense ----------------------------------------------------------------------------------------------------------

cases("sparse_tensor_to_dense", lambda tf, v: tf.sparse_tensor_to_dense(a(tf, v)), R(4), dtypes="fdilzub")
cases(
    "sparse_tensor_to_dense_fed",
    lambda tf, i, v, s: tf.sparse.to_dense(tf.SparseTensor(i, v, s)),
    *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
)
cases("sparse_tensor_to_dense_default", lambda tf, v: tf.sparse_tensor_to_dense(a(tf, v), -1.0), R(4))
cases(
    "sparse_tensor_to_dense_text",
    lambda tf, v: [tf.sparse_tensor_to_dense(a(tf, v)), tf.sparse_tensor_to_dense(a(tf, v), "no")],
    TEXT,
)
cases("sparse_tensor_to_dense_3d", lambda tf, v: tf.sparse_tensor_to_dense(tf.SparseTensor(CUBE, v, [2, 2, 3])), R(5))
cases(
    "sparse_tensor_to_dense_empty", lambda tf, i, v, s: tf.sparse_tensor_to_dense(tf.SparseTensor(i, v, s)), *empty(2)
)
cases(
    "sparse_tensor_to_dense_nothing",
    lambda tf, v: tf.sparse_tensor_to_dense(tf.SparseTensor(np.zeros([0, 2]), v, [0, 3])),
    R(0),
)
for _name, _indices, _validate in [
    ("unordered", [[1, 0], [0, 1]], True),
    ("twice", [[0, 1], [0, 1]], True),
    ("outside", [[0, 1], [0, 4]], True),
    ("negative", [[0, -1], [0, 1]], True),
    ("unordered_allowed", [[1, 0], [0, 1]], False),
    ("outside_not_allowed", [[0, 1], [3, 0]], False),
]:
    cases(
        "sparse_tensor_to_dense_" + _name,
        lambda tf, i, v, s, validate=_validate: tf.sparse_tensor_to_dense(
            tf.SparseTensor(i, v, s), validate_indices=validate
        ),
        *fed(_indices, [1.0, 2.0], [2, 4]),
    )
cases("sparse_to_dense_vector", lambda tf, v, d: tf.sparse_to_dense([1, 3], [5], v, d), R(2), R(), gradient=False)
cases("sparse_to_dense_one", lambda tf, v: tf.sparse_to_dense(2, [4], v), R(), gradient=False)
cases("sparse_to_dense_same", lambda tf, v: tf.sparse_to_dense([1, 2], [4], v, -1.0), R(), gradient=False)
cases("sparse_to_dense_default_gradient", lambda tf, v, d: tf.sparse_to_dense(A, [3, 4], v, d), R(4), R())
cases("sparse_to_dense_rank", lambda tf, v: tf.sparse_to_dense([1, 2], [4, 2], v), R(2))
cases("sparse_to_dense_count", lambda tf, v: tf.sparse_to_dense([1, 2], [4], v), R(3))
cases(
    "sparse_to_dense_fed_shape", lambda tf, i, v, s: tf.sparse_to_dense(i, s, v), *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4])
)
cases(
    "sparse_to_indicator", lambda tf, v: tf.sparse_to_indicator(tf.SparseTensor(A, v, [3, 3]), 10), V([3, 7, 0, 3], "l")
)
cases(
    "sparse_to_indicator_3d",
    lambda tf, v: tf.sparse.to_indicator(tf.SparseTensor(CUBE, v, [2, 2, 3]), 6),
    V([3, 5, 0, 3, 1], "i"),
)
cases(
    "sparse_to_indicator_outside",
    lambda tf, v: tf.sparse_to_indicator(tf.SparseTensor(A, v, [3, 3]), 3),
    V([3, 7, 0, 3], "l"),
)
cases("sparse_dense_type", lambda tf, x: tf.sparse_tensor_to_dense(x), R(2))

# -- sums --------------------------------------------------------------------------------------------------------------

cases(
    "sparse_add",
    lambda tf, v, w: tf.sparse_add(a(tf, v), tf.SparseTensor(B, w, [3, 4])),
    R(4),
    R(3),
    dtypes="fdilz",
)
cases(
    "sparse_add_fed",
    lambda tf, i, v, s, w: tf.sparse.add(tf.SparseTensor(i, v, s), tf.SparseTensor(B, w, s)),
    *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
    R(3),
)
cases(
    "sparse_add_threshold",
    lambda tf, v, w: tf.sparse_add(a(tf, v), tf.SparseTensor(B, w, [3, 4]), 2.0),
    V([1.0, 1.0, -3.0, 5.0]),
    V([9.0, 0.5, -5.0]),
)
cases(
    "sparse_add_empty",
    lambda tf, i, v, s, w: tf.sparse_add(tf.SparseTensor(i, v, s), tf.SparseTensor(B, w, [3, 3])),
    *empty(2),
    R(3),
)
cases("sparse_add_shapes", lambda tf, v, w: tf.sparse_add(a(tf, v), tf.SparseTensor(B, w, [3, 5])), R(4), R(3))
cases(
    "sparse_add_shapes_fed",
    lambda tf, v, w, s: tf.sparse_add(a(tf, v), tf.SparseTensor(B, w, s)),
    R(4),
    R(3),
    V([3, 5], "l"),
)
cases(
    "sparse_add_dense",
    lambda tf, v, x: [tf.sparse_add(a(tf, v), x), tf.sparse_add(x, a(tf, v))],
    R(4),
    R(3, 4),
    dtypes="fdi",
)
cases("sparse_add_dense_shape", lambda tf, v, x: tf.sparse_add(a(tf, v), x), R(4), R(3, 3))
cases("sparse_add_dense_outside", lambda tf, v, x: tf.sparse_add(a(tf, v, [3, 2]), x), R(4), R(3, 2))
cases("sparse_add_dense_dense", lambda tf, v: tf.sparse_add(v, v), R(4))
for _name in ("maximum", "minimum"):
    cases(
        "sparse_" + _name,
        lambda tf, v, w, f=_name: getattr(tf.sparse, f)(a(tf, v), tf.SparseTensor(B, w, [3, 4])),
        R(4),
        R(3),
        dtypes="fil",
        gradient=False,
    )
    cases(
        "sparse_%s_shapes" % _name,
        lambda tf, v, w, s, f=_name: getattr(tf.sparse, f)(a(tf, v), tf.SparseTensor(B, w, s)),
        R(4),
        R(3),
        V([3, 5], "l"),
    )
    cases(
        "sparse_%s_empty" % _name,
        lambda tf, i, v, s, w, f=_name: getattr(tf.sparse, f)(tf.SparseTensor(i, v, s), tf.SparseTensor(B, w, [3, 3])),
        *empty(2),
        R(3),
        gradient=False,
    )

# -- elements with those of a dense tensor -----------------------------------------------------------------------------

for _name, _shape in [("same", [3, 4]), ("row", [4]), ("row_2d", [1, 4]), ("column", [3, 1]), ("one", [])]:
    cases(
        "sparse_times_" + _name, lambda tf, v, x: [a(tf, v) * x, x * a(tf, v)], R(4), R(*_shape), gradient=_shape != []
    )
    cases("sparse_over_" + _name, lambda tf, v, x: a(tf, v) / x, R(4), P(*_shape), gradient=_shape != [])
    cases(
        "sparse_plus_" + _name,
        lambda tf, v, x: tf.raw_ops.SparseDenseCwiseAdd(
            sp_indices=np.int64(A), sp_values=v, sp_shape=np.int64([3, 4]), dense=x
        ),
        R(4),
        R(*_shape),
        gradient=False,
    )
cases("sparse_times_types", lambda tf, v, x: a(tf, v) * x, R(4), R(4), dtypes="dil")
cases("sparse_over_types", lambda tf, v, x: a(tf, v) / x, R(4), P(4), dtypes="dil")
cases("sparse_div_types", lambda tf, v, x: a(tf, v).__div__(x), R(4), P(4), dtypes="dil")
cases("sparse_times_3d", lambda tf, v, x: tf.SparseTensor(CUBE, v, [2, 2, 3]) * x, R(5), R(2, 1))
cases("sparse_times_list", lambda tf, v: a(tf, v) * [1.0, 2.0, 3.0, 4.0], R(4))
cases("sparse_times_too_wide", lambda tf, v, x: a(tf, v) * x, R(4), R(3))
cases("sparse_times_too_deep", lambda tf, v, x: a(tf, v) * x, R(4), R(2, 3, 4))
cases("sparse_times_outside", lambda tf, v, x: a(tf, v, [3, 2]) * x, R(4), R(2))
cases("sparse_times_other_type", lambda tf, v, x: a(tf, v) * x, R(4), V([1, 2, 3, 4], "i"))
cases("sparse_over_other_type", lambda tf, v, x: a(tf, v) / x, R(4), V([1, 2, 3, 4], "i"))
cases(
    "sparse_unary",
    lambda tf, v: [
        tf.abs(a(tf, v)),
        tf.negative(a(tf, v)),
        tf.sign(a(tf, v)),
        tf.square(a(tf, v)),
        tf.tanh(a(tf, v)),
        tf.math.erf(a(tf, v)),
    ],
    R(4),
)
cases("sparse_unary_root", lambda tf, v: tf.sqrt(a(tf, v)), P(4))

# -- products, softmax -------------------------------------------------------------------------------------------------

cases("sparse_matmul", lambda tf, v, x: tf.sparse_tensor_dense_matmul(a(tf, v), x), R(4), R(4, 2), dtypes="fdiz")
cases("sparse_matmul_adjoint_a", lambda tf, v, x: tf.sparse.matmul(a(tf, v), x, adjoint_a=True), R(4), R(3, 2))
cases("sparse_matmul_adjoint_b", lambda tf, v, x: tf.sparse.matmul(a(tf, v), x, adjoint_b=True), R(4), R(2, 4))
cases("sparse_matmul_adjoints", lambda tf, v, x: tf.sparse.sparse_dense_matmul(a(tf, v), x, True, True), R(4), R(2, 3))
cases(
    "sparse_matmul_adjoints_complex",
    lambda tf, v, x: tf.sparse.matmul(a(tf, v), x, True, True),
    R(4),
    R(2, 3),
    dtypes="z",
)
cases(
    "sparse_matmul_fed",
    lambda tf, i, v, s, x: tf.sparse.matmul(tf.SparseTensor(i, v, s), x),
    *fed([[1, 0], [0, 1], [0, 1]], [1.0, 2.0, 3.0], [3, 4]),
    R(4, 2),
)
cases("sparse_matmul_empty", lambda tf, i, v, s, x: tf.sparse.matmul(tf.SparseTensor(i, v, s), x), *empty(2), R(3, 2))
cases("sparse_matmul_sizes", lambda tf, v, x: tf.sparse_tensor_dense_matmul(a(tf, v), x), R(4), R(3, 2))
cases("sparse_matmul_row_outside", lambda tf, v, x: tf.sparse_tensor_dense_matmul(a(tf, v, [2, 3]), x), R(4), R(3, 2))
cases(
    "sparse_matmul_column_outside", lambda tf, v, x: tf.sparse_tensor_dense_matmul(a(tf, v, [3, 2]), x), R(4), R(2, 2)
)
cases("sparse_matmul_type", lambda tf, v, x: tf.sparse_tensor_dense_matmul(v, x), R(4, 2), R(2, 2))
cases("sparse_softmax", lambda tf, v: tf.sparse.softmax(a(tf, v)), R(4), dtypes="fd")
cases("sparse_softmax_3d", lambda tf, v: tf.sparse_softmax(tf.SparseTensor(CUBE, v, [2, 2, 3])), R(5))
cases("sparse_softmax_large", lambda tf, v: tf.sparse.softmax(a(tf, v)), V([1e4, 1e3, -1e4, -5.0]))
cases("sparse_softmax_empty", lambda tf, i, v, s: tf.sparse.softmax(tf.SparseTensor(i, v, s)), *empty(2))
cases("sparse_softmax_vector", lambda tf, v: tf.sparse.softmax(tf.SparseTensor([[1], [2]], v, [3])), R(2))

# -- reductions --------------------------------------------------------------------------------------------------------

for _label, _kw in (
    ("all", {}),
    ("0", {"axis": 0}),
    ("last", {"axis": -1}),
    ("two", {"axis": [0, 2]}),
    ("none", {"axis": []}),
    ("keep", {"axis": [1], "keepdims": True}),
    ("keep_all", {"keepdims": True}),
    ("outside", {"axis": 3}),
    ("negative", {"axis": [-1, -3]}),
):
    cases(
        "sparse_reduce_sum_" + _label,
        lambda tf, v, kw=_kw: tf.sparse.reduce_sum(tf.SparseTensor(CUBE, v, [2, 2, 3]), **kw),
        R(5),
    )
    for _name in ("reduce_max", "reduce_sum_sparse", "reduce_max_sparse"):
        cases(
            "sparse_%s_%s" % (_name, _label),
            lambda tf, v, f=_name, kw=_kw: getattr(tf.sparse, f)(tf.SparseTensor(CUBE, v, [2, 2, 3]), **kw),
            R(5),
            gradient=False,
        )
cases(
    "sparse_reduce_types",
    lambda tf, v: [
        tf.sparse.reduce_sum(a(tf, v), 1),
        tf.sparse.reduce_max(a(tf, v), 1),
        tf.sparse.reduce_max_sparse(a(tf, v), 0),
    ],
    R(4),
    dtypes="dilu",
    gradient=False,
)
cases(
    "sparse_reduce_old_names",
    lambda tf, v: [
        tf.sparse_reduce_sum(a(tf, v), reduction_axes=0, keep_dims=True),
        tf.sparse_reduce_max(a(tf, v), reduction_axes=0, keep_dims=True),
    ],
    R(4),
    gradient=False,
)
cases("sparse_reduce_both_names", lambda tf, v: tf.sparse_reduce_sum(a(tf, v), axis=0, reduction_axes=0), R(4))
cases(
    "sparse_reduce_empty",
    lambda tf, i, v, s: [
        tf.sparse.reduce_sum(tf.SparseTensor(i, v, s), 0),
        tf.sparse.reduce_max(tf.SparseTensor(i, v, s), 0),
    ],
    *empty(2),
    gradient=False,
)
cases(
    "sparse_reduce_fed",
    lambda tf, i, v, s: [
        tf.sparse.reduce_sum(tf.SparseTensor(i, v, s)),
        tf.sparse.reduce_sum(tf.SparseTensor(i, v, s), [0]),
    ],
    *fed([[1, 2], [0, 1]], [1.0, 2.0], [2, 3]),
)

# -- moving about ------------------------------------------------------------------------------------------------------

cases(
    "sparse_reorder",
    lambda tf, v: tf.sparse_reorder(tf.SparseTensor([[2, 0], [0, 1], [1, 2], [0, 0]], v, [3, 3])),
    R(4),
    dtypes="fdi",
)
cases(
    "sparse_reorder_text",
    lambda tf, v: tf.sparse_reorder(tf.SparseTensor([[2, 0], [0, 1], [1, 2], [0, 0]], v, [3, 3])),
    TEXT,
)
cases(
    "sparse_reorder_fed",
    lambda tf, i, v, s: tf.sparse.reorder(tf.SparseTensor(i, v, s)),
    *fed([[1, 2], [0, 1], [1, 2]], [1.0, 2.0, 3.0], [2, 3]),
)
for _label, _new in (
    ("flat", [12]),
    ("open", [-1, 6]),
    ("3d", [2, 2, 3]),
    ("same", [3, 4]),
    ("wrong", [5, 2]),
    ("wrong_open", [-1, 5]),
    ("two_open", [-1, -1]),
):
    cases("sparse_reshape_" + _label, lambda tf, v, new=_new: tf.sparse_reshape(a(tf, v), new), R(4))
    cases(
        "sparse_reshape_fed_" + _label,
        lambda tf, i, v, s, n: tf.sparse.reshape(tf.SparseTensor(i, v, s), n),
        *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
        V(_new, "l"),
    )
cases("sparse_reshape_to_dense", lambda tf, v: tf.sparse_tensor_to_dense(tf.sparse_reshape(a(tf, v), [4, -1])), R(4))
cases("sparse_reshape_text", lambda tf, v: tf.sparse_reshape(a(tf, v), [12]), TEXT)
cases(
    "sparse_reshape_nothing",
    lambda tf, v: tf.sparse_reshape(tf.SparseTensor(np.zeros([0, 2]), v, [0, 3]), [3, -1]),
    R(0),
)
cases("sparse_transpose", lambda tf, v: [tf.sparse_transpose(a(tf, v)), tf.sparse_transpose(a(tf, v), [0, 1])], R(4))
cases("sparse_transpose_3d", lambda tf, v: tf.sparse.transpose(tf.SparseTensor(CUBE, v, [2, 2, 3]), [1, 2, 0]), R(5))
cases(
    "sparse_transpose_fed",
    lambda tf, i, v, s: tf.sparse.transpose(tf.SparseTensor(i, v, s)).values,
    *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
)
cases(
    "sparse_expand_dims",
    lambda tf, v: [
        tf.sparse.expand_dims(a(tf, v)),
        tf.sparse.expand_dims(a(tf, v), 0),
        tf.sparse.expand_dims(a(tf, v), -2),
    ],
    R(4),
)
cases("sparse_expand_dims_float", lambda tf, v: tf.sparse.expand_dims(a(tf, v), 1.0), R(4))
for _axis in (0, 1, -1):
    cases(
        "sparse_concat_%d" % _axis,
        lambda tf, v, w, axis=_axis: tf.sparse_concat(axis, [a(tf, v), tf.SparseTensor(B, w, [3, 4])]),
        R(4),
        R(3),
    )
    cases(
        "sparse_concat_expand_%d" % _axis,
        lambda tf, v, w, axis=_axis: tf.sparse.concat(
            axis, [a(tf, v), tf.SparseTensor(B, w, [5, 6])], expand_nonconcat_dim=True
        ),
        R(4),
        R(3),
    )
cases("sparse_concat_text", lambda tf, v: tf.sparse_concat(1, [a(tf, v), a(tf, v)]), TEXT)
cases("sparse_concat_one", lambda tf, v: tf.sparse_concat(0, [a(tf, v)]), R(4))
cases(
    "sparse_concat_fed",
    lambda tf, i, v, s: tf.sparse_concat(1, [tf.SparseTensor(i, v, s)] * 2),
    *fed([[1, 2], [0, 1]], [1.0, 2.0], [2, 3]),
)
cases(
    "sparse_concat_sizes", lambda tf, v, w: tf.sparse_concat(1, [a(tf, v), tf.SparseTensor(B, w, [5, 6])]), R(4), R(3)
)
cases("sparse_concat_axis", lambda tf, v, s: tf.sparse_concat(2, [tf.SparseTensor(A, v, s)] * 2), R(4), V([3, 4], "l"))
cases("sparse_concat_dense", lambda tf, v: tf.sparse_concat(0, [v, v]), R(4))
for _number, _axis in ((3, 0), (2, 1), (3, 1), (1, 0), (5, 1), (2, 2), (2, -1)):
    cases(
        "sparse_split_%d_%d" % (_number, _axis),
        lambda tf, v, number=_number, axis=_axis: tf.sparse_split(sp_input=a(tf, v), num_split=number, axis=axis),
        R(4),
        gradient=False,
    )
cases("sparse_split_text", lambda tf, v: tf.sparse_split(sp_input=a(tf, v), num_split=2, axis=1), TEXT)
cases("sparse_split_position", lambda tf, v: tf.sparse_split(1, a(tf, v), 2), R(4))
cases("sparse_split_none", lambda tf, v: tf.sparse_split(sp_input=a(tf, v), num_split=0, axis=1), R(4))
for _label, _start, _size in (
    ("inside", [0, 1], [2, 2]),
    ("all", [0, 0], [3, 4]),
    ("beyond", [1, 1], [9, 9]),
    ("nothing", [1, 1], [1, 1]),
    ("short", [1], [1, 1]),
):
    cases(
        "sparse_slice_" + _label, lambda tf, v, start=_start, size=_size: tf.sparse_slice(a(tf, v), start, size), R(4)
    )
cases("sparse_slice_text", lambda tf, v: tf.sparse_slice(a(tf, v), [0, 1], [3, 2]), TEXT)
cases(
    "sparse_fill_empty_rows",
    lambda tf, v, d: [*tf.sparse_fill_empty_rows(tf.SparseTensor([[1, 1], [0, 2], [1, 0], [3, 0]], v, [5, 5]), d)],
    R(4),
    R(),
    dtypes="fd",
)
cases(
    "sparse_fill_empty_rows_text",
    lambda tf, v: [*tf.sparse_fill_empty_rows(tf.SparseTensor([[1, 1], [0, 2], [1, 0], [3, 0]], v, [5, 5]), "none")],
    TEXT,
)
cases(
    "sparse_fill_empty_rows_empty",
    lambda tf, i, v, s: [*tf.sparse.fill_empty_rows(tf.SparseTensor(i, v, s), 7.0)],
    *empty(2),
)
cases("sparse_fill_empty_rows_full", lambda tf, v: [*tf.sparse.fill_empty_rows(a(tf, v), 7.0)], R(4))
cases(
    "sparse_fill_empty_rows_none",
    lambda tf, i, v, s: [*tf.sparse.fill_empty_rows(tf.SparseTensor(i, v, s), 7.0)],
    *fed(np.zeros([0, 2]), [], [0, 3]),
)
cases("sparse_fill_empty_rows_outside", lambda tf, v: [*tf.sparse_fill_empty_rows(a(tf, v, [2, 4]), 7.0)], R(4))
cases("sparse_retain", lambda tf, v, k: tf.sparse_retain(a(tf, v), k), R(4), V([True, False, False, True], "b"))
cases("sparse_retain_text", lambda tf, v, k: tf.sparse_retain(a(tf, v), k), TEXT, V([True, False, False, True], "b"))
cases("sparse_retain_count", lambda tf, v, k: tf.sparse_retain(a(tf, v), k), R(4), V([True, False, False], "b"))
cases("sparse_retain_matrix", lambda tf, v, k: tf.sparse_retain(a(tf, v), k), R(4), V([[True, False]], "b"))
cases(
    "sparse_reset_shape", lambda tf, v: [tf.sparse_reset_shape(a(tf, v)), tf.sparse_reset_shape(a(tf, v), [5, 5])], R(4)
)
cases(
    "sparse_reset_shape_fed",
    lambda tf, i, v, s, n: [
        tf.sparse_reset_shape(tf.SparseTensor(i, v, s)),
        tf.sparse_reset_shape(tf.SparseTensor(i, v, s), n),
    ],
    *fed(A, [1.0, 2.0, 3.0, 4.0], [3, 4]),
    V([3, 6], "l"),
)
cases("sparse_reset_shape_small", lambda tf, v: tf.sparse_reset_shape(a(tf, v), [5, 3]), R(4))
cases("sparse_reset_shape_rank", lambda tf, v: tf.sparse_reset_shape(a(tf, v), [5, 5, 5]), R(4))
cases("sparse_reset_shape_small_fed", lambda tf, v, n: tf.sparse_reset_shape(a(tf, v), n), R(4), V([5, 3], "l"))
cases("sparse_reset_shape_rank_fed", lambda tf, v, n: tf.sparse_reset_shape(a(tf, v), n), R(4), V([5, 5, 5], "l"))
cases(
    "sparse_merge",
    lambda tf, i, v: [
        tf.sparse_merge(tf.SparseTensor(A, i, [3, 4]), a(tf, v), 9),
        tf.sparse_merge(tf.SparseTensor(A, i, [3, 4]), a(tf, v), 9, already_sorted=True),
    ],
    V([8, 3, 1, 0], "l"),
    R(4),
)
cases(
    "sparse_merge_two",
    lambda tf, i, v: tf.sparse_merge([tf.SparseTensor(A, i, [3, 4])] * 2, a(tf, v), [9, 8]),
    V([7, 3, 1, 0], "i"),
    R(4),
)
cases(
    "sparse_merge_counts",
    lambda tf, i, v: tf.sparse_merge([tf.SparseTensor(A, i, [3, 4])] * 2, a(tf, v), [9]),
    V([7, 3, 1, 0], "i"),
    R(4),
)
cases(
    "sparse_merge_size_type",
    lambda tf, i, v: tf.sparse_merge(tf.SparseTensor(A, i, [3, 4]), a(tf, v), 9.0),
    V([7, 3, 1, 0], "i"),
    R(4),
)
cases(
    "sparse_mask",
    lambda tf, v: [
        tf.sparse.mask(tf.IndexedSlices(v, tf.constant([12, 26, 37])), [12, 37]).values,
        tf.sparse.mask(tf.IndexedSlices(v, tf.constant([12, 26, 37])), [12]).indices,
    ],
    R(3, 2),
    gradient=False,
)
