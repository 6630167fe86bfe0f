"""`tf.contrib.layers`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import offer
from defrun.contrib.layers.batch_norm import batch_norm as batch_norm  # not the module of this name
from defrun.contrib.layers.gdn import gdn as gdn  # not the module of this name

__getattr__, __dir__ = offer(__name__)
