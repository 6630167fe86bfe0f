"""Values of patches of images and volumes, and of dilation and erosion."""

from tests.oracle.values.harness import Cases, P, R

cases = Cases()


def _known(x):
    """Without its shape TensorFlow takes volumes for images, and has no gradient for them."""
    x.set_shape([2, 3, 4, 5, 2])
    return x


for _padding in ("SAME", "VALID"):
    for _label, _size, _stride, _rate in (
        ("1x1", (1, 1), (1, 1), (1, 1)),
        ("3x3", (3, 3), (1, 1), (1, 1)),
        ("2x3_stride_2", (2, 3), (2, 2), (1, 1)),
        ("2x2_stride_3", (2, 2), (3, 3), (1, 1)),
        ("4x3_stride_1_2", (4, 3), (1, 2), (1, 1)),
        ("2x3_rate_2", (2, 3), (1, 1), (2, 2)),
        ("3x2_stride_2_rate_2_1", (3, 2), (2, 2), (2, 1)),
    ):
        cases(
            "image_patches_%s_%s" % (_label, _padding),
            lambda tf, x, k=_size, s=_stride, r=_rate, p=_padding: tf.extract_image_patches(
                x, [1, *k, 1], [1, *s, 1], [1, *r, 1], p
            ),
            R(2, 6, 7, 2),
        )
        cases(
            "dilation2d_%s_%s" % (_label, _padding),
            lambda tf, x, f, s=_stride, r=_rate, p=_padding: tf.nn.dilation2d(x, f, [1, *s, 1], [1, *r, 1], p),
            R(2, 6, 7, 2),
            R(*_size, 2),
        )
        cases(
            "erosion2d_%s_%s" % (_label, _padding),
            lambda tf, x, f, s=_stride, r=_rate, p=_padding: tf.nn.erosion2d(x, f, [1, *s, 1], [1, *r, 1], p),
            R(1, 6, 7, 2),
            R(*_size, 2),
        )
    for _label, _size, _stride in (("2x3x2", (2, 3, 2), (1, 1, 1)), ("1x2x3_strides", (1, 2, 3), (1, 2, 3))):
        cases(
            "volume_patches_%s_%s" % (_label, _padding),
            lambda tf, x, k=_size, s=_stride, p=_padding: tf.extract_volume_patches(
                _known(x), [1, *k, 1], [1, *s, 1], p
            ),
            R(2, 3, 4, 5, 2),
        )
cases("volume_patches_gradient", lambda tf, x: tf.extract_volume_patches(_known(x), [1, 2, 2, 2, 1], [1] * 5,
      "SAME"), R(2, 3, 4, 5, 2))  # fmt: skip
cases("image_patches_types", lambda tf, x: tf.image.extract_image_patches(x, [1, 2, 2, 1], [1] * 4, [1] * 4, "SAME"),
      P(1, 3, 4, 1), dtypes="edius", gradient=False)  # fmt: skip
cases("image_patches_new_name", lambda tf, x: tf.image.extract_image_patches(
    x, sizes=[1, 2, 2, 1], strides=[1] * 4, rates=[1] * 4, padding="SAME"), R(1, 3, 4, 1))  # fmt: skip
cases("image_patches_large", lambda tf, x: tf.extract_image_patches(x, [1, 7, 8, 1], [1] * 4, [1] * 4, "VALID"),
      R(1, 6, 7, 1))  # fmt: skip
cases("image_patches_channels", lambda tf, x: tf.extract_image_patches(x, [1, 2, 2, 2], [1] * 4, [1] * 4, "VALID"),
      R(1, 6, 7, 2))  # fmt: skip
cases("image_patches_zero_stride", lambda tf, x: tf.extract_image_patches(x, [1, 2, 2, 1], [1, 0, 1, 1], [1] * 4,
      "SAME"), R(1, 6, 7, 2))  # fmt: skip
cases(
    "image_patches_three", lambda tf, x: tf.extract_image_patches(x, [1, 2, 2], [1] * 4, [1] * 4, "SAME"), R(1, 6, 7, 2)
)
cases(
    "image_patches_rank_3",
    lambda tf, x: tf.extract_image_patches(x, [1, 2, 2, 1], [1] * 4, [1] * 4, "SAME"),
    R(6, 7, 2),
)
cases("image_patches_none", lambda tf, x: tf.extract_image_patches(x, [1, 2, 2, 1], [1] * 4, [1] * 4, "SAME"),
      R(0, 6, 7, 2), gradient=False)  # fmt: skip
cases(
    "volume_patches_rank_4", lambda tf, x: tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1] * 5, "SAME"), R(3, 6, 7, 2)
)
cases("dilation2d_types", lambda tf, x: tf.nn.dilation2d(x, x[0, :2, :2], [1] * 4, [1] * 4, "SAME"), R(1, 3, 4, 1),
      dtypes="deis", gradient=False)  # fmt: skip
cases("dilation2d_new_names", lambda tf, x, f: tf.nn.dilation2d(
    x, filters=f, strides=[1] * 4, dilations=[1] * 4, padding="SAME"), R(1, 3, 4, 1), R(2, 2, 1))  # fmt: skip
cases("dilation2d_ties", lambda tf, x, f: tf.nn.dilation2d(0 * x + 1, 0 * f, [1] * 4, [1] * 4, "SAME"),
      R(1, 3, 4, 1), R(2, 2, 1), gradient=False)  # fmt: skip
_dilate = lambda tf, x, f: tf.nn.dilation2d(x, f, [1] * 4, [1] * 4, "VALID")  # noqa: E731
cases("dilation2d_channels", _dilate, R(1, 3, 4, 2), R(2, 2, 1))
cases("dilation2d_large", _dilate, R(1, 3, 4, 2), R(4, 2, 2))
cases("dilation2d_rank_3", _dilate, R(3, 4, 2), R(2, 2, 2))
cases("dilation2d_filter_rank_4", _dilate, R(1, 3, 4, 2), R(2, 2, 2, 1))
cases("dilation2d_strides", lambda tf, x, f: tf.nn.dilation2d(x, f, [1, 1, 1, 2], [1] * 4, "VALID"), R(1, 3, 4, 2),
      R(2, 2, 2))  # fmt: skip
