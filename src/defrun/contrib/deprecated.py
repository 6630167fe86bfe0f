"""`tf.contrib.deprecated`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import offer

__getattr__, __dir__ = offer(__name__)
