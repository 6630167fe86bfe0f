"""`tf.contrib.training`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.training.hparam import HParams as HParams, parse_values as parse_values
from defrun.contrib.training.training import (
    add_gradients_summaries as add_gradients_summaries, clip_gradient_norms as clip_gradient_norms,
    clip_gradient_norms_fn as clip_gradient_norms_fn, create_train_op as create_train_op,
    multiply_gradients as multiply_gradients,
)
