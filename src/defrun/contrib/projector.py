"""What TensorBoard's embedding projector reads: which variables to show, and with which labels."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import text_format
from tensorboard.plugins.projector import projector_config_pb2
from tensorboard.plugins.projector.metadata import PROJECTOR_FILENAME

EmbeddingInfo: Any = projector_config_pb2.EmbeddingInfo
ProjectorConfig: Any = projector_config_pb2.ProjectorConfig
SpriteMetadata: Any = projector_config_pb2.SpriteMetadata


def visualize_embeddings(summary_writer: Any, config: Any) -> None:
    """Write projector_config.pbtxt to the folder of a summary writer, where TensorBoard looks for it.

    Parameters
    ----------
    summary_writer : FileWriter
    config : ProjectorConfig
        Its ``embeddings``, each with the name of a variable and a file of labels.

    Raises
    ------
    ValueError
        If the writer has no folder.

    Examples
    --------
    >>> config = tf.contrib.tensorboard.plugins.projector.ProjectorConfig()
    >>> config.embeddings.add(tensor_name="embedding/words", metadata_path="words.tsv")
    >>> tf.contrib.tensorboard.plugins.projector.visualize_embeddings(writer, config)
    """
    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    with open(os.path.join(os.fsdecode(folder), PROJECTOR_FILENAME), "w", encoding="utf-8") as file:
        file.write(text_format.MessageToString(config))
