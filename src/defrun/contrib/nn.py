"""`tf.contrib.nn`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.ops.convolution import conv1d_transpose as conv1d_transpose
from defrun.ops.nn import nth_element as nth_element

__getattr__ = missing(__name__)
