"""`tf.contrib.legacy_seq2seq`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.legacy_seq2seq.loss import (
    model_with_buckets as model_with_buckets, sequence_loss as sequence_loss,
    sequence_loss_by_example as sequence_loss_by_example,
)
