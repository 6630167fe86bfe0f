"""`tf.contrib.learn`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.learn import preprocessing as preprocessing, python as python
