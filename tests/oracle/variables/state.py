"""What ops do to variables: scattered updates, counters, assignments, rows read. Each: (tf, run, var)."""

import numpy as np


def _rows(tf, run, var, how, indices, updates, initial=((1, 2), (3, 4), (5, 6)), dtype=np.float32):
    w = var(np.array(initial, dtype))
    run(w.initializer)
    return [run(getattr(tf, "scatter_" + how)(w, indices, updates)), run(w)]


def scatter_update(tf, run, var):
    return _rows(tf, run, var, "update", [2, 0], [[7, 8], [9, 10]])


def scatter_update_repeated_row(tf, run, var):
    return _rows(tf, run, var, "update", [1, 1], [[7, 8], [9, 10]])


def scatter_update_one_row(tf, run, var):
    return _rows(tf, run, var, "update", 1, [7, 8])


def scatter_update_matrix_of_indices(tf, run, var):
    return _rows(tf, run, var, "update", [[0, 1], [2, 0]], np.arange(8.0).reshape(2, 2, 2))


def scatter_update_scalar(tf, run, var):
    return _rows(tf, run, var, "update", [0, 2], 4)


def scatter_update_no_rows(tf, run, var):
    return _rows(tf, run, var, "update", np.zeros([0], np.int32), np.zeros([0, 2]))


def scatter_update_strings(tf, run, var):
    w = var(["a", "b", "c"])
    run(w.initializer)
    return run(tf.scatter_update(w, [2, 0], ["x", "y"]))


def scatter_add(tf, run, var):
    return _rows(tf, run, var, "add", [2, 0, 2], np.ones([3, 2]))


def scatter_add_int64_indices(tf, run, var):
    return _rows(tf, run, var, "add", np.array([2, 0]), np.ones([2, 2], np.int32), dtype=np.int32)


def scatter_sub(tf, run, var):
    return _rows(tf, run, var, "sub", [2, 0, 2], np.ones([3, 2]))


def scatter_sub_unsigned(tf, run, var):
    return _rows(tf, run, var, "sub", [1, 1], np.ones([2, 2], np.uint8), dtype=np.uint8)


def scatter_mul(tf, run, var):
    return _rows(tf, run, var, "mul", [2, 0, 2], np.full([3, 2], 3.0))


def scatter_div(tf, run, var):
    return _rows(tf, run, var, "div", [2, 0, 2], np.full([3, 2], 2.0))


def scatter_div_ints(tf, run, var):
    return _rows(tf, run, var, "div", [0, 1, 2], [[2, 2], [-2, 3], [4, -4]], ((7, -7), (7, -7), (9, 9)), np.int32)


def scatter_min(tf, run, var):
    return _rows(tf, run, var, "min", [2, 0, 2], [[4, 9], [0, 9], [9, 1]])


def scatter_max(tf, run, var):
    return _rows(tf, run, var, "max", [2, 0, 2], [[4, 9], [0, 9], [9, 1]])


def scatter_index_too_large(tf, run, var):
    return _rows(tf, run, var, "add", [0, 3], np.ones([2, 2]))


def scatter_index_negative(tf, run, var):
    return _rows(tf, run, var, "update", [-1], np.ones([1, 2]))


def scatter_wrong_shape(tf, run, var):
    return _rows(tf, run, var, "add", [0, 1], np.ones([2, 3]))


def scatter_wrong_shape_at_run(tf, run, var):
    return _rows(tf, run, var, "add", [0, 1], tf.placeholder_with_default(np.ones([1, 2], np.float32), None))


def scatter_wrong_type(tf, run, var):
    return _rows(tf, run, var, "add", [0], tf.constant([[1, 2]]))


def scatter_index_of_floats(tf, run, var):
    return _rows(tf, run, var, "add", [0.5], np.ones([1, 2]))


def scatter_failure_leaves_all(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    try:
        run(tf.scatter_update(w, [5], [3.0]))
    except tf.errors.InvalidArgumentError:
        return run(w)


def scatter_methods(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    run(w.initializer)
    rows = tf.IndexedSlices(tf.constant([[2.0, 4.0]]), tf.constant([1]))
    kinds = ("add", "sub", "update", "mul", "div", "max", "min")
    return [run(getattr(w, "scatter_" + kind)(rows)) for kind in kinds]


def scatter_method_of_a_tensor(tf, run, var):
    return var(np.ones([3, 2], np.float32)).scatter_add(tf.ones([1, 2]))


def scatter_nd_update(tf, run, var):
    return _rows(tf, run, var, "nd_update", [[0, 1], [2, 0]], [7, 8])


def scatter_nd_update_rows(tf, run, var):
    return _rows(tf, run, var, "nd_update", [[0], [2]], [[7, 8], [9, 10]])


def scatter_nd_add(tf, run, var):
    return _rows(tf, run, var, "nd_add", [[0, 1], [0, 1]], [7, 8])


def scatter_nd_sub(tf, run, var):
    return _rows(tf, run, var, "nd_sub", [[[0, 1]], [[0, 1]]], [[7], [8]])


def scatter_nd_index_too_large(tf, run, var):
    return _rows(tf, run, var, "nd_update", [[0, 2]], [7])


def scatter_nd_too_deep(tf, run, var):
    return _rows(tf, run, var, "nd_update", [[0, 1, 0]], [7])


def scatter_nd_wrong_shape(tf, run, var):
    return _rows(tf, run, var, "nd_add", [[0, 1]], [7, 8])


def scatter_nd_methods(tf, run, var):
    w = var(np.ones([3, 2], np.float32))
    run(w.initializer)
    return [run(getattr(w, "scatter_nd_" + kind)([[1, 0]], [5.0])) for kind in ("add", "sub", "update")]


def batch_scatter_update(tf, run, var):
    w = var(np.zeros([2, 3, 2], np.float32))
    run(w.initializer)
    return run(tf.batch_scatter_update(w, [[0, 2], [1, 0]], np.arange(1.0, 9.0).reshape(2, 2, 2)))


def count_up_to_twice(tf, run, var):
    w = var(0)
    run(w.initializer)
    up = w.count_up_to(2)
    return [run(up), run(up), run(w)]


def count_up_to_beyond(tf, run, var):
    w = var(3)
    run(w.initializer)
    return run(tf.count_up_to(w, 3))


def count_up_to_of_floats(tf, run, var):
    return tf.count_up_to(var(3.0), 3)


def assign_returns(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    assign = w.assign([3.0, 4.0])
    found = [run(assign), run(w.assign_add([1.0, 1.0])), run(w.assign_sub(w))]
    return [*found, run(w.assign([5.0, 5.0], read_value=False))]


def assign_functions(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    return [run(tf.assign(w, [3.0, 4.0])), run(tf.assign_add(w, [1.0, 1.0])), run(tf.assign_sub(w, [0.5, 0.5]))]


def assign_other_shape(tf, run, var):
    return var([1.0, 2.0]).assign([1.0])


def assign_other_type(tf, run, var):
    return var([1.0, 2.0]).assign(tf.constant([1, 2]))


def assign_before_initialization(tf, run, var):
    w = var([1.0, 2.0])
    return [run(w.assign([3.0, 4.0])), run(w)]


def assign_add_broadcast(tf, run, var):
    return var([1.0, 2.0]).assign_add(1.0)


def assign_add_broadcast_at_run(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    return run(w.assign_add(tf.placeholder_with_default(np.float32(1.0), None)))


def assign_other_shape_unchecked(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    return [run(tf.assign(w, [1.0, 2.0, 3.0], validate_shape=False)), run(w * 2.0)]


def sliced_assignments(tf, run, var):
    w = var(np.zeros([3, 3], np.float32))
    run(w.initializer)
    return [run(w[1].assign([1.0, 2.0, 3.0])), run(w[:, 2].assign([7.0, 8.0, 9.0])), run(w[0, ::2].assign([4.0, 5.0]))]


def sliced_assignment_wrong_shape(tf, run, var):
    w = var(np.zeros([3, 3], np.float32))
    run(w.initializer)
    return run(w[1].assign([1.0, 2.0]))


def gather_rows(tf, run, var):
    w = var(np.arange(6.0).reshape(3, 2))
    run(w.initializer)
    return run([tf.gather(w, [2, 0]), tf.gather(w, [[1]]), tf.gather_nd(w, [[2, 1], [0, 0]])])


def gather_row_out_of_range(tf, run, var):
    w = var(np.arange(6.0).reshape(3, 2))
    run(w.initializer)
    return run(tf.gather(w, [3]))


def gather_gradient(tf, run, var):
    w = var(np.arange(6, dtype=np.float32).reshape(3, 2))
    run(w.initializer)
    taken = tf.gather(w, [[2, 0], [2, 2]])
    return run(tf.convert_to_tensor(tf.gradients(tf.reduce_sum(taken * taken), w)[0]))


def gradient_of_the_variable(tf, run, var):
    w = var([1.0, 2.0])
    run(w.initializer)
    return run(tf.gradients(w * w, [w])[0])


def uninitialized(tf, run, var):
    return run(var([1.0]))


def uninitialized_product(tf, run, var):
    return run(var([1.0]) * 2.0)


def uninitialized_gather(tf, run, var):
    return run(tf.gather(var([1.0]), [0]))


def uninitialized_scatter(tf, run, var):
    return run(tf.scatter_add(var([1.0]), [0], [1.0]))


def uninitialized_scatter_nd(tf, run, var):
    return run(tf.scatter_nd_add(var([1.0]), [[0]], [1.0]))


def uninitialized_counter(tf, run, var):
    return run(tf.count_up_to(var(0), 1))


def uninitialized_assign_sub(tf, run, var):
    return run(var([1.0]).assign_sub([1.0]))


def uninitialized_sliced_assignment(tf, run, var):
    return run(var([1.0, 2.0])[0].assign(3.0))


def is_initialized(tf, run, var):
    w = var([1.0])
    asked = tf.is_variable_initialized(w)
    return [run(asked), run(w.initializer), run(asked)]


def strings(tf, run, var):
    w = var(["a", "b"])
    asked = tf.is_variable_initialized(w)
    return [run(asked), run(w.initializer), run(asked), run(w), run(w.assign(["c", "d"])), run(tf.gather(w, [1]))]


def bools(tf, run, var):
    w = var([True, False])
    run(w.initializer)
    return [run(tf.logical_not(w)), run(w.assign([False, False]))]


def other_types(tf, run, var):
    values = []
    for dtype in (np.float16, np.float64, np.int8, np.uint16, np.int64, np.complex64):
        w = var(np.array([1, 2], dtype))
        run(w.initializer)
        values += run([w, w.assign_add(np.array([1, 1], dtype))])[1:]
    return values
