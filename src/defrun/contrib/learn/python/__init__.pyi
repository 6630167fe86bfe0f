"""`tf.contrib.learn.python`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.learn.python import learn as learn
