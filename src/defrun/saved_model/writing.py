"""Saved models written: a folder of graphs with signatures, the values of their variables, and files that they need."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import any_pb2, text_format
from tensorboard.compat.proto import meta_graph_pb2, saver_pb2, types_pb2

from defrun.base import dtypes, storage
from defrun.base.messages import SavedModel
from defrun.base.system import path_text, tensorflow_errors
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import add_to_collection, get_collection
from defrun.saved_model import keys
from defrun.saved_model.signatures import predict_signature_def
from defrun.train.saver import Saver
from defrun.variables.lists import all_saveable_objects

_ASSET_TYPE = "type.googleapis.com/tensorflow.AssetFileDef"


class SavedModelBuilder:
    """Writes a saved model: first the values of the variables with one graph, then any other graphs, then `save`.

    Parameters
    ----------
    export_dir : str
        The folder; it is made if it is not there.

    Raises
    ------
    AssertionError
        If the folder holds something.
    """

    def __init__(self, export_dir: Any) -> None:
        self._folder = path_text(export_dir)
        self._saved_model = SavedModel(saved_model_schema_version=keys.SAVED_MODEL_SCHEMA_VERSION)
        self._has_saved_variables = False
        with tensorflow_errors(self._folder):
            if storage.exists(self._folder) and storage.names_in(self._folder):
                raise AssertionError(
                    "Export directory already exists, and isn't empty. Please choose a different export directory, or "
                    f"delete all the contents of the specified directory: {self._folder}"
                )
            storage.make_folders(self._folder)

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Any,
        signature_def_map: dict[str, Any] | None = None,
        assets_collection: Any = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Add the default graph, and write the values that its variables have in `sess`.

        Parameters
        ----------
        sess : Session
        tags : list of str
            What the graph is found by.
        signature_def_map : dict of str: SignatureDef, optional
        assets_collection : list of string Tensor, optional
            Constants with the paths of files that the model needs; they are copied, and the constants are fed with
            the copies' paths when `main_op` is run.
        legacy_init_op : Operation, optional
            The old name of `main_op`.
        clear_devices : bool
            Leave the devices of nodes out.
        main_op : Operation, optional
            Run when the model has been loaded.
        strip_default_attrs : bool
            Leave attrs that have their defaults out, for the sake of older readers.
        saver : Saver, optional
            By default one that saves all variables.

        Raises
        ------
        AssertionError
            If the values have been written already, or a signature is not complete.
        KeyError
            If a signature has a name that is reserved.
        TypeError, ValueError
            If an asset is no constant text, or an operation is none, or there is one already.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please invoke `add_meta_graph()` "
                "instead."
            )
        _check_signatures(signature_def_map)
        self._collect(assets_collection, legacy_init_op if main_op is None else main_op)
        folder = os.path.join(self._folder, keys.VARIABLES_DIRECTORY)
        with tensorflow_errors(folder):
            storage.make_folders(folder)
        saver = saver or _saver_of_all()
        path = os.path.join(folder, keys.VARIABLES_FILENAME)
        saver.save(sess, path, write_meta_graph=False, write_state=False)
        self._add(saver, tags, signature_def_map, clear_devices, strip_default_attrs)
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Any,
        signature_def_map: dict[str, Any] | None = None,
        assets_collection: Any = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Add the default graph as another one with the same values; see `add_meta_graph_and_variables`.

        Raises
        ------
        AssertionError
            If no values have been written yet.
        """
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please invoke "
                "`add_meta_graph_and_variables()` first."
            )
        _check_signatures(signature_def_map)
        self._collect(assets_collection, legacy_init_op if main_op is None else main_op)
        self._add(saver or _saver_of_all(), tags, signature_def_map, clear_devices, strip_default_attrs)

    def save(self, as_text: bool = False) -> bytes:
        """Write the file that makes the folder a saved model; return its path."""
        path = os.path.join(self._folder, keys.SAVED_MODEL_FILENAME_PBTXT if as_text else keys.SAVED_MODEL_FILENAME_PB)
        message = self._saved_model
        with tensorflow_errors(self._folder):
            storage.make_folders(self._folder)
        data = text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
        storage.write_beside(path, data)
        return path.encode()

    def _add(
        self, saver: Saver, tags: Any, signatures: dict[str, Any] | None, clear_devices: bool, strip_defaults: bool
    ) -> None:
        meta = saver.export_meta_graph(clear_devices=clear_devices, strip_default_attrs=strip_defaults)
        meta.meta_info_def.tags.extend(tags)
        for name, signature in (signatures or {}).items():
            meta.signature_def[name].CopyFrom(signature)
        self._saved_model.meta_graphs.append(meta)

    def _collect(self, assets: Any, main_op: Operation | None) -> None:
        """Put files and operation in the collections by which loaders find them."""
        self._copy_assets(assets)
        if main_op is None:
            return
        if not isinstance(main_op, Operation):
            raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
        for key in (keys.MAIN_OP_KEY, keys.LEGACY_INIT_OP_KEY):
            if get_collection(key):
                raise ValueError(f"Graph already contains one or more main ops under the collection {key}.")
        add_to_collection(keys.MAIN_OP_KEY, main_op)

    def _copy_assets(self, assets: Any) -> None:
        sources: dict[str, str] = {}
        for tensor in assets or ():
            source = _asset_path(tensor)
            name = _asset_name(source, sources)
            sources[name] = source
            proto = meta_graph_pb2.AssetFileDef(filename=name)
            proto.tensor_info.name = tensor.name
            # Not `Pack`: TensorFlow knows the message by TensorFlow's name.
            packed = any_pb2.Any(type_url=_ASSET_TYPE, value=proto.SerializeToString())
            add_to_collection(keys.ASSETS_KEY, packed)
        if not sources:
            return
        folder = os.path.join(self._folder, keys.ASSETS_DIRECTORY)
        with tensorflow_errors(folder):
            storage.make_folders(folder)
        for name, source in sources.items():
            target = os.path.join(folder, name)
            if not storage.exists(target):
                storage.write_beside(target, storage.read_file(source))


def _saver_of_all() -> Saver:
    return Saver(all_saveable_objects(), sharded=True, write_version=saver_pb2.SaverDef.V2, allow_empty=True)


def _check_signatures(signatures: dict[str, Any] | None) -> None:
    for name, signature in (signatures or {}).items():
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            _check_info(name, info)
    for key in (keys.INIT_OP_SIGNATURE_KEY, keys.TRAIN_OP_SIGNATURE_KEY):
        if key in (signatures or {}):
            raise KeyError(f'SignatureDef map key "{key}" is reserved. Please use a different key.')


def _check_info(signature: str, info: Any) -> None:
    kind = info.WhichOneof("encoding")
    if kind is None:
        raise AssertionError(f"a TensorInfo of the signature '{signature}' names no tensor: {info}")
    if kind == "composite_tensor":
        for part in info.composite_tensor.components:
            _check_info(signature, part)
    elif info.dtype == types_pb2.DT_INVALID:
        raise AssertionError(f"a TensorInfo of the signature '{signature}' has no dtype: {info}")


def _asset_path(tensor: Any) -> str:
    if not isinstance(tensor, Tensor):
        raise TypeError("Asset path tensor must be a Tensor.")
    if tensor.op.type != "Const":
        raise TypeError(f"Asset path tensor must be of type constant, not {tensor.op.type}.")
    if tensor.dtype != dtypes.string:
        raise TypeError(f"Asset path tensor must be of dtype string, not {tensor.dtype.name}.")
    texts = tensor.op.get_attr("value").string_val
    if len(texts) != 1:
        raise TypeError("Asset path tensor must be a scalar.")
    if not texts[0]:
        raise ValueError(f"Invalid asset filepath tensor {tensor}")
    return texts[0].decode()


def _asset_name(path: str, taken: dict[str, str]) -> str:
    """Return what a file is called in the folder of the assets; another file of the same name gets a number."""
    first = name = os.path.basename(path)
    number = 0
    while name in taken and taken[name] != path and storage.read_file(taken[name]) != storage.read_file(path):
        number += 1
        name = f"{first}_{number}"
    return name


def simple_save(
    session: Any, export_dir: Any, inputs: dict[str, Any], outputs: dict[str, Any], legacy_init_op: Any = None
) -> None:
    """Write the default graph and its variables as a saved model for serving.

    Parameters
    ----------
    session : Session
    export_dir : str
        A folder that is empty, or not there yet.
    inputs, outputs : dict of str: Tensor
        The signature.
    legacy_init_op : Operation, optional
        Run when the model has been loaded.
    """
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session,
        tags=[keys.SERVING],
        signature_def_map={keys.DEFAULT_SERVING_SIGNATURE_DEF_KEY: predict_signature_def(inputs, outputs)},
        assets_collection=get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()
