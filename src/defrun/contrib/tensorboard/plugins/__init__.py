"""`tf.contrib.tensorboard.plugins`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.contrib.tensorboard.plugins import projector as projector

__getattr__ = missing(__name__)
