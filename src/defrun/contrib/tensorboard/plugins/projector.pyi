"""`tf.contrib.tensorboard.plugins.projector`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.projector import (
    EmbeddingInfo as EmbeddingInfo, ProjectorConfig as ProjectorConfig, SpriteMetadata as SpriteMetadata,
    visualize_embeddings as visualize_embeddings,
)
