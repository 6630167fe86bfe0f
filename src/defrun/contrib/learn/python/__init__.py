"""`tf.contrib.learn.python`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.contrib.learn.python import learn as learn

__getattr__ = missing(__name__)
