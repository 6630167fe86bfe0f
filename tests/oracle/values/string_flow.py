"""Text goes wherever numbers go: operations that only move elements take it as TensorFlow's do.

Some of ours take it where TensorFlow has no kernel (`reverse_sequence`, `matrix_diag`): these are not asked for.
"""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

MATRIX = V([["a", "b", "é"], ["d", "", "a"]], "S")
VECTOR = V(["b", "a", "b", "", "c"], "S")
SCALAR = V("héllo", "S")
CUBE = V(np.array(list("abcdefghijklmnopqrstuvwx")).reshape(2, 3, 4).tolist(), "S")
EMPTY = V(np.zeros([0, 3]), "S")

for _name, _function in {
    "identity": lambda tf, x: [tf.identity(x), tf.stop_gradient(x), tf.identity_n([x, x])[1]],
    "constant": lambda tf, x: tf.constant(["x", "é", "\0"]),
    "constant_scalar": lambda tf, x: tf.constant("x\0y"),
    "constant_shaped": lambda tf, x: tf.constant("x", shape=[2, 2]),
    "concat": lambda tf, x: [tf.concat([x, x], 0), tf.concat([x, [["u"], ["v"]]], 1)],
    "concat_negative": lambda tf, x: tf.concat([x, x], -1),
    "stack": lambda tf, x: [tf.stack([x, x]), tf.stack([x, x], -1)],
    "unstack": lambda tf, x: tf.unstack(tf.ensure_shape(x, [2, 3]), axis=1),
    "reshape": lambda tf, x: [tf.reshape(x, [-1]), tf.reshape(x, [3, 2])],
    "expand_dims": lambda tf, x: [tf.expand_dims(x, 0), tf.expand_dims(x, -1)],
    "squeeze": lambda tf, x: tf.squeeze(x[:1], 0),
    "tile": lambda tf, x: tf.tile(x, [2, 1]),
    "transpose": lambda tf, x: tf.transpose(x),
    "slice": lambda tf, x: [x[0], x[:, 1], x[1, 2], x[::-1], x[..., tf.newaxis], tf.slice(x, [0, 1], [2, -1])],
    "split": lambda tf, x: tf.split(x, 3, 1) + tf.split(x, [1, 2], 1),
    "gather": lambda tf, x: [tf.gather(x, [1, 0, 1]), tf.gather(x, [2, 0], axis=1)],
    "gather_scalar": lambda tf, x: tf.gather(tf.gather(x, 1), 0),
    "gather_nd": lambda tf, x: [tf.gather_nd(x, [[0, 1], [1, 2]]), tf.gather_nd(x, [[1]])],
    "batch_gather": lambda tf, x: tf.gather(x, [[0, 2], [1, 1]], batch_dims=1),
    "gather_out_of_range": lambda tf, x: tf.gather(x, [2]),
    "boolean_mask": lambda tf, x: [tf.boolean_mask(x, [True, False]), tf.boolean_mask(x, tf.equal(x, "a"))],
    "equal": lambda tf, x: [tf.equal(x, "a"), tf.not_equal(x, "a"), tf.equal(x, x)],
    "equal_broadcast": lambda tf, x: tf.equal(x, [["a"], ["d"]]),
    "where": lambda tf, x: [tf.where(tf.equal(x, "a")), tf.where(tf.equal(x, "a"), x, x[::-1])],
    "where_v2": lambda tf, x: tf.where_v2(tf.equal(x, "a"), x, "-"),
    "where_rows": lambda tf, x: tf.where([True, False], x, tf.fill([2, 3], "z")),
    "fill": lambda tf, x: tf.fill([2, 2], x[0, 0]),
    "zeros_like": lambda tf, x: tf.zeros_like(x),
    "zeros": lambda tf, x: tf.zeros([2], tf.string),
    "shape": lambda tf, x: [tf.shape(x), tf.size(x), tf.rank(x)],
    "shape_n": lambda tf, x: tf.shape_n([x, x]),
    "reverse": lambda tf, x: [tf.reverse(x, [0]), tf.reverse(x, [1, 0])],
    "roll": lambda tf, x: tf.roll(x, 1, 1),
    "pad": lambda tf, x: tf.pad(x, [[1, 0], [0, 2]], constant_values="-"),
    "pad_default": lambda tf, x: tf.pad(x, [[1, 0], [0, 2]]),
    "mirror_pad": lambda tf, x: tf.pad(x, [[1, 1], [0, 2]], "REFLECT"),
    "broadcast_to": lambda tf, x: tf.broadcast_to(x, [2, 2, 3]),
    "dynamic_partition": lambda tf, x: tf.dynamic_partition(x, [1, 0], 2),
    "dynamic_stitch": lambda tf, x: tf.dynamic_stitch([[0], [2, 1]], [x[:1], x]),
    "meshgrid": lambda tf, x: tf.meshgrid(x[0], x[1]),
    "tuple": lambda tf, x: tf.tuple([x, x[0]]),
    "cond": lambda tf, x: tf.cond(tf.equal(x[0, 0], "a"), lambda: x, lambda: x[::-1]),
    "control": lambda tf, x: tf.identity(x),
    "placeholder_with_default": lambda tf, x: tf.placeholder_with_default(x, [2, 3]),
    "ensure_shape": lambda tf, x: tf.ensure_shape(x, [2, None]),
    "scatter_nd_same_place": lambda tf, x: tf.scatter_nd([[1], [1]], x, [3, 3]),
    "cast_of_numbers": lambda tf, x: tf.cast(tf.strings.length(x), tf.string),
    "scatter_nd": lambda tf, x: tf.scatter_nd([[1], [3]], x, [4, 3]),
    "tensor_scatter_update": lambda tf, x: tf.tensor_scatter_update(x, [[1, 0]], ["new"]),
    "one_hot": lambda tf, x: tf.one_hot([0, 2], 3, "on", "off"),
    "sequence_mask": lambda tf, x: tf.where(tf.sequence_mask([1, 3], 3), x, tf.fill([2, 3], "pad")),
    "repeat": lambda tf, x: tf.repeat(tf.ensure_shape(x, [2, 3]), [1, 2], axis=0),
    "parallel_stack": lambda tf, x: tf.parallel_stack([x[0], x[1]]),
    "add": lambda tf, x: [tf.add(x, "!"), x + x, x + "?"],
    "accumulate": lambda tf, x: tf.add_n([x, x]),
    "cast_to_string": lambda tf, x: tf.cast(x, tf.string),
    "cast_to_number": lambda tf, x: tf.cast(x, tf.float32),
    "less": lambda tf, x: tf.less(x, "b"),
    "reduce_max": lambda tf, x: tf.reduce_max(x),
    "sort": lambda tf, x: tf.sort(x),
    "py_func": lambda tf, x: tf.py_func(lambda v: np.array([[t + b"!" for t in row] for row in v]), [x], tf.string),
    "py_func_scalar": lambda tf, x: tf.py_func(lambda v: b"<" + v + b">", [x[0, 0]], tf.string),
    "py_func_text": lambda tf, x: tf.py_func(lambda v: u"é", [x[0, 0]], tf.string),
    "format": lambda tf, x: tf.strings.format("{} and {}", [x, x[0, 2]]),
    "assert_equal": lambda tf, x: tf.identity_n([x, tf.strings.length(x)])[1],
}.items():  # fmt: skip
    cases("string_" + _name, _function, MATRIX)

for _name, _function in {
    "unique": lambda tf, x: list(tf.unique(x)),
    "unique_counts": lambda tf, x: list(tf.unique_with_counts(x)),
    "listdiff": lambda tf, x: list(tf.setdiff1d(x, ["a", "c"])),
    "invert": lambda tf, x: tf.gather(tf.unique(x)[0], tf.unique(x)[1]),
    "split_vector": lambda tf, x: tf.split(x, [2, 3]),
    "count": lambda tf, x: tf.reduce_sum(tf.cast(tf.equal(x, "b"), tf.int32)),
    "strided_slice": lambda tf, x: [x[1:4:2], x[-1], x[3:]],
    "stack_scalars": lambda tf, x: [tf.stack([x[0], "new"]), tf.convert_to_tensor([x[0], x[1]])],
    "lookup_rows": lambda tf, x: tf.nn.embedding_lookup(x, [[0, 1], [4, 4]]),
    "partition_loop": lambda tf, x: [tf.concat(tf.dynamic_partition(x, [0, 1, 0, 1, 1], 2), 0)],
}.items():
    cases("strings_" + _name, _function, VECTOR)

cases("string_scalar", lambda tf, x: [x, tf.reshape(x, [1]), tf.expand_dims(x, 0), tf.fill([2], x)], SCALAR)
cases("string_cube", lambda tf, x: [tf.transpose(x, [2, 0, 1]), x[:, ::2, 1:3], tf.reverse(x, [1])], CUBE)
cases("string_nothing", lambda tf, x: [tf.concat([x, x], 0), tf.transpose(x), tf.tile(x, [2, 2])], EMPTY)
cases("string_mixed", lambda tf, x, y: tf.concat([x, tf.as_string(y)], 0), VECTOR, R(2))
cases("string_matmul", lambda tf, x: tf.matmul(x, x), MATRIX)
cases("string_of_numbers", lambda tf, y: tf.equal(y, "a"), R(2))
cases("string_and_numbers", lambda tf, x, y: tf.concat([x, y], 0), VECTOR, R(2))
cases("string_by_device", lambda tf, x, y: tf.gather(x, tf.cast(tf.round(tf.abs(tf.sin(y))), tf.int32)), VECTOR, R(3))
