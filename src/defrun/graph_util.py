"""`tf.graph_util`: names, and nothing else. Written by tools/face.py."""

from defrun.base.names import missing
from defrun.graph.importing import import_graph_def as import_graph_def

__getattr__ = missing(__name__)
