"""TensorFlow 1.x's define-and-run: graphs compiled whole by XLA through JAX. `import defrun as tf`."""

from defrun.base.names import missing
from defrun.cli.alias import install_as_tensorflow as install_as_tensorflow

__version__ = "1.15.5"  # of the interface, as scripts compare it; `importlib.metadata.version("defrun")` is our own
__getattr__ = missing(__name__)
