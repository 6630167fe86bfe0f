"""`tf.queue`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.ops.queues import (
    FIFOQueue as FIFOQueue, PaddingFIFOQueue as PaddingFIFOQueue, QueueBase as QueueBase,
    RandomShuffleQueue as RandomShuffleQueue,
)

__getattr__ = missing(__name__)
