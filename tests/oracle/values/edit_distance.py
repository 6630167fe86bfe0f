"""Values of the edit distance."""

from tests.oracle.values.harness import Cases, N

cases = Cases()


def _distance(hypothesis, truth, **keywords):
    def call(tf):
        return tf.edit_distance(tf.SparseTensor(*hypothesis), tf.SparseTensor(*truth), **keywords)

    return call


def _rows(*lengths):
    """Return the indices of rows of so many elements."""
    return [[row, i] for row, length in enumerate(lengths) for i in range(length)]


HYPOTHESIS = [[0, 0, 0], [1, 0, 0]], ["a", "b"], (2, 1, 1)
TRUTH = [[0, 0, 0], [1, 0, 0], [1, 0, 1]], ["a", "b", "c"], (2, 1, 2)
cases("edit_distance", _distance(HYPOTHESIS, TRUTH))
cases("edit_distance_counted", _distance(HYPOTHESIS, TRUTH, normalize=False))
cases(
    "edit_distance_uneven",
    _distance(
        ([[0, 0, 0], [1, 0, 0]], ["a", "b"], (2, 1, 1)),
        ([[0, 1, 0], [1, 0, 0], [1, 0, 1], [1, 1, 0]], ["a", "b", "c", "a"], (2, 2, 2)),
    ),
)
for _normalize in (True, False):
    cases(
        "edit_distance_words_%s" % _normalize,
        _distance(
            (_rows(6, 3, 0, 1, 0), list(b"kitten") + [1, 2, 3, 7], (5, 6)),
            (_rows(7, 3, 1, 0, 0), list(b"sitting") + [3, 2, 1, 7], (5, 7)),
            normalize=_normalize,
        ),
    )
cases("edit_distance_ranks", _distance(([[0, 0]], ["a"], (1, 1)), TRUTH))
cases("edit_distance_types", _distance(HYPOTHESIS, ([[0, 0, 0]], [1], (2, 1, 1))))
cases("edit_distance_vector", _distance(([[0], [1]], [1, 2], [2]), ([[0], [1], [2]], [1, 3, 2], [3])))
cases("edit_distance_dense", lambda tf, x: tf.edit_distance(x, x), N(0, 3, 2, 2))
