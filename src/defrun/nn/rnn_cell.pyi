"""`tf.nn.rnn_cell`: names, and nothing else. Written by tools/face.py."""

from defrun.rnn.basic import BasicRNNCell as BasicRNNCell, GRUCell as GRUCell
from defrun.rnn.cell import RNNCell as RNNCell
from defrun.rnn.lstm import BasicLSTMCell as BasicLSTMCell, LSTMCell as LSTMCell, LSTMStateTuple as LSTMStateTuple
from defrun.rnn.wrappers import (
    DeviceWrapper as DeviceWrapper, DropoutWrapper as DropoutWrapper, MultiRNNCell as MultiRNNCell,
    ResidualWrapper as ResidualWrapper,
)
