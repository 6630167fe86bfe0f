"""Random ops in graphs and sessions: TensorFlow 1.15.5's nodes, seeds and numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

import defrun as tf
from defrun.ops import random, random_parametric, stateless_random
from tests.ops.test_philox import ANSWERS, CASES, same
from tests.oracle.graphs import record
from tests.oracle.random import graphs
from tests.oracle.random.logits import LOGITS

GRAPHS = json.loads((Path(graphs.__file__).parent / "graphs.json").read_text())
SEEDS = GRAPHS.pop("seeds")


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


@pytest.mark.parametrize("name", GRAPHS)
def test_graph_is_tensorflows(name):
    getattr(graphs, f"build_{name}")(tf)
    assert record.graph_record(tf)["nodes"] == GRAPHS[name]


@pytest.mark.parametrize(("graph_seed", "op_seed", "wanted"), SEEDS)
def test_get_seed(graph_seed, op_seed, wanted):
    tf.set_random_seed(graph_seed)
    tf.constant(1.0)
    assert tf.get_seed(op_seed) == tuple(wanted)


def node(case):
    """Make the node that TensorFlow was asked for."""
    op = case["op"]
    drawn = {
        "RandomUniform": random.uniform,
        "RandomStandardNormal": random.standard_normal,
        "TruncatedNormal": random.standard_truncated_normal,
        "StatelessRandomUniform": stateless_random.uniform,
        "StatelessRandomNormal": stateless_random.standard_normal,
        "StatelessTruncatedNormal": stateless_random.standard_truncated_normal,
    }
    stateless = op.startswith("Stateless")
    seed = [tf.constant(case["seeds"], tf.int64)] if stateless else []
    seeds = {} if stateless else {"seed": case["seeds"][0], "seed2": case["seeds"][1]}
    if "count" in case:
        logits = tf.constant(np.array(LOGITS[case["logits"]], case["dtype"]))
        draw = stateless_random.draw_classes if stateless else random.draw_classes
        return draw(logits, case["count"], *seed, output_dtype=case["kind"], **seeds)
    shape = tf.constant(case["shape"], tf.int32)
    if "parameter" in case:
        parameter = tf.constant(case["parameter"], case["dtype"])
        if op == "RandomGamma":
            return random_parametric.standard_gamma(shape, parameter, **seeds)
        return random_parametric.poisson(shape, parameter, dtype=case["kind"], **seeds)
    if "minval" in case:
        bounds = [tf.constant(case[bound], case["dtype"]) for bound in ("minval", "maxval")]
        draw = stateless_random.uniform_int if stateless else random.uniform_int
        return draw(shape, *seed, *bounds, **seeds)
    if op == "RandomShuffle":
        return random.shuffle(tf.constant(np.arange(np.prod(case["shape"])).reshape(case["shape"]), tf.int32), **seeds)
    return drawn[op](shape, *seed, dtype=case["dtype"], **seeds)


def test_runs_of_a_session_are_tensorflows():
    last = {case["op"] + case["dtype"]: at for at, case in enumerate(CASES) if "seeds" in case}
    nodes = {at: node(CASES[at]) for at in last.values()}
    with tf.Session() as sess:
        for run in range(3):
            for at, values in sess.run(nodes).items():
                wanted = ANSWERS[f"{at}/0" if CASES[at]["op"].startswith("Stateless") else f"{at}/{run}"]
                same(values, wanted, CASES[at])


@pytest.mark.parametrize("at", [at for at, case in enumerate(CASES) if "sample" in case])
def test_slope_of_gamma_numbers(at):
    case = CASES[at]
    slope = random_parametric.gamma_slope(*(tf.constant(case[name], case["dtype"]) for name in ("alpha", "sample")))
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(slope), ANSWERS[f"{at}/0"], rtol=1e-4)


def test_gradient_of_gamma_numbers():
    alpha = tf.constant([0.5, 2.0, 30.0])
    drawn = random_parametric.standard_gamma([4, 2], alpha, seed=1, seed2=2)
    slope = tf.reduce_sum(random_parametric.gamma_slope(alpha, drawn), [0, 1])
    with tf.Session() as sess:
        found, wanted = sess.run([tf.gradients(drawn, alpha)[0], slope])
    assert np.all(found > 0)
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_every_session_starts_anew():
    drawn = tf.random_normal([3], seed=1)
    with tf.Session() as one, tf.Session() as other:
        first, second = one.run(drawn), one.run(drawn)
        assert not np.array_equal(first, second)
        np.testing.assert_array_equal(other.run(drawn), first)


def test_without_seeds_no_two_sessions_agree():
    drawn = tf.random_uniform([3])
    with tf.Session() as one, tf.Session() as other:
        assert not np.array_equal(one.run(drawn), other.run(drawn))


def test_ops_of_one_seed_have_generators_of_their_own():
    a, b = tf.random_uniform([3], seed=5), tf.random_uniform([3], seed=5)
    with tf.Session() as sess:
        first = sess.run(a)
        np.testing.assert_array_equal(sess.run(b), first)


def test_shape_and_range_from_feeds():
    shape, low, high = (tf.placeholder(tf.int32) for _ in range(3))
    drawn = tf.random_uniform(shape, low, high, tf.int32, seed=3)
    assert drawn.shape.ndims is None
    with tf.Session() as sess:
        for size in ([2, 3], [5]):
            values = sess.run(drawn, {shape: size, low: -4, high: -1})
            assert values.shape == tuple(size)
            assert values.min() >= -4 and values.max() < -1


def test_strings_are_shuffled_as_numbers_are():
    words, numbers = tf.random_shuffle(list("abcdefg"), seed=2), tf.random_shuffle(np.arange(7), seed=2)
    with tf.Session() as sess:
        for _ in range(2):
            found, order = sess.run([words, numbers])
            assert [b"abcdefg"[i : i + 1] for i in order] == found.tolist()


def test_what_needs_no_shuffling():
    with tf.Session() as sess:
        assert sess.run(tf.random_shuffle(5)) == 5
        assert sess.run(tf.random_shuffle(["only"])).tolist() == [b"only"]
        assert sess.run(tf.random_shuffle(np.zeros((0, 3)))).shape == (0, 3)


def test_crop_is_a_block_of_the_value():
    value = np.arange(60).reshape(4, 5, 3)
    crop = tf.random_crop(value, [2, 5, 1], seed=4)
    places = set()
    with tf.Session() as sess:
        for _ in range(20):
            block = sess.run(crop)
            row, _, channel = np.argwhere(value == block[0, 0, 0])[0]
            np.testing.assert_array_equal(block, value[row : row + 2, :, channel : channel + 1])
            places.add((row, channel))
    assert len(places) > 3


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda: tf.random_crop(np.zeros([3, 3]), [4, 3]), "shape"),
        (lambda: tf.random_uniform([2], 5, 5, tf.int32), "5"),
        (lambda: tf.random_uniform([2], tf.placeholder_with_default(7, []), 5, tf.int32), "7"),
        (lambda: tf.random_uniform([-1]), "-1"),
        (lambda: tf.random_uniform(tf.placeholder_with_default([2, -3], [2])), "-3"),
        (lambda: tf.multinomial(np.zeros((2, 0), np.float32), 2), "classes"),
        (lambda: tf.multinomial([[1.0, 2.0]], tf.placeholder_with_default(-1, [])), "-1"),
        (lambda: tf.random.stateless_uniform([2], tf.placeholder_with_default([1, 2, 3], None)), "3"),
    ],
)
def test_a_run_refuses(build, text):
    drawn = build()
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=text):
        sess.run(drawn)


@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: tf.random_uniform([2], dtype=tf.int8, maxval=3), ValueError),
        (lambda: tf.random_uniform([2], dtype=tf.int32), ValueError),
        (lambda: tf.random_uniform([2], [1, 2], [5, 5], tf.int32), ValueError),
        (lambda: tf.random_uniform(3), ValueError),
        (lambda: tf.random_uniform([[3]]), ValueError),
        (lambda: tf.random_uniform([2.5]), TypeError),
        (lambda: tf.random_uniform(tf.TensorShape([2, None])), ValueError),
        (lambda: tf.random_normal([2], dtype=tf.int32), TypeError),
        (lambda: tf.random_normal([2], mean=[1.0, 2.0, 3.0]), ValueError),
        (lambda: tf.multinomial([[1.0, 2.0]], -1), ValueError),
        (lambda: tf.multinomial([1.0, 2.0], 1), ValueError),
        (lambda: tf.random.stateless_uniform([2], [1, 2, 3]), ValueError),
    ],
)
def test_a_graph_refuses(build, error):
    with pytest.raises(error):
        build()


def test_nothing_to_draw():
    with tf.Session() as sess:
        assert sess.run(tf.random_uniform([0], 5, 5, tf.int32)).shape == (0,)
        assert sess.run(tf.multinomial(np.zeros((0, 2), np.float32), 2)).shape == (0, 2)
        assert sess.run(tf.multinomial([[1.0, 2.0]], 0)).shape == (1, 0)
