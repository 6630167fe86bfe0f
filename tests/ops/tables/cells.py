"""Samples of recurrent cells as one operation: batches of 2, inputs of 2, 3 units."""

from tests.ops.sample import Sample, same, x

_STEP = (x(2, 3),) * 6
_WEIGHTS = (x(5, 12), x(3), x(3), x(3), x(12))
_LSTM = (x(2, 2), x(2, 3), x(2, 3), *_WEIGHTS)
_STEPS = (x(4, 2, 3),) * 6
_BLOCK = (3, x(4, 2, 2), x(2, 3), x(2, 3), *_WEIGHTS)
_GRU = (x(2, 2), x(2, 3), x(5, 6), x(5, 3), x(6), x(3))

SAMPLES = {
    "LSTMBlockCell": Sample(*_LSTM),
    "LSTMBlockCellGrad": Sample(*_LSTM, *_STEP, x(2, 3), x(2, 3), use_peephole=True),
    "BlockLSTM": Sample(*_BLOCK),
    "BlockLSTMGrad": Sample(*_BLOCK, *_STEPS, x(4, 2, 3), x(4, 2, 3), x(4, 2, 3), use_peephole=True),
    "GRUBlockCell": Sample(*_GRU),
    "GRUBlockCellGrad": Sample(*_GRU, *(x(2, 3),) * 4),
}
NO_GRADIENT_CHECK = same(
    "LSTMBlockCell BlockLSTM GRUBlockCell",
    "as TensorFlow's it is that of memory and output only, not of the gates; tests/oracle/recurrent has its numbers",
)
