"""`tf.keras.backend`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.graph.scopes import name_scope as name_scope

__getattr__ = missing(__name__)
