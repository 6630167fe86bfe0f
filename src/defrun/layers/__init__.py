"""`tf.layers`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.layers.base import Layer as Layer

__getattr__ = missing(__name__)
