"""Graphs of constants, operators, slices, reductions and array functions. Each: build(tf) adds nodes."""

# ruff: noqa: B018 (an expression alone adds its node)

import numpy as np


def build_constants_python(tf):
    for value in (
        1,
        1.5,
        True,
        1j,
        b"bytes",
        "text",
        2**40,
        -3,
        [1, 2],
        (1.0, 2.0),
        [[True], [False]],
        ["a", b"bc"],
        [],
    ):
        tf.constant(value)
    tf.constant([1, 2.5])
    tf.constant([[], []])


def build_constants_dtype(tf):
    for name in ("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16",
                 "complex64", "complex128"):  # fmt: skip
        tf.constant([0, 1, 2], dtype=getattr(tf, name))
        tf.constant(3, dtype=name)
    tf.constant([0.1, 1e-30, 1e30, -0.0], tf.float32)
    tf.constant([0.1], tf.bfloat16)
    tf.constant([0.1], tf.float16)
    tf.constant(True, tf.bool)
    tf.constant("é", tf.string)
    tf.constant(np.float32(1.5), tf.float64)


def build_constants_shape(tf):
    tf.constant(0.5, shape=[2, 3])
    tf.constant([1, 2, 3, 4], shape=[2, 2], name="square")
    tf.constant([1, 2], shape=[5])
    tf.constant(7, tf.int64, [2], "named")
    tf.constant(0, shape=[0, 3])
    tf.constant(1.0, shape=[])
    tf.constant("x", shape=[2])
    tf.constant(True, shape=[3])


def build_constants_numpy(tf):
    for dtype in (np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16,
                  np.uint32, np.uint64, np.complex64, np.complex128, np.bool_):  # fmt: skip
        tf.constant(np.array([0, 1, 1]).astype(dtype))
        tf.constant(dtype(1))
    tf.constant(np.array(["a", "bcd"]))
    tf.constant(np.array([b"a", b"bcd"]))
    tf.constant(np.array(["a", b"b"], dtype=object))
    tf.constant(np.arange(12).reshape(3, 4)[:, ::2])
    tf.constant(np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    tf.constant(np.zeros([0, 2]))
    tf.constant([np.float32(1), np.float32(2)])
    tf.constant(np.arange(100.0))
    tf.constant(np.ones([40], np.float32))


def build_convert_to_tensor(tf):
    c = tf.constant(1.0)
    tf.convert_to_tensor(c)
    tf.convert_to_tensor(1)
    tf.convert_to_tensor([1.5, 2], name="named")
    tf.convert_to_tensor(1, tf.float32)
    tf.convert_to_tensor(1, preferred_dtype=tf.float64)
    tf.convert_to_tensor(1.5, preferred_dtype=tf.int32)
    tf.convert_to_tensor([c, 2.0])
    tf.convert_to_tensor([[c, 2.0], [3.0, c]])
    tf.convert_to_tensor([tf.constant([1, 2]), [3, 4]])
    tf.convert_to_tensor(tf.TensorShape([2, 3]))
    tf.convert_to_tensor(tf.TensorShape([]))
    tf.convert_to_tensor(tf.TensorShape([2]), tf.int64)
    tf.convert_to_tensor(tf.Dimension(4))
    tf.convert_to_tensor(np.array(5))
    tf.convert_to_tensor(tf.float32.as_numpy_dtype(3))


def build_convert_variables_and_slices(tf):
    w = tf.Variable([1.0, 2.0])
    r = tf.Variable([1.0, 2.0], use_resource=True)
    tf.convert_to_tensor(w)
    tf.convert_to_tensor(r)
    tf.convert_to_tensor([w, r])
    tf.identity(w)
    tf.identity(r)
    sparse = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([0, 3]), tf.constant([5, 1]))
    tf.convert_to_tensor(sparse)
    sparse + tf.zeros([5, 1])


def build_placeholders(tf):
    tf.placeholder(tf.float32)
    tf.placeholder(tf.float32, [])
    tf.placeholder("int32", [None, 3])
    tf.placeholder(tf.bool, (2, None), "p")
    tf.placeholder(tf.float32, tf.TensorShape(None))
    tf.placeholder(tf.float64, 3)
    tf.placeholder(np.float32, shape=[4])
    tf.placeholder_with_default(1.0, [])
    tf.placeholder_with_default([[1, 2]], [None, 2], name="d")
    tf.placeholder_with_default(tf.zeros([2]), None)


def build_sparse_placeholders(tf):
    tf.sparse_placeholder(tf.float32)
    tf.sparse_placeholder(tf.float32, [2, 3], name="sp")


def build_operators_float(tf):
    x, y = tf.placeholder(tf.float32, [2], "x"), tf.placeholder(tf.float32, [2], "y")
    x + y, x - y, x * y, x / y, x // y, x % y, x**y
    -x, abs(x)
    x < y, x <= y, x > y, x >= y
    x + 1, x - 1.5, x * 2, x / 3, x // 2, x % 2.5, x**2, x**0.5
    1 + x, 1.5 - x, 2 * x, 1 / x, 7 // x, 7 % x, 2**x
    x < 1, x < 1.0, x >= 0
    x + [1.0, 2.0], [1, 2] * x, x - (1, 2), x / [[1.0], [2.0]]


def build_operators_numpy(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    x + np.float32(1), np.float32(1) + x, x * np.ones([2], np.float32), np.ones([2], np.float32) * x
    x - np.float64(1.5), np.array([1.0, 2.0]) - x, np.ones([3, 2]) / x, x + np.array([1, 2])
    np.float32(2) * x, np.float64(2) ** x, np.arange(2) - x, np.array(3.0) + x
    np.int64(3) * x


def build_operators_int(tf):
    x, y = tf.placeholder(tf.int32, [2], "x"), tf.placeholder(tf.int32, [2], "y")
    x + y, x - 1, 2 * x, x / y, x / 2, 2 / x, x // y, x // 2, 7 // x, x % 3, x**2, -x, abs(x)
    z = tf.placeholder(tf.int64, [], "z")
    z + 1, z * 2, z / 2, 1 - z, z // 4
    u = tf.placeholder(tf.uint8, [], "u")
    u / 2, u + 1
    h = tf.placeholder(tf.int16, [], "h")
    h / 2


def build_operators_bool(tf):
    a, b = tf.placeholder(tf.bool, [2], "a"), tf.placeholder(tf.bool, [2], "b")
    a & b, a | b, a ^ b, ~a, True & a, a | [True, False], np.array([True, False]) ^ b
    tf.logical_and(a, b)
    tf.logical_or(a, b)
    tf.logical_not(a)
    tf.logical_xor(a, b)


def build_operators_complex_and_double(tf):
    c = tf.placeholder(tf.complex64, [2], "c")
    c + 1, 2.0 * c, c / 2, abs(c), -c, c * (1 + 2j)
    d = tf.placeholder(tf.float64, [2], "d")
    d + 1, 1.5 * d, d / 3, d**2


def build_complex_functions(tf):
    c, d = tf.placeholder(tf.complex64, [2], "c"), tf.placeholder(tf.float64, [2], "d")
    tf.real(c)
    tf.imag(c)
    tf.conj(c)
    tf.angle(c)
    tf.abs(c)
    tf.complex(tf.real(c), tf.imag(c))
    tf.real(d)
    tf.conj(d)


def build_operators_matmul(tf):
    a, b = tf.placeholder(tf.float32, [2, 3], "a"), tf.placeholder(tf.float32, [3, 4], "b")
    a @ b, np.ones([2, 2], np.float32) @ a, a @ [[1.0], [2.0], [3.0]]
    c = tf.placeholder(tf.float32, [5, 2, 3], "c")
    c @ tf.placeholder(tf.float32, [5, 3, 4], "e"), c @ b


def build_operators_variable(tf):
    w = tf.Variable([1.0, 2.0], name="w")
    r = tf.Variable([1.0, 2.0], name="r", use_resource=True)
    for v in (w, r):
        v + 1.0, 1.0 - v, v * v, v / 2, -v, v**2, v[0], v < 1.0, abs(v)
    w + r, r + w


def build_operators_unknown_rank(tf):
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, [None, 3], "y")
    x + y, x * 2, y + [1, 2, 3], y * tf.ones([2, 1]), y + x[0], tf.matmul(x, y)


def build_math_functions(tf):
    x, y = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.float32, [3], "y")
    for name in ("add", "subtract", "multiply", "divide", "truediv", "div", "floordiv", "mod", "floormod", "pow",
                 "maximum", "minimum", "squared_difference", "realdiv", "div_no_nan", "floor_div"):  # fmt: skip
        getattr(tf, name)(x, y)
        getattr(tf, name)(x, 2.0, name="my_" + name)
    tf.scalar_mul(2.0, x)
    tf.add_n([x, x])
    tf.add_n([x])
    tf.add_n([1.0, 2.0, x[0, 0]], name="sum")


def build_math_functions_rare(tf):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    tf.accumulate_n([x, x])
    tf.atan2(x, 2.0)
    tf.truncatediv(tf.constant([5]), 3)
    tf.truncatemod(tf.constant([5]), 3)


def build_unary_functions(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    for name in ("abs", "negative", "sign", "reciprocal", "square", "sqrt", "rsqrt", "exp", "expm1", "log", "log1p",
                 "sin", "cos", "tan", "tanh", "sigmoid", "floor", "ceil", "round", "log_sigmoid", "is_nan", "is_inf",
                 "is_finite", "zeros_like", "ones_like", "identity", "stop_gradient"):  # fmt: skip
        getattr(tf, name)(x)
    tf.sqrt(4.0)
    tf.square([1, 2], name="sq")
    tf.round(tf.constant([1, 2]))


def build_unary_functions_rare(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    for name in ("asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "erfc", "lgamma", "digamma",
                 "rint"):  # fmt: skip
        getattr(tf, name)(x)


def build_norms_and_clips(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    tf.clip_by_value(x, 0.0, 1.0)
    tf.clip_by_value(x, -1, 1, name="c")
    tf.clip_by_norm(x, 2.0)
    tf.clip_by_norm(x, 2.0, axes=[0])
    tf.clip_by_global_norm([x, x * 2], 1.0)
    tf.clip_by_average_norm(x, 2.0)
    tf.global_norm([x, None, x])
    tf.norm(x)
    tf.norm(x, ord=1, axis=0)
    tf.nn.l2_normalize(x, 0)


def build_comparison_functions(tf):
    x, y = tf.placeholder(tf.float32, [2], "x"), tf.placeholder(tf.float32, [2], "y")
    tf.equal(x, y)
    tf.not_equal(x, y)
    tf.less(x, y)
    tf.less_equal(x, y)
    tf.greater(x, y)
    tf.greater_equal(x, y)
    tf.equal(x, 1)
    tf.less(x, 2, name="l")
    tf.equal(tf.argmax(x, 0), 1)
    tf.reduce_mean(tf.cast(tf.equal(tf.round(x), y), tf.float32))


def build_comparisons_of_strings(tf):
    tf.equal(tf.constant(["a"]), "b")


def build_casts(tf):
    x, i = tf.placeholder(tf.float32, [2], "x"), tf.placeholder(tf.int32, [2], "i")
    tf.cast(x, tf.int32)
    tf.cast(x, tf.float32)
    tf.cast(x, "float64")
    tf.cast(i, tf.bool)
    tf.cast(x > 0, tf.float32)
    tf.cast(3, tf.float32)
    tf.cast([1.5, 2.5], tf.int64, name="k")
    tf.cast(i, dtype=tf.uint8)
    tf.to_float(i)
    tf.to_double(i)
    tf.to_int32(x)
    tf.to_int64(x)
    tf.to_bfloat16(x)
    tf.to_complex64(x)
    tf.cast(tf.placeholder(tf.complex64, [1]), tf.float32)
    tf.cast(True, tf.float32)
    tf.cast(np.array([1, 2]), tf.float16)


def build_bit_casts(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    tf.saturate_cast(x, tf.uint8)
    tf.bitcast(x, tf.int32)


def build_reductions(tf):
    x, b = tf.placeholder(tf.float32, [2, 3, 4], "x"), tf.placeholder(tf.bool, [2, 3], "b")
    for name in ("sum", "mean", "max", "min", "prod", "logsumexp"):
        f = getattr(tf, "reduce_" + name)
        f(x)
        f(x, 1)
        f(x, axis=[0, -1])
        f(x, 0, True)
        f(x, axis=-1, keepdims=True, name="n_" + name)
    tf.reduce_sum(x, reduction_indices=[1])
    tf.reduce_mean(x, 1, keep_dims=True)
    tf.reduce_sum(x, ())
    tf.reduce_sum(x, tf.constant([0, 1]))
    tf.reduce_sum(x, np.array([1]))
    tf.reduce_sum([1, 2, 3])
    tf.reduce_all(b)
    tf.reduce_any(b, 1)
    tf.reduce_all(b, [0, 1], keepdims=True)


def build_reductions_rare(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4], "x")
    tf.count_nonzero(x)
    tf.count_nonzero(x, 1, dtype=tf.int32)
    tf.math.reduce_euclidean_norm(x, 1)
    tf.math.reduce_std(x)
    tf.math.reduce_variance(x, 0)


def build_reductions_arg_and_cumulative(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4], "x")
    tf.argmax(x)
    tf.argmax(x, 1)
    tf.argmin(x, -1, output_type=tf.int32)
    tf.argmax(x, axis=2, name="am")
    tf.cumsum(x)
    tf.cumsum(x, 1, exclusive=True, reverse=True)
    tf.cumprod(x, axis=-1)


def build_reductions_unknown_rank(tf):
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, [None, 3], "y")
    tf.reduce_sum(x)
    tf.reduce_mean(y)
    tf.reduce_max(x, 0)
    tf.reduce_mean(x, keepdims=True)
    tf.reduce_sum(y, 0)
    tf.reduce_mean(y, [0], keepdims=True)
    tf.reduce_all(tf.placeholder(tf.bool))
    tf.reduce_logsumexp(y)
    tf.reduce_sum(y, axis=tf.placeholder(tf.int32, []))
    tf.reduce_sum(y, axis=tf.placeholder(tf.int32, []), keepdims=True)
    tf.reduce_sum(y, axis=tf.placeholder(tf.int32, [None]))


def build_segments(tf):
    x, ids = tf.placeholder(tf.float32, [4, 2], "x"), tf.placeholder(tf.int32, [4], "ids")
    for name in ("sum", "mean", "max", "min", "prod"):
        getattr(tf, "segment_" + name)(x, ids)
        getattr(tf, "unsorted_segment_" + name)(x, ids, 3)
    tf.segment_sum(x, [0, 0, 1, 5])


def build_segments_rare(tf):
    x, ids = tf.placeholder(tf.float32, [4, 2], "x"), tf.placeholder(tf.int32, [4], "ids")
    tf.unsorted_segment_sqrt_n(x, ids, 3)


def build_matmuls(tf):
    a, b = tf.placeholder(tf.float32, [2, 3], "a"), tf.placeholder(tf.float32, [3, 4], "b")
    tf.matmul(a, b)
    tf.matmul(a, a, transpose_b=True)
    tf.matmul(a, a, True)
    tf.matmul(a, b, name="m")
    tf.matmul(a, a, adjoint_a=True)
    tf.matmul([[1.0, 2.0]], [[3.0], [4.0]])
    c = tf.placeholder(tf.float32, [5, 2, 3], "c")
    tf.matmul(c, c, transpose_a=True)
    tf.matmul(c, c, adjoint_b=True)
    tf.matmul(c, tf.ones([5, 3, 1]))
    tf.matmul(c, b)
    tf.matmul(tf.placeholder(tf.complex64, [2, 2]), tf.ones([2, 2], tf.complex64), adjoint_b=True)
    u = tf.placeholder(tf.float32, name="u")
    tf.matmul(u, b)
    tf.matmul(u, u)
    tf.linalg.matvec(a, [1.0, 2.0, 3.0])
    tf.linalg.transpose(c)
    tf.matrix_transpose(a)


def build_tensordots(tf):
    a, b = tf.placeholder(tf.float32, [2, 3], "a"), tf.placeholder(tf.float32, [3, 4], "b")
    c = tf.placeholder(tf.float32, [5, 2, 3], "c")
    tf.tensordot(c, b, 1)
    tf.tensordot(a, a, [[0], [0]])
    tf.tensordot(c, b, [[2], [0]])
    tf.tensordot(a, b, axes=0)
    tf.tensordot(tf.placeholder(tf.float32, [None, None, 3]), b, [[2], [0]])
    tf.einsum("ij,jk->ik", a, b)
    tf.einsum("bij,jk->bik", c, b)


def build_inverses(tf):
    tf.linalg.inv(tf.eye(2))
    tf.matrix_determinant(tf.eye(2))


def build_diagonals_basic(tf):
    tf.trace(tf.eye(3))
    tf.eye(2, 3)
    tf.eye(2, batch_shape=[2])
    tf.diag([1.0, 2.0])
    tf.diag_part(tf.eye(2))
    tf.matrix_diag([1.0, 2.0])
    tf.matrix_diag_part(tf.eye(2))
    tf.matrix_band_part(tf.eye(3), 0, -1)
    tf.matrix_set_diag(tf.eye(2), [3.0, 4.0])


def build_matmuls_sparse(tf):
    a, b = tf.placeholder(tf.float32, [2, 3], "a"), tf.placeholder(tf.float32, [3, 4], "b")
    tf.matmul(a, b, a_is_sparse=True)
    tf.matmul(a, b, b_is_sparse=True)
