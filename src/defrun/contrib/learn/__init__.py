"""`tf.contrib.learn`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.learn import preprocessing as preprocessing, python as python

__getattr__ = missing(__name__)
