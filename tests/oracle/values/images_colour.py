"""Values of colours: hue, saturation, contrast, brightness, models of colour and conversions of type."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, Spec, V

cases = Cases()


def C(*shape):
    """Colours: numbers in [0, 1), or up to 255 for integers."""
    return Spec(lambda rng, s, kind: rng.randint(0, 256, s) if kind in "iu" else np.round(rng.rand(*s), 3), shape)


_CORNERS = [[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1], [0.5, 0.5, 0.5]]
_CORNERS += [[0.2, 0.7, 0.2], [0.7, 0.7, 0.2], [0.2, 0.2, 0.7], [-0.5, 0.2, 0.1], [1.5, 2.0, 0.3], [-1, -2, -3]]

cases("rgb_to_hsv", lambda tf, x: tf.image.rgb_to_hsv(x), C(2, 3, 4, 3))
cases("rgb_to_hsv_corners", lambda tf, x: tf.image.rgb_to_hsv(x), V(_CORNERS, "f"), gradient=False)
cases("rgb_to_hsv_grad_ties", lambda tf, x: tf.image.rgb_to_hsv(x), V(_CORNERS[:12], "f"))
cases("rgb_to_hsv_types", lambda tf, x: tf.image.rgb_to_hsv(x), C(5, 3), dtypes="ed", gradient=False)
cases("hsv_to_rgb", lambda tf, x: tf.image.hsv_to_rgb(x), C(2, 3, 4, 3), dtypes="fd")
cases("hsv_to_rgb_outside", lambda tf, x: tf.image.hsv_to_rgb(x), V([[1.2, 0.5, 0.5], [-0.3, 1.5, 2.0]], "f"))
for _name in ("rgb_to_hsv", "hsv_to_rgb"):
    cases(_name + "_two_channels", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(4, 2))
    cases(_name + "_scalar", lambda tf, x, n=_name: getattr(tf.image, n)(x), R())
    cases(_name + "_empty", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(0, 3))

for _delta in (0.0, 0.25, -0.4, 0.5, 1.0, -1.0, 2.3):
    cases("adjust_hue_%s" % _delta, lambda tf, x, d=_delta: tf.image.adjust_hue(x, d), C(2, 3, 2, 3))
cases("adjust_hue_corners", lambda tf, x: tf.image.adjust_hue(x, 0.1), V([_CORNERS], "f"), tolerance=1e-4)
cases("adjust_hue_fed", lambda tf, x, d: tf.image.adjust_hue(x, d), C(2, 2, 3), V(0.3, "f"))
cases("adjust_hue_types", lambda tf, x: tf.image.adjust_hue(x, 0.2), C(2, 2, 3), dtypes="ue", tolerance=4e-3)
cases("adjust_hue_two_channels", lambda tf, x: tf.image.adjust_hue(x, 0.2), C(2, 2, 2))
cases("adjust_hue_rank_2", lambda tf, x: tf.image.adjust_hue(x, 0.2), C(2, 3))
for _factor in (0.0, 0.5, 1.0, 3.0, -1.0):
    cases("adjust_saturation_%s" % _factor, lambda tf, x, f=_factor: tf.image.adjust_saturation(x, f), C(2, 3, 2, 3))
cases("adjust_saturation_corners", lambda tf, x: tf.image.adjust_saturation(x, 0.7), V([_CORNERS], "f"), tolerance=1e-4)
cases("adjust_saturation_types", lambda tf, x: tf.image.adjust_saturation(x, 0.2), C(2, 2, 3), dtypes="ue")
cases("adjust_saturation_grey", lambda tf, x: tf.image.adjust_saturation(x, 0.2), C(2, 2, 1))

for _factor in (0.0, 0.5, 2.0, -1.5):
    cases("adjust_contrast_%s" % _factor, lambda tf, x, f=_factor: tf.image.adjust_contrast(x, f), C(2, 3, 4, 2))
cases("adjust_contrast_types", lambda tf, x: tf.image.adjust_contrast(x, 1.7), C(3, 4, 2), dtypes="uedi")
cases("adjust_contrast_fed", lambda tf, x, f: tf.image.adjust_contrast(x, f), R(3, 4, 2), V(0.5, "f"))
cases("adjust_contrast_rank_2", lambda tf, x: tf.image.adjust_contrast(x, 0.2), C(2, 3))
cases("adjust_contrast_rank_5", lambda tf, x: tf.image.adjust_contrast(x, 0.2), C(1, 2, 3, 2, 3))

cases("adjust_brightness", lambda tf, x: tf.image.adjust_brightness(x, 0.3), R(2, 3, 1), dtypes="fedus")
cases("adjust_brightness_down", lambda tf, x: tf.image.adjust_brightness(x, -0.3), C(2, 3, 1), dtypes="u")
cases("adjust_brightness_fed", lambda tf, x, d: tf.image.adjust_brightness(x, d), R(2, 3, 1), V(0.1, "f"))
cases("adjust_gamma", lambda tf, x: tf.image.adjust_gamma(x, 0.5, 2.0), P(2, 3, 1), dtypes="fu")
cases("adjust_gamma_default", lambda tf, x: tf.image.adjust_gamma(x), P(2, 3, 1))
cases("adjust_gamma_fed", lambda tf, x, g: tf.image.adjust_gamma(x, g), P(2, 3, 1), V(2.0, "f"))
cases("adjust_gamma_negative", lambda tf, x: tf.image.adjust_gamma(x, -1.0), P(2, 3, 1))
cases("adjust_gamma_negative_fed", lambda tf, x, g: tf.image.adjust_gamma(x, g), P(2, 3, 1), V(-2.0, "f"))

for _to in ("uint8", "int16", "uint16", "int32", "int64", "float16", "float32", "float64"):
    for _saturate in (False, True):
        cases(
            "convert_image_dtype_%s_%s" % (_to, _saturate),
            lambda tf, x, t=_to, s=_saturate: tf.image.convert_image_dtype(x, t, s),
            C(3, 4),
            dtypes="fdeuisl",
            tolerance=1e-5,
        )
cases("convert_image_dtype_beyond", lambda tf, x: tf.image.convert_image_dtype(x, tf.uint8, True), R(3, 4))
cases(
    "convert_image_dtype_negative", lambda tf, x: tf.image.convert_image_dtype(x, tf.uint8, True), R(3, 4), dtypes="s"
)
cases("convert_image_dtype_bool", lambda tf, x: tf.image.convert_image_dtype(x, tf.bool), R(3, 4))

cases("rgb_to_grayscale", lambda tf, x: tf.image.rgb_to_grayscale(x), C(2, 3, 2, 3), dtypes="fu")
cases("rgb_to_grayscale_vector", lambda tf, x: tf.image.rgb_to_grayscale(x), C(3))
cases("grayscale_to_rgb", lambda tf, x: tf.image.grayscale_to_rgb(x), C(2, 3, 1), dtypes="fu")
cases("grayscale_to_rgb_batch", lambda tf, x: tf.image.grayscale_to_rgb(x), C(2, 3, 2, 1))
cases("grayscale_to_rgb_three", lambda tf, x: tf.image.grayscale_to_rgb(x), C(2, 3, 3))
cases("grayscale_to_rgb_vector", lambda tf, x: tf.image.grayscale_to_rgb(x), C(1))
for _name in ("rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb"):
    cases(_name, lambda tf, x, n=_name: getattr(tf.image, n)(x), C(2, 3, 2, 3), dtypes="fd")

# Seeds: the same numbers as TensorFlow's.
for _name, _arguments in (
    ("random_brightness", (0.4,)),
    ("random_contrast", (0.2, 1.8)),
    ("random_saturation", (0.2, 1.8)),
    ("random_hue", (0.3,)),
):
    cases(
        _name,
        lambda tf, x, n=_name, a=_arguments: getattr(tf.image, n)(x, *a, seed=7),
        C(3, 4, 3),
        dtypes="fu",
        gradient=False,
    )
cases("random_brightness_negative", lambda tf, x: tf.image.random_brightness(x, -0.1), C(3, 4, 3))
cases("random_contrast_empty", lambda tf, x: tf.image.random_contrast(x, 0.5, 0.5), C(3, 4, 3))
cases("random_contrast_negative", lambda tf, x: tf.image.random_contrast(x, -0.5, 0.5), C(3, 4, 3))
cases("random_hue_large", lambda tf, x: tf.image.random_hue(x, 0.6), C(3, 4, 3))
cases("random_hue_negative", lambda tf, x: tf.image.random_hue(x, -0.1), C(3, 4, 3))
