"""`tf.audio`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.ops.signal.audio import decode_wav as decode_wav, encode_wav as encode_wav

__getattr__ = missing(__name__)
