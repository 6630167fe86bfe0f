"""Values of histograms, coordinates, bits, rows put in place, and of the op types of older graphs."""


from tests.oracle.values.harness import Cases, R, V

cases = Cases()

HELD = V([-1.0, 0.0, 1.5, 2.0, 4.999, 5.0, 15.0])
cases(
    "histogram",
    lambda tf, x: [
        tf.histogram_fixed_width(x, [0.0, 5.0], 5),
        tf.histogram_fixed_width(x, [-1.0, 3.0], nbins=7, dtype=tf.int64),
        tf.histogram_fixed_width(x, [0.0, 5.0]),
        tf.histogram_fixed_width_bins(x, [0.0, 5.0], 5),
        tf.histogram_fixed_width_bins(tf.reshape(x, [7, 1]), [0.0, 5.0], 5, tf.int64),
    ],
    HELD,
    dtypes="fd",
    gradient=False,
)
cases("histogram_whole", lambda tf, x: tf.histogram_fixed_width(x, [0, 5], 5), V([-1, 0, 3, 2, 5, 15]), dtypes="il")
cases("histogram_matrix", lambda tf, x: tf.histogram_fixed_width(x, [-2.0, 2.0], 9), R(5, 6), gradient=False)
cases("histogram_nothing", lambda tf, x: tf.histogram_fixed_width(x, [-2.0, 2.0], 3), R(0), gradient=False)
cases("histogram_by_tensors", lambda tf, x, r, n: tf.histogram_fixed_width(x, r, n), R(9), V([-1.0, 1.0]), V(4, "i"),
      gradient=False)  # fmt: skip
cases("histogram_empty_range", lambda tf, x: tf.histogram_fixed_width(x, [5.0, 5.0], 5), HELD)
cases("histogram_no_bins", lambda tf, x: tf.histogram_fixed_width(x, [0.0, 5.0], 0), HELD)
cases("histogram_long_range", lambda tf, x: tf.histogram_fixed_width(x, [0.0, 5.0, 6.0], 2), HELD)
cases("histogram_bins_whole", lambda tf, x: tf.histogram_fixed_width_bins(x, [0, 5], 5), V([1, 2], "i"))

cases(
    "unravel_index",
    lambda tf, x: [tf.unravel_index(x, [3, 2, 4]), tf.unravel_index(x[0], [30]), tf.unravel_index(7, [3, 3])],
    V([0, 7, 23, 16], "i"),
)
cases("unravel_index_long", lambda tf, x, d: tf.unravel_index(x, d), V([5, 6], "l"), V([2, 4], "l"))
cases("unravel_index_matrix", lambda tf, x: tf.unravel_index(x, [3, 3]), V([[7, 5]], "i"))
cases("unravel_index_scalar_dims", lambda tf, x: tf.unravel_index(x, 9), V([7], "i"))

cases("bitpack", lambda tf, x: tf.raw_ops.CompareAndBitpack(input=x, threshold=tf.zeros([], x.dtype)), R(2, 3, 16),
      dtypes="fdil")  # fmt: skip
cases("bitpack_truth", lambda tf, x: tf.raw_ops.CompareAndBitpack(input=x, threshold=False), R(16), dtypes="b")
cases("bitpack_not_eight", lambda tf, x: tf.raw_ops.CompareAndBitpack(input=x, threshold=0.0), R(2, 6))

cases(
    "data_format",
    lambda tf, x: [
        tf.raw_ops.DataFormatDimMap(x=x),
        tf.raw_ops.DataFormatDimMap(x=x, src_format="NCHW", dst_format="NHWC"),
        tf.raw_ops.DataFormatVecPermute(x=x),
        tf.raw_ops.DataFormatVecPermute(x=x, src_format="NCHW", dst_format="HWNC"),
        tf.raw_ops.DataFormatVecPermute(x=tf.stack([x, x + 1], 1)),
    ],
    V([3, 1, 0, -2], "i"),
)
cases("data_format_long", lambda tf, x: tf.raw_ops.DataFormatDimMap(x=x), V([[1], [2]], "l"))
cases("data_format_letters", lambda tf, x: tf.raw_ops.DataFormatDimMap(x=x, src_format="NCH"), V([1], "i"))
cases("data_format_three", lambda tf, x: tf.raw_ops.DataFormatVecPermute(x=x), V([1, 2, 3], "i"))

for _name in ("InplaceUpdate", "InplaceAdd", "InplaceSub"):
    cases(
        _name.lower(),
        lambda tf, x, v, f=_name: getattr(tf.raw_ops, f)(x=x + 0, i=[2, 0], v=v),
        R(4, 3),
        R(2, 3),
        dtypes="fi",
        gradient=False,
    )
    cases(
        _name.lower() + "_sizes",
        lambda tf, x, v, f=_name: getattr(tf.raw_ops, f)(x=x + 0, i=[1], v=v),
        R(4, 3),
        R(2, 3),
    )
    cases(_name.lower() + "_scalar", lambda tf, x, v, f=_name: getattr(tf.raw_ops, f)(x=x + 0, i=1, v=v), R(4, 3), R(3))
cases(
    "inplace_add_twice",
    lambda tf, x, v: tf.raw_ops.InplaceAdd(x=x + 0, i=[1, 1], v=v),
    R(4, 3),
    R(2, 3),
    gradient=False,
)
cases("empty", lambda tf: tf.raw_ops.Empty(shape=[2, 0, 3], dtype=tf.int64, init=True))
cases("deep_copy", lambda tf, x: tf.raw_ops.DeepCopy(x=x), R(2), gradient=False)
cases("debug_identity", lambda tf, x: tf.raw_ops.DebugGradientIdentity(input=x), R(2), gradient=False)

cases("concat_v1", lambda tf, x, y: tf.raw_ops.Concat(concat_dim=-1, values=[x, y, x]), R(2, 3), R(2, 1), dtypes="fi")
cases("concat_v1_sizes", lambda tf, x, y: tf.raw_ops.Concat(concat_dim=0, values=[x, y]), R(2, 3), R(2, 1))
cases("reverse_v1", lambda tf, x: tf.raw_ops.Reverse(tensor=x, dims=[True, False, True]), R(2, 3, 2), dtypes="fib")
cases("reverse_v1_dims", lambda tf, x: tf.raw_ops.Reverse(tensor=x, dims=[True]), R(2, 3))
cases(
    "space_to_batch_v1",
    lambda tf, x: tf.raw_ops.SpaceToBatch(input=x, paddings=[[1, 0], [0, 2]], block_size=2),
    R(2, 3, 4, 2),
)
cases(
    "batch_to_space_v1",
    lambda tf, x: tf.raw_ops.BatchToSpace(input=x, crops=[[0, 1], [1, 0]], block_size=2),
    R(8, 3, 2, 2),
)
cases("space_to_batch_v1_one", lambda tf, x: tf.raw_ops.SpaceToBatch(input=x, paddings=[[0, 0]] * 2, block_size=1),
      R(2, 2, 2, 1))  # fmt: skip
cases("space_to_batch_v1_sizes", lambda tf, x: tf.raw_ops.SpaceToBatch(input=x, paddings=[[0, 0]] * 2, block_size=3),
      R(2, 4, 4, 1))  # fmt: skip
cases("batch_to_space_v1_batch", lambda tf, x: tf.raw_ops.BatchToSpace(input=x, crops=[[0, 0]] * 2, block_size=2),
      R(6, 1, 1, 1))  # fmt: skip

cases(
    "einsum_op",
    lambda tf, x, y: [
        tf.raw_ops.Einsum(inputs=[x, y], equation="ijk,kl->ijl"),
        tf.raw_ops.Einsum(inputs=[x, y], equation="...k,kl->l..."),
        tf.raw_ops.Einsum(inputs=[x], equation="iji->j"),
        tf.raw_ops.Einsum(inputs=[x], equation="ijk->"),
    ],
    R(2, 3, 2),
    R(2, 4),
    dtypes="fd",
    gradient=False,
)
for _name, _equation in (
    ("letters", "ij,k->ik"),
    ("arrow", "ijk,kl"),
    ("result", "ijk,kl->m"),
    ("sizes", "ijk,jl->il"),
):
    cases(
        "einsum_op_bad_" + _name,
        lambda tf, x, y, e=_equation: tf.raw_ops.Einsum(inputs=[x, y], equation=e),
        R(2, 3, 2),
        R(2, 4),
    )
cases(
    "matrix_norm_2",
    lambda tf, x: [
        tf.reduce_sum(tf.norm(tf.reshape(x, [2, 3, 4]), 2, axis, keep))
        for axis, keep in (([-2, -1], False), ((0, 2), True))
    ],
    R(2, 3, 4),
)
