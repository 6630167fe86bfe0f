"""`tf.contrib.tensorboard`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.tensorboard import plugins as plugins
