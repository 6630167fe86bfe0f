"""`tf.lookup.experimental`: names, and nothing else. Written by tools/face.py."""

from defrun.lookup.mutable import DenseHashTable as DenseHashTable
