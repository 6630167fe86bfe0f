"""`tf.keras.backend`: names, and nothing else. Written by tools/face.py."""

from defrun.graph.scopes import name_scope as name_scope
