"""`tf.contrib.rnn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.rnn.core import (
    EmbeddingWrapper as EmbeddingWrapper, InputProjectionWrapper as InputProjectionWrapper,
    OutputProjectionWrapper as OutputProjectionWrapper,
)
from defrun.rnn.basic import BasicRNNCell as BasicRNNCell, GRUCell as GRUCell
from defrun.rnn.cell import LayerRNNCell as LayerRNNCell, RNNCell as RNNCell
from defrun.rnn.lstm import BasicLSTMCell as BasicLSTMCell, LSTMCell as LSTMCell, LSTMStateTuple as LSTMStateTuple
from defrun.rnn.shapes import (
    best_effort_input_batch_size as best_effort_input_batch_size, transpose_batch_time as transpose_batch_time,
)
from defrun.rnn.stacked import (
    stack_bidirectional_dynamic_rnn as stack_bidirectional_dynamic_rnn,
    stack_bidirectional_rnn as stack_bidirectional_rnn,
)
from defrun.rnn.static import (
    static_bidirectional_rnn as static_bidirectional_rnn, static_rnn as static_rnn,
    static_state_saving_rnn as static_state_saving_rnn,
)
from defrun.rnn.wrappers import (
    DeviceWrapper as DeviceWrapper, DropoutWrapper as DropoutWrapper, MultiRNNCell as MultiRNNCell,
    ResidualWrapper as ResidualWrapper,
)
