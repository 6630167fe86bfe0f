"""Saved models read: those of TensorFlow 1.x and of `SavedModelBuilder`, and what TensorFlow 2 writes for serving."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import meta_graph_pb2

from defrun.base import errors, logging, storage
from defrun.base.messages import SavedModel
from defrun.base.system import path_text, tensorflow_errors
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.scopes import get_collection, prepend_name_scope
from defrun.saved_model import keys
from defrun.train.meta_import import import_meta_graph
from defrun.train.saver import Saver
from defrun.variables.lists import all_saveable_objects


def maybe_saved_model_directory(export_dir: Any) -> bool:
    """Whether a folder holds the file that every saved model has."""
    folder = path_text(export_dir)
    names = (keys.SAVED_MODEL_FILENAME_PB, keys.SAVED_MODEL_FILENAME_PBTXT)
    with tensorflow_errors(folder):
        return any(storage.exists(os.path.join(folder, name)) for name in names)


def read_saved_model(export_dir: Any) -> Any:
    """Return the SavedModel message of a folder.

    Raises
    ------
    OSError
        If there is no such file, or it holds something else.
    """
    folder = path_text(export_dir)
    binary = os.path.join(folder, keys.SAVED_MODEL_FILENAME_PB)
    text = os.path.join(folder, keys.SAVED_MODEL_FILENAME_PBTXT)
    message = SavedModel()
    with tensorflow_errors(folder):
        path = next((p for p in (binary, text) if storage.exists(p)), None)
    if path is None:
        raise OSError(f"SavedModel file does not exist at: {folder}/{{{keys.SAVED_MODEL_FILENAME_PBTXT}|"
                      f"{keys.SAVED_MODEL_FILENAME_PB}}}")  # fmt: skip
    data = storage.read_file(path)
    try:
        if path == binary:
            message.ParseFromString(data)
        else:
            text_format.Parse(data.decode(), message)
    except (DecodeError, text_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise OSError(f"Cannot parse file {path}: {error}.") from None
    return message


def load(sess: Any, tags: Any, export_dir: Any, import_scope: str | None = None, **saver_kwargs: Any) -> Any:
    """Add a graph of a saved model to a session's graph, and give its variables their values.

    Parameters
    ----------
    sess : Session
    tags : list of str
        Exactly those of the graph in the saved model.
    export_dir : str
        The folder.
    import_scope : str, optional
        Name scope for the nodes.
    **saver_kwargs
        For `tf.train.import_meta_graph`.

    Returns
    -------
    MetaGraphDef
        The graph as the file has it; its ``signature_def`` tells names of inputs and outputs.

    Raises
    ------
    OSError
        If there is no saved model in the folder.
    RuntimeError
        If no graph of it has these tags.
    """
    return SavedModelLoader(export_dir).load(sess, tags, import_scope, **saver_kwargs)


class SavedModelLoader:
    """Loads graphs of a saved model, and the values of their variables.

    Parameters
    ----------
    export_dir : str
        The folder.
    """

    def __init__(self, export_dir: Any) -> None:
        self._folder = path_text(export_dir)
        self._saved_model = read_saved_model(self._folder)

    @property
    def export_dir(self) -> str:
        """The folder."""
        return self._folder

    @property
    def variables_path(self) -> str:
        """The checkpoint in it."""
        return os.path.join(self._folder, keys.VARIABLES_DIRECTORY, keys.VARIABLES_FILENAME)

    @property
    def saved_model(self) -> Any:
        """The SavedModel message."""
        return self._saved_model

    def get_meta_graph_def_from_tags(self, tags: Any) -> Any:
        """Return the graph that has exactly these tags; `RuntimeError` if there is none."""
        for meta in self._saved_model.meta_graphs:
            if set(meta.meta_info_def.tags) == set(tags):
                return meta
        there = [sorted(meta.meta_info_def.tags) for meta in self._saved_model.meta_graphs]
        raise RuntimeError(
            f"MetaGraphDef associated with tags {list(tags)} could not be found in the SavedModel {self._folder}; "
            f"it has graphs with the tags {there}"
        )

    def load_graph(
        self, graph: Graph, tags: Any, import_scope: str | None = None, **saver_kwargs: Any
    ) -> tuple[Saver | None, None]:
        """Add the nodes of a graph to `graph`; return the saver of its variables."""
        meta = self.get_meta_graph_def_from_tags(tags)
        with graph.as_default():
            return import_meta_graph(meta, import_scope=import_scope, **saver_kwargs), None

    def restore_variables(self, sess: Any, saver: Saver | None, import_scope: str | None = None) -> None:
        """Give the variables their values."""
        with sess.graph.as_default():
            if saver is None and not all_saveable_objects(scope=import_scope):
                logging.info("The specified SavedModel has no variables; no checkpoints were restored.")
            elif isinstance(saver, Saver):
                saver.restore(sess, self.variables_path)
            else:
                raise ValueError("the graph has variables; a tf.train.Saver is needed to restore them")

    def run_init_ops(self, sess: Any, tags: Any, import_scope: str | None = None) -> None:
        """Run what the model asks to be run once it has its values, fed with the paths of its files."""
        meta = self.get_meta_graph_def_from_tags(tags)
        with sess.graph.as_default():
            operation = init_op(meta, import_scope)
            if operation is not None:
                sess.run([operation], feed_dict=asset_paths(self._folder, meta, import_scope))

    def load(self, sess: Any, tags: Any, import_scope: str | None = None, **saver_kwargs: Any) -> Any:
        """Do all three; return the graph as the file has it."""
        with sess.graph.as_default():
            saver, _ = self.load_graph(sess.graph, tags, import_scope, **saver_kwargs)
            self.restore_variables(sess, saver, import_scope)
            self.run_init_ops(sess, tags, import_scope)
        return self.get_meta_graph_def_from_tags(tags)


def asset_paths(folder: str, meta: Any, scope: str | None = None) -> dict[str, str]:
    """Return the paths of the files that a graph needs, by the names of the tensors that hold them.

    Raises
    ------
    InvalidArgumentError
        If a file is outside of the folder.
    """
    found = {}
    for proto in asset_files(meta):
        parts = proto.filename.replace("\\", "/").split("/")
        if not proto.filename or ".." in parts or os.path.isabs(proto.filename) or "://" in proto.filename:
            text = f"the SavedModel {folder} names an asset outside of its folder: {proto.filename!r}"
            raise errors.InvalidArgumentError(None, None, text)
        path = os.path.join(folder, keys.ASSETS_DIRECTORY, proto.filename)
        found[prepend_name_scope(proto.tensor_info.name, scope)] = path
    return found


def asset_files(meta: Any) -> list[Any]:
    """Return the AssetFileDefs of a graph; `DataLossError` if they are damaged."""
    protos = list(meta.asset_file_def)
    if not protos and keys.ASSETS_KEY in meta.collection_def:
        for packed in meta.collection_def[keys.ASSETS_KEY].any_list.value:
            try:
                protos.append(meta_graph_pb2.AssetFileDef.FromString(packed.value))
            except DecodeError as error:
                text = f"an asset of a SavedModel can't be read: {error}"
                raise errors.DataLossError(None, None, text) from None
    return protos


def init_op(meta: Any, scope: str | None = None) -> Any:
    """Return what is to be run when a graph has been loaded, or None."""
    if keys.INIT_OP_SIGNATURE_KEY in meta.signature_def:
        outputs = meta.signature_def[keys.INIT_OP_SIGNATURE_KEY].outputs
        name = outputs[keys.INIT_OP_SIGNATURE_KEY].name if keys.INIT_OP_SIGNATURE_KEY in outputs else ""
        return _element(prepend_name_scope(name, scope))
    for key in (keys.MAIN_OP_KEY, keys.LEGACY_INIT_OP_KEY):
        if key in meta.collection_def:
            names = meta.collection_def[key].node_list.value
            if len(names) != 1:
                raise RuntimeError(f"Expected exactly one SavedModel init op. Found: {list(names)}")
            return get_collection(key)[0]
    return None


def _element(name: str) -> Any:
    try:
        return get_default_graph().as_graph_element(name)
    except (KeyError, ValueError):
        text = f"the SavedModel says to run '{name}' first, which is not in its graph"
        raise errors.NotFoundError(None, None, text) from None
