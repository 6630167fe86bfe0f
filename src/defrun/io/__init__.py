"""`tf.io`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.io import gfile as gfile
from defrun.ops.csv import decode_csv as decode_csv
from defrun.ops.queues import (
    PaddingFIFOQueue as PaddingFIFOQueue, QueueBase as QueueBase, RandomShuffleQueue as RandomShuffleQueue,
)

__getattr__ = missing(__name__)
