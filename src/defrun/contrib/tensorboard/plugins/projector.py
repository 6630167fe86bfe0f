"""`tf.contrib.tensorboard.plugins.projector`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.projector import (
    EmbeddingInfo as EmbeddingInfo, ProjectorConfig as ProjectorConfig, SpriteMetadata as SpriteMetadata,
    visualize_embeddings as visualize_embeddings,
)

__getattr__ = missing(__name__)
