"""`tf.contrib.cudnn_rnn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.cudnn_rnn.cells import (
    CudnnCompatibleGRUCell as CudnnCompatibleGRUCell, CudnnCompatibleLSTMCell as CudnnCompatibleLSTMCell,
)
from defrun.contrib.cudnn_rnn.formats import (
    CudnnParamsFormatConverterGRU as CudnnParamsFormatConverterGRU,
    CudnnParamsFormatConverterLSTM as CudnnParamsFormatConverterLSTM,
    CudnnParamsFormatConverterRelu as CudnnParamsFormatConverterRelu,
    CudnnParamsFormatConverterTanh as CudnnParamsFormatConverterTanh,
)
from defrun.contrib.cudnn_rnn.layers import (
    CudnnGRU as CudnnGRU, CudnnLSTM as CudnnLSTM, CudnnRNNRelu as CudnnRNNRelu, CudnnRNNTanh as CudnnRNNTanh,
)
from defrun.contrib.cudnn_rnn.saving import (
    CudnnGRUSaveable as CudnnGRUSaveable, CudnnLSTMSaveable as CudnnLSTMSaveable,
    CudnnRNNReluSaveable as CudnnRNNReluSaveable, CudnnRNNTanhSaveable as CudnnRNNTanhSaveable,
)
