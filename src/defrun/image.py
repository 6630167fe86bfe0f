"""`tf.image`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.ops.random import random_crop as random_crop

__getattr__ = missing(__name__)
