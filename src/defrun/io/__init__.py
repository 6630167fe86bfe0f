"""`tf.io`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.io import gfile as gfile

__getattr__ = missing(__name__)
