"""`tf.version`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.base.version import (
    GIT_VERSION as GIT_VERSION, GRAPH_DEF_VERSION as GRAPH_DEF_VERSION,
    GRAPH_DEF_VERSION_MIN_CONSUMER as GRAPH_DEF_VERSION_MIN_CONSUMER,
    GRAPH_DEF_VERSION_MIN_PRODUCER as GRAPH_DEF_VERSION_MIN_PRODUCER,
)
from defrun.graph.importing import VERSION as VERSION

__getattr__ = missing(__name__)
