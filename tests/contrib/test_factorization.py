"""k-means: TensorFlow 1.15.5's numbers for the same points and seeds."""

import numpy as np
import pytest

import defrun as tf

POINTS = (np.abs(np.random.RandomState(0).randn(3000, 20)) * np.arange(1, 21)).astype(np.float32)
KMeans = tf.contrib.factorization.KMeans

# What TensorFlow said: mean distances of five steps. Its mini-batches read counts before or after they are written, as
# threads have it; these are numbers of runs where they were read before.
STEPS = {
    "whole": ({}, [1241.1687, 911.12067, 895.97565, 887.92133, 880.90076]),
    "cosine": ({"distance_metric": "cosine"}, [0.22970, 0.16027, 0.15540, 0.15156, 0.14823]),
    "mini-batch": ({"use_mini_batch": True}, [1241.1687, 911.60132]),
    "in rounds": (
        {"use_mini_batch": True, "mini_batch_steps_per_iteration": 3, "distance_metric": "cosine"},
        [0.22970, 0.22970, 0.22970, 0.22970, 0.16027],
    ),
    "given": ({"initial_clusters": POINTS[:4]}, [1355.29822, 883.33136, 851.57672, 832.16217, 820.63477]),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_are_tensorflows(name):
    arguments, wanted = STEPS[name]
    with tf.Graph().as_default(), tf.Session() as session:
        points = tf.placeholder(tf.float32, [None, 20])
        scores, _, distances, initialized, begin, train = KMeans(points, 4, **arguments).training_graph()
        session.run(tf.global_variables_initializer())
        assert not session.run(initialized)
        session.run(begin, {points: POINTS})
        assert session.run(initialized)
        mean = tf.reduce_mean(distances[0])
        got = [session.run([train, mean], {points: POINTS})[1] for _ in wanted]
        np.testing.assert_allclose(got, wanted, rtol=1e-4)
        each, nearest = session.run([scores[0], distances[0]], {points: POINTS[:9]})
        np.testing.assert_allclose(each.min(axis=1), nearest, rtol=1e-4)


def test_centers_come_from_several_batches():
    with tf.Graph().as_default(), tf.Session() as session:
        points = tf.placeholder(tf.float32, [None, 20])
        _, _, _, initialized, begin, _ = KMeans(points, 4).training_graph()
        session.run(tf.global_variables_initializer())
        session.run(begin, {points: POINTS[:3]})
        assert not session.run(initialized)
        session.run(begin, {points: POINTS[3:4]})
        assert session.run(initialized)
        np.testing.assert_array_equal(session.run("clusters:0"), POINTS[:4])


def test_what_there_is_not():
    with pytest.raises(ValueError, match="manhattan"):
        KMeans(POINTS, 2, distance_metric="manhattan")
    with pytest.raises(ValueError, match="first"):
        KMeans(POINTS, 2, initial_clusters="first")
    with pytest.raises(NotImplementedError, match="kmc2"):
        KMeans(POINTS, 2, initial_clusters="kmc2")
