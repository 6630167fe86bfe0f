"""`tf.contrib.tensorboard.plugins`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.tensorboard.plugins import projector as projector
