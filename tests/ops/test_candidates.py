"""Candidate samplers and fractional pools give TensorFlow's numbers; tests/oracle/candidates holds them."""

import gzip
import json
import pathlib

import numpy as np
import pytest

import defrun as tf
from tests.oracle.candidates import questions

ANSWERS = json.loads(gzip.decompress((pathlib.Path(questions.__file__).parent / "answers.json.gz").read_bytes()))
SAMPLERS = list(zip(questions.samplers(), ANSWERS["samplers"], strict=True))


@pytest.mark.parametrize(("question", "answer"), SAMPLERS, ids=[f"{i}-{q['op']}" for i, (q, _) in enumerate(SAMPLERS)])
def test_samplers_draw_what_tensorflow_draws(question, answer):
    for ours, theirs in zip(questions.ask_sampler(tf, question), answer, strict=True):
        assert ours[0] == theirs[0]
        np.testing.assert_allclose(ours[1], theirs[1], rtol=2e-5)
        np.testing.assert_allclose(ours[2], theirs[2], rtol=2e-5)


@pytest.mark.parametrize(("question", "answer"), list(zip(questions.HITS, ANSWERS["hits"], strict=True)))
def test_accidental_hits(question, answer):
    assert questions.ask_hits(tf, *question) == answer


@pytest.mark.parametrize(("question", "answer"), list(zip(questions.pools(), ANSWERS["pools"], strict=True)))
def test_fractional_pools(question, answer):
    for ours, theirs in zip(questions.ask_pool(tf, *question), answer, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_weights_of_a_file(tmp_path):
    path = tmp_path / "vocabulary"
    path.write_text("the,10\nof,5\n\"rare, word\",1\n")
    with tf.Graph().as_default(), tf.Session() as session:
        sampled = tf.nn.fixed_unigram_candidate_sampler(
            tf.constant([[0]], tf.int64), 1, 400, False, 3, vocab_file=str(path), seed=1
        )
        classes, true, _ = session.run(sampled)
    counts = np.bincount(classes, minlength=3)
    assert counts[0] > counts[1] > counts[2] > 0
    np.testing.assert_allclose(true, [[400 * 10 / 16]], rtol=1e-6)


def sampler(kind, true, *args, **kwargs):
    return lambda: getattr(tf.nn, f"{kind}_candidate_sampler")(true(), 1, *args, **kwargs)


def one():
    return tf.constant([[1]], tf.int64)


@pytest.mark.parametrize(
    "make",
    [
        sampler("log_uniform", one, 5, True, 4),
        sampler("fixed_unigram", one, 5, False, 4),
        sampler("fixed_unigram", one, 5, False, 4, unigrams=[1.0, 2.0]),
        sampler("learned_unigram", lambda: one() + 9, 2, False, 4),
        sampler("uniform", lambda: tf.placeholder_with_default(np.array([1, 2]), None), 2, False, 4),
    ],
)
def test_what_cannot_be_drawn(make):
    with tf.Graph().as_default(), tf.Session() as session:
        nodes = make()
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(nodes)


def test_true_classes_are_a_matrix():
    with tf.Graph().as_default(), pytest.raises(ValueError, match="rank"):
        tf.nn.uniform_candidate_sampler(tf.constant([1], tf.int64), 1, 2, False, 4)


def test_learned_classes_are_drawn_more_often():
    with tf.Graph().as_default(), tf.Session() as session:
        sampled = tf.nn.learned_unigram_candidate_sampler(tf.constant([[3]] * 50, tf.int64), 1, 20, False, 10, seed=1)
        for _ in range(20):
            classes, _, _ = session.run(sampled)
    assert np.mean(classes == 3) > 0.9
