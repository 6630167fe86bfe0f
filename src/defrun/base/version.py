"""Versions, as scripts compare them: of the interface, which is TensorFlow's.

The package's own version is `importlib.metadata.version("defrun")`, and what `defrun --version` prints.
"""

VERSION = "1.15.5"

GRAPH_DEF_VERSION = 134
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0

GIT_VERSION = "defrun"  # instead of the commit that a TensorFlow was built from
