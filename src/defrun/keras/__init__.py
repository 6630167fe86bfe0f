"""`tf.keras`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.keras import (
    activations as activations, backend as backend, constraints as constraints, initializers as initializers,
    layers as layers, regularizers as regularizers,
)

__getattr__ = missing(__name__)
