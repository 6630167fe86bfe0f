"""`tf.contrib.losses.metric_learning`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.losses.of_embeddings import (
    contrastive_loss as contrastive_loss, lifted_struct_loss as lifted_struct_loss, npairs_loss as npairs_loss,
    triplet_semihard_loss as triplet_semihard_loss,
)
