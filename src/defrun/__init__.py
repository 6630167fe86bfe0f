"""TensorFlow 1.x's define-and-run: graphs compiled whole by XLA through JAX. `import defrun as tf`.

TensorFlow's names for what the rooms define, and nothing else. Written by tools/face.py.
"""

from defrun.base.names import offer
from defrun.gradients.walk import gradients as gradients  # not the module of this name

__getattr__, __dir__ = offer(__name__)
