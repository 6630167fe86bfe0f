"""Values of boxes in images: cut out, drawn, chosen."""

import numpy as np

from tests.oracle.values.harness import Cases, P, R, V

cases = Cases()

_BOXES = [[0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], [0.5, 0.6, 0.2, 0.1], [-0.2, -0.1, 1.3, 1.2], [0.4, 0.4, 0.4, 0.4]]
_WHICH = [0, 1, 1, 0, 1]
for _method in ("bilinear", "nearest"):
    for _size in ((3, 4), (1, 1), (1, 3), (7, 6)):
        cases(
            "crop_and_resize_%s_%dx%d" % ((_method,) + _size),
            lambda tf, x, b, m=_method, s=_size: tf.image.crop_and_resize(x, b, _WHICH, s, m, 0.5),
            R(2, 5, 6, 2),
            V(_BOXES if _method == "bilinear" else np.add(_BOXES, 0.013), "f"),  # no pixels half-way
            tolerance=3e-5,
        )
cases("crop_and_resize_types", lambda tf, x: tf.image.crop_and_resize(x, _BOXES, _WHICH, [2, 3]), P(2, 4, 3, 1),
      dtypes="deiuls", tolerance=3e-5)  # fmt: skip
cases("crop_and_resize_fed", lambda tf, x, b, i, n: tf.image.crop_and_resize(x, b, i, n), R(2, 4, 3, 1),
      V(_BOXES, "f"), V(_WHICH, "i"), V([2, 3], "i"))  # fmt: skip
cases("crop_and_resize_no_boxes", lambda tf, x, b: tf.image.crop_and_resize(x, b, tf.zeros([0], tf.int32), [2, 3]),
      R(2, 4, 3, 1), V(np.zeros([0, 4]), "f"))  # fmt: skip
_crop = lambda tf, x, b, i: tf.image.crop_and_resize(x, b, i, [2, 2])  # noqa: E731
cases("crop_and_resize_beyond", _crop, R(2, 4, 3, 1), V(_BOXES[:1], "f"), V([2], "i"))
cases("crop_and_resize_negative", _crop, R(2, 4, 3, 1), V(_BOXES[:1], "f"), V([-1], "i"))
cases("crop_and_resize_lengths", _crop, R(2, 4, 3, 1), V(_BOXES[:1], "f"), V([1, 1], "i"))
cases("crop_and_resize_rank_3", _crop, R(4, 3, 1), V(_BOXES[:1], "f"), V([0], "i"))
cases("crop_and_resize_box_of_3", _crop, R(2, 4, 3, 1), V([[0, 0, 1]], "f"), V([0], "i"))
cases("crop_and_resize_zero", lambda tf, x: tf.image.crop_and_resize(x, _BOXES, _WHICH, [0, 2]), R(2, 4, 3, 1))

_rng = np.random.RandomState(5)
_CORNERS = np.round(np.concatenate([_rng.rand(20, 2), 0.05 + _rng.rand(20, 2) * 0.4], 1), 2)
_CORNERS[:, 2:] += _CORNERS[:, :2]
# None is of no area: TensorFlow 1.15.5 chooses such a box again and again, as often as there is room.
_CORNERS[3] = _CORNERS[3, [2, 3, 0, 1]]  # the other corners
_CORNERS[7] = _CORNERS[8]
_SCORES = np.round(_rng.rand(20), 1)  # some are alike


def _all_kinds(tf, boxes, scores, limit, threshold, lowest):
    image = tf.image
    return [
        image.non_max_suppression(boxes, scores, limit, threshold, lowest),
        *image.non_max_suppression_with_scores(boxes, scores, limit, threshold, lowest),
        *image.non_max_suppression_padded(boxes, scores, limit, threshold, lowest),
        *image.non_max_suppression_padded(boxes, scores, limit, threshold, lowest, pad_to_max_output_size=True),
        tf.raw_ops.NonMaxSuppression(boxes=boxes, scores=scores, max_output_size=limit, iou_threshold=threshold),
        tf.raw_ops.NonMaxSuppressionV2(boxes=boxes, scores=scores, max_output_size=limit, iou_threshold=threshold),
    ]


for _limit, _threshold, _lowest in ((20, 0.5, -np.inf), (5, 0.1, 0.3), (3, 0.0, 0.0), (30, 1.0, 0.5), (0, 0.5, 0.0)):
    cases(
        "non_max_suppression_%s_%s" % (_limit, _threshold),
        lambda tf, b, s, a=(_limit, _threshold, _lowest): _all_kinds(tf, b, s, *a),
        V(_CORNERS, "f"),
        V(_SCORES, "f"),
        gradient=False,
    )
for _sigma, _threshold in ((0.5, 0.9), (0.1, 1.0), (1.5, 0.4)):
    cases(
        "non_max_suppression_soft_%s" % _sigma,
        lambda tf, b, s, g=_sigma, t=_threshold: list(
            tf.image.non_max_suppression_with_scores(b, s, 15, t, 0.05, soft_nms_sigma=g)
        ),
        V(_CORNERS, "f"),
        V(_SCORES + np.arange(20) / 1000.0, "f"),
        gradient=False,
    )
cases("non_max_suppression_none", lambda tf, b, s: tf.image.non_max_suppression(b, s, 3), V(np.zeros([0, 4]), "f"),
      V(np.zeros([0]), "f"), gradient=False)  # fmt: skip
cases("non_max_suppression_fed", lambda tf, b, s, n, t: tf.image.non_max_suppression(b, s, n, t), V(_CORNERS, "f"),
      V(_SCORES, "f"), V(4, "i"), V(0.3, "f"), gradient=False)  # fmt: skip
cases("non_max_suppression_threshold", lambda tf, b, s: tf.image.non_max_suppression(b, s, 3, 1.5), V(_CORNERS, "f"),
      V(_SCORES, "f"), gradient=False)  # fmt: skip
cases("non_max_suppression_lengths", lambda tf, b, s: tf.image.non_max_suppression(b, s, 3), V(_CORNERS, "f"),
      V(_SCORES[1:], "f"), gradient=False)  # fmt: skip
cases("non_max_suppression_of_three", lambda tf, b, s: tf.image.non_max_suppression(b, s, 3), V(_CORNERS[:, :3], "f"),
      V(_SCORES, "f"), gradient=False)  # fmt: skip
_OVERLAPS = _rng.rand(6, 6)
cases("non_max_suppression_overlaps", lambda tf, o, s: tf.image.non_max_suppression_overlaps(o, s, 4, 0.6, 0.2),
      V(_OVERLAPS + _OVERLAPS.T, "f"), V(_SCORES[:6], "f"), gradient=False)  # fmt: skip
cases("non_max_suppression_overlaps_oblong", lambda tf, o, s: tf.image.non_max_suppression_overlaps(o, s, 6),
      V(_OVERLAPS[:3], "f"), V(_SCORES[:6], "f"), gradient=False)  # fmt: skip


def _two(scores):
    """Say how many classes there are: without that TensorFlow fails at padding."""
    scores.set_shape([None, None, 2])
    return scores


_SEVERAL = np.stack([_CORNERS.reshape(10, 2, 4), _CORNERS[::-1].reshape(10, 2, 4) * 1.3])
_THEIR = np.stack([_SCORES.reshape(10, 2), _SCORES[::-1].reshape(10, 2)]) + np.arange(40).reshape(2, 10, 2) / 1000.0
for _label, _settings in (
    ("", {}),
    ("_padded", {"pad_per_class": True}),
    ("_not_clipped", {"clip_boxes": False}),
    ("_strict", {"iou_threshold": 0.1, "score_threshold": 0.5}),
):
    for _shared in (False, True):
        cases(
            "combined_non_max_suppression%s_%s" % (_label, _shared),
            lambda tf, b, s, k=_settings: list(tf.image.combined_non_max_suppression(b, _two(s), 3, 7, **k)),
            V(_SEVERAL[:, :, :1] if _shared else _SEVERAL, "f"),
            V(_THEIR, "f"),
            gradient=False,
        )
cases("combined_non_max_suppression_wrong",
      lambda tf, b, s: list(tf.image.combined_non_max_suppression(b, s, 3, 7)), V(_SEVERAL, "f"),
      V(_THEIR[:, :, :1], "f"), gradient=False)  # fmt: skip

_PLACES = [[[0.1, 0.2, 0.8, 0.9], [-0.3, 0.4, 0.5, 1.4], [0.5, 0.1, 0.2, 0.3]], [[0, 0, 1, 1], [0.5] * 4, [2, 2, 3, 3]]]
for _channels in (1, 3, 4):
    cases("draw_bounding_boxes_%d" % _channels, lambda tf, x: tf.image.draw_bounding_boxes(x, _PLACES),
          R(2, 9, 11, _channels), gradient=False)  # fmt: skip
cases("draw_bounding_boxes_colors", lambda tf, x, c: tf.image.draw_bounding_boxes(x, _PLACES, colors=c), R(2, 9, 11, 3),
      V([[0.1, 0.2, 0.3], [0.5, 0.6, 0.7]], "f"), gradient=False)  # fmt: skip
_NESTED = [[[i / 30.0] * 2 + [0.9] * 2 for i in range(12)]]
cases("draw_bounding_boxes_many", lambda tf, x: tf.image.draw_bounding_boxes(x, _NESTED),
      R(1, 32, 31, 3), gradient=False)  # fmt: skip
cases("draw_bounding_boxes_two_channels", lambda tf, x: tf.image.draw_bounding_boxes(x, _PLACES), R(2, 9, 11, 2))
cases("draw_bounding_boxes_batch", lambda tf, x: tf.image.draw_bounding_boxes(x, _PLACES), R(1, 9, 11, 3))

for _centered in (True, False):
    for _normalized in (True, False):
        _far = 0.2 if _normalized else 1.5
        cases(
            "extract_glimpse_%s_%s" % (_centered, _normalized),
            lambda tf, x, o, c=_centered, n=_normalized: tf.image.extract_glimpse(x, [3, 2], o, c, n),
            R(2, 8, 9, 2),
            V([[_far, _far], [-_far, 0.0]] if _centered else [[3 * _far, 2 * _far], [2 * _far, _far]], "f"),
        )
        cases(
            "extract_glimpse_zero_%s_%s" % (_centered, _normalized),
            lambda tf, x, o, c=_centered, n=_normalized: tf.raw_ops.ExtractGlimpse(
                input=x, size=[5, 6], offsets=o, centered=c, normalized=n, noise="zero", uniform_noise=False
            ),
            R(2, 8, 9, 2),
            V([[0.9, -1.0], [0.3, 1.0]] if _normalized else [[6.0, -7.0], [3.3, 1.0]], "f"),
        )
cases("extract_glimpse_size", lambda tf, x: tf.image.extract_glimpse(x, [0, 2], [[0.0, 0.0]]), R(1, 8, 9, 2))
cases("extract_glimpse_offsets", lambda tf, x: tf.image.extract_glimpse(x, [1, 2], [[0.0, 0.0, 0.0]]), R(1, 8, 9, 2))

_OBJECTS = [[[0.1, 0.2, 0.5, 0.9], [0.4, 0.0, 0.6, 0.2]]]


def _sampled(tf, size, boxes, **settings):
    return list(tf.image.sample_distorted_bounding_box(size, boxes, **settings))


for _seed in range(6):
    cases("sample_box_%d" % _seed, lambda tf, b, s=_seed: _sampled(tf, [200, 170, 3], b, seed=s, seed2=s + 1),
          V(_OBJECTS, "f"), gradient=False)  # fmt: skip
    cases(
        "sample_box_settings_%d" % _seed,
        lambda tf, b, s=_seed: _sampled(
            tf, [50, 90, 3], b, seed=9, seed2=s, min_object_covered=0.8, aspect_ratio_range=[0.5, 2.5],
            area_range=[0.3, 0.9], max_attempts=20
        ),
        V(_OBJECTS, "f"),
        gradient=False,
    )  # fmt: skip
cases("sample_box_none", lambda tf, b: _sampled(tf, [50, 90, 3], b, seed=9, use_image_if_no_bounding_boxes=True),
      V(np.zeros([1, 0, 4]), "f"), gradient=False)  # fmt: skip
cases("sample_box_impossible", lambda tf, b: _sampled(tf, [50, 90, 3], b, seed=9, min_object_covered=2.0),
      V(_OBJECTS, "f"), gradient=False)  # fmt: skip
cases("sample_box_nothing", lambda tf, b: _sampled(tf, [50, 90, 3], b, seed=9), V(np.zeros([1, 0, 4]), "f"))
cases("sample_box_outside", lambda tf, b: _sampled(tf, [50, 90, 3], b, seed=9), V([[[0.1, 0.2, 1.5, 0.9]]], "f"))
cases("sample_box_area", lambda tf, b: _sampled(tf, [50, 90, 3], b, seed=9, area_range=[0.5, 1.5]), V(_OBJECTS, "f"))
cases("sample_box_size", lambda tf, b: _sampled(tf, [50, 90], b, seed=9), V(_OBJECTS, "f"))
cases("sample_box_fed", lambda tf, n, b: _sampled(tf, n, b, seed=9), V([50, 90, 3], "i"), V(_OBJECTS, "f"),
      gradient=False)  # fmt: skip
