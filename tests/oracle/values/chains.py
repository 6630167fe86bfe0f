"""Values of tf.contrib.crf: scores of sequences of tags, and the best ones."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

ROWS = [[0, 2, 1, 1], [3, 3, 0, 2], [1, 0, 2, 3]]
TAGS = V(ROWS, "i")
LENGTHS = V([4, 2, 0], "i")
SCORES, MOVES = R(3, 4, 4), R(4, 4)


def _crf(name, *order, **options):
    def build(tf, *inputs):
        return getattr(tf.contrib.crf, name)(*[inputs[i] for i in order], **options)

    return build


cases("crf_sequence_score", _crf("crf_sequence_score", 0, 1, 2, 3), SCORES, TAGS, LENGTHS, MOVES)
cases("crf_sequence_score_long", _crf("crf_sequence_score", 0, 1, 2, 3), SCORES, V(ROWS, "l"), V([4, 2, 0], "l"), MOVES)
cases(
    "crf_sequence_score_one",
    _crf("crf_sequence_score", 0, 1, 2, 3),
    R(3, 1, 4),
    V([[0], [3], [1]], "i"),
    V([1, 1, 0], "i"),
    MOVES,
)
cases("crf_unary_score", _crf("crf_unary_score", 1, 2, 0), SCORES, TAGS, LENGTHS)
cases("crf_binary_score", _crf("crf_binary_score", 0, 1, 2), TAGS, LENGTHS, MOVES)
cases("crf_log_norm", _crf("crf_log_norm", 0, 1, 2), SCORES, LENGTHS, MOVES)
cases("crf_log_norm_one", _crf("crf_log_norm", 0, 1, 2), R(3, 1, 4), V([1, 1, 0], "i"), MOVES)
cases("crf_log_likelihood", _crf("crf_log_likelihood", 0, 1, 2, 3), SCORES, TAGS, LENGTHS, MOVES)
cases(
    "crf_log_likelihood_one",
    _crf("crf_log_likelihood", 0, 1, 2, 3),
    R(3, 1, 4),
    V([[0], [3], [1]], "i"),
    V([1, 1, 0], "i"),
    MOVES,
)
BITS = np.arange(48).reshape(3, 4, 4) % 3 != 0
BITMAP = V(BITS, "b")
cases("crf_multitag", _crf("crf_multitag_sequence_score", 0, 1, 2, 3), SCORES, BITMAP, V([4, 2, 1], "i"), MOVES)
cases(
    "crf_multitag_one",
    _crf("crf_multitag_sequence_score", 0, 1, 2, 3),
    R(3, 1, 4),
    V(BITS[:, :1], "b"),
    V([1, 1, 1], "i"),
    MOVES,
)
cases("crf_decode", _crf("crf_decode", 0, 2, 1), SCORES, LENGTHS, MOVES)
cases("crf_decode_long", _crf("crf_decode", 0, 2, 1), SCORES, V([4, 3, 1], "l"), MOVES)
cases("crf_decode_one", _crf("crf_decode", 0, 2, 1), R(3, 1, 4), V([1, 1, 0], "i"), MOVES)
cases("crf_forward_cell", lambda tf, x, s, m: tf.contrib.crf.CrfForwardRnnCell(m)(x, s), R(3, 4), R(3, 4), MOVES)
cases("crf_decode_cell", lambda tf, x, s, m: tf.contrib.crf.CrfDecodeForwardRnnCell(m)(x, s), R(3, 4), R(3, 4), MOVES)
cases(
    "crf_backward_cell", lambda tf, x, s: tf.contrib.crf.CrfDecodeBackwardRnnCell(4)(x, s),
    V([[0, 3, 1, 2], [2, 2, 1, 0]], "i"), V([[1], [3]], "i"),
)  # fmt: skip
