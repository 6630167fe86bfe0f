"""`tf.contrib.losses.metric_learning`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.losses.of_embeddings import (
    contrastive_loss as contrastive_loss, lifted_struct_loss as lifted_struct_loss, npairs_loss as npairs_loss,
    triplet_semihard_loss as triplet_semihard_loss,
)

__getattr__ = missing(__name__)
