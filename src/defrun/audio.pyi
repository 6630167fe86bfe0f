"""`tf.audio`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.signal.audio import decode_wav as decode_wav, encode_wav as encode_wav
