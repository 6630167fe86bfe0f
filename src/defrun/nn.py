"""`tf.nn`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.ops.blocks import (
    depth_to_space as depth_to_space, space_to_batch as space_to_batch, space_to_depth as space_to_depth,
)
from defrun.ops.conv import (
    conv2d as conv2d, conv2d_backprop_filter as conv2d_backprop_filter, conv2d_backprop_input as conv2d_backprop_input,
    conv3d as conv3d,
)
from defrun.ops.elementary import sigmoid as sigmoid, tanh as tanh

__getattr__ = missing(__name__)
