"""Values of flips, turns, crops and paddings."""

from tests.oracle.values.harness import Cases, R, V

cases = Cases()


def _batch(x):
    """What is of unknown rank is taken for one image; so say that it is a batch."""
    x.set_shape([None] * 4)
    return x


def _vague(tf, x):
    """Hide the shape: after a turn TensorFlow knows less of it than we do."""
    return tf.placeholder_with_default(x, None)


for _name in ("flip_left_right", "flip_up_down", "transpose_image", "rot90"):
    cases(
        _name,
        lambda tf, x, n=_name: _vague(tf, getattr(tf.image, n)(x)),
        R(2, 3, 2),
        dtypes="fu",
        gradient=_name != "rot90",  # TensorFlow fails: the branches' shapes differ
    )
    cases(
        _name + "_batch",
        lambda tf, x, n=_name: _vague(tf, getattr(tf.image, n)(_batch(x))),
        R(2, 2, 3, 2),
        gradient=False,
    )
    cases(_name + "_rank_2", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(2, 3))
    cases(_name + "_rank_5", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(1, 2, 2, 3, 2))
    cases(_name + "_empty", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(2, 0, 2))
for _k in (0, 1, 2, 3, 4, -1):
    cases("rot90_%d" % _k, lambda tf, x, k=_k: _vague(tf, tf.image.rot90(x, k)), R(3, 3, 2))
    cases(
        "rot90_batch_%d" % _k,
        lambda tf, x, k=_k: _vague(tf, tf.image.rot90(_batch(x), k)),
        R(2, 2, 3, 2),
        gradient=False,
    )
    cases("rot90_fed_%d" % _k, lambda tf, x, k: tf.image.rot90(x, k), R(2, 3, 2), V(_k, "i"), gradient=False)
cases("rot90_vector", lambda tf, x: tf.image.rot90(x, [1]), R(2, 3, 2))
for _name in ("random_flip_left_right", "random_flip_up_down"):
    for _seed in (1, 2, 3):
        cases(
            "%s_%d" % (_name, _seed),
            lambda tf, x, n=_name, s=_seed: getattr(tf.image, n)(x, s),
            R(2, 3, 2),
            gradient=_seed == 1,  # of a second draw for TensorFlow, which comes out as the first for this seed only
        )
    cases(
        _name + "_batch", lambda tf, x, n=_name: getattr(tf.image, n)(_batch(x), seed=5), R(7, 2, 3, 1), dtypes="fu",
        gradient=False,
    )  # fmt: skip
    cases(_name + "_rank_2", lambda tf, x, n=_name: getattr(tf.image, n)(x), R(2, 3))

for _label, _shape in (("", (5, 6, 2)), ("_batch", (2, 5, 6, 2))):
    _one = len(_shape) == 3  # what is of unknown rank is taken for one image
    for _fraction in (0.5, 0.3, 0.9, 1.0):
        cases(
            "central_crop%s_%s" % (_label, _fraction),
            lambda tf, x, f=_fraction: tf.image.central_crop(x, f),
            R(*_shape),
        )
    cases("crop%s" % _label, lambda tf, x: tf.image.crop_to_bounding_box(x, 1, 2, 3, 4), R(*_shape), gradient=_one)
    cases("pad%s" % _label, lambda tf, x: tf.image.pad_to_bounding_box(x, 1, 2, 7, 9), R(*_shape), gradient=_one)
    for _target in ((3, 4), (7, 9), (3, 9), (8, 3), (5, 6)):
        cases(
            "crop_or_pad%s_%d_%d" % ((_label,) + _target),
            lambda tf, x, t=_target: tf.image.resize_image_with_crop_or_pad(x, *t),
            R(*_shape),
            gradient=_one,
        )
cases("central_crop_zero", lambda tf, x: tf.image.central_crop(x, 0.0), R(5, 6, 2))
cases("central_crop_large", lambda tf, x: tf.image.central_crop(x, 1.1), R(5, 6, 2))
cases("central_crop_rank_5", lambda tf, x: tf.image.central_crop(x, 0.5), R(1, 1, 5, 6, 2))
cases("crop_fed", lambda tf, x, n: tf.image.crop_to_bounding_box(x, n[0], n[1], n[2], n[3]), R(5, 6, 2),
      V([1, 2, 3, 4], "i"))  # fmt: skip
cases("crop_fed_wrong", lambda tf, x, n: tf.image.crop_to_bounding_box(x, n[0], n[1], n[2], n[3]), R(5, 6, 2),
      V([1, 3, 3, 4], "i"))  # fmt: skip
cases("pad_fed", lambda tf, x, n: tf.image.pad_to_bounding_box(x, n[0], n[1], n[2], n[3]), R(5, 6, 2),
      V([1, 2, 7, 9], "i"))  # fmt: skip
cases("pad_fed_wrong", lambda tf, x, n: tf.image.pad_to_bounding_box(x, n[0], n[1], n[2], n[3]), R(5, 6, 2),
      V([1, 2, 7, 7], "i"))  # fmt: skip
cases("crop_or_pad_fed", lambda tf, x, n: tf.image.resize_image_with_crop_or_pad(x, n[0], n[1]), R(5, 6, 2),
      V([3, 9], "i"))  # fmt: skip
for _box in ((-1, 0, 2, 2), (0, -1, 2, 2), (0, 0, 0, 2), (0, 0, 2, 0), (4, 0, 2, 2), (0, 5, 2, 2)):
    cases("crop_wrong_%s" % "_".join(map(str, _box)), lambda tf, x, b=_box: tf.image.crop_to_bounding_box(x, *b),
          R(5, 6, 2))  # fmt: skip
for _box in ((-1, 0, 9, 9), (0, -1, 9, 9), (0, 0, 4, 9), (0, 4, 9, 9)):
    cases("pad_wrong_%s" % "_".join(map(str, _box)), lambda tf, x, b=_box: tf.image.pad_to_bounding_box(x, *b),
          R(5, 6, 2))  # fmt: skip
cases("crop_rank_2", lambda tf, x: tf.image.crop_to_bounding_box(x, 0, 0, 1, 1), R(5, 6))
cases("pad_rank_5", lambda tf, x: tf.image.pad_to_bounding_box(x, 0, 0, 9, 9), R(1, 1, 5, 6, 2))
cases("crop_or_pad_zero", lambda tf, x: tf.image.resize_image_with_crop_or_pad(x, 0, 1), R(5, 6, 2))
