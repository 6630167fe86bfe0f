"""`tf.contrib.util`: names, and nothing else. Written by tools/face.py."""

from defrun.base.tensors import make_ndarray as make_ndarray
from defrun.graph.static import constant_value as constant_value
