"""`tf.contrib.checkpoint`: names, and nothing else. Written by tools/face.py."""

from defrun.train.checkpoint_manager import CheckpointManager as CheckpointManager
from defrun.train.trackable import Checkpointable as Checkpointable
