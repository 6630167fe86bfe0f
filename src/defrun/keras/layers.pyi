"""`tf.keras.layers`: names, and nothing else. Written by tools/face.py."""

from defrun.keras.input_spec import InputSpec as InputSpec
