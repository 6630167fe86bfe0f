"""`tf.tpu`: names, and nothing else. Written by tools/face.py."""

from defrun.graph.frames import rewrite as rewrite
