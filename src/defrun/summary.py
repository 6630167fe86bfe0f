"""`tf.summary`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from tensorboard.compat.proto.event_pb2 import (
    Event as Event, SessionLog as SessionLog, TaggedRunMetadata as TaggedRunMetadata,
)
from tensorboard.compat.proto.summary_pb2 import Summary as Summary, SummaryDescription as SummaryDescription

__getattr__ = missing(__name__)
