"""`tf.contrib.rnn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.rnn.attention import AttentionCellWrapper as AttentionCellWrapper
from defrun.contrib.rnn.blocks import (
    GRUBlockCell as GRUBlockCell, GRUBlockCellV2 as GRUBlockCellV2, LSTMBlockCell as LSTMBlockCell,
    LSTMBlockFusedCell as LSTMBlockFusedCell, LSTMBlockWrapper as LSTMBlockWrapper,
)
from defrun.contrib.rnn.core import (
    EmbeddingWrapper as EmbeddingWrapper, InputProjectionWrapper as InputProjectionWrapper,
    OutputProjectionWrapper as OutputProjectionWrapper,
)
from defrun.contrib.rnn.fused import (
    FusedRNNCell as FusedRNNCell, FusedRNNCellAdaptor as FusedRNNCellAdaptor,
    TimeReversedFusedRNN as TimeReversedFusedRNN,
)
from defrun.contrib.rnn.gated import (
    Conv1DLSTMCell as Conv1DLSTMCell, Conv2DLSTMCell as Conv2DLSTMCell, Conv3DLSTMCell as Conv3DLSTMCell,
    ConvLSTMCell as ConvLSTMCell, HighwayWrapper as HighwayWrapper, IntersectionRNNCell as IntersectionRNNCell,
    LayerNormBasicLSTMCell as LayerNormBasicLSTMCell, NASCell as NASCell, UGRNNCell as UGRNNCell,
)
from defrun.contrib.rnn.independent import (
    IndRNNCell as IndRNNCell, IndyGRUCell as IndyGRUCell, IndyLSTMCell as IndyLSTMCell, SRUCell as SRUCell,
)
from defrun.contrib.rnn.timed import (
    CoupledInputForgetGateLSTMCell as CoupledInputForgetGateLSTMCell, PhasedLSTMCell as PhasedLSTMCell,
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
