"""`tf.contrib.tensorboard`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.contrib.tensorboard import plugins as plugins

__getattr__ = missing(__name__)
