"""`tf.contrib.seq2seq`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.seq2seq.loss import sequence_loss as sequence_loss
from defrun.ops.beams import gather_tree as gather_tree
