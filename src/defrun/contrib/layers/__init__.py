"""`tf.contrib.layers`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.layers.batch_norm import batch_norm as batch_norm
from defrun.contrib.layers.initializers import (
    variance_scaling_initializer as variance_scaling_initializer, xavier_initializer as xavier_initializer,
    xavier_initializer_conv2d as xavier_initializer_conv2d,
)
from defrun.contrib.layers.layers import (
    avg_pool2d as avg_pool2d, conv2d as conv2d, convolution as convolution, convolution2d as convolution2d,
    dropout as dropout, flatten as flatten, fully_connected as fully_connected, linear as linear,
    max_pool2d as max_pool2d, relu as relu,
)
from defrun.contrib.layers.regularizers import (
    apply_regularization as apply_regularization, l1_l2_regularizer as l1_l2_regularizer,
    l1_regularizer as l1_regularizer, l2_regularizer as l2_regularizer, sum_regularizer as sum_regularizer,
)

__getattr__ = missing(__name__)
