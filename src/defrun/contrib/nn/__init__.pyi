"""`tf.contrib.nn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.nn.functions import (
    alpha_dropout as alpha_dropout,
    deprecated_flipped_sigmoid_cross_entropy_with_logits as deprecated_flipped_sigmoid_cross_entropy_with_logits,
    deprecated_flipped_softmax_cross_entropy_with_logits as deprecated_flipped_softmax_cross_entropy_with_logits,
    deprecated_flipped_sparse_softmax_cross_entropy_with_logits as
    deprecated_flipped_sparse_softmax_cross_entropy_with_logits,
    rank_sampled_softmax_loss as rank_sampled_softmax_loss, sampled_sparse_softmax_loss as sampled_sparse_softmax_loss,
)
from defrun.ops.convolution import conv1d_transpose as conv1d_transpose
from defrun.ops.nn import nth_element as nth_element
