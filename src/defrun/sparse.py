"""`tf.sparse`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.graph.composite import SparseTensor as SparseTensor

__getattr__ = missing(__name__)
