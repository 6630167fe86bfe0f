"""Graphs as files."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import text_format

from defrun.base import storage
from defrun.base.system import path_text, tensorflow_errors
from defrun.graph.graph import Graph


def write_graph(graph_or_graph_def: Any, logdir: Any, name: str, as_text: bool = True) -> str:
    """Write a graph as a file.

    Parameters
    ----------
    graph_or_graph_def : Graph or GraphDef
    logdir : str
        The folder, which is made if it is not there.
    name : str
        Of the file in it.
    as_text : bool
        Write text; binary if False.

    Returns
    -------
    str
        The path of the file.
    """
    message = graph_or_graph_def.as_graph_def() if isinstance(graph_or_graph_def, Graph) else graph_or_graph_def
    folder = path_text(logdir)
    with tensorflow_errors(folder):
        storage.make_folders(folder)
    path = os.path.join(folder, name)
    data = text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
    storage.write_beside(path, data)
    return path
