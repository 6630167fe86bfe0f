"""`tf.contrib.learn.python.learn`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.contrib.learn.python.learn import preprocessing as preprocessing

__getattr__ = missing(__name__)
