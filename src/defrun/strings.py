"""`tf.strings`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: F401

from defrun.base.names import missing
from defrun.ops.printing import string_format as format

__getattr__ = missing(__name__)
