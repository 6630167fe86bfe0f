"""Candidate samplers with seeds, fractional pools and what they take: each question is a dict that any `tf` answers."""

import numpy as np

RUNS = 3


def samplers():
    """Yield {"op", "attrs", "true"}: one op in a session of its own, run three times."""
    true = [[0, 3], [7, 3], [1, 9]]
    for at, size in enumerate((10, 16, 1000, 2**40 + 3)):
        for op in ("Uniform", "LogUniform"):
            for unique in (True, False):
                yield sampler(op, true, 8, unique, seed=at + 1, range_max=size)
    yield sampler("Uniform", [[5]], 1, True, seed=3, range_max=6)
    yield sampler("LogUniform", true, 10, True, seed=9, range_max=10)
    yield sampler("LogUniform", [[4]], 64, True, seed=2, range_max=80)
    yield sampler("LogUniform", [[4]], 300, False, seed=2, range_max=50000)
    for op in ("LearnedUnigram", "ThreadUnsafeUnigram"):
        yield sampler(op, true, 6, True, seed=5, range_max=11)
        yield sampler(op, true, 20, False, seed=6, range_max=16)
    weights = [1.0, 5.0, 0.5, 3.0, 2.0, 8.0, 0.25]
    yield sampler("FixedUnigram", [[1], [6]], 20, False, seed=4, range_max=7, unigrams=weights)
    yield sampler("FixedUnigram", [[1], [6]], 5, True, seed=4, range_max=7, unigrams=weights, distortion=0.75)
    yield sampler("FixedUnigram", [[0], [9]], 9, False, seed=8, range_max=9, unigrams=weights, num_reserved_ids=2)
    yield sampler(
        "FixedUnigram", [[0], [1]], 9, False, seed=1, range_max=3, unigrams=weights, num_shards=2, shard=1
    )
    yield sampler("FixedUnigram", [[0]], 9, False, seed=1, range_max=8, unigrams=[1.0] * 8)
    yield sampler("All", [[0, 2]], 5, True, seed=1)


def sampler(op, true, count, unique, seed, **attrs):
    given = dict(attrs, num_true=len(true[0]), num_sampled=count, unique=unique, seed=seed, seed2=seed * 7)
    return {"op": op + "CandidateSampler", "attrs": given, "true": true}


def ask_sampler(tf, question):
    """Return what three runs in one session give: [[candidates, true counts, sampled counts]]."""
    with tf.Graph().as_default():
        node = getattr(tf.raw_ops, question["op"])(
            true_classes=tf.constant(question["true"], tf.int64), **question["attrs"]
        )
        with tf.Session() as session:
            return [[value.tolist() for value in session.run(list(node))] for _ in range(RUNS)]


HITS = [
    ([[1, 2], [0, 4]], [4, 2, 1, 9]),
    ([[1], [5], [3]], [5, 5, 5]),
    ([[1, 1]], [1, 2, 1]),
    ([[7]], [1, 2]),
]


def ask_hits(tf, true, sampled):
    """Return rows, places and weights of accidental hits."""
    with tf.Graph().as_default(), tf.Session() as session:
        true, sampled = tf.constant(true, tf.int64), tf.constant(sampled, tf.int64)
        rows, places, lowest = session.run(
            list(tf.nn.compute_accidental_hits(true, sampled, int(true.shape[1])))
        )
        return [rows.tolist(), places.tolist(), [float(w) for w in lowest]]


def pools():
    """Yield (kind, shape, ratio, pseudo_random, overlapping, seed)."""
    for kind in ("max", "avg"):
        yield kind, [1, 9, 13, 2], [1.0, 1.44, 1.73, 1.0], True, False, 11
        yield kind, [2, 9, 13, 1], [1.0, 1.44, 1.73, 1.0], False, False, 12
        yield kind, [1, 20, 7, 2], [1.0, 3.3, 1.2, 1.0], True, True, 13
        yield kind, [2, 20, 7, 1], [1.0, 3.3, 1.2, 1.0], False, True, 14
        yield kind, [1, 8, 9, 1], [1.0, 2.0, 1.0, 1.0], True, False, 15


def ask_pool(tf, kind, shape, ratio, pseudo_random, overlapping, seed):
    """Return output, sequences and gradient of a pool; the input has ties."""
    values = np.random.RandomState(seed).randint(0, 9, shape).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(values)
        pool = getattr(tf.nn, "fractional_%s_pool" % kind)
        out, rows, columns = pool(
            x, ratio, pseudo_random, overlapping, deterministic=True, seed=seed, seed2=seed * 3
        )
        weights = tf.reshape(tf.cast(tf.range(tf.size(out)), tf.float32), tf.shape(out)) + 1.0
        gradient = tf.gradients(tf.reduce_sum(out * weights), x)[0]
        return [np.round(value, 5).tolist() for value in session.run([out, rows, columns, gradient])]
