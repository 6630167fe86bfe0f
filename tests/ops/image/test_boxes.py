"""What is special about boxes: where TensorFlow 1.15.5 is no guide, and that many of them take no time."""

import numpy as np
import pytest

import defrun as tf


def run(tensor):
    with tf.Session() as session:
        return session.run(tensor)


def test_a_box_of_no_area_is_chosen_once():
    boxes = np.float32([[0, 0, 1, 1], [0.5, 0.2, 0.5, 0.8], [0, 0, 0.9, 1]])
    assert run(tf.image.non_max_suppression(boxes, [0.9, 0.8, 0.7], 5)).tolist() == [0, 1]


def test_a_negative_limit_is_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match="max_output_size"):
        run(tf.image.non_max_suppression(np.zeros([1, 4], np.float32), [0.5], -3))


def test_chosen_boxes_overlap_little_and_others_much():
    rng = np.random.RandomState(1)
    corners = rng.rand(2000, 2)
    boxes = np.concatenate([corners, corners + 0.05 + 0.1 * rng.rand(2000, 2)], 1).astype(np.float32)
    scores = rng.rand(2000).astype(np.float32)
    chosen = run(tf.image.non_max_suppression(boxes, scores, 2000, 0.4))
    overlap = overlaps(boxes, boxes[chosen])
    assert (np.diff(scores[chosen]) <= 0).all()
    assert (overlap[chosen] - np.eye(len(chosen)) < 0.4).all()
    left_out = np.setdiff1d(np.arange(2000), chosen)
    better = scores[chosen] > scores[left_out][:, None]
    assert ((overlap[left_out] >= 0.4) & better).any(1).all()


def overlaps(a, b):
    low, high = np.maximum(a[:, None, :2], b[:, :2]), np.minimum(a[:, None, 2:], b[:, 2:])
    shared = np.maximum(high - low, 0).prod(-1)
    areas = [(x[:, 2:] - x[:, :2]).prod(-1) for x in (a, b)]
    return shared / (areas[0][:, None] + areas[1] - shared)


def test_noise_around_a_glimpse_is_new_each_time():
    glimpse = tf.image.extract_glimpse(tf.ones([1, 4, 4, 1]), [8, 8], [[0.0, 0.0]])
    with tf.Session() as session:
        first, second = session.run(glimpse), session.run(glimpse)
    np.testing.assert_array_equal(first[0, 2:6, 2:6], np.ones([4, 4, 1]))
    outside = np.ones([8, 8], bool)
    outside[2:6, 2:6] = False
    assert ((first[0, outside] >= 0) & (first[0, outside] < 1)).all()
    assert (first[0, outside] != second[0, outside]).all()
