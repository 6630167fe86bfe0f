"""`tf.lookup.experimental`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.lookup.mutable import DenseHashTable as DenseHashTable

__getattr__ = missing(__name__)
