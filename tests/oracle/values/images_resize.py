"""Values of resizing: every method, both corner rules and both centres, up, down, to one pixel and by odd factors."""

import importlib

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()

_SIZES = {"up": (7, 9), "double": (8, 10), "down": (3, 2), "one": (1, 1), "same": (4, 5), "mixed": (2, 13)}
_MODES = {"": {}, "_corners": {"align_corners": True}, "_centers": {"half_pixel_centers": True}}
for _method in ("bilinear", "bicubic", "nearest_neighbor"):
    for _mode, _settings in _MODES.items():
        for _label, _size in _SIZES.items():
            cases(
                "resize_%s%s_%s" % (_method, _mode, _label),
                lambda tf, x, m=_method, n=_size, s=_settings: getattr(tf.image, "resize_" + m)(x, n, **s),
                R(2, 4, 5, 2),
                dtypes="fd" if _label == "up" else "f",
            )
    cases(
        "resize_%s_types" % _method,
        lambda tf, x, m=_method: getattr(tf.image, "resize_" + m)(x, [5, 3]),
        P(1, 3, 4, 1),
        dtypes="eiuls",
        tolerance=1e-5,
    )
    cases(
        "resize_%s_both_modes" % _method,
        lambda tf, x, m=_method: getattr(tf.image, "resize_" + m)(
            x, [2, 2], align_corners=True, half_pixel_centers=True
        ),
        R(1, 3, 3, 1),
    )
for _label, _size in _SIZES.items():
    for _corners in (False, True):
        cases(
            "resize_area_%s_%s" % (_label, _corners),
            lambda tf, x, n=_size, c=_corners: tf.image.resize_area(x, n, c),
            R(2, 4, 5, 2),
        )
cases("resize_area_types", lambda tf, x: tf.image.resize_area(x, [2, 3]), P(1, 3, 4, 1), dtypes="eiuls")
cases("resize_area_large", lambda tf, x: tf.image.resize_area(x, [3, 4]), R(1, 40, 37, 1))
cases("resize_bilinear_large", lambda tf, x: tf.image.resize_bilinear(x, [45, 50]), R(1, 2, 3, 1))

_OPS = ("resize_bilinear", "resize_bicubic", "resize_nearest_neighbor", "resize_area")
for _name in _OPS:
    _do = lambda tf, x, size, name=_name: getattr(tf.image, name)(x, size)  # noqa: E731
    cases(_name + "_zero_size", lambda tf, x, do=_do: do(tf, x, [0, 2]), R(1, 2, 2, 1))
    cases(_name + "_negative_size", lambda tf, x, do=_do: do(tf, x, [2, -1]), R(1, 2, 2, 1))
    cases(_name + "_size_of_three", lambda tf, x, do=_do: do(tf, x, [2, 1, 1]), R(1, 2, 2, 1))
    cases(_name + "_size_fed", _do, R(1, 2, 3, 1), V([3, 2], "i"))
    cases(_name + "_negative_size_fed", _do, R(1, 2, 3, 1), V([3, -2], "i"))
    cases(_name + "_rank_3", lambda tf, x, do=_do: do(tf, x, [2, 2]), R(2, 2, 1))
    cases(_name + "_empty_image", lambda tf, x, do=_do: do(tf, x, [2, 2]), R(1, 0, 2, 1))
    cases(_name + "_empty_batch", lambda tf, x, do=_do: do(tf, x, [2, 2]), R(0, 3, 2, 1))

# The function on top.
for _method in ("BILINEAR", "NEAREST_NEIGHBOR", "BICUBIC", "AREA"):
    cases(
        "resize_images_" + _method,
        lambda tf, x, m=_method: tf.image.resize_images(x, [5, 2], getattr(tf.image.ResizeMethod, m)),
        R(2, 3, 4, 1),
        dtypes="fu",
    )
    cases(
        "resize_images_one_" + _method,
        lambda tf, x, m=_method: tf.image.resize_images(
            x, [2, 6], getattr(tf.image.ResizeMethod, m), align_corners=True
        ),
        R(3, 4, 2),
    )
cases("resize_images_by_name", lambda tf, x: tf.image.resize(x, [2, 6], "bicubic"), R(3, 4, 2))
cases("resize_images_same", lambda tf, x: tf.image.resize_images(x, [3, 4], 1), R(1, 3, 4, 1))
cases("resize_images_same_uint8", lambda tf, x: tf.image.resize_images(x, [3, 4]), R(3, 4, 1), dtypes="u")
cases("resize_images_fed", lambda tf, x, n: tf.image.resize_images(x, n), R(1, 3, 4, 1), V([2, 3], "i"))
cases("resize_images_float_size", lambda tf, x: tf.image.resize_images(x, [2.5, 3.0]), R(1, 3, 4, 1))
cases("resize_images_scalar_size", lambda tf, x: tf.image.resize_images(x, 3), R(1, 3, 4, 1))
cases("resize_images_three_sizes", lambda tf, x: tf.image.resize_images(x, [3, 2, 1]), R(1, 3, 4, 1))
cases("resize_images_unknown_method", lambda tf, x: tf.image.resize_images(x, [3, 2], 7), R(1, 3, 4, 1))
cases("resize_images_rank_2", lambda tf, x: tf.image.resize_images(x, [3, 2]), R(3, 4))
for _size in ((6, 6), (2, 9), (9, 2)):
    cases(
        "resize_images_keeping_%d_%d" % _size,
        lambda tf, x, n=_size: tf.image.resize_images(x, n, preserve_aspect_ratio=True),
        R(1, 3, 4, 1),
    )
cases(
    "resize_images_keeping_uint8",
    lambda tf, x: tf.image.resize_images(x, [3, 30], 1, preserve_aspect_ratio=True),
    R(5, 4, 1),
    dtypes="u",
)
for _shape in ((1, 3, 7, 2), (3, 7, 2), (1, 7, 3, 2)):
    for _target in ((4, 4), (3, 9), (12, 5)):
        cases(
            "resize_image_with_pad_%s_%s" % ("x".join(map(str, _shape)), "x".join(map(str, _target))),
            lambda tf, x, n=_target: tf.image.resize_image_with_pad(x, *n),
            R(*_shape),
            gradient=len(_shape) == 3,
        )
cases("resize_image_with_pad_nearest", lambda tf, x: tf.image.resize_image_with_pad(x, 5, 6, 1), R(3, 7, 2), dtypes="u")
cases("resize_image_with_pad_zero", lambda tf, x: tf.image.resize_image_with_pad(x, 0, 6), R(3, 7, 2))


def _v2(tf, name):
    """TensorFlow 1 has the second version's forms under tf.compat.v2 only; they are a module of ours."""
    if hasattr(tf.compat, "v2"):
        return getattr(tf.compat.v2.image, name)
    module = importlib.import_module("defrun.image.resizing")
    return {"resize": module.resize_images_v2, "resize_with_pad": module.resize_image_with_pad_v2}[name]


for _method in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
    for _antialias in (False, True):
        cases(
            "resize_v2_%s_%s" % (_method, _antialias),
            lambda tf, x, m=_method, a=_antialias: _v2(tf, "resize")(x, [3, 9], m, antialias=a),
            R(2, 5, 6, 2),
            tolerance=3e-5,
        )
cases("resize_v2_same", lambda tf, x: _v2(tf, "resize")(x, [3, 4]), P(3, 4, 1), dtypes="u")
cases("resize_v2_unknown_method", lambda tf, x: _v2(tf, "resize")(x, [3, 4], "cubic"), R(3, 4, 1))
cases(
    "resize_with_pad_v2", lambda tf, x: _v2(tf, "resize_with_pad")(x, 5, 9, antialias=True), R(3, 7, 2), tolerance=3e-5
)
_KERNELS = ("lanczos1", "lanczos3", "lanczos5", "gaussian", "box", "triangle", "keyscubic", "mitchellcubic")
for _kernel in _KERNELS:
    for _antialias in (False, True):
        cases(
            "scale_and_translate_%s_%s" % (_kernel, _antialias),
            lambda tf, x, k=_kernel, a=_antialias: tf.raw_ops.ScaleAndTranslate(
                images=x, size=[4, 9], scale=[0.7, 1.4], translation=[0.2, -0.6], kernel_type=k, antialias=a
            ),
            R(2, 6, 7, 2),
            tolerance=3e-5,
        )
cases(
    "scale_and_translate_fed",
    lambda tf, x, s, t: tf.raw_ops.ScaleAndTranslate(images=x, size=[5, 4], scale=s, translation=t),
    R(1, 6, 7, 2),
    V([1.3, 0.4], "f"),
    V([-3.0, 1.5], "f"),
    tolerance=3e-5,
)
cases(
    "scale_and_translate_outside",
    lambda tf, x: tf.raw_ops.ScaleAndTranslate(images=x, size=[5, 4], scale=[0.3, 0.4], translation=[1.0, 9.0]),
    R(1, 6, 7, 2),
    tolerance=3e-5,
)
cases(
    "scale_and_translate_types",
    lambda tf, x: tf.raw_ops.ScaleAndTranslate(images=x, size=[5, 4], scale=[2.0, 2.0], translation=[0.0, 0.0]),
    P(1, 3, 2, 1),
    dtypes="eidu",
    gradient=False,
    tolerance=3e-5,
)
cases(
    "scale_and_translate_no_kernel",
    lambda tf, x: tf.raw_ops.ScaleAndTranslate(
        images=x, size=[5, 4], scale=[2.0, 2.0], translation=[0.0, 0.0], kernel_type="round"
    ),
    R(1, 3, 2, 1),
)
cases(
    "scale_and_translate_no_scale",
    lambda tf, x: tf.raw_ops.ScaleAndTranslate(images=x, size=[5, 4], scale=[0.0, 2.0], translation=[0.0, 0.0]),
    R(1, 3, 2, 1),
)
cases(
    "scale_and_translate_empty",
    lambda tf, x: tf.raw_ops.ScaleAndTranslate(images=x, size=[0, 4], scale=[1.0, 2.0], translation=[0.0, 0.0]),
    R(1, 3, 2, 1),
)
