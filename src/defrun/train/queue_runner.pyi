"""`tf.train.queue_runner`: names, and nothing else. Written by tools/face.py."""

from defrun.train.queue_runners import (
    QueueRunner as QueueRunner, add_queue_runner as add_queue_runner, start_queue_runners as start_queue_runners,
)
