"""`tf.keras`: names, and nothing else. Written by tools/face.py."""

from defrun.keras import (
    activations as activations, backend as backend, constraints as constraints, initializers as initializers,
    layers as layers, regularizers as regularizers,
)
