"""`tf.contrib.learn.python.learn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.learn.python.learn import preprocessing as preprocessing
