"""`tf.queue`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.queues import (
    FIFOQueue as FIFOQueue, PaddingFIFOQueue as PaddingFIFOQueue, QueueBase as QueueBase,
    RandomShuffleQueue as RandomShuffleQueue,
)
