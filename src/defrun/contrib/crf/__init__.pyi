"""`tf.contrib.crf`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.crf.cells import (
    CrfDecodeBackwardRnnCell as CrfDecodeBackwardRnnCell, CrfDecodeForwardRnnCell as CrfDecodeForwardRnnCell,
    CrfForwardRnnCell as CrfForwardRnnCell,
)
from defrun.contrib.crf.decoding import crf_decode as crf_decode, viterbi_decode as viterbi_decode
from defrun.contrib.crf.scores import (
    crf_binary_score as crf_binary_score, crf_log_likelihood as crf_log_likelihood, crf_log_norm as crf_log_norm,
    crf_multitag_sequence_score as crf_multitag_sequence_score, crf_sequence_score as crf_sequence_score,
    crf_unary_score as crf_unary_score,
)
