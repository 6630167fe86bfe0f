"""Values of map_fn, scan, foldl and foldr, and of loops over TensorArrays."""

import numpy as np

from tests.oracle.values.harness import Cases, R, U, V

cases = Cases()

# -- map_fn ------------------------------------------------------------------------------------------------------------

cases("map_square", lambda tf, x: tf.map_fn(lambda v: v * v, x), R(4, 3), dtypes="fdil")
cases("map_scalars", lambda tf, x: tf.map_fn(lambda v: v * v, x), R(4))
cases("map_to_scalars", lambda tf, x: tf.map_fn(tf.reduce_sum, x), R(4, 3))
cases("map_one_row", lambda tf, x: tf.map_fn(tf.sin, x), R(1, 3))
cases("map_other_type", lambda tf, x: tf.map_fn(lambda v: tf.cast(v, tf.int32), x, dtype=tf.int32), R(4, 3))
cases("map_two", lambda tf, x, y: tf.map_fn(lambda v: v[0] * v[1], (x, y), dtype=tf.float32), R(3, 2), R(3, 2))
cases("map_same_structure", lambda tf, x, y: list(tf.map_fn(lambda v: (v[1], v[0]), (x, y))), R(3, 2), R(3, 2))
cases(
    "map_nested",
    lambda tf, x, y: (lambda r: [r["a"], r["b"][0]])(
        tf.map_fn(lambda v: {"a": v[0] + v[1], "b": [v[1]]}, (x, y), dtype={"a": tf.float32, "b": [tf.float32]})
    ),
    R(3, 2),
    R(3, 2),
)
cases("map_to_several", lambda tf, x: list(tf.map_fn(lambda v: (v, -v), x, dtype=(tf.float32, tf.float32))), R(3, 2))
cases("map_of_outside", lambda tf, x, w: tf.map_fn(lambda v: tf.tensordot(v, w, 1), x), R(4, 3), R(3, 2))
cases("map_text", lambda tf, x: tf.map_fn(lambda v: v + "!", x), V(["a", "b"], "S"))
cases("map_text_length", lambda tf, x: tf.map_fn(tf.strings.length, x, dtype=tf.int32), V(["a", "bcd"], "S"))
cases(
    "map_py_func",
    lambda tf, x: tf.map_fn(lambda v: tf.py_func(lambda a: 2 * a, [v], tf.float32), x),
    R(3, 2),
    gradient=False,
)
cases("map_in_map", lambda tf, x: tf.map_fn(lambda row: tf.map_fn(lambda v: v * v * row[0], row), x), R(3, 2))
cases("map_cond", lambda tf, x: tf.map_fn(lambda v: tf.cond(v > 0, lambda: v * 2, lambda: v * v), x), R(5))
cases(
    "map_gather", lambda tf, x, i: tf.map_fn(lambda p: tf.gather(x, p), i, dtype=tf.float32), R(4, 2), V([3, 0, 3], "i")
)
cases(
    "map_places", lambda tf, x, i: tf.map_fn(lambda p: p[0][p[1]], (x, i), dtype=tf.float32), R(3, 4), V([3, 0, 2], "i")
)
cases(
    "map_different_shapes",
    lambda tf, x: tf.map_fn(lambda n: tf.ones([n]), x, dtype=tf.float32, infer_shape=False),
    V([1, 2], "i"),
)
cases(
    "map_same_shapes_not_inferred",
    lambda tf, x: tf.map_fn(lambda v: v * 2, x, infer_shape=False, parallel_iterations=1),
    R(3, 2),
)
cases("map_scalar", lambda tf, x: tf.map_fn(lambda v: v, x), V(1.0))
cases("map_no_function", lambda tf, x: tf.map_fn(3, x), R(2))
cases("map_another_type", lambda tf, x: tf.map_fn(lambda v: tf.cast(v, tf.int32), x), R(2))
cases("map_another_structure", lambda tf, x: tf.map_fn(lambda v: (v, v), x), R(2))
cases("map_sparse", lambda tf, x: tf.map_fn(lambda v: v, tf.SparseTensor([[0]], x, [3])), R(1))
cases("map_fewer_rows", lambda tf, x, y: tf.map_fn(lambda v: v[0] + v[1], (x, y), dtype=tf.float32), R(3), R(2))
cases("map_more_rows", lambda tf, x, y: tf.map_fn(lambda v: v[0] + v[1], (x, y), dtype=tf.float32), R(2), R(3))
cases("map_fails", lambda tf, x: tf.map_fn(lambda v: tf.gather(x, tf.cast(v, tf.int32)), x), V([0.0, 7.0]))
cases("map_in_cond", lambda tf, x, p: tf.cond(p, lambda: tf.map_fn(lambda v: v * v, x), lambda: x), R(3), V(True, "b"))
cases(
    "map_batch_matmul",
    lambda tf, x, y: tf.map_fn(lambda v: tf.matmul(v[0], v[1]), (x, y), dtype=tf.float32),
    R(3, 2, 2),
    R(3, 2, 4),
)

# -- scan --------------------------------------------------------------------------------------------------------------

cases("scan_sum", lambda tf, x: tf.scan(lambda a, v: a + v, x), R(4, 3), dtypes="fdi")
cases("scan_reverse", lambda tf, x: tf.scan(lambda a, v: a * 0.5 + v, x, reverse=True), R(4, 3))
cases("scan_from", lambda tf, x, y: tf.scan(lambda a, v: a * v, x, initializer=y), R(4, 3), R(3))
cases("scan_from_reverse", lambda tf, x, y: tf.scan(lambda a, v: tf.sin(a) * v, x, y, reverse=True), R(4, 3), R(3))
cases(
    "scan_fibonacci",
    lambda tf, x: list(tf.scan(lambda a, _: (a[1], a[0] + a[1]), x, initializer=(np.int32(0), np.int32(1)))),
    V(np.zeros(6), "i"),
)
cases("scan_two", lambda tf, x, y: list(tf.scan(lambda a, v: (a[0] + v[1], a[1] * v[0]), (x, y))), R(3, 2), R(3, 2))
cases(
    "scan_rnn",
    lambda tf, x, w, u, h: tf.scan(lambda a, v: tf.tanh(tf.matmul(v, w) + tf.matmul(a, u)), x, initializer=h),
    U(5, 2, 3),
    U(3, 4),
    U(4, 4),
    U(2, 4),
)
cases(
    "scan_growing",
    lambda tf, x: tf.scan(lambda a, v: tf.concat([a, [v]], 0), x, initializer=tf.zeros([0]), infer_shape=False),
    R(3),
)
cases("scan_one_row", lambda tf, x: tf.scan(lambda a, v: a + v, x), R(1, 3))
cases("scan_no_rows_no_first", lambda tf, x: tf.scan(lambda a, v: a + v, x), R(0, 3), gradient=False)
cases("scan_other_shape", lambda tf, x: tf.scan(lambda a, v: tf.concat([a, v], 0), x), R(3, 2))
cases("scan_no_function", lambda tf, x: tf.scan(None, x), R(2))
cases("scan_in_scan", lambda tf, x: tf.scan(lambda a, row: a + tf.scan(lambda b, v: b * v, row), x), R(3, 4))
cases(
    "scan_second_order",
    lambda tf, x: tf.gradients(tf.reduce_sum(tf.scan(lambda a, v: tf.sin(a) * v, x) ** 2), x)[0],
    R(4, 3),
    gradient=False,
)

# -- foldl, foldr ------------------------------------------------------------------------------------------------------

for _name in ("foldl", "foldr"):
    cases(_name + "_difference", lambda tf, x, f=_name: getattr(tf, f)(lambda a, v: a - v, x), R(4, 3), dtypes="fi")
    cases(_name + "_from", lambda tf, x, y, f=_name: getattr(tf, f)(lambda a, v: a * 0.5 + v, x, y), R(4, 3), R(3))
    cases(
        _name + "_two",
        lambda tf, x, y, f=_name: getattr(tf, f)(lambda a, v: a * v[0] + v[1], (x, y), initializer=tf.ones([2])),
        R(3, 2),
        R(3, 2),
    )
    cases(_name + "_one_row", lambda tf, x, f=_name: getattr(tf, f)(lambda a, v: a - v, x), R(1, 3))
    cases(
        _name + "_no_rows",
        lambda tf, x, y, f=_name: getattr(tf, f)(lambda a, v: a - v, x, y),
        R(0, 3),
        R(3),
        gradient=False,
    )
    cases(_name + "_no_function", lambda tf, x, f=_name: getattr(tf, f)("f", x), R(2))
    cases(_name + "_other_shape", lambda tf, x, f=_name: getattr(tf, f)(lambda a, v: tf.concat([a, v], 0), x), R(3, 2))

# -- arrays in loops ---------------------------------------------------------------------------------------------------


def loop(tf, count, body, *arrays):
    return tf.while_loop(lambda i, *_: i < count, lambda i, *a: [i + 1] + body(i, *a), [0, *arrays])[1:]


def array(tf, size, **kwargs):
    return tf.TensorArray(tf.float32, size, **kwargs)


cases(
    "loop_write",
    lambda tf, x: loop(tf, 4, lambda i, a: [a.write(i, x * tf.cast(i, tf.float32))], array(tf, 4))[0].stack(),
    R(2),
)
cases(
    "loop_read_write",
    lambda tf, x: (lambda r: loop(tf, 4, lambda i, a: [a.write(i, r.read(i) ** 2)], array(tf, 4))[0].stack())(
        array(tf, 4).unstack(x)
    ),
    R(4, 2),
)
cases(
    "loop_recurrence",
    lambda tf, x: loop(
        tf, 4, lambda i, a: [a.write(i + 1, tf.sin(a.read(i)) * 2)], array(tf, 5, clear_after_read=False).write(0, x)
    )[0].stack(),
    R(2),
)
cases(
    "loop_reads_add_up",
    lambda tf, x: (lambda r: loop(tf, 4, lambda i, s: [s + r.read(i) * r.read(3 - i)], tf.zeros([2]))[0])(
        array(tf, 4, clear_after_read=False).unstack(x)
    ),
    R(4, 2),
)
cases(
    "loop_read_every_second",
    lambda tf, x: (lambda r: loop(tf, 2, lambda i, s: [s + r.read(2 * i)], tf.zeros([2]))[0])(array(tf, 4).unstack(x)),
    R(4, 2),
)
cases(
    "loop_number_of_input",
    lambda tf, x, n: (lambda r: loop(tf, n, lambda i, a: [a.write(i, r.read(i) ** 2)], array(tf, n))[0].stack())(
        array(tf, 4).unstack(x)
    ),
    R(4, 2),
    V(3, "i"),
)
cases(
    "loop_grows",
    lambda tf, x, n: loop(
        tf, n, lambda i, a: [a.write(i, x * tf.cast(i, tf.float32))], array(tf, 0, dynamic_size=True)
    )[0].stack(),
    R(2),
    V(5, "i"),
)
cases(
    "loop_grows_far",
    lambda tf, x, n: loop(
        tf, n, lambda i, a: [a.write(i, x * tf.cast(i, tf.float32))], array(tf, 0, dynamic_size=True)
    )[0].stack(),
    R(2),
    V(50, "i"),
)
cases(
    "loop_grows_read",
    lambda tf, x, n: loop(
        tf,
        n,
        lambda i, a: [a.write(i + 1, a.read(i) * x)],
        array(tf, 1, dynamic_size=True, clear_after_read=False).write(0, x),
    )[0].read(n),
    R(2),
    V(3, "i"),
)
cases(
    "loop_until",
    lambda tf, x: tf.while_loop(
        lambda i, s, a: tf.reduce_sum(s) < 100,
        lambda i, s, a: (i + 1, s * 2, a.write(i, s)),
        [0, x, array(tf, 0, dynamic_size=True)],
    )[2].stack(),
    V([1.0, 2.0]),
)
cases("loop_concat", lambda tf, x: loop(tf, 3, lambda i, a: [a.write(i, x * 2)], array(tf, 3))[0].concat(), R(2, 2))
cases(
    "loop_gather",
    lambda tf, x: (lambda r: loop(tf, 3, lambda i, s: [s + tf.reduce_sum(r.gather([i, i + 1]), 0)], tf.zeros([2]))[0])(
        array(tf, 4, clear_after_read=False).unstack(x)
    ),
    R(4, 2),
)
cases(
    "loop_scatter", lambda tf, x: loop(tf, 2, lambda i, a: [a.scatter([i, i + 2], x)], array(tf, 4))[0].stack(), R(2, 3)
)
cases(
    "loop_made_inside",
    lambda tf, x: loop(tf, 3, lambda i, s: [s + tf.reduce_sum(array(tf, 2).unstack(x * s).stack())], tf.constant(1.0))[
        0
    ],
    U(2, 3),
)
cases(
    "loop_in_loop",
    lambda tf, x: loop(
        tf,
        2,
        lambda i, a: [
            a.write(i, loop(tf, 3, lambda j, b: [b.write(j, x * tf.cast(i + j, tf.float32))], array(tf, 3))[0].stack())
        ],
        array(tf, 2),
    )[0].stack(),
    R(2),
)
cases(
    "loop_same_array_in_loop",
    lambda tf, x: loop(
        tf,
        2,
        lambda i, a: loop(tf, 3, lambda j, b: [b.write(3 * i + j, x * tf.cast(i + j, tf.float32))], a),
        array(tf, 6),
    )[0].stack(),
    R(2),
)
cases(
    "loop_write_in_cond",
    lambda tf, x: (
        lambda r: loop(
            tf,
            4,
            lambda i, a: [
                tf.TensorArray(
                    tf.float32,
                    handle=a.handle,
                    flow=tf.cond(i < 2, lambda: a.write(i, r.read(i)).flow, lambda: a.write(i, 3 * r.read(i)).flow),
                )
            ],
            array(tf, 4),
        )[0].stack()
    )(array(tf, 4).unstack(x)),
    R(4, 2),
)
cases(
    "loop_twice",
    lambda tf, x: loop(tf, 3, lambda i, a: [a.write(i // 2, x)], array(tf, 3))[0].stack(),
    R(2),
    gradient=False,
)
cases(
    "loop_behind_the_end",
    lambda tf, x: loop(tf, 3, lambda i, a: [a.write(i + 1, x)], array(tf, 3))[0].stack(),
    R(2),
    gradient=False,
)
cases(
    "loop_read_behind",
    lambda tf, x: (lambda r: loop(tf, 3, lambda i, s: [s + r.read(i + 1)], tf.zeros([2]))[0])(array(tf, 3).unstack(x)),
    R(3, 2),
    gradient=False,
)
cases(
    "loop_read_twice",
    lambda tf, x: (lambda r: loop(tf, 3, lambda i, s: [s + r.read(i // 2)], tf.zeros([2]))[0])(array(tf, 3).unstack(x)),
    R(3, 2),
    gradient=False,
)
cases(
    "loop_read_unwritten",
    lambda tf, x: loop(tf, 3, lambda i, a: [a.write(i, a.read(i))], array(tf, 3))[0].stack(),
    R(2),
    gradient=False,
)
cases("loop_stack_unwritten", lambda tf, x: loop(tf, 2, lambda i, a: [a.write(i, x)], array(tf, 4))[0].stack(), R(2))
cases(
    "loop_other_shape",
    lambda tf, x: (lambda r: loop(tf, 3, lambda i, a: [a.write(i, r[: i + 1])], array(tf, 3))[0].read(1))(x),
    R(3),
    gradient=False,
)
cases(
    "loop_different_shapes",
    lambda tf, x: (
        lambda r: loop(
            tf, 3, lambda i, a: [a.write(i, r[: i + 1])], array(tf, 3, infer_shape=False, element_shape=[None])
        )[0].concat()
    )(x),
    R(3),
)
cases(
    "loop_none",
    lambda tf, x, n: loop(tf, n, lambda i, a: [a.write(i, x)], array(tf, 2, element_shape=[2]))[0].stack(),
    R(2),
    V(0, "i"),
    gradient=False,
)
cases(
    "loop_of_text",
    lambda tf, x: (
        lambda r: tf.while_loop(
            lambda i, a: i < 2, lambda i, a: (i + 1, a.write(i, r.read(i) + "!")), (0, tf.TensorArray(tf.string, 2))
        )[1].stack()
    )(tf.TensorArray(tf.string, 2).unstack(x)),
    V(["a", "b"], "S"),
)
