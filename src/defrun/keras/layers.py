"""`tf.keras.layers`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.keras.input_spec import InputSpec as InputSpec

__getattr__ = missing(__name__)
