"""Values of elementwise mathematics, comparisons, logic, casts and products of matrices."""

import numpy as np

from tests.oracle.values.harness import DTYPES, Cases, N, P, R, U, V

cases = Cases()
SPECIAL = V([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-20, -3e10, 88.0, 1.0])


def _unary(name):
    def function(tf, x):
        scope = tf
        *path, last = name.split(".")
        for part in path:
            scope = getattr(scope, part)
        return getattr(scope, last)(x)

    return function


REAL = [
    "abs",
    "negative",
    "sign",
    "square",
    "exp",
    "expm1",
    "sin",
    "cos",
    "tan",
    "tanh",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "sigmoid",
    "erf",
    "erfc",
    "floor",
    "ceil",
    "round",
    "rint",
    "log_sigmoid",
    "is_nan",
    "is_inf",
    "is_finite",
    "zeros_like",
    "ones_like",
    "identity",
    "nn.relu",
    "nn.relu6",
    "nn.elu",
    "nn.selu",
    "nn.leaky_relu",
    "nn.softplus",
    "nn.softsign",
    "nn.swish",
    "nn.crelu",
]
for _name in REAL:
    cases(_name, _unary(_name), R(2, 5), dtypes="fd")
    cases(_name + "_special", _unary(_name), SPECIAL, gradient=False)
for _name in ["sqrt", "rsqrt", "log", "log1p", "reciprocal", "lgamma", "digamma", "acosh"]:
    cases(_name, _unary(_name), V(np.array([[1.3, 2.5, 1.1], [7.9, 1.0, 4.2]])), dtypes="fd")
    cases(_name + "_special", _unary(_name), SPECIAL, gradient=False)
for _name in ["asin", "acos", "atanh"]:
    cases(_name, _unary(_name), U(2, 5), dtypes="fd")
for _name in ["abs", "negative", "sign", "square", "zeros_like", "ones_like", "nn.relu", "floor", "ceil", "round"]:
    if _name not in ("floor", "ceil"):
        cases(_name + "_whole", _unary(_name), R(2, 5), dtypes="il")
for _name in ["abs", "negative", "square", "exp", "tanh", "sigmoid", "sqrt", "log", "floor"]:
    cases(_name + "_half", _unary(_name), P(6), dtypes="e")
for _name in [
    "abs",
    "negative",
    "square",
    "exp",
    "log",
    "sqrt",
    "sin",
    "cos",
    "tanh",
    "reciprocal",
    "real",
    "imag",
    "conj",
    "angle",
    "sign",
]:
    cases(_name + "_complex", _unary(_name), R(4), dtypes="cz", gradient=False)
cases("round_halves", _unary("round"), V([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999997]), dtypes="fd", gradient=False)
cases("rint_halves", _unary("rint"), V([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]), gradient=False)
cases(
    "relu_gradients_at_edges",
    lambda tf, x: [tf.nn.relu(x), tf.nn.relu6(x), tf.nn.elu(x), tf.nn.leaky_relu(x), tf.abs(x), tf.sign(x)],
    V([-1.0, 0.0, 6.0, 7.0, -0.0]),
)
cases("leaky_relu_alpha", lambda tf, x: tf.nn.leaky_relu(x, 0.3), R(6))
cases("sigmoid_far_out", _unary("sigmoid"), V([-100.0, -20.0, 20.0, 100.0]))
cases("softplus_far_out", _unary("nn.softplus"), V([-100.0, -20.0, 20.0, 100.0]))
cases("log_sigmoid_far_out", _unary("log_sigmoid"), V([-100.0, -20.0, 20.0, 100.0]))


def _binary(name):
    return lambda tf, x, y: getattr(tf, name)(x, y)


for _name in [
    "add",
    "subtract",
    "multiply",
    "divide",
    "maximum",
    "minimum",
    "squared_difference",
    "floordiv",
    "floormod",
]:
    cases(_name, _binary(_name), R(2, 3), P(2, 3), dtypes="fdil")
    cases(_name + "_broadcast", _binary(_name), R(2, 1, 3), P(4, 1), dtypes="fi")
    cases(_name + "_scalar", _binary(_name), R(2, 3), P(), dtypes="f")
    cases(_name + "_empty", _binary(_name), R(0, 3), P(3), dtypes="f")
for _name in ["add", "subtract", "multiply", "divide"]:
    cases(_name + "_complex", _binary(_name), R(3), R(3), dtypes="c", gradient=False)
    cases(_name + "_half", _binary(_name), R(3), P(3), dtypes="e")
cases("pow", _binary("pow"), P(2, 3), R(2, 3), dtypes="fd")
cases("pow_broadcast", _binary("pow"), P(2, 3), R(3))
cases("pow_square_of_negative", lambda tf, x: [x**2, x**3.0, x**0, x**1], V([-2.0, 0.0, 3.0]))
cases("pow_half", lambda tf, x: x**0.5, P(4))
cases("pow_whole", _binary("pow"), R(4), V([0, 1, 2, 3], "i"), dtypes="i")
cases(
    "pow_special",
    _binary("pow"),
    V([0.0, 0.0, -1.0, np.inf, 2.0, np.nan]),
    V([0.0, -1.0, 0.5, 0.0, np.inf, 0.0]),
    gradient=False,
)
cases("truediv_whole", _binary("truediv"), R(2, 3), P(2, 3), dtypes="ilus")
cases("div_whole", _binary("div"), R(2, 3), P(2, 3), dtypes="il")
cases("truncatediv", _binary("truncatediv"), R(9), P(9), dtypes="il")
cases("truncatemod", _binary("truncatemod"), R(9), P(9), dtypes="il")
cases("floordiv_signs", _binary("floordiv"), V([7, -7, 7, -7]), V([3, 3, -3, -3]), dtypes="fdi", gradient=False)
cases("mod_signs", _binary("mod"), V([7, -7, 7, -7]), V([3, 3, -3, -3]), dtypes="fdi", gradient=False)
cases(
    "operators_on_whole", lambda tf, x: [x + 2, 3 - x, x * x, x / 2, x // 2, x % 3, -x, abs(x), x**2], R(5), dtypes="il"
)
cases(
    "operators",
    lambda tf, x: [x + 2, 3.5 - x, x * x, x / 2, 2 / x, x // 2, x % 3, -x, abs(x), x**2, 2**x],
    R(5),
    dtypes="fd",
)
cases("atan2", _binary("atan2"), R(2, 3), R(2, 3))
cases("div_no_nan", _binary("div_no_nan"), R(4), V([1.0, 0.0, 2.0, 0.0]))
cases("maximum_ties", _binary("maximum"), V([1.0, 2.0, 3.0]), V([1.0, 3.0, 2.0]))
cases("minimum_ties", _binary("minimum"), V([1.0, 2.0, 3.0]), V([1.0, 3.0, 2.0]))
cases("maximum_nan", _binary("maximum"), V([1.0, np.nan, 3.0]), V([np.nan, 3.0, 2.0]), gradient=False)
cases("add_n", lambda tf, x, y, z: tf.add_n([x, y, z]), R(2, 3), R(2, 3), R(2, 3), dtypes="fi")
cases("accumulate_n", lambda tf, x, y: tf.accumulate_n([x, y]), R(2, 3), R(2, 3))
cases("scalar_mul", lambda tf, x: tf.scalar_mul(2.0, x), R(3))
cases("binary_incompatible", _binary("add"), R(2, 3), R(2, 2))
for _name in ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]:
    cases(_name, _binary(_name), V([1, 2, 3, 2]), V([1, 3, 2, 2]), dtypes="fdilu")
    cases(_name + "_broadcast", _binary(_name), N(0, 3, 2, 1), N(0, 3, 3))
    cases(_name + "_nan", _binary(_name), V([np.nan, 1.0]), V([np.nan, np.nan]))
cases("equal_bool", _binary("equal"), V([True, False], "b"), V([True, True], "b"))
cases("equal_complex", _binary("equal"), V([1 + 1j, 2]), V([1 + 1j, 2j]), dtypes="c")
for _name in ["logical_and", "logical_or", "logical_xor"]:
    cases(_name, _binary(_name), V([[True], [False]], "b"), V([True, False], "b"))
cases("logical_not", _unary("logical_not"), V([True, False], "b"))
cases(
    "bool_operators",
    lambda tf, a, b: [a & b, a | b, a ^ b, ~a],
    V([True, True, False], "b"),
    V([True, False, False], "b"),
)

cases("clip_by_value", lambda tf, x: tf.clip_by_value(x, -1.0, 1.5), R(2, 5), dtypes="fd")
cases("clip_by_value_edges", lambda tf, x: tf.clip_by_value(x, -1.0, 1.0), V([-1.0, 1.0, 0.0]))
cases("clip_by_value_whole", lambda tf, x: tf.clip_by_value(x, -3, 4), R(8), dtypes="i")
cases("clip_by_norm", lambda tf, x: tf.clip_by_norm(x, 1.0), R(2, 3))
cases("clip_by_norm_inside", lambda tf, x: tf.clip_by_norm(x, 100.0), R(2, 3))
cases("clip_by_norm_axis", lambda tf, x: tf.clip_by_norm(x, 1.0, [1]), R(2, 3))
cases(
    "clip_by_global_norm",
    lambda tf, x, y: [*tf.clip_by_global_norm([x, y], 1.0)[0], tf.global_norm([x, y])],
    R(2),
    R(3),
)
cases("l2_normalize", lambda tf, x: [tf.nn.l2_normalize(x, 1), tf.nn.l2_normalize(x, [0, 1])], R(2, 3))
cases(
    "norm", lambda tf, x: [tf.norm(x), tf.norm(x, 1), tf.norm(x, np.inf, 0), tf.norm(x, axis=1, keepdims=True)], R(2, 3)
)
cases("l2_loss", lambda tf, x: tf.nn.l2_loss(x), R(2, 3), dtypes="fd")

for _from in "fdeilusb":
    for _to in "fdeilusb":
        _target = DTYPES[_to]
        cases(
            "cast_%s_to_%s" % (np.dtype(DTYPES[_from]).name, np.dtype(_target).name),
            lambda tf, x, to=_target: tf.cast(x, to),
            V([0, 1, 2.75, 100] if _from != "b" else [True, False], _from),
        )
cases(
    "cast_negative_to_int",
    lambda tf, x: [tf.cast(x, tf.int32), tf.cast(x, tf.int64), tf.cast(x, tf.bool)],
    V([-2.7, -0.5, 0.5, 1.5]),
)
cases(
    "cast_int_wraps",
    lambda tf, x: [tf.cast(x, tf.int8), tf.cast(x, tf.uint8), tf.cast(x, tf.int16)],
    V([300, -1, 128, 40000], "i"),
)
cases("cast_to_complex", lambda tf, x: tf.cast(x, tf.complex64), R(3), gradient=False)
cases("cast_complex_to_real", lambda tf, x: tf.cast(x, tf.float32), R(3), dtypes="c", gradient=False)
cases(
    "cast_bfloat16",
    lambda tf, x: tf.cast(tf.cast(x, tf.bfloat16), tf.float32),
    V([1.0, 1.00390625, 3.14159, -1e-3, 1.01171875]),
)
cases(
    "saturate_cast",
    lambda tf, x: [tf.saturate_cast(x, tf.uint8), tf.saturate_cast(x, tf.int8)],
    V([-200.0, -1.0, 100.5, 300.0]),
)
cases("bitcast", lambda tf, x: [tf.bitcast(x, tf.int32), tf.bitcast(x, tf.uint8)], V([1.0, -2.5]))
cases(
    "complex_parts",
    lambda tf, x, y: [
        tf.real(tf.complex(x, y)),
        tf.imag(tf.complex(x, y) * tf.complex(y, x)),
        tf.abs(tf.complex(x, y)),
    ],
    R(3),
    P(3),
)

for _letters in ("fd", "i"):
    cases("matmul_" + _letters, lambda tf, a, b: tf.matmul(a, b), R(2, 3), R(3, 4), dtypes=_letters)
cases(
    "matmul_transposes",
    lambda tf, a, b: [
        tf.matmul(a, b, transpose_b=True),
        tf.matmul(a, b, transpose_a=True),
        tf.matmul(a, b, True, True),
    ],
    R(3, 3),
    R(3, 3),
)
cases(
    "matmul_batch",
    lambda tf, a, b: [tf.matmul(a, b), tf.matmul(b, a, transpose_a=True, transpose_b=True)],
    R(5, 2, 3),
    R(5, 3, 4),
)
cases("matmul_batch_broadcast", lambda tf, a, b: tf.matmul(a, b), R(5, 1, 2, 3), R(4, 3, 2))
cases(
    "matmul_batch_transposes",
    lambda tf, a, b: [tf.matmul(a, b, transpose_b=True), tf.matmul(a, b, transpose_a=True)],
    R(2, 3, 3),
    R(2, 3, 3),
)
cases(
    "matmul_complex",
    lambda tf, a, b: [tf.matmul(a, b), tf.matmul(a, b, adjoint_a=True), tf.matmul(a, b, adjoint_b=True)],
    R(2, 2),
    R(2, 2),
    dtypes="c",
    gradient=False,
)
cases("matmul_empty", lambda tf, a, b: tf.matmul(a, b), R(2, 0), R(0, 3))
cases("matmul_no_rows", lambda tf, a, b: tf.matmul(a, b), R(0, 3), R(3, 2))
cases("matmul_half", lambda tf, a, b: tf.matmul(a, b), R(2, 3), R(3, 2), dtypes="e")
cases("matmul_wrong", lambda tf, a, b: tf.matmul(a, b), R(2, 3), R(2, 3))
cases("matmul_vector", lambda tf, a, b: tf.matmul(a, b), R(3), R(3, 2))
cases("matvec", lambda tf, a, b: tf.linalg.matvec(a, b), R(2, 3), R(3))
cases("tensordot_1", lambda tf, a, b: tf.tensordot(a, b, 1), R(2, 3, 4), R(4, 2))
cases("tensordot_2", lambda tf, a, b: tf.tensordot(a, b, [[1, 2], [0, 1]]), R(2, 3, 4), R(3, 4, 2))
cases("tensordot_0", lambda tf, a, b: tf.tensordot(a, b, 0), R(2), R(3))
cases(
    "einsum",
    lambda tf, a, b: [
        tf.einsum("ij,jk->ik", a, b),
        tf.einsum("ij,jk->ki", a, b),
        tf.einsum("ij->ji", a),
        tf.einsum("ij,jk->", a, b),
    ],
    R(2, 3),
    R(3, 4),
)
cases("einsum_batch", lambda tf, a, b: tf.einsum("bij,bjk->bik", a, b), R(2, 2, 3), R(2, 3, 4))
cases(
    "diagonals",
    lambda tf, x: [tf.diag(x), tf.matrix_diag(x), tf.diag_part(tf.diag(x)), tf.trace(tf.diag(x) * 2.0)],
    R(3),
)
cases(
    "matrix_parts",
    lambda tf, x: [
        tf.matrix_diag_part(x),
        tf.matrix_band_part(x, 0, -1),
        tf.matrix_band_part(x, 1, 0),
        tf.matrix_transpose(x),
    ],
    R(2, 3, 4),
)
cases("matrix_set_diag", lambda tf, x, d: tf.matrix_set_diag(x, d), R(2, 3, 3), R(2, 3))
cases("eye", lambda tf: [tf.eye(3), tf.eye(2, 4), tf.eye(2, batch_shape=[2]), tf.eye(2, dtype=tf.int32)])
cases("matrix_inverse", lambda tf, x: [tf.matrix_inverse(x), tf.matrix_determinant(x)], V([[2.0, 1.0], [0.5, 3.0]]))
cases("check_numerics_fine", lambda tf, x: tf.check_numerics(x, "fine"), R(3))
cases("check_numerics_not", lambda tf, x: tf.check_numerics(x, "not"), V([1.0, np.nan]))
cases("stop_gradient", lambda tf, x: tf.stop_gradient(x) * x, R(3))
cases(
    "second_derivatives",
    lambda tf, x: [
        tf.gradients(tf.gradients(f(x), x)[0], x)[0]
        for f in (tf.exp, tf.tanh, tf.sigmoid, lambda v: v**3, tf.nn.softplus, tf.sin, lambda v: 1.0 / v)
    ],
    P(3),
)
cases(
    "second_derivative_of_matmul",
    lambda tf, x, w: tf.gradients(tf.gradients(tf.square(tf.matmul(x, w)), x)[0], w)[0],
    R(2, 3),
    R(3, 2),
)

for _name in ("SqrtGrad", "RsqrtGrad", "InvGrad", "ReciprocalGrad"):
    cases(
        _name + "_of_nothing",
        lambda tf, y, dy, n=_name: getattr(tf.raw_ops, n)(y=y, dy=dy),
        V([0.0, 0.0, np.inf, np.nan, np.nan], "f"),
        V([0.0, 1.0, 0.0, 0.0, 1.0], "f"),
        gradient=False,
    )
