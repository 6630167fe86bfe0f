"""`tf.contrib.legacy_seq2seq`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.legacy_seq2seq.loss import (
    model_with_buckets as model_with_buckets, sequence_loss as sequence_loss,
    sequence_loss_by_example as sequence_loss_by_example,
)

__getattr__ = missing(__name__)
