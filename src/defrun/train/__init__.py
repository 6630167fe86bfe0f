"""`tf.train`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import offer
from defrun.train.global_step import global_step as global_step  # not the module of this name

__getattr__, __dir__ = offer(__name__)
