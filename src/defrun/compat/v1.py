"""`tf.compat.v1`: the whole face, under the name that TensorFlow 2 keeps it under."""

from defrun.base.names import forward

__getattr__ = forward("defrun")
