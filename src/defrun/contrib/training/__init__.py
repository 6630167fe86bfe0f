"""`tf.contrib.training`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.training.hparam import HParams as HParams, parse_values as parse_values

__getattr__ = missing(__name__)
