"""`tf.sparse`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: F401, I001

from defrun.base.names import missing
from defrun.graph.composite import SparseTensor as SparseTensor
from defrun.ops.sparse_segment import (
    sparse_segment_mean as segment_mean, sparse_segment_sqrt_n as segment_sqrt_n, sparse_segment_sum as segment_sum,
)

__getattr__ = missing(__name__)
