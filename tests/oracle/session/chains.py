"""Models with tf.contrib.crf: sequences of any length, trained and decoded."""

import numpy as np


def _numbers(*shape):
    return np.float32(np.cos(np.arange(int(np.prod(shape))) * 1.3).reshape(shape))


FEEDS = (([[0, 2, 1], [1, 0, 0]], [3, 2]), ([[2], [1], [0]], [1, 1, 0]), ([[1, 1, 1, 1, 2]], [4]))


def any_length(tf, run):
    tf.set_random_seed(1)
    scores = tf.placeholder(tf.float32, [None, None, 3])
    tags, lengths = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None])
    likelihood, moves = tf.contrib.crf.crf_log_likelihood(scores, tags, lengths)
    best, score = tf.contrib.crf.crf_decode(scores, moves, lengths)
    gradients = tf.gradients(likelihood, [scores, moves])
    run(tf.global_variables_initializer())
    found = []
    for given, sizes in FEEDS:
        feed = {scores: _numbers(*np.shape(given), 3), tags: given, lengths: sizes}
        found.append(run([likelihood, best, score, gradients], feed))
    return found, moves.name, str(best.shape), str(likelihood.shape)


def trained(tf, run):
    tf.set_random_seed(1)
    scores = tf.layers.dense(tf.constant(_numbers(2, 4, 2)), 3)
    tags, lengths = tf.constant([[0, 2, 1, 1], [1, 0, 0, 2]]), tf.constant([4, 3])
    likelihood, moves = tf.contrib.crf.crf_log_likelihood(scores, tags, lengths)
    loss = tf.reduce_mean(-likelihood)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    run(tf.global_variables_initializer())
    return [run([loss, step])[0] for _ in range(4)], run(tf.contrib.crf.crf_decode(scores, moves, lengths))


def decoded_outside(tf, run):
    tags, score = tf.contrib.crf.viterbi_decode(_numbers(5, 3), _numbers(3, 3))
    return [int(t) for t in tags], np.float32(score)
