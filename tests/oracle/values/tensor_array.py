"""Values of TensorArray outside of loops: writes and reads, their gradients, and what is refused."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()


def array(tf, like, size, **kwargs):
    return tf.TensorArray(like.dtype.base_dtype, size, **kwargs)


def after(tf, before, make):
    with tf.control_dependencies(before if isinstance(before, list) else [before]):
        return make()


# -- what fits ---------------------------------------------------------------------------------------------------------

cases("ta_write_read", lambda tf, x: array(tf, x, 3).write(1, x).read(1), R(2, 3), dtypes="fdilub")
cases("ta_write_text", lambda tf, x: array(tf, x, 2).unstack(x).stack(), V(["a", "b"], "S"))
cases("ta_write_text_one", lambda tf, x: array(tf, x, 2).write(0, x).read(0), V(["a", "b"], "S"))
cases("ta_complex", lambda tf, x: array(tf, x, 2).unstack(x).stack(), R(2, 3), dtypes="cz")
cases("ta_unstack_stack", lambda tf, x: array(tf, x, 4).unstack(x).stack(), R(4, 3), dtypes="fdi")
cases("ta_unstack_read", lambda tf, x: array(tf, x, 4).unstack(x).read(2), R(4, 3), dtypes="fdi")
cases("ta_unstack_of_its_size", lambda tf, x: array(tf, x, tf.shape(x)[0]).unstack(x).stack(), R(4, 3))
cases("ta_stack_scalars", lambda tf, x: array(tf, x, 2).write(1, x[0]).write(0, x[1]).stack(), R(2))
cases("ta_stack_zeros", lambda tf, x: array(tf, x, 3).write(1, x).stack(), R(2))
cases("ta_stack_nothing_of_shape", lambda tf, x: array(tf, x, 3, element_shape=[2]).stack(), R(2))
cases("ta_stack_empty", lambda tf, x: array(tf, x, 0, element_shape=[2]).unstack(x).stack(), R(0, 2), gradient=False)
cases("ta_stack_empty_of_shape", lambda tf, x: array(tf, x, 0, element_shape=[2]).stack(), R(2))
cases("ta_zero_by_shape", lambda tf, x: array(tf, x, 3, element_shape=[2]).read(0), R(2))
cases("ta_zero_by_write", lambda tf, x: array(tf, x, 3).write(1, x).read(0), R(2))
cases("ta_zero_behind_unstack", lambda tf, x: array(tf, x, 5).unstack(x).read(3), R(3))
cases("ta_gather", lambda tf, x: array(tf, x, 4).unstack(x).gather([2, 0]), R(4, 2), dtypes="fi")
cases("ta_gather_of_input", lambda tf, x, i: array(tf, x, 4).unstack(x).gather(i), R(4, 2), V([3, 1, 2], "i"))
cases("ta_gather_part", lambda tf, x: array(tf, x, 4).unstack(x).gather([1, 2]), R(4, 2))
cases(
    "ta_gather_none",
    lambda tf, x: array(tf, x, 4, element_shape=[2]).unstack(x).gather(np.zeros([0], np.int32)),
    R(4, 2),
    gradient=False,
)
cases(
    "ta_gather_twice_kept",
    lambda tf, x: array(tf, x, 4, clear_after_read=False).unstack(x).gather([2, 2, 1]),
    R(4, 2),
)
cases("ta_scatter", lambda tf, x: array(tf, x, 4).scatter([2, 0], x).stack(), R(2, 3), dtypes="fi")
cases("ta_scatter_of_input", lambda tf, x, i: array(tf, x, 4).scatter(i, x).stack(), R(2, 3), V([3, 1], "i"))
cases(
    "ta_scatter_in_parts", lambda tf, x: array(tf, x, 4).scatter([2, 0], x[:2]).scatter([1, 3], x[2:]).stack(), R(4, 3)
)
cases("ta_scatter_many", lambda tf, x: array(tf, x, 40).scatter(np.arange(20) * 2, x).stack(), R(20, 2))
cases("ta_scatter_then_write", lambda tf, x: array(tf, x, 5).scatter([0, 1, 2, 3], x).write(4, x[0]).stack(), R(4, 2))
cases("ta_write_of_input", lambda tf, x, i: array(tf, x, 3).write(i, x).write(i - 1, 2 * x).stack(), R(2), V(2, "i"))
cases("ta_read_of_input", lambda tf, x, i: array(tf, x, 3).unstack(x).read(i), R(3, 2), V(2, "i"))
cases("ta_concat", lambda tf, x: array(tf, x, 2).write(0, x).write(1, 2 * x).concat(), R(2, 3), dtypes="fi")
cases("ta_concat_rows", lambda tf, x: array(tf, x, 3).unstack(x).concat(), R(3, 2, 2))
cases(
    "ta_concat_of_different",
    lambda tf, x, y: array(tf, x, 2, infer_shape=False, element_shape=[None]).write(0, x).write(1, y).concat(),
    R(2),
    R(3),
)
cases("ta_concat_zeros", lambda tf, x: array(tf, x, 2).write(0, x).concat(), R(2))
cases("ta_concat_empty", lambda tf, x: array(tf, x, 0, element_shape=[3, 2]).concat(), R(2))
cases(
    "ta_split",
    lambda tf, x: [(lambda a: a.read(i))(array(tf, x, 2, infer_shape=False).split(x, [1, 2])) for i in range(2)],
    R(3, 2),
)
cases("ta_split_alike", lambda tf, x: array(tf, x, 2).split(x, [2, 2]).stack(), R(4, 2), dtypes="fi")
cases(
    "ta_split_of_input",
    lambda tf, x, n: array(tf, x, 2, infer_shape=False, element_shape=[None]).split(x, n).concat(),
    R(4),
    V([1, 3], "l"),
)
cases(
    "ta_split_concat",
    lambda tf, x: array(tf, x, 3, infer_shape=False, element_shape=[None, 2]).split(x, [1, 0, 3]).concat(),
    R(4, 2),
)
cases(
    "ta_split_grows",
    lambda tf, x: (lambda a: [a.size(), a.read(1)])(
        array(tf, x, 0, dynamic_size=True, infer_shape=False).split(x, [1, 2])
    ),
    R(3),
)
cases(
    "ta_different_shapes",
    lambda tf, x, y: (lambda a: [a.read(0), a.read(1)])(array(tf, x, 2, infer_shape=False).write(0, x).write(1, y)),
    R(2),
    R(3, 1),
)
cases("ta_size", lambda tf, x: [array(tf, x, 4).size(), array(tf, x, tf.size(x)).size()], R(3))
cases("ta_flow", lambda tf, x: array(tf, x, 4).flow, R(3))
cases("ta_grows", lambda tf, x: (lambda a: [a.size(), a.read(5)])(array(tf, x, 1, dynamic_size=True).write(5, x)), R(2))
cases(
    "ta_grows_stack",
    lambda tf, x: array(tf, x, 0, dynamic_size=True).write(0, x[0]).write(2, x[1]).stack(),
    R(2, 3),
)
cases(
    "ta_grows_of_input",
    lambda tf, x, i: array(tf, x, 0, dynamic_size=True).write(i, x[0]).write(i + 2, x[1]).stack(),
    R(2, 3),
    V(3, "i"),
)
cases(
    "ta_grows_concat",
    lambda tf, x, i: array(tf, x, 0, dynamic_size=True).write(i, x).write(0, 2 * x).concat(),
    R(2, 3),
    V(1, "i"),
)
cases("ta_grows_unstack", lambda tf, x: array(tf, x, 1, dynamic_size=True).unstack(x).size(), R(3))
cases("ta_identity", lambda tf, x: array(tf, x, 3).unstack(x).identity().stack(), R(3))
cases(
    "ta_from_handle",
    lambda tf, x: (lambda a: tf.TensorArray(tf.float32, handle=a.handle, flow=a.flow).read(1))(
        array(tf, x, 3).unstack(x)
    ),
    R(3, 2),
)
cases(
    "ta_read_kept_twice",
    lambda tf, x: (lambda a: [a.read(1), after(tf, a.read(1), lambda: a.read(1))])(
        array(tf, x, 3, clear_after_read=False).unstack(x)
    ),
    R(3, 2),
)
cases(
    "ta_reads_add_up",
    lambda tf, x: (lambda a: a.read(1) * a.read(1) + a.read(0))(array(tf, x, 3, clear_after_read=False).unstack(x)),
    R(3, 2),
)
cases(
    "ta_read_and_stack",
    lambda tf, x: (lambda a: a.read(1) * a.stack())(array(tf, x, 3, clear_after_read=False).unstack(x)),
    R(3, 2),
)
cases(
    "ta_read_in_cond",
    lambda tf, x, p: (lambda a: tf.cond(p, lambda: a.read(1), lambda: a.read(2)))(array(tf, x, 3).unstack(x)),
    R(3, 2),
    V(True, "b"),
)
cases(
    "ta_stack_in_cond",
    lambda tf, x, p: (lambda a: tf.cond(p, lambda: a.stack(), lambda: x))(array(tf, x, 3).unstack(x)),
    R(3, 2),
    V(True, "b"),
)
cases(
    "ta_made_in_cond",
    lambda tf, x, p: tf.cond(
        p, lambda: array(tf, x, 3).unstack(x).stack(), lambda: array(tf, x, 1).write(0, x).read(0)
    ),
    R(3, 2),
    V(True, "b"),
)
cases(
    "ta_write_in_cond",
    lambda tf, x, p: (
        lambda a: tf.TensorArray(
            tf.float32, handle=a.handle, flow=tf.cond(p, lambda: a.write(1, 3 * x).flow, lambda: a.write(0, x).flow)
        ).stack()
    )(array(tf, x, 2)),
    R(2),
    V(False, "b"),
)
cases(
    "ta_py_func_between",
    lambda tf, x: (lambda a: [a.stack()])(
        after(tf, tf.py_func(lambda v: v, [x], tf.float32), lambda: array(tf, x, 3).unstack(x).identity())
    ),
    R(3, 2),
    gradient=False,
)
cases(
    "ta_py_func_of_element",
    lambda tf, x: (lambda a: (lambda y: a.write(3, y).stack())(tf.py_func(lambda v: 2 * v, [a.read(0)], tf.float32)))(
        array(tf, x, 4, clear_after_read=False).scatter([0, 1, 2], x)
    ),
    R(3, 2),
    gradient=False,
)


cases(
    "ta_two_gradients",
    lambda tf, x: (lambda y: [tf.gradients(y, x)[0], tf.gradients(y * y, x)[0]])(
        tf.reduce_sum(array(tf, x, 3).unstack(x).read(1))
    ),
    R(3, 2),
    gradient=False,
)
cases(
    "ta_grad_by_hand",
    lambda tf, x: (
        lambda a: (lambda g: after(tf, [g.write(1, x[0]).flow, g.write(1, x[1]).flow], lambda: g.read(1)))(
            a.grad("by_hand")
        )
    )(array(tf, x, 3).unstack(x)),
    R(3, 2),
    gradient=False,
)

# -- what doesn't ------------------------------------------------------------------------------------------------------

cases("ta_no_zero", lambda tf, x: array(tf, x, 3).read(0), R(2))
cases("ta_no_zero_if_different", lambda tf, x: array(tf, x, 3, infer_shape=False).write(1, x).read(0), R(2))
cases("ta_no_stack", lambda tf, x: array(tf, x, 3).stack(), R(2))
cases("ta_no_stack_of_none", lambda tf, x: array(tf, x, 0).stack(), R(2))
cases("ta_written_twice", lambda tf, x: array(tf, x, 3).write(1, x).write(1, x).read(1), R(2))
cases("ta_written_twice_of_input", lambda tf, x, i: array(tf, x, 3).write(i, x).write(1, x).read(1), R(2), V(1, "i"))
cases("ta_scattered_twice", lambda tf, x: array(tf, x, 3).scatter([1, 1], x).read(1), R(2))
cases("ta_scattered_twice_of_input", lambda tf, x, i: array(tf, x, 3).scatter(i, x).read(1), R(2), V([1, 1], "i"))
for _clear in (True, False):

    def _reread(tf, x, i, clear=_clear):
        a = array(tf, x, 3, clear_after_read=clear).unstack(x)
        return after(tf, a.read(i), lambda: a.read(1))

    def _rewritten(tf, x, i, clear=_clear):
        a = array(tf, x, 3, clear_after_read=clear).write(1, x)
        return after(tf, a.read(i), lambda: a.write(1, x).flow)

    for _known in (True, False):
        _index = (lambda tf, x, f: f(tf, x, 1)) if _known else None
        cases(
            "ta_read_twice_%s_%s" % (_clear, _known),
            (lambda tf, x, i, f=_reread: f(tf, x, 1)) if _known else _reread,
            R(3),
            V(1, "i"),
            gradient=False,
        )
        cases(
            "ta_written_after_read_%s_%s" % (_clear, _known),
            (lambda tf, x, i, f=_rewritten: f(tf, x, 1)) if _known else _rewritten,
            R(3),
            V(1, "i"),
            gradient=False,
        )
cases(
    "ta_stacked_twice",
    lambda tf, x: (lambda a: after(tf, a.stack(), lambda: a.stack()))(array(tf, x, 3).unstack(x)),
    R(3),
)
cases("ta_gathered_twice", lambda tf, x: array(tf, x, 3).unstack(x).gather([1, 1]), R(3))
for _place in (3, -1):
    cases("ta_write_at_%d" % _place, lambda tf, x, i=_place: array(tf, x, 3).write(i, x).read(0), R(2))
    cases(
        "ta_write_grown_at_%d" % _place,
        lambda tf, x, i=_place: array(tf, x, 3, dynamic_size=True).write(i, x).read(0),
        R(2),
        gradient=False,
    )
    cases(
        "ta_write_of_input_at_%d" % _place, lambda tf, x, i: array(tf, x, 3).write(i, x).read(0), R(2), V(_place, "i")
    )
    cases("ta_read_at_%d" % _place, lambda tf, x, i=_place: array(tf, x, 3).unstack(x).read(i), R(3))
    cases("ta_read_of_input_at_%d" % _place, lambda tf, x, i: array(tf, x, 3).unstack(x).read(i), R(3), V(_place, "i"))
    cases("ta_gather_at_%d" % _place, lambda tf, x, i: array(tf, x, 3).unstack(x).gather(i), R(3), V([0, _place], "i"))
    cases(
        "ta_scatter_at_%d" % _place, lambda tf, x, i: array(tf, x, 3).scatter(i, x).stack(), R(2), V([0, _place], "i")
    )
cases("ta_read_behind_grown", lambda tf, x: array(tf, x, 0, dynamic_size=True).write(0, x).read(7), R(2))
cases("ta_unstack_too_many", lambda tf, x: array(tf, x, 1).unstack(x).read(0), R(3))
cases("ta_unstack_scalar", lambda tf, x: array(tf, x, 1).unstack(x).read(0), V(1.0))
cases("ta_another_shape", lambda tf, x, y: array(tf, x, 3).write(0, x).write(1, y).stack(), R(2), R(1))
cases("ta_not_of_shape", lambda tf, x: array(tf, x, 3, element_shape=[2]).write(1, x).read(0), R(1))
cases("ta_not_of_rank", lambda tf, x: array(tf, x, 3, element_shape=[None, 2]).write(1, x).read(0), R(2))
cases(
    "ta_stack_of_different",
    lambda tf, x, y: array(tf, x, 2, infer_shape=False).write(0, x).write(1, y).stack(),
    R(2),
    R(1),
)
cases("ta_concat_scalars", lambda tf, x: array(tf, x, 2, element_shape=tf.TensorShape(None)).unstack(x).concat(), R(2))
cases("ta_split_another_sum", lambda tf, x: array(tf, x, 2, infer_shape=False).split(x, [1, 1]).read(0), R(3))
cases("ta_split_another_number", lambda tf, x: array(tf, x, 3, infer_shape=False).split(x, [1, 2]).read(0), R(3))
cases("ta_split_too_many", lambda tf, x: array(tf, x, 1, infer_shape=False).split(x, [1, 2]).read(0), R(3))
cases("ta_split_not_alike", lambda tf, x: array(tf, x, 2).split(x, [1, 2]).read(0), R(3))
cases("ta_split_scalar", lambda tf, x: array(tf, x, 1).split(x, [1]).read(0), V(1.0))
cases("ta_scatter_another_number", lambda tf, x: array(tf, x, 4).scatter([2, 0, 1], x).stack(), R(2))
cases("ta_scatter_matrix_of_indices", lambda tf, x: array(tf, x, 4).scatter([[2, 0]], x).stack(), R(2))
cases("ta_negative_size", lambda tf, x: array(tf, x, -1).size(), R(2))
cases("ta_size_vector", lambda tf, x: array(tf, x, [1, 2]).size(), R(2))
cases(
    "ta_another_type",
    lambda tf, x: tf.raw_ops.TensorArrayReadV3(handle=array(tf, x, 2).handle, index=0, flow_in=0.0, dtype=tf.int32),
    R(2),
)
cases(
    "ta_written_another_type",
    lambda tf, x: tf.raw_ops.TensorArrayWriteV3(
        handle=array(tf, x, 2).handle, index=0, value=tf.cast(x, tf.int32), flow_in=0.0
    ),
    R(2),
)
cases(
    "ta_closed",
    lambda tf, x: (lambda a: after(tf, after(tf, a.flow, a.close), lambda: a.read(0)))(array(tf, x, 2).unstack(x)),
    R(2),
)
cases("ta_without_size", lambda tf, x: tf.TensorArray(tf.float32).flow, R(2))
cases(
    "ta_handle_and_size",
    lambda tf, x: tf.TensorArray(tf.float32, 2, handle=array(tf, x, 2).handle, flow=x[0]).flow,
    R(2),
)
cases("ta_handle_without_flow", lambda tf, x: tf.TensorArray(tf.float32, handle=array(tf, x, 2).handle).flow, R(2))
cases("ta_no_handle", lambda tf, x: tf.TensorArray(tf.float32, handle=3, flow=x[0]).flow, R(2))
