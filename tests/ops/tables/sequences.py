"""Samples of what decodes, calls functions, and runs recurrent networks as one op."""

from defrun.base import dtypes
from tests.ops.sample import Sample, same, x

_STATES = (x(4, 2, 3), x(4, 2, 3))
_OF_LSTM = 4 * (2 * 3 + 3 * 3 + 2 * 3)  # parameters of a layer with 2 inputs and 3 units, one way
_OF_UPPER = 4 * (6 * 3 + 3 * 3 + 2 * 3)
_LSTM = (x(4, 2, 2), *_STATES, x(2 * (_OF_LSTM + _OF_UPPER)))
_BACK = (x(4, 2, 6), *_STATES, x(4, 2, 6), *_STATES, x(0))
_BOTH = {"direction": "bidirectional"}

SAMPLES = {
    "CudnnRNN": Sample(*_LSTM, **_BOTH),
    "CudnnRNNV2": Sample(*_LSTM, **_BOTH),
    "CudnnRNNV3": Sample(*_LSTM, [4, 2], **_BOTH),
    "CudnnRNNBackprop": Sample(*_LSTM, *_BACK, **_BOTH),
    "CudnnRNNBackpropV2": Sample(*_LSTM, *_BACK, [], **_BOTH),
    "CudnnRNNBackpropV3": Sample(*_LSTM, [4, 2], *_BACK, [], **_BOTH),
    "CudnnRNNParamsSize": Sample(2, 3, 4, T=dtypes.float32, S=dtypes.int32),
    "CudnnRNNCanonicalToParams": Sample(1, 2, 3, [x(2, 3), x(2, 2)], [x(2), x(2)], rnn_mode="rnn_tanh"),
    "CudnnRNNParamsToCanonical": Sample(1, 2, 3, x(14), num_params=2, rnn_mode="rnn_tanh"),
    "GatherTree": Sample([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[0, 0], [0, 0]], [[1, 0], [1, 1]]], [2, 1], 9),
}

NOT_CHECKED = same("PartitionedCall StatefulPartitionedCall SymbolicGradient", "its body runs graphs of the user's")

VAGUE = {
    **same("CudnnRNN CudnnRNNV2 CudnnRNNV3", "TensorFlow doesn't say how large the reserves are"),
    **same("CudnnRNNCanonicalToParams CudnnRNNParamsToCanonical", "TensorFlow doesn't say how large the parts are"),
}
ONLY_OUTPUTS = {"CudnnRNN": 3, "CudnnRNNV2": 3, "CudnnRNNV3": 3}
